"""Every word on the page was read, and every word read is on the page; else it is told, with the page."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from made import gathered
from reportgen.makers import Order, Proof, maker_for
from reportgen.makers.pdf.proof import prove, words_apart
from reportgen.makers.pdf.same_words import Printed, differences, squeezed, words_in
from reportgen.model.nodes import FoundCell, FoundParagraph, FoundTable, Run, Shown
from reportgen.pipeline import Material, examine
from reportgen.problems import Finding, Level, Place
from reportgen.sources.docx import shown
from reportgen.sources.docx.walking import walk
from reportgen.wording import words
from test_docx_shown import BLOCK, GOOD, INLINE, RUN, body, inline
from test_docx_tables import docx
from word_packages import SENTENCE, SPACES, edited, noted, sound, with_block

PLACE = Place("a.docx", 3)


def para(text: str, place: Place = PLACE, item: bool = False) -> FoundParagraph:
    return FoundParagraph((Run(text),), place, item=item)


def table(*rows: str) -> FoundTable:
    """A table with cells parted by blanks; a cell with ``|`` in front is tall."""
    cells = tuple(
        tuple(
            FoundCell(text.removeprefix("|"), Place("a.docx", table=1, row=r, column=c), 1 + text.count("|"))
            for c, text in enumerate(row.split(), 1)
        )
        for r, row in enumerate(rows, 1)
    )
    return FoundTable(cells, Place("a.docx", table=1, row=1, column=1))


FIRST, SECOND = "本机关全年制发规范性文件三件。", "收到申请26件，均按时答复。"
BODY = (para(FIRST), table("项目 |合计 件数", "规章 109 0", "文件 7 12"), para(SECOND, Place("a.docx", 4)))
DOCUMENT = Shown(BODY, sides=("甲县人民政府", "— 1 —"), margins=(72, 72))
PAGE = f"{FIRST}\n项目 合计 件数\n规章 109 0\n文件 7 12\n{SECOND}"


def told(document: Shown, *pages: str, margins: tuple[str, ...] = ()) -> list[tuple[str, str, int]]:
    return [(gap.lost, gap.extra, gap.page) for gap in differences(document, Printed(pages, margins))]


def test_what_was_read_and_printed_is_nothing_to_tell() -> None:
    assert told(DOCUMENT, PAGE) == []
    assert told(DOCUMENT, PAGE.replace("\n", ""), margins=("甲县人民政府 — 1 —",)) == []


@pytest.mark.parametrize("words", ["另有9999件。", "9999", "件", "x", "一"])
@pytest.mark.parametrize("before", [FIRST, "规章 109 0\n", SECOND])
def test_words_that_nobody_read_are_told_with_their_page(words: str, before: str) -> None:
    start, rest = PAGE.split(before)
    page = f"{start}{before}{words}\n{rest}"
    assert told(DOCUMENT, PAGE.replace(PAGE, "\n"), page) == [("", words, 2)]


def test_the_place_is_behind_what_stands_before_it() -> None:
    (gap,) = differences(DOCUMENT, Printed((f"{PAGE}\n另有9999件。",)))
    assert gap.place == Place("a.docx", 4)


@pytest.mark.parametrize(("old", "new"), [("26件", "62件"), ("规章 109", "规章 901"), ("7 12", "8 12")])
def test_other_words_in_the_place_of_the_read_ones_are_one_cause(old: str, new: str) -> None:
    (gap,) = told(DOCUMENT, PAGE.replace(old, new))
    assert gap[0] and gap[1]


@pytest.mark.parametrize("lost", [FIRST, SECOND, "规章 109 0", "109", "合计"])
def test_words_that_were_read_and_are_not_printed_are_told(lost: str) -> None:
    (gap, *others) = told(DOCUMENT, PAGE.replace(lost, "", 1))
    assert squeezed(gap[0]) in squeezed(lost) and not gap[1]
    assert len(others) < 3


def test_what_is_lost_is_told_in_its_order() -> None:
    twice = Shown((para(f"{FIRST}公开信息公开申请。{SECOND}"),))
    assert told(twice, f"{FIRST}{SECOND}") == [("公开信息公开申请。", "", 1)]


def test_a_sentence_that_stands_twice_and_is_printed_once_is_told_so() -> None:
    document = Shown((para(FIRST), para(SECOND), para(FIRST, Place("a.docx", 9))))
    gaps = differences(document, Printed((f"{FIRST}\n{SECOND}",)))
    report = examine(Material("年报.docx", sound()), gathered()).report
    assert report
    (finding,) = words_apart(Order(report, words(report)), document, gaps)
    assert "在 Word 文件里有 2 处，没有全印进 PDF" in finding.message
    assert finding.places == (Place("a.docx", 9),)


def test_a_paragraph_that_is_not_there_takes_no_other_with_it() -> None:
    lost = Shown(
        (
            para("本机关重视公开平台建设。"),
            *(para(f"第{n}项工作已经完成。") for n in range(9)),
            para("政府信息公开平台建设。"),
        )
    )
    page = "".join(f"第{n}项工作已经完成。" for n in range(9)) + "政府信息公开平台建设。"
    assert [gap[0] for gap in told(lost, page)] == ["本机关重视公开平台建设。"]


def test_heads_of_a_table_stand_again_on_its_next_page() -> None:
    pages = PAGE.split("文件 7 12")
    assert told(DOCUMENT, pages[0], "项目 合计 件数\n文件 7 12" + pages[1]) == []
    assert told(DOCUMENT, pages[0], "项目 合计 9\n文件 7 12" + pages[1]) == [("", "9", 2)]


def test_numbers_of_pages_are_expected_in_the_margins_only() -> None:
    assert told(DOCUMENT, PAGE, "", margins=("甲县人民政府—1—", "甲县人民政府—2—")) == []
    assert told(DOCUMENT, PAGE, margins=("全年9999件",)) == [("", "全年9999件", 1)]
    assert told(DOCUMENT, f"{PAGE}\n1") == [("", "1", 1)]


def test_notes_and_their_marks_are_expected() -> None:
    noted_one = DOCUMENT._replace(beside=(para("数据截至年底，含垂直管理单位。"),), notes=1)
    page = PAGE.replace("26件", "26件1") + "\n1 数据截至年底，含垂直管理单位。"
    assert told(noted_one, page) == []
    assert told(noted_one, page.replace("1 数据", "i 数据")) == []
    assert told(noted_one, PAGE) == [("数据截至年底，含垂直管理单位。", "", 0)]
    assert told(noted_one, page + "\n2") == [("", "2", 1)]


def test_signs_of_items_and_doubled_numbers_are_expected() -> None:
    listed = Shown((para("公开", item=True), para("一、总体情况")), marks=("一、一、",))
    assert told(listed, "o 公开\n一、一、总体情况") == []
    assert told(listed, "• 公开\n一、一、总体情况") == []
    assert told(Shown((para("公开"),)), "o 公开") == [("", "o", 1)]


def test_a_figure_that_wraps_in_its_cell_is_there() -> None:
    assert told(DOCUMENT, PAGE.replace("规章 109 0", "规章 10\n9\n 另行 0").replace("另行", "合计")) == []


def test_what_stands_above_ruby_is_read_in_brackets_and_printed_without() -> None:
    ruby = Shown(
        (FoundParagraph((Run("濂溪区"), Run("（lián xī）"), Run("人民政府")), PLACE), para("（一）公开"))
    )
    assert told(ruby, "lián xī 濂溪区人民政府\n（一）公开") == []
    assert told(ruby, "濂溪区人民政府\n（一）公开") == [("liánxī", "", 1)]


def whole(block: str) -> bytes:
    return docx("", document=f"<w:document {SPACES}><w:body>{block}</w:body></w:document>".encode())


def plainly_printed(document: Shown, *more: str) -> Printed:
    return Printed(("\n".join((*words_in(document.body), *words_in(document.beside), *more)),))


@given(st.one_of(body, inline.map(lambda each: f"<w:p>{each}</w:p>")))
def test_a_sentence_anywhere_is_read_or_else_told_when_it_is_printed(block: str) -> None:
    content = whole(block)
    document = shown(content, "a.docx")
    read = SENTENCE in "".join((*words_in(document.body), *words_in(document.beside)))
    assert read or any(each.is_error for each in walk(content, "a.docx").findings)
    assert told(document, *plainly_printed(document).pages) == []
    if not read:
        (gap,) = differences(document, plainly_printed(document, SENTENCE))
        assert gap.extra == SENTENCE


LETTERS = st.text(st.sampled_from("全年收到申请答复公开件，。0123456789一二"), min_size=1, max_size=30)


@given(st.lists(LETTERS, min_size=1, max_size=8), LETTERS, st.data())
def test_words_put_anywhere_into_a_print_are_told(
    texts: list[str], words_more: str, data: st.DataObject
) -> None:
    document = Shown(tuple(para(text, Place("a.docx", n)) for n, text in enumerate(texts, 1)))
    assert told(document, "\n".join(texts)) == []
    assume(any(char.isalnum() for char in words_more))
    assume(all(words_more not in text and text not in words_more for text in texts))
    at = data.draw(st.integers(0, len(texts)))
    gaps = told(document, "\n".join((*texts[:at], f"乙{words_more}乙", *texts[at:])))
    assert "".join(extra for _, extra, _ in gaps).count("乙") == 2


# ── with LibreOffice ─────────────────────────────────────────────────────────────────────────────────

SIZED = (
    '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="4000000" cy="900000"/>'
    '<wp:docPr id="7" name="b"/><a:graphic><a:graphicData '
    'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr '
    'txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="4000000" cy="900000"/></a:xfrm>'
    '<a:prstGeom prst="rect"/></wps:spPr><wps:txbx><w:txbxContent><w:p>{}</w:p></w:txbxContent></wps:txbx>'
    "<wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
REAL = {
    "a direction": with_block(f"<w:p>{INLINE['bdo'].format(GOOD)}</w:p>"),
    "ruby": with_block(f"<w:p>{INLINE['above ruby'].format(GOOD)}</w:p>"),
    "a nested table": with_block(BLOCK["a nested table"].format(GOOD)),
    "a text box": with_block(f"<w:p>{SIZED.format(GOOD)}</w:p>"),
    "a footnote": noted("footnote", "footnoteReference", GOOD),
    "an endnote": noted("endnote", "endnoteReference", GOOD),
    "a footer": edited(
        {"word/footer1.xml": ("</w:p>", "<w:r><w:t>甲县乙镇人民政府 第1页</w:t></w:r></w:p>")}
    ),
}


def proof_of(content: bytes, read: bytes) -> Proof:
    """The proof of a Word file's print, as if it had been read as another."""
    outcome = examine(Material("年报.docx", content), gathered())
    maker = maker_for("pdf")
    assert outcome.report is not None and maker is not None and maker.convert is not None
    order = Order(outcome.report, words(outcome.report), shown=lambda: shown(read, "年报.docx"))
    return prove(order, maker.convert(content), maker, None)


