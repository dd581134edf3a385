"""Nodes: what every source gives. Mappings, lists and text scalars, each with its place.

Scalars stay text: the form decides their types (``010`` and ``0535-7580196`` are what the clerk sees).
"""

from dataclasses import dataclass
from typing import NamedTuple

from reportgen.problems import Place


class Text(NamedTuple):
    """A scalar, as typed. An empty string is a value that somebody left blank.

    ``indent`` is the column (from 1) at which the lines of a block scalar start, and
    ``place.line`` the line of its first character; for a one-line scalar ``indent`` is 0.
    """

    value: str
    place: Place
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, in the order of the source. Keys are unique: sources report doubles and keep the first."""

    entries: tuple[tuple[Text, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The node under a key; None where the key is absent."""
        for name, node in self.entries:
            if name.value == key:
                return node
        return None


Node = Text | Items | Mapping


# ── a report as found in somebody's document: paragraphs and tables in order, each with its place ─────


class Run(NamedTuple):
    """A stretch of text of one look."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class FoundParagraph:
    """A paragraph. ``level`` counts heading marks (1 …), 0 for body text; ``item`` is a bulleted one."""

    runs: tuple[Run, ...]
    place: Place
    level: int = 0
    item: bool = False

    @property
    def text(self) -> str:
        """All its text."""
        return "".join(run.text for run in self.runs)


class FoundCell(NamedTuple):
    """A cell on the grid; a merged one stands once, at its top left, with its spans (at least 1)."""

    text: str
    place: Place
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table: its rows of cells. Rows may be of unequal length."""

    rows: tuple[tuple[FoundCell, ...], ...]
    place: Place


Document = tuple[FoundParagraph | FoundTable, ...]


class Shown(NamedTuple):
    """What a reader of a document sees, as its source read it; a maker holds what it printed against this.

    Attributes:
        body: the running text in order, automatic numbers with it.
        beside: notes and text boxes, which stand anywhere.
        sides: the lines of headers and footers, watermarks too.
        marks: what is printed and stands in no text: automatic numbers before typed ones.
        notes: how many footnotes and endnotes are numbered.
        margins: the smallest top and bottom margin, in points: what is outside is header or footer.
        title: what the document says of itself.
        author: likewise.
    """

    body: Document = ()
    beside: Document = ()
    sides: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    notes: int = 0
    margins: tuple[float, float] = (0, 0)
    title: str = ""
    author: str = ""
