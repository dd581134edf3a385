"""Where the characters of a PDF stand, for the tests that measure the page."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pypdfium2
import pypdfium2.raw

MM = 25.4 / 72
"""Millimetres in a point."""


@dataclass(frozen=True)
class Sign:
    """A character: its page (from 1), the edges of its advance and its baseline from the top, in mm."""

    page: int
    text: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True)
class Line:
    """The characters of one page that share a baseline, from left to right."""

    signs: tuple[Sign, ...]

    @property
    def text(self) -> str:
        """Its text without blanks."""
        return "".join(sign.text for sign in self.signs).replace(" ", "")

    @property
    def left(self) -> float:
        """Left edge in mm."""
        return min(sign.left for sign in self.signs if sign.text.strip())

    @property
    def right(self) -> float:
        """Right edge in mm."""
        return max(sign.right for sign in self.signs if sign.text.strip())

    @property
    def baseline(self) -> float:
        """From the top of the page, in mm."""
        return self.signs[0].baseline

    @property
    def page(self) -> int:
        """From 1."""
        return self.signs[0].page


def signs_of(pdf: bytes) -> Iterator[Sign]:
    """Every character of a PDF in the order of its text."""
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        height = page.get_height()
        for index in range(text.count_chars()):
            yield from _sign(text, index, number, height)
    document.close()


def _sign(text: pypdfium2.PdfTextPage, index: int, page: int, height: float) -> Iterator[Sign]:
    raw = pypdfium2.raw
    sign = chr(raw.FPDFText_GetUnicode(text, index))
    if raw.FPDFText_IsGenerated(text, index) == 1 or sign in "\r\n\0":
        return
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, index, box)
    size = raw.FPDFText_GetFontSize(text, index)
    yield Sign(page, sign, box.left * MM, box.right * MM, (height - y.value) * MM, size)


def lines_of(pdf: bytes) -> list[Line]:
    """The lines of a PDF, page by page from top to bottom; characters within 0.3 mm share a baseline."""
    lines = []
    for _, of_page in groupby(signs_of(pdf), key=lambda sign: sign.page):
        ordered = sorted(of_page, key=lambda sign: sign.baseline)
        start = 0
        for end in range(1, len(ordered) + 1):
            if end == len(ordered) or ordered[end].baseline - ordered[end - 1].baseline > 0.3:
                lines.append(Line(tuple(sorted(ordered[start:end], key=lambda sign: sign.left))))
                start = end
    return lines
