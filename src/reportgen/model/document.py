"""A report as found in somebody's document: paragraphs and tables in order, each with its place."""

from dataclasses import dataclass
from typing import NamedTuple

from reportgen.problems import Place


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


@dataclass(frozen=True, slots=True)
class FoundCell:
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
