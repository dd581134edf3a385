"""Marks a made document as a draft: 草稿 on every page, each finding as a comment where it belongs."""

from collections.abc import Iterator

from lxml import etree

from reportgen.makers import Order
from reportgen.makers.docx_docxtpl.filling import DOCUMENT, NO_DATE, legal, static_part
from reportgen.makers.docx_docxtpl.locating import Located
from reportgen.makers.docx_docxtpl.own_words import headings_meant
from reportgen.makers.docx_docxtpl.word_comments import (
    RELATIONS,
    TYPES,
    Lists,
    anchor,
    as_part,
    commented,
    registered,
    relation_id,
)
from reportgen.makers.docx_docxtpl.word_xml import Element, W, parsed, w
from reportgen.problems import Finding

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADERS = {"default": "header_draft_odd.xml", "even": "header_draft_even.xml"}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_HEADER = (
    _DECLARATION + '<w:hdr xmlns:w="{w}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"><w:p><w:pPr><w:pStyle w:val="DraftHeader"/></w:pPr>'
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
    "</v:shape></w:pict></w:r></w:p></w:hdr>"
)


def drafted(order: Order, parts: dict[str, bytes]) -> dict[str, bytes]:
    """The filled parts with the marks of a draft, and the parts that go with them."""
    root = parsed(parts[DOCUMENT])
    body = root.find(w("body"))
    assert body is not None  # the template is checked before it is filled
    located = Located(order, body)
    _print_own_words(order, located)
    findings = dict(_anchored(order, located))
    _show_headers(body)
    made = {DOCUMENT: as_part(root)}
    for side, name in _HEADERS.items():
        made[f"word/{name}"] = _HEADER.format(w=W, side=side).encode()
    lists = Lists(*(parsed(static_part(order.template, name)) for name in (TYPES, RELATIONS)))
    made |= registered(lists, dict.fromkeys(_HEADERS.values(), "header"))
    return parts | made | commented(lists, findings, order.report.date or NO_DATE)


def _print_own_words(order: Order, located: Located) -> None:
    found = [own.text for own in order.report.chapters]
    for index, text in headings_meant(found, order.report.form.headings).items():
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


def _anchored(order: Order, located: Located) -> Iterator[tuple[int, Finding]]:
    for number, finding in enumerate(order.findings):
        paragraph = located.of(finding.about)
        if paragraph is not None:
            anchor(paragraph, number)
            yield number, finding


def _show_headers(body: Element) -> None:
    """Every section shows the draft's headers; those of the template, if any, step aside."""
    for section in body.iter(w("sectPr")):
        for old in section.findall(w("headerReference")):
            section.remove(old)
        for position, (side, name) in enumerate(_HEADERS.items()):
            to = {w("type"): side, f"{{{_OFFICE}}}id": relation_id(name)}
            reference = etree.Element(w("headerReference"), to)
            section.insert(position, reference)
