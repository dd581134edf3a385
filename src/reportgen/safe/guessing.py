"""What kind of document a file is, from its bytes: names of old files lie. Bytes in, a kind out.

Of a Word file of before 2007 only the frame is read, to see whether it has a password and is whole. Sources:
[MS-CFB] 2.2 to 2.6 (header, sectors, folder), [MS-DOC] 2.5.2 (``FibBase``), RTF 1.9.1, OpenDocument 1.3
part 2, GB/T 33190-2016 (OFD).
"""

import io
import struct
import zipfile
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest, part_of

_MOST = 64 * 1024 * 1024
"""Bytes of all parts of a package together, unpacked."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFF
_LOCKED = 0x0100
"""The flag of a Word file that is encrypted."""

_NAMES = {
    "EncryptedPackage": "LOCKED",
    "WordDocument": "DOC",
    "Workbook": "SHEET",
    "Book": "SHEET",
    "PowerPoint Document": "SLIDES",
    "MatOST": "WORKS",
}
"""The streams of a file of before 2007, or of one with a password, that tell what it is."""


class Guess(Enum):
    """What a file is: a kind that can be read or turned into one, else why it cannot."""

    DOCX = "docx"
    DOC = "doc"
    ODT = "odt"
    RTF = "rtf"
    PDF = "pdf"
    HTML = "html"
    LOCKED = "有密码"
    BROKEN = "不完整"
    TOO_BIG = "过大"
    SHEET = "表格"
    SLIDES = "幻灯片"
    WORKS = "微软 Works 的文件"
    OFD = "OFD"
    OTHER = "别的"


def guess(content: bytes) -> Guess:
    """What a file is, whatever it is called."""
    if content.startswith(_OLE):
        return _of_ole(content)
    if content.startswith(b"PK"):
        return _of_zip(content)
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{\\rtf"):
        return Guess.RTF if content.rstrip(b"\0 \t\r\n\x1a").endswith(b"}") else Guess.BROKEN
    if b"%PDF-" in content[:1024]:
        return Guess.PDF
    return Guess.HTML if head[:1] == b"<" and b"<" in head[1:] else Guess.OTHER


def _of_zip(content: bytes) -> Guess:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            ensure_modest(archive, _MOST)
            kind = _of_parts(archive, {name.lower() for name in archive.namelist()})
            return Guess.BROKEN if archive.testzip() else kind
    except TooBig:
        return Guess.TOO_BIG
    except BROKEN:
        return Guess.BROKEN


def _of_parts(archive: zipfile.ZipFile, names: set[str]) -> Guess:
    if "mimetype" in names and "content.xml" in names:
        said = part_of(archive, "mimetype", _MOST).strip()
        if said not in (b"application/vnd.oasis.opendocument.text", b"application/vnd.sun.xml.writer"):
            return Guess.SHEET if b"spreadsheet" in said else Guess.OTHER
        listed = "META-INF/manifest.xml"
        locked = listed in archive.namelist() and b"encryption-data" in part_of(archive, listed, _MOST)
        return Guess.LOCKED if locked else Guess.ODT
    if "ofd.xml" in names:
        return Guess.OFD
    folders = {name.partition("/")[0] for name in names}
    if "[content_types].xml" not in names:
        return Guess.OTHER
    return Guess.DOCX if "word" in folders else Guess.SHEET if "xl" in folders else Guess.OTHER


# ── files of before 2007: a little disk of sectors, with a folder of streams ─────────────────────────

_ENTRY, _HEAD = 128, 512
_LISTED = 109
"""Sectors of the table that the header itself names: enough for a file of 7 MB."""

_MOST_SECTORS = 1_000_000
_SMALL, _LITTLE = 4096, 64
"""A stream of fewer bytes stands in little sectors of the other size."""


def _of_ole(content: bytes) -> Guess:
    try:
        disk = _Disk(content)
        if not disk.is_whole:
            return Guess.BROKEN
        found = disk.streams()
        kind = next((Guess[_NAMES[name]] for name in _NAMES if name in found), Guess.OTHER)
        if kind is Guess.DOC and _flags_of(disk, found) & _LOCKED:
            return Guess.LOCKED
    except (struct.error, IndexError, ValueError):
        return Guess.BROKEN
    return kind


def _flags_of(disk: "_Disk", found: Mapping[str, "_Stream"]) -> int:
    """The flags at the head of the words."""
    stream = found["WordDocument"]
    if stream.size >= _SMALL:
        head = disk.sector(stream.first)
    else:  # little streams share those of another
        at = stream.first * _LITTLE
        head = disk.sector(disk.following(found["Root Entry"].first, at // disk.size))[at % disk.size :]
    flags: int = struct.unpack("<H", head[10:12])[0]
    return flags


class _Stream(NamedTuple):
    """A stream: the number of its first sector, and its size."""

    first: int
    size: int


class _Disk:
    """The sectors of such a file, and the table that says which of them follows which."""

    def __init__(self, content: bytes) -> None:
        """Read header and table.

        Raises:
            struct.error: the file ends before them.
            ValueError: the header names no size of sectors that there is.
        """
        self._content = content
        (shift,) = struct.unpack("<H", content[30:32])
        if shift not in (9, 12):
            raise ValueError("no size of a sector")
        self.size = 1 << shift
        (self._first,) = struct.unpack("<I", content[48:52])
        listed = struct.unpack(f"<{_LISTED}I", content[76:_HEAD])
        self._table: list[int] = []
        for number in listed:
            if number < _MOST_SECTORS:
                self._table += struct.unpack(f"<{self.size // 4}I", self.sector(number))

    def sector(self, number: int) -> bytes:
        """The bytes of a sector; fewer, or none, where the file ends before."""
        start = (number + 1) * self.size
        return self._content[start : start + self.size]

    @property
    def is_whole(self) -> bool:
        """True if every sector that the table knows of is there; the last may be cut short."""
        used = (number for number in range(len(self._table) - 1, -1, -1) if self._table[number] != _FREE)
        return bool((next(used, 0) + 1) * self.size < len(self._content))

    def following(self, number: int, steps: int) -> int:
        """The sector that stands so many behind another.

        Raises:
            IndexError: there are not so many.
        """
        if steps > len(self._table):
            raise IndexError(steps)
        for _ in range(steps):
            number = self._table[number]
        return number

    def streams(self) -> dict[str, _Stream]:
        """The streams by name."""
        found: dict[str, _Stream] = {}
        number, left = self._first, _MOST_SECTORS
        while number < len(self._table) and left:
            held = self.sector(number)
            for at in range(0, len(held), _ENTRY):
                (length,) = struct.unpack("<H", held[at + 64 : at + 66])
                name = held[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                found.setdefault(name, _Stream(*struct.unpack("<II", held[at + 116 : at + 124])))
            number, left = self._table[number], left - 1
        return found
