"""Running LibreOffice so that nothing of it stays behind, whatever happens to it or to us."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from reportgen.makers.pdf_libreoffice.copies import make_copies
from reportgen.makers.pdf_libreoffice.folders import cache_folder
from reportgen.makers.pdf_libreoffice.font_map import fontconfig
from reportgen.makers.pdf_libreoffice.fonts import uses_fontconfig
from reportgen.makers.pdf_libreoffice.workplace import Workplace

QUIET = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")

_TOLD = 'echo $$; exec "$@" >/dev/null'
"""Says its number and becomes the program: at no moment the keeper does not know whom to end."""

_NO_PROGRAM = (126, 127)
"""What a shell ends with that cannot run a program."""

_ALLOCATOR = "libjemalloc.so.2"
"""Spares LibreOffice a sixth of its time. Where it is missing, the linker says so to nobody and goes on."""


class Running:
    """A started LibreOffice, in a process group and with a folder of its own."""

    def __init__(self, soffice: Path, place: Workplace, arguments: Sequence[str]) -> None:
        """Start it. The workplace holds everything it writes, and is deleted should we die.

        Raises:
            OSError: where no process can be started.
        """
        self._owner = os.getpid()
        profile = (place.folder / "profile").as_uri()
        command = [str(soffice), *QUIET, f"-env:UserInstallation={profile}", *arguments]
        if sys.platform == "win32":
            self._process = _on_windows(command)
        else:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _TOLD, "sh", *command],
                stdin=subprocess.DEVNULL,
                stdout=place.told,
                stderr=subprocess.DEVNULL,
                env=_environment(place.folder),
                cwd=place.folder,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """True while it runs, as far as this process may know: a forked one is not its parent."""
        return self._owner == os.getpid() and self._process.poll() is None

    @property
    def refused(self) -> bool:
        """True if the system could not run the program at all."""
        return sys.platform != "win32" and self._process.poll() in _NO_PROGRAM

    @property
    def crashed(self) -> bool:
        """True if a signal ended it; what starts LibreOffice tells that by a number above 128."""
        code = self._process.poll()
        return sys.platform != "win32" and code is not None and not 0 <= code <= 128

    def wait(self, seconds: float) -> bool:
        """Wait for its end; False if it did not come in time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it and all its children, at once. Those of another process are left alone.

        What is not our own child may stay in the system's list for a while, dead, until it is read off
        there. Nobody waits for that: the dead write nothing, and a folder is cleared until it is gone.
        """
        if self._owner != os.getpid():
            return
        if sys.platform == "win32":
            number = str(self._process.pid)
            subprocess.run(["taskkill", "/T", "/F", "/PID", number], capture_output=True, check=False)
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)


def _on_windows(command: list[str]) -> subprocess.Popen[bytes]:
    """A process in a group of its own, which says and is told nothing."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _silently(_sentence: str) -> None:
    """Say nothing: whoever watches was told before."""


def _environment(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    names = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    kept |= {
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    if uses_fontconfig():
        make_copies(_silently)
        settings = folder / "fonts.conf"
        cache = cache_folder()
        settings.write_text(fontconfig(cache / "fontconfig" if cache else home), encoding="utf-8")
        kept["FONTCONFIG_FILE"] = str(settings)
    if sys.platform.startswith("linux"):
        kept["LD_PRELOAD"] = _ALLOCATOR
    return kept
