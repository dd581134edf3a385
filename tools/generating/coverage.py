"""Counting what the checker sees: reports without alarms, and changed figures that were caught."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from generating.changes import Change, changed, seldom_changed
from generating.due import due
from generating.judging import NAME, Checker, alarms, points_at
from generating.made import Made, made
from generating.reasons import reason_for, subject_of
from reportgen.model.form import Form
from reportgen.problems import Finding

SELDOM = 4
"""So many changes more of each report are of figures that are few, and are counted for the rules alone."""


@dataclass
class Counts:
    """What was counted over some reports.

    Attributes:
        reports: how many consistent reports were checked.
        seldom: how many figures were changed for the rules alone.
        false: alarms that they gave, each as one line; there should be none.
        changes: how many figures were changed, by subject.
        caught: how many of those were caught, by subject.
        due: how many changes each rule ought to have caught.
        rules: how many of those it did catch.
        besides: how many others it caught too.
        reasons: how many were not caught, by subject and reason.
        missed: changes that a rule should have caught, each as one line; there should be none.
        silent: changes that one rule should have caught, whatever others did, each as one line.
    """

    reports: int = 0
    seldom: int = 0
    false: list[str] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    besides: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Add what was counted elsewhere."""
        self.reports += other.reports
        self.seldom += other.seldom
        self.false += other.false
        self.changes += other.changes
        self.caught += other.caught
        self.due += other.due
        self.rules += other.rules
        self.besides += other.besides
        self.reasons += other.reasons
        self.missed += other.missed
        self.silent += other.silent


def measured(seeds: Iterable[int], changes: int, forms: tuple[Form, ...]) -> Counts:
    """What the checker says of the reports of these seeds, and of so many changes of each."""
    counts = Counts()
    checker = Checker(forms)
    for seed in seeds:
        report = made(seed, forms)
        before = checker.findings(report.text, report.last)
        counts.reports += 1
        counts.false += [_alarm(report, each) for each in alarms(before)]
        draw = Random(f"changes {seed}")
        for _ in range(changes):
            change = changed(report, draw)
            _count(counts, report, change, checker.brought(report, change, before))
        for change in seldom_changed(report, Random(f"seldom {seed}"), SELDOM):
            counts.seldom += 1
            _count_rules(counts, report, change, checker.brought(report, change, before))
    return counts


def _count(counts: Counts, report: Made, change: Change, found: list[Finding]) -> None:
    subject = subject_of(report, change)
    counts.changes[subject] += 1
    _count_rules(counts, report, change, found)
    if any(points_at(each, change) for each in found):
        counts.caught[subject] += 1
        return
    reason = "" if due(report, change) else reason_for(report, change)
    if reason:
        counts.reasons[subject, reason] += 1
    else:
        counts.missed.append(_where(report, change))


def _count_rules(counts: Counts, report: Made, change: Change, found: list[Finding]) -> None:
    wanted, spoke = due(report, change), {each.code for each in found}
    counts.due.update(wanted)
    counts.rules.update(wanted & spoke)
    counts.besides.update(spoke - wanted)
    counts.silent += [f"{code} {_where(report, change)}" for code in sorted(wanted - spoke)]


def _where(report: Made, change: Change) -> str:
    """The seed, the words around the figure, and the change."""
    spot = change.spot
    line = report.text.split("\n")[spot.line - 1]
    first, last = spot.sentence
    words = f"seed {report.seed}, line {spot.line}, “{line[first - 1 : last].strip()}”"
    return f"{words} {spot.name}: {change.old} → {change.new}"


def _alarm(report: Made, finding: Finding) -> str:
    places = "、".join(place.words for place in finding.places if place.file == NAME)
    return (
        f"seed {report.seed}: {finding.code} {finding.message} {finding.expected}｜{finding.found} {places}"
    )
