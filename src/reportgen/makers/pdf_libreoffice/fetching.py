"""Getting the free fonts because a person asked for it, and making their TrueType copies.

The fonts come from packages of Debian, of which only fonts are kept. Nothing else asks a network for fonts.
Packages are downloaded and not installed, so that no rights are needed but to write the fonts' folder; apt
checks that they are what their makers signed.

LibreOffice embeds a font with PostScript outlines as Type 1, with a number inside that counts fonts of its
process: the same report would give other bytes at another place in a series. TrueType has no such number. The
copies stand in a folder of fonts and may be thrown away; without them the fonts themselves are drawn.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reportgen.makers.pdf_libreoffice import outlines
from reportgen.makers.pdf_libreoffice.fonts import (
    COPIES,
    FACES,
    LXGW,
    NOTO,
    Spare,
    font_file,
    font_place,
    forget,
    spares,
    stand_ins,
    system_fonts,
    user_fonts,
    uses_fontconfig,
)
from reportgen.paths import reason

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Package:
    """A package of Debian with fonts.

    Attributes:
        name: its name.
        size: its size in megabytes.
        within: the folder of the fonts in it.
        files: the fonts wanted of it.
        folder: the folder for them within ours.
        spare: the spare font that they are; where another file of it is found, the package is not wanted.
    """

    name: str
    size: int
    within: str
    files: tuple[str, ...]
    folder: str
    spare: Spare | None = None


PACKAGES = (
    Package(
        "texlive-lang-chinese",
        50,
        "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
        tuple(face.file for face in FACES),
        "fandol",
    ),
    Package(
        "fonts-noto-cjk",
        55,
        "usr/share/fonts/opentype/noto",
        (NOTO.files[0], NOTO.beside),
        "noto-serif-cjk",
        NOTO,
    ),
    Package("fonts-lxgw-wenkai", 52, "usr/share/fonts/truetype/lxgw-wenkai", LXGW.files, "lxgw-wenkai", LXGW),
)

_PATIENCE = 1800
"""Seconds for one download."""

_WAITING = 900.0
"""Seconds to copy all fonts, and for another process that is copying them."""


def fetch(say: Say) -> None:
    """Put all free fonts where every user finds them, or else where this user does, and make their copies.

    Args:
        say: is called with a Chinese sentence for everything that is done, or why it cannot be done.
    """
    if not uses_fontconfig():
        say("这个系统上 LibreOffice 只用系统里安装的字体，这里不必下载；缺的字体请向办公室索取，双击安装。")
        return
    place = font_place()
    if place is None:
        say(f"没有可以写的字体文件夹（{system_fonts()} 不能写，也没有自己的文件夹）。请管理员运行这个命令。")
        return
    try:
        _share(place, say)
        for package in PACKAGES:
            _get(package, place, say)
    except OSError as error:
        say(f"写不了字体文件夹 {place}：{reason(error)}")
    forget()
    make_copies(say)


def _share(place: Path, say: Say) -> None:
    """Copy fonts that only this user has to the folder of every user."""
    user = user_fonts()
    if place != system_fonts() or user is None:
        return
    for package in PACKAGES:
        mine = {name: file for name in package.files if (file := font_file(name)) and user in file.parents}
        lacking = [name for name in mine if not (place / package.folder / name).is_file()]
        if lacking:
            _write(package, place, {name: mine[name].read_bytes() for name in lacking})
            say(f"已把 {package.name} 的字体复制到 {place / package.folder}，这台电脑的用户都能用。")


def _get(package: Package, place: Path, say: Say) -> None:
    lacking = [name for name in package.files if font_file(name) is None]
    if not lacking or (package.spare and package.spare in dict(spares())):
        return
    by_hand = (
        f"请在能上网的电脑上取得这些文件，放进 {place / package.folder}，再运行一次：{'、'.join(lacking)}"
        f"（在 Debian 软件包 {package.name} 里）。"
    )
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        say(f"这里没有 apt-get，不能下载字体。{by_hand}")
        return
    say(f"正在下载 Debian 软件包 {package.name}（约 {package.size} MB），只取其中的字体……")
    from reportgen.makers.pdf_libreoffice.process import WorkingFolder  # which imports this module

    with WorkingFolder() as scratch:
        file = _downloaded(package.name, scratch.folder)
        fonts = _unpacked(file, package.within, lacking) if file else {}
    if set(fonts) != set(lacking):
        say(f"{'软件包里没有所要的字体' if file else '没有下载到'}（网络不通，或软件源里没有）。{by_hand}")
        return
    _write(package, place, fonts)
    forget()
    say(f"字体已放在 {place / package.folder}。")


def _write(package: Package, place: Path, fonts: dict[str, bytes]) -> None:
    folder = place / package.folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in fonts.items():
        part = folder / f".{name}.part"
        try:
            part.write_bytes(content)
            put(part, folder / name)
        finally:
            part.unlink(missing_ok=True)


def _downloaded(name: str, scratch: Path) -> Path | None:
    """The package's file; None where it cannot be had.

    First by the lists that the machine has; where these name no file, or one that is there no longer, by new
    lists of our own, so that nobody else's are touched and no rights are needed.
    """
    for part in ("lists/partial", "cache"):
        (scratch / part).mkdir(parents=True)
    own = [f"-oDir::State::Lists={scratch / 'lists'}", f"-oDir::Cache={scratch / 'cache'}"]
    if _apt(scratch, "download", name):
        return _package_in(scratch)
    if _apt(scratch, *own, "update") and _apt(scratch, *own, "download", name):
        return _package_in(scratch)
    return None


def _package_in(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob("*.deb"))), None)


def _apt(folder: Path, *words: str) -> bool:
    """Run apt-get in a folder; True if it says that all is well."""
    # It gives up its rights for a download, and then may not write here: a warning about nothing.
    options = ["-qq", "-oAcquire::Retries=3", *(["-oAPT::Sandbox::User=root"] if _is_root() else [])]
    try:
        ran = subprocess.run(
            ["apt-get", *options, *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _unpacked(file: Path, within: str, names: list[str]) -> dict[str, bytes]:
    """The fonts of a package by name; without those that it does not have."""
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as unpacking:
        assert unpacking.stdout
        return dict(_members(unpacking.stdout, {f"./{within}/{name}" for name in names}))


def _members(stream: IO[bytes], wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    import tarfile  # slow to import, and hardly ever needed

    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            while wanted and (member := archive.next()):
                content = archive.extractfile(member) if member.name in wanted and member.isfile() else None
                wanted.discard(member.name)
                if content:
                    yield Path(member.name).name, content.read()
    except tarfile.TarError:
        return


# ── TrueType copies of the stand-ins, made once on this machine ───────────────────────────────────────

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
    with FileLock(folder / ".lock", timeout=_WAITING, mode=0o644):
        yield


def _make(sources: tuple[Path, ...], folder: Path, say: Say) -> None:
    """Run one program for each font, as many at a time as there are processors; none outlives us."""
    waiting, done, end = list(sources), 0, time.monotonic() + _WAITING
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
