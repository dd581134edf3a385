"""What stands in the workbook of a roll-up, sheet by sheet."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportgen.model.form import CellKey, Column, Form, Identity, Row, Table
from reportgen.model.layout import PrintedCell, grid_of
from reportgen.model.report import Report
from reportgen.model.units import Unit, Units
from reportgen.problems import Finding
from reportgen.safe.unpacking import BROKEN, TooBig, parts_of

if TYPE_CHECKING:  # openpyxl takes longer to load than a report to be checked
    from reportgen.workbook.writing import Sheet

_FORM, _HANDED_IN, _FINDINGS, _CHANGE, _CHARTS = "年报", "报送情况", "问题", "同比", "图"
_HEADS = 3
"""Rows above the sum in a sheet of units: the title, and two of labels."""
_SUM = _HEADS + 1
_NAMES = 2
"""Columns before the figures: number and name."""
_FINE = 60
"""Narrow columns of the sheet that looks like the form: its tables have different numbers of columns."""
_MOST_BARS = 20
_ROW = 0.5
"""Centimetres that a row takes, rather less than more."""
_A_PAGE = 14
"""Columns of figures on one page: two rows of table three."""
_LARGEST = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook is made of: the units, their report, what was found, and last year's report or None."""

    units: Units
    report: Report
    findings: tuple[Finding, ...] = ()
    last: Report | None = None


def made(book: Book) -> bytes:
    """The workbook: the form, a sheet of all units for each table, findings, who handed in, and charts."""
    return _Writing(book).content()


def is_untouched(content: bytes) -> bool:
    """True for a workbook of ours that no other program has saved since."""
    from reportgen.workbook.writing import is_ours

    try:
        return is_ours(parts_of(content, _LARGEST))
    except (TooBig, *BROKEN, zipfile.LargeZipFile, SyntaxError, TypeError, AttributeError):
        return False


