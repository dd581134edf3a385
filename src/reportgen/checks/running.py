"""Running the rules of this folder over a report; faults of one cause in many cells are one finding."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from types import ModuleType

import reportgen.checks
from reportgen.advice import Medium
from reportgen.checks.answering import Answering, bound, sentence_of
from reportgen.checks.contract import NOTICE, Context, Fault, Rule, of_editions
from reportgen.checks.limits import judged
from reportgen.model.form import CellKey, Form
from reportgen.model.keys import LAST_YEAR
from reportgen.model.report import Answer, Report
from reportgen.problems import Finding, Level, Place

FAULTS: dict[str, str] = {"X99": "一条规则没有查成（程序出错）"}
"""Code → what is wrong, as the list of faults names it."""

_HERE = __name__.rpartition(".")[0]
_LEFT = "X14"
"""Tells the marks of last year's text."""

MOST = 200
"""So many findings of one rule are told; how many more there are, the last one says."""

ROW = 3
"""From so many cells of one row on, they are one fault."""

TABLE = 8
"""From so many cells of one table on, they are one fault, whatever their rows."""

_NAMED = 5
"""So many rows of a table are named."""

_Line = tuple[str, ...]


class DoubledRule(ValueError):
    """Two rules have the same code."""


@cache
def _modules(kind: str) -> tuple[ModuleType, ...]:
    """The modules with the rules of a kind: those of the folder, and those of the kind's own in it."""
    found = list(iter_modules(reportgen.checks.__path__))
    names = [f"{_HERE}.{info.name}" for info in found if not info.ispkg]
    if any(info.ispkg and info.name == kind for info in found):
        own = import_module(f"{_HERE}.{kind}")
        names += [info.name for info in walk_packages(own.__path__, f"{own.__name__}.")]
    return tuple(import_module(name) for name in names)


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
            _sorted(_told(each, form) for module in _modules(form.kind) for each in _held(module, form)),
        )
    return kept[1]


def _held(module: ModuleType, form: Form) -> Iterator[Rule]:
    shared = module.__package__ == reportgen.checks.__name__
    for value in vars(module).values():
        if isinstance(value, Rule):
            yield _of_kind(value, form) if shared else value
    if hasattr(module, "rules_of"):
        yield from module.rules_of(form)


_ORDINARY = re.compile("《条例》|年报格式|国办公开办函")
"""What only rules for the ordinary kind rest on."""


def _of_kind(one: Rule, form: Form) -> Rule:
    """A rule for every kind with what it rests on in this one: the form, where nothing else is left."""
    if form.ordinary or not _ORDINARY.search(one.basis):
        return one
    left = [each for each in one.basis.split("；") if not _ORDINARY.search(each)]
    return replace(one, basis="；".join(left) or NOTICE)


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
    """Everything the rules find in a report, in the order of their codes; what was answered is a note."""
    rules = rules_for(report.form)
    report, unjudged = judged(report)
    grounds = {each.code: each.ground for each in rules}
    answering = Answering(report.answers, grounds, context)
    found = answering.weighed([*unjudged, *_found(rules, report, context)])
    return tuple(each.told_in(context.medium) for each in found)


def answers_bound(report: Report, context: Context) -> tuple[Answer, ...]:
    """The answers of a report, each with the very sentences that it answers there.

    So they hold for a document that was made from the report, and for those sentences alone.
    """
    if not report.answers:
        return ()
    found = _found(rules_for(report.form), report, replace(context, medium=Medium.YAML))
    return tuple(bound(report.answers, found))


def _found(rules: Iterable[Rule], report: Report, context: Context) -> list[Finding]:
    judging = [rule for rule in rules if not (rule.by_year and report.year_is_assumed)]
    found = [each for rule in judging for each in run_rule(rule, report, context)]
    carried = _carried_over(report) if LAST_YEAR in report.words else frozenset()
    return [each for each in found if each.code == _LEFT or not carried.intersection(each.about)]


