"""Which units a cell, or a finding on the sum, comes from; and who handed in, for other programs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from reportgen.model.form import CellKey, Form
from reportgen.model.keys import advice, plain
from reportgen.model.units import Unit, Units
from reportgen.problems import Finding
from reportgen.rollup.drafting import written

_MOST = 5
"""So many units are named at a finding; ``--why`` tells all."""


class NoSuchCell(ValueError):
    """A name that no cell of the form has; ``str()`` is a Chinese sentence."""


def cells_named(form: Form, typed: str) -> tuple[CellKey, ...]:
    """The cells of a name such as ``申请.本年新收.总计``; a group of rows has one of each row.

    Raises:
        NoSuchCell: there is none; with the nearest name.
    """
    words = [plain(word) for word in typed.replace("·", ".").replace("．", ".").split(".") if word.strip()]
    paths = {key: [plain(word) for word in path] for key, path in form.paths.items()}
    exact = tuple(key for key, path in paths.items() if path == words)
    if exact:
        return exact
    *rows, column = words or [""]
    group = tuple(
        key for key, path in paths.items() if rows and path[: len(rows)] == rows and path[-1] == column
    )
    if len(rows) > 1 and group:
        return group
    known = [".".join(path) for path in form.paths.values()]
    raise NoSuchCell(f"表里没有“{typed}”这一格。{advice(typed, known) if len(words) > 2 else _HOW}")


_HOW = "写成“表.行.列”，例如 申请.本年新收.总计。"


def parts_told(units: Units, keys: Sequence[CellKey]) -> Iterator[str]:
    """What cells add up, a line for every unit with a figure; under a roll-up the units that it adds up."""
    for key in keys:
        parts = units.parts(key)
        total = units.totals[key]
        unit = units.form.index[key][2].unit
        yield f"{units.form.label(key)}：{written(total)} {unit}，来自 {len(parts)} 个单位"
        width = len(written(total))
        for part, number in parts:
            yield f"  {written(number):>{width}}  {part.identity}  {part.file}"
            inner = [(each, each.values[units.at[key]]) for each in units.within(part)]
            yield from (
                f"  {'':{width}}    其中 {written(value)}  {each.identity}  {each.file}"
                for each, value in inner
                if value
            )
        without = len(units.counted) - len(parts)
        if without:
            yield f"  另外 {without} 个单位是 0"


def parts_as_data(units: Units, keys: Sequence[CellKey]) -> list[dict[str, object]]:
    """What ``parts_told`` tells, as JSON has it: a cell's number, its unit (件, 项, 万元), and its parts."""
    return [
        {
            "cell": ".".join(units.form.paths[key]),
            "value": _number(units.totals[key]),
            "counted_in": units.form.index[key][2].unit,
            "parts": [{**_named_as_data(part), "value": _number(value)} for part, value in units.parts(key)],
        }
        for key in keys
    ]


def units_as_data(units: Units) -> dict[str, object]:
    """Who handed in and what came of it, as JSON has it; days are ISO 8601, None where there is none."""
    return {
        "counted": [_named_as_data(unit) for unit in units.counted],
        "left": [
            {
                **_named_as_data(left.unit),
                "why": left.why.name.lower(),
                "other": _named_as_data(left.other) if left.other else None,
            }
            for left in units.left
        ],
        "unread": [{"file": file, "why": why} for file, why in units.unread],
        "missing": [
            {"organ": each.name, "due": each.due.isoformat() if each.due else None} for each in units.missing
        ],
        "late": [
            {
                **_named_as_data(unit),
                "dated": unit.dated.isoformat() if unit.dated else None,
                "due": each.due.isoformat() if each.due else None,
            }
            for unit, each in units.late
        ],
        "lacking": list(units.lacking),
    }


def _named_as_data(unit: Unit) -> dict[str, object]:
    return {"organ": unit.identity, "file": unit.file}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def with_units(findings: Iterable[Finding], units: Units) -> tuple[Finding, ...]:
    """The findings; those on figures name the units that these come from."""
    return tuple(_with_units(finding, units) for finding in findings)


def _with_units(finding: Finding, units: Units) -> Finding:
    keys = [key for key in map(_cell, finding.about) if key in units.at]
    named = _named(finding, keys, units) if keys else ""
    return replace(finding, fix=f"{finding.fix}{named}") if named else finding


def _cell(about: str) -> CellKey:
    row, _, column = about.partition(".")
    return CellKey(row, column)


def _named(finding: Finding, keys: Sequence[CellKey], units: Units) -> str:
    """The units that have the same fault themselves; where none has, those with the largest figures."""
    same = [unit.identity for unit in units.counted if _has(unit, finding)]
    if same:
        return f"各单位中有同样问题的：{_some(same)}。"
    parts = sorted(units.parts(keys[0]), key=lambda part: -abs(part[1]))
    if not parts:
        return ""
    told = [f"{unit.identity} {written(number)}" for unit, number in parts]
    return f"“{units.form.label(keys[0])}”来自：{_some(told)}。"


def _has(unit: Unit, finding: Finding) -> bool:
    """Whether a unit's own report has this fault in these cells."""
    about = set(finding.about)
    return any(each.code == finding.code and about & set(each.about) for each in unit.errors)


def _some(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > _MOST else ""
    return "、".join(names[:_MOST]) + more
