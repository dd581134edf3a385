"""The cases of the rules: ``tests/checks/<CODE>.yaml``, each a change made to a report without faults.

The tests judge the rules by them, and the list of faults shows what a clerk reads in the first failing one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reportgen.advice import Medium
from reportgen.checks import Context, check_report
from reportgen.model.demands import Demand
from reportgen.model.form import Form
from reportgen.model.report import Report
from reportgen.model.units import Expected, Units, unit_of
from reportgen.problems import Finding, Place
from reportgen.reading import read
from reportgen.reading.demands import demands_of
from reportgen.rollup import Asked, gathered
from reportgen.sources.yaml import read as read_yaml
from reportgen.store.workspace import supplies

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "checks"
BASES = tuple(sorted((path.stem for path in (FOLDER / "base").glob("*.yaml")), reverse=True))
"""The reports without faults that cases change, one for each form, the newest first."""
TAKE_OUT = "~"
"""As a value of a change: the key is taken out."""

_PLAIN = re.compile(r"(?:[\w（《]|[-+]\d)[^:#{}\[\],&*!|>'\"%@`\n]*(?<!\s)")


class WrongCase(ValueError):
    """A case cannot be read as a report."""


@dataclass(frozen=True)
class Case:
    """A change to a report without faults, and what the rule must then find.

    Attributes:
        code: the rule.
        name: what is tried, as a sentence.
        base: the report that is changed: ``2021`` or ``2019``.
        change: the clerk's keys that are put over those of the report; ``~`` takes one out.
        last: the change that makes last year's report; None where there is none.
        words: the words that the office does not want without a look.
        demands: an office's own demands, as its list has them.
        units: the changes that make the reports that it was added up from; None where none are at hand.
        roster: the units that have to hand in; None where nobody says.
        with_errors: True if units with errors count, too.
        finds: what is found, in order, each by some of its members; empty for a case that passes.
    """

    code: str
    name: str
    base: str = "2021"
    change: Mapping[str, Any] = field(default_factory=dict)
    last: Mapping[str, Any] | None = None
    words: tuple[str, ...] = ()
    demands: tuple[Mapping[str, Any], ...] = ()
    units: tuple[Mapping[str, Any], ...] | None = None
    roster: tuple[str, ...] | None = None
    with_errors: str = ""
    finds: tuple[Mapping[str, Any], ...] = ()

    @property
    def text(self) -> str:
        """The changed report as a clerk would have written it."""
        return written(_over(_base(self.base), self.change))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What this rule finds in it."""
        return tuple(finding for finding in self.all_findings() if finding.code == self.code)

    def all_findings(self, medium: Medium = Medium.YAML) -> tuple[Finding, ...]:
        """What all rules find in it, as a clerk reads it who works in this medium."""
        last = None if self.last is None else report_of(written(_over(_base(self.base), self.last)))
        report = report_of(self.text)
        units = None if self.units is None else self._units(report)
        words, demands = tuple(self.words), self._demands()
        context = Context(last=last, strict=True, words=words, units=units, demands=demands, medium=medium)
        return check_report(report, context)

    def _demands(self) -> tuple[Demand, ...]:
        """The demands as they are read from a list."""
        if not self.demands:
            return ()
        text = json.dumps({"名称": "某市编制要求", "要求": self.demands}, ensure_ascii=False)
        node, _ = read_yaml(text.encode(), "要求.yaml", forms())
        demands, faults = demands_of(node, forms()) if node else ((), ())
        if faults or not demands:
            raise WrongCase(f"{faults}\n{text}")
        return demands

    def _units(self, report: Report) -> Units:
        """The reports that this one was added up from, judged, as a roll-up gathers them."""
        reports = [report_of(written(_over(_base(self.base), change))) for change in self.units or ()]
        units = [
            unit_of(each, f"{number}.yaml", check_report(each, Context(strict=True)))
            for number, each in enumerate(reports, 1)
        ]
        roster = None if self.roster is None else tuple(Expected(name) for name in self.roster)
        return gathered(units, Asked(report.form, report.year, roster, bool(self.with_errors)))


def cases_of(path: Path) -> tuple[Case, ...]:
    """The cases in a file, those that pass before those that fail."""
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    if set(data) != {"pass", "fail"}:
        raise WrongCase(f"{path.name}: {sorted(data)}")
    passing = tuple(Case(path.stem, **case) for case in data["pass"])
    failing = tuple(Case(path.stem, **case) for case in data["fail"])
    if any(case.finds for case in passing) or not all(case.finds for case in failing):
        raise WrongCase(f"{path.name}: only failing cases find something")
    return passing + failing


def all_cases() -> tuple[Case, ...]:
    """The cases of all rules by code."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in cases_of(path))


@cache
def forms() -> tuple[Form, ...]:
    """Every form of the repository, the oldest first."""
    return supplies(templates=False).forms


def report_of(text: str, known: tuple[Form, ...] = ()) -> Report:
    """The report that a clerk's text gives, on one of the forms ``known`` or else of the repository's.

    Raises:
        WrongCase: where it cannot be read without faults of its own.
    """
    known = known or forms()
    node, findings = read_yaml(text.encode(), "年报.yaml", known)
    report, more = read(node, known) if node else (None, ())
    faults = [finding for finding in (*findings, *more) if finding.is_error]
    if report is None or faults:
        raise WrongCase(f"{faults}\n{text}")
    return report


def at(place: Place, text: str) -> str:
    """What stands at a place of a text, to the end of its line."""
    return text.split("\n")[place.line - 1][place.column - 1 :]


@cache
def _base(name: str) -> Mapping[str, Any]:
    text = (FOLDER / "base" / f"{name}.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = yaml.load(text, yaml.BaseLoader)
    return data


def _over(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The base with the change over it, mapping by mapping."""
    data = dict(base)
    for key, value in change.items():
        if value == TAKE_OUT:
            data.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(data.get(key), Mapping):
            data[key] = _over(data[key], value)
        else:
            data[key] = value
    return {key: value for key, value in data.items() if value != {}}


def written(data: Mapping[str, Any], indent: str = "") -> str:
    """Keys and values as YAML in the way a clerk writes it."""
    return "".join(f"{indent}{_scalar(key)}:{_value(value, indent + '  ')}\n" for key, value in data.items())


def _value(value: Any, indent: str) -> str:
    if isinstance(value, Mapping):
        return "\n" + written(value, indent).rstrip("\n")
    if isinstance(value, list):
        return "".join(f"\n{indent}- {_scalar(item)}" for item in value)
    if "\n" in value:
        lines = value.rstrip("\n").split("\n")
        return " |" + "".join(f"\n{indent}{line}" if line.strip() else "\n" for line in lines)
    return f" {_scalar(value)}" if value else ""


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
