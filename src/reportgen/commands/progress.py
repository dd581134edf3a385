"""Progress on the screen while slow tools work: lines on stderr that go away again, drawn by rich."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:  # takes as long to import as a report takes to be checked; where nobody looks it is not
    from rich.progress import Progress as Drawn

_DOING = {"docxtpl": "正在填写模板", "LibreOffice": "正在转换成 PDF"}


class Progress:
    """Shows how far the work on several files is, and what is done now. Silent without a terminal."""

    def __init__(self, total: int) -> None:
        """Take the number of files."""
        self._total = total
        self._drawn: Drawn | None = None

    def __enter__(self) -> Self:
        """Begin to show."""
        if sys.stderr is not None and sys.stderr.isatty():
            self._drawn = _drawn(self._total)
            self._task = self._drawn.add_task("正在开始…", total=self._total)
            self._drawn.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        if self._drawn:
            self._drawn.stop()

    def begin(self, name: str) -> Callable[[str], None]:
        """Say that a file is begun; gives what to call with the name of each maker as it begins on it."""
        self._say(f"{name}  正在检查…")
        return lambda maker: self._say(f"{name}  {_DOING.get(maker, f'正在用 {maker}')}…")

    def done(self) -> None:
        """Count a file that is done."""
        if self._drawn:
            self._drawn.advance(self._task)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Take the line away while something is printed."""
        if self._drawn is None:
            yield
            return
        self._drawn.stop()
        yield
        self._drawn.start()

    def _say(self, what: str) -> None:
        if self._drawn:
            self._drawn.update(self._task, description=what)


def _drawn(total: int) -> "Drawn":
    """The line: a turning bar; for several files how many are done, how many a second, and the time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Drawn
    from rich.text import Text

    class Rate(ProgressColumn):
        """Files a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f} 份/秒" if task.speed else "")

    # The signs of this bar are in every console's code page.
    columns: list[ProgressColumn] = [
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
    ]
    if total > 1:
        columns[1:1] = [BarColumn(20), MofNCompleteColumn(), Rate()]
        columns += [TextColumn("还要"), TimeRemainingColumn()]
    return Drawn(*columns, console=Console(stderr=True, highlight=False), transient=True)
