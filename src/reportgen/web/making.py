"""The files that were made of a report, written among the outputs, and what is said of them."""

from typing import Any

from reportgen.advice import Medium
from reportgen.paths import shown
from reportgen.pipeline import Outcome
from reportgen.store import manifest, workspace
from reportgen.store.desk import Desk

KINDS = ("docx", "pdf", "html")
"""What the page makes of a report."""


def stored(outcome: Outcome, desk: Desk, *, force: bool) -> dict[str, Any]:
    """Write what was made; the names of the files by their kinds, and what is said of them (Chinese).

    Raises:
        Polished: somebody edited a file that would be replaced, and ``force`` is False.
        FileTrouble: the disk refuses, or another run is at it.
    """
    files: dict[str, str] = {}
    if outcome.files:
        written = workspace.store(outcome, desk.outputs, manifest.of(outcome), force=force)
        files = {kind: path.name for kind, path in written.files.items() if kind in outcome.files}
    return {
        "files": files,
        "draft": outcome.draft,
        "refused": [f"有 {outcome.errors} 个错误，没有出 {kind.upper()}。" for kind in outcome.refused],
        "failures": [failure.told_in(Medium.PAGE) for failure in outcome.failures],
        "facts": [line for facts in outcome.facts.values() for line in manifest.in_words(facts)],
        "folder": shown(desk.folder_of(outcome.report)) if outcome.report else "",
    }
