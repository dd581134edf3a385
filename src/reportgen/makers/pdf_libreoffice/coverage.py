"""Which characters our fonts can draw. LibreOffice leaves the others out without a trace."""

import hashlib
import unicodedata
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from reportgen.makers.pdf_libreoffice.folders import cache_folder
from reportgen.makers.pdf_libreoffice.fonts import spares, stand_ins

_PLANES = 0x40000
"""Characters up to here are kept in a map of bits; nothing is drawn above (private planes, selectors)."""


def invisible(char: str) -> bool:
    """True if a character draws nothing, so that no font needs it: blanks, joiners, selectors."""
    if unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cf"):
        return True
    return char in "\t\n\r\v\f" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def undrawable(text: str, family: str) -> set[str]:
    """The characters of a text that neither the family's face nor a spare font has.

    Empty too where the family's file is unknown: then nothing can be said.
    """
    file = next((each.file for each in stand_ins() if each.official == family), None)
    if file is None:
        return set()
    maps = [_covered(each) for each in (file, *(spare for _, spare in spares(family)))]
    return {char for char in set(text) if not invisible(char) and not any(_has(bits, char) for bits in maps)}


def _has(bits: bytes, char: str) -> bool:
    code = ord(char)
    return code < _PLANES and bool(bits[code >> 3] & (1 << (code & 7)))


@lru_cache(maxsize=32)
def _covered(file: Path) -> bytes:
    """The characters of a font file as a map of bits, kept on disk: reading a large font costs 0.1 s."""
    state = file.stat()
    key = hashlib.sha256(f"{file}|{state.st_size}|{state.st_mtime_ns}".encode()).hexdigest()[:24]
    folder = cache_folder()
    kept = folder / f"{key}.characters" if folder else None
    if kept and kept.is_file() and kept.stat().st_size == _PLANES // 8:
        return kept.read_bytes()
    bits = _read(file)
    if kept:
        with suppress(OSError):
            fresh = kept.with_suffix(f".{hashlib.sha256(bits).hexdigest()[:8]}")
            fresh.write_bytes(bits)
            fresh.replace(kept)
    return bits


def _read(file: Path) -> bytes:
    from fontTools.ttLib import TTFont

    bits = bytearray(_PLANES // 8)
    with TTFont(file, fontNumber=0, lazy=True) as font:
        for code in font.getBestCmap() or {}:
            if 0x20 <= code < _PLANES:
                bits[code >> 3] |= 1 << (code & 7)
    return bytes(bits)
