"""Kills at named moments: a worker that runs commands and ends them there, and what they leave."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kill_worker import TEMPORARY, named

HERE = Path(__file__).resolve().parent
INTERRUPTED = 130
"""The exit code of a command that SIGINT ended."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, or minus the signal; and the moments that it came by, in order."""

    code: int
    passed: tuple[str, ...]


class Worker:
    """A process that runs commands, each in a child of its own, and ends them at a moment."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take the process, which has begun."""
        self._process = process

    def command(self, *arguments: str | Path, under: Path, at: str = "", sent: int = signal.SIGKILL) -> Ended:
        """Run a command of reportgen; ``under`` is the folder whose files' moments count."""
        return self._answer({"arguments": list(map(str, arguments)), **_moment(under, at, sent)})

    def store(
        self,
        files: Mapping[str, str],
        under: Path,
        at: str = "",
        sent: int = signal.SIGKILL,
        lines: Sequence[str] = (),
    ) -> Ended:
        """Store files (kind → text) of a report; with ``lines`` each line of those modules is a moment."""
        return self._answer({"files": dict(files), **_moment(under, at, sent), "lines": list(lines)})

    def _answer(self, asked: dict[str, Any]) -> Ended:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return Ended(told["exit"], tuple(told["passed"]))


def _moment(under: Path, at: str, sent: int) -> dict[str, Any]:
    return {"under": str(under), "at": at, "signal": int(sent), "lines": []}


@contextmanager
def working(**environment: str) -> Iterator[Worker]:
    """A worker while the block runs, with these variables beside those of this process."""
    path = os.pathsep.join((str(HERE.parent / "src"), str(HERE)))
    with subprocess.Popen(
        [sys.executable, str(HERE / "kill_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environment, "PYTHONPATH": path},
        text=True,
    ) as process:
        yield Worker(process)
        assert process.stdin
        process.stdin.close()
        process.wait()


def left_in(folder: Path) -> list[str]:
    """The files in a folder and below, sorted: by suffix where they have a title, temporary, or by name."""
    return sorted(named(path) for path in folder.rglob("*") if path.is_file())


def contents_of(folder: Path) -> dict[str, bytes]:
    """The files in a folder and below by the same names, but for those under temporary names."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {named(path): path.read_bytes() for path in files if named(path) != TEMPORARY}
