"""Marks a made document as a draft: 草稿 on every page, each finding as a comment where it belongs."""

from collections.abc import Iterator
from datetime import date
from xml.sax.saxutils import escape

from lxml import etree

from reportgen.makers import Order
from reportgen.makers.docx_docxtpl.filling import DOCUMENT, NO_DATE, legal, static_part
from reportgen.makers.docx_docxtpl.locating import Located
from reportgen.makers.docx_docxtpl.own_words import headings_meant
from reportgen.makers.docx_docxtpl.word_xml import Element, W, parsed, w
from reportgen.problems import Finding

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = "[Content_Types].xml"
_RELATIONS = "word/_rels/document.xml.rels"
_HEADERS = {"default": "header_draft_odd", "even": "header_draft_even"}
_COMMENTS = "comments"
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
    comments = "".join(_commented(order, located))
    _show_headers(body)
    made = {
        DOCUMENT: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True),
        f"word/{_COMMENTS}.xml": f'{_DECLARATION}<w:comments xmlns:w="{W}">{comments}</w:comments>'.encode(),
    }
    for side, name in _HEADERS.items():
        made[f"word/{name}.xml"] = _HEADER.format(w=W, side=side).encode()
    return parts | made | _registered(order.template)


def _print_own_words(order: Order, located: Located) -> None:
    found = [own.text for own in order.report.chapters]
    for index, text in headings_meant(found, order.report.form.chapters).items():
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


def _commented(order: Order, located: Located) -> Iterator[str]:
    day = order.report.date or NO_DATE
    for number, finding in enumerate(order.findings):
        paragraph = located.of(finding.about)
        if paragraph is not None:
            _anchor(paragraph, str(number))
            yield _comment(number, finding, day)


def _anchor(paragraph: Element, number: str) -> None:
    """Let a comment reach over a whole paragraph."""
    start = etree.Element(w("commentRangeStart"), {w("id"): number})
    paragraph.insert(1 if paragraph.find(w("pPr")) is not None else 0, start)
    etree.SubElement(paragraph, w("commentRangeEnd"), {w("id"): number})
    run = etree.SubElement(paragraph, w("r"))
    etree.SubElement(run, w("commentReference"), {w("id"): number})


def _comment(number: int, finding: Finding, day: date) -> str:
    told = [("", f"{finding.level.chinese} {finding.code}：{finding.message}")]
    told += [("应为：", finding.expected), ("现为：", finding.found), ("怎么改：", finding.fix)]
    told += [("依据：", finding.basis)]
    lines = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(str(legal(head + words)))}</w:t></w:r></w:p>'
        for head, words in told
        if words
    )
    return (
        f'<w:comment w:id="{number}" w:author="reportgen" w:date="{day.isoformat()}T00:00:00Z" '
        f'w:initials="rg">{lines}</w:comment>'
    )


def _show_headers(body: Element) -> None:
    """Every section shows the draft's headers; those of the template, if any, step aside."""
    for section in body.iter(w("sectPr")):
        for old in section.findall(w("headerReference")):
            section.remove(old)
        for position, (side, name) in enumerate(_HEADERS.items()):
            reference = etree.Element(
                w("headerReference"), {w("type"): side, f"{{{_OFFICE}}}id": f"r_{name}"}
            )
            section.insert(position, reference)


def _registered(template: bytes) -> dict[str, bytes]:
    """The package's lists with the draft's parts in them."""
    kinds = dict.fromkeys(_HEADERS.values(), "header") | {_COMMENTS: "comments"}
    types, relations = parsed(static_part(template, _TYPES)), parsed(static_part(template, _RELATIONS))
    for name, kind in kinds.items():
        entry = {"PartName": f"/word/{name}.xml", "ContentType": f"{_TYPE}.{kind}+xml"}
        etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override", entry)
        link = {"Id": f"r_{name}", "Type": f"{_OFFICE}/{kind}", "Target": f"{name}.xml"}
        etree.SubElement(relations, f"{{{_PACKAGE}/relationships}}Relationship", link)
    return {
        name: etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        for name, tree in ((_TYPES, types), (_RELATIONS, relations))
    }
