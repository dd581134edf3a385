"""LibreOffice and fonts on this machine: finding them, saying to ``doctor`` what is there, getting others."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from reportgen.makers.pdf_libreoffice.fonts import (
    FACES,
    LXGW,
    NOTO,
    Face,
    fonts_missing,
    named_in_vain,
    spares,
    stand_ins,
    uses_fontconfig,
    way_to_fix,
)
from reportgen.makers.pdf_libreoffice.replacing import has_table, installed_families, of_system
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


def search_path() -> str:
    """Where LibreOffice's start script looks for programs: this user's folders, then the system's own."""
    named = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    usual = [] if sys.platform == "win32" else os.defpath.split(os.pathsep)
    return os.pathsep.join(dict.fromkeys([*named, *usual]))


def version(soffice: Path) -> str:
    """What LibreOffice prints as its version; empty where it prints nothing within ten seconds."""
    try:
        with subprocess.Popen(
            [soffice, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PATH": search_path()},
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


# ── what there is, in sentences, and getting what is missing ──────────────────────────────────────────


def examine_machine() -> tuple[tuple[str, bool, str], ...]:
    """Each thing needed, whether it is in order, and a sentence about it. Starts LibreOffice for its version.

    What to do about a missing thing is not part of it: ``missing`` says that, once.
    """
    named = [("REPORTGEN_FONTS", False, "指的文件夹不存在")] if named_in_vain() else []
    return (_office(), *named, *_faces(), *_rest())


def prepare(say: Callable[[str], None]) -> None:
    """Make the TrueType copies of the fonts, the first time that a PDF can be made; costs nothing later."""
    if not missing():
        from reportgen.makers.pdf_libreoffice.fetching import make_copies

        make_copies(say)


def get_missing(say: Callable[[str], None]) -> None:
    """Get the fonts that are missing, because a person asked for it; nothing else is installed."""
    from reportgen.makers.pdf_libreoffice.fetching import fetch

    fetch(say)


def _office() -> tuple[str, bool, str]:
    soffice = find_soffice()
    if soffice is None:
        return "LibreOffice", False, "没有找到"
    said = version(soffice)
    if not said:
        return "LibreOffice", False, f"{soffice} 不能运行，请重新安装"
    return "LibreOffice", True, f"{said}（{soffice}）"


def _faces() -> Iterator[tuple[str, bool, str]]:
    if has_table():
        yield from map(_face_of_windows, FACES)
        return
    drawn = {each.official: each for each in stand_ins()}
    for face in FACES:
        each = drawn.get(face.official)
        stand_in = face.file.partition(".")[0]
        if each is None and not uses_fontconfig():
            yield (
                face.official,
                True,
                "由本机系统提供；没有装的，请向办公室索取安装。生成后会核对 PDF 里的字体。",
            )
        elif each is None:
            yield face.official, False, f"没有装，也没有可以代替它的 {stand_in}"
        elif each.is_official:
            yield face.official, True, f"用本单位的字体 {each.file}"
        else:
            yield face.official, True, f"没有装，用同一风格的 {stand_in} 代替（{each.file}）"


def _face_of_windows(face: Face) -> tuple[str, bool, str]:
    """What Windows has for a family, as LibreOffice's table there is written."""
    there = installed_families()
    stand_in = next((each for each in stand_ins() if each.official == face.official), None)
    if stand_in is not None and stand_in.is_official:
        return face.official, True, f"用本单位的字体 {stand_in.file}"
    if face.official in there:
        return face.official, True, "本机装了"
    if family := of_system(face, there):
        return face.official, True, f"没有装，用本机的{family}代替"
    name = face.file.partition(".")[0]
    if stand_in is not None:
        return face.official, True, f"没有装，用同一风格的 {name} 代替（{stand_in.file}）"
    return face.official, False, "没有装，也没有可以代替它的字体，请向办公室索取，双击安装"


def _rest() -> Iterator[tuple[str, bool, str]]:
    """The fonts for what the faces lack, and whether the faces have their copies."""
    from reportgen.makers.pdf_libreoffice.fetching import to_copy

    found = dict(spares())
    if not uses_fontconfig():
        yield "生僻字", True, "由本机系统提供"
        return
    kai = f"；楷体先用 {LXGW.family}（{found[LXGW]}）" if LXGW in found else ""
    yield "生僻字", NOTO in found, f"用 {NOTO.family}（{found[NOTO]}）{kai}" if NOTO in found else "没有字体"
    if lacking := to_copy():
        names = "、".join(file.stem for file in lacking)
        yield (
            "TrueType 副本",
            True,
            f"还没有 {names} 的，就用原字体，同一份年报的 PDF 字节可能不尽相同。{way_to_fix()}，做好副本",
        )
