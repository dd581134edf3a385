"""The command line as a clerk uses it: exit codes, what is printed, what lies on the disk afterwards."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from made import ZEROS, text_of
from reportgen.cli import main
from reportgen.problems import Exit

WRONG = ZEROS.replace("申请: 全部为零", "申请:\n  本年新收: {自然人: 5}\n  予以公开: {自然人: 4}")
STEM = "甲县乙镇人民政府2023年政府信息公开工作年度报告"
FOLDER = Path("甲县乙镇人民政府") / "2023"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A clerk's file without faults."""
    path = tmp_path / "2023.yaml"
    path.write_text(text_of(), "utf-8")
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A clerk's file whose table three does not balance."""
    path = tmp_path / "faulty.yaml"
    path.write_text(text_of(tables=WRONG), "utf-8")
    return path


def run(*words: str | Path) -> int:
    """The exit code of a command."""
    return main([str(word) for word in words])


def test_python_runs_the_package_as_the_command_does() -> None:
    command = [sys.executable, "-m", "reportgen", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("reportgen ")


def test_check_says_that_a_sound_report_is_sound(sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", sound) == Exit.OK
    assert "没有发现问题" in capsys.readouterr().out


def test_check_tells_cells_both_sides_and_lines_of_a_wrong_sum(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", faulty) == Exit.FINDINGS
    told = capsys.readouterr().out
    line = faulty.read_text("utf-8").splitlines().index("  本年新收: {自然人: 5}") + 1
    assert f"faulty.yaml:{line}:" in told and "T3-01" in told
    assert "本年新收 5 " in told and "办理结果总计 4 " in told
    assert "{自然人: 5}" in told and "{自然人: 4}" in told and "怎么改" in told


def test_json_holds_every_file_with_its_findings_and_the_counts(
    sound: Path, faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", sound, faulty, "--json") == Exit.FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert [file["file"] for file in told["files"]] == [str(sound), str(faulty)]
    assert told["errors"] == 1 and told["warnings"] == 0
    (finding,) = told["files"][1]["findings"]
    assert set(finding) == {"code", "level", "message", "places", "expected", "found", "fix", "basis"} | {
        "ground",
        "answer",
    }
    assert finding["level"] == "error" and set(finding["places"][0]) == {"file", "line", "column"}


def test_a_file_that_is_not_there_does_not_stop_the_others(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", tmp_path / "none.yaml", sound) == Exit.FILE
    told = capsys.readouterr().out
    assert "找不到文件" in told and "2023.yaml" in told and "1 份没有读成" in told


@pytest.mark.office
def test_build_makes_word_pdf_and_manifest_and_says_where(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build", sound, "--out", tmp_path / "out") == Exit.OK
    made = tmp_path / "out" / FOLDER
    kinds = ("docx", "pdf", "yaml")
    assert {path.name for path in made.iterdir()} == {*(f"{STEM}.{kind}" for kind in kinds), "manifest.json"}
    told = capsys.readouterr().out
    assert str(made / f"{STEM}.pdf") in told and "页，PDF/A-2B" in told
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    assert manifest["draft"] is False and manifest["proofs"]["pdf"]["pdfa"] == "2B"


@pytest.mark.office
def test_the_same_input_gives_the_same_files_in_another_process(sound: Path, tmp_path: Path) -> None:
    made = []
    for out in ("one", "two"):
        command = [sys.executable, "-m", "reportgen", "build", str(sound), "--out", str(tmp_path / out)]
        subprocess.run(command, check=True, capture_output=True)
        made.append({path.name: path.read_bytes() for path in (tmp_path / out / FOLDER).iterdir()})
    assert made[0] == made[1]


def test_a_report_with_an_error_gives_a_draft_and_no_pdf(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build", faulty, "--out", tmp_path / "out") == Exit.FINDINGS
    made = tmp_path / "out" / FOLDER
    assert {path.name for path in made.iterdir()} == {f"{STEM}.docx", f"{STEM}.yaml", "manifest.json"}
    told = capsys.readouterr().out
    assert "没有生成 PDF" in told and "--draft" in told and "草稿" in told


def test_a_polished_docx_is_refused_and_kept_by_force(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("build", sound, "--to", "docx", "--out", tmp_path)
    assert run(*command) == Exit.OK
    docx = tmp_path / FOLDER / f"{STEM}.docx"
    docx.write_bytes(b"polished")
    assert run(*command) == Exit.FILE
    assert docx.read_bytes() == b"polished" and "修改过" in capsys.readouterr().out
    assert run(*command, "--force") == Exit.OK
    assert docx.read_bytes() != b"polished"
    assert any(path.read_bytes() == b"polished" for path in docx.parent.glob("*备份*"))


def test_new_writes_a_file_that_reads_but_for_what_the_clerk_must_fill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "2025.yaml"
    command = ("new", made, "--organ", "甲县乙镇人民政府", "--level", "乡镇政府", "--year", "2025")
    assert run(*command) == Exit.OK
    assert run(*command) == Exit.FILE
    assert "已经存在" in capsys.readouterr().err
    run("check", made, "--json")
    findings = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    assert {finding["code"] for finding in findings} <= {"F13", "C01", "X11", "X17"}


def test_new_takes_the_organ_and_the_carried_over_requests_from_last_year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carried = "申请:\n  本年新收: {自然人: 5}\n  结转下年度: {自然人: 5}"
    last = tmp_path / "2023.yaml"
    last.write_text(text_of(tables=ZEROS.replace("申请: 全部为零", carried)), "utf-8")
    assert run("new", tmp_path / "2024.yaml", "--year", "2024", "--last", last) == Exit.OK
    text = (tmp_path / "2024.yaml").read_text("utf-8")
    assert "甲县乙镇人民政府" in text and "上年结转: {自然人: 5, " in text
    capsys.readouterr()


def test_what_new_writes_for_an_example_is_told_when_only_its_mark_is_taken_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "2025.yaml"
    run("new", made, "--organ", "甲县乙镇人民政府", "--level", "乡镇政府", "--year", "2025")
    lines = made.read_text("utf-8").splitlines()
    keys = ("简称", "电话", "邮箱", "地址", "邮编", "网站", "依据", "总体情况", "其他事项", "  ")
    bare = [line[2:] if line.startswith(tuple(f"# {key}" for key in keys)) else line for line in lines]
    made.write_text("\n".join(bare), "utf-8")
    capsys.readouterr()
    run("check", made, "--json")
    findings = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    assert "某某" in made.read_text("utf-8")
    assert sum(finding["code"] == "X14" for finding in findings) == 8 + 6, findings


def last_years(folder: Path) -> Path:
    """A report of 2023 with contact data and requests carried over."""
    carried = "申请:\n  本年新收: {自然人: 5}\n  结转下年度: {自然人: 5}"
    last = folder / "2023.yaml"
    text = text_of(tables=ZEROS.replace("申请: 全部为零", carried))
    last.write_text(text.replace("年度: 2023", "年度: 2023\n简称: 乙镇\n电话: 0123-4567890"), "utf-8")
    return last


def test_new_takes_no_contact_data_of_another_organ_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, last = tmp_path / "2024.yaml", last_years(tmp_path)
    assert run("new", made, "--year", "2024", "--last", last, "--organ", "丙县丁局") == Exit.OK
    text = made.read_text("utf-8")
    assert "乙镇" not in text and "0123-4567890" not in text
    assert "没有带过来" in (said := capsys.readouterr().out) and "甲县乙镇人民政府" in said
    assert run("new", tmp_path / "again.yaml", "--year", "2024", "--last", last) == Exit.OK
    text = (tmp_path / "again.yaml").read_text("utf-8")
    assert "简称: 乙镇\n" in text and "电话: 0123-4567890\n" in text
    assert "没有带过来" not in capsys.readouterr().out


def test_new_takes_no_full_name_for_a_short_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = tmp_path / "2023.yaml"
    last.write_text(text_of(), "utf-8")
    run("new", tmp_path / "2024.yaml", "--year", "2024", "--last", last, "--organ", "丙县丁局")
    assert "甲县" not in (tmp_path / "2024.yaml").read_text("utf-8")
    capsys.readouterr()


def test_new_takes_figures_from_the_year_before_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, last = tmp_path / "2025.yaml", last_years(tmp_path)
    assert run("new", made, "--year", "2025", "--last", last) == Exit.OK
    text = made.read_text("utf-8")
    assert "上年结转: {自然人: 0, " in text and "电话: 0123-4567890\n" in text
    assert "2023年度" in (said := capsys.readouterr().out) and "2024年度的年报" in said


@pytest.mark.parametrize(("name", "year"), [("x.docx", "2025"), ("x", "2025"), ("x.yaml", "2999")])
def test_new_makes_yaml_files_of_years_that_came_only(
    name: str, year: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("new", tmp_path / name, "--year", year, "--organ", "甲局", "--level", "县级部门")
    assert run(*command) == Exit.USAGE
    said = capsys.readouterr().err
    assert ".yaml" in said or "还没有到" in said
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("words", [("new", "x.yaml", "--year", "2025"), ("build", "x.yaml", "--to", "ofd")])
def test_a_command_that_lacks_something_says_what(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == Exit.USAGE
    assert "请用" in (told := capsys.readouterr().err) or "可以是" in told


def test_a_year_without_a_form_is_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("new", tmp_path / "x.yaml", "--year", "2018", "--organ", "甲局", "--level", "县级部门")
    assert run(*command) == Exit.USAGE
    assert "2019年度起" in capsys.readouterr().err and not (tmp_path / "x.yaml").exists()


def test_help_and_usage_speak_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["build", "--help"]):
        assert main(words) == Exit.OK
        told = capsys.readouterr().out
        assert told.startswith("用法：") and "例子" in told and "usage" not in told
    assert main(["check"]) == Exit.USAGE
    assert "还缺少" in capsys.readouterr().err


def test_the_rule_book_is_printed_and_each_of_its_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rules") == Exit.OK
    assert "T3-01" in capsys.readouterr().out
    assert run("rules", "t3-01") == Exit.OK
    assert "查什么" in capsys.readouterr().out
    assert run("rules", "Z99") == Exit.USAGE


@pytest.mark.office
def test_doctor_names_libreoffice_and_what_stands_in_for_each_official_font(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("doctor") == Exit.OK
    told = capsys.readouterr().out
    assert "LibreOffice" in told and "仿宋_GB2312" in told and "FandolFang" in told


def test_a_bug_of_ours_is_one_sentence_with_the_log(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("reportgen.commands.command", lambda _: 1 / 0)
    assert run("check", sound) == Exit.BUG
    told = capsys.readouterr().err
    assert "程序内部出错" in told and "Traceback" not in told
    (log,) = tmp_path.glob("reportgen-error-*.log")
    assert "Traceback" in log.read_text("utf-8")


# ── which files are meant ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["check", "build", "read", "verify", "seal-place"])
def test_an_empty_name_is_no_file_and_not_this_folder(
    command: str, sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(sound.parent)
    assert run(command, "") == Exit.USAGE
    assert "文件名是空的" in capsys.readouterr().err


def test_copies_that_were_kept_or_made_by_us_are_no_further_reports(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(sound.parent)
    kept = sound.with_stem(f"{sound.stem}（20261129-101500 备份）")
    shutil.copy(sound, kept)
    assert run("build", sound.parent, "--to", "docx") == Exit.OK
    assert run("check", sound.parent, "--json") == Exit.OK
    assert [each["file"] for each in found_in(capsys)] == [str(sound)]
    assert run("check", sound, kept, "--json") == Exit.OK
    assert [each["file"] for each in found_in(capsys)] == [str(sound)]
    assert run("check", kept, "--json") == Exit.OK
    assert [each["file"] for each in found_in(capsys)] == [str(kept)]


def found_in(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The reports that the last ``--json`` told of; what was printed before it is left out."""
    printed = capsys.readouterr().out
    told: list[dict[str, Any]] = json.loads(printed[printed.index("{") :])["files"]
    return told
