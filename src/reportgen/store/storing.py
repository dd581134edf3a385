"""Writes a report's folder: its files, the input that they were made from, and the manifest.

Everything is written whole or not at all, and what somebody edited is never overwritten.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reportgen.advice import on_page
from reportgen.model.report import Report
from reportgen.paths import quoted, shown
from reportgen.pipeline import Material, Outcome
from reportgen.problems import FileTrouble, Polished
from reportgen.signing import MARK
from reportgen.signing.states import state_known_by
from reportgen.store.disk import cut, fitting, read_bytes, write_whole
from reportgen.store.locking import alone_in, settled
from reportgen.store.manifest import LARGEST, Run, is_plain, of_report, understood
from reportgen.store.manifest import digest as digest
from reportgen.wording import title_lines

MANIFEST = "manifest.json"
_DRAFT = "（草稿）"
"""The end of the names of drafts that lie beside final files."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a report's folder holds now: the files written, and stale ones of an earlier run still there.

    ``instead`` is the name of the input that files now replaced were made of; empty where it is the same.
    ``outsigned`` are PDFs that were signed before the report changed.
    ``final`` is True where a final report lies there, beside which drafts of a sound one were put.
    ``saved`` has the names under which edited files are kept that were replaced, by their old names.
    """

    folder: Path
    files: Mapping[str, Path]
    stale: tuple[Path, ...] = ()
    instead: str = ""
    saved: Mapping[Path, Path] = field(default_factory=dict)
    outsigned: tuple[Path, ...] = ()
    final: bool = False


def store(outcome: Outcome, out: Path, manifest: Mapping[str, object], *, force: bool) -> Written:
    """Write a report's files, its input and its manifest to ``out/机关/年度``, all of them or none.

    Args:
        outcome: what the pipeline gave; its report must be there.
        out: the outputs folder.
        manifest: what ``manifest.json`` says beside the digests of the files.
        force: keep files that somebody edited as dated copies instead of refusing.

    Raises:
        Polished: where a file was edited since we wrote it, unless forced. Nothing was written.
        FileTrouble: where the disk refuses, or another run is at it. Nothing was replaced.
    """
    report = outcome.report
    assert report is not None
    folder = folder_of(report, out)
    stem = fitting("".join(title_lines(report)), "年报")
    with alone_in(folder):
        report_folder = _ReportFolder(folder, stem, found_manifest(folder) or {})
        return report_folder.put(outcome, {**_given(outcome), **outcome.files}, manifest, force=force)


def folder_of(report: Report, out: Path) -> Path:
    """Where a report's files lie among the outputs; those of another kind than the ordinary one apart."""
    return out / fitting(report.organ.name, "机关不明") / fitting(report.form.named(report.year), "年度不明")


def store_beside(outcome: Outcome, docx: Path, manifest: Mapping[str, object], *, force: bool) -> Written:
    """Write what was made of a polished docx beside it, under its stem; the docx stays as it is.

    The docx is from now on the one that the manifest vouches for, marked as polished.

    Raises:
        Polished: as for ``store``.
        FileTrouble: where the disk refuses, or the folder's manifest is that of another report.
    """
    folder = docx.absolute().parent
    with alone_in(folder):
        report_folder = _ReportFolder(folder, docx.stem, _known_beside(folder, manifest), docx.name)
        return report_folder.put(outcome, outcome.files, manifest, force=force)


def _known_beside(folder: Path, manifest: Mapping[str, object]) -> Mapping[str, Any]:
    """What the manifest beside a polished docx says so far.

    Raises:
        FileTrouble: it is not ours, or that of another report.
    """
    known = found_manifest(folder)
    if known is None and (folder / MANIFEST).exists():
        another = on_page("请用 --out 换一个文件夹。", "请先把它移走。")
        raise FileTrouble(f"{folder / MANIFEST} 不是 reportgen 的，或者已经损坏，没有覆盖。" + another)
    known = known or {}
    if known and (there := of_report(known)) != of_report(manifest):
        organ, year, kind = there
        raise FileTrouble(
            f"{folder} 里的 {MANIFEST} 是{organ}{year}年度{kind}的，没有覆盖。"
            + on_page("请用 --out 换一个文件夹，或把 Word 文件移到单独的文件夹里。", "请先把它移走。")
        )
    return known


def found_manifest(folder: Path) -> dict[str, Any] | None:
    """What a folder's manifest says; None where it has none of ours that can be read.

    What a dead run left in the folder is settled first.
    """
    settled(folder)
    try:
        return understood(read_bytes(folder / MANIFEST, LARGEST))
    except FileTrouble:
        return None


