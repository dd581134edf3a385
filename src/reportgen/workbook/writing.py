"""How a sheet is written: row by row, with official fonts, and text that stays text."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.xml.functions import fromstring, tostring

from reportgen.safe.packing import packed
from reportgen.safe.unpacking import parts_of

CORE = "docProps/core.xml"
"""The part that says who wrote a workbook and when: every program that saves it writes a new one."""

_LARGEST = 1024 * 1024 * 1024
_WRITTEN = datetime(2000, 1, 1)
"""The day on which every workbook of ours says it was written: the same figures give the same bytes."""
_LIKE_FORMULAS = ("=", "+", "-", "@")
LONGEST = 32_767
"""Characters that a cell holds."""

_SONG, _HEI = "宋体", "黑体"
_EDGE = Side(style="thin", color="808080")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_TOP = Alignment(horizontal="left", vertical="top", wrap_text=True)
_OPEN = Protection(locked=False)
_YELLOW = PatternFill("solid", start_color="FFFBE6", end_color="FFFBE6")
_RED = PatternFill("solid", start_color="FF9999", end_color="FF9999")
_GREY = PatternFill("solid", start_color="E7E6E6", end_color="E7E6E6")

_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font": Font(name=_HEI, size=16), "alignment": Alignment(vertical="center")},
    "head": {"font": Font(name=_HEI, size=10), "alignment": _CENTRE, "border": _BOX, "fill": _GREY},
    "sum": {"font": Font(name=_SONG, size=11, bold=True), "border": _BOX, "fill": _GREY},
    "label": {"font": Font(name=_SONG, size=10), "alignment": _LEFT, "border": _BOX},
    "figure": {"font": Font(name=_SONG, size=11), "alignment": _CENTRE, "border": _BOX},
    "rate": {"font": Font(name=_SONG, size=11), "number_format": "0.0%"},
    "plain": {"alignment": Alignment(vertical="top", wrap_text=True)},
    "input": {
        "font": Font(name=_SONG, size=11),
        "alignment": _CENTRE,
        "border": _BOX,
        "fill": _YELLOW,
        "protection": _OPEN,
    },
    "words": {
        "font": Font(name=_SONG, size=11),
        "alignment": _TOP,
        "border": _BOX,
        "fill": _YELLOW,
        "protection": _OPEN,
        "number_format": "@",
    },
    "hint": {"font": Font(name=_SONG, size=10, color="595959"), "alignment": _TOP},
    "total": {"font": Font(name=_SONG, size=11, bold=True), "alignment": _CENTRE, "border": _BOX},
}
"""What a cell may look like, by name."""

_A4 = 9
"""Excel's number of the paper."""
_UPRIGHT = 115
"""A sheet that is wider, in characters, is printed across."""
_SMALL = 62
"""Per cent of its size in which a sheet of units is printed: fourteen columns to a page."""

Value = str | int | Decimal | None
Kind = Literal["whole", "decimal"]
"""What numbers a cell may take."""


class Formula(str):
    """A text that the reader's program reckons."""


