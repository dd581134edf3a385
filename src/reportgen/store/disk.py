"""Reads and writes files, whole or not at all, with a sentence for whatever the disk refuses."""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from reportgen.paths import reason, shown
from reportgen.problems import FileTrouble
from reportgen.store.locking import PLAN, TEMPORARY, Move, alone_in, plan_of, sum_of

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is read."""


def read_bytes(path: Path, most: int = LARGEST) -> bytes:
    """A file's bytes.

    Raises:
        FileTrouble: where it is absent, no file, too large or not ours to read.
    """
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise FileTrouble(f"{path} 是文件夹，不是文件。")
        if not stat.S_ISREG(about.st_mode):  # a pipe would keep us waiting, a device never ends
            raise FileTrouble(f"{path} 不是普通的文件（是管道或设备），读不了。")
        if about.st_size > most:
            raise FileTrouble(f"{path} 太大（超过 {most // 1024 // 1024} MB），不像一份年报。")
        return path.read_bytes()
    except FileNotFoundError:
        raise FileTrouble(f"找不到文件 {path}，请检查文件名和所在文件夹。") from None
    except OSError as error:
        raise FileTrouble(f"读不了文件 {path}：{reason(error)}") from error


def stands(path: Path) -> bool:
    """True if a name is taken, even by a link that leads nowhere."""
    return os.path.lexists(path)


def ensure_new(path: Path) -> None:
    """See that nothing stands under a name.

    Raises:
        FileTrouble: where something does.
    """
    if stands(path):
        raise FileTrouble(f"{path} 已经存在，没有覆盖。请换一个文件名，或先把它移走。")


def write_new(path: Path, content: bytes) -> None:
    """Write a new file, whole.

    Raises:
        FileTrouble: where the name is taken, or the disk refuses.
    """
    ensure_new(path)
    write_alone(path, content)


def write_alone(path: Path, content: bytes) -> None:
    """Write a file, whole, with the folder's lock, so that what dead runs left there is cleared away.

    Raises:
        FileTrouble: where the disk refuses, or another run is at it.
    """
    with alone_in(path.parent):
        write_whole({path: content})


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Write files so that each is whole under its name; where one cannot be written, none is.

    All are written to temporary names in their folders first; only then are they renamed. At every
    moment each name holds a whole file, the old one or the new one. Whatever stops it, an interrupt
    too, the old files are put back. What a kill breaks off is settled by the next run in the folder
    (``alone_in``): call this with the folder's lock.

    Args:
        contents: what to write, by its path; the paths are renamed in this order.

    Raises:
        FileTrouble: where the disk refuses, or another program holds a file open.
    """
    writing = _Writing()
    try:
        try:
            _write_all(writing, contents)
        finally:
            writing.clear()
    except KeyboardInterrupt:
        writing.clear()  # it may have come in the midst of clearing
        raise


