"""Checks: what may be wrong with a report. One function a rule, one module a subject.

A module in this folder holds rules as values (functions under ``@rule``), or makes them from a form in
``rules_of(form)``; they are for every kind of document. A folder in it has the name of a kind, as in
``templates/``, and the rules of that kind alone. Folders are listed; nothing is registered.

A rule gets the report and what else it may know, and gives the faults it finds, each with the report's parts
concerned; it stays silent where the form lacks what it speaks of. Every rule has its cases in
``tests/checks/<CODE>.yaml``.
"""

from reportgen.checks.contract import Check, Context, Fault, Rule, rule
from reportgen.checks.running import DoubledRule, answers_bound, check_report, place_of, rules_for

__all__ = [
    "Check",
    "Context",
    "DoubledRule",
    "Fault",
    "Rule",
    "answers_bound",
    "check_report",
    "place_of",
    "rule",
    "rules_for",
]
