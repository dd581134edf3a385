"""Where each row of a ledger counts: received, carried in, done with a result, carried out, or nowhere."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from reportgen.ledger.words import (
    ANSWERED,
    CARRIED_IN,
    CARRIED_OUT,
    DONE,
    HEADS,
    KIND,
    NEW,
    RECEIVED,
    RESULT,
    TOTAL,
    day_of,
    folded,
    groups,
    heads,
    is_pending,
    kinds,
    results,
    table_of,
)
from reportgen.model.form import CellKey, Form
from reportgen.model.keys import nearest, plain
from reportgen.problems import Place, short

_DEEPEST = 20
"""Heads stand in one of the first rows of a sheet."""
_FEWEST = 2
"""A row with so many known heads is taken for the heads, even if others are missing."""

Rows = Sequence[Sequence[str]]


class Row(NamedTuple):
    """A row that is not understood, or a sheet that is not read: where it is, and why (Chinese)."""

    place: Place
    why: str


@dataclass(slots=True)
class Counted:
    """What a ledger says.

    Attributes:
        cells: the figures of table three but for totals; every such cell is there.
        rows: how many rows counted somewhere.
        columns: the columns that were read: sheet, what each is for, its head and its letter.
        unclear: rows that are not understood.
        later: rows of applications received after the year.
        earlier: rows of applications answered before it.
        left_out: rows that the clerk left out.
        unread: sheets without the heads of a ledger.
    """

    cells: Counter[CellKey] = field(default_factory=Counter)
    rows: int = 0
    columns: list[tuple[str, Mapping[str, tuple[str, str]]]] = field(default_factory=list)
    unclear: list[Row] = field(default_factory=list)
    later: int = 0
    earlier: int = 0
    left_out: int = 0
    unread: list[Row] = field(default_factory=list)

    def of(self, row: str) -> int:
        """How many applications stand in a row of the table."""
        return sum(number for key, number in self.cells.items() if key.row == row)


def counted(
    sheets: Mapping[str, Rows], file: str, form: Form, year: int, without: Collection[tuple[str, int]] = ()
) -> Counted:
    """Count the rows of a ledger into table three of a year.

    Args:
        sheets: the rows of each sheet, as text; days as ``2025-03-04``.
        file: its name, for places.
        form: the form of the year.
        year: the report year.
        without: rows that are no applications, by sheet (empty for any) and number from 1.

    Returns:
        The figures, and every row that is not understood. An application counts as received in the year, or
        as carried in if it was received before and not answered before; and as done if it was answered in
        the year, else as carried out. Source: 国办公开办函〔2021〕30号, 填表说明.
    """
    counting = _Counting(file, form, year, without)
    for number, (name, rows) in enumerate(sheets.items(), 1):
        counting.sheet(name, number, rows)
    return counting.found


class _Counting:
    """One ledger while it is counted."""

    def __init__(self, file: str, form: Form, year: int, without: Collection[tuple[str, int]]) -> None:
        self.file, self.year, self.without = file, year, frozenset(without)
        self.kinds, self.results, self.groups = kinds(form), results(form), groups(form)
        self.found = Counted()
        table = table_of(form)
        for key, _, _ in table.cells() if table else ():
            if key not in form.parts and key.row != DONE and key.column != TOTAL:
                self.found.cells[key] = 0

    def sheet(self, name: str, number: int, rows: Rows) -> None:
        """Count a sheet."""
        where = Place(self.file, table=number, sheet=name)
        top, columns = _columns(rows)
        if len(columns) < _FEWEST:
            if any(cell for row in rows for cell in row):
                self.found.unread.append(Row(where, "没有找到台账的表头，没有读"))
            return
        head = rows[top]
        missing = [column for column in HEADS if column not in columns]
        for column in missing:
            words = "、".join(HEADS[column][:6])
            self.found.unclear.append(
                Row(
                    where._replace(row=top + 1, column=1), f"表头里没有“{column}”这一列（可以叫：{words} 等）"
                )
            )
        letters = {column: where._replace(row=top + 1, column=at + 1) for column, at in columns.items()}
        told = {column: (head[columns[column]], place.cell) for column, place in letters.items()}
        self.found.columns.append((name, told))
        if missing:
            return
        for at in range(top + 1, len(rows)):
            if any(cell.strip() for cell in rows[at]):
                if {("", at + 1), (name, at + 1)} & self.without:
                    self.found.left_out += 1
                else:
                    self._row(rows[at], columns, where._replace(row=at + 1))

    def _row(self, row: Sequence[str], columns: Mapping[str, int], where: Place) -> None:
        cells = {column: row[at].strip() if at < len(row) else "" for column, at in columns.items()}
        unclear = list(self._unclear(cells))
        if unclear:
            self.found.unclear += [
                Row(where._replace(column=columns[column] + 1), why) for column, why in unclear
            ]
            return
        received, _ = day_of(cells[RECEIVED])
        answered = day_of(cells[ANSWERED])[0] if cells[ANSWERED] else None
        assert received is not None  # else the row was not clear
        if received.year > self.year:
            self.found.later += 1
        elif answered and answered.year < self.year:
            self.found.earlier += 1
        else:
            column = self.kinds[folded(cells[KIND])]
            self._add(NEW if received.year == self.year else CARRIED_IN, column)
            done = answered is not None and answered.year == self.year
            self._add(self.results[folded(cells[RESULT])] if done else CARRIED_OUT, column)
            self.found.rows += 1

    def _add(self, row: str, column: str) -> None:
        self.found.cells[CellKey(row, column)] += 1

    def _unclear(self, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """What of a row is not understood: the column, and why. Rows that count nowhere need only days."""
        received, why = day_of(cells[RECEIVED])
        if received is None:
            yield RECEIVED, f"“{short(cells[RECEIVED])}”{why}" if cells[RECEIVED] else "没有写收到日期"
        answered = None
        if cells[ANSWERED]:
            answered, why = day_of(cells[ANSWERED])
            if answered is None:
                yield ANSWERED, f"“{short(cells[ANSWERED])}”{why}"
                return
        if received and answered and answered < received:
            yield ANSWERED, f"答复日期 {answered} 早于收到日期 {received}"
        if received and (received.year > self.year or (answered and answered.year < self.year)):
            return
        if folded(cells[KIND]) not in self.kinds:
            yield KIND, self._unknown(cells[KIND], "申请人类型", tuple(self.kinds))
        yield from self._result(cells[RESULT], answered)

    def _result(self, typed: str, answered: date | None) -> Iterator[tuple[str, str]]:
        pending, known = is_pending(typed), folded(typed) in self.results
        if answered is None and not pending:
            yield ANSWERED, f"办理结果是“{short(typed)}”，没有答复日期；没有办完的，办理结果请写“办理中”"
        elif answered is not None and answered.year <= self.year and pending:
            yield RESULT, f"有答复日期 {answered}，没有办理结果"
        elif answered is not None and answered.year <= self.year and not known:
            rows = self.groups.get(plain(typed))
            which = f"“{short(typed)}”有几种，要写明是哪一种：{'、'.join(rows)}" if rows else ""
            yield RESULT, which or self._unknown(typed, "办理结果", tuple(self.results))

    def _unknown(self, typed: str, what: str, known: tuple[str, ...]) -> str:
        if not typed:
            return f"没有写{what}"
        near = nearest(folded(typed), known)
        return f"不认识{what}“{short(typed)}”" + (f"，是不是“{near}”？" if near else "")


def _columns(rows: Rows) -> tuple[int, dict[str, int]]:
    """The row with most of the heads, counted from 0, and where each needed column stands."""
    best: tuple[int, dict[str, int]] = (0, {})
    for top, row in enumerate(rows[:_DEEPEST]):
        found: dict[str, tuple[int, int]] = {}
        for at, cell in enumerate(row):
            column, rank = heads().get(plain(cell).partition("(")[0], ("", 0))
            if column and (column not in found or rank < found[column][0]):
                found[column] = (rank, at)
        if len(found) > len(best[1]):
            best = (top, {column: at for column, (_, at) in found.items()})
    return best
