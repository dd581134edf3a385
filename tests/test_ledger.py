"""The ledger of applications into table three: every row counts once or is named."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from made import gathered, text_of
from reportgen import cli
from reportgen.examining import Material, examine
from reportgen.ledger import Counted, counted
from reportgen.ledger.words import day_of, folded, results
from reportgen.model.form import CellKey, form_for, forms_of
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import parts_of
from reportgen.workbook import sheets_of

FORM = form_for(2025, gathered().forms)
HEAD = ("序号", "申请人类型", "收到日期", "办理结果", "答复日期")
SIX = (
    (1, "自然人", date(2025, 3, 4), "予以公开", date(2025, 3, 20)),
    (2, "公民", "2025.3.5", "部分公开", "2025年4月1日"),
    (3, "公司", "20250306", "不予公开—国家秘密", "2025-4-2"),
    (4, "律师事务所", "2025年3月7日", "办理中", ""),
    (5, "自然人", "2024-12-30", "不属于本机关", "2025/1/8"),
    (6, "科研机构", "2025-12-30", "予以公开", "2026-1-9"),
)


def book(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these sheets, called 一, 二 and 三."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in zip("一二三", sheets, strict=False):
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def count(*rows: Sequence[object], head: Sequence[object] = HEAD, year: int = 2025) -> Counted:
    """What a ledger with these rows says."""
    form = form_for(year, gathered().forms)
    return counted(sheets_of(book([head, *rows])), "台账.xlsx", form, year)


def said(found: Counted) -> dict[str, int]:
    """The figures that are not zero, by key."""
    return {str(key): number for key, number in found.cells.items() if number}


def unclear(found: Counted) -> list[tuple[str, str]]:
    """Cells and reasons of rows that are not understood."""
    return [(row.place.cell, row.why) for row in found.unclear]


def test_every_row_counts_as_it_came_and_as_it_went() -> None:
    found = count(*SIX)
    assert unclear(found) == []
    assert said(found) == {
        "new.person": 2,
        "new.business": 1,
        "new.research": 1,
        "new.legal": 1,
        "carry_in.person": 1,
        "open.person": 1,
        "partial.person": 1,
        "deny_1.business": 1,
        "unable_1.person": 1,
        "carry_out.research": 1,
        "carry_out.legal": 1,
    }


def test_what_comes_in_always_equals_what_goes_out() -> None:
    found = count(*SIX)
    done = found.rows - found.of("carry_out")
    assert found.of("new") + found.of("carry_in") == done + found.of("carry_out") == 6


def test_what_was_received_later_or_answered_before_does_not_count() -> None:
    found = count(("", "自然人", "2026-1-2", "", ""), ("", "", "2023-1-2", "", "2024-1-2"))
    assert (found.rows, found.later, found.earlier, found.unclear) == (0, 1, 1, [])


@pytest.mark.parametrize(
    ("row", "cell", "why"),
    [
        (("", "外星人", "2025-1-2", "公开", "2025-1-3"), "B2", "不认识申请人类型“外星人”"),
        (("", "", "2025-1-2", "公开", "2025-1-3"), "B2", "没有写申请人类型"),
        (("", "自然人", "", "公开", "2025-1-3"), "C2", "没有写收到日期"),
        (("", "自然人", "三月", "公开", "2025-1-3"), "C2", "“三月”不是日期"),
        (("", "自然人", "2025-2-30", "公开", "2025-3-3"), "C2", "没有这一天"),
        (("", "自然人", 45720, "公开", "2025-3-3"), "C2", "Excel 的日期序号"),
        (("", "自然人", "2025-1-2", "不给", "2025-1-3"), "D2", "不认识办理结果“不给”"),
        (("", "自然人", "2025-1-2", "不予公开", "2025-1-3"), "D2", "要写明是哪一种：属于国家秘密"),
        (("", "自然人", "2025-1-2", "", "2025-1-3"), "D2", "没有办理结果"),
        (("", "自然人", "2025-1-2", "公开", ""), "E2", "没有答复日期"),
        (("", "自然人", "2025-1-2", "公开", "2025-1-1"), "E2", "早于收到日期"),
        (("小计", "", "", "", ""), "C2", "没有写收到日期"),
    ],
)
def test_a_row_that_is_not_understood_is_named_with_its_cell(
    row: Sequence[object], cell: str, why: str
) -> None:
    found = count(row)
    assert found.rows == 0
    assert any(at == cell and why in said_why for at, said_why in unclear(found))


def test_heads_may_stand_lower_in_another_order_and_under_other_names() -> None:
    rows = [["依申请公开台账"], [], ["答复时间", "姓名", "答复结果", "申请人类别", "申请日期", "收件日期"]]
    rows += [["2025-2-1", "", "信息不存在", "法人或其他组织-商业企业", "2024-12-1", "2025-1-1"]]
    found = counted(sheets_of(book(rows)), "台账.xlsx", FORM, 2025)
    assert said(found) == {"new.business": 1, "unable_1.business": 1}
    assert found.columns[0][1]["收到日期"] == ("收件日期", "F3")


def test_a_column_that_is_missing_is_told_with_what_it_may_be_called() -> None:
    found = count(("1", "自然人", "2025-1-1", "公开"), head=HEAD[:4])
    assert "没有“答复日期”这一列（可以叫：答复日期、答复时间" in unclear(found)[0][1]


def test_every_sheet_with_heads_counts_and_others_are_told() -> None:
    content = book([HEAD, SIX[0]], [HEAD, SIX[1]], [["说明", "见制度"]])
    found = counted(sheets_of(content), "台账.xlsx", FORM, 2025)
    assert found.rows == 2
    assert [row.place.words for row in found.unread] == ["工作表“三”"]


def test_rows_that_a_clerk_leaves_out_do_not_count_and_are_told() -> None:
    sheets = sheets_of(book([HEAD, SIX[0], ("小计", 1)], [HEAD, SIX[1], SIX[2]]))
    found = counted(sheets, "台账.xlsx", FORM, 2025, {("", 3), ("二", 2)})
    assert (found.rows, found.left_out, found.unclear) == (1, 3, [])


def test_every_result_of_each_form_is_known_by_its_label_with_and_without_its_group() -> None:
    for each in forms_of(gathered().forms):
        table = each.tables[1]
        for _, row, _ in table.cells():
            if row.key not in ("new", "carry_in", "carry_out", "total"):
                group, name = row.names[0], row.names[-1]
                grouped = [f"{group}（{name}）"] if len(row.names) > 1 else []
                for word in (name, row.path[-1], "-".join(row.names), *grouped):
                    assert results(each)[folded(word)] == row.key, word


def test_withdrawn_is_other_in_both_forms() -> None:
    row = ("1", "自然人", "{}-1-1", "申请人撤回", "{}-1-2")
    for year, key in ((2020, "other.person"), (2025, "other_3.person")):
        assert key in said(count([str(cell).format(year) for cell in row], year=year))


@pytest.mark.parametrize(
    "typed",
    [
        "2025-3-4",
        "2025.3.4",
        "2025年3月4日",
        "20250304",
        "2025/03/04",
        "２０２５．３．４",
        "2025-03-04 08:30",
    ],
)
def test_days_are_read_as_offices_write_them(typed: str) -> None:
    assert day_of(typed) == (date(2025, 3, 4), "")


def test_a_day_with_a_time_is_that_day() -> None:
    assert said(count(("1", "自然人", datetime(2025, 3, 4, 23, 50), "公开", "2025-3-5")))["new.person"] == 1


def test_texts_that_other_programs_save_in_pieces_are_read_as_openpyxl_reads_them() -> None:
    pieces = {
        "<si><r><t>予以</t></r><r><rPr><b/></rPr><t xml:space='preserve'>公开 </t></r></si>": "予以公开 ",
        "<si><t>公民</t><rPh sb='0' eb='2'><t>gongmin</t></rPh><phoneticPr fontId='1'/></si>": "公民",
        "<si><t/></si>": "",
        "<si><t>a_x005F_b</t></si>": "a_b",
    }
    space = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    cells = "".join(f"<c t='s'><v>{number}</v></c>" for number in range(len(pieces)))
    parts = parts_of(book([["text"]]), 10**6)
    parts["xl/sharedStrings.xml"] = f"<sst {space}>{''.join(pieces)}</sst>".encode()
    parts["xl/worksheets/sheet1.xml"] = (
        f"<worksheet {space}><sheetData><row>{cells}</row></sheetData></worksheet>".encode()
    )
    listed = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{listed}"/></Types>'.encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", part)
    saved = packed(parts)
    row = next(load_workbook(io.BytesIO(saved)).worksheets[0].iter_rows(values_only=True))
    assert [value or "" for value in row] == list(pieces.values())
    assert next(iter(sheets_of(saved).values()))[0] == tuple(pieces.values())


def test_five_thousand_rows_are_counted_each() -> None:
    rows = [(at, "自然人", "2025-3-4", "公开", "2025-3-20") for at in range(5_000)]
    found = count(*rows)
    assert (found.rows, found.cells[CellKey("open", "person")]) == (5_000, 5_000)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────

TABLES = """
主动公开: 全部为零
申请:          # 数字取自台账
  # 今年新收的
  本年新收: {自然人: 9, 商业企业: 1, 总计: 10}
  上年结转: {自然人: 1}   # 去年的
  予以公开: {自然人: {值: 9, 注: 含一件补办}, 商业企业: 2}
  部分公开: {自然人: 0}

