"""Runs the program on the files named on its input, in little memory, and says how each went and what it did.

A process of its own, so that a crash or a hunger for memory is seen from outside and ends nobody else. Its
first argument is the folder that alone may be written to.
"""

import contextlib
import io
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from reportgen.cli import main

_ADDRESSES = 1536 * 1024 * 1024
"""Memory that may be asked for; what is really used is measured, and must be far less."""

_COMMANDS = {".pdf": "verify", ".zip": "verify"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def run(box: Path) -> None:
    """Answer every line with one of JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    os.chdir(box)  # what is opened by way of an opened folder is told by its bare name
    done: list[str] = []
    sys.addaudithook(lambda event, args: _watched(event, args, box, done))
    answers, sys.stdout = sys.stdout, io.StringIO()
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        command = "template" if path.name.endswith(".template.docx") else _COMMANDS.get(path.suffix, "check")
        _forget_peak()
        done.clear()
        start, said = _seconds(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = main([command, str(path)])
        words = said.getvalue()
        told = {"exit": code, "words": words[:4_000], "length": len(words), "done": done[:5]}
        answers.write(json.dumps({**told, "seconds": _seconds() - start, "peak": _peak()}) + "\n")
        answers.flush()


def _watched(event: str, args: tuple[Any, ...], box: Path, done: list[str]) -> None:
    """Note what asks another machine, or writes anywhere but in the folder."""
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        done.append(f"{event} {args[-1]!r}"[:200])
    elif event == "open" and isinstance(args[0], (str, bytes)) and args[2] & _WRITING:
        path = Path(os.fsdecode(args[0])).absolute()
        if not path.is_relative_to(box) and not path.is_relative_to("/dev"):
            done.append(f"writes {path}"[:200])


def _seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """The most memory that was in use since it was forgotten, in megabytes."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in each]
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve())