def _carried_over(report: Report) -> frozenset[str]:
    """The parts that still bear the mark of last year's text: that is their one fault."""
    marked = {
        key: [at for at, each in enumerate(prose, 1) if each.text.startswith(LAST_YEAR)]
        for key, prose in report.prose.items()
    }
    return frozenset(
        part
        for key, numbers in marked.items()
        if numbers
        for part in (key, *(f"{key}.{at}" for at in numbers))
    )


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
    if not faults:  # as of nearly every rule
        return crashed
    told = list(told_once(faults, report.form))
    untold = [_untold(one, len(told) - MOST)] if len(told) > MOST else []
    return [*(_stamped(one, fault, report) for fault in told[:MOST]), *crashed, *untold]


def _untold(one: Rule, more: int) -> Finding:
    """The last finding of a rule that found too many."""
    said = f"同类问题还有 {more} 处，没有一一列出。"
    return Finding(one.code, one.level, said, fix="请先改好已经列出的，再检查一次。", basis=one.basis)


def _of_no_table(fault: Fault, report: Report) -> bool:
    """True for a fault of figures whose whole table nobody gave: that is one fault, told by the reading."""
    tables = {report.form.index[key][0].key for key in fault.about if isinstance(key, CellKey)}
    return any(f"table.{key}" not in report.places for key in tables)


def _stamped(one: Rule, fault: Fault, report: Report) -> Finding:
    ground = fault.ground or one.ground
    return Finding(
        code=one.code,
        level=fault.level or one.level,
        message=fault.message,
        places=fault.places or tuple(_places(fault.about, report)),
        expected=fault.expected,
        found=fault.found,
        fix=fault.fix or one.advice,
        basis=one.basis,
        about=tuple(map(str, fault.about)),
        ground=ground,
        sentence=sentence_of(fault, report) if ground.answerable else "",
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


# ── faults of one cause in many cells: told once for a row or a table, with their count ───────────────


def told_once(faults: Iterable[Fault], form: Form) -> Iterator[Fault]:
    """The faults of one rule; where many are about one cell each, those of a row or a table as one.

    Args:
        faults: of one rule, in its order.
        form: the report's.

    Yields:
        The faults in their order, each that stands for several where the first of them stood. It is about
        all their cells, and its message says how many they are.
    """
    faults = list(faults)
    if len(faults) < ROW:
        yield from faults
        return
    lines = [_line(fault, form) for fault in faults]
    rows = Counter((fault.level, line) for fault, line in zip(faults, lines, strict=True) if line)
    tables = Counter((fault.level, line[0]) for fault, line in zip(faults, lines, strict=True) if line)
    groups: dict[object, list[int]] = {}
    for number, (fault, line) in enumerate(zip(faults, lines, strict=True)):
        key: object = number
        if line and tables[fault.level, line[0]] >= TABLE:
            key = (fault.level, line[0])
        elif line and rows[fault.level, line] >= ROW:
            key = (fault.level, line)
        groups.setdefault(key, []).append(number)
    for numbers in groups.values():
        yield _as_one([faults[number] for number in numbers], [lines[number] for number in numbers])


def _line(fault: Fault, form: Form) -> _Line:
    """The row, behind its table's name, of a fault that is about one cell; empty for any other."""
    if len(fault.about) != 1 or fault.places:
        return ()
    (key,) = fault.about
    return form.paths[key][:-1] if isinstance(key, CellKey) else ()


def _as_one(faults: Sequence[Fault], lines: Sequence[_Line]) -> Fault:
    """One fault for several of one cause; a single one as it is."""
    first = faults[0]
    if len(faults) == 1:
        return first
    return replace(
        first,
        message=f"{first.message}{_count(lines)}",
        about=tuple(key for fault in faults for key in fault.about),
        expected=_together(fault.expected for fault in faults),
        found=_together(fault.found for fault in faults),
    )


def _count(lines: Sequence[_Line]) -> str:
    """How many cells it is, and of which rows."""
    rows = Counter("·".join(line[1:]) for line in lines)
    if len(rows) == 1:
        return f"这一行这样的共有 {len(lines)} 格。"
    named = "、".join(f"{row} {count} 格" for row, count in rows.most_common(_NAMED))
    more = "等" if len(rows) > _NAMED else ""
    return f"这张表这样的共有 {len(lines)} 格：{named}{more}。"


def _together(sides: Iterable[str]) -> str:
    """What several faults expected or found, each once, the first of them where they are many."""
    different = [side for side in dict.fromkeys(sides) if side]
    return "、".join(different[:_NAMED]) + (" 等" if len(different) > _NAMED else "")
