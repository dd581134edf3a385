"""Remarking: a copy of any checked Word document with each finding as a comment where it belongs. Pure."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from lxml import etree

from reportgen.makers.docx_docxtpl.word_comments import (
    RELATIONS,
    TYPES,
    Lists,
    W,
    anchor,
    as_part,
    commented,
    free_number,
)
from reportgen.problems import FileTrouble, Finding, Place
from reportgen.safe.unpacking import BROKEN, TooBig, part_of
from reportgen.sources.docx.package import MOST_TOGETHER, Refused
from reportgen.sources.docx.walking import walk

_MAIN = "word/document.xml"
_Placed = Sequence[tuple[Place, etree._Element]]


def remarked(content: bytes, name: str, findings: Iterable[Finding], day: date) -> bytes:
    """The document with the findings as comments; all else in it stays as it was.

    A finding without a place in the text is shown at the title.

    Args:
        content: the document.
        name: the file name that the findings' places have.
        findings: what was found in it.
        day: the day that the comments bear.

    Raises:
        FileTrouble: for what is no Word document that can be written again.
    """
    try:
        walked = walk(content, name)
        if (
            not walked.placed
            or walked.package.main != _MAIN
            or etree.QName(walked.package.document).namespace != W
        ):
            raise FileTrouble(f"{name} 里加不了批注，请用 Word 或 WPS 另存为 .docx 再试。")
        before = walked.package.comments
        numbered = _anchored(walked.placed, findings, _first_number(before))
        changed = commented(_lists(content), numbered, day, before)
        main = as_part(walked.package.document.getroottree().getroot())
        return _packed_again(content, {_MAIN: main, **changed})
    except (Refused, TooBig, *BROKEN, etree.XMLSyntaxError) as error:
        raise FileTrouble(f"{name} 里加不了批注：{error}") from error


def _first_number(before: etree._Element | None) -> int:
    ids = () if before is None else [str(each.get(f"{{{W}}}id")) for each in before]
    return free_number(ids)


def _anchored(placed: _Placed, findings: Iterable[Finding], first: int) -> dict[int, Finding]:
    """Mark each finding's paragraph; the findings by the numbers of their comments."""
    where: dict[tuple[int, int, int, int], etree._Element] = {}
    for place, paragraph in placed:
        where.setdefault(_spot(place), paragraph)
    title = where.get((0, 0, 0, 1), placed[0][1])
    numbered: dict[int, Finding] = {}
    for number, finding in enumerate(findings, start=first):
        spots = (where.get(_spot(place)) for place in finding.places)
        anchor(next((spot for spot in spots if spot is not None), title), number)
        numbered[number] = finding
    return numbered


def _spot(place: Place) -> tuple[int, int, int, int]:
    return place.table, place.row, place.column, place.line


def _lists(content: bytes) -> Lists:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return Lists(*(_tree(part_of(source, name, MOST_TOGETHER)) for name in (TYPES, RELATIONS)))


def _packed_again(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The package with these parts in the place of its own, every other one as it is."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(held, "w") as target:
        written = set()
        for info in source.infolist():
            part = parts.get(info.filename) or part_of(source, info, MOST_TOGETHER)
            target.writestr(info, part, zipfile.ZIP_DEFLATED)
            written.add(info.filename)
        for name in sorted(parts.keys() - written):
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), parts[name], zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _tree(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
