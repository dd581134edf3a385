"""The Word templates: drawn from the forms, in named styles, with every cell of the form where it belongs."""

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from draw_templates import draw, drawn, is_edited, main
from drawing.document import FILE, NoStyle, with_body
from drawing.markup import text
from reportgen.makers.docx_docxtpl.reading_back import Element, grid_cells, parsed, tables, text_of, w
from reportgen.model.form import Form
from reportgen.model.layout import grid_of
from test_layout import ALL_FORMS

ROOT = Path(__file__).parent.parent
TYPE_AREA = 8845
"""156 mm in twips. Source: GB/T 9704-2012."""

every_form = pytest.mark.parametrize("form", ALL_FORMS.values(), ids=ALL_FORMS)


def template(form: Form) -> bytes:
    """The committed template of a form."""
    return template_file(form).read_bytes()


def template_file(form: Form) -> Path:
    """Where a form's template is."""
    return ROOT / "templates" / form.kind / str(form.since) / "report.docx"


def part(content: bytes, name: str) -> Element:
    """A part of a docx."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return parsed(package.read(name))


def contents(content: bytes) -> dict[str, bytes]:
    """Every part of a docx."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def document(form: Form) -> Element:
    """The body of a form's template."""
    body = part(template(form), "word/document.xml").find(w("body"))
    assert body is not None
    return body


def styles(form: Form) -> dict[str, Element]:
    """The styles of a form's template by id."""
    return {
        style.get(w("styleId"), ""): style
        for style in part(template(form), "word/styles.xml").findall(w("style"))
    }


def value(element: Element, path: str, attribute: str = "val") -> str:
    """An attribute of something below an element; empty where it is absent."""
    found = element.find("/".join(w(name) for name in path.split("/")))
    return "" if found is None else found.get(w(attribute), "")


@every_form
def test_the_committed_template_is_what_would_be_drawn(form: Form) -> None:
    assert contents(template(form)) == contents(drawn(form))


@every_form
def test_drawing_twice_gives_the_same_bytes(form: Form) -> None:
    assert drawn(form) == drawn(form)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A form in a folder of its own, its template drawn."""
    source = tmp_path / "kind" / "2021" / "form.yaml"
    source.parent.mkdir(parents=True)
    kind = ROOT / "templates" / "open_government"
    source.write_bytes((kind / "2021" / "form.yaml").read_bytes())
    (tmp_path / "kind" / "kind.yaml").write_bytes((kind / "kind.yaml").read_bytes())
    assert "画好了" in draw(source)
    return source


def test_a_template_as_it_was_drawn_is_drawn_anew_where_the_form_changed(source: Path) -> None:
    template = source.with_name("report.docx")
    source.write_text(source.read_text("utf-8").replace("label: 规章,", "label: 规章（改）,"), "utf-8")
    assert "画好了" in draw(source)
    assert "规章（改）" in text_of(part(template.read_bytes(), "word/document.xml"))
    assert draw(source) == ""


def test_a_template_that_somebody_edited_is_left_as_it_is(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = source.with_name("report.docx")
    template.write_bytes(b"edited")
    assert is_edited(template)
    assert main(["--templates", str(source.parents[2])]) == 1
    assert template.read_bytes() == b"edited"
    assert "有人改过，没有重画" in capsys.readouterr().out


def test_a_template_of_unknown_origin_counts_as_edited(source: Path) -> None:
    template = source.with_name("report.docx")
    template.with_name("drawn.sha256").unlink()
    template.write_bytes(b"whose?")
    with pytest.raises(FileExistsError):
        draw(source)
    assert template.read_bytes() == b"whose?"


def test_an_edited_template_is_kept_where_it_is_drawn_anew_all_the_same(source: Path) -> None:
    template = source.with_name("report.docx")
    for edit in (b"edited", b"edited again"):
        template.write_bytes(edit)
        assert main(["--force", "--templates", str(source.parents[2])]) == 0
    kept = {path.read_bytes() for path in source.parent.glob("report.*.docx")}
    assert kept == {b"edited", b"edited again"}
    assert not is_edited(template) and template.read_bytes().startswith(b"PK")


@every_form
def test_what_was_drawn_last_is_remembered_for_every_template(form: Form) -> None:
    assert not is_edited(template_file(form))


def test_styles_are_found_by_name_whatever_ids_an_office_gave_them() -> None:
    base = FILE.read_bytes()
    parts = contents(base)
    renamed = {
        name: content.replace(b'w:styleId="Body"', b'w:styleId="a7"').replace(
            b'w:basedOn w:val="Body"', b'w:basedOn w:val="a7"'
        )
        for name, content in parts.items()
    }
    made = with_body(text("公文正文", "甲"), "标题", packed(renamed))
    assert '<w:pStyle w:val="a7"/>' in contents(made)["word/document.xml"].decode()


def test_a_base_without_a_style_that_is_needed_is_told_by_its_name() -> None:
    with pytest.raises(NoStyle, match="没有这样的样式"):
        with_body(text("没有这样的样式", "甲"), "标题", FILE.read_bytes())


def test_what_a_person_changed_in_the_base_is_in_the_template() -> None:
    parts = contents(FILE.read_bytes())
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(
        "方正小标宋简体".encode(), "华文中宋".encode()
    )
    made = contents(with_body(text("标题", "甲"), "标题", packed(parts)))
    assert "华文中宋".encode() in made["word/styles.xml"]
    assert "<w:sectPr>" in made["word/document.xml"].decode()
    assert "一级标题另页" not in made["word/document.xml"].decode()


def packed(parts: dict[str, bytes]) -> bytes:
    """A docx of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return held.getvalue()


