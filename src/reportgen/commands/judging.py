"""What ``check`` and ``build`` share: the work on reports, wherever it is done and whatever is wrong."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportgen.batch.work import AHEAD, Here, Job, Work, few_garbage, received, results, sent, worked
from reportgen.commands.options import READ, cores, supplies
from reportgen.commands.rules import demands_at
from reportgen.commands.usage import Options, own_bug
from reportgen.examining import report_of
from reportgen.paths import quoted, seems_folder, shown
from reportgen.pipeline import Material, Outcome, Watch
from reportgen.problems import Failure, FileTrouble, ToolFailed
from reportgen.store import workspace
from reportgen.store.disk import refused
from reportgen.store.workspace import Named, with_companions, with_sayings, word_list

if TYPE_CHECKING:
    from reportgen.batch.processes import Processes

Watching = Callable[[str], Watch]
"""Gives for a file's name what is told the name of each maker as it begins on it."""


class Given(NamedTuple):
    """A file with the work on it, or with what became of it where it cannot be read."""

    path: Path
    job: Job | Outcome


class Judging:
    """What all reports of a run share, and the reading of each.

    Attributes:
        files: those that were meant, in order.
        supplies: what the work on each needs.
    """

    def __init__(self, options: Options, files: Sequence[Path], *, templates: bool) -> None:
        """Gather what the options name.

        Raises:
            FileTrouble: a file that they name cannot be read.
        """
        self.files = files
        gathered = supplies(options, templates=templates)
        forms = with_sayings(gathered.forms, options.sayings) if options.sayings else gathered.forms
        words = word_list(options.words) if options.words else ()
        demands = tuple(each for path in options.rules for each in demands_at(path, forms))
        self.supplies = replace(gathered, forms=forms, words=words, demands=demands)
        self._named = Named(
            workspace.material(options.last) if options.last else None,
            workspace.material(options.against) if options.against else None,
            certain=len(self.files) == 1,
        )
        if self._named.last and report_of(self._named.last, self.supplies) is None:
            way = f"reportgen check {quoted(options.last)}"
            raise FileTrouble(f"读不懂去年的年报 {options.last}，请先运行 {way}。")

    def given(self, path: Path) -> Given:
        """A file with all that belongs to it; what became of it where it cannot be read."""
        try:
            return Given(path, self._job(path))
        except FileTrouble as trouble:
            return Given(path, failed(path, trouble))
        except OSError as error:
            return Given(path, failed(path, refused(path, error)))

    def _job(self, path: Path) -> Job:
        if seems_folder(path):
            raise FileTrouble(f"文件夹 {shown(path)} 里没有年报（{READ}）。")
        material = workspace.material(path)
        return Job.of(material, with_companions(self.supplies, path, material, self._named))


def failed(path: Path, trouble: Failure) -> Outcome:
    """What comes of a file that cannot be read."""
    return Outcome(Material(shown(path), b""), failures=(trouble,))


def is_word(path: Path) -> bool:
    """True for a Word file, by its name."""
    return path.suffix.lower() == ".docx"


# ── where the work is done ───────────────────────────────────────────────────────────────────────────


class Site:
    """Where the work of a run is done: in this process, in several of this machine, or on a cluster."""

    def __init__(self, work: Work, executor: Executor, ahead: int = AHEAD) -> None:
        """Take what is done with each report, and what does it."""
        self.work = work
        self.ahead = ahead
        self._executor = executor
        self._here = Here()

    def outcomes(self, files: Iterator[Given]) -> Iterator[tuple[Given, Outcome]]:
        """What comes of each file, in their order.

        Raises:
            Failure: what concerns every report, such as a broken template.
        """
        for given, future in results(self._submit, files, self.ahead):
            yield given, self._outcome(given, future)

    def _submit(self, given: Given) -> "Future[object]":
        if isinstance(given.job, Outcome):
            return self._here.submit(lambda: given.job)
        if self.work.wanted and not given.job.making:  # what is only to be judged needs no other process
            return self._here.submit(self.work.done, given.job)
        return self._begin(given, given.job)

    def _begin(self, _given: Given, job: Job) -> "Future[object]":
        return self._executor.submit(worked, self._sent, pickle.dumps(job))

    @property
    def _sent(self) -> bytes:
        if not hasattr(self, "_held"):
            self._held = sent(self.work)
        return self._held

    def _outcome(self, given: Given, future: "Future[object]") -> Outcome:
        material = given.job.material
        try:
            came = future.result()
        except ToolFailed as failure:
            return Outcome(material, failures=(failure,))
        except Failure:
            raise
        except Exception as error:
            return Outcome(material, failures=(self._own_bug(error),))
        if isinstance(given.job, Job) and isinstance(came, bytes):
            return received(came, self.work, given.job)
        assert isinstance(came, Outcome)
        return came

    def _own_bug(self, error: Exception) -> Failure:
        """What is told of a bug of ours, that shall not stop the work on other reports."""
        return own_bug(error)


class _ThisProcess(Site):
    """Does the work in this process, one report after another."""

    def __init__(self, work: Work, watching: Watching, *, alone: bool) -> None:
        super().__init__(work, Here(), ahead=1)
        self._watching = watching
        self._alone = alone

    def _begin(self, given: Given, job: Job) -> "Future[object]":
        future: Future[object] = self._executor.submit(self.work.done, job, self._watching(given.path.name))
        few_garbage()
        return future

    def _own_bug(self, error: Exception) -> Failure:
        if self._alone:
            raise error
        return own_bug(error)


class _OnCluster(Site):
    """Does the work on the workers of a cluster."""

    def __init__(self, work: Work, executor: Executor, size: int, seconds: float) -> None:
        from reportgen.batch.cluster import versions

        super().__init__(work, executor, max(AHEAD, 4 * size))
        self._versions = versions(work)
        self._seconds = seconds

    def _begin(self, _given: Given, job: Job) -> "Future[object]":
        from reportgen.batch.cluster import worked_there

        return self._executor.submit(
            worked_there, self._sent, pickle.dumps(job), self._versions, self._seconds
        )


class _InProcesses(Site):
    """Does the work in processes of this machine."""

    def __init__(self, work: Work, processes: "Processes") -> None:
        super().__init__(work, processes)
        self._processes = processes

    def outcomes(self, files: Iterator[Given]) -> Iterator[tuple[Given, Outcome]]:
        def all_given() -> Iterator[Given]:
            yield from files
            self._processes.complete()

        return super().outcomes(all_given())


@contextmanager
def site(
    work: Work, options: Options, there: "int | Processes", watching: Watching, *, alone: bool
) -> Iterator[Site]:
    """Where the work is done; afterwards nothing of it is left.

    Args:
        work: what is done with each report.
        options: ``cluster`` and ``seconds`` are asked.
        there: how many processes; 0 for this one; or those that were started already.
        watching: for this process.
        alone: True where there is one report; a bug of ours is then the run's.
    """
    if isinstance(there, int):
        if not there and not options.cluster:
            yield _ThisProcess(work, watching, alone=alone)
            return
        from reportgen.batch.processes import SECONDS, Processes  # not needed for a report or two

        seconds = options.seconds or SECONDS
        if options.cluster:
            from reportgen.batch.cluster import cluster

            with cluster(options.cluster, work, there or cores()) as found:
                yield _OnCluster(work, found.executor, found.size, seconds)
            return
        there = Processes(there, seconds, (work.wanted, work.supplies.makers))
    try:
        yield _InProcesses(work, there)
    except BaseException:
        there.shutdown(cancel_futures=True)
        raise
    there.shutdown()
