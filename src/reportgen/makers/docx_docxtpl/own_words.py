"""Headings and row labels that a document prints otherwise than the form: a draft shows them as found."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from reportgen.model.form import Table
from reportgen.model.layout import PrintedCell, grid_of


def label_cells(table: Table, rows: Iterable[str]) -> Iterator[tuple[str, PrintedCell]]:
    """The printed label of each of these rows, by row key: the last one before its figures."""
    cells = grid_of(table).cells
    lines = {cell.key.row: cell.row for cell in cells if cell.key}
    for row in rows:
        line = lines.get(row)
        labels = [
            cell
            for cell in cells
            if cell.role == "label" and line and cell.row <= line < cell.row + cell.rows
        ]
        if labels:
            yield row, max(labels, key=lambda cell: cell.column)


def headings_meant(found: Sequence[str], right: Sequence[str]) -> dict[int, str]:
    """Which of the form's headings (by index) each found one stands for: equal ones, then the most alike."""
    meant = {right.index(text): text for text in found if text in right}
    for text in (text for text in found if text not in right):
        free = [index for index in range(len(right)) if index not in meant]
        if free:
            meant[max(free, key=lambda index: _likeness(text, right[index]))] = text
    return meant


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
