"""Reads a made .docx back: paragraphs, tables, which cell stands where; and whether all is as due."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from lxml import etree

from reportgen.makers import Order, Proof
from reportgen.model.form import Form, Table
from reportgen.model.layout import PrintedCell, grid_of, label_cells
from reportgen.problems import Finding, Level, Place

Element = etree._Element
DOCUMENT = "word/document.xml"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def w(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return f"{{{W}}}{name}"


_LOOKS = (w("trPr"), w("tcPr"))
_P, _T, _TBL, _TC, _TR = w("p"), w("t"), w("tbl"), w("tc"), w("tr")
_SPAN, _MERGE, _BEFORE, _VAL = w("gridSpan"), w("vMerge"), w("gridBefore"), w("val")
_BLANK = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: object) -> object:
    """A value as XML 1.0 can carry it: line ends become blanks, what it forbids becomes ``�``."""
    if not isinstance(text, str) or text.isprintable():  # what XML forbids is no sign that can be printed
        return text
    cleaned = _ILLEGAL.sub("\ufffd", _BLANK.sub(" ", text))
    return type(text)(cleaned) if cleaned != text else text


def parsed(content: bytes) -> Element:
    """A part as a tree; entities and networks are out of reach."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


_shared = lru_cache(maxsize=32)(parsed)
"""A tree that nobody changes: documents made of one template have the same parts but for their text."""


def text_of(element: Element) -> str:
    """All the text below an element."""
    return "".join(piece.text or "" for piece in element.iter(_T))


def paragraphs(body: Element) -> list[Element]:
    """The paragraphs of the running text: those in no table."""
    return body.findall(_P)


def tables(body: Element) -> list[Element]:
    """The tables of the running text."""
    return body.findall(_TBL)


CellWords = Mapping[Element, str]
"""What each cell of the tables says, as ``cell_words`` gives it."""


def cell_words(body: Element) -> CellWords:
    """The text of every cell of every table."""
    return {cell: text_of(cell) for cell in body.iter(_TC)}


def statutory_tables(body: Element, words: CellWords, form: Form) -> tuple[Element | None, ...]:
    """The form's tables among those of the running text, by their labels; an office may have others beside.

    Returns:
        One for each table of the form, in its order; None for one that is not there.
    """
    free = [(element, {words[cell] for cell in element.iter(_TC)}) for element in tables(body)]
    found: list[Element | None] = []
    for table in form.tables:
        labels = {cell.text for cell in grid_of(table).cells if not cell.key}
        best = max(free, key=lambda each: len(labels & each[1]), default=None)
        if best is not None and 2 * len(labels & best[1]) > len(labels):
            found.append(best[0])
            free = [each for each in free if each[0] is not best[0]]
        else:
            found.append(None)
    return tuple(found)


Grid = Mapping[tuple[int, int], tuple[int, Element]]
"""The cells of a table by row and column of the form's grid: the column in the file, and the cell."""


def cells_of(table: Table, element: Element) -> Grid:
    """The cells of a statutory table by the row and column that they have in the form's grid.

    The n-th cell of a row is the form's n-th: programs that save a file again count grid columns anew.

    Returns:
        Of each the grid column that it has in the file, and the cell.
    """
    rows: dict[int, list[tuple[int, Element]]] = defaultdict(list)
    for row, column, cell in grid_cells(element):
        rows[row].append((column, cell))
    due = columns_of(table)
    return {
        (row, column): found
        for row in due
        for column, found in zip(due[row], rows.get(row, ()), strict=False)
    }


@lru_cache(maxsize=64)
def columns_of(table: Table) -> Mapping[int, Sequence[int]]:
    """The columns of the form's grid in which a cell begins, in order, by row."""
    rows: dict[int, list[int]] = defaultdict(list)
    for cell in grid_of(table).cells:
        rows[cell.row].append(cell.column)
    return {row: sorted(columns) for row, columns in rows.items()}


def grid_cells(table: Element) -> Iterator[tuple[int, int, Element]]:
    """Every cell with its grid row and column, from 1; of a vertical merge its first cell alone."""
    looks = _looks_of(table)
    for row, line in enumerate(table.iter(_TR), start=1):
        column = 1 + int(looks[line].get(_BEFORE, "0")) if line in looks else 1
        for cell in line.iterchildren(_TC):
            own = looks.get(cell, {})
            if own.get(_MERGE, "restart") == "restart":
                yield row, column, cell
            column += int(own.get(_SPAN, "1")) if own else 1


def _looks_of(table: Element) -> Mapping[Element, Mapping[str, str]]:
    """The rows and cells whose properties say something of the grid: few do, so these are searched for."""
    looks: dict[Element, dict[str, str]] = defaultdict(dict)
    for each in table.iter(_SPAN, _MERGE, _BEFORE):
        properties = each.getparent()
        owner = properties.getparent() if properties is not None and properties.tag in _LOOKS else None
        if owner is not None:
            looks[owner][each.tag] = each.get(_VAL, "continue")
    return looks


