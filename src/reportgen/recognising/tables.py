"""Whose tables a document's tables are, and their values as the clerk's nodes.

Everything is read by labels, never by position.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from reportgen.model.form import Block, CellKey, Form, Row, Table
from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Items, Mapping, Node, Text
from reportgen.problems import Finding, Place
from reportgen.recognising.faults import fault
from reportgen.recognising.labels import (
    LIKE,
    GridRow,
    Heads,
    best,
    crossed,
    grid_rows,
    in_a_row,
    is_figure,
    label_of,
    origins,
    place_of,
    said,
    without_numbers,
)
from reportgen.recognising.looks import Look, cell_at, looks_of, twins_of

_REMARKED = re.compile(r"([-+−－＋]?[\d,，.０-９]+)\s*[（(](.+)[）)]", re.S)
_FEWEST = 2
"""So many labels of a form make a table that form's."""


class Value(NamedTuple):
    """What stands in a data cell."""

    text: str
    place: Place


@dataclass(slots=True)
class Filled:
    """What was found of a table: values by row and column key, labels as found, faults.

    ``lost`` has the names of the form's rows that were not found, ``added`` the rows that are not the form's.
    """

    values: dict[tuple[str, str], Value] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, Value] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    added: list[Value] = field(default_factory=list)


class Tables(NamedTuple):
    """A document's tables: nodes by the clerk's name, faults, and tables of no form.

    ``own`` has what they have otherwise than the form, as it stands under 原文: 行名, 缺行, 多行.
    """

    nodes: dict[str, Mapping]
    own: tuple[tuple[Text, Node], ...]
    findings: tuple[Finding, ...]
    strange: tuple[FoundTable, ...]


def recognise_tables(found: Sequence[FoundTable], alone: Sequence[Table | None], form: Form) -> Tables:
    """The form's tables in a document; one may come in several parts.

    Args:
        found: the tables of the document.
        alone: whose each of them is by itself, as ``home_of`` says.
        form: the report's.
    """
    nodes: dict[str, Mapping] = {}
    own = _Own()
    findings: list[Finding] = []
    homes = _homes(found, alone)
    for table in form.tables:
        parts = [each for each, home in zip(found, homes, strict=True) if home is table]
        if parts:
            filled = fill(table, parts)
            nodes[table.name] = _table_node(table, filled, parts[0].place)
            own.take(table, filled, parts[0].place)
            findings += filled.findings
    strange = tuple(each for each, home in zip(found, homes, strict=True) if home is None)
    return Tables(nodes, own.entries(), tuple(findings), strange)


def _homes(found: Sequence[FoundTable], alone: Sequence[Table | None]) -> list[Table | None]:
    """Whose each table is; one that goes on with the one before it may have a single row of its own."""
    homes: list[Table | None] = []
    for each, own in zip(found, alone, strict=True):
        home, before = own, homes[-1] if homes else None
        if home is None and before is not None:
            labels = {label for _, row, _ in before.cells() for label in row.path[-1:]}
            first = next((said(cell) for row in each.rows for cell in row if said(cell)), "")
            home = before if best(first, labels)[1] > LIKE else None
        homes.append(home)
    return homes


class _Own:
    """What the tables have otherwise than the form, table by table."""

    def __init__(self) -> None:
        self.labels: list[tuple[Text, Node]] = []
        self.lost: list[Text] = []
        self.added: list[tuple[Text, Node]] = []

    def take(self, table: Table, filled: Filled, place: Place) -> None:
        """Take what one table has."""
        self.labels += [(Text(name, at), Text(text, at)) for name, (text, at) in filled.labels.items()]
        self.lost += [Text(name, place) for name in filled.lost]
        if filled.added:
            rows = Items(tuple(Text(text, at) for text, at in filled.added), filled.added[0].place)
            self.added.append((Text(table.name, rows.place), rows))

    def entries(self) -> tuple[tuple[Text, Node], ...]:
        """All of it under the clerk's words; nothing for what is as the form has it."""
        found: list[tuple[str, Node]] = []
        if self.labels:
            found.append(("行名", Mapping(tuple(self.labels), self.labels[0][0].place)))
        if self.lost:
            found.append(("缺行", Items(tuple(self.lost), self.lost[0].place)))
        if self.added:
            found.append(("多行", Mapping(tuple(self.added), self.added[0][0].place)))
        return tuple((Text(word, node.place), node) for word, node in found)


