"""What stands on the pages of a PDF: characters and ruled lines with their places, in points. By pdfium."""

import ctypes
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_MOST_PAGES, _MOST_DRAWN = 100, 20_000
"""Pages, and rules on all of them."""

_MOST_SIGNS, _MOST_RULES = 20_000, 3_000
"""On one page; no report has so many."""

_DEEPEST = 8
_THIN, _SHORT = 2.5, 4.0
"""Points: a rule is drawn as a line, or as a box so thin; what is shorter is no rule."""

_SLANT = 0.1
_INVISIBLE = 3
"""Radians by which a line of characters may be turned; how text is drawn that only a search finds."""

_HIGH, _LOW = 0xD800 >> 10, 0xDC00 >> 10
_UNKNOWN = "□"

Matrix = tuple[float, float, float, float, float, float]


class Sign(NamedTuple):
    """A character: its left and right edge, its baseline, its size."""

    char: str
    left: float
    right: float
    base: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its body."""
        return (self.left + self.right) / 2, self.base + 0.35 * self.size


class Rule(NamedTuple):
    """A ruled line: where it stands across its own direction, and from where to where it goes."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Sheet:
    """A page.

    Attributes:
        height: of the page.
        signs: what is printed, in the order of the file.
        across: horizontal rules.
        down: vertical rules.
        pictures: how many there are.
        unknown: how many characters the file gives no letter for.
        turned: characters that stand aslant, such as a watermark's.
        hidden: how many characters are not drawn, as those that a program guessed under a scan.
    """

    height: float
    signs: list[Sign] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: int = 0
    unknown: int = 0
    turned: str = ""
    hidden: int = 0


class Locked(Exception):
    """The PDF has a password."""


class Broken(Exception):
    """The PDF cannot be opened, or is not whole."""


class TooBig(Exception):
    """It has more pages, or more on a page, than any report."""


def sheets_of(pdf: bytes) -> list[Sheet]:
    """The pages of a PDF.

    Raises:
        Locked: it has a password.
        Broken: it cannot be opened. pdfium repairs what is cut off and says nothing, so its end is looked at.
        TooBig: it is no report.
    """
    import pypdfium2
    from pypdfium2 import raw

    if b"%%EOF" not in pdf[-2048:]:
        raise Broken
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise (Locked if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD else Broken) from error
    try:
        if len(document) > _MOST_PAGES:
            raise TooBig
        sheets = list[Sheet]()
        for page in document:
            sheets.append(_sheet(page))
            if sum(len(sheet.across) + len(sheet.down) for sheet in sheets) > _MOST_DRAWN:
                raise TooBig
        return sheets
    except pypdfium2.PdfiumError as error:
        raise Broken from error
    finally:
        document.close()


def _sheet(page: Any) -> Sheet:
    sheet = Sheet(page.get_height())
    text = page.get_textpage()
    try:
        _add_signs(sheet, text)
    finally:
        text.close()
    _add_drawings(sheet, page)
    page.close()
    return sheet


def _add_signs(sheet: Sheet, text: Any) -> None:
    from pypdfium2 import raw

    if text.count_chars() > _MOST_SIGNS:
        raise TooBig
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    for index, char in _characters(text):
        sheet.unknown += char == _UNKNOWN
        sheet.hidden += _is_hidden(text, index)
        if _SLANT < raw.FPDFText_GetCharAngle(text, index) % math.tau < math.tau - _SLANT:
            sheet.turned += char
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetLooseCharBox(text, index, box)
        ends = sorted((box.left, box.right))
        sheet.signs.append(Sign(char, ends[0], ends[1], y.value, _size(text, index)))


def _characters(text: Any) -> Iterator[tuple[int, str]]:
    """What the file itself has, without the blanks that pdfium adds; rare characters come in two halves."""
    from pypdfium2 import raw

    high = 0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if raw.FPDFText_IsGenerated(text, index) == 1 or code < ord(" "):
            continue
        if code >> 10 == _HIGH:
            high = code
            continue
        if code >> 10 == _LOW:
            code = 0x10000 + ((high & 0x3FF) << 10) + (code & 0x3FF)
        lost = raw.FPDFText_HasUnicodeMapError(text, index) == 1 or code == ord("\ufffd")
        yield index, _UNKNOWN if lost else chr(code)


def _size(text: Any, index: int) -> float:
    """The size of a character's font on the page, in points."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    return max(float(raw.FPDFText_GetFontSize(text, index)) * math.hypot(matrix.c, matrix.d), 1.0)


def _is_hidden(text: Any, index: int) -> bool:
    from pypdfium2 import raw

    drawn = raw.FPDFText_GetTextObject(text, index)
    return bool(drawn) and raw.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE


# ── ruled lines, however they are drawn ──────────────────────────────────────────────────────────────


def _add_drawings(sheet: Sheet, page: Any) -> None:
    from pypdfium2 import raw

    for drawn, matrix in _objects(page):
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            sheet.pictures += 1
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            for points in _strokes(drawn, matrix):
                _add_rules(sheet, points)
            if len(sheet.across) + len(sheet.down) > _MOST_RULES:
                raise TooBig


def _objects(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """What is drawn on a page and in the forms that it draws, each with the matrix that places it."""
    from pypdfium2 import raw

    waiting: list[tuple[Any, Matrix, int]] = []
    plain: Matrix = (1, 0, 0, 1, 0, 0)
    waiting += [
        (raw.FPDFPage_GetObject(page, index), plain, 0) for index in range(raw.FPDFPage_CountObjects(page))
    ]
    while waiting:
        drawn, outer, depth = waiting.pop()
        held = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(drawn, held)
        matrix = _together((held.a, held.b, held.c, held.d, held.e, held.f), outer)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_FORM:
            yield drawn, matrix
        elif depth < _DEEPEST:
            count = raw.FPDFFormObj_CountObjects(drawn)
            inner = (raw.FPDFFormObj_GetObject(drawn, index) for index in range(max(count, 0)))
            waiting += [(each, matrix, depth + 1) for each in inner]


def _together(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    k, m, n, o, p, q = outer
    return (
        *(a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o),
        *(e * k + f * n + p, e * m + f * o + q),
    )


Points = list[tuple[float, float]]


def _strokes(path: Any, matrix: Matrix) -> Iterator[Points]:
    """The pieces of a path as points on the page; what is neither stroked nor filled is none."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not (fill.value or stroke.value):
        return
    points: Points = []
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = matrix
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_RULES)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield from _one(points, stroked=bool(stroke.value))
            points = []
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    yield from _one(points, stroked=bool(stroke.value))


def _one(points: Points, *, stroked: bool) -> Iterator[Points]:
    """A thin box as the line down its middle; an area that is only filled is a shade, and no rule."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if len(points) > 2 and min(wide, high) <= _THIN:
        if wide > high:
            middle = (max(ys) + min(ys)) / 2
            yield [(min(xs), middle), (max(xs), middle)]
        else:
            middle = (max(xs) + min(xs)) / 2
            yield [(middle, min(ys)), (middle, max(ys))]
    elif stroked:
        yield points


def _add_rules(sheet: Sheet, points: Points) -> None:
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        wide, high = abs(to_x - x), abs(to_y - y)
        if high <= 1 and wide >= _SHORT:
            sheet.across.append(Rule((y + to_y) / 2, min(x, to_x), max(x, to_x)))
        elif wide <= 1 and high >= _SHORT:
            sheet.down.append(Rule((x + to_x) / 2, min(y, to_y), max(y, to_y)))
