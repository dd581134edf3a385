"""Word documents: what stands on the page into paragraphs and tables, and nothing that does not."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from found import assert_read_back, markdown, table_of
from reportgen.makers.docx_docxtpl.filling import filled
from reportgen.model.form import Form
from reportgen.model.layout import grid_of
from reportgen.model.nodes import Document, FoundParagraph, FoundTable, Run
from reportgen.model.report import Report
from reportgen.reading import read
from reportgen.sources.docx import SOURCE, document_of
from reportgen.sources.markdown_text import SOURCE as MARKDOWN
from reportgen.sources.yaml import SOURCE as YAML
from reportgen.wording import words
from strategies import consistent_reports
from test_form import TEMPLATES
from test_layout import FORMS

ALL_FORMS = tuple(FORMS.values())
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="二级标题"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1b"><w:name w:val="另页"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="O"><w:name w:val="自定"/>'
    '<w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="I"><w:name w:val="列项"/></w:style>'
    '<w:style w:type="character" w:styleId="B"><w:name w:val="加粗"/><w:rPr><w:b/></w:rPr></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
)


def docx(body: str, **parts: bytes) -> bytes:
    """A small package around a body; ``parts`` replace or add parts of word/."""
    given_parts = {
        "document": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode(),
        "styles": f'<w:styles xmlns:w="{W}">{STYLES}</w:styles>'.encode(),
        "numbering": f'<w:numbering xmlns:w="{W}">{NUMBERING}</w:numbering>'.encode(),
    } | parts
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in given_parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return held.getvalue()


def p(text: str, style: str = "", properties: str = "") -> str:
    """A paragraph of one run."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    """A cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def paragraphs(body: str) -> list[FoundParagraph]:
    """The paragraphs of a body."""
    return [part for part in document_of(docx(body), "a.docx") if isinstance(part, FoundParagraph)]


def drawn(form: Form) -> Document:
    """The tables that our own template draws for a form, filled with nothing."""
    text = markdown(form, year=form.since)
    node, _ = MARKDOWN.read(text.encode(), "a.md", ALL_FORMS)
    assert node is not None
    report, _ = read(node, ALL_FORMS)
    assert report is not None
    return document_of(built(report), "a.docx")


def built(report: Report) -> bytes:
    """The .docx of a report."""
    template = (TEMPLATES / report.form.id / "report.docx").read_bytes()
    return filled(template, words(report))


def test_styles_and_outline_levels_make_headings_and_items() -> None:
    body = (
        p("题", "T") + p("一", "H1") + p("另", "H1b") + p("二", "H2") + p("自", "O") + p("项", "I") + p("文")
    )
    assert [(each.text, each.level, each.item) for each in paragraphs(body)] == [
        ("题", 1, False),
        ("一", 2, False),
        ("另", 2, False),
        ("二", 3, False),
        ("自", 4, False),
        ("项", 0, True),
        ("文", 0, False),
    ]
    assert paragraphs(p("直", properties='<w:outlineLvl w:val="0"/>'))[0].level == 2


def test_bold_is_a_runs_own_or_its_styles() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>甲</w:t></w:r>"
        "<w:r><w:rPr><w:b w:val='0'/></w:rPr><w:t>乙</w:t></w:r>"
        "<w:r><w:rPr><w:rStyle w:val='B'/></w:rPr><w:t>丙</w:t></w:r></w:p>"
    )
    assert paragraphs(body)[0].runs == (Run("甲", True), Run("乙"), Run("丙", True))


def test_what_is_deleted_hidden_or_in_a_text_box_is_not_on_the_page() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        "<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink><w:r><w:br/><w:t>接</w:t></w:r></w:p><w:p/>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert [(each.text, each.place.line) for each in paragraphs(body)] == [("增链接", 1), ("控件", 2)]


def test_a_soft_break_ends_a_paragraph_only_behind_a_sentence_or_at_a_heading() -> None:
    words = (
        "甲县乙局",
        "2023年年报",
        "",
        "一、总体情况",
        "做了很多",
        "的事。",
        "又做了事。",
        "（一）公开",
        "发布了。",
    )
    runs = "<w:r><w:br/></w:r>".join(f"<w:r><w:t>{word}</w:t></w:r>" for word in words)
    assert [(each.text, each.place.line) for each in paragraphs(f"<w:p>{runs}</w:p>")] == [
        (text, 1)
        for text in (
            "甲县乙局2023年年报",
            "一、总体情况",
            "做了很多的事。",
            "又做了事。",
            "（一）公开",
            "发布了。",
        )
    ]
    assert [
        each.text for each in paragraphs('<w:p><w:r><w:t>甲。</w:t><w:br w:type="page"/></w:r></w:p>')
    ] == ["甲。"]


