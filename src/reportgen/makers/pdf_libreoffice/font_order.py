"""The fonts of a PDF in a fixed order.

LibreOffice writes them in the order of their addresses in memory, which is another one about once in twenty
runs. Each font is some objects that follow one another; they are numbered anew, and so is who refers to them.
"""

import re
from collections.abc import Iterator

Objects = dict[int, bytes]
"""An object's number → what stands between its ``obj`` and ``endobj``."""

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_USUAL = (b"Hei", b"Noto", b"Fang", b"Kai", b"Song-Bold", b"Song")
"""The order that our fonts mostly come in; keeping to it spares encrypting them again."""


def in_order(objects: Objects) -> Objects:
    """The same objects with those of the fonts numbered in a fixed order."""
    fonts = [number for number, body in objects.items() if b"/BaseFont/" in body[:200]]
    groups = [list(_group(objects, font)) for font in sorted(fonts, key=lambda each: _rank(objects[each]))]
    old = [number for group in groups for number in group]
    if len(set(old)) != len(old):  # fonts that share parts: none of LibreOffice's do
        return objects
    new = dict(zip(old, sorted(old), strict=True))
    if all(number == moved for number, moved in new.items()):
        return objects
    return {new.get(number, number): _referring(body, new) for number, body in objects.items()}


def _rank(body: bytes) -> tuple[int, bytes]:
    found = re.search(rb"/BaseFont/([^\s/]+)", body)
    name = found[1] if found else b""
    return next((rank for rank, part in enumerate(_USUAL) if part in name), len(_USUAL)), name


def _group(objects: Objects, font: int) -> Iterator[int]:
    """The numbers of a font's objects, always in the same order of their kinds."""
    descriptor = _to(objects[font], rb"FontDescriptor")
    file = _to(objects.get(descriptor, b""), rb"FontFile\d?")
    size = _to(objects.get(file, b""), rb"Length")
    words = _to(objects[font], rb"ToUnicode")
    yield from (number for number in (file, size, descriptor, words, font) if number)


def _to(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body[:2000])
    return int(found[1]) if found else 0


def _referring(body: bytes, new: dict[int, int]) -> bytes:
    head, mark, rest = body.partition(b"stream")

    def moved(found: re.Match[bytes]) -> bytes:
        number = int(found[1])
        return b"%d 0 R" % new[number] if number in new else found[0]

    return _REFERENCE.sub(moved, head) + mark + rest