def home_of(found: FoundTable, form: Form) -> Table | None:
    """The form's table that shares most labels with a found one; None where hardly any does."""
    words = {label_of(text).words for row in found.rows for cell in row if (text := said(cell))}
    scores = [len(words & _words(table)) for table in form.tables]
    top = max(scores, default=0)
    return form.tables[scores.index(top)] if top >= _FEWEST else None


def with_tables_apart(document: Document, form: Form) -> Document:
    """The document with statutory tables that ran into one as tables of their own."""
    return tuple(
        each
        for part in document
        for each in (_apart(part, form) if isinstance(part, FoundTable) else (part,))
    )


def with_labels_joined(document: Document, form: Form) -> Document:
    """The document with labels whole whose first lines stand as paragraphs above their rows."""
    words = frozenset().union(*(_words(table) for table in form.tables))
    parts: list[FoundParagraph | FoundTable] = []
    for part in document:
        upper = parts[-1] if parts else None
        if isinstance(part, FoundTable) and isinstance(upper, FoundParagraph) and part.rows and part.rows[0]:
            first, *others = part.rows[0]
            whole = upper.text.strip() + said(first)
            if label_of(whole).words in words and label_of(said(first)).words not in words:
                parts.pop()
                row = (first._replace(text=whole), *others)
                part = FoundTable((row, *part.rows[1:]), part.place)
        parts.append(part)
    return tuple(parts)


def _apart(found: FoundTable, form: Form) -> tuple[FoundTable, ...]:
    """The pieces of a table that are plainly of different tables of the form; else the table itself."""
    vocabularies = [_words(table) for table in form.tables]
    own = [
        words - frozenset().union(*(other for other in vocabularies if other is not words))
        for words in vocabularies
    ]
    starts: list[int] = []
    home = -1
    for at, row in enumerate(found.rows):
        said_here = {label_of(said(cell)).words for cell in row}
        homes = [index for index, words in enumerate(own) if words & said_here]
        if len(homes) == 1 and homes[0] != home:
            starts.append(at if starts else 0)
            home = homes[0]
    rows = [found.rows[start:end] for start, end in pairwise([*starts, len(found.rows)])]
    pieces = tuple(FoundTable(each, each[0][0].place if each[0] else found.place) for each in rows)
    return pieces if len(pieces) > 1 and all(home_of(each, form) for each in pieces) else (found,)


def form_spoken(found: Iterable[FoundTable], forms: Sequence[Form]) -> Form | None:
    """The form whose own labels a document's tables have; None where they do not tell."""
    said_words = {label_of(said(cell)).words for each in found for row in each.rows for cell in row}
    vocabularies = [frozenset().union(*(_words(table) for table in form.tables)) for form in forms]
    scores = []
    for index, own in enumerate(vocabularies):
        others = frozenset().union(*(each for at, each in enumerate(vocabularies) if at != index))
        scores.append(len(said_words & (own - others)))
    top = max(scores, default=0)
    return forms[scores.index(top)] if top > 1 and scores.count(top) == 1 else None


def is_of_table(text: str, table: Table) -> bool:
    """True for a line that is no more than one of the table's labels."""
    return label_of(text).words in _words(table)


@lru_cache(maxsize=64)
def _words(table: Table) -> frozenset[str]:
    """Every label of a table, by its words."""
    labels = {label for _, row, column in table.cells() for label in (*row.path, *column.path)}
    labels |= {label for block in table.blocks for label in (block.band, block.stub)}
    return frozenset(label_of(label).words for label in labels) - {""}


def _table_node(table: Table, filled: Filled, place: Place) -> Mapping:
    entries: list[tuple[tuple[str, ...], Node, Place]] = []
    for block in table.blocks:
        for row in block.rows:
            node = _row_node(block, row, filled)
            if node is not None:
                entries.append((row.names, node, filled.places[row.key]))
    return _nested(entries, place)


def _row_node(block: Block, row: Row, filled: Filled) -> Node | None:
    """A row's values; the value itself where the block has one column; None for a row not found."""
    values = [(column, filled.values.get((row.key, column.key))) for column in block.columns]
    given = [(column, value) for column, value in values if value is not None]
    if not given:
        return None
    if len(block.columns) == 1:
        return _value_node(given[0][1])
    entries = tuple((Text(column.name, value.place), _value_node(value)) for column, value in given)
    return Mapping(entries, filled.places[row.key])


