"""What somebody typed into a cell, as a figure."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

MOST_DIGITS = 15
"""More digits than this are a slip of the hand: the whole country files fewer applications."""

_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"\u3000": " ", "\xa0": " ", "−": "-", "’": "'", "‘": "'"}
)
_SEPARATOR = re.compile(r"(?<=[0-9])[,'_ ]+(?=[0-9])")
_SIGN = re.compile(r"^([+-]) +(?=[0-9])")
_NUMBER = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]+)?)(.*)", re.DOTALL)
_UNIT = re.compile(r" *[^\W\d_a-zA-Z]| *[(\[〔【]")
_PIECES = frozenset({"", "件", "件次", "个", "条", "份", "项", "宗", "起", "次", "篇"})
"""Whatever pieces are called, the column counts them."""
_MANIFOLD = tuple("十百千万亿")


class Numeral(NamedTuple):
    """A typed number: brought to half width, its value (None where it is no number), and if it is too big."""

    text: str
    number: Decimal | None
    too_big: bool = False


def half_width(words: str) -> str:
    """The words with full-width signs and digits at half width, without blanks at the ends."""
    return words.translate(_WIDTH).strip()


@lru_cache(maxsize=1024)
def numeral(typed: str, unit: str = "") -> Numeral:
    """Read a number as a clerk writes it: ``１，２５０``, ``1 250``, ``-8``, ``251000元``, ``22（含修订）``.

    A unit or remark after the number is kept in the text. ``3万`` is no number where the column does not
    count in 万, nor is ``1e5``, ``12:30``, ``5/6`` or ``50%``.
    """
    if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS:
        return Numeral(typed, Decimal(typed))
    text = half_width(typed)
    text = _SIGN.sub(r"\1", _SEPARATOR.sub("", text))
    parts = _NUMBER.fullmatch(text)
    if not parts:
        return Numeral(typed.strip(), None)
    sign, digits, rest = parts.groups()
    if rest and not _is_unit(rest, unit):
        return Numeral(typed.strip(), None)
    kept = text if not rest else sign + digits + typed.strip()[-len(rest) :]
    if sum(digit.isdigit() for digit in digits) > MOST_DIGITS:
        return Numeral(kept, None, too_big=True)
    return Numeral(kept, Decimal(sign + digits))


def without_unit(text: str, unit: str) -> str:
    """A number's text without the unit that the column has anyway: ``12件`` and ``12 项`` are printed as 12.

    A remark or another unit stays: ``22（其中修订16件）``, ``251000元`` in a column of 万元.
    """
    parts = _NUMBER.fullmatch(text)
    if not parts:
        return text
    sign, digits, rest = parts.groups()
    return sign + digits if rest.strip() in (_PIECES if unit == "件" else {unit}) else text


def _is_unit(rest: str, unit: str) -> bool:
    """True if what follows the number leaves its value alone."""
    word = rest.lstrip()
    if word.startswith(_MANIFOLD) and unit == "件":
        return False
    return bool(_UNIT.match(rest))
