"""Draws the fragment: headings, paragraphs, lists, and the statutory tables with their merged cells."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from itertools import groupby

from reportgen.makers import Order
from reportgen.makers.html_fragment.parts import Part
from reportgen.model.document import Run
from reportgen.model.form import Table
from reportgen.model.layout import Grid, PrintedCell, grid_of

DRAFT = "草稿，不得公布"

_TAGS = {"chapter": "h2", "heading": "h3", "subheading": "h4", "body": "p"}
_RIGHT = ' style="text-align: right"'
_CENTRE = ' style="text-align: center"'
_TABLE = ' style="border-collapse: collapse; width: 100%"'
_LINES = ' style="border: 1px solid"'
"""Without these a website shows the tables without lines: the editors of most drop style sheets."""

_SCOPES = {"head": "col", "stub": "col", "band": "rowgroup", "label": "row"}


def drawn(order: Order, parts: Iterable[Part]) -> str:
    """The whole fragment, a line for each paragraph and each row of a table."""
    lines = ['<article lang="zh-CN">']
    if order.draft:
        lines.append(f"<p><strong>{DRAFT}</strong></p>")
    for role, group in groupby(parts, key=lambda part: part.role):
        lines += _group(order, role, list(group))
    return "\n".join([*lines, "</article>", ""])


def page_grid(table: Table) -> Grid:
    """The printed grid without columns in which no cell begins: paper needs them, HTML forbids them."""
    grid = grid_of(table)
    starts = sorted({cell.column for cell in grid.cells})
    cells = (
        replace(
            cell,
            column=starts.index(cell.column) + 1,
            columns=sum(cell.column <= start < cell.column + cell.columns for start in starts),
        )
        for cell in grid.cells
    )
    return replace(grid, columns=len(starts), cells=tuple(cells))


def cell_text(order: Order, cell: PrintedCell) -> str:
    """What a cell of the printed grid says in this report."""
    if cell.key is None:
        return cell.text
    row = order.words.names.get(cell.key.row)
    return str(row[cell.key.column]) if isinstance(row, dict) else ""


def _group(order: Order, role: str, parts: list[Part]) -> Iterator[str]:
    """Neighbours that play one part."""
    if role == "title":
        yield f"<h1{_CENTRE}>{'<br>'.join(_words(part.runs) for part in parts)}</h1>"
    elif role == "item":
        yield from ("<ul>", *(f"<li>{_words(part.runs)}</li>" for part in parts), "</ul>")
    elif role == "sign":
        yield from (f"<p{_RIGHT}>{_words(part.runs)}</p>" for part in parts)
    else:
        for part in parts:
            yield f"<{_TAGS[role]}>{_words(part.runs)}</{_TAGS[role]}>"
            for table in order.report.form.tables:
                if table.chapter == part.chapter:
                    yield from _table(order, table)


def _table(order: Order, table: Table) -> Iterator[str]:
    grid = page_grid(table)
    caption = order.report.form.chapters[table.chapter - 1].title
    yield f"<table{_TABLE}>"
    yield f"<caption>{_escaped(caption)}</caption>"
    for name, first, last in _sections(grid):
        yield f"<{name}>"
        for row in range(first, last + 1):
            cells = sorted((cell for cell in grid.cells if cell.row == row), key=lambda cell: cell.column)
            yield f"<tr>{''.join(_cell(order, cell) for cell in cells)}</tr>"
        yield f"</{name}>"
    yield "</table>"


def _sections(grid: Grid) -> Iterator[tuple[str, int, int]]:
    """The table's parts, as (element, first row, last row): its head and body, or a body for each block."""
    if grid.head:
        yield "thead", 1, grid.head
        yield "tbody", grid.head + 1, grid.rows
        return
    starts = [cell.row for cell in grid.cells if cell.role == "band"]
    for first, following in zip(starts, [*starts[1:], grid.rows + 1], strict=True):
        yield "tbody", first, following - 1


def _cell(order: Order, cell: PrintedCell) -> str:
    name = "td" if cell.role == "figure" else "th"
    scope = _SCOPES.get(cell.role, "")
    if scope == "row" and cell.rows > 1:
        scope = "rowgroup"
    elif scope == "col" and cell.columns > 1:
        scope = "colgroup"
    spans = {"scope": scope, "rowspan": cell.rows, "colspan": cell.columns}
    told = "".join(f' {key}="{value}"' for key, value in spans.items() if value and value != 1)
    return f"<{name}{told}{_LINES}>{_escaped(cell_text(order, cell))}</{name}>"


def _words(runs: Iterable[Run]) -> str:
    """Runs of one look together, the bold ones marked; blanks as many as there are."""
    words = ""
    for bold, group in groupby(runs, key=lambda run: run.bold):
        text = _escaped("".join(run.text for run in group))
        words += f"<strong>{text}</strong>" if bold else text
    return words


def _escaped(text: str) -> str:
    """Words as HTML has them; a browser would show blanks in a row as one."""
    return escape(text, quote=False).replace("  ", " \xa0").replace("\xa0 ", "\xa0\xa0")
