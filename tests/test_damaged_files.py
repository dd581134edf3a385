"""What is tedious to read ends in a sentence soon, and what is sound stays so.

The thousand damaged files are a proof: ``tools/proofs/hostile.py``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from damaging import Damaged, Seeds, damaged_files, tedious_files
from enduring import Worker, examining, sound
from reportgen.problems import Exit


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return sound()


@pytest.fixture
def worker(tmp_path: Path, seeds: Seeds) -> Iterator[Worker]:
    with examining(tmp_path, seeds) as begun:
        yield begun


def test_what_is_tedious_to_read_is_read_soon(seeds: Seeds, worker: Worker) -> None:
    count, faults = worker.faults(tedious_files(seeds))
    assert not faults, "\n".join(faults)
    assert count > 80


def test_sound_files_stay_sound(seeds: Seeds, worker: Worker) -> None:
    answers = {kind: worker.answer(Damaged(f"a.{kind}", seeds[kind], True)) for kind in ("yaml", "docx")}
    assert {kind: answer["exit"] for kind, answer in answers.items()} == {"yaml": Exit.OK, "docx": Exit.OK}


def test_the_same_seed_damages_in_the_same_way(seeds: Seeds) -> None:
    text_only = {"yaml": seeds["yaml"], "docx": seeds["docx"]}
    first, second = (
        [file.content for _, file in zip(range(20), damaged_files(text_only, 10), strict=False)] for _ in "12"
    )
    assert first == second
