"""A clerk's table as figures: names of rows and columns matched, every misplaced or unknown one told."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reportgen.advice import Advice
from reportgen.chinese.numerals import NONE_SIGNS, NONE_WORDS
from reportgen.model.form import CellKey, Column, Form, Row, Table
from reportgen.model.keys import ALL_ZERO, advice, plain
from reportgen.model.nodes import Mapping, Node, Text
from reportgen.model.report import Figure
from reportgen.problems import Finding, Place, fault, short

MOST_DIGITS = 15
"""More digits than this are a slip of the hand: the whole country files fewer applications."""

_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"\u3000": " ", "\xa0": " ", "−": "-", "’": "'", "‘": "'"}
)
_SEPARATOR = re.compile(r"(?<=[0-9])[,'_ ]+(?=[0-9])")
_SIGN = re.compile(r"^([+-]) +(?=[0-9])")
_NUMBER = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]+)?)(.*)", re.DOTALL)
_UNIT = re.compile(r" *[^\W\d_a-zA-Z]| *[(\[〔【]")
_PIECES = frozenset({"", "件", "件次", "个", "条", "份", "项", "宗", "起", "次", "篇"})
"""Whatever pieces are called, the column counts them."""
_MANIFOLD = tuple("十百千万亿")


class Numeral(NamedTuple):
    """A typed number: brought to half width, its value (None where it is no number), and if it is too big."""

    text: str
    number: Decimal | None
    too_big: bool = False


def half_width(words: str) -> str:
    """The words with full-width signs and digits at half width, without blanks at the ends."""
    return words.translate(_WIDTH).strip()


@lru_cache(maxsize=1024)
def numeral(typed: str, unit: str = "") -> Numeral:
    """Read a number as a clerk writes it: ``１，２５０``, ``1 250``, ``-8``, ``251000元``, ``22（含修订）``.

    A unit or remark after the number is kept in the text. ``3万`` is no number where the column does not
    count in 万, nor is ``1e5``, ``12:30``, ``5/6`` or ``50%``.
    """
    if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS:
        return Numeral(typed, Decimal(typed))
    text = half_width(typed)
    text = _SIGN.sub(r"\1", _SEPARATOR.sub("", text))
    parts = _NUMBER.fullmatch(text)
    if not parts:
        return Numeral(typed.strip(), None)
    sign, digits, rest = parts.groups()
    if rest and not _is_unit(rest, unit):
        return Numeral(typed.strip(), None)
    kept = text if not rest else sign + digits + typed.strip()[-len(rest) :]
    if sum(digit.isdigit() for digit in digits) > MOST_DIGITS:
        return Numeral(kept, None, too_big=True)
    return Numeral(kept, Decimal(sign + digits))


@lru_cache(maxsize=1024)
def without_unit(text: str, unit: str) -> str:
    """A number's text without the unit that the column has anyway: ``12件`` and ``12 项`` are printed as 12.

    A remark or another unit stays: ``22（其中修订16件）``, ``251000元`` in a column of 万元.
    """
    parts = _NUMBER.fullmatch(text)
    if not parts:
        return text
    sign, digits, rest = parts.groups()
    return sign + digits if rest.strip() in (_PIECES if unit == "件" else {unit}) else text


def _is_unit(rest: str, unit: str) -> bool:
    """True if what follows the number leaves its value alone."""
    word = rest.lstrip()
    if word.startswith(_MANIFOLD) and unit == "件":
        return False
    return bool(_UNIT.match(rest))


# ── a clerk's table as figures: names of rows and columns matched, every misplaced or unknown one told ───

_NONE = NONE_SIGNS | NONE_WORDS | {""}
_WORD_AND_NUMBER = re.compile(r"(\D+?) *([0-9]+)")
_ZERO = {"0", "０", "〇", "零", ALL_ZERO, "均为零", "全为零"}
"""What may stand for a row or table of zeros. A sign or word for none may not: it could mean "not known"."""


class _Spot(NamedTuple):
    """A cell that a word stands for."""

    key: CellKey
    column: Column


class _Line(NamedTuple):
    """A row with its cells by the folded words of their columns; ``one`` is its only cell, if so."""

    row: Row
    cells: dict[str, _Spot]
    one: _Spot | None

    @property
    def names(self) -> list[str]:
        """Its columns' names."""
        return list(dict.fromkeys(cell.column.name for cell in self.cells.values()))


@dataclass(slots=True)
class _Group:
    """Rows under a common name, or all rows of a table."""

    children: "dict[str, _Line | _Group]" = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


class _Words(NamedTuple):
    """The words of a table: its rows as a tree, and printed words that may be written and say nothing."""

    root: _Group
    printed: frozenset[str]


@lru_cache(maxsize=32)
def _words(table: Table) -> _Words:
    root = _Group()
    printed: set[str] = set()
    for block in table.blocks:
        columns = {plain(word): each for each in block.columns for word in (each.path[-1], each.name)}
        printed.update((block.band, *(part for each in block.columns for part in each.path[:-1])))
        for row in block.rows:
            printed.update(row.path[:-1])
            cells = {
                word: _Spot(CellKey(row.key, each.key), row.holding(each)) for word, each in columns.items()
            }
            one = next(iter(cells.values())) if len(block.columns) == 1 else None
            _plant(root, _Line(row, cells, one))
    return _Words(root, frozenset(plain(word) for word in printed if word))


