"""What a document has in words of its own where the form prints others, and what a clerk answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reportgen.problems import Place


class OwnWords(NamedTuple):
    """A document's own words where the form prints others, and where they stand."""

    text: str
    place: Place


class Answer(NamedTuple):
    """What the clerk answers to a rule's warning (核对), and where."""

    words: str
    place: Place


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document differs from the form as a whole.

    ``missing`` has the rows of the form that are not in the document, by row key; ``added`` the rows of the
    document that are not in the form, by table key; ``basis`` the notice whose form the labels are those of,
    where that is not the form of the year; ``signed`` the organ that signs, where it is not the title's.
    """

    missing: Mapping[str, OwnWords] = field(default_factory=dict)
    added: Mapping[str, tuple[OwnWords, ...]] = field(default_factory=dict)
    basis: OwnWords | None = None
    signed: OwnWords | None = None
