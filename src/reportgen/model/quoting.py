"""Quotes: ``{{ 申请.本年新收.总计 }}`` in the clerk's prose, and what they stand for.

A quote is read by Jinja, so its grammar is what people know; but only names, members, plain values,
``+`` and ``-`` are let through, and they are reckoned here. No template code ever runs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from reportgen.problems import Finding, Place, fault, short

LONGEST = 200
"""The most characters that a quote may have; a real one has thirty."""

MOST_ADVICE = 20
"""How many unknown names of a text get the nearest known one looked up: looking is slow."""

LEFT_OVER = re.compile(
    r"[{｛]{2}(?:[^{}｛｝]{0,80}[}｝]{1,2}|[^{}｛｝，。；]{0,80})|[{｛][^{}｛｝]{0,80}[}｝]{2}|[}｝]{2}"
)
"""What is left of a quote that was not understood: whole, or with a bracket short."""

_NARROW = str.maketrans("．。＋－［］＂\u3000", '..+-[]" ')
"""Signs of a quote as an input method for Chinese types them."""

_PATH = re.compile(r"[^\W\d][\w“”/]*(?:\.[^\W\d][\w“”/]*)*")
"""A plain path; the forms have names with quotation marks and slashes (本年增/减), which Jinja has not."""


class _Unreadable(Exception):
    """The quote says something that quotes cannot say."""


class _Unknown(Exception):
    """The quote asks for a name that is not there. ``args``: the name, the names there are."""


class Quotes:
    """The quotes of a text, one after another; their faults gather in ``findings``."""

    def __init__(self, names: Mapping[str, object]) -> None:
        """Know the names."""
        self.names = names
        self.findings: list[Finding] = []

    def words(self, asked: str, place: Place, full_width: bool = False) -> str | None:
        """What a quote stands for, ready to print; None (and a finding) where that cannot be said.

        Args:
            asked: what stands between the brackets.
            place: of the quote.
            full_width: if its brackets are.
        """
        wide, asked = asked, asked.translate(_NARROW)
        typed = "{{" + asked + "}}"
        try:
            value = self._value(asked)
        except _Unknown as unknown:
            self._unknown(typed, unknown, place)
        except _Unreadable:
            self._note(
                "F20",
                f"读不懂引用 {short(typed)}",
                place,
                fix="引用只能写表里的名称，可以相加减，例如 {{ 申请.本年新收.总计 + 申请.上年结转.总计 }}。",
            )
        else:
            if not isinstance(value, Mapping):
                if full_width or wide != asked:
                    self._width(typed, place)
                return printed(value)
            inner = "、".join(list(value)[:12])
            fix = f"再往下写一层，这里有：{inner}。"
            self._note("F22", f"引用 {short(typed)} 指的是一组数，不是一个数", place, fix=fix)
        return None

    def _width(self, typed: str, place: Place) -> None:
        said = f"引用里用了全角的括号或点，已按半角读作 {short(typed)}"
        self._note("F26", said, place, f"最好改成半角：{short(typed)}。")

    def _value(self, asked: str) -> object:
        asked = asked.strip()
        if _PATH.fullmatch(asked):
            return _followed(self.names, asked.split("."))
        if len(asked) > LONGEST:
            raise _Unreadable
        return _reckoned(_read(asked), self.names)

    def _unknown(self, typed: str, unknown: _Unknown, place: Place) -> None:
        name, known = unknown.args
        near = self._nearest(name, known) if len(self.findings) < MOST_ADVICE else ""
        fix = f"是不是“{near}”？" if near else f"这里可以写：{'、'.join(list(known)[:12])}。"
        self._note("F21", f"引用 {short(typed)} 里的“{short(name)}”不存在", place, fix=fix)

    def _nearest(self, name: str, known: Mapping[str, object]) -> str:
        close = get_close_matches(name[:40], list(known), n=1, cutoff=0.4)
        if close:
            return close[0]
        tails = {path.rpartition(".")[2]: path for path in reversed(list(_paths(known)))}
        groups = {
            part: path[: path.index(part)] + part for path in tails.values() for part in path.split(".")
        }
        found = get_close_matches(name[:40], [*tails, *groups], n=1, cutoff=0.6)
        return {**tails, **groups}[found[0]] if found else ""

    def _note(self, code: str, message: str, place: Place, fix: str) -> None:
        self.findings.append(fault(code, message, place, fix))


def printed(value: object) -> str:
    """A value as a sentence prints it: no exponent, no needless zeros behind the point."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _paths(names: Mapping[str, object], before: str = "") -> Iterator[str]:
    for name, value in names.items():
        if isinstance(value, Mapping):
            yield from _paths(value, f"{before}{name}.")
        else:
            yield before + name


def _followed(names: object, path: list[str]) -> object:
    for name in path:
        names = _member(names, name)
    return names


def _member(names: object, name: object) -> object:
    if not isinstance(names, Mapping):
        raise _Unknown(str(name), {})
    if name not in names:
        raise _Unknown(str(name), names)
    return names[name]


def _read(asked: str) -> Any:
    """The syntax tree of a quote."""
    from jinja2 import Environment, TemplateError, nodes  # only where a quote is more than a path

    try:
        body = Environment().parse("{{" + asked + "}}").body
    except (TemplateError, RecursionError, ValueError) as error:
        raise _Unreadable from error
    output = body[0] if len(body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise _Unreadable
    return output.nodes[0]


def _reckoned(node: Any, names: Mapping[str, object]) -> object:
    """The value of a syntax tree; whatever is not on the short list below is refused."""
    way = _WAYS.get(type(node).__name__)
    if way is None:
        raise _Unreadable
    return way(node, names)


def _name(node: Any, names: Mapping[str, object]) -> object:
    return _member(names, node.name)


def _attribute(node: Any, names: Mapping[str, object]) -> object:
    return _member(_reckoned(node.node, names), node.attr)


def _item(node: Any, names: Mapping[str, object]) -> object:
    wanted = _reckoned(node.arg, names)
    if not isinstance(wanted, str):
        raise _Unreadable
    return _member(_reckoned(node.node, names), wanted)


def _constant(node: Any, _names: Mapping[str, object]) -> object:
    if isinstance(node.value, str) or type(node.value) is int:
        return node.value
    if isinstance(node.value, float) and abs(node.value) < 1e15:
        return Decimal(str(node.value))
    raise _Unreadable


def _sum(node: Any, names: Mapping[str, object]) -> object:
    left, right = _reckoned(node.left, names), _reckoned(node.right, names)
    plus = type(node).__name__ == "Add"
    if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
        return left + right if plus else left - right
    if plus and isinstance(left, str) and isinstance(right, str):
        return left + right
    raise _Unreadable


_WAYS: dict[str, Callable[[Any, Mapping[str, object]], object]] = {
    "Name": _name,
    "Getattr": _attribute,
    "Getitem": _item,
    "Const": _constant,
    "Add": _sum,
    "Sub": _sum,
}
