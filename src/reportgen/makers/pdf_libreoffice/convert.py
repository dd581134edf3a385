"""A Word file into a PDF by LibreOffice: by one that stands ready, else by a call of its own."""

import atexit
import errno
import io
import json
import os
import shutil
import threading
import time
import zipfile
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reportgen.makers.pdf_libreoffice.breaking import kept_whole
from reportgen.makers.pdf_libreoffice.office import find_soffice, office_missing, release_of
from reportgen.makers.pdf_libreoffice.process import Running, WorkingFolder
from reportgen.makers.pdf_libreoffice.profile import (
    IMPORT,
    PDF_OPTIONS,
    write_profile,
    write_server,
)
from reportgen.paths import reason
from reportgen.problems import ToolFailed, ToolMissing

if TYPE_CHECKING:
    from reportgen.safe.package import Contents


class Limits(NamedTuple):
    """Seconds that LibreOffice is given, both ways together."""

    start: float = 20.0
    """To come up. A slow computer takes five."""

    document: float = 120.0
    """For one document."""


LIMITS = Limits()

_FIRST = 0.6
"""Of the time to start, what the first way is given."""

_RECYCLE = 1000
"""Documents after which LibreOffice is started afresh: behind the first 300, a hundred cost it 1 MB more."""

_MOST = 64 * 1024 * 1024
"""Bytes of all parts of a Word file together, unpacked."""

_ROOM = 8 * 1024 * 1024
"""Bytes; a disk with less left is full for LibreOffice."""

_TICK = 0.003
"""Seconds between two looks for an answer."""

_ASLEEP = 0.8
"""Of the time of the quickest of the last documents, what is slept before the first look."""

_LAST = 5
"""So many: where others have the machine, too, each takes longer than the first did."""


class _Standing:
    """A LibreOffice that stands ready and serves a folder (see ``server.bas``)."""

    def __init__(self, soffice: Path) -> None:
        self._count = 0
        self._good = True
        self._taken: deque[float] = deque(maxlen=_LAST)  # seconds that the last documents took
        self._begun = time.monotonic()
        self._place = WorkingFolder()
        self._jobs = self._place.folder / "jobs"
        try:
            self._jobs.mkdir()
            profile = self._place.folder / "profile"
            write_profile(profile, release_of(soffice))
            write_server(profile, self._jobs)
            self._running = Running(soffice, self._place, ["macro:///Standard.Module1.Serve"])
        except BaseException:
            self._place.abandon()
            raise

    @property
    def fit(self) -> bool:
        """True if it can take another document."""
        return self._good and self._running.alive and self._count < _RECYCLE

    def convert(self, docx: bytes, limits: Limits) -> bytes | None:
        """The PDF; None if it did not come, or not whole. Then this one is not fit any more."""
        self._count += 1
        stem = self._jobs / str(self._count)
        stem.with_suffix(".docx").write_bytes(docx)
        if _has_comments(docx):
            stem.with_suffix(".open").touch()
        stem.with_suffix(".go").touch()
        made = stem.with_suffix(".pdf")
        self._good = self._answered(stem, limits) and _is_whole(made)
        if not self._good:
            return None
        pdf = made.read_bytes()
        for left in self._jobs.iterdir():
            if left.name.partition(".")[0] == stem.name:
                left.unlink()
        return pdf

    def _answered(self, stem: Path, limits: Limits) -> bool:
        """Wait for a document; True if LibreOffice says that it made the PDF.

        Looking for the answer again and again costs as much as checking a report does: no look is taken for
        most of the time that the quickest of the last documents took.
        """
        done, odd = stem.with_suffix(".done"), stem.with_suffix(".odd")
        if not self._wait_for((self._jobs / "ready",), self._begun + limits.start * _FIRST):
            return False
        begun = time.monotonic()
        time.sleep(min(self._taken, default=0.0) * _ASLEEP)
        self._wait_for((done, odd), begun + limits.document / 2)
        self._taken.append(time.monotonic() - begun)
        return done.exists()

    def _wait_for(self, signs: tuple[Path, ...], end: float) -> bool:
        """Wait until one of these files is there; False if none came in time, or none can come any more."""
        while not any(map(os.path.exists, signs)):
            if time.monotonic() > end or not self._running.alive:
                return False
            time.sleep(_TICK)
        return True

    def close(self) -> None:
        """Kill LibreOffice, which has nothing to save, and delete its folder."""
        self._running.kill()
        self._place.clear()

    def leave(self) -> None:
        """At our end, let the keeper end LibreOffice and delete its folder; nobody need wait for that."""
        if not self._place.leave():
            self.close()

    def forget(self) -> None:
        """In a forked child: leave the LibreOffice to the parent."""
        self._place.let_go()


