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
import socket
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path
from time import monotonic

from docx import Document
from openpyxl import Workbook

from windows import ROOT
from windows.layout import LICENCES
from windows.wine import PATIENCE, Machine, UnprovenError, environment, expect, ran, running_windows

sys.path.append(str(ROOT / "tests"))
from checkout import copy_checkout
from old import saved_as

SAMPLE = ROOT / "inputs/laiyang-xuefang/2020.yaml"
ORGAN = "莱阳市穴坊镇人民政府"
TITLE = f"{ORGAN}2020年政府信息公开工作年度报告"

_LEDGER = (
    ("序号", "申请人类型", "收到日期", "办理结果", "答复日期"),
    (1, "公民", date(2021, 3, 4), "予以公开", date(2021, 3, 20)),
    (2, "公司", "2021年3月5日", "不予公开—国家秘密", "2021.4.1"),
)


def main() -> int:
    """Do all proofs, and say how long each step took; 1 where something is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="reportgen-wine-") as name:
        scratch = Path(name)
        try:
            archive = Path(sys.argv[1]) if sys.argv[1:] else prove_same_bytes(scratch)
            prove_content(archive, scratch)
            with running_windows():
                prove_commands(_unpacked(archive, scratch / "我的 U盘"))
        except UnprovenError as error:
            print(f"没有通过：{error}", file=sys.stderr)
            return 1
    print("Windows 的压缩包：都通过。")
    return 0


# ── the zip file itself ──────────────────────────────────────────────────────────────────────────────


def prove_same_bytes(scratch: Path) -> Path:
    """Two checkouts in two folders make the same zip file.

    Args:
        scratch: an empty folder.

    Returns:
        The zip file.
    """
    checkouts = {"one": ROOT, "two": copy_checkout(scratch / "another checkout")}
    with ThreadPoolExecutor() as both:
        archives = list(both.map(lambda name: _built(checkouts[name], scratch / name), checkouts))
    expect(archives[0].read_bytes() == archives[1].read_bytes(), "两处做的压缩包不一样")
    return archives[0]


def _built(checkout: Path, folder: Path) -> Path:
    ran([sys.executable, str(checkout / "tools/build_windows.py"), str(folder)], ROOT, f"做 {folder.name}")
    return next(folder.glob("*.zip"))


def prove_content(archive: Path, scratch: Path) -> None:
    """Nothing in it tells where it was made, and the terms of every package stand in it.

    Args:
        archive: the zip file.
        scratch: where it was made, if it was made by this proof.
    """
    places = [str(place).encode() for place in (ROOT, scratch, sys.prefix, Path.home() / ".cache")]
    host = re.compile(rb"\b" + re.escape(socket.gethostname().encode()) + rb"\b")
    packages, terms = set(), set()
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            content = opened.read(name)
            told = [place.decode() for place in places if place in content]
            expect(not told, f"{name} 里有这台机器的路径 {told}")
            if found := re.search(r"/lib/([^/]+)\.dist-info/METADATA$", name):
                packages.add(found[1].replace("-", "_").lower())
                ours = found[1].startswith("reportgen-")
                expect(not (ours and host.search(content)), f"{name} 里有这台机器的名字")
            elif found := re.search(rf"/{LICENCES}/([^/]+)/", name):
                terms.add(found[1].replace("-", "_").lower())
    without = {name for name in packages - terms if not name.startswith("reportgen_")}
    expect(len(packages) > 1 and not without, f"没有附许可：{sorted(without)}")
    expect(any(name.startswith("python_3") for name in terms), "没有附 Python 的许可")


def _unpacked(archive: Path, folder: Path) -> Machine:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    program = next(folder.iterdir())
    (program / "program/_wmi.pyd").unlink()
    return Machine(program)


# ── what is done on it ───────────────────────────────────────────────────────────────────────────────


def prove_commands(machine: Machine) -> None:
    """Every command that Wine can run, and the year's round."""
    print("Wine 里的 Windows，代码页 936：", flush=True)
    expect(machine.code_page() == "cp936", "Wine 的代码页不是 936")
    expect("用法" in machine.does("help"), "help 没有说用法")
    expect("LibreOffice" in machine.does("doctor", code=3), "doctor 没有说缺 LibreOffice")
    linux = _made_on_linux(machine.program.parent / "linux")
    _prove_reading(machine)
    _prove_making(machine, linux)
    _prove_others_files(machine, linux)
    _prove_archive(machine, linux)
    _prove_rollup(machine, linux)
    _prove_year(machine, linux)
    _prove_page(machine)
    (_, first), *others = machine.seconds
    slowest, words = max(others)
    print(f"第一条命令（{first}）以后的 {len(others)} 条，最慢的 {slowest:.1f} s：{words}", flush=True)


