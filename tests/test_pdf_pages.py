"""A PDF with text is read by where its words and lines stand; what is not sure in it is named."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import ContentStreamInstruction, Operator
from PIL import Image
from pypdfium2 import raw

from made import drawn, gathered, outcome_of
from polished import run, text
from reportgen.model.report import Report
from reportgen.pipeline import Material, Outcome, examine
from reportgen.problems import Exit
from reportgen.sources.pdf_pages.grids import grids_of
from reportgen.sources.pdf_pages.lines import line_words, text_lines
from reportgen.sources.pdf_pages.sheets import Rule, Sheet, Sign, sheets_of

Instruction = ContentStreamInstruction | pikepdf.ContentStreamInlineImage
SCREEN = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def printed() -> bytes:
    """A report's PDF as LibreOffice prints it."""
    return drawn(text())


def examined(pdf: bytes, name: str = "去年的.pdf") -> Outcome:
    return examine(Material(name, pdf), replace(gathered(), once=True))


def read(pdf: bytes) -> Report:
    report = examined(pdf).report
    assert report is not None
    return report


def told(pdf: bytes) -> dict[str, str]:
    """The messages of what is said of the PDF itself, by code."""
    return {each.code: each.message for each in examined(pdf).findings if each.code[0] == "R"}


def rewritten(pdf: bytes, edit: Callable[[list[Instruction]], list[Instruction]]) -> bytes:
    """The PDF after somebody's edit of its instructions, page by page."""
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            instructions = edit(list(pikepdf.parse_content_stream(page)))
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))
        document.save(held)
    return held.getvalue()


def as_boxes(instructions: list[Instruction]) -> list[Instruction]:
    """Lines as thin filled boxes, one over each border of a cell: the way of Word and WPS."""
    found: list[Instruction] = []
    for each in instructions:
        names = [str(one.operator) for one in found[-2:]]
        if str(each.operator) == "S" and names == ["m", "l"]:
            (x, y), (to_x, to_y) = ([float(n) for n in one.operands] for one in found[-2:])
            del found[-2:]
            box = [min(x, to_x) - 0.2, min(y, to_y) - 0.2, abs(to_x - x) + 0.5, abs(to_y - y) + 0.5]
            found += [
                ContentStreamInstruction(box, Operator("re")),
                ContentStreamInstruction([], Operator("f*")),
            ]
        else:
            found.append(each)
    return found


def unseen(instructions: list[Instruction]) -> list[Instruction]:
    """Words that are not drawn, as they lie under a scan for a search to find."""
    return [ContentStreamInstruction([3], Operator("Tr")), *instructions]


def scan() -> bytes:
    """A page that is a picture."""
    held = io.BytesIO()
    Image.new("L", (600, 800), 200).save(held, "pdf")
    return held.getvalue()


def with_page(pdf: bytes, more: bytes) -> bytes:
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document, pikepdf.open(io.BytesIO(more)) as other:
        document.pages.extend(other.pages)
        document.save(held)
    return held.getvalue()


def locked(pdf: bytes, password: str) -> bytes:
    """The PDF with a password for its owner, and one for reading if given."""
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(held, encryption=pikepdf.Encryption(owner="owner", user=password))
    return held.getvalue()


