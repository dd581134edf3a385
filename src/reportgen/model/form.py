"""A blank form as data: the chapters, the tables of blocks of rows and columns, and what must balance.

A form is what the notice that sets it prints: nothing here knows how it looks in Word (the template does) or
what a clerk has written (the report does).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import TopologicalSorter
from itertools import groupby
from typing import Any, NamedTuple


class CellKey(NamedTuple):
    """The meaning of a cell: the keys of its row and column, the same in every form version."""

    row: str
    column: str

    def __str__(self) -> str:
        """The key as one word: ``new.person``."""
        return f"{self.row}.{self.column}"


class Edition(NamedTuple):
    """One of the forms of a kind: the notice that sets it, and the first report year it applies to."""

    basis: str
    since: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its ``heading`` as printed, with its number.

    ``said`` is how a list of the chapters names it, ``headed`` how headings of somebody's document name it;
    both are regular expressions.
    """

    heading: str
    said: str
    headed: str

    @property
    def title(self) -> str:
        """The heading without its number."""
        return self.heading.partition("、")[2] or self.heading


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of prose that the clerk writes.

    Attributes:
        key: its name in the code.
        name: the clerk's word for it.
        chapter: the chapter that it stands in, from 1; 0 before the first.
        heading: the heading that the template prints over it; empty where it has none of its own.
        said: a regular expression over texts that speak of it; empty where nobody asks.
        stock: a regular expression over sentences of the template that report nothing of it; empty where
            the template has none.
        hint: what a file to start from says of it (Chinese); empty where that does not offer it.
        placeholder: what such a file has in its place.
        required: True if the clerk must write it.
        yearly: True if it is written anew each year, so that last year's words are no answer.
        example: a sentence that would do, for a sample; empty where any would.
        own: what a drawn template says in its place, a paragraph each; empty where the drawing tools know.
        within: the passages that it may be written as instead of whole.
    """

    key: str
    name: str
    chapter: int
    heading: str = ""
    said: str = ""
    stock: str = ""
    hint: str = ""
    placeholder: str = ""
    required: bool = False
    yearly: bool = False
    example: str = ""
    own: tuple[str, ...] = ()
    within: tuple["Passage", ...] = ()


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee that a report may tell: pieces and 元.

    ``name`` is the clerk's word, ``passage`` the key of the prose that tells it, ``asked`` True if the form
    wants it told, ``hint`` what a file to start from says of it.
    """

    name: str
    passage: str
    asked: bool
    hint: str = ""


class Line(NamedTuple):
    """A line of a kind's own at the top of a clerk's file: 会议时间. ``name`` is the clerk's word.

    ``hint`` is what a file to start from says of it; ``required`` is True if the clerk must write it.
    """

    name: str
    hint: str = ""
    required: bool = False


