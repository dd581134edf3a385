"""One run at a time in a report's folder: its manifest is read, its files and its manifest are written.

The lock is the system's own, taken by filelock, so it ends with its process whatever ends that. The file that
it is held on is taken away afterwards, since clerks look into the folder; ``FileLock`` itself would leave it.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from reportgen.problems import FileTrouble

LOCK = ".reportgen.lock"
WAIT = 20.0
"""Seconds to wait for another run; it only writes while it holds the lock."""

_TICK = 0.02


@contextlib.contextmanager
def alone_in(folder: Path, seconds: float = WAIT) -> Iterator[None]:
    """Keep other runs out of a folder.

    Where the disk has no locks or cannot be written to, there is nothing to wait for: the next attempt to
    write reports what is wrong.

    Args:
        folder: made if it is not there.
        seconds: to wait for another run.

    Raises:
        FileTrouble: another run is still at it.
    """
    path = folder / LOCK
    file = _taken(path, time.monotonic() + seconds)
    try:
        yield
    finally:
        if file is not None:
            _release(path, file)


def _taken(path: Path, end: float) -> int | None:
    """The open file with our lock; None where there can be none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        while (file := _tried(path)) is None:
            if time.monotonic() > end:
                raise FileTrouble(
                    f"另一个 reportgen 正在写 {path.parent}，还没有结束，这次没有写。请等它结束再运行。"
                )
            time.sleep(_TICK)
    except OSError:
        return None
    return file


def _tried(path: Path) -> int | None:
    """The open file with our lock; None while another run has it, or has just taken its file away.

    Raises:
        OSError: there can be no lock.
    """
    from filelock import lock_descriptor  # slow to import; only who writes needs it

    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    taken = False
    try:
        with contextlib.suppress(FileNotFoundError):
            taken = lock_descriptor(file, blocking=False) and os.path.samestat(os.fstat(file), path.stat())
        return file if taken else None
    finally:
        if not taken:
            os.close(file)


def _release(path: Path, file: int) -> None:
    if sys.platform == "win32":  # where an open file cannot be taken away, and another run's is open
        os.close(file)
        with contextlib.suppress(OSError):
            path.unlink()
    else:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(file)
