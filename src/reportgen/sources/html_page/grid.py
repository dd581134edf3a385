"""The tables of a web page: which only lay the page out, and which cell of the others stands where."""

import re
from collections.abc import Iterator

from reportgen.model.document import FoundCell, FoundTable, Run
from reportgen.problems import Place
from reportgen.sources.html_page.looks import BLOCKS, is_left_out, name_of, set_type, tidy
from reportgen.sources.html_page.tree import Element

_GROUPS = {"thead", "tbody", "tfoot", "form"}
_CELLS = {"td", "th"}
_WIDEST = 64
_TALLEST = 100
_LONGEST = 300
"""A cell with more words than this is no cell of figures: the table only lays the page out."""


def is_layout(table: Element) -> bool:
    """True for a table that holds other tables, running text, or one cell."""
    cells = [cell for row in rows_of(table) for cell in cells_of(row)]
    if len(cells) < 2 or next(table.iterdescendants("table"), None) is not None:
        return True
    return any(len(text_of(cell)) > _LONGEST for cell in cells)


def rows_of(table: Element) -> list[Element]:
    """The rows that show, group by group."""
    return [row for group in _groups(table) for row in group]


def cells_of(row: Element) -> list[Element]:
    """The cells of a row that show."""
    return [each for each in row if name_of(each) in _CELLS and not is_left_out(each)]


def text_of(cell: Element) -> str:
    """What a cell says, its paragraphs joined."""
    return "".join(run.text for run in tidy(set_type(_runs(cell)))).replace("\n", "")


def table_of(table: Element, file: str, number: int) -> FoundTable:
    """A table with every cell on its grid."""
    taken: set[tuple[int, int]] = set()
    found: list[tuple[FoundCell, ...]] = []
    for group in _groups(table):
        last = len(found) + len(group)
        for row in group:
            at = len(found)
            cells = []
            for cell in cells_of(row):
                column = next(each for each in range(_WIDEST + 1) if (at, each) not in taken)
                rows, columns = (
                    _span(cell, "rowspan", min(last - at, _TALLEST)),
                    _span(cell, "colspan", _WIDEST),
                )
                spot = Place(file, table=number, row=at + 1, column=column + 1)
                cells.append(FoundCell(text_of(cell), spot, rows, columns))
                reach = range(column, min(column + columns, _WIDEST))
                taken |= {(down, across) for down in range(at, at + rows) for across in reach}
            found.append(tuple(cells))
    return FoundTable(tuple(found), Place(file, table=number, row=1, column=1))


def _groups(table: Element) -> Iterator[list[Element]]:
    """The rows of each part of a table; a merged cell does not reach beyond its part."""
    loose: list[Element] = []
    for child in table:
        name = name_of(child)
        if name == "tr" and not is_left_out(child):
            loose.append(child)
        elif name in _GROUPS and not is_left_out(child):
            yield [each for each in child if name_of(each) == "tr" and not is_left_out(each)]
    if loose:
        yield loose


def _runs(element: Element) -> Iterator[Run]:
    if element.text:
        yield Run(element.text)
    for child in element:
        if not is_left_out(child):
            parted = name_of(child) in BLOCKS or name_of(child) == "br"
            if parted:
                yield Run("\v")
            yield from _runs(child)
        if child.tail:
            yield Run(child.tail)


def _span(cell: Element, name: str, most: int) -> int:
    """How far a merged cell reaches; 0 means as far as it can."""
    typed = re.match(r"\s*(\d{1,4})", cell.get(name) or "1")
    return max(1, min(int(typed[1]) or most, most)) if typed else 1