class Due(NamedTuple):
    """The last day, in the year after the report's, on which organs of some levels publish; all, if none."""

    month: int
    day: int
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block.

    ``path`` is what is printed above its figures, outermost first; ``name`` is the clerk's word.
    ``kind`` is ``count`` (件 or 项, a whole number from 0), ``change`` (a whole number with a sign),
    ``amount`` (a decimal in ``unit``, empty where the form prints no unit), ``text`` (words) or ``yes``
    (是 or 否). A row may have a kind and unit of its own.
    """

    key: str
    name: str
    path: tuple[str, ...]
    kind: str = "count"
    unit: str = "件"

    @property
    def counts(self) -> bool:
        """True if its cells hold numbers."""
        return self.kind in ("count", "change", "amount")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a block; ``path`` is what is printed before its figures, outermost first.

    ``names`` is where the clerk writes it: ``("不予公开", "属于国家秘密")``. ``said`` is what sentences call
    it beside its label, in the notation of the lexicon: None where that is nothing else, empty where no
    sentence can be taken to speak of it, even by its label (其他). ``kind`` and ``unit`` are what its cells
    hold where that is not the column's; None where it is.
    """

    key: str
    names: tuple[str, ...]
    path: tuple[str, ...]
    said: str | None = None
    kind: str | None = None
    unit: str | None = None

    @property
    def name(self) -> str:
        """The row as messages name it."""
        return "·".join(self.names)

    def holding(self, column: Column) -> Column:
        """What a column is in this row."""
        return column if self.kind is None else replace(column, kind=self.kind, unit=self.unit or "")


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that must balance: the lines of ``left`` add up to the lines of ``right``.

    ``axis`` says what ``left`` and ``right`` are: ``rows`` (then it holds in every column of the
    block) or ``columns`` (then in every row).
    """

    code: str
    axis: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    def equations(self, block: "Block") -> Iterator[tuple[tuple[CellKey, ...], tuple[CellKey, ...]]]:
        """Both sides as cells, once for every line of the other axis; not for one that holds words."""
        words = () if block.counts else {key for key, _, column in block.cells() if not column.counts}
        for line in block.columns if self.axis == "rows" else block.rows:
            left, right = (
                tuple(self._cell(key, line.key) for key in side) for side in (self.left, self.right)
            )
            if not any(key in words for key in (*left, *right)):
                yield left, right

    def _cell(self, key: str, line: str) -> CellKey:
        return CellKey(key, line) if self.axis == "rows" else CellKey(line, key)


@dataclass(frozen=True, slots=True)
class Block:
    """The largest rectangle of a table whose rows share their columns.

    ``band`` is printed above it across the table, ``stub`` over its row labels; both may be empty.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    band: str = ""
    stub: str = ""
    identities: tuple[Identity, ...] = ()

    @property
    def counts(self) -> bool:
        """True if every cell holds a number by its column."""
        return all(row.kind is None for row in self.rows) and all(each.counts for each in self.columns)

    def cells(self) -> Iterator[tuple[CellKey, Row, Column]]:
        """Every data cell, row by row; the column is what it is in that row."""
        for row in self.rows:
            for column in self.columns:
                yield CellKey(row.key, column.key), row, row.holding(column)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A statutory table; equal to none but itself, because much is kept by table and looked up often.

    ``name`` is the clerk's key for it, ``chapter`` counts from 1, ``stub_columns`` is the number of
    grid columns that the row labels take, and ``arrangement`` says how blocks stand: ``stacked`` or
    ``beside``. ``lead`` and ``note`` are the prose that may stand above it and under it; None where
    none may.
    """

    key: str
    name: str
    chapter: int
    stub_columns: int
    arrangement: str
    blocks: tuple[Block, ...]
    lead: Passage | None = None
    note: Passage | None = None

    @property
    def around(self) -> tuple[Passage, ...]:
        """The prose that may stand around it, in the order of the page."""
        return tuple(each for each in (self.lead, self.note) if each)

    def cells(self) -> Iterator[tuple[CellKey, Row, Column]]:
        """Every data cell, block by block and row by row."""
        for block in self.blocks:
            yield from block.cells()


class IdentityPage(NamedTuple):
    """What the rule book says of an identity (Chinese)."""

    title: str
    what: str
    why: str
    basis: str
    fix: str


@dataclass(frozen=True, eq=False)
class Form:
    """One version of the form of a kind of document; like its tables equal to none but itself.

    Attributes:
        id: its name among all forms: ``2019``.
        kind: the kind of document, by the name of its folder.
        name: the kind as clerks and titles name it (文种): 政府信息公开工作年度报告.
        basis: the notice that sets it.
        since: the first report year it applies to.
        levels: what the organ may be (级别).
        scopes: whose figures a report may have (口径): first the organ's own, then those added up.
        chapters: the chapters in order.
        passages: the prose that the clerk writes, but for what stands around tables.
        tables: the statutory tables in order.
        fee: the fee that a report may tell; None where there is none.
        pages: what the rule book says of each identity, by code.
        editions: every form of the kind, this one too, the oldest first.
        lexicon: what sentences call the concepts of the kind's forms, as its ``lexicon.yaml`` says it; empty
            where nobody reads sentences.
        title: the usual title, with {机关}, {年度} and {文种}.
        law: what the template itself cites, as hints name it; empty where it cites nothing.
        also: other names that titles of the kind have.
        ordered: True if the chapters must stand in this order.
        ordinary: True for the kind that a clerk's file is of if it names none.
        lines: what a clerk writes at the top of a file of this kind alone.
        due: when it is published, the first that fits the organ's level; nothing where nobody says.
    """

    id: str
    kind: str
    name: str
    basis: str
    since: int
    levels: tuple[str, ...]
    scopes: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    passages: tuple[Passage, ...]
    tables: tuple[Table, ...]
    fee: Fee | None
    pages: Mapping[str, IdentityPage]
    editions: tuple[Edition, ...]
    lexicon: Mapping[str, Any] = field(default_factory=dict)
    title: str = "{机关}{年度}年{文种}"
    law: str = ""
    also: tuple[str, ...] = ()
    ordered: bool = True
    ordinary: bool = True
    lines: tuple[Line, ...] = ()
    due: tuple[Due, ...] = ()

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The chapters' headings as printed."""
        return tuple(chapter.heading for chapter in self.chapters)

    @property
    def asks_fee(self) -> bool:
        """True if a report must tell its fee."""
        return self.fee is not None and self.fee.asked

    @property
    def years(self) -> str:
        """The years that it is for, as messages say it: ``2019至2020年度``, ``2021年度起的``."""
        later = [each.since for each in self.editions if each.since > self.since]
        return f"{self.since}至{min(later) - 1}年度" if later else f"{self.since}年度起的"

    @cached_property
    def top_prose(self) -> tuple[Passage, ...]:
        """The prose at the top of a clerk's file: the passages, then what stands around the tables."""
        return (*self.passages, *(each for table in self.tables for each in table.around))

    @cached_property
    def prose(self) -> Mapping[str, Passage]:
        """All prose by key: what stands at the top of a clerk's file, then what stands within that."""
        inner = (each for passage in self.top_prose for each in passage.within)
        return {each.key: each for each in (*self.top_prose, *inner)}

    @cached_property
    def printed_prose(self) -> tuple[Passage, ...]:
        """All prose in the order in which it is printed: in a chapter, tables stand before passages."""
        around = [each for table in self.tables for each in table.around]
        ordered = sorted((*around, *self.passages), key=lambda passage: passage.chapter)
        return tuple(each for passage in ordered for each in (passage, *passage.within))

    @cached_property
    def outer(self) -> Mapping[str, Passage]:
        """The passage at the top of a clerk's file under which prose is written, by key."""
        return {each.key: passage for passage in self.top_prose for each in (passage, *passage.within)}

    @cached_property
    def aspects(self) -> tuple[Passage, ...]:
        """The passages within others that have a heading of their own: what a chapter must speak of."""
        return tuple(each for passage in self.passages for each in passage.within if each.heading)

    @cached_property
    def top_words(self) -> tuple[str, ...]:
        """The clerk's words of this form at the top of a file."""
        fee = (self.fee.name,) if self.fee else ()
        prose = (passage.name for passage in self.top_prose)
        own = (line.name for line in self.lines)
        return (*fee, *own, *prose, *(table.name for table in self.tables))

    def usual_title(self, organ: str, year: object) -> str:
        """The title of a report on one line: ``甲县乙镇人民政府2020年政府信息公开工作年度报告``."""
        words = {"{机关}": organ, "{年度}": str(year), "{文种}": self.name}
        return re.sub("{..}", lambda found: words[found[0]], self.title)

    def named(self, year: int) -> str:
        """A year as names of files have it: ``2025``, the kind behind it unless it is the ordinary one."""
        return str(year) if self.ordinary else f"{year}{self.name}"

    @property
    def laws_hint(self) -> str:
        """What may stand under 依据, as hints say it: ``《条例》之外的依据``."""
        return f"{self.law}之外的依据" if self.law else "写进正文的依据"

    def cells(self) -> Iterator[tuple[CellKey, Row, Column]]:
        """Every data cell of every table in printed order."""
        return (cell for table in self.tables for cell in table.cells())

    @cached_property
    def row_keys(self) -> Mapping[str, str]:
        """Row keys by the rows' names."""
        return {row.name: row.key for _, row, _ in self.cells()}

    @cached_property
    def index(self) -> Mapping[CellKey, tuple[Table, Row, Column]]:
        """Where each cell belongs."""
        return {key: (table, row, column) for table in self.tables for key, row, column in table.cells()}

    @cached_property
    def paths(self) -> Mapping[CellKey, tuple[str, ...]]:
        """How the clerk addresses each cell: ``("申请", "不予公开", "属于国家秘密", "自然人")``."""
        return {
            key: (table.name, *row.names, column.name) for key, (table, row, column) in self.index.items()
        }

    @cached_property
    def addresses(self) -> Mapping[tuple[str, ...], tuple[tuple[str, CellKey], ...]]:
        """The cells of each row: the row as the clerk addresses it → its columns' names and cells."""
        rows = groupby(self.paths.items(), key=lambda cell: cell[1][:-1])
        return {row: tuple((path[-1], key) for key, path in cells) for row, cells in rows}

    @cached_property
    def parts(self) -> Mapping[CellKey, tuple[CellKey, ...]]:
        """What each total adds up (an identity has it alone on one side), a total behind those it adds up."""
        found: dict[CellKey, tuple[CellKey, ...]] = {}
        for _, left, right in self.equations():
            if len(left) == 1:
                found[left[0]] = right
        return {key: found[key] for key in TopologicalSorter(found).static_order() if key in found}

    def equations(self) -> Iterator[tuple[Identity, tuple[CellKey, ...], tuple[CellKey, ...]]]:
        """Every equation of every identity: the identity and both sides as cells."""
        return iter(self._equations)

    @cached_property
    def _equations(self) -> tuple[tuple[Identity, tuple[CellKey, ...], tuple[CellKey, ...]], ...]:
        return tuple(
            (identity, left, right)
            for table in self.tables
            for block in table.blocks
            for identity in block.identities
            for left, right in identity.equations(block)
        )

    def label(self, key: CellKey) -> str:
        """The cell as messages name it: ``申请·不予公开·属于国家秘密·自然人``."""
        return "·".join(self.paths[key])


