"""What a user waits for, beside what a user would pick instead, in one run.

Four questions, answered by alternating rounds and their medians:

* one cold ``build`` (YAML to docx and PDF/A, proved) beside a bare
  ``soffice --convert-to pdf`` of the same docx;
* one cold ``check``;
* filling the Word template beside plain docxtpl doing the same;
* ``check`` of many made-up reports in one call: how many a second of one core, beside PyYAML's C
  composer merely reading the same files, and the memory of the first hundred and of all.

Ratios count, not seconds: they hold on other machines too. Nothing here asserts a time.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
INPUT = REPOSITORY / "inputs" / "laiyang-xuefang" / "2020.yaml"
sys.path.insert(0, str(REPOSITORY / "tools"))
COMMAND = (sys.executable, "-m", "reportgen")

_COMPOSE = """
import sys, yaml
for line in sys.stdin:
    yaml.compose(open(line.rstrip(), "rb").read(), yaml.CSafeLoader)
"""


def main() -> None:
    """Print the comparison."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=7, help="alternating rounds of the slow comparison")
    options.add_argument("--reports", type=int, default=1000, help="how many reports one check reads")
    asked = options.parse_args()
    rounds = asked.rounds
    with tempfile.TemporaryDirectory() as folder:
        _compare_builds(Path(folder), rounds)
        _time_check(rounds)
        _compare_filling(rounds * 3)
        _check_many(Path(folder) / "many", asked.reports, rounds)


def _compare_builds(folder: Path, rounds: int) -> None:
    """One cold build beside bare LibreOffice on the docx that the build gives."""
    soffice = os.environ.get("REPORTGEN_SOFFICE") or shutil.which("soffice")
    if soffice is None:
        print("build: LibreOffice is not installed, nothing to compare")
        return
    _build(folder / "first")
    docx = next((folder / "first").rglob("*.docx"))
    profile = (folder / "profile").as_uri()
    bare = (soffice, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf")

    def alone() -> None:
        _run((*bare, "--outdir", str(folder), str(docx)))

    alone()  # the bare command's own profile is made once, as on a user's machine
    ours, theirs = _alternate(lambda: _build(folder / "again"), alone, rounds)
    _print_ratio("build one report", ours, "bare soffice --convert-to pdf", theirs)


def _build(out: Path) -> None:
    _run((*COMMAND, "build", str(INPUT), "--out", str(out), "--force"))


def _time_check(rounds: int) -> None:
    def check() -> None:
        _run((*COMMAND, "check", str(INPUT)))

    def python() -> None:
        _run((sys.executable, "-c", "import yaml"))

    ours, theirs = _alternate(check, python, rounds)
    _print_ratio("check one report, cold", ours, "python -c 'import yaml'", theirs)


def _compare_filling(rounds: int) -> None:
    """Filling in a process that has filled before, as in a batch."""
    from docxtpl import DocxTemplate

    from reportgen.makers import Order
    from reportgen.makers.docx_docxtpl import MAKER
    from reportgen.pipeline import examine
    from reportgen.store.workspace import material, supplies
    from reportgen.wording import words

    gathered = supplies()
    report = examine(material(INPUT), gathered).report
    assert report is not None
    template = gathered.templates[report.form.id]
    order = Order(report=report, words=words(report), template=template)
    MAKER.make(order)

    def plain() -> None:
        document = DocxTemplate(BytesIO(template))
        document.render(dict(order.words.names), autoescape=True)
        document.save(BytesIO())

    ours, theirs = _alternate(lambda: MAKER.make(order), plain, rounds)
    _print_ratio("fill the template", ours, "plain docxtpl", theirs)


def _check_many(folder: Path, reports: int, rounds: int) -> None:
    """One call for many reports, whose figures, sentences and faults come from a seed."""
    files = _made_up(folder, reports)
    text = "".join(f"{path}\n" for path in files)
    few = _measured_check(files[: min(100, reports)])
    ours: list[_Spent] = []
    theirs: list[_Spent] = []
    for _ in range(rounds):
        ours.append(_measured_check(files))
        theirs.append(_measured((sys.executable, "-c", _COMPOSE), text))
    mine, bare = (statistics.median(each.seconds for each in spent) for spent in (ours, theirs))
    print(
        f"{f'check {reports} reports':24} {reports / mine:8.1f} /s of one core   "
        f"{'yaml.compose with libyaml':28} {reports / bare:8.1f} /s   "
        f"ratio {mine / bare:6.3f}   ({rounds} rounds)   "
        f"memory {few.megabytes:.0f} MB for {min(100, reports)}, {ours[-1].megabytes:.0f} MB for all"
    )


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


class _Spent(NamedTuple):
    """What a process took: seconds of a core, and memory at most."""

    seconds: float
    megabytes: float


def _measured_check(files: list[Path]) -> _Spent:
    return _measured((*COMMAND, "check", *map(str, files)))


def _measured(command: tuple[str, ...], given: str = "") -> _Spent:
    """Run a command and see what it took; other programs beside it count little."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return _Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _alternate(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int
) -> tuple[list[float], list[float]]:
    """Seconds of each, taken in turns so that a slow moment of the machine hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for what, taken in zip((ours, theirs), times, strict=True):
            begun = time.perf_counter()
            what()
            taken.append(time.perf_counter() - begun)
    return times


def _run(command: tuple[str, ...]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _print_ratio(what: str, ours: list[float], other: str, theirs: list[float]) -> None:
    mine, bare = statistics.median(ours), statistics.median(theirs)
    print(
        f"{what:24} {mine * 1000:8.1f} ms   {other:32} {bare * 1000:8.1f} ms   "
        f"ratio {mine / bare:6.3f}   ({len(ours)} rounds)"
    )


if __name__ == "__main__":
    main()
