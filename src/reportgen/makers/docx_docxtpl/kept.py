"""What was made of a template, kept on the disk for the next run: in a folder that is this user's alone.

What is kept is code that will be run. So nothing is read from a folder or a file that anybody else owns or
could have written to, nor through a link; and nothing that does not bear its own digest, since half a file
would crash the interpreter. Windows does not tell in a mode who may write: there it lies where Python keeps
its own compiled code of this package, since who can write there can change the program itself. Where anything
is not as it should be, nothing is kept and nothing is told: the template is compiled anew.
"""

import hashlib
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 16 * 1024 * 1024
"""Bytes of one thing kept."""

_COUNT = 40
"""Things kept; the oldest go first."""

_DIGEST = hashlib.sha256().digest_size
_WINDOWS = sys.platform == "win32"
_WARY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""No link is followed and no pipe waited for, where the system knows that; nor is a line's end changed."""


def recall(key: str) -> bytes | None:
    """What was kept under a key; None where nothing whole is, or nothing that only this user could write."""
    with suppress(OSError), _folder() as folder:
        content = _read(folder, key)
        if content[:_DIGEST] == hashlib.sha256(content[_DIGEST:]).digest():
            return content[_DIGEST:]
    return None


def keep(key: str, content: bytes) -> None:
    """Keep something under a key, whole or not at all."""
    with suppress(OSError), _folder() as folder:
        fresh = f"{token_hex(8)}.part"
        with suppress(FileNotFoundError):
            try:
                _write(folder, fresh, hashlib.sha256(content).digest() + content)
                (there, start), (here, _) = _reached(folder, fresh), _reached(folder, key)
                os.replace(there, here, src_dir_fd=start, dst_dir_fd=start)
            finally:
                _remove(folder, [fresh])
        _remove(folder, _eldest(folder))


def key_of(*parts: bytes | str) -> str:
    """A key for what was made of these; another program, template engine or Python has other keys."""
    digest = hashlib.sha256(_makers())
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(content) + content)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _makers() -> bytes:
    """What tells the versions of all that has a part in the making: names, sizes and times of the files."""
    packages = ("reportgen.makers.docx_docxtpl", "reportgen.model", "docxtpl", "jinja2")
    specs = (find_spec(name) for name in packages)
    folders = [Path(spec.origin).parent for spec in specs if spec and spec.origin]
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    told = ((str(file), file.stat()) for file in files)
    marks = [f"{name} {about.st_size} {about.st_mtime_ns}" for name, about in told]
    return "\n".join([sys.version, *marks]).encode("utf-8", "surrogatepass")


@contextmanager
def _folder() -> "Iterator[int | Path]":
    """The folder; where there are modes it is opened: what is looked at and what is used is one and the same.

    Raises:
        PermissionError: where it is not ours alone.
        OSError: where it cannot be used.
    """
    if _WINDOWS:
        beside = Path(__file__).with_name("__pycache__") / "templates"
        beside.mkdir(parents=True, exist_ok=True)
        yield beside
        return
    try:
        path = platformdirs.user_cache_path("reportgen") / "templates"
    except RuntimeError as error:  # a user whom the system does not know, without HOME
        raise PermissionError from error
    _ensure(path.is_absolute())  # it is not for somebody without a home
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        about = os.fstat(folder)
        _ensure(about.st_uid == os.geteuid() and not about.st_mode & 0o077)
        yield folder
    finally:
        os.close(folder)


def _ensure(right: bool) -> None:
    if not right:
        raise PermissionError


def _reached(folder: int | Path, name: str) -> tuple[str | Path, int | None]:
    """A file's path, and the opened folder from which it counts."""
    return (folder / name, None) if isinstance(folder, Path) else (name, folder)


def _read(folder: int | Path, key: str) -> bytes:
    path, start = _reached(folder, key)
    file = os.open(path, os.O_RDONLY | _WARY, dir_fd=start)
    with os.fdopen(file, "rb") as opened:
        about = os.fstat(file)
        _ensure(stat.S_ISREG(about.st_mode) and about.st_size <= _MOST)
        _ensure(_WINDOWS or (about.st_uid == os.geteuid() and not about.st_mode & 0o022))
        _ensure(about.st_nlink == 1)
        return opened.read(_MOST)


def _write(folder: int | Path, name: str, content: bytes) -> None:
    path, start = _reached(folder, name)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _WARY, 0o600, dir_fd=start)
    with os.fdopen(file, "wb") as opened:
        opened.write(content)


def _eldest(folder: int | Path) -> list[str]:
    """The names of what is too much, the newest left out."""
    times = []
    with os.scandir(folder) as found:
        for each in found:
            with suppress(OSError):
                times.append((each.stat(follow_symlinks=False).st_mtime_ns, each.name))
    return [name for _, name in sorted(times)[:-_COUNT]]


def _remove(folder: int | Path, names: Iterable[str]) -> None:
    for name in names:
        path, start = _reached(folder, name)
        with suppress(OSError):
            os.unlink(path, dir_fd=start)
