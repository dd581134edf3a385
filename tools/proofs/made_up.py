"""Reports made up by seed, right in every figure: no alarm, and a Word file that says the same."""

from pathlib import Path

from generating.judging import alarms
from generating.made import Made, reports
from made import gathered, outcome_of
from proofs import Proof, Tried

_SHORT, _LONG = 40, 2_000
_FIRST = 20_000
"""The first seed: other reports than those of docs/checker-coverage-generated.md."""


def _run(long: bool, folder: Path) -> Tried:
    del folder  # nothing is written
    count = _LONG if long else _SHORT
    made = reports(range(_FIRST, _FIRST + count), gathered().forms)
    faults = [fault for report in made if (fault := _fault(report))]
    return Tried({"reports checked, printed in Word and read back": count}, tuple(faults))


def _fault(report: Made) -> str:
    """What is wrong with what came of a report; empty where nothing is."""
    outcome = outcome_of(report.text, "docx")
    told = [f"{finding.code} {finding.message}" for finding in alarms(outcome.findings)]
    told += map(str, outcome.failures)
    if "docx" not in outcome.files:
        told.append("no Word file")
    return f"seed {report.seed}: {'; '.join(told)}" if told else ""


PROOF = Proof(
    "made_up",
    "A report that is right in every figure gives no alarm, and its Word file reads back equal.",
    _run,
)
