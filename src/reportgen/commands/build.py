"""``build``: judges reports and makes what can be made of each."""

import errno
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportgen.commands.options import batched, flag, judged, listed, names, option, processes
from reportgen.commands.usage import Options, Usage, command
from reportgen.makers import kinds, maker_for, names_of
from reportgen.paths import resolved
from reportgen.problems import FileTrouble

if TYPE_CHECKING:
    from reportgen.batch.processes import Processes
    from reportgen.batch.work import Job, Work
    from reportgen.commands.judging import Given
    from reportgen.pipeline import Outcome
    from reportgen.store.earlier import Earlier
    from reportgen.store.workspace import Written

FEW = 3
"""So many reports are built before other processes have started."""

_WAITS = (1.0, 3.0)
"""Seconds that are waited, twice, for room on a full disk."""


@command(
    "build",
    "检查并生成 Word 文件和 PDF",
    "reportgen build 2025.yaml --out 年报",
    "reportgen build 2025.yaml --draft",
    "reportgen build inputs --to docx,html",
    "reportgen build 改过的年报.docx --pdf WPS输出的.pdf",
    "reportgen build 各单位 --jobs 4 --xlsx 结果.xlsx",
)
@judged
@batched
@option("--out", metavar="文件夹", says="放在哪里；默认 outputs，Word 文件则放在它旁边")
@option(
    "--to",
    metavar="种类",
    says="要哪些文件：docx、html、pdf，用逗号隔开；默认 docx,pdf",
    type=names,
    default="docx,pdf",
)
@option(
    "--with",
    "makers",
    metavar="名称",
    says="用哪个转换程序，如 libreoffice；省略则用装了的第一个",
    type=names,
    default="",
)
@option("--pdf", metavar="文件", says="这份 Word 文件由 WPS、Word 输出的 PDF：逐字核对，采用它")
@flag("--draft", says="有错误也出 PDF，每页印“草稿”")
@flag("--force", says="重新生成被人修改过的文件，修改过的另存")
@flag("--attach-source", says="把原文件附在 PDF 里（PDF/A-3b），供存档")
def build(options: Options) -> int:
    """Judge files and make what can be made of each; one bad file never stops the rest."""
    _ensure_kinds(options.to)
    if options.pdf:
        _ensure_one_word_file(options)
    files = listed(options.files)
    count = processes(options, len(files), FEW)
    _start_slow_tools(options, here=not count and not options.cluster)
    # Heavy: only after the slow tools were started.
    with _started(options, count) as there:
        return _building(options, files, count, there)


@contextmanager
def _started(options: Options, count: int) -> Iterator["Processes | None"]:
    """The processes of a run that surely needs them: they begin while this one reads what it was given."""
    surely = options.jobs is not None or (options.out and not options.out.exists())
    if not count or options.cluster or not surely:
        yield None
        return
    from reportgen.batch.processes import SECONDS, Processes

    executor = Processes(count, options.seconds or SECONDS, (options.to, options.makers))
    executor.start()
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _start_slow_tools(options: Options, *, here: bool) -> None:
    """Prepare what takes long, once; start it, unless other processes do the work and start their own."""
    for kind in options.to:
        maker = maker_for(kind, options.makers)
        if maker and not (options.pdf and kind == "pdf"):
            maker.prepare(_tell_at_once)
            if here:
                maker.start()


