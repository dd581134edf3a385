"""Files whole or not at all, and a sentence for whatever the disk refuses."""

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reportgen.problems import FileTrouble

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read."""

_SPLIT = re.compile(r"[\s()&;|<>'*?\[\]{}$`#!,=^%]")
"""What a console does not take for a part of a name."""

_TEMPORARY = ".reportgen-"
_REASONS = {
    "ENOENT": "路径中有一个文件夹不存在。",
    "EISDIR": "它是文件夹，不是文件。",
    "ENOTEMPTY": "同名的文件夹里已经有东西。",
    "EBUSY": "它正被别的程序占用，请关闭后再试。",
    "ETXTBSY": "它正被别的程序占用，请关闭后再试。",
    "EIO": "磁盘或网络读写出错，请检查磁盘、U 盘或网络连接。",
    "ENODEV": "磁盘或 U 盘不在了。",
    "ENXIO": "磁盘或 U 盘不在了。",
    "ENOSPC": "磁盘已满。",
    "EDQUOT": "磁盘配额已满。",
    "EROFS": "磁盘是只读的。",
    "ENAMETOOLONG": "文件名太长。",
    "EINVAL": "文件名里有系统不接受的字符，或磁盘不支持这个操作。",
    "ELOOP": "路径中的快捷链接绕成了圈。",
    "EMFILE": "打开的文件太多。",
    "EFBIG": "文件太大，磁盘放不下。",
}


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
        raise FileTrouble(f"读不了文件 {path}：{reason(error)}") from error


def ensure_new(path: Path) -> None:
    """See that nothing stands under a name.

    Raises:
        FileTrouble: where something does.
    """
    if path.exists():
        raise FileTrouble(f"{path} 已经存在，没有覆盖。请换一个文件名，或先把它移走。")


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, whole.

    Raises:
        FileTrouble: where it is there, or the disk refuses.
    """
    ensure_new(path)
    write_whole({path: content})


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
        raise FileTrouble(_unwritten(path, error)) from error
    finally:
        for temporary, _ in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write a new folder of files, by name: it is there with all of them, or not at all.

    Raises:
        FileTrouble: where the disk refuses. Nothing of it is left.
    """
    held: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        held = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=folder.parent))
        for name, content in contents.items():
            _temporary(held, content).replace(held / name)
        held.chmod(0o755)
        held.rename(folder)
    except OSError as error:
        raise FileTrouble(f"写不了文件夹 {folder}：{reason(error)}") from error
    finally:
        if held is not None:
            shutil.rmtree(held, ignore_errors=True)


def _unwritten(path: Path, error: OSError) -> str:
    """Why a file was not written: one that is not there yet is open in no program."""
    there = True
    with contextlib.suppress(OSError):
        there = path.exists()
    if isinstance(error, PermissionError) and not there:
        return f"没有权限写入文件夹 {path.parent}。请换一个文件夹。"
    return f"写不了文件 {path}：{reason(error)}"


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


def reason(error: OSError) -> str:
    """What the disk refused, as a clerk reads it."""
    if isinstance(error, PermissionError):
        return "没有权限，或文件正在 Word、WPS 里打开。请关闭后再试。"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "路径中有一个同名的文件，不能建文件夹。"
    name = errno.errorcode.get(error.errno or 0, "")
    return _REASONS.get(name, f"系统不允许（错误号 {error.errno or '不明'}）。")


def seems_file(path: Path) -> bool:
    """True if a file is there; what the system does not let us see is not there."""
    with contextlib.suppress(OSError):
        return path.is_file()
    return False


def seems_folder(path: Path) -> bool:
    """True if a folder is there; what the system does not let us see is not there."""
    with contextlib.suppress(OSError):
        return path.is_dir()
    return False


def resolved(path: Path) -> Path:
    """Where a path leads; links that go in a circle are left as they are."""
    return Path(os.path.realpath(path))


def refused(path: Path, error: OSError) -> FileTrouble:
    """The trouble that the disk makes about a file, where nothing better is known about what was tried."""
    name = error.filename
    at = Path(os.fsdecode(name)) if isinstance(name, str | bytes) else path
    return FileTrouble(f"{shown(at)}：{reason(error)}")


def quoted(path: Path) -> str:
    """A path in a command that is printed to be copied: in quotes, which every console takes, if need be."""
    text = shown(path)
    return f'"{text}"' if _SPLIT.search(text) else text


def shown(path: Path) -> str:
    """A path as text that can be written anywhere, whatever bytes the disk holds for a name."""
    return str(Path(*map(_readable, path.parts)))


def _readable(part: str) -> str:
    try:
        part.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(part)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("gb18030", "replace")
    return part
