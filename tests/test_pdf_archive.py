"""What an archive and a screen reader find in a PDF: metadata, tags in order, the source inside."""

import io
import re
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from made import gathered
from reportgen.makers.pdf.finishing import pack
from reportgen.model.layout import grid_of
from reportgen.model.report import Report
from reportgen.pipeline import Material, Outcome, run
from tagged import blocks

pytestmark = pytest.mark.office

INPUTS = Path(__file__).resolve().parents[1] / "inputs"
REPORTS = ("suqian/2023", "laiyang-xuefang/2020")
DC, OURS = "{http://purl.org/dc/elements/1.1/}", "{urn:reportgen:annual-report#}"
PDFA, PDFUA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"
_MADE: dict[tuple[str, bool], Outcome] = {}


def made(name: str, attach: bool = False) -> Outcome:
    """What comes of a report of the repository; made once."""
    if (name, attach) not in _MADE:
        material = Material("2023 年报.yaml", (INPUTS / f"{name}.yaml").read_bytes())
        _MADE[name, attach] = run(material, replace(gathered(), attach_source=attach))
    return _MADE[name, attach]


def pdf_of(name: str, attach: bool = False) -> bytes:
    outcome = made(name, attach)
    assert "pdf" in outcome.files, (outcome.findings, outcome.failures)
    return outcome.files["pdf"]


def report_of(name: str) -> Report:
    report = made(name).report
    assert report is not None
    return report


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


@pytest.mark.parametrize("name", REPORTS)
def test_xmp_says_title_organ_year_subject_language_form_and_software(name: str) -> None:
    report = report_of(name)
    with opened(pdf_of(name)) as pdf:
        said = pdf.open_metadata()
        title = f"{report.organ.name}{report.year}年政府信息公开工作年度报告"
        assert said[f"{DC}title"] == title == str(pdf.docinfo["/Title"])
        assert (
            said[f"{DC}creator"] == [report.organ.name] and str(pdf.docinfo["/Author"]) == report.organ.name
        )
        assert said[f"{DC}language"] == {"zh-CN"}
        assert "政府信息公开工作年度报告" in said[f"{DC}subject"]
        assert said[f"{DC}description"] == str(pdf.docinfo["/Subject"])
        assert (said[f"{OURS}year"], said[f"{OURS}form"]) == (str(report.year), report.form.id)
        assert (said[f"{OURS}organ"], said[f"{OURS}basis"]) == (report.organ.name, report.form.basis)
        assert said["xmp:CreatorTool"].startswith("reportgen ") and "/Creator" in pdf.docinfo
        assert (said[f"{PDFA}part"], said[f"{PDFA}conformance"]) == ("2", "B")


def test_an_organ_with_signs_of_markup_keeps_them_in_the_metadata() -> None:
    text = (
        (INPUTS / "suqian/2023.yaml")
        .read_text("utf-8")
        .replace("机关: 宿迁市人民政府", '机关: "甲&乙<丙>办公室"')
    )
    outcome = run(Material("a.yaml", text.encode()), gathered(), draft=True)
    with opened(outcome.files["pdf"]) as pdf:
        assert pdf.open_metadata()[f"{OURS}organ"] == "甲&乙<丙>办公室"


@pytest.mark.parametrize("name", REPORTS)
def test_the_document_is_chinese_shows_its_title_and_has_a_bookmark_for_each_chapter(name: str) -> None:
    with opened(pdf_of(name)) as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert [title[:2] for title in titles] == [f"{number}、" for number in "一二三四五六"]


@pytest.mark.parametrize("name", REPORTS)
def test_another_program_reads_six_headings_in_order(name: str) -> None:
    headings = [text for _, text in blocks(pdf_of(name), "H1")]
    assert [heading[:2] for heading in headings] == [f"{number}、" for number in "一二三四五六"]
    assert "主动公开" in headings[1] and "申请" in headings[2] and "行政复议" in headings[3]


