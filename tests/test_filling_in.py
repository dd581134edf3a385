"""The workbook that a clerk fills in: nothing is lost in and out, and every cell is read as seen."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from found import without_places
from made import gathered, text_of
from reportgen import cli
from reportgen.clerk_file.sheets import MORE, ORGAN, REMARKS, WORDS, figures_of, letters
from reportgen.examining import Material, examine
from reportgen.model.form import CellKey, Form, form_for
from reportgen.model.report import Report
from reportgen.problems import Place
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import parts_of
from reportgen.sources.xlsx import SOURCE
from sheets import book_of, changed, edited, examined, made_of
from test_workbook import recalculated

MOST = 100_000_000
FORMS = gathered().forms
TABLES = """
主动公开: {行政规范性文件: {本年制发件数: 3, 现行有效件数: {值: 12, 注: 其中修订2件}}, 行政许可: 1250}
申请:
  本年新收: {自然人: 25, 商业企业: 1}
  予以公开: {自然人: 20, 商业企业: 1}
  不予公开: {保护第三方合法权益: {自然人: 3}}
  结转下年度: {自然人: 2}
复议诉讼: {行政复议: {结果维持: 1}}
"""
OLD_TABLES = "主动公开: 全部为零\n" + TABLES[TABLES.index("申请:") :]


def report_of(text: str) -> Report:
    """The report that a clerk's YAML says."""
    report = examine(Material("年报.yaml", text.encode()), gathered()).report
    assert report is not None
    return report


def at(form: Form, row: str, column: str) -> tuple[str, str]:
    """Sheet and name of a figure's cell."""
    key = CellKey(row, column)
    line, place = figures_of(form.index[key][0])[key]
    return form.index[key][0].name, f"{letters(place)}{line}"


NEW = at(FORMS[-1], "new", "person")
NEW_TOTAL = at(FORMS[-1], "new", "total")


def told(content: bytes, code: str) -> list[tuple[str, str]]:
    """Place and message of each finding of a code."""
    found = [each for each in examined(content).findings if each.code == code]
    return [(each.places[0].words, each.message) for each in found]


# ── in and out ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [text_of(2023, TABLES), text_of(2020), text_of(2020, OLD_TABLES)])
def test_a_report_comes_back_as_it_was(text: str) -> None:
    outcome = examined(book_of(text))
    assert outcome.report is not None
    assert without_places(outcome.report) == without_places(report_of(text))
    before = examine(Material("年报.yaml", text.encode()), gathered()).findings
    assert [each.code for each in outcome.findings] == [each.code for each in before]


def test_answers_a_documents_own_words_and_units_come_back() -> None:
    more = (
        "标题: [甲县乙镇, 2023年年报]\n核对: {N09: 口径不同, X10: {一句话: 已查}}\n"
        "原文: {章标题: [一、总况, 二、公开], 行名: {予以公开: （一）公开}, 落款: 甲县乙镇政府}\n"
        "汇总单位: [甲, 乙]\n缺报单位: [丙]\n"
    )
    text = text_of(more=more)
    back = examined(book_of(text)).report
    assert back is not None
    report = report_of(text)
    assert without_places(back) == without_places(report)
    assert [each[:2] + each[3:] for each in back.answers] == [each[:2] + each[3:] for each in report.answers]
    assert (back.units, back.lacking) == (("甲", "乙"), ("丙",))
    assert back.layout.signed is not None
    assert back.layout.signed.text == "甲县乙镇政府"


def test_the_same_report_gives_the_same_bytes() -> None:
    assert made_of(text_of()) == made_of(text_of())


@pytest.mark.parametrize("typed", ["=1+1", "+86 0535", "-乙镇", "@甲县", "'引号", "_x0041_"])
def test_text_that_begins_like_a_formula_stays_text(typed: str) -> None:
    text = text_of().replace("简称: 乙镇", f'简称: "{typed}"')
    cells = load_workbook(io.BytesIO(book_of(text)))[ORGAN]
    cell = next(row[1] for row in cells.iter_rows() if row[0].value == "简称")
    assert (cell.value, cell.data_type) == (typed, "s")
    back = examined(book_of(text)).report
    assert back is not None
    assert back.organ.short == typed


@pytest.mark.parametrize("typed", ["010", "12.50", "1,250", "/", "3件", "１２"])
def test_a_figure_that_is_no_plain_number_stays_as_it_was_typed(typed: str) -> None:
    text = text_of(2023, TABLES.replace("行政许可: 1250", f"行政许可: '{typed}'"))
    back = examined(book_of(text)).report
    assert back is not None
    key = CellKey("permits", "decisions")
    assert back.cells[key].raw == report_of(text).cells[key].raw == typed


