"""What the fonts that LibreOffice draws with are called in a PDF, and their versions, for the archive."""

from collections.abc import Set
from functools import lru_cache
from pathlib import Path

from reportgen.makers import Fonts
from reportgen.makers.pdf_libreoffice.faces import FACES
from reportgen.makers.pdf_libreoffice.fonts import StandIn, names_in, printed_as_spare, spares, stand_ins

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