class _Writing:
    """One workbook while it is written; where each cell's sum stands is known before."""

    def __init__(self, book: Book) -> None:
        from reportgen.workbook.writing import new_book

        self.report, self.units, self.last = book.report, book.units, book.last
        self.findings = book.findings
        self.form = book.units.form
        self.title = self.form.usual_title(book.report.organ.name, book.report.year)
        self.book = new_book(self.title)
        self.names = {table.key: f"表{_NUMBERS[table.chapter]} {table.name}" for table in self.form.tables}
        self.at = {
            key: (self.names[table.key], at)
            for table in self.form.tables
            for at, (key, _, _) in enumerate(table.cells(), _NAMES + 1)
        }

    def content(self) -> bytes:
        """The bytes of the whole."""
        from reportgen.workbook.writing import content_of

        self._form()
        for table in self.form.tables:
            self._table(table)
        self._handed_in()
        self._findings()
        if self.last is not None and self.last.form is self.form:
            self._change(self.last)
        self._charts()
        return content_of(self.book)

    def _sheet(
        self, name: str, widths: Sequence[float], frozen: str = "", breaks: Sequence[int] = ()
    ) -> "Sheet":
        from reportgen.workbook.writing import Sheet

        return Sheet(self.book, name, widths, frozen, breaks)

    def _sum(self, key: CellKey, row: int = _SUM) -> str:
        """The cell where a cell of the form is added up, or where one unit's stands, as formulas name it."""
        from reportgen.workbook.writing import referring

        name, column = self.at[key]
        return referring(name, column, row)

    # ── the printed form ─────────────────────────────────────────────────────────────────────────────

    def _form(self) -> None:
        from reportgen.workbook.writing import Formula

        sheet = self._sheet(_FORM, [1.6] * _FINE)
        sheet.merge(1, 1, 1, _FINE)
        sheet.add([self.title], "title", 30)
        for table in self.form.tables:
            sheet.add([])
            top = sheet.add([self.form.headings[table.chapter - 1]], "title", 26)
            sheet.merge(top, 1, top, _FINE)
            for row in _printed(table):
                cells: list[tuple[Any, str]] = [(None, "label")] * _FINE
                for cell, left, right in row.cells:
                    look = "label" if cell.role == "label" else "figure" if cell.key else "head"
                    value = Formula(f"={self._sum(cell.key)}") if cell.key else cell.text
                    cells[left - 1] = (value, look)
                    sheet.merge(top + cell.row, left, top + cell.row + cell.rows - 1, right)
                sheet.add_cells(cells, row.height)
        sheet.print_all(_FINE)

    # ── a table with a row for each unit ─────────────────────────────────────────────────────────────

    def _table(self, table: Table) -> None:
        from reportgen.workbook.writing import Formula

        cells = list(table.cells())
        width = _NAMES + len(cells)
        breaks = range(_NAMES + _A_PAGE, width, _A_PAGE)
        widths = [6, 30, *[9] * len(cells)]
        sheet = self._sheet(self.names[table.key], widths, f"C{_SUM + 1}", breaks)
        sheet.add([f"{self.title}  {table.name}：各单位的数与合计"], "title", 26)
        self._labels(sheet, table, cells)
        last = _SUM + max(1, len(self.units.counted))
        columns = (self.at[key][1] for key, _, _ in cells)
        sums = [Formula(f"=SUM({_range(column, _SUM + 1, last)})") for column in columns]
        sheet.add([None, f"合计（{len(self.units.counted)} 个单位）", *sums], "sum", 22)
        first = self.units.at[cells[0][0]]
        for number, unit in enumerate(self.units.counted, 1):
            sheet.add([number, unit.identity, *unit.values[first : first + len(cells)]])
        sheet.print_all(width, (f"2:{_SUM}", "A:B"))

    def _labels(self, sheet: "Sheet", table: Table, cells: Sequence[tuple[CellKey, Row, Column]]) -> None:
        """Two rows of labels: what the row of the form is called, and under it its columns."""
        rows = [row.name or table.name for _, row, _ in cells]
        sheet.add(["序号", "单位", *rows], "head", 42)
        units = [
            f"{column.name}（{column.unit}）" if column.kind == "amount" else column.name
            for _, _, column in cells
        ]
        sheet.add([None, None, *units], "head", 42)
        for column in (1, 2):
            sheet.merge(2, column, _HEADS, column)
        at = _NAMES + 1
        for _, group in groupby(rows):
            many = len(list(group))
            sheet.merge(2, at, 2, at + many - 1)
            at += many

    # ── lists ────────────────────────────────────────────────────────────────────────────────────────

    def _handed_in(self) -> None:
        sheet = self._sheet(_HANDED_IN, [30, 26, 14, 14, 10, 50], "A3")
        sheet.add([f"{self.units.year}年度报送情况"], "title", 26)
        sheet.add(["单位", "情况", "成文日期", "截止日期", "错误数", "文件"], "head", 24)
        due = {each.name: each.due for each in self.units.roster or ()}
        for each in self.units.missing:
            sheet.add([each.name, "缺报", "", _day(each.due), None, ""])
        for file, why in self.units.unread:
            sheet.add(["", "没有读成年报", "", "", None, f"{file}：{why}"])
        handed_in = [(left.unit, f"没有计入：{left.why}") for left in self.units.left]
        late = {id(unit) for unit, _ in self.units.late}
        handed_in += [(unit, "已计入") for unit in self.units.counted]
        for unit, how in handed_in:
            said = f"{how}，迟报" if id(unit) in late else how
            days = (_day(unit.dated), _day(due.get(unit.identity)))
            sheet.add([unit.identity, said, *days, len(unit.errors), unit.file])
        sheet.print_all(6, ("2:2", ""))

    def _findings(self) -> None:
        sheet = self._sheet(_FINDINGS, [8, 8, 60, 40, 40, 60], "A3")
        sheet.add([f"{self.title}：汇总时发现的问题"], "title", 26)
        sheet.add(["程度", "编号", "问题", "应为", "实际", "怎么改"], "head", 24)
        for each in self.findings:
            words = (each.level.chinese, each.code, each.message, each.expected, each.found, each.fix)
            sheet.add(words, "plain")
        if not self.findings:
            sheet.add(["", "", "没有发现问题"])
        sheet.print_all(6, ("2:2", ""))

    def _change(self, last: Report) -> None:
        from reportgen.workbook.writing import Formula

        sheet = self._sheet(_CHANGE, [60, 14, 14, 14, 12], "A3")
        sheet.add([f"{last.year}年度与{self.units.year}年度相比"], "title", 26)
        sheet.add(["项目", f"{last.year}年度", f"{self.units.year}年度", "增减", "增减比例"], "head", 24)
        for key in self.form.index:
            before = last.value(*key)
            if before or self.units.totals[key]:
                row = sheet.rows + 1
                now, more = Formula(f"={self._sum(key)}"), Formula(f"=C{row}-B{row}")
                rate = Formula(f"=D{row}/B{row}") if before else "—"
                figures = [(value, "") for value in (self.form.label(key), before, now, more)]
                sheet.add_cells([*figures, (rate, "rate")])
        sheet.print_all(5, ("2:2", ""))

    # ── charts ───────────────────────────────────────────────────────────────────────────────────────

    def _charts(self) -> None:
        """The units with most applications, and the applications by result; figures beside the charts."""
        from reportgen.workbook.writing import Formula

        sheet = self._sheet(_CHARTS, [34, 12, 4, *[9] * 13])
        new = next((key for key in self.form.index if key == ("new", "total")), None)
        sheet.add([f"{self.title}：图"], "title", 26)
        if new is not None:
            bars = list(_largest(self.units, new))
            self._chart(
                sheet, "各单位新收申请（件）", [(unit.identity, self._sum(new, at)) for unit, at in bars]
            )
        kinds = [(name, "+".join(map(self._sum, keys))) for name, keys in _kinds(self.form)]
        if kinds:
            self._chart(sheet, "申请的办理结果（件）", kinds)
        sheet.add(
            [Formula('="单位较多时，只画新收申请最多的 20 个。"')]
            if len(self.units.counted) > _MOST_BARS
            else []
        )
        sheet.print_all(16)

    def _chart(self, sheet: "Sheet", title: str, bars: Sequence[tuple[str, str]]) -> None:
        from openpyxl.chart import BarChart, Reference
        from openpyxl.chart.label import DataLabelList

        from reportgen.workbook.writing import Formula

        top = sheet.add([title, "件数"], "head", 20)
        for name, reckoned in bars:
            sheet.add([name, Formula(f"={reckoned}")])
        if not bars:
            return
        height = max(8.0, 0.6 * len(bars) + 2)
        while sheet.rows < top + height / _ROW:  # the next chart stands below this one
            sheet.add([])
        chart: Any = BarChart()
        chart.type, chart.style, chart.title, chart.legend = "bar", 10, title, None
        chart.height, chart.width = height, 20.0
        chart.gapWidth = 40
        chart.x_axis.scaling.orientation = "maxMin"  # the first bar on top
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.y_axis.crosses = "max"  # and the scale below the last
        chart.y_axis.numFmt, chart.y_axis.majorGridlines = "0", None
        sides = sheet.for_reference
        chart.add_data(Reference(sides, min_col=2, min_row=top + 1, max_row=top + len(bars)))
        chart.set_categories(Reference(sides, min_col=1, min_row=top + 1, max_row=top + len(bars)))
        chart.dataLabels = DataLabelList(
            showVal=True, showSerName=False, showCatName=False, showLegendKey=False
        )
        sheet.add_chart(chart, f"D{top}")


