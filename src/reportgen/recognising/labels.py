"""Labels of a form as offices really type them, compared by their words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from reportgen.chinese.numerals import NONE_SIGNS, ordinal
from reportgen.model.form import Block, CellKey, Column, Table
from reportgen.model.nodes import FoundCell, FoundTable
from reportgen.problems import Finding, Level, Place
from reportgen.recognising.faults import fault

LIKE = 0.75
"""From here on two labels are the same label in other words."""

_SHORTENED = 0.7
_FEWEST_LEFT = 4
_SUMS = {"总计", "合计", "共计", "总数"}

_NUMBER = re.compile(
    r"\(([一二三四五六七八九十]{1,3}|\d{1,2})\)[.、,:]?"
    r"|([一二三四五六七八九十]{1,3}|\d{1,2})[.、,:)]"
    r"|(\d{1,2})(?=[\u4e00-\u9fff])"
    r"|第([一二三四五六七八九十]|\d)(?:部分|章)[.、,:]?"
)
_SILENT = re.compile(r"[\s.,、;:·\"'“”‘’「」『』《》〈〉<>()\[\]{}【】〔〕。!?*_\-—–/~…\u200b-\u200f\ufeff]")


class Label(NamedTuple):
    """A label by what counts: its words without signs, the same without its bracket, its number."""

    words: str
    core: str
    number: int | None


@lru_cache(maxsize=8192)
def label_of(text: str) -> Label:
    """The label in a text: ``（三）不予公开`` and ``(三) 不予公开`` are one."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:200]))
    number = _NUMBER.match(folded)
    rest = folded[number.end() :] if number else folded
    core = re.sub(r"\(.*", "", rest)
    words = _SILENT.sub("", rest)
    value = _value(next(part for part in number.groups() if part)) if number else None
    return Label(words, _SILENT.sub("", core) or words, value)


def likeness(found: Label, wanted: Label) -> float:
    """How alike two labels are, 0 to 1; 0 where they are not the same label.

    Equal words count as equal even under a wrong number; other words only under the same number.
    """
    numbers_differ = None not in (found.number, wanted.number) and found.number != wanted.number
    if found.words == wanted.words:
        return 0.98 if numbers_differ else 1.0
    if numbers_differ or not found.words:
        return 0.0
    if found.core == wanted.core:
        return 0.96
    ratio = max(_ratio(found.words, wanted.words), _ratio(found.core, wanted.core))
    if ratio >= LIKE:
        return ratio * 0.95
    if {found.words, wanted.words} <= _SUMS or _is_shortened(found.core, wanted.core):
        return _SHORTENED
    return 0.0


def best(text: str, known: Iterable[str]) -> tuple[int, float]:
    """The position of the known label that is most like the text, and how alike; (-1, 0.0) for none."""
    return _best(text, tuple(known))


@lru_cache(maxsize=8192)
def _best(text: str, known: tuple[str, ...]) -> tuple[int, float]:
    """The same, remembered: one report's labels are the next one's."""
    found = label_of(text)
    scores = [likeness(found, label_of(each)) for each in known]
    top = max(scores, default=0.0)
    return (scores.index(top), top) if top else (-1, 0.0)


def _is_shortened(found: str, wanted: str) -> bool:
    """True for words that leave some of the label out: 直接起诉 for 未经复议直接起诉, 维持 for 结果维持."""
    if len(found) >= _FEWEST_LEFT:
        rest = iter(wanted)
        return all(character in rest for character in found)
    return len(found) > 1 and len(wanted) - len(found) == len(found) and wanted.endswith(found)


@lru_cache(maxsize=8192)
def _ratio(first: str, second: str) -> float:
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _value(number: str) -> int:
    """An Arabic or Chinese number up to 99."""
    return int(number) if number.isascii() else ordinal(number)


# ── a found table on its grid: a merged cell stands in every place that it covers ─────────────────────

GridRow = tuple[FoundCell | None, ...]

