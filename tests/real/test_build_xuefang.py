"""The whole way on a real report: read and built, it comes out whole in Word and PDF, faults included.

It has blank cells and a row label of its own, so it can only be a draft; its faults are named.
"""

import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest

from pages import lines_of
from reportgen.pipeline import Material, Outcome, examine, run
from reportgen.store.workspace import supplies

FOLDER = Path(os.environ.get("REPORTGEN_REAL") or Path(__file__).parents[2].parent / "shared" / "reports")
XUEFANG = FOLDER / "laiyang-xuefang-2020.md"
TABLES = 3


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What ``read`` and then ``build --draft`` make of the real report."""
    clerk = tmp_path_factory.mktemp("xuefang") / "2020.yaml"
    command = [sys.executable, "-m", "reportgen", "read", str(XUEFANG), "--out", str(clerk)]
    subprocess.run(command, check=True, capture_output=True)
    return run(Material("2020.yaml", clerk.read_bytes()), supplies(), ("docx", "pdf"), draft=True)


def paragraphs() -> list[str]:
    """The source's paragraphs in order, bare of marks and blanks."""
    lines = XUEFANG.read_text("utf-8").split("\n")
    return [bare(line) for line in lines if line.strip() and "\t" not in line]


def rows() -> list[list[str]]:
    """The source's table rows, bare of marks and blanks."""
    lines = XUEFANG.read_text("utf-8").split("\n")
    return [[bare(cell) for cell in line.split("\t")] for line in lines if "\t" in line]


def bare(text: str) -> str:
    """A text without marks, tags and blanks."""
    return re.sub(r"</?b>|[*<>\s]|^#+", "", text)


def in_order(wanted: list[str], text: str) -> list[str]:
    """The wanted that do not come one after another in the text."""
    missing, at = [], 0
    for each in wanted:
        found = text.find(each, at)
        if found < 0:
            missing.append(each)
        else:
            at = found + len(each)
    return missing


def test_every_paragraph_comes_out_in_order_in_the_word_file(outcome: Outcome) -> None:
    document = docx.Document(BytesIO(outcome.files["docx"]))
    text = "".join(bare(paragraph.text) for paragraph in document.paragraphs)
    assert len(paragraphs()) == 31
    assert in_order(paragraphs(), text) == []


def test_every_paragraph_comes_out_in_order_in_the_pdf(outcome: Outcome) -> None:
    marks = re.compile(r"草稿|—\d+—")
    lines = [line.text for line in lines_of(outcome.files["pdf"])]
    text = "".join(line for line in lines if not marks.fullmatch(line))
    assert in_order(paragraphs(), text) == []


def test_the_three_tables_equal_the_source_cell_by_cell(outcome: Outcome) -> None:
    tables = docx.Document(BytesIO(outcome.files["docx"])).tables
    assert len(tables) == TABLES
    made = {label: figures for table in tables for label, figures in _figures(table)}
    source = dict(filter(None, map(_source_figures, rows())))
    assert len(source) == 8 + 23 + 1
    assert {_plain(label): figures for label, figures in source.items()} == {
        _plain(label): figures for label, figures in made.items() if _plain(label) in map(_plain, source)
    }


def _figures(table: docx.table.Table) -> list[tuple[str, tuple[str, ...]]]:
    """Each row of figures with the label before them."""
    found = []
    for row in table.rows:
        cells = [bare(cell.text) for cell in _once(row)]
        figures = [cell for cell in cells if not cell or cell.isdigit()]
        labels = [cell for cell in cells if cell and not cell.isdigit()]
        if figures and any(figures):
            found.append((labels[-1] if labels else "", tuple(figures)))
    return found


def _once(row: docx.table._Row) -> list[docx.table._Cell]:
    seen: dict[int, docx.table._Cell] = {id(cell._tc): cell for cell in row.cells}
    return list(seen.values())


def _source_figures(cells: list[str]) -> tuple[str, tuple[str, ...]] | None:
    labels = [cell for cell in cells if cell and not cell.isdigit()]
    first = next((index for index, cell in enumerate(cells) if cell.isdigit()), None)
    if first is None:
        return None
    label = labels[-1] if labels else ""
    figures = cells[first:]
    if label in ("行政事业性收费", "政府集中采购"):
        figures = figures[:2]  # the form has two columns here; the source fills the row up with a blank
    elif len(figures) == 8:
        figures = figures[:7]  # a label that spans two columns; filled up likewise
    return label, tuple(figures)


def _plain(label: str) -> str:
    return re.sub(r"[（）()、，,．.\s]", "", label)


def test_it_takes_at_most_eight_pages(outcome: Outcome) -> None:
    assert len(pypdfium2.PdfDocument(outcome.files["pdf"])) <= 8


def test_nothing_is_lost_or_drawn_with_another_font(outcome: Outcome) -> None:
    assert [each for each in outcome.findings if each.code.startswith(("P", "D"))] == []
    assert outcome.failures == ()


def test_check_names_its_faults() -> None:
    checked = examine(Material(XUEFANG.name, XUEFANG.read_bytes()), supplies())
    told = {(each.code, place.line) for each in checked.findings for place in each.places}
    lines = XUEFANG.read_text("utf-8").split("\n")

    def line_of(words: str) -> int:
        return next(number for number, line in enumerate(lines, start=1) if words in line)

    assert ("X05", line_of("（二）加强政府信息管理")) in told
    assert ("X21", line_of("请于莱阳市")) in told
    assert ("X20", line_of("2. 其他法律法规禁止公开")) in told
    blank = {line for code, line in told if code == "C01"}
    assert blank == set(range(line_of("3. 危及"), line_of("(六) 其他处理"))) | {line_of("四、结转下年度")}
