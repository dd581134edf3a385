"""``rules``: what the program knows."""

from argparse import Namespace
from importlib import import_module

from reportgen.checks import Rule, rules_for
from reportgen.commands.options import Usage, supplies
from reportgen.problems import Exit

_TABLES = (
    *(
        "problems",
        "polish.comparing",
        "signing.seal_place",
        "recognising.faults",
        "checks.answering",
        "checks.running",
    ),
    *(
        "makers.html_fragment.proof",
        "makers.pdf.proof",
        "sources.docx_tables.leftovers",
        "sources.docx_tables.around",
    ),
)
"""The modules that tell what the codes of findings stand for."""


def rules(options: Namespace) -> int:
    """Print the rule book, or one page of it."""
    forms = supplies(options, templates=False).forms
    known = {rule.code: rule for form in forms for rule in rules_for(form)}
    if not options.code:
        for code, rule in sorted(known.items()):
            print(f"{code:6} {rule.level.chinese}  {rule.title}")
        return Exit.OK
    asked = known.get(options.code.upper())
    if asked is None and (title := fault_titles().get(options.code.upper())):
        print(f"{options.code.upper()}  {title}")
        return Exit.OK
    if asked is None:
        raise Usage(f"没有编号为 {options.code} 的规则。全部规则：reportgen rules")
    print(_rule_page(asked))
    return Exit.OK


def fault_titles() -> dict[str, str]:
    """Code → title of all findings that no rule makes."""
    titles: dict[str, str] = {}
    for name in _TABLES:
        titles |= import_module(f"reportgen.{name}").FAULTS
    return titles


def _rule_page(rule: Rule) -> str:
    parts = (("查什么", rule.what), ("为什么", rule.why), ("依据", rule.basis), ("怎么改", rule.advice))
    return "\n".join(
        [f"{rule.code}  {rule.title}（{rule.level.chinese}）", *(f"{name}：{text}" for name, text in parts)]
    )
