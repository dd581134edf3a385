"""LibreOffice in trouble: the Word file is written, a sentence says what happened, the next report works."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportgen.cli import main
from reportgen.makers.pdf_libreoffice import convert
from reportgen.makers.pdf_libreoffice.office import find_soffice
from reportgen.problems import Exit

pytestmark = [pytest.mark.office, pytest.mark.slow]

SAMPLE = Path(__file__).parents[1] / "inputs" / "laiyang-xuefang" / "2020.yaml"
POISON = "这一年的工作平稳有序"
ONE, OTHER = "穴坊镇", "团旺镇"

_WATCHED = """
import os, signal, sys, time, zipfile
from pathlib import Path

os.chdir(os.environ["HOME"] + "/..")
if os.fork():
    os.execv({real!r}, [{real!r}, *sys.argv[1:]])
while True:
    for each in [*Path("jobs").glob("*.docx"), Path("report.docx")]:
        try:
            words = zipfile.ZipFile(each).read("word/document.xml").decode()
        except (OSError, KeyError, zipfile.BadZipFile):
            continue
        if {poison!r} in words and Path("profile/user/psprint").exists():
            for process in Path("/proc").glob("[0-9]*/stat"):
                try:
                    name, _, rest = process.read_text().partition("(")[2].rpartition(")")
                except OSError:
                    continue
                if name == "soffice.bin" and int(rest.split()[2]) == os.getpgrp():
                    os.kill(int(process.parent.name), signal.{sent})
    time.sleep(0.002)
"""
"""A real LibreOffice, and beside it somebody who sends a signal to it once it is up and given the poison."""

_CUT = """
import sys, time
from pathlib import Path

cut = b"%PDF-1.6\\n1 0 obj\\n<</Type/Catalog>>\\nendobj\\n"
if "--convert-to" in sys.argv:
    Path("out/report.pdf").write_bytes(cut)
    sys.exit()
Path("jobs/ready").touch()
while not Path("jobs/1.go").exists():
    time.sleep(0.01)
Path("jobs/1.pdf").write_bytes(cut)
Path("jobs/1.done").touch()
time.sleep(300)
"""
"""Says that it has made a PDF, and has made half of one."""

Use = Callable[[str], None]
Build = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def nothing_of_it_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No LibreOffice of another test, and none left of this one, in whatever trouble it was."""
    convert.stop()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    yield
    convert.stop()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not [each for each in commands() if str(tmp_path) in each]


def commands() -> Iterator[str]:
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield each.read_bytes().decode(errors="replace")
        except OSError:
            continue


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Put a program in LibreOffice's place."""

    def used(program: str) -> None:
        fake = tmp_path / "soffice"
        fake.write_text(f"#!{sys.executable}\n{program}")
        fake.chmod(0o755)
        monkeypatch.setenv("REPORTGEN_SOFFICE", str(fake))

    return used


def watched(sent: str) -> str:
    return _WATCHED.format(real=str(find_soffice()), poison=POISON, sent=sent)


@pytest.fixture
def build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Build:
    """Build the reports of some towns, the first one's with the poison in it."""

    def built(*towns: str) -> tuple[int, str]:
        files = [tmp_path / f"{town}.yaml" for town in towns]
        for number, (town, file) in enumerate(zip(towns, files, strict=True)):
            text = SAMPLE.read_text("utf-8").replace("穴坊镇", town)
            if not number:
                text = text.replace("  主动公开: |\n", f"  主动公开: |\n    {POISON}。\n\n", 1)
                assert POISON in text
            file.write_text(text, "utf-8")
        code = main(["build", *map(str, files), "--out", str(tmp_path / "out"), "--force"])
        return code, capsys.readouterr().out

    return built


def made(folder: Path, town: str) -> set[str]:
    """The kinds of files of a town's report, apart from the copy of what the clerk wrote."""
    return {each.suffix for each in folder.joinpath("out").rglob(f"*{town}*年度报告.*")} - {".yaml"}


@pytest.mark.parametrize("sent", ["SIGSEGV", "SIGKILL"])
def test_what_one_document_crashes_makes_the_next(tmp_path: Path, use: Use, build: Build, sent: str) -> None:
    use(watched(sent))
    code, said = build(ONE, OTHER)
    assert code == Exit.FINDINGS
    assert said.count("意外退出，试了两次") == 1
    assert made(tmp_path, ONE) == {".docx"}
    assert made(tmp_path, OTHER) == {".docx", ".pdf"}


def test_what_hangs_in_one_document_makes_the_next(
    tmp_path: Path, use: Use, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "LIMITS", convert.Limits(document=20))
    use(watched("SIGSTOP"))
    code, said = build(ONE, OTHER)
    assert code == Exit.FINDINGS
    assert said.count("没有在限定的时间内转完") == 1
    assert made(tmp_path, ONE) == {".docx"}
    assert made(tmp_path, OTHER) == {".docx", ".pdf"}


@pytest.mark.parametrize(
    "trouble",
    [
        ("import time; time.sleep(300)", "启动后一直没有反应"),
        ("import os; os.kill(os.getpid(), 9)", "意外退出，试了两次"),
        ("raise SystemExit(1)", "没有生成 PDF"),
        (_CUT, "PDF 不完整，没有采用"),
    ],
    ids=["hangs at its start", "is killed at its start", "gives up", "writes half a PDF"],
)
def test_a_libreoffice_that_fails_is_told_and_a_sound_one_then_serves(
    tmp_path: Path, use: Use, build: Build, monkeypatch: pytest.MonkeyPatch, trouble: tuple[str, str]
) -> None:
    program, sentence = trouble
    with monkeypatch.context() as short:
        short.setattr(convert, "LIMITS", convert.Limits(start=2))
        use(program)
        code, said = build(ONE)
    assert code == Exit.TOOL_MISSING
    assert sentence in said
    assert made(tmp_path, ONE) == {".docx"}
    monkeypatch.delenv("REPORTGEN_SOFFICE")
    assert build(ONE)[0] == Exit.OK
    assert made(tmp_path, ONE) == {".docx", ".pdf"}


def test_an_absent_libreoffice_is_told_and_the_word_file_written(
    tmp_path: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_SOFFICE", str(tmp_path / "soffice"))
    code, said = build(ONE, OTHER)
    assert code == Exit.TOOL_MISSING
    assert said.count(f"REPORTGEN_SOFFICE 指的文件不存在：{tmp_path / 'soffice'}") == 2
    assert made(tmp_path, ONE) == made(tmp_path, OTHER) == {".docx"}
    monkeypatch.delenv("REPORTGEN_SOFFICE")
    assert build(OTHER)[0] == Exit.OK


def test_a_libreoffice_that_runs_no_macro_is_called_in_the_plain_way(
    tmp_path: Path, use: Use, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "LIMITS", convert.Limits(start=15))
    real = str(find_soffice())
    use(f"import os, sys\nos.execv({real!r}, [each for each in sys.argv if 'macro:' not in each])\n")
    assert build(ONE)[0] == Exit.OK
    assert made(tmp_path, ONE) == {".docx", ".pdf"}


def test_nobody_waits_longer_than_twenty_seconds_for_a_libreoffice_that_does_not_come_up() -> None:
    assert convert.LIMITS.start <= 20
