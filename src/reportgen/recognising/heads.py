"""The head of a found table: which of its rows are head, and which grid column is whose."""

from collections.abc import Sequence
from dataclasses import replace

from reportgen.model.document import FoundCell
from reportgen.model.form import Block, Column, Table
from reportgen.problems import Finding, Level
from reportgen.recognising.faults import fault
from reportgen.recognising.labels import GridRow, best, is_figure, label_of, origins, place_of, said


class Heads:
    """The head that stands above the row being read; it may come again further down, and differ."""

    def __init__(self, table: Table) -> None:
        """Know a table's column labels; there is no head yet."""
        self.table = table
        self.rows: list[GridRow] = []
        self.open = False
        self.findings: list[Finding] = []
        self._told: set[str] = set()
        self._found: dict[Block, dict[str, int]] = {}
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

    def clear(self) -> None:
        """A new band begins: what stood above holds no longer."""
        self.rows, self.open = [], False
        self._found = {}

    def columns(self, block: Block) -> dict[str, int]:
        """Where each column of the block stands on the grid, by its key."""
        if self.open or block not in self._found:
            self._found[block] = self._columns(block)
        return self._found[block]

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
        groups = [each.columns[0].path[-2] for each in self.table.blocks]
        found = [(place, best(said(cell), groups)[0]) for head in self.rows for place, cell in origins(head)]
        nearest = max(
            ((place, group) for place, group in found if group >= 0 and place <= at), default=(0, -1)
        )
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
        fix = "改成规定的表头；读成 YAML 再生成，印的就是规定的字。再核对这些数是不是按规定的含义统计的。"
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
            fix = "请在原文件里补上表头，或读出后在 YAML 里补上这些数；没有补的按 0 计。"
            self.findings.append(fault("R05", message, [place_of(self.rows[0])], fix=fix))

    def _is_new(self, thing: str) -> bool:
        """True the first time that something is told."""
        fresh = thing not in self._told
        self._told.add(thing)
        return fresh
