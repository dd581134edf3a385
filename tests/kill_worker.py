"""Runs commands, each in a child that ends itself at a named moment, and says how each ended.

A process of its own: it has imported everything once, and a child is a fork of it, so that hundreds of kills
take seconds. Python tells what it is about to do with files (its audit events), and which line it is about to
run; a moment is one of those, so that no clock and no speed has a part in it.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from reportgen.cli import main
from reportgen.store.storing import store
from test_workspace import outcome

_EVENTS = {"open": "write", "os.mkdir": "folder", "os.rename": "rename", "os.remove": "remove"}
_TARGET = {"os.rename": 1}
"""Which argument of an event names the file that will be there; the first of all others."""

_TEMPORARY = ".reportgen-"
TEMPORARY = "temporary"
"""What every file under a temporary name is called in the names of moments."""


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """How a child ended: its exit code, or minus the signal; and the moments that it came by, in order.

    Args:
        asked: ``under``, the folder of outputs, whose files alone count; ``arguments`` of a command, or
            ``files``, what to store there (kind → text); ``at``, the moment's name, empty for none;
            ``signal`` to send then; ``lines``, names of modules each line of which is a moment, instead of
            what happens to files.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _run(asked, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        passed = told.read().splitlines()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"exit": code, "passed": passed}


def _run(asked: dict[str, Any], told: int) -> None:
    """Run the command in this process and end with it."""
    code = 70
    try:
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(silent, stream)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        watch = _Watch(asked, told)
        if asked["lines"]:
            sys.settrace(_tracer(watch, set(asked["lines"])))
        else:
            sys.addaudithook(_hook(watch, Path(asked["under"])))
        code = _work(asked)
        watch.over = True
    except KeyboardInterrupt:
        code = 130
    except BaseException:
        code = 99
    finally:
        sys.settrace(None)
        os._exit(code)


def _work(asked: dict[str, Any]) -> int:
    if "files" not in asked:
        return main(asked["arguments"])
    files = {kind: text.encode() for kind, text in asked["files"].items()}
    store(outcome(**files), Path(asked["under"]), {}, force=False)
    return 0


class _Watch:
    """Counts moments by name, tells each, and sends the signal at the one that was asked for."""

    def __init__(self, asked: dict[str, Any], told: int) -> None:
        """Take what was asked, and the pipe for the moments."""
        self.at, self.signal, self.told = asked["at"], asked["signal"], told
        self.counts: dict[str, int] = {}
        self.over = False

    def passes(self, name: str) -> None:
        """A moment has come."""
        if self.over:
            return
        self.counts[name] = self.counts.get(name, 0) + 1
        moment = f"{name} {self.counts[name]}"
        os.write(self.told, f"{moment}\n".encode())
        if moment == self.at:
            self.over = True
            os.kill(os.getpid(), self.signal)


def _hook(watch: _Watch, under: Path) -> Callable[[str, tuple[Any, ...]], None]:
    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS:
            return
        path = arguments[_TARGET.get(event, 0)]
        if not isinstance(path, str | bytes | os.PathLike) or (event == "open" and not _writes(arguments)):
            return
        place = Path(os.fsdecode(path))
        if place.is_relative_to(under):
            watch.passes(f"{_EVENTS[event]} {named(place)}")

    return heard


def named(place: Path) -> str:
    """What a file is called here: its suffix where it has a title, ``temporary``, or its own name."""
    if place.name.startswith(_TEMPORARY):
        return TEMPORARY
    return place.suffix if place.suffix in (".docx", ".pdf", ".html", ".yaml") else place.name


def _writes(arguments: tuple[Any, ...]) -> bool:
    return bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _tracer(watch: _Watch, modules: set[str]) -> Callable[[FrameType, str, Any], Any]:
    def traced(frame: FrameType, event: str, _: Any) -> Any:
        name = str(frame.f_globals.get("__name__", "")).rpartition(".")[2]
        if name not in modules:
            return None
        if event == "line":
            watch.passes(f"{name}.{frame.f_code.co_name} +{frame.f_lineno - frame.f_code.co_firstlineno}")
        return traced

    return traced


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)  # noqa: T201 - the way it answers
