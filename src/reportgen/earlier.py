"""What of an earlier run still stands: files made of the same input and the same Word file. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
        return {
            **self.now,
            "made": {**kept, **self.now["made"]},
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


def _input(said: Mapping[str, Any]) -> Mapping[str, Any]:
    entry = said.get("input")
    return entry if isinstance(entry, dict) else {}


def _sum(said: Mapping[str, Any], name: str) -> str:
    return str(said.get("files", {}).get(name, {}).get("sha256", ""))
