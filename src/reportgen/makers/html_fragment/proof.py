"""Reads the made fragment again: every cell and paragraph says what it should, and nothing else is in it."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from reportgen.makers import Order, Proof
from reportgen.makers.html_fragment.drawing import DRAFT, cell_text, page_grid, parts_of
from reportgen.model.form import Table
from reportgen.model.layout import PrintedCell
from reportgen.problems import Finding, Level, Place

FAULTS: dict[str, str] = {
    "H01": "网页里的文字与 Word 文件不一致",
    "H02": "网页里的表格与格式不一致",
    "H03": "网页里的数与年报不一致",
    "H04": "有一段文字没有写进网页",
}
"""Code → what is wrong, as the list of faults names it."""

FILE = "report.html"
_FIX = "请把年报重新生成一次；还是这样，就请对照 Word 文件手工核对后再发布。"
_WORDS = {"h1", "h2", "h3", "h4", "p", "li"}
_KNOWN = _WORDS | {*("article", "div", "br", "strong", "ul", "table", "thead", "tbody", "tr", "th", "td")}

Element = etree._Element


def prove(order: Order, content: bytes) -> Proof:
    """Whether the fragment holds the report.

    H01 paragraphs against the Word document · H02 tables · H03 figures · H04 the clerk's prose.
    """
    root = etree.fromstring(content, etree.HTMLParser(encoding="utf-8", no_network=True))
    there = list(_paragraphs(root))
    tables = list(root.iter("table"))
    findings = (
        *_other_words(order, there),
        *_wrong_tables(order, tables),
        *_lost_prose(order, there),
        *(_fault("H02", "网页里有不该有的内容。", found=name) for name in sorted(_foreign(root))),
    )
    return Proof({"tables": len(tables), "paragraphs": len(there), "bytes": len(content)}, findings)


def _paragraphs(root: Element) -> Iterator[str]:
    """The words of every paragraph; the lines of the title one by one."""
    for element in root.iter(*_WORDS):
        yield from _lines(element)


def _lines(element: Element) -> list[str]:
    words = [element.text or ""]
    for child in element:
        words += ["\n", child.tail or ""] if child.tag == "br" else [_all(child), child.tail or ""]
    return [line.replace("\xa0", " ") for line in "".join(words).split("\n")]


def _all(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _foreign(root: Element) -> set[str]:
    """Elements and attributes that the fragment never has: scripts, references."""
    names = {str(each.tag) for each in root.iter()} - _KNOWN - {"html", "body"}
    attributes = {str(name) for each in root.iter() for name in each.attrib}
    return names | (attributes - {"lang", "style", "scope", "rowspan", "colspan", "aria-label"})


def _other_words(order: Order, there: list[str]) -> Iterator[Finding]:
    due = [part.text for part in parts_of(order.made["docx"], order.report)]
    found = [text for text in there if text != DRAFT or not order.draft]
    for number, (wanted, text) in enumerate(zip(due, found, strict=False), start=1):
        if wanted.replace("\xa0", " ") != text:
            place = Place(FILE, number)
            yield _fault("H01", "网页里有一段文字与 Word 文件不一致。", wanted[:40], text[:40], place)
            return
    if len(due) != len(found):
        yield _fault("H01", "网页里的段数与 Word 文件不一致。", f"{len(due)}段", f"{len(found)}段")


def _wrong_tables(order: Order, tables: list[Element]) -> Iterator[Finding]:
    due = order.report.form.tables
    if len(tables) != len(due):
        fix = "请在 Word 文件里补上表格所在部分的标题。"
        wrong = _fault("H02", "网页里的表格个数不对。", f"{len(due)}个表", f"{len(tables)}个表")
        yield replace(wrong, fix=fix)
        return
    for number, (table, element) in enumerate(zip(due, tables, strict=True), start=1):
        yield from _wrong_cells(order, number, table, element)


def _wrong_cells(order: Order, number: int, table: Table, element: Element) -> Iterator[Finding]:
    there = {(row, column): _all(cell) for row, column, cell in _grid(element)}
    for cell in page_grid(table).cells:
        found = there.pop((cell.row, cell.column), None)
        wanted = cell_text(order, cell)
        if found is None or found.replace("\xa0", " ") != wanted:
            yield _wrong_cell(order, number, cell, found)
    if there:
        yield _fault("H02", "网页的表格里有多余的格子。", found="、".join(there.values()))


def _wrong_cell(order: Order, number: int, cell: PrintedCell, found: str | None) -> Finding:
    place = Place(FILE, table=number, row=cell.row, column=cell.column)
    due, seen = cell_text(order, cell), "没有这一格" if found is None else found or "空白"
    if cell.key is None:
        return _fault("H02", f"网页表格里“{due}”一格不对。", due, seen, place)
    label = order.report.form.label(cell.key)
    return _fault("H03", f"网页表格里“{label}”与年报的数据不一致。", due or "空白", seen, place)


def _grid(table: Element) -> Iterator[tuple[int, int, Element]]:
    """Every cell with its grid row and column, from 1, as a browser would lay it out."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr"), start=1):
        column = 1
        for cell in line:
            while (row, column) in taken:
                column += 1
            rows, columns = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
            taken |= {(row + down, column + across) for down in range(rows) for across in range(columns)}
            yield row, column, cell


def _lost_prose(order: Order, there: list[str]) -> Iterator[Finding]:
    known = set(there)
    for piece in order.words.pieces:
        if (
            piece.about.split(".")[0] in order.report.form.prose
            and piece.text.replace("\xa0", " ") not in known
        ):
            yield _fault("H04", "有一段文字没有写进网页。", found=piece.text[:30], place=piece.place)


def _fault(code: str, message: str, due: str = "", found: str = "", place: Place | None = None) -> Finding:
    return Finding(code, Level.ERROR, message, (place or Place(FILE),), due, found, _FIX)
