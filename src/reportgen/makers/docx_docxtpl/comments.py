"""Findings as Word comments, written by python-docx: one on a whole paragraph each."""

import io
import zipfile
from datetime import UTC, date, datetime

from docx.comments import Comment
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.text.run import Run
from lxml import etree

from reportgen.makers.docx_docxtpl.word_xml import Element, legal
from reportgen.problems import Finding
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