# ── what a clerk types ───────────────────────────────────────────────────────────────────────────────


def test_a_place_names_sheet_and_cell() -> None:
    outcome = examined(changed(book_of(text_of(2023, TABLES)), {NEW: "廿五"}))
    place = next(each.places[0] for each in outcome.findings if "new.person" in each.about)
    assert place.words == "工作表“申请”的 D6 格"
    assert place.as_json() == {"file": "年报.xlsx", "sheet": "申请", "cell": "D6"}
    assert Place("a.xlsx", column=28, table=1, row=3, sheet="甲").cell == "AB3"


def test_a_number_typed_over_a_total_is_judged() -> None:
    content = changed(book_of(text_of(2023, TABLES)), {NEW_TOTAL: 27})
    assert any(f"“申请”的 {NEW_TOTAL[1]} 格" in where for where, _ in told(content, "T3-03"))


def test_a_formula_in_a_cell_to_fill_in_counts_with_what_was_reckoned_from_it() -> None:
    content = changed(book_of(text_of(2023, TABLES)), {NEW: "=12+13"})
    assert [where for where, _ in told(content, "F33")] == [f"工作表“申请”的 {NEW[1]} 格"]
    parts = parts_of(content, MOST)
    sheet = next(name for name, part in parts.items() if b"<f>12+13</f>" in part)
    reckoned = parts[sheet].replace(b"<f>12+13</f><v></v>", b"<f>12+13</f><v>25</v>")
    report = examined(packed({**parts, sheet: reckoned})).report
    assert report is not None
    assert report.value("new", "person") == 25


def test_a_blank_cell_is_told_and_never_taken_for_zero() -> None:
    content = changed(book_of(text_of(2023, TABLES)), {NEW: None})
    assert [where for where, _ in told(content, "C01")] == [f"工作表“申请”的 {NEW[1]} 格"]


def test_a_sheet_that_is_gone_is_a_table_that_nobody_wrote() -> None:
    content = edited(book_of(text_of()), lambda book: book.remove(book["申请"]))
    assert [message for _, message in told(content, "F13")] == ["没有写“申请”这张表"]


def test_a_row_put_into_a_table_is_told_by_the_labels() -> None:
    content = edited(book_of(text_of(2023, TABLES)), lambda book: book["申请"].insert_rows(8))
    assert "这一格应是“三、本年度办理结果”" in told(content, "F31")[0][1]


def test_a_year_of_another_form_is_told_by_the_labels() -> None:
    sheet = load_workbook(io.BytesIO(book_of(text_of())))[ORGAN]
    year = next(f"B{row[0].row}" for row in sheet.iter_rows() if row[0].value == "年度")
    assert told(changed(book_of(text_of()), {(ORGAN, year): 2020}), "F31")


def test_rows_of_prose_are_paragraphs_and_a_row_without_a_name_goes_on() -> None:
    def edit(book: Any) -> None:
        sheet: Worksheet = book[WORDS]
        row = next(row[0].row for row in sheet.iter_rows() if row[0].value == "存在问题")
        assert row is not None
        sheet.insert_rows(row + 1, 2)
        sheet.cell(row + 1, 2, "第二段。")
        sheet.cell(row + 2, 1, "存在问题")
        sheet.cell(row + 2, 2, "第三段，引用{{ 申请.本年新收.总计 }}件。")

    report = examined(edited(book_of(text_of(2023, TABLES)), edit)).report
    assert report is not None
    assert [each.text for each in report.prose["problems"]][1:] == ["第二段。", "第三段，引用26件。"]


def test_a_quote_that_names_nothing_is_told_with_its_cell() -> None:
    text = text_of(end="\n存在问题: 引用{{ 申请.没有.总计 }}件。\n")
    assert told(book_of(text), "F21")[0][0].startswith("工作表“文字”的 B")


def test_a_sheet_of_the_clerks_own_is_told_and_last_years_is_not() -> None:
    last = report_of(text_of(2022))
    content = made_of(text_of(), last)
    assert load_workbook(io.BytesIO(content)).sheetnames[-3:] == [
        "去年 主动公开",
        "去年 申请",
        "去年 复议诉讼",
    ]
    assert told(content, "F32") == []

    def edit(book: Any) -> None:
        book.create_sheet("草稿")["B2"] = "记着"

    assert told(edited(content, edit), "F32") == [("工作表“草稿”", "工作表“草稿”没有读")]


