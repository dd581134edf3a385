"""What work on a Word document leaves behind is found, placed and kept from the archive."""

import io
import zipfile
from collections.abc import Callable
from functools import cache

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from made import gathered, outcome_of
from polished import saying, text
from reportgen.pipeline import Material, examine
from reportgen.problems import Finding

Edit = Callable[[Document], object]


@cache
def ours() -> bytes:
    """A Word file of ours without faults."""
    return outcome_of(text(), "docx").files["docx"]


def found(edit: Edit) -> list[Finding]:
    """What is left in our file after an edit: the K findings."""
    document = docx.Document(io.BytesIO(ours()))
    edit(document)
    held = io.BytesIO()
    document.save(held)
    outcome = examine(Material("年报.docx", held.getvalue()), gathered())
    assert outcome.report is not None
    return [finding for finding in outcome.findings if finding.code.startswith("K")]


def policy(document: Document) -> Paragraph:
    """The sentence that the edits are about."""
    return saying(document, "重视政策解读")


def wrapped(name: str) -> Edit:
    """An edit that marks a paragraph's runs as a tracked change of this kind."""

    def edit(document: Document) -> None:
        paragraph = policy(document)
        mark = parse_xml(f'<w:{name} {nsdecls("w")} w:id="1" w:author="甲"/>')
        for run in paragraph.runs:
            mark.append(run._r)
            for words in run._r.iter(qn("w:t")) if name == "del" else ():
                words.tag = qn("w:delText")
        paragraph._p.append(mark)

    return edit


def reformatted(document: Document) -> None:
    """A tracked change of looks."""
    properties = policy(document).runs[0]._r.get_or_add_rPr()
    properties.append(parse_xml(f'<w:rPrChange {nsdecls("w")} w:id="2" w:author="甲"><w:rPr/></w:rPrChange>'))


def in_a_cell(document: Document) -> None:
    """A tracked insertion in a cell of table three."""
    paragraph = document.tables[1].cell(3, 3).paragraphs[0]
    mark = parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="甲"/>')
    mark.append(paragraph.runs[0]._r)
    paragraph._p.append(mark)


