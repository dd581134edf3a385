"""Progress on the screen while slow tools work: one line on stderr that goes away again."""

import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reportgen.commands.usage import width

_DOING = {"docxtpl": "正在填写范本", "LibreOffice": "正在转换成 PDF"}
_TICK = 0.2
"""Seconds between two pictures of the turning bar."""


class Progress:
    """Shows which of several files is worked on, and by what. Silent where stderr is no terminal."""

    def __init__(self, total: int) -> None:
        """Take the number of files."""
        self._total = total
        self._done = 0
        self._step = ""

    @contextmanager
    def on(self, name: str) -> Iterator[Callable[[str], None]]:
        """Work on one file; gives what to call with the name of each maker as it begins."""
        self._done += 1
        self._step = "正在检查"
        if sys.stderr is None or not sys.stderr.isatty():
            yield self._begin
            return
        ended = threading.Event()
        shown = threading.Thread(target=self._show, args=(name, ended), daemon=True)
        shown.start()
        try:
            yield self._begin
        finally:
            ended.set()
            shown.join()

    def _begin(self, maker: str) -> None:
        self._step = _DOING.get(maker, f"正在用 {maker}")

    def _show(self, name: str, ended: threading.Event) -> None:
        longest = 0
        for tick, bar in enumerate(itertools.cycle("|/-\\")):
            count = f"[{self._done}/{self._total}] " if self._total > 1 else ""
            line = f"{bar} {count}{name}  {self._step}… {tick * _TICK:.0f} 秒"
            longest = max(longest, width(line))
            sys.stderr.write(f"\r{line}{' ' * (longest - width(line))}")
            sys.stderr.flush()
            if ended.wait(_TICK):
                break
        sys.stderr.write(f"\r{' ' * longest}\r")
        sys.stderr.flush()