def _value_node(value: Value) -> Node:
    """A number, or a number with its remark."""
    match = _REMARKED.fullmatch(value.text)
    if not match:
        return Text(value.text, value.place)
    number, remark = Text(match[1], value.place), Text(match[2].strip(), value.place)
    return Mapping(((Text("值", value.place), number), (Text("注", value.place), remark)), value.place)


def _nested(entries: Sequence[tuple[tuple[str, ...], Node, Place]], place: Place) -> Mapping:
    """Rows under the names of their groups, in the form's order."""
    members: list[tuple[Text, Node]] = []
    done: set[str] = set()
    for names, node, at in entries:
        if len(names) == 1:
            members.append((Text(names[0], at), node))
        elif names[0] not in done:
            done.add(names[0])
            mine = [entry for entry in entries if entry[0][0] == names[0] and entry[0][1:]]
            inner = [(rest[1:], each, where) for rest, each, where in mine]
            members.append((Text(names[0], at), _nested(inner, at)))
    return Mapping(tuple(members), place)


# ── one statutory table, read off the rows of somebody's table by its labels ─────────────────────────


def fill(table: Table, pieces: Sequence[FoundTable]) -> Filled:
    """The values of a table that may come in pieces.

    Heads may be repeated, rows shifted, parts of different width. Blocks beside each other that stand
    otherwise are read by crossing labels, where that gives every cell of the form once.
    """
    looks = looks_of(pieces)
    known = _known(table, looks) if looks else None
    return _read_off(table, pieces) if known is None else _followed(known, pieces)


@lru_cache(maxsize=32)
def _known(table: Table, looks: tuple[Look, ...]) -> Filled | None:
    """What is found in tables that look so, by the places of twins; None where there is more to tell.

    Most documents of an office come of one template: their labels are read once.
    """
    found = _read_off(table, twins_of(looks))
    whole = all(each.row for each in found.places.values())
    return found if whole and not (found.labels or found.findings or found.lost or found.added) else None


def _followed(known: Filled, pieces: Sequence[FoundTable]) -> Filled:
    """The values of a table whose twin is known."""
    values: dict[tuple[str, str], Value] = {}
    for key, (text, place) in known.values.items():
        cell = cell_at(pieces, place)
        values[key] = Value(said(cell) if text else "", cell.place)
    return Filled(values, {key: cell_at(pieces, place).place for key, place in known.places.items()})


def _read_off(table: Table, pieces: Sequence[FoundTable]) -> Filled:
    """What ``fill`` gives, label by label."""
    grids = [without_numbers(grid_rows(piece)) for piece in pieces]
    reader = _Reader(table)
    for row in chain.from_iterable(grids):
        if table.arrangement == "beside":
            reader.read_beside(row)
        else:
            reader.read_stacked(row)
    reader.name_what_is_missing()
    incomplete = reader.filled.lost or any(each.code == "R05" for each in reader.filled.findings)
    if table.arrangement == "beside" and incomplete:
        found = crossed(table, grids) or in_a_row(table, grids)
        return _filled(found) if found else reader.filled
    return reader.filled


def _filled(found: dict[CellKey, FoundCell]) -> Filled:
    """Figures that were found each for itself, as a table without a fault."""
    values = {(key.row, key.column): Value(said(cell), cell.place) for key, cell in found.items()}
    return Filled(values, {key.row: cell.place for key, cell in reversed(found.items())})