def _given(outcome: Outcome) -> dict[str, bytes]:
    """A polished docx that goes to another folder goes there with what was made of it."""
    material = outcome.material
    return {"docx": material.content} if material.kind == "docx" else {}


@dataclass(frozen=True, slots=True)
class _ReportFolder:
    """A report's folder, the stem of its files, and what its manifest says so far.

    ``docx`` is the name of the polished file that lies there already, if any.
    """

    folder: Path
    stem: str
    known: Mapping[str, Any]
    docx: str = ""

    def put(
        self, outcome: Outcome, made: Mapping[str, bytes], manifest: Mapping[str, object], *, force: bool
    ) -> Written:
        """Write the files, the input's copy and the manifest."""
        if outcome.draft and not outcome.errors and self._has_final():
            return self._put_drafts(outcome, force=force)
        files = {kind: self.folder / f"{self.stem}.{kind}" for kind in made}
        contents = {files[kind]: content for kind, content in made.items()}
        copy, content = self._input(outcome, made)
        if copy and content is not None:
            contents[self.folder / copy] = content
        edited = [path for path in contents if self._edited(path, contents[path])]
        own = [path for path in contents if path.exists() and self._is_given(path, outcome)]
        others = [path for path in edited if path not in own]
        saved = {
            **protected(others, outcome.material, force=force),
            **{each: backup_of(each) for each in own},
        }
        listed = self._listed(outcome, contents)
        run = Run(self.known, {**manifest, "input": self._input_entry(manifest, copy), "files": listed})
        said = run.with_earlier(self.docx or f"{self.stem}.docx")
        current = set(said.get("made", {}).values())
        stale = [
            name
            for name, entry in listed.items()
            if self.folder / name not in contents
            and name not in (copy, self.docx)
            and entry["sha256"] not in current
        ]
        text = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True)
        backups = {backup: read_bytes(path) for path, backup in saved.items()}
        write_whole({**backups, **contents, self.folder / MANIFEST: text.encode() + b"\n"})
        older = tuple(self.folder / name for name in stale)
        return Written(self.folder, files, older, run.instead, saved, outsigned(self.folder, self.stem, said))

    def _has_final(self) -> bool:
        """True where the files of a finished report lie here."""
        finished = not self.known.get("draft") and not self.known.get("findings", {}).get("error")
        made = set(self.known.get("made", {}).values())
        listed: Mapping[str, Any] = self.known.get("files", {})
        there = (name for name, entry in listed.items() if entry["sha256"] in made)
        return finished and any((self.folder / name).exists() for name in there)

    def _put_drafts(self, outcome: Outcome, *, force: bool) -> Written:
        """Write drafts of a sound report under names of their own; its final files and manifest stay."""
        stem = f"{cut(self.stem, 200)}{_DRAFT}"
        files = {kind: self.folder / f"{stem}.{kind}" for kind in outcome.files}
        contents = {path: outcome.files[kind] for kind, path in files.items()}
        edited = [path for path, content in contents.items() if self._edited(path, content)]
        saved = protected(edited, outcome.material, force=force)
        listed = {path.name: {"sha256": digest(content)} for path, content in contents.items()}
        said = {**self.known, "files": {**self.known["files"], **listed}}
        text = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True)
        backups = {backup: read_bytes(path) for path, backup in saved.items()}
        write_whole({**backups, **contents, self.folder / MANIFEST: text.encode() + b"\n"})
        return Written(self.folder, files, saved=saved, final=True)

    def _is_given(self, path: Path, outcome: Outcome) -> bool:
        """True for a PDF that a person printed with another program, and that this run would replace.

        It lies under the very name of what is made of it, or was taken before and is now made by ourselves.
        """
        if outcome.printed is not None:
            return read_bytes(path) == outcome.printed.content
        taken = self.known.get("proofs", {}).get("pdf", {}).get("elsewhere")
        return bool(taken) and path.suffix == ".pdf" and not self._edited(path, b"")

    def _input(self, outcome: Outcome, made: Mapping[str, bytes]) -> tuple[str, bytes | None]:
        """The name under which the input is kept, and its bytes where they must be written."""
        origin = outcome.origin or (None if outcome.material.kind == "docx" else outcome.material)
        if origin is None:
            return "", None
        if self.docx:
            # What it was compared with now is what it was made from: next time it is compared with that.
            return self._copy_known() or f"{self.stem}.{origin.kind}", origin.content
        mark = "（原稿）" if origin.kind in made else ""
        return f"{self.stem}{mark}.{origin.kind}", origin.content

    def _copy_known(self) -> str:
        entry = self.known.get("input")
        name = str(entry.get("copy", "")) if isinstance(entry, dict) else ""
        # Never the manifest, nor the Word file itself: those are written on their own.
        return "" if name in {MANIFEST, self.docx} or not is_plain(name) else name

    def _input_entry(self, manifest: Mapping[str, object], copy: str) -> dict[str, object]:
        """What the manifest says of the input, under the name that the clerk gave it."""
        entry, before = manifest.get("input"), self.known.get("input")
        now: dict[str, object] = dict(entry) if isinstance(entry, dict) else {}
        if isinstance(before, dict) and "name" in before and before.get("sha256") == now.get("sha256"):
            now["name"] = before["name"]
        return now | ({"copy": copy} if copy else {})

    def _listed(self, outcome: Outcome, contents: Mapping[Path, bytes]) -> dict[str, dict[str, object]]:
        """The manifest's list: files still there as it has them, then those written and the polished docx."""
        known: Mapping[str, dict[str, object]] = self.known.get("files", {})
        listed = {name: entry for name, entry in known.items() if (self.folder / name).exists()}
        for path, content in contents.items():
            listed[path.name] = {"sha256": digest(content)}
        material = outcome.material
        if material.kind == "docx":
            name = self.docx or f"{self.stem}.docx"
            listed[name] = _polished_entry(known.get(name), material)
        return listed

    def _edited(self, path: Path, content: bytes) -> bool:
        """True if a file exists and is neither what we wrote last nor what we are about to write."""
        if not path.exists():
            return False
        there = read_bytes(path)
        entry = self.known.get("files", {}).get(path.name, {})
        ours = digest(there) == entry.get("sha256") and not entry.get("polished")
        return not ours and there != content


