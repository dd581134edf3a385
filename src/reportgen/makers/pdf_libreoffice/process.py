"""Running LibreOffice so that nothing of it stays behind, whatever happens to it or to us."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from reportgen.makers.pdf_libreoffice.folders import cache_folder
from reportgen.makers.pdf_libreoffice.fonts import fontconfig, uses_fontconfig

QUIET = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")

_KEEPER = """
folder=$1 pipe=$2; shift 2
exec 3<&0
(
    trap '' HUP INT TERM
    read -r _ <&3
    kill -TERM 0
    for _ in 1 2 3 4 5; do sleep 0.1; rm -rf -- "$folder"; rm -f -- "$pipe"; done
    kill -9 0
) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
"""
"""Waits for the end of our pipe, which comes even when we are killed, and then clears everything away.

What is just dying may still write into the folder, so that is deleted a few times.
"""

_MALLOC = {
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "MALLOC_TOP_PAD_": "67108864",
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
}
"""Measured: spares 5 to 8 % of a conversion, for 120 MB of memory."""


class Running:
    """A started LibreOffice, in a process group and with a folder of its own."""

    def __init__(self, soffice: Path, folder: Path, arguments: Sequence[str]) -> None:
        """Start it. ``folder`` holds everything it writes, and is deleted should we die."""
        profile = (folder / "profile").as_uri()
        self._pipe = _socket_of(profile)
        command = [str(soffice), *QUIET, f"-env:UserInstallation={profile}", *arguments]
        if sys.platform == "win32":
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
            )
            return
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "sh", str(folder), str(self._pipe), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(folder),
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        """True while it runs."""
        return self._process.poll() is None

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
        self.let_go()
        self._pipe.unlink(missing_ok=True)

    def let_go(self) -> None:
        """Close our end of the pipe without ending anything (in a forked child, the parent still owns it)."""
        if self._process.stdin:
            self._process.stdin.close()


def _socket_of(profile: str) -> Path:
    """The socket by which LibreOffice finds a running one of the same profile; a killed one leaves it."""
    digest = "".join(f"{byte:x}" for byte in hashlib.md5(profile.encode("utf-16-le")).digest())
    owner = os.getuid() if sys.platform != "win32" else 0
    return Path("/tmp") / f"OSL_PIPE_{owner}_SingleOfficeIPC_{digest}"


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
        settings = folder / "fonts.conf"
        cache = cache_folder()
        settings.write_text(fontconfig(cache / "fontconfig" if cache else home), encoding="utf-8")
        kept["FONTCONFIG_FILE"] = str(settings)
    return kept | _MALLOC
