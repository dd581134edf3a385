"""The workbook that a clerk fills in: shaped like the form, with live totals and both sides of every sum."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.clerk_file.sheets import (
    CONTENT,
    FIRST,
    HEADS,
    LAST,
    MORE,
    ORGAN,
    REMARKS,
    WORDS,
    Parts,
    fees_of,
    fields_of,
    figures_of,
    letters,
    name_of,
    placed,
    remark_example,
    summed,
    total_of,
)
from reportgen.model.form import CellKey, Form, Identity, Table
from reportgen.model.keys import FIELDS
from reportgen.model.layout import grid_of
from reportgen.model.report import Report
from reportgen.problems import FileTrouble

if TYPE_CHECKING:  # openpyxl takes longer to load than a report to be checked
    from openpyxl import Workbook

    from reportgen.workbook.writing import Kind, Sheet, Value

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,4}[1-9]")
"""What a number looks like that a workbook gives back as it was typed: ``12.50`` and ``010`` stay text."""

_HINT = "黄色的格子填数，其余的锁着；总计和勾稽由表格自己算，左右不相等就变红。"
_FEW = 3
"""So many names are told of a side of a sum; of more only the first and the last."""
_LINE = 15.0
"""Points that a line of text takes."""

_Side = tuple[tuple[CellKey, ...], tuple[CellKey, ...]]
"""Both sides of an equation."""
Cells = dict[tuple[int, int], tuple["Value", str]]
"""Row and column → what stands there, and its look."""
_Corners = tuple[int, int, int, int]
"""Row and column of the first cell and of the last one."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook is made of: the form, what stands in it, its title, and last year's report or None."""

    form: Form
    parts: Parts
    title: str
    last: Report | None = None


def filled_in(filled: Filled) -> bytes:
    """The workbook: the same for the same report, to the byte.

    Raises:
        FileTrouble: a paragraph is longer than a cell can hold.
    """
    from reportgen.workbook.writing import LONGEST, content_of, new_book

    texts = [text for _, text in (*filled.parts.words, *filled.parts.more)]
    texts += [*filled.parts.fields.values(), *filled.parts.cells.values(), *filled.parts.remarks.values()]
    if any(len(text) > LONGEST for text in texts):
        raise FileTrouble(f"有一段文字超过 {LONGEST} 个字，Excel 的一格放不下。请先分段，再写成 .xlsx。")
    book = new_book(filled.title)
    writing = _Writing(filled)
    writing.organ(book)
    for table in filled.form.tables:
        _TableSheet(filled.form, table, filled.parts)(book)
    writing.words(book)
    if filled.form.tables:
        writing.remarks(book)
    writing.more(book)
    if filled.last:
        for table in filled.last.form.tables:
            _last_year(book, filled.last, table)
    return content_of(book)