def _on_linux(folder: Path, *words: str) -> None:
    ran([str(Path(sys.executable).with_name("reportgen")), *words], folder, f"Linux：{words[0]}")


def _made_on_linux(folder: Path) -> Path:
    """What this checkout makes of the sample here, PDF and package too, and what others make of it."""
    folder.mkdir()
    shutil.copy(SAMPLE, folder / "2020.yaml")
    _on_linux(folder, "build", "2020.yaml", "--to", "docx,pdf,html")
    _on_linux(folder, "archive", "2020.yaml", "--zip")
    _on_linux(folder, "read", str(_made(folder, "docx")), "--out", "读回.yaml")
    _on_linux(folder, "read", "2020.yaml", "--out", "2020.xlsx")
    shutil.copy(_made(folder, "docx"), folder / "定稿.docx")
    for kind in ("pdf", "doc"):
        (folder / f"别人 存的.{kind}").write_bytes(saved_as(kind, (folder / "定稿.docx").read_bytes())[0])
    _on_linux(folder, "read", "别人 存的.pdf", "--out", "从 PDF.yaml")
    _on_linux(folder, "build", "定稿.docx", "--pdf", "别人 存的.pdf", "--out", "采用")
    return folder


def _made(folder: Path, suffix: str, out: str = "outputs") -> Path:
    return folder / out / ORGAN / "2020" / f"{TITLE}.{suffix}"


def _expect_same(ours: Path, theirs: Path) -> None:
    expect(ours.is_file(), f"没有 {ours.name}")
    expect(ours.read_bytes() == theirs.read_bytes(), f"{ours.name} 与 Linux 的不一样")


def _prove_reading(machine: Machine) -> None:
    """A file in either encoding gets the same judgement."""
    text = SAMPLE.read_text(encoding="utf-8")
    machine.path("2020.yaml").write_text(text, encoding="utf-8")
    machine.path("记事本 存的.yaml").write_text(text, encoding="gbk")
    machine.does("check", "2020.yaml")
    expect("GBK" in machine.does("check", "记事本 存的.yaml"), "没有说文件是 GBK 编码")


def _prove_making(machine: Machine, linux: Path) -> None:
    """The docx, the fragment, the workbook and what is read back are those of Linux, byte by byte."""
    machine.does("build", "2020.yaml", "--to", "docx,html")
    machine.does("read", machine.named(_made(machine.program, "docx")), "--out", "读回.yaml")
    machine.does("read", "2020.yaml", "--out", "2020.xlsx")
    for each in ("docx", "html", "yaml"):
        _expect_same(_made(machine.program, each), _made(linux, each))
    for name in ("读回.yaml", "2020.xlsx"):
        _expect_same(machine.path(name), linux / name)


def _prove_others_files(machine: Machine, linux: Path) -> None:
    """Another program's PDF is read, and taken as the report's, as on Linux; a .doc is told what it needs."""
    for name in ("定稿.docx", "别人 存的.pdf", "别人 存的.doc"):
        shutil.copy(linux / name, machine.path(name))
    machine.does("read", "别人 存的.pdf", "--out", "从 PDF.yaml")
    _expect_same(machine.path("从 PDF.yaml"), linux / "从 PDF.yaml")
    machine.does("build", "定稿.docx", "--pdf", "别人 存的.pdf", "--out", "采用")
    for each in ("docx", "pdf"):
        _expect_same(_made(machine.program, each, "采用"), _made(linux, each, "采用"))
    told = machine.does("read", "别人 存的.doc", "--out", "从 doc.yaml", code=3)
    expect("印章在第" in machine.does("seal-place", "别人 存的.pdf"), "没有找到盖章的位置")
    expect("LibreOffice" in told and "另存为 .docx" in told, f".doc 没有说怎么办：\n{told}")


def _prove_archive(machine: Machine, linux: Path) -> None:
    """A PDF that was made elsewhere is packed and checked, and so is a package that was made elsewhere."""
    shutil.rmtree(machine.path("outputs"))
    shutil.copytree(linux / "outputs", machine.path("outputs"))
    machine.does("archive", "2020.yaml", "--zip")
    package = next(machine.path("archive").glob("*.zip"))
    machine.does("verify", f"archive\\{package.name}")
    theirs = next((linux / "archive").glob("*.zip"))
    expect(package.name == theirs.name, f"归档包的名字是 {package.name}")
    shutil.copy(theirs, machine.path("别处的.zip"))
    machine.does("verify", "别处的.zip")
    machine.path("别处的.zip").write_bytes(theirs.read_bytes()[:-100])
    machine.does("verify", "别处的.zip", code=4)