复议诉讼: 全部为零
"""


def run(*words: object) -> int:
    """The exit code of a command."""
    return cli.main([str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a ledger and a report."""
    (tmp_path / "台账.xlsx").write_bytes(book([HEAD, *SIX]))
    (tmp_path / "2025.yaml").write_text(text_of(2025, TABLES), "utf-8")
    return tmp_path


def test_the_yaml_keeps_its_comments_and_all_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = folder / "2025.yaml"
    before = into.read_text("utf-8")
    assert run("ledger", folder / "台账.xlsx", "--into", into) == 0
    after = into.read_text("utf-8")
    assert "申请:          # 数字取自台账\n  # 今年新收的\n" in after
    assert "  本年新收: {自然人: 2, 商业企业: 1, 科研机构: 1, 法律服务机构: 1, 总计: 5}\n" in after
    assert "  上年结转: {自然人: 1}   # 去年的\n" in after
    assert "  予以公开: {自然人: {值: 1, 注: 含一件补办}, 商业企业: 0}\n" in after
    start, end = "申请:", "复议诉讼:"
    assert before.partition(start)[0] == after.partition(start)[0]
    assert before.partition(end)[2] == after.partition(end)[2]
    told = capsys.readouterr().out
    assert "申请·本年新收·自然人：9 → 2" in told
    [kept] = folder.glob("2025*备份*")
    assert kept.read_text("utf-8") == before
    codes = {each.code for each in examine(Material("2025.yaml", after.encode()), gathered()).findings}
    assert not codes & {"T3-01", "T3-02", "T3-03"}


