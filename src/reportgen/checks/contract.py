"""What a rule is, what it may know, and what it says."""

import weakref
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import TypeVar

from reportgen.advice import Advice, Medium, in_clerks_file, joined
from reportgen.chinese.numerals import ordinal_words
from reportgen.model.demands import Demand
from reportgen.model.form import CellKey, Edition, Form
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.model.units import Units
from reportgen.problems import Ground, Level, Place


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know beside the report: ``today``, and ``last`` year's report of the same organ.

    ``words`` are those that an office does not want in its reports without a look. Where ``strict``, a rule
    that crashes raises; else the crash becomes finding X99 and the others go on. ``medium`` is what the clerk
    works in, and advice is told in its words. A document with an ``origin`` was made from a clerk's file in
    that medium, which has the answers. ``units`` is what a report was added up from, where that is at hand.
    ``demands`` are those of an office, beyond the law.
    """

    today: date | None = None
    last: Report | None = None
    strict: bool = False
    words: tuple[str, ...] = ()
    medium: Medium = Medium.YAML
    origin: Medium | None = None
    units: Units | None = None
    demands: tuple[Demand, ...] = ()

    @property
    def of_document(self) -> bool:
        """True for a report that was read of a document; it gets no advice on the clerk's file."""
        return self.medium is Medium.DOCUMENT


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found. The runner adds code and basis, and where none is given level, ground, fix, places.

    ``about`` names the report's parts, most useful first: cells, or keys such as ``overview.3`` and ``date``.
    """

    message: str
    about: tuple[CellKey | str, ...] = ()
    expected: str = ""
    found: str = ""
    fix: str = ""
    places: tuple[Place, ...] = ()
    level: Level | None = None
    ground: Ground | None = None


DROP_PREFACE = in_clerks_file(
    "也可以删去前言，由程序按规定写。",
    "也可以把工作表“文字”里的前言清空，由程序按规定写。",
    "也可以把前言清空，由程序按规定写。",
)
"""Further advice on what is wrong in a preface."""


def remarked(words: str) -> Advice:
    """The end of advice to write a remark behind a figure: how that is done."""
    return Advice(
        f"：{{值: 22, 注: {words}}}。",
        f"，填在工作表“注”里，一格一行：表 | 行 | 列 | {words}。",
        f"：点这一格，填在表下面的“选中的格子的注”里，例如：{words}。",
        f"，用括号写在数的后面：22（{words}）。",
    )


YEARS, NOTICE = "{年度}", "{文号}"
"""What stands in a rule's page for a form's years and for the notice that sets it: see ``of_editions``."""

Check = Callable[[Report, Context], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and its page of the rule book (Chinese). ``title`` names the fault and reads well alone.

    ``ground`` says whether the clerk can answer what it finds; a fault may name another one for itself.
    ``in_file`` is further advice for who writes the clerk's file; nobody else can follow it. A rule
    ``by_year`` is idle where nobody named the report's year: that is one fault, and the reading tells it.
    """

    code: str
    level: Level
    ground: Ground
    title: str
    what: str
    why: str
    basis: str
    fix: str
    check: Check
    in_file: str = ""
    by_year: bool = False

    @property
    def advice(self) -> Advice:
        """How to mend it, with what only the clerk's file allows."""
        return joined(self.fix, self.in_file)

    @property
    def answering(self) -> str:
        """Whether the clerk can answer it, and what it judges."""
        return f"{'可以核对' if self.ground.answerable else '不能核对'}（{self.ground.chinese}）"


@dataclass(frozen=True, slots=True)
class rule:
    """Decorator: makes a :class:`Rule` of a function. Registers nothing."""

    code: str
    level: Level
    ground: Ground
    title: str
    what: str
    why: str
    basis: str
    fix: str
    in_file: str = ""
    by_year: bool = False

    def __call__(self, check: Check) -> Rule:
        """The rule with this function as its check."""
        page = (self.code, self.level, self.ground, self.title, self.what, self.why, self.basis, self.fix)
        return Rule(*page, check, self.in_file, self.by_year)


def of_editions(text: str, editions: Sequence[Edition]) -> str:
    """A text of a rule's page for the forms that there are: said of each, one after another.

    ``{年度}引用{文号}。`` becomes ``2019、2020 年度引用国办公开办函〔2019〕60号，2021 年度起引用…。``
    """
    if NOTICE not in text:
        return text
    said, stop = (text[:-1], "。") if text.endswith("。") else (text, "")
    later = [str(edition.since) for edition in editions[1:]]
    told = (
        said.replace(YEARS, _years(edition.since, before)).replace(NOTICE, edition.basis)
        for edition, before in zip(editions, [*later, ""], strict=True)
    )
    return ("，" if YEARS in text else "、").join(told) + stop


def _years(since: int, before: str) -> str:
    if not before:
        return f"{since} 年度起"
    last = int(before) - 1
    between = "" if last == since else f"、{last}" if last == since + 1 else f" 至 {last}"
    return f"{since}{between} 年度"


# ── where the words of a prose paragraph stand, so that a finding points at the very character ────────


def paragraphs(report: Report) -> Iterator[tuple[str, Paragraph]]:
    """Every paragraph of the clerk's own words with its about-key: ``overview.3``, counted from 1."""
    for key, prose in report.prose.items():
        for number, paragraph in enumerate(prose, 1):
            yield f"{key}.{number}", paragraph


def named_part(form: Form, key: str) -> str:
    """A stretch of prose as messages name it: ``第五部分（存在问题）``."""
    return f"{numbered_part(form, key)}（{form.prose[key].name}）"


def numbered_part(form: Form, key: str) -> str:
    """The chapter that prose stands in as messages name it: ``第五部分``."""
    return f"第{ordinal_words(form.prose[key].chapter)}部分"


def numbered_table(report: Report, key: CellKey) -> str:
    """The table of a cell as messages name it, by its chapter: ``表三``."""
    return f"表{ordinal_words(report.form.index[key][0].chapter)}"


def place_at(paragraph: Paragraph, index: int, width: int = 1) -> Place:
    """The place of a character of the paragraph's text; the paragraph's own where only that is known."""
    at = bisect_right(paragraph.segments, index, key=itemgetter(0)) - 1
    start, place = paragraph.segments[max(0, at)]
    if not place.column or place.table:
        return place
    return place._replace(column=place.column + index - start, width=width)


Found = TypeVar("Found")


def once(reckon: Callable[[Report], Found]) -> Callable[[Report], Found]:
    """Decorator, for what several rules ask: keeps what a function gave for the last report.

    Only as long as somebody else keeps that report, and one at a time: a batch of thousands takes no more
    memory than one.
    """
    kept: list[tuple[weakref.ref[Report], Found]] = []

    def reckoned(report: Report) -> Found:
        if kept and kept[0][0]() is report:
            return kept[0][1]
        found = reckon(report)
        kept[:] = [(weakref.ref(report, lambda _: kept.clear()), found)]
        return found

    return reckoned
