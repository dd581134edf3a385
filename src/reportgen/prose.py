"""Prose: the clerk's light Markdown as paragraphs, with its quoted figures put in."""

from dataclasses import dataclass

from reportgen.document import Run
from reportgen.problems import Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose.

    ``kind`` is ``text``, ``heading`` or ``item`` (a bulleted one). ``level`` counts the heading marks, 0 for the
    others. ``segments`` are (index into ``text``, place of that character), ascending, first at 0: between
    two of them the characters stand one after another in one source line.
    """

    kind: str
    runs: tuple[Run, ...]
    segments: tuple[tuple[int, Place], ...]
    level: int = 0

    @property
    def text(self) -> str:
        """All its text, without marks."""
        return "".join(run.text for run in self.runs)

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.segments[0][1]


Prose = tuple[Paragraph, ...]