_NUMBERS = "〇一二三四五六七八九"


def _range(column: int, first: int, last: int) -> str:
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(column)
    return f"{letter}{first}:{letter}{last}"


def _day(day: object) -> str:
    return str(day) if day else ""


def _largest(units: Units, key: CellKey) -> Iterator[tuple[Unit, int]]:
    """The units with the largest figures in a cell, and the rows of a sheet of units where they stand."""
    at = units.at[key]
    rows = [(unit, row) for row, unit in enumerate(units.counted, _SUM + 1) if unit.values[at]]
    yield from sorted(rows, key=lambda part: (-part[0].values[at], part[1]))[:_MOST_BARS]


def _kinds(form: Form) -> Iterator[tuple[str, tuple[CellKey, ...]]]:
    """The results of applications by kind, as their total adds them up: ``不予公开`` has eight rows."""
    for table in form.tables:
        for block in table.blocks:
            names = {row.key: row.names[0] for row in block.rows}
            for identity in filter(_adds_results, block.identities):
                for name, rows in groupby(identity.right, key=lambda row: names[row]):
                    yield name, tuple(CellKey(row, block.columns[-1].key) for row in rows)


def _adds_results(identity: Identity) -> bool:
    return identity.axis == "rows" and len(identity.left) == 1


# ── where a printed table stands among many narrow columns ───────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _PrintedRow:
    """A row of a printed table: its cells with their first and last narrow columns, and its height in pt."""

    cells: tuple[tuple[PrintedCell, int, int], ...]
    height: float


_LINE = 16.0
"""Points that a line of text takes."""
_STUB = 2.2
"""How much wider a column of row labels is than one of figures."""


def _printed(table: Table) -> Iterator[_PrintedRow]:
    grid = grid_of(table)
    weights = [_STUB if at < table.stub_columns else 1.0 for at in range(grid.columns)]
    ends = [round(_FINE * sum(weights[: at + 1]) / sum(weights)) for at in range(grid.columns)]
    edges = [0, *ends]
    for row in range(1, grid.rows + 1):
        cells = tuple(
            (cell, edges[cell.column - 1] + 1, edges[cell.column + cell.columns - 1])
            for cell in grid.cells
            if cell.row == row
        )
        lines = [
            -(-len(cell.text) // max(1, int((right - left + 1) * 0.85))) / cell.rows
            for cell, left, right in cells
        ]
        yield _PrintedRow(cells, max(1.25, *lines, 0) * _LINE)
