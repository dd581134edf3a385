"""``rollup`` as a clerk types it: folders, rosters, packages, files that somebody edited."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from polished import run
from reportgen.commands import build as building
from reportgen.makers.pdf_libreoffice import convert
from reportgen.problems import Exit
from reportgen.safe.packing import packed_as_files
from rollups import broken, completed, text, written

TOWN, OFFICE = "甲县乙镇人民政府", "甲县公安局"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A folder with two units' files."""
    return written(tmp_path / "units", text(TOWN, 10, 8), text(OFFICE, 7))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the roll-up goes."""
    return tmp_path / "汇总.yaml"


def rolled(*more: str | Path) -> int:
    """The exit code of a roll-up for the county."""
    return run("rollup", *more, "--organ", "甲县人民政府")


def test_a_folder_becomes_a_report_and_a_workbook(
    units: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    xlsx = tmp_path / "汇总.xlsx"
    assert rolled(units, "--out", out, "--xlsx", xlsx) == Exit.OK
    said = capsys.readouterr().out
    assert "（2 个单位相加）" in said
    assert "还要您写：成文日期、存在问题。" in said
    assert "本年新收: {自然人: 17}" in out.read_text("utf-8")
    assert "表三 申请" in load_workbook(xlsx).sheetnames


def test_the_completed_report_passes_its_check(units: Path, out: Path) -> None:
    rolled(units, "--out", out)
    out.write_text(completed(out.read_text("utf-8")), "utf-8")
    assert run("check", out) == Exit.OK


def test_a_second_run_changes_nothing(units: Path, out: Path, tmp_path: Path) -> None:
    xlsx = tmp_path / "汇总.xlsx"
    rolled(units, "--out", out, "--xlsx", xlsx)
    before = out.read_bytes(), xlsx.read_bytes()
    assert rolled(units, "--out", out, "--xlsx", xlsx) == Exit.OK
    assert (out.read_bytes(), xlsx.read_bytes()) == before


def test_an_untouched_report_follows_its_units(units: Path, out: Path) -> None:
    rolled(units, "--out", out)
    written(units, text(TOWN, 20))
    assert rolled(units, "--out", out) == Exit.OK
    assert "自然人: 27" in out.read_text("utf-8")


def test_an_edited_report_is_judged_and_left_where_its_figures_are_right(
    units: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rolled(units, "--out", out)
    edited = completed(out.read_text("utf-8"))
    out.write_text(edited, "utf-8")
    assert rolled(units, "--out", out) == Exit.OK
    assert "没有变化" in capsys.readouterr().out
    assert out.read_text("utf-8") == edited


def test_an_edited_report_is_never_overwritten_unasked(
    units: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rolled(units, "--out", out)
    edited = completed(out.read_text("utf-8"))
    out.write_text(edited, "utf-8")
    written(units, text(TOWN, 20))
    assert rolled(units, "--out", out) == Exit.FILE
    assert "没有覆盖" in capsys.readouterr().err
    assert out.read_text("utf-8") == edited


def test_force_renews_the_figures_and_keeps_the_words_and_the_old_file(units: Path, out: Path) -> None:
    rolled(units, "--out", out)
    edited = completed(out.read_text("utf-8"))
    out.write_text(edited, "utf-8")
    written(units, text(TOWN, 20))
    assert rolled(units, "--out", out, "--force") == Exit.OK
    renewed = out.read_text("utf-8")
    assert "自然人: 27" in renewed
    assert "公开方式比较单一。" in renewed
    [kept] = out.parent.glob("汇总（*备份）.yaml")
    assert kept.read_text("utf-8") == edited


def test_a_workbook_that_somebody_saved_is_not_overwritten(units: Path, out: Path, tmp_path: Path) -> None:
    xlsx = tmp_path / "汇总.xlsx"
    rolled(units, "--out", out, "--xlsx", xlsx)
    load_workbook(xlsx).save(xlsx)
    saved = xlsx.read_bytes()
    assert rolled(units, "--out", out, "--xlsx", xlsx) == Exit.FILE
    assert xlsx.read_bytes() == saved
    assert rolled(units, "--out", out, "--xlsx", xlsx, "--force") == Exit.OK
    assert [path.read_bytes() for path in tmp_path.glob("汇总（*备份）.xlsx")] == [saved]


def test_missing_and_failing_units_are_errors_and_stay_in_the_file(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "units", text(TOWN, 10), broken(OFFICE))
    roster = tmp_path / "名单.yaml"
    roster.write_text(f"截止: 2024-01-10\n单位:\n- {TOWN}\n- {OFFICE}\n- 甲县财政局\n", "utf-8")
    assert rolled(folder, "--out", out, "--roster", roster) == Exit.FINDINGS
    said = capsys.readouterr().out
    assert "缺 甲县财政局 的年报（截止 2024-01-10）" in said
    assert f"{OFFICE}（" in said
    assert "晚于截止日期" in said
    out.write_text(completed(out.read_text("utf-8")), "utf-8")
    assert run("check", out) == Exit.FINDINGS
    assert "汇总数里还缺 2 个单位：甲县财政局、甲县公安局" in capsys.readouterr().out


def test_a_word_file_of_an_incomplete_roll_up_is_incomplete_too(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "units", text(TOWN, 10), broken(OFFICE))
    rolled(folder, "--out", out)
    out.write_text(completed(out.read_text("utf-8")), "utf-8")
    run("build", out, "--out", tmp_path / "outputs", "--to", "docx")
    [word] = (tmp_path / "outputs").rglob("*.docx")
    capsys.readouterr()
    assert run("check", word, "--against", out) == Exit.FINDINGS
    assert f"汇总数里还缺 1 个单位：{OFFICE}" in capsys.readouterr().out


def test_a_roster_may_be_a_workbook(units: Path, out: Path, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["单位名称"], [TOWN], [OFFICE]):
        book.active.append(row)
    book.save(tmp_path / "名单.xlsx")
    assert rolled(units, "--out", out, "--roster", tmp_path / "名单.xlsx") == Exit.OK


@pytest.mark.parametrize(
    ("name", "content"), [("名单.yaml", b"a: b\n"), ("名单.xlsx", b"PK"), ("名单.txt", b"")]
)
def test_a_roster_that_cannot_be_read_is_told(
    name: str, content: bytes, units: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = units.parent / name
    roster.write_bytes(content)
    assert rolled(units, "--out", out, "--roster", roster) == Exit.FILE
    assert "名单" in capsys.readouterr().err
    assert not out.exists()


def test_word_files_and_packages_are_units_too(units: Path, out: Path, tmp_path: Path) -> None:
    (units / "2.yaml").unlink()
    source = written(tmp_path / "source", text(OFFICE, 7), text("甲县财政局", 3))
    run("build", source / "1.yaml", "--out", tmp_path / "outputs", "--to", "docx")
    [word] = (tmp_path / "outputs").rglob("*.docx")
    (units / "公安局.docx").write_bytes(word.read_bytes())
    run("build", source / "2.yaml", "--out", tmp_path / "outputs", "--to", "docx,pdf")
    [pdf] = (tmp_path / "outputs").rglob("*财政局*.pdf")
    assert run("archive", pdf, "--out", units, "--zip") == Exit.OK
    assert rolled(units, "--out", out) == Exit.OK
    assert "本年新收: {自然人: 20}" in out.read_text("utf-8")


def test_what_cannot_be_read_is_named_and_the_rest_added_up(
    units: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (units / "坏.docx").write_bytes(b"PK")
    (units / "空.yaml").write_bytes(b"")
    (units / "别的.zip").write_bytes(packed_as_files({"a.txt": b"a"}))
    assert rolled(units, "--out", out) == Exit.FINDINGS
    said = capsys.readouterr().out
    assert said.count("没有读成年报，没有计入") == 3
    assert "本年新收: {自然人: 17}" in out.read_text("utf-8")


def test_a_report_without_a_year_or_an_organ_is_named(
    units: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (units / "无机关.yaml").write_text(text("甲县财政局").replace('机关: "甲县财政局"', "机关:"), "utf-8")
    (units / "无年度.yaml").write_text(text("甲县财政局").replace("年度: 2023\n", ""), "utf-8")
    assert rolled(units, "--out", out) == Exit.FINDINGS
    said = capsys.readouterr().out
    assert "没有写机关" in said
    assert "没有写“年度”" in said
    assert "2 个单位相加" in said


def test_a_file_named_by_itself_is_a_unit(units: Path, out: Path) -> None:
    assert rolled(units / "2.yaml", "--out", out) == Exit.OK
    assert "本年新收: {自然人: 7}" in out.read_text("utf-8")


def test_what_is_no_report_is_not_renewed(units: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out.write_bytes(b"")
    assert rolled(units, "--out", out, "--force") == Exit.FILE
    assert "读不成年报，没有动它" in capsys.readouterr().err
    assert out.read_bytes() == b""


def test_last_years_roll_up_that_cannot_be_read_is_told(units: Path, out: Path) -> None:
    (units.parent / "去年.yaml").write_bytes(b"a")
    assert rolled(units, "--out", out, "--last", units.parent / "去年.yaml") == Exit.FILE


def test_a_level_that_no_name_tells_is_asked_for(units: Path, out: Path) -> None:
    assert run("rollup", units, "--organ", "某会", "--out", out, "--level", "县级部门") == Exit.OK


def test_a_package_that_was_changed_is_not_a_unit(
    units: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = (
        '{"package": "reportgen-package-1", "files": {"1.yaml": {"bytes": 1, "sha256": "", "sm3": ""}}}'
    )
    files = {"manifest.json": manifest.encode(), "1.yaml": text("甲县财政局", 3).encode()}
    (units / "包.zip").write_bytes(packed_as_files(files))
    assert rolled(units, "--out", out) == Exit.FINDINGS
    assert "归档包不完整或改过" in capsys.readouterr().out


def test_years_must_be_one(units: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    older = text("甲县财政局", 3).replace("年度: 2023", "年度: 2022").replace("2024-01-18", "2023-01-18")
    (units / "3.yaml").write_text(older, "utf-8")
    assert rolled(units, "--out", out) == Exit.USAGE
    assert "请用 --year 写明汇总哪一年度" in capsys.readouterr().err
    assert rolled(units, "--out", out, "--year", "2023年") == Exit.OK
    assert rolled(units, "--out", out, "--year", "2018") == Exit.USAGE
    assert "2018年度的年报不能生成" in capsys.readouterr().err


def test_the_parts_of_a_cell_are_told_and_nothing_written(
    units: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("rollup", "--why", "申请.本年新收.总计", units) == Exit.OK
    said = capsys.readouterr().out
    assert "17 件，来自 2 个单位" in said
    assert f"  10  {TOWN}" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["units"]
    assert run("rollup", "--why", "申请.本年新收.总数", units) == Exit.USAGE


def test_another_program_gets_all_of_it_as_json(
    units: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "名单.yaml"
    roster.write_text(f"截止: 2024-01-10\n单位: [{TOWN}, 甲县教育局]\n", "utf-8")
    written(units, text(TOWN, 10, 8), text(OFFICE, 7), broken("甲县丙镇人民政府"))
    assert rolled(units, "--out", out, "--roster", roster, "--json") == Exit.FINDINGS
    told = json.loads(capsys.readouterr().out)
    of_units = told["units"]
    assert [each["organ"] for each in of_units["counted"]] == [TOWN]
    assert {(each["organ"], each["why"]) for each in of_units["left"]} == {
        (OFFICE, "unexpected"),
        ("甲县丙镇人民政府", "unexpected"),
    }
    assert of_units["missing"] == [{"organ": "甲县教育局", "due": "2024-01-10"}]
    assert [(each["dated"], each["due"]) for each in of_units["late"]] == [("2024-01-18", "2024-01-10")]
    assert told["outputs"] == [str(out)] and told["blank"] == ["成文日期", "存在问题"]
    assert told["errors"] == sum(each["level"] == "error" for each in told["findings"]) > 0

    assert run("rollup", "--why", "申请.本年新收.总计", units, "--json") == Exit.OK
    [cell] = json.loads(capsys.readouterr().out)["cells"]
    assert cell["value"] == 17 == sum(part["value"] for part in cell["parts"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--organ", "甲县人民政府"], "--out"),
        (["--organ", "甲县人民政府", "--out", "汇总.docx"], ".yaml"),
        (["--out", "汇总.yaml"], "--organ"),
        (["--organ", "甲县人民政府", "--out", "汇总.yaml", "--xlsx", "汇总.xls"], ".xlsx"),
        (["--organ", "甲县某会", "--out", "汇总.yaml", "--level", "村"], "级别"),
    ],
)
def test_words_that_do_not_fit_together_are_told(
    words: list[str],
    said: str,
    units: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(units.parent)
    assert run("rollup", units, *words) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_nothing_to_add_up_is_told(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空").mkdir()
    assert rolled(tmp_path / "空", "--out", out) == Exit.FILE
    assert "没有读到一份年报" in capsys.readouterr().err


def test_last_years_roll_up_hands_on_the_organ_and_is_compared(
    units: Path, out: Path, tmp_path: Path
) -> None:
    rolled(units, "--out", out)
    last = out.rename(tmp_path / "去年.yaml")
    before = completed(last.read_text("utf-8")).replace("年度: 2023", "年度: 2022")
    last.write_text(before.replace("2023年，", "2022年，").replace("2024-03-01", "2023-03-01"), "utf-8")
    xlsx = tmp_path / "汇总.xlsx"
    written(units, text(TOWN, 10), text(OFFICE, 10))
    assert run("rollup", units, "--out", out, "--last", last, "--xlsx", xlsx) in (Exit.OK, Exit.FINDINGS)
    assert "比上年增加3件，增长17.6%" in out.read_text("utf-8")
    assert "机关: 甲县人民政府" in out.read_text("utf-8")
    assert "同比" in load_workbook(io.BytesIO(xlsx.read_bytes())).sheetnames


def test_a_roll_up_of_roll_ups_counts_each_unit_once(units: Path, out: Path, tmp_path: Path) -> None:
    rolled(units, "--out", out)
    (units / "甲县.yaml").write_text(completed(out.read_text("utf-8")), "utf-8")
    (units / "3.yaml").write_text(text("丙市财政局", 1), "utf-8")
    city = tmp_path / "市.yaml"
    assert run("rollup", units, "--organ", "丙市人民政府", "--out", city) == Exit.OK
    assert "本年新收: {自然人: 18}" in city.read_text("utf-8")
    assert "- 甲县人民政府（汇总）" in city.read_text("utf-8")


# ── a county in two commands: the roll-up with its workbook, and all Word files and PDFs ─────────────


@pytest.fixture
def conversions(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every Word file that LibreOffice draws."""
    drawn: list[bytes] = []

    def counted(docx: bytes, *more: Any) -> bytes:
        drawn.append(docx)
        return real(docx, *more)

    real = convert.convert
    monkeypatch.setattr(convert, "convert", counted)
    monkeypatch.setattr(building, "FEW", 99)  # in this process, where they are counted
    return drawn