class _Writing:
    """One workbook while it is written, sheet by sheet."""

    def __init__(self, filled: Filled) -> None:
        self.form, self.parts, self.title = filled.form, filled.parts, filled.title

    def organ(self, book: "Workbook") -> None:
        """The organ's data, an item a row."""
        sheet = _sheet(book, ORGAN, [18, 52, 60], f"A{FIRST + 1}")
        _head(sheet, self.title, "一份年报一个工作簿。填好以后存盘，再检查；只填“内容”一列，其余不用改。", 3)
        sheet.add(HEADS[ORGAN], "head", 22)
        hints = {**_HINTS, FIELDS["level"]: f"只能是：{'、'.join(self.form.levels)}"}
        hints |= dict.fromkeys(fees_of(self.form), self.form.fee.hint if self.form.fee else "")
        hints |= {line.name: line.hint for line in self.form.lines}
        hints[FIELDS["laws"]] = f"{self.form.laws_hint}，没有就不写；一行一条（Alt+Enter 换行）"
        for word in fields_of(self.form):
            text = self.parts.fields.get(word, "")
            value = _number(text) if word == FIELDS["year"] else text or None
            row = sheet.add_cells([(word, "label"), (value, "words"), (hints.get(word, ""), "hint")])
            for key, offered in (("level", self.form.levels), ("scope", self.form.scopes)):
                if word == FIELDS[key]:
                    sheet.offer(f"B{row}", offered, f"只能填：{'、'.join(offered)}")
        sheet.protect()
        sheet.print_all(len(HEADS[ORGAN]))

    def words(self, book: "Workbook") -> None:
        """The prose, a paragraph a row; rows may be put in."""
        sheet = _sheet(book, WORDS, [24, 90, 40], f"B{FIRST + 1}")
        how = "一段写一行；一个部分有几段，就插入几行，每行前面都写部分的名称。"
        _head(sheet, "各部分的文字", how, len(HEADS[WORDS]))
        sheet.add(HEADS[WORDS], "head", 22)
        hints = {name_of(self.form, each): each.hint for each in self.form.printed_prose}
        for name, paragraph in self.parts.words:
            hint = hints.pop(name, "")
            lines = sum(-(-len(line) // 44) for line in paragraph.split("\n"))
            height = min(400.0, _LINE * max(1, lines, -(-len(hint) // 18)) + 3)
            sheet.add_cells([(name, "label"), (paragraph or None, "words"), (hint, "hint")], height)
        sheet.print_all(len(HEADS[WORDS]), (f"{FIRST}:{FIRST}", ""))

    def remarks(self, book: "Workbook") -> None:
        """What is printed behind figures."""
        sheet = _sheet(book, REMARKS, [14, 44, 18, 60], f"A{FIRST + 1}")
        how = f"{remark_example(self.form)} | 其中修订16件。没有就不用填。"
        _head(sheet, "数后面的注", how, len(HEADS[REMARKS]))
        sheet.add(HEADS[REMARKS], "head", 22)
        for key, remark in self.parts.remarks.items():
            table, row, column = self.form.index[key]
            sheet.add([table.name, row.name, column.name, remark], "words")
        sheet.print_all(len(HEADS[REMARKS]))

    def more(self, book: "Workbook") -> None:
        """All else: answers, a document's own words, the units of a roll-up."""
        deep = max([3, *(len(way) for way, _ in self.parts.more)])
        sheet = _sheet(book, MORE, [18, *[30] * (deep - 1), 80], f"A{FIRST + 1}")
        how = "例如核对检查提出的句子：核对 | N09 | （句子，可以不写） | 理由。没有就不用填。"
        _head(sheet, MORE, how, deep + 1)
        sheet.add(
            ["项目", *[f"第{level}层" for level in "二三四五六七八九"[: deep - 1]], CONTENT], "head", 22
        )
        for way, text in self.parts.more:
            sheet.add([*way, *[""] * (deep - len(way)), text], "words")
        sheet.print_all(deep + 1)


_HINTS = {
    FIELDS["kind"]: "各张工作表是照这个文种的，不要改",
    FIELDS["organ"]: "机关全称，必填",
    FIELDS["short"]: "正文里的简称，不写就用全称",
    FIELDS["scope"]: "只报本机关的数，还是各单位相加的数",
    FIELDS["year"]: "数据所属的年份，必填",
    FIELDS["date"]: "必填，写成 2026-01-29 这样",
    FIELDS["phone"]: "对外公布的办公电话",
}


class _TableSheet:
    """The sheet of one table: the printed grid, and the sums that must balance beside and under it."""

    def __init__(self, form: Form, table: Table, parts: Parts) -> None:
        self.form, self.table, self.parts = form, table, parts
        self.at = figures_of(table)
        self.cells, self.merged = _laid(table, self._figure)
        self.red: list[tuple[str, str]] = []

    def __call__(self, book: "Workbook") -> None:
        """Write the sheet."""
        grid = grid_of(self.table)
        below, beside = FIRST + grid.rows + 1, _across(self.table) + 2
        for block in self.table.blocks:
            for identity in block.identities:
                sides = list(identity.equations(block))
                if identity.axis == "rows" or self.table.arrangement == "beside":
                    below = self._under(identity, sides, below)
                else:
                    beside = self._beside(identity, sides, beside)
        widths = _widths(self.table, beside - 1)
        corner = f"{letters(max(self.table.stub_columns, 1) + 1)}{FIRST + grid.head if grid.head else FIRST}"
        self._write(_sheet(book, self.table.name, widths, corner), widths)

    def _figure(self, key: CellKey) -> tuple["Value", str]:
        from reportgen.workbook.writing import Formula

        typed = self.parts.cells.get(key)
        if typed is None:
            return Formula(total_of(self.form, key, self.at)), "total"
        return _number(typed), "total" if key in self.form.parts else "input"

    def _under(self, identity: Identity, sides: Sequence[_Side], row: int) -> int:
        """Three rows under the table: both sides, and whether they are equal, in the column of each sum.

        Returns:
            The next free row.
        """
        names = self._names(identity, sides[0])
        says = (f"{identity.code}：{names[0]}", names[1], "是否相等")
        for offset, said in enumerate(says):
            self.cells[row + offset, 1] = (said, "label")
            if self.table.stub_columns > 1:
                self.merged.append((row + offset, 1, row + offset, self.table.stub_columns))
        for both in sides:
            column = self.at[both[0][0]][1]
            places = [(row + offset, column) for offset in range(3)]
            self._equation(both, places)
        return row + 4 if self.table.stub_columns else row + 3

    def _beside(self, identity: Identity, sides: Sequence[_Side], column: int) -> int:
        """Three columns beside the table. Returns the next free column."""
        names = self._names(identity, sides[0])
        head = min(self.at[both[0][0]][0] for both in sides) - 1
        for offset, said in enumerate((f"{identity.code}：{names[0]}", names[1], "是否相等")):
            self.cells[head, column + offset] = (said, "head")
        for both in sides:
            row = self.at[both[0][0]][0]
            self._equation(both, [(row, column + offset) for offset in range(3)])
        return column + 3

    def _equation(self, both: _Side, places: Sequence[tuple[int, int]]) -> None:
        from reportgen.workbook.writing import Formula

        names = [f"{letters(column)}{row}" for row, column in places]
        differ = f"ROUND({names[0]}-{names[1]},6)<>0"
        formulas = [f"={summed(both[0], self.at)}", f"={summed(both[1], self.at)}"]
        formulas.append(f'=IF({differ},"差"&ROUND({names[0]}-{names[1]},6),"相等")')
        for place, name, formula in zip(places, names, formulas, strict=True):
            self.cells[place] = (Formula(formula), "total")
            absolute = re.sub(r"([A-Z]+)([0-9]+)(?=[-,])", r"$\1$\2", differ)
            self.red.append((name, absolute))

    def _names(self, identity: Identity, both: _Side) -> tuple[str, str]:
        """What both sides of a sum are called."""
        said = []
        for keys in both:
            table = [self.form.index[key] for key in keys]
            words = [row.name if identity.axis == "rows" else column.name for _, row, column in table]
            said.append("＋".join(words) if len(words) <= _FEW else f"{words[0]} 至 {words[-1]} 之和")
        if identity.axis == "columns" and self.table.arrangement == "beside":
            said[0] = f"{self.form.index[both[0][0]][1].name}·{said[0]}"
        return said[0], said[1]

    def _write(self, sheet: "Sheet", widths: Sequence[float]) -> None:
        _head(sheet, self.form.headings[self.table.chapter - 1], _HINT, _across(self.table))
        heights = self._heights(widths)
        for row in range(FIRST, max(row for row, _ in self.cells) + 1):
            line = [self.cells.get((row, column), (None, "")) for column in range(1, len(widths) + 1)]
            sheet.add_cells(line, heights.get(row, _LINE + 3))
        for corners in self.merged:
            sheet.merge(*corners)
        for cells, formula in self.red:
            sheet.redden(cells, formula)
        self._restrict(sheet)
        sheet.protect()
        sheet.print_all(len(widths))

    def _heights(self, widths: Sequence[float]) -> dict[int, float]:
        """How high rows must be for their labels; a label over several rows shares them."""
        heights: dict[int, float] = {}
        for each in placed(self.table):
            width = sum(widths[each.column - 1 : each.column - 1 + each.cell.columns])
            lines = -(-2 * len(each.cell.text) // max(1, int(width) - 1)) / each.cell.rows
            for row in range(each.row, each.row + each.cell.rows):
                heights[row] = max(heights.get(row, 0.0), _LINE * max(1.0, lines) + 3)
        for (row, column), (value, look) in self.cells.items():
            if look in ("label", "head") and isinstance(value, str) and not self._is_printed(row, column):
                many = self.table.stub_columns if column == 1 else 1
                width = sum(widths[column - 1 : column - 1 + max(1, many)])
                lines = -(-2 * len(value) // max(1, int(width) - 1))
                heights[row] = max(heights.get(row, 0.0), _LINE * lines + 3)
        return heights

    def _is_printed(self, row: int, column: int) -> bool:
        first = 0 if self.table.stub_columns else 1
        return row < FIRST + grid_of(self.table).rows and first < column <= _across(self.table)

    def _restrict(self, sheet: "Sheet") -> None:
        """Counts are whole numbers from 0, amounts numbers from 0, changes whole numbers of any sign."""
        kinds: dict[str, tuple[Kind, int | None, str]] = {
            "count": ("whole", 0, "这里填 0 或正整数。要加注的，写在“注”这张表里。"),
            "amount": ("decimal", 0, "这里填 0 或正数，可以有小数。"),
            "change": ("whole", None, "这里填整数，减少的写负数。"),
        }
        for kind, (type_, least, says) in kinds.items():
            names = [
                f"{letters(column)}{row}"
                for key, (row, column) in self.at.items()
                if self.form.index[key][2].kind == kind and key not in self.form.parts
            ]
            if names:
                sheet.allow(names, type_, least, says)


def _last_year(book: "Workbook", last: Report, table: Table) -> None:
    """Write last year's figures of one table, as they were printed: for looking at."""
    width = _across(table)
    sheet = _sheet(book, f"{LAST} {table.name}", _widths(table, width))
    _head(sheet, f"{last.year}年度的“{table.name}”", "供对照，不读入。", width)
    cells, merged = _laid(table, lambda key: (_number(last.cells[key].text), "figure"))
    for corners in merged:
        sheet.merge(*corners)
    for row in range(FIRST, FIRST + grid_of(table).rows):
        sheet.add_cells([cells.get((row, column), (None, "")) for column in range(1, width + 1)])
    sheet.protect()
    sheet.print_all(width)


def _laid(table: Table, figure: Callable[[CellKey], tuple["Value", str]]) -> tuple[Cells, list[_Corners]]:
    """The printed grid: labels, figures as they are given, and what takes several cells."""
    cells: Cells = {}
    merged: list[_Corners] = []
    for each in placed(table):
        cell = each.cell
        look = "label" if cell.role == "label" else "head"
        value, look = figure(cell.key) if cell.key else (cell.text, look)
        corners = (each.row, each.column, each.row + cell.rows - 1, each.column + cell.columns - 1)
        for row in range(corners[0], corners[2] + 1):
            for column in range(corners[1], corners[3] + 1):
                cells[row, column] = (None, look)
        cells[each.row, each.column] = (value, look)
        merged.append(corners)
    return cells, merged


def _across(table: Table) -> int:
    """The columns of a table's sheet that are the form's, with the one for labels that each has."""
    return grid_of(table).columns + (0 if table.stub_columns else 1)


def _widths(table: Table, columns: int) -> list[float]:
    """How wide the columns are: of several with row labels the last one holds the longest."""
    many = table.stub_columns
    stubs = [*[13.0] * (many - 1), 34.0] if many > 1 else [26.0]
    return [*stubs, *[11.0] * (columns - len(stubs))]


def _head(sheet: "Sheet", title: str, hint: str, columns: int) -> None:
    """The two rows above the labels: a title, and what to do."""
    for text, look, height in ((title, "title", 26.0), (hint, "hint", 2 * _LINE)):
        row = sheet.add([text], look, height)
        sheet.merge(row, 1, row, columns)


def _sheet(book: "Workbook", name: str, widths: Sequence[float], frozen: str = "") -> "Sheet":
    from reportgen.workbook.writing import Sheet

    return Sheet(book, name, widths, frozen)


def _number(text: str) -> "Value":
    """A number where a workbook gives it back as it was typed; else the text; None for nothing."""
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text or None
