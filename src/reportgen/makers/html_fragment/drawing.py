"""Draws the fragment: headings, paragraphs, lists, and the statutory tables with their merged cells."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from reportgen.chinese.numerals import ordinal
from reportgen.makers import Order
from reportgen.model.form import Table
from reportgen.model.layout import Grid, PrintedCell, grid_of
from reportgen.model.nodes import Run
from reportgen.model.report import Report

Element = etree._Element

_ROLES = {
    "title": "title",
    "标题": "title",
    "heading 1": "chapter",
    "一级标题": "chapter",
    "heading 2": "heading",
    "二级标题": "heading",
    "heading 3": "subheading",
    "三级标题": "subheading",
    "列项": "item",
    "署名": "sign",
    "成文日期": "sign",
}
"""How a style's name begins → the part that its paragraphs play; all others are body text."""

_THROUGH = {"hyperlink", "smartTag", "ins", "moveTo", "sdt", "sdtContent", "customXml", "fldSimple"}
_OFF = {"0", "false", "off", "none"}


class Part(NamedTuple):
    """A paragraph: ``role`` is title, chapter, heading, subheading, item, body or sign."""

    role: str
    runs: tuple[Run, ...]
    chapter: int = 0

    @property
    def text(self) -> str:
        """All its text."""
        return "".join(run.text for run in self.runs)


def parts_of(content: bytes, report: Report) -> tuple[Part, ...]:
    """The paragraphs with words, in order; a chapter's heading knows its number."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        document = _parsed(package.read("word/document.xml"))
        styles = _parsed(package.read("word/styles.xml")) if "word/styles.xml" in package.namelist() else None
    names = _style_names(styles)
    body = next((each for each in document if _name(each) == "body"), document)
    roles = [(each, _role(each, names)) for each in _inside(body, "p")]
    # A long 署名 has line ends where paper needs them; a page of the web finds its own.
    found = [Part(role, tuple(_runs(each, "" if role == "sign" else " "))) for each, role in roles]
    return tuple(_numbered([part for part in found if part.text.strip()], report))


def _numbered(parts: list[Part], report: Report) -> Iterator[Part]:
    """The parts; what reads as a chapter's heading is one, and knows the number of its chapter."""
    own = {_bare(each.text) for each in report.chapters}
    known = {_bare(each): number for number, each in enumerate(report.form.headings, start=1)}
    number = 0
    for part in parts:
        bare = _bare(part.text)
        if part.role == "chapter" or bare in known or bare in own:
            number = known.get(bare) or ordinal(bare[:1]) or number + 1
            yield Part("chapter", part.runs, number)
        else:
            yield part


def _parsed(content: bytes) -> Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _style_names(styles: Element | None) -> dict[str, str]:
    """The names of the styles in lower case, by their keys."""
    elements = {_value(each, "styleId"): each for each in (styles if styles is not None else ())}
    return {key: _value(_child(each, "name"), "val").strip().lower() for key, each in elements.items()}


def _role(paragraph: Element, names: dict[str, str]) -> str:
    key = _value(_child(_child(paragraph, "pPr"), "pStyle"), "val")
    name = names.get(key, "")
    return next((role for start, role in _ROLES.items() if name.startswith(start)), "body")


def _runs(element: Element, line_end: str) -> Iterator[Run]:
    for child in element:
        name = _name(child)
        if name in _THROUGH:
            yield from _runs(child, line_end)
        elif name == "r":
            looks = _child(child, "rPr")
            text = "".join(_texts(child, line_end))
            if text and not _on(_child(looks, "vanish")):
                yield Run(text, _is_bold(looks))


def _is_bold(looks: Element | None) -> bool:
    own = _child(looks, "b")
    return _on(own) if own is not None else _value(_child(looks, "rStyle"), "val") == "Strong"


def _texts(run: Element, line_end: str) -> Iterator[str]:
    for child in run:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "cr", "br"):
            yield " " if name == "tab" else line_end


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    for child in element:
        if _name(child) == wanted:
            yield child
        elif _name(child) in _THROUGH:
            yield from _inside(child, wanted)


def _on(element: Element | None) -> bool:
    return element is not None and _value(element, "val").lower() not in _OFF


def _child(element: Element | None, name: str) -> Element | None:
    return next((each for each in element if _name(each) == name), None) if element is not None else None


def _value(element: Element | None, key: str) -> str:
    """An attribute by its name without namespace; empty where there is none."""
    if element is None:
        return ""
    return next((str(v) for name, v in element.attrib.items() if etree.QName(name).localname == key), "")


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


# ── draws the fragment: headings, paragraphs, lists, and the statutory tables with their merged cells ───

DRAFT = "草稿，不得公布"

_TAGS = {"chapter": "h2", "heading": "h3", "subheading": "h4", "body": "p"}
_INDENT = ' style="text-indent: 2em; overflow-wrap: anywhere"'
_SIGNED = ' style="margin-left: auto; margin-right: 4em; width: fit-content; text-align: center"'
"""The date stands four characters from the edge, the organ centred over it."""
_CENTRE = ' style="text-align: center"'
_TABLE = ' style="border-collapse: collapse; width: 100%"'
_CELL = ' style="border: 1px solid; padding: 0.2em 0.4em; min-width: 2em; text-align: {}"'
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
        yield from (f"<div{_SIGNED}>", *(f"<p>{_words(part.runs)}</p>" for part in parts), "</div>")
    else:
        for part in parts:
            yield f"<{_TAGS[role]}{_INDENT if role == 'body' else ''}>{_words(part.runs)}</{_TAGS[role]}>"
            for table in order.report.form.tables:
                if table.chapter == part.chapter:
                    yield from _table(order, table)


def _table(order: Order, table: Table) -> Iterator[str]:
    grid = page_grid(table)
    caption = order.report.form.chapters[table.chapter - 1].title
    # The heading above says it to the eye: a caption would say it again.
    yield f'<table aria-label="{escape(caption)}"{_TABLE}>'
    for name, first, last in _sections(grid):
        yield f"<{name}>"
        for row in range(first, last + 1):
            cells = sorted((cell for cell in grid.cells if cell.row == row), key=lambda cell: cell.column)
            yield f"<tr>{''.join(_cell(order, cell, table) for cell in cells)}</tr>"
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


def _cell(order: Order, cell: PrintedCell, table: Table) -> str:
    name = "td" if cell.role == "figure" else "th"
    scope = _SCOPES.get(cell.role, "")
    if scope == "row" and cell.rows > 1:
        scope = "rowgroup"
    elif scope == "col" and cell.columns > 1:
        scope = "colgroup"
    spans = {"scope": scope, "rowspan": cell.rows, "colspan": cell.columns}
    told = "".join(f' {key}="{value}"' for key, value in spans.items() if value and value != 1)
    listed = cell.role == "label" and cell.rows == 1 and table.stub_columns > 1
    look = _CELL.format("left" if listed else "center")
    return f"<{name}{told}{look}>{_escaped(cell_text(order, cell))}</{name}>"


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
