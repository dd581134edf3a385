"""Whole tables in and out: as Excel, WPS and editors of websites copy them, as Calc writes and reads them."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import BrowserContext

from browsing import CHROMIUM, copied_table, opened
from reportgen.makers.pdf_libreoffice.office import find_soffice
from reportgen.model.form import Table, form_for
from reportgen.model.layout import Grid, grid_of
from served import FAULTY, Served, served, workspace

CLIPBOARDS = Path(__file__).parent / "clipboards"
FIGURES: dict[str, int] = json.loads((CLIPBOARDS / "figures.json").read_text(encoding="utf-8"))
"""The figures of table three in every clipboard, but for zeros."""
TSV = "csv:Text - txt - csv (StarCalc):9,34,76,1"

_READERS = (
    ("text/html", ".html", "calc_HTML_WebQuery"),
    ("text/plain", ".txt", "Text - txt - csv (StarCalc):9,34,76,1"),
)
"""Kinds of a clipboard's contents, and the filters of Calc that read them."""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(workspace(tmp_path / "甲 县", FAULTY)) as page:
        yield page


def calc(file: Path, kind: str, *more: str) -> Path:
    """A file as headless Calc writes it as another kind."""
    soffice = find_soffice()
    assert soffice
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = [str(soffice), "--headless", profile, *more, "--convert-to", kind]
    command += ["--outdir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return file.with_suffix(f".{kind.partition(':')[0]}")


def table_three(page: Served) -> Table:
    form = form_for(2024, page.site.supplies().forms)
    return next(table for table in form.tables if table.key == "requests")


def pasted(page: Served, text: str, html: str) -> tuple[dict[str, str], list[str]]:
    """What a paste gives in a new report: the figures that are not zero, and what found no place."""
    new = page.post("/api/new", {"year": "2024", "organ": "甲镇", "level": "乡镇政府"}).json["report"]
    body = {"revision": page.view(new)["revision"], "text": text, "html": html, "at": "new.person"}
    said = page.post("/api/paste", body, report=new).json
    view = page.post("/api/edit", {"revision": body["revision"], "changes": said["changes"]}, report=new).json
    shown = {key: cell["shown"] for key, cell in view["cells"].items() if cell["shown"] not in ("0", "")}
    return shown, said["untaken"]


WANTED = {key: str(value) for key, value in FIGURES.items()}


@pytest.mark.parametrize("program", ["excel", "wps", "website"])
def test_a_whole_table_from_any_program_is_the_same_table(page: Served, program: str) -> None:
    html = (CLIPBOARDS / f"{program}.html").read_text(encoding="utf-8")
    assert pasted(page, "", html) == (WANTED, [])


def sheet_of(grid: Grid, path: Path) -> Path:
    """A table as a clerk has it in a workbook: merged cells, numbers as numbers, zeros left out."""
    book = Workbook()
    sheet = book.worksheets[0]
    for cell in grid.cells:
        value: Any = FIGURES.get(str(cell.key)) if cell.key else cell.text
        sheet.cell(cell.row, cell.column, value)
        if cell.rows > 1 or cell.columns > 1:
            ends = (cell.row + cell.rows - 1, cell.column + cell.columns - 1)
            sheet.merge_cells(
                start_row=cell.row, start_column=cell.column, end_row=ends[0], end_column=ends[1]
            )
    book.save(path)
    return path


@pytest.mark.office
@pytest.mark.slow
def test_a_whole_table_as_calc_writes_it_is_the_same_table(page: Served, tmp_path: Path) -> None:
    sheet = sheet_of(grid_of(table_three(page)), tmp_path / "表三.xlsx")
    html = calc(sheet, "html:HTML (StarCalc)").read_text(encoding="utf-8")
    assert "rowspan" in html
    assert pasted(page, "", html) == (WANTED, [])
    shutil.rmtree(page.folder / "inputs" / "甲镇")
    text = calc(sheet, TSV).read_text(encoding="utf-8")
    assert text.count("\t") > 100
    assert pasted(page, text, "") == (WANTED, [])


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no chromium")
def test_a_table_that_the_page_copies_out_has_the_same_figures_in_calc(
    context: BrowserContext, page: Served, tmp_path: Path
) -> None:
    html = (CLIPBOARDS / "excel.html").read_text(encoding="utf-8")
    pasted(page, "", html)
    kept = copied_table(opened(context, page, "甲镇/2024.yaml"), "requests")
    grid = grid_of(table_three(page))
    wanted = {(cell.row, cell.column): FIGURES.get(str(cell.key), 0) for cell in grid.cells if cell.key}
    for kind, suffix, reader in _READERS:
        file = (tmp_path / "整表").with_suffix(suffix)
        file.write_text(kept[kind], encoding="utf-8")
        sheet = load_workbook(calc(file, "xlsx", f"--infilter={reader}")).worksheets[0]
        assert {at: sheet.cell(*at).value for at in wanted} == wanted, kind
        file.with_suffix(".xlsx").unlink()
