"""The empty signature field of a finished PDF, as an incremental update: the bytes before it stay.

Written here and not by pyHanko, which takes over a second to import, many times what making a PDF takes,
and which draws the file's second identifier by chance; the same PDF must give the same bytes.
"""

import hashlib
import re

from reportgen.problems import ToolFailed
from reportgen.signing.paper import MM
from reportgen.signing.seal_place import SealPlace

FIELD = "Seal"
"""The name of the field; signing programs list it."""

_ODD = "PDF 的结构异常，不能加签名域。请重新生成；仍不行，请更新 LibreOffice。"
_TOLD = "机关印章（电子签名）"
_SQUARE = re.compile(rb"/T\(%s\)/TU<[0-9A-F]*>/F \d+/Rect\[([\d.]+) [\d.]+ ([\d.]+) " % FIELD.encode())
_PRINTED_AND_LOCKED = 132
_FORM = b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>"
"""3: there are signature fields, and the file is only to be added to. Signing then changes nothing here."""


def diameter_of(pdf: bytes) -> int:
    """The diameter in mm of the seal that the field of a PDF was made for; 0 where it has none of ours."""
    found = _SQUARE.search(pdf)
    return round((float(found[2]) - float(found[1])) / MM) if found else 0


def with_field(pdf: bytes, place: SealPlace) -> bytes:
    """The PDF with an empty signature field where the seal goes.

    Args:
        pdf: as the converter makes it: a plain table of objects and no form.
        place: where.

    Raises:
        ToolFailed: the file is built in another way.
    """
    source = _Source(pdf)
    page = source.pages()[place.page - 1]
    catalog, field = source.root, source.size
    if b"/AcroForm" in source.body(catalog) or b"/Annots" in source.body(page):
        return _into_existing(source, page, place)
    form = _FORM % field
    return source.updated(
        {
            catalog: _extended(source.body(catalog), form),
            page: _extended(source.body(page), b"/Annots[%d 0 R]" % field),
            **_widget(field, page, place),
        }
    )


def _into_existing(source: "_Source", page: int, place: SealPlace) -> bytes:
    """The same where the document has links on the page, or form fields, written in place."""
    field, catalog = source.size, source.root
    reference = b"%d 0 R" % field
    changed = {page: source.body(page), catalog: source.body(catalog)}
    for number, key, fresh in (
        (page, b"/Annots", b"/Annots[%s]" % reference),
        (catalog, b"/Fields", _FORM % field),
    ):
        body = changed[number]
        listed = re.search(key + rb"\s*\[", body)
        if listed:
            changed[number] = body[: listed.end()] + reference + b" " + body[listed.end() :]
        elif key in body or (key == b"/Fields" and b"/AcroForm" in body):
            raise ToolFailed(_ODD)
        else:
            changed[number] = _extended(body, fresh)
    return source.updated({**changed, **_widget(field, page, place)})


def _widget(field: int, page: int, place: SealPlace) -> dict[int, bytes]:
    """The field with its widget, and what the widget looks like: nothing, so that paper stays clean."""
    box, side = place.box, b"%.2f" % (place.box.right - place.box.left)
    rectangle = b"%.2f %.2f %.2f %.2f" % (box.left, box.bottom, box.right, box.top)
    told = b"FEFF" + _TOLD.encode("utf-16-be").hex().upper().encode()
    return {
        field: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/TU<%s>/F %d/Rect[%s]/P %d 0 R/AP<</N %d 0 R>>>>"
        % (FIELD.encode(), told, _PRINTED_AND_LOCKED, rectangle, page, field + 1),
        field
        + 1: b"<</Type/XObject/Subtype/Form/BBox[0 0 %s %s]/Resources<<>>/Length 0>>\nstream\n\nendstream"
        % (side, side),
    }


def _extended(dictionary: bytes, entry: bytes) -> bytes:
    at = dictionary.rindex(b">>")
    return dictionary[:at] + entry + dictionary[at:]


class _Source:
    """A PDF with one plain table of objects: finds objects and appends an update."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        at = pdf.rfind(b"startxref")
        self._table = int(pdf[at + 9 :].split(maxsplit=1)[0]) if at >= 0 else -1
        if self._table < 0 or not re.match(rb"xref\s+0 \d+\s", pdf[self._table : self._table + 40]):
            raise ToolFailed(_ODD)
        table, _, self._trailer = pdf[self._table : at].partition(b"trailer")
        self._offsets = [int(entry[:10]) for entry in re.findall(rb"\d{10} \d{5} [nf]", table)]
        self.root, self.size = self._number(rb"/Root (\d+) 0 R"), self._number(rb"/Size (\d+)")

    def _number(self, pattern: bytes) -> int:
        found = re.search(pattern, self._trailer)
        if found is None:
            raise ToolFailed(_ODD)
        return int(found[1])

    def body(self, number: int) -> bytes:
        """What stands between ``obj`` and ``endobj``."""
        start = self._pdf.index(b"obj", self._offsets[number]) + 3
        return self._pdf[start : self._pdf.index(b"endobj", start)].strip()

    def pages(self) -> list[int]:
        """The numbers of the page objects, in the order of the pages."""
        found = re.search(rb"/Pages (\d+) 0 R", self.body(self.root))
        if found is None:
            raise ToolFailed(_ODD)
        return self._leaves(int(found[1]))

    def _leaves(self, number: int) -> list[int]:
        kids = re.search(rb"/Kids\s*\[([^\]]*)\]", self.body(number))
        if kids is None:
            return [number]
        return [leaf for kid in re.findall(rb"(\d+) 0 R", kids[1]) for leaf in self._leaves(int(kid))]

    def updated(self, objects: dict[int, bytes]) -> bytes:
        """The PDF with new and changed objects after its end."""
        out = bytearray(self._pdf if self._pdf.endswith(b"\n") else self._pdf + b"\n")
        rows = []
        for number in sorted(objects):
            rows.append(b"%d 1\n%010d 00000 n \n" % (number, len(out)))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
        first = re.search(rb"/ID\s*\[\s*<([0-9A-Fa-f]+)>", self._trailer)
        second = (
            hashlib.sha256(bytes(out[len(self._pdf) :]) + (first[1] if first else b""))
            .hexdigest()[:32]
            .upper()
        )
        trailer = re.sub(rb"/ID\s*\[.*?\]|/Size \d+|/Prev \d+", b"", self._trailer, flags=re.DOTALL).strip()
        entries = b"/Size %d/Prev %d/ID[<%s><%s>]" % (
            max(self.size, *(number + 1 for number in objects)),
            self._table,
            first[1] if first else second.encode(),
            second.encode(),
        )
        start = len(out)
        trailer = trailer[: trailer.rindex(b">>")].rstrip() + entries + b">>"
        return bytes(out) + b"xref\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
            b"".join(rows),
            trailer,
            start,
        )
