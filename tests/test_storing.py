"""What lies in a report's folder after several runs: nothing lost, nothing stale that is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from made import text_of
from polished import built, edited, refiguring, rewording, run, text
from reportgen.problems import Exit
from reportgen.store.storing import digest

SCREEN = pytest.CaptureFixture[str]


def test_two_inputs_of_one_organ_and_year_do_not_overwrite_each_other(tmp_path: Path, capsys: SCREEN) -> None:
    first, second = tmp_path / "一.yaml", tmp_path / "二.yaml"
    first.write_text(text_of(), "utf-8")
    second.write_text(text(), "utf-8")
    out = tmp_path / "out"
    assert run("build", first, second, "--to", "docx", "--out", out) == Exit.FILE
    told = capsys.readouterr().out
    assert f"和 {first} 是同一个机关" in told and "没有覆盖" in told
    assert next(out.rglob("*.yaml")).read_bytes() == first.read_bytes()


def test_the_same_file_named_twice_is_no_conflict(tmp_path: Path) -> None:
    (tmp_path / "一.yaml").write_text(text_of(), "utf-8")
    twice = [tmp_path / "一.yaml", tmp_path / "." / "一.yaml"]
    assert run("build", *twice, "--to", "docx", "--out", tmp_path / "out") == Exit.OK


def manifest_of(docx: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((docx.parent / "manifest.json").read_bytes())
    return said


def test_a_mended_yaml_named_with_against_becomes_the_kept_copy(tmp_path: Path, capsys: SCREEN) -> None:
    docx = edited(built(tmp_path), refiguring(0, "permits.decisions", "1251"))
    source = tmp_path / "2023.yaml"
    assert run("build", docx, "--to", "html") == Exit.OK
    assert "--against" in capsys.readouterr().out
    source.write_text(text().replace("1250", "1251"), "utf-8")
    assert run("build", source, "--to", "docx", "--out", tmp_path / "out") == Exit.FILE
    assert f"reportgen build {docx} --against {source}" in capsys.readouterr().out
    assert run("build", docx, "--against", source, "--to", "html") == Exit.OK
    said = manifest_of(docx)
    assert not {"K01", "K05"} & {remark["code"] for remark in said["remarks"]}
    assert docx.with_suffix(".yaml").read_bytes() == source.read_bytes()
    capsys.readouterr()
    assert run("check", docx, "--json") == Exit.OK
    assert json.loads(capsys.readouterr().out)["files"][0]["findings"] == []


def test_a_yaml_that_still_differs_is_told_with_the_differences(tmp_path: Path) -> None:
    docx = edited(built(tmp_path), rewording("重视政策解读", "高度重视政策解读"))
    source = tmp_path / "2023.yaml"
    source.write_text(text().replace("1250", "1249"), "utf-8")
    run("build", docx, "--against", source, "--to", "html")
    assert {"K01", "K02", "K05"} <= {remark["code"] for remark in manifest_of(docx)["remarks"]}


@pytest.mark.office
def test_more_kinds_of_the_same_report_leave_its_pdf_current(tmp_path: Path, capsys: SCREEN) -> None:
    docx = built(tmp_path, "--to", "docx,pdf")
    before = manifest_of(docx)
    capsys.readouterr()
    assert run("build", tmp_path / "2023.yaml", "--out", tmp_path / "out", "--to", "docx,html") == Exit.OK
    assert "不一致" not in capsys.readouterr().out
    after = manifest_of(docx)
    assert set(after["made"]) == {"docx", "html", "pdf"}
    assert after["proofs"]["pdf"] == before["proofs"]["pdf"]
    assert run("archive", docx.parent, "--out", tmp_path / "kept") == Exit.OK
    (tmp_path / "2023.yaml").write_text(text().replace("1250", "1249"), "utf-8")
    capsys.readouterr()
    run("build", tmp_path / "2023.yaml", "--out", tmp_path / "out", "--to", "docx,html")
    assert "不一致" in capsys.readouterr().out and set(manifest_of(docx)["made"]) == {"docx", "html"}


def test_a_report_built_of_another_document_says_so(tmp_path: Path, capsys: SCREEN) -> None:
    docx = built(tmp_path, "--to", "docx,html")
    page = next(docx.parent.glob("*.html")).rename(tmp_path / "x.html")
    capsys.readouterr()
    run("build", page, "--out", tmp_path / "out", "--to", "docx")
    assert "由 x.html 重新生成" in capsys.readouterr().out


def test_a_pdf_signed_before_the_report_changed_is_named(tmp_path: Path, capsys: SCREEN) -> None:
    docx = built(tmp_path, "--to", "docx,html")
    signed = docx.with_name(f"{docx.stem}（已签名）.pdf")
    signed.write_bytes(b"%PDF-1.7\n%%EOF\nsignature\n%%EOF\n")
    said = manifest_of(docx)
    said["made"]["pdf"] = digest(b"%PDF-1.7\n%%EOF\n")
    said["files"]["page.pdf"] = {"sha256": said["made"]["pdf"]}
    (docx.parent / "page.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    (docx.parent / "manifest.json").write_text(json.dumps(said), "utf-8")
    capsys.readouterr()
    again = ("build", tmp_path / "2023.yaml", "--out", tmp_path / "out", "--to", "docx")
    run(*again)
    assert "已签名" not in capsys.readouterr().out
    (tmp_path / "2023.yaml").write_text(text().replace("1250", "1249"), "utf-8")
    run(*again, "--json")
    assert str(signed) in json.loads(capsys.readouterr().out)["files"][0]["stale"]
    run(*again)
    assert f"{signed} 签的是以前的 PDF" in capsys.readouterr().out


def test_build_says_where_the_polished_file_was_saved(tmp_path: Path, capsys: SCREEN) -> None:
    docx = edited(built(tmp_path), refiguring(0, "permits.decisions", "1251"))
    polished = docx.read_bytes()
    capsys.readouterr()
    run("build", tmp_path / "2023.yaml", "--out", tmp_path / "out", "--to", "docx", "--force")
    [backup] = docx.parent.glob("*备份*")
    assert f"另存为 {backup}" in capsys.readouterr().out and backup.read_bytes() == polished


# ── a draft of a sound report ────────────────────────────────────────────────────────────────────────


def test_a_draft_of_a_sound_report_leaves_its_final_files_alone(tmp_path: Path, capsys: SCREEN) -> None:
    docx = built(tmp_path)
    before = {path: path.read_bytes() for path in docx.parent.iterdir() if path.suffix != ".json"}
    made = manifest_of(docx)["made"]
    capsys.readouterr()
    draft = docx.with_stem(f"{docx.stem}（草稿）")
    built(tmp_path, "--to", "docx", "--draft")
    told = capsys.readouterr().out
    assert f"草稿  {draft}" in told and "正式的文件没有动" in told
    assert {path: path.read_bytes() for path in before} == before
    said = manifest_of(docx)
    assert said["made"] == made and said["draft"] is False and draft.name in said["files"]
    assert draft.read_bytes() != docx.read_bytes()


def test_a_second_draft_replaces_the_first_but_not_what_somebody_wrote_into_it(
    tmp_path: Path, capsys: SCREEN
) -> None:
    docx = built(tmp_path)
    draft = docx.with_stem(f"{docx.stem}（草稿）")
    built(tmp_path, "--to", "docx", "--draft")
    first = draft.read_bytes()
    built(tmp_path, "--to", "docx", "--draft", content=text().replace("重视政策解读", "高度重视政策解读"))
    second = draft.read_bytes()
    assert second != first
    edited(draft, rewording("高度重视政策解读", "十分重视政策解读"))
    capsys.readouterr()
    built(tmp_path, "--to", "docx", "--draft")
    assert "没有覆盖" in capsys.readouterr().out
    assert draft.read_bytes() not in (first, second)


def test_without_final_files_a_draft_has_the_usual_name(tmp_path: Path) -> None:
    docx = built(tmp_path, "--to", "docx", "--draft")
    assert "草稿" not in docx.name and manifest_of(docx)["draft"] is True
    built(tmp_path, "--to", "docx", "--draft")
    assert [path.name for path in docx.parent.glob("*.docx")] == [docx.name]
