"""Finding LibreOffice on this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from reportgen.makers.pdf_libreoffice.fonts import fonts_missing

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
        return Path(named) if Path(named).is_file() else None
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    if on_path:
        return Path(on_path)
    usual = map(Path, _USUAL.get(sys.platform, ()))
    return next((file for file in usual if file.is_file()), None)


def office_missing() -> str:
    """A Chinese sentence saying how to get LibreOffice; empty when it is there."""
    if find_soffice():
        return ""
    named = os.environ.get("REPORTGEN_SOFFICE", "")
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
    """What LibreOffice says of itself; empty where it says nothing within ten seconds."""
    try:
        done = subprocess.run([soffice, "--version"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip()
