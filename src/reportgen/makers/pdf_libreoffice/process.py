"""Running LibreOffice so that nothing of it stays behind, whatever happens to it or to us."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from reportgen.makers.pdf_libreoffice.folders import cache_folder
from reportgen.makers.pdf_libreoffice.fonts import fontconfig, uses_fontconfig

QUIET = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")

_KEEPER = """
trap '' HUP INT TERM
read -r word
[ "$word" = done ] && exit
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -s KILL -- "-$1" || break; sleep 0.2; done
rm -rf -- "$2"
rm -f -- "$3"
"""
"""Waits for the end of our pipe, which comes even when we are killed, and then clears everything away.

What is just dying may still write into the folder, so that its end is waited for. A group is named behind
``-s KILL --``: the ``kill`` that dash has within takes no ``-9 --``.
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
        self._socket = _socket_of(profile)
        self._keeper: subprocess.Popen[bytes] | None = None
        command = [str(soffice), *QUIET, f"-env:UserInstallation={profile}", *arguments]
        if sys.platform == "win32":
            self._process = _silent(command, creationflags=subprocess.CREATE_NEW_PROCESS_GROUP)
        else:
            self._process = _silent(command, env=_environment(folder))
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", _KEEPER, "sh", str(self._process.pid), str(folder), str(self._socket)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                bufsize=0,
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
        self._wait_for_children()
        self._socket.unlink(missing_ok=True)
        if self._keeper and self._keeper.stdin:
            with suppress(BrokenPipeError):
                self._keeper.stdin.write(b"done\n")
            self.let_go()
            self._keeper.wait(10)

    def _wait_for_children(self) -> None:
        """Wait, at most half a second, until the whole group is gone: who is just dying may still write."""
        end = time.monotonic() + 0.5
        with suppress(ProcessLookupError, PermissionError):
            while sys.platform != "win32" and time.monotonic() < end:
                os.killpg(self._process.pid, 0)
                time.sleep(0.003)

    def let_go(self) -> None:
        """Close our end of the keeper's pipe: in a forked child, LibreOffice is still the parent's."""
        if self._keeper and self._keeper.stdin:
            self._keeper.stdin.close()


def _silent(
    command: list[str], env: dict[str, str] | None = None, creationflags: int = 0
) -> subprocess.Popen[bytes]:
    """A process in a group of its own, which says and is told nothing."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=env,
        creationflags=creationflags,
        start_new_session=sys.platform != "win32",
    )


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
