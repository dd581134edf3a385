"""Whose tables a document's tables are, and their values as the clerk's nodes.

Everything is read by labels, never by position.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from reportgen.model.form import Block, Form, Row, Table
from reportgen.model.nodes import Document, FoundParagraph, FoundTable, Items, Mapping, Node, Text
from reportgen.problems import Finding, Place
from reportgen.recognising.figures import Filled, Value, fill
from reportgen.recognising.labels import LIKE, best, label_of, said

_REMARKED = re.compile(r"([-+−－＋]?[\d,，.０-９]+)\s*[（(](.+)[）)]", re.S)
_FEWEST = 2
"""So many labels of a form make a table that form's."""


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
