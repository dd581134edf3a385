"""Which font is drawn for which family where LibreOffice asks no fontconfig: on Windows.

There LibreOffice draws with what Windows has, with fonts that lie in its own profile, and by a table of its
own that puts one family in the place of another. Only lines that always hold are followed, so a family that
is installed gets no line. Tried with LibreOffice on Linux; not on a real Windows.
"""

import os
import sys
from collections.abc import Mapping, Set
from functools import lru_cache
from pathlib import Path

from reportgen.makers.pdf_libreoffice.fonts import FACES, Face, licensed, names_in, stand_ins

_OF_WINDOWS: Mapping[str, str] = {
    "仿宋_GB2312": "仿宋",
    "黑体": "黑体",
    "楷体_GB2312": "楷体",
    "宋体": "宋体",
}
"""Official family → the one of the same style that comes with a Chinese Windows."""

_SUFFIXES = (".ttf", ".ttc", ".otf")
_FAMILY = 1
"""Number of a name in a font file."""


def has_table() -> bool:
    """True on the systems for which this is made."""
    return sys.platform == "win32"


def replaced(installed: Set[str]) -> dict[str, str]:
    """Family asked for → family drawn, for those that would else be drawn with just any font.

    Args:
        installed: the families that the system has.
    """
    there = installed | licensed().keys()
    drawn = ((face, _drawn_for(face, there)) for face in FACES)
    return {
        asked: family
        for face, family in drawn
        if family
        for asked in (face.official, *face.others)
        if asked not in there and asked != family
    }


def private_files(installed: Set[str]) -> tuple[Path, ...]:
    """The font files that LibreOffice needs in its profile: the office's own, and stand-ins that are drawn.

    Args:
        installed: the families that the system has.
    """
    there = installed | licensed().keys()
    free = {file for face in FACES if not of_system(face, there) and (file := _stand_in(face))}
    return tuple(sorted(free | set(licensed().values())))


def _drawn_for(face: Face, there: Set[str]) -> str:
    """The family for an official one: itself, Windows' own, or the free one; empty where there is none."""
    file = _stand_in(face)
    return of_system(face, there) or (_family_in(file) if file else "")


def of_system(face: Face, there: Set[str]) -> str:
    """The family itself, or the one of its style that comes with Windows; empty where neither is there."""
    families = (face.official, _OF_WINDOWS.get(face.official, ""))
    return next((family for family in families if family in there), "")


def _stand_in(face: Face) -> Path | None:
    """The file of the free font for a family; None where we have none."""
    return next((each.file for each in stand_ins() if each.official == face.official), None)


@lru_cache(maxsize=16)
def _family_in(file: Path) -> str:
    """The family of a font file by the name that Windows goes by (``FandolFang R``)."""
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        return str(font["name"].getDebugName(_FAMILY))


def installed_families() -> frozenset[str]:
    """Every name of the fonts that Windows has, for all users and for this one; read once a process."""
    named = {"WINDIR": "Fonts", "LOCALAPPDATA": "Microsoft/Windows/Fonts"}
    return _families(
        tuple(Path(os.environ[name]) / below for name, below in named.items() if name in os.environ)
    )


@lru_cache(maxsize=4)
def _families(folders: tuple[Path, ...]) -> frozenset[str]:
    from fontTools.ttLib import TTLibError

    names: set[str] = set()
    for folder in folders:
        try:
            files = [file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES]
        except OSError:
            continue
        for file in files:
            try:
                names |= names_in(file)
            except (OSError, TTLibError, KeyError, AssertionError):
                continue  # a font that cannot be read is drawn by nobody
    return frozenset(names)
