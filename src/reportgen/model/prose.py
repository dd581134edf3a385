"""Prose: the clerk's light Markdown as paragraphs, with its quoted figures put in."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter

from reportgen.model.nodes import Run, Text
from reportgen.model.quoting import Quotes
from reportgen.problems import Finding, Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose.

    ``kind`` is ``text``, ``heading`` or ``item`` (a bulleted one). ``level`` counts the heading marks,
    0 for the others. ``segments`` are (index into ``text``, place of that character), ascending, first at
    0: between two of them the characters stand one after another in one source line. Characters
    that came out of a quote are placed at the quote.
    """

    kind: str
    runs: tuple[Run, ...]
    segments: tuple[tuple[int, Place], ...]
    level: int = 0
    text: str = field(init=False, repr=False, compare=False)
    """All its text, without marks."""

    def __post_init__(self) -> None:
        """Put the text together: rules ask for it hundreds of times a report."""
        text = self.runs[0].text if len(self.runs) == 1 else "".join(run.text for run in self.runs)
        object.__setattr__(self, "text", text)

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.segments[0][1]


Prose = tuple[Paragraph, ...]

HAN = r"[^\W\d_a-zA-Z]"
"""A Chinese character, as a pattern: a range of them takes a millisecond to compile wherever it stands."""

_BLANKS = " \t\r\u3000\xa0"
_HEADING = re.compile(r"(#{1,6})[ \t\u3000]*(?=[^#\s])")
_ITEM = re.compile(r"[-*•][ \t]+(?=\S)")
_NUMBERED = re.compile(r"\d{1,3}(?:[.．](?!\d)|[、)）])")
_MARK = re.compile(
    r"(?P<quote>[{｛]{2}(?P<asked>(?:(?![{｛]{2}).)*?)[}｝]{2})"
    r"|(?P<bold>(?<!(?<!\\)\*)\*\*(?!\*))"
    r"|\\(?P<escaped>[\\*#{}｛｝<>_`\-.+!\[\]()])"
    r"|<(?P<link>(?:https?://|mailto:)[^\s<>]+)>"
)
_MAY_MARK = re.compile(r"[{｛*\\<]")


def may_quote(words: str) -> bool:
    """True if a text may have quotes, so that the figures' names are needed."""
    return "{" in words or "｛" in words


def parse(text: Text, names: Mapping[str, object]) -> tuple[Prose, tuple[Finding, ...]]:
    """The paragraphs of a text, and what is wrong with its quotes.

    A blank line, a line that begins with a full-width blank, a heading, an item and a typed number
    (``1.``) begin a paragraph; other lines go on with the one before, with a blank only between words that
    are not Chinese.

    Args:
        text: as typed; its place and indent give every character's place.
        names: what ``{{ … }}`` may ask for: numbers, words and mappings of them.
    """
    quotes = Quotes(names)
    paragraphs = [_finished(draft, quotes) for draft in _drafts(text)]
    return tuple(each for each in paragraphs if each.runs), tuple(quotes.findings)


@dataclass(slots=True)
class _Draft:
    """A paragraph while its lines are gathered, marks still in it."""

    kind: str = "text"
    level: int = 0
    text: str = ""
    segments: list[tuple[int, Place]] = field(default_factory=list)

    def add(self, words: str, place: Place) -> None:
        """Go on with a line that stands there."""
        if self.text and self.text[-1].isascii() and words[0].isascii():
            self.text += " "
        self.segments.append((len(self.text), place))
        self.text += words


def _drafts(text: Text) -> Iterator[_Draft]:
    draft = _Draft()
    for number, raw in enumerate(text.value.split("\n")):
        line = raw.strip(_BLANKS)
        if _begins(raw, line, draft):
            yield draft
            draft = _Draft()
        if not line:
            continue
        mark = _HEADING.match(line)
        bullet = None if mark else _ITEM.match(line)
        if mark:
            draft.kind, draft.level = "heading", len(mark[1])
        elif bullet:
            draft.kind = "item"
        skip = (mark or bullet).end() if mark or bullet else 0  # type: ignore[union-attr]
        before = len(raw) - len(raw.lstrip(_BLANKS)) + skip
        draft.add(line[skip:], _place(text, number, before))
    yield draft