_lock = threading.Lock()
_standing: _Standing | None = None


def start() -> None:
    """Start LibreOffice in the background, so that it is ready when a document comes."""
    global _standing
    with _lock, suppress(OSError):  # the cause is reported when a document comes
        if _standing is None and (soffice := find_soffice()):
            _standing = _Standing(soffice)


def stop() -> None:
    """End the LibreOffice that stands ready."""
    global _standing
    with _lock:
        if _standing:
            _standing.close()
        _standing = None


def _leave() -> None:
    """End it at exit, and wait neither for its end nor until its folder is deleted."""
    global _standing
    with _lock:
        if _standing:
            _standing.leave()
        _standing = None


def _forget_parents() -> None:
    global _standing, _lock
    if _standing:
        _standing.forget()
    _standing, _lock = None, threading.Lock()


atexit.register(_leave)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents)


def convert(docx: bytes, limits: Limits | None = None) -> bytes:
    """The PDF of a Word file.

    Args:
        docx: the file; refused if it is no Word file, since LibreOffice would take any text for one.
        limits: how long to wait; half of the time for the document is for the first way, the rest for the
            second.

    Raises:
        ToolMissing: LibreOffice is not installed.
        ToolFailed: the file is no Word file, or LibreOffice did not deliver a whole PDF, twice.
    """
    docx = _checked(docx)
    if sentence := office_missing():
        raise ToolMissing(sentence)
    limits = limits or LIMITS
    end = time.monotonic() + limits.document
    try:
        return _by_standing(docx, limits) or _by_call(docx, limits.start * (1 - _FIRST), end)
    except OSError as error:
        raise ToolFailed(
            f"没有生成 PDF，用不了临时文件夹，或启动不了 LibreOffice：{reason(error)}"
        ) from error


