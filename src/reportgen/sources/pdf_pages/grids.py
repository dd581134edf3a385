"""Ruled tables of a page: from lines that cross to cells with their words."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reportgen.model.nodes import FoundCell, FoundTable
from reportgen.problems import Place
from reportgen.sources.pdf_pages.lines import line_words, lines_of
from reportgen.sources.pdf_pages.sheets import Rule, Sheet, Sign

_NEAR = 2.0
"""Points: rules so near stand on one line, and rules cross where they miss each other by no more."""


_MOST_FIELDS = 20_000


@dataclass(slots=True)
class Grid:
    """A ruled table.

    Attributes:
        top: its upper edge.
        bottom: its lower edge.
        rows: of cells, each with its words and spans.
        signs: what stands in it.
        doubts: what was not read for sure: place and a Chinese clause.
    """

    top: float
    bottom: float
    rows: list[list[FoundCell]] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    doubts: list[tuple[Place, str]] = field(default_factory=list)

    def table(self, file: str, number: int) -> FoundTable:
        """The table of a document, with its number on the page."""
        place = Place(file, table=number, row=1, column=1)
        rows = tuple(tuple(_placed(cell, file, number) for cell in row) for row in self.rows)
        return FoundTable(rows, place)


def _placed(cell: FoundCell, file: str, number: int) -> FoundCell:
    place = cell.place._replace(file=file, table=number)
    return FoundCell(cell.text, place, cell.rows, cell.columns)


def grids_of(sheet: Sheet) -> list[Grid]:
    """The ruled tables of a page from the top."""
    grids = [_Ruled(across, down) for across, down in _crossing(sheet.across, sheet.down)]
    found = [grid.read(sheet.signs) for grid in grids if grid.is_table]
    return sorted(found, key=lambda grid: -grid.top)


def _crossing(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules in groups: those of a group hang together by crossing."""
    group = list(range(len(across) + len(down)))

    def head(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, level in enumerate(across):
        for j, upright in enumerate(down, start=len(across)):
            if _meet(level, upright):
                group[head(i)] = head(j)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at in range(len(group)):
        both = found.setdefault(head(at), ([], []))
        both[at >= len(across)].append(across[at] if at < len(across) else down[at - len(across)])
    return list(found.values())


def _meet(level: Rule, upright: Rule) -> bool:
    return (
        level.start - _NEAR <= upright.at <= level.end + _NEAR
        and upright.start - _NEAR <= level.at <= upright.end + _NEAR
    )


def _lanes(rules: Iterable[Rule]) -> list[tuple[float, list[Rule]]]:
    """The rules by where they stand, those near each other together, in rising order."""
    lanes: list[tuple[float, list[Rule]]] = []
    for rule in sorted(rules):
        if lanes and rule.at - lanes[-1][1][-1].at <= _NEAR:
            lanes[-1][1].append(rule)
        else:
            lanes.append((rule.at, [rule]))
    return [(sum(each.at for each in lane) / len(lane), lane) for _, lane in lanes]


class _Ruled:
    """A group of rules as a grid: which of its fields lie together in one cell."""

    def __init__(self, across: Sequence[Rule], down: Sequence[Rule]) -> None:
        self._levels, self._uprights = _lanes(across), _lanes(down)
        self.ys = [at for at, _ in self._levels]
        self.xs = [at for at, _ in self._uprights]
        self.wide, self.high = len(self.xs) - 1, len(self.ys) - 1
        self._head = list(range(max(self.wide, 0) * max(self.high, 0)))

    @property
    def is_table(self) -> bool:
        """True where there is more than a box around something."""
        return self.wide > 0 and self.high > 0 and 1 < self.wide * self.high <= _MOST_FIELDS

    def read(self, signs: Sequence[Sign]) -> Grid:
        """The cells with what stands in them."""
        self._join()
        grid = Grid(self.ys[-1], self.ys[0])
        members: dict[int, list[int]] = {}
        for each in range(len(self._head)):
            members.setdefault(self._cell(each), []).append(each)
        inside: dict[int, list[Sign]] = {}
        for sign in signs:
            at = self._field(sign)
            if at is not None:
                inside.setdefault(self._cell(at), []).append(sign)
                grid.signs.append(sign)
        for row in range(self.high):
            grid.rows.append([])
            for column in range(self.wide):
                at = row * self.wide + column
                if at in members:
                    self._add(grid, members[at], inside.get(at, []))
        return grid

    def _add(self, grid: Grid, members: Sequence[int], signs: list[Sign]) -> None:
        row, column = divmod(members[0], self.wide)
        rows = max(each // self.wide for each in members) - row + 1
        columns = max(each % self.wide for each in members) - column + 1
        place = Place("", table=1, row=row + 1, column=column + 1)
        lines = [line_words(line) for line in lines_of(signs)]
        words = "".join(lines).strip()
        if len(members) != rows * columns and words:
            grid.doubts.append((place, f"“{words[:20]}”一格的边线不全"))
        if _is_torn(lines):
            grid.doubts.append((place, f"一个数分在两行，读成了“{words[:20]}”"))
        grid.rows[-1].append(FoundCell(words, place, rows, columns))

    def _cell(self, at: int) -> int:
        """The first field of the cell that a field lies in."""
        while self._head[at] != at:
            self._head[at] = self._head[self._head[at]]
            at = self._head[at]
        return at

    def _join(self) -> None:
        """Join fields that no rule parts. Rows are counted from the top."""
        for row in range(self.high):
            for column in range(self.wide):
                at = row * self.wide + column
                level = self.high - row - 1
                if column + 1 < self.wide and not _covers(
                    self._uprights[column + 1][1], self.ys[level], self.ys[level + 1]
                ):
                    self._one(at, at + 1)
                if row + 1 < self.high and not _covers(
                    self._levels[level][1], self.xs[column], self.xs[column + 1]
                ):
                    self._one(at, at + self.wide)

    def _one(self, at: int, other: int) -> None:
        first, second = sorted((self._cell(at), self._cell(other)))
        self._head[second] = first

    def _field(self, sign: Sign) -> int | None:
        x, y = sign.middle
        column, level = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= column < self.wide and 0 <= level < self.high:
            return (self.high - level - 1) * self.wide + column
        return None


def _covers(rules: Iterable[Rule], start: float, end: float) -> bool:
    middle = (start + end) / 2
    return any(rule.start - _NEAR <= middle <= rule.end + _NEAR for rule in rules)


def _is_torn(lines: Sequence[str]) -> bool:
    """True where the lines of a cell of figures part a number."""
    joined = "".join(lines)
    return len(lines) > 1 and bool(joined) and all(char in "0123456789.,，" for char in joined)
