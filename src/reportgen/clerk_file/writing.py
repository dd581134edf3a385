"""The clerk's YAML text: written from nodes, so that reading it gives the same report again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from reportgen.model.form import CellKey, Column, Form, Table
from reportgen.model.keys import ALL_ZERO, FIELDS
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.model.report import Figure, filled
from reportgen.problems import Finding, Place

_PLAIN = re.compile(
    r"[0-9A-Za-z\u4e00-\u9fff（《“〔][^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\\\"'#：:{}\[\],，]*"
)
_CODED = re.compile("[^ -~\u00a1-\u1fff\u2010-\u2027\u2030-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_ENDS = tuple("。！？…")
_CLOSING = "”’）》"


def scalar(text: str) -> str:
    """A text of one line as YAML takes it: quoted only where it must be."""
    bare = text.strip() == text and not text.endswith("-")
    if bare and _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_CODED.sub(_code, escaped)}"'


def block(text: str, indent: str) -> str:
    """A text of several lines after its key, each paragraph between blank lines."""
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        return f" {scalar(text)}\n"
    lines = [_line(each) for each in re.split(r"\r\n|[\n\x85\u2028\u2029]", text)]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not body:
        return ' ""\n'
    return " |\n" + "".join(f"{indent}{line}\n" if line else "\n" for line in body.split("\n"))


def stopped(words: str) -> str:
    """Words as a sentence that another may follow; nothing stays nothing."""
    bare = words.rstrip()
    return bare if not bare or bare.rstrip(_CLOSING).endswith(_ENDS) else f"{bare}。"


def comment(words: str, indent: str = "") -> str:
    """A line of comment."""
    return f"{indent}# {' '.join(words.split())}\n"


def _line(text: str) -> str:
    """A line of prose; a full-width indent, which begins a paragraph, as a blank line above it."""
    bare = text.replace("\t", " ").strip(" \r\ufeff")
    return "\n" + bare.strip("\u3000 ") if bare.startswith("\u3000") else bare


def _code(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


# ── the figures of a clerk's file: which need writing, and a row of them on one line ──────────────────

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


# ── the clerk's YAML text: written from nodes, so that reading it gives the same report again ─────────

__all__ = ["scalar", "write"]

_LAST = ("own", "answers", "units", "lacking")
"""Fields that stand at the end of a file."""
_LONGEST_COMPARED = 70
"""A sum of twenty parts is read in the file itself."""
_CELLS = "没有写的格子按 0 印；总计不用写，写了就核对。"


def write(node: Mapping, form: Form, notes: Iterable[Finding] = ()) -> str:
    """The clerk's file for the nodes of any source.

    Cells that are 0 and totals that are the sum of their parts are left out; a table of nothing but zeros
    says so in a word. Whatever a note is about has the note as a comment above it.
    """
    return "".join(_Writer(form, tuple(notes)).lines(node))


def order_of(form: Form) -> tuple[str, ...]:
    """The clerk's words at the top of a file in their order: as they are printed."""
    parts = [
        (table.chapter, each.name)
        for table in form.tables
        for each in (table.lead, table, table.note)
        if each is not None
    ]
    parts += [(passage.chapter, passage.name) for passage in form.passages]
    body = (name for _, name in sorted(parts, key=lambda part: part[0]))
    fee = (form.fee.name,) if form.fee else ()
    first = (word for key, word in FIELDS.items() if key not in _LAST)
    own = (line.name for line in form.lines)
    return (*first, *own, *body, *fee, *(FIELDS[key] for key in _LAST))


