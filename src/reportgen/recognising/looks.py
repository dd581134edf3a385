"""Tables that look alike are read alike: the same labels in the same cells, whatever their figures are."""

from collections.abc import Sequence

from reportgen.model.nodes import FoundCell, FoundTable
from reportgen.problems import Place
from reportgen.recognising.labels import FEWEST_NUMBERS, is_figure, said

Look = tuple[tuple[tuple[str, int, int], ...], ...]
"""Of each cell of each row what it says (``_FIGURE`` for any figure), and its rows and columns."""

_FIGURE = "0"
_LONGEST = 200
"""No label is longer; what is may be anything, and is not kept."""


def looks_of(pieces: Sequence[FoundTable]) -> tuple[Look, ...]:
    """How the pieces of a table look; none where a first column of figures may number the rows."""
    rows = [row for piece in pieces for row in piece.rows]
    if sum(is_figure(said(row[0])) for row in rows if row) >= FEWEST_NUMBERS:
        return ()
    if any(len(cell.text) > _LONGEST for row in rows for cell in row):
        return ()
    return tuple(tuple(tuple(map(_look_of, row)) for row in piece.rows) for piece in pieces)


def _look_of(cell: FoundCell) -> tuple[str, int, int]:
    text = said(cell)
    return _FIGURE if is_figure(text) else text, cell.rows, cell.columns


def twins_of(looks: Sequence[Look]) -> list[FoundTable]:
    """Tables that look so; the place of a cell counts piece, row and cell."""
    return [
        FoundTable(
            tuple(
                tuple(
                    FoundCell(text, Place("", table=piece, row=row, column=at), rows, columns)
                    for at, (text, rows, columns) in enumerate(cells, start=1)
                )
                for row, cells in enumerate(look, start=1)
            ),
            Place(""),
        )
        for piece, look in enumerate(looks, start=1)
    ]


def cell_at(pieces: Sequence[FoundTable], place: Place) -> FoundCell:
    """The cell that stands where its twin does."""
    return pieces[place.table - 1].rows[place.row - 1][place.column - 1]
