"""Tables that came through copying as mere lines, a cell on each: put together again by the form's labels."""

from collections.abc import Sequence
from dataclasses import replace

from reportgen.model.document import FoundCell, FoundParagraph, FoundTable
from reportgen.model.form import Block, Form, Row, Table
from reportgen.model.layout import PrintedCell, grid_of
from reportgen.problems import Place
from reportgen.recognising.grid import is_figure
from reportgen.recognising.labels import best
from reportgen.recognising.outline import Outline, Section

_FEWEST = 3
"""So many rows of a table must be found with all their figures."""

_SURE = 0.9


def with_listed_tables(outline: Outline, form: Form) -> Outline:
    """The outline; a chapter that should have a table and has only its cells as lines gets the table back."""
    mended = [_mended(each, form) for each in outline.sections]
    left = {id(part) for each in mended for part in (each.heading, *each.parts)}
    headings = tuple(each for each in outline.headings if id(each) in left)
    return replace(outline, sections=tuple(mended), headings=headings)


def _mended(section: Section, form: Form) -> Section:
    table = next((each for each in form.tables if each.chapter == section.number), None)
    if table is None or any(isinstance(part, FoundTable) for part in section.parts):
        return section
    lines = [part for part in section.paragraphs if part.text.strip()]
    figures = _beside(table, lines) if table.arrangement == "beside" else _stacked(table, lines)
    if len(figures) < min(_FEWEST, len(_rows(table))):
        return section
    last = max(at for at, _ in figures.values())
    sentences = [line for line in lines[: last + 1] if "。" in line.text]
    return replace(section, parts=[_drawn(table, figures, lines), *sentences, *lines[last + 1 :]])


Figures = dict[tuple[str, str], tuple[int, FoundParagraph]]


def _stacked(table: Table, lines: Sequence[FoundParagraph]) -> Figures:
    """The figures of each row that has as many lines of figures behind its label as the form has columns."""
    found: Figures = {}
    for at, line in enumerate(lines):
        home = _row_of(table, line.text)
        if home is None:
            continue
        block, row = home
        cells = lines[at + 1 : at + 1 + len(block.columns)]
        if len(cells) == len(block.columns) and all(is_figure(each.text) for each in cells):
            for count, (column, cell) in enumerate(zip(block.columns, cells, strict=True), start=1):
                found.setdefault((row.key, column.key), (at + count, cell))
    return found


def _row_of(table: Table, text: str) -> tuple[Block, Row] | None:
    rows = _rows(table)
    index, score = best(text, [row.path[-1] for _, row in rows])
    return rows[index] if score > _SURE else None


def _rows(table: Table) -> list[tuple[Block, Row]]:
    return [(block, row) for block in table.blocks for row in block.rows]


def _beside(table: Table, lines: Sequence[FoundParagraph]) -> Figures:
    """The figures of the only row: the first lines of figures in a row, as many as the form has columns."""
    cells = [key for key, _, _ in table.cells()]
    for at in range(len(lines) - len(cells) + 1):
        if all(is_figure(each.text) for each in lines[at : at + len(cells)]):
            return {(key.row, key.column): (at + n, lines[at + n]) for n, key in enumerate(cells)}
    return {}


def _drawn(table: Table, figures: Figures, lines: Sequence[FoundParagraph]) -> FoundTable:
    """The form's own grid with the figures in it; rows that have none are left out, to be missed."""
    grid = grid_of(table)
    known = {row for row, _ in figures}
    start = lines[0].place
    rows: list[tuple[FoundCell, ...]] = []
    for number in range(1, grid.rows + 1):
        cells = sorted((cell for cell in grid.cells if cell.row == number), key=lambda cell: cell.column)
        keys = {cell.key.row for cell in cells if cell.key}
        if not keys or keys & known:
            rows.append(tuple(_cell(cell, figures, start) for cell in cells))
    return FoundTable(tuple(rows), start)


def _cell(cell: PrintedCell, figures: Figures, start: Place) -> FoundCell:
    if cell.key is None:
        rows = 1 if cell.role == "label" else cell.rows  # the rows that it reaches over may be left out
        return FoundCell(cell.text, start, rows, cell.columns)
    _, line = figures[cell.key]
    return FoundCell(line.text.strip(), line.place, cell.rows, cell.columns)
