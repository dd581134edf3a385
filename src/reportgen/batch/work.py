"""What is done with each report of a batch, and what comes of them, in the order in which they were given."""

import gc
import hashlib
import io
import json
import pickle
import sys
import zlib
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import PurePath
from typing import Any, NamedTuple, Self, TypeVar

from reportgen.itself import record_of, version_of
from reportgen.makers import WORDS, maker_for
from reportgen.model.form import Form
from reportgen.pipeline import Material, Outcome, Supplies, Watch, examine, run
from reportgen.problems import Finding, ToolFailed

Given = TypeVar("Given")

AHEAD = 128
"""Reports that may be under way or done before the next in order is: they wait in memory, half a MB each."""

_LIBRARIES = (
    *("deflate", "docxtpl", "fonttools", "jinja2", "lxml", "pikepdf", "pillow"),
    *("pypdf", "pypdfium2", "python-docx", "pyyaml"),
)
_GARBAGE = 100_000
"""Things made and not let go, after which garbage is looked for."""


class Job(NamedTuple):
    """One report of a batch with what belongs to it alone; see ``Supplies``.

    ``making`` is False for one that is only to be judged.
    """

    material: Material
    last: Material | None = None
    certain: bool = False
    origin: Material | None = None
    notes: tuple[Finding, ...] = ()
    making: bool = True

    @classmethod
    def of(cls, material: Material, supplies: Supplies) -> Self:
        """A report with what its own supplies hold."""
        return cls(material, supplies.last, supplies.certain, supplies.origin, supplies.notes)


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with every report of a batch: judged, and its files made where any are ``wanted``."""

    supplies: Supplies
    wanted: tuple[str, ...] = ()
    draft: bool = False

    def done(self, job: Job, watch: Watch = lambda _: None) -> Outcome:
        """What comes of a report, as far as a command needs it: see ``Outcome.lean``.

        Raises:
            Failure: what concerns every report, such as a broken template.
        """
        return self._done(job, watch).lean

    def _done(self, job: Job, watch: Watch) -> Outcome:
        own = replace(self.supplies, last=job.last, certain=job.certain, origin=job.origin, notes=job.notes)
        if not job.making or not self.wanted:
            return examine(job.material, own)
        outcome = run(job.material, own, self.wanted, self.draft, watch)
        if any(_was_refused_by_the_system(failure) for failure in outcome.failures):
            # A folder that is full, a process that could not be started: such things pass.
            return run(job.material, own, self.wanted, self.draft, watch)
        return outcome


def _was_refused_by_the_system(failure: BaseException) -> bool:
    return isinstance(failure, ToolFailed) and isinstance(failure.__cause__, OSError)


def results(
    submit: Callable[[Given], "Future[Any]"], given: Iterable[Given], ahead: int = AHEAD
) -> Iterator[tuple[Given, "Future[Any]"]]:
    """What comes of each, in the order given; never more than ``ahead`` are under way, so memory stays flat.

    Args:
        submit: begins the work on one that is given.
        given: taken only when there is room.
        ahead: how many are begun before the first of them is taken.

    Yields:
        Each with its future, which is done.
    """
    waiting: deque[tuple[Given, Future[Any]]] = deque()
    try:
        for each in given:
            waiting.append((each, submit(each)))
            if len(waiting) >= ahead:
                yield _first_done(waiting)
        while waiting:
            yield _first_done(waiting)
    finally:
        for _, future in waiting:
            future.cancel()


def _first_done(waiting: "deque[tuple[Given, Future[Any]]]") -> tuple[Given, "Future[Any]"]:
    with suppress(CancelledError):  # by who shuts the executor down; wait() would not notice
        waiting[0][1].exception()
    return waiting.popleft()


class Here(Executor):
    """An executor that does each call at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Do the call; an interrupt is for whoever submits it."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


# ── the same work, called in another process ─────────────────────────────────────────────────────────


def sent(work: Work) -> bytes:
    """The work as it goes to other processes: with every call, and understood there once."""
    return pickle.dumps(work)


def worked(work: bytes, job: bytes) -> bytes:
    """What comes of a report, for ``received``. What both sides have is only named: forms and materials."""
    understood, given = _understood(work), pickle.loads(job)
    done = understood.done(given)
    few_garbage()
    held = io.BytesIO()
    _Pickler(held, given, understood).dump(done)
    return held.getvalue()


