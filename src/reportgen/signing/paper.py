"""What stands where on finished pages. Lengths are points from the lower left corner, as in a PDF."""

from dataclasses import dataclass

MM = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """What stands on one baseline: the page counted from 1, the words without blanks, and their ink."""

    page: int
    text: str
    baseline: float
    box: Box


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its size, and the thin strokes that tables are drawn with."""

    width: float
    height: float
    strokes: tuple[Box, ...] = ()
