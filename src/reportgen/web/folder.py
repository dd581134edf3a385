"""Every report of a folder, one after another: checked, made into files, or added up. One run at a time."""

import logging
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from reportgen.advice import Medium
from reportgen.batch.processes import SECONDS, Processes
from reportgen.batch.work import Here, Job, Work, received, results, sent, worked
from reportgen.examining import Outcome, Supplies
from reportgen.model.units import Unit
from reportgen.problems import Failure, FileTrouble
from reportgen.store.desk import Desk
from reportgen.store.units import unit_at
from reportgen.store.workspace import Named, with_companions
from reportgen.web.calls import BadCall, Call
from reportgen.web.making import KINDS, stored
from reportgen.web.pages import findings_of
from reportgen.web.rolling import Rolled, Rolling, rolled_up
from reportgen.web.shelf import FINISHED, Shelf

_OWN_BUG = "程序内部出错，没有做完。这不是您的年报的问题。"


@dataclass(slots=True)
class Run:
    """A run over the reports of a folder, as far as it has come.

    Attributes:
        what: ``check``, ``make`` or ``rollup``.
        folder: the folder's name below ``inputs``; empty for all reports.
        total: how many reports it has.
        units: what came of each that is done, in their order.
        rolled: what they add up to; None before, and for other runs.
        trouble: what ended the run before its time (Chinese); empty where nothing did.
        stopping: True once somebody asked it to stop.
        ended: True once nothing more comes.
    """

    what: str
    folder: str
    total: int
    units: list[dict[str, Any]] = field(default_factory=list)
    rolled: Rolled | None = None
    trouble: str = ""
    stopping: bool = False
    ended: bool = False


class _Given(NamedTuple):
    """A report of a run: the work on it, or why there is none."""

    name: str
    job: Job | str


