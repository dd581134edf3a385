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
from contextlib import suppress
from pathlib import Path

from reportgen.makers.pdf_libreoffice.office import find_soffice, office_missing
from reportgen.makers.pdf_libreoffice.process import Running
from reportgen.makers.pdf_libreoffice.profile import (
    IMPORT,
    PDF_OPTIONS,
    drop_kept,
    keep_profile,
    write_profile,
)
from reportgen.makers.pdf_libreoffice.workplace import Workplace
from reportgen.paths import reason
from reportgen.problems import ToolFailed, ToolMissing
from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest

LIMIT = 120.0
"""Seconds for one document, both tries together."""

_RECYCLE = 200
"""Documents after which LibreOffice is started afresh: its memory grows slowly."""

_MOST = 64 * 1024 * 1024
"""Bytes of all parts of a Word file together, unpacked."""

_ROOM = 8 * 1024 * 1024
"""Bytes; a disk with less left is full for LibreOffice."""

_TICK = 0.003


class _Standing:
    """A LibreOffice that stands ready and serves a folder (see ``server.bas``)."""

    def __init__(self, soffice: Path) -> None:
        self._soffice = soffice
        self._count = 0
        self._good = True
        self._place = Workplace()
        self._jobs = self._place.folder / "jobs"
        try:
            self._jobs.mkdir()
            write_profile(self._place.folder / "profile", self._jobs, soffice)
            self._running = Running(soffice, self._place, ["macro:///Standard.Module1.Serve"])
        except BaseException:
            self._place.abandon()
            raise

    @property
    def fit(self) -> bool:
        """True if it may be given another document."""
        return self._good and self._running.alive and self._count < _RECYCLE

    def convert(self, docx: bytes, seconds: float) -> bytes | None:
        """The PDF; None if it did not come. Then this one is not fit any more."""
        self._count += 1
        stem = self._jobs / str(self._count)
        stem.with_suffix(".docx").write_bytes(docx)
        stem.with_suffix(".go").touch()
        self._good = self._wait_for(stem, seconds)
        if not self._good:
            if self._count == 1:
                drop_kept(self._soffice)
            return None
        pdf = stem.with_suffix(".pdf").read_bytes()
        for left in self._jobs.glob(f"{self._count}.*"):
            left.unlink()
        return pdf

    def _wait_for(self, stem: Path, seconds: float) -> bool:
        end = time.monotonic() + seconds
        done, odd = stem.with_suffix(".done"), stem.with_suffix(".odd")
        while time.monotonic() < end:
            if done.exists():
                return stem.with_suffix(".pdf").is_file()
            if odd.exists() or not self._running.alive:
                return False
            time.sleep(_TICK)
        return False

    def close(self) -> None:
        """End LibreOffice and clear its folder away."""
        if self._good and (self._jobs / "ready").exists() and self._running.alive:
            shutil.rmtree(self._jobs, ignore_errors=True)
            if self._running.wait(1) and self._count:
                keep_profile(self._place.folder / "profile", self._soffice)
        self._running.kill()
        self._place.clear()

    def forget(self) -> None:
        """Let go of the parent's LibreOffice, in a forked child."""
        self._place.let_go()


_lock = threading.Lock()
_standing: _Standing | None = None


def start() -> None:
    """Start LibreOffice in the background, so that it is ready when a document comes."""
    global _standing
    soffice = find_soffice()
    with _lock, suppress(OSError):  # what hinders it is told when a document comes
        if _standing is None and soffice:
            _standing = _Standing(soffice)


def stop() -> None:
    """End the LibreOffice that stands ready. Done at exit, too."""
    global _standing
    with _lock:
        if _standing:
            _standing.close()
        _standing = None


def _forget_parents() -> None:
    global _standing, _lock
    if _standing:
        _standing.forget()
    _standing, _lock = None, threading.Lock()


atexit.register(stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents)


def convert(docx: bytes, limit: float = LIMIT) -> bytes:
    """The PDF of a Word file.

    Args:
        docx: the file; refused if it is no Word file, since LibreOffice would take any text for one.
        limit: seconds for everything; half of it for the first try, the rest for the second.

    Raises:
        ToolMissing: LibreOffice is not installed.
        ToolFailed: the file is no Word file, or LibreOffice did not deliver a PDF, twice.
    """
    _check_docx(docx)
    if sentence := office_missing():
        raise ToolMissing(sentence)
    end = time.monotonic() + limit
    try:
        pdf = _by_standing(docx, limit / 2) or _by_call(docx, end)
    except OSError as error:
        raise ToolFailed(
            f"没有生成 PDF，用不了临时文件夹，或启动不了 LibreOffice：{reason(error)}"
        ) from error
    if not pdf.startswith(b"%PDF-") or b"/Page" not in pdf:
        raise ToolFailed(
            "LibreOffice 没有生成 PDF：它打不开这份 Word 文件。请用 Word 或 WPS 打开它另存一次，再试。"
        )
    return pdf


def _check_docx(docx: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            names = set(archive.namelist())
            ensure_modest(archive, _MOST)
            broken = archive.testzip()
    except TooBig as trouble:
        raise ToolFailed("这份 Word 文件的内容过大，不像一份年报，没有转成 PDF。") from trouble
    except BROKEN as trouble:
        raise ToolFailed(
            "这不是 Word 文件（.docx），不能转成 PDF。请用 Word 或 WPS 另存为 .docx，再试。"
        ) from trouble
    if broken:
        raise ToolFailed(f"这份 Word 文件已经损坏（{broken}），不能转成 PDF。请重新生成，或取回备份。")
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise ToolFailed(
            "这个文件不是 Word 文档（.docx），不能转成 PDF。请用 Word 或 WPS 另存为 .docx，再试。"
        )


def _by_standing(docx: bytes, seconds: float) -> bytes | None:
    global _standing
    start()
    with _lock:
        pdf = None
        with suppress(OSError):  # the plain call meets it, too, and tells it
            if _standing and not _standing.fit:
                _standing.close()
                _standing = None
                _standing = _Standing(find_soffice() or Path())
            pdf = _standing.convert(docx, seconds) if _standing else None
        if _standing and not pdf:
            _standing.close()
            _standing = None
        return pdf


def _by_call(docx: bytes, end: float) -> bytes:
    """The plain way: one call of LibreOffice with a fresh profile."""
    soffice = find_soffice() or Path()
    with Workplace() as place:
        folder = place.folder
        (folder / "report.docx").write_bytes(docx)
        (folder / "out").mkdir()
        _run(Running(soffice, place, _arguments(folder)), max(0.0, end - time.monotonic()))
        made = folder / "out" / "report.pdf"
        if made.is_file():
            return made.read_bytes()
        if shutil.disk_usage(folder).free < _ROOM:
            raise OSError(errno.ENOSPC, "no room")
        return b""


def _run(running: Running, seconds: float) -> None:
    """Let a LibreOffice that was called finish; nothing of it is left."""
    try:
        if not running.wait(seconds):
            raise ToolFailed(
                "LibreOffice 没有在限定的时间内转完，已经中止。请看 Word 文件里有没有异常大的表格或图片。"
            )
        if running.refused:
            raise ToolFailed("LibreOffice 不能运行。请运行 reportgen doctor 看原因，或重新安装 LibreOffice。")
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