def _building(options: Options, files: Sequence[Path], count: int, started: "Processes | None") -> int:
    from reportgen.batch.work import Work
    from reportgen.commands.judging import Judging, site
    from reportgen.commands.outcomes import Results
    from reportgen.commands.progress import Progress
    from reportgen.store import workspace

    _ensure_makers(options.makers)
    judging = Judging(options, files, templates=True)
    supplies = replace(judging.supplies, attach_source=options.attach_source, makers=tuple(options.makers))
    if options.pdf:
        supplies = replace(supplies, printed=workspace.material(options.pdf))
    work = Work(supplies, tuple(options.to), options.draft)
    outputs = _Outputs(options, work)
    results = Results(options, len(files), many=bool(count or options.cluster), making=True)
    if count and options.jobs is None and not options.cluster and not started:
        left = outputs.left(judging.given(path) for path in files)
        if left <= FEW:  # of many reports only some changed
            count = 0
            _start_slow_tools(options, here=left > 0)
    with (
        Progress(len(files)) as progress,
        site(work, options, started or count, progress.begin, alone=len(files) == 1) as place,
        results.unless_interrupted(),
    ):
        for given, outcome in place.outcomes(outputs.planned(judging.given(path)) for path in files):
            stored = outputs.store(outcome, given)
            progress.done()
            with progress.away():
                results.tell(stored.outcome, stored.written, unchanged=stored.unchanged)
    return results.end()


def _tell_at_once(sentence: str) -> None:
    """Print to stderr what takes long, while it goes on; results go to stdout."""
    print(sentence, file=sys.stderr, flush=True)


class _Stored(NamedTuple):
    """What came of a report, and where its files lie."""

    outcome: "Outcome"
    written: "Written | None" = None
    unchanged: bool = False


class _Outputs:
    """Where the files of a run go, which report went where, and what earlier runs left to be done."""

    def __init__(self, options: Options, work: "Work") -> None:
        from reportgen.batch.work import state_of
        from reportgen.store import workspace
        from reportgen.store.earlier import Outputs

        self.options, self.work = options, work
        self.out = options.out or Path("outputs")
        self.taken: dict[tuple[Path, str, str], tuple[Path, str]] = {}
        self.room = True
        self._earlier = Outputs(self.out)
        self._found: dict[Path, Earlier] = {}
        templates = workspace.templates_digest(options.templates)
        self._states = {kind: (state_of(kind, work.supplies.makers), templates) for kind in work.wanted}

    def planned(self, given: "Given") -> "Given":
        """A file with the work that is left: only to be judged where its files lie there unchanged."""
        from reportgen.batch.work import Job
        from reportgen.store.earlier import earlier_in

        job = given.job
        if self.options.force or not isinstance(job, Job):
            return given
        prints = self._fingerprints(job)
        if not prints or self.options.pdf:
            return given
        beside = given.path.absolute().parent if self._is_beside(given.path) else None
        earlier = earlier_in(beside, prints) if beside else self._earlier.find(prints)
        if earlier is None:
            return given
        self._found[given.path] = earlier
        return given._replace(job=job._replace(making=False))

    def left(self, given: Iterable["Given"]) -> int:
        """How many reports are to be made; one more than ``FEW`` stands for any number above that."""
        making = (each for each in map(self.planned, given) if getattr(each.job, "making", False))
        left = sum(1 for _ in islice(making, FEW + 1))
        self._found.clear()  # memory stays flat in the number of files
        return left

    def _fingerprints(self, job: "Job") -> dict[str, str]:
        from reportgen.batch.work import fingerprint

        return {
            kind: fingerprint(self.work, job, state)
            for kind, state in self._states.items()
            if kind != job.material.kind
        }

    def _is_beside(self, path: Path) -> bool:
        return path.suffix.lower() == ".docx" and self.options.out is None

    def store(self, outcome: "Outcome", given: "Given") -> _Stored:
        """Write what was made: what comes of a Word file beside it, all else to the outputs."""
        from reportgen.batch.work import Job
        from reportgen.store.disk import refused

        job, earlier = given.job, self._found.pop(given.path, None)
        assert isinstance(job, Job) or not outcome.files
        try:
            if earlier and isinstance(job, Job):
                if outcome.report and not outcome.errors:
                    self._take(outcome, given.path)
                    return _Stored(earlier.outcome(outcome), earlier.written, True)
                outcome = self.work.done(job._replace(making=True))
            if not outcome.files or not isinstance(job, Job):
                return _Stored(outcome)
            return _Stored(outcome, self._put(outcome, given.path, job))
        except FileTrouble as trouble:
            return _Stored(replace(outcome, failures=(*outcome.failures, trouble)))
        except OSError as error:
            return _Stored(replace(outcome, failures=(*outcome.failures, refused(given.path, error))))

    def _take(self, outcome: "Outcome", path: Path) -> None:
        """Take a report's folder for one file of this run.

        Raises:
            FileTrouble: another file has it.
        """
        from reportgen.store import workspace

        report = outcome.report
        assert report is not None  # files are made of reports only
        folder = resolved(path.parent if self._is_beside(path) else workspace.folder_of(report, self.out))
        key = (folder, report.organ.name, report.form.named(report.year))
        content = workspace.digest(outcome.material.content)
        first, before = self.taken.setdefault(key, (path, content))
        if before != content:
            raise FileTrouble(
                f"没有写 {path} 的文件：它和 {first} 是同一个机关、同一年度"
                f"（{report.organ.name}{report.year}年度），"
                f"{first} 的文件已经在 {folder} 里，没有覆盖。请看机关和年度有没有写错；"
                f"两份都要，请分两次运行，用 --out 放在不同的文件夹。"
            )

    def _put(self, outcome: "Outcome", path: Path, job: "Job") -> "Written":
        from reportgen.store import manifest

        self._take(outcome, path)
        said = manifest.of(outcome, self._fingerprints(job))
        for seconds in _WAITS if self.room else ():
            try:
                return self._written(outcome, path, said)
            except FileTrouble as trouble:
                if not _is_full(trouble):
                    raise
                time.sleep(seconds)
        try:
            return self._written(outcome, path, said)
        except FileTrouble as trouble:
            self.room = self.room and not _is_full(trouble)
            raise

    def _written(self, outcome: "Outcome", path: Path, said: Mapping[str, object]) -> "Written":
        from reportgen.store import workspace

        force = self.options.force
        if self._is_beside(path):
            return workspace.store_beside(outcome, path, said, force=force)
        return workspace.store(outcome, self.out, said, force=force)


