"""One figure of a report changed, as a slip of the hand would change it."""

from decimal import Decimal
from random import Random
from typing import NamedTuple

from generating.made import Made
from generating.marking import Spot, plain
from generating.numerals import rewritten, value_of

_MOST_DIGITS = 9
_LARGEST = 99_999
_FEW_ROWS = frozenset(
    ["regulations", "normative", "fees", "procurement", "review", "direct_suit", "suit_after_review"]
)
_ODD = 0.06
"""How often a cell gets a number that is none for such a cell, or is of another unit."""
_ODD_MONEY = 0.5


class Change(NamedTuple):
    """A figure, what it was and what it became, and the text with it."""

    spot: Spot
    old: Decimal
    new: Decimal
    text: str


def changed(report: Made, draw: Random) -> Change:
    """One figure of the report, chosen and changed at random; cells and sentences share evenly."""
    cells = [spot for spot in report.spots if spot.is_cell]
    words = [spot for spot in report.spots if not spot.is_cell]
    return _change(report, draw.choice(cells if draw.random() < 0.5 or not words else words), draw)


def seldom_changed(report: Made, draw: Random, most: int) -> list[Change]:
    """As many changes of figures that are few in a report, and that some rules speak of alone."""
    few = [spot for spot in report.spots if _is_seldom(spot)]
    return [_change(report, spot, draw) for spot in draw.choices(few, k=most)] if few else []


def _is_seldom(spot: Spot) -> bool:
    if spot.is_cell:
        return spot.name.partition(".")[0] in _FEW_ROWS
    return spot.kind == "organ" or (spot.kind, spot.name) == ("loose", "year")


def _change(report: Made, spot: Spot, draw: Random) -> Change:
    old = value_in(spot.written)
    new = old
    while new == old:
        new = _slipped(old, spot, draw)
    written = _written(spot, new)
    return Change(spot, old, value_in(written), report.text[: spot.start] + written + report.text[spot.end :])


def value_in(written: str) -> Decimal:
    """The number that is written."""
    negative, digits = written.startswith("-"), written.removeprefix("-")
    number = Decimal(digits) if "." in digits else Decimal(value_of(digits))
    return -number if negative else number


def _written(spot: Spot, number: Decimal) -> str:
    """The new number in the way of the old one."""
    if "." in spot.written or number < 0 or number != number.to_integral_value():
        return plain(number)
    return rewritten(spot.written.removeprefix("-"), int(number))


def _slipped(old: Decimal, spot: Spot, draw: Random) -> Decimal:
    """Another number: one more or less, a digit wrong, lost, doubled or swapped with its neighbour."""
    if spot.is_cell and draw.random() < (_ODD_MONEY if spot.name == "fees.amount" else _ODD):
        return _oddly(old, draw)
    digits = list(plain(abs(old)))
    places = [index for index, sign in enumerate(digits) if sign != "."]
    at = draw.choice(places)
    match draw.randrange(6):
        case 0:
            return max(Decimal(0), old + draw.choice((1, -1)))
        case 1:
            digits[at] = str(draw.randrange(10))
        case 2:
            digits[at] = digits[at] * 2 if len(places) < _MOST_DIGITS else digits[at]
        case 3:
            digits[at] = "" if len(places) > 1 and digits[at] != "." else digits[at]
        case 4:
            digits[at], digits[places[0]] = digits[places[0]], digits[at]
        case _:
            digits = list(str(draw.randint(0, 99)))
    new = Decimal("".join(digits).strip(".") or "0")
    if not spot.written.isascii():
        new = min(new, Decimal(_LARGEST))
    return -new if old < 0 else new


def _oddly(old: Decimal, draw: Random) -> Decimal:
    """元 for 万元, a point among the digits, a minus before them."""
    match draw.randrange(3):
        case 0:
            return min(old * 10_000, Decimal(10**_MOST_DIGITS))
        case 1:
            return old + draw.choice((Decimal("0.5"), Decimal("0.1")))
    return -old if old else Decimal(-1)