def _prove_rollup(machine: Machine, linux: Path) -> None:
    """Reports are added up as on Linux; the workbook beside names files as Windows does."""
    words = [
        "各单位",
        "--organ",
        "莱阳市人民政府",
        "--level",
        "县级政府",
        "--out",
        "汇总.yaml",
        "--xlsx",
        "汇总.xlsx",
    ]
    for folder in (linux, machine.program):
        (folder / "各单位").mkdir()
        shutil.copy(SAMPLE, folder / "各单位/穴坊镇.yaml")
    _on_linux(linux, "rollup", *words)
    machine.does("rollup", *words)
    _expect_same(machine.path("汇总.yaml"), linux / "汇总.yaml")
    expect(machine.path("汇总.xlsx").is_file(), "没有汇总的工作簿")


def _prove_year(machine: Machine, linux: Path) -> None:
    """A year's round: a new file, filled, a ledger counted, checked, made of a workbook, polished."""
    new = ["--organ", ORGAN, "--level", "乡镇政府", "--year", "2021", "--last", "2020.xlsx"]
    machine.does("new", "2021.yaml", *new)
    machine.does("check", "2021.yaml", code=1)
    file = machine.path("2021.yaml")
    file.write_text(_filled(file.read_text(encoding="utf-8")), encoding="utf-8")
    _count_ledger(machine, linux)
    machine.does("check", "2021.yaml")
    machine.does("read", "2021.yaml", "--out", "2021.xlsx")
    machine.does("check", "2021.xlsx")
    machine.does("build", "2021.xlsx", "--to", "docx")
    made = next((machine.path("outputs") / ORGAN / "2021").glob("*.docx"))
    machine.does("check", machine.named(made))
    polished = Document(str(made))
    row = polished.tables[1].rows[-1].cells
    row[-1].text = "7"
    polished.save(str(machine.path("领导 改过的.docx")))
    told = machine.does("check", "领导 改过的.docx", "--against", "2021.yaml", code=1)
    expect("7" in told, "没有发现改过的数")


def _count_ledger(machine: Machine, linux: Path) -> None:
    """A ledger of two applications, written into the file of 2021 as on Linux."""
    book = Workbook()
    for cells in _LEDGER:
        book.worksheets[0].append(cells)
    for folder in (linux, machine.program):
        book.save(folder / "台账.xlsx")
    shutil.copy(machine.path("2021.yaml"), linux)
    _on_linux(linux, "ledger", "台账.xlsx", "--into", "2021.yaml")
    told = machine.does("ledger", "台账.xlsx", "--into", "2021.yaml")
    expect("2021年度计 2 件" in told, f"台账数得不对：\n{told}")
    _expect_same(machine.path("2021.yaml"), linux / "2021.yaml")


def _filled(text: str) -> str:
    """The new file as a clerk fills it with nothing to count but what the ledger brings, all of it true."""
    text = re.sub(r": (?=[,}])", ": 0", text.replace("【去年】", "").replace("2020年的", "2021年的"))
    text = re.sub(r"^(  行政\S+:)(?=  #)", r"\1 0", text, flags=re.MULTILINE)
    text = text.replace("新收政府信息公开申请0件", "新收政府信息公开申请{{ 申请.本年新收.总计 }}件")
    return re.sub(r"^成文日期:$", "成文日期: 2022-01-20", text, flags=re.MULTILINE)


def _prove_page(machine: Machine) -> None:
    """What the start file starts says in Chinese what it is, and the page answers, here alone."""
    began = monotonic()
    command = ["wine", "program/python.exe", "-X", "utf8", "program/start.py"]
    with subprocess.Popen(
        command,
        cwd=machine.program,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as window:
        try:
            _ask_page(window)
        finally:
            os.killpg(window.pid, signal.SIGKILL)
    expect(machine.path("年报").is_dir(), "没有建“年报”文件夹")
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
    expect("写完了，关掉这个窗口" in said, f"小窗口没有说自己是什么：\n{said}")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
    )
    with opener.open(address[0], timeout=PATIENCE) as answer:
        page = answer.read().decode()
    expect("年报" in page and "新" in page, f"页面不对：\n{page[:500]}")


if __name__ == "__main__":
    sys.exit(main())
