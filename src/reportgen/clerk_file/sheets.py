"""The workbook that a clerk fills in, as values: which sheets there are, what stands where. No file format.

A sheet for the organ's data, one for each statutory table, shaped as it is printed, one for the prose, one
for remarks behind figures, and one for all that seldom occurs. What writes the workbook and what reads it
both stand on this page, so that they mean the same cells.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportgen.model.form import CellKey, Form, Passage, Table
from reportgen.model.keys import FIELDS, MORE_ITEMS, plain, top_words
from reportgen.model.layout import PrintedCell, grid_of
from reportgen.model.nodes import Items, Node, Text
from reportgen.model.nodes import Mapping as NodeMapping
from reportgen.model.report import Report

ORGAN, WORDS, REMARKS, MORE = "基本情况", "文字", "注", MORE_ITEMS
"""The sheets beside those of the tables, which are called as the clerk calls the tables."""
LAST = "去年"
"""How the names of sheets begin that show last year's figures; nobody reads them back."""
HEADS = {
    ORGAN: ("项目", "内容", "说明"),
    WORDS: ("部分", "文字", "说明"),
    REMARKS: ("表", "行", "列", "注"),
}
"""The labels over the columns of these sheets; those of the last sheet depend on how deep its items lie."""
CONTENT = "内容"
FIRST = 3
"""The row of the labels in every sheet; above it stand the title and a hint."""

SITE = {"网站名称": "名称", "网站网址": "网址"}
"""What the sheet calls the parts of 网站."""
LAWS = FIELDS["laws"]
PIECES, AMOUNT = "件数", "金额"
_LINES = (
    *("organ", "short", "level", "scope", "year", "date", "phone", "mail", "address", "postcode"),
    *("site", "laws"),
)
_ADDRESS = re.compile(r"(?i)https?://|www\.")
_BETWEEN = re.compile(r"\n[ \t\u3000]*\n\s*")


# ── where things stand ───────────────────────────────────────────────────────────────────────────────


def name_of(form: Form, passage: Passage) -> str:
    """What the sheet of prose calls a passage: ``总体情况·依申请公开`` where it stands within another."""
    outer = form.outer[passage.key]
    return passage.name if outer is passage else f"{outer.name}·{passage.name}"


def fields_of(form: Form) -> tuple[str, ...]:
    """The items of the sheet of the organ's data, in order."""
    words: list[str] = [] if form.ordinary else [FIELDS["kind"]]
    for key in _LINES:
        if key == "site":
            words += SITE
        elif (key != "level" or form.levels) and (key != "scope" or len(form.scopes) > 1):
            words.append(FIELDS[key])
    return (*words, *(line.name for line in form.lines), *fees_of(form))


def remark_example(form: Form) -> str:
    """How a hint shows the first three columns of the sheet of remarks; empty where the form has no cells."""
    path = next(iter(form.paths.values()), None)
    return f"例如：{path[0]} | {'·'.join(path[1:-1])} | {path[-1]}" if path else ""


def fees_of(form: Form) -> tuple[str, ...]:
    """What that sheet calls the pieces and the amount of the fee; nothing where the form has none."""
    return (f"{form.fee.name}{PIECES}", f"{form.fee.name}{AMOUNT}") if form.fee else ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell of a printed table with its row and column in the sheet, from 1."""

    cell: PrintedCell
    row: int
    column: int


def placed(table: Table) -> Iterator[Placed]:
    """Every cell of a table in its sheet. One without row labels leaves the first column free."""
    shift = 0 if table.stub_columns else 1
    for cell in grid_of(table).cells:
        yield Placed(cell, cell.row + FIRST - 1, cell.column + shift)


def figures_of(table: Table) -> dict[CellKey, tuple[int, int]]:
    """Row and column of every figure in the table's sheet."""
    return {each.cell.key: (each.row, each.column) for each in placed(table) if each.cell.key}


def letters(column: int) -> str:
    """A column as sheets name it: ``A`` for 1, ``AB`` for 28."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def total_of(form: Form, key: CellKey, at: Mapping[CellKey, tuple[int, int]]) -> str:
    """The formula of a cell that the form adds up; empty for one that is typed in."""
    return f"={summed(form.parts[key], at)}" if key in form.parts else ""


def summed(keys: Sequence[CellKey], at: Mapping[CellKey, tuple[int, int]]) -> str:
    """The sum of cells as formulas say it: SUM passes over text, where a plus would fail."""
    return f"SUM({','.join(f'{letters(at[key][1])}{at[key][0]}' for key in keys)})"


# ── a report, parted into what the sheets hold ───────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands in the sheets of one report, all of it text.

    Attributes:
        fields: the organ's data by their items.
        cells: the figures as typed; a cell that is not here is added up by the sheet.
        remarks: what stands behind figures.
        words: names of passages and a paragraph of each, in order.
        more: all else: the way to it from the top of a clerk's file, and the text there.
    """

    fields: Mapping[str, str]
    cells: Mapping[CellKey, str]
    remarks: Mapping[CellKey, str]
    words: tuple[tuple[str, str], ...]
    more: tuple[tuple[tuple[str, ...], str], ...]