_WIDEST = 64
"""More columns than this no report has; a broken document may claim any number."""

_FIGURE = re.compile(r"[-+−]?[\d,.]*\d\.?(?:[万亿]?元|[万亿件项个条次])?(?:\(.*\))?", re.S)


def grid_rows(table: FoundTable) -> tuple[GridRow, ...]:
    """The rows of a table, all cells at their grid columns; None where the grid has a hole."""
    rows: list[dict[int, FoundCell]] = [{} for _ in table.rows]
    for index, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while column in rows[index]:
                column += 1
            if column >= _WIDEST:
                break
            reach = range(column, min(column + cell.columns, _WIDEST))
            for row in rows[index : index + cell.rows]:
                for each in reach:
                    row.setdefault(each, cell)
            column = reach.stop
    return tuple(tuple(row.get(at) for at in range(max(row, default=-1) + 1)) for row in rows)


_OVER_NUMBERS = re.compile(r"(?:序|行|编)号|[行栏]次|")
FEWEST_NUMBERS = 3
"""So many whole numbers under each other, going up by one, may number rows."""


def without_numbers(rows: Sequence[GridRow]) -> tuple[GridRow, ...]:
    """The rows without a first column of row numbers: whole numbers that go up by one, and nothing else."""
    first = [row[0] for row in rows if row and row[0] is not None]
    cells = [said(cell) for at, cell in enumerate(first) if not at or cell is not first[at - 1]]
    numbers = [int(text) for text in cells if text.isdecimal() and len(text) < FEWEST_NUMBERS]
    rising = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    others = [text for text in cells if not text.isdecimal()]
    if len(numbers) < FEWEST_NUMBERS or not rising or not all(map(_OVER_NUMBERS.fullmatch, others)):
        return tuple(rows)
    return tuple(row[1:] for row in rows)


def said(cell: FoundCell | None) -> str:
    """What a cell says, without blanks around it."""
    return cell.text.strip(" \t\r\n\u3000\xa0\ufeff\u200b") if cell else ""