def outsigned(folder: Path, stem: str, said: Mapping[str, Any]) -> tuple[Path, ...]:
    """Signed PDFs that did not become what they are by signing the one that was made last."""
    made = said.get("made", {}).get("pdf")
    signed = sorted(path for path in folder.iterdir() if path.name.startswith(stem + MARK))
    signed = [path for path in signed if path.suffix.lower() == ".pdf" and path.is_file()]
    return tuple(path for path in signed if not _became(path, made))


def _became(path: Path, made: str | None) -> bool:
    """Whether a PDF begins with the PDF of this digest."""
    try:
        return state_known_by(read_bytes(path), {made} if made else ()) is not None
    except FileTrouble:
        return False


def _polished_entry(known: dict[str, object] | None, material: Material) -> dict[str, object]:
    now = digest(material.content)
    return known if known and known.get("sha256") == now else {"sha256": now, "polished": True}


# ── what somebody edited since we wrote it ───────────────────────────────────────────────────────────


def protected(edited: list[Path], material: Material, *, force: bool) -> dict[Path, Path]:
    """The names under which edited files will be kept, by their present names.

    Args:
        edited: files that somebody edited since we wrote them, and that are about to be replaced.
        material: what their successors are made of.
        force: they may be replaced, if they are kept.

    Raises:
        Polished: where ``force`` is False.
    """
    if edited and not force:
        names = "、".join(shown(path) for path in edited)
        word = next((path for path in edited if path.suffix == ".docx"), None)
        against = f" --against {quoted(Path(material.name))}" if material.kind == "yaml" else ""
        way = on_page(
            f"要用修改过的文件出 PDF，请运行 reportgen build {quoted(word)}{against}；" if word else "",
            "要用修改过的 Word 文件，请在页面右边的“文件”里放回它，把改动收进年报；" if word else "",
        )
        raise Polished(
            f"{names} 在生成之后被修改过，没有覆盖。"
            + way
            + on_page(
                "要重新生成，请加 --force（修改过的文件会另存一份）。",
                "要重新生成，请打开这份年报，按“生成文件”，再按“重新生成（修改过的另存一份）”。",
            )
        )
    return {path: backup_of(path) for path in edited}


def backup_of(path: Path) -> Path:
    """The dated name, beside it and not taken, under which a file is kept before it is replaced."""
    return next(name for name in _backups(path) if not os.path.lexists(name))


def _backups(path: Path) -> Iterator[Path]:
    stamp, stem = f"{datetime.now():%Y%m%d-%H%M%S}", cut(path.stem, 200)
    yield path.with_stem(f"{stem}（{stamp} 备份）")
    for number in range(2, 1000):
        yield path.with_stem(f"{stem}（{stamp} 备份{number}）")
