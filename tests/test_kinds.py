"""Kinds of documents: a second one by files alone, and one of an office's own through the whole year."""

import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document
from openpyxl import load_workbook

from archive_proof import REPORTS
from draw_templates import main as draw
from found import without_places
from made import outcome_of
from polished import edited, rewording
from reportgen.checks import rules_for
from reportgen.clerk_file import starting_file
from reportgen.clerk_file.sheets import FIRST
from reportgen.cli import main
from reportgen.commands.read import book_of
from reportgen.judging import judge_template
from reportgen.model.form import CellKey, form_for, forms_of
from reportgen.model.form_file import WrongForm, form_from
from reportgen.model.report import Report
from reportgen.pipeline import Material, Supplies, examine
from reportgen.pipeline import run as pipeline_run
from reportgen.problems import Exit
from reportgen.store.workspace import supplies
from rollups import text as unit_text
from served import served, workspace
from sheets import changed
from sheets import edited as edited_book

ROOT = Path(__file__).parents[1]
LAWS = "法治政府建设年度报告"
NAMES = ("rule_of_law", "法治政府", "法治建设", "第一责任人", "厅字")
"""What only the second kind says."""
SAMPLE = ROOT / "inputs" / "shili-minzhengju" / "2025法治.yaml"

KIND = {
    "name": "安全生产会议纪要",
    "also": ["安全会议纪要"],
    "ordinary": False,
    "title": "{机关}{年度}年{文种}",
    "lines": [{"name": "会议时间", "hint": "写明年月日", "required": True}, {"name": "主持人"}],
}
"""A kind that nobody ever made: two chapters, a table of words and numbers with a sum."""
FORM = {
    "id": "会议纪要2020",
    "basis": "示例县民政局办公会议事规则",
    "since": 2020,
    "chapters": [{"heading": "一、议定事项"}, {"heading": "二、落实分工", "said": "分工"}],
    "prose": [
        {"key": "decided", "name": "议定事项", "chapter": 1, "required": True, "example": "会议议定两件事。"},
        {"key": "closing", "name": "结束语", "chapter": 2, "own": ["会议要求抓好落实。"]},
    ],
    "tables": [
        {
            "key": "tasks",
            "name": "任务",
            "chapter": 2,
            "stub_columns": 1,
            "arrangement": "stacked",
            "blocks": [
                {
                    "stub": "任务",
                    "columns": [{"key": "count", "label": "数量", "unit": "项"}],
                    "rows": [
                        {"key": "checks", "label": "检查", "name": "检查"},
                        {"key": "mends", "label": "整改", "name": "整改"},
                        {"key": "sum", "label": "合计", "name": "合计"},
                        {"key": "lead", "label": "牵头单位", "name": "牵头单位", "kind": "text"},
                        {"key": "urgent", "label": "是否紧急", "name": "是否紧急", "kind": "yes"},
                    ],
                    "identities": [
                        {"code": "K-01", "axis": "rows", "left": ["sum"], "right": ["checks", "mends"]}
                    ],
                }
            ],
        }
    ],
    "identities": {
        "K-01": {
            "title": "任务的合计不对",
            "what": "合计 = 检查 + 整改。",
            "why": "数要对得上。",
            "basis": "本单位的规定",
            "fix": "核对三个数。",
        }
    },
}
MINUTES = """\
文种: 安全生产会议纪要
机关: 示例县民政局
年度: 2025
成文日期: 2025-03-06
会议时间: 2025年3月5日
主持人: 局长
议定事项: 会议议定检查养老机构，并督促整改。
任务:
  检查: 3
  整改: 2
  合计: 5
  牵头单位: 办公室、养老股
  是否紧急: 是
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office's templates folder with a kind of its own, its template drawn by the tools."""
    folder = tmp_path_factory.mktemp("own") / "templates"
    for path, data in (("minutes/kind.yaml", KIND), ("minutes/2020/form.yaml", FORM)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    assert draw(["--templates", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def gathered(folder: Path) -> Supplies:
    """The program's kinds and the office's."""
    return supplies(folder)


def read(text: str, gathered: Supplies) -> tuple[Report | None, list[str]]:
    """A clerk's file, and the codes of what is wrong with it."""
    outcome = examine(Material("纪要.yaml", text.encode()), gathered)
    return outcome.report, [finding.code for finding in outcome.findings if finding.is_error]


def test_the_offices_kind_stands_beside_the_programs(gathered: Supplies) -> None:
    assert [form.name for form in forms_of(gathered.forms, "minutes")] == ["安全生产会议纪要"]
    assert [form.id for form in forms_of(gathered.forms)] == ["2019", "2021"]
    assert form_for(2025, gathered.forms, "安全会议纪要").id == "会议纪要2020"


def test_a_file_that_names_no_kind_is_of_the_ordinary_one(gathered: Supplies) -> None:
    report, _ = read("机关: 示例县民政局\n年度: 2025\n", gathered)
    assert report is not None and report.form.id == "2021"


def test_a_kind_that_nobody_knows_is_told_with_those_that_are_known(gathered: Supplies) -> None:
    outcome = examine(Material("a.yaml", "文种: 工作总结\n年度: 2025\n".encode()), gathered)
    [finding] = [each for each in outcome.findings if each.code == "F15"]
    assert "工作总结" in finding.message and LAWS in finding.fix and "安全生产会议纪要" in finding.fix


def test_words_numbers_and_yes_stand_in_one_table(gathered: Supplies) -> None:
    report, errors = read(MINUTES, gathered)
    assert errors == [] and report is not None
    assert {str(key): figure.text for key, figure in report.cells.items()} == {
        "checks.count": "3",
        "mends.count": "2",
        "sum.count": "5",
        "lead.count": "办公室、养老股",
        "urgent.count": "是",
    }
    assert report.lines == {"会议时间": "2025年3月5日", "主持人": "局长"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("合计: 5", "合计: 6", "K-01"),
        ("检查: 3", "检查: 三件左右", "C03"),
        ("是否紧急: 是", "是否紧急: 大概", "F15"),
        ("会议时间: 2025年3月5日\n", "", "F13"),
        ("议定事项: 会议议定检查养老机构，并督促整改。\n", "", "X28"),
        ("任务:", "申请:", "F18"),
        ("主持人: 局长", "主持人: [局长, 书记]", "F12"),
    ],
)
def test_what_is_wrong_in_a_file_of_the_offices_kind_is_told(
    gathered: Supplies, old: str, new: str, code: str
) -> None:
    assert old in MINUTES
    outcome = examine(Material("纪要.yaml", MINUTES.replace(old, new).encode()), gathered)
    assert code in [finding.code for finding in outcome.findings if finding.is_error]


def test_the_rules_of_one_kind_are_silent_for_another(gathered: Supplies) -> None:
    codes = {form.kind: {rule.code for rule in rules_for(form)} for form in gathered.forms}
    assert "L01" in codes["rule_of_law"] and "L01" not in codes["open_government"] | codes["minutes"]
    assert "T3-01" in codes["open_government"] and not {"T3-01", "N03", "X15"} & codes["rule_of_law"]
    assert "K-01" in codes["minutes"] and "X07" in codes["minutes"] & codes["rule_of_law"]


def run(*words: object) -> int:
    """A command of the program."""
    return main([str(word) for word in words])


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["安全生产会议纪要", LAWS])
def test_a_document_goes_through_the_whole_year(
    kind: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    own = ("--templates", folder)
    begin = ("2025.yaml", "--year", 2025, "--kind", kind, "--organ", "示例县民政局", "--level", "县级部门")
    assert run(*own, "new", *begin) == Exit.OK
    assert f"文种: {kind}" in Path("2025.yaml").read_text("utf-8")
    assert run(*own, "check", "2025.yaml") == Exit.FINDINGS
    Path("2025.yaml").write_text(MINUTES if kind == KIND["name"] else SAMPLE.read_text("utf-8"), "utf-8")
    assert run(*own, "build", "2025.yaml", "--out", "out") == Exit.OK, capsys.readouterr().out
    made = Path("out") / "示例县民政局" / f"2025{kind}"
    [docx] = made.glob("*.docx")
    proved = json.loads((made / "manifest.json").read_bytes())["proofs"]["pdf"]
    assert (proved["pdfa"], proved["pdfua"]) == ("2B", "1") and proved["seal"]["page"] == proved["pages"]
    assert run("seal-place", docx.with_suffix(".pdf")) == Exit.OK
    capsys.readouterr()
    assert run(*own, "check", docx, "--json") == Exit.OK
    [said] = json.loads(capsys.readouterr().out)["files"]
    assert [each for each in said["findings"] if each["level"] != "note"] == []
    assert run(*own, "archive", "2025.yaml", "--built", "out", "--out", "包") == Exit.OK
    edited(docx, rewording("督促", "认真督促"))
    assert run(*own, "check", docx) == Exit.OK
    assert "认真督促" in capsys.readouterr().out
    assert run(*own, "build", docx) == Exit.OK
    assert run(*own, "archive", docx, "--out", "改过的包") == Exit.OK
    packages = [*Path("包").iterdir(), *Path("改过的包").iterdir()]
    assert [run("verify", package) for package in packages] == [Exit.OK, Exit.OK]


def test_verapdf_is_asked_of_every_form() -> None:
    files = [ROOT / "inputs" / f"{name}.yaml" for name in REPORTS]
    asked = [examine(Material(path.name, path.read_bytes()), supplies()).report for path in files]
    assert {report.form.id for report in asked if report} == {form.id for form in supplies().forms}


def test_a_polished_document_of_another_kind_is_compared_with_its_file(
    gathered: Supplies, tmp_path: Path
) -> None:
    origin = Material("2025.yaml", SAMPLE.read_bytes())
    docx = tmp_path / "2025.docx"
    docx.write_bytes(outcome_of(SAMPLE.read_text("utf-8"), "docx").files["docx"])
    polished = edited(docx, rewording("18场次", "19场次"))
    material = Material("2025.docx", polished.read_bytes())
    outcome = examine(material, replace(gathered, origin=origin))
    assert [each.code for each in outcome.findings if each.is_error] == []
    assert any("19场次" in each.found for each in outcome.findings)


@pytest.mark.parametrize("beside", [True, False], ids=["with its file", "alone"])
@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("", "没有找到年报的标题"),
        ("示例县民政局2025年工作总结", "没有找到年报的标题"),
        ("示例县民政局2025年安全生产会议纪要", "没有找到年报的标题"),
        ("示例县民政局2025年政府信息公开工作年度报告", f"标题不是“{LAWS}”"),
    ],
)
def test_a_word_file_whose_title_was_edited_away_stays_of_its_kind_and_the_title_is_told(
    title: str, told: str, beside: bool, gathered: Supplies
) -> None:
    document = Document(io.BytesIO(outcome_of(SAMPLE.read_text("utf-8"), "docx").files["docx"]))
    first, second = document.paragraphs[:2]
    assert re.sub(r"\s", "", first.text + second.text).startswith(f"示例县民政局2025年{LAWS}")
    first.text, second.text = title, second.text if LAWS in first.text else ""
    held = io.BytesIO()
    document.save(held)
    origin = Material("2025.yaml", SAMPLE.read_bytes()) if beside else None
    outcome = examine(Material("2025.docx", held.getvalue()), replace(gathered, origin=origin))
    assert outcome.report and outcome.report.form.name == LAWS
    assert any(told in each.message for each in outcome.findings)
    assert "K06" not in {each.code for each in outcome.findings}


