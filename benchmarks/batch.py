"""A batch from YAML to proved PDFs, beside what a user would pick to convert the same Word files.

Usage: batch.py [--reports N …] [--rounds 5] [--long] [--sizes N …] [--jobs N] [--unoserver PYTHON]
    [--no-page]

Rounds in turns; medians and their range; ratios count. Beside us, on the docx that we made:

* bare ``soffice --convert-to pdf``, the files split over as many processes;
* one ``soffice`` a file, one after another (ten files, since each costs the same);
* as many unoservers, which stand ready before the clock starts: asked by its command ``unoconvert``, a call a
  file as its users do, and by one client of its library for all files. They are measured where
  ``benchmarks/peers/setup_unoserver.sh`` can set one up, or ``--unoserver`` names a Python that has unoserver
  and LibreOffice's ``uno``.

60 reports, and with ``--long`` 600, too (``--reports``). Then how cost grows: 10 and 100 reports
(``--sizes``), with ``--long`` 1,000 and 5,000, too; and what a county of 64 units takes, and takes again
after one of them changed.
Writes ``docs/performance-batch.md`` and its picture. Nothing here asserts a time.
"""

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from measuring import COMMAND, ENVIRONMENT, REPOSITORY, in_turns, machine, run
from picturing import Bar, bars
from reportgen.makers.pdf_libreoffice.office import find_soffice

sys.path[:0] = [str(REPOSITORY / "tools"), str(REPOSITORY / "tests")]

PROVINCES = 150_000
"""Reports of a country, of which the page tells what they need."""

UNITS = 64
"""Units of a county."""

SAMPLE = 10
"""Files of the way that starts LibreOffice for each."""

GOALS = {"bare soffice, split": 0.65, "unoservers, a call a file": 1.3, "one soffice a file": 5.0}
"""At least so many times their rate shall ours be."""

PAGE = REPOSITORY / "docs" / "performance-batch.md"
PICTURE = REPOSITORY / "docs" / "pictures" / "batch.svg"
_HEAD = """# Performance of a batch

<!-- Written by benchmarks/batch.py (make bench-batch); do not edit. -->

From YAML to checked, proved and stored Word files and PDFs, beside ways to make PDFs of the same Word files,
which prove nothing. What counts is the ratio: seconds hold for one machine.

![Reports a second](pictures/batch.svg)

"""

_PORT = 2103
_UP = 10.0
"""Seconds for unoservers to come up."""

_UNO = """
import sys
from unoserver.client import UnoClient
port, out, files = sys.argv[1], sys.argv[2], sys.argv[3:]
client = UnoClient(port=port)
for file in files:
    client.convert(inpath=file, outpath=out + "/" + file.rsplit("/", 1)[1] + ".pdf", convert_to="pdf")
"""


class Rates(NamedTuple):
    """Reports a second of one way: the median, the slowest and the quickest round."""

    name: str
    median: float
    least: float
    most: float


class County(NamedTuple):
    """Seconds of a county from nothing, and with one changed unit; and the PDFs that were made then."""

    first: float
    again: float
    made: int


class Grown(NamedTuple):
    """What a batch of some size cost: milliseconds a report, and megabytes of the largest process."""

    reports: int
    milliseconds: float
    megabytes: float


