"""Marks a made document as a draft: 草稿 on every page, each finding as a comment where it belongs.

Paragraphs are found by what they say, in the order in which they are printed: a template may be edited
freely, and nothing has to be left in the document for this.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from difflib import SequenceMatcher

import docx
from docx.comments import Comment
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.text.run import Run
from lxml import etree

from reportgen.makers import Order
from reportgen.makers.docx_docxtpl.filling import NO_DATE
from reportgen.makers.docx_docxtpl.reading_back import (
    Element,
    W,
    cell_words,
    cells_of,
    legal,
    paragraphs,
    statutory_tables,
    text_of,
    w,
)
from reportgen.model.form import CellKey
from reportgen.model.layout import grid_of, label_cells
from reportgen.problems import Finding, TemplateBroken, still_open
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import BROKEN

AUTHOR, INITIALS = "reportgen", "rg"

UNFIT = (
    OpcError,
    PythonDocxError,
    etree.XMLSyntaxError,
    AttributeError,
    IndexError,
    RecursionError,
    TypeError,
    *BROKEN,
)
"""What python-docx raises for packages that are not as it expects them."""

_RUN = qn("w:r")
_NO_WORDS = {
    qn(f"w:{name}")
    for name in (
        *("pPr", "proofErr", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd"),
        *("commentRangeStart", "commentRangeEnd"),
    )
}
"""Children of a paragraph that print nothing: properties and marks."""

_CONTACT = ("phone", "mail", "address", "postcode", "site", "url")

_WATERMARK = (
    '<w:p xmlns:w="{w}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"><w:pPr><w:pStyle w:val="DraftHeader"/></w:pPr>'
    "<w:r><w:t>草稿</w:t></w:r><w:r><w:pict>"
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="draft_{side}" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;'
    "width:380pt;height:190pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
    "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#c0c0c0" stroked="f">'
    '<v:fill opacity=".4"/><v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="草稿"/>'
    "</v:shape></w:pict></w:r></w:p>"
)
"""The paragraph of a draft's header; python-docx draws no watermark, so it stands here as Word writes it."""


def drafted(order: Order, content: bytes) -> bytes:
    """A filled document with the marks of a draft: the same bytes for the same order.

    Raises:
        TemplateBroken: the template is a package that python-docx cannot open.
    """
    try:
        document = docx.Document(io.BytesIO(content))
        located = Located(order, document.element.body)
        _print_own_words(order, located)
        for finding in still_open(order.findings):
            paragraph = located.of(finding.about)
            if paragraph is not None:
                comment(document, paragraph, finding, order.report.date or NO_DATE)
        _mark_pages(document)
        return packed(saved(document))
    except UNFIT as error:
        raise TemplateBroken(
            "这个 Word 模板加不了草稿的标记和批注，请用 Word 或 WPS 打开，另存为 .docx 再试。"
        ) from error


def _mark_pages(document: Document) -> None:
    """Every section shows the draft's header on all its pages; those of the template, if any, step aside."""
    sections = list(document.sections)
    with_first = any(section.different_first_page_header_footer for section in sections)
    for number, section in enumerate(sections):
        sides = {"odd": section.header, "even": section.even_page_header, "first": section.first_page_header}
        for side, header in sides.items():
            header.is_linked_to_previous = True
            if number or (side == "first" and not with_first):
                continue  # a section without a header of its own has the one of the section before
            header.is_linked_to_previous = False
            root = header.part.element
            root[:] = [parse_xml(_WATERMARK.format(w=W, side=side))]
            header.part.partname = PackURI(f"/word/header_draft_{side}.xml")


def _print_own_words(order: Order, located: "Located") -> None:
    found = [own.text for own in order.report.chapters]
    for index, text in _headings_meant(found, order.report.form.headings).items():
        if index + 1 in located.headings:
            _say(located.headings[index + 1], text)
    for row, own in order.report.labels.items():
        label = located.of((f"label.{row}",))
        if label is not None:
            _say(label, own.text)


def _say(paragraph: Element, words: str) -> None:
    """Put other words into a paragraph, in the look of its first run."""
    for number, piece in enumerate(paragraph.iter(w("t"))):
        piece.text = str(legal(words)) if not number else ""


def _headings_meant(found: Sequence[str], right: Sequence[str]) -> dict[int, str]:
    """Which of the form's headings (by index) each found one stands for: equal ones, then the most alike."""
    meant = {right.index(text): text for text in found if text in right}
    for text in (text for text in found if text not in right):
        free = [index for index in range(len(right)) if index not in meant]
        if free:
            meant[max(free, key=lambda index: _likeness(text, right[index]))] = text
    return meant


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


