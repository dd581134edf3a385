"""One run at a time in a report's folder: its manifest is read, its files and its manifest are written.

The lock is the system's own, so it ends with its process whatever ends that; the file that it is held on is
taken away afterwards, since clerks look into the folder.
"""

import contextlib
import errno
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
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def alone_in(folder: Path, seconds: float = WAIT) -> Iterator[None]:
    """Keep other runs out of a folder.

    Where the disk knows no locks or does not let us write, there is nothing to wait for: whoever writes
    next is told what is wrong.

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
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        _lock(file)
        if os.path.samestat(os.fstat(file), path.stat()):
            return file
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno not in _HELD:
            os.close(file)
            raise
    os.close(file)
    return None


def _release(path: Path, file: int) -> None:
    if sys.platform == "win32":  # where an open file cannot be taken away, and another run's is open
        os.close(file)
        with contextlib.suppress(OSError):
            path.unlink()
    else:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(file)
