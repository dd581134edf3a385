"""The place for the seal on pages that LibreOffice drew, and the empty signature field there."""

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from made import END, pdf_of, text_of
from reportgen.problems import FileTrouble, ToolFailed
from reportgen.signing.field import FIELD, with_field
from reportgen.signing.pages import picture, read_pages
from reportgen.signing.paper import MM
from reportgen.signing.preparing import find_place, ready_to_sign
from reportgen.signing.seal_place import SealPlace, Signing

pytestmark = pytest.mark.office

ORGAN = "甲县乙镇人民政府"
LONG = "甲省乙自治州丙县丁镇人民政府政务公开与政务服务工作领导小组办公室"
LINE = "工作中还存在公开内容不够丰富的问题，下一步将改进公开方式，提高公开质量。\n\n  "
EMPTY_PDF = b"%PDF-1.6\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"


def filled(paragraphs: int, organ: str = ORGAN) -> bytes:
    """The PDF of a report with so many more paragraphs at its end."""
    end = END.replace("  工作中", "  " + LINE * paragraphs + "工作中", 1)
    return pdf_of(text_of(end=end).replace(ORGAN, organ))


def plain(pdf: bytes) -> bytes:
    """A PDF as it is before the field: the maker may have added it already."""
    return pdf[: re.search(rb"%%EOF\n", pdf).end()] if b"/FT/Sig" in pdf else pdf  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return plain(filled(0))


@pytest.fixture(scope="module")
def place(pdf: bytes) -> SealPlace:
    found = find_place(pdf, Signing(ORGAN, "2024年1月18日", "乡镇政府")).place
    assert found is not None
    return found


def test_lines_are_whole_and_in_reading_order(pdf: bytes) -> None:
    lines, sheets = read_pages(pdf)
    text = "".join(line.text for line in lines)
    heads = ("一、总体情况", "三、收到和处理", "六、其他需要报告的事项", ORGAN, "2024年1月18日")
    at = [text.rindex(head) for head in heads]
    assert at == sorted(at)
    assert [line.page for line in lines] == sorted(line.page for line in lines)
    assert {(round(sheet.width / MM), round(sheet.height / MM)) for sheet in sheets} == {(210, 297)}


def test_tables_are_seen_as_strokes(pdf: bytes) -> None:
    _, sheets = read_pages(pdf)
    assert sum(len(sheet.strokes) for sheet in sheets) > 50


def test_only_the_last_pages_are_read_where_that_is_enough(pdf: bytes) -> None:
    lines, sheets = read_pages(pdf, last=1)
    assert {line.page for line in lines} == {len(sheets)}


@pytest.mark.parametrize("paragraphs", [0, 3, 6, 9, 12])
def test_wherever_the_text_ends_the_seal_has_a_free_place_on_the_page(paragraphs: int) -> None:
    prepared = find_place(filled(paragraphs), Signing(ORGAN, level="乡镇政府"))
    assert [finding.message for finding in prepared.findings] == []
    assert prepared.facts["seal"] == prepared.place.as_facts()  # type: ignore[union-attr]


@pytest.mark.parametrize("organ", [LONG, "甲县" + "乙丙丁戊己庚辛壬" * 4 + "联合委员会"])
def test_a_long_organ_has_a_free_place_too(organ: str) -> None:
    prepared = find_place(filled(0, organ), Signing(organ))
    assert prepared.findings == ()
    assert prepared.place is not None
    assert prepared.place.organ == organ


def test_the_field_is_the_square_of_the_seal_on_its_page(pdf: bytes, place: SealPlace) -> None:
    with pikepdf.open(io.BytesIO(with_field(pdf, place))) as document:
        (field,) = document.Root.AcroForm.Fields
        assert (str(field.FT), str(field.T), "/V" in field) == ("/Sig", FIELD, False)
        assert document.pages[place.page - 1].Annots[0].objgen == field.objgen
        left, bottom, right, top = (float(side) for side in field.Rect)
    assert right - left == pytest.approx(42 * MM, abs=0.02)
    assert top - bottom == pytest.approx(42 * MM, abs=0.02)
    assert (left + right) / 2 == pytest.approx(place.x, abs=0.02)


def test_the_field_is_an_update_and_the_same_every_time(pdf: bytes, place: SealPlace) -> None:
    once = with_field(pdf, place)
    assert once.startswith(pdf)
    assert once == with_field(pdf, place)
    assert ready_to_sign(pdf, Signing(ORGAN, level="乡镇政府")) == once


def test_the_field_changes_nothing_that_can_be_seen(pdf: bytes, place: SealPlace) -> None:
    before, after = (Image.open(io.BytesIO(picture(each, place))) for each in (pdf, with_field(pdf, place)))
    assert ImageChops.difference(before, after).getbbox() is None


def test_the_picture_shows_the_circle_where_the_seal_goes(pdf: bytes, place: SealPlace) -> None:
    image = Image.open(io.BytesIO(picture(pdf, place, dots_per_inch=144)))
    red, green, _ = image.split()
    marked = ImageChops.subtract(red, green).point([0] * 100 + [255] * 156).getbbox()
    height = place.sheet.height
    wanted = (place.box.left, height - place.box.top, place.box.right, height - place.box.bottom)
    assert marked == pytest.approx([2 * side for side in wanted], abs=3)


def test_poppler_sees_an_unsigned_field(pdf: bytes, place: SealPlace, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(with_field(pdf, place))
    said = subprocess.run(["pdfsig", str(tmp_path / "a.pdf")], capture_output=True, text=True, check=False)
    assert f"Signature Field Name: {FIELD}" in said.stdout
    assert "not signed" in said.stdout
    assert said.stderr == ""


def test_the_structure_stays_sound_and_archival(pdf: bytes, place: SealPlace) -> None:
    with pikepdf.open(io.BytesIO(with_field(pdf, place)), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        assert document.open_metadata().pdfa_status == "2B"
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == "zh-CN"


def test_links_on_the_page_and_other_fields_are_kept(pdf: bytes, place: SealPlace) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[place.page - 1]
        page.Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link)])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
        out = io.BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(with_field(out.getvalue(), place))) as document:
        kinds = [str(each.Subtype) for each in document.pages[place.page - 1].Annots]
        assert kinds == ["/Widget", "/Link"]
        assert len(document.Root.AcroForm.Fields) == 1


@pytest.mark.parametrize(
    "odd", [b"%PDF-1.6\n", b"%PDF-1.6\nstartxref\n3\n%%EOF", EMPTY_PDF + b"startxref\n9\n%%EOF"]
)
def test_a_pdf_built_in_another_way_is_refused(odd: bytes, place: SealPlace) -> None:
    with pytest.raises(ToolFailed, match="结构异常"):
        with_field(odd, place)


def test_what_is_no_pdf_cannot_be_read() -> None:
    with pytest.raises(FileTrouble, match="不是能打开的 PDF"):
        read_pages(b"PK\x03\x04 a Word file")


def test_without_organ_and_date_the_pdf_stays_as_it_is(pdf: bytes) -> None:
    assert ready_to_sign(pdf, Signing("另一个机关")) == pdf