class YearTooEarly(ValueError):
    """A report year before the first statutory form."""

    def __init__(self, year: int, first: Form) -> None:
        """Say why the year is refused, in Chinese."""
        super().__init__(
            f"{year}年度的年报不能生成：统一的年报格式自{first.since}年度起施行"
            f"（{first.basis}），更早的年份没有法定表格可填。"
            if first.tables
            else f"{year}年度的{first.name}不能生成：它的格式自{first.since}年度起施行（{first.basis}）。"
        )


def form_for(year: int, forms: Iterable[Form], kind: str = "") -> Form:
    """The form that a report of this year must use: the newest one not younger than the year.

    Args:
        year: the report year, whose figures are covered, never the year of publication.
        forms: every form there is, in any order.
        kind: the kind of document by one of its names; the ordinary one where none is given.

    Raises:
        YearTooEarly: for a year before every form; the sentence is for the clerk.

    Source: 国办公开办函〔2019〕60号; 国办公开办函〔2021〕30号.
    """
    by_age = sorted(forms_of(forms, kind), key=lambda form: form.since)
    fitting = [form for form in by_age if form.since <= year]
    if not fitting:
        raise YearTooEarly(year, by_age[0])
    return fitting[-1]


def forms_of(forms: Iterable[Form], name: str = "") -> tuple[Form, ...]:
    """The forms of a kind of document by its name, the folder's or the clerk's; of the ordinary one for none.

    Returns:
        The forms in their order; empty where no kind has that name.
    """
    return tuple(
        form for form in forms if (name in (form.kind, form.name, *form.also) if name else form.ordinary)
    )
