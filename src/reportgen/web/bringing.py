"""What comes from outside: a clipboard's table as cells, somebody's document, a polished Word file's changes.

A pasted table is found in the clipboard's HTML (Excel, WPS, LibreOffice and web pages all give one), else in
its text with tabs. Labels are recognised by the same room that reads somebody's document.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.examining import Material, Outcome
from reportgen.model.form import CellKey, Form, Table
from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable
from reportgen.model.report import Report
from reportgen.problems import Finding, Place
from reportgen.recognising.figures import fill
from reportgen.recognising.labels import GridRow, best, grid_rows, is_figure, said
from reportgen.recognising.tables import home_of
from reportgen.safe.decoding import text_of
from reportgen.sources.docx import document_of as document_of_word
from reportgen.sources.html_page import document_of as document_of_page
from reportgen.sources.pdf_pages.parts import document_of as document_of_pdf
from reportgen.sources.yaml.editing import entry_text

_MOST_CHARACTERS = 2_000_000
_MOST_ROWS = 200
_MOST_LINES = 2000
_NAME = "粘贴的内容"
_CHANGES = ("K01", "K02", "K03")


@dataclass(frozen=True, slots=True)
class Pasted:
    """Cells with what goes into them, and what found no place (Chinese, a line each)."""

    cells: dict[CellKey, str]
    untaken: tuple[str, ...] = ()


def pasted(text: str, html: str, form: Form, at: CellKey | None) -> Pasted:
    """The cells that a clipboard's contents mean.

    Args:
        text: as plain text, columns apart by tabs.
        html: as HTML; empty where the clipboard has none.
        form: the form whose tables are filled.
        at: the cell that the clerk pastes into; None where none is chosen.
    """
    found = _tables(text[:_MOST_CHARACTERS], html[:_MOST_CHARACTERS])
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
        document, _ = document_of_page(html.encode("utf-8", "replace"), _NAME)
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
    filled = fill(home, [found])
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
        labels = [row.path[-1] for block in table.blocks for row in block.rows if row.path[-1:]]
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


# ── somebody's document, and a polished one ──────────────────────────────────────────────────────────


def words_of(material: Material) -> list[str]:
    """The words of somebody's document, line by line, to be seen beside what was understood."""
    if material.kind in ("html", "htm"):
        document, _ = document_of_page(material.content, material.name)
        return list(_lines(document or ()))[:_MOST_LINES]
    if material.kind == "pdf":
        pages, _ = document_of_pdf(material.content, material.name)
        return list(_lines(pages or ()))[:_MOST_LINES]
    if material.kind == "docx":
        return list(_of_word(material))[:_MOST_LINES]
    if material.kind == "xlsx":
        return ["请在 Excel 或 WPS 里打开工作簿，对照着看。"]
    text, _ = text_of(material.content, material.name)
    return (text or "").split("\n")[:_MOST_LINES]


def _of_word(material: Material) -> Iterator[str]:
    yield from _lines(document_of_word(material.content, material.name))


def _lines(document: Document) -> Iterator[str]:
    for each in document:
        if isinstance(each, FoundParagraph):
            yield each.text
        else:
            yield from ("　".join(cell.text for cell in row) for row in each.rows)


def offers(outcome: Outcome, origin: Outcome) -> list[dict[str, Any]]:
    """The changes of a polished document: before, after, and the change of the YAML that follows.

    Where ``key`` is empty the page cannot take the change over, and a person does.
    """
    report = origin.report
    told = (each for each in outcome.findings if each.code in _CHANGES)
    return [_offer(each, report, origin) for each in told]


def _offer(finding: Finding, report: Report | None, origin: Outcome) -> dict[str, Any]:
    key, value = _change(finding, report, origin)
    return {
        "code": finding.code,
        "message": finding.message,
        "before": finding.expected,
        "after": finding.found,
        "key": key,
        "value": value,
    }


def _change(finding: Finding, report: Report | None, origin: Outcome) -> tuple[str, str]:
    about = finding.about[0] if finding.about else ""
    if report is None:
        return "", ""
    if about in {str(key) for key in report.cells}:
        return f"cell:{about}", finding.found
    key = about.partition(".")[0]
    if key not in report.form.prose or finding.expected == "没有这一句":
        return "", ""
    passage, outer = report.form.prose[key], report.form.outer[key]
    names = (passage.name,) if outer is passage else (outer.name, passage.name)
    return _in_prose(key, entry_text(origin.node, *names), finding)


def _in_prose(key: str, text: str, finding: Finding) -> tuple[str, str]:
    """The passage with the sentence replaced, where it stands there once and as it was."""
    if text.count(finding.expected) != 1:
        return "", ""
    after = "" if finding.found == "删去了这一句" else finding.found
    return f"prose:{key}", text.replace(finding.expected, after)