def built(text: str, folder: Path, own: Path) -> Path:
    """The Word file that a command makes of a text, with the file that it was made of beside ``out``."""
    folder.mkdir(exist_ok=True)
    (folder / "2025.yaml").write_text(text, "utf-8")
    words = ("build", folder / "2025.yaml", "--out", folder / "out", "--to", "docx")
    assert run("--templates", own, *words) == Exit.OK
    [docx] = (folder / "out").rglob("*.docx")
    return docx


def test_a_line_of_the_kinds_own_that_was_changed_in_word_is_told(folder: Path, tmp_path: Path) -> None:
    docx = edited(built(MINUTES, tmp_path, folder), rewording("局长", "副局长"))
    material = Material(docx.name, docx.read_bytes())
    outcome = examine(material, replace(supplies(folder), origin=Material("2025.yaml", MINUTES.encode())))
    [told] = [each for each in outcome.findings if each.code == "K02"]
    assert (told.expected, told.found) == ("主持人：局长", "主持人：副局长") and told.places
    assert not any(each.code == "K03" for each in outcome.findings)


def test_a_word_file_of_one_kind_is_not_compared_with_a_file_of_another(folder: Path, tmp_path: Path) -> None:
    docx = built(MINUTES, tmp_path, folder)
    other = replace(supplies(folder), origin=Material("2025.yaml", SAMPLE.read_bytes()))
    outcome = examine(Material(docx.name, docx.read_bytes()), other)
    [told] = [each for each in outcome.findings if each.code == "K06"]
    assert told.found.endswith("安全生产会议纪要") and told.expected.endswith(LAWS)