@lru_cache(maxsize=8192)
def is_figure(text: str) -> bool:
    """True for what stands where a number belongs: a number, or a sign for none."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return folded in NONE_SIGNS or bool(_FIGURE.fullmatch(folded))


def origins(row: GridRow, start: int = 0) -> list[tuple[int, FoundCell]]:
    """The cells of a row from a grid column on, each once, with its first column."""
    found: list[tuple[int, FoundCell]] = []
    before = row[start - 1] if 0 < start <= len(row) else None
    for column in range(start, len(row)):
        cell = row[column]
        if cell is not None and cell is not before:
            found.append((column, cell))
        before = cell
    return found


def place_of(row: GridRow) -> Place:
    """Where a row begins."""
    return next((cell.place for cell in row if cell is not None), Place(""))


# ── the head of a found table: which of its rows are head, and which grid column is whose ─────────────


class Heads:
    """The head that stands above the row being read; it may come again further down, and differ."""

    def __init__(self, table: Table) -> None:
        """Know a table's column labels; there is no head yet."""
        self.table = table
        self.rows: list[GridRow] = []
        self.open = False
        self.findings: list[Finding] = []
        self._told: set[str] = set()
        self._found: dict[int, dict[str, int]] = {}
        self._reaches: dict[int, int] = {}
        self._starts: list[tuple[int, int]] | None = None
        paths = [column.path for block in table.blocks for column in block.columns]
        self._labels = {label_of(label) for path in paths for label in path}
        self._stubs = {label_of(block.stub).words for block in table.blocks} - {""}

    def is_head(self, cells: Sequence[tuple[int, FoundCell]]) -> bool:
        """True for a row with a column's label or the words over the row labels, and no figure."""
        if any(is_figure(said(cell)) for _, cell in cells):
            return False
        labels = [label_of(said(cell)) for _, cell in cells]
        return any(label.words in self._stubs or label in self._labels for label in labels)

    def add(self, row: GridRow) -> None:
        """Take a row of the head; the first one after other rows begins a new head."""
        if not self.open:
            self.clear()
        self.rows.append(row)
        self.open = True
        self._starts, self._reaches = None, {}

    def clear(self) -> None:
        """A new band begins: what stood above holds no longer."""
        self.rows, self.open = [], False
        self._found, self._starts, self._reaches = {}, None, {}

    def columns(self, block: Block) -> dict[str, int]:
        """Where each column of the block stands on the grid, by its key."""
        known = id(block)  # the table has it as long as this lives; by its value it would be looked through
        if self.open or known not in self._found:
            self._found[known] = self._columns(block)
        return self._found[known]

    def _columns(self, block: Block) -> dict[str, int]:
        found: dict[str, int] = {}
        for column in block.columns:
            at, exact = self._find(column, block)
            if at < 0:
                continue
            found[column.key] = at
            if not exact:
                self._name_own_words(column, at)
        self._name_own_groups(block)
        lost = [column for column in block.columns if column.key not in found]
        if self.rows and lost:
            self._name_missing(block, lost)
        return found

    def reach(self, at: int) -> int:
        """How many grid columns the lowest label over this column covers."""
        if at not in self._reaches:
            self._reaches[at] = self._reach(at)
        return self._reaches[at]

    def _reach(self, at: int) -> int:
        for head in reversed(self.rows):
            cell = head[at] if at < len(head) else None
            if cell is not None and said(cell):
                return sum(each is cell for each in head)
        return 1

    def _find(self, column: Column, block: Block) -> tuple[int, bool]:
        """The grid column under this column's label, and if its words are the form's; -1 for none."""
        alike, at = 0.0, -1
        for head in reversed(self.rows):
            for place, cell in origins(head):
                _, score = best(said(cell), [column.path[-1]])
                if score > alike and self._is_within(block, place):
                    alike, at = score, place
        return at, alike == 1.0

    def _is_within(self, block: Block, at: int) -> bool:
        """True if the nearest group at or left of this grid column is the block's own.

        Only tables of blocks beside each other repeat their labels; a blank right of a group's label
        belongs to the group, whether the cells are merged or not.
        """
        if self.table.arrangement != "beside":
            return True
        if self._starts is None:
            groups = [each.columns[0].path[-2] for each in self.table.blocks]
            cells = ((place, said(cell)) for head in self.rows for place, cell in origins(head))
            found = ((place, best(words, groups)[0]) for place, words in cells)
            self._starts = [(place, group) for place, group in found if group >= 0]
        nearest = max(((place, group) for place, group in self._starts if place <= at), default=(0, -1))
        return nearest[1] == self.table.blocks.index(block)

    def _name_own_words(self, column: Column, at: int) -> None:
        cell = next(head[at] for head in reversed(self.rows) if at < len(head) and said(head[at]))
        if cell is not None:
            self._name_label(cell, column.path[-1])

    def _name_own_groups(self, block: Block) -> None:
        """The labels over several columns that stand in the head in other words."""
        wanted = {label for column in block.columns for label in column.path[:-1]}
        cells = [cell for head in self.rows for _, cell in origins(head) if said(cell)]
        strange = [cell for cell in cells if label_of(said(cell)) not in self._labels]
        there = {label_of(said(cell)).words for cell in cells}
        for label in sorted(each for each in wanted if label_of(each).words not in there):
            like = [(best(said(cell), [label])[1], cell) for cell in strange]
            score, cell = max(like, key=lambda each: each[0], default=(0.0, None))
            if cell is not None and score:
                self._name_label(cell, label)

    def _name_label(self, cell: FoundCell, wanted: str) -> None:
        """Tell a label in other words, once for each place; a bracket alone is only asked about."""
        words = "".join(said(cell).split())
        found, right = label_of(words), label_of(wanted)
        if found.words == right.words or not self._is_new(f"{wanted}{words}{cell.place}"):
            return
        message = f"“{self.table.name}”表的表头“{words}”与规定的格式不同。"
        fix = "改成规定的表头；读出来再生成，印的就是规定的字。再核对这些数是不是按规定的含义统计的。"
        told = fault("R15", message, [cell.place], expected=wanted, found=words, fix=fix)
        if found.core == right.core:
            told = replace(told, level=Level.WARNING)
        before = [
            at for at, each in enumerate(self.findings) if (each.message, each.expected) == (message, wanted)
        ]
        if before:
            at = before[0]
            self.findings[at] = replace(told, places=(*self.findings[at].places, cell.place))
        else:
            self.findings.append(told)

    def _name_missing(self, block: Block, lost: Sequence[Column]) -> None:
        names = "、".join(column.path[-1] for column in lost)
        above = block.band or block.columns[0].path[0]
        if self._is_new(f"{above}{names}"):
            message = f"“{self.table.name}”表“{above}”这一部分没有找到这些列：{names}。"
            fix = "请在原文件里补上表头，或读出后补上这些数；没有补的按 0 计。"
            self.findings.append(fault("R05", message, [place_of(self.rows[0])], fix=fix))

    def _is_new(self, thing: str) -> bool:
        """True the first time that something is told."""
        fresh = thing not in self._told
        self._told.add(thing)
        return fresh