def typed(words: str, *, turned: bool = False) -> bytes:
    """A page with a line of Latin words, upright or aslant."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(400, 400)
    drawn_words = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 20)
    wide = (words + "\0").encode("utf-16-le")
    raw.FPDFText_SetText(drawn_words, (raw.FPDF_WCHAR * (len(wide) // 2)).from_buffer_copy(wide))
    raw.FPDFPageObj_Transform(drawn_words, *((0.7, 0.7, -0.7, 0.7) if turned else (1, 0, 0, 1)), 100, 200)
    raw.FPDFPage_InsertObject(page, drawn_words)
    raw.FPDFPage_GenerateContent(page)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


@pytest.mark.office
@pytest.mark.slow
def test_every_figure_and_paragraph_of_a_pdf_is_read(printed: bytes) -> None:
    was = examine(Material("a.docx", outcome_of(text(), "docx").files["docx"]), gathered()).report
    now = read(printed)
    assert was is not None
    assert {key: each.text for key, each in now.cells.items()} == {
        key: each.text for key, each in was.cells.items()
    }
    assert {key: [each.text for each in prose] for key, prose in now.prose.items()} == {
        key: [each.text for each in prose] for key, prose in was.prose.items()
    }
    assert (now.organ.name, now.year, now.date) == (was.organ.name, was.year, was.date)


@pytest.mark.office
@pytest.mark.slow
def test_lines_drawn_as_thin_boxes_rule_the_same_tables(printed: bytes) -> None:
    boxed = rewritten(printed, as_boxes)
    assert sum(len(sheet.across) for sheet in sheets_of(boxed)) > 40
    assert {key: each.text for key, each in read(boxed).cells.items()} == {
        key: each.text for key, each in read(printed).cells.items()
    }


@pytest.mark.office
@pytest.mark.slow
def test_a_pdf_becomes_a_clerks_file_that_says_where_to_look(
    printed: bytes, tmp_path: Path, capsys: SCREEN
) -> None:
    (tmp_path / "a.pdf").write_bytes(printed)
    assert run("read", tmp_path / "a.pdf", "--out", tmp_path / "a.yaml") == Exit.OK
    assert "请对照原来的文件看一遍" in (tmp_path / "a.yaml").read_text("utf-8")
    assert run("check", tmp_path / "a.yaml") == Exit.OK
    capsys.readouterr()


@pytest.mark.office
@pytest.mark.slow
def test_pages_that_are_pictures_are_named_and_nothing_is_read(printed: bytes) -> None:
    outcome = examined(with_page(printed, scan()))
    assert outcome.report is None
    [finding] = outcome.findings
    assert finding.code == "R39" and "第 5 页是图片" in finding.message and "Word 文件" in finding.fix


@pytest.mark.office
@pytest.mark.slow
def test_words_that_a_program_guessed_under_a_scan_are_to_be_looked_at(printed: bytes) -> None:
    assert "认错的数看不出来" in told(rewritten(printed, unseen))["R40"]


@pytest.mark.office
@pytest.mark.slow
def test_a_pdf_that_anybody_may_open_is_read_though_its_owner_has_a_password(printed: bytes) -> None:
    assert read(locked(printed, "")).cells == read(printed).cells


@pytest.mark.parametrize(
    ("pdf", "code", "says"),
    [
        (scan(), "R39", "扫描"),
        (locked(typed("words"), "secret"), "R21", "密码"),
        (typed("words")[:-30], "R23", "不完整"),
        (b"%PDF-1.7 words %%EOF", "R23", "不完整"),
        (typed(""), "R39", "没有文字"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_what_helps(pdf: bytes, code: str, says: str) -> None:
    outcome = examined(pdf)
    assert outcome.report is None
    [finding] = outcome.findings
    assert (finding.code, finding.is_error) == (code, True)
    assert says in finding.message and finding.fix and finding.places[0].file == "去年的.pdf"


def test_a_pdf_without_a_report_is_none() -> None:
    assert "R01" in {each.code for each in examined(typed("words")).findings}


def test_what_stands_aslant_is_no_line_of_the_text_and_is_told() -> None:
    [sheet] = sheets_of(typed("Draft", turned=True))
    assert (sheet.signs, sheet.turned) == ([], "Draft")
    [upright] = sheets_of(typed("Draft"))
    assert [each.words for each in text_lines(upright.signs)] == ["Draft"] and upright.turned == ""


# ── grids and lines, by values ───────────────────────────────────────────────────────────────────────


def ruled(xs: list[float], ys: list[float], signs: list[Sign]) -> Sheet:
    """A page with a grid of rules from end to end."""
    across = [Rule(y, xs[0], xs[-1]) for y in ys]
    return Sheet(800, signs, across, [Rule(x, ys[0], ys[-1]) for x in xs])


def said(words: str, left: float, base: float, size: float = 10) -> list[Sign]:
    """Characters beside each other, each half as wide as it is high."""
    return [
        Sign(char, left + at * size / 2, left + (at + 1) * size / 2, base, size)
        for at, char in enumerate(words)
    ]


def test_words_belong_to_the_cell_that_they_stand_in() -> None:
    signs = [*said("12", 10, 115), *said("34", 60, 115), *said("5", 10, 103)]
    [grid] = grids_of(ruled([0, 50, 100], [100, 110, 120], signs))
    assert [[cell.text for cell in row] for row in grid.rows] == [["12", "34"], ["5", ""]]


def test_where_no_line_parts_two_fields_they_are_one_cell() -> None:
    sheet = ruled([0, 50, 100], [100, 110, 120], said("12", 40, 113))
    sheet.down[1] = Rule(50, 100, 110)
    [grid] = grids_of(sheet)
    assert [[(cell.text, cell.columns) for cell in row] for row in grid.rows] == [
        [("12", 2)],
        [("", 1), ("", 1)],
    ]


def test_a_number_on_two_lines_of_its_cell_is_a_doubt() -> None:
    signs = [*said("12", 10, 125), *said("34", 10, 113)]
    [grid] = grids_of(ruled([0, 50, 100], [100, 110, 140], signs))
    assert [(place.row, place.column, what) for place, what in grid.doubts] == [
        (1, 1, "一个数分在两行，读成了“1234”")
    ]


def test_a_box_around_words_is_no_table() -> None:
    assert grids_of(ruled([0, 100], [100, 200], said("words", 10, 150))) == []


def test_two_figures_with_a_gap_between_them_stay_two() -> None:
    assert line_words([*said("12", 10, 100), *said("34", 40, 100)]) == "12 34"
