"""The grid of a Word table: its rows and cells through whatever wraps them, and how cells are merged."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from reportgen.model.nodes import FoundCell
from reportgen.sources.docx.package import member, members, name_of, number_of, shown_in, value_of
from reportgen.sources.docx.words import DELETED, SILENT, THROUGH, is_bound

WIDEST = 64
"""Grid columns are counted up to here, whatever a file says."""


class GridCell(NamedTuple):
    """A cell as the file has it: its first grid column, and if it goes on with the one above."""

    cell: FoundCell
    column: int
    goes_on: bool


def merged(grid: list[list[GridCell]]) -> Iterator[tuple[FoundCell, ...]]:
    """The rows with merged cells standing once, at their top."""
    going_on = [{each.column for each in row if each.goes_on} for row in grid]
    for index, row in enumerate(grid):
        cells = []
        for each in row:
            if each.goes_on and index:
                continue
            rows = 1
            while index + rows < len(grid) and each.column in going_on[index + rows]:
                rows += 1
            cells.append(each.cell if rows == 1 else each.cell._replace(rows=rows))
        yield tuple(cells)


class Shape(NamedTuple):
    """How many grid columns a cell covers, and if it goes on with the one above, or with the one before."""

    span: int
    goes_on: bool
    widens: bool


def shape_of(cell: etree._Element) -> Shape:
    """What a cell says of itself."""
    looks = members(member(cell, "tcPr"))
    above, before = looks.get("vMerge"), looks.get("hMerge")
    return Shape(
        _number(looks.get("gridSpan"), 1) or 1,
        above is not None and value_of(above) != "restart",
        before is not None and value_of(before) != "restart",
    )


def inside(element: etree._Element, wanted: str) -> tuple[list[etree._Element], list[etree._Element]]:
    """What a table or row holds, seen through mere wrappers.

    Returns:
        The elements of this name in order, not one inside another; and what is neither row nor cell and
        nobody may pass over.
    """
    found: list[etree._Element] = []
    others: list[etree._Element] = []
    for child in shown_in(element):
        name = name_of(child)
        if name == wanted:
            found.append(child)
        elif name in THROUGH:
            if is_bound(child):
                others.append(child)
            for mine, deeper in zip((found, others), inside(child, wanted), strict=True):
                mine += deeper
        elif name not in SILENT and name not in DELETED and name not in ("tr", "tc"):
            others.append(child)
    return found, others


def columns_before(row: etree._Element) -> int:
    """How many grid columns a row leaves out at its beginning."""
    return _number(member(member(row, "trPr"), "gridBefore"), 0)


def _number(element: etree._Element | None, usual: int) -> int:
    """A small number that an element has."""
    value = number_of(element)
    return usual if value is None or value < 0 else min(value, WIDEST)
