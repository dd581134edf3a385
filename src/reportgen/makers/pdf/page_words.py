"""The words of a PDF's pages, and which characters a font draws. Read with pdfium, which is quick."""

import ctypes
from collections.abc import Iterator
from typing import Any

from reportgen.makers.pdf.same_words import Printed


def page_words(pdf: bytes, top: float, bottom: float, borrowed: tuple[str, ...] = ()) -> tuple[Printed, str]:
    """The words of a PDF, and the characters that some fonts drew, sorted, each once.

    Args:
        pdf: the file.
        top: points of margin; what reaches above is header.
        bottom: what reaches below is footer.
        borrowed: how the names of those fonts begin whose characters are wanted; looking for them takes time.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        bodies, margins, drawn = [], [], set[str]()
        for page in document:
            text = page.get_textpage()
            width, height = page.get_size()
            body = str(text.get_text_bounded(0, bottom, width, height - top)).splitlines()
            above = str(text.get_text_bounded(0, height - top, width, height)).splitlines()
            below = str(text.get_text_bounded(0, 0, width, bottom)).splitlines()
            # A line that stands in both is one of the body that reaches into the margin.
            margins.append("\n".join(line for line in (*above, *below) if line not in body[:1] + body[-1:]))
            bodies.append("\n".join(body))
            if borrowed:
                drawn |= _drawn(page, text, borrowed)
            text.close()
            page.close()
    finally:
        document.close()
    found = "".join(sorted(char for char in drawn if not char.isspace()))
    return Printed(tuple(bodies), tuple(margins)), found


def _drawn(page: Any, text: Any, names: tuple[str, ...]) -> set[str]:
    import pypdfium2.raw as pdfium

    drawn, known = set[str](), dict[int, bool]()
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
        font = pdfium.FPDFTextObj_GetFont(item)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in known:
            known[key] = _name(font).startswith(names)
        if known[key]:
            drawn.update(_text_of(item, text))
    return drawn


def _name(font: Any) -> str:
    """A font's name without the mark of a subset."""
    import pypdfium2.raw as pdfium

    name_of = getattr(pdfium, "FPDFFont_GetBaseFontName", None) or pdfium.FPDFFont_GetFontName
    buffer = ctypes.create_string_buffer(256)
    name_of(font, buffer, 256)
    name = buffer.value.decode(errors="replace")
    return name[7:] if name[6:7] == "+" else name


def _text_of(item: Any, page_text: Any) -> str:
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFTextObj_GetText(item, page_text, None, 0)
    buffer = (ctypes.c_ushort * max(1, size // 2))()
    pdfium.FPDFTextObj_GetText(item, page_text, buffer, size)
    return bytes(buffer).decode("utf-16-le", errors="replace").replace("\0", "").strip()


# ── as the eye reads them ────────────────────────────────────────────────────────────────────────────

_SAME_LINE = 1.0
"""Points by which baselines of one line may differ."""


def visual_words(pdf: bytes, top: float, bottom: float) -> Printed:
    """The text of each page line by line from the top, each from left to right.

    LibreOffice draws the characters that it borrows from another font before or behind the rest of their
    line, so the order of the file is not always the order of the words. Placing every character is slower
    than taking the text as it comes, and only needed where that seems to lack something.

    Args:
        pdf: the file.
        top: points of margin; what is above is header.
        bottom: what is below is footer.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [_lines(page, top, bottom) for page in document]
        return Printed(tuple(body for body, _ in pages), tuple(margin for _, margin in pages))
    finally:
        document.close()


def _lines(page: Any, top: float, bottom: float) -> tuple[str, str]:
    """The lines of a page's body, and those of its margins."""
    highest = page.get_height() - top
    signs = sorted(_signs(page.get_textpage()), key=lambda sign: -sign[0])
    inside = [sign for sign in signs if bottom <= sign[0] <= highest]
    outside = [sign for sign in signs if not bottom <= sign[0] <= highest]
    return "\n".join(_read_lines(inside)), "\n".join(_read_lines(outside))


def _read_lines(signs: list[tuple[float, float, str]]) -> Iterator[str]:
    line: list[tuple[float, float, str]] = []
    for sign in signs:
        if line and line[0][0] - sign[0] > _SAME_LINE:
            yield _read(line)
            line = []
        line.append(sign)
    yield _read(line)


def _read(line: list[tuple[float, float, str]]) -> str:
    words = "".join(char for _, _, char in sorted(line, key=lambda sign: sign[1]))
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _signs(text: Any) -> Iterator[tuple[float, float, str]]:
    """Baseline, left edge and character (or half of a rare one), for all that is drawn."""
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        yield y.value, x.value, chr(raw.FPDFText_GetUnicode(text, index))
