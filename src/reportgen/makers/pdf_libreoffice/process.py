"""Running LibreOffice so that nothing of it stays behind, whatever happens to it or to us."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from reportgen.makers.pdf_libreoffice.fetching import make_copies
from reportgen.makers.pdf_libreoffice.fonts import cache_folder, uses_fontconfig
from reportgen.makers.pdf_libreoffice.office import search_path
from reportgen.makers.pdf_libreoffice.profile import fontconfig

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
rm -f -- "$2" "$1.lock"
"""
"""Reads which process group to watch, waits for the end of our pipe, which comes even when we are killed,
and then clears everything away.

What is just dying may still write into the folder, so that its end is waited for. A group is named behind
``-s KILL --``: the ``kill`` that dash has within takes no ``-9 --``.
"""

_PATIENCE = 4.0
"""Seconds for the keeper, who may have to end others first."""


class WorkingFolder:
    """A folder for one LibreOffice. It is deleted in the end, even if this process is killed.

    Where its keeper is killed, too, the next one that is made deletes it: a lock beside it, which ends with
    its process, tells whether anybody still has it.
    """

    def __init__(self) -> None:
        """Make it. Its lock and its keeper come first, so that there is no moment without them."""
        within = temporary_folder().resolve()
        clear_dead(within)
        self.folder, self._lock = _own(within)
        self.socket = socket_of((self.folder / "profile").as_uri())
        self._keeper: subprocess.Popen[bytes] | None = None
        try:
            self._keeper = _keeper(self.folder, self.socket) if sys.platform != "win32" else None
            self.folder.mkdir(mode=0o700)
        except BaseException:
            self.abandon()
            raise

    def __enter__(self) -> Self:
        """This folder."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        """Delete it; where something went wrong, end whoever may still work in it, too."""
        if kind is None:
            self.clear()
        else:
            self.abandon()

    @property
    def keeper_input(self) -> IO[bytes] | None:
        """Where a process writes its number, so that the keeper knows its group; None without a keeper."""
        return self._keeper.stdin if self._keeper else None

    def clear(self) -> None:
        """Delete it, when nobody works in it any more."""
        self._delete()
        if self._keeper and self._keeper.stdin:
            with suppress(OSError):
                self._keeper.stdin.write(b"done\n")
        self._dismiss()

    def leave(self) -> bool:
        """Let the keeper end every process in it and delete it, and do not wait; False without a keeper."""
        there = self._keeper is not None and self._keeper.poll() is None
        if there:
            self.let_go()
        return there

    def abandon(self) -> None:
        """Delete it, and let the keeper end every process in it, even one that we do not know yet."""
        self._dismiss()
        self._delete()

    def _dismiss(self) -> None:
        """Let the keeper end; one that somebody has stopped is ended."""
        self._close_pipe()
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
        """The socket goes last."""
        _delete_whole(self.folder)
        with suppress(OSError):
            self.socket.unlink(missing_ok=True)
        self._unlock()
        with suppress(OSError):
            lock_of(self.folder).unlink(missing_ok=True)

    def _unlock(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def let_go(self) -> None:
        """Close what holds the folder: in a forked child, it is still the parent's."""
        self._unlock()
        self._close_pipe()

    def _close_pipe(self) -> None:
        if self._keeper and self._keeper.stdin:
            with suppress(OSError):
                self._keeper.stdin.close()


def temporary_folder() -> Path:
    """Where this user's temporary files go.

    ``tempfile.gettempdir`` writes a file there to try it, under a name that nobody knows as ours should we be
    killed just then; it is asked only where the usual places cannot be used.
    """
    if tempfile.tempdir:  # it was asked already
        return Path(tempfile.tempdir)
    named = [os.environ[name] for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)]
    for place in map(Path, [*named, "/tmp"]):
        if place.is_absolute() and place.is_dir() and os.access(place, os.W_OK | os.X_OK):
            return place
    return Path(tempfile.gettempdir())


_OURS = re.compile(r"(reportgen-[0-9a-f]{12})(\.lock)?")


def lock_of(folder: Path) -> Path:
    """The file beside a working folder on which its lock is held."""
    return folder.with_name(f"{folder.name}.lock")


def clear_dead(within: Path) -> None:
    """Delete working folders whose process and whose keeper were both killed, and end what runs in them.

    Only those of this user. One that has no lock any more was just being deleted.

    Args:
        within: the folder of temporary files.
    """
    with suppress(OSError):
        names = {found[1] for path in within.iterdir() if (found := _OURS.fullmatch(path.name))}
        for name in sorted(names):
            folder = within / name
            with suppress(OSError):
                _clear_if_dead(folder)


