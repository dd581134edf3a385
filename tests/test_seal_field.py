"""The place for the seal on pages that LibreOffice drew, and the empty signature field there."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from made import END, drawn, packed, pdf_of, plainly_finished, text_of
from reportgen.problems import FileTrouble, ToolFailed
from reportgen.signing.field import FIELD, diameter_of
from reportgen.signing.pages import picture, read_pages
from reportgen.signing.preparing import find_place
from reportgen.signing.seal_place import MM, SealPlace, Signing, seal_place

pytestmark = pytest.mark.office

ORGAN = "甲县乙镇人民政府"
LONG = "甲省乙自治州丙县丁镇人民政府政务公开与政务服务工作领导小组办公室"
LINE = "工作中还存在公开内容不够丰富的问题，下一步将改进公开方式，提高公开质量。\n\n  "


def filled(paragraphs: int, organ: str = ORGAN) -> bytes:
    """The PDF of a report with so many more paragraphs at its end."""
    end = END.replace("  工作中", "  " + LINE * paragraphs + "工作中", 1)
    return pdf_of(text_of(end=end).replace(ORGAN, organ))


@pytest.fixture(scope="module")
def raw() -> bytes:
    """As the converter draws it."""
    return drawn(text_of())


@pytest.fixture(scope="module")
def pdf(raw: bytes) -> bytes:
    """Finished, without a field."""
    return plainly_finished(raw)


@pytest.fixture(scope="module")
def sealed(raw: bytes, place: SealPlace) -> bytes:
    """Finished, with the field."""
    return plainly_finished(raw, place)


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
def test_a_date_that_is_known_gives_the_same_place_as_one_that_is_looked_for(paragraphs: int) -> None:
    whole, known = filled(paragraphs), Signing(ORGAN, "2024年1月18日", "乡镇政府")
    assert find_place(whole, known) == find_place(whole, replace(known, date=""))
    lines, sheets = read_pages(whole)
    assert find_place(whole, known).place == seal_place(lines, sheets, known)[0]


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


def test_the_field_is_the_square_of_the_seal_on_its_page(sealed: bytes, place: SealPlace) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as document:
        (field,) = document.Root.AcroForm.Fields
        assert (str(field.FT), str(field.T), "/V" in field) == ("/Sig", FIELD, False)
        assert document.pages[place.page - 1].Annots[0].objgen == field.objgen
        left, bottom, right, top = (float(side) for side in field.Rect)
    assert right - left == pytest.approx(42 * MM, abs=0.02)
    assert top - bottom == pytest.approx(42 * MM, abs=0.02)
    assert (left + right) / 2 == pytest.approx(place.x, abs=0.02)


def test_the_field_stands_in_a_form_tag_that_leads_to_it_and_back(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as document:
        (field,) = document.Root.AcroForm.Fields
        tag = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)[int(field.StructParent)]
        assert tag.S == "/Form"
        assert tag.K.Type == "/OBJR"
        assert tag.K.Obj.objgen == field.objgen
        assert tag.P.S == "/Document"
        assert tag.objgen in [each.objgen for each in tag.P.K]
        assert int(document.Root.StructTreeRoot.ParentTreeNextKey) > int(field.StructParent)
        assert str(field.TU)
        assert {str(page.obj.Tabs) for page in document.pages} == {"/S"}


def test_the_numbers_of_the_tags_stay_those_of_their_own_pages(pdf: bytes, sealed: bytes) -> None:
    def parents(content: bytes) -> dict[int, int]:
        with pikepdf.open(io.BytesIO(content)) as document:
            tree = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
            return {number: len(tree[number]) for number in range(len(document.pages))}

    assert parents(sealed) == parents(pdf)


def test_the_field_is_the_same_every_time_and_tells_its_size(raw: bytes, place: SealPlace) -> None:
    once = plainly_finished(raw, place)
    assert once == plainly_finished(raw, place)
    assert diameter_of(once) == place.diameter == 42
    assert diameter_of(plainly_finished(raw)) == 0
    assert diameter_of(b"%PDF-1.6 cut") == 0


def test_a_seal_of_another_size_is_told_after_packing_and_signing_elsewhere(
    raw: bytes, place: SealPlace
) -> None:
    assert diameter_of(packed(plainly_finished(raw, replace(place, diameter=50)))) == 50


def test_the_field_changes_nothing_that_can_be_seen(pdf: bytes, sealed: bytes, place: SealPlace) -> None:
    before, after = (Image.open(io.BytesIO(picture(each, place))) for each in (pdf, sealed))
    assert ImageChops.difference(before, after).getbbox() is None


def test_the_picture_shows_the_circle_where_the_seal_goes(pdf: bytes, place: SealPlace) -> None:
    image = Image.open(io.BytesIO(picture(pdf, place, dots_per_inch=144)))
    red, green, _ = image.split()
    marked = ImageChops.subtract(red, green).point([0] * 100 + [255] * 156).getbbox()
    height = place.sheet.height
    wanted = (place.box.left, height - place.box.top, place.box.right, height - place.box.bottom)
    assert marked == pytest.approx([2 * side for side in wanted], abs=3)


def test_poppler_sees_an_unsigned_field(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(sealed)
    said = subprocess.run(["pdfsig", str(tmp_path / "a.pdf")], capture_output=True, text=True, check=False)
    assert f"Signature Field Name: {FIELD}" in said.stdout
    assert "not signed" in said.stdout
    assert said.stderr == ""


def test_the_structure_stays_sound_and_archival(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        assert document.open_metadata().pdfa_status == "2B"
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == "zh-CN"


def test_links_on_the_page_and_other_fields_are_kept(raw: bytes, place: SealPlace) -> None:
    with pikepdf.open(io.BytesIO(raw)) as document:
        page = document.pages[place.page - 1]
        page.Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link)])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
        out = io.BytesIO()
        document.save(out)
    with pikepdf.open(io.BytesIO(plainly_finished(out.getvalue(), place))) as document:
        kinds = [str(each.Subtype) for each in document.pages[place.page - 1].Annots]
        assert kinds == ["/Link", "/Widget"]
        assert len(document.Root.AcroForm.Fields) == 1


def test_a_pdf_without_tags_gets_a_field_without_a_tag(raw: bytes, place: SealPlace) -> None:
    with pikepdf.open(io.BytesIO(raw)) as document:
        del document.Root.StructTreeRoot
        out = io.BytesIO()
        document.save(out)
    with pikepdf.open(io.BytesIO(plainly_finished(out.getvalue(), place))) as document:
        assert "/StructParent" not in document.Root.AcroForm.Fields[0]
        assert "/StructTreeRoot" not in document.Root


def test_a_page_that_is_not_there_and_a_list_that_is_none_are_told(raw: bytes, place: SealPlace) -> None:
    with pytest.raises(ToolFailed, match="结构异常"):
        plainly_finished(raw, replace(place, page=99))
    with pikepdf.open(io.BytesIO(raw)) as document:
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Name.Odd)
        out = io.BytesIO()
        document.save(out)
    with pytest.raises(ToolFailed, match="结构异常"):
        plainly_finished(out.getvalue(), place)


def test_what_is_no_pdf_cannot_be_read() -> None:
    with pytest.raises(FileTrouble, match="不是能打开的 PDF"):
        read_pages(b"PK\x03\x04 a Word file")


def test_without_organ_and_date_there_is_no_place(pdf: bytes) -> None:
    prepared = find_place(pdf, Signing("另一个机关"))
    assert prepared.place is None
    assert [finding.code for finding in prepared.findings] == ["S01"]
