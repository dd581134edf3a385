"""The manifest beside a report's files: from what, by what and as what they were made.

It holds no time and no place of this machine: the same input gives the same manifest.
"""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import PurePath

from reportgen.pipeline import Outcome

_LIBRARIES = ("reportgen", "docxtpl", "python-docx")


def of(outcome: Outcome) -> dict[str, object]:
    """What the manifest says of an outcome that has a report; the files' digests come when written."""
    report = outcome.report
    assert report is not None
    levels = [finding.level.value for finding in outcome.findings]
    return {
        "input": {
            "name": PurePath(outcome.material.name).name,
            "sha256": hashlib.sha256(outcome.material.content).hexdigest(),
        },
        "organ": report.organ.name,
        "year": report.year,
        "form": {"id": report.form.id, "basis": report.form.basis},
        "draft": outcome.draft,
        "findings": {level: levels.count(level) for level in ("error", "warning", "note")},
        "tools": {name: version(name) for name in _LIBRARIES},
        "proofs": {kind: dict(facts) for kind, facts in outcome.facts.items()},
    }


def in_words(facts: Mapping[str, object]) -> str:
    """The facts of a proof as a clerk reads them: pages, the kind of PDF, fonts that stand in for others."""
    said = []
    if pages := facts.get("pages"):
        said.append(f"{pages} 页")
    if pdfa := facts.get("pdfa"):
        said.append(f"{pdfa}")
    stand_ins = facts.get("stand_ins")
    if isinstance(stand_ins, Mapping) and stand_ins:
        said.append("字体替代：" + "、".join(f"{official}→{found}" for official, found in stand_ins.items()))
    return "，".join(said)
