"""How large a picture is, from its first bytes: judged before any program unpacks it."""

import struct

MOST_DOTS = 60_000_000
"""A page of A3 at 600 dots an inch has seventy millions; no report needs more than a page of A4 has."""

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_MOST_MARKS = 2_000


def dots_of(picture: bytes) -> int:
    """The dots of a PNG, JPEG, GIF or BMP; 0 for any other kind, and for one that is broken."""
    try:
        if picture.startswith(b"\x89PNG\r\n\x1a\n"):
            return _product(struct.unpack(">II", picture[16:24]))
        if picture.startswith(b"GIF8"):
            return _product(struct.unpack("<HH", picture[6:10]))
        if picture.startswith(b"BM"):
            return _product(struct.unpack("<ii", picture[18:26]))
        return _jpeg(picture) if picture.startswith(b"\xff\xd8") else 0
    except struct.error:
        return 0


def _product(sides: tuple[int, ...]) -> int:
    return abs(sides[0] * sides[1])


def _jpeg(picture: bytes) -> int:
    """The dots that a JPEG's frame tells of; its marks are gone through one by one."""
    at = 2
    for _ in range(_MOST_MARKS):
        mark, length = struct.unpack(">HH", picture[at : at + 4])
        if mark & 0xFF in _FRAMES:
            return _product(struct.unpack(">HH", picture[at + 5 : at + 9]))
        at += 2 + length
    return 0
