"""What stands where on the pages of a PDF, and a picture of the page with the seal's circle."""

import ctypes
import io
import re
from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from reportgen.problems import FileTrouble
from reportgen.signing.seal_place import Box, SealPlace, Sheet, TextLine

_RED = (215, 0, 15)
_THIN = 3.0
"""Points: whatever is drawn thinner than this, and longer than ten points, is a stroke of a table."""


def read_pages(pdf: bytes, last: int = 0) -> tuple[list[TextLine], list[Sheet]]:
    """Every line and every page of a PDF.

    Args:
        pdf: the file.
        last: read the words of this many pages at the end only; 0 for all.

    Raises:
        FileTrouble: this is no PDF that can be opened.
    """
    document = _opened(pdf)
    try:
        first = max(0, len(document) - last) if last else 0
        pages = {number: document[number] for number in range(first, len(document))}
        lines = [line for number, page in pages.items() for line in _lines(page, number + 1)]
        sheets = [_sheet(document, number, pages.get(number)) for number in range(len(document))]
    finally:
        document.close()
    return lines, sheets


def picture(pdf: bytes, place: SealPlace, dots_per_inch: int = 150) -> bytes:
    """The place's page as a PNG, with the circle of the seal drawn in thin red."""
    from PIL import ImageDraw

    document = _opened(pdf)
    try:
        scale = dots_per_inch / 72
        image = document[place.page - 1].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()
    box, height = place.box, place.sheet.height
    corners = (box.left, height - box.top, box.right, height - box.bottom)
    circle = [corner * scale for corner in corners]
    ImageDraw.Draw(image).ellipse(circle, outline=_RED, width=max(1, round(scale)))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def is_draft(lines: Sequence[TextLine], sheets: Sequence[Sheet]) -> bool:
    """Whether 草稿 stands at the head of a page."""
    head = {number: 0.9 * sheet.height for number, sheet in enumerate(sheets, start=1)}
    return any(line.text.startswith("草稿") and line.baseline > head[line.page] for line in lines)


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise FileTrouble("这不是能打开的 PDF 文件：可能已经损坏，或者有打开密码。") from error


def _sheet(document: pypdfium2.PdfDocument, number: int, page: pypdfium2.PdfPage | None) -> Sheet:
    width, height = document.get_page_size(number)
    strokes = tuple(_strokes(page)) if page else ()
    return Sheet(round(width, 2), round(height, 2), strokes)


def _strokes(page: pypdfium2.PdfPage) -> Iterator[Box]:
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = drawn.get_bounds()
        sides = sorted((right - left, top - bottom))
        if sides[0] < _THIN and sides[1] > 10:
            yield Box(left, bottom, right, top)


def _lines(page: pypdfium2.PdfPage, number: int) -> Iterator[TextLine]:
    """The page's lines from top to bottom: characters of one baseline, from left to right."""
    rows: dict[int, list[tuple[Box, str]]] = {}
    for baseline, box, sign in _signs(page):
        key = next((each for each in (baseline, baseline - 1, baseline + 1) if each in rows), baseline)
        rows.setdefault(key, []).append((box, sign))
    for baseline in sorted(rows, reverse=True):
        signs = sorted(rows[baseline], key=lambda each: each[0].left)
        boxes = [box for box, _ in signs]
        edges = Box(
            min(box.left for box in boxes),
            min(box.bottom for box in boxes),
            max(box.right for box in boxes),
            max(box.top for box in boxes),
        )
        text = re.sub(r"\s", "", "".join(sign for _, sign in signs))
        yield TextLine(number, text, float(baseline), edges)


def _signs(page: pypdfium2.PdfPage) -> Iterator[tuple[int, Box, str]]:
    """Every printed character with its baseline, to a point, and its ink."""
    words = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(words.count_chars()):
        sign = chr(pdfium.FPDFText_GetUnicode(words, index))
        if sign.isspace() or not sign.isprintable():
            continue
        pdfium.FPDFText_GetCharOrigin(words, index, x, y)
        yield round(y.value), Box(*words.get_charbox(index)), sign
