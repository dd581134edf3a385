"""Proves the folder for Windows under Wine: ``python tools/prove_windows.py [ZIP]``; without one, it is made.

The code page is Chinese, and the folder's path has blanks and Chinese characters. What is made there is held
against what this checkout makes on Linux, byte by byte. ``tools/setup_wine.sh`` made the Windows. One
file is taken away first, ``_wmi.pyd``: with it Wine 8 crashes as soon as a package asks for the system's
version, and Python does without. What Wine cannot run is listed in docs/windows.md.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path, PureWindowsPath
from time import monotonic

from docx import Document

from windows import ROOT, starting

sys.path.append(str(ROOT / "tests"))
from checkout import copy_checkout

WINE = ROOT / ".setup" / "wine"
SAMPLE = ROOT / "inputs/laiyang-xuefang/2020.yaml"
ORGAN = "莱阳市穴坊镇人民政府"
TITLE = f"{ORGAN}2020年政府信息公开工作年度报告"

_PATIENCE = 300
"""Seconds for one command: none takes so long, unless it hangs."""

_SERVERS = ("/usr/lib/wine/wineserver64", "/usr/lib/wine/wineserver")


class UnprovenError(Exception):
    """Something did not come out as it should."""


def main() -> int:
    """Do all proofs, and say how long each step took; 1 where something is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="reportgen-wine-") as name:
        scratch = Path(name)
        try:
            archive = Path(sys.argv[1]) if sys.argv[1:] else prove_same_bytes(scratch)
            with running_windows():
                prove_commands(_unpacked(archive, scratch / "我的 U盘"))
        except UnprovenError as error:
            print(f"没有通过：{error}", file=sys.stderr)
            return 1
    print("Windows 的压缩包：都通过。")
    return 0


# ── the zip file itself ──────────────────────────────────────────────────────────────────────────────


def prove_same_bytes(scratch: Path) -> Path:
    """Two checkouts in two folders make the same zip file, and it tells nothing of either.

    Args:
        scratch: an empty folder.

    Returns:
        The zip file.
    """
    copy = copy_checkout(scratch / "another checkout")
    archives = [_built(ROOT, scratch / "one"), _built(copy, scratch / "two")]
    _expect(archives[0].read_bytes() == archives[1].read_bytes(), "两处做的压缩包不一样")
    with zipfile.ZipFile(archives[0]) as opened:
        for name in opened.namelist():
            content = opened.read(name)
            for place in (ROOT, scratch):
                _expect(str(place).encode() not in content, f"{name} 里有这台机器的路径 {place}")
    return archives[0]


def _built(checkout: Path, folder: Path) -> Path:
    _run([sys.executable, str(checkout / "tools/build_windows.py"), str(folder)], ROOT, f"做 {folder.name}")
    return next(folder.glob("*.zip"))


def _unpacked(archive: Path, folder: Path) -> "Machine":
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    program = next(folder.iterdir())
    (program / "program/_wmi.pyd").unlink()
    return Machine(program)