class _Reader:
    """Goes down the rows of a table; remembers the head that stands above."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.filled = Filled()
        self.heads = Heads(table)
        self.rows = [(block, row) for block in table.blocks for row in block.rows]
        self.labels = tuple("".join(row.path[-1:]) for _, row in self.rows)
        self.bands = {label_of(block.band).words for block in table.blocks} - {""}
        self.groups = {label_of(label) for _, row in self.rows for label in row.path[:-1]}

    def read_stacked(self, row: GridRow) -> None:
        cells = [(column, cell) for column, cell in origins(row) if said(cell)]
        if not cells:
            return
        if label_of(said(cells[0][1])).words in self.bands:
            self.heads.clear()
        elif self.heads.is_head(cells):
            self.heads.add(row)
        else:
            self.heads.open = False
            self._data(row, cells)

    def read_beside(self, row: GridRow) -> None:
        cells = [(column, cell) for column, cell in origins(row) if said(cell)]
        if self.heads.is_head(cells):
            self.heads.add(row)
        elif self.heads.open:
            self.heads.open = False
            for block in self.table.blocks:
                self._take(block, block.rows[0], row, 0)
        elif cells:
            self._stray(cells)

    def _data(self, row: GridRow, cells: list[tuple[int, FoundCell]]) -> None:
        """A row with a label: find whose it is, then take its values."""
        for column, cell in reversed(list(_before_figures(cells))):
            index, score = best(said(cell), self.labels)
            if index < 0 or any(best(said(cell), [each.words])[1] > score for each in self.groups):
                continue
            block, found = self.rows[index]
            self._take_labelled(block, found, row, (column, cell))
            return
        self._stray(cells)

    def _take_labelled(self, block: Block, found: Row, row: GridRow, at: tuple[int, FoundCell]) -> None:
        column, cell = at
        if found.key in self.filled.places:
            message = f"“{self.table.name}”表的“{said(cell)}”一行出现了两次，只读了第一次。"
            fix = "请在原文件里删去多余的一行。"
            self.filled.findings.append(fault("R13", message, [cell.place], fix=fix))
            return
        self.filled.places[found.key] = cell.place
        label, wanted = label_of(said(cell)), label_of(found.path[-1])
        if (label.words, label.number) != (wanted.words, wanted.number):
            self.filled.labels[found.name] = Value("".join(said(cell).split()), cell.place)
        end = column
        while end < len(row) and row[end] is cell:
            end += 1
        self._take(block, found, row, end)

    def _take(self, block: Block, found: Row, row: GridRow, end: int) -> None:
        """Take a row's values; ``end`` is the first grid column after its label."""
        self.filled.places.setdefault(found.key, place_of(row))
        columns = self.heads.columns(block)
        if not columns and self.heads.rows:
            return
        first = min(columns.values(), default=end)
        shifted = not columns or end > first
        if self.table.arrangement == "stacked":
            shifted |= any(is_figure(said(cell)) for _, cell in origins(row[:first], end))
        values = self._in_order(block, row, end) if shifted else self._below(columns, row)
        for key, cell in values:
            place = cell.place if cell else self.filled.places[found.key]
            self.filled.values[found.key, key] = Value(said(cell), place)

    def _in_order(self, block: Block, row: GridRow, end: int) -> Iterator[tuple[str, FoundCell | None]]:
        """Values of a row that stands beside its head: the n-th cell is the n-th column's."""
        cells = [cell for _, cell in origins(row, end)]
        for index, column in enumerate(block.columns):
            yield column.key, cells[index] if index < len(cells) else None

    def _below(self, columns: dict[str, int], row: GridRow) -> Iterator[tuple[str, FoundCell | None]]:
        """Values of a row below their heads; a cell merged over several columns counts once."""
        taken: set[int] = set()
        for key, at in columns.items():
            reached = row[at : at + self.heads.reach(at)]
            fresh = [cell for cell in reached if cell is not None and id(cell) not in taken]
            if fresh or not any(reached):
                taken.update(map(id, fresh))
                yield key, next(filter(said, fresh), fresh[0] if fresh else None)

    def _stray(self, cells: list[tuple[int, FoundCell]]) -> None:
        """A row of nobody's: a group's label alone says nothing, a figure or a sentence must be named."""
        texts = [said(cell) for _, cell in cells]
        labels = [label_of(text) for text in texts]
        if all(any(label.words == group.words for group in self.groups) for label in labels):
            return
        words, place = "、".join(texts), cells[0][1].place
        if any(is_figure(text) for text in texts):
            self.filled.added.append(Value(words, place))
            return
        message = f"“{self.table.name}”表里有一行不属于这个年度的格式，没有读入：“{words}”。"
        fix = "请核对这一行的名称；需要的内容请写到正文里。"
        self.filled.findings.append(fault("R08", message, [place], fix=fix))

    def name_what_is_missing(self) -> None:
        """Note the rows that were not found, and what the heads lack."""
        self.filled.findings += self.heads.findings
        self.filled.lost += [row.name for _, row in self.rows if row.key not in self.filled.places]


def _before_figures(cells: list[tuple[int, FoundCell]]) -> Iterator[tuple[int, FoundCell]]:
    """The cells of a row that may be its labels: those before the first figure."""
    for column, cell in cells:
        if is_figure(said(cell)):
            return
        yield column, cell