@pytest.mark.parametrize("name", REPORTS)
def test_another_program_reads_every_cell_in_the_order_of_the_form(name: str) -> None:
    report = report_of(name)
    found = [re.sub(r"\s", "", text) for _, text in blocks(pdf_of(name), "TH", "TD")]
    wanted = []
    for table in report.form.tables:
        for cell in sorted(grid_of(table).cells, key=lambda each: (each.row, each.column)):
            wanted.append(cell.text if cell.key is None else report.cells[cell.key].text)
    assert found == [re.sub(r"\s", "", text) for text in wanted]


def elements(document: pikepdf.Pdf, *kinds: str) -> list[pikepdf.Dictionary]:
    """The tags of these kinds; all where none is named."""
    found = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
    tags = [each for each in found if each.get("/Type") == "/StructElem"]
    return [tag for tag in tags if not kinds or tag.S in kinds]


def scopes_of(head: pikepdf.Dictionary) -> list[str]:
    attributes = head.A if isinstance(head.A, pikepdf.Array) else [head.A]
    return [str(each.Scope) for each in attributes if "/Scope" in each]


@pytest.mark.parametrize("name", REPORTS)
def test_figures_are_cells_and_all_else_in_a_table_is_a_head_with_a_direction(name: str) -> None:
    cells = [cell for table in report_of(name).form.tables for cell in grid_of(table).cells]
    figures = sum(cell.key is not None for cell in cells)
    assert [kind for kind, _ in blocks(pdf_of(name), "TH", "TD")].count("TD") == figures
    with opened(pdf_of(name)) as pdf:
        scopes = [scope for head in elements(pdf, "/TH") for scope in scopes_of(head)]
    assert len(scopes) == len(cells) - figures and set(scopes) == {"/Column", "/Row"}


def test_poppler_reads_the_chapters_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of(REPORTS[0]))
    command = ["pdftotext", str(tmp_path / "a.pdf"), "-"]
    words = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    places = [re.search(rf"^\s*{number}、", words, re.MULTILINE) for number in "一二三四五六"]
    starts = [place.start() for place in places if place]
    assert len(starts) == 6 and starts == sorted(starts)


def test_no_run_of_figures_is_called_english() -> None:
    with opened(pdf_of(REPORTS[0])) as pdf:
        tags = elements(pdf)
        assert len(tags) > 500
        assert {str(tag.Lang) for tag in tags if "/Lang" in tag} <= {"zh-CN"}


def test_a_run_of_figures_has_no_tag_of_its_own() -> None:
    spans = [words for _, words in blocks(pdf_of(REPORTS[0]), "Span")]
    assert spans and not [words for words in spans if words.strip().isdigit()]


def test_who_asks_for_a_font_need_not_read_the_widths_of_its_signs() -> None:
    with opened(pdf_of(REPORTS[0])) as pdf:
        fonts = dict(pdf.pages[0].resources.Font.items())
        assert fonts
        assert all(font.Widths.is_indirect for font in fonts.values() if "/Widths" in font)


@pytest.mark.parametrize("attach", [False, True])
def test_all_but_the_description_is_packed(attach: bool) -> None:
    with opened(pdf_of(REPORTS[0], attach)) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        plain = [each for each in streams if "/Filter" not in each]
        assert [each.Type for each in plain] == [pikepdf.Name.Metadata]
        assert sum(each.Length for each in streams) < 0.7 * sum(len(each.read_bytes()) for each in streams)


def test_no_page_holds_remarks_of_who_drew_it() -> None:
    with opened(pdf_of(REPORTS[0])) as pdf:
        contents = [page.Contents.read_bytes() for page in pdf.pages]
        assert len(contents) > 3
        assert not [line for each in contents for line in each.splitlines() if line.startswith(b"%")]


