"""What our fonts are called in a PDF, their versions, and which characters they have."""

import hashlib
from collections.abc import Iterator, Set
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from reportgen.makers import Fonts, Order
from reportgen.makers.pdf.same_words import invisible, words_in
from reportgen.makers.pdf_libreoffice.fonts import (
    FACES,
    StandIn,
    cache_folder,
    names_in,
    printed_as_spare,
    spares,
    stand_ins,
)
from reportgen.problems import Finding, Level, Place

_VERSION, _POSTSCRIPT = 5, 6
"""Numbers of names in a font file."""


def fonts_drawn_with() -> Fonts:
    """The names that our fonts have in a PDF: the offices' own, and what stands in for them."""
    return _fonts(stand_ins(), printed_as_spare())


@lru_cache(maxsize=4)
def _fonts(known: tuple[StandIn, ...], borrowed: tuple[str, ...]) -> Fonts:
    stand_ins_named = {face.file.partition(".")[0]: face.official for face in FACES}
    own = {
        name.replace(" ", ""): each.official
        for each in known
        if each.is_official
        for name in names_in(each.file)
    }
    return Fonts({**stand_ins_named, **own}, frozenset(stand_ins_named), borrowed)


def font_versions(drawn: Set[str]) -> dict[str, str]:
    """Each of these fonts with its version; empty for one whose file is not on this machine."""
    files = {each.file for each in stand_ins()} | {file for _, file in spares()}
    found = {name: says for file in sorted(files) for name, says in _versions_in(file)}
    return {name: found.get(name, found.get(name.partition("-VKana")[0], "")) for name in sorted(drawn)}


def _versions_in(file: Path) -> list[tuple[str, str]]:
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        if file.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(file, lazy=True) as collection:
                return [_version(font) for font in collection.fonts]
        with TTFont(file, lazy=True) as font:
            return [_version(font)]
    except (OSError, TTLibError):
        return []


def _version(font: object) -> tuple[str, str]:
    names = font["name"]  # type: ignore[index]
    return names.getDebugName(_POSTSCRIPT) or "", names.getDebugName(_VERSION) or ""


# ── which characters our fonts can draw. LibreOffice leaves the others out without a trace ────────────

_TITLE, _BODY = "方正小标宋简体", "仿宋_GB2312"
_IN_TITLE = ("organ", "title")
"""Pieces of the report that are printed in the title, too."""

_PLANES = 0x40000
"""Characters up to here are kept in a map of bits; nothing is drawn above (private planes, selectors)."""


def undrawable_pieces(order: Order) -> Iterator[Finding]:
    """One error for each piece of the report with characters that no font can draw."""
    title, body = _drawable(_TITLE), _drawable(_BODY)
    everything = "".join(piece.text for piece in order.words.pieces)
    if not _lost(everything, title) and not _lost(everything, body):  # as in nearly every report
        return
    for piece in order.words.pieces:
        faces = (title, body) if piece.about in _IN_TITLE else (body,)
        lost = set().union(*(_lost(piece.text, maps) for maps in faces))
        if lost:
            yield _undrawable(lost, (piece.place,) if piece.place else (), (piece.about,))


def undrawable_beside(order: Order) -> Iterator[Finding]:
    """The Word file's undrawable characters that no piece of the report has: the template's, an editor's.

    LibreOffice may leave such a character in the PDF's text though nothing is drawn for it.
    """
    shown = order.shown()
    printed = "".join((*words_in(shown.body), *words_in(shown.beside), *shown.sides))
    seen = set().union(*(piece.text for piece in order.words.pieces))
    if lost := undrawable("".join(set(printed) - seen), _BODY):
        yield _undrawable(lost)


def undrawable(text: str, family: str) -> set[str]:
    """The characters of a text that neither the family's face nor a spare font has.

    Empty too where the family's file is unknown: then nothing can be said.
    """
    return _lost(text, _drawable(family))


def _undrawable(lost: set[str], places: tuple[Place, ...] = (), about: tuple[str, ...] = ()) -> Finding:
    names = "、".join(f"“{char}”(U+{ord(char):04X})" for char in sorted(lost))
    fix = "请换成常用的写法；确需使用的，请安装有这个字的字体，并用环境变量 REPORTGEN_FONTS 指明。"
    return Finding("P01", Level.ERROR, f"这些字没有字体能印：{names}。", places, fix=fix, about=about)


def _drawable(family: str) -> tuple[bytes, ...]:
    """Maps of the characters that the family's face and the fallback have; none where it is unknown."""
    file = next((each.file for each in stand_ins() if each.official == family), None)
    if file is None:
        return ()
    return tuple(_covered(each) for each in (file, *(spare for _, spare in spares(family))))


def _lost(text: str, maps: tuple[bytes, ...]) -> set[str]:
    if not maps:
        return set()
    kept = set(text)
    for bits in maps:
        kept = {char for char in kept if not _has(bits, char)}
    return {char for char in kept if not invisible(char)}


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
