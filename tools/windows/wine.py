"""A Windows under Wine, which ``tools/setup_wine.sh`` made: commands are run in it as a clerk runs them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from time import monotonic

from windows import ROOT, starting

WINE = ROOT / ".setup" / "wine"

PATIENCE = 120
"""Seconds for one command: none takes so long, unless it hangs."""

_LINGERS = 300
"""Seconds that Wine's Windows waits for another program: longer than what is done on Linux in between."""

_SERVERS = ("/usr/lib/wine/wineserver64", "/usr/lib/wine/wineserver")


class UnprovenError(Exception):
    """Something did not come out as it should."""


@contextmanager
def running_windows() -> Iterator[None]:
    """Keep Wine's Windows up, so that each command need not start it; nothing of it is left running.

    It is this checkout's own. What a killed run left of it is ended first, and would end by itself
    ``_LINGERS`` seconds after its last program; a run that is asked to end (SIGTERM) ends it on its way.
    """
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        _server("-k")
        _server(f"-p{_LINGERS}")
        _quietly("wine", "wineboot")
        yield
    finally:
        _server("-k")
        signal.signal(signal.SIGTERM, before)


def _server(word: str) -> None:
    _quietly(next((path for path in _SERVERS if Path(path).exists()), "wineserver"), word)


def _quietly(*command: str) -> None:
    """Run it without our pipes: Wine's services would get them, and they would then never end."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, env=environment(), check=False, timeout=PATIENCE, **quiet)  # type: ignore[call-overload]


def environment() -> dict[str, str]:
    """What Wine finds in its environment: its own Windows, and a locale with code page 936."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    wine = {"WINEPREFIX": str(WINE / "windows"), "WINEDEBUG": "-all", "LOCPATH": str(WINE / "locales")}
    return {**kept, **wine, "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "BROWSER": "whoami"}


@dataclass(frozen=True)
class Machine:
    """The unpacked folder on a Windows; the clerk's files lie in it.

    Attributes:
        program: the folder.
        seconds: what each command of ``does`` took, by its words, in their order.
    """

    program: Path
    seconds: list[tuple[float, str]] = field(default_factory=list)

    def does(self, *words: str, code: int = 0) -> str:
        """Run ``reportgen.bat`` with these words, as a clerk would; what it printed, which must be UTF-8.

        Raises:
            UnprovenError: its exit code is another.
        """
        began = monotonic()
        told = ran(["wine", "cmd", "/c", starting.COMMAND_NAME, *words], self.program, " ".join(words), code)
        self.seconds.append((monotonic() - began, " ".join(words)))
        return told

    def code_page(self) -> str:
        """What Windows takes for the encoding of texts: ``cp936``."""
        words = ["program/python.exe", "-c", "import locale; print(locale.getpreferredencoding())"]
        return ran(["wine", *words], self.program, "代码页").strip()

    def path(self, name: str) -> Path:
        """A file or folder among the clerk's."""
        return self.program / name

    def named(self, path: Path) -> str:
        """A path among the clerk's files as Windows names it."""
        return str(PureWindowsPath(path.relative_to(self.program)))


def ran(command: Sequence[str], where: Path, told_as: str, code: int = 0) -> str:
    """Run a command without input and tell how long it took; what it printed, which must be UTF-8.

    Args:
        command: its words; one that begins with ``wine`` runs on Windows.
        where: the folder to run it in.
        told_as: what it is called on the screen.
        code: the exit code that it must have.

    Raises:
        UnprovenError: it has another exit code, wrote another encoding, or did not end.
    """
    began = monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=where,
            env=environment() if command[0] == "wine" else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        told = done.stdout.decode()
    except subprocess.TimeoutExpired:
        raise UnprovenError(f"{told_as} 过了 {PATIENCE} 秒还没有结束") from None
    except UnicodeDecodeError as error:
        raise UnprovenError(f"{told_as} 写出来的不是 UTF-8：{error}") from None
    print(f"  {monotonic() - began:5.1f} s  {told_as}", flush=True)
    expect(done.returncode == code, f"{told_as} 的退出码是 {done.returncode}，不是 {code}：\n{told}")
    return told


def expect(right: bool, otherwise: str) -> None:
    """Go on if it is right.

    Raises:
        UnprovenError: it is not; the words say what is wrong.
    """
    if not right:
        raise UnprovenError(otherwise)
