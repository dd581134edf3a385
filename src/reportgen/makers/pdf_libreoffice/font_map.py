"""How LibreOffice is told which face is drawn for which family: a file of fontconfig's, and nothing else.

It includes no other file and lets in only the fonts that we chose, so that a report looks the same on
every machine.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from reportgen.makers.pdf_libreoffice.faces import FACES, NOTO
from reportgen.makers.pdf_libreoffice.fonts import StandIn, font_file, licensed, spares, stand_ins


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