def test_two_kinds_of_an_organ_and_a_year_do_not_share_a_manifest_beside_word_files(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = tmp_path / "改好的"
    beside.mkdir()
    for number, text in enumerate((MINUTES, SAMPLE.read_text("utf-8"))):
        docx = built(text, tmp_path / str(number), folder)
        for path in (docx, docx.with_suffix(".yaml")):
            shutil.copyfile(path, beside / path.name)
    first, second = sorted(beside.glob("*.docx"))
    words = ("--templates", folder, "build", "--to", "html")
    assert run(*words, first, "--against", first.with_suffix(".yaml")) == Exit.OK
    before = (beside / "manifest.json").read_bytes()
    capsys.readouterr()
    assert run(*words, second, "--against", second.with_suffix(".yaml")) == Exit.FILE
    kind = json.loads(before)["form"]["kind"]
    assert f"2025年度{kind}的，没有覆盖" in capsys.readouterr().out
    assert (beside / "manifest.json").read_bytes() == before
    assert [path.stem for path in beside.glob("*.html")] == [first.stem]


# ── an office's template: what it does not print, and what words cannot add up ──


def retagged(folder: Path, old: str, new: str, target: Path) -> Path:
    """A copy of an office's templates whose Word template has other words in one place."""
    shutil.copytree(folder, target)
    edited(target / "minutes" / "2020" / "report.docx", rewording(old, new))
    return target


@pytest.mark.parametrize(
    ("new", "level"),
    [("主持", "error"), ("会议时间和主持：{{ 会议时间 }}", "error"), ("会议时间：{{ 会议时间 }}", None)],
)
def test_a_line_that_a_template_does_not_print_as_it_is_read_back_is_told(
    new: str, level: str | None, folder: Path, tmp_path: Path
) -> None:
    own = retagged(folder, "会议时间：{{ 会议时间 }}", new, tmp_path / "own")
    form, gathered = form_for(2025, supplies(own).forms, "minutes"), supplies(own)
    findings = judge_template(gathered.templates[form.id], "report.docx", form, gathered)
    assert [each.level.value for each in findings if each.code == "M14"] == ([level] if level else [])
    assert not any(each.code == "F13" for each in findings)


def test_a_line_that_a_clerk_wrote_and_no_template_prints_stops_the_making(
    folder: Path, tmp_path: Path
) -> None:
    own = supplies(retagged(folder, "主持人：{{ 主持人 }}", "主持", tmp_path / "own"))
    findings = pipeline_run(Material("2025.yaml", MINUTES.encode()), own, ("docx",)).findings
    [told] = [each for each in findings if each.code == "D05"]
    assert "“主持人”没有印进" in told.message and told.places[0].line == 6


def test_words_in_a_column_are_not_added_up_where_numbers_beside_them_are() -> None:
    form = json.loads(json.dumps(FORM))
    [block] = form["tables"][0]["blocks"]
    block["columns"].append({"key": "who", "label": "谁", "kind": "text"})
    block["rows"] = block["rows"][:3]
    read_form = form_from(form, "minutes", KIND)
    assert set(read_form.parts) == {CellKey("sum", "count")}
    block["columns"] = block["columns"][1:]
    with pytest.raises(WrongForm, match="K-01 没有可以相加的数"):
        form_from(form, "minutes", KIND)


def test_commands_that_are_told_have_the_offices_templates(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    own = ("--templates", folder)
    run(*own, "new", "2025.yaml", "--year", 2025, "--kind", "会议纪要", "--organ", "示例县民政局")
    assert f"reportgen --templates {folder} check 2025.yaml" in capsys.readouterr().out
    run(*own, "archive", "2025.yaml")
    assert f"reportgen --templates {folder} build 2025.yaml" in capsys.readouterr().err
    assert run("check", "2025.yaml") == Exit.FINDINGS
    assert "请加上 --templates" in capsys.readouterr().out


# ── what knows one kind alone: workbooks have each kind's sheets, tables are counted and added up by kind ──


@pytest.mark.parametrize("text", [MINUTES, SAMPLE.read_text("utf-8")], ids=["minutes", "rule_of_law"])
def test_a_workbook_of_any_kind_comes_back_as_it_was(text: str, gathered: Supplies) -> None:
    outcome = examine(Material("a.yaml", text.encode()), gathered)
    assert outcome.node is not None and outcome.report is not None
    book = book_of(outcome.node, outcome.report, gathered.forms)
    back = examine(Material("a.xlsx", book), gathered)
    assert back.report is not None and back.report.form is outcome.report.form
    assert without_places(back.report) == without_places(outcome.report)
    assert [each.code for each in back.findings] == [each.code for each in outcome.findings]


def test_a_workbook_of_another_kind_is_begun_and_filled_in(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    begin = ("2025.xlsx", "--year", 2025, "--kind", KIND["name"], "--organ", "示例县民政局")
    assert run("--templates", folder, "new", *begin) == Exit.OK
    sheets = load_workbook("2025.xlsx")
    assert sheets.sheetnames[:2] == ["基本情况", "任务"]
    items = [row[0].value for row in sheets["基本情况"].iter_rows(min_row=4)]
    assert items[0] == "文种" and {"会议时间", "主持人"} < set(items) and "级别" not in items


def test_a_workbook_that_names_a_kind_that_nobody_knows_is_told_with_its_cell(gathered: Supplies) -> None:
    outcome = examine(Material("a.yaml", MINUTES.encode()), gathered)
    assert outcome.node is not None and outcome.report is not None
    book = changed(book_of(outcome.node, outcome.report, gathered.forms), {("基本情况", "B4"): "工作总结"})
    [told] = [each for each in examine(Material("a.xlsx", book), gathered).findings if each.code == "F15"]
    assert "工作总结" in told.message and told.places[0].cell == "B4"


def test_what_a_workbook_of_a_kind_without_tables_has_in_the_sheets_of_tables_is_told(
    gathered: Supplies,
) -> None:
    outcome = examine(Material("a.yaml", SAMPLE.read_bytes()), gathered)
    assert outcome.node is not None and outcome.report is not None
    book = book_of(outcome.node, outcome.report, gathered.forms)
    assert not {"注", "申请"} & set(load_workbook(io.BytesIO(book)).sheetnames)

    def typed(book: Any) -> None:
        book.create_sheet("注").append(["表", "行", "列", "注"])
        for sheet, row in (("注", ["申请", "本年新收", "自然人", "其中2件"]), ("申请", ["本年新收", 3])):
            each = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
            for column, value in enumerate(row, 1):
                each.cell(FIRST + 1, column, value)

    findings = examine(Material("a.xlsx", edited_book(book, typed)), gathered).findings
    assert [(each.code, each.places[0].sheet) for each in findings if each.code in ("F17", "F32")] == [
        ("F17", "注"),
        ("F32", "申请"),
    ]
    assert f"“{LAWS}”没有表" in next(each.fix for each in findings if each.code == "F17")


def test_a_remark_whose_table_has_no_sheet_is_told(gathered: Supplies) -> None:
    outcome = examine(
        Material("a.yaml", MINUTES.replace("整改: 2", "整改: {值: 2, 注: 一项在办}").encode()), gathered
    )
    assert outcome.node is not None and outcome.report is not None
    book = book_of(outcome.node, outcome.report, gathered.forms)
    gone = edited_book(book, lambda each: each.remove(each["任务"]))
    [told] = [each for each in examine(Material("a.xlsx", gone), gathered).findings if each.code == "F32"]
    assert "没有“任务”这张工作表" in told.message


def test_a_ledger_is_not_counted_into_another_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "2025.yaml").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "台账.xlsx").write_bytes(b"")
    assert run("ledger", tmp_path / "台账.xlsx", "--into", tmp_path / "2025.yaml") == Exit.FILE
    assert f"{LAWS}，没有台账要填的“申请”表" in capsys.readouterr().err
    assert (tmp_path / "2025.yaml").read_bytes() == SAMPLE.read_bytes()


def test_a_roll_up_leaves_another_kind_of_a_unit_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "法治.yaml").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "inputs" / "2023.yaml").write_text(unit_text("示例县民政局", 3), "utf-8")
    words = ("rollup", tmp_path / "inputs", "--organ", "示例县人民政府", "--out", tmp_path / "汇总.yaml")
    run(*words)
    said = capsys.readouterr().out
    assert f"没有计入：是别的文种（{LAWS}）" in said and "几份不同的年报" not in said
    assert "本年新收: {自然人: 3}" in (tmp_path / "汇总.yaml").read_text("utf-8")


