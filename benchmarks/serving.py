"""What a clerk waits for on the page: a keystroke's findings, the first page, a workspace of many units."""

import shutil
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measuring import REPOSITORY, Row

sys.path.insert(0, str(REPOSITORY / "tests"))

_UNITS = 64


def measure_page(folder: Path, rounds: int) -> list[Row]:
    """The page's rows: requests of a browser to a server in this process, LibreOffice warm.

    Args:
        folder: an empty one, for the workspaces.
        rounds: how often each is asked; keystrokes ten times as often.
    """
    from served import XUEFANG, Served, served, workspace

    with served(workspace(folder / "one", XUEFANG)) as page:
        keys = [_seconds(partial(_typed, page, XUEFANG, number)) for number in range(rounds * 10)]
        _drawn(page, XUEFANG)
        images = []
        for number in range(rounds):
            _typed(page, XUEFANG, 1000 + number)
            images.append(_seconds(lambda: _drawn(page, XUEFANG)))
    for unit in range(_UNITS):
        target = folder / "many" / "inputs" / f"单位{unit}" / "2020.yaml"
        target.parent.mkdir(parents=True)
        shutil.copyfile(REPOSITORY / "inputs" / XUEFANG, target)
    with served(folder / "many") as page:
        first = _seconds(lambda: page.get("/"))
        whole = _seconds(lambda: page.get("/api/rows"))

    def row(what: str, seconds: float, goal: str = "") -> Row:
        return Row(what, f"{seconds * 1000:.0f} ms", "", "", "", goal)

    assert isinstance(page, Served)
    return [
        row("page: keystroke to findings, p95", statistics.quantiles(keys, n=20)[-1], "≤ 100 ms"),
        row("page: first image of a changed report", statistics.median(images), "≤ 1000 ms"),
        row(f"page: list of {_UNITS} units", first, "≤ 1000 ms"),
        row("page: their states, judged anew", whole),
    ]


def _seconds(way: Callable[[], object]) -> float:
    begun = time.perf_counter()
    way()
    return time.perf_counter() - begun


def _typed(page, report: str, number: int) -> None:  # type: ignore[no-untyped-def]
    assert page.edit(report, cell__new__person=str(number + 1)).status == 200


def _drawn(page, report: str) -> None:  # type: ignore[no-untyped-def]
    said = page.post("/api/preview", {}, report=report).json
    image = page.get("/page.png", report=report, revision=said["revision"], number="1")
    assert image.content.startswith(b"\x89PNG")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        for each in measure_page(Path(name), 7):
            print(each.what, each.ours, each.goal)