def _has_comments(docx: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return any("comments" in name.lower() for name in package.namelist())


def _is_whole(pdf: Path) -> bool:
    """True for a PDF that can be opened as it is: a LibreOffice that dies while writing leaves a part."""
    import pikepdf

    try:
        pikepdf.open(pdf, attempt_recovery=False, inherit_page_attributes=False).close()
    except (pikepdf.PdfError, FileNotFoundError):
        return False
    return True


def _checked(docx: bytes) -> bytes:
    """The file as LibreOffice is to see it, if it may open it."""
    # Loaded only now, when LibreOffice was started long ago.
    from reportgen.safe.package import (
        TYPES,
        BrokenLists,
        contents_of,
        ensure_small_pictures,
        with_plain_names,
    )
    from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest

    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            ensure_modest(archive, _MOST)
            contents = contents_of(archive)
            ensure_small_pictures(archive, contents)
            broken = archive.testzip()
    except TooBig as trouble:
        raise ToolFailed("这份 Word 文件的内容过大，不像一份年报，没有转成 PDF。") from trouble
    except BrokenLists as trouble:
        raise ToolFailed(
            "打不开这份 Word 文件：它的目录坏了，没有转成 PDF。请用 Word 或 WPS 打开它另存一次，再试。"
        ) from trouble
    except BROKEN as trouble:
        raise ToolFailed(
            "这不是 Word 文件（.docx），不能转成 PDF。请用 Word 或 WPS 另存为 .docx，再试。"
        ) from trouble
    if broken:
        raise ToolFailed(f"这份 Word 文件已经损坏（{broken}），不能转成 PDF。请重新生成，或取回备份。")
    if TYPES not in contents.names or not contents.main:
        raise ToolFailed(
            "这个文件不是 Word 文档（.docx），不能转成 PDF。请用 Word 或 WPS 另存为 .docx，再试。"
        )
    _refuse_strange(contents)
    return kept_whole(with_plain_names(docx))


def _refuse_strange(contents: "Contents") -> None:
    """Let LibreOffice open nothing that would fetch or run something, or that nobody here knows."""
    from reportgen.safe.package import Danger, strange_in

    for each in strange_in(contents):
        if each.grave or each.danger is Danger.UNKNOWN:
            raise ToolFailed(
                f"这份 Word 文件里有不该有的内容：{each.what}（{each.name[:80]}），"
                "没有转成 PDF。请删去它，再试。"
            )


def _by_standing(docx: bytes, limits: Limits) -> bytes | None:
    global _standing
    start()
    with _lock:
        pdf = None
        with suppress(OSError):  # the plain call meets it, too, and reports it
            if _standing and not _standing.fit:
                _standing.close()
                _standing = None
                _standing = _Standing(find_soffice() or Path())
            pdf = _standing.convert(docx, limits) if _standing else None
        if _standing and not pdf:
            _standing.close()
            _standing = None
        return pdf


def _by_call(docx: bytes, start: float, end: float) -> bytes:
    """The plain way: one call of LibreOffice with a profile of its own.

    Args:
        docx: the Word file.
        start: seconds for LibreOffice to come up.
        end: when the PDF has to be there, by the monotonic clock.

    Raises:
        ToolFailed: it did not come up, did not end in time, or left no whole PDF.
    """
    soffice = find_soffice() or Path()
    with WorkingFolder() as place:
        folder = place.folder
        (folder / "report.docx").write_bytes(docx)
        (folder / "out").mkdir()
        write_profile(folder / "profile", release_of(soffice))
        crashed = call(soffice, place, _arguments(folder), (start, end))
        made = folder / "out" / "report.pdf"
        if _is_whole(made):
            return made.read_bytes()
        if shutil.disk_usage(folder).free < _ROOM:
            raise OSError(errno.ENOSPC, "no room")
        begun = made.is_file() and made.stat().st_size > 0
    raise ToolFailed(_why_not_whole(begun=begun, crashed=crashed))


def _why_not_whole(*, begun: bool, crashed: bool) -> str:
    """A Chinese sentence about a LibreOffice that ended without a whole PDF."""
    if crashed:
        return "LibreOffice 转换这份 Word 文件时意外退出，试了两次。请用 Word 或 WPS 打开它另存一次，再试。"
    if begun:
        return "LibreOffice 生成的 PDF 不完整，没有采用。请再试一次；还是这样，请重新安装 LibreOffice。"
    return "LibreOffice 没有生成 PDF：它打不开这份 Word 文件。请用 Word 或 WPS 打开它另存一次，再试。"


def call(soffice: Path, place: WorkingFolder, arguments: list[str], times: tuple[float, float]) -> bool:
    """Call LibreOffice and let it finish; nothing of it is left running.

    Args:
        soffice: its program.
        place: a folder with a profile in it.
        arguments: what it is to do.
        times: seconds for it to come up; when it has to be done, by the monotonic clock.

    Returns:
        True if it crashed.

    Raises:
        ToolFailed: it did not come up, did not end in time, or cannot be run.
    """
    start, end = times
    user = place.folder / "profile" / "user"
    ours = set(user.iterdir())
    running = Running(soffice, place, arguments)
    try:
        left = max(0.0, end - time.monotonic())
        # A LibreOffice that has come up has put things of its own into its profile.
        if not running.wait(min(start, left)) and set(user.iterdir()) == ours:
            raise ToolFailed(
                "LibreOffice 启动后一直没有反应，已经中止。"
                "请再试一次；还是这样，请重启电脑，或重新安装 LibreOffice。"
            )
        if not running.wait(max(0.0, end - time.monotonic())):
            raise ToolFailed(
                "LibreOffice 没有在限定的时间内转完，已经中止。请看文件里有没有异常大的表格或图片。"
            )
        if running.refused:
            raise ToolFailed("LibreOffice 不能运行。请运行 reportgen doctor 看原因，或重新安装 LibreOffice。")
        return running.crashed
    finally:
        running.kill()


def _arguments(folder: Path) -> list[str]:
    kinds = {bool: "boolean", int: "long"}
    options = {
        name: {"type": kinds[type(value)], "value": str(value).lower()} for name, value in PDF_OPTIONS.items()
    }
    target = f"pdf:writer_pdf_Export:{json.dumps(options)}"
    out = str(folder / "out")
    return [f"--infilter={IMPORT}", "--convert-to", target, "--outdir", out, str(folder / "report.docx")]
