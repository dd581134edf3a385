"""``build``: one report in a new process beside bare LibreOffice, and our own part of a series."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

from measuring import COMMAND, ENVIRONMENT, INPUT, Row, compared, in_turns, run
from reportgen.makers.pdf_libreoffice.office import find_soffice, release_of
from series import Steps

GOAL = 0.70
"""What one build may take of the time that bare LibreOffice takes."""

SERIES_GOAL = 65
"""Milliseconds of our own processor time for one report of a series."""

SERIES = 60
"""Reports of a series."""

_VERSION = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse">'
    "<value>{0}</value></prop></item></oor:items>\n"
)


def compare_cold(folder: Path, rounds: int) -> list[Row]:
    """One cold build beside bare LibreOffice on the docx that the build gives.

    The bare command has a profile of its own, which it made itself in a first call, as on a user's
    machine; and another one that names the version, so that it starts fast.
    """
    soffice = find_soffice()
    if soffice is None:
        print("build: LibreOffice is not installed, nothing to compare")
        return []
    _build(folder / "first", INPUT)
    docx = next((folder / "first").rglob("*.docx"))
    release = release_of(soffice)

    def bare(name: str) -> None:
        profile = (folder / name).as_uri()
        command = (str(soffice), "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf")
        run((*command, "--outdir", str(folder), str(docx)))

    if release:
        (folder / "with version" / "user").mkdir(parents=True)
        settings = folder / "with version" / "user" / "registrymodifications.xcu"
        settings.write_text(_VERSION.format(release.version))
    ways = {"ours": lambda: _build(folder / "again", INPUT), "bare": lambda: bare("bare")}
    if release:
        ways["with version"] = lambda: bare("with version")
    for name in list(ways)[1:]:
        bare(name)
    times = in_turns(ways, rounds)
    rows = [compared("build one report, cold", times["ours"], "bare soffice", times["bare"], f"≤ {GOAL}")]
    if release:
        rows.append(
            compared("the same", times["ours"], "bare soffice told its version", times["with version"])
        )
    return rows


def measure_series(folder: Path, files: list[Path], rounds: int) -> tuple[list[Row], list[tuple[str, float]]]:
    """Our own processor time for each report of a series; and each step's share, in milliseconds."""
    if find_soffice() is None:
        return [], []
    taken = [_series(folder / "series", files) for _ in range(rounds)]
    count = len(files)
    whole = statistics.median(each["all"] for each in taken) / count * 1000
    begun = statistics.median(each["before the first"] for each in taken) * 1000
    row = Row(
        f"own time per report, series of {count}",
        f"{whole:.1f} ms",
        "without what is done once",
        f"{whole - begun / count:.1f} ms",
        "",
        f"≤ {SERIES_GOAL} ms",
    )
    names = [name for name in taken[0] if name not in ("all", "before the first")]
    steps = [(name, statistics.median(each[name] for each in taken) / count * 1000) for name in names]
    rest = whole - begun / count - sum(share for _, share in steps)
    return [row], [*steps, ("all else (progress, summaries, rubbish collected)", rest)]


def _series(out: Path, files: list[Path]) -> Steps:
    program = str(Path(__file__).with_name("series.py"))
    done = subprocess.run(
        [sys.executable, program, str(out), *map(str, files)],
        check=True,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    told: Steps = json.loads(done.stdout.splitlines()[-1])
    return told


def _build(out: Path, *files: Path) -> None:
    run((*COMMAND, "build", *map(str, files), "--out", str(out), "--force"))
