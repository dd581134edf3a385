"""Zip packages as this program writes them: stamps that never change, parts in the order given.

The same parts give the same bytes, on every machine and on every day. Bytes in, bytes out.
"""

import io
import zipfile
from collections.abc import Mapping

STAMP = (1980, 1, 1, 0, 0, 0)
"""The date of every part: the first that a zip file can hold."""

_WINDOWS, _UNIX = 0, 3
_ORDINARY_FILE = 0o100644 << 16


def packed(parts: Mapping[str, bytes], before: bytes = b"") -> bytes:
    """A package of these parts, compressed.

    Args:
        parts: name → content, in the order of the package.
        before: a package made by this function that the parts are added to; a part of it stays where it is,
            with the new content where ``parts`` has one of its name.
    """
    held = io.BytesIO(before)
    with zipfile.ZipFile(held, "a" if before else "w") as archive:
        if parts.keys().isdisjoint(archive.namelist()):
            for name, content in parts.items():
                archive.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
        else:
            parts = {name: archive.read(name) for name in archive.namelist()} | dict(parts)
            return packed(parts)
    return held.getvalue()


def packed_as_files(files: Mapping[str, bytes]) -> bytes:
    """A zip file that people unpack: its entries are ordinary files, stored as they are.

    Args:
        files: path inside the zip file → content, in the order of the zip file.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            entry = _entry(name, _UNIX)  # the rights of a file are read for this system only
            entry.external_attr = _ORDINARY_FILE
            archive.writestr(entry, content, zipfile.ZIP_STORED)
    return held.getvalue()


def _entry(name: str, system: int = _WINDOWS) -> zipfile.ZipInfo:
    """An entry of the fixed date; ``system`` is what the entry's attributes are for, always the same."""
    entry = zipfile.ZipInfo(name, STAMP)
    entry.create_system = system
    return entry
