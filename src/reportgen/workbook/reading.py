"""The rows of the first sheet of somebody's workbook, as text."""

import io
import warnings
import zipfile
from datetime import date, datetime

from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest

_LARGEST = 64 * 1024 * 1024
"""Bytes of all parts of a workbook together."""
MOST_ROWS, MOST_COLUMNS = 20_000, 50
"""So much of a sheet is read: a province has fewer units, and a roster few columns."""


class NoWorkbook(ValueError):
    """A file is no workbook, or cannot be opened; ``str()`` is a Chinese sentence."""


def rows_of(content: bytes) -> tuple[tuple[str, ...], ...]:
    """The first sheet, row by row; a day as ``2026-01-20``, an empty cell as an empty text.

    Raises:
        NoWorkbook: it is none, a broken or locked one, or far too big.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            ensure_modest(archive, _LARGEST)
        return _rows(content)
    except TooBig as error:
        raise NoWorkbook("这个工作簿太大，不像一份单位名单。") from error
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


def _rows(content: bytes) -> tuple[tuple[str, ...], ...]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
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
