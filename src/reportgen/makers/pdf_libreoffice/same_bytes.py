"""The same PDF bytes for the same report: what LibreOffice takes from a clock or a counter is set.

Those are the dates of the information dictionary and of the XMP, the date inside the colour profile, the
file's identifiers, the order of the fonts, and each Type 1 font's UniqueID, which counts on from document to
document. The last stands in the encrypted part of the font, too; the first document of a LibreOffice mostly
has the numbers that we want, so that only later ones pay for encrypting again (0.25 ms for each KB).
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from reportgen.makers.pdf_libreoffice.font_order import Objects, in_order
from reportgen.problems import ToolFailed

_OBJECT = re.compile(rb"(\d+) (\d+) obj\b")
_STREAM = re.compile(rb"stream\r?\n")
_LENGTH = re.compile(rb"/Length(?: (\d+) 0 R| (\d+))(?=[\s/>])")
_FIRST_ID = 4100001
_KEY, _C1, _C2 = 55665, 52845, 22719
"""The eexec cipher of Type 1 fonts, as Adobe published it."""


def same_bytes(
    pdf: bytes, stamp: datetime, changes: Sequence[Callable[[Objects, bytes], None]] = ()
) -> bytes:
    """The PDF as if it had been made at ``stamp`` by a LibreOffice just started.

    Args:
        pdf: as LibreOffice made it.
        stamp: the time that it shall bear.
        changes: what else is done to its objects, in place; each is given them and the trailer.

    Raises:
        ToolFailed: the file is not built as LibreOffice builds it.
    """
    objects, trailer = _take_apart(pdf)
    for edit in (_set_info, _set_metadata, _set_colours):
        edit(objects, trailer, stamp)
    for change in changes:
        change(objects, trailer)
    objects = in_order(objects)
    _set_fonts(objects)
    return _put_together(pdf[: pdf.index(b"\n", 9) + 1], objects, trailer)


def _take_apart(pdf: bytes) -> tuple[Objects, bytes]:
    at = pdf.rfind(b"startxref")
    start = int(pdf[at + 9 :].split(maxsplit=1)[0]) if at >= 0 else -1
    if start < 0 or not pdf.startswith(b"xref", start):
        return _take_apart(_plain(pdf))
    table, _, rest = pdf[start:at].partition(b"trailer")
    offsets = sorted(int(entry[:10]) for entry in re.findall(rb"\d{10} \d{5} n", table))
    objects: Objects = {}
    for begin, end in zip(offsets, [*offsets[1:], start], strict=True):
        head = _OBJECT.match(pdf, begin)
        if head is None:
            raise ToolFailed(
                "LibreOffice 生成的 PDF 结构异常，不能处理。请重试；仍不行，请更新 LibreOffice。"
            )
        objects[int(head[1])] = pdf[head.end() : pdf.rindex(b"endobj", begin, end)]
    return objects, rest.strip()


def _plain(pdf: bytes) -> bytes:
    """The same PDF with a plain table of objects: newer versions of LibreOffice pack theirs."""
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return out.getvalue()


def _put_together(head: bytes, objects: Objects, trailer: bytes) -> bytes:
    parts, offsets, at = [head], {}, len(head)
    for number in sorted(objects):
        part = b"%d 0 obj%sendobj\n" % (number, objects[number])
        offsets[number] = at
        parts.append(part)
        at += len(part)
    size = max(objects) + 1
    rows = [
        b"%010d 00000 n \n" % offsets[n] if n in offsets else b"0000000000 65535 f \n" for n in range(size)
    ]
    trailer = re.sub(rb"/ID\s*\[.*?\]|/DocChecksum\s*/\w+|/Size \d+", b"", trailer, flags=re.DOTALL)
    name = hashlib.sha256(b"".join(parts)).hexdigest()[:32].encode().upper()
    trailer = trailer[: trailer.rindex(b">>")].rstrip() + b"\n/Size %d\n/ID [<%s> <%s>]\n>>" % (
        size,
        name,
        name,
    )
    tail = b"xref\n0 %d\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (size, b"".join(rows), trailer, at)
    return b"".join(parts) + tail


# ── streams ──────────────────────────────────────────────────────────────────────────────────────────


def _rewrite(objects: Objects, number: int, change: Callable[[bytes], bytes]) -> None:
    """Change what a stream holds; its length follows.

    It is packed again even where nothing changes, or a first document, packed by LibreOffice, would
    differ from later ones.
    """
    body = objects[number]
    mark = _STREAM.search(body)
    if mark is None:
        return
    head, data = body[: mark.start()], body[mark.end() : body.rindex(b"endstream")]
    packed = b"/FlateDecode" in head
    old = zlib.decompressobj().decompress(data) if packed else data[: _length(objects, head)]
    new = change(old)
    stored = zlib.compress(new) if packed else new
    head = _set_length(objects, head, len(stored))
    objects[number] = head + mark[0] + stored + b"\nendstream\n"


def _length(objects: Objects, head: bytes) -> int:
    found = _LENGTH.search(head)
    if found is None:
        return 0
    return int(objects[int(found[1])]) if found[1] else int(found[2])


def _set_length(objects: Objects, head: bytes, length: int) -> bytes:
    found = _LENGTH.search(head)
    if found and found[1]:
        objects[int(found[1])] = b"\n%d\n" % length
        return head
    return _LENGTH.sub(b"/Length %d" % length, head, count=1)


# ── what is set ──────────────────────────────────────────────────────────────────────────────────────


def _set_info(objects: Objects, trailer: bytes, stamp: datetime) -> None:
    found = re.search(rb"/Info (\d+) 0 R", trailer)
    if found:
        zone = f"{stamp:%z}" or "+0000"
        date = f"(D:{stamp:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}')".encode()
        info = objects[int(found[1])]
        objects[int(found[1])] = re.sub(rb"(/(?:Creation|Mod)Date\s*)\([^)]*\)", lambda m: m[1] + date, info)


def _set_metadata(objects: Objects, _trailer: bytes, stamp: datetime) -> None:
    zone = f"{stamp:%z}" or "+0000"
    date = f"{stamp:%Y-%m-%dT%H:%M:%S}{zone[:3]}:{zone[3:5]}".encode()
    for number, body in list(objects.items()):
        if b"/Type/Metadata" in body[:200] or b"/Type /Metadata" in body[:200]:
            _rewrite(
                objects,
                number,
                lambda xmp: re.sub(rb"(<xmp:\w+Date>)[^<]*", lambda found: found[1] + date, xmp),
            )


def _set_colours(objects: Objects, _trailer: bytes, stamp: datetime) -> None:
    when = b"".join(part.to_bytes(2, "big") for part in stamp.timetuple()[:6])
    for body in list(objects.values()):
        for found in re.finditer(rb"/DestOutputProfile (\d+) 0 R", body[:2000]):
            _rewrite(objects, int(found[1]), lambda icc: icc[:24] + when + icc[36:84] + bytes(16) + icc[100:])


def _set_fonts(objects: Objects) -> None:
    for count, number in enumerate(number for number in sorted(objects) if _is_type_1(objects[number])):
        sizes = [_size(objects[number], name) for name in (b"Length1", b"Length2")]
        _rewrite(objects, number, partial(_with_id, sizes=sizes, wanted=_FIRST_ID + count))


def _is_type_1(body: bytes) -> bool:
    return b"/Length3 " in body[:200]


def _size(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+)", body[:300])
    return int(found[1]) if found else 0


def _with_id(font: bytes, sizes: list[int], wanted: int) -> bytes:
    """A Type 1 font with another UniqueID of as many digits, in its clear and its encrypted part."""
    clear, cipher, rest = font[: sizes[0]], font[sizes[0] : sum(sizes)], font[sum(sizes) :]
    new = b"/UniqueID %d" % wanted
    if new in clear:
        return font
    clear = re.sub(rb"/UniqueID \d{7}", new, clear, count=1)
    found = re.search(rb"/UniqueID \d{7}", _decrypt(cipher[:4096]))
    if found is None:
        return clear + cipher + rest
    return clear + _replace_inside(cipher, found.start(), new) + rest


def _decrypt(cipher: bytes) -> bytes:
    plain, key = bytearray(), _KEY
    for byte in cipher:
        plain.append(byte ^ (key >> 8))
        key = (byte + key) * _C1 + _C2 & 0xFFFF
    return bytes(plain)


def _replace_inside(cipher: bytes, at: int, new: bytes) -> bytes:
    """Put ``new`` at a place of the plain text; every later byte of the cipher depends on it."""
    end = at + len(new)
    plain = _decrypt(cipher[:end])
    out, old, key = bytearray(), _KEY, _KEY
    for byte, letter in zip(cipher, plain[:at] + new, strict=False):
        old = (byte + old) * _C1 + _C2 & 0xFFFF
        fresh = letter ^ (key >> 8)
        out.append(fresh)
        key = (fresh + key) * _C1 + _C2 & 0xFFFF
    add = out.append
    for byte in cipher[end:]:
        fresh = byte ^ (old >> 8) ^ (key >> 8)
        old = (byte + old) * 52845 + 22719 & 0xFFFF
        add(fresh)
        key = (fresh + key) * 52845 + 22719 & 0xFFFF
    return bytes(out)
