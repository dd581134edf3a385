"""Damaged files end in a sentence: soon, in little memory, and never in a traceback."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from damaging import Damaged, Seeds, damaged_files, tedious_files
from found import markdown
from generating.made import made
from made import gathered, outcome_of
from reportgen.problems import Exit
from test_layout import FORMS

HERE = Path(__file__).resolve().parent
SECONDS = 5
PEAK = 500
"""Megabytes."""
EACH = 57
"""So many truncated, flipped and torn files of every kind make a thousand with the others."""


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    """A sound report in every kind that is read."""
    text = made(40, gathered().forms).text
    words = markdown(FORMS["2021"]).encode()
    files = outcome_of(text, "docx", "html").files
    return {"yaml": text.encode(), "md": words, "txt": words, "docx": files["docx"], "html": files["html"]}


class Worker:
    """A process that examines files; one for many, because starting takes longer than the work."""

    def __init__(self, folder: Path) -> None:
        """Start it."""
        self.folder = folder
        path = os.pathsep.join((str(HERE.parent / "src"), str(HERE)))
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", str(HERE / "damage_worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            text=True,
        )

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
        ready, _, _ = select.select([process.stdout], [], [], 6 * SECONDS)
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


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """A process that examines files."""
    begun = Worker(tmp_path)
    yield begun
    begun.stop()


@pytest.mark.slow
def test_a_thousand_damaged_files_each_end_in_a_sentence(seeds: Seeds, worker: Worker) -> None:
    faults: list[str] = []
    count = peak = 0
    for file in damaged_files(seeds, EACH):
        count += 1
        answer = worker.answer(file)
        faults += [f"{file.name}: {fault}" for fault in faults_of(file, answer, peak)]
        peak = answer["peak"]
    assert not faults, "\n".join(faults)
    assert count >= 1000


def test_what_is_tedious_to_read_is_read_soon(seeds: Seeds, worker: Worker) -> None:
    faults: list[str] = []
    for file in tedious_files(seeds):
        faults += [f"{file.name}: {fault}" for fault in faults_of(file, worker.answer(file), PEAK)]
    assert not faults, "\n".join(faults)


def faults_of(file: Damaged, answer: dict[str, Any], before: int) -> Iterator[str]:
    """What is wrong with the end that a file came to."""
    allowed = {Exit.FINDINGS, Exit.FILE, *([Exit.OK] if file.may_be_sound else [])}
    if answer["exit"] not in allowed:
        yield f"exit {answer['exit']}"
    if "。" not in answer["words"] or "Traceback" in answer["words"] or "X99" in answer["codes"]:
        yield f"told {answer['words'][:300]!r}"
    if answer["seconds"] > SECONDS:
        yield f"{answer['seconds']:.1f} s"
    if answer["peak"] > PEAK >= before:
        yield f"{answer['peak']} MB"


def test_sound_files_stay_sound(seeds: Seeds, worker: Worker) -> None:
    answers = {kind: worker.answer(Damaged(f"a.{kind}", seeds[kind], True)) for kind in ("yaml", "docx")}
    assert {kind: answer["exit"] for kind, answer in answers.items()} == {"yaml": Exit.OK, "docx": Exit.OK}


def test_the_same_seed_damages_in_the_same_way(seeds: Seeds) -> None:
    text_only = {"yaml": seeds["yaml"], "docx": seeds["docx"]}
    first, second = (
        [file.content for _, file in zip(range(20), damaged_files(text_only, 10), strict=False)] for _ in "12"
    )
    assert first == second
