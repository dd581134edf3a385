"""Paths and refusals of the disk as people read them; questions to the disk that never raise."""

import contextlib
import errno
import os
import re
import unicodedata
from pathlib import Path, PurePath

_SPLIT = re.compile(r"[\s()&;|<>'*?\[\]{}$`#!,=^%]")
"""What a console does not take for a part of a name."""

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


def seems_file(path: Path) -> bool:
    """True for a file; False where the system does not let us see it."""
    with contextlib.suppress(OSError):
        return path.is_file()
    return False


def seems_folder(path: Path) -> bool:
    """True for a folder; False where the system does not let us see it."""
    with contextlib.suppress(OSError):
        return path.is_dir()
    return False


def nearest_file(path: Path) -> Path | None:
    """The file beside a name that does not exist which was probably meant; None where there is none.

    ``2025.yml`` for ``2025.yaml``, ``2025。yaml`` in full width, ``2025`` without its suffix.
    """
    with contextlib.suppress(OSError, ValueError):
        wanted = _folded(path.name)
        found = [
            each for each in path.parent.iterdir() if _folded(each.name)[0] == wanted[0] and each.is_file()
        ]
        same = [each for each in found if _folded(each.name) == wanted]
        usual = [each for each in found if each.suffix.lower() in (".yaml", ".yml")]
        return next(iter(sorted(same) or (sorted(usual) if wanted[1] in _ABOUT_YAML else [])), None)
    return None


_ABOUT_YAML = ("", "yaml", "yml", "yamal", "yalm", "ymal")


def _folded(name: str) -> tuple[str, str]:
    """A file's name and its suffix as compared: without regard to width, 。 and capital letters."""
    plain = unicodedata.normalize("NFKC", name).replace("。", ".").lower()
    stem, dot, suffix = plain.rpartition(".")
    return (stem, suffix) if dot else (plain, "")


def resolved(path: Path) -> Path:
    """Where a path leads; links that go in a circle are left as they are."""
    return Path(os.path.realpath(path))


def quoted(path: PurePath) -> str:
    """A path in a command that is printed to be copied: in quotes, which every console takes, if need be."""
    text = shown(path)
    return f'"{text}"' if _SPLIT.search(text) else text


def shown(path: PurePath) -> str:
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


def reason(error: OSError) -> str:
    """What the disk refused, as a clerk reads it."""
    if isinstance(error, PermissionError):
        return "没有权限，或文件正在 Word、WPS 里打开。请关闭后再试。"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "路径中有一个同名的文件，不能建文件夹。"
    name = errno.errorcode.get(error.errno or 0, "")
    return _REASONS.get(name, f"系统不允许（错误号 {error.errno or '不明'}）。")
