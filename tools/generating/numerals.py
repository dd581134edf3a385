"""The ways in which officials write a number."""

from collections.abc import Callable
from random import Random

_SIGNS = "零一二三四五六七八九"
_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
_LARGEST_IN_CHINESE = 99_999


def chinese(number: int) -> str:
    """A whole number below one hundred million as it is said: 三千五百一十一, 一百零五, 十二."""
    if number >= 10_000:
        upper, rest = divmod(number, 10_000)
        gap = "零" if 0 < rest < 1_000 else ""
        return chinese(upper) + "万" + (gap + _below(rest) if rest else "")
    words = _below(number)
    return words.removeprefix("一") if 10 <= number < 20 else words


def _below(number: int) -> str:
    """A number below ten thousand, with 一十 for ten."""
    if number < 10:
        return _SIGNS[number]
    words = ""
    gap = False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if gap and words else "") + _SIGNS[digit] + name
            gap = False
        else:
            gap = True
    return words


def _counted(number: int) -> str:
    """As :func:`chinese`, two pieces being 两件."""
    return "两" if number == 2 else chinese(number)


def _parted(number: int) -> str:
    return f"{number:,}"


def _wide(number: int) -> str:
    return str(number).translate(_WIDE)


WAYS: dict[str, Callable[[int], str]] = {
    "digits": str,
    "wide": _wide,
    "chinese": _counted,
    "parted": _parted,
}
"""The name of a way to write → how."""


def way_for(dress: Random, largest: int) -> str:
    """A way in which all numbers of a sentence up to this one can be written."""
    chance = dress.random()
    if chance < 0.08:
        return "wide"
    if chance < 0.16 and largest <= _LARGEST_IN_CHINESE:
        return "chinese"
    return "parted" if chance < 0.22 else "digits"


def rewritten(written: str, number: int) -> str:
    """Another number in the way in which this one was written."""
    if written.isascii():
        return _parted(number) if "," in written else str(number)
    if written[0] in "０１２３４５６７８９":
        return _wide(number)
    return _counted(min(number, _LARGEST_IN_CHINESE))


def value_of(written: str) -> int:
    """The value of a number written in one of the ways; Chinese ones by looking them up."""
    narrow = written.translate(str.maketrans("０１２３４５６７８９", "0123456789")).replace(",", "")
    if narrow.isdigit():
        return int(narrow)
    return _spoken(written)


def _spoken(written: str) -> int:
    upper, myriad, rest = written.rpartition("万")
    total = _spoken(upper) * 10_000 if myriad else 0
    digit = 0
    for sign in rest:
        if sign in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            digit = 2 if sign == "两" else _SIGNS.index(sign)
    return total + digit