class Folders:
    """The runs over the folders of a workspace."""

    def __init__(self, desk: Desk, shelf: Shelf, supplies: Callable[..., Supplies]) -> None:
        """Take the workspace, what is known of its reports, and what judging and making need."""
        self.desk = desk
        self.shelf = shelf
        self.supplies = supplies
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._thread = ThreadPoolExecutor(1, "reportgen-folder")
        self._processes: Processes | None = None

    def names(self) -> list[str]:
        """Every folder that has reports, in it or below it."""
        parents = {
            "/".join(parts[:count])
            for parts in (name.split("/")[:-1] for name in self.desk.reports())
            for count in range(1, len(parts) + 1)
        }
        return sorted(parents)

    # ── what the page asks for ──

    def begin(self, call: Call) -> dict[str, Any]:
        """Begin to check or to make all reports of a folder."""
        what = call.text("what")
        if what not in ("check", "make"):
            raise BadCall("没有这种做法。")
        again = call.body.get("again") is True
        work = self._check if what == "check" else lambda run, names: self._make(run, names, again=again)
        return self._begun(what, call.text("folder"), work)

    def roll_up(self, call: Call) -> dict[str, Any]:
        """Begin to add up all reports of a folder."""
        rolling = Rolling.of(call, self.desk, self.supplies())
        return self._begun(
            "rollup", call.text("folder"), lambda run, names: self._add_up(run, names, rolling)
        )

    def stop(self, call: Call) -> dict[str, Any]:
        """Have the run end when what is in hand is done."""
        if self._run:
            self._run.stopping = True
        return self.told(call)

    def told(self, call: Call) -> dict[str, Any]:
        """How far the last run has come; of the units only those from number ``from`` on."""
        run = self._run
        if run is None:
            return {"what": "", "ended": True}
        said = call.query.get("from", "0")
        first = int(said[:6]) if said.isascii() and said.isdigit() else 0
        return {
            "what": run.what,
            "folder": run.folder,
            "total": run.total,
            "done": len(run.units),
            "units": run.units[first:],
            "rolled": run.rolled.as_json() if run.rolled else None,
            "trouble": run.trouble,
            "stopped": run.stopping and len(run.units) < run.total,
            "ended": run.ended,
        }

    def file(self, kind: str) -> tuple[str, bytes] | None:
        """The name and the bytes of a file of the last roll-up; None where there is none."""
        rolled = self._run.rolled if self._run else None
        return rolled.files.get(kind) if rolled else None

    def close(self) -> None:
        """Let the report in hand go, and leave no process behind."""
        if self._run:
            self._run.stopping = True
        if self._processes:
            self._processes.shutdown(cancel_futures=True)
        self._thread.shutdown(wait=True, cancel_futures=True)

    # ── a run ──

    def _begun(self, what: str, folder: str, work: Callable[[Run, Sequence[str]], None]) -> dict[str, Any]:
        names = [name for name in self.desk.reports() if not folder or name.startswith(f"{folder}/")]
        if not names:
            raise FileTrouble("这个文件夹里没有年报。")
        with self._lock:
            if self._run and not self._run.ended:
                raise FileTrouble("上一批还没有做完，请等一等，或先按“停下”。")
            self._run = run = Run(what, folder, len(names))
        self._thread.submit(self._done, run, names, work)
        return self.told(Call({}, b""))

    def _done(self, run: Run, names: Sequence[str], work: Callable[[Run, Sequence[str]], None]) -> None:
        try:
            work(run, names)
        except Failure as failure:
            run.trouble = failure.told_in(Medium.PAGE)
        except Exception:
            logging.getLogger(__name__).exception("一批年报没有做完")
            run.trouble = _OWN_BUG
        finally:
            run.ended = True

    def _check(self, run: Run, names: Sequence[str]) -> None:
        """Judge each as it is on the page, what is not saved too."""
        work = Work(self.supplies())
        here = Here()

        def submit(given: _Given) -> "Future[Any]":
            return here.submit(lambda: given.job if isinstance(given.job, str) else work.done(given.job))

        for given, future in results(submit, self._given(run, names, work.supplies), 1):
            outcome = _came(future)
            run.units.append(_unit(given.name, outcome))

    def _given(self, run: Run, names: Sequence[str], supplies: Supplies) -> Iterator[_Given]:
        for name in names:
            if run.stopping:
                return
            try:
                opened = self.desk.open(name)
            except Failure as failure:
                yield _Given(name, failure.told_in(Medium.PAGE))
                continue
            own = with_companions(supplies, opened.path, opened.material, Named())
            yield _Given(name, Job.of(opened.material, own))

    def _make(self, run: Run, names: Sequence[str], *, again: bool) -> None:
        """Make the files of each that is saved, in processes of their own; one bad report stops no other."""
        work = Work(self.supplies(templates=True), KINDS)
        count = min(os.cpu_count() or 1, len(names))
        held = sent(work)
        here = Here()
        self._processes = processes = Processes(count, SECONDS, (KINDS, ()))

        def submit(given: _Given) -> "Future[Any]":
            if isinstance(given.job, str):
                return here.submit(lambda: given.job)
            return processes.submit(worked, held, pickle.dumps(given.job))

        taken: dict[Path, str] = {}
        try:
            for given, future in results(submit, self._saved(run, names, work, again=again), 2 * count):
                came = _came(future)
                outcome = came
                if isinstance(came, bytes) and isinstance(given.job, Job):
                    outcome = received(came, work, given.job)
                run.units.append(_unit(given.name, outcome, self._stored(given.name, outcome, taken)))
        finally:
            processes.shutdown(cancel_futures=True)

    def _saved(self, run: Run, names: Sequence[str], work: Work, *, again: bool) -> Iterator[_Given]:
        """The reports to be made; those that are not, with the reason."""
        rows = {row.name: row for row in self.shelf.rows(work.supplies)}
        for given in self._given(run, names, work.supplies):
            row = rows.get(given.name)
            if row and row.draft:
                yield given._replace(job="有没保存的改动，没有生成。请先打开它，按“保存”。")
            elif row and row.state in FINISHED and not again:
                yield given._replace(job=f"{row.state}，文件没有变化，没有重做。")
            else:
                yield given

    def _stored(self, name: str, outcome: Outcome | str, taken: dict[Path, str]) -> list[str]:
        """What is said of the files that were made and written; two reports never share a folder."""
        if isinstance(outcome, str) or outcome.report is None:
            return []
        folder = self.desk.folder_of(outcome.report)
        first = taken.setdefault(folder, name)
        if first != name:
            return [f"没有写：和 {first} 是同一个机关、同一年度。请看机关和年度有没有写错。"]
        try:
            said = stored(outcome, self.desk, force=False)
        except Failure as failure:
            return [failure.told_in(Medium.PAGE)]
        what = "、".join(said["files"].values())
        draft = "草稿" if said["draft"] else ""
        return [*([f"已生成{draft}：{what}"] if what else []), *said["refused"], *said["failures"]]

    def _add_up(self, run: Run, names: Sequence[str], rolling: Rolling) -> None:
        """Add the saved reports up."""
        units: list[Unit] = []
        unread: list[tuple[str, str]] = []
        for name in names:
            if run.stopping:
                return
            try:
                found = unit_at(self.desk.path_of(name), rolling.supplies)
            except Failure as failure:
                found = failure.told_in(Medium.PAGE)
            if isinstance(found, str):
                unread.append((name, found))
            else:
                units.append(replace(found, file=name))
            run.units.append({"name": name})
        run.rolled = rolled_up(units, unread, rolling)


def _came(future: "Future[Any]") -> Any:
    """What came of a report: an outcome, its bytes, or why there is none."""
    try:
        return future.result()
    except Failure as failure:
        return failure.told_in(Medium.PAGE)
    except CancelledError:
        return "已停下，没有做。"
    except Exception:
        logging.getLogger(__name__).exception("一份年报没有做成")
        return _OWN_BUG


def _unit(name: str, outcome: Outcome | str, files: Sequence[str] = ()) -> dict[str, Any]:
    """What the page lists of a report."""
    if isinstance(outcome, str):
        return {
            "name": name,
            "organ": "",
            "year": "",
            "kind": "",
            "said": outcome,
            "findings": [],
            "files": [],
        }
    report = outcome.report
    found = findings_of(outcome)
    return {
        "name": name,
        "organ": report.organ.name if report else "",
        "year": str(report.year) if report else "",
        "kind": report.form.name if report and not report.form.ordinary else "",
        "said": found["said"],
        "findings": found["findings"],
        "files": list(files),
    }
