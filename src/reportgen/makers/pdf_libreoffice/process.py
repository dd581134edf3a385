"""Running LibreOffice so that nothing of it stays behind, whatever happens to it or to us."""

import os
import signal
import subprocess
import sys
import time
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

_MALLOC = {
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "MALLOC_TOP_PAD_": "67108864",
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
}
"""Measured: spares 5 to 8 % of a conversion, for 120 MB of memory."""


class Running:
    """A started LibreOffice, in a process group and with a folder of its own."""

    def __init__(self, soffice: Path, place: Workplace, arguments: Sequence[str]) -> None:
        """Start it. The workplace holds everything it writes, and is deleted should we die."""
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
        """True while it runs."""
        return self._process.poll() is None

    @property
    def refused(self) -> bool:
        """True if the system could not run the program at all."""
        return sys.platform != "win32" and self._process.poll() in _NO_PROGRAM

    def wait(self, seconds: float) -> bool:
        """Wait for its end; False if it did not come in time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it and all its children, at once."""
        if sys.platform == "win32":
            number = str(self._process.pid)
            subprocess.run(["taskkill", "/T", "/F", "/PID", number], capture_output=True, check=False)
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._wait_for_children()

    def _wait_for_children(self) -> None:
        """Wait, at most half a second, until the whole group is gone: who is just dying may still write."""
        end = time.monotonic() + 0.5
        with suppress(ProcessLookupError, PermissionError):
            while sys.platform != "win32" and time.monotonic() < end:
                os.killpg(self._process.pid, 0)
                time.sleep(0.003)


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
    return kept | _MALLOC
