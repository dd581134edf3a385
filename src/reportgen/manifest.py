"""The manifest beside a report's files: from what, by what and as what they were made.

It holds no time and no place of this machine: the same input gives the same manifest. The input itself is
kept beside it, so that a polished document can be compared with it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from reportgen.pipeline import Outcome
from reportgen.problems import Finding
from reportgen.storing import digest

_LIBRARIES = ("reportgen", "docxtpl", "python-docx", "pikepdf")


def of(outcome: Outcome) -> dict[str, object]:
    """What the manifest says of an outcome that has a report; the files' digests come when written."""
    from importlib.metadata import version  # slow to import, and only files that are made need it

    report = outcome.report
    assert report is not None
    source = outcome.origin or outcome.material
    levels = [finding.level.value for finding in outcome.findings]
    return {
        "input": {
            "name": PurePath(source.name).name,
            "sha256": digest(source.content),
        },
        "organ": report.organ.name,
        "year": report.year,
        "form": {"id": report.form.id, "basis": report.form.basis},
        "draft": outcome.draft,
        "findings": {level: levels.count(level) for level in ("error", "warning", "note")},
        "remarks": [_remark(finding) for finding in outcome.findings],
        "made": {kind: digest(content) for kind, content in outcome.files.items()},
        "tools": {name: version(name) for name in _LIBRARIES},
        "proofs": {kind: dict(facts) for kind, facts in outcome.facts.items()},
    }


def _remark(finding: Finding) -> dict[str, object]:
    """A finding as ``--json`` prints it, its places without folders of this machine."""
    places = (place._replace(file=PurePath(place.file).name) for place in finding.places)
    return replace(finding, places=tuple(places)).as_json()


def in_words(facts: Mapping[str, object]) -> list[str]:
    """The facts of a proof as a clerk reads them, a line each: pages and kind, fonts that stand in."""
    lines = []
    if pages := facts.get("pages"):
        lines.append(f"{pages} 页，PDF/A-{facts['pdfa']}" if facts.get("pdfa") else f"{pages} 页")
    seal = facts.get("seal")
    if isinstance(seal, Mapping):
        lines.append(f"盖章处：第 {seal['page']} 页，已留签名域")
    stand_ins = facts.get("stand_ins")
    if isinstance(stand_ins, Mapping) and stand_ins:
        pairs = "，".join(f"{family} 代 {official}" for official, family in stand_ins.items())
        lines.append(f"替代字体：{pairs}")
    if borrowed := facts.get("borrowed"):
        lines.append(f"借用字体的生僻字：{borrowed}")
    return lines
