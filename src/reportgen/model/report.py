"""A report: the form filled in, and which of its sums do not balance."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from reportgen.model.form import CellKey, Form, Identity
from reportgen.model.prose import Prose
from reportgen.problems import Place


class OwnWords(NamedTuple):
    """A document's own words where the form prints others, and where they stand."""

    text: str
    place: Place


class Answer(NamedTuple):
    """What the clerk answers to a rule's finding (核对): the reason, and where it stands.

    ``sentence`` is the one that is answered; empty where the clerk named none.
    """

    code: str
    words: str
    place: Place
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document differs from the form as a whole.

    ``missing`` has the rows of the form that are not in the document, by row key; ``added`` the rows of the
    document that are not in the form, by table key; ``basis`` the notice whose form the labels are those of,
    where that is not the form of the year; ``signed`` the organ that signs, where it is not the title's.
    """

    missing: Mapping[str, OwnWords] = field(default_factory=dict)
    added: Mapping[str, tuple[OwnWords, ...]] = field(default_factory=dict)
    basis: OwnWords | None = None
    signed: OwnWords | None = None


# ── a report: the form filled in, and which of its sums do not balance ────────────────────────────────


@dataclass(frozen=True, slots=True)
class Organ:
    """The organ that reports; ``level`` and ``scope`` are the form's words, ``short`` is for running text."""

    name: str
    short: str
    level: str
    scope: str = ""

    @property
    def is_government(self) -> bool:
        """True for a people's government of any level, which must also report 工作考核 and the like."""
        return self.level.endswith("政府")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the organ publishes and can be asked; an empty string where the clerk gave none."""

    phone: str = ""
    mail: str = ""
    address: str = ""
    postcode: str = ""
    site: str = ""
    url: str = ""


class Figure(NamedTuple):
    """What stands in a data cell.

    ``text`` is what the clerk sees, digits brought to half width; ``number`` its value in the column's unit
    and None where it is blank or no number. ``place`` is None where nobody typed it: a
    figure left out (0) or a total added up.
    """

    text: str
    number: Decimal | None
    remark: str = ""
    place: Place | None = None
    raw: str = ""
    """As typed, before full-width digits, separators and spaces were taken out."""

    @property
    def value(self) -> Decimal:
        """The number to reckon with: 0 where it is blank or no number."""
        return self.number if self.number is not None else Decimal(0)

    @property
    def plain(self) -> bool:
        """True for a number of nothing but digits, or that nobody typed."""
        digits = self.number is not None and self.text.isdigit() and self.text.isascii()
        return self.place is None or (digits and self.raw in ("", self.text))

    @property
    def blank(self) -> bool:
        """True if somebody left the cell empty (not: left it out)."""
        return self.place is not None and not self.text


ZERO, NOTHING = Figure("0", Decimal(0)), Figure("", None)
"""A cell for a number, and one for words, in which nobody typed anything."""


class Sum(NamedTuple):
    """One equation of an identity in a report: cells and their sums on both sides."""

    identity: Identity
    left: tuple[CellKey, ...]
    right: tuple[CellKey, ...]
    left_sum: Decimal
    right_sum: Decimal


@dataclass(frozen=True)
class Report:
    """A form filled in.

    Attributes:
        form: the form of its year.
        year: the year that the figures cover.
        organ: whose report it is.
        date: 成文日期; None where it is missing or no date.
        cells: a figure for every cell of the form.
        prose: paragraphs by the keys of the form's prose; an absent key means that the
            template's own words are used.
        contact: where it is published and who answers.
        laws: what it is based on beside the 条例 and the form's notice.
        fees: pieces and 元 of 信息处理费 in the year; None where the prose says it, or nothing shall.
        lines: what stands in the lines of the kind's own, by their names; empty where nothing does.
        title: the title's lines as given; empty for the usual one.
        chapters: chapter headings as found in a document; empty where they are the form's.
        labels: row labels as found where they differ from the form's, by row key.
        layout: what else a document's tables have otherwise than the form.
        answers: what the clerk answers to findings, in the order of the file.
        units: those whose figures are added up in it, within roll-ups too; empty where it names none.
        lacking: the units whose figures should be in it and are not.
        places: where fields stand in the source, by ``organ``, ``year``, ``date`` …, ``table.requests`` …
            for the tables, and the prose keys.
    """

    form: Form
    year: int
    organ: Organ
    date: date | None
    cells: Mapping[CellKey, Figure]
    prose: Mapping[str, Prose] = field(default_factory=dict)
    contact: Contact = Contact()
    laws: tuple[str, ...] = ()
    fees: tuple[int, Decimal] | None = None
    lines: Mapping[str, str] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    chapters: tuple[OwnWords, ...] = ()
    labels: Mapping[str, OwnWords] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    answers: tuple[Answer, ...] = ()
    units: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def cover(self) -> "Report":
        """The report without figures and sentences: whose it is, of which form and year, and its title."""
        year = [name for name in self.places if name == "year"] or list(self.places)[:1]
        places = {name: self.places[name] for name in year}
        return Report(self.form, self.year, self.organ, self.date, {}, title=self.title, places=places)

    @property
    def year_is_assumed(self) -> bool:
        """True where nobody named the year: ``year`` is then the first of the form of the tables."""
        return bool(self.places) and "year" not in self.places

    @property
    def signed_by(self) -> str:
        """The organ that signs: the title's, unless a document has another one there."""
        return self.layout.signed.text if self.layout.signed else self.organ.name

    @property
    def adds_up(self) -> bool:
        """True where the figures are those of several organs, added up."""
        return self.organ.scope in self.form.scopes[1:]

    @cached_property
    def values(self) -> Mapping[CellKey, Decimal]:
        """The number in every cell, to reckon with."""
        zero = ZERO.value
        return {key: each.number if each.number is not None else zero for key, each in self.cells.items()}

    @cached_property
    def typed(self) -> tuple[tuple[CellKey, Figure], ...]:
        """The cells for numbers that somebody typed, blank ones too."""
        index = self.form.index
        return tuple((key, each) for key, each in self.cells.items() if each.place and index[key][2].counts)

    @cached_property
    def odd(self) -> tuple[tuple[CellKey, Figure], ...]:
        """The cells in which somebody wrote something other than plain digits."""
        return tuple((key, each) for key, each in self.typed if each.text and not each.plain)

    @cached_property
    def words(self) -> str:
        """All prose, paragraph under paragraph: to see at once that something stands nowhere in it."""
        return self.words_of(*self.prose)

    def words_of(self, *keys: str) -> str:
        """The prose under these keys, paragraph under paragraph; nothing for one that nobody wrote."""
        return "\n".join(each.text for key in keys for each in self.prose.get(key, ()))

    def value(self, row: str, column: str) -> Decimal:
        """The number in a cell, 0 for a blank one or one that this form does not have."""
        return self.cells.get(CellKey(row, column), ZERO).value

    def has(self, row: str, column: str) -> bool:
        """True if this form has the cell."""
        return CellKey(row, column) in self.cells

    def sums(self) -> Iterator[Sum]:
        """Every equation of every identity of the form, with its sums."""
        for identity, left, right in self.form.equations():
            yield Sum(identity, left, right, self._add(left), self._add(right))

    def _add(self, keys: tuple[CellKey, ...]) -> Decimal:
        return _total(self.cells[key].value for key in keys)

    def place_of(self, key: CellKey) -> Place | None:
        """Where a cell stands; its table's place where nobody typed it; None where neither is known."""
        figure = self.cells.get(key, ZERO)
        if figure.place or key not in self.form.index:
            return figure.place
        return self.places.get(f"table.{self.form.index[key][0].key}")


