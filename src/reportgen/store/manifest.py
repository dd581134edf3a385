"""The manifest beside a report's files: their source, the tools that made them, their digests.

It holds no time and no place of this machine: the same input gives the same manifest. The input itself is
kept beside it, so that a polished document can be compared with it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from reportgen.itself import version_of
from reportgen.model.form import Form
from reportgen.pipeline import Outcome
from reportgen.problems import Finding, Level

LARGEST = 8 * 1024 * 1024
"""Bytes of the largest manifest that is read: thousands of remarks need less."""

_LIBRARIES = ("reportgen", "docxtpl", "python-docx", "pikepdf", "pypdf")
_DEEPEST = 12
"""No manifest of ours is nested deeper; one that exhausts the stack is."""


def digest(content: bytes) -> str:
    """The digest that manifests hold."""
    return hashlib.sha256(content).hexdigest()


def of(outcome: Outcome, fingerprints: Mapping[str, str] = MappingProxyType({})) -> dict[str, object]:
    """What the manifest says of an outcome that has a report; the files' digests come when written.

    Args:
        outcome: what the pipeline gave.
        fingerprints: kind → one digest of all that such a file was made from, programs and fonts too.
    """
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
        "form": {"id": report.form.id, "basis": report.form.basis} | _kind(report.form),
        "draft": outcome.draft,
        "findings": {level: levels.count(level) for level in ("error", "warning", "note")},
        "remarks": [_remark(finding) for finding in outcome.findings],
        "made": {kind: digest(content) for kind, content in outcome.files.items()},
        "fingerprints": {kind: fingerprints[kind] for kind in outcome.files if kind in fingerprints},
        "tools": {name: version_of(name) for name in _LIBRARIES},
        "proofs": {kind: dict(facts) for kind, facts in outcome.facts.items()},
    }


def _kind(form: Form) -> dict[str, str]:
    """The kind of document, unless it is the ordinary one."""
    return {} if form.ordinary else {"kind": form.name}


def of_report(said: Mapping[str, Any]) -> tuple[str, int, str]:
    """Organ, year and kind of the report that a manifest is of; the kind is empty for the ordinary one."""
    return said.get("organ", ""), said.get("year", 0), said.get("form", {}).get("kind", "")


def _remark(finding: Finding) -> dict[str, object]:
    """A finding as ``--json`` prints it, its places without folders of this machine."""
    places = (place._replace(file=PurePath(place.file).name) for place in finding.places)
    return replace(finding, places=tuple(places)).as_json()


def in_words(facts: Mapping[str, object]) -> list[str]:
    """The facts of a proof as a clerk reads them, a line each: pages and kind, fonts that stand in."""
    lines = []
    if pages := facts.get("pages"):
        kinds = (("PDF/A", facts.get("pdfa")), ("PDF/UA", facts.get("pdfua")))
        lines.append("，".join([f"{pages} 页", *(f"{name}-{part}" for name, part in kinds if part)]))
    if facts.get("elsewhere"):
        lines.append(f"由 {facts.get('producer') or '别的程序'} 印出，与 Word 文件逐字相同")
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


def understood(content: bytes) -> dict[str, Any] | None:
    """What the text of a manifest says, if it has the shape of ours: it may have been edited, or mean harm.

    Every entry has the type that it must have, so callers need not check again; but anything except the
    list of files may be absent.
    """
    try:
        said = json.loads(content)
        json.dumps(said, ensure_ascii=False).encode()  # half a surrogate pair can be read, but not written
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or "files" not in said or not _is_shallow(said, _DEEPEST):
        return None
    return said if all(fits(said[name]) for name, fits in _SHAPES.items() if name in said) else None


def is_whole(said: Mapping[str, Any]) -> bool:
    """True if a manifest says what a report's archive must know."""
    return {"organ", "year", "form"} <= said.keys()


def is_plain(name: str) -> bool:
    """True if a name leads to a file of the folder itself and nowhere else."""
    return bool(name) and name not in {".", ".."} and not any(sign in name for sign in "/\\:\0")


