"""Builds killed at random moments, with all that they started or without; the next run clears up."""

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from made import text_of
from proofs import Proof, Tried
from reportgen.problems import Exit

_TRIES = {True: 200, False: 6}
_PATIENCE = 20.0
"""Seconds for a keeper to have cleared up what it keeps."""


def _tree(process: int) -> list[int]:
    """A process and all that it started, whichever session that is in."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(words[1]), []).append(int(stat.parent.name))
    found = [process]
    for each in found:
        found += parents.get(each, [])
    return found


def _kill_tree(process: int) -> None:
    os.kill(process, signal.SIGSTOP)  # it starts nothing more
    for each in _tree(process):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _kill_group(process: int) -> None:
    os.killpg(process, signal.SIGKILL)


def _kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)


_WAYS: Mapping[str, Callable[[int], None]] = {
    "the process": _kill,
    "its group": _kill_group,
    "the whole tree": _kill_tree,
}


@dataclass
class _Desk:
    """A clerk's folder, with a report of which one edit after the other is built."""

    folder: Path
    edit: int = 0
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.temporary.mkdir(parents=True)
        here = os.pathsep.join(path for path in sys.path if path)
        self.env = {**os.environ, "TMPDIR": str(self.temporary), "PYTHONPATH": here}

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def begin(self, *more: str) -> subprocess.Popen[bytes]:
        """Begin to build the next edit, in a session of its own."""
        self.edit += 1
        source = self.folder / "2023.yaml"
        source.write_text(text_of(more=f"前言: 这是第{self.edit}次改动之后的前言。\n"), "utf-8")
        command = [sys.executable, "-m", "reportgen", "build", str(source), "--out", str(self.out), *more]
        silent = subprocess.DEVNULL
        return subprocess.Popen(command, env=self.env, stdout=silent, stderr=silent, start_new_session=True)

    def halves(self) -> Iterator[str]:
        """Names of files that are not whole."""
        for path in self.out.rglob("*"):
            content = path.read_bytes() if path.is_file() and not path.name.startswith(".") else b""
            if path.suffix == ".docx" and not zipfile.is_zipfile(io.BytesIO(content)):
                yield path.suffix
            if path.suffix == ".pdf" and not content.rstrip().endswith(b"%%EOF"):
                yield path.suffix

    def leftovers(self) -> list[str]:
        """What lies about after a run that ended: files, folders, and what still runs."""
        end = time.monotonic() + _PATIENCE
        while left := self._left():
            if time.monotonic() > end:
                return left
            time.sleep(0.05)
        return []

    def _left(self) -> list[str]:
        hidden = [path.name for path in self.out.rglob(".reportgen*")]
        running = []
        for each in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                command = each.read_bytes()
            except OSError:
                continue
            if os.fsencode(self.temporary) in command:
                running.append(f"process {each.parent.name}")
        return [*hidden, *(path.name for path in self.temporary.iterdir()), *running]


def _faults(desk: _Desk, way: str, after: float, polishes: bool) -> Iterator[str]:
    """What a kill after so many seconds, and the run after it, did that they must not."""
    with desk.begin() as process:
        time.sleep(after)
        if process.poll() is None:
            _WAYS[way](process.pid)
    told = f"{way} after {after:.3f} s"
    yield from (f"{told}: half a {suffix}" for suffix in desk.halves())
    if polishes:
        (word,) = desk.out.rglob("*.docx")
        polished = word.read_bytes() + b"polished"
        word.write_bytes(polished)
        with desk.begin() as process:
            refused = process.wait() != Exit.OK
        if not refused or word.read_bytes() != polished:
            yield f"{told}: what was polished is lost"
    with desk.begin(*(["--force"] if polishes else [])) as process:
        if code := process.wait():
            yield f"{told}: the next run ends with {code}"
    yield from (f"{told}: {name} is left" for name in desk.leftovers())
    for copy in desk.out.rglob("*备份*"):
        copy.unlink()


def _run(long: bool, folder: Path) -> Tried:
    desk, chance = _Desk(folder), random.Random(20261130)
    begun = time.monotonic()
    for _ in range(2):  # the second one finds all caches made
        begun = time.monotonic()
        with desk.begin() as process:
            process.wait()
    whole = time.monotonic() - begun
    figures: dict[str, int] = {}
    faults: list[str] = []
    for number in range(_TRIES[long]):
        way = tuple(_WAYS)[number % len(_WAYS)]
        polishes = number % 10 == 5
        faults += _faults(desk, way, chance.uniform(0, whole), polishes)
        told = f"kills of {way} within a build"
        figures[told] = figures.get(told, 0) + 1
    shutil.rmtree(desk.out)
    return Tried(figures, tuple(faults))


PROOF = Proof(
    "sudden",
    "After a kill at any moment no file is half, the next run is not refused, and nothing of it is left.",
    _run,
)