def test_a_date_that_excel_made_of_what_was_typed_is_the_date() -> None:
    sheet = load_workbook(io.BytesIO(book_of(text_of())))[ORGAN]
    cell = next(f"B{row[0].row}" for row in sheet.iter_rows() if row[0].value == "成文日期")
    report = examined(changed(book_of(text_of()), {(ORGAN, cell): date(2024, 1, 9)})).report
    assert report is not None
    assert report.date == date(2024, 1, 9)


def test_a_remark_and_an_answer_can_be_typed() -> None:
    def edit(book: Any) -> None:
        book[REMARKS].append(["申请", "不予公开·保护第三方合法权益", "自然人", "已复核"])
        book[REMARKS].append(["申请", "没有的行", "自然人", "注"])
        book[MORE].append(["核对", "X10", None, "没有发生"])

    outcome = examined(edited(book_of(text_of(2023, TABLES)), edit))
    assert outcome.report is not None
    assert outcome.report.cells[CellKey("deny_4", "person")].remark == "已复核"
    assert [(each.code, each.words) for each in outcome.report.answers] == [("X10", "没有发生")]
    assert any("没有的行" in each.message for each in outcome.findings if each.code == "F17")


# ── how it looks ─────────────────────────────────────────────────────────────────────────────────────


def test_only_cells_to_fill_in_are_open_and_they_take_numbers_from_zero() -> None:
    book = load_workbook(io.BytesIO(book_of(text_of(2023, TABLES))))
    sheet = book["申请"]
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    form = FORMS[-1]
    inputs = {
        at(form, *key)[1] for key in form.index if form.index[key][0].name == "申请" and key not in form.parts
    }
    assert open_cells == inputs
    assert sheet.protection.sheet
    assert not sheet.protection.password
    [rule] = sheet.data_validations.dataValidation
    assert (rule.type, rule.operator, rule.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert sheet.freeze_panes == "D6"
    assert sheet.print_area


def test_every_identity_of_the_form_stands_in_the_sheet() -> None:
    for form in FORMS:
        book = load_workbook(io.BytesIO(book_of(text_of(form.since))))
        words = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        assert all(f"{code}：" in words for code in form.pages)


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("year", [2020, 2023])
def test_calc_reckons_the_reports_totals_and_every_sum_balances(year: int, tmp_path: Path) -> None:
    text = text_of(year, TABLES if year > 2020 else OLD_TABLES)
    form, report = form_for(year, FORMS), report_of(text)
    book = recalculated(book_of(text), tmp_path)
    for key in form.index:
        sheet, cell = at(form, *key)
        assert book[sheet][cell].value == report.value(*key), key
    values = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert values.count("相等") == sum(1 for _ in form.equations())
    assert [value for value in values if value.startswith(("#", "差"))] == []


@pytest.mark.office
@pytest.mark.slow
def test_what_calc_saved_is_read_as_the_same_report_and_a_broken_sum_shows(tmp_path: Path) -> None:
    content = changed(book_of(text_of(2023, TABLES)), {NEW: 26})
    book = recalculated(content, tmp_path)
    values = [str(cell.value) for row in book["申请"].iter_rows() for cell in row]
    assert values.count("差1") == 2  # the column of persons, and that of totals
    saved = (tmp_path / "out" / "汇总.xlsx").read_bytes()
    report, again = examined(content).report, examined(saved).report
    assert report is not None
    assert again is not None
    assert without_places(again) == without_places(report)


# ── strangers' files ─────────────────────────────────────────────────────────────────────────────────


def other(parts: dict[str, bytes | None]) -> bytes:
    """A report's workbook with other parts, or without them."""
    own: dict[str, bytes | None] = {**parts_of(book_of(text_of()), MOST), **parts}
    return packed({name: part for name, part in own.items() if part is not None})


def relation(kind: str, target: str, mode: str = "") -> bytes:
    """A list of relationships with one of this kind."""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="http://a/{kind}" Target="{target}" {mode}/></Relationships>'
    ).encode()


_CONTENT = "[Content_Types].xml"
_PLAIN, _MACRO = b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.macroEnabled.main+xml"
_SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是能打开的"),
        (b"PK\x03\x04", "不是能打开的"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "旧格式"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (packed({"a": b"b"}), "不是 .xlsx"),
    ],
)
def test_what_is_no_workbook_is_told(content: bytes, said: str) -> None:
    assert said in told(content, "F34")[0][1]


