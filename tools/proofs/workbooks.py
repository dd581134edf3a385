"""Made-up reports into workbooks and back: nothing is lost."""

from pathlib import Path

from found import without_places
from generating.made import Made, reports
from made import gathered
from proofs import Proof, Tried
from reportgen.examining import Material, examine
from sheets import examined, made_of

_SHORT, _LONG = 24, 1_000
_FIRST = 60_000
"""The first seed: other reports than those of the other proofs."""


def _run(long: bool, folder: Path) -> Tried:
    del folder  # nothing is written
    count = _LONG if long else _SHORT
    made = reports(range(_FIRST, _FIRST + count), gathered().forms)
    faults = [f"seed {each.seed}: {fault}" for each in made if (fault := _fault(each))]
    return Tried({"reports written into a workbook and read back": count}, tuple(faults))


def _fault(made: Made) -> str:
    """What is lost of a report; empty where nothing is."""
    before = examine(Material("年报.yaml", made.text.encode()), gathered())
    after = examined(made_of(made.text))
    if before.report is None or after.report is None:
        return "no report"
    was, now = without_places(before.report), without_places(after.report)
    lost = [name for name in was if was[name] != now[name]]
    if [each.code for each in before.findings] != [each.code for each in after.findings]:
        lost.append("findings")
    return ", ".join(lost)


PROOF = Proof(
    "workbooks",
    "A report written into a workbook and read back is the same report with the same findings.",
    _run,
)