class Located:
    """The paragraphs of a made document by the keys of ``Finding.about``."""

    def __init__(self, order: Order, body: Element) -> None:
        """Look every part up once; ``headings`` are the chapter headings by number."""
        self._found: dict[str, Element] = {}
        self._lines = [(paragraph, text_of(paragraph)) for paragraph in paragraphs(body)]
        self.headings = dict(self._chapter_headings(order))
        self._found.update(self._fields(order))
        for number, heading in self.headings.items():
            self._found[f"chapters.{number}"] = heading
        form = order.report.form
        for passage in form.printed_prose:
            self._stand_in(passage.key, passage.chapter)
        if form.fee:
            self._stand_in("fees", form.prose[form.fee.passage].chapter)
        for table in form.tables:
            self._stand_in(f"table.{table.key}", table.chapter)
        self._found.update(self._prose(order))
        self._found.update(self._cells(order, body))

    def of(self, about: tuple[str, ...]) -> Element | None:
        """The first of these parts that is there, else the title; None in a document without words."""
        for key in about:
            for name in (key, key.rpartition(".")[0]):
                if name in self._found:
                    return self._found[name]
        return self._found.get("title")

    def _stand_in(self, key: str, chapter: int) -> None:
        if chapter in self.headings:
            self._found[key] = self.headings[chapter]

    def _chapter_headings(self, order: Order) -> Iterator[tuple[int, Element]]:
        numbers = {text: number for number, text in enumerate(order.report.form.headings, start=1)}
        for paragraph, text in self._lines:
            if text in numbers:
                yield numbers[text], paragraph

    def _fields(self, order: Order) -> Iterator[tuple[str, Element]]:
        words = [(paragraph, text) for paragraph, text in self._lines if text.strip()]
        if words:
            yield "title", words[0][0]
            yield "date", words[-1][0]
        for key in _CONTACT:
            value = str(legal(getattr(order.report.contact, key)))
            holders = [paragraph for paragraph, text in self._lines if value and value in text]
            if holders:
                yield key, holders[0]

    def _prose(self, order: Order) -> Iterator[tuple[str, Element]]:
        """Each paragraph by its words, searched from behind the one before it."""
        start = 0
        for key in (passage.key for passage in order.report.form.printed_prose):
            for number, paragraph in enumerate(order.report.prose.get(key, ()), start=1):
                at = self._next(str(legal(paragraph.text)), start)
                if at is None:
                    continue
                start = at + 1
                yield f"{key}.{number}", self._lines[at][0]
                if number == 1:
                    yield key, self._lines[at][0]

    def _next(self, words: str, start: int) -> int | None:
        return next((at for at in range(start, len(self._lines)) if self._lines[at][1] == words), None)

    def _cells(self, order: Order, body: Element) -> Iterator[tuple[str, Element]]:
        form = order.report.form
        for table, element in zip(form.tables, statutory_tables(body, cell_words(body), form), strict=True):
            if element is None:
                continue
            there = cells_of(table, element)
            rows = {key.row for key, _, _ in table.cells()}
            named: list[tuple[str | CellKey, tuple[int, int]]] = [
                (cell.key, (cell.row, cell.column)) for cell in grid_of(table).cells if cell.key
            ]
            named += [
                (f"label.{row}", (cell.row, cell.column)) for row, cell in label_cells(table, sorted(rows))
            ]
            for key, place in named:
                paragraph = there[place][1].find(w("p")) if place in there else None
                if paragraph is not None:
                    yield str(key), paragraph


# ── comments ─────────────────────────────────────────────────────────────────────────────────────────────


def comment(document: Document, paragraph: Element, finding: Finding, day: date) -> None:
    """Add a finding as a comment that reaches over a whole paragraph, behind the comments that are there.

    Args:
        document: opened by python-docx.
        paragraph: one of its paragraphs, in the running text or in a cell; it may be empty.
        finding: what the comment says: message, sides, how to mend it and its basis, a line each.
        day: the day that the comment bears, so that the same findings give the same bytes on every day.
    """
    ends = [Run(run, document) for run in _ends(paragraph)]  # type: ignore[arg-type]  # any parent will do
    added = document.add_comment(ends, _words(finding), AUTHOR, INITIALS)
    # python-docx stamps the present moment, and has no other way to say when.
    added._comment_elm.date = datetime(day.year, day.month, day.day, tzinfo=UTC)
    (mark,) = ends[-1]._r.xpath("following-sibling::w:r[1]")
    _in_usual_looks(added, Run(mark, document))


def saved(document: Document) -> dict[str, bytes]:
    """The parts of a document as python-docx saves it, in its order: the same for the same document."""
    held = io.BytesIO()
    document.save(held)
    with zipfile.ZipFile(held) as package:
        return {name: package.read(name) for name in package.namelist()}


def _ends(paragraph: Element) -> list[Element]:
    """The first and the last run of a paragraph.

    python-docx lets a comment reach from run to run. Where something else stands at an end (a link, say), or
    nothing at all, an empty run is put there, so that the comment reaches over it.
    """
    first = next((each for each in paragraph.iterchildren() if each.tag not in _NO_WORDS), None)
    if first is None:
        paragraph.append(OxmlElement("w:r"))
        return [paragraph[-1]]
    if first.tag != _RUN:
        first.addprevious(first := OxmlElement("w:r"))
    last = next(each for each in paragraph.iterchildren(reversed=True) if each.tag not in _NO_WORDS)
    if last.tag != _RUN:
        last.addnext(last := OxmlElement("w:r"))
    return [first, last]


def _in_usual_looks(added: Comment, mark: Run) -> None:
    """Take the styles off that python-docx gives: a document that lacks them would name what is not there."""
    for paragraph in added.paragraphs:
        paragraph.style = None
    for run in (added.paragraphs[0].runs[0], mark):
        run.style = None


def _words(finding: Finding) -> str:
    """What a comment says, a line for each thing."""
    told = [("", f"{finding.level.chinese} {finding.code}：{finding.message}")]
    told += [(f"{name}：", words) for name, words in finding.sides]
    told += [("怎么改：", finding.fix), ("依据：", finding.basis)]
    return "\n".join(str(legal(head + words)) for head, words in told if words)