def _is_shallow(value: object, left: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left > 0 and all(_is_shallow(each, left - 1) for each in inner)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def _each(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(map(fits, value.values()))


def _has(*needed: str, **shapes: Callable[[object], bool]) -> Callable[[object], bool]:
    """A test for an object with the needed members, and with members of these types where it has them."""
    return lambda value: (
        isinstance(value, dict)
        and all(name in value for name in needed)
        and all(fits(value[name]) for name, fits in shapes.items() if name in value)
    )


def _are(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


def _is_copy(value: object) -> bool:
    return isinstance(value, str) and (not value or is_plain(value))


def _are_files(value: object) -> bool:
    return (
        _each(_has("sha256", sha256=_is_text))(value)
        and isinstance(value, dict)
        and all(map(is_plain, value))
    )


_ANSWER = _has("reason", "level", reason=_is_text, level=_is_text)
_REMARK = _has(
    *("code", "level", "message"),
    **dict.fromkeys(("code", "level", "message"), _is_text),
    answer=lambda value: value is None or _ANSWER(value),
)
_PROOF = _has(fonts=_are(_is_text), producer=_is_text)
_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "files": _are_files,
    "input": _has(name=_is_text, sha256=_is_text, copy=_is_copy),
    "organ": _is_text,
    "year": _is_number,
    "form": _has("basis", basis=_is_text, kind=_is_text),
    "draft": lambda value: isinstance(value, bool),
    "findings": _each(_is_number),
    "remarks": _are(_REMARK),
    "made": _each(_is_text),
    "fingerprints": _each(_is_text),
    "tools": _each(_is_text),
    "proofs": _each(_PROOF),
}
"""Member → whether what it holds is of the kind that we write."""


# ── what of an earlier run still holds ───────────────────────────────────────────────────────────────

_OF_KIND = {"pdf": ("P", "S"), "html": ("H",)}
"""Kind → the first letters of the codes of findings about such a file itself."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the manifest said before, and what this run says."""

    before: Mapping[str, Any]
    now: Mapping[str, Any]

    @property
    def instead(self) -> str:
        """The name of the other input that the files were made of before; empty where it is the same."""
        old, new = (_input(each) for each in (self.before, self.now))
        return str(old.get("name", "")) if old.get("name") != new.get("name") else ""

    def with_earlier(self, docx: str) -> dict[str, Any]:
        """What the manifest says now, with the earlier files that are still true.

        Args:
            docx: the name of the report's Word file.
        """
        kept = self._kept(docx)
        if not kept:
            return dict(self.now)
        remarks = [*self.now["remarks"], *self._remarks(kept)]
        levels = [remark["level"] for remark in remarks]
        proofs = {kind: self.before.get("proofs", {}).get(kind, {}) for kind in kept}
        prints = self.before.get("fingerprints", {})
        return {
            **self.now,
            "made": {**kept, **self.now["made"]},
            "fingerprints": {
                **{kind: prints[kind] for kind in kept if kind in prints},
                **self.now["fingerprints"],
            },
            "proofs": {**proofs, **self.now["proofs"]},
            "remarks": remarks,
            "findings": {level: levels.count(level) for level in self.now["findings"]},
        }

    def _kept(self, docx: str) -> dict[str, str]:
        """Kinds and digests of files that this run did not make and would have made the same."""
        same = (
            _input(self.before).get("sha256") == _input(self.now).get("sha256")
            and all(self.before.get(key) == self.now.get(key) for key in ("draft", "tools"))
            and _sum(self.before, docx) == _sum(self.now, docx) != ""
        )
        there = {entry["sha256"] for entry in self.now["files"].values()}
        made = self.before.get("made", {}) if same else {}
        return {kind: sha for kind, sha in made.items() if kind not in self.now["made"] and sha in there}

    def _remarks(self, kept: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """What the earlier run said of these files."""
        letters = tuple(letter for kind in kept for letter in _OF_KIND.get(kind, ()))
        now = self.now["remarks"]
        said = self.before.get("remarks", ())
        return [remark for remark in said if remark["code"].startswith(letters) and remark not in now]


def remarks_on_files(said: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What the manifest says of the made files themselves, as findings: all else is found anew every time."""
    letters = tuple(letter for each in _OF_KIND.values() for letter in each)
    remarks = [each for each in said.get("remarks", ()) if each["code"].startswith(letters)]
    told = ("expected", "found", "fix", "basis")
    return tuple(
        Finding(
            each["code"],
            Level(each["level"]),
            each["message"],
            **{name: each[name] for name in told if isinstance(each.get(name), str)},
        )
        for each in remarks
        if each["level"] in set(Level)
    )


def _input(said: Mapping[str, Any]) -> Mapping[str, Any]:
    entry = said.get("input")
    return entry if isinstance(entry, dict) else {}


def _sum(said: Mapping[str, Any], name: str) -> str:
    return str(said.get("files", {}).get(name, {}).get("sha256", ""))