# ── the proof ────────────────────────────────────────────────────────────────────────────────────────────

FILE = "report.docx"
_FIX = "请核对 Word 模板（templates 文件夹里的 report.docx），或用 make templates 重画。"


def prove(order: Order, content: bytes) -> Proof:
    """Whether the made file holds the report.

    D01 a part is no XML · D02 tables · D03 cells · D04 labels · D05 prose.
    """
    parts: dict[str, Element] = {}
    broken = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in filter(_is_xml, package.namelist()):
            try:
                parts[name] = (parsed if name == DOCUMENT else _shared)(package.read(name))
            except etree.XMLSyntaxError as error:
                broken.append(_fault("D01", f"Word 文件的部件 {name} 不是完整的 XML。", found=str(error)))
    body = parts[DOCUMENT].find(w("body")) if DOCUMENT in parts else None
    if body is None:
        return Proof({}, tuple(broken))
    findings = (*broken, *_wrong_tables(order, body), *_lost_prose(order, body), *_lost_lines(order, parts))
    cells = len(order.report.cells)
    return Proof({"tables": len(tables(body)), "cells": cells, "paragraphs": len(paragraphs(body))}, findings)


def _is_xml(name: str) -> bool:
    """True for a part that is a list or text; pictures are neither."""
    return name.endswith((".xml", ".rels"))


def _wrong_tables(order: Order, body: Element) -> Iterator[Finding]:
    found, words = tables(body), cell_words(body)
    statutory = statutory_tables(body, words, order.report.form)
    if None in statutory:
        missing = [
            table.name
            for table, element in zip(order.report.form.tables, statutory, strict=True)
            if element is None
        ]
        yield _fault(
            "D02",
            f"Word 文件里缺少法定表格：{'、'.join(missing)}。",
            f"{len(statutory)}个法定表格",
            f"{len(found)}个表",
        )
    for table, element in zip(order.report.form.tables, statutory, strict=True):
        if element is not None:
            place = Place(FILE, table=found.index(element) + 1)
            yield from _wrong_cells(order, place, words, table, cells_of(table, element))


def _wrong_cells(order: Order, at: Place, words: CellWords, table: Table, there: Grid) -> Iterator[Finding]:
    own = {}
    if order.draft:
        own = {cell: order.report.labels[row].text for row, cell in label_cells(table, order.report.labels)}
    for cell in grid_of(table).cells:
        due = _due(order, cell, own)
        column, element = there.get((cell.row, cell.column), (cell.column, None))
        found = None if element is None else words[element]
        if found != due:
            yield _wrong_cell(order, cell, due, found, at._replace(row=cell.row, column=column))


def _due(order: Order, cell: PrintedCell, own: dict[PrintedCell, str]) -> str:
    if cell.key is None:
        return str(legal(own.get(cell, cell.text)))
    row = order.words.names.get(cell.key.row)
    return str(legal(row[cell.key.column])) if isinstance(row, dict) else ""


def _wrong_cell(order: Order, cell: PrintedCell, due: str, found: str | None, place: Place) -> Finding:
    seen = "没有这一格" if found is None else found or "空白"
    if cell.key is None:
        return _fault("D04", f"Word 表格里“{due}”一格的文字不对。", due, seen, place)
    label = order.report.form.label(cell.key)
    return _fault("D03", f"Word 表格里“{label}”与年报的数据不一致。", due, seen, place)


def _lost_prose(order: Order, body: Element) -> Iterator[Finding]:
    there = {text_of(paragraph) for paragraph in paragraphs(body)}
    for piece in order.words.pieces:
        if piece.about.split(".")[0] in order.report.form.prose and str(legal(piece.text)) not in there:
            place = piece.place or Place(FILE)
            yield _fault("D05", "有一段文字没有印进 Word 文件。", found=piece.text[:30], place=place)


def _lost_lines(order: Order, parts: Mapping[str, Element]) -> Iterator[Finding]:
    """The lines of the kind's own that the clerk wrote and no part of the file prints."""
    lines = {name: str(legal(words)) for name, words in order.report.lines.items() if words}
    there = "\n".join(map(text_of, parts.values())) if lines else ""
    for name, words in lines.items():
        if words not in there:
            place = order.report.places.get(name) or Place(FILE)
            yield _fault("D05", f"“{name}”没有印进 Word 文件。", found=words[:30], place=place)


def _fault(code: str, message: str, due: str = "", found: str = "", place: Place | None = None) -> Finding:
    return Finding(code, Level.ERROR, message, (place or Place(FILE),), due, found, _FIX)
