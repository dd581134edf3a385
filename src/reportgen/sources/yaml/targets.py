"""What can be changed in a clerk's file: each thing by its key, as steps from the top of the file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from reportgen.clerk_file.writing import order_of
from reportgen.model.form import CellKey, Form, Passage, Table
from reportgen.model.keys import ALL_ZERO, FIELDS, plain

_FEES = ("件数", "金额")
SITE = ("名称", "网址")


class EditRefused(ValueError):
    """A change that cannot be made in this text without changing more; ``str()`` says it in Chinese."""


class Change(NamedTuple):
    """One thing to change.

    Attributes:
        key: what: ``cell:new.person``, ``remark:new.person``, ``field:organ``, ``prose:problems``,
            ``table:requests``, ``fee:件数``, ``answer:N09``, ``answer:N09:the sentence``.
        value: what is to stand there; empty takes the entry away. For a table it is always 全部为零.
    """

    key: str
    value: str


class Step(NamedTuple):
    """A word on the way: as it is written anew, all folded words that may stand for it, its place in order.

    ``through`` are folded words of printed labels that may stand between it and the word above.
    """

    name: str
    known: frozenset[str]
    siblings: tuple[str, ...] = ()
    through: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value goes, and how it is written: ``kind`` is line, prose, list, or zero for a whole table."""

    steps: tuple[Step, ...]
    value: str
    kind: str = "line"
    apart: bool = False
    remark: bool = False


def step_of(
    name: str, siblings: Iterable[str] = (), also: str = "", through: frozenset[str] = frozenset()
) -> Step:
    """A step by a word, or by another that is printed for it (``also``)."""
    return Step(name, frozenset({plain(name), plain(also or name)}), tuple(map(plain, siblings)), through)


def _top(name: str, form: Form) -> Step:
    """A step by a word, or by another that is printed for it (``also``)."""
    return step_of(name, order_of(form))


def target_of(change: Change, form: Form) -> Target:
    """Where a change goes.

    Raises:
        EditRefused: it names nothing of the form.
    """
    kind, _, key = change.key.partition(":")
    value = change.value.replace("\r\n", "\n").replace("\r", "\n")
    ways = {
        "cell": _cell, "remark": _remark, "field": _field, "prose": _prose,
        "table": _zeros, "fee": _fee, "answer": _answer,
    }  # fmt: skip
    target = ways[kind](key, value, form) if kind in ways else None
    if target is None:
        raise EditRefused("年报里没有这一项。")
    return target


def _cell(key: str, value: str, form: Form) -> Target | None:
    cell = CellKey(*key.split(".", 1)) if "." in key else None
    if cell not in form.index or cell is None:
        return None
    table, row, column = form.index[cell]
    block_of = next(each for each in table.blocks if row in each.rows)
    printed = _printed(table)
    labels = row.path[-len(row.names) :] if len(row.path) >= len(row.names) else row.names
    groups = list(dict.fromkeys(name for _, each, _ in table.cells() for name in each.names[:1]))
    steps = [_top(table.name, form)]
    for depth, (name, label) in enumerate(zip(row.names, labels, strict=True)):
        within = [
            each.names[depth] for _, each, _ in table.cells() if each.names[:depth] == row.names[:depth]
        ]
        steps.append(step_of(name, within if depth else groups, label, printed))
    if len(block_of.columns) > 1:
        steps.append(step_of(column.name, [each.name for each in block_of.columns], column.path[-1], printed))
    return Target(tuple(steps), " ".join(value.split()), apart=True)


def _printed(table: Table) -> frozenset[str]:
    """Printed labels under which rows and columns may be written, folded."""
    words = {part for _, row, column in table.cells() for part in (*row.path[:-1], *column.path[:-1])}
    named = {name for _, row, _ in table.cells() for name in row.names}
    words |= {each.band for each in table.blocks}
    return frozenset(map(plain, words - {""})) - frozenset(map(plain, named))


def _remark(key: str, value: str, form: Form) -> Target | None:
    cell = _cell(key, value, form)
    return cell and Target(cell.steps, cell.value, apart=True, remark=True)


def _field(key: str, value: str, form: Form) -> Target | None:
    line = " ".join(value.split())
    if key in ("site", "url"):
        word = SITE[key == "url"]
        return Target((_top(FIELDS["site"], form), step_of(word, SITE)), line)
    if any(key == each.name for each in form.lines):
        return Target((_top(key, form),), line)
    if key not in FIELDS or key in ("own", "answers"):
        return None
    if key in ("laws", "title"):
        return Target((_top(FIELDS[key], form),), value, kind="list")
    return Target((_top(FIELDS[key], form),), line)


def _prose(key: str, value: str, form: Form) -> Target | None:
    if key not in form.prose:
        return None
    passage: Passage = form.prose[key]
    outer = form.outer[key]
    steps = [_top(outer.name, form)]
    if outer is not passage:
        steps.append(step_of(passage.name, [each.name for each in outer.within]))
    return Target(tuple(steps), value, kind="prose", apart=True)


def _zeros(key: str, _value: str, form: Form) -> Target | None:
    table = next((each for each in form.tables if each.key == key), None)
    if table is None:
        return None
    return Target((_top(table.name, form),), ALL_ZERO, kind="zero", apart=True)


def _fee(key: str, value: str, form: Form) -> Target | None:
    if form.fee is None or key not in _FEES:
        return None
    return Target((_top(form.fee.name, form), step_of(key, _FEES)), " ".join(value.split()))


def _answer(key: str, value: str, form: Form) -> Target | None:
    code, _, sentence = key.partition(":")
    if value.strip() and not re.fullmatch(r"[A-Z][0-9A-Z-]{1,7}", code):
        return None
    steps = [_top(FIELDS["answers"], form), step_of(code, also=code.lower())]
    steps += [step_of(" ".join(sentence.split()))] if sentence.strip() else []
    return Target(tuple(steps), " ".join(value.split()))
