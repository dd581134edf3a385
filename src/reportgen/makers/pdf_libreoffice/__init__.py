"""PDF by LibreOffice, drawn from the Word file. What is done with every PDF then is in ``makers.pdf``."""

from reportgen.makers import Fonts, Maker, Order, Proof
from reportgen.makers.pdf_libreoffice import convert as _convert
from reportgen.makers.pdf_libreoffice.fonts import StandIn, stand_ins
from reportgen.makers.pdf_libreoffice.office import examine_machine, get_missing, missing, prepare
from reportgen.problems import Finding

__all__ = ["MAKER", "StandIn", "examine_machine", "make", "missing", "stand_ins"]


def make(order: Order) -> bytes:
    """The order's Word file as LibreOffice draws it."""
    return _convert.convert(order.made["docx"])


def _examine(order: Order) -> tuple[Finding, ...]:
    from reportgen.makers.pdf_libreoffice.characters import undrawable_pieces

    return tuple(undrawable_pieces(order))


def _prove(order: Order, _pdf: bytes) -> Proof:
    from reportgen.makers.pdf_libreoffice.characters import undrawable_beside

    return Proof(findings=tuple(undrawable_beside(order)))


def _fonts() -> Fonts:
    from reportgen.makers.pdf_libreoffice.characters import fonts_drawn_with

    return fonts_drawn_with()


MAKER = Maker(
    name="LibreOffice",
    takes="docx",
    gives="pdf",
    make=make,
    prove=_prove,
    convert=_convert.convert,
    missing=missing,
    examine=_examine,
    diagnose=examine_machine,
    fix=get_missing,
    prepare=prepare,
    start=_convert.start,
    fonts=_fonts,
    clean_only=True,
)