def in_the_footer(document: Document) -> None:
    """A tracked insertion in a footer."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="甲"><w:r><w:t>页脚的字</w:t></w:r></w:ins>')
    )


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (wrapped("ins"), "插入"),
        (wrapped("del"), "删除"),
        (wrapped("moveFrom"), "移走"),
        (wrapped("moveTo"), "移来"),
        (reformatted, "格式改动"),
        (in_a_cell, "插入"),
        (in_the_footer, "页脚插入"),
    ],
)
def test_tracked_changes_of_every_kind_are_errors(edit: Edit, kind: str) -> None:
    (finding,) = found(edit)
    assert finding.code == "K10" and finding.is_error and kind in finding.message


def test_a_tracked_change_is_placed_at_its_paragraph_or_cell() -> None:
    (sentence,) = found(wrapped("ins"))
    assert sentence.places[0].line > 3 and "重视政策解读" in sentence.message
    (cell,) = found(in_a_cell)
    assert (cell.places[0].table, cell.places[0].row, cell.places[0].column) == (2, 4, 4)


def test_a_comment_is_an_error_with_its_author_words_and_place() -> None:
    (finding,) = found(lambda it: it.add_comment(policy(it).runs, text="这句再斟酌", author="办公室"))
    assert finding.code == "K11" and finding.is_error
    assert "办公室" in finding.message and "这句再斟酌" in finding.message and finding.places[0].line > 3


def hidden(document: Document) -> None:
    """Hidden words at the end of a sentence."""
    policy(document).add_run("内部掌握").font.hidden = True


def hidden_by_style(document: Document) -> None:
    """Words hidden by their character style."""
    style = document.styles.add_style("秘", WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    policy(document).add_run("内部掌握", style=style)


def hidden_by_the_style_below(document: Document) -> None:
    """Words hidden by what their character style is based on."""
    hidden_by_style(document)
    style = document.styles.add_style("更秘", WD_STYLE_TYPE.CHARACTER)
    style.base_style = document.styles["秘"]
    policy(document).runs[-1].style = style


def hidden_in_the_footer(document: Document) -> None:
    """Hidden words in a footer."""
    document.sections[0].footer.paragraphs[0].add_run("内部掌握").font.hidden = True


def hidden_row(document: Document) -> None:
    """A hidden row with words."""
    row = document.add_table(2, 2).rows[1]
    row.cells[0].text = "内部掌握"
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:hidden {nsdecls('w')}/>"))


@pytest.mark.parametrize(
    "edit", [hidden, hidden_by_style, hidden_by_the_style_below, hidden_in_the_footer, hidden_row]
)
def test_hidden_words_are_an_error(edit: Edit) -> None:
    (finding,) = found(edit)
    assert finding.code == "K12" and finding.is_error and "内部掌握" in finding.message


def test_a_hidden_row_is_placed_at_itself() -> None:
    def edit(document: Document) -> None:
        row = document.tables[1].rows[6]._tr
        row.get_or_add_trPr().append(parse_xml(f"<w:hidden {nsdecls('w')}/>"))

    (finding,) = found(edit)
    assert (finding.code, finding.places[0].table, finding.places[0].row) == ("K12", 2, 7)


def test_a_hidden_paragraph_mark_hides_nothing() -> None:
    def edit(document: Document) -> None:
        properties = policy(document)._p.get_or_add_pPr()
        properties.append(parse_xml(f"<w:rPr {nsdecls('w')}><w:vanish/></w:rPr>"))

    assert found(edit) == []


@pytest.mark.parametrize("words", ["草稿", "征求意见稿", "（送审稿）", "Draft"])
def test_a_header_of_a_draft_is_an_error(words: str) -> None:
    def edit(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = words

    (finding,) = found(edit)
    assert finding.code == "K13" and finding.is_error and words in finding.message


def test_a_watermark_of_a_draft_is_an_error() -> None:
    mark = (
        f'<w:r {nsdecls("w")}><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape>'
        '<v:textpath string="征求意见稿"/></v:shape></w:pict></w:r>'
    )

    def edit(document: Document) -> None:
        document.sections[0].header.paragraphs[0]._p.append(parse_xml(mark))

    (finding,) = found(edit)
    assert finding.code == "K13" and "征求意见稿" in finding.message


VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
FLOATING = {
    "a watermark": f'<w:pict {VML}><v:shape><v:textpath string="{{}}"/></v:shape></w:pict>',
    "a text box": f"<w:pict {VML}><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>{{}}</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></v:shape></w:pict>",
}


def floats(kind: str, words: str, where: str) -> Edit:
    """Words that hang on a header or footer."""
    run = f"<w:r {nsdecls('w')}>{FLOATING[kind].format(words)}</w:r>"

    def edit(document: Document) -> None:
        getattr(document.sections[0], where).paragraphs[0]._p.append(parse_xml(run))

    return edit


@pytest.mark.parametrize("kind", FLOATING)
@pytest.mark.parametrize("where", ["header", "footer", "even_page_footer"])
def test_words_that_lie_on_every_page_are_told(kind: str, where: str) -> None:
    (finding,) = found(floats(kind, "内部资料", where))
    assert finding.code == "K18" and not finding.is_error and "内部资料" in finding.message


@pytest.mark.parametrize("kind", FLOATING)
@pytest.mark.parametrize("words", ["— 1 —", "第1页 共5页"])
def test_a_page_number_in_a_box_is_no_fault(kind: str, words: str) -> None:
    assert found(floats(kind, words, "footer")) == []


def test_a_header_with_other_words_and_a_draft_told_of_in_a_sentence_are_none() -> None:
    def edit(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "政府信息公开工作年度报告"
        policy(document).add_run("就规范性文件草稿征求意见3次。")

    assert found(edit) == []


def test_comments_that_unpack_into_a_bomb_are_refused() -> None:
    held = io.BytesIO(ours())
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/comments.xml", b" " * (20 * 1024 * 1024))
    outcome = examine(Material("年报.docx", held.getvalue()), gathered())
    assert outcome.report is None and [each.code for each in outcome.findings] == ["R22"]
