"""Gives a font TrueType outlines: a program of its own, given the font's file and where the copy goes.

Drawing ten thousand characters anew takes ten seconds of a processor, so several fonts are done by as many
processes. Nothing of reportgen is imported here.
"""

import hashlib
import io
import sys
from pathlib import Path
from typing import Any

_EDITION = "1"
"""Goes up whenever this program gives other bytes for the same font, so that old copies are not used."""

_HEAD = 4096
"""Bytes at the beginning of a font that hold its directory: a checksum and a length of each table."""

_TOLERANCE = 1.0
"""How far a curve may be from the old one, in units of the font: a thousandth of the printed size."""

_LATIN = {"FandolFang-Regular.otf": "FandolSong-Regular.otf"}
"""Fonts whose digits and letters are darker than their characters → the font beside them whose own are taken.

A stroke of a digit is 70 to 75 thousandths thick in FandolFang, that of a character 40. The digits of both
fonts are half as wide as the characters.
"""

_TAKEN = range(0x21, 0x7F)
"""Digits, letters and signs of ASCII."""

_NO_PROGRAMS = (
    *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
    *("maxSizeOfInstructions", "maxComponentElements"),
)
"""What the table of limits says of a font without instructions and without put-together characters."""


def copy_name(source: Path) -> str:
    """The name of a font's copy: that of the font, and a digest of what it is made of and of this program.

    Only the beginning of a file is read, which has the checksums of all the rest.

    Raises:
        OSError: the file cannot be read.
    """
    latin = latin_of(source)
    about = f"{_EDITION}|".encode() + _told(source) + (_told(latin) if latin else b"")
    return f"{source.stem}.{hashlib.sha256(about).hexdigest()[:12]}.ttf"


def _told(source: Path) -> bytes:
    with source.open("rb") as file:
        return f"{source.stat().st_size}|".encode() + file.read(_HEAD)


def latin_of(source: Path) -> Path | None:
    """The font whose digits and letters the copy of a font takes; None where it keeps its own."""
    other = source.with_name(_LATIN.get(source.name, source.name))
    return other if other != source and other.is_file() else None


def with_truetype_outlines(content: bytes, latin: bytes = b"") -> bytes:
    """A font's copy with TrueType outlines.

    Names, widths, heights of lines, characters and kerning are those of the font; the curves differ by at
    most a thousandth of the size. The same fonts give the same bytes: nothing of the time or place is in it.

    Args:
        content: a font with PostScript outlines (OpenType with a ``CFF`` table), one font a file.
        latin: another one of the same units, whose digits and letters are taken; empty for the font's own.

    Raises:
        KeyError: it has no such outlines.
        fontTools.ttLib.TTLibError: it is no font.
    """
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(content), recalcTimestamp=False) as font:
        origins = _vertical_origins(font)
        _replace_outlines(font, _latin_glyphs(font, latin) if latin else {})
        _set_sides(font, origins)
        font.sfntVersion = "\x00\x01\x00\x00"
        made = io.BytesIO()
        font.save(made)
    return made.getvalue()


def _vertical_origins(font: Any) -> dict[str, int]:
    """Where each character of a font for vertical lines begins; empty for other fonts."""
    if "VORG" not in font or "vmtx" not in font:
        return {}
    origins = font["VORG"]
    return {name: origins[name] for name in font.getGlyphOrder()}


def _latin_glyphs(font: Any, latin: bytes) -> dict[str, Any]:
    """The names of a font's digits and letters → those of another font, whose widths are taken, too."""
    from fontTools.ttLib import TTFont

    other = TTFont(io.BytesIO(latin))
    names, theirs, drawn = font.getBestCmap(), other.getBestCmap(), other.getGlyphSet()
    taken = {}
    for code in _TAKEN:
        if code in names and code in theirs:
            taken[names[code]] = drawn[theirs[code]]
            font["hmtx"][names[code]] = (other["hmtx"][theirs[code]][0], 0)
    return taken


def _replace_outlines(font: Any, instead: dict[str, Any]) -> None:
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    drawn, glyphs = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        instead.get(name, drawn[name]).draw(Cu2QuPen(pen, _TOLERANCE, reverse_direction=True))
        glyphs[name] = pen.glyph()
    table = newTable("glyf")
    table.glyphOrder, table.glyphs = font.getGlyphOrder(), glyphs
    font["glyf"], font["loca"] = table, newTable("loca")
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for name in _NO_PROGRAMS:
        setattr(limits, name, 0)
    for old in ("CFF ", "VORG"):
        if old in font:
            del font[old]


def _set_sides(font: Any, origins: dict[str, int]) -> None:
    """Say where each outline begins within its width and height: TrueType moves what it says otherwise."""
    table, across = font["glyf"], font["hmtx"]
    for name in font.getGlyphOrder():
        glyph = table[name]
        glyph.recalcBounds(table)
        across[name] = (across[name][0], getattr(glyph, "xMin", 0))
        if name in origins:
            down = font["vmtx"]
            down[name] = (down[name][0], origins[name] - getattr(glyph, "yMax", 0))


if __name__ == "__main__":
    given = Path(sys.argv[1])
    beside = latin_of(given)
    others = beside.read_bytes() if beside else b""
    Path(sys.argv[2]).write_bytes(with_truetype_outlines(given.read_bytes(), others))
