"""Finding LibreOffice on this machine."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from reportgen.makers.pdf_libreoffice.fonts import fonts_missing
from reportgen.paths import seems_file

_PATIENCE = 10.0
"""Seconds for LibreOffice to say its version."""

_USUAL = {
    "win32": (
        r"C:\Program Files\LibreOffice\program\soffice.com",
        r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    ),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",),
    "linux": (
        "/usr/lib/libreoffice/program/soffice",
        "/usr/lib64/libreoffice/program/soffice",
        "/opt/libreoffice/program/soffice",
        "/snap/bin/libreoffice",
    ),
}

_INSTALL = {
    "win32": "请从 https://zh-cn.libreoffice.org 下载安装包并安装",
    "darwin": "请从 https://zh-cn.libreoffice.org 下载安装包，拖入“应用程序”",
    "linux": "请安装，例如 Debian：sudo apt install libreoffice-writer-nogui",
}


def find_soffice() -> Path | None:
    """LibreOffice's program: what ``REPORTGEN_SOFFICE`` names, on the PATH, or where systems put it."""
    named = os.environ.get("REPORTGEN_SOFFICE", "")
    if named:
        return Path(named).absolute() if _is_program(Path(named)) else None
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    if on_path:
        return Path(on_path).absolute()
    usual = map(Path, _USUAL.get(sys.platform, ()))
    return next((file for file in usual if _is_program(file)), None)


def _is_program(file: Path) -> bool:
    """True if a file exists and may be run; a file that we may not see counts as absent."""
    return os.access(file, os.X_OK) and seems_file(file)


class Release(NamedTuple):
    """Which LibreOffice an installation is: ``7.4`` and the mark of its build."""

    version: str
    build: str


def release_of(soffice: Path) -> Release | None:
    """What the files beside a program say of its release, without starting it; None where they do not."""
    beside = soffice.resolve().parent
    ending = ".ini" if sys.platform == "win32" else "rc"
    for folder in (beside, beside.parent / "Resources"):  # the second on macOS
        version = _entry(folder / f"bootstrap{ending}", r"ProductKey\s*=.*?(\d+\.\d+)")
        build = _entry(folder / f"version{ending}", r"buildid\s*=\s*(\S.*)")
        if version and build:
            return Release(version, build)
    return None


def _entry(file: Path, pattern: str) -> str:
    """What a pattern's group finds on a line of its own; empty where the file or the line is missing."""
    try:
        found = re.search(rf"^{pattern}$", file.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    except OSError:
        return ""
    return found[1].strip() if found else ""


def office_missing() -> str:
    """A Chinese sentence saying how to get LibreOffice; empty when it is there."""
    if find_soffice():
        return ""
    named = os.environ.get("REPORTGEN_SOFFICE", "")
    if named and os.access(named, os.F_OK):
        return f"环境变量 REPORTGEN_SOFFICE 指的文件不能运行：{named}。请改正，或去掉这个变量。"
    if named:
        return f"环境变量 REPORTGEN_SOFFICE 指的文件不存在：{named}。请改正，或去掉这个变量。"
    how = _INSTALL.get(sys.platform, _INSTALL["linux"])
    return (
        f"没有找到 LibreOffice，不能生成 PDF。{how}；"
        "已装在别处的，用环境变量 REPORTGEN_SOFFICE 指明 soffice 的位置。"
    )


def missing() -> str:
    """A Chinese sentence saying what to install for PDFs; empty when all is there."""
    return office_missing() or fonts_missing()


def version(soffice: Path) -> str:
    """What LibreOffice prints as its version; empty where it prints nothing within ten seconds."""
    try:
        with subprocess.Popen(
            [soffice, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32",
        ) as asked:
            return _said(asked)
    except OSError:
        return ""


def _said(asked: subprocess.Popen[bytes]) -> str:
    """What a program says; one that hangs is ended with its children, which hold its pipe open."""
    try:
        said, _ = asked.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        said = b""
    finally:
        with suppress(OSError):
            asked.kill() if sys.platform == "win32" else os.killpg(asked.pid, signal.SIGKILL)
    return said.decode(errors="replace").strip()
