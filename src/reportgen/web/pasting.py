"""What somebody pasted, as cells: a block of figures from a cell on, rows by their labels, or a whole table.

The table is found in the clipboard's HTML (Excel, WPS, LibreOffice and web pages all give one), else in its text
with tabs. Labels are recognised by the same room that reads somebody's document.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.form import CellKey, Form, Table
from reportgen.model.nodes import FoundCell, FoundTable
from reportgen.problems import Place
from reportgen.recognising.labels import GridRow, best, grid_rows, is_figure, said
from reportgen.recognising.rows import fill
from reportgen.recognising.tables import home_of
from reportgen.sources.html_page import document_of

MOST_CHARACTERS = 2_000_000
_MOST_ROWS = 200
_NAME = "粘贴的内容"


@dataclass(frozen=True, slots=True)
class Pasted:
    """Cells with what goes into them, and what found no place (Chinese, a line each)."""

    cells: dict[CellKey, str]
    untaken: tuple[str, ...] = ()


def understood(text: str, html: str, form: Form, at: CellKey | None) -> Pasted:
    """The cells that a clipboard's contents mean.

    Args:
        text: as plain text, columns apart by tabs.
        html: as HTML; empty where the clipboard has none.
        form: the form whose tables are filled.
        at: the cell that the clerk pastes into; None where none is chosen.
    """
    found = _tables(text[:MOST_CHARACTERS], html[:MOST_CHARACTERS])
    here = form.index[at][0] if at in form.index and at is not None else None
    cells: dict[CellKey, str] = {}
    untaken: list[str] = []
    for each in found:
        part = _placed(each, form, here, at)
        cells |= part.cells
        untaken += part.untaken
    return Pasted(cells, tuple(untaken) if found else ("没有能贴进表格的内容。",))


def _tables(text: str, html: str) -> list[FoundTable]:
    if "<t" in html.lower():
        document, _ = document_of(html.encode("utf-8", "replace"), _NAME)
        found = [each for each in document or () if isinstance(each, FoundTable)]
        if found:
            return found
    if not text.strip("\r\n"):
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    try:
        rows = list(csv.reader(lines[:_MOST_ROWS], delimiter="\t"))
    except csv.Error:
        rows = [line.split("\t") for line in lines[:_MOST_ROWS]]
    place = Place(_NAME)
    return [FoundTable(tuple(tuple(FoundCell(cell, place) for cell in row) for row in rows), place)]


def _placed(found: FoundTable, form: Form, here: Table | None, at: CellKey | None) -> Pasted:
    rows = grid_rows(found)[:_MOST_ROWS]
    if at is not None and here is not None and _is_block(rows):
        return _block(rows, here, at)
    home = home_of(found, form) or _home_of_rows(rows, form, here)
    if home is None:
        return Pasted({}, ("认不出这是哪张表、哪一行：没有和表样相同的行名。请先点一个格子，只贴数字。",))
    filled = fill(home, rows)
    cells = {CellKey(*key): value.text for key, value in filled.values.items()}
    untaken = [f"没有这一行：{value.text}" for value in filled.added]
    untaken += [each.message for each in filled.findings]
    if not cells:
        untaken.append("没有认出能填的数。")
    return Pasted(cells, tuple(untaken))


def _is_block(rows: Sequence[GridRow]) -> bool:
    """True for figures and blanks alone."""
    texts = [said(cell) for row in rows for cell in row]
    return all(not text or is_figure(text) for text in texts)


def _home_of_rows(rows: Sequence[GridRow], form: Form, here: Table | None) -> Table | None:
    """The table that has rows of these labels: the one that the clerk is in goes first."""
    tables = [here, *form.tables] if here else list(form.tables)
    for table in tables:
        labels = [row.path[-1] for block in table.blocks for row in block.rows]
        texts = [said(cell) for row in rows for cell in row[:4]]
        if any(text and not is_figure(text) and best(text, labels)[1] > 0 for text in texts):
            return table
    return None


def _block(rows: Sequence[GridRow], table: Table, at: CellKey) -> Pasted:
    """Figures from a cell on, row below row as the table is printed."""
    lines = [
        [CellKey(row.key, each.key) for each in block.columns] for block in table.blocks for row in block.rows
    ]
    if table.arrangement == "beside":
        lines = [[key for line in lines for key in line]]
    top = next(index for index, line in enumerate(lines) if at in line)
    left = lines[top].index(at)
    cells: dict[CellKey, str] = {}
    lost = 0
    for down, row in enumerate(rows):
        line = lines[top + down] if top + down < len(lines) else []
        for across, cell in enumerate(row):
            if left + across < len(line):
                cells[line[left + across]] = said(cell)
            else:
                lost += bool(said(cell))
    return Pasted(cells, (f"有 {lost} 个数超出了表格，没有地方放。",) if lost else ())
