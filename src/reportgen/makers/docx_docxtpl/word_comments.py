"""Findings as Word comments: the marks in the text, the comments part, and its entries in the package."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from typing import NamedTuple

from lxml import etree

from reportgen.problems import Finding

Element = etree._Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"
_COMMENTS = "word/comments.xml"
AUTHOR = "reportgen"

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_BLANK = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: object) -> object:
    """A value as XML 1.0 can carry it: line ends become blanks, what it forbids becomes ``�``."""
    if not isinstance(text, str) or (text.isprintable() and text.isascii()):
        return text
    cleaned = _ILLEGAL.sub("\ufffd", _BLANK.sub(" ", text))
    return type(text)(cleaned) if cleaned != text else text


def anchor(paragraph: Element, number: int) -> None:
    """Let a comment reach over a whole paragraph."""
    name = etree.QName(paragraph).namespace
    key = f"{{{name}}}id"
    start = etree.Element(f"{{{name}}}commentRangeStart", {key: str(number)})
    paragraph.insert(1 if paragraph.find(f"{{{name}}}pPr") is not None else 0, start)
    etree.SubElement(paragraph, f"{{{name}}}commentRangeEnd", {key: str(number)})
    run = etree.SubElement(paragraph, f"{{{name}}}r")
    etree.SubElement(run, f"{{{name}}}commentReference", {key: str(number)})


class Lists(NamedTuple):
    """What a package says of its parts: their types, and what the text refers to."""

    types: Element
    relations: Element


def commented(
    lists: Lists, findings: Mapping[int, Finding], day: date, before: Element | None = None
) -> dict[str, bytes]:
    """The parts of a package that change with comments: a comment for each finding by its number.

    Those that were there before stay.
    """
    said = _comments_part(findings, day, before)
    return {_COMMENTS: said, **registered(lists, {"comments.xml": "comments"})}


def _comments_part(findings: Mapping[int, Finding], day: date, before: Element | None) -> bytes:
    said = "".join(_comment(number, finding, day) for number, finding in findings.items())
    added = etree.fromstring(f'<w:comments xmlns:w="{W}">{said}</w:comments>')
    if before is not None:
        before.extend(list(added))
    return as_part(added if before is None else before)


def _comment(number: int, finding: Finding, day: date) -> str:
    told = [("", f"{finding.level.chinese} {finding.code}：{finding.message}")]
    told += [(f"{name}：", words) for name, words in finding.sides]
    told += [("怎么改：", finding.fix), ("依据：", finding.basis)]
    lines = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(str(legal(head + words)), quote=False)}</w:t></w:r>'
        "</w:p>"
        for head, words in told
        if words
    )
    return (
        f'<w:comment w:id="{number}" w:author="{AUTHOR}" w:date="{day.isoformat()}T00:00:00Z" '
        f'w:initials="rg">{lines}</w:comment>'
    )


def registered(lists: Lists, kinds: Mapping[str, str]) -> dict[str, bytes]:
    """The package's lists with these parts of ``word/`` in them (file name → kind), none of them twice."""
    types, relations = lists
    listed = {str(each.get("PartName")) for each in types}
    for name, kind in kinds.items():
        if f"/word/{name}" in listed:
            continue
        entry = {"PartName": f"/word/{name}", "ContentType": f"{_TYPE}.{kind}+xml"}
        etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override", entry)
        link = {"Id": relation_id(name), "Type": f"{_OFFICE}/{kind}", "Target": name}
        etree.SubElement(relations, f"{{{_PACKAGE}/relationships}}Relationship", link)
    return {TYPES: as_part(types), RELATIONS: as_part(relations)}


def relation_id(name: str) -> str:
    """The id by which the text refers to a part that ``registered`` entered."""
    return f"r_{name.removesuffix('.xml')}"


def as_part(root: Element) -> bytes:
    """A tree as the part of a package."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def free_number(taken: Iterable[str]) -> int:
    """The first number for comments above all that are there."""
    return max((int(each) + 1 for each in taken if each.isascii() and each.isdigit()), default=0)
