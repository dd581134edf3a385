"""A copy of any checked Word document with each finding as a comment where it belongs. Pure."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from reportgen.makers.docx_docxtpl.drafting import UNFIT, comment, saved
from reportgen.problems import FileTrouble, Finding, Place, still_open
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import TooBig, parts_of
from reportgen.sources.docx.package import MOST_TOGETHER, Refused
from reportgen.sources.docx.walking import walk

_PARAGRAPH = qn("w:p")
_TYPES = "[Content_Types].xml"
_Placed = Sequence[tuple[Place, etree._Element]]


def remarked(content: bytes, name: str, findings: Iterable[Finding], day: date) -> bytes:
    """The document with the findings as comments, behind the comments that it has.

    Every other part keeps its bytes; a part that nothing in the package refers to is left out. A finding
    without a place in the text is shown at the title.

    Args:
        content: the document.
        name: the file name that the findings' places have.
        findings: what was found in it.
        day: the day that the comments bear; the same day gives the same bytes.

    Raises:
        FileTrouble: for what is no Word document that can be written again.
    """
    try:
        walked = walk(content, name)
        parts = parts_of(content, MOST_TOGETHER)
        document = docx.Document(io.BytesIO(packed(parts)))
        placed = _in_copy(walked.placed, walked.package.document, document)
        for finding, paragraph in _places(placed, still_open(findings)):
            comment(document, paragraph, finding, day)
        changed = _changed(document)
        return packed(
            {part: new if part in changed else parts.get(part, new) for part, new in saved(document).items()}
        )
    except Refused as error:
        raise FileTrouble(f"{name} 里加不了批注：{error}") from error
    except (TooBig, *UNFIT) as error:
        raise FileTrouble(
            f"{name} 里加不了批注：它的结构与一般的 Word 文件不同。请用 Word 或 WPS 打开，另存为 .docx 再试。"
        ) from error


def _in_copy(
    placed: Iterable[tuple[Place, etree._Element]], root: etree._Element, copy: Document
) -> list[tuple[Place, etree._Element]]:
    """The same places with the paragraphs of a copy, which was read from the same bytes.

    Raises:
        ValueError: the copy has other paragraphs, or none.
    """
    there = list(root.iter(_PARAGRAPH))
    twins = dict(zip(there, copy.element.iter(_PARAGRAPH), strict=True))
    found = [(place, twins[each]) for place, each in placed if each in twins]
    if not found:
        raise ValueError("no paragraphs")
    return found


def _places(placed: _Placed, findings: Iterable[Finding]) -> list[tuple[Finding, etree._Element]]:
    """Each finding with the paragraph where it is shown: at the first of its places that is in the text."""
    where: dict[tuple[int, int, int, int], etree._Element] = {}
    for place, paragraph in placed:
        where.setdefault(_spot(place), paragraph)
    title = where.get((0, 0, 0, 1), placed[0][1])
    shown = []
    for finding in findings:
        spots = (where.get(_spot(place)) for place in finding.places)
        shown.append((finding, next((spot for spot in spots if spot is not None), title)))
    return shown


def _spot(place: Place) -> tuple[int, int, int, int]:
    return place.table, place.row, place.column, place.line


def _changed(document: Document) -> set[str]:
    """The names of the parts that comments change: the text, the comments, and what lists these two."""
    main = document.part
    links = (link for link in main.rels.values() if link.reltype == RELATIONSHIP_TYPE.COMMENTS)
    parts = [main.partname, main.partname.rels_uri, *(link.target_part.partname for link in links)]
    return {_TYPES, *(name.membername for name in parts)}
