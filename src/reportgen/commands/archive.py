"""``archive``: packs the finished files of a report for an archive."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reportgen.commands.options import command_for, files, flag, matching, option, roots, supplies
from reportgen.commands.usage import Options, command
from reportgen.paths import quoted, resolved
from reportgen.problems import Exit, Failure, FileTrouble
from reportgen.store.disk import read_bytes, read_folder, refused, stands, write_alone, write_folder

_OUTPUTS = "outputs"
_KEPT = frozenset({".pdf", ".docx", ".yaml", ".yml", ".md", ".txt", ".html", ".htm", ".json"})
"""Suffixes of what can lie in a report's folder and matter."""


@command(
    "archive",
    "把一份年报的全部文件装成归档包",
    "reportgen archive 2025.yaml --out 归档 --zip",
    "reportgen archive 2025.yaml --built 年报",
)
@files("年报的 PDF，或生成它的 YAML 文件，或它们所在的文件夹")
@option("--out", metavar="文件夹", says="放在哪里，默认 archive", default="archive")
@roots("核对签名用的根证书，同 verify")
@flag("--zip", says="装成一个 zip 文件，而不是文件夹")
@option("--built", metavar="文件夹", says="年报生成在哪里；省略则在这里和上层的 outputs 里找")
def archive(options: Options) -> int:
    """Make a package of each report; one that cannot be packed never stops the rest."""
    codes = [Exit.OK]
    done: set[Path] = set()
    for file in matching(options.files):
        try:
            folder = resolved(_folder_of(file, options))
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


# ── where a report's files lie ───────────────────────────────────────────────────────────────────────


def _folder_of(file: Path, options: Options) -> Path:
    """The folder where a report's files lie: the file's own, or the one that was built of it.

    Raises:
        ArchiveRefused: nothing was built of the file, or other files than it would give now.
    """
    from reportgen.archiving.gathering import ArchiveRefused
    from reportgen.store.storing import found_manifest

    if file.is_dir():
        return file
    content = read_bytes(file)
    beside = found_manifest(file.parent)
    if beside is not None and (file.suffix.lower() == ".pdf" or file.name in beside["files"]):
        return file.parent
    built: Path | None = options.built
    folders = [built] if built else list(_outputs_near(file))
    for folder in folders:
        if found := _built_of(content, folder):
            return found
    looked_in = folders[0] if len(folders) == 1 else f"这里、{file} 所在的文件夹和它们上层的 {_OUTPUTS}"
    elsewhere = "" if built else "生成在别的文件夹里的，请用 --built 写出那个文件夹；没有生成的，"
    raise ArchiveRefused(
        f"没有归档：{looked_in} 里没有由它生成的年报，或生成之后又改过它。"
        f"{elsewhere}请先运行 {_way(file, folders, options)}"
    )


def _outputs_near(file: Path) -> Iterator[Path]:
    """Where ``build`` may have written: ``outputs`` here, beside the file, and in the folders above both."""
    yield Path(_OUTPUTS)
    seen = {resolved(Path(_OUTPUTS))}
    for start in (Path.cwd(), resolved(file).parent):
        for folder in (start, *start.parents):
            outputs = folder / _OUTPUTS
            if outputs not in seen:
                seen.add(outputs)
                yield outputs


def _built_of(content: bytes, outputs: Path) -> Path | None:
    """The folder among some outputs whose files were made of these bytes; None where there is none."""
    from reportgen.store.storing import MANIFEST, digest, found_manifest

    wanted = digest(content)
    for manifest in sorted(outputs.glob(f"*/*/{MANIFEST}")):
        said = (found_manifest(manifest.parent) or {}).get("input", {})
        if said.get("sha256") == wanted:
            return manifest.parent
    return None


def _way(file: Path, outputs: Sequence[Path], options: Options) -> str:
    """The command that makes the files of a source where they are missing or out of date.

    Args:
        file: the source.
        outputs: where they may lie; they are made again where they lie, from whatever folder it is typed.
        options: with the office's own templates, if it has some.
    """
    from reportgen.examining import report_of
    from reportgen.store import workspace
    from reportgen.store.storing import found_manifest

    report = report_of(workspace.material(file), supplies(options, templates=False))
    places = [(workspace.folder_of(report, each), each) for each in outputs] if report else []
    known = (each for each in places if found_manifest(each[0]) is not None)
    folder, built = next(known, (outputs[0], outputs[0]))
    word = _polished(folder, found_manifest(folder) or {})
    if word:
        return f"{command_for(options, 'build', word)} --against {quoted(file)}"
    out = "" if resolved(built) == resolved(Path(_OUTPUTS)) else f" --out {quoted(built)}"
    return f"{command_for(options, 'build', file)}{out}"


def _polished(folder: Path, manifest: Mapping[str, Any]) -> Path | None:
    """The Word file in a report's folder that somebody edited since it was made."""
    from reportgen.store.storing import digest

    listed: Mapping[str, Any] = manifest.get("files", {})
    for path in (folder / name for name in listed if name.endswith(".docx")):
        entry = listed[path.name]
        if path.is_file() and (entry.get("polished") or digest(read_bytes(path)) != entry["sha256"]):
            return path
    return None


# ── the package ──────────────────────────────────────────────────────────────────────────────────────


def _packed(folder: Path, options: Options) -> str:
    from reportgen.archiving.gathering import gathered
    from reportgen.archiving.package import MARK, SHEET, counted, package, zipped
    from reportgen.archiving.sheet import not_printed
    from reportgen.commands.roots import chosen_roots
    from reportgen.store.manifest import is_whole
    from reportgen.store.storing import MANIFEST, found_manifest
    from reportgen.store.workspace import sheet_template

    manifest = found_manifest(folder)
    if manifest is None or not is_whole(manifest):
        raise FileTrouble(f"{folder} 里没有 reportgen 的 {MANIFEST}，不能归档。请先运行 reportgen build。")
    report = gathered(manifest, dict(_files(folder)), chosen_roots(options.root))
    name = f"{report.stem}{MARK}"
    files = package(report, sheet_template(options.templates))
    out: Path = options.out / (f"{name}.zip" if options.zip else name)
    if options.zip:
        _write_file(out, zipped(files, name))
    else:
        _write_folder(out, files)
    left = [f"{name} 没有归入：它不是最近一次生成的 PDF，也不是由它签名的。" for name in report.left_out]
    if f"{SHEET}.pdf" not in files:
        left.append(f"{SHEET}只有 Word 文件，请用 Word 或 WPS 打印。{not_printed()}")
    note = "".join(f"\n注意    {each}" for each in (*left, report.note) if each)
    return f"已归档  {out}（{counted(files)}）{note}\n        核对：reportgen verify {quoted(out)}"


def _write_file(out: Path, content: bytes) -> None:
    if not stands(out):
        write_alone(out, content)
    elif not out.is_file() or read_bytes(out) != content:
        raise FileTrouble(_occupied(out))


def _write_folder(out: Path, files: Mapping[str, bytes]) -> None:
    if not stands(out):
        write_folder(out, files)
    elif not out.is_dir() or read_folder(out) != files:
        raise FileTrouble(_occupied(out))


def _occupied(out: Path) -> str:
    return f"{out} 已经存在，内容不同，没有覆盖。请用 --out 换一个文件夹，或先把它移走。"


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in _KEPT:
            yield path.name, read_bytes(path)