# ── a Windows ────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def running_windows() -> Iterator[None]:
    """Keep Wine's Windows up, so that each command need not start it; nothing of it is left behind.

    Its services must not get our pipes, which would then never end.
    """
    server = next((path for path in _SERVERS if Path(path).exists()), "wineserver")
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([server, "-p"], env=_environment(), check=False, **quiet)  # type: ignore[call-overload]
    try:
        subprocess.run(["wine", "wineboot"], env=_environment(), check=False, timeout=_PATIENCE, **quiet)  # type: ignore[call-overload]
        yield
    finally:
        subprocess.run([server, "-k"], env=_environment(), check=False, **quiet)  # type: ignore[call-overload]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    wine = {"WINEPREFIX": str(WINE / "windows"), "WINEDEBUG": "-all", "LOCPATH": str(WINE / "locales")}
    return {**kept, **wine, "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "BROWSER": "whoami"}


@dataclass(frozen=True)
class Machine:
    """The unpacked folder on a Windows; the clerk's files lie in it."""

    program: Path

    def does(self, *words: str, code: int = 0) -> str:
        """Run ``reportgen.bat`` with these words, as a clerk would; what it printed, which must be UTF-8.

        Raises:
            UnprovenError: its exit code is another.
        """
        return _run(["wine", "cmd", "/c", starting.COMMAND_NAME, *words], self.program, " ".join(words), code)

    def path(self, name: str) -> Path:
        """A file or folder among the clerk's."""
        return self.program / name

    def named(self, path: Path) -> str:
        """A path among the clerk's files as Windows names it."""
        return str(PureWindowsPath(path.relative_to(self.program)))


def _run(command: Sequence[str], where: Path, told_as: str, code: int = 0) -> str:
    began = monotonic()
    try:
        ran = subprocess.run(
            command,
            cwd=where,
            env=_environment() if command[0] == "wine" else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_PATIENCE,
            check=False,
        )
        told = ran.stdout.decode()
    except subprocess.TimeoutExpired:
        raise UnprovenError(f"{told_as} 一直没有结束") from None
    except UnicodeDecodeError as error:
        raise UnprovenError(f"{told_as} 写出来的不是 UTF-8：{error}") from None
    print(f"  {monotonic() - began:5.1f} s  {told_as}", flush=True)
    if ran.returncode != code:
        raise UnprovenError(f"{told_as} 的退出码是 {ran.returncode}，不是 {code}：\n{told}")
    return told


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise UnprovenError(otherwise)


# ── what is done on it ───────────────────────────────────────────────────────────────────────────────


def prove_commands(machine: Machine) -> None:
    """Every command that Wine can run, and the year's round."""
    print("Wine 里的 Windows，代码页 936：", flush=True)
    _expect(_code_page(machine) == "cp936", "Wine 的代码页不是 936")
    _expect("用法" in machine.does("help"), "help 没有说用法")
    _expect("LibreOffice" in machine.does("doctor", code=3), "doctor 没有说缺 LibreOffice")
    linux = _made_on_linux(machine.program.parent / "linux")
    _prove_reading(machine)
    _prove_making(machine, linux)
    _prove_archive(machine, linux)
    _prove_year(machine)
    _prove_page(machine)


def _code_page(machine: Machine) -> str:
    words = ["program/python.exe", "-c", "import locale; print(locale.getpreferredencoding())"]
    return _run(["wine", *words], machine.program, "代码页").strip()


def _made_on_linux(folder: Path) -> Path:
    """What this checkout makes of the sample here, PDF and archive package too."""
    folder.mkdir()
    shutil.copy(SAMPLE, folder / "2020.yaml")
    reportgen = str(Path(sys.executable).with_name("reportgen"))
    _run([reportgen, "build", "2020.yaml", "--to", "docx,pdf,html"], folder, "Linux：build")
    _run([reportgen, "archive", "2020.yaml", "--zip"], folder, "Linux：archive")
    _run([reportgen, "read", str(_made(folder, "docx")), "--out", "读回.yaml"], folder, "Linux：read")
    return folder


def _made(folder: Path, suffix: str) -> Path:
    return folder / "outputs" / ORGAN / "2020" / f"{TITLE}.{suffix}"


def _prove_reading(machine: Machine) -> None:
    """A file in either encoding gets the same judgement."""
    text = SAMPLE.read_text(encoding="utf-8")
    machine.path("2020.yaml").write_text(text, encoding="utf-8")
    machine.path("记事本 存的.yaml").write_text(text, encoding="gbk")
    machine.does("check", "2020.yaml")
    _expect("GBK" in machine.does("check", "记事本 存的.yaml"), "没有说文件是 GBK 编码")


def _prove_making(machine: Machine, linux: Path) -> None:
    """The docx, the fragment and what is read back are those of Linux, byte by byte."""
    machine.does("build", "2020.yaml", "--to", "docx,html")
    machine.does("read", machine.named(_made(machine.program, "docx")), "--out", "读回.yaml")
    pairs = [(_made(machine.program, each), _made(linux, each)) for each in ("docx", "html", "yaml")]
    for ours, theirs in [*pairs, (machine.path("读回.yaml"), linux / "读回.yaml")]:
        _expect(ours.is_file(), f"没有 {ours.name}")
        _expect(ours.read_bytes() == theirs.read_bytes(), f"{ours.name} 与 Linux 的不一样")


def _prove_archive(machine: Machine, linux: Path) -> None:
    """A PDF that was made elsewhere is packed and checked, and so is a package that was made elsewhere."""
    shutil.rmtree(machine.path("outputs"))
    shutil.copytree(linux / "outputs", machine.path("outputs"))
    machine.does("archive", "2020.yaml", "--zip")
    package = next(machine.path("archive").glob("*.zip"))
    machine.does("verify", f"archive\\{package.name}")
    theirs = next((linux / "archive").glob("*.zip"))
    _expect(package.name == theirs.name, f"归档包的名字是 {package.name}")
    shutil.copy(theirs, machine.path("别处的.zip"))
    machine.does("verify", "别处的.zip")
    machine.path("别处的.zip").write_bytes(theirs.read_bytes()[:-100])
    machine.does("verify", "别处的.zip", code=4)


def _prove_year(machine: Machine) -> None:
    """A year's round: a new file, filled, checked, made, polished in Word, checked again."""
    new = ["--organ", ORGAN, "--level", "乡镇政府", "--year", "2021", "--last", "2020.yaml"]
    machine.does("new", "2021.yaml", *new)
    machine.does("check", "2021.yaml", code=1)
    file = machine.path("2021.yaml")
    file.write_text(_filled(file.read_text(encoding="utf-8")), encoding="utf-8")
    machine.does("check", "2021.yaml")
    machine.does("build", "2021.yaml", "--to", "docx")
    made = next((machine.path("outputs") / ORGAN / "2021").glob("*.docx"))
    machine.does("check", machine.named(made))
    polished = Document(str(made))
    row = polished.tables[1].rows[-1].cells
    row[-1].text = "7"
    polished.save(str(machine.path("领导 改过的.docx")))
    told = machine.does("check", "领导 改过的.docx", "--against", "2021.yaml", code=1)
    _expect("7" in told, "没有发现改过的数")


def _filled(text: str) -> str:
    """The new file as a clerk fills it who had nothing to count, and last year's sentences are true again."""
    text = re.sub(r": (?=[,}])", ": 0", text.replace("【去年】", "").replace("2020年的", "2021年的"))
    text = re.sub(r"^(  行政\S+:)(?=  #)", r"\1 0", text, flags=re.MULTILINE)
    return re.sub(r"^成文日期:$", "成文日期: 2022-01-20", text, flags=re.MULTILINE)


def _prove_page(machine: Machine) -> None:
    """What the start file starts says in Chinese what it is, and the page answers, here alone."""
    began = monotonic()
    command = ["wine", "program/python.exe", "-X", "utf8", "program/start.py"]
    with subprocess.Popen(
        command,
        cwd=machine.program,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as window:
        try:
            _ask_page(window)
        finally:
            os.killpg(window.pid, signal.SIGKILL)
    _expect(machine.path("年报").is_dir(), "没有建“年报”文件夹")
    print(f"  {monotonic() - began:5.1f} s  页面", flush=True)


def _ask_page(window: subprocess.Popen[bytes]) -> None:
    assert window.stdout
    said = ""
    for line in window.stdout:
        said += line.decode()
        if address := re.search(r"http://127\.0\.0\.1:\d+/enter\?token=\S+", line.decode()):
            break
    else:
        raise UnprovenError(f"页面没有打开：\n{said}")
    _expect("写完了，关掉这个窗口" in said, f"小窗口没有说自己是什么：\n{said}")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
    )
    with opener.open(address[0], timeout=_PATIENCE) as answer:
        page = answer.read().decode()
    _expect("年报" in page and "新" in page, f"页面不对：\n{page[:500]}")


if __name__ == "__main__":
    sys.exit(main())
