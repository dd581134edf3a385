"""What lies in a report's folder: its files, the input that they were made from, and the manifest.

Everything is written whole or not at all, and what somebody edited is never overwritten.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reportgen.disk import quoted, read_bytes, reason, write_whole
from reportgen.earlier import Run
from reportgen.pipeline import Material, Outcome
from reportgen.problems import FileTrouble, Polished
from reportgen.report import Report
from reportgen.wording import title_lines

MANIFEST = "manifest.json"

_UNFIT = str.maketrans({sign: full for sign, full in zip('<>:"/\\|?*', "＜＞：＂／＼｜？＊", strict=True)})


@dataclass(frozen=True, slots=True)
class Written:
    """What a report's folder holds now: the files written, and stale ones of an earlier run still there.

    ``instead`` is the name of the input that files now replaced were made of; empty where it is the same.
    """

    folder: Path
    files: Mapping[str, Path]
    stale: tuple[Path, ...] = ()
    instead: str = ""


def store(outcome: Outcome, out: Path, manifest: Mapping[str, object], *, force: bool) -> Written:
    """Write a report's files, its input and its manifest to ``out/机关/年度``, all of them or none.

    Args:
        outcome: what the pipeline gave; its report must be there.
        out: the outputs folder.
        manifest: what ``manifest.json`` says beside the digests of the files.
        force: keep files that somebody edited as dated copies instead of refusing.

    Raises:
        Polished: where a file was edited since we wrote it, unless forced. Nothing was written.
        FileTrouble: where the disk refuses. Nothing was replaced.
    """
    report = outcome.report
    assert report is not None
    folder = folder_of(report, out)
    stem = "".join(title_lines(report)).replace("\n", "").translate(_UNFIT)[:100]
    shelf = _Shelf(folder, stem, found_manifest(folder) or {})
    return shelf.put(outcome, {**_given(outcome), **outcome.files}, manifest, force=force)


def folder_of(report: Report, out: Path) -> Path:
    """Where a report's files lie among the outputs."""
    return out / report.organ.name.translate(_UNFIT)[:80] / str(report.year)


def store_beside(outcome: Outcome, docx: Path, manifest: Mapping[str, object], *, force: bool) -> Written:
    """Write what was made of a polished docx beside it, under its stem; the docx stays as it is.

    The docx is from now on the one that the manifest vouches for, marked as polished.

    Raises:
        Polished: as for ``store``.
        FileTrouble: where the disk refuses, or the folder's manifest is that of another report.
    """
    folder = docx.absolute().parent
    known = found_manifest(folder)
    if known is None and (folder / MANIFEST).exists():
        raise FileTrouble(
            f"{folder / MANIFEST} 不是 reportgen 的，或者已经损坏，没有覆盖。请用 --out 换一个文件夹。"
        )
    known = known or {}
    if known and (known.get("organ"), known.get("year")) != (manifest["organ"], manifest["year"]):
        raise FileTrouble(
            f"{folder} 里的 {MANIFEST} 是{known.get('organ')}{known.get('year')}年度的，没有覆盖。"
            f"请用 --out 换一个文件夹，或把 Word 文件移到单独的文件夹里。"
        )
    shelf = _Shelf(folder, docx.stem, known, docx.name)
    return shelf.put(outcome, outcome.files, manifest, force=force)


def found_manifest(folder: Path) -> dict[str, Any] | None:
    """What a folder's manifest says; None where it has none of ours that can be read."""
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        entries = said["files"].values()
        return said if all(isinstance(entry["sha256"], str) for entry in entries) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def digest(content: bytes) -> str:
    """The digest that manifests hold."""
    return hashlib.sha256(content).hexdigest()


def _given(outcome: Outcome) -> dict[str, bytes]:
    """A polished docx that goes to another folder goes there with what was made of it."""
    material = outcome.material
    return {"docx": material.content} if material.kind == "docx" else {}


@dataclass(frozen=True, slots=True)
class _Shelf:
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
        files = {kind: self.folder / f"{self.stem}.{kind}" for kind in made}
        contents = {files[kind]: content for kind, content in made.items()}
        copy, content = self._input(outcome, made)
        if copy and content is not None:
            contents[self.folder / copy] = content
        edited = [path for path in contents if self._edited(path, contents[path])]
        _protect(edited, outcome.material, force=force)
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
        write_whole({**contents, self.folder / MANIFEST: text.encode() + b"\n"})
        return Written(self.folder, files, tuple(self.folder / name for name in stale), run.instead)

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
        return str(entry.get("copy", "")) if isinstance(entry, dict) else ""

    def _input_entry(self, manifest: Mapping[str, object], copy: str) -> dict[str, object]:
        """What the manifest says of the input, under the name that the clerk gave it."""
        entry, before = manifest.get("input"), self.known.get("input")
        now: dict[str, object] = dict(entry) if isinstance(entry, dict) else {}
        if isinstance(before, dict) and before.get("sha256") == now.get("sha256"):
            now["name"] = before.get("name", now.get("name"))
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
        """True if the file is there, as neither we wrote it last nor are about to."""
        if not path.exists():
            return False
        there = read_bytes(path)
        entry = self.known.get("files", {}).get(path.name, {})
        ours = digest(there) == entry.get("sha256") and not entry.get("polished")
        return not ours and there != content


def _polished_entry(known: dict[str, object] | None, material: Material) -> dict[str, object]:
    now = digest(material.content)
    return known if known and known.get("sha256") == now else {"sha256": now, "polished": True}


def _protect(edited: list[Path], material: Material, *, force: bool) -> None:
    if edited and not force:
        names = "、".join(path.name for path in edited)
        word = next((path for path in edited if path.suffix == ".docx"), None)
        against = f" --against {quoted(Path(material.name))}" if material.kind == "yaml" else ""
        way = f"要用修改过的文件出 PDF，请运行 reportgen build {quoted(word)}{against}；" if word else ""
        raise Polished(
            f"{names} 在生成之后被修改过，没有覆盖。{way}要重新生成，请加 --force（修改过的文件会另存一份）。"
        )
    for path in edited:
        backup = next(name for name in _backups(path) if not name.exists())
        try:
            path.rename(backup)
        except OSError as error:
            raise FileTrouble(f"不能把 {path} 另存为 {backup.name}：{reason(error)}") from error


def _backups(path: Path) -> Iterator[Path]:
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    yield path.with_stem(f"{path.stem}（{stamp} 备份）")
    for number in range(2, 1000):
        yield path.with_stem(f"{path.stem}（{stamp} 备份{number}）")
