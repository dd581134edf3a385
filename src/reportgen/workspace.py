"""The disk at both ends: gathers supplies and material, writes outcomes whole or not at all."""

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from reportgen.form import Form
from reportgen.form_file import form_from
from reportgen.pipeline import Material, Outcome, Supplies
from reportgen.problems import FileTrouble, Polished, TemplateBroken
from reportgen.wording import title_lines

MANIFEST = "manifest.json"
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read."""

_UNFIT = str.maketrans({sign: full for sign, full in zip('<>:"/\\|?*', "＜＞：＂／＼｜？＊", strict=True)})
_TEMPORARY = ".reportgen-"


@dataclass(frozen=True, slots=True)
class Written:
    """What a report's folder holds now: the files written, and stale ones of an earlier run still there."""

    folder: Path
    files: Mapping[str, Path]
    stale: tuple[Path, ...] = ()


def templates_folder() -> Path:
    """Where the forms and Word templates are: in the package when installed, beside ``src`` in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "templates", here.parents[1] / "templates"):
        if folder.is_dir():
            return folder
    raise TemplateBroken(f"找不到范本文件夹 templates（找过 {here}）。请重新安装 reportgen。")


def supplies(folder: Path | None = None, *, templates: bool = True) -> Supplies:
    """The forms of a templates folder and, unless told otherwise, their Word templates.

    Raises:
        TemplateBroken: where a form cannot be understood.
        FileTrouble: where a file cannot be read.
    """
    folder = folder or templates_folder()
    forms = tuple(_form(path) for path in sorted(folder.glob("*/form.yaml")))
    if not forms:
        raise TemplateBroken(f"{folder} 里没有任何 form.yaml。")
    words = {form.id: folder / form.id / "report.docx" for form in forms} if templates else {}
    return Supplies(forms, {name: read_bytes(path) for name, path in words.items() if path.exists()})


def _form(path: Path) -> Form:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return form_from(yaml.load(read_bytes(path), Loader=loader))
    except (yaml.YAMLError, ValueError, KeyError, TypeError) as error:
        raise TemplateBroken(f"{path} 不是正确的表样文件：{error}") from error


def read_bytes(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        FileTrouble: where it is absent, no file, too large or not ours to read.
    """
    try:
        if path.is_dir():
            raise FileTrouble(f"{path} 是文件夹，不是文件。")
        if path.stat().st_size > LARGEST:
            raise FileTrouble(f"{path} 太大（超过 {LARGEST // 1024 // 1024} MB），不像一份年报。")
        return path.read_bytes()
    except FileNotFoundError:
        raise FileTrouble(f"找不到文件 {path}，请检查文件名和所在文件夹。") from None
    except OSError as error:
        raise FileTrouble(f"读不了文件 {path}：{_reason(error)}") from error


def material(path: Path) -> Material:
    """A report as it lies on the disk, under the name that messages shall call it."""
    return Material(str(path), read_bytes(path))


def store(outcome: Outcome, out: Path, manifest: Mapping[str, object], *, force: bool) -> Written:
    """Write a report's files and its manifest to ``out/机关/年度``, all of them or none.

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
    folder = out / report.organ.name.translate(_UNFIT)[:80] / str(report.year)
    stem = "".join(title_lines(report)).replace("\n", "").translate(_UNFIT)[:100]
    files = {kind: folder / f"{stem}.{kind}" for kind in outcome.files}
    known = _digests(folder)
    _protect([path for path in files.values() if _edited(path, known)], force=force)
    digests = {files[kind].name: hashlib.sha256(made).hexdigest() for kind, made in outcome.files.items()}
    contents = {files[kind]: made for kind, made in outcome.files.items()}
    stale = [name for name in known if name not in digests and (folder / name).exists()]
    kept = {name: known[name] for name in stale}
    listed = {name: {"sha256": digest} for name, digest in {**kept, **digests}.items()}
    text = json.dumps({**manifest, "files": listed}, ensure_ascii=False, indent=2, sort_keys=True)
    write_whole({**contents, folder / MANIFEST: text.encode() + b"\n"})
    return Written(folder, files, tuple(folder / name for name in stale))


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Write files so that each is there whole under its name; where one cannot be written, none is.

    All are written to temporary names in their folders first; only then are they renamed. At every
    moment each name holds a whole file, the old one or the new one.

    Raises:
        FileTrouble: where the disk refuses, or another program holds a file open.
    """
    waiting: list[tuple[Path, Path]] = []
    replaced: dict[Path, bytes | None] = {}
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting.append((_temporary(path.parent, content), path))
        for temporary, path in waiting:
            before = path.read_bytes() if path.exists() else None
            temporary.replace(path)
            replaced[path] = before
    except OSError as error:
        _put_back(replaced)
        raise FileTrouble(f"写不了文件 {path}：{_reason(error)}") from error
    finally:
        for temporary, _ in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _put_back(replaced: Mapping[Path, bytes | None]) -> None:
    for path, before in replaced.items():
        with contextlib.suppress(OSError):
            if before is None:
                path.unlink()
            else:
                _temporary(path.parent, before).replace(path)


def _temporary(folder: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _digests(folder: Path) -> dict[str, str]:
    """The digests that the folder's manifest holds; none where it has none that can be read."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {str(name): str(entry["sha256"]) for name, entry in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _edited(path: Path, known: Mapping[str, str]) -> bool:
    """True if the file is there and not as we wrote it."""
    return path.exists() and hashlib.sha256(read_bytes(path)).hexdigest() != known.get(path.name)


def _protect(edited: list[Path], *, force: bool) -> None:
    if edited and not force:
        names = "、".join(path.name for path in edited)
        raise Polished(
            f"{names} 在生成之后被修改过，没有覆盖。"
            f"要用修改过的文件出 PDF，请运行 reportgen build 加那个 docx 文件；"
            f"要重新生成，请加 --force（修改过的文件会另存一份）。"
        )
    for path in edited:
        backup = next(name for name in _backups(path) if not name.exists())
        try:
            path.rename(backup)
        except OSError as error:
            raise FileTrouble(f"不能把 {path} 另存为 {backup.name}：{_reason(error)}") from error


def _backups(path: Path) -> Iterator[Path]:
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    yield path.with_stem(f"{path.stem}（{stamp} 备份）")
    for number in range(2, 1000):
        yield path.with_stem(f"{path.stem}（{stamp} 备份{number}）")


def _reason(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "没有权限，或文件正在 Word、WPS 里打开。请关闭后再试。"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "路径中有一个同名的文件，不能建文件夹。"
    known = {errno.ENOSPC: "磁盘已满。", errno.EROFS: "磁盘是只读的。", errno.ENAMETOOLONG: "文件名太长。"}
    return known.get(error.errno or 0, error.strerror or str(error))
