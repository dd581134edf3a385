"""Taking turns: seconds and processor time of one way and another, and rows of tables about them."""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
INPUT = REPOSITORY / "inputs" / "laiyang-xuefang" / "2020.yaml"
COMMAND = (sys.executable, "-m", "reportgen")

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As on a user's machine, where Python keeps what it has compiled."""


class Spent(NamedTuple):
    """What a process took: seconds of a core, memory at most, and seconds by the clock."""

    seconds: float
    megabytes: float
    clock: float


class Row(NamedTuple):
    """One line of a table: what was measured, beside what; ``goal`` is empty where none is set."""

    what: str
    ours: str
    other: str
    theirs: str
    ratio: str
    goal: str = ""


def in_turns(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each way, taken in turns so that a slow moment of the machine hits all."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - begun)
    return times


def compared(what: str, ours: Sequence[float], other: str, theirs: Sequence[float], goal: str = "") -> Row:
    """A row of two medians in milliseconds, and the one divided by the other."""
    mine, bare = statistics.median(ours), statistics.median(theirs)
    return Row(what, f"{mine * 1000:.1f} ms", other, f"{bare * 1000:.1f} ms", f"{mine / bare:.3f}", goal)


def run(command: Sequence[str]) -> None:
    """Run a command that has to succeed; what it says is left unsaid."""
    subprocess.run(command, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measured(command: Sequence[str], given: str = "") -> Spent:
    """Run a command and see what it took; other programs beside it count little but by the clock."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    taken = time.perf_counter() - begun
    return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, taken)


def machine() -> list[str]:
    """The machine and the versions that the figures are of, without its name."""
    from reportgen.makers.pdf_libreoffice import office

    soffice = office.find_soffice()
    libraries = ("docxtpl", "jinja2", "lxml", "pikepdf", "pypdf", "pypdfium2", "pyyaml")
    return [
        f"{os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}; " + ", ".join(f"{name} {version(name)}" for name in libraries),
        office.version(soffice) if soffice else "no LibreOffice",
        f"jemalloc {'found' if _has_jemalloc() else 'not found'}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _has_jemalloc() -> bool:
    done = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=False)
    return "libjemalloc.so.2" in done.stdout
