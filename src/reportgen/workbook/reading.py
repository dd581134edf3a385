"""The rows of somebody's workbook, as text."""

import io
import warnings
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import iterparse

from reportgen.safe.unpacking import BROKEN
from reportgen.safe.workbook import NotOpened, ensure_plain

if TYPE_CHECKING:
    from openpyxl import Workbook

Rows = tuple[tuple[str, ...], ...]
MOST_ROWS, MOST_COLUMNS = 20_000, 50
"""So much of a sheet is read: a province has fewer units, and a roster few columns."""


class NoWorkbook(ValueError):
    """A file is no workbook, or cannot be opened; ``str()`` is a Chinese sentence."""


def rows_of(content: bytes) -> Rows:
    """The first sheet, row by row; a day as ``2026-01-20``, an empty cell as an empty text.

    Raises:
        NoWorkbook: it is none, a broken or locked one, one with programs, or far too big.
    """
    return next(iter(sheets_of(content, 1).values()), ())


def sheets_of(content: bytes, most: int = 40) -> dict[str, Rows]:
    """The first sheets by their names, row by row, as ``rows_of`` gives them.

    Raises:
        NoWorkbook: it is none, a broken or locked one, one with programs, or far too big.
    """
    try:
        ensure_plain(content)
        return _sheets(content, most)
    except NotOpened as error:
        raise NoWorkbook(f"{error}{error.fix}") from error
    except (
        *BROKEN,
        SyntaxError,
        TypeError,
        AttributeError,
        IndexError,
    ) as error:  # whatever a damaged one does
        raise NoWorkbook(
            "这不是能打开的 .xlsx 工作簿，可能有密码、已经损坏，或者是旧的 .xls。请另存为 .xlsx。"
        ) from error


def _sheets(content: bytes, most: int) -> dict[str, Rows]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out
        book = _opened(content)
        return {str(sheet.title): _rows(sheet) for sheet in book.worksheets[:most]}


def _opened(content: bytes) -> "Workbook":
    """The workbook, for reading row by row, with what formulas gave when it was saved."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.xml.constants import SHARED_STRINGS

    class Reader(ExcelReader):
        """openpyxl makes a dozen objects of each run of letters; LibreOffice saves every text in several."""

        def read_strings(self) -> None:
            if part := self.package.find(SHARED_STRINGS):  # type: ignore[no-untyped-call]
                with self.archive.open(part.PartName[1:]) as strings:
                    self.shared_strings = _texts(strings)

    reader = Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.read()
    book: Workbook = reader.wb
    return book


def _texts(strings: IO[bytes]) -> list[str]:
    """The texts that cells share, without their looks and without what tells how they are pronounced."""
    from openpyxl.xml.constants import SHEET_MAIN_NS

    item, run, text = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))
    found = []
    for _, node in iterparse(strings):
        if node.tag == item:
            parts = [*node.findall(text), *node.findall(f"{run}/{text}")]
            found.append("".join(part.text or "" for part in parts).replace("x005F_", ""))
            node.clear()
    return found


def _rows(sheet: Any) -> Rows:
    rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
    texts = [tuple(map(_text, _without_end(row))) for row in rows]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _without_end(cells: Sequence[object]) -> Sequence[object]:
    """The cells without the empty ones at the end, of which a sheet may claim any number."""
    used = len(cells)
    while used and cells[used - 1] in (None, ""):
        used -= 1
    return cells[:used]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