def test_a_second_run_finds_nothing_to_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("ledger", folder / "台账.xlsx", "--into", folder / "2025.yaml")
    assert (run(*words), run(*words)) == (0, 0)
    assert "没有要改的" in capsys.readouterr().out
    assert len(list(folder.glob("2025*备份*"))) == 1


@pytest.mark.parametrize("table", ["申请: 全部为零\n", "申请:\n", ""])
def test_a_table_that_says_nothing_yet_is_filled(folder: Path, table: str) -> None:
    into = folder / "2025.yaml"
    into.write_text(text_of(2025, f"主动公开: 全部为零\n{table}复议诉讼: 全部为零\n"), "utf-8")
    assert run("ledger", folder / "台账.xlsx", "--into", into) == 0
    report = examine(Material("2025.yaml", into.read_bytes()), gathered()).report
    assert report is not None
    assert report.value("new", "total") == 5
    assert report.value("carry_out", "total") == 2


def test_nothing_is_written_while_a_row_is_not_understood(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "台账.xlsx").write_bytes(book([HEAD, *SIX, (7, "自然人", "2025-5-5", "说不清", "2025-6-6")]))
    into = folder / "2025.yaml"
    before = into.read_bytes()
    assert run("ledger", folder / "台账.xlsx", "--into", into) == 1
    assert into.read_bytes() == before
    told = capsys.readouterr().out
    assert "工作表“一”的 D8 格：不认识办理结果“说不清”" in told
    assert run("ledger", folder / "台账.xlsx", "--into", into, "--leave-out", "8") == 0
    assert "用 --leave-out 去掉的有 1 行" in capsys.readouterr().out


def test_without_a_report_it_only_tells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", folder / "台账.xlsx", "--year", "2025") == 0
    assert (
        "2025年度计 6 件：本年新收 5，上年结转 1，办理结果总计 4，结转下年度 2。" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--into", "a.xlsx"),
        ("--into", "a.yaml", "--year", "2025"),
        ("--year", "2025", "--leave-out", "x"),
    ],
)
def test_words_that_do_not_fit_are_answered_with_usage(folder: Path, words: tuple[str, ...]) -> None:
    assert run("ledger", folder / "台账.xlsx", *words) == 2


def test_what_is_no_ledger_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "台账.xlsx").write_bytes(book([["甲", "乙"]]))
    assert run("ledger", folder / "台账.xlsx", "--year", "2025") == 1
    assert "没有一张工作表有台账的表头" in capsys.readouterr().out
    (folder / "台账.xlsx").write_bytes(b"no book")
    assert run("ledger", folder / "台账.xlsx", "--year", "2025") == 4
