"""The same PDF bytes for the same report: what a converter takes from a clock, a counter or chance is set.

Those are the dates of the information dictionary and of the colour profile, the file's identifiers, and the
numbers of its fonts (``type1``); the dates of the XMP come with the rest of it (``metadata``). In which order
the objects were written does not show: qpdf numbers them anew, walking from the trailer through dictionaries
sorted by their keys.
"""

import io
from datetime import datetime

from pikepdf import Array, Dictionary, ObjectStreamMode, Pdf, Stream

from reportgen.makers.pdf.type1 import number_fonts


def set_chance(document: Pdf, stamp: datetime) -> None:
    """Set what differs from one conversion to the next.

    Args:
        document: as the converter made it.
        stamp: the time that it shall bear.
    """
    _set_colours(document, stamp)
    number_fonts(document)
    for key in ("/ID", "/DocChecksum"):
        if key in document.trailer:
            del document.trailer[key]


def saved(document: Pdf) -> bytes:
    """The bytes of a document, its identifier reckoned from them.

    Its objects are not packed: any signing program can then add to the file, and any reader of 2006 read it.
    """
    out = io.BytesIO()
    document.save(
        out,
        object_stream_mode=ObjectStreamMode.disable,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return out.getvalue()


def _set_colours(document: Pdf, stamp: datetime) -> None:
    """The date and the identifier of each colour profile (ICC.1:2004-10, 7.2)."""
    when = b"".join(part.to_bytes(2, "big") for part in stamp.timetuple()[:6])
    intents = document.Root.get("/OutputIntents")
    for intent in intents if isinstance(intents, Array) else ():
        profile = intent.get("/DestOutputProfile") if isinstance(intent, Dictionary) else None
        if isinstance(profile, Stream):
            icc = profile.read_bytes()
            profile.write(icc[:24] + when + icc[36:84] + bytes(16) + icc[100:])
