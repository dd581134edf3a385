"""What a user waits for, beside what a user would pick instead, in one run; ``docs/performance.md`` keeps it.

Six questions, answered by rounds in turns and their medians:

* one cold ``build`` (YAML to docx and PDF/A, proved) beside a bare ``soffice --convert-to pdf`` of the same
  docx: with a profile of its own, and with one that also names the version;
* our own processor time for each report of a series of 60, and each step's share;
* one cold ``check``;
* filling the Word template beside plain docxtpl doing the same, and poi-tl where Java and Maven are;
* ``check`` of many made-up reports in one call: how many a second of one core, beside PyYAML's C
  composer merely reading the same files, and the memory of the first hundred and of all;
* the page: from a keystroke to its findings, to the first image of a changed report, the list of 64 units.

Ratios count, not seconds: they hold on other machines too. Nothing here asserts a time.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from building import SERIES, compare_cold, measure_series
from filling import compare_filling
from measuring import COMMAND, INPUT, REPOSITORY, Row, Spent, compared, in_turns, machine, measured, run
from picturing import Bar, bars
from serving import measure_page

sys.path.insert(0, str(REPOSITORY / "tools"))
PAGE = REPOSITORY / "docs" / "performance.md"
PICTURE = REPOSITORY / "docs" / "pictures" / "performance.svg"

_COMPOSE = """
import sys, yaml
for line in sys.stdin:
    yaml.compose(open(line.rstrip(), "rb").read(), yaml.CSafeLoader)
"""

_HEAD = """# Performance

<!-- Written by benchmarks/run.py (make bench); do not edit. -->

Medians of {rounds} rounds, taken in turns in one run. What counts is the ratio: seconds hold for one machine.
Cold is a new process of Python and of LibreOffice, with warm file caches, as at a clerk's second report.

![What one report takes](pictures/performance.svg)
"""


def main() -> None:
    """Measure, print, and write the page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=7, help="rounds of each comparison")
    options.add_argument("--reports", type=int, default=1000, help="how many reports one check reads")
    options.add_argument("--no-page", action="store_true", help="leave docs/performance.md as it is")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = _made_up(folder / "many", max(asked.reports, SERIES))
        rows = compare_cold(folder, asked.rounds)
        series, steps = measure_series(folder, files[:SERIES], asked.rounds)
        rows += series
        rows.append(_check_cold(asked.rounds))
        rows += compare_filling(folder / "filling", asked.rounds * 3)
        rows += _check_many(files[: asked.reports], asked.rounds)
        rows += measure_page(folder / "page", asked.rounds)
    page = "\n".join(_page(asked.rounds, rows, steps)) + "\n"
    print(page)
    if not asked.no_page:
        PAGE.write_text(page, encoding="utf-8")
        PICTURE.write_text(picture(rows), encoding="utf-8")


def picture(rows: Sequence[Row]) -> str:
    """Bars of what was measured beside something else, in milliseconds."""
    drawn: list[Bar] = []
    for row in rows:
        ours, theirs = _milliseconds(row.ours), _milliseconds(row.theirs)
        if row.what in _DRAWN and ours and theirs:
            drawn.append(Bar(row.what, ours, ours=True))
        if row.what in (*_DRAWN, "the same") and theirs and drawn:
            drawn.append(Bar(row.other, theirs))
    return bars("milliseconds (less is better)", drawn)


_DRAWN = ("build one report, cold", "fill the template")


def _milliseconds(told: str) -> float:
    """What a row tells in milliseconds; 0 where it tells something else."""
    return float(told.removesuffix(" ms")) if told.endswith(" ms") else 0.0


def _page(rounds: int, rows: Sequence[Row], steps: Sequence[tuple[str, float]]) -> Iterator[str]:
    yield _HEAD.format(rounds=rounds)
    yield from (f"- {line}" for line in machine())
    yield ""
    yield "| what | ours | beside | theirs | ours ÷ theirs | goal |"
    yield "| --- | --: | --- | --: | --: | --: |"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    if steps:
        whole = sum(share for _, share in steps)
        yield ""
        yield f"## Where our own time goes in a series of {SERIES}"
        yield ""
        yield "Processor time of our process for each report, without what is done once; not LibreOffice's."
        yield ""
        yield "| step | ms a report | share |"
        yield "| --- | --: | --: |"
        yield from (f"| {name} | {share:.1f} | {share / whole:.0%} |" for name, share in steps)


def _check_cold(rounds: int) -> Row:
    times = in_turns(
        {
            "ours": lambda: run((*COMMAND, "check", str(INPUT))),
            "python": lambda: run((sys.executable, "-c", "import yaml")),
        },
        rounds,
    )
    return compared("check one report, cold", times["ours"], "python -c 'import yaml'", times["python"])


def _check_many(files: list[Path], rounds: int) -> list[Row]:
    """One call for many reports, whose figures, sentences and faults come from a seed.

    For the time of a core one process works: two that share one take more of it than one after the other.
    By the clock as many work as ``check`` takes by itself.
    """
    text = "".join(f"{path}\n" for path in files)
    count = len(files)
    few = _measured_check(files[:100], "--jobs", "1")
    ours: list[Spent] = []
    theirs: list[Spent] = []
    clock: list[float] = []
    for _ in range(rounds):
        ours.append(_measured_check(files, "--jobs", "1"))
        clock.append(_measured_check(files).clock)
        theirs.append(measured((sys.executable, "-c", _COMPOSE), text))
    mine, bare = (statistics.median(each.seconds for each in spent) for spent in (ours, theirs))
    speed = f"{count / mine:.0f} /s of a core", f"{count / bare:.0f} /s of a core"
    memory = f"{ours[-1].megabytes:.0f} MB", f"{few.megabytes:.0f} MB"
    ratio = ours[-1].megabytes / few.megabytes
    what = f"check {count} reports in one call"
    return [
        Row(what, speed[0], "yaml.compose", speed[1], f"{mine / bare:.3f}", "≤ 10"),
        compared("the same, all cores, by the clock", clock, "yaml.compose", [each.clock for each in theirs]),
        Row("memory of that", memory[0], f"memory of the first {min(100, count)}", memory[1], f"{ratio:.3f}"),
    ]


def _measured_check(files: list[Path], *options: str) -> Spent:
    return measured((*COMMAND, "check", *options, *map(str, files)))


def _made_up(folder: Path, reports: int) -> list[Path]:
    """Consistent reports of all levels and both forms; the same for the same number."""
    from generating.made import made
    from reportgen.store.workspace import supplies

    folder.mkdir()
    forms = supplies(templates=False).forms
    files = [folder / f"{seed:05}.yaml" for seed in range(reports)]
    for seed, path in enumerate(files):
        path.write_text(made(seed, forms).text, "utf-8")
    return files


if __name__ == "__main__":
    main()
