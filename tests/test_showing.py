"""What the commands say at the end, and what they say to words that they do not know."""

from pathlib import Path

import pytest

from foreign import as_docx
from made import text_of
from polished import built, run
from reportgen.commands.rules import fault_titles
from reportgen.problems import Exit
from test_foreign import without_year
from write_docs import fault_codes

SCREEN = pytest.CaptureFixture[str]


def test_what_could_not_be_read_is_not_called_sound(tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "a.yaml").write_text(text_of(), "utf-8")
    run("check", tmp_path / "none.yaml")
    assert "结果：1 份没有读成。" in capsys.readouterr().out
    run("check", tmp_path / "none.yaml", tmp_path / "a.yaml")
    assert "共 2 份年报：其余没有发现问题；1 份没有读成。" in capsys.readouterr().out


def test_every_code_that_a_clerk_can_see_is_explained(capsys: SCREEN) -> None:
    assert fault_titles() == fault_codes()
    assert run("rules", "f13") == Exit.OK
    assert "缺少必填的项目" in capsys.readouterr().out


@pytest.mark.parametrize("kinds", ["docx，html", "docx、html", "docx html", "docx,html"])
def test_kinds_may_be_listed_with_any_comma(tmp_path: Path, kinds: str) -> None:
    docx = built(tmp_path, "--to", kinds)
    assert docx.with_suffix(".html").exists()


def test_a_kind_that_the_file_is_already_is_told(tmp_path: Path, capsys: SCREEN) -> None:
    docx = built(tmp_path)
    capsys.readouterr()
    run("build", docx, "--to", "docx")
    assert "不用再生成" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["bild"], ["chek", "a.yaml"]])
def test_a_misspelt_command_is_guessed(words: list[str], capsys: SCREEN) -> None:
    assert run(*words) == Exit.USAGE
    told = capsys.readouterr().err
    assert "是不是 " + {"bild": "build", "chek": "check"}[words[0]] in told and "'" not in told


def test_a_level_that_is_none_is_named_with_those_that_are(tmp_path: Path, capsys: SCREEN) -> None:
    assert run("new", tmp_path / "a.yaml", "--organ", "甲", "--level", "县局", "--year", "2025") == Exit.USAGE
    told = capsys.readouterr().err
    assert "没有“县局”这个级别" in told and "县级部门" in told


def test_help_lists_what_can_be_read_and_made(capsys: SCREEN) -> None:
    for command in ("build", "check", "read"):
        assert run(command, "--help") == Exit.OK
        told = capsys.readouterr().out
        assert ".html" in told and ".docx" in told
        assert command != "build" or "docx、html、pdf" in told


@pytest.mark.parametrize("command", ["verify", "seal-place"])
def test_what_is_no_pdf_is_told(tmp_path: Path, command: str, capsys: SCREEN) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")
    assert run(command, tmp_path / "a.docx") == Exit.FILE
    assert "a.docx 不是 PDF 文件" in capsys.readouterr().err


def test_a_year_that_nobody_named_is_not_told_as_one(tmp_path: Path, capsys: SCREEN) -> None:
    docx = tmp_path / "a.docx"
    docx.write_bytes(as_docx(without_year()))
    run("check", docx)
    assert "甲县乙镇人民政府年度不明（国办公开办函〔2021〕30号）" in capsys.readouterr().out
