"""The running text of pages: characters into lines, lines into paragraphs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from reportgen.sources.pdf_pages.sheets import Sign

_SAME_LINE = 0.4
"""Of a character's size, by which its baseline may differ from its neighbours'."""

_GAP = 0.5
"""Of a character's size: so wide is a blank between figures, or between Latin words."""

_INDENT, _END = 1.2, 2.2
"""Characters: a line that begins so far in begins a paragraph; one that ends so far short ends one."""

_APART = 1.9
"""Lines' heights, from baseline to baseline, beyond which another paragraph begins."""

_LOOK = 1.15
"""Characters so much larger or smaller are of another paragraph."""

_USUAL = 0.05
"""Of all lines: where so many begin is the edge, or an indentation."""

_NUMBER = re.compile(r"[-—－–_·•~\s]*(?:第\s*)?\d{1,3}(?:\s*[/／]\s*\d{1,3})?(?:\s*页.{0,8})?[-—－–_·•~\s]*")
_LATIN, _ADDRESS = re.compile(r"[!-~]*[A-Za-z]$"), re.compile(r"[./@:]")
_EDGE = 90.0
"""Points from the edge of the page, in which page numbers and running heads stand."""


class Line(NamedTuple):
    """A line of running text."""

    words: str
    left: float
    right: float
    base: float
    size: float


def lines_of(signs: Sequence[Sign]) -> list[list[Sign]]:
    """The characters in lines from the top, each from left to right."""
    lines: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda each: -each.base):
        if lines and lines[-1][0].base - sign.base <= _SAME_LINE * min(lines[-1][0].size, sign.size):
            lines[-1].append(sign)
        else:
            lines.append([sign])
    return [sorted(line, key=lambda each: each.left) for line in lines]


def line_words(signs: Sequence[Sign]) -> str:
    """The words of a line; a wide gap between figures or Latin words is a blank."""
    words = ""
    for number, sign in enumerate(signs):
        before = signs[number - 1] if number else sign
        gap = sign.left - before.right > _GAP * min(sign.size, before.size)
        words += f" {sign.char}" if gap and words[-1:].isascii() and sign.char.isascii() else sign.char
    return re.sub(r" {2,}", " ", words).strip()


def text_lines(signs: Sequence[Sign]) -> list[Line]:
    """The lines of running text from the top, without empty ones."""
    found = []
    for line in lines_of(signs):
        shown = [sign for sign in line if not sign.char.isspace()]
        if shown:
            size = Counter(round(sign.size, 1) for sign in shown).most_common(1)[0][0]
            found.append(Line(line_words(line), shown[0].left, shown[-1].right, shown[0].base, size))
    return found


def is_number(line: Line, height: float) -> bool:
    """True for the number of a page at its edge."""
    return is_at_edge(line, height) and bool(_NUMBER.fullmatch(line.words))


def is_at_edge(line: Line, height: float) -> bool:
    """True for what stands where headers and footers do."""
    return not _EDGE < line.base < height - _EDGE


class Margins(NamedTuple):
    """Where most lines of a document begin and end, and how far they stand apart."""

    left: float
    right: float
    pitch: float


def margins_of(pages: Sequence[Sequence[Line]]) -> Margins:
    """What is usual in a document; of one without lines, nothing that would join any."""
    lines = [line for page in pages for line in page]
    if not lines:
        return Margins(0, 0, 0)
    begins = Counter(round(line.left) for line in lines)
    left = min((at for at, times in begins.items() if times >= _USUAL * len(lines)), default=min(begins))
    right = max(line.right for line in lines)
    steps = Counter(round(upper.base - lower.base) for page in pages for upper, lower in pairwise(page))
    return Margins(left, right, steps.most_common(1)[0][0] if steps else 0)


def begins_paragraph(line: Line, before: Line | None, usual: Margins, *, same_page: bool) -> bool:
    """True if a line does not go on with the one before it."""
    if before is None:
        return True
    if line.left > usual.left + _INDENT * line.size or before.right < usual.right - _END * before.size:
        return True
    if max(line.size, before.size) > _LOOK * min(line.size, before.size):
        return True
    return same_page and before.base - line.base > _APART * (usual.pitch or line.size)


def joined(lines: Sequence[Line]) -> Iterator[str]:
    """The words of a paragraph, line by line; a blank where a Latin word would run into another.

    An address has no blanks, and is broken anywhere.
    """
    for number, line in enumerate(lines):
        before = _LATIN.search(lines[number - 1].words) if number else None
        if before and not _ADDRESS.search(before[0]) and line.words[0].isascii() and line.words[0].isalpha():
            yield " "
        yield line.words
