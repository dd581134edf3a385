"""A clerk's text while its slips are mended in memory: whatever moves, places stay those of the file."""

from dataclasses import dataclass, field

from reportgen.problems import Finding, Place, fault

_new = tuple.__new__
"""Makes a named tuple in a third of the time, which counts where a file has hundreds."""


@dataclass(slots=True)
class Draft:
    """A text with its slips mended in memory, and what was found.

    ``moved`` has, for each mended line, (column from 0, characters put in there) in the mended line's count.
    """

    name: str
    lines: list[str]
    findings: list[Finding] = field(default_factory=list)
    moved: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def place(self, line: int, column: int, width: int = 1) -> Place:
        """The place in the file as typed of a line and column (from 0) of the mended text."""
        if line not in self.moved:
            return _new(Place, (self.name, line + 1, column + 1, 0, 0, width))
        for start, more in reversed(self.moved[line]):
            if column > start:
                column = max(start, column - more)
        return Place(self.name, line + 1, column + 1, width=width)

    def note(self, code: str, message: str, line: int, column: int, fix: str) -> None:
        """Find fault with a character of the mended text."""
        self.findings.append(fault(code, message, self.place(line, column), fix))

    def put(self, line: int, start: int, end: int, words: str) -> None:
        """Put words in the place of a stretch of a line."""
        text = self.lines[line]
        self.lines[line] = text[:start] + words + text[end:]
        if len(words) != end - start:
            self.moved.setdefault(line, []).append((start, len(words) - (end - start)))