def _total(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def filled(form: Form, typed: Mapping[CellKey, Figure]) -> dict[CellKey, Figure]:
    """A figure for every cell of the form: typed ones as they are, totals added up, 0 or no word elsewhere.

    A cell is a total if an identity has it alone on one side (T3-02, T3-03, T4-01).
    """
    cells = dict(_untyped(form))
    cells.update((key, figure) for key, figure in typed.items() if key in cells)
    for key, parts in form.parts.items():
        if key not in typed:
            total = _total(figure.value for part in parts if (figure := cells[part]) is not ZERO)
            cells[key] = Figure(str(total), total) if total else ZERO
    return cells


@lru_cache(maxsize=64)
def _untyped(form: Form) -> Mapping[CellKey, Figure]:
    """The cells of a form in which nobody typed anything."""
    return {key: ZERO if column.counts else NOTHING for key, (_, _, column) in form.index.items()}


def named_figures(form: Form, cells: Mapping[CellKey, Figure]) -> dict[str, Any]:
    """The numbers under the clerk's names, as sentences quote them: ``申请.本年新收.总计``.

    A group of rows also has the sums of its rows (``申请.不予公开.总计`` adds up eight rows). Numbers are
    whole where they can be, else decimals; a blank cell is 0. A cell for words is its words.
    """
    names: dict[str, Any] = _copied(_names(form))
    for key, figure in cells.items():
        if figure is not ZERO and figure is not NOTHING:  # as most are
            *groups, column = form.paths[key]
            level = names
            for group in groups:
                level = level[group]
            level[column] = _plain(figure.value) if form.index[key][2].counts else figure.text
    for table in form.tables:
        _add_up_groups(names[table.name])
    return names


@lru_cache(maxsize=64)
def _names(form: Form) -> dict[str, Any]:
    """The same where nobody typed anything, without the sums of groups."""
    names: dict[str, Any] = {}
    for (*groups, row), columns in form.addresses.items():
        level = names
        for group in groups:
            level = level.setdefault(group, {})
        nothing = ((name, 0 if form.index[key][2].counts else "") for name, key in columns)
        level.setdefault(row, {}).update(nothing)
    return names


def _copied(names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copied(each) if isinstance(each, dict) else each for name, each in names.items()}


def _add_up_groups(rows: dict[str, Any]) -> None:
    """Give each group of rows the sums of its rows; a row of the same name (其他处理·其他) goes before."""
    for group in rows.values():
        members = [row for row in group.values() if isinstance(row, dict)]
        for column in members[0] if members else ():
            parts = [row[column] for row in members]
            if not any(isinstance(part, str) for part in parts):
                group.setdefault(column, sum(parts))


def _plain(number: Decimal) -> int | Decimal:
    if not number:
        return 0
    return int(number) if number == number.to_integral_value() else number
