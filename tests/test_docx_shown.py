"""What Word shows is read like any text, or named as an error; nothing is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.nodes import FoundTable
from reportgen.sources.docx.walking import walk
from test_docx_tables import docx
from word_packages import (
    MAIN,
    SENTENCE,
    SPACES,
    edited,
    findings_in,
    noted,
    packed,
    parts_of,
    sound,
    with_block,
)

RUN = f"<w:r><w:t>{SENTENCE}</w:t></w:r>"
GOOD = "<w:r><w:t>本机关重视公开平台建设。</w:t></w:r>"
BOX = (
    "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p>{}</w:p></w:txbxContent></v:textbox></v:shape>"
    "</w:pict></w:r>"
)
SHAPE = (
    "<w:r><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent><w:p>{}</w:p>"
    "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
)
BOTH = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps">{}</mc:Choice><mc:Fallback>{}</mc:Fallback>'
    "</mc:AlternateContent></w:r>"
)
INNER_SHAPE, INNER_BOX = (each.removeprefix("<w:r>").removesuffix("</w:r>") for each in (SHAPE, BOX))
CHOICE = (
    '<mc:AlternateContent><mc:Choice Requires="{}">{{0}}</mc:Choice><mc:Fallback>{{0}}</mc:Fallback>'
    "</mc:AlternateContent>"
)
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{{}}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)

INLINE = {
    "bdo": '<w:bdo w:val="ltr">{}</w:bdo>',
    "dir": '<w:dir w:val="rtl">{}</w:dir>',
    "smart tag": '<w:smartTag w:element="x"><w:smartTagPr/>{}</w:smartTag>',
    "custom xml": '<w:customXml w:element="x">{}</w:customXml>',
    "content control": "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "hyperlink": '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
    "choice": CHOICE.format("w14"),
    "unknown choice": CHOICE.format("w10"),
    "simple field": '<w:fldSimple w:instr=" REF x ">{}</w:fldSimple>',
    "field": FIELD.format(" REF x \\h "),
    "ruby": "<w:r><w:ruby><w:rt/><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
    "above ruby": "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby>"
    "</w:r>",
    "old text box": BOX,
    "text box": SHAPE,
    "text box in both manners": BOTH.format(INNER_SHAPE, INNER_BOX).replace("{}", "{0}"),
}
BLOCK = {
    "paragraph": "<w:p>{}</w:p>",
    "content control": "<w:sdt><w:sdtContent><w:p>{}</w:p></w:sdtContent></w:sdt>",
    "custom xml": '<w:customXml w:element="x"><w:p>{}</w:p></w:customXml>',
    "choice": CHOICE.format("wps").replace("{0}", "<w:p>{0}</w:p>"),
    "a table of one cell": "<w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl><w:p/>",
    "a nested table": "<w:tbl><w:tr><w:tc><w:p/><w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl><w:p/>"
    "</w:tc></w:tr></w:tbl><w:p/>",
}


def told(content: bytes) -> list[str]:
    return [each.code for each in findings_in(content) if each.is_error]


@pytest.mark.parametrize("wrap", INLINE.values(), ids=INLINE)
def test_a_wrong_figure_in_anything_around_a_run_is_found(wrap: str) -> None:
    assert told(with_block(f"<w:p>{wrap.format(RUN)}</w:p>")) == ["N01"]


@pytest.mark.parametrize("wrap", BLOCK.values(), ids=BLOCK)
def test_a_wrong_figure_in_anything_around_a_paragraph_is_found(wrap: str) -> None:
    assert told(with_block(wrap.format(RUN))) == ["N01"]


@pytest.mark.parametrize(
    "wrap", [*INLINE.values(), *BLOCK.values()], ids=[*INLINE, *(f"{x} block" for x in BLOCK)]
)
def test_a_sound_sentence_there_is_no_fault(wrap: str) -> None:
    block = wrap if wrap in BLOCK.values() else f"<w:p>{wrap}</w:p>"
    assert told(with_block(block.format(GOOD))) == []


@pytest.mark.parametrize(
    ("kind", "reference"), [("footnote", "footnoteReference"), ("endnote", "endnoteReference")]
)
def test_notes_are_read_behind_their_paragraph(kind: str, reference: str) -> None:
    assert told(noted(kind, reference, RUN)) == ["N01"]
    assert told(noted(kind, reference, GOOD)) == []


def test_a_note_that_is_not_there_is_an_error() -> None:
    assert told(with_block('<w:p><w:r><w:footnoteReference w:id="77"/></w:r></w:p>')) == ["R30"]


UNREAD = {
    "公式": f"<w:p><m:oMathPara><m:oMath><m:r><m:t>{SENTENCE}</m:t></m:r></m:oMath></m:oMathPara></w:p>",
    "公式 ": f"<w:p><w:bdo><m:oMath><m:r><m:t>{SENTENCE}</m:t></m:r></m:oMath></w:bdo></w:p>",
    "altChunk": '<w:altChunk r:id="rMissing"/>',
    "图表": "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><c:chart/></a:graphicData></a:graphic>"
    "</wp:inline></w:drawing></w:r></w:p>",
    "SmartArt": "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><dgm:relIds/></a:graphicData>"
    "</a:graphic></wp:inline></w:drawing></w:r></w:p>",
    "图形里的文字": "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:p><a:r><a:t>9999件</a:t>"
    "</a:r></a:p>"
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
    "艺术字": '<w:p><w:r><w:pict><v:shape><v:textpath string="9999件"/></v:shape></w:pict></w:r></w:p>',
    "（w10:new）".replace("w10:", ""): f"<w:p><w10:new>{RUN}</w10:new></w:p>",
    "（block）": f"<w10:block><w:p>{RUN}</w:p></w10:block>",
    "EQ 域": f"<w:p>{FIELD.format('EQ x').format(GOOD)}</w:p>",
    "DATE 域": '<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>今天</w:t></w:r></w:fldSimple></w:p>',
    "域代码里": '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>9999件</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    "显示的文字不同": '<w:p><mc:AlternateContent><mc:Choice Requires="w14"><w:r><w:t>甲</w:t></w:r>'
    "</mc:Choice>"
    "<mc:Fallback><w:r><w:t>乙</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>",
    "旧程序显示": '<w:p><mc:AlternateContent><mc:Choice Requires="w14"/><mc:Fallback><w:r><w:t>乙</w:t></w:r>'
    "</mc:Fallback></mc:AlternateContent></w:p>",
    "合并的": "<w:tbl><w:tr><w:tc><w:tcPr><w:hMerge w:val='restart'/></w:tcPr><w:p/></w:tc><w:tc><w:tcPr>"
    f"<w:hMerge/></w:tcPr><w:p>{RUN}</w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>",
    "与数据绑定": f"<w:p><w:sdt><w:sdtPr><w:dataBinding w:xpath='/a'/></w:sdtPr><w:sdtContent>{GOOD}"
    "</w:sdtContent></w:sdt></w:p>",
    "与数据绑定的": f"<w:sdt><w:sdtPr><w15:dataBinding xmlns:w15='urn:x' w:xpath='/a'/></w:sdtPr>"
    f"<w:sdtContent><w:p>{GOOD}</w:p></w:sdtContent></w:sdt>",
    "绑定的内容控件": "<w:tbl><w:sdt><w:sdtPr><w:dataBinding w:xpath='/a'/></w:sdtPr><w:sdtContent><w:tr>"
    f"<w:tc><w:p/></w:tc><w:tc><w:p>{GOOD}</w:p></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl><w:p/>",
    "被合并的": '<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc><w:tc><w:p/>'
    "</w:tc></w:tr>"
    f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p>{RUN}</w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>",
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_is_an_error_that_names_it(name: str) -> None:
    errors = [each for each in findings_in(with_block(UNREAD[name])) if each.is_error]
    assert {each.code for each in errors} == {"R30"}
    assert any(name.strip() in each.message for each in errors)
    assert all(each.places[0].line or each.places[0].table for each in errors)


def test_signs_of_their_own_are_read_as_they_are_printed() -> None:
    signs = (
        '<w:r><w:t>甲</w:t><w:noBreakHyphen/><w:softHyphen/><w:tab/><w:sym w:font="Wingdings" w:char="F082"/>'
        '<w:sym w:font="宋体" w:char="0039"/><w:sym w:font="Symbol" w:char="F039"/></w:r>'
    )
    assert walk(docx(f"<w:p>{signs}</w:p>"), "a").document[0].text == "甲- ②99"  # type: ignore[union-attr]


def test_cells_merged_in_the_manner_of_old_programs_are_one() -> None:
    cells = "".join(
        f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"
        for merge, words in (('<w:hMerge w:val="restart"/>', "甲"), ("<w:hMerge/>", ""), ("", "乙"))
    )
    (table,) = walk(docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"), "a").document
    assert isinstance(table, FoundTable)
    assert [(cell.text, cell.columns, cell.place.column) for cell in table.rows[0]] == [
        ("甲", 2, 1),
        ("乙", 1, 3),
    ]


def test_a_figure_in_a_nested_table_is_the_cells() -> None:
    parts = parts_of(sound())
    body = parts[MAIN].decode()
    assert body.count('<w:t xml:space="preserve">25</w:t>') > 0
    at = body.index('<w:t xml:space="preserve">25</w:t>')
    start, end = body.rindex("<w:p>", 0, at), body.index("</w:p>", at) + len("</w:p>")
    nested = f"<w:tbl><w:tr><w:tc>{body[start:end]}</w:tc></w:tr></w:tbl><w:p/>"
    assert told(packed(parts | {MAIN: (body[:start] + nested + body[end:]).encode()})) == []


def test_tables_that_only_lay_the_page_out_are_walked_through() -> None:
    parts = parts_of(sound())
    body = (
        parts[MAIN]
        .decode()
        .replace("<w:tbl>", "<w:tbl><w:tr><w:tc><w:p/><w:tbl>")
        .replace("</w:tbl>", "</w:tbl><w:p/></w:tc></w:tr></w:tbl>")
    )
    assert told(packed(parts | {MAIN: body.encode()})) == []


@pytest.mark.parametrize("words", ["全年收到申请9999件。", "公开信息130条", "2019年政府信息公开工作年度报告"])
def test_a_header_that_says_more_than_a_name_is_an_error(words: str) -> None:
    name = "word/footer1.xml"
    footer = edited({name: ("</w:p>", f"<w:r><w:t>{words}</w:t></w:r></w:p>")})
    assert told(footer) == ["R33"]


def test_a_header_with_the_name_and_the_page_is_no_fault() -> None:
    words = "甲县乙镇人民政府2023年政府信息公开工作年度报告 第1页 共5页"
    assert told(edited({"word/footer1.xml": ("</w:p>", f"<w:r><w:t>{words}</w:t></w:r></w:p>")})) == []


# ── any nesting ──────────────────────────────────────────────────────────────────────────────────────

UNKNOWN = {"math": "<m:oMath>{}</m:oMath>", "other": "<w10:x>{}</w10:x>", "hyphen": "<w:ruby>{}</w:ruby>"}
inline = st.recursive(
    st.just(RUN),
    lambda inner: st.builds(
        lambda wrap, each: wrap.format(each), st.sampled_from([*INLINE.values(), *UNKNOWN.values()]), inner
    ),
    max_leaves=6,
)
body = st.recursive(
    st.builds(lambda each: f"<w:p>{each}</w:p>", inline),
    lambda inner: st.builds(
        lambda wrap, each: wrap.format(each),
        st.sampled_from(
            [
                "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
                '<w:customXml w:element="x">{}</w:customXml>',
                "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
                "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:sdt><w:sdtContent><w:tc>{}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
                CHOICE.format("w14"),
                "<w10:x>{}</w10:x>",
                "<w:ins>{}</w:ins>",
            ]
        ),
        inner,
    ),
    max_leaves=6,
)


@given(body)
def test_a_sentence_anywhere_is_read_or_named(block: str) -> None:
    whole = f"<w:document {SPACES}><w:body>{block}</w:body></w:document>".encode()
    walked = walk(docx("", document=whole), "a.docx")
    read = "".join(
        "".join(cell.text for row in part.rows for cell in row) if hasattr(part, "rows") else part.text
        for part in walked.document
    )
    assert SENTENCE in read or any(each.is_error for each in walked.findings)


@pytest.mark.parametrize(
    "wrap", ["<w:smartTag>{}</w:smartTag>", "<w:p>{}</w:p>", "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"]
)
def test_the_steps_grow_with_the_size(wrap: str) -> None:
    def steps(count: int) -> int:
        import sys

        content = docx(
            f"<w:p>{wrap.format(RUN) * count}</w:p>"
            if "smart" in wrap
            else wrap.format(f"<w:p>{RUN}</w:p>") * count
        )
        counted = 0

        def count_calls(*_: object) -> None:
            nonlocal counted
            counted += 1

        sys.setprofile(count_calls)
        try:
            walk(content, "a.docx")
        finally:
            sys.setprofile(None)
        return counted

    assert steps(400) < 2.2 * steps(200)


@pytest.mark.parametrize(
    "wrap",
    [
        "<w:smartTag>{}</w:smartTag>",
        "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
        CHOICE.format("w14").replace("{0}", "{}", 1).replace("{0}", ""),
        "<w:r><w:ruby><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
        BOX,
        "<w10:x>{}</w10:x>",
    ],
)
def test_the_deepest_nesting_is_read_or_named(wrap: str) -> None:
    block = "<w:p>{}</w:p>" if "tbl" not in wrap else "{}"
    deep = RUN if "tbl" not in wrap else f"<w:p>{RUN}</w:p>"
    for _ in range(230 // wrap.count("</")):
        deep = wrap.replace("{}", deep)
    whole = f"<w:document {SPACES}><w:body>{block.replace('{}', deep)}</w:body></w:document>".encode()
    walked = walk(docx("", document=whole), "a.docx")
    read = "".join(getattr(part, "text", "") for part in walked.document)
    assert SENTENCE in read or any(each.is_error for each in walked.findings)


def test_a_note_that_is_referred_to_often_is_read_once() -> None:
    content = noted("footnote", "footnoteReference", GOOD)
    parts = parts_of(content)
    mark = b'<w:r><w:footnoteReference w:id="5"/></w:r>'
    body = parts[MAIN].replace(mark, mark * 500)
    document = walk(packed(parts | {MAIN: body}), "a.docx").document
    assert sum("重视公开平台建设" in getattr(part, "text", "") for part in document) == 1
