"""Opens the made .docx again: every part is XML, every cell, label and paragraph says what it should."""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from reportgen.makers import Order, Proof
from reportgen.makers.docx_docxtpl.filling import DOCUMENT
from reportgen.makers.docx_docxtpl.word_xml import (
    Element,
    grid_cells,
    legal,
    paragraphs,
    parsed,
    tables,
    text_of,
    w,
)
from reportgen.model.form import Table
from reportgen.model.layout import PrintedCell, grid_of, label_cells
from reportgen.problems import Finding, Level, Place

FILE = "report.docx"
_FIX = "请核对 Word 模板（templates 文件夹里的 report.docx），或用 make templates 重画。"


def prove(order: Order, content: bytes) -> Proof:
    """Whether the made file holds the report.

    D01 a part is no XML · D02 tables · D03 cells · D04 labels · D05 prose.
    """
    parts: dict[str, Element] = {}
    broken = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            try:
                parts[name] = parsed(package.read(name))
            except etree.XMLSyntaxError as error:
                broken.append(_fault("D01", f"Word 文件的部件 {name} 不是完整的 XML。", found=str(error)))
    body = parts[DOCUMENT].find(w("body")) if DOCUMENT in parts else None
    if body is None:
        return Proof({}, tuple(broken))
    findings = (*broken, *_wrong_tables(order, body), *_lost_prose(order, body))
    cells = len(order.report.cells)
    return Proof({"tables": len(tables(body)), "cells": cells, "paragraphs": len(paragraphs(body))}, findings)


def _wrong_tables(order: Order, body: Element) -> Iterator[Finding]:
    found = tables(body)
    due = order.report.form.tables
    if len(found) != len(due):
        yield _fault("D02", "Word 文件里的表格个数不对。", f"{len(due)}个表", f"{len(found)}个表")
    for number, (table, element) in enumerate(zip(due, found, strict=False), start=1):
        yield from _wrong_cells(order, number, table, element)


def _wrong_cells(order: Order, number: int, table: Table, element: Element) -> Iterator[Finding]:
    there = {(row, column): text_of(cell) for row, column, cell in grid_cells(element)}
    own = {}
    if order.draft:
        own = {cell: order.report.labels[row].text for row, cell in label_cells(table, order.report.labels)}
    for cell in grid_of(table).cells:
        due = _due(order, cell, own)
        found = there.get((cell.row, cell.column))
        if found != due:
            place = Place(FILE, table=number, row=cell.row, column=cell.column)
            yield _wrong_cell(order, cell, due, found, place)


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


def _fault(code: str, message: str, due: str = "", found: str = "", place: Place | None = None) -> Finding:
    return Finding(code, Level.ERROR, message, (place or Place(FILE),), due, found, _FIX)
