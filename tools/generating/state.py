"""The figures of a made-up report before and after a change, reckoned from what is typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from generating.changes import Change, value_in
from generating.facts import values_of
from generating.figures import Figures
from generating.made import Made
from generating.marking import Spot
from reportgen.model.form import CellKey, Form


class State(NamedTuple):
    """What a file says: the tables' figures under the names of sentences, and the numbers of its words.

    Attributes:
        report: the report as it was made.
        values: as :attr:`generating.facts.Facts.values`; totals that nobody typed are added up.
        numbers: every marked number that is no cell, by its spot.
        cells: the cells that are typed.
        last: the same figures of last year's file; empty where none is given.
    """

    report: Made
    values: Mapping[str, Decimal]
    numbers: Mapping[Spot, Decimal]
    cells: Mapping[str, Decimal]
    last: Mapping[str, Decimal]


def state_of(report: Made, change: Change | None = None) -> State:
    """The state of the report, or of the report with one figure changed."""
    typed = {spot: value_in(spot.written) for spot in report.spots}
    if change:
        typed[change.spot] = change.new
    cells = {spot.name: number for spot, number in typed.items() if spot.is_cell}
    numbers = {spot: number for spot, number in typed.items() if not spot.is_cell}
    values = values_of(report.facts.form, _whole(report.facts.form, cells))
    return State(report, values, numbers, cells, report.facts.last if report.last else {})


def _whole(form: Form, typed: Mapping[str, Decimal]) -> Figures:
    """Every cell: as typed, else the sum of its parts, else 0."""
    cells: Figures = {}

    def value(key: CellKey) -> Decimal:
        if key not in cells:
            parts = form.parts.get(key, ()) if str(key) not in typed else ()
            cells[key] = typed.get(str(key), sum(map(value, parts), Decimal(0)))
        return cells[key]

    for key, _, _ in form.cells():
        value(key)
    return cells
