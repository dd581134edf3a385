"""The reports of a workspace as the first page lists them, each with its state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportgen.advice import Medium
from reportgen.examining import Supplies, examine
from reportgen.model.report import Report
from reportgen.problems import Failure, Level
from reportgen.signing import MARK
from reportgen.store.desk import Desk, Opened
from reportgen.store.disk import read_bytes
from reportgen.store.storing import digest, folder_of, found_manifest
from reportgen.store.workspace import Named, with_companions
from reportgen.web.archives import Archives

FINISHED = ("已出 PDF", "已签名", "已归档")
"""States of a report whose files were made of it as it is now."""


@dataclass(frozen=True, slots=True)
class Row:
    """A report on the first page.

    Attributes:
        kind: the kind of document; empty for the ordinary one.
        folder: where its files lie among the outputs; empty where that is not known.
        state: one of 空白, 有错误, 可出稿, 已出 PDF, 已修改, 已签名, 已归档, 读不了.
    """

    name: str
    organ: str = ""
    year: str = ""
    state: str = "读不了"
    said: str = ""
    draft: bool = False
    kind: str = ""
    folder: str = ""


class Shelf:
    """Judges each report once for each state of its text."""

    def __init__(self, desk: Desk, archives: Archives) -> None:
        """Take the workspace, and the packages of its archive."""
        self.desk = desk
        self.archives = archives
        self._known: dict[tuple[str, str, str], Row] = {}

    def rows(self, supplies: Supplies, *, at_once: bool = False) -> list[Row]:
        """Every report, by name.

        Args:
            supplies: what judging needs.
            at_once: judge none: a report whose text was not judged yet has the state 正在检查.
        """
        listed = ((name, self.desk.inputs.joinpath(*name.split("/"))) for name in self.desk.reports())
        return [self._row(name, path, supplies, at_once=at_once) for name, path in listed]

    def _row(self, name: str, path: Path, supplies: Supplies, *, at_once: bool) -> Row:
        try:
            opened = self.desk.open_listed(name, path)
        except Failure as failure:
            return Row(name, said=failure.told_in(Medium.PAGE))
        key = (name, opened.revision, str(supplies.today))
        if key not in self._known and at_once:
            return Row(name, state="正在检查", draft=opened.draft)
        if key not in self._known:
            self._known[key] = _judged(opened, supplies)
        row = self._known[key]
        return replace(row, draft=opened.draft, state=self._state(row, opened))

    def _state(self, row: Row, opened: Opened) -> str:
        """How far the report has come: what was made of the file as it is now counts."""
        folder = self.desk.outputs / row.folder
        if opened.draft or not row.organ or folder.is_symlink():
            return row.state
        said = found_manifest(folder) or {}
        if said.get("input", {}).get("sha256") != digest(opened.saved):
            return row.state
        if _is_polished(self.desk, said, row):
            return "已修改"
        if self.archives.has(folder, said):
            return "已归档"
        if any(folder.glob(f"*{MARK}*.pdf")):
            return "已签名"
        return "已出 PDF" if "pdf" in said.get("made", {}) and not said.get("draft") else row.state


def _is_polished(desk: Desk, said: Mapping[str, Any], row: Row) -> bool:
    """True if the Word file is not as we wrote it."""
    folder = desk.outputs / row.folder
    for name, entry in said.get("files", {}).items():
        path = folder / name
        if path.suffix == ".docx" and path.is_file() and not path.is_symlink():
            return bool(entry.get("polished")) or digest(read_bytes(path)) != entry["sha256"]
    return False


def _judged(opened: Opened, supplies: Supplies) -> Row:
    material = opened.material
    outcome = examine(material, with_companions(supplies, opened.path, material, Named()))
    report = outcome.report
    if report is None:
        return Row(opened.name, state="有错误", said=outcome.findings[0].message if outcome.findings else "")
    errors = sum(each.level is Level.ERROR for each in outcome.findings)
    warnings = sum(each.level is Level.WARNING for each in outcome.findings)
    state = "空白" if _is_blank(report) else "有错误" if errors else "可出稿"
    said = "，".join(f"{count} 个{word}" for count, word in ((errors, "错误"), (warnings, "提醒")) if count)
    return Row(
        opened.name,
        report.organ.name,
        str(report.year),
        state,
        said or "没有发现问题",
        kind="" if report.form.ordinary else report.form.name,
        folder=str(folder_of(report, Path())),
    )


def _is_blank(report: Report) -> bool:
    """True where nobody has written a sentence or a figure yet."""
    return not report.prose and not any(report.values.values())
