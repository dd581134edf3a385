"""Running the rules of this folder over a report."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import reportgen.checks
from reportgen.checks.alike import told_once
from reportgen.checks.answering import answered
from reportgen.checks.contract import Context, Fault, Rule, of_editions
from reportgen.checks.limits import judged
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Finding, Level, Place

FAULTS: dict[str, str] = {"X99": "一条规则没有查成（程序出错）"}
"""Code → what is wrong, as the list of faults names it."""

MOST = 200
"""So many findings of one rule are told; how many more there are, the last one says."""


class DoubledRule(ValueError):
    """Two rules have the same code."""


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(
        import_module(info.name) for info in walk_packages(reportgen.checks.__path__, "reportgen.checks.")
    )


_known: dict[str, tuple[Form, tuple[Rule, ...]]] = {}


def rules_for(form: Form) -> tuple[Rule, ...]:
    """Every rule for reports on this form, sorted by code.

    Raises:
        DoubledRule: where two rules have one code.
    """
    kept = _known.get(form.id)
    if kept is None or kept[0] is not form:
        kept = _known[form.id] = (
            form,
            _sorted(_told(each, form) for module in _modules() for each in _held(module, form)),
        )
    return kept[1]


def _held(module: ModuleType, form: Form) -> Iterator[Rule]:
    yield from (value for value in vars(module).values() if isinstance(value, Rule))
    if hasattr(module, "rules_of"):
        yield from module.rules_of(form)


def _told(one: Rule, form: Form) -> Rule:
    """The rule with its page said of the forms that there are."""
    what, basis = (of_editions(text, form.editions) for text in (one.what, one.basis))
    return one if (what, basis) == (one.what, one.basis) else replace(one, what=what, basis=basis)


def _sorted(rules: Iterator[Rule]) -> tuple[Rule, ...]:
    by_code: dict[str, Rule] = {}
    for each in rules:
        if by_code.setdefault(each.code, each) is not each:
            raise DoubledRule(each.code)
    return tuple(by_code[code] for code in sorted(by_code))


def check_report(report: Report, context: Context) -> tuple[Finding, ...]:
    """Everything the rules find in a report, in the order of their codes; answered warnings become notes."""
    rules = rules_for(report.form)
    report, unjudged = judged(report)
    judging = [rule for rule in rules if not (rule.by_year and report.year_is_assumed)]
    findings = [*unjudged, *(each for rule in judging for each in run_rule(rule, report, context))]
    if not report.answers:
        return tuple(findings)
    return tuple(answered(findings, dict(report.answers), {each.code for each in rules}))


def run_rule(one: Rule, report: Report, context: Context) -> list[Finding]:
    """What one rule finds.

    A crash of the rule ends it and becomes finding X99, or is raised where the context is strict.
    """
    faults: list[Fault] = []
    crashed: list[Finding] = []
    try:
        for fault in one.check(report, context):
            if not _of_no_table(fault, report):
                faults.append(fault)
    except Exception as bug:
        if context.strict:
            raise
        crashed = [_crash(one, bug)]
    told = list(told_once(faults, report.form))
    untold = [_untold(one, len(told) - MOST)] if len(told) > MOST else []
    return [*(_stamped(one, fault, report, context) for fault in told[:MOST]), *crashed, *untold]


def _untold(one: Rule, more: int) -> Finding:
    """The last finding of a rule that found too many."""
    said = f"同类问题还有 {more} 处，没有一一列出。"
    return Finding(one.code, one.level, said, fix="请先改好已经列出的，再检查一次。", basis=one.basis)


def _of_no_table(fault: Fault, report: Report) -> bool:
    """True for a fault of figures whose whole table nobody gave: that is one fault, told by the reading."""
    tables = {report.form.index[key][0].key for key in fault.about if isinstance(key, CellKey)}
    return any(f"table.{key}" not in report.places for key in tables)


def _stamped(one: Rule, fault: Fault, report: Report, context: Context) -> Finding:
    return Finding(
        code=one.code,
        level=fault.level or one.level,
        message=fault.message,
        places=fault.places or tuple(_places(fault.about, report)),
        expected=fault.expected,
        found=fault.found,
        fix=fault.fix or (one.fix if context.of_document else one.advice),
        basis=one.basis,
        about=tuple(map(str, fault.about)),
    )


def _places(about: tuple[CellKey | str, ...], report: Report) -> list[Place]:
    """Where the parts stand, each place once, in the order of the parts."""
    found = (report.place_of(key) if isinstance(key, CellKey) else place_of(key, report) for key in about)
    return list(dict.fromkeys(place for place in found if place))


def place_of(key: str, report: Report) -> Place | None:
    """Where a field or a paragraph (``overview.3``) stands; None where it is not known."""
    name, _, number = key.partition(".")
    if number.isdigit() and int(number) <= len(report.prose.get(name, ())):
        return report.prose[name][int(number) - 1].place
    return report.places.get(key)


def _crash(one: Rule, bug: Exception) -> Finding:
    """A bug of ours, told to the clerk: the check is missing, the report is not to blame."""
    return Finding(
        "X99",
        Level.WARNING,
        f"规则 {one.code}（{one.title}）没有查成：程序出错。其余规则照常检查。",
        found=f"{type(bug).__name__}: {bug}",
        fix=f"请人工核对这一项（{one.what}）并把这条信息转告程序的维护者。",
    )
