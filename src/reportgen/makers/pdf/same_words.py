"""Whether the words read of the Word file stand in the PDF in their order, and no others with them.

Blanks and line breaks do not count. A paragraph, and a row of figures, must be found in one piece behind the
one before it. Where a page break or a tall cell comes between, smaller pieces are looked for; only what is
then found nowhere is missing. What nothing was found in is left over: a repeated table head, a header, the
number of a page or note are expected there, anything else was printed and not read.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import zip_longest
from typing import NamedTuple

from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Shown
from reportgen.problems import Place

_CHUNK = 6
"""Pieces of a torn paragraph, and of read words that stand once more, are at least so long."""

_NEAR = 60
"""Characters between two pieces that may be such as were drawn out of their order: about two lines."""

_MOST = 2_000
"""Characters nobody read, beyond which no more are looked for."""

_AROUND = 400
"""Characters around a row in which a figure is looked for that wraps in its cell."""

_TRIES = 64
_NOWHERE = Place("")
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_FIGURES = frozenset("0123456789一二三四五六七八九十百千万零〇")
"""Every font has them: they are not borrowed, and in another order they are another number."""

_ABOVE = re.compile("（.+）")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the PDF lacks, or has and nobody read.

    Attributes:
        text: the words around what is lost; empty where nothing is.
        lost: what was read and is not printed.
        extra: what is printed there and was not read.
        place: of the paragraph or cell in the Word file; of the one before where only something is printed.
        page: where it is or should be, from 1; 0 where that is not known.
        at: the position in the PDF's words.
    """

    text: str
    lost: str
    extra: str = ""
    place: Place = _NOWHERE
    page: int = 0
    at: int = 0


