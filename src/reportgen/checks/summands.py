"""Where the figures of a total stand that nobody typed: the program added it up."""

from collections.abc import Iterator

from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Place


def places_of(report: Report, *keys: CellKey) -> tuple[Place, ...]:
    """Where the cells were typed, and for a total that was added up where its parts were, without zeros."""
    return tuple(dict.fromkeys(place for key in keys for place in _typed(report, key)))


def _typed(report: Report, key: CellKey) -> Iterator[Place]:
    figure = report.cells[key]
    if figure.place:
        yield figure.place
    elif figure.value:
        for part in report.form.parts.get(key, ()):
            yield from _typed(report, part)
