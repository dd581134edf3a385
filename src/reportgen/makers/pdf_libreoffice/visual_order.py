"""The words of a PDF as the eye reads them: line by line from the top, each from left to right.

LibreOffice draws the characters that it borrows from another font before or behind the rest of their
line, so the order of the file is not always the order of the words. Placing every character is
slower than taking the text as it comes, and only needed where that seems to lack something.
"""

import ctypes
from collections.abc import Iterator
from typing import Any

_SAME_LINE = 1.0
"""Points by which baselines of one line may differ."""


def visual_words(pdf: bytes, top: float, bottom: float) -> tuple[str, ...]:
    """The text of each page, without what stands above ``top`` or below ``bottom`` points of margin."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple("\n".join(_lines(page, top, bottom)) for page in document)
    finally:
        document.close()


def _lines(page: Any, top: float, bottom: float) -> Iterator[str]:
    highest = page.get_height() - top
    signs = [sign for sign in _signs(page.get_textpage()) if bottom <= sign[0] <= highest]
    line: list[tuple[float, float, str]] = []
    for sign in sorted(signs, key=lambda sign: -sign[0]):
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
