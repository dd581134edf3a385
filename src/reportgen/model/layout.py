"""The printed grid of a statutory table: which cell stands where, and how far it reaches.

Derived from the form alone, so a new form version needs no drawing of its own. The Word template
is drawn from it, and a made document is compared with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportgen.model.form import Block, CellKey, Table


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One cell of the printed grid. Rows and columns count from 1; spans are at least 1.

    ``role`` is ``band``, ``head`` (a column label), ``stub`` (the corner over the row labels), ``label``
    (a row label) or ``figure``; ``key`` is set for figures only, ``text`` for all others.
    """

    row: int
    column: int
    rows: int
    columns: int
    role: str
    text: str = ""
    key: CellKey | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as printed: its size, its cells in reading order, and how many of its rows repeat as a head."""

    rows: int
    columns: int
    head: int
    cells: tuple[PrintedCell, ...]


@lru_cache(maxsize=64)
def grid_of(table: Table) -> Grid:
    """The printed grid of a table.

    A stacked table prints its blocks one under another: band, column labels, rows. A table of blocks
    beside each other prints all column labels side by side over one row of figures.
    """
    cells = tuple(_beside(table) if table.arrangement == "beside" else _stacked(table))
    rows = max(cell.row + cell.rows - 1 for cell in cells)
    heads = [cell.row + cell.rows - 1 for cell in cells if cell.role in ("head", "stub")]
    one_head = len(table.blocks) == 1 or table.arrangement == "beside"
    return Grid(rows, width_of(table), max(heads) if one_head else 0, cells)


def label_cells(table: Table, rows: Iterable[str]) -> Iterator[tuple[str, PrintedCell]]:
    """The printed label of each of these rows, by row key: the last one before its figures."""
    cells = grid_of(table).cells
    lines = {cell.key.row: cell.row for cell in cells if cell.key}
    for row in rows:
        line = lines.get(row)
        labels = [
            cell
            for cell in cells
            if cell.role == "label" and line and cell.row <= line < cell.row + cell.rows
        ]
        if labels:
            yield row, max(labels, key=lambda cell: cell.column)


def width_of(table: Table) -> int:
    """How many grid columns the table has: enough that every block's columns are equally wide."""
    counts = [len(block.columns) for block in table.blocks]
    if table.arrangement == "beside":
        return table.stub_columns + sum(counts)
    figures = max(counts)
    while any(figures % count for count in counts):
        figures += 1
    return table.stub_columns + figures


def _stacked(table: Table) -> Iterator[PrintedCell]:
    top, width = 1, width_of(table)
    for block in table.blocks:
        if block.band:
            yield PrintedCell(top, 1, 1, width, "band", block.band)
            top += 1
        reach = (width - table.stub_columns) // len(block.columns)
        depth = max(len(column.path) for column in block.columns)
        if block.stub:
            yield PrintedCell(top, 1, depth, table.stub_columns, "stub", block.stub)
        yield from _heads([c.path for c in block.columns], top, table.stub_columns + 1, reach)
        top += depth
        yield from _labels(block, top, table.stub_columns)
        for offset, row in enumerate(block.rows):
            for place, column in enumerate(block.columns):
                at = table.stub_columns + 1 + place * reach
                yield PrintedCell(top + offset, at, 1, reach, "figure", key=CellKey(row.key, column.key))
        top += len(block.rows)


def _beside(table: Table) -> Iterator[PrintedCell]:
    columns = [(block.rows[0], column) for block in table.blocks for column in block.columns]
    paths = [column.path for _, column in columns]
    yield from _heads(paths, 1, table.stub_columns + 1, 1)
    bottom = 1 + max(map(len, paths))
    for place, (row, column) in enumerate(columns):
        at = table.stub_columns + 1 + place
        yield PrintedCell(bottom, at, 1, 1, "figure", key=CellKey(row.key, column.key))


def _heads(paths: Sequence[tuple[str, ...]], top: int, left: int, reach: int) -> Iterator[PrintedCell]:
    """Column labels: equal neighbours share a cell, a short path reaches down to the figures."""
    depth = max(map(len, paths))
    for level, first, last in _runs(paths):
        path = paths[first]
        down = depth - level if len(path) == level + 1 else 1
        across = (last - first + 1) * reach
        yield PrintedCell(top + level, left + first * reach, down, across, "head", path[level])


def _labels(block: Block, top: int, depth: int) -> Iterator[PrintedCell]:
    """Row labels: the same as column labels, turned; a short path reaches right to the figures."""
    paths = [row.path for row in block.rows]
    for level, first, last in _runs(paths):
        path = paths[first]
        across = depth - level if len(path) == level + 1 else 1
        yield PrintedCell(top + first, 1 + level, last - first + 1, across, "label", path[level])


def _runs(paths: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, int]]:
    """Every (level, first, last) of neighbours that share their path down to this level."""
    for level in range(max(map(len, paths))):
        first = 0
        while first < len(paths):
            last = first
            while last + 1 < len(paths) and paths[last + 1][: level + 1] == paths[first][: level + 1]:
                last += 1
            if len(paths[first]) > level:
                yield level, first, last
            first = last + 1
