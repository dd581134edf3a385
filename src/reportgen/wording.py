"""Wording: a report as the exact words and figures that get printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reportgen.problems import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the clerk's own words on the page: which part of the report it is, and where it was typed."""

    about: str
    text: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a template may ask for, and what a proof must find again.

    ``names`` maps each name of a template to a string, a list of paragraphs or a mapping of names.
    """

    names: Mapping[str, object]
    pieces: tuple[Piece, ...]
    title: str
    author: str
    date: date | None
