"""Whether the words and figures of the Word file stand in the PDF, in their order.

Blanks and line breaks do not count. A paragraph, and a row of figures, must be found in one piece behind the
one before it. Where a page break or a tall cell comes between, smaller pieces are looked for; only what
then is nowhere is missing. So a missing character is told, and a repeated table head is no alarm.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.makers.pdf.docx_words import Paragraph, Row

_CHUNK = 6
"""Pieces of a torn paragraph are at least so long."""

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


def gaps(parts: Sequence[Paragraph | Row], pages: Sequence[str]) -> Iterator[Gap]:
    """Everything that is missing in the pages."""
    return _Search("\n".join(pages)).all(parts)


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
