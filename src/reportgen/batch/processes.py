"""Calls in processes of their own, each with a time limit; one that dies or hangs costs only its own call.

``concurrent.futures.ProcessPoolExecutor`` breaks as a whole when one of its processes dies, and cannot end
one that hangs. Here every thread of a pool has its own process, and calls go to it through a pipe.
"""

import json
import math
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any

from reportgen.makers import maker_for
from reportgen.problems import ToolFailed

SECONDS = 300.0
"""For one call: LibreOffice is given half of it, both ways together."""

_PATIENCE = 5.0
"""Seconds for a process to end by itself."""

_GLANCE = 0.2
"""Seconds after which it is looked again whether a call takes too long."""

_HEAD = struct.Struct(">Q")
_KEEP = b""
"""Before a message that is kept for later calls."""
_MAIN = "from reportgen.batch.processes import main; main()"

_kept_lock = threading.Lock()
_kept: dict[float, "Processes"] = {}
"""Those that stay until this process ends, by their time limits; see ``kept``."""


class Processes(Executor):
    """An executor with so many processes of this machine, started by ``start`` or when first needed.

    A call whose process dies, or that is not done in time, is tried once more in a fresh process. Then it
    fails with ``ToolFailed``, and the other calls have not noticed.
    """

    def __init__(self, count: int, seconds: float = SECONDS, begin: Sequence[Sequence[str]] = ()) -> None:
        """Take how many, and how long a call may take.

        Args:
            count: of processes.
            seconds: for one call.
            begin: kinds of files and names of makers, whose slow tools a process starts first of all.
        """
        self._seconds = seconds
        self._begin = json.dumps(begin or ((), ()))
        self._count = count
        self._threads = ThreadPoolExecutor(count, "reportgen")
        self._own = threading.local()
        self._all: list[_Process] = []
        self._idle: list[_Process] = []
        self._waiting = 0
        self._complete = False
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._watched = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Call a function, which must be importable by its name, in a process.

        A first argument of bytes is kept there: it is not sent again while calls have the same.
        """
        common = args[0] if args and isinstance(args[0], bytes) else None
        call = pickle.dumps((common is not None, fn, args if common is None else args[1:], kwargs))
        with self._lock:
            self._waiting += 1
        return self._threads.submit(self._called, common, call)

    def start(self) -> None:
        """Start all processes now, before the first call; what cannot be started now is tried again then."""
        with self._lock, suppress(OSError):
            while len(self._all) < self._count:
                self._idle.append(self._started())

    def complete(self) -> None:
        """Know that there will be no more calls: a process that gets none any more ends beside the others."""
        self._complete = True

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with ``cancel_futures`` those too that are at work."""
        self._threads.shutdown(wait and not cancel_futures, cancel_futures=cancel_futures)
        if wait or cancel_futures:
            self._end_all(kill=cancel_futures)
            self._threads.shutdown(wait)

    def _end_all(self, *, kill: bool) -> None:
        with self._lock:
            self._ended.set()
            there, self._all = self._all, []
        for process in there:
            process.dismiss(kill=kill)
        for process in there:
            process.end()

    def _called(self, common: bytes | None, call: bytes) -> Any:
        """Do the call in this thread's process; with another one if that fails.

        Raises:
            ToolFailed: it fails twice.
            BaseException: what the call itself raises.
        """
        with self._lock:
            self._waiting -= 1
        try:
            return self._answered(common, call)
        finally:
            process: _Process | None = getattr(self._own, "process", None)
            if process and self._complete and not self._waiting:
                process.dismiss()

    def _answered(self, common: bytes | None, call: bytes) -> Any:
        late = False
        for _ in range(2):
            process = self._process()
            answer = process.answer(common, call, self._seconds)
            if answer is not None:
                worked, came = pickle.loads(answer)
                if worked:
                    return came
                raise came
            late = process.late
        why = f"超过 {self._seconds:.0f} 秒还没有做完" if late else "处理它的进程两次意外结束"
        raise ToolFailed(f"{why}，没有做成；其余的不受影响。请看这份文件有没有特别的内容，再单独试一次。")

    def _process(self) -> "_Process":
        """This thread's process, a fresh one where the last has ended.

        Raises:
            ToolFailed: there shall be no more.
        """
        process: _Process | None = getattr(self._own, "process", None)
        if process is not None and process.fit:
            return process
        with self._lock:
            if self._ended.is_set():
                raise ToolFailed("已经停下，没有做。")
            if process is not None:
                self._all.remove(process)
                process.dismiss(kill=True)
                process.end()
            self._own.process = process = self._idle.pop() if self._idle else self._started()
        return process

    def _started(self) -> "_Process":
        if not self._watched:
            self._watched = True
            threading.Thread(target=self._watch, daemon=True).start()
        process = _Process(self._begin)
        self._all.append(process)
        return process

    def _watch(self) -> None:
        """Kill each process whose call takes too long."""
        while not self._ended.wait(_GLANCE):
            with self._lock:
                there = tuple(self._all)
            for process in there:
                process.kill_if_late()


