"""The tags of a PDF, which a screen reader goes by: what LibreOffice leaves undone.

It marks as heads only the rows that Word repeats on every page; by the styles of our templates the heads
of every block and the names of the rows are marked, too, each with the direction that it speaks for. It
calls a run of figures English, which would be read out so; and it maps each standard tag to itself, which
the norm of accessible PDF (ISO 14289-1) forbids.
"""

import re
from collections.abc import Mapping

from reportgen.makers.pdf_libreoffice.font_order import Objects

COLUMN_HEADS = ("表头", "表头小", "表头窄")
ROW_HEADS = ("表格行名", "表格行名小", "表格分组小")
"""The styles of the templates' cells that are heads."""

_ELEMENT = re.compile(rb"/Type\s*/StructElem\b")
_CELL = re.compile(rb"/S\s*/T([DH])(?=[\s/>])")
_STYLE = re.compile(rb"/S\s*/([^\s/<>\[\]]+)")
_FIRST_KID = re.compile(rb"/K\s*\[?\s*(\d+) 0 R")
_ATTRIBUTES = re.compile(rb"/A\s*(\[[^\]]*\]|\d+ 0 R)")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_TO_ITSELF = re.compile(rb"/(\w+)\s*/\1(?=[\s/>])\s*")
_ENGLISH = re.compile(rb"/Lang\s*\(en-US\)\s*")
_OF_TABLE = re.compile(rb"/O\s*/Table\b")


def set_tags(objects: Objects, _trailer: bytes) -> None:
    """Put the tags right, in place."""
    scopes = {_name(style): b"Column" for style in COLUMN_HEADS} | {
        _name(style): b"Row" for style in ROW_HEADS
    }
    for number, body in list(objects.items()):
        if b"/RoleMap" in body[:2000]:
            objects[number] = _without_circles(body)
        elif _ELEMENT.search(body, 0, 400):
            objects[number] = _ENGLISH.sub(b"", body)
            if _CELL.search(body, 0, 400):
                _set_cell(objects, number, scopes)


def _name(style: str) -> bytes:
    """A style's name as PDF writes it."""
    return b"".join(b"#%02X" % byte for byte in style.encode())


def _without_circles(body: bytes) -> bytes:
    head, mark, rest = body.partition(b"/RoleMap")
    roles, end, tail = rest.partition(b">>")
    return head + mark + _TO_ITSELF.sub(b"", roles) + end + tail


def _set_cell(objects: Objects, number: int, scopes: Mapping[bytes, bytes]) -> None:
    """Make a cell with the style of a head a head."""
    body = objects[number]
    kid = _FIRST_KID.search(body)
    style = _STYLE.search(objects.get(int(kid[1]), b"")) if kid else None
    scope = scopes.get(style[1]) if style else None
    if scope:
        objects[number] = _with_scope(objects, _CELL.sub(b"/S/TH", body, count=1), scope)


def _with_scope(objects: Objects, body: bytes, scope: bytes) -> bytes:
    """A head with its direction: in the attributes of tables that it has, else in new ones."""
    found = _ATTRIBUTES.search(body)
    for reference in _REFERENCE.findall(found[1]) if found else ():
        attributes = objects[int(reference)]
        if _OF_TABLE.search(attributes):
            if b"/Scope" not in attributes:
                at = attributes.rindex(b">>")
                objects[int(reference)] = attributes[:at] + b"/Scope/%s\n" % scope + attributes[at:]
            return body
    fresh = b"<</O/Table/Scope/%s>>" % scope
    if found is None:
        at = body.rindex(b">>")
        return body[:at] + b"/A %s\n" % fresh + body[at:]
    return body[: found.start()] + b"/A [ %s %s ]" % (found[1].strip(b"[] "), fresh) + body[found.end() :]