def words_in(document: Document) -> Iterator[str]:
    """The texts of a document's paragraphs and cells in order."""
    for part in document:
        if isinstance(part, FoundParagraph):
            yield part.text
        else:
            yield from (cell.text for row in part.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Printed:
    """The words of a PDF's pages: of each the body, and what stands in its margins above and below."""

    pages: tuple[str, ...]
    margins: tuple[str, ...] = ()


def invisible(char: str) -> bool:
    """True if a character draws nothing, so that no font needs it: blanks, joiners, selectors."""
    if unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cf"):
        return True
    return char in "\t\n\r\v\f" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


_LINE_END_HYPHEN = re.compile("[\x02\ufffe]")
"""What pdfium says for a hyphen at the end of a line."""
_BLANK = re.compile(r"[\s\x02\u00ad\ufffe]+")
_UNUSUAL = re.compile("[^\x00-\u02ff\u3001-\u30ff\u3400-\u9fff\uff01-\uffe6]")
"""What is neither Latin, Chinese nor a sign of theirs, among which may be what draws nothing."""


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """A text without what draws nothing, in small letters."""
    return _UNUSUAL.sub(_seen, _BLANK.sub("", text)).casefold()


def _seen(char: re.Match[str]) -> str:
    return "" if invisible(char[0]) else char[0]


def differences(shown: Shown, printed: Printed) -> tuple[Gap, ...]:
    """Everything that was read and is not printed, then everything that is printed and was not read.

    Something else in the place of what is lost is told with it. A hyphen at the end of a line, as in an
    address, is one of the words; or it parts a word that a program has hyphenated, and is none. The reading
    that differs less is taken.
    """
    as_words = Printed(*(tuple(_LINE_END_HYPHEN.sub("-", page) for page in each) for each in _both(printed)))
    found = _differences(shown, as_words)
    if found and any(_LINE_END_HYPHEN.search(page) for each in _both(printed) for page in each):
        return min(found, _differences(shown, printed), key=len)
    return found


def _both(printed: Printed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return printed.pages, printed.margins


def _differences(shown: Shown, printed: Printed) -> tuple[Gap, ...]:
    search = _Search(printed)
    lacking = list(search.all(shown))
    found: list[Gap] = []
    for left in _LeftOver(shown, search).all():
        near = next((n for n, gap in enumerate(lacking) if _is_of(left, gap)), None)
        if near is None:
            found.append(left)
        else:
            lacking[near] = replace(lacking[near], extra=lacking[near].extra + left.extra, page=left.page)
    return (*lacking, *found)


class _Unit(NamedTuple):
    """A paragraph, or a row of a table, with its words as the PDF may have them in one piece."""

    part: FoundParagraph | tuple[FoundCell, ...]
    text: str
    place: Place


def _units(body: Document) -> Iterator[_Unit]:
    for part in body:
        if isinstance(part, FoundParagraph):
            yield _Unit(part, squeezed(part.text), part.place)
        else:
            for row in part.rows:
                if row:
                    yield _Unit(row, "".join(squeezed(cell.text) for cell in row), row[0].place)


def _is_of(left: Gap, gap: Gap) -> bool:
    """True if what is left over stands where something is missing, or is a piece of it."""
    return abs(gap.at - left.at) <= _NEAR + len(gap.lost) or (gap.at < 0 and left.extra in gap.text)


class _Search:
    """Walks the PDF's words along with the Word file's, and marks what it finds.

    The text is that of the bodies, then that of the margins; paragraphs and tables stand in the bodies.
    """

    def __init__(self, printed: Printed) -> None:
        pages = [squeezed(page) for page in (*printed.pages, *printed.margins)]
        self.text = "".join(pages)
        self.pages = len(printed.pages)
        self.ends: list[int] = []
        for page in pages:
            self.ends.append((self.ends[-1] if self.ends else 0) + len(page))
        self.body = self.ends[self.pages - 1] if self.pages else 0
        self.taken = bytearray(len(self.text))
        self.passed: list[tuple[int, Place]] = []
        self.at = 0
        self.limit = self.body
        self._bodies = printed.pages

    @cached_property
    def _tokens(self) -> dict[str, list[int]]:
        """Where words of their own stand; asked for torn rows only, which few reports have."""
        found: dict[str, list[int]] = {}
        at = 0
        for token in "\n".join(self._bodies).split():
            found.setdefault(words := squeezed(token), []).append(at)
            at += len(words)
        return found

    def all(self, shown: Shown) -> Iterator[Gap]:
        """What is missing of the body, in its order, then of notes and text boxes, anywhere.

        What stands there in one piece is found first; the rest is looked for between that.
        """
        units = list(_units(shown.body))
        found = self._in_one_piece([unit.text for unit in units])
        later = self.body
        ends = [later := found.get(number, later) for number in reversed(range(len(units)))][::-1]
        for number, unit in enumerate(units):
            self.limit = ends[number]
            if number in found:
                self._found(found[number], len(unit.text), unit.place)
            elif isinstance(unit.part, FoundParagraph):
                yield from self._paragraph(unit.part)
            else:
                yield from self._row(unit.part)
        for part in shown.beside:
            texts = (
                [part] if isinstance(part, FoundParagraph) else [each for row in part.rows for each in row]
            )
            for each in texts:
                if lost := self._scattered(text := squeezed(each.text)):
                    yield Gap(text, lost, place=each.place, at=-_NEAR)

    def _in_one_piece(self, texts: Sequence[str]) -> dict[int, int]:
        """Where those texts stand that are long and whole, by their number, in their order.

        One that is only found behind where the next one stands is another of the same words.
        """
        found: dict[int, int] = {}
        long = [(number, text) for number, text in enumerate(texts) if len(text) >= _CHUNK]
        at = 0
        for (number, text), (_, following) in zip_longest(long, long[1:], fillvalue=(0, "")):
            here = self.text.find(text, at, self.body)
            if here > at + _NEAR and following and 0 <= self.text.find(following, at, self.body) < here:
                continue
            if here >= 0:
                found[number] = here
                at = here + len(text)
        return found

    def _found(self, start: int, size: int, place: Place) -> None:
        self._mark(start, size)
        self.passed.append((start, place))
        self.at = start + size

    def _mark(self, start: int, size: int) -> None:
        self.taken[start : start + size] = b"\1" * size

    def _gap(self, text: str, lost: str, place: Place) -> Gap:
        return Gap(text, lost, place=place, page=self.page_of(self.at), at=self.at)

    def page_of(self, at: int) -> int:
        """The page that a position is on, from 1."""
        number = next((n for n, end in enumerate(self.ends) if at < end), max(len(self.ends) - 1, 0))
        return number % self.pages + 1 if self.pages else 0

    def _take(self, needle: str, place: Place) -> bool:
        found = self.text.find(needle, self.at, self.limit)
        if found >= 0:
            self._found(found, len(needle), place)
        return found >= 0

    def _paragraph(self, part: FoundParagraph) -> Iterator[Gap]:
        text = squeezed(part.text)
        if self._take(text, part.place):
            return
        above = [squeezed(run.text[1:-1]) for run in part.runs if _ABOVE.fullmatch(run.text)]
        if above:  # what ruby has above its words is read behind them, in brackets, and printed without
            plain = "".join(run.text for run in part.runs if not _ABOVE.fullmatch(run.text))
            if self._commit(_Torn(self, squeezed(plain)), part.place) == "":
                lost = "".join(self._scattered(each) for each in above)
                yield from [self._gap(text, lost, part.place)] if lost else []
                return
        if lost := self._commit(_Torn(self, text), part.place):
            yield self._gap(text, lost, part.place)

    def _commit(self, torn: "_Torn", place: Place) -> str:
        """Take what was found of a torn paragraph; what is missing of it. Little found may be another's."""
        if not torn.mostly:
            return torn.text
        for start, size in torn.pieces:
            self._mark(start, size)
            self.passed.append((start, place))
        self.at = torn.at
        return torn.lost

    def _row(self, row: Sequence[FoundCell]) -> Iterator[Gap]:
        cells = [(squeezed(cell.text), cell.rows > 1, cell.place) for cell in row]
        place = cells[0][2]
        if self._take("".join(text for text, _, _ in cells), place):
            return
        plain = "".join(text for text, tall, _ in cells if not tall)
        if self._take(plain, place):
            lost = [(text, where) for text, tall, where in cells if tall and not self._anywhere(text)]
        else:
            lost = [(text, where) for text, _, where in cells if not self._cell(text)]
        for text, where in lost:
            yield self._gap(plain, text, where)

    def _cell(self, text: str) -> bool:
        """True if a cell of a torn row is somewhere as words of its own; a figure counts only once."""
        if places := self._tokens.get(text):
            place = next((at for at in places if not self.taken[at]), places[0])
            places.remove(place)
            self._mark(place, len(text))
            return True
        if not text.isdigit():
            return self._anywhere(text)
        found = self.text.find(text, max(0, self.at - _AROUND), self.at + _AROUND)  # in two lines of its cell
        while found >= 0 and any(self.taken[found : found + len(text)]):
            found = self.text.find(text, found + 1, self.at + _AROUND)
        if found >= 0:
            self._mark(found, len(text))
        return found >= 0

    def _anywhere(self, text: str) -> bool:
        """True if a text is somewhere, even parted in two by a page break."""
        if self._free(text):
            return True
        for cut in range(2, len(text) - 1):
            if text[:cut] not in self.text:
                return False
            if text[cut:] in self.text:
                return self._free(text[:cut]) and self._free(text[cut:])
        return False

    def _free(self, text: str) -> bool:
        """True if a text is anywhere; marked where nothing else was found if there is such a place."""
        found = first = self.text.find(text)
        for _ in range(_TRIES):
            if found < 0 or not any(self.taken[found : found + len(text)]):
                break
            found = self.text.find(text, found + 1)
        if found >= 0:
            self._mark(found, len(text))
        return first >= 0

    def _scattered(self, text: str) -> str:
        """What is missing of a text that may stand anywhere, in pieces."""
        if self._free(text):
            return ""
        lost, least = "", min(_CHUNK, len(text))
        while text:
            size = _longest(text, self.text, 0, len(self.text))
            if size >= least:
                self._free(text[:size])
            else:
                size, lost = 1, lost + text[0]
            text = text[size:]
        return lost


class _Torn:
    """What can be found of a paragraph that does not stand there in one piece; marks nothing.

    LibreOffice draws a line's borrowed characters before its others, so that a character may stand a little
    beside its place: it is not missing.

    Attributes:
        text: the paragraph's.
        lost: what is missing of it.
        pieces: start and length of what was found.
        at: where the search would go on.
    """

    def __init__(self, search: _Search, text: str) -> None:
        """Look for its pieces from where the search is to its limit."""
        self.text, self.at, self.pieces = text, search.at, list[tuple[int, int]]()
        limit = search.limit
        lost, rest, passed = list[str](), text, list[int]()
        while rest:
            size = _longest(rest, search.text, self.at, limit)
            if size >= min(_CHUNK, len(rest)) or (size and search.text.startswith(rest[:size], self.at)):
                found = search.text.find(rest[:size], self.at)
                if found - self.at <= _NEAR:
                    passed += range(self.at, found)
                self.pieces.append((found, size))
                self.at = found + size
                limit = min(search.limit, self.at + 2 * len(text) + _NEAR)
            else:
                size = 1
                lost.append(rest[0])
            rest = rest[size:]
        for at in passed:
            if search.text[at] in lost and search.text[at] not in _FIGURES:
                lost.remove(search.text[at])
                self.pieces.append((at, 1))
        self.lost = "".join(lost)

    @property
    def missing(self) -> int:
        """How many characters are missing."""
        return len(self.lost)

    @property
    def mostly(self) -> bool:
        """True if at least half of it is there."""
        return 2 * self.missing <= len(self.text)


def _longest(text: str, among: str, start: int, end: int) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        is_there = among.find(text[:middle], start, end) >= 0
        low, high = (middle, high) if is_there else (low, middle - 1)
    return low


# ── what is left over in the PDF ─────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Allowance:
    """What may stand in a PDF and in no text, and how often: the numbers of notes, the signs of items."""

    notes: Counter[str]
    items: int


class _LeftOver:
    """Says what of the PDF's words nothing was found in and nothing explains."""

    def __init__(self, shown: Shown, search: _Search) -> None:
        self._search = search
        self._shown = shown
        marks = (str(number) for number in range(1, shown.notes + 1))
        roman = _ROMAN[1 : shown.notes + 1]
        items = sum(isinstance(part, FoundParagraph) and part.item for part in (*shown.body, *shown.beside))
        self._allowed = _Allowance(Counter([*marks, *roman] * 2), items)

    @cached_property
    def _lines(self) -> list[str]:
        """What may stand more than once: every row and cell of a table, headers and footers."""
        found = []
        for part in (*self._shown.body, *self._shown.beside):
            if isinstance(part, FoundTable):
                for row in part.rows:
                    cells = [squeezed(cell.text) for cell in row]
                    found += ["".join(cells), *cells]
        return found + [squeezed(line) for line in self._shown.sides]

    @cached_property
    def _pool(self) -> str:
        return "\n".join(self._lines)

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(line for line in self._lines if line and not line.isdigit())

    @cached_property
    def _sides(self) -> tuple[re.Pattern[str], ...]:
        """Headers and footers, with any number where they have one, the longest first."""
        lines = sorted({squeezed(line) for line in self._shown.sides} - {""}, key=len, reverse=True)
        return tuple(re.compile(re.sub(r"\d+", r"\\d{1,4}", re.escape(line))) for line in lines)

    def all(self) -> Iterator[Gap]:
        """Each stretch that nobody read, with its page and the place of what stands before it."""
        told = 0
        for start, end in self._stretches():
            for at, words in self._of(start, end):
                if any(unicodedata.category(char)[0] in "LN" for char in words):
                    told += len(words)
                    yield Gap("", "", words, self._place_before(at), self._search.page_of(at), at)
            if told > _MOST:
                return

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Where nothing was found, page by page."""
        start = 0
        for end in self._search.ends:
            for match in re.finditer(b"\0+", self._search.taken[start:end]):
                yield start + match.start(), start + match.end()
            start = end

    def _of(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        """What nothing explains in a stretch, with its position."""
        begin, at = start, start
        while at < end:
            size = self._explained(self._search.text[at:end], at >= self._search.body)
            if size:
                if begin < at:
                    yield begin, self._search.text[begin:at]
                begin = at = at + size
            else:
                at += 1
        if begin < end:
            yield begin, self._search.text[begin:end]

    def _explained(self, text: str, in_margin: bool) -> int:
        """How many characters at the beginning of a text were read elsewhere, or are expected."""
        for side in self._sides:
            if match := side.match(text):
                return match.end()
        size = _longest(text, self._pool, 0, len(self._pool))
        if size >= _CHUNK and not text[:size].isdigit():
            return size
        whole = (length for length in range(size, 0, -1) if text[:length] in self._whole)
        return next(whole, 0) or self._expected(text, in_margin)

    def _expected(self, text: str, in_margin: bool) -> int:
        """How long a number is that LibreOffice gives to a page, a note or an item; 0 for anything else."""
        if any(squeezed(mark).startswith(text) for mark in self._shown.marks):
            return len(text)
        number = re.match(r"\d{1,4}", text, re.ASCII)
        if in_margin and number and int(number[0]) <= self._search.pages:
            return number.end()
        mark = number[0] if number else next((each for each in _ROMAN[:0:-1] if text.startswith(each)), "")
        if mark and self._allowed.notes[mark] > 0:
            self._allowed.notes[mark] -= 1
            return len(mark)
        if len(text) == 1 and text.isalpha() and self._allowed.items > 0:
            self._allowed.items -= 1
            return 1
        return 0

    def _place_before(self, at: int) -> Place:
        before = [place for found, place in self._search.passed if found <= at]
        return before[-1] if before else Place("")
