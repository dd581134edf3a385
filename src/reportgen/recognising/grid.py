"""A found table on its grid: a merged cell stands in every place that it covers."""

import re
import unicodedata

from reportgen.chinese.numerals import NONE_SIGNS
from reportgen.model.document import FoundCell, FoundTable
from reportgen.problems import Place

GridRow = tuple[FoundCell | None, ...]

_WIDEST = 64
"""More columns than this no report has; a broken document may claim any number."""

_FIGURE = re.compile(r"[-+−]?[\d,.]*\d\.?(?:[万亿]?元|[万亿件项个条次])?(?:\(.*\))?", re.S)


def grid_rows(table: FoundTable) -> tuple[GridRow, ...]:
    """The rows of a table, all cells at their grid columns; None where the grid has a hole."""
    rows: list[dict[int, FoundCell]] = [{} for _ in table.rows]
    for index, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while column in rows[index]:
                column += 1
            if column >= _WIDEST:
                break
            reach = range(column, min(column + cell.columns, _WIDEST))
            for row in rows[index : index + cell.rows]:
                row.update((each, cell) for each in reach if each not in row)
            column = reach.stop
    return tuple(tuple(row.get(at) for at in range(max(row, default=-1) + 1)) for row in rows)


def said(cell: FoundCell | None) -> str:
    """What a cell says, without blanks around it."""
    return cell.text.strip(" \t\r\n\u3000\xa0\ufeff\u200b") if cell else ""


def is_figure(text: str) -> bool:
    """True for what stands where a number belongs: a number, or a sign for none."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return folded in NONE_SIGNS or bool(_FIGURE.fullmatch(folded))


def origins(row: GridRow, start: int = 0) -> list[tuple[int, FoundCell]]:
    """The cells of a row from a grid column on, each once, with its first column."""
    found: list[tuple[int, FoundCell]] = []
    before = row[start - 1] if 0 < start <= len(row) else None
    for column in range(start, len(row)):
        cell = row[column]
        if cell is not None and cell is not before:
            found.append((column, cell))
        before = cell
    return found


def place_of(row: GridRow) -> Place:
    """Where a row begins."""
    return next((cell.place for cell in row if cell is not None), Place(""))