def test_the_check_of_the_templates_passes_and_draws_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@every_form
def test_no_paragraph_and_no_run_has_looks_of_its_own(form: Form) -> None:
    body = document(form)
    assert {child.tag for looks in body.iter(w("pPr")) for child in looks} == {w("pStyle")}
    assert {child.tag for looks in body.iter(w("rPr")) for child in looks} == {w("rStyle")}


@every_form
def test_every_style_that_is_used_is_there_and_has_a_name_that_an_office_reads(form: Form) -> None:
    there = styles(form)
    used = {looks.get(w("val")) for name in ("pStyle", "rStyle") for looks in document(form).iter(w(name))}
    assert used <= set(there)
    assert used >= {"Title", "Heading1", "Heading2", "Heading3", "Body", "Item", "Signature", "SignDate"}
    for style in there.values():
        shown = value(style, "aliases") or value(style, "name")
        assert not shown.isascii(), shown


@every_form
def test_headings_are_words_own_so_that_the_outline_knows_them(form: Form) -> None:
    there = styles(form)
    for level in (1, 2, 3):
        assert value(there[f"Heading{level}"], "name") == f"heading {level}"
        assert value(there[f"Heading{level}"], "pPr/outlineLvl") == str(level - 1)


@every_form
def test_no_part_asks_for_a_theme_font(form: Form) -> None:
    for name, content in contents(template(form)).items():
        assert b"Theme=" not in content, name
        assert "theme" not in name
        assert b"latentStyles" not in content


@every_form
def test_only_official_families_are_named(form: Form) -> None:
    families = {
        family
        for fonts in part(template(form), "word/styles.xml").iter(w("rFonts"))
        for name, family in fonts.attrib.items()
        if name != w("hint")
    }
    assert families == {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"}


@every_form
def test_every_table_is_as_wide_as_the_type_area_and_every_cell_as_its_columns(form: Form) -> None:
    for table in tables(document(form)):
        widths = [int(column.get(w("w"), "0")) for column in table.iter(w("gridCol"))]
        assert sum(widths) == TYPE_AREA
        assert value(table, "tblPr/tblLayout", "type") == "fixed"
        for row in table.iter(w("tr")):
            column = 0
            for cell in row.findall(w("tc")):
                span = int(value(cell, "tcPr/gridSpan") or 1)
                assert int(value(cell, "tcPr/tcW", "w")) == sum(widths[column : column + span])
                column += span
            assert column == len(widths)


@every_form
def test_header_rows_repeat_and_no_row_is_split(form: Form) -> None:
    heads = []
    for table in tables(document(form)):
        rows = table.findall(w("tr"))
        assert all(row.find(f"{w('trPr')}/{w('cantSplit')}") is not None for row in rows)
        repeated = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in rows]
        assert repeated == sorted(repeated, reverse=True)
        heads.append(sum(repeated))
    assert heads == ([0, 3, 3] if form.ordinary else [])


@every_form
def test_every_label_is_the_forms_and_every_figure_has_its_tag(form: Form) -> None:
    for table, element in zip(form.tables, tables(document(form)), strict=True):
        printed = {(row, column): text_of(cell) for row, column, cell in grid_cells(element)}
        due = {
            (cell.row, cell.column): f"{{{{ {cell.key} }}}}" if cell.key else cell.text
            for cell in grid_of(table).cells
        }
        assert printed == due


@every_form
def test_the_six_headings_stand_once_each_and_in_order(form: Form) -> None:
    headings = [
        text_of(paragraph)
        for paragraph in document(form).findall(w("p"))
        if value(paragraph, "pPr/pStyle").startswith("Heading1")
    ]
    assert tuple(headings) == form.headings


@every_form
def test_the_page_is_that_of_the_standard(form: Form) -> None:
    section = document(form).find(w("sectPr"))
    assert section is not None
    assert (value(section, "pgSz", "w"), value(section, "pgSz", "h")) == ("11906", "16838")
    assert (value(section, "pgMar", "top"), value(section, "pgMar", "left")) == ("2098", "1588")
    right = 11906 - 1588 - int(value(section, "pgMar", "right"))
    assert abs(right - TYPE_AREA) <= 1
    sides = {foot.get(w("type")) for foot in section.findall(w("footerReference"))}
    assert sides == {"default", "even"}


@every_form
def test_every_part_is_xml_and_listed(form: Form) -> None:
    parts = contents(template(form))
    for content in parts.values():
        etree.fromstring(content)
    types = parts["[Content_Types].xml"].decode()
    for name in parts:
        assert f'"/{name}"' in types or name.endswith(".rels") or name == "[Content_Types].xml"