def test_automatic_numbers_are_written_out_and_bullets_are_items() -> None:
    def numbered(text: str, depth: int, key: int = 1) -> str:
        return p(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{key}"/></w:numPr>')

    body = numbered("甲", 0) + numbered("子", 1) + numbered("丑", 1) + numbered("乙", 0) + numbered("寅", 1)
    assert [each.text for each in paragraphs(body)] == ["一、甲", "1.子", "2.丑", "二、乙", "1.寅"]
    [bullet] = paragraphs(numbered("点", 0, key=2))
    assert (bullet.text, bullet.item) == ("点", True)


def test_merged_cells_stand_once_with_their_spans() -> None:
    rows = (
        "<w:tr>" + tc("甲", '<w:vMerge w:val="restart"/>') + tc("乙", '<w:gridSpan w:val="2"/>') + "</w:tr>",
        "<w:tr>" + tc("", "<w:vMerge/>") + tc("丙") + tc("丁") + "</w:tr>",
        '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("戊") + tc("己") + "</w:tr>",
    )
    [table] = [
        part
        for part in document_of(docx(f"<w:tbl>{''.join(rows)}</w:tbl>"), "a.docx")
        if isinstance(part, FoundTable)
    ]
    found = [[(cell.text, cell.place.column, cell.rows, cell.columns) for cell in row] for row in table.rows]
    assert found == [
        [("甲", 1, 2, 1), ("乙", 2, 1, 2)],
        [("丙", 2, 1, 1), ("丁", 3, 1, 1)],
        [("戊", 2, 1, 1), ("己", 3, 1, 1)],
    ]


@pytest.mark.parametrize("form", FORMS)
def test_the_tables_that_we_draw_are_found_as_the_form_prints_them(form: str) -> None:
    found = [part for part in drawn(FORMS[form]) if isinstance(part, FoundTable)]
    for number, (table, each) in enumerate(zip(FORMS[form].tables, found, strict=True), start=1):
        wanted = table_of(table)
        assert len(each.rows) == grid_of(table).rows
        spans = [[(cell.text, cell.rows, cell.columns) for cell in row] for row in each.rows]
        assert spans == [[(cell.text, cell.rows, cell.columns) for cell in row] for row in wanted.rows]
        assert each.place.table == number


@settings(max_examples=10)
@given(st.sampled_from(sorted(FORMS)).flatmap(lambda form: consistent_reports(FORMS[form])))
def test_what_we_build_is_read_back_cell_by_cell_and_word_by_word(text: str) -> None:
    node, _ = YAML.read(text.encode(), "a.yaml", ALL_FORMS)
    assert node is not None
    report, _ = read(node, ALL_FORMS)
    assert report is not None
    again, _ = SOURCE.read(built(report), "a.docx", ALL_FORMS)
    assert again is not None
    back, findings = read(again, ALL_FORMS)
    assert back is not None
    assert findings == ()
    assert_read_back(back, report)


def test_what_is_no_readable_document_is_refused_with_a_sentence() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "b">]><w:document xmlns:w="%s">&a;</w:document>' % W.encode()
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.txt", "a")
    cases = {
        b"": "R20",
        "甲".encode(): "R20",
        empty.getvalue(): "R20",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600: "R20",
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"): "R21",
        docx("")[:-30]: "R23",
        docx("", document=b"<w:broken"): "R23",
        docx("", document=bomb): "R23",
        docx("", document=b" " * (65 * 1024 * 1024)): "R22",
        docx(""): "R01",
    }
    for content, code in cases.items():
        node, [finding, *notes] = SOURCE.read(content, "a.docx", ALL_FORMS)
        assert not any(each.is_error for each in notes)
        assert (node, finding.code) == (None, code)
        if code != "R01":
            assert finding.places[0].file == "a.docx"


@settings(max_examples=60)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=40))
def test_a_file_with_bytes_overwritten_gives_findings_and_never_an_exception(at: int, garbage: bytes) -> None:
    whole = docx(p("甲县乙局2023年政府信息公开工作年度报告", "T") + p("一、总体情况", "H1"))
    node, findings = SOURCE.read(whole[:at] + garbage + whole[at + len(garbage) :], "a.docx", ALL_FORMS)
    assert node is not None or findings


_TAGS = st.sampled_from(
    ["p", "r", "t", "tbl", "tr", "tc", "tcPr", "gridSpan", "vMerge", "pPr", "numPr", "ilvl", "ins"]
)
_VALUES = st.sampled_from(["", "1", "0", "-1", "99999999999999999999", "x", "restart"])


@given(st.recursive(st.just(""), lambda inner: st.builds(
    lambda tag, value, parts: f'<w:{tag} w:val="{value}">{"".join(parts)}</w:{tag}>',
    _TAGS, _VALUES, st.lists(inner, max_size=4),
), max_leaves=30))  # fmt: skip
def test_any_tree_of_words_elements_is_walked_without_an_exception(body: str) -> None:
    node, findings = SOURCE.read(docx(body), "a.docx", ALL_FORMS)
    assert node is not None or findings