def of_words(proof: Proof) -> list[Finding]:
    return [each for each in proof.findings if each.code in ("P02", "P11")]


@pytest.mark.office
@pytest.mark.parametrize("content", REAL.values(), ids=REAL)
def test_what_libreoffice_prints_was_read(content: bytes) -> None:
    assert of_words(proof_of(content, content)) == []


@pytest.mark.office
@pytest.mark.parametrize("kind", ["a direction", "a nested table", "a text box", "a footnote", "an endnote"])
def test_what_libreoffice_prints_and_nobody_read_is_an_error(kind: str) -> None:
    content = REAL[kind]
    findings = of_words(proof_of(content, sound()))
    assert {(finding.code, finding.level) for finding in findings} == {("P11", Level.ERROR)}
    (one,) = [each for each in findings if "本机关重视公开平台建设" in each.message]
    assert "页" in one.message and one.places
    assert len(findings) <= 3, "the note, and its mark in the text and before itself"


@pytest.mark.office
def test_a_table_that_is_not_printed_is_one_finding_and_not_told_again() -> None:
    content = with_block(f"<w:p>{RUN}</w:p>")
    outcome = examine(Material("年报.docx", content), gathered())
    maker = maker_for("pdf")
    assert outcome.report is not None and maker is not None and maker.convert is not None
    order = Order(outcome.report, words(outcome.report), shown=lambda: shown(content, "年报.docx"))
    without = maker.convert(
        edited({"word/document.xml": ('<w:t xml:space="preserve">4.保护第三方合法权益', "<w:t>4.商企")})
    )
    findings = of_words(prove(order, without, maker, None))
    assert [each.code for each in findings] == ["P02", "P02"]
    told_before = Finding("K15", Level.ERROR, "", (), found=SENTENCE)
    left = of_words(prove(replace(order, findings=(told_before,)), without, maker, None))
    assert len(left) == 1 and SENTENCE[:6] not in left[0].message


def test_a_hyphen_at_the_end_of_a_line_is_a_word_or_the_programs_own() -> None:
    address = "网址是http://www.an-example-of-a-town.gov.cn，可供查阅。"
    document = DOCUMENT._replace(body=(FoundParagraph((Run(address),), Place("a.docx", 1)),))
    parted = "网址是http://www.an\x02\r\nexample-of-a\ufffe\r\ntown.gov.cn，可供查阅。"
    assert differences(document, Printed((parted,))) == ()
    word = document._replace(
        body=(FoundParagraph((Run("所列的regulations均为现行有效。"),), Place("a.docx", 1)),)
    )
    assert differences(word, Printed(("所列的reg\x02\r\nulations均为现行有效。",))) == ()
    assert differences(document, Printed((parted.replace("example-of", "exampleof"),))) != ()
