"""The units of a roll-up: whose reports were handed in, which of them are added up, and why others are not.

A *unit* (单位) is an organ whose report goes into the report of the organ above it. What a unit's report says
is kept as numbers in the order of the form's cells, without its texts: a province has thousands of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Finding

ADDED_UP = "（汇总）"
"""What stands behind the name of an organ whose report adds up others: it may file one of its own, too."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a roll-up keeps of one report.

    Attributes:
        name: the organ's.
        file: where the report was read from, as messages name it.
        year: the report year.
        values: the number in every cell of the form, in the form's order (件, 项 or 万元, by column).
        adds_up: True if the report adds up others.
        listed: the units that it says it adds up, those below them too; empty where it does not say.
        lacking: the units that it says it lacks.
        dated: 成文日期; None where it has none.
        fees: pieces and 元 of 信息处理费; None where it does not say.
        errors: the findings that forbid its signature.
        kind: the kind of document, as clerks name it.
    """

    name: str
    file: str
    year: int
    values: tuple[Decimal, ...]
    adds_up: bool = False
    listed: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    dated: date | None = None
    fees: tuple[int, Decimal] | None = None
    errors: tuple[Finding, ...] = ()
    kind: str = field(kw_only=True)

    @property
    def identity(self) -> str:
        """The name by which units are told apart: ``甲县人民政府``, ``甲县人民政府（汇总）``."""
        return f"{self.name}{ADDED_UP}" if self.adds_up else self.name

    @property
    def covers(self) -> frozenset[str]:
        """Every unit whose figures are in these: itself, and what it adds up.

        A report that adds up others and does not say which covers at least the organ's own.
        """
        own = () if self.listed or not self.adds_up else (self.name,)
        return frozenset((self.identity, *self.listed, *own))


def unit_of(report: Report, file: str, findings: Sequence[Finding] = ()) -> Unit:
    """What a roll-up keeps of a report and of what was found in it."""
    return Unit(
        name=report.organ.name,
        file=file,
        year=report.year,
        values=tuple(report.cells[key].value for key in report.form.index),
        adds_up=report.adds_up,
        listed=report.units,
        lacking=report.lacking,
        dated=report.date,
        fees=report.fees,
        errors=tuple(finding for finding in findings if finding.is_error),
        kind=report.form.name,
    )


class Why(StrEnum):
    """Why a unit is not counted; the value is what a clerk reads."""

    ITSELF = "就是这份汇总年报自己"
    OTHER_KIND = "是别的文种"
    OTHER_YEAR = "不是这一年度的"
    UNEXPECTED = "不在应报送单位的名单里"
    FAILING = "有错误"
    SAME = "与另一份相同"
    DOUBLE = "同一个单位有几份不同的年报"
    COVERED = "已经算在汇总年报里"
    CLASHING = "与另一份汇总年报有相同的单位"


@dataclass(frozen=True, slots=True)
class Left:
    """A unit that is not counted, why, and the other unit that it is about, if any."""

    unit: Unit
    why: Why
    other: Unit | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A unit of the roster (应报送单位), and the last day to hand in; None where the roster gives none."""

    name: str
    due: date | None = None


@dataclass(frozen=True)
class Units:
    """All that was handed in for one roll-up, and what came of each.

    Attributes:
        form: the form of the year.
        year: the report year.
        counted: the units that are added up; in the roster's order, else by name.
        left: the units that are not.
        unread: files that could not be read as reports, each with a sentence that says why.
        roster: who has to hand in; None where nobody gave a roster.
    """

    form: Form
    year: int
    counted: tuple[Unit, ...]
    left: tuple[Left, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    roster: tuple[Expected, ...] | None = None

    @cached_property
    def at(self) -> Mapping[CellKey, int]:
        """Where each cell stands in a unit's values."""
        return {key: at for at, key in enumerate(self.form.index)}

    @cached_property
    def totals(self) -> Mapping[CellKey, Decimal]:
        """Every cell of the form added up over the units that are counted."""
        totals = [Decimal(0)] * len(self.at)
        for unit in self.counted:
            for at, number in enumerate(unit.values):
                if number:
                    totals[at] += number
        return dict(zip(self.at, totals, strict=True))

    def parts(self, key: CellKey) -> tuple[tuple[Unit, Decimal], ...]:
        """What a cell adds up: the units with a figure other than 0, in their order."""
        at = self.at[key]
        return tuple((unit, unit.values[at]) for unit in self.counted if unit.values[at])

    def within(self, whole: Unit) -> tuple[Unit, ...]:
        """The units handed in whose figures are in a report that adds up others."""
        return tuple(
            left.unit for left in self.left if left.why is Why.COVERED and left.unit.identity in whole.covers
        )

    @cached_property
    def covered(self) -> tuple[str, ...]:
        """Every unit whose figures are counted, those within roll-ups behind these, each once."""
        names = (name for unit in self.counted for name in (unit.identity, *unit.listed))
        return tuple(dict.fromkeys(names))

    @cached_property
    def missing(self) -> tuple[Expected, ...]:
        """The units of the roster that handed in nothing."""
        seen = {name for unit in self.handed_in for name in unit.covers}
        return tuple(each for each in self.roster or () if each.name not in seen)

    @property
    def handed_in(self) -> Iterator[Unit]:
        """Every unit of the year that handed in something of the kind, counted or not."""
        yield from self.counted
        yield from (left.unit for left in self.left if left.why not in (Why.OTHER_KIND, Why.OTHER_YEAR))

    @cached_property
    def late(self) -> tuple[tuple[Unit, Expected], ...]:
        """The units whose report is dated after the last day that the roster gives them."""
        due = {each.name: each for each in self.roster or () if each.due}
        found = ((unit, due.get(unit.identity)) for unit in self.handed_in)
        return tuple(
            (unit, each) for unit, each in found if each and each.due and unit.dated and unit.dated > each.due
        )

    @cached_property
    def lacking(self) -> tuple[str, ...]:
        """Every unit whose figures should be counted and are not, each once."""
        counted = set(self.covered)
        names = [each.name for each in self.missing]
        names += [left.unit.identity for left in self.left if left.why in _LACKING]
        names += [name for unit in self.counted for name in unit.lacking]
        return tuple(name for name in dict.fromkeys(names) if name not in counted)


_LACKING = frozenset({Why.FAILING, Why.DOUBLE, Why.CLASHING})
"""What a unit is not counted for although it should be."""

Roster = tuple[Expected, ...]