class Sheet:
    """A sheet while it is written; its widths and frozen head are set before its first row."""

    def __init__(
        self, book: Workbook, name: str, widths: Sequence[float], frozen: str = "", breaks: Sequence[int] = ()
    ) -> None:
        """Begin a sheet.

        Args:
            book: the workbook.
            name: of the sheet.
            widths: of its columns, in characters.
            frozen: the cell above and before which everything stays in sight; empty where nothing does.
            breaks: the columns behind which a page ends; without any, all columns are fitted onto one page.
        """
        self.name = name
        self.rows = 0
        self._sheet = book.create_sheet(name)
        self._set_page(upright=sum(widths) <= _UPRIGHT, breaks=breaks)
        for at, width in enumerate(widths, 1):
            self._sheet.column_dimensions[get_column_letter(at)].width = width
        if frozen:
            self._sheet.freeze_panes = frozen

    def _set_page(self, *, upright: bool, breaks: Sequence[int]) -> None:
        setup = self._sheet.page_setup
        setup.paperSize = _A4
        setup.orientation = "portrait" if upright else "landscape"
        self._sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
        if breaks:
            setup.scale = _SMALL
            for column in breaks:
                self._sheet.col_breaks.append(Break(id=column))
        else:
            self._sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            setup.fitToWidth, setup.fitToHeight = 1, 0

    def add(self, values: Sequence[Value], look: str = "", height: float = 0) -> int:
        """A row of cells of one look; of plain numbers and texts without one.

        Returns:
            Its number, from 1.
        """
        return self.add_cells([(value, look) for value in values], height)

    def add_cells(self, cells: Sequence[tuple[Value, str]], height: float = 0) -> int:
        """A row of cells, each with its look."""
        self.rows += 1
        if height:
            self._sheet.row_dimensions[self.rows].height = height
        self._sheet.append([self._cell(value, look) for value, look in cells])
        return self.rows

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Make one cell of several, counted from 1."""
        if (top, left) != (bottom, right):
            corners = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            self._sheet.merged_cells.add(corners)

    def print_all(self, columns: int, titles: tuple[str, str] = ("", "")) -> None:
        """Print all rows of the first columns; these rows and columns on every page."""
        self._sheet.print_area = f"A1:{get_column_letter(columns)}{max(self.rows, 1)}"
        self._sheet.print_title_rows, self._sheet.print_title_cols = (title or None for title in titles)

    def protect(self) -> None:
        """Lock every cell that is not for typing in; without a password, so that anybody may unlock them."""
        self._sheet.protection.sheet = True
        self._sheet.protection.formatColumns = self._sheet.protection.formatRows = False

    def allow(self, cells: Sequence[str], kind: Kind, least: int | None = 0, says: str = "") -> None:
        """Let cells take numbers only.

        Args:
            cells: by their names: ``C5``, ``C5:H30``.
            kind: ``whole`` or ``decimal``.
            least: the smallest number; None where any will do.
            says: what a clerk is told who types anything else.
        """
        lowest = -(10**15) if least is None else least
        rule = DataValidation(
            type=kind, operator="greaterThanOrEqual", formula1=str(lowest), allow_blank=True
        )
        self._validate(rule, cells, says)

    def offer(self, cell: str, words: Sequence[str], says: str) -> None:
        """Let a cell take one of some words, offered as a list."""
        self._validate(
            DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True), [cell], says
        )

    def _validate(self, rule: DataValidation, cells: Sequence[str], says: str) -> None:
        rule.sqref = MultiCellRange(" ".join(cells))
        rule.showErrorMessage = True
        rule.errorTitle, rule.error = "请检查", says
        self._sheet.data_validations.append(rule)

    def redden(self, cells: str, formula: str) -> None:
        """Show cells in red where a formula is true."""
        rule: Any = FormulaRule  # openpyxl has no types for it
        self._sheet.conditional_formatting.add(cells, rule(formula=[formula], fill=_RED))

    def add_chart(self, chart: object, at: str) -> None:
        """Put a chart with its corner at a cell."""
        self._sheet.add_chart(chart, at)

    @property
    def for_reference(self) -> Any:
        """What charts refer to."""
        return self._sheet

    def _cell(self, value: Value, look: str) -> Any:
        if isinstance(value, str) and not isinstance(value, Formula):
            return self._text(value, look)
        if not look:
            return value
        cell: Any = WriteOnlyCell(self._sheet)
        cell.value = value
        return _dressed(cell, look)

    def _text(self, value: str, look: str) -> Any:
        """Text that stays text, whatever it begins with, without signs that no workbook may hold."""
        clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
        if not look and not clean.startswith(_LIKE_FORMULAS):
            return clean
        cell = WriteOnlyCell(self._sheet, clean)
        cell.data_type = "s"
        cell.quotePrefix = clean.startswith(_LIKE_FORMULAS)
        return _dressed(cell, look)


def _dressed(cell: Any, look: str) -> Any:
    for name, value in _LOOKS.get(look, {}).items():
        setattr(cell, name, value)
    return cell


def referring(sheet: str, column: int, row: int) -> str:
    """A cell of another sheet as formulas name it."""
    return f"'{sheet.replace(chr(39), chr(39) * 2)}'!{get_column_letter(column)}{row}"


def new_book(title: str) -> Workbook:
    """An empty workbook whose text is in an official font."""
    book = Workbook(write_only=True)
    held: Any = book  # the fonts of cells without a look are its first
    held._fonts = IndexedList([Font(name=_SONG, size=11)])
    book.calculation.fullCalcOnLoad = True
    book.properties = _properties(title)
    return book


def content_of(book: Workbook) -> bytes:
    """The bytes of a workbook: the same for the same cells, on every day."""
    held = io.BytesIO()
    book.save(held)
    parts = parts_of(held.getvalue(), _LARGEST)
    properties = book.properties
    return packed({**parts, CORE: _core((properties and properties.title) or "")})


def title_of(core: bytes) -> str:
    """The title that the core part of a workbook says; empty where it says none."""
    tree: Any = fromstring(core)
    properties: Any = DocumentProperties.from_tree(tree)
    return properties.title or ""


def is_ours(parts: Mapping[str, bytes]) -> bool:
    """True for the parts of a workbook that nobody saved since it was written here."""
    return CORE in parts and parts[CORE] == _core(title_of(parts[CORE]))


def _properties(title: str) -> DocumentProperties:
    return DocumentProperties(
        creator="reportgen", title=title, created=_WRITTEN, modified=_WRITTEN, lastModifiedBy="reportgen"
    )


def _core(title: str) -> bytes:
    written: Any = tostring(_properties(title).to_tree())
    return bytes(written)