def _is_full(trouble: FileTrouble) -> bool:
    """True where the disk has no room left, which somebody may make."""
    cause = trouble.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)


def _ensure_kinds(wanted: Sequence[str]) -> None:
    unknown = [kind for kind in wanted if kind not in kinds()]
    if unknown or not wanted:
        raise Usage(f"--to 里的 {'、'.join(unknown) or '种类'} 不对，可以是 {'、'.join(kinds())}。")


def _ensure_one_word_file(options: Options) -> None:
    """See whether a PDF of another program is given with the Word file that it was printed of."""
    if len(options.files) != 1 or options.files[0].suffix.lower() != ".docx":
        raise Usage(
            "--pdf 只用于一份 .docx，就是印出这份 PDF 的那一份：reportgen build 年报.docx --pdf 年报.pdf"
        )
    if options.pdf.suffix.lower() != ".pdf":
        raise Usage(f"--pdf 后面要写 .pdf 文件，{options.pdf} 不是。")
    for name, given in (("--draft", options.draft), ("--attach-source", options.attach_source)):
        if given:
            raise Usage(f"--pdf 不能和 {name} 一起用：采用的是别的程序输出的 PDF，不再另外生成。")
    if "pdf" not in options.to:
        raise Usage("--pdf 要和 --to pdf 一起用，或者省去 --to。")


def _ensure_makers(chosen: Sequence[str]) -> None:
    known = {kind: names_of(kind) for kind in kinds()}
    unknown = [name for name in chosen if not any(name in names for names in known.values())]
    if unknown:
        each = "；".join(f"{kind} 用 {'、'.join(names)}" for kind, names in known.items() if names)
        fix = "要选生成哪种文件，请用 --to，例如 --to docx,pdf。"
        raise Usage(f"--with 是选用哪个程序来生成，没有叫 {'、'.join(unknown)} 的。可以写的：{each}。{fix}")
