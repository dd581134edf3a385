"""The versions of the fonts that a PDF was drawn with, for the archive."""

from collections.abc import Set
from pathlib import Path

from reportgen.makers.pdf_libreoffice.fonts import spares, stand_ins

_VERSION, _POSTSCRIPT = 5, 6
"""Numbers of names in a font file."""


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
