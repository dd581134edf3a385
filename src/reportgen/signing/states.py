"""What a PDF was before each of its updates: signing only adds, so the earlier file is its beginning."""

import hashlib
from collections.abc import Container

_END = b"%%EOF"


def state_known_by(pdf: bytes, digests: Container[str]) -> bytes | None:
    """The file now, or as it was before one of its updates, if its digest is a known one.

    Every byte is read once, however many updates there are.

    Args:
        pdf: the file.
        digests: SHA-256, as hexadecimal digits.

    Returns:
        The newest such beginning of the file; None where there is none.
    """
    running, at, known = hashlib.sha256(), 0, 0
    for end in _ends(pdf):
        running.update(pdf[at:end])
        at = end
        if running.hexdigest() in digests:
            known = end
    return pdf[:known] if known else None


def _ends(pdf: bytes) -> list[int]:
    """Where a PDF ends or may have ended: behind an end mark, with or without the end of its line."""
    found = {len(pdf)}
    mark = pdf.find(_END)
    while mark >= 0:
        end = mark + len(_END)
        found |= {end + len(line) for line in (b"", b"\r", b"\n", b"\r\n") if pdf.startswith(line, end)}
        mark = pdf.find(_END, end)
    return sorted(found)