def _plant(root: _Group, line: _Line) -> None:
    """Put a row into the tree under its names and under its printed labels."""
    names, path = line.row.names, line.row.path
    labels = path[-len(names) :] if len(path) >= len(names) else names
    group = root
    for name, label in zip(names[:-1], labels[:-1], strict=True):
        child = group.children.get(plain(name))
        if not isinstance(child, _Group):
            child = _Group()
            group.names.append(name)
            group.children |= {plain(name): child, plain(label): child}
        group = child
    group.names.append(names[-1])
    group.children |= {plain(labels[-1]): line, plain(names[-1]): line}


@lru_cache(maxsize=32)
def _all_words(table: Table) -> dict[str, str]:
    """Every row, group and column word of a table, folded → where the clerk writes it."""
    words: dict[str, str] = {}
    for _, row, column in table.cells():
        for depth, name in enumerate(row.names):
            words.setdefault(plain(name), "·".join((table.name, *row.names[:depth])))
        words.setdefault(plain(column.name), row.name)
    return words


def all_zero(table: Table) -> Advice:
    """How to say that nothing happened in a whole table."""
    return Advice(
        f"整张表都是零，就写“{table.name}: {ALL_ZERO}”。",
        "整张表都是零，就在黄色的格子里都填 0。",
        "整张表都是零，就按表上面的“整张表都是零”。",
    )


