"""The rows of somebody's workbook, as text."""

import io
import warnings
from datetime import date, datetime
from typing import Any

from reportgen.safe.unpacking import BROKEN
from reportgen.safe.workbook import NotOpened, ensure_plain

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
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        return {str(sheet.title): _rows(sheet) for sheet in book.worksheets[:most]}


def _rows(sheet: Any) -> Rows:
    rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
    texts = [_without_end([_text(value) for value in row]) for row in rows]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _without_end(cells: list[str]) -> tuple[str, ...]:
    """The cells without the empty ones at the end, of which a sheet may claim any number."""
    used = max((at for at, text in enumerate(cells, 1) if text), default=0)
    return tuple(cells[:used])


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
