"""A batch with the real LibreOffice and a real Dask scheduler: the same bytes everywhere, nothing lost."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from made import gathered, text_of
from reportgen.batch import cluster as clusters
from reportgen.batch.cluster import cluster, versions, worked_there
from reportgen.batch.work import Job, Work, received, sent, state_of
from reportgen.pipeline import Material
from reportgen.problems import Exit, ToolFailed, ToolMissing

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="sends signals of POSIX"),
    # distributed leaves sockets to the collector when a worker is killed.
    pytest.mark.filterwarnings("ignore"),
]

COMMAND = [sys.executable, "-m", "reportgen"]
COUNT = 6


def written(folder: Path) -> Path:
    folder.mkdir()
    for number in range(COUNT):
        text = text_of(2019 + number % 5).replace("乙镇", f"第{number}镇")
        (folder / f"{number}.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Units' files, and what one process makes of them in ``one``."""
    folder = tmp_path_factory.mktemp("batch")
    written(folder / "in")
    done = built(folder, "one", "--jobs", "1")
    assert done.returncode == Exit.OK, (done.stdout, done.stderr)
    return folder


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    """A scheduler and two workers, each a process of its own."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
    ) as running:
        yield running


def command_for(folder: Path, out: str, *more: str) -> list[str]:
    return [*COMMAND, "build", "in", "--out", str(folder / out), *more]


def built(folder: Path, out: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = command_for(folder, out, *more)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def descendants(number: int) -> set[int]:
    """The processes that a process has started, and theirs."""
    found: set[int] = set()
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | descendants(child)
    return found


def running(numbers: set[int]) -> set[int]:
    def lives(number: int) -> bool:
        try:
            return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return {number for number in numbers if lives(number)}


def ended(numbers: set[int]) -> bool:
    """True as soon as none of these processes runs any more."""
    for _ in range(600):
        if not running(numbers):
            return True
        time.sleep(0.1)
    return False


def until_something_is_made(process: subprocess.Popen[str]) -> set[int]:
    """Wait until the batch has told of a first report; gives its processes then."""
    assert process.stdout is not None
    assert ".yaml" in process.stdout.readline()
    return descendants(process.pid)


def started(folder: Path, out: str, *more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command_for(folder, out, *more),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )


def workers_of(process: "subprocess.Popen[str]") -> list[int]:
    return [
        number
        for number in sorted(descendants(process.pid))
        if b"reportgen.batch" in Path(f"/proc/{number}/cmdline").read_bytes()
    ]


def test_two_processes_make_the_same_bytes_as_one(office: Path) -> None:
    done = built(office, "two", "--jobs", "2")
    assert done.returncode == Exit.OK, done.stderr
    assert contents(office / "two") == contents(office / "one")
    assert sum(name.endswith(".pdf") for name in contents(office / "two")) == COUNT


def test_a_cluster_makes_the_same_bytes_as_one(office: Path, dask: Any) -> None:
    done = built(office, "dask", "--cluster", dask.scheduler_address)
    assert done.returncode == Exit.OK, done.stderr
    assert contents(office / "dask") == contents(office / "one")


def test_a_cluster_of_this_machine_is_started_and_ended(office: Path) -> None:
    process = started(office, "local", "--cluster", "local", "--jobs", "2")
    begun = until_something_is_made(process)
    process.communicate()
    assert process.returncode == Exit.OK and ended(begun)
    assert contents(office / "local") == contents(office / "one")


def test_a_process_killed_in_the_middle_loses_nothing(office: Path) -> None:
    process = started(office, "killed", "--jobs", "2")
    until_something_is_made(process)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    told, errors = process.communicate()
    assert process.returncode == Exit.OK, (told, errors)
    assert contents(office / "killed") == contents(office / "one")


def test_a_worker_of_a_cluster_killed_in_the_middle_loses_nothing(office: Path, dask: Any) -> None:
    process = started(office, "lost", "--cluster", dask.scheduler_address)
    until_something_is_made(process)
    nanny = next(iter(dask.workers.values()))
    os.kill(nanny.pid, signal.SIGKILL)
    told, errors = process.communicate()
    assert process.returncode == Exit.OK, (told, errors)
    assert contents(office / "lost") == contents(office / "one")


def test_an_interrupt_stops_all_and_says_what_is_done(office: Path) -> None:
    process = started(office, "stopped", "--jobs", "1")
    begun = until_something_is_made(process)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130 and f"{COUNT} 份里做完" in errors and "Traceback" not in errors
    assert ended(begun)
    made = contents(office / "stopped")
    assert made and made.items() <= contents(office / "one").items()
    assert built(office, "stopped").returncode == Exit.OK
    assert contents(office / "stopped") == contents(office / "one")


# ── which workers a cluster may have ─────────────────────────────────────────────────────────────────


def work() -> Work:
    return Work(replace(gathered(), today=date(2024, 3, 1)), ("docx",))


def test_a_worker_of_another_version_is_refused_by_name(dask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(kind: str, makers: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
        return (*state_of(kind, makers)[1:], ("LibreOffice", "99.1"))

    monkeypatch.setattr(clusters, "state_of", other)
    with pytest.raises(ToolMissing) as caught, cluster(dask.scheduler_address, work(), 2):
        pass
    told = str(caught.value)
    assert all(worker.address in told for worker in dask.scheduler.workers.values())
    assert "LibreOffice 是 没有，本机是 99.1" in told and "reportgen 是 " in told


def test_a_worker_that_joins_later_with_another_version_does_not_work() -> None:
    job = Job(Material("年报.yaml", text_of().encode()))
    with pytest.raises(ToolMissing, match=r"reportgen 是 .*，本机是 没有"):
        worked_there(sent(work()), pickle.dumps(job), (), 60)


def test_a_worker_does_a_report_in_a_process_of_its_own() -> None:
    doing, job = work(), Job(Material("年报.yaml", text_of().encode()))
    came = worked_there(sent(doing), pickle.dumps(job), versions(doing), 120)
    assert received(came, doing, job).files == doing.done(job).files


def test_where_no_scheduler_is_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_CONNECT", 0.5)
    with pytest.raises(ToolFailed, match=r"连不上.*127\.0\.0\.1:9"), cluster("tcp://127.0.0.1:9", work(), 1):
        pass


def test_without_distributed_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ToolMissing, match=r"pip install .*distributed"), cluster("local", work(), 1):
        pass