def test_two_kinds_of_an_organ_and_a_year_are_built_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "法治.yaml").write_bytes(SAMPLE.read_bytes())
    text = unit_text("示例县民政局", 3).replace("年度: 2023", "年度: 2025").replace("2024-01", "2026-01")
    (tmp_path / "年报.yaml").write_text(text, "utf-8")
    out = tmp_path / "out"
    run("build", tmp_path, "--out", out, "--to", "docx")
    assert {path.name for path in (out / "示例县民政局").iterdir()} == {"2025", f"2025{LAWS}"}


def test_the_page_knows_where_the_files_of_another_kind_are(tmp_path: Path) -> None:
    name = "示例县民政局/2025法治.yaml"
    folder = workspace(tmp_path / "desk")
    path = folder / "inputs" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(SAMPLE.read_bytes())
    with served(folder) as page:
        [row] = page.get("/api/rows").json["rows"]
        assert (row["name"], row["year"], row["kind"]) == (name, "2025", LAWS)
        assert folder.joinpath("outputs", row["folder"]) == folder / "outputs/示例县民政局" / f"2025{LAWS}"
        assert f"2025年度{LAWS}" in page.get("/").content.decode()


def test_the_page_for_all_reports_offers_the_levels_of_the_ordinary_kinds_newest_form(
    folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    shutil.copytree(folder / "minutes", own / "minutes")
    shutil.copytree(ROOT / "templates" / "open_government", own / "open_government")
    newer = own / "open_government" / "2024"
    shutil.copytree(own / "open_government" / "2021", newer)
    text = (newer / "form.yaml").read_text("utf-8")
    text = text.replace('id: "2021"', 'id: "2024"').replace("since: 2021", "since: 2024")
    (newer / "form.yaml").write_text(f"{text}\nlevels: [开发区]\n", "utf-8")
    with served(workspace(tmp_path / "desk", SAMPLE.relative_to(ROOT / "inputs").as_posix()), own) as page:
        batch = page.get("/batch").content.decode()
        assert "<option>开发区</option>" in batch and "县级政府" not in batch


def test_a_kind_of_ones_own_is_laid_out_from_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new-kind", "模板", "--name", "办公会纪要") == Exit.OK
    assert run("--templates", "模板", "template", "模板/办公会纪要/2019/report.docx") == Exit.OK
    form = form_for(2025, supplies(Path("模板")).forms, "办公会纪要")
    assert (form.kind, form.ordinary, form.since) == ("办公会纪要", False, 2019)
    assert run("new-kind", "模板", "--name", "办公会纪要") == Exit.FILE
    assert run("new-kind", "模板", "--name", LAWS) == Exit.USAGE
    assert run("new-kind", "模板", "--name", "甲", "--from", "没有的") == Exit.USAGE
    assert "已经有了" in capsys.readouterr().err


def test_the_kind_that_the_guide_makes_can_be_made(tmp_path: Path) -> None:
    kind, form = re.findall("```yaml\n(.*?)```", (ROOT / "docs" / "kinds.md").read_text("utf-8"), re.DOTALL)
    for path, text in (("纪要/kind.yaml", kind), ("纪要/2019/form.yaml", form)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    assert draw(["--templates", str(tmp_path)]) == 0
    own = supplies(tmp_path)
    made = form_for(2025, own.forms, "安全生产会议纪要")
    assert [column.name for column in made.tables[0].blocks[0].columns] == ["牵头单位", "数量"]
    assert judge_template(own.templates[made.id], "report.docx", made, own) == ()


def test_a_second_kind_is_named_nowhere_in_the_program() -> None:
    source = ROOT / "src" / "reportgen"
    own = source / "checks" / "rule_of_law"
    kinds = {".py", ".yaml", ".html", ".js", ".css"}
    files = [path for path in source.rglob("*") if path.suffix in kinds and not path.is_relative_to(own)]
    assert kinds == {path.suffix for path in files}
    naming = [path.name for path in files if any(word in path.read_text("utf-8") for word in NAMES)]
    assert naming == []


def test_the_second_kinds_file_to_start_from_offers_nothing_of_the_first(gathered: Supplies) -> None:
    texts = {
        form.kind: starting_file(form, "示例县民政局", "县级部门" if form.levels else "", 2025)
        for form in gathered.forms
    }
    assert "# 《条例》之外的依据" in texts["open_government"]
    assert "# 《法治政府建设与责任落实督察工作规定》之外的依据" in texts["rule_of_law"]
    assert "# 写进正文的依据" in texts["minutes"]
    for kind in ("rule_of_law", "minutes"):
        assert not any(word in texts[kind] for word in ("《条例》", "信息公开", "年报"))
    assert "牵头单位:  # 写文字" in texts["minutes"] and "是否紧急:  # 写“是”或“否”" in texts["minutes"]
    assert "没有写的数按 0 印" in texts["minutes"] and "写成 2025-01-29" in texts["minutes"]


def test_a_placeholder_of_what_it_is_based_on_is_told(gathered: Supplies) -> None:
    for law in ("《某某规定》", "《某某省政府信息公开办法》"):
        _, errors = read(SAMPLE.read_text("utf-8") + f"依据: [{law}]\n", gathered)
        assert errors == ["X14"]


def test_rules_for_every_kind_rest_on_nothing_of_the_first_in_another(gathered: Supplies) -> None:
    for form in gathered.forms:
        bases = {rule.code: rule.basis for rule in rules_for(form)}
        first = [code for code, basis in bases.items() if re.search("《条例》|国办公开办函|年报格式", basis)]
        assert all(bases.values()) and bool(first) is form.ordinary
    assert {rule.code: rule.basis for rule in rules_for(gathered.forms[-1])}["X17"] == "《个人信息保护法》"


def test_a_templates_folder_of_the_older_shape_is_of_the_ordinary_kind(tmp_path: Path) -> None:
    kind = ROOT / "templates" / "open_government"
    shared = yaml.safe_load((kind / "kind.yaml").read_text("utf-8"))
    old = {key: shared[key] for key in ("name", "levels", "scopes")}
    data = old | yaml.safe_load((kind / "2021" / "form.yaml").read_text("utf-8"))
    (tmp_path / "2021").mkdir()
    (tmp_path / "2021" / "form.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    (tmp_path / "2021" / "report.docx").write_bytes(b"the office's own")
    own = supplies(tmp_path)
    assert [form.id for form in forms_of(own.forms)] == ["2021"]
    assert own.templates["2021"] == b"the office's own" and LAWS in {form.name for form in own.forms}