def _begins(raw: str, line: str, draft: _Draft) -> bool:
    """True if this line ends the paragraph so far."""
    if not draft.text:
        return False
    if not line or draft.kind == "heading" or raw.startswith("\u3000"):
        return True
    return bool(_HEADING.match(line) or _ITEM.match(line) or _NUMBERED.match(line))


def _place(text: Text, line: int, before: int) -> Place:
    """The place of a character: so many lines down, so many characters into the line."""
    start = text.place
    if not start.column or start.table:
        return start
    if line and not text.indent:
        return start
    column = text.indent if line else start.column
    return Place(start.file, start.line + line, column + before)


def _finished(draft: _Draft, quotes: Quotes) -> Paragraph:
    """The paragraph with its marks carried out."""
    if draft.text and not _MAY_MARK.search(draft.text):
        return Paragraph(draft.kind, (Run(draft.text),), tuple(draft.segments), draft.level)
    marks = list(_MARK.finditer(draft.text))
    bold = [mark for mark in marks if mark["bold"]]
    paired = {mark.start() for mark in bold[: len(bold) // 2 * 2]}
    page = _Page(draft)
    at = 0
    for mark in marks:
        page.copy(at, mark.start())
        at = mark.end()
        if mark["quote"]:
            page.put(_quoted(mark, page, quotes), mark.start())
        elif mark["bold"] and mark.start() in paired:
            page.bold = not page.bold
        elif mark["bold"]:
            page.copy(mark.start(), at)
        else:
            group = "escaped" if mark["escaped"] else "link"
            page.copy(mark.start(group), mark.end(group))
    page.copy(at, len(draft.text))
    return Paragraph(draft.kind, page.runs(), tuple(page.segments), draft.level)


def _quoted(mark: re.Match[str], page: "_Page", quotes: Quotes) -> str:
    """What the quote stands for; as typed where that cannot be said."""
    place = page.place(mark.start())
    there = place._replace(width=len(mark[0])) if place.column and not place.table else place
    words = quotes.words(mark["asked"], there, "｛" in mark[0] or "｝" in mark[0])
    return mark[0] if words is None else words


@dataclass(slots=True)
class _Page:
    """The text as it comes out, with the place of what is put down."""

    draft: _Draft
    pieces: list[Run] = field(default_factory=list)
    segments: list[tuple[int, Place]] = field(default_factory=list)
    bold: bool = False
    length: int = 0

    def place(self, index: int) -> Place:
        """Where a character of the draft stands."""
        start, place = self.draft.segments[self._line(index)]
        if place.table:  # a cell is one place, whatever stands in it
            return place
        column = place.column + index - start if place.column else 0
        return Place(place.file, place.line, column)

    def copy(self, start: int, end: int) -> None:
        """Put down a stretch of the draft as it is, line by line."""
        if start == end:
            return
        for first, _ in self.draft.segments[self._line(start) + 1 : self._line(end - 1) + 1]:
            self.put(self.draft.text[start:first], start)
            start = first
        self.put(self.draft.text[start:end], start)

    def put(self, words: str, index: int) -> None:
        """Put down words that come from this index of the draft."""
        if words:
            self.segments.append((self.length, self.place(index)))
            self.length += len(words)
            self.pieces.append(Run(words, self.bold))

    def runs(self) -> tuple[Run, ...]:
        """What was put down, neighbours of one look together."""
        looks = groupby(self.pieces, key=attrgetter("bold"))
        return tuple(Run("".join(piece.text for piece in pieces), bold) for bold, pieces in looks)

    def _line(self, index: int) -> int:
        return bisect_right(self.draft.segments, index, key=itemgetter(0)) - 1
