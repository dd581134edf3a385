"""The last step of a final PDF: the empty signature field, and whether the place for the seal is good."""

from dataclasses import dataclass

from reportgen.problems import Finding
from reportgen.signing.field import with_field
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
    """Where the seal goes on a finished PDF, for the maker's proof."""
    lines, sheets = read_pages(pdf, last=_LAST)
    return Prepared(*seal_place(lines, sheets, signing))


def ready_to_sign(pdf: bytes, signing: Signing) -> bytes:
    """The PDF with the empty field; as it is where there is no place for the seal."""
    place = find_place(pdf, signing).place
    return with_field(pdf, place) if place else pdf