class Tables:
    """The tables of one report while they are read; ``cells`` has what was typed."""

    def __init__(self, form: Form, forms: tuple[Form, ...], findings: list[Finding]) -> None:
        """Know the form to fill in, and the others, whose words are told from nonsense."""
        self.form = form
        self.others = [other for other in forms if other.id != form.id]
        self.findings = findings
        self.cells: dict[CellKey, Figure] = {}

    def read(self, table: Table, node: Node) -> None:
        """Read a table as the clerk gave it."""
        if isinstance(node, Text) and plain(node.value) in _ZERO:
            return
        if isinstance(node, Mapping) and node.entries:
            self._rows(table, _words(table).root, node)
            return
        fix = "请逐行写；" + all_zero(table)
        blank = isinstance(node, Mapping) or (isinstance(node, Text) and not node.value.strip())
        said = f"“{table.name}”是空的" if blank else f"“{table.name}”下面要按行写数"
        self._note("F13" if blank else "F12", said, node.place, fix, f"table.{table.key}")

    def _rows(self, table: Table, group: _Group, node: Mapping) -> None:
        for key, value in node.entries:
            child = group.children.get(plain(key.value))
            if isinstance(child, _Line):
                self._row(table, child, value)
            elif child is None and plain(key.value) not in _words(table).printed:
                self._unknown(table, key, group.names)
            elif _says_none(value):
                self._empty(key.value, value, (child or group).names)
            elif isinstance(value, Mapping):
                self._rows(table, child or group, value)
            elif not _says_zero(value):
                names = (child or group).names
                fix = f"下面分行写：{'、'.join(names)}。"
                self._note("F12", f"“{short(key.value)}”不能直接写数", value.place, fix)

    def _row(self, table: Table, line: _Line, node: Node) -> None:
        one = line.one
        if not isinstance(node, Text) and _says_nothing(node):
            self._empty(line.row.names[-1], node, line.names)
        elif isinstance(node, Mapping) and not (one and _is_noted(node)):
            self._columns(table, line, node)
        elif one and not _says_zero_word(node):
            self._cell(one, node)
        elif not _says_zero(node):
            columns = "、".join(line.names)
            none = "没有数的，可以删去这一行，或各列写 0。" if _says_none(node) else ""
            fix = none + Advice(
                f"请写成“{line.row.names[-1]}: {{{line.names[0]}: 数}}”，可写的列有：{columns}。",
                "请填在各列的格子里。",
                "请填在各列的格子里；原来写的数，在页面下方的“原文”里删去。",
            )
            self._note("F12", f"“{line.row.name}”这一行要分列写数", node.place, fix)

    def _empty(self, word: str, node: Node, names: list[str]) -> None:
        """Tell a row or group under which nothing is written, or a sign that stands for nothing."""
        fix = Advice(
            f"没有数的，可以删去这一行，或写“{short(word)}: 0”；有数的，下面分行写：{'、'.join(names)}。",
            f"没有数的填 0；有数的，分别填在：{'、'.join(names)}。",
            f"没有数的填 0；有数的，分别填在：{'、'.join(names)}。",
        )
        sign = short(node.value) if isinstance(node, Text) else ""
        said = f"用“{sign}”代替了 0" if sign else "是空的"
        self._note("F13", f"“{short(word)}”{said}", node.place, fix)

    def _columns(self, table: Table, line: _Line, node: Mapping) -> None:
        for key, value in node.entries:
            cell = line.cells.get(plain(key.value))
            if cell:
                self._cell(cell, value)
            elif plain(key.value) in _words(table).printed and isinstance(value, Mapping):
                self._columns(table, line, value)
            else:
                self._unknown(table, key, line.names)

    def _cell(self, cell: _Spot, node: Node) -> None:
        key = cell.key
        value, remark = self._noted(node) if isinstance(node, Mapping) else (node, "")
        if not isinstance(value, Text):
            fix = "一格只写一个数；要加说明" + Advice(
                "，写成“{值: 22, 注: 其中修订16件}”。",
                "，填在工作表“注”里。",
                "，填在表下面的“选中的格子的注”里。",
            )
            self._note("F12", f"“{self.form.label(key)}”这一格写法不对", node.place, fix, str(key))
            return
        if key in self.cells:
            self._twice(key, value.place)
            return
        if not cell.column.counts:
            self._words(cell, value, remark)
            return
        number = numeral(value.value, cell.column.unit)
        if number.too_big:
            said = f"“{self.form.label(key)}”的数太大了：{short(value.value)}"
            self._note("F19", said, value.place, "请核对是不是多打了数字。", str(key))
        text = without_unit(number.text, cell.column.unit) if number.number is not None else number.text
        self.cells[key] = Figure(text, number.number, remark, value.place, value.value)

    def _words(self, cell: _Spot, value: Text, remark: str) -> None:
        """A cell for words; one for 是 or 否 takes no others."""
        text = " ".join(value.value.split())
        if cell.column.kind == "yes" and text not in ("", "是", "否"):
            said = f"“{self.form.label(cell.key)}”不能写“{short(text)}”"
            self._note("F15", said, value.place, "只能写：是、否。", str(cell.key))
        self.cells[cell.key] = Figure(text, None, remark, value.place, value.value)

    def _noted(self, node: Mapping) -> tuple[Node | None, str]:
        """The value and the remark of ``{值: 22, 注: 其中修订16件}``."""
        remark = ""
        value: Node | None = None
        for key, part in node.entries:
            word = plain(key.value)
            if word == "值":
                value = part
            elif word == "注" and isinstance(part, Text):
                remark = part.value.strip()
            else:
                fix = advice(key.value, ("值", "注"))
                self._note("F11", f"格子里不认识“{short(key.value)}”", key.place, fix)
        return value, remark

    def _twice(self, key: CellKey, place: Place) -> None:
        said = fault("F08", f"“{self.form.label(key)}”写了两次", place, "请只留一处。", str(key))
        first = self.cells[key].place
        self.findings.append(replace(said, places=(first, place) if first else (place,)))

    def _unknown(self, table: Table, key: Text, known: list[str]) -> None:
        word = plain(key.value)
        typed = f"“{short(key.value)}”"
        own = (table, *self.form.tables)
        home = next((_all_words(each)[word] for each in own if word in _all_words(each)), "")
        other = next((form for form in self.others if _has(form, word)), None)
        if home:
            self._note("F12", f"{typed}写错了位置", key.place, f"它应写在“{home}”下面。")
        elif other:
            said = f"{typed}是{other.years}年报格式里的，本年度（{self.form.basis}）没有"
            self._note("F18", said, key.place, f"请核对年度；这里可以写：{'、'.join(known)}。")
        else:
            fix = _lacks_colon(key.value, known) or advice(key.value, known)
            self._note("F17", f"“{table.name}”里没有{typed}", key.place, fix, f"table.{table.key}")

    def _note(self, code: str, message: str, place: Place, fix: str, about: str = "") -> None:
        self.findings.append(fault(code, message, place, fix, about))


def _has(form: Form, word: str) -> bool:
    """True if a table of the form has the word."""
    return any(word in _all_words(table) for table in form.tables)


def _is_noted(node: Mapping) -> bool:
    """True for ``{值: …, 注: …}``."""
    return any(plain(key.value) in ("值", "注") for key, _ in node.entries)


def _lacks_colon(typed: str, known: list[str]) -> str:
    """The advice for ``自然人 2``: a known word and a number with nothing between; empty for all else."""
    found = _WORD_AND_NUMBER.fullmatch(half_width(typed))
    words = {plain(each): each for each in known}
    word = words.get(plain(found[1]), "") if found else ""
    if not found or not word:
        return ""
    there = f"“{word}”的格子里填 {found[2]}"
    return Advice(f"是不是漏了冒号：{word}: {found[2]}？", f"是不是要在{there}？", f"是不是要在{there}？")


def _says_nothing(node: Node) -> bool:
    """True for a blank, ``{}`` and ``[]``."""
    if isinstance(node, Text):
        return not node.value.strip()
    return not (node.entries if isinstance(node, Mapping) else node.items)


def _says_none(node: Node) -> bool:
    """True for nothing, and for a sign or word that stands for nothing; not for a zero."""
    if _says_nothing(node):
        return True
    return isinstance(node, Text) and plain(node.value) in _NONE - _ZERO


def _says_zero(node: Node) -> bool:
    return isinstance(node, Text) and plain(node.value) in _ZERO


def _says_zero_word(node: Node) -> bool:
    return isinstance(node, Text) and plain(node.value) == ALL_ZERO
