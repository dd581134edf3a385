"""Whether the words and figures of the Word file stand in the PDF, in their order.

Blanks and line breaks do not count. A paragraph, and a row of figures, must be found in one piece behind the
one before it. Where a page break or a tall cell comes between, smaller pieces are looked for; only what
is then found nowhere is missing. So a missing character is reported, and a repeated table head is not.
"""

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.makers.pdf.docx_words import Paragraph, Row

_CHUNK = 6
"""Pieces of a torn paragraph are at least so long."""

_LINE_END_HYPHEN = re.compile("[\x02\ufffe]")
"""What pdfium says for a hyphen at the end of a line."""

_NEAR = 60
"""Characters between two pieces that may be such as were drawn out of their order: about two lines."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the PDF lacks: the words around it, what is lost, and where it should be."""

    text: str
    lost: str
    where: str


def invisible(char: str) -> bool:
    """True if a character draws nothing, so that no font needs it: blanks, joiners, selectors."""
    if unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cf"):
        return True
    return char in "\t\n\r\v\f" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def squeezed(text: str) -> str:
    """A text without what draws nothing, in small letters."""
    kept = (char for char in re.sub(r"[\s\x02\ufffe]+", "", text) if char < "\u0300" or not invisible(char))
    return "".join(kept).replace("\u00ad", "").casefold()


def gaps(parts: Sequence[Paragraph | Row], pages: Sequence[str]) -> tuple[Gap, ...]:
    """Everything that is missing in the pages.

    A hyphen at the end of a line, as in an address, is one of the words; or it parts a word that a program
    has hyphenated, and is none. The reading that lacks less is taken.
    """
    text = "\n".join(pages)
    lost = tuple(_Search(_LINE_END_HYPHEN.sub("-", text)).all(parts))
    if lost and _LINE_END_HYPHEN.search(text):
        return min(lost, tuple(_Search(text).all(parts)), key=len)
    return lost


class _Search:
    """Walks the PDF's words along with the Word file's."""

    def __init__(self, text: str) -> None:
        self._tokens = Counter(squeezed(token) for token in text.split())
        self._text = squeezed(text)
        self._at = 0

    def all(self, parts: Sequence[Paragraph | Row]) -> Iterator[Gap]:
        for part in parts:
            if isinstance(part, Row):
                yield from self._row(part)
            else:
                yield from self._paragraph(squeezed(part.text))

    def _take(self, needle: str) -> bool:
        found = self._text.find(needle, self._at)
        if found >= 0:
            self._at = found + len(needle)
        return found >= 0

    def _paragraph(self, text: str) -> Iterator[Gap]:
        if self._take(text):
            return
        lost = self._torn(text)
        if lost:
            yield Gap(text, lost, "正文")

    def _torn(self, text: str) -> str:
        """What is missing of a paragraph that does not stand there in one piece.

        LibreOffice draws a line's borrowed characters before its others, so that a character may stand
        a little beside its place: it is not missing.
        """
        lost, rest, passed, end = Counter[str](), text, Counter[str](), len(self._text)
        while rest:
            size = self._longest(rest, end)
            if size >= min(_CHUNK, len(rest)) or (size and self._text.startswith(rest[:size], self._at)):
                found = self._text.find(rest[:size], self._at)
                if found - self._at <= _NEAR:
                    passed.update(self._text[self._at : found])
                self._at = found + size
                end = min(len(self._text), self._at + 2 * len(text) + _NEAR)
            else:
                size = 1
                lost[rest[0]] += 1
            rest = rest[size:]
        return "".join((lost - passed).elements())

    def _longest(self, text: str, end: int) -> int:
        """How many characters of a text's beginning can be found in one piece from here to ``end``."""
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            is_there = self._text.find(text[:middle], self._at, end) >= 0
            low, high = (middle, high) if is_there else (low, middle - 1)
        return low

    def _row(self, row: Row) -> Iterator[Gap]:
        texts = [squeezed(cell) for cell in row.cells]
        if self._take("".join(texts)):
            return
        plain = "".join(text for text, tall in zip(texts, row.tall, strict=True) if not tall)
        tall = [text for text, is_tall in zip(texts, row.tall, strict=True) if is_tall]
        if self._take(plain):
            lost = [text for text in tall if not self._anywhere(text)]
        else:
            lost = [text for text in texts if not self._cell(text)]
        for text in lost:
            yield Gap(plain, text, f"第{row.table}个表第{row.number}行")

    def _cell(self, text: str) -> bool:
        """True if a cell of a torn row is somewhere as words of its own; a figure counts only once."""
        if self._tokens[text] > 0:
            self._tokens[text] -= 1
            return True
        return not text.isdigit() and self._anywhere(text)

    def _anywhere(self, text: str) -> bool:
        """True if a text is somewhere, even parted in two by a page break."""
        if text in self._text:
            return True
        return any(text[:cut] in self._text and text[cut:] in self._text for cut in range(2, len(text) - 1))


# ── the words of a PDF's pages, and which characters a font draws. Read with pdfium, which is quick ───


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is printed.

    Attributes:
        pages: the text of each page's body, without header and footer.
        borrowed: the characters that were drawn by the fonts which were asked for, sorted, each once.
    """

    pages: tuple[str, ...]
    borrowed: str


def page_words(pdf: bytes, top: float, bottom: float, borrowed: tuple[str, ...] = ()) -> PageWords:
    """Read a PDF.

    Args:
        pdf: the file.
        top: points of margin; what is above is header.
        bottom: what is below is footer.
        borrowed: how the names of those fonts begin whose characters are wanted; looking for them takes time.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages, drawn = [], set[str]()
        for page in document:
            text = page.get_textpage()
            width, height = page.get_size()
            pages.append(str(text.get_text_bounded(0, bottom, width, height - top)))
            if borrowed:
                drawn |= _drawn(page, text, borrowed)
            text.close()
            page.close()
    finally:
        document.close()
    return PageWords(tuple(pages), "".join(sorted(char for char in drawn if not char.isspace())))


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


def visual_words(pdf: bytes, top: float, bottom: float) -> tuple[str, ...]:
    """The text of each page line by line from the top, each from left to right.

    LibreOffice draws the characters that it borrows from another font before or behind the rest of their
    line, so the order of the file is not always the order of the words. Placing every character is slower
    than taking the text as it comes, and only needed where that seems to lack something.

    Args:
        pdf: the file.
        top: points of margin; what is above is left out.
        bottom: what is below is left out.
    """
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
