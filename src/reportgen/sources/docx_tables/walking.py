"""Goes through a Word document: paragraphs and tables in order, as a reader sees them.

The package is opened with care (it comes from anywhere) and walked with lxml: python-docx repeats merged
cells and is ten times slower.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Run
from reportgen.problems import Place
from reportgen.sources.docx_tables.package import Package, member, name_of, opened, value_of
from reportgen.sources.docx_tables.words import Looks, lines_of, looks_of, runs_of

_WRAPPERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
_WIDEST = 64


class Walked(NamedTuple):
    """A Word document walked through: what a reader sees, and the place of each paragraph element."""

    document: Document
    placed: list[tuple[Place, etree._Element]]
    package: Package


def walk(content: bytes, file: str) -> Walked:
    """The paragraphs and tables of a .docx in order, and where each paragraph element stands.

    Raises:
        Refused: for what is no .docx, has a password, is too big or broken; with the finding.
    """
    package = opened(content)
    body = member(package.document, "body")
    if body is None:
        return Walked((), [], package)
    walker = _Walk(file, looks_of(package.styles, package.numbering))
    return Walked(tuple(walker.parts(body)), walker.placed, package)


@dataclass(slots=True)
class _Walk:
    """Goes through a body; counts its paragraphs with words and its tables."""

    file: str
    looks: Looks
    paragraphs: int = 0
    tables: int = 0
    placed: list[tuple[Place, etree._Element]] = field(default_factory=list)

    def parts(self, body: etree._Element) -> Iterator[FoundParagraph | FoundTable]:
        """Everything in order."""
        for element in _inside(body, {"p", "tbl"}):
            if name_of(element) == "tbl":
                yield self._table(element)
            else:
                yield from self._paragraph(element)

    def _paragraph(self, element: etree._Element) -> Iterator[FoundParagraph]:
        look = self.looks.of_paragraph(element)
        lines = [line for line in lines_of(runs_of(element, self.looks)) if _shows(line)]
        self.paragraphs += bool(lines)
        self.placed.append((Place(self.file, self.paragraphs), element))
        for line in lines:
            yield FoundParagraph(line, Place(self.file, self.paragraphs), look.level, look.item)

    def _table(self, element: etree._Element) -> FoundTable:
        self.tables += 1
        place = Place(self.file, table=self.tables, row=1, column=1)
        grid = [self._row(row, number) for number, row in enumerate(_inside(element, {"tr"}), start=1)]
        return FoundTable(tuple(_merged(grid)), place)

    def _row(self, element: etree._Element, number: int) -> "list[_GridCell]":
        column = _number(member(element, "trPr"), "gridBefore", 0)
        cells: list[_GridCell] = []
        for each in _inside(element, {"tc"}):
            properties = member(each, "tcPr")
            span = _number(properties, "gridSpan", 1) or 1
            place = Place(self.file, table=self.tables, row=number, column=column + 1)
            merge = member(properties, "vMerge")
            goes_on = merge is not None and value_of(merge) != "restart"
            paragraphs = list(_inside(each, {"p"}))
            self.placed += [(place, paragraph) for paragraph in paragraphs]
            words = [run.text for line in paragraphs for run in runs_of(line, self.looks)]
            cells.append(
                _GridCell(
                    FoundCell("".join(words).replace("\n", "").strip(), place, 1, span), column, goes_on
                )
            )
            column = min(column + span, _WIDEST)
        return cells


@dataclass(frozen=True, slots=True)
class _GridCell:
    """A cell as the file has it: its first grid column, and if it goes on with the one above."""

    cell: FoundCell
    column: int
    goes_on: bool


def _shows(runs: tuple[Run, ...]) -> bool:
    """True if there is anything to see."""
    return bool("".join(run.text for run in runs).strip())


def _merged(grid: list[list[_GridCell]]) -> Iterator[tuple[FoundCell, ...]]:
    """The rows with merged cells standing once, at their top."""
    going_on = [{each.column for each in row if each.goes_on} for row in grid]
    for index, row in enumerate(grid):
        cells = []
        for each in row:
            if each.goes_on and index:
                continue
            rows = 1
            while index + rows < len(grid) and each.column in going_on[index + rows]:
                rows += 1
            cells.append(replace(each.cell, rows=rows))
        yield tuple(cells)


def _inside(element: etree._Element, wanted: set[str]) -> Iterator[etree._Element]:
    """The elements of these names in order, not one inside another, seen through mere wrappers."""
    for child in element:
        name = name_of(child)
        if name in wanted:
            yield child
        elif name in _WRAPPERS:
            yield from _inside(child, wanted)


def _number(properties: etree._Element | None, name: str, usual: int) -> int:
    """A small number among properties."""
    value = value_of(member(properties, name))
    return min(int(value), _WIDEST) if value.isascii() and value.isdigit() else usual
