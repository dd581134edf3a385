"""PDF/A with LibreOffice: made from the Word file, the same bytes for the same report, and proved."""

from datetime import datetime, timedelta, timezone

from reportgen.makers import Maker, Order, Proof
from reportgen.makers.pdf_libreoffice import convert as _convert
from reportgen.makers.pdf_libreoffice.fonts import StandIn, stand_ins
from reportgen.makers.pdf_libreoffice.machine import examine_machine
from reportgen.makers.pdf_libreoffice.office import missing
from reportgen.problems import Finding
from reportgen.signing.seal_place import Signing
from reportgen.wording import chinese_date

__all__ = ["MAKER", "StandIn", "examine_machine", "make", "missing", "stand_ins"]

_BEIJING = timezone(timedelta(hours=8))


def make(order: Order) -> bytes:
    """The PDF of the order's Word file, dated by the report."""
    from reportgen.makers.pdf_libreoffice.finishing import changes
    from reportgen.makers.pdf_libreoffice.same_bytes import same_bytes

    when = stamp(order)
    pdf = same_bytes(_convert.convert(order.made["docx"]), when, changes(order, when))
    return pdf if order.draft else _ready_to_sign(order, pdf)


def _ready_to_sign(order: Order, pdf: bytes) -> bytes:
    from reportgen.signing.preparing import ready_to_sign

    return ready_to_sign(pdf, _signing(order))


def _signing(order: Order) -> Signing:
    """What stands where the seal goes, as printed."""
    organ = order.report.organ
    return Signing(organ.name, chinese_date(order.words.date), organ.level)


def stamp(order: Order) -> datetime:
    """The time that the PDF bears: the day of the report; of a draft without one, the next New Year's Day."""
    day = order.report.date
    if day is None:
        return datetime(order.report.year + 1, 1, 1, tzinfo=_BEIJING)
    return datetime(day.year, day.month, day.day, tzinfo=_BEIJING)


def _prove(order: Order, pdf: bytes) -> Proof:
    from reportgen.makers.pdf_libreoffice.proof import prove

    proof = prove(order, pdf)
    return proof if order.draft else _with_seal_place(order, pdf, proof)


def _with_seal_place(order: Order, pdf: bytes, proof: Proof) -> Proof:
    from reportgen.signing.preparing import find_place

    prepared = find_place(pdf, _signing(order))
    return Proof({**proof.facts, **prepared.facts}, proof.findings + prepared.findings)


def _examine(order: Order) -> tuple[Finding, ...]:
    from reportgen.makers.pdf_libreoffice.proof import examine

    return examine(order)


MAKER = Maker(
    name="LibreOffice",
    takes="docx",
    gives="pdf",
    make=make,
    prove=_prove,
    missing=missing,
    examine=_examine,
    diagnose=examine_machine,
    start=_convert.start,
    clean_only=True,
)