# ── figures by the labels around them, where a table stands otherwise than the form has it ────────────

Figures = dict[CellKey, FoundCell]


def crossed(table: Table, grids: Iterable[Sequence[GridRow]]) -> Figures:
    """The figures of a table by the labels left of and above each; none unless each cell has one."""
    homes = {frozenset(column.path[-2:]): key for key, _, column in table.cells()}
    known = tuple(dict.fromkeys(label for labels in homes for label in labels))
    found: dict[CellKey, FoundCell] = {}
    for labels, cell in chain.from_iterable(_figures(grid, known) for grid in grids):
        keys = [key for wanted, key in homes.items() if wanted <= labels]
        if len(keys) != 1 or keys[0] in found:
            return {}
        found[keys[0]] = cell
    return found if len(found) == len(homes) else {}


def in_a_row(table: Table, grids: Iterable[Sequence[GridRow]]) -> Figures:
    """The figures of a table that all stand in one row under ragged heads; none for any other.

    Heads that lost their merged cells still name the blocks in their order: then the figures follow it.
    """
    rows = [[cell for _, cell in origins(row) if said(cell)] for row in chain.from_iterable(grids)]
    figures = [row for row in rows if any(is_figure(said(cell)) for cell in row)]
    labels = [label_of(said(cell)).words for row in rows for cell in row if row not in figures]
    groups = [label_of(block.columns[0].path[-2]).words for block in table.blocks]
    keys = [key for key, _, _ in table.cells()]
    named = [each for each in labels if each in groups]
    if named != groups or [len(row) for row in figures] != [len(keys)]:
        return {}
    if not all(is_figure(said(cell)) for cell in figures[0]):
        return {}
    return dict(zip(keys, figures[0], strict=True))


def _figures(grid: Sequence[GridRow], known: tuple[str, ...]) -> Iterator[tuple[set[str], FoundCell]]:
    """Every figure of a grid with the labels that it stands beside and under."""
    for at, row in enumerate(grid):
        for column, cell in origins(row):
            if said(cell) and is_figure(said(cell)):
                above = (each[column] if column < len(each) else None for each in reversed(grid[:at]))
                near = (*_nearest(reversed(row[:column])), *_nearest(above))
                yield {known[index] for index, score in (best(each, known) for each in near) if score}, cell


def _nearest(cells: Iterable[FoundCell | None]) -> Iterator[str]:
    """The nearest labels on the way from a figure: behind other figures, and up to the next ones."""
    met = False
    for words in filter(None, map(said, cells)):
        if not is_figure(words):
            met = True
            yield words
        elif met:
            return