def main() -> None:
    """Measure and tell."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--reports", type=int, nargs="+", default=[60])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--sizes", type=int, nargs="*", default=[10, 100])
    options.add_argument("--long", action="store_true")
    options.add_argument("--unoserver", help="a Python that has unoserver and uno")
    options.add_argument("--no-page", action="store_true", help="only print what was measured")
    asked = options.parse_args()
    asked.unoserver = asked.unoserver or own_unoserver()
    batches = [*asked.reports, *([600] if asked.long else [])]
    sizes = [*asked.sizes, *([1000, 5000] if asked.long else [])]
    rates: dict[int, list[Rates]] = {}
    grown: list[Grown] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # First, before thousands of files are on their way to the disk.
        counties = [county(folder / f"county {at}") for at in range(3)]
        again = sorted(counties, key=lambda each: each.again / each.first)[1]
        files = made_up(folder / "in", max([*batches, *sizes]))
        for count in batches:
            rates[count] = compare(folder / f"batch {count}", files[:count], asked)
            keep(rates, grown, again, asked)
        for size in sizes:
            grown.append(growth(folder, files[:size], asked.jobs))
            keep(rates, grown, again, asked)
    print("\n".join(told(rates, grown, again, asked)))


def keep(
    batches: Mapping[int, Sequence[Rates]], grown: Sequence[Grown], again: County, asked: argparse.Namespace
) -> None:
    """Write the page and its picture of what was measured so far: a long run may be ended early."""
    if not asked.no_page:
        PAGE.write_text(_HEAD + "\n".join(told(batches, grown, again, asked)) + "\n", encoding="utf-8")
        PICTURE.write_text(picture(next(iter(batches.values()))), encoding="utf-8")


def made_up(folder: Path, reports: int) -> list[Path]:
    """Consistent reports of units that all have names of their own; the same for the same number."""
    from generating.made import made
    from reportgen.store.workspace import supplies

    folder.mkdir()
    forms = supplies(templates=False).forms
    files = [folder / f"{seed:05}.yaml" for seed in range(reports)]
    for seed, path in enumerate(files):
        lines = made(seed, forms).text.splitlines(keepends=True)
        named = (f"{line.rstrip()}第{seed}处\n" if line.startswith("机关:") else line for line in lines)
        path.write_text("".join(named), "utf-8")
    return files


def compare(folder: Path, files: list[Path], asked: argparse.Namespace) -> list[Rates]:
    """The rates of all ways on the same reports, ours first."""
    out = folder / "out"

    def ours() -> None:
        shutil.rmtree(out, ignore_errors=True)
        build(out, files, asked.jobs)

    ours()
    words = [folder / "words" / f"{number}.docx" for number in range(len(files))]
    words[0].parent.mkdir(parents=True)
    for path, made in zip(words, sorted(out.rglob("*.docx")), strict=True):
        shutil.copyfile(made, path)
    shares = [words[at :: asked.jobs] for at in range(asked.jobs)]
    ways: dict[str, Callable[[], object]] = {"ours": ours}
    ways["bare soffice, split"] = lambda: each_at_once(bare, folder, shares)
    ways["one soffice a file"] = lambda: one_by_one(folder, words[:SAMPLE])
    for number in range(asked.jobs):
        bare(folder, number, words[:1])  # makes its profile
    with unoservers(folder, asked):
        if asked.unoserver:
            ways["unoservers, a call a file"] = lambda: each_at_once(by_calls(asked), folder, shares)
            ways["unoservers, one client"] = lambda: each_at_once(by_client(asked), folder, shares)
            ways["unoservers, one client"]()
        times = in_turns(ways, asked.rounds)
    counts = {"one soffice a file": min(SAMPLE, len(words))}
    return [
        rates(name, [counts.get(name, len(files)) / taken for taken in each]) for name, each in times.items()
    ]


def rates(name: str, rounds: Sequence[float]) -> Rates:
    """The rates of a way's rounds in short."""
    return Rates(name, statistics.median(rounds), min(rounds), max(rounds))


def build(out: Path, files: Sequence[Path], jobs: int) -> None:
    """Our own way. Notes about made-up figures are no failure."""
    run((*COMMAND, "build", *map(str, files), "--out", str(out), "--jobs", str(jobs)))