def _write_all(writing: "_Writing", contents: Mapping[Path, bytes]) -> None:
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            writing.prepare(path, content)
        writing.plan()
        for path in contents:
            writing.finish(path)
    except OSError as error:
        writing.put_back()
        raise FileTrouble(_unwritten(path, error)) from error
    except BaseException:
        writing.put_back()
        raise


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write a new folder of files, by name: with all of them, or not at all.

    Raises:
        FileTrouble: where the disk refuses, or another run is at it. Nothing of it is left.
    """
    held = _free(folder.parent)
    try:
        try:
            with alone_in(folder.parent):
                _fill(held, contents)
                held.rename(folder)
        except OSError as error:
            raise FileTrouble(f"写不了文件夹 {folder}：{reason(error)}") from error
        finally:
            shutil.rmtree(held, ignore_errors=True)
    except KeyboardInterrupt:
        shutil.rmtree(held, ignore_errors=True)  # it may have come in the midst of clearing
        raise


def _fill(folder: Path, contents: Mapping[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir()
    for name, content in contents.items():
        _write(folder / name, content)


class _Writing:
    """Files on their way to their names, and what those names held before."""

    def __init__(self) -> None:
        self.temporary: list[Path] = []
        self.new: dict[Path, Path] = {}
        self.old: dict[Path, Path] = {}
        self.finished: list[Path] = []

    def prepare(self, path: Path, content: bytes) -> None:
        """Write all that the disk needs room for; afterwards there are only renames."""
        self.new[path] = self._take(path.parent)
        _write(self.new[path], content)
        if path.exists():
            kept = self._take(path.parent)
            shutil.copyfile(path, kept)
            with contextlib.suppress(OSError):  # disks without rights have none to keep
                shutil.copystat(path, kept)
                shutil.copymode(path, self.new[path])
            self.old[path] = kept

    def plan(self) -> None:
        """Write down, for each folder with several files, what is about to be renamed there.

        The plans are the first to be deleted: without one, nothing is left to carry out.
        """
        for folder in {path.parent for path in self.new}:
            moves = [self._move(path) for path in self.new if path.parent == folder]
            if len(moves) > 1:
                path = _free(folder, PLAN)
                self.temporary.insert(0, path)
                _write(path, plan_of(moves))

    def _move(self, path: Path) -> Move:
        new, old = self.new[path], self.old.get(path)
        was = sum_of(old) if old else ""
        return Move(path.name, new.name, old.name if old else "", sum_of(new), was)

    def finish(self, path: Path) -> None:
        """Put the new file under its name."""
        self.finished.append(path)  # first: an interrupt may come between
        self.new[path].replace(path)

    def put_back(self) -> None:
        """Put the old files back under their names."""
        for path in reversed(self.finished):
            with contextlib.suppress(OSError):
                if path in self.old:
                    self.old[path].replace(path)
                else:
                    path.unlink()

    def clear(self) -> None:
        """Delete what is under temporary names."""
        for path in self.temporary:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _take(self, folder: Path) -> Path:
        self.temporary.append(_free(folder))
        return self.temporary[-1]


def _free(folder: Path, suffix: str = "") -> Path:
    """A temporary name that nothing has."""
    return folder / f"{TEMPORARY}{secrets.token_hex(8)}{suffix}"


def _write(path: Path, content: bytes) -> None:
    """Write a new file down to the disk, with the rights that new files of this user have."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unwritten(path: Path, error: OSError) -> str:
    """Why a file was not written. A file that does not exist yet cannot be open in another program."""
    there = True
    with contextlib.suppress(OSError):
        there = path.exists()
    if isinstance(error, PermissionError) and not there:
        return f"没有权限写入文件夹 {path.parent}。请换一个文件夹。"
    return f"写不了文件 {path}：{reason(error)}"


def refused(path: Path, error: OSError) -> FileTrouble:
    """The disk's refusal of a file as a sentence, where nothing more is known of what was tried."""
    name = error.filename
    at = Path(os.fsdecode(name)) if isinstance(name, str | bytes) else path
    return FileTrouble(f"{shown(at)}：{reason(error)}")


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and its folders, by its path from there; and folders in which nothing lies.

    Raises:
        FileTrouble: where a file is not ours to read.
    """
    found = {path: f"{path.relative_to(folder).as_posix()}" for path in sorted(folder.rglob("*"))}
    files = {name: read_bytes(path) for path, name in found.items() if not path.is_dir()}
    empty = [f"{name}/" for path, name in found.items() if path.is_dir() and not any(path.iterdir())]
    return {**files, **dict.fromkeys(empty, b"")}


# ── names that every disk takes, made of what a report calls itself. Pure text ────────────────────────

_KEPT = re.compile(r"（\d{8}-\d{6} 备份\d*）$")

MOST_BYTES = 180
"""Disks take 255 bytes, three for a Chinese character; marks and suffixes are added to the name."""

_HIDDEN = (
    *range(0x20),
    *range(0x7F, 0xA0),
    # What turns the direction of writing makes a name read otherwise than it is.
    *(0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_UNFIT: dict[int, str | None] = {
    **dict.fromkeys(_HIDDEN),
    **{ord(sign): full for sign, full in zip('<>:"/\\|?*', "＜＞：＂／＼｜？＊", strict=True)},
}


def fitting(text: str, otherwise: str) -> str:
    """A text as the name of a file or folder, without a suffix.

    Args:
        text: what it shall be called. Where it is too long it is cut, with some signs at the end that tell
            it from another one that begins alike.
        otherwise: the name where nothing of it is left.
    """
    name = text.translate(_UNFIT).strip(" .")
    short = cut(name, MOST_BYTES)
    if short != name:
        return f"{short.rstrip(' .')}～{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:6]}"
    return name or otherwise


def cut(text: str, most: int) -> str:
    """As many of the first characters as fit into so many bytes."""
    return text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")


def is_kept_copy(path: Path) -> bool:
    """True for a copy that this program kept under a dated name before it replaced a file."""
    return bool(_KEPT.search(path.stem))