class _Writer:
    """One file while it is written; every note is told once, at the first thing it concerns."""

    def __init__(self, form: Form, notes: tuple[Finding, ...]) -> None:
        self.form = form
        self.tables = {table.name: table for table in form.tables}
        self.cells = {str(key): table.name for key, (table, _, _) in form.index.items()}
        self.prose = {passage.name for passage in form.prose.values()}
        self.spaced = {*self.tables, *(passage.name for passage in form.top_prose), FIELDS["own"]}
        self.notes = list(notes)

    def lines(self, node: Mapping) -> Iterator[str]:
        """The whole file."""
        known = {key: at for at, key in enumerate(order_of(self.form))}
        entries = sorted(node.entries, key=lambda entry: known.get(entry[0].value, len(known)))
        body = [self._entry(key.value, value) for key, value in entries]
        yield comment(f"{self.form.name}：一份一个文件。{_CELLS if self.tables else ''}")
        yield from (_note(note, "") for note in self.notes)
        yield from body

    def _entry(self, key: str, node: Node) -> str:
        """A key with all below it, and above it the notes that found no closer place."""
        if isinstance(node, Mapping) and key in self.tables:
            written = self._table(self.tables[key], node)
        else:
            written = f"{scalar(key)}:{self._value(key, node, '  ')}"
        notes = [*self._notes_on(key), *self._notes_at(_places(node), "")]
        return ("\n" if key in self.spaced else "") + "".join(notes) + written

    def _value(self, key: str, node: Node, indent: str) -> str:
        """What stands after a key and its colon, line end included."""
        if isinstance(node, Text):
            prose = key in self.prose or "\n" in node.value
            return block(node.value, indent) if prose else f" {scalar(node.value)}\n"
        if isinstance(node, Items):
            return self._items(key, node, indent)
        if not node.entries:
            return "\n"
        inner = (
            f"{indent}{scalar(name.value)}:{self._value(name.value, value, indent + '  ')}"
            for name, value in node.entries
        )
        return "\n" + "".join(inner)

    def _items(self, key: str, node: Items, indent: str) -> str:
        texts = [each.value for each in node.items if isinstance(each, Text)]
        if key in self.prose and len(texts) == len(node.items):
            return block("\n\n".join(texts), indent)
        return "\n" + "".join(f"{indent}- {scalar(text)}\n" for text in texts)

    def _table(self, table: Table, node: Mapping) -> str:
        cells = dict(cells_of(table, node))
        if len(cells) < leaves(node):
            return f"{table.name}:{self._value('', node, '  ')}"
        kept = worth_writing(self.form, table, cells)
        if not kept:
            return f"{table.name}: {ALL_ZERO}\n" if cells else f"{table.name}:\n"
        return f"{table.name}:\n" + "".join(self._rows(table, kept))

    def _rows(self, table: Table, kept: dict[CellKey, Node]) -> Iterator[str]:
        group: tuple[str, ...] = ()
        for table_block in table.blocks:
            for row in table_block.rows:
                mine = [
                    (column, kept[key])
                    for column in table_block.columns
                    if (key := CellKey(row.key, column.key)) in kept
                ]
                if not mine:
                    continue
                if row.names[:-1] != group and row.names[:-1]:
                    yield f"  {scalar(row.names[0])}:\n"
                group = row.names[:-1]
                indent = "  " * len(row.names)
                places = [place for _, each in mine for place in _places(each)]
                yield from self._notes_at(places, indent)
                yield f"{indent}{scalar(row.names[-1])}: {row_of(mine, len(table_block.columns))}\n"

    def _notes_at(self, places: Sequence[Place], indent: str) -> Iterator[str]:
        """The notes about what stands at these places as comments; they are not told again."""
        here = set(places)
        for note in [each for each in self.notes if here & set(each.places)]:
            if all(self._word(about) in self.tables for about in note.about):
                self.notes.remove(note)
                yield _note(note, indent)

    def _notes_on(self, key: str) -> Iterator[str]:
        """The notes that name something under this key, as comments."""
        for note in [each for each in self.notes if key in map(self._word, each.about)]:
            self.notes.remove(note)
            yield _note(note, "")

    def _word(self, about: str) -> str:
        """The clerk's key under which something of a report stands; empty for what has none."""
        if about in self.cells:
            return self.cells[about]
        first = about.partition(".")[0]
        if first in self.form.outer:
            return self.form.outer[first].name
        fee = self.form.fee.name if self.form.fee and first == "fees" else ""
        return fee or FIELDS.get(first, "")


def _places(node: Node) -> list[Place]:
    """Every place in a node."""
    if isinstance(node, Text):
        return [node.place]
    inner: Iterable[Node] = (
        node.items if isinstance(node, Items) else (part for entry in node.entries for part in entry)
    )
    return [node.place, *(place for each in inner for place in _places(each))]


def _note(note: Finding, indent: str) -> str:
    words = "".join(stopped(each) for each in (note.message, _compared(note), note.fix))
    return comment(f"请核对（{note.code}）：{words}", indent)


def _compared(note: Finding) -> str:
    """What must be and what is, where that is short and not the message again."""
    said = "；".join(f"{name}：{words.rstrip('。')}" for name, words in note.sides)
    telling = note.expected and note.found and not note.found.startswith("没有")
    return said if telling and len(said) <= _LONGEST_COMPARED else ""
