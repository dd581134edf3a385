"""What an earlier run made of a report, found by what it was made from: a second run makes only the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportgen.pipeline import Outcome
from reportgen.problems import FileTrouble
from reportgen.store.disk import read_bytes
from reportgen.store.manifest import digest, remarks_on_files
from reportgen.store.storing import MANIFEST, Written, found_manifest, outsigned

Fingerprints = Mapping[str, str]
"""Kind of file → one digest of all that it is made from."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run made of a report and still lies there as it was made.

    Attributes:
        written: the files.
        said: the manifest.
    """

    written: Written
    said: Mapping[str, Any]

    def outcome(self, now: Outcome) -> Outcome:
        """What the rules say today, with what was found out when the files were made."""
        kinds = self.written.files
        proofs = self.said.get("proofs", {})
        return replace(
            now,
            findings=now.findings + remarks_on_files(self.said),
            facts={kind: proofs[kind] for kind in kinds if kind in proofs},
        )


class Outputs:
    """The outputs folder as earlier runs left it. Of each report only a digest is kept in memory."""

    def __init__(self, out: Path) -> None:
        """Read the manifests of the folder; one that is not ours, or tells of errors, is passed over."""
        self._folders: dict[str, Path] = {}
        for manifest in out.glob(f"*/*/{MANIFEST}"):
            said = found_manifest(manifest.parent) or {}
            for fingerprint in said.get("fingerprints", {}).values():
                self._folders[fingerprint] = manifest.parent

    def find(self, fingerprints: Fingerprints) -> Earlier | None:
        """What was made of a report from the very same; None where anything is missing or was edited."""
        folders = {self._folders.get(each) for each in fingerprints.values()}
        folder = folders.pop() if len(folders) == 1 else None
        return earlier_in(folder, fingerprints) if folder else None


def earlier_in(folder: Path, fingerprints: Fingerprints) -> Earlier | None:
    """The same for the folder in which it lies."""
    said = found_manifest(folder)
    if said is None or said.get("draft") or said.get("findings", {}).get("error"):
        return None
    if any(said.get("fingerprints", {}).get(kind) != each for kind, each in fingerprints.items()):
        return None
    files = {kind: _file(folder, said, kind) for kind in fingerprints}
    there = {kind: path for kind, path in files.items() if path is not None}
    if len(there) < len(files) or not _has_input(folder, said):
        return None
    stem = next(iter(there.values())).stem
    return Earlier(
        Written(folder, there, _stale(folder, said), outsigned=outsigned(folder, stem, said)), said
    )


def _has_input(folder: Path, said: Mapping[str, Any]) -> bool:
    """True if the input that the files were made from lies beside them, as far as one was kept."""
    name = said.get("input", {}).get("copy", "")
    entry = said["files"].get(name, {})
    try:
        return not name or digest(read_bytes(folder / name)) == entry.get("sha256")
    except FileTrouble:
        return False


def _stale(folder: Path, said: Mapping[str, Any]) -> tuple[Path, ...]:
    """Files of earlier runs that are not made from the same."""
    current = set(said.get("made", {}).values())
    copy = said.get("input", {}).get("copy", "")
    return tuple(
        folder / name
        for name, entry in said["files"].items()
        if name != copy
        and not entry.get("polished")
        and entry["sha256"] not in current
        and (folder / name).exists()
    )


def _file(folder: Path, said: Mapping[str, Any], kind: str) -> Path | None:
    """The file of a kind that was made last, if it is there and as it was made."""
    made = said.get("made", {}).get(kind)
    names: list[str] = [name for name, entry in said["files"].items() if entry["sha256"] == made]
    for name in names:
        path: Path = folder / name
        try:
            if name.endswith(f".{kind}") and digest(read_bytes(path)) == made:
                return path
        except FileTrouble:
            continue
    return None
