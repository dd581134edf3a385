"""The workbook of a roll-up: its cells, what Calc reckons from them, and that text stays text."""

import io
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from made import gathered as supplies_of_repository
from reportgen import clerk_file
from reportgen.examining import examine
from reportgen.model.form import CellKey, form_for
from reportgen.model.layout import grid_of
from reportgen.model.report import Report
from reportgen.model.units import Expected, Unit, Units
from reportgen.pipeline import Material
from reportgen.problems import Finding, Level
from reportgen.rollup import About, Asked, drafted, gathered
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import parts_of
from reportgen.workbook import Book, NoWorkbook, is_untouched, made, rows_of
from rollups import FORM, broken, text, units_of

TOWN, OFFICE = "甲县乙镇人民政府", "甲县公安局"
SHEETS = ["年报", "表二 主动公开", "表三 申请", "表四 复议诉讼", "报送情况", "问题", "图"]
MOST = 100_000_000


def report_of(units: Units) -> Report:
    """The report of a roll-up."""
    content = clerk_file.write(drafted(units, About("甲县人民政府", "县级政府")), units.form)
    report = examine(Material("汇总.yaml", content.encode()), supplies_of_repository()).report
    assert report is not None
    return report


def book_of(units: Units, *findings: Finding, last: Report | None = None) -> bytes:
    """The workbook of a roll-up."""
    return made(Book(units, report_of(units), findings, last))


def opened(content: bytes) -> Any:
    """The workbook as openpyxl reads it: formulas as they were written."""
    return load_workbook(io.BytesIO(content))