def own_unoserver() -> str:
    """The Python with unoserver in it; empty where it cannot be set up here, which the script tells."""
    setup = REPOSITORY / "benchmarks" / "peers" / "setup_unoserver.sh"
    done = subprocess.run(["sh", str(setup)], stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.strip() if not done.returncode else ""


Converting = Callable[[Path, int, Sequence[Path]], None]


def each_at_once(convert: Converting, folder: Path, shares: Sequence[Sequence[Path]]) -> None:
    """Convert the shares beside each other."""
    with ThreadPoolExecutor(len(shares)) as pool:
        list(pool.map(lambda at: convert(folder, at, shares[at]), range(len(shares))))


def one_by_one(folder: Path, words: Sequence[Path]) -> None:
    """A call of LibreOffice for each."""
    for path in words:
        bare(folder, 0, [path])


def bare(folder: Path, number: int, words: Sequence[Path]) -> None:
    """One call of LibreOffice for all of these, with a profile that lasts."""
    profile = (folder / f"profile {number}").as_uri()
    command = (str(find_soffice()), "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf")
    run((*command, "--outdir", str(folder / "bare"), *map(str, words)))


@contextmanager
def unoservers(folder: Path, asked: argparse.Namespace) -> Iterator[None]:
    """Servers while the block runs, if there is a Python for them."""
    if not asked.unoserver:
        yield
        return
    (folder / "uno").mkdir()
    servers = [_unoserver(folder, number, asked.unoserver) for number in range(asked.jobs)]
    time.sleep(_UP)
    try:
        yield
    finally:
        for server in servers:
            server.terminate()
            server.wait(30)


def by_client(asked: argparse.Namespace) -> Converting:
    """Converts a share by one client of unoserver's library."""

    def convert(folder: Path, number: int, words: Sequence[Path]) -> None:
        run((asked.unoserver, "-c", _UNO, str(_PORT + number), str(folder / "uno"), *map(str, words)))

    return convert


def by_calls(asked: argparse.Namespace) -> Converting:
    """Converts a share by a call of unoserver's command for each file."""
    command = str(Path(asked.unoserver).with_name("unoconvert"))

    def convert(folder: Path, number: int, words: Sequence[Path]) -> None:
        for path in words:
            made = folder / "uno" / f"{path.name}.pdf"
            run((command, "--port", str(_PORT + number), "--convert-to", "pdf", str(path), str(made)))

    return convert


def _unoserver(folder: Path, number: int, python: str) -> "subprocess.Popen[bytes]":
    ports = ("--port", str(_PORT + number), "--uno-port", str(_PORT + 100 + number))
    profile = ("--user-installation", str(folder / f"uno profile {number}"))
    return subprocess.Popen([python, "-m", "unoserver.server", *ports, *profile], env=ENVIRONMENT)


def growth(folder: Path, files: Sequence[Path], jobs: int) -> Grown:
    """What a batch of these costs, from nothing."""
    out = folder / f"growth {len(files)}"
    command = [*COMMAND, "build", *map(str, files), "--out", str(out), "--jobs", str(jobs)]
    begun = time.perf_counter()
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    taken = time.perf_counter() - begun
    shutil.rmtree(out)
    return Grown(len(files), taken / len(files) * 1000, used.ru_maxrss / 1024)


def county(place: Path) -> County:
    """What 64 units cost from nothing: the roll-up with its workbook, and every Word file and PDF.

    Then the same with one changed input: that unit and the roll-up alone are made again.
    """
    from rollups import completed, text, written

    units = written(place / "units", *(text(f"甲县第{at}镇人民政府", at) for at in range(1, UNITS + 1)))
    sums, out = place / "汇总.yaml", place / "out"
    rolled = ("--out", str(sums), "--xlsx", str(place / "汇总.xlsx"))

    def done(*more: str) -> float:
        begun = time.perf_counter()
        run((*COMMAND, "rollup", str(units), "--organ", "甲县人民政府", *rolled, *more))
        if not more:  # what the clerk writes
            sums.write_text(completed(sums.read_text("utf-8")), "utf-8")
        run((*COMMAND, "build", str(units), str(sums), "--out", str(out)))
        return time.perf_counter() - begun

    first = done()
    (units / "2.yaml").write_text(text("甲县第2镇人民政府", 7), "utf-8")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.pdf")}
    again = done("--force")
    made = sum(path.stat().st_mtime_ns != before[path] for path in out.rglob("*.pdf"))
    return County(first, again, made)


def told(
    batches: Mapping[int, Sequence[Rates]], grown: Sequence[Grown], again: County, asked: argparse.Namespace
) -> Iterator[str]:
    """The page."""
    yield from (f"- {line}" for line in machine())
    for count, rates in batches.items():
        yield f"\n## A batch of {count} reports, {asked.jobs} processes, {asked.rounds} rounds in turns"
        yield from _table(rates)
    if not asked.unoserver:
        yield "\nunoserver was not measured: benchmarks/peers/setup_unoserver.sh could not set it up here."
    yield (
        f"\n## A county\n\nThe Word files and PDFs of {UNITS} units, their roll-up and its workbook take "
        f"{again.first:.1f} s. After one unit changed, the same takes {again.again / again.first:.0%} of "
        f"that (goal: ≤ 25 %) and makes {again.made} PDFs.\n"
    )
    hours = PROVINCES / (next(iter(batches.values()))[0].median / asked.jobs) / 3600
    yield "## How cost grows\n"
    yield (
        f"At the rate of the first batch {PROVINCES:,} reports take {hours:.1f} hours of one core, or a "
        f"quarter of an hour on {math.ceil(hours * 4)} ([many machines](cluster.md)).\n"
    )
    yield "| reports | ms a report | MB of the largest process |"
    yield "| --: | --: | --: |"
    yield from (f"| {each.reports} | {each.milliseconds:.0f} | {each.megabytes:.0f} |" for each in grown)


def _table(rates: Sequence[Rates]) -> Iterator[str]:
    """Rates of one batch, with ours beside each."""
    yield "\n| way | reports a second | rounds from – to | ours ÷ theirs | goal |"
    yield "| --- | --: | --: | --: | --: |"
    ours = rates[0].median
    for each in rates:
        goal = f"≥ {GOALS[each.name]}" if each.name in GOALS else ""
        spread = f"{each.least:.2f} – {each.most:.2f}"
        yield f"| {each.name} | {each.median:.2f} | {spread} | {ours / each.median:.2f} | {goal} |"


def picture(rates: Sequence[Rates]) -> str:
    """Bars of the rates."""
    figures = [Bar(each.name, each.median, not at, each.least, each.most) for at, each in enumerate(rates)]
    return bars("reports a second (more is better)", figures)


if __name__ == "__main__":
    main()
