"""What belongs to a PDF, whichever converter drew it: finishing, the place for the seal, the proof."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from reportgen.itself import version_of
from reportgen.makers import Kind, Maker, Order, Proof
from reportgen.problems import FileTrouble, ToolFailed
from reportgen.signing.seal_place import Signing
from reportgen.wording import chinese_date

if TYPE_CHECKING:
    from reportgen.makers.pdf.metadata import About
    from reportgen.signing.field import Prepared

_BEIJING = timezone(timedelta(hours=8))


def complete(order: Order, raw: bytes, maker: Maker) -> tuple[bytes, Proof]:
    """The finished PDF of a report, and what opening it again showed.

    Args:
        order: of the report; with ``docx`` among what is made.
        raw: the PDF as the maker drew it.
        maker: who drew it.

    Raises:
        ToolFailed: the maker gave no whole PDF.
    """
    from reportgen.makers.pdf.finishing import Finish, finished
    from reportgen.makers.pdf.proof import prove

    if maker.elsewhere:
        return _handed_over(order, raw, maker)
    prepared = None if order.draft else _place(order, raw)
    place = prepared.place if prepared else None
    pdf = finished(raw, Finish(about(order), order.attached, place))
    proof = prove(order, pdf, maker, place)
    own = maker.prove(order, pdf)
    if prepared is None:
        return pdf, Proof({**proof.facts, **own.facts}, proof.findings + own.findings)
    facts = {**proof.facts, **own.facts, **prepared.facts}
    return pdf, Proof(facts, proof.findings + own.findings + prepared.findings)


def _handed_over(order: Order, raw: bytes, maker: Maker) -> tuple[bytes, Proof]:
    """The same of a PDF that another program printed: it claims what it claimed before, and no more."""
    from reportgen.makers.pdf import elsewhere
    from reportgen.makers.pdf.finishing import with_field
    from reportgen.makers.pdf.proof import KNOWN, prove
    from reportgen.makers.pdf.reading import contents

    prepared = _place(order, raw)
    part, letter = elsewhere.conformance(contents(raw))
    described = replace(about(order), part=part, letter=letter, accessible=False)
    pdf = with_field(raw, described, order, prepared.place)
    proof = prove(order, pdf, maker, prepared.place)
    told = elsewhere.judged(proof.findings, contents(pdf), order, KNOWN)
    facts = {**proof.facts, "elsewhere": True, **prepared.facts}
    return pdf, Proof(facts, (*told, *prepared.findings))


def _elsewhere(pdf: bytes) -> Maker:
    from reportgen.makers.pdf.elsewhere import maker_of

    return maker_of(pdf)


def about(order: Order) -> "About":
    """What a report's PDF says of itself; a draft does not call itself accessible (PDF/UA)."""
    from reportgen.makers.pdf.metadata import About

    report = order.report
    form = report.form
    return About(
        software=f"reportgen {version_of('reportgen')}",
        stamp=stamp(order),
        subject=f"{report.year}年度{form.name}，{form.basis}格式",
        keywords=(form.name, f"{report.year}年度", f"格式{form.id}"),
        own={"year": str(report.year), "form": form.id, "basis": form.basis},
        part=3 if order.attached else 2,
        accessible=not order.draft,
    )


def stamp(order: Order) -> datetime:
    """The time that the PDF bears: the day of the report; of a draft without one, the next New Year's Day."""
    day = order.report.date
    return beijing(*((order.report.year + 1, 1, 1) if day is None else (day.year, day.month, day.day)))


def beijing(year: int, month: int, day: int) -> datetime:
    """The beginning of a day in Beijing."""
    return datetime(year, month, day, tzinfo=_BEIJING)


def _place(order: Order, pdf: bytes) -> "Prepared":
    """Where the seal goes, from what stands there as printed: organ and date."""
    from reportgen.makers.pdf.finishing import NOT_WHOLE
    from reportgen.signing.field import find_place

    report = order.report
    try:
        return find_place(pdf, Signing(report.signed_by, chinese_date(order.words.date), report.organ.level))
    except FileTrouble as trouble:
        raise ToolFailed(NOT_WHOLE) from trouble


def _warm(order: Order) -> None:
    from reportgen.makers.pdf import finishing, proof  # noqa: F401 - loaded while the converter works
    from reportgen.signing import field  # noqa: F401

    order.shown()


KIND = Kind(complete=complete, warm=_warm, elsewhere=_elsewhere)
