"""Storing ended at every moment that it comes by: each name holds a whole file, old or new, or none."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from kill_worker import TEMPORARY
from killing import INTERRUPTED, Worker, contents_of, left_in, working
from proofs import Proof, Tried
from reportgen.store.locking import LOCK

_OLD, _NEW = ({kind: f"{age} {kind}" for kind in ("docx", "pdf", "html")} for age in ("old", "new"))
_MODULES = ("disk", "locking", "storing")
"""In the long form every line of these is a moment; in the short one, what happens to files."""


def _run(long: bool, folder: Path) -> Tried:
    lines = _MODULES if long else ()
    figures: dict[str, int] = {}
    faults: list[str] = []
    with working() as worker:
        for before in ("nothing", "an earlier report"):
            begin = folder / before
            begin.mkdir()
            if before != "nothing":
                worker.store(_OLD, begin)
            for sent in (signal.SIGKILL, signal.SIGINT):
                tries = _Tries(worker, begin, lines)
                figures[f"{sent.name} while storing over {before}"] = len(tries.moments)
                faults += [f"{sent.name} over {before}, {told}" for told in tries.faults(sent)]
    return Tried(figures, tuple(faults))


class _Tries:
    """Storing over what lies in a folder, ended at every moment of an undisturbed run."""

    def __init__(self, worker: Worker, begin: Path, lines: tuple[str, ...]) -> None:
        """Run once undisturbed."""
        self._worker, self._begin, self._lines = worker, begin, lines
        self._old = contents_of(begin)
        with_all = self._copied()
        self.moments = worker.store(_NEW, with_all, lines=lines).passed
        self._new = contents_of(with_all)

    def faults(self, sent: signal.Signals) -> Iterator[str]:
        """What a kill at some moment left that it must not, each as one line."""
        for moment in self.moments:
            folder = self._copied()
            ended = self._worker.store(_NEW, folder, moment, sent, self._lines)
            code = INTERRUPTED if sent == signal.SIGINT else -sent
            left, files = left_in(folder), contents_of(folder)
            files.pop(LOCK, None)  # it keeps nobody out; the next run takes it away
            if ended.code != code:
                yield f"{moment}: exit {ended.code}"
            elif sent == signal.SIGINT and (TEMPORARY in left or files not in (self._old, self._new)):
                yield f"{moment}: {left}"
            elif self._mixed(files):
                yield f"{moment}: neither old nor new: {self._mixed(files)}"

    def _mixed(self, files: dict[str, bytes]) -> list[str]:
        names = {*self._old, *self._new, *files}
        return [name for name in names if files.get(name) not in (self._old.get(name), self._new.get(name))]

    def _copied(self) -> Path:
        folder = self._begin.with_name("tried")
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(self._begin, folder))


PROOF = Proof(
    "kills",
    "Whenever a run is ended, each name holds a whole file or none; an interrupt leaves all new or all old.",
    _run,
)