def received(content: bytes, work: Work, job: Job) -> Outcome:
    """What ``worked`` gave for a job."""
    outcome: Outcome = _Unpickler(io.BytesIO(content), job, work).load()
    return outcome


@lru_cache(maxsize=2)
def _understood(work: bytes) -> Work:
    understood: Work = pickle.loads(work)
    return understood


def _materials(job: Job, work: Work) -> dict[str, Material | None]:
    """What a report came as, and with what: by names, since both sides have it."""
    return {"own": job.material, "last": job.last, "origin": job.origin, "printed": work.supplies.printed}


class _Pickler(pickle.Pickler):
    def __init__(self, held: io.BytesIO, job: Job, work: Work) -> None:
        super().__init__(held, pickle.HIGHEST_PROTOCOL)
        self._names = {id(each): name for name, each in _materials(job, work).items()}

    def persistent_id(self, obj: Any) -> str | None:
        if isinstance(obj, Material):
            return self._names.get(id(obj))
        return f"form {obj.id}" if isinstance(obj, Form) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, held: io.BytesIO, job: Job, work: Work) -> None:
        super().__init__(held)
        forms = {f"form {form.id}": form for form in work.supplies.forms}
        self._named: dict[str, Any] = {**forms, **_materials(job, work)}

    def persistent_load(self, pid: Any) -> Any:
        return self._named[pid]


@cache
def few_garbage() -> None:
    """Look for garbage more rarely, once the first report of several has been worked on."""
    # Forms and rules are there for good: not to look for garbage among them saves a third;
    # and a report leaves none, so that to look every few thousand things is enough.
    gc.freeze()
    gc.set_threshold(_GARBAGE)


# ── what the files depend on beside the report ───────────────────────────────────────────────────────


def state_of(kind: str, makers: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Programs and fonts that have a part in files of a kind: (name, version), the same on equal machines."""
    told = list(_program())
    while kind != WORDS and (maker := maker_for(kind, makers)):
        told += [(f".{kind} 的转换程序", maker.name), *maker.state()]
        kind = maker.takes
    return tuple(told)


@lru_cache(maxsize=1)
def _program() -> tuple[tuple[str, str], ...]:
    files = sorted(_recorded() or _modules(resources.files("reportgen"), "reportgen/"))
    own = f"{version_of('reportgen')}（{_digest(json.dumps(files).encode())[:12]}）"
    python = ".".join(map(str, sys.version_info[:2]))
    system = (("Python", python), ("zlib", zlib.ZLIB_RUNTIME_VERSION))
    return (("reportgen", own), *system, *((name, version_of(name)) for name in _LIBRARIES))


def _recorded() -> list[tuple[str, str]]:
    """The program's files with their SHA-256, as they were installed; none in a checkout.

    To read hundreds of files anew takes a second on Windows, where every opened file is looked at.
    """
    lines = (line.split(",") for line in record_of("reportgen").splitlines())
    return [(name, told.removeprefix("sha256=")) for name, told, *_ in lines if _counts(name)]


def _modules(folder: Any, path: str) -> Iterator[tuple[str, str]]:
    """The same, read from the files."""
    for each in folder.iterdir():
        if each.is_dir():
            yield from _modules(each, f"{path}{each.name}/")
        elif _counts(name := f"{path}{each.name}"):
            told = urlsafe_b64encode(hashlib.sha256(each.read_bytes()).digest()).decode()
            yield name, told.rstrip("=")


def _counts(name: str) -> bool:
    """True for a file of the program that may have a part in what is made; templates are told apart."""
    ours = name.startswith("reportgen/") and not name.startswith("reportgen/templates/")
    return ours and name.endswith((".py", ".bas", ".yaml"))


def fingerprint(work: Work, job: Job, state: Sequence[object]) -> str:
    """What a report's file of a kind is made from, as one digest: another one means another file.

    Args:
        work: what is done with every report; its day does not count, since the rules are asked every time.
        job: the report.
        state: ``state_of`` the kind, and what tells the forms and Word templates.
    """
    given = [job.material, *(each or Material("", b"") for each in (job.last, job.origin))]
    parts = [
        state,
        [(PurePath(each.name).name, _digest(each.content)) for each in given],
        [job.certain, work.draft, work.supplies.attach_source],
        work.supplies.words,
        [f"{each.named} {each.level} {each.words} {each.why}" for each in work.supplies.demands],
        [finding.message for finding in job.notes],
    ]
    return _digest(json.dumps(parts).encode("utf-8", "surrogatepass"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
