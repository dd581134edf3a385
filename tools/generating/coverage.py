"""Counting what the checker sees: reports without alarms, and changed figures that were caught."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from generating.changes import Change, changed
from generating.judging import NAME, Checker, alarms
from generating.made import Made, made
from generating.reasons import reason_for, subject_of
from reportgen.form import Form
from reportgen.problems import Finding


@dataclass
class Counts:
    """What was counted over some reports.

    Attributes:
        reports: how many consistent reports were checked.
        false: alarms that they gave, each as one line; there should be none.
        changes: how many figures were changed, by subject.
        caught: how many of those were caught, by subject.
        rules: how many changes each rule caught.
        reasons: how many were not caught, by subject and reason.
        missed: changes that a rule should have caught, each as one line; there should be none.
    """

    reports: int = 0
    false: list[str] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Add what was counted elsewhere."""
        self.reports += other.reports
        self.false += other.false
        self.changes += other.changes
        self.caught += other.caught
        self.rules += other.rules
        self.reasons += other.reasons
        self.missed += other.missed


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
            _count(counts, report, change, checker.catchers(report, change, before))
    return counts


def _count(counts: Counts, report: Made, change: Change, codes: list[str]) -> None:
    subject = subject_of(report, change)
    counts.changes[subject] += 1
    if codes:
        counts.caught[subject] += 1
        counts.rules.update(set(codes))
        return
    reason = reason_for(report, change)
    if reason:
        counts.reasons[subject, reason] += 1
    else:
        counts.missed.append(f"{_where(report, change)} {change.spot.name}: {change.old} → {change.new}")


def _where(report: Made, change: Change) -> str:
    """The seed and the words around the figure."""
    spot = change.spot
    line = report.text.split("\n")[spot.line - 1]
    first, last = spot.sentence
    return f"seed {report.seed}, line {spot.line}, “{line[first - 1 : last].strip()}”"


def _alarm(report: Made, finding: Finding) -> str:
    places = "、".join(place.words for place in finding.places if place.file == NAME)
    return (
        f"seed {report.seed}: {finding.code} {finding.message} {finding.expected}｜{finding.found} {places}"
    )
