"""Clerks' workbooks for tests: made of a YAML text, changed cell by cell, read back."""

import io
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from openpyxl import load_workbook

from made import gathered
from reportgen.clerk_file.sheets import parted
from reportgen.examining import Material, Outcome, examine
from reportgen.model.report import Report
from reportgen.workbook import Filled, filled_in

NAME = "年报.xlsx"


@lru_cache
def book_of(text: str) -> bytes:
    """The workbook of a clerk's YAML."""
    return made_of(text)


def made_of(text: str, last: Report | None = None) -> bytes:
    """The same, made anew, perhaps with last year's figures."""
    outcome = examine(Material("年报.yaml", text.encode()), gathered())
    assert outcome.node is not None, outcome.findings
    assert outcome.report is not None, outcome.findings
    form = outcome.report.form
    title = form.usual_title(outcome.report.organ.name, outcome.report.year)
    return filled_in(Filled(form, parted(outcome.node, outcome.report, gathered().forms), title, last))


def changed(content: bytes, cells: Mapping[tuple[str, str], object]) -> bytes:
    """A workbook with other cells, by sheet and name, saved as another program would."""

    def change(book: Any) -> None:
        for (sheet, at), value in cells.items():
            book[sheet][at] = value

    return edited(content, change)


def edited(content: bytes, edit: Callable[[Any], object]) -> bytes:
    """A workbook after somebody's work on it."""
    book = load_workbook(io.BytesIO(content))
    edit(book)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def examined(content: bytes, name: str = NAME) -> Outcome:
    """What a workbook says, and what is wrong with it."""
    return examine(Material(name, content), gathered())
