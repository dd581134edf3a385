"""TrueType copies of the stand-ins, made once on this machine.

LibreOffice embeds a font with PostScript outlines as Type 1, with a number inside that counts the fonts of
its process: the same report would give other bytes at another place in a series. TrueType has no such number.
The copies stand in a folder of fonts and may be thrown away; without them the fonts themselves are drawn.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reportgen.makers.pdf_libreoffice import outlines
from reportgen.makers.pdf_libreoffice.folders import font_place, system_fonts
from reportgen.makers.pdf_libreoffice.fonts import COPIES, forget, stand_ins, uses_fontconfig

Say = Callable[[str], None]

_PATIENCE = 900.0
"""Seconds for all fonts together, and for another process that is making them."""

_TICK = 0.05
_tried: set[str] = set()
"""Names of the copies that this process has begun; what could not be made is not tried again."""


def to_copy() -> tuple[Path, ...]:
    """The stand-ins that have PostScript outlines and no copy, the largest first."""
    if not uses_fontconfig():
        return ()
    plain = (each for each in stand_ins() if each.file == each.source and not each.is_official)
    wanted = {each.source for each in plain if each.source.suffix.lower() == ".otf"}
    return tuple(sorted(wanted, key=lambda file: (-file.stat().st_size, file)))


def make_copies(say: Say) -> None:
    """Make the copies that are missing, on all processors; where nothing can be written, or it fails, none.

    They go to the folder for all users if that can be written to, else to this user's. If another process
    is making them, this one waits for it. Costs nothing where all exist.

    Args:
        say: is called with a Chinese sentence before the work, and after each font.
    """
    if not _untried():
        return
    folder = font_place()
    if folder is None:
        return
    with suppress(OSError), _alone(folder / COPIES):
        forget()  # another process may have made them while we waited
        todo = _untried()
        _tried.update(map(outlines.copy_name, todo))
        if todo:
            say(f"正在把 {len(todo)} 个替代字体转成 TrueType，约需一分钟，只做这一次……")
            _make(todo, folder / COPIES, say)
    forget()


def _untried() -> tuple[Path, ...]:
    return tuple(file for file in to_copy() if outlines.copy_name(file) not in _tried)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only process that makes copies in a folder.

    Raises:
        OSError: the folder cannot be written to, or another process is at it for too long.
    """
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    _open_to_all(folder)
    with FileLock(folder / ".lock", timeout=_PATIENCE, mode=0o644):
        yield


def _make(sources: tuple[Path, ...], folder: Path, say: Say) -> None:
    """Run one program for each font, as many at a time as there are processors; none outlives us."""
    waiting, done, end = list(sources), 0, time.monotonic() + _PATIENCE
    running: dict[Path, subprocess.Popen[bytes]] = {}
    try:
        while (waiting or running) and time.monotonic() < end:
            while waiting and len(running) < (os.cpu_count() or 1):
                source = waiting.pop(0)
                running[source] = _start(source, _part(source, folder))
            for source in [each for each, process in running.items() if process.poll() is not None]:
                if running.pop(source).returncode == 0:
                    put(_part(source, folder), folder / outlines.copy_name(source))
                    done += 1
                    say(f"已转好 {source.stem}（{done}/{len(sources)}）")
            time.sleep(_TICK)
    finally:
        for process in running.values():
            process.kill()
            process.wait()
        for source in sources:
            _part(source, folder).unlink(missing_ok=True)


def _start(source: Path, target: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", outlines.__file__, str(source), str(target)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _part(source: Path, folder: Path) -> Path:
    """Where a copy is written before it is whole."""
    return folder / f".{source.stem}.part"


def put(part: Path, target: Path) -> None:
    """Give a whole file its name; in the folder of every user, everybody may read it.

    Raises:
        OSError: the disk refuses.
    """
    _open_to_all(part)
    part.replace(target)


def _open_to_all(path: Path) -> None:
    """Let every user read what we put into the folder of every user, whatever rights we give to new files.

    Elsewhere, and where the rights are not ours to give, they stay as they are.
    """
    root = system_fonts()
    if not path.is_relative_to(root):
        return
    within = [each for each in (path, *path.parents) if each.is_relative_to(root.parent)]
    for each in within:
        with suppress(OSError):
            each.chmod(0o755 if each.is_dir() else 0o644)