def _clear_if_dead(folder: Path) -> None:
    """Delete a working folder if nobody has its lock.

    Raises:
        OSError: it is not ours, or somebody has its lock.
    """
    if sys.platform == "win32":
        lock_of(folder).unlink(missing_ok=True)  # refused while a process has it open
        shutil.rmtree(folder, ignore_errors=True)
        return
    if (folder if folder.exists() else lock_of(folder)).lstat().st_uid != os.getuid():
        return
    lock = _locked(lock_of(folder), os.O_CREAT)
    try:
        _delete_whole(folder, ending=True)
        socket_of((folder / "profile").as_uri()).unlink(missing_ok=True)
        lock_of(folder).unlink(missing_ok=True)
    finally:
        os.close(lock)


def _delete_whole(folder: Path, *, ending: bool = False) -> None:
    """Delete a folder. Processes that are just dying may still write into it, so try a few times.

    Args:
        folder: a working folder.
        ending: end what runs in it, too: nobody is left who would.
    """
    for _ in range(50):
        for number in _running_in(folder) if ending else ():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(os.getpgid(number), signal.SIGKILL)  # it began a session, so that it is not ours
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.02)


def _running_in(folder: Path) -> Iterator[int]:
    """The numbers of the processes that have their profile in a folder, where the system shows it.

    Not by their group: the first of it may be dead, and its number somebody else's.
    """
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = told.read_bytes()
            if b"UserInstallation=" in words and os.fsencode(folder.name) in words:
                yield int(told.parent.name)


def _own(within: Path) -> tuple[Path, int | None]:
    """The path of a new working folder, and the open file with its lock; None on a disk without locks."""
    while True:
        folder = within / f"reportgen-{os.urandom(6).hex()}"
        try:
            return folder, _locked(lock_of(folder), os.O_CREAT | os.O_EXCL)
        except BlockingIOError:
            continue  # somebody who clears up was quicker, and takes the file away
        except OSError:
            return folder, None  # what is wrong with the disk is told by whoever makes the folder


def _locked(path: Path, how: int) -> int:
    """The open file with our lock, which ends with this process. On Windows, that it is open is the lock.

    Not by filelock, whose import would hold LibreOffice up for longer than all else before its start.

    Raises:
        OSError: there can be none; ``BlockingIOError`` where somebody has it.
    """
    file = os.open(path, os.O_RDWR | how | getattr(os, "O_NOFOLLOW", 0), 0o600)
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            raise
    return file


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


# ── running LibreOffice so that nothing of it stays behind, whatever happens to it or to us ───────────

QUIET = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")

_TOLD = 'echo $$; exec "$@" >/dev/null'
"""Says its number and becomes the program: at no moment the keeper does not know whom to end."""

_NO_PROGRAM = (126, 127)
"""What a shell ends with that cannot run a program."""

_ALLOCATOR = "libjemalloc.so.2"
"""Saves LibreOffice a sixth of its time. Where it is missing, the linker goes on without it."""


class Running:
    """A started LibreOffice, in a process group and with a folder of its own."""

    def __init__(self, soffice: Path, place: WorkingFolder, arguments: Sequence[str]) -> None:
        """Start it. All that it writes goes into the working folder, which is deleted even if we die.

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
                stdout=place.keeper_input,
                stderr=subprocess.DEVNULL,
                env=_environment(place.folder),
                cwd=place.folder,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """True while it runs; False in a forked child, which is not its parent and cannot know."""
        return self._owner == os.getpid() and self._process.poll() is None

    @property
    def refused(self) -> bool:
        """True if the system could not run the program at all."""
        return sys.platform != "win32" and self._process.poll() in _NO_PROGRAM

    @property
    def crashed(self) -> bool:
        """True if a signal ended it; LibreOffice's start script then exits with a number above 128."""
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
    """A process in a group of its own, that reads nothing and prints nothing."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _silently(_sentence: str) -> None:
    """Print nothing: the person who waits has read it already."""


def _environment(folder: Path) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    names = ("LD_LIBRARY_PATH", "SYSTEMROOT")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    kept |= {
        "PATH": search_path(),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
        # Who finishes the PDF packs it, in a fifth of the time.
        "VCL_DEBUG_DISABLE_PDFCOMPRESSION": "1",
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
