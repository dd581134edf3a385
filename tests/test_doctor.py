"""What ``doctor`` says: each thing once, what can be done, and cures that work however it is installed."""

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from importlib.util import find_spec
from pathlib import Path

import pytest

from reportgen import itself, signing
from reportgen.cli import main
from reportgen.makers.pdf_libreoffice import fetching, fonts, office
from reportgen.problems import Exit

pytestmark = pytest.mark.office


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    main(["doctor", *words])
    return capsys.readouterr().out


def test_each_thing_is_said_once_and_what_can_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    names = [line.partition("  ")[2].partition("：")[0] for line in lines if line.startswith("可用  ")]
    assert len(names) == len(set(names))
    assert {"LibreOffice", "仿宋_GB2312", "生僻字", "pyHanko", "python-pkcs11", "resvg-py"} <= set(names)
    assert lines[-1].startswith("现在能做：检查年报、")
    assert "生成 PDF" in lines[-1] and "用 U 盾签名" in lines[-1]


def test_without_libreoffice_all_but_the_pdf_can_be_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_SOFFICE", "/nonexistent/soffice")
    assert main(["doctor"]) == Exit.TOOL_MISSING
    said = capsys.readouterr().out
    can = next(line for line in said.splitlines() if line.startswith("现在能做"))
    assert "生成 Word 文件" in can and "生成网页" in can and "PDF" not in can
    assert said.count("/nonexistent/soffice") == 1
    assert "还不能生成 PDF：" in said


def test_libreoffice_runs_whatever_the_search_path_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    soffice = office.find_soffice()
    assert soffice is not None
    monkeypatch.setenv("REPORTGEN_SOFFICE", str(soffice))
    monkeypatch.setenv("PATH", "/none")
    assert "可用  LibreOffice：" in told(capsys)


def test_a_folder_of_fonts_that_is_not_there_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REPORTGEN_FONTS", str(tmp_path / "gone"))
    said = told(capsys)
    assert "缺少  REPORTGEN_FONTS：指的文件夹不存在" in said
    can, cannot = said.splitlines()[-2:]
    assert "PDF" not in can
    assert f"REPORTGEN_FONTS 指的文件夹不存在：{tmp_path / 'gone'}" in cannot
    monkeypatch.setenv("REPORTGEN_FONTS", str(tmp_path))
    assert "REPORTGEN_FONTS" not in told(capsys)


def test_without_the_fonts_the_cure_is_said_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_DATA_DIRS"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(fonts, "_SYSTEM", ())
    said = told(capsys)
    assert said.count("doctor --fix") == 1
    assert said.count("缺少  ") == 6
    assert "make setup" not in said


@pytest.mark.parametrize("gone", [("pyhanko",), ("pkcs11", "resvg_py")])
def test_what_signing_lacks_is_told_with_the_command_for_it_and_is_no_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...]
) -> None:
    monkeypatch.setattr(signing, "find_spec", lambda name: None if name in gone else find_spec(name))
    assert main(["doctor"]) == Exit.OK
    said = capsys.readouterr().out
    lost = [part for part in signing.PARTS if part.module in gone]
    can, cannot = said.splitlines()[-2:]
    for part in lost:
        assert f"没装  {part.name}" in said
        assert part.what in cannot and part.what not in can
        assert signing.missing(part) != ""
    command = shlex.split(cannot.partition("运行：")[2])
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    listed = [each.partition(";")[0].strip() for each in requires("reportgen") or ()]
    assert len(command[4:]) == len(lost) and set(command[4:]) <= set(listed)
    # All that is asked for is there, so that nothing is looked for anywhere.
    subprocess.run([*command, "--no-index", "--quiet"], check=True, capture_output=True)


def test_missing_copies_are_told_with_what_makes_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "copy_name", lambda _: "nothing")
    fonts.forget()
    try:
        said = told(capsys)
    finally:
        monkeypatch.undo()
        fonts.forget()
    assert re.search(r"可用  TrueType 副本：还没有 .*FandolKai-Regular.*doctor --fix", said)


def test_fonts_are_got_only_when_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "fetch", lambda say: say("做了一件事。"))
    assert "做了一件事" not in told(capsys)
    assert told(capsys, "--fix").startswith("做了一件事。\n")


# ── how the program is called ────────────────────────────────────────────────────────────────────────


def test_the_command_that_is_told_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (str(Path(sys.executable).parent), "/nonexistent"):
        monkeypatch.setenv("PATH", path)
        command = shlex.split(itself.command())
        found = (
            [str(Path(sys.executable).parent / command[0]), *command[1:]]
            if path != "/nonexistent"
            else command
        )
        done = subprocess.run([*found, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.startswith("reportgen ")


def test_the_word_alone_is_told_only_where_it_is_this_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Path(sys.executable).with_name("reportgen")
    (tmp_path / "reportgen").symlink_to(script)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert itself.command() == "reportgen"
    assert itself.command(anywhere=True) == str(script)
    (tmp_path / "reportgen").unlink()
    (tmp_path / "reportgen").write_text("#!/bin/sh\n")
    (tmp_path / "reportgen").chmod(0o755)
    assert itself.command() == str(script)


def test_without_a_script_python_is_told_to_run_the_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "a b" / "python"))
    assert itself.command() == f'"{tmp_path}/a b/python" -m reportgen'


def test_the_version_of_a_package_is_the_one_that_python_itself_tells() -> None:
    for each in distributions():
        assert itself.version_of(each.name) == version(each.name)
    with pytest.raises(PackageNotFoundError):
        itself.version_of("nobody-made-this")


def test_a_package_without_a_folder_of_its_own_is_asked_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(itself, "_installed", dict)
    assert itself.version_of.__wrapped__("pypdf") == version("pypdf")


def test_who_may_not_add_packages_is_sent_to_who_installed_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert itself.getting("pyhanko").startswith("请安装 reportgen 的人运行：")
