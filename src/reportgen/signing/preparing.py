"""Where the empty signature field of a final PDF goes, and whether the place for the seal is good."""

from dataclasses import dataclass

from reportgen.problems import Finding
from reportgen.signing.pages import read_pages
from reportgen.signing.seal_place import SealPlace, Signing, seal_place

_LAST = 2
"""Pages at the end that may hold 署名 and 成文日期."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A place for the seal, None where there is none, and what is not good about it."""

    place: SealPlace | None
    findings: tuple[Finding, ...]

    @property
    def facts(self) -> dict[str, object]:
        """The place as the manifest tells it; nothing where there is none."""
        return {"seal": self.place.as_facts()} if self.place else {}


def find_place(pdf: bytes, signing: Signing) -> Prepared:
    """Where the seal goes on a PDF, converted or finished: both have the same words at the same places.

    Where the date that is known stands on the last page, as it nearly always does, no other is read: placing
    every character of a page takes several milliseconds.
    """
    lines, sheets = read_pages(pdf, last=1)
    if not any(line.text == signing.date for line in lines):
        lines, sheets = read_pages(pdf, last=_LAST)
    return Prepared(*seal_place(lines, sheets, signing))
