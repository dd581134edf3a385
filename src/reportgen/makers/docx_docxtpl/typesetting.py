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
from itertools import pairwise

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

_NOT_FIRST = "、。，；：？！）》〉”’〕】」』％%.,;:?!)]}…—·～"
_NOT_LAST = "（《〈“‘〔【「『([{"
_LATIN = "!-~"
_PIECE = re.compile(
    "[{last}]*(?:(?:(?![{last}{first}])[{latin}])+|.)[{first}]*".format(
        last=re.escape(_NOT_LAST), first=re.escape(_NOT_FIRST), latin=_LATIN
    ),
    re.DOTALL,
)
"""What is never parted: a character and the signs that cling to it, a number."""
_NARROW = re.compile("[\0-~]")
_STYLE = re.compile(r'<w:style\b[^>]*w:styleId="([^"]+)"[^>]*>(.*?)</w:style>', re.DOTALL)
_NAME = re.compile(r'<w:(?:name|aliases) w:val="([^"]*)"')
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_REMARKED = r"<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?)(<w:t(?: [^>]*+)?+>)([^<（]++)(（[^<]*）</w:t>)"
"""What stands behind the properties of a cell's paragraph: a figure and its remark in one run."""
_LONG = 5
"""Digits that fill a cell of table four, so that no bracket stands behind them; a program would part them."""
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
        pattern = f'(<w:pStyle w:val="{_any(figures)}"/></w:pPr>{_REMARKED}'
        document = re.sub(pattern, lambda found: _with_remark(found, remark[0]), document)
    return document


def _with_remark(found: re.Match[str], style: str) -> str:
    """A figure and its remark in a run of its own, on the next line where both would not begin on one."""
    line = "<w:br/>" if len(found[3].strip()) >= _LONG else ""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>{line}'
    return f"{found[1]}{found[2]}{found[3]}</w:t></w:r><w:r>{look}{found[2]}{found[4]}"


def _paragraphs_of(ids: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf'<w:p(?: [^>]*)?><w:pPr><w:pStyle w:val="{_any(ids)}"/>.*?</w:p>', re.DOTALL)


def _any(ids: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(map(re.escape, ids))})"


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
    words = words.strip()
    usual, ends, room, last, at = _TYPE + spacing, [0], _LINE - _INDENT, "", 0
    while at < len(words):
        if last > "~" or not at:
            begun, at = at, _last_that_fits(words, at, at + room // usual)
            room -= (at - begun) * usual
            last = words[at - 1 : at]
        piece = _PIECE.match(words, at)
        if piece is None:  # all of it fitted
            break
        width = _width(piece[0], last, spacing)
        if width > room and at > ends[-1]:
            ends.append(at)
            room, width = _LINE, _width(piece[0], "", spacing)
        room -= width
        last, at = piece[0][-1], piece.end()
    return [words[begin:end] for begin, end in pairwise([*ends, len(words)])] if words else []


def _last_that_fits(words: str, begin: int, end: int) -> int:
    """Where words may be parted last, so that only Chinese characters stand before it, no more than fit.

    They are all of one width, so that no look at each is needed.
    """
    narrow = _NARROW.search(words, begin, max(begin, end))
    end = min(narrow.start() if narrow else end, len(words))
    while begin < end < len(words) and (words[end] in _NOT_FIRST or words[end - 1] in _NOT_LAST):
        end -= 1
    return max(begin, end)


def _width(piece: str, before: str, spacing: int) -> int:
    """The twips that a piece takes behind the sign that stands before it on its line, if any does."""
    total, last = len(piece) * spacing, before
    for sign in piece:
        is_latin = sign <= "~"
        total += _ASCII.get(sign, _TYPE // 2) if is_latin else _TYPE
        if last and is_latin != (last <= "~") and sign.isalnum() and last.isalnum():
            total += _GAP
        last = sign
    return total