@pytest.mark.parametrize(
    ("content", "after"),
    [
        (b"% drawRectangle\n0 0 9 9 re\n% drawText (x)\n<41> Tj\n", b"0 0 9 9 re\n<41> Tj\n"),
        (b"BT (100\n% of it\n) Tj ET\n", b"BT (100\n% of it\n) Tj ET\n"),
        (b"BI /W 1 ID a\n% b\n EI\n", b"BI /W 1 ID a\n% b\n EI\n"),
        (b"0 0 m % end of line\n9 9 l\n", b"0 0 m % end of line\n9 9 l\n"),
    ],
)
def test_a_remark_between_lines_goes_and_what_only_looks_like_one_stays(content: bytes, after: bytes) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.add_blank_page()
        del pdf.pages[0].obj.Contents
        pdf.pages[1].Contents = pdf.make_stream(content)
        pack(pdf)
        assert pdf.pages[1].Contents.read_bytes() == after


def test_packing_changes_no_content_and_packs_nothing_twice() -> None:
    with pikepdf.new() as pdf:
        words = b"0 0 m 9 9 l S\n" * 500
        plain, packed = pdf.make_stream(words), pdf.make_stream(b"")
        packed.write(zlib.compress(words), filter=pikepdf.Name.FlateDecode)
        before = packed.read_raw_bytes()
        pack(pdf)
        assert plain.read_bytes() == packed.read_bytes() == words
        assert len(plain.read_raw_bytes()) < len(words) / 10
        assert packed.read_raw_bytes() == before


@pytest.mark.parametrize("attach", [False, True])
@pytest.mark.parametrize("name", REPORTS)
def test_it_calls_itself_accessible_and_a_draft_does_not(name: str, attach: bool) -> None:
    with opened(pdf_of(name, attach)) as pdf:
        assert pdf.open_metadata()[f"{PDFUA}part"] == "1"
        assert not [role for role, kind in pdf.Root.StructTreeRoot.RoleMap.items() if role == str(kind)]
    assert made(name, attach).facts["pdf"]["pdfua"] == "1"
    draft = run(Material("a.yaml", (INPUTS / f"{name}.yaml").read_bytes()), gathered(), draft=True)
    with opened(draft.files["pdf"]) as pdf:
        assert f"{PDFUA}part" not in pdf.open_metadata()
        assert "/AcroForm" not in pdf.Root
    assert draft.facts["pdf"]["pdfua"] == ""


def test_the_source_inside_comes_out_as_it_went_in() -> None:
    with opened(pdf_of(REPORTS[0], attach=True)) as pdf:
        (name,) = pdf.attachments
        assert name == "2023 年报.yaml"
        attached = pdf.attachments[name]
        assert attached.get_file().read_bytes() == (INPUTS / f"{REPORTS[0]}.yaml").read_bytes()
        assert attached.get_file().mime_type == "application/yaml"
        (file,) = pdf.Root.AF
        assert str(file.AFRelationship) == "/Source" and str(file.UF) == name
        assert pdf.open_metadata()[f"{PDFA}part"] == "3"
        assert not pdf.check_pdf_syntax()


def test_poppler_finds_the_source_too(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_of(REPORTS[1], attach=True))
    command = ["pdfdetach", "-save", "1", "-o", str(tmp_path / "out"), str(tmp_path / "a.pdf")]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "out").read_bytes() == (INPUTS / f"{REPORTS[1]}.yaml").read_bytes()


def test_with_the_source_inside_the_pages_are_the_same_and_it_is_proved_as_part_three() -> None:
    without, inside = made(REPORTS[0]), made(REPORTS[0], attach=True)
    assert inside.findings == without.findings
    assert inside.facts["pdf"] == {**without.facts["pdf"], "pdfa": "3B"}
    assert inside.files["docx"] == without.files["docx"]


def test_with_the_source_inside_the_same_input_gives_the_same_bytes() -> None:
    material = Material("2023 年报.yaml", (INPUTS / f"{REPORTS[0]}.yaml").read_bytes())
    again = run(material, replace(gathered(), attach_source=True))
    assert again.files["pdf"] == pdf_of(REPORTS[0], attach=True)


@pytest.mark.parametrize("attach", [False, True])
def test_qpdf_finds_nothing_wrong(attach: bool) -> None:
    with opened(pdf_of(REPORTS[1], attach)) as pdf:
        assert not pdf.check_pdf_syntax()
