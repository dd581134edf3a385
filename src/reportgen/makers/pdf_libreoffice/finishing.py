"""What is done to every PDF of a report after LibreOffice: tags, metadata, and the source if it is wanted."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version

from reportgen.makers import Order
from reportgen.makers.pdf_libreoffice.attachment import attaching
from reportgen.makers.pdf_libreoffice.font_order import Objects
from reportgen.makers.pdf_libreoffice.metadata import About, describing
from reportgen.makers.pdf_libreoffice.tags import set_tags


def changes(order: Order, stamp: datetime) -> tuple[Callable[[Objects, bytes], None], ...]:
    """The steps, for ``same_bytes``."""
    return tuple(_changes(order, stamp))


def _changes(order: Order, stamp: datetime) -> Iterator[Callable[[Objects, bytes], None]]:
    report, part = order.report, 3 if order.attached else 2
    software = f"reportgen {version('reportgen')}"
    yield set_tags
    yield describing(About(report.year, report.form.id, report.form.basis, software, stamp, part))
    if order.attached:
        yield attaching(order.attached, stamp)
