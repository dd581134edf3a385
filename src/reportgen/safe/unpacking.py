"""Zip files that come from anywhere, unpacked no further than their size allows. Bytes in, bytes out."""

import io
import lzma
import struct
import zipfile
import zlib

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
)
"""What reading a zip file may raise: broken, with a password, or without the part that is asked for."""

_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class TooBig(Exception):
    """What is packed is bigger than anything that it could be."""


def ensure_modest(archive: zipfile.ZipFile, most: int) -> None:
    """See what a zip file says of itself before anything is unpacked.

    Args:
        archive: the zip file.
        most: bytes of all its parts together.

    Raises:
        TooBig: its parts are bigger.
        zipfile.BadZipFile: a part is packed in a way whose size cannot be bounded while it is unpacked.
    """
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > most:
        raise TooBig
    if any(entry.compress_type not in _PACKINGS for entry in entries):
        raise zipfile.BadZipFile("packed in an unusual way")


def part_of(archive: zipfile.ZipFile, part: str | zipfile.ZipInfo, most: int) -> bytes:
    """A part, unpacked no further than the limit and the size that the zip file says it has.

    Raises:
        TooBig: it is bigger.
    """
    entry = part if isinstance(part, zipfile.ZipInfo) else archive.getinfo(part)
    if entry.file_size > most:
        raise TooBig
    with archive.open(entry) as stream:
        return stream.read(entry.file_size + 1)  # without a number, all that comes would be unpacked


def parts_of(content: bytes, most: int) -> dict[str, bytes]:
    """All parts of a package by their names, in its order, folders left out.

    Args:
        content: the zip file.
        most: bytes of all its parts together.

    Raises:
        TooBig: its parts are bigger.
        zipfile.BadZipFile and the others of ``BROKEN``: it is no zip file, or a broken one.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        ensure_modest(archive, most)
        return {
            each.filename: part_of(archive, each, most) for each in archive.infolist() if not each.is_dir()
        }


# ── how large a picture is, from its first bytes: judged before any program unpacks it ───────────────

MOST_DOTS = 60_000_000
"""A page of A3 at 600 dots an inch has seventy millions; no report needs more than a page of A4 has."""

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_MOST_MARKS = 2_000
_SHORT = 3
_DOTS = 300
"""To an inch: EMF measures in hundredths of a millimetre, WMF in parts of an inch that it names."""


def dots_of(picture: bytes) -> int:
    """The dots of a PNG, JPEG, GIF, BMP or TIFF, and those of an EMF or WMF printed at 300 dots an inch.

    0 for any other kind, and for one that is broken.
    """
    try:
        if picture.startswith(b"\x89PNG\r\n\x1a\n"):
            return _product(struct.unpack(">II", picture[16:24]))
        if picture.startswith(b"GIF8"):
            return _product(struct.unpack("<HH", picture[6:10]))
        if picture.startswith(b"BM"):
            return _product(struct.unpack("<ii", picture[18:26]))
        if picture.startswith((b"II*\0", b"MM\0*")):
            return _tiff(picture)
        if picture[40:44] == b" EMF":
            left, top, right, bottom = struct.unpack("<iiii", picture[24:40])
            return _product(((right - left) * _DOTS // 2540, (bottom - top) * _DOTS // 2540))
        if picture.startswith(b"\xd7\xcd\xc6\x9a"):
            left, top, right, bottom, inch = struct.unpack("<hhhhH", picture[6:16])
            return _product(((right - left) * _DOTS // max(inch, 1), (bottom - top) * _DOTS // max(inch, 1)))
        return _jpeg(picture) if picture.startswith(b"\xff\xd8") else 0
    except struct.error:
        return 0


def _tiff(picture: bytes) -> int:
    """The dots of a TIFF's first page, which its directory names; the tags are 256 and 257."""
    order = "<" if picture.startswith(b"II") else ">"
    (at,) = struct.unpack(f"{order}I", picture[4:8])
    (count,) = struct.unpack(f"{order}H", picture[at : at + 2])
    sides = {256: 0, 257: 0}
    for number in range(min(count, _MOST_MARKS)):
        entry = picture[at + 2 + 12 * number : at + 14 + 12 * number]
        tag, kind = struct.unpack(f"{order}HH", entry[:4])
        if tag in sides:
            (sides[tag],) = struct.unpack(
                f"{order}{'H' if kind == 3 else 'I'}", entry[8 : 10 if kind == 3 else 12]
            )
    return _product(tuple(sides.values()))


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
