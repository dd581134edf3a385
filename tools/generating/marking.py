"""Text with marks around its figures, so that any of them can be found and changed afterwards."""

from dataclasses import dataclass
from decimal import Decimal

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_SENTENCE = "\ue003"


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure in a clerk's file.

    Attributes:
        start: index of its first character in the text.
        end: index behind its last character.
        written: the figure as it is written.
        kind: what it is: ``cell`` or the family of what a sentence counts.
        name: which one: a cell's key, or the name of the count.
        line: the line it stands in, from 1.
        column: the column of its first character, from 1.
        sentence: first and last column of the sentence it stands in; the line's whole width for a cell.
    """

    start: int
    end: int
    written: str
    kind: str
    name: str
    line: int
    column: int
    sentence: tuple[int, int]

    @property
    def is_cell(self) -> bool:
        """True for a figure of a table."""
        return self.kind == "cell"


def marked(written: str, kind: str, name: str) -> str:
    """A figure with its marks."""
    return f"{_OPEN}{kind} {name}{_MIDDLE}{written}{_CLOSE}"


def sentence_ends() -> str:
    """The mark between two sentences."""
    return _SENTENCE


def unmarked(text: str) -> tuple[str, tuple[Spot, ...]]:
    """The text without its marks, and the figures that were marked."""
    lines: list[str] = []
    spots: list[Spot] = []
    before = 0
    for number, line in enumerate(text.split("\n"), 1):
        words, found = _line(line, number, before)
        lines.append(words)
        spots += found
        before += len(words) + 1
    return "\n".join(lines), tuple(spots)


def _line(line: str, number: int, before: int) -> tuple[str, list[Spot]]:
    words = ""
    spots: list[Spot] = []
    for sentence in line.split(_SENTENCE):
        begin = len(words)
        found: list[tuple[int, str, str]] = []
        head, *rest = sentence.split(_OPEN)
        words += head
        for piece in rest:
            label, _, tail = piece.partition(_MIDDLE)
            written, _, after = tail.partition(_CLOSE)
            found.append((len(words), label, written))
            words += written + after
        for start, label, written in found:
            kind, _, name = label.partition(" ")
            where = (begin + 1, max(begin + 1, len(words)))
            at = before + start
            spots.append(Spot(at, at + len(written), written, kind, name, number, start + 1, where))
    return words, spots


def plain(number: Decimal | int) -> str:
    """A number in Arabic digits without needless zeros."""
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
