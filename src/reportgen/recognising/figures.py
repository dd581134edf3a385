"""The figures of one statutory table, read off the rows of somebody's table by its labels.

Tables that look alike are read alike, and their labels once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from reportgen.model.form import Block, CellKey, Row, Table
from reportgen.model.nodes import FoundCell, FoundTable
from reportgen.problems import Finding, Place
from reportgen.recognising.faults import fault
from reportgen.recognising.labels import (
    GridRow,
    Heads,
    best,
    crossed,
    grid_rows,
    in_a_row,
    is_figure,
    label_of,
    origins,
    place_of,
    said,
    without_numbers,
)
from reportgen.recognising.looks import Look, cell_at, looks_of, twins_of


class Value(NamedTuple):
    """What stands in a data cell."""

    text: str
    place: Place


@dataclass(slots=True)
class Filled:
    """What was found of a table: values by row and column key, labels as found, faults.

    ``lost`` has the names of the form's rows that were not found, ``added`` the rows that are not the form's.
    """

    values: dict[tuple[str, str], Value] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, Value] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    added: list[Value] = field(default_factory=list)


def fill(table: Table, pieces: Sequence[FoundTable]) -> Filled:
    """The values of a table that may come in pieces.

    Heads may be repeated, rows shifted, parts of different width. Blocks beside each other that stand
    otherwise are read by crossing labels, where that gives every cell of the form once.
    """
    looks = looks_of(pieces)
    known = _known(table, looks) if looks else None
    return _read_off(table, pieces) if known is None else _followed(known, pieces)


@lru_cache(maxsize=32)
def _known(table: Table, looks: tuple[Look, ...]) -> Filled | None:
    """What is found in tables that look so, by the places of twins; None where there is more to tell.

    Most documents of an office come of one template: their labels are read once.
    """
    found = _read_off(table, twins_of(looks))
    whole = all(each.row for each in found.places.values())
    return found if whole and not (found.labels or found.findings or found.lost or found.added) else None


def _followed(known: Filled, pieces: Sequence[FoundTable]) -> Filled:
    """The values of a table whose twin is known."""
    values: dict[tuple[str, str], Value] = {}
    for key, (text, place) in known.values.items():
        cell = cell_at(pieces, place)
        values[key] = Value(said(cell) if text else "", cell.place)
    return Filled(values, {key: cell_at(pieces, place).place for key, place in known.places.items()})


def _read_off(table: Table, pieces: Sequence[FoundTable]) -> Filled:
    """What ``fill`` gives, label by label."""
    grids = [without_numbers(grid_rows(piece)) for piece in pieces]
    reader = _Reader(table)
    for row in chain.from_iterable(grids):
        if table.arrangement == "beside":
            reader.read_beside(row)
        else:
            reader.read_stacked(row)
    reader.name_what_is_missing()
    incomplete = reader.filled.lost or any(each.code == "R05" for each in reader.filled.findings)
    if table.arrangement == "beside" and incomplete:
        found = crossed(table, grids) or in_a_row(table, grids)
        return _filled(found) if found else reader.filled
    return reader.filled


def _filled(found: dict[CellKey, FoundCell]) -> Filled:
    """Figures that were found each for itself, as a table without a fault."""
    values = {(key.row, key.column): Value(said(cell), cell.place) for key, cell in found.items()}
    return Filled(values, {key.row: cell.place for key, cell in reversed(found.items())})


class _Reader:
    """Goes down the rows of a table; remembers the head that stands above."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.filled = Filled()
        self.heads = Heads(table)
        self.rows = [(block, row) for block in table.blocks for row in block.rows]
        self.labels = tuple("".join(row.path[-1:]) for _, row in self.rows)
        self.bands = {label_of(block.band).words for block in table.blocks} - {""}
        self.groups = {label_of(label) for _, row in self.rows for label in row.path[:-1]}

    def read_stacked(self, row: GridRow) -> None:
        cells = [(column, cell) for column, cell in origins(row) if said(cell)]
        if not cells:
            return
        if label_of(said(cells[0][1])).words in self.bands:
            self.heads.clear()
        elif self.heads.is_head(cells):
            self.heads.add(row)
        else:
            self.heads.open = False
            self._data(row, cells)

    def read_beside(self, row: GridRow) -> None:
        cells = [(column, cell) for column, cell in origins(row) if said(cell)]
        if self.heads.is_head(cells):
            self.heads.add(row)
        elif self.heads.open:
            self.heads.open = False
            for block in self.table.blocks:
                self._take(block, block.rows[0], row, 0)
        elif cells:
            self._stray(cells)

    def _data(self, row: GridRow, cells: list[tuple[int, FoundCell]]) -> None:
        """A row with a label: find whose it is, then take its values."""
        for column, cell in reversed(list(_before_figures(cells))):
            index, score = best(said(cell), self.labels)
            if index < 0 or any(best(said(cell), [each.words])[1] > score for each in self.groups):
                continue
            block, found = self.rows[index]
            self._take_labelled(block, found, row, (column, cell))
            return
        self._stray(cells)

    def _take_labelled(self, block: Block, found: Row, row: GridRow, at: tuple[int, FoundCell]) -> None:
        column, cell = at
        if found.key in self.filled.places:
            message = f"“{self.table.name}”表的“{said(cell)}”一行出现了两次，只读了第一次。"
            fix = "请在原文件里删去多余的一行。"
            self.filled.findings.append(fault("R13", message, [cell.place], fix=fix))
            return
        self.filled.places[found.key] = cell.place
        label, wanted = label_of(said(cell)), label_of(found.path[-1])
        if (label.words, label.number) != (wanted.words, wanted.number):
            self.filled.labels[found.name] = Value("".join(said(cell).split()), cell.place)
        end = column
        while end < len(row) and row[end] is cell:
            end += 1
        self._take(block, found, row, end)

    def _take(self, block: Block, found: Row, row: GridRow, end: int) -> None:
        """Take a row's values; ``end`` is the first grid column after its label."""
        self.filled.places.setdefault(found.key, place_of(row))
        columns = self.heads.columns(block)
        if not columns and self.heads.rows:
            return
        first = min(columns.values(), default=end)
        shifted = not columns or end > first
        if self.table.arrangement == "stacked":
            shifted |= any(is_figure(said(cell)) for _, cell in origins(row[:first], end))
        values = self._in_order(block, row, end) if shifted else self._below(columns, row)
        for key, cell in values:
            place = cell.place if cell else self.filled.places[found.key]
            self.filled.values[found.key, key] = Value(said(cell), place)

    def _in_order(self, block: Block, row: GridRow, end: int) -> Iterator[tuple[str, FoundCell | None]]:
        """Values of a row that stands beside its head: the n-th cell is the n-th column's."""
        cells = [cell for _, cell in origins(row, end)]
        for index, column in enumerate(block.columns):
            yield column.key, cells[index] if index < len(cells) else None

    def _below(self, columns: dict[str, int], row: GridRow) -> Iterator[tuple[str, FoundCell | None]]:
        """Values of a row below their heads; a cell merged over several columns counts once."""
        taken: set[int] = set()
        for key, at in columns.items():
            reached = row[at : at + self.heads.reach(at)]
            fresh = [cell for cell in reached if cell is not None and id(cell) not in taken]
            if fresh or not any(reached):
                taken.update(map(id, fresh))
                yield key, next(filter(said, fresh), fresh[0] if fresh else None)

    def _stray(self, cells: list[tuple[int, FoundCell]]) -> None:
        """A row of nobody's: a group's label alone says nothing, a figure or a sentence must be named."""
        texts = [said(cell) for _, cell in cells]
        labels = [label_of(text) for text in texts]
        if all(any(label.words == group.words for group in self.groups) for label in labels):
            return
        words, place = "、".join(texts), cells[0][1].place
        if any(is_figure(text) for text in texts):
            self.filled.added.append(Value(words, place))
            return
        message = f"“{self.table.name}”表里有一行不属于这个年度的格式，没有读入：“{words}”。"
        fix = "请核对这一行的名称；需要的内容请写到正文里。"
        self.filled.findings.append(fault("R08", message, [place], fix=fix))

    def name_what_is_missing(self) -> None:
        """Note the rows that were not found, and what the heads lack."""
        self.filled.findings += self.heads.findings
        self.filled.lost += [row.name for _, row in self.rows if row.key not in self.filled.places]


def _before_figures(cells: list[tuple[int, FoundCell]]) -> Iterator[tuple[int, FoundCell]]:
    """The cells of a row that may be its labels: those before the first figure."""
    for column, cell in cells:
        if is_figure(said(cell)):
            return
        yield column, cell
