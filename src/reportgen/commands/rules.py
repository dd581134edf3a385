"""``rules``: the rule book, one page of it, or the rules in whose text some words stand."""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.commands.options import option, supplies
from reportgen.commands.usage import Options, Usage, command
from reportgen.paths import shown
from reportgen.problems import Exit, FileTrouble

if TYPE_CHECKING:
    from reportgen.checks import Rule
    from reportgen.model.demands import Demand
    from reportgen.model.form import Form

_TABLES = (
    *(
        "problems",
        "polish.comparing",
        "signing.seal_place",
        "recognising.faults",
        "checks.answering",
        "checks.running",
        "checks.limits",
    ),
    *(
        "makers.docx_docxtpl",
        "makers.html_fragment.proof",
        "makers.pdf.proof",
        "sources.docx.leftovers",
        "sources.docx.sides",
        "sources.docx.unseen",
    ),
)
"""The modules that tell what the codes of findings stand for."""


_SUMS = ("", "勾稽关系 合计")
"""What a rule that a form declares may be looked for under, beside its own text."""


@command(
    "rules",
    "看检查规则",
    "reportgen rules T3-01",
    "reportgen rules 结转",
    "reportgen rules --rules 编制要求.yaml     列出本机关的编制要求，看写得对不对",
)
@click.argument("asked", nargs=-1, metavar="编号或词", help="规则编号，或规则里的词；省略则列出全部")
@option("--rules", metavar="文件", says="列出这份编制要求（YAML），可以写几次", multiple=True)
def rules(options: Options) -> int:
    """Print the rule book, one page of it, or what is found by words.

    Raises:
        Usage: nothing is found.
    """
    from reportgen.checks import rules_for

    forms = supplies(options, templates=False).forms
    if options.rules:
        return _tell_demands(options.rules, forms)
    known = {rule.code: rule for form in forms for rule in rules_for(form)}
    declared = {code for form in forms for code in form.pages}
    asked = " ".join(options.asked)
    codes = (
        sorted(known)
        if not asked
        else _named(options.asked, known) or _saying(options.asked, known, declared)
    )
    titles = fault_titles() if asked else {}
    if not codes:
        raise Usage(f"没有编号为 {asked} 的规则，也没有哪条规则里有这些字。全部规则：reportgen rules")
    if len(codes) == 1:
        print(_rule_page(known[codes[0]]) if codes[0] in known else f"{codes[0]}  {titles[codes[0]]}")
        return Exit.OK
    for code in codes:
        rule = known.get(code)
        print(f"{code:6} {rule.level.chinese}  {rule.title}" if rule else f"{code:6} 其他  {titles[code]}")
    return Exit.OK


def demands_at(path: Path, forms: tuple["Form", ...]) -> tuple["Demand", ...]:
    """The demands of an office's list.

    Raises:
        FileTrouble: it cannot be read, or something in it is wrong: every fault of it, with its line.
    """
    from reportgen.commands.telling import tell
    from reportgen.store.workspace import demand_list

    demands, faults, lines = demand_list(path, forms)
    errors = tuple(fault for fault in faults if fault.is_error)
    if errors or not demands:
        raise FileTrouble(f"编制要求 {shown(path)} 读不懂，没有检查：\n{tell(errors, lines)}")
    return demands


def _tell_demands(paths: Sequence[Path], forms: tuple["Form", ...]) -> int:
    for path in paths:
        demands = demands_at(path, forms)
        print(f"{demands[0].named}，共 {len(demands)} 条：")
        for number, demand in enumerate(demands, 1):
            why = f"（{demand.why}）" if demand.why else ""
            print(f"{number:3}. {demand.level.chinese}  {demand.words}{why}")
    return Exit.OK


def _named(asked: Sequence[str], known: Mapping[str, "Rule"]) -> list[str]:
    """The codes that were meant, however they are written: ``t3-1`` is T3-01, ``t3`` all that begin so."""
    codes = (*known, *fault_titles())
    whole = [code for code in codes if _key(code) == _key(" ".join(asked))]
    if whole:
        return whole[:1]
    each = [_beginning(word, codes) for word in asked]
    return list(dict.fromkeys(code for found in each for code in found)) if all(each) else []


def _beginning(word: str, codes: Sequence[str]) -> list[str]:
    """The code of a word, else all codes that begin with it."""
    key = _key(word)
    exact = [code for code in codes if _key(code) == key]
    return exact[:1] or sorted(code for code in codes if _key(code)[: len(key)] == key)


def _key(code: str) -> tuple[str | int, ...]:
    """What makes a code: its letters and its numbers."""
    parts = re.findall(r"[A-Z]+|[0-9]+|[^A-Z0-9\s-]", unicodedata.normalize("NFKC", code).upper())
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _saying(asked: tuple[str, ...], known: Mapping[str, "Rule"], declared: Container[str]) -> list[str]:
    """The codes in whose text every one of the words stands, in order.

    Args:
        asked: the words.
        known: the rules by their codes.
        declared: codes of the sums that a form declares, which the form calls 勾稽关系.
    """
    texts = fault_titles() | {
        code: " ".join((rule.title, rule.what, rule.why, rule.basis, rule.advice, _SUMS[code in declared]))
        for code, rule in known.items()
    }
    return sorted(code for code, text in texts.items() if all(word.upper() in text.upper() for word in asked))


def fault_titles() -> dict[str, str]:
    """Code → title of all findings that no rule makes."""
    titles: dict[str, str] = {}
    for name in _TABLES:
        titles |= import_module(f"reportgen.{name}").FAULTS
    return titles


def _rule_page(rule: "Rule") -> str:
    parts = (
        *(("查什么", rule.what), ("为什么", rule.why), ("依据", rule.basis), ("怎么改", rule.advice)),
        ("核对", rule.answering),
    )
    return "\n".join(
        [f"{rule.code}  {rule.title}（{rule.level.chinese}）", *(f"{name}：{text}" for name, text in parts)]
    )