def kept(seconds: float) -> Processes:
    """Processes that stay for later calls, as many as there are calls at a time."""
    with _kept_lock:
        return _kept.setdefault(seconds, Processes(os.cpu_count() or 1, seconds))


class _Process:
    """One process and the pipes to it.

    Attributes:
        fit: False when it has ended or was killed.
        late: True if it was killed because a call took too long.
    """

    def __init__(self, begin: str) -> None:
        self.fit, self.late = True, False
        self._due = math.inf
        self._common: bytes | None = None
        windows = sys.platform == "win32"
        self._process = subprocess.Popen(
            # -P: what lies in the clerk's folder is not taken for a module.
            [sys.executable, "-P", "-c", _MAIN, begin],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # An interrupt of the terminal is for us, who end our processes ourselves.
            start_new_session=not windows,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if windows else 0,
        )

    def answer(self, common: bytes | None, call: bytes, seconds: float) -> bytes | None:
        """What the process answers; None if it ended, or was not done in time and was killed."""
        assert self._process.stdin and self._process.stdout
        self._due = time.monotonic() + seconds
        answer = None
        with suppress(OSError, ValueError):
            if common is not None and common != self._common:
                _send(self._process.stdin, _KEEP)
                _send(self._process.stdin, common)
                self._common = common
            _send(self._process.stdin, call)
            answer = _received(self._process.stdout)
        self._due = math.inf
        self.fit = answer is not None
        return answer

    def kill_if_late(self) -> None:
        """Kill it if its call takes too long."""
        if time.monotonic() > self._due:
            self.late = True
            self._process.kill()

    def dismiss(self, *, kill: bool = False) -> None:
        """Let it end, or kill it; its LibreOffice then ends, too."""
        self.fit = False
        if kill:
            self._process.kill()
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()

    def end(self) -> None:
        """Wait for the end of one that was dismissed."""
        assert self._process.stdout
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.returncode is not None:
            with suppress(OSError, ValueError):
                self._process.stdout.close()


def _send(stream: IO[bytes], content: bytes) -> None:
    stream.write(_HEAD.pack(len(content)))
    stream.write(content)
    stream.flush()


def _received(stream: IO[bytes]) -> bytes | None:
    """The next message; None where the other side has ended."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    [length] = _HEAD.unpack(head)
    content = stream.read(length)
    return content if len(content) == length else None


# ── in the process ───────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    """Serve the process that started us, until it closes the pipe. Whatever prints, prints to stderr."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        kinds, makers = json.loads(sys.argv[1])
        start(kinds, makers)
        with suppress(BrokenPipeError):  # nobody waits for us any more
            serve(sys.stdin.buffer, answers)


def start(kinds: Sequence[str], makers: Sequence[str]) -> None:
    """Start the slow tools that making these kinds of files needs, in the background."""
    for kind in kinds:
        maker = maker_for(kind, makers)
        if maker:
            maker.start()


def serve(calls: IO[bytes], answers: IO[bytes]) -> None:
    """Answer calls until there are no more."""
    common = b""
    while (call := _received(calls)) is not None:
        if call == _KEEP:
            common = _received(calls) or b""
        else:
            _send(answers, _answer(call, common))


def _answer(call: bytes, common: bytes) -> bytes:
    """Whether a call worked, and what it gave or raised; an error of ours with the place in its notes."""
    import traceback

    try:
        has_common, function, arguments, named = pickle.loads(call)
        if has_common:
            arguments = (common, *arguments)
        return pickle.dumps((True, function(*arguments, **named)))
    except Exception as error:
        told = traceback.format_exc()
        error.add_note(told)
        with suppress(Exception):
            answer = pickle.dumps((False, error))
            pickle.loads(answer)  # some can be written and not read again
            return answer
        return pickle.dumps((False, RuntimeError(told)))
