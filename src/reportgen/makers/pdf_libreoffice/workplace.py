"""The folder of one LibreOffice, which goes away with us, whatever ends us."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

_KEEPER = """
trap '' HUP INT TERM
group=
while read -r word; do
    [ "$word" = done ] && exit
    group=$word
done
if [ "$group" ]; then
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -s KILL -- "-$group" || break; sleep 0.2; done
fi
rm -rf -- "$1"
rm -f -- "$2"
"""
"""Is told which process group to mind, waits for the end of our pipe, which comes even when we are killed,
and then clears everything away.

What is just dying may still write into the folder, so that its end is waited for. A group is named behind
``-s KILL --``: the ``kill`` that dash has within takes no ``-9 --``.
"""

_PATIENCE = 4.0
"""Seconds for the keeper, who may have to end others first."""


class Workplace:
    """A folder to work in. It is deleted in the end, even should we be killed."""

    def __init__(self) -> None:
        """Make it. Its keeper comes first, so that there is no moment without one."""
        self.folder = Path(tempfile.gettempdir()).resolve() / f"reportgen-{os.urandom(6).hex()}"
        self.socket = socket_of((self.folder / "profile").as_uri())
        self._keeper: subprocess.Popen[bytes] | None = None
        try:
            self._keeper = _keeper(self.folder, self.socket) if sys.platform != "win32" else None
            self.folder.mkdir(mode=0o700)
        except BaseException:
            self.abandon()
            raise

    def __enter__(self) -> Self:
        """Give it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        """Delete it; where something went wrong, end whoever may still work in it, too."""
        if kind is None:
            self.clear()
        else:
            self.abandon()

    @property
    def told(self) -> IO[bytes] | None:
        """Where a process says its number, so that the keeper minds its group."""
        return self._keeper.stdin if self._keeper else None

    def clear(self) -> None:
        """Delete it, when nobody works in it any more."""
        self._delete()
        if self._keeper and self._keeper.stdin:
            with suppress(OSError):
                self._keeper.stdin.write(b"done\n")
        self._dismiss()

    def abandon(self) -> None:
        """Delete it, and let the keeper end whoever works in it: it knows even whom we do not know yet."""
        self._dismiss()
        self._delete()

    def _dismiss(self) -> None:
        """Let the keeper end; one that somebody has stopped is ended."""
        self.let_go()
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        try:
            keeper.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            keeper.kill()
            with suppress(subprocess.TimeoutExpired):
                keeper.wait(_PATIENCE)

    def _delete(self) -> None:
        """Processes that are just dying may still write into it, so try a few times; the socket goes last."""
        for _ in range(50):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                break
            time.sleep(0.02)
        with suppress(OSError):
            self.socket.unlink(missing_ok=True)

    def let_go(self) -> None:
        """Close our end of the keeper's pipe: in a forked child, the folder is still the parent's."""
        if self._keeper and self._keeper.stdin:
            with suppress(OSError):
                self._keeper.stdin.close()


def socket_of(profile: str) -> Path:
    """The socket by which LibreOffice finds a running one of the same profile; a killed one leaves it."""
    wide = hashlib.md5(profile.encode("utf-16-le", "surrogatepass"), usedforsecurity=False)
    digest = "".join(f"{byte:x}" for byte in wide.digest())
    owner = os.getuid() if sys.platform != "win32" else 0
    return Path("/tmp") / f"OSL_PIPE_{owner}_SingleOfficeIPC_{digest}"


def _keeper(folder: Path, socket: Path) -> subprocess.Popen[bytes]:
    """In a session of its own: what a terminal sends to us does not reach it."""
    return subprocess.Popen(
        ["/bin/sh", "-c", _KEEPER, "sh", str(folder), str(socket)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        bufsize=0,
        start_new_session=True,
    )
