"""Slips of the pen that YAML would tell badly or not at all."""

from dataclasses import dataclass, field

from reportgen.form import Form
from reportgen.problems import Finding, Place


@dataclass(slots=True)
class Draft:
    """A text with its slips mended in memory, and what was found."""

    name: str
    lines: list[str]
    findings: list[Finding] = field(default_factory=list)
    moved: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def place(self, line: int, column: int) -> Place:
        """The place in the file as typed of a line and column (from 0) of the mended text."""
        for start, more in self.moved.get(line, ()):
            if column >= start + more:
                column -= more
        return Place(self.name, line + 1, column + 1)


def mend(text: str, name: str, forms: tuple[Form, ...]) -> Draft:
    """Find the slips and mend them, so that the rest can be read."""
    return Draft(name, text.split("\n"))
