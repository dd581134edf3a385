"""How LibreOffice is told which face is drawn for which family: a file of fontconfig's, and nothing else.

It includes no other file and lets in only the fonts that we chose, so that a report looks the same on
every machine.
"""

from collections.abc import Iterator, Set
from functools import lru_cache
from html import escape
from pathlib import Path

from reportgen.makers import Fonts
from reportgen.makers.pdf_libreoffice.fonts import (
    FACES,
    NOTO,
    StandIn,
    font_file,
    licensed,
    names_in,
    printed_as_spare,
    spares,
    stand_ins,
)


def fontconfig(cache: Path) -> str:
    """The text of our fontconfig file; ``cache`` is a folder that fontconfig may write to.

    Fandol's bold faces say that they are of regular weight; that is mended while fontconfig scans them.
    """
    inside = files()
    folders = sorted({file.parent for file in inside})
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
        "<fontconfig>",
        *(f"<dir>{escape(str(folder), quote=False)}</dir>" for folder in folders),
        f"<cachedir>{escape(str(cache), quote=False)}</cachedir>",
        "<selectfont><rejectfont><glob>*</glob></rejectfont>",
        *(f"<acceptfont><glob>{escape(str(file), quote=False)}</glob></acceptfont>" for file in inside),
        "</selectfont>",
        '<match target="scan"><test name="file" compare="contains"><string>Fandol</string></test>'
        '<test name="file" compare="contains"><string>-Bold.</string></test>'
        '<edit name="weight" mode="assign"><const>bold</const></edit></match>',
        *_maps(),
        '<match target="pattern"><edit name="family" mode="append" binding="weak">'
        f"<string>{NOTO.family}</string></edit></match>",
        "</fontconfig>",
    ]
    return "\n".join(lines) + "\n"


def files() -> tuple[Path, ...]:
    """Every font file that may be drawn from."""
    found = {each.file for each in stand_ins()} | set(licensed().values())
    for spare, file in spares():
        found.add(file)
        if beside := font_file(spare.beside):
            found.add(beside)
    return tuple(sorted(found))


def _maps() -> Iterator[str]:
    drawn = {each.official: each for each in stand_ins()}
    for face in FACES:
        if stand_in := drawn.get(face.official):
            for asked in (face.official, *face.others):
                if asked not in licensed():
                    yield _map(asked, stand_in, face.weight)


def _map(asked: str, stand_in: StandIn, weight: str) -> str:
    families = (stand_in.family, *(spare.family for spare, _ in spares(stand_in.official)))
    return (
        f'<match target="pattern"><test name="family"><string>{escape(asked, quote=False)}</string></test>'
        '<edit name="family" mode="assign" binding="strong">'
        f"{''.join(f'<string>{escape(family, quote=False)}</string>' for family in families)}</edit>"
        f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit></match>'
    )


# ── what the fonts that LibreOffice draws with are called in a PDF, and their versions, for the archive ───

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
