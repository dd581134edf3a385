"""One run at a time in a folder: it settles what a dead run left there, and then writes its own files.

The lock is the system's own, taken by filelock, so it ends with its process whatever ends that. The file that
it is held on is taken away afterwards, since clerks look into the folder; ``FileLock`` itself would leave it.

Who holds the lock knows that everything under a temporary name is a dead run's. Files that belong together
have a plan, written before the first of them gets its name: what a kill broke off between two names is
carried on, or taken back where the dead run itself was taking it back.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reportgen.problems import FileTrouble

TEMPORARY = ".reportgen-"
"""How the temporary names of files and folders begin, before 16 digits."""

PLAN = ".plan"
"""How the temporary name of a plan ends."""

LOCK = ".reportgen.lock"
WAIT = 20.0
"""Seconds to wait for another run; it only writes while it holds the lock."""

_TICK = 0.02


@contextlib.contextmanager
def alone_in(folder: Path, seconds: float = WAIT) -> Iterator[None]:
    """Keep other runs out of a folder, and settle what dead ones left in it.

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
        if file is not None:
            _settle(folder)
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


# ── what a dead run left ─────────────────────────────────────────────────────────────────────────────

_LEFT = re.compile(rf"{re.escape(TEMPORARY)}[0-9a-f]{{16}}({re.escape(PLAN)})?")
_SEEN: dict[Path, int] = {}
"""Folders in which nothing was left → when something last came or went in them."""


@dataclass(frozen=True, slots=True)
class Move:
    """A file on its way to its name.

    Attributes:
        name: the name in the folder.
        new: the temporary name of what it becomes; taken once the file has its name.
        old: the temporary name of a copy of what it was; empty where there was nothing.
        became: the digest of what it becomes.
        was: the digest of what it was; empty where there was nothing.
    """

    name: str
    new: str
    old: str
    became: str
    was: str


def plan_of(moves: Sequence[Move]) -> bytes:
    """The plan of files that get their names in this order, as it lies on the disk."""
    return json.dumps([asdict(move) for move in moves]).encode()


def sum_of(path: Path) -> str:
    """The digest of a file; empty where there is none.

    Raises:
        OSError: where it cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def settled(folder: Path) -> None:
    """Settle what a dead run left in a folder, for who only reads there; a live run is left alone.

    A folder is looked through once, and again when something came or went in it: many reports may lie there.
    """
    with contextlib.suppress(OSError):
        changed = folder.stat().st_mtime_ns
        if _SEEN.get(folder) == changed:
            return
        if _left_in(folder):
            with contextlib.suppress(FileTrouble), alone_in(folder, 0):
                pass
        else:
            _SEEN[folder] = changed


def _left_in(folder: Path) -> list[Path]:
    """Everything under a temporary name, plans first."""
    with contextlib.suppress(OSError):
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(TEMPORARY)]
        left = (folder / name for name in names if _LEFT.fullmatch(name))
        return sorted(left, key=lambda path: path.suffix != PLAN)
    return []


def _settle(folder: Path) -> None:
    """Carry out what plans still ask for, and delete what lies under temporary names.

    Where the disk refuses, all is left as it is for the next run.
    """
    left = _left_in(folder)
    with contextlib.suppress(OSError):
        for path in left:
            if path.suffix == PLAN:
                _carry_out(folder, _understood(path))
        for path in reversed(left):  # plans last: until then they tell what the others are
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _understood(path: Path) -> tuple[Move, ...]:
    """The moves of a plan; none where it is not whole, or not one of ours."""
    try:
        moves = tuple(Move(**each) for each in json.loads(path.read_bytes()))
        sound = all(_is_sound(move) for move in moves)
    except (ValueError, TypeError, RecursionError):
        return ()
    return moves if sound else ()


def _is_sound(move: Move) -> bool:
    """True if a move leads from temporary names to a name of the folder itself."""
    plain = move.name not in ("", ".", "..") and not any(sign in move.name for sign in "/\\:\0")
    return plain and bool(_LEFT.fullmatch(move.new)) and (not move.old or bool(_LEFT.fullmatch(move.old)))


def _carry_out(folder: Path, moves: Sequence[Move]) -> None:
    """Give the files their names that a dead run did not come to; or put back what it was putting back.

    A file that is neither what it was nor what it became was changed by somebody since: it stays.
    """
    now = {move.name: sum_of(folder / move.name) for move in moves}
    named = [move for move in moves if not (folder / move.new).exists()]
    back = any(now[move.name] == move.was != move.became for move in named)
    for move in moves if named else ():
        path = folder / move.name
        if not back and move not in named and now[move.name] == move.was:
            (folder / move.new).replace(path)
        elif back and now[move.name] == move.became:
            _put_back(path, move)


def _put_back(path: Path, move: Move) -> None:
    old = path.with_name(move.old)
    if not move.old:
        path.unlink()
    elif old.exists():
        old.replace(path)