@pytest.mark.office
def test_of_one_changed_unit_only_it_and_the_roll_up_are_made_again(
    units: Path, out: Path, tmp_path: Path, conversions: list[bytes]
) -> None:
    written(units, *(text(f"甲县第{number}镇人民政府", number) for number in range(1, 5)))
    xlsx, outputs = tmp_path / "汇总.xlsx", tmp_path / "outputs"

    def done(*more: str) -> tuple[int, int]:
        first = rolled(units, "--out", out, "--xlsx", xlsx, *more)
        if not more:
            out.write_text(completed(out.read_text("utf-8")), "utf-8")
        return first, run("build", units, out, "--out", outputs)

    assert done() == (Exit.OK, Exit.OK)
    assert len(conversions) == len(list(outputs.rglob("*.pdf"))) == 5
    before = {path: path.read_bytes() for path in outputs.rglob("*.pdf")}

    conversions.clear()
    assert done("--force") == (Exit.OK, Exit.OK)
    assert conversions == []

    (units / "2.yaml").write_text(text("甲县第2镇人民政府", 7), "utf-8")
    assert done("--force") == (Exit.OK, Exit.OK)
    assert len(conversions) == 2
    changed = [path for path, content in before.items() if path.read_bytes() != content]
    assert sorted(path.parts[-3] for path in changed) == ["甲县人民政府", "甲县第2镇人民政府"]
    sheet = load_workbook(xlsx)["表三 申请"]
    assert any(cell.value == 7 for row in sheet.iter_rows() for cell in row)
