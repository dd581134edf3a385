"""Cells in the words of a message: their names, their sums as equations, and where they were typed."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from reportgen.checks.identities import typed_places
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Place

_FEW = 4
"""A clerk looks through so many cells; a sum of more is shown by its table."""


@lru_cache(maxsize=1024)
def cells_of(rows: tuple[str, ...], columns: tuple[str, ...], form: Form) -> tuple[CellKey, ...]:
    """The cells that rows and columns add up in this form; empty where the form lacks one of the rows."""
    found: list[CellKey] = []
    for row in rows:
        stem = row.removesuffix("_*")
        all_of_it = [key for key in form.row_keys.values() if key == stem or key.startswith(f"{stem}_")]
        cells = [CellKey(key, column) for key in (all_of_it if row != stem else [row]) for column in columns]
        if not cells or any(cell not in form.index for cell in cells):
            return ()
        found += cells
    return tuple(found)


def value_of(report: Report, key: CellKey) -> Decimal:
    """A cell's number; for a total left blank (a fault of its own) what it would add up to."""
    if report.cells[key].blank and key in report.form.parts:
        return sum((report.cells[part].value for part in report.form.parts[key]), Decimal(0))
    return report.cells[key].value


def worth_showing(cells: tuple[CellKey, ...], report: Report) -> tuple[CellKey, ...]:
    """The cells that have something in them; the first where all are 0."""
    return tuple(key for key in cells if value_of(report, key)) or cells[:1]


def places_of(key: CellKey, report: Report) -> tuple[Place, ...]:
    """Where a cell stands; for a total that nobody typed where its parts were, unless they are many."""
    parts = typed_places(report, key)
    if 0 < len(parts) <= _FEW:
        return parts
    place = report.place_of(key)
    return (place,) if place else ()


def figures_of(cells: Iterable[CellKey], report: Report) -> str:
    """Cells with what is in them."""
    return "、".join(f"{full_name(key, report.form)} {report.cells[key].value}" for key in cells)


def equation(cells: tuple[CellKey, ...], report: Report) -> str:
    """What cells add up to: 本年新收 26 + 上年结转 2 = 28."""
    parts: dict[str, Decimal] = {}
    for key in cells:
        name = _name(key, cells, report.form)
        parts[name] = parts.get(name, Decimal(0)) + value_of(report, key)
    terms = " + ".join(f"{name} {number}" for name, number in parts.items())
    return f"{terms} = {sum(parts.values())}" if len(parts) > 1 else terms


def _name(key: CellKey, cells: tuple[CellKey, ...], form: Form) -> str:
    """What a message calls a cell among others: a group by its own name, 总计 left out."""
    table, row, column = form.index[key]
    if table.key == "disclosure":
        return full_name(key, form)
    if table.key != "disputes" and sum(form.index[other][1].names[0] == row.names[0] for other in cells) > 1:
        several = len({other.column for other in cells}) > 1
        return f"{row.names[0]}·{column.path[-2]}" if several else row.names[0]
    return row.name if key.column == "total" else f"{row.name}·{column.name}"


def full_name(key: CellKey, form: Form) -> str:
    """A cell by its row and column, with 万元 where it counts these."""
    _, row, column = form.index[key]
    return f"{row.name}·{column.name}{f'（{column.unit}）' if column.unit == '万元' else ''}"