def test_macros_links_objects_and_entities_are_refused() -> None:
    types = parts_of(book_of(text_of()), MOST)[_CONTENT]
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><worksheet/>'
    refused = {
        "宏": {_CONTENT: types.replace(_PLAIN, _MACRO)},
        "文件以外": {rels: relation("externalLinkPath", "file:///c:/a.xlsx", 'TargetMode="External"')},
        "控件": {rels: relation("oleObject", "../embeddings/a.bin")},
        "实体": {_SHEET: bomb},
    }
    for word, parts in refused.items():
        assert word in told(other({**parts}), "F34")[0][1]
    wide = bomb.decode().encode("utf-16")
    assert "实体" in told(other({_SHEET: wide}), "F34")[0][1]


def test_every_damaged_part_is_told_and_nothing_worse() -> None:
    parts = parts_of(book_of(text_of()), MOST)
    for number, name in enumerate(parts):
        damaged = {**parts, name: b"<a/>"} if number % 2 else {**parts}
        if number % 2 == 0:
            del damaged[name]
        SOURCE.read(packed(damaged), "年报.xlsx", FORMS)


def test_a_workbook_with_a_flood_of_styles_is_refused_before_it_is_opened() -> None:
    flood = b"<styleSheet>" + b"<xf/>" * 100_000 + b"</styleSheet>"
    assert "太大" in told(other({"xl/styles.xml": flood}), "F34")[0][1]


def test_another_workbook_is_told_what_it_is_not() -> None:
    held = io.BytesIO()
    Workbook().save(held)
    assert "没有“基本情况”这张工作表" in told(held.getvalue(), "F34")[0][1]


@pytest.mark.parametrize("name", ["年报.xls", "年报.xlsm", "年报.et"])
def test_other_kinds_of_workbooks_are_told_how_to_be_saved(name: str) -> None:
    [finding] = examined(b"", name).findings
    assert "另存为 .xlsx" in finding.fix


def test_the_way_to_answer_is_told_as_a_row_of_the_workbook() -> None:
    text = text_of(said="")
    fixes = [each.fix for each in examined(book_of(text)).findings if each.code == "X24"]
    assert "在工作表“其他项目”里写一行" in fixes[0]


# ── the commands ─────────────────────────────────────────────────────────────────────────────────────


def run(*words: object) -> int:
    """The exit code of a command."""
    return cli.main([str(word) for word in words])


def test_new_read_and_check_take_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last, book, text = tmp_path / "2022.yaml", tmp_path / "2023.xlsx", tmp_path / "2023.yaml"
    last.write_text(text_of(2022, TABLES), "utf-8")
    assert run("new", book, "--year", 2023, "--last", last) == 0
    assert "请用 Excel 或 WPS 打开填写" in capsys.readouterr().out
    report = examined(book.read_bytes()).report
    assert report is not None
    assert report.value("carry_in", "person") == 2
    assert load_workbook(book)["去年 申请"]["D6"].value == 25
    assert run("check", book) == 1
    assert "工作表“申请”的 D6 格" in capsys.readouterr().out
    assert run("read", book, "--out", text) == 0
    assert "  上年结转: {自然人: 2}" in text.read_text("utf-8")


def test_what_no_sheet_could_hold_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, book = tmp_path / "2023.yaml", tmp_path / "2023.xlsx"
    text.write_text(text_of(more="没有的项目: 甲\n"), "utf-8")
    assert run("read", text, "--out", book) == 1
    assert "没有写成 .xlsx" in capsys.readouterr().err
    assert not book.exists()


def test_of_a_folder_reports_are_taken_and_other_workbooks_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "甲.xlsx").write_bytes(book_of(text_of()))
    (tmp_path / "乙.xlsx").write_bytes(book_of(text_of()))
    (tmp_path / "乙.yaml").write_text(text_of(), "utf-8")
    Workbook().save(tmp_path / "名单.xlsx")
    assert run("check", tmp_path) == 0
    told_of = capsys.readouterr().out
    assert all(name in told_of for name in ("甲.xlsx", "乙.yaml"))
    assert all(name not in told_of for name in ("乙.xlsx", "名单.xlsx"))


def test_a_roll_up_adds_workbooks_up(tmp_path: Path) -> None:
    units, out = tmp_path / "各单位", tmp_path / "全县.yaml"
    units.mkdir()
    for name in ("乙镇", "丙镇"):
        text = text_of(2023, TABLES).replace("甲县乙镇人民政府", f"甲县{name}人民政府")
        (units / f"{name}.xlsx").write_bytes(book_of(text))
    run("rollup", units, "--organ", "甲县人民政府", "--out", out)
    report = examine(Material("全县.yaml", out.read_bytes()), gathered()).report
    assert report is not None
    assert report.value("new", "person") == 50