def parted(node: NodeMapping, report: Report, forms: tuple[Form, ...]) -> Parts:
    """What a report's nodes put into the sheets, so that reading these gives the same report."""
    form = report.form
    known = top_words(forms)
    top: dict[str, Node] = {}
    more: list[tuple[tuple[str, ...], str]] = []
    for key, value in node.entries:
        word = known.get(plain(key.value))
        if word is None:
            more += _leaves(value, (key.value,))
        else:
            top.setdefault(word, value)
    fields: dict[str, str] = {}
    for word, value in top.items():
        if (said := _field(word, value, form)) is not None:
            fields |= said
        elif word not in form.top_words or (form.fee and word == form.fee.name):
            more += _leaves(value, (word,))
    cells = {key: text for key in form.index if (text := _figure(key, report)) is not None}
    remarks = {key: figure.remark for key, figure in report.typed if figure.remark}
    return Parts(fields, cells, remarks, tuple(_words(top, form)), tuple(more))


def _field(word: str, node: Node, form: Form) -> dict[str, str] | None:
    """The items that a field fills in; None where it has another shape than they."""
    if form.fee and word == form.fee.name:
        return _fee(node, form)
    if word == FIELDS["site"]:
        if isinstance(node, Text):
            return {"网站网址" if _ADDRESS.match(node.value) else "网站名称": node.value}
        return _named(node, {part: word for word, part in SITE.items()})
    if word == LAWS and isinstance(node, Items):
        texts = [each.value for each in node.items if isinstance(each, Text)]
        whole = len(texts) == len(node.items) and not any("\n" in text for text in texts)
        return {word: "\n".join(texts)} if whole else None
    if word in fields_of(form) and isinstance(node, Text) and not (word == LAWS and "\n" in node.value):
        return {word: node.value}
    return None


def _fee(node: Node, form: Form) -> dict[str, str] | None:
    pieces, amount = fees_of(form)
    if isinstance(node, Text):
        return {pieces: node.value.strip() or "不写"}
    return _named(node, {PIECES: pieces, AMOUNT: amount})


def _named(node: Node, words: Mapping[str, str]) -> dict[str, str] | None:
    """The texts of a small mapping under other words; None where it holds anything else."""
    found: dict[str, str] = {}
    for key, value in node.entries if isinstance(node, NodeMapping) else ():
        word = words.get(plain(key.value))
        if word is None or not isinstance(value, Text):
            return None
        found[word] = value.value
    return found if isinstance(node, NodeMapping) else None


def _figure(key: CellKey, report: Report) -> str | None:
    """What is typed into a cell: nothing in a table that nobody wrote; None where the sheet adds it up."""
    figure, form = report.cells[key], report.form
    if f"table.{form.index[key][0].key}" not in report.places:
        return None if key in form.parts else ""
    if key not in form.parts:
        return figure.raw or figure.text
    due = sum((report.cells[part].value for part in form.parts[key]), Decimal(0))
    right = figure.place is None or (figure.plain and figure.text == str(due))
    return None if right and not figure.remark else figure.raw or figure.text


def _words(top: Mapping[str, Node], form: Form) -> Iterator[tuple[str, str]]:
    """Every passage with its paragraphs; one that says nothing with an empty one."""
    for passage in form.printed_prose:
        outer = form.outer[passage.key]
        node = top.get(outer.name)
        if outer is not passage:
            node = _within(node, passage) if isinstance(node, NodeMapping) else None
        elif isinstance(node, NodeMapping):
            node = None
        paragraphs = [part for text in _texts(node) for part in _BETWEEN.split(text) if part.strip()]
        for paragraph in paragraphs or [""]:
            yield name_of(form, passage), paragraph.strip("\n")


def _within(node: NodeMapping, passage: Passage) -> Node | None:
    return next((value for key, value in node.entries if plain(key.value) == plain(passage.name)), None)


def _texts(node: Node | None) -> Iterator[str]:
    parts = node.items if isinstance(node, Items) else (node,)
    return (part.value for part in parts if isinstance(part, Text))


def _leaves(node: Node, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, Text):
        yield way, node.value
    elif isinstance(node, Items):
        for each in node.items:
            yield from _leaves(each, way)
    else:
        for key, value in node.entries:
            yield from _leaves(value, (*way, key.value))
