"""``archive``, and ``verify`` of a package: from the finished files to what an archive keeps."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.archiving import checking
from reportgen.archiving.gathering import ArchiveRefused, gathered
from reportgen.archiving.package import MANIFEST, MARK, counted, package, zipped
from reportgen.commands.rooting import chosen_roots
from reportgen.examining import report_of
from reportgen.paths import quoted, resolved
from reportgen.problems import Exit, Failure, FileTrouble
from reportgen.store import workspace
from reportgen.store.disk import refused, stands, write_folder
from reportgen.store.manifest import is_whole
from reportgen.store.storing import digest, found_manifest

_KEPT = frozenset({".pdf", ".docx", ".yaml", ".yml", ".md", ".txt", ".html", ".htm", ".json"})
"""Suffixes of what can lie in a report's folder and matter."""


def archive(options: Namespace) -> int:
    """Make a package of each report; one that cannot be packed never stops the rest."""
    codes = [Exit.OK]
    done: set[Path] = set()
    for file in options.files:
        try:
            folder = resolved(_folder_of(file, options.built))
            if folder not in done:
                done.add(folder)
                print(_packed(folder, options))
        except Failure as failure:
            print(f"{file}  {failure}", file=sys.stderr)
            codes.append(Exit(failure.exit_code))
        except BrokenPipeError:
            raise
        except OSError as error:
            print(refused(file, error), file=sys.stderr)
            codes.append(Exit.FILE)
    return max(codes)


def _folder_of(file: Path, built: Path) -> Path:
    """The folder where a report's files lie: the file's own, or the one that was built of it."""
    if file.is_dir():
        return file
    wanted = digest(workspace.read_bytes(file))
    beside = found_manifest(file.parent)
    if beside is not None and (file.suffix.lower() == ".pdf" or file.name in beside["files"]):
        return file.parent
    for manifest in sorted(built.glob(f"*/*/{workspace.MANIFEST}")):
        said = (found_manifest(manifest.parent) or {}).get("input", {})
        if said.get("sha256") == wanted:
            return manifest.parent
    raise ArchiveRefused(
        f"没有归档：{built} 里没有由它生成的年报，或生成之后又改过它。请先运行 {_way(file, built)}"
    )


def _way(file: Path, built: Path) -> str:
    """The command that makes the files of a source that has none, or other ones."""
    report = report_of(workspace.material(file), workspace.supplies(templates=False))
    folder = workspace.folder_of(report, built) if report else built
    word = _polished(folder, found_manifest(folder) or {})
    source = quoted(file)
    return f"reportgen build {quoted(word)} --against {source}" if word else f"reportgen build {source}"


def _polished(folder: Path, manifest: Mapping[str, Any]) -> Path | None:
    """The Word file in a report's folder that somebody edited since it was made."""
    listed: Mapping[str, Any] = manifest.get("files", {})
    for path in (folder / name for name in listed if name.endswith(".docx")):
        entry = listed[path.name]
        if path.is_file() and (
            entry.get("polished") or digest(workspace.read_bytes(path)) != entry["sha256"]
        ):
            return path
    return None


def _packed(folder: Path, options: Namespace) -> str:
    manifest = found_manifest(folder)
    if manifest is None or not is_whole(manifest):
        raise FileTrouble(
            f"{folder} 里没有 reportgen 的 {workspace.MANIFEST}，不能归档。请先运行 reportgen build。"
        )
    report = gathered(manifest, dict(_files(folder)), chosen_roots(options.root))
    name = f"{report.stem}{MARK}"
    files = package(report, workspace.sheet_template(options.templates))
    out: Path = options.out / (f"{name}.zip" if options.zip else name)
    if options.zip:
        _write_file(out, zipped(files, name))
    else:
        _write_folder(out, files)
    left = [f"{name} 没有归入：它不是最近一次生成的 PDF，也不是由它签名的。" for name in report.left_out]
    note = "".join(f"\n注意    {each}" for each in (*left, report.note) if each)
    return f"已归档  {out}（{counted(files)}）{note}\n        核对：reportgen verify {quoted(out)}"


def _write_file(out: Path, content: bytes) -> None:
    if not stands(out):
        workspace.write_whole({out: content})
    elif not out.is_file() or workspace.read_bytes(out) != content:
        raise FileTrouble(_occupied(out))


def _write_folder(out: Path, files: Mapping[str, bytes]) -> None:
    if not stands(out):
        write_folder(out, files)
    elif not out.is_dir() or _whole(out) != files:
        raise FileTrouble(_occupied(out))


def _occupied(out: Path) -> str:
    return f"{out} 已经存在，内容不同，没有覆盖。请用 --out 换一个文件夹，或先把它移走。"


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in _KEPT:
            yield path.name, workspace.read_bytes(path)


def verify_package(options: Namespace) -> int:
    """Check a package back, a folder or a zip file."""
    verdict = checking.check(_opened(options.file))
    if options.json:
        print(json.dumps(_as_json(options.file, verdict), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_told(options.file, verdict)))
    return Exit.OK if verdict.good else Exit.FINDINGS


def _opened(path: Path) -> dict[str, bytes]:
    return _whole(path) if path.is_dir() else checking.opened(workspace.read_bytes(path))


def _whole(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and its folders, by its path from there; and folders in which nothing lies."""
    found = {path: f"{path.relative_to(folder).as_posix()}" for path in sorted(folder.rglob("*"))}
    files = {name: workspace.read_bytes(path) for path, name in found.items() if not path.is_dir()}
    empty = [f"{name}/" for path, name in found.items() if path.is_dir() and not any(path.iterdir())]
    return {**files, **dict.fromkeys(empty, b"")}


def _told(path: Path, verdict: checking.Verdict) -> Iterator[str]:
    if verdict.good:
        yield f"{path}  完好：{counted(verdict.names)}，都在；SHA-256 和 SM3 都与 {MANIFEST} 一致。"
        yield "要确认清单本身没有被换过，请与纸质《归档移交清单》上印的校验值对照。"
        yield "PDF 上的签名，请用 reportgen verify 加那个 PDF 核对。"
        return
    yield f"{path}  不完好"
    for word, names in (("缺少", verdict.missing), ("多出", verdict.extra), ("被改动", verdict.changed)):
        for name in names:
            yield f"{word}  {name}"
    if verdict.sheet:
        yield f"不符  {verdict.sheet}"


def _as_json(path: Path, verdict: checking.Verdict) -> dict[str, object]:
    return {
        "file": str(path),
        "good": verdict.good,
        "failures": [],
        "files": list(verdict.names),
        "missing": list(verdict.missing),
        "extra": list(verdict.extra),
        "changed": list(verdict.changed),
        "sheet": verdict.sheet,
    }
