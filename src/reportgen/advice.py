"""Advice in the words of where the clerk works. Told once, where a finding leaves the steps.

Who types YAML reads of keys and braces; who fills in a workbook, of sheets and columns; who works at the
page, of its fields and buttons. A rule or a reader gives all these words, and never asks who will read them.
"""

from enum import StrEnum
from typing import Self


class Medium(StrEnum):
    """What a clerk has before the eyes while mending a report."""

    YAML = "yaml"
    WORKBOOK = "workbook"
    PAGE = "page"
    DOCUMENT = "document"
    """A Word file, a web page, a text: nobody's own file of a report."""


class Advice(str):
    """Words of a message in all media. It is the text for YAML, and knows those for the others.

    Joined with ``+`` it stays one, whatever stands before or behind; ``format`` and f-strings make it plain.
    """

    workbook: str
    page: str
    document: str

    def __new__(cls, yaml: str, workbook: str, page: str, document: str | None = None) -> Self:
        """Take the words of each; those for a document are the text for YAML where none are given."""
        words = super().__new__(cls, yaml)
        words.workbook = workbook
        words.page = page
        words.document = str(yaml) if document is None else document
        return words

    def __getnewargs__(self) -> tuple[str, str, str, str]:  # type: ignore[override]  # a plain text has one
        """What makes the same again, in another process too."""
        return (str(self), self.workbook, self.page, self.document)

    def told_in(self, medium: Medium) -> str:
        """The words for one medium, as plain text."""
        return str(self) if medium is Medium.YAML else getattr(self, medium.value)

    def __add__(self, more: str) -> "Advice":
        """Both, one behind the other, in each medium."""
        return joined(self, more)

    def __radd__(self, before: str) -> "Advice":
        """The same with a plain text before it."""
        return joined(before, self)


def told_in(words: str, medium: Medium) -> str:
    """The words for one medium; a text that is the same in all stays as it is."""
    return words.told_in(medium) if isinstance(words, Advice) else words


def joined(*parts: str) -> Advice:
    """Texts, one behind the other, in each medium."""
    return Advice(*("".join(told_in(part, medium) for part in parts) for medium in Medium))


def on_page(elsewhere: str, page: str) -> Advice:
    """Advice that is the same everywhere but at the page, where nobody types commands."""
    return Advice(elsewhere, elsewhere, page, elsewhere)


def in_clerks_file(yaml: str, workbook: str = "", page: str = "") -> Advice:
    """Advice that only who writes a clerk's file can follow; as for YAML where no other words are given."""
    return Advice(yaml, workbook or yaml, page or yaml, "")
