"""The sum as nodes of a clerk's file: a report of 口径 汇总, with sentences that follow from its parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reportgen.model.form import CellKey, Form, Table
from reportgen.model.keys import FIELDS
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.model.report import Report
from reportgen.model.units import Units
from reportgen.problems import Place

NOWHERE = Place("")
MOST_NAMED = 20
"""A sentence names so many units at most; of more it names the ten with the largest figures."""
_FIRST = 10

_NEW = CellKey("new", "total")
_ROWS = (("carry_in", "上年结转"), ("total", "本年办结"), ("carry_out", "结转下年度继续办理"))
"""The other rows of table three that the sentence tells, and how."""
_ASPECT = "requests"
_PARTS = (
    r"(?:（[^（）、，。]+\d件(?:、[^（）、，。]+\d件)+等?）)?"
    r"(?:，与上年持平|，比上年(?:增加|减少)\d+件(?:，(?:增长|下降)[\d.]+%)?)?"
)
"""What ``_of_units`` and ``_against`` write."""
_NO_MARKS = str.maketrans("{}*#｛｝", "〔〕＊＃〔〕")
"""What would mean something in prose, if a name had it."""

Entry = tuple[Text, Node]


@dataclass(frozen=True, slots=True)
class About:
    """What the units do not say: the organ that rolls up, its level, and its roll-up of last year or None."""

    organ: str
    level: str
    last: Report | None = None


def drafted(units: Units, about: About) -> Mapping:
    """A file to complete: the figures are there, and the sentences that follow from them.

    What the program cannot know is there and blank: 成文日期 and the prose that the form requires.
    """
    form, last = units.form, about.last
    fields = {
        "organ": about.organ,
        "short": last.organ.short if last and last.organ.short != last.organ.name else "",
        "level": about.level,
        "scope": form.scopes[-1],
        "year": str(units.year),
    }
    contact = last.contact if last else None
    for key in ("phone", "mail", "address", "postcode"):
        fields[key] = getattr(contact, key) if contact else ""
    entries = [_entry(FIELDS[key], text) for key, text in fields.items() if text]
    entries += [_entry(FIELDS["date"], ""), *_site(last), *_laws(last), *_figures(units)]
    entries += [*_prose(units, about), *_blank(form)]
    return Mapping(tuple(entries), NOWHERE)


def renewed(before: Mapping, units: Units, about: About) -> Mapping:
    """A file that somebody completed, with the figures of these units in it; all else is as it was.

    Behind the number of new applications, the list of the units and the change of the year are figures, too.
    """
    new = {key.value: (key, value) for key, value in _figures(units)}
    fee = units.form.fee
    ours = {*new, FIELDS["units"], FIELDS["lacking"], *((fee.name,) if fee else ())}
    kept = [(key, _retold(node, units, about)) for key, node in before.entries if key.value not in ours]
    return Mapping((*kept, *new.values()), before.place)


def _retold(node: Node, units: Units, about: About) -> Node:
    """The node with what was written behind the number of new applications as it is now."""
    if isinstance(node, Mapping):
        inner = ((key, _retold(each, units, about)) for key, each in node.entries)
        return Mapping(tuple(inner), node.place)
    if not isinstance(node, Text) or _NEW not in units.form.index:
        return node
    said = f"{_quoted(units.form, _NEW)}件"
    now = f"{said}{_of_units(units)}{_against(units, about.last)}"
    return node._replace(value=re.sub(f"{re.escape(said)}{_PARTS}(?=。)", lambda _: now, node.value))


def _entry(key: str, value: str | Node) -> Entry:
    return Text(key, NOWHERE), Text(value, NOWHERE) if isinstance(value, str) else value


def _list(texts: Iterator[str] | tuple[str, ...]) -> Items:
    return Items(tuple(Text(text, NOWHERE) for text in texts), NOWHERE)


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────


def _figures(units: Units) -> Iterator[Entry]:
    """Tables, fee, and which units the figures are of and which they lack."""
    for table in units.form.tables:
        yield _entry(table.name, _table(table, units))
    yield from _fee(units)
    yield _entry(FIELDS["units"], _list(units.covered))
    if units.lacking:
        yield _entry(FIELDS["lacking"], _list(units.lacking))


def _table(table: Table, units: Units) -> Mapping:
    rows: dict[tuple[str, ...], list[Entry]] = {}
    for key, row, column in table.cells():
        rows.setdefault(row.names, []).append(_entry(column.name, written(units.totals[key])))
    groups: dict[str, list[Entry]] = {}
    for names, cells in rows.items():
        groups.setdefault(names[0], []).append(_entry(names[-1], Mapping(tuple(cells), NOWHERE)))
    return Mapping(tuple(_group(name, inner) for name, inner in groups.items()), NOWHERE)


def _group(name: str, inner: list[Entry]) -> Entry:
    """A row at the top of its table, or a group of rows."""
    if len(inner) == 1 and inner[0][0].value == name:
        return inner[0]
    return _entry(name, Mapping(tuple(inner), NOWHERE))


def written(number: Decimal) -> str:
    """A number as clerks write it: without an exponent, and without zeros at its end: ``14``, ``3.5``."""
    return f"{number.normalize():f}" if number else "0"


def _fee(units: Units) -> Iterator[Entry]:
    form = units.form
    told = [unit.fees for unit in units.counted if unit.fees is not None]
    if form.fee and told:
        pieces, amount = sum(each[0] for each in told), sum((each[1] for each in told), Decimal(0))
        inner = (_entry("件数", str(pieces)), _entry("金额", written(amount)))
        if pieces or amount or form.asks_fee:
            yield _entry(form.fee.name, Mapping(inner, NOWHERE))


# ── what is not figures ──────────────────────────────────────────────────────────────────────────────


def _site(last: Report | None) -> Iterator[Entry]:
    told = (("名称", last.contact.site), ("网址", last.contact.url)) if last else ()
    inner = tuple(_entry(key, text) for key, text in told if text)
    if inner:
        yield _entry(FIELDS["site"], Mapping(inner, NOWHERE))


def _laws(last: Report | None) -> Iterator[Entry]:
    if last and last.laws:
        yield _entry(FIELDS["laws"], _list(last.laws))


def _blank(form: Form) -> Iterator[Entry]:
    yield from (_entry(passage.name, "") for passage in form.passages if passage.required)


def _prose(units: Units, about: About) -> Iterator[Entry]:
    """The aspect of chapter one that figures can tell; the template tells the others."""
    aspect = units.form.prose.get(_ASPECT)
    if aspect and _NEW in units.form.index:
        outer = units.form.outer[_ASPECT]
        inner = _entry(aspect.name, "".join(_requests(units, about)))
        yield _entry(outer.name, Mapping((inner,), NOWHERE))


def _requests(units: Units, about: About) -> Iterator[str]:
    """How many applications there were, of which unit, against last year, and what became of them."""
    region = about.organ.removesuffix("人民政府")
    whose = region if region != about.organ else f"{about.organ}及所属单位"
    yield f"{units.year}年，{whose}共收到政府信息公开申请{_quoted(units.form, _NEW)}件"
    yield f"{_of_units(units)}{_against(units, about.last)}。"
    rows = [
        f"{said}{_quoted(units.form, key)}件"
        for row, said in _ROWS
        if (key := CellKey(row, "total")) in units.form.index
    ]
    yield f"{'，'.join(rows)}。" if rows else ""


def _quoted(form: Form, key: CellKey) -> str:
    return f"{{{{ {'.'.join(form.paths[key])} }}}}"


def _of_units(units: Units) -> str:
    """The units with their applications; nothing where there is only one to name."""
    parts = units.parts(_NEW)
    if len(parts) < 2:
        return ""
    shown = parts if len(parts) <= MOST_NAMED else sorted(parts, key=_largest_first)[:_FIRST]
    told = "、".join(f"{unit.name.translate(_NO_MARKS)}{written(number)}件" for unit, number in shown)
    return f"（{told}{'等' if len(shown) < len(parts) else ''}）"


def _largest_first(part: tuple[object, Decimal]) -> Decimal:
    return -part[1]


def _against(units: Units, last: Report | None) -> str:
    """How the applications changed against last year's; nothing where that is not at hand."""
    if last is None or last.year != units.year - 1 or not last.has(*_NEW):
        return ""
    before, now = last.value(*_NEW), units.totals[_NEW]
    if now == before:
        return "，与上年持平"
    way, rate = ("增加", "增长") if now > before else ("减少", "下降")
    more = abs(now - before)
    percent = (more * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP) if before else None
    return f"，比上年{way}{written(more)}件" + (f"，{rate}{written(percent)}%" if percent is not None else "")
