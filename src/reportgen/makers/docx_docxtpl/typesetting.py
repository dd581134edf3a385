"""What is set by looking at the words: last lines that are not lonely, remarks that fit their cells.

A last line of one character and a full stop looks like a mistake, most of all at the head of a page. Where a
line ends is found by counting widths, as Word and LibreOffice do it for Chinese: nothing has to be drawn. A
paragraph that would end so is set a tenth of a point wider: each of its lines then holds one character less,
and the last one gets those. A remark behind a figure is set in small type.

Source of the type area and of the type: GB/T 9704-2012.
"""

import re
from collections.abc import Mapping
from html import unescape
from itertools import groupby

TEXT, FIGURES, REMARK = ("公文正文", "公文正文末段"), ("表格文字小",), ("格内备注",)
"""The names of styles: of running text, of figures in narrow cells, and of remarks behind those."""

FEWEST = 3
"""Signs on a last line that do not look lonely: two characters and a full stop."""

_LINE = 8845
"""Twips of a line, of which the first lacks ``_INDENT``."""
_INDENT = 630
_TYPE = 320
"""Twips of a character of 16 pt, before ``spacing``."""
_ASCII = {"%": 267, ".": 89, ",": 89, ":": 89, ";": 89, "-": 107}
"""Twips of signs that are not half as wide as a character, as a digit is."""
_GAP = 64
"""Twips between a Chinese character and a digit or letter."""
SPACING = -5
"""Twips that the style adds to every character; it takes some away, or no 28 would fit."""
_INSTEAD = (-3, 10, -20)
"""What is tried instead, in this order: 27 characters on a line, 26, or 29."""
_SURE = (-1, 0, 1)
"""Twips by which a program may round."""

_NOT_FIRST = frozenset("、。，；：？！）》〉”’〕】」』％%.,;:?!)]}…—·～")
_NOT_LAST = frozenset("（《〈“‘〔【「『([{")
_STYLE = re.compile(r'<w:style\b[^>]*w:styleId="([^"]+)"[^>]*>(.*?)</w:style>', re.DOTALL)
_NAME = re.compile(r'<w:(?:name|aliases) w:val="([^"]*)"')
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_REMARKED = re.compile(r"(<w:t(?: [^>]*)?>)([^<（]+)(（[^<]*）</w:t>)")
_RUN = re.compile(r"(<w:r(?: [^>]*)?>)(<w:rPr>(?:<w:rStyle [^>]*/>)?)?(?=<)")


def ids_of(styles: str) -> dict[str, tuple[str, ...]]:
    """The ids that a template's styles have, by the names of those that count here; an office makes ids anew.

    Args:
        styles: the part ``word/styles.xml``.
    """
    named = [(each[1], ",".join(_NAME.findall(each[2])).split(",")) for each in _STYLE.finditer(styles)]
    return {
        wanted[0]: tuple(key for key, names in named if set(wanted) & set(names))
        for wanted in (TEXT, FIGURES, REMARK)
    }


def typeset(document: str, ids: Mapping[str, tuple[str, ...]]) -> str:
    """A filled document whose paragraphs do not end with a lonely sign, and with small remarks in cells.

    Args:
        document: the part ``word/document.xml``.
        ids: of the styles that count here.
    """
    text, figures, remark = (ids.get(each[0], ()) for each in (TEXT, FIGURES, REMARK))
    if text:
        document = _paragraphs_of(text).sub(lambda found: _evened(found[0]), document)
    if figures and remark:
        look = rf'\1\2</w:t></w:r><w:r><w:rPr><w:rStyle w:val="{remark[0]}"/></w:rPr>\1\3'
        document = _paragraphs_of(figures).sub(lambda found: _REMARKED.sub(look, found[0]), document)
    return document


def _paragraphs_of(ids: tuple[str, ...]) -> re.Pattern[str]:
    wanted = "|".join(map(re.escape, ids))
    return re.compile(rf'<w:p(?: [^>]*)?><w:pPr><w:pStyle w:val="(?:{wanted})"/>.*?</w:p>', re.DOTALL)


def _evened(paragraph: str) -> str:
    words = unescape("".join(_TEXT.findall(paragraph)))
    if is_lonely(lines_of(words)):
        for spacing in _INSTEAD:
            if not any(is_lonely(lines_of(words, spacing + off)) for off in _SURE):
                return _spaced(paragraph, f'<w:spacing w:val="{spacing}"/>')
    return paragraph


def _spaced(paragraph: str, look: str) -> str:
    return _RUN.sub(
        lambda run: f"{run[1]}{run[2]}{look}" if run[2] else f"{run[1]}<w:rPr>{look}</w:rPr>", paragraph
    )


def is_lonely(lines: list[str]) -> bool:
    """True if a paragraph goes on for a sign or two on a line of their own."""
    return len(lines) > 1 and len(lines[-1]) < FEWEST


def lines_of(words: str, spacing: int = SPACING) -> list[str]:
    """The lines of a paragraph, as far as widths tell.

    Args:
        words: its text.
        spacing: twips added to every character.
    """
    pieces = _pieces(words.strip())
    lines, line, room = list[str](), "", _LINE - _INDENT
    for piece in pieces:
        width = _width(piece, line, spacing)
        if line and width > room:
            lines.append(line)
            line, room, width = "", _LINE, _width(piece, "", spacing)
        line += piece
        room -= width
    return [*lines, line] if line else lines


def _pieces(words: str) -> list[str]:
    """The words in pieces that are never parted: a character with the signs that cling to it, a number."""
    pieces: list[str] = []
    for latin, group in groupby(words, key=_is_latin):
        stretch = "".join(group)
        pieces += [stretch] if latin else stretch
    joined: list[str] = []
    for piece in pieces:
        if joined and _clings(joined[-1][-1], piece[0]):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _clings(before: str, sign: str) -> bool:
    """True if a line does not end between two signs; LibreOffice parts no stop from a number behind it."""
    return sign in _NOT_FIRST or before in _NOT_LAST or (before in _NOT_FIRST and sign.isdigit())


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign not in _NOT_FIRST and sign not in _NOT_LAST and sign != " "


def _width(piece: str, before: str, spacing: int) -> int:
    """The twips that a piece takes behind what stands on its line already."""
    total, last = 0, before[-1:]
    for sign in piece:
        total += _ASCII.get(sign, _TYPE // 2 if sign.isascii() else _TYPE) + spacing
        if last and sign.isascii() != last.isascii() and sign.isalnum() and last.isalnum():
            total += _GAP
        last = sign
    return total
