"""How files end that somebody damaged: a worker that examines them, and what is wrong with an end."""

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from damaging import Damaged, Seeds
from found import markdown
from generating.made import made
from made import gathered, outcome_of
from reportgen.problems import Exit
from test_layout import FORMS

HERE = Path(__file__).resolve().parent
TIMES = 100
"""So many times as much work as the sound Word file may any other be, counted in time of the processor."""
PATIENCE = 600
"""Seconds until a file is held to have no answer at all."""
PEAK = 500
"""Megabytes."""


def sound() -> Seeds:
    """A sound report in every kind that is read."""
    text = made(40, gathered().forms).text
    words = markdown(FORMS["2021"]).encode()
    files = outcome_of(text, "docx", "html").files
    return {"yaml": text.encode(), "md": words, "txt": words, "docx": files["docx"], "html": files["html"]}


SECONDS = 5.0
"""Of the processor, that a hostile file may cost."""


class Worker:
    """A process that examines files; one for many, because starting takes longer than the work."""

    def __init__(self, folder: Path, seeds: Seeds, program: str = "damage_worker.py") -> None:
        """Start it, and let it examine the sound Word file twice: the first time it prepares itself."""
        self.folder = folder
        path = os.pathsep.join((str(HERE.parent / "src"), str(HERE)))
        places = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", str(HERE / program), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, **(places if program != "damage_worker.py" else {})},
            text=True,
        )
        measured = [self.answer(Damaged("sound.docx", seeds["docx"], True)) for _ in range(2)]
        self.most_seconds: float = TIMES * measured[1]["seconds"]

    def answer(self, file: Damaged) -> dict[str, Any]:
        """How the file went.

        Raises:
            AssertionError: where no answer comes in time, or none at all.
        """
        process = self.process
        assert process.stdin and process.stdout and process.stderr
        path = self.folder / file.name
        path.write_bytes(file.content)
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        path.unlink()
        if not line:
            process.kill()
            raise AssertionError(f"{file.name}: no answer; {process.stderr.read()[-2000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        self.process.stderr.close()

    def faults(self, files: Iterator[Damaged]) -> tuple[int, list[str]]:
        """How many files there were, and what was wrong with the ends that they came to, each as one line."""
        found: list[str] = []
        count = peak = 0
        for file in files:
            answer = self.answer(file)
            found += [f"{file.name}: {fault}" for fault in self._faults_of(file, answer, peak)]
            count, peak = count + 1, answer["peak"]
        return count, found

    def _faults_of(self, file: Damaged, answer: dict[str, Any], before: int) -> Iterator[str]:
        """What is wrong with the end of a file; memory is told once, where it began to be too much."""
        allowed = {Exit.FINDINGS, Exit.FILE, *([Exit.OK] if file.may_be_sound else [])}
        if answer["exit"] not in allowed:
            yield f"exit {answer['exit']}"
        if "。" not in answer["words"] or "Traceback" in answer["words"] or "X99" in answer["codes"]:
            yield f"told {answer['words'][:300]!r}"
        if answer["seconds"] > self.most_seconds:
            yield f"{answer['seconds']:.1f} s, {self.most_seconds:.1f} may be"
        if answer["peak"] > PEAK >= before:
            yield f"{answer['peak']} MB"


class Defying(Worker):
    """A process that runs the whole program on files of strangers, in a folder that alone it may write to."""

    def __init__(self, folder: Path, seeds: Seeds) -> None:
        """Start it; nothing but the files and what the program keeps for itself lies in the folder."""
        super().__init__(folder, seeds, "hostile_worker.py")
        self.slowest, self.largest = 0.0, 0

    def _faults_of(self, _file: Damaged, answer: dict[str, Any], _before: int) -> Iterator[str]:
        self.slowest = max(self.slowest, answer["seconds"])
        self.largest = max(self.largest, answer["peak"])
        if answer["exit"] not in _ENDS:
            yield f"exit {answer['exit']}: {answer['words'][-300:]!r}"
        if not answer["words"].strip() or "Traceback" in answer["words"] or "X99" in answer["words"]:
            yield f"told {answer['words'][:300]!r}"
        if answer["length"] > MOST_TOLD:
            yield f"told {answer['length']} characters"
        if answer["seconds"] > SECONDS:
            yield f"{answer['seconds']:.1f} s"
        if answer["peak"] > PEAK:
            yield f"{answer['peak']} MB"
        yield from answer["done"]


_ENDS = {Exit.OK, Exit.FINDINGS, Exit.FILE, Exit.SIGNING, Exit.TEMPLATE, Exit.UNCHECKED}
MOST_TOLD = 60_000
"""Characters that the program says of one file."""


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """A port of this machine, and who asked there while the block ran."""
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}", asked
        server.settimeout(0.2)
        with suppress(TimeoutError):
            while True:
                asked.append(server.accept()[1])


def outside(folder: Path) -> set[str]:
    """What lies beside a folder, and two floors above it."""
    return {str(path) for above in (folder.parent, folder.parent.parent) for path in above.iterdir()}


@contextmanager
def examining(folder: Path, seeds: Seeds) -> Iterator[Worker]:
    """A worker while the block runs; the files lie in the folder one at a time."""
    begun = Worker(folder, seeds)
    try:
        yield begun
    finally:
        begun.stop()
