"""Progress on the screen while slow tools work: lines on stderr that go away again, drawn by rich."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # takes as long to import as a report takes to be checked; where nobody looks it is not
    from rich.progress import Progress as Drawn
    from rich.progress import TaskID

_DOING = {"docxtpl": "正在填写范本", "LibreOffice": "正在转换成 PDF"}


class Progress:
    """Shows which of several files is worked on, and by what. Silent where stderr is no terminal."""

    def __init__(self, total: int) -> None:
        """Take the number of files."""
        self._total = total
        self._done = 0

    @contextmanager
    def on(self, name: str) -> Iterator[Callable[[str], None]]:
        """Work on one file; gives what to call with the name of each maker as it begins."""
        self._done += 1
        if sys.stderr is None or not sys.stderr.isatty():
            yield lambda _: None
            return
        with _drawn(self._total) as drawn:
            task = drawn.add_task(_said(name, "正在检查"), total=self._total, completed=self._done - 1)
            yield _teller(drawn, task, name)


def _drawn(total: int) -> "Drawn":
    """The line: a turning bar, for several files how many are done, what is done now and for how long."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Drawn

    # The signs of this bar are in every console's code page.
    columns = [SpinnerColumn("line"), TextColumn("{task.description}", markup=False), TimeElapsedColumn()]
    if total > 1:
        columns[1:1] = [BarColumn(20), MofNCompleteColumn()]
    return Drawn(*columns, console=Console(stderr=True, highlight=False), transient=True)


def _teller(drawn: "Drawn", task: "TaskID", name: str) -> Callable[[str], None]:
    def begin(maker: str) -> None:
        drawn.update(task, description=_said(name, _DOING.get(maker, f"正在用 {maker}")))

    return begin


def _said(name: str, step: str) -> str:
    return f"{name}  {step}…"