def recalculated(content: bytes, folder: Path) -> Any:
    """The workbook as Calc saves it: the numbers that its formulas give."""
    soffice = os.environ.get("REPORTGEN_SOFFICE") or shutil.which("soffice")
    assert soffice, "this test is about the real LibreOffice"
    path = folder / "汇总.xlsx"
    path.write_bytes(content)
    command = [soffice, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return load_workbook(folder / "out" / "汇总.xlsx", data_only=True)


def printed(sheet: Any) -> list[Decimal]:
    """The figures of the sheet that looks like the form, in its order."""
    numbers = (cell.value for row in sheet.iter_rows() for cell in row)
    return [Decimal(str(value)) for value in numbers if isinstance(value, int | float)]


THREE = [text(TOWN, 10, 8, permits=5), text(OFFICE, 7, permits=2), text("=甲县财政局", 3)]


def test_there_is_a_sheet_for_each_table_and_each_list() -> None:
    assert opened(book_of(units_of(THREE))).sheetnames == SHEETS


def test_every_unit_has_a_row_under_live_sums() -> None:
    sheet = opened(book_of(units_of(THREE)))["表二 主动公开"]
    assert [sheet.cell(row, 2).value for row in (4, 5, 6, 7)] == [
        "合计（3 个单位）",
        "=甲县财政局",
        TOWN,
        OFFICE,
    ]
    permits = next(column for column in range(3, 20) if sheet.cell(2, column).value == "行政许可")
    assert [sheet.cell(row, permits).value for row in (4, 5, 6, 7)] == ["=SUM(I5:I7)", 0, 5, 2]
    assert sheet.freeze_panes == "C5"
    assert sheet.print_title_rows == "$2:$4"


def test_a_name_that_begins_like_a_formula_stays_text() -> None:
    cell = opened(book_of(units_of(THREE)))["表二 主动公开"]["B5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=甲县财政局", "s", True)


def test_signs_that_no_workbook_may_hold_are_left_out() -> None:
    finding = Finding("G02", Level.ERROR, "缺\x00一\x0b份", fix="+催报")
    sheet = opened(book_of(units_of(THREE), finding))["问题"]
    assert [cell.value for cell in sheet[3]][:3] == ["错误", "G02", "缺一份"]
    assert sheet["F3"].data_type == "s"


def test_fonts_are_the_official_ones() -> None:
    book = opened(book_of(units_of(THREE)))
    names = {cell.font.name for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert names == {"宋体", "黑体"}


def test_the_same_units_give_the_same_bytes() -> None:
    assert book_of(units_of(THREE)) == book_of(units_of(THREE))


def test_who_handed_in_is_listed_the_missing_first() -> None:
    due = date(2024, 1, 10)
    roster = (Expected(TOWN, due), Expected(OFFICE), Expected("甲县卫生局", due))
    sheet = opened(book_of(units_of([text(TOWN, 1), broken(OFFICE)], roster)))["报送情况"]
    rows = [[cell.value for cell in row][:5] for row in sheet.iter_rows(min_row=3)]
    assert rows[0][:4] == ["甲县卫生局", "缺报", None, "2024-01-10"]
    assert rows[1][:2] == [OFFICE, "没有计入：有错误"]
    assert rows[2] == [TOWN, "已计入，迟报", "2024-01-18", "2024-01-10", 0]


def test_charts_show_units_and_results() -> None:
    sheet = opened(book_of(units_of(THREE)))["图"]
    assert len(sheet._charts) == 2
    assert [sheet.cell(row, 1).value for row in (3, 4, 5)] == [TOWN, OFFICE, "=甲县财政局"]


def test_charts_stand_below_each_other() -> None:
    many = [text(f"甲县第{number}局", number) for number in range(1, 31)]
    first, second = opened(book_of(units_of(many)))["图"]._charts
    row_height = 15 * 2.54 / 72  # 15 pt, in cm
    bottom = first.anchor._from.row + first.anchor.ext.height / 360_000 / row_height
    assert bottom <= second.anchor._from.row


def test_without_any_unit_there_is_a_workbook_all_the_same() -> None:
    assert opened(book_of(units_of([])))["表三 申请"]["C4"].value == "=SUM(C5:C5)"


@pytest.mark.office
@pytest.mark.slow
def test_calc_reckons_the_reports_own_figures(tmp_path: Path) -> None:
    last = report_of(units_of([text(TOWN, 16, permits=1)]))
    units = units_of([*THREE, text("甲县卫生局", 4).replace("行政许可: 0", "行政事业性收费: 31.25")])
    report = report_of(units)
    book = recalculated(made(Book(units, report, (), replace(last, year=2022))), tmp_path)
    figures = [report.cells[cell.key].value for table in FORM.tables for cell in in_order(table)]
    assert printed(book["年报"]) == figures
    change = {row[0].value: [cell.value for cell in row[1:]] for row in book["同比"].iter_rows(min_row=3)}
    assert change["申请·本年新收·总计"] == [16, 24, 8, 0.5]
    results = {row[0].value: row[1].value for row in book["图"].iter_rows()}
    assert results["予以公开"] == report.value("open", "total")
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [value for value in values if isinstance(value, str) and value.startswith("#")] == []


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize(("year", "many"), [(2020, 3), (2023, 70)])
def test_calc_reckons_any_figures_of_both_forms(year: int, many: int, tmp_path: Path) -> None:
    form, random = form_for(year, supplies_of_repository().forms), Random(year)
    units = [
        Unit(
            f"甲县第{at}局",
            f"{at}.yaml",
            year,
            tuple(Decimal(random.randrange(90)) / 4 for _ in form.index),
            kind=form.name,
        )
        for at in range(many)
    ]
    rolled = gathered(units, Asked(form, year))
    book = recalculated(book_of(rolled), tmp_path)
    assert printed(book["年报"]) == [
        rolled.totals[cell.key] for table in form.tables for cell in in_order(table)
    ]


def in_order(table: Any) -> list[Any]:
    """The figures of a printed table, row by row."""
    return sorted(
        (cell for cell in grid_of(table).cells if cell.key), key=lambda cell: (cell.row, cell.column)
    )


# ── a workbook that somebody saved ───────────────────────────────────────────────────────────────────


def test_a_workbook_is_ours_until_somebody_saves_it() -> None:
    content = book_of(units_of(THREE))
    saved = io.BytesIO()
    opened(content).save(saved)
    assert is_untouched(content)
    assert not is_untouched(saved.getvalue())


@pytest.mark.parametrize("core", [b"", b"<a", b"<a/>", None])
def test_what_is_no_workbook_of_ours_is_not_taken_for_one(core: bytes | None) -> None:
    parts = parts_of(book_of(units_of([])), MOST)
    parts.pop("docProps/core.xml")
    assert not is_untouched(packed(parts if core is None else {**parts, "docProps/core.xml": core}))
    assert not is_untouched(b"no zip")


# ── rows of somebody's workbook ──────────────────────────────────────────────────────────────────────


def sheet_of(*rows: list[object]) -> bytes:
    """A workbook with these rows."""
    book = Workbook()
    for row in rows:
        assert book.active is not None
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_rows_come_as_text() -> None:
    rows = rows_of(sheet_of(["单位", "截止"], [TOWN, date(2024, 1, 20)], [None, 5]))
    assert rows == (("单位", "截止"), (TOWN, "2024-01-20"), ("", "5"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", packed({"a": b"b"})])
def test_what_is_no_workbook_is_told(content: bytes) -> None:
    with pytest.raises(NoWorkbook, match=r"另存为 \.xlsx"):
        rows_of(content)


def test_every_damaged_part_is_told_and_nothing_worse() -> None:
    parts = parts_of(sheet_of([TOWN]), MOST)
    for name in parts:
        for damage in (b"", b"<a", b"<a/>"):
            try:
                rows_of(packed({**parts, name: damage}))
            except NoWorkbook:
                continue


def test_a_cell_of_the_form_is_found_where_its_sum_stands() -> None:
    book = opened(book_of(units_of(THREE)))
    assert book["年报"].max_column >= 60
    formulas = [cell.value for row in book["年报"].iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) == len(FORM.index)
    assert f"='表二 主动公开'!{'I'}4" in formulas
    assert CellKey("permits", "decisions") in FORM.index
