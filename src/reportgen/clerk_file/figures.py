"""The figures of a clerk's file: which need writing, and a row of them on one line."""

import re
from collections.abc import Iterator
from decimal import Decimal

from reportgen.clerk_file.words import scalar
from reportgen.model.form import CellKey, Column, Form, Table
from reportgen.model.nodes import Mapping, Node, Text
from reportgen.model.report import Figure, filled

_COUNT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def row_of(cells: list[tuple[Column, Node]], columns: int) -> str:
    """A row's figures on one line; the figure alone where the block has one column."""
    if columns == 1:
        return _figure(cells[0][1])
    return "{" + ", ".join(f"{scalar(column.name)}: {_figure(node)}" for column, node in cells) + "}"


def _figure(node: Node) -> str:
    if isinstance(node, Text):
        return scalar(node.value)
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{scalar(key.value)}: {_figure(value)}" for key, value in node.entries) + "}"
    return '""'


def cells_of(table: Table, node: Mapping) -> Iterator[tuple[CellKey, Node]]:
    """The cells of a table that stand where the form has them."""
    for table_block in table.blocks:
        for row in table_block.rows:
            found: Node | None = node
            for name in row.names:
                found = found.get(name) if isinstance(found, Mapping) else None
            one = len(table_block.columns) == 1
            if isinstance(found, Text) or (one and isinstance(found, Mapping) and found.get("值")):
                if one:
                    yield CellKey(row.key, table_block.columns[0].key), found
                continue
            for column in table_block.columns:
                cell = found.get(column.name) if isinstance(found, Mapping) else None
                if cell is not None:
                    yield CellKey(row.key, column.key), cell


def leaves(node: Node) -> int:
    """How many figures a node has, a remarked one counting once."""
    if isinstance(node, Mapping) and not node.get("值"):
        return sum(leaves(value) for _, value in node.entries)
    return 1


def worth_writing(form: Form, table: Table, cells: dict[CellKey, Node]) -> dict[CellKey, Node]:
    """The cells without those that reading puts there by itself: zeros, and totals that are right."""
    figures = {key: _read(node) for key, node in cells.items()}
    totals = _totals(table)
    kept = {
        key: figure
        for key, figure in figures.items()
        if key in totals or figure is None or figure.text != "0"
    }
    if all(figure is not None for figure in kept.values()):
        known = {key: figure for key, figure in kept.items() if figure is not None}
        for key in [each for each in kept if each in totals]:
            without = {each: figure for each, figure in known.items() if each != key}
            if filled(form, without)[key].text == known[key].text and known[key].text:
                known = without
        kept = {key: figure for key, figure in kept.items() if key in known}
    return {key: node for key, node in cells.items() if key in kept}


def _read(node: Node) -> Figure | None:
    """A plain or blank cell; None for anything that only reading can judge."""
    if not isinstance(node, Text):
        return None
    text = node.value.strip()
    if not text:
        return Figure("", None)
    return Figure(text, Decimal(text)) if _COUNT.fullmatch(text) and str(Decimal(text)) == text else None


def _totals(table: Table) -> set[CellKey]:
    return {
        left[0]
        for table_block in table.blocks
        for identity in table_block.identities
        for left, _ in identity.equations(table_block)
        if len(left) == 1
    }
