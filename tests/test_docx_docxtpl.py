"""The .docx: words filled into the template, drafts, the proof, and the check of an edited template."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docxtpl import DocxTemplate
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from made import gathered, outcome_of
from made import text_of as text_of_clerk
from reportgen.makers import Order, maker_for
from reportgen.makers.docx_docxtpl import MAKER, filling
from reportgen.makers.docx_docxtpl.reading_back import text_of, w
from reportgen.makers.docx_docxtpl.template_check import check_template
from reportgen.model.form import CellKey
from reportgen.model.nodes import Run
from reportgen.model.prose import Paragraph, Prose
from reportgen.model.report import Contact, Figure, Organ, OwnWords, Report, filled
from reportgen.problems import Finding, Level, Place, TemplateBroken
from reportgen.safe.packing import packed
from reportgen.wording import words
from test_layout import FORMS
from test_templates import contents, template

HOSTILE = "甲<乙&丙 \" {{ x }} {% if %} {_{ 𠮷 ㎡ 😀 '</w:t>'"
HERE = Place("2023.yaml", 12, 5)
FINDING = Finding(
    "T3-01", Level.ERROR, "收件与办件不平。", (HERE,), "3 = 4", "3", "核对", about=("new.person",)
)

Edit = Callable[[str], str]


def text(sentence: str, kind: str = "text", bold: bool = False) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph(kind, (Run(sentence, bold),), ((0, HERE),))


def report(form: str = "2021", prose: dict[str, Prose] | None = None, **figures: str) -> Report:
    """A report with these figures and this prose; all the rest is zero or the template's own."""
    typed = {
        CellKey(*name.split("__")): Figure(words, Decimal(words), place=HERE)
        for name, words in figures.items()
    }
    return Report(
        form=FORMS[form],
        year=int(form),
        organ=Organ("甲县乙镇人民政府", "乙镇", "乡镇政府"),
        date=date(int(form) + 1, 1, 29),
        cells=filled(FORMS[form], typed),
        prose={"problems": (text("存在的问题是公开不够及时，已经改进。"),)} | (prose or {}),
        fees=(0, Decimal(0)),
    )


def order(made: Report, draft: bool = False, findings: tuple[Finding, ...] = ()) -> Order:
    """What the maker is given."""
    return Order(made, words(made), findings, draft, template(made.form))


def built(made: Report) -> WordDocument:
    """The document of a report, opened again."""
    return Document(io.BytesIO(MAKER.make(order(made))))


def lines(made: Report) -> list[str]:
    """The running text of a report's document."""
    return [paragraph.text for paragraph in built(made).paragraphs]


def edited(content: bytes, edit: Edit) -> bytes:
    """A docx whose body somebody changed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, part in contents(content).items():
            changed = edit(part.decode()).encode() if name == "word/document.xml" else part
            archive.writestr(name, changed)
    return held.getvalue()


def paragraph(words: str) -> str:
    """The place of the paragraph of the 2021 template that holds these words."""
    body = Document(io.BytesIO(template(FORMS["2021"]))).paragraphs
    [number] = [number for number, each in enumerate(body, start=1) if words in each.text]
    return f"第{number}段"


def faults(edit: Edit) -> list[tuple[str, str]]:
    """Codes and places of what is wrong with the 2021 template after an edit."""
    made = order(report())
    found = check_template(edited(made.template, edit), made.report.form, made.words.names)
    return [(each.code, each.places[0].words) for each in found]


def test_the_kind_docx_is_made_by_this_maker() -> None:
    assert maker_for("docx") is MAKER


@pytest.mark.parametrize("form", FORMS)
def test_a_made_document_proves_right(form: str) -> None:
    made = order(report(form, new__person="3", deny_2__legal="12345678"))
    proof = MAKER.prove(made, MAKER.make(made))
    assert proof.findings == ()
    assert proof.facts["tables"] == 3
    assert proof.facts["cells"] == len(made.report.cells)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_report_gives_the_same_bytes(form: str) -> None:
    made = order(report(form), findings=(FINDING,))
    assert MAKER.make(made) == MAKER.make(made)
    assert MAKER.make(replace(made, draft=True)) == MAKER.make(replace(made, draft=True))


def test_no_part_of_the_zip_tells_the_hour_or_a_persons_name() -> None:
    content = MAKER.make(order(report()))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = contents(content)["docProps/core.xml"].decode()
    assert "<dc:title>甲县乙镇人民政府2021年政府信息公开工作年度报告</dc:title>" in core
    assert core.count("2022-01-29T00:00:00Z") == 2
    assert "lastModifiedBy" not in core


def test_hostile_words_come_out_whole() -> None:
    made = report(prose={"overview": (text(HOSTILE), text(HOSTILE, "item", bold=True))})
    hostile = replace(
        made, organ=replace(made.organ, name=HOSTILE), contact=Contact(site=HOSTILE, url=HOSTILE)
    )
    said = lines(hostile)
    assert said.count(HOSTILE) >= 3
    assert any(f"本报告在{HOSTILE}（{HOSTILE}）公布" in line for line in said)
    assert MAKER.prove(order(hostile), MAKER.make(order(hostile))).findings == ()


@given(st.text(st.characters(), min_size=1, max_size=30).filter(str.strip))
def test_any_text_at_all_gives_a_document_that_opens_and_proves_right(words: str) -> None:
    made = order(report(prose={"others": (text(words),)}))
    assert MAKER.prove(made, MAKER.make(made)).findings == ()


def test_what_xml_forbids_is_shown_as_a_replacement_and_a_line_end_as_a_blank() -> None:
    assert "甲\ufffd乙 丙" in lines(report(prose={"others": (text("甲\x00乙\n丙"),)}))


def test_bold_words_and_each_kind_of_paragraph_have_their_named_styles() -> None:
    prose = (
        text("（一）主动公开", "heading"),
        text("1.网站", "heading"),
        text("一项", "item"),
        Paragraph("text", (Run("重点", True), Run("其余")), ((0, HERE),)),
    )
    made = {each.text: each for each in built(report(prose={"overview": prose})).paragraphs}
    shown = [made[each.text].style for each in prose]
    assert [style.name for style in shown if style] == ["Heading 2", "Heading 3", "列项", "公文正文"]
    runs = [(run.text, getattr(run.style, "name", "")) for run in made["重点其余"].runs]
    assert runs == [("重点", "加粗"), ("其余", "")]


def test_no_empty_run_and_no_tag_is_left_behind() -> None:
    for form in FORMS:
        xml = contents(MAKER.make(order(report(form))))["word/document.xml"].decode()
        assert "{" not in xml
        assert 'w:val="Tag"' not in xml
        assert not re.search(r"<w:r><w:t[^>]*></w:t></w:r>", xml)


def test_a_remark_and_a_decimal_are_printed_as_they_were_typed() -> None:
    made = report(fees__amount="72701.2578")
    cells = {**made.cells, CellKey("normative", "made"): Figure("22", Decimal(22), "其中修订16件", HERE)}
    table = built(replace(made, cells=cells)).tables[0]
    assert table.cell(3, 1).text == "22（其中修订16件）"
    assert table.cell(13, 1).text == "72701.2578"


def test_the_preface_names_basis_parts_period_and_contact_and_only_what_is_given() -> None:
    made = replace(report(), laws=("《山东省政府信息公开办法》",), contact=Contact(phone="0535-7580196"))
    said = "".join(lines(made))
    for words_ in (
        "《中华人民共和国政府信息公开条例》《山东省政府信息公开办法》和",
        "（国办公开办函〔2021〕30号）",
        "自2021年1月1日起至2021年12月31日止",
        "其他需要报告的事项六个部分",
        "联系（电话：0535-7580196）",
    ):
        assert words_ in said
    assert "公布" not in said
    assert "联系" not in "".join(lines(report()))


def test_the_clerks_preface_goes_before_the_templates() -> None:
    said = lines(report(prose={"preface": (text("我们自己的前言。"),)}))
    assert "我们自己的前言。" in said
    assert not any("统计期限" in line for line in said)


def test_sentences_read_right_without_any_application() -> None:
    said = lines(report())
    assert "2021年，乙镇未收到政府信息公开申请，也没有上年结转的申请。" in said
    assert "没有因政府信息公开工作引起的行政复议和行政诉讼。" in said
    assert not any("0件" in line for line in said)


def test_sentences_tell_the_figures_of_the_tables() -> None:
    figures = {
        "new__person": "25",
        "new__business": "1",
        "carry_in__person": "2",
        "open__person": "20",
        "deny_2__person": "3",
        "deny_4__business": "1",
        "carry_out__person": "4",
        "review__upheld": "1",
        "direct_suit__pending": "1",
        "normative__made": "3",
        "normative__in_force": "12",
        "permits__decisions": "1250",
    }
    said = lines(report("2021", None, **figures))
    assert (
        "2021年，乙镇新收政府信息公开申请26件，上年结转2件。办结24件，其中予以公开20件、不予公开4件；"
        "结转下年度继续办理4件。"
    ) in said
    assert "因政府信息公开工作引起的行政复议1件，行政诉讼1件。" in said
    assert (
        "2021年，乙镇制发行政规范性文件3件，现行有效的行政规范性文件12件。处理行政许可1250件。无行政事业性收费。"
    ) in said


def test_the_fee_sentence_is_the_forms_and_goes_with_the_clerks_words() -> None:
    assert "2021年，乙镇未收取政府信息公开信息处理费。" in lines(report())
    paid = replace(report(), fees=(2, Decimal(120)))
    assert "2021年，乙镇共收取政府信息公开信息处理费2件，合计120元。" in lines(paid)
    silent = lines(replace(report(prose={"others": (text("另有一事。"),)}), fees=None))
    assert silent[-3] == "另有一事。"
    assert silent[-2:] == ["甲县乙镇人民政府", "2022年1月29日"]


def test_a_name_of_three_lines_stands_nearer_to_the_text_and_is_one_paragraph() -> None:
    made = report()
    name = "新疆维吾尔自治区伊犁哈萨克自治州人力资源和社会保障局"
    long = built(replace(made, organ=replace(made.organ, name=name))).paragraphs[-2]
    short = built(made).paragraphs[-2]
    assert long.style and short.style
    assert (short.style.name, long.style.name) == ("署名", "署名长")
    assert long.text.split("\n") == ["新疆维吾尔自治区", "伊犁哈萨克自治州", "人力资源和社会保障局"]


def test_a_draft_says_so_on_odd_and_even_pages_and_keeps_the_figures() -> None:
    made = order(report(), draft=True)
    content = MAKER.make(made)
    assert MAKER.prove(made, content).findings == ()
    parts = contents(content)
    for name in ("word/header_draft_odd.xml", "word/header_draft_even.xml"):
        assert "<w:t>草稿</w:t>" in parts[name].decode()
        assert 'string="草稿"' in parts[name].decode()
    assert not any("header" in name for name in contents(MAKER.make(order(report()))))


def test_a_draft_says_so_on_a_first_page_that_is_different_and_in_every_section() -> None:
    made = order(report(), draft=True)
    template = Document(io.BytesIO(made.template))
    template.sections[0].first_page_header.paragraphs[0].text = "某机关"
    second = template.add_section()
    second.different_first_page_header_footer = True
    second.header.paragraphs[0].text = "第二节"
    held = io.BytesIO()
    template.save(held)
    content = MAKER.make(replace(made, template=held.getvalue()))
    headers = [
        (section.header, section.even_page_header, section.first_page_header)
        for section in Document(io.BytesIO(content)).sections
    ]
    said = [["".join(line.text for line in each.paragraphs) for each in three] for three in headers]
    assert said == [["草稿"] * 3] * 2
    assert {name for name in contents(content) if "header" in name and "rels" not in name} == {
        f"word/header_draft_{side}.xml" for side in ("odd", "even", "first")
    }


def test_a_draft_keeps_the_properties_of_the_document_and_bears_no_hour() -> None:
    made = order(report())
    clean, draft = (
        MAKER.make(replace(made, draft=is_draft, findings=(FINDING,))) for is_draft in (False, True)
    )
    one, other = (Document(io.BytesIO(content)).core_properties for content in (clean, draft))
    assert (one.title, one.author, one.created, one.modified) == (
        *(other.title, other.author, other.created, other.modified),
    )
    [comment] = Document(io.BytesIO(draft)).comments
    assert comment.timestamp == datetime(2022, 1, 29, tzinfo=UTC)
    with zipfile.ZipFile(io.BytesIO(draft)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_template_that_takes_no_marks_of_a_draft_is_told() -> None:
    made = order(report(), draft=True)
    parts = contents(made.template)
    types = parts["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")
    of_other_kind = packed(parts | {"[Content_Types].xml": types})
    with pytest.raises(TemplateBroken, match=r"草稿.*另存为 \.docx"):
        MAKER.make(replace(made, template=of_other_kind))


def test_each_finding_of_a_draft_is_a_comment_where_it_belongs() -> None:
    made = report(prose={"overview": (text("第一段"), text("第二段<&>")), "others": (text("第一段"),)})
    about = ("new.person", "overview.2", "others", "date", "table.requests", "platforms", "nowhere", "new.x")
    findings = tuple(replace(FINDING, code=f"X0{n}", about=(key,)) for n, key in enumerate(about))
    content = MAKER.make(order(made, draft=True, findings=findings))
    opened = Document(io.BytesIO(content))
    assert [comment.author for comment in opened.comments] == ["reportgen"] * 8
    assert next(iter(opened.comments)).text.startswith("错误 X00：收件与办件不平。\n应为：3 = 4")
    marks = list(opened.element.iter(w("commentRangeStart")))
    marked = {mark.get(w("id")): text_of(mark.getparent()) for mark in marks}
    assert marked == {
        "0": "0",
        "1": "第二段<&>",
        "2": "第一段",
        "3": "2022年1月29日",
        "4": "三、收到和处理政府信息公开申请情况",
        "5": "一、总体情况",
        "6": "甲县乙镇人民政府",
        "7": "甲县乙镇人民政府",
    }


def test_a_paragraph_said_twice_is_marked_where_it_stands_the_second_time() -> None:
    made = report(prose={"overview": (text("同一段"), text("同一段"))})
    finding = replace(FINDING, about=("overview.2",))
    opened = Document(io.BytesIO(MAKER.make(order(made, draft=True, findings=(finding,)))))
    [mark] = list(opened.element.iter(w("commentRangeStart")))
    same = [each for each in opened.paragraphs if each.text == "同一段"]
    assert [each._p is mark.getparent() for each in same] == [False, True]


def test_a_draft_prints_a_documents_own_headings_and_labels() -> None:
    made = replace(
        report(),
        chapters=tuple(OwnWords(words_, HERE) for words_ in ("一、概述", "五、存在主要问题及改进情况")),
        labels={"deny_2": OwnWords("2.其他法律法规禁止公开", HERE)},
    )
    draft = order(made, draft=True)
    content = MAKER.make(draft)
    opened = Document(io.BytesIO(content))
    said = [paragraph.text for paragraph in opened.paragraphs]
    assert "五、存在主要问题及改进情况" in said and "五、存在的主要问题及改进情况" not in said
    assert "一、概述" in said
    assert opened.tables[1].cell(8, 2).text == "2.其他法律法规禁止公开"
    assert MAKER.prove(draft, content).findings == ()
    assert "一、总体情况" in lines(made)


def test_the_proof_sees_a_wrong_figure_a_wrong_label_and_a_lost_paragraph() -> None:
    made = order(report(new__person="31415"))
    content = MAKER.make(made)

    def spoil(xml: str) -> str:
        spoiled = xml.replace(">31415<", ">31416<", 1).replace("1.属于国家秘密", "1.国家秘密")
        return spoiled.replace("存在的问题是", "存在问题")

    found = {each.code: each for each in MAKER.prove(made, edited(content, spoil)).findings}
    assert set(found) == {"D03", "D04", "D05"}
    assert (found["D03"].expected, found["D03"].found) == ("31415", "31416")
    assert found["D03"].places[0].words == "第2个表第4行第4列"
    assert "申请·本年新收·自然人" in found["D03"].message


def test_the_proof_sees_a_part_that_is_no_xml_and_a_table_too_few() -> None:
    made = order(report())
    content = MAKER.make(made)
    broken = MAKER.prove(made, edited(content, lambda xml: xml[:-20]))
    assert [each.code for each in broken.findings] == ["D01"]
    fewer = MAKER.prove(made, edited(content, lambda xml: re.sub(r"<w:tbl>.*?</w:tbl>", "", xml, count=1)))
    assert "D02" in {each.code for each in fewer.findings}


@pytest.mark.parametrize("form", FORMS)
def test_our_own_templates_ask_only_for_what_is_offered_and_for_every_cell(form: str) -> None:
    made = order(report(form))
    assert check_template(made.template, made.report.form, made.words.names) == ()


DATE = paragraph("{{ 成文日期 }}")


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (lambda xml: xml.replace("{{ new.person }}", "{{ new.persn }}"), ("M01", "第2个表第4行第4列")),
        (lambda xml: xml.replace("{{ 成文日期 }}", "{{ 成文日期 }"), ("M02", DATE)),
        (lambda xml: xml.replace("{{ 成文日期 }}", "｛｛ 成文日期 ｝｝"), ("M02", DATE)),
        (lambda xml: xml.replace("{{ 成文日期 }}", "{{ 成文日期 | }}"), ("M03", DATE)),
        (lambda xml: xml.replace("{%p endmacro %}", "{%p endif %}"), ("M04", paragraph("endmacro"))),
        (lambda xml: xml.replace("{%p endmacro %}", "{% endmacro %}"), ("M04", paragraph("endmacro"))),
        (lambda xml: xml.replace("{{ new.person }}", "0"), ("M05", "第2个表第4行第4列")),
        (lambda xml: xml.replace("{{ 成文日期 }}", "{{ new.person }}"), ("M06", "第2个表第4行第4列")),
        (lambda xml: xml.replace(">{{ 行 }}<", ">{{p 段落([]) }}甲<"), ("M08", paragraph("{{ 行 }}"))),
    ],
)
def test_a_faulty_template_is_told_with_its_place(edit: Edit, found: tuple[str, str]) -> None:
    assert found in faults(edit)


def test_two_tags_that_changed_places_are_both_told() -> None:
    def swap(xml: str) -> str:
        changed = xml.replace("{{ new.person }}", "{{ X }}").replace("{{ open.person }}", "{{ new.person }}")
        return changed.replace("{{ X }}", "{{ open.person }}")

    assert faults(swap) == [("M07", "第2个表第6行第4列"), ("M07", "第2个表第4行第4列")]


def _seventh_row(xml: str) -> tuple[int, int]:
    """Where the seventh row of the second table begins and ends."""
    begin = xml.index("<w:tbl>", xml.index("<w:tbl>") + 1)
    for _ in range(7):
        begin = xml.index("<w:tr>", begin + 1) if "<w:tr>" in xml else xml.index("<w:tr ", begin + 1)
    return begin, xml.index("</w:tr>", begin) + len("</w:tr>")


def test_a_row_that_is_lost_or_doubled_is_told_once_and_not_for_each_cell_below() -> None:
    def lost(xml: str) -> str:
        begin, end = _seventh_row(xml)
        return xml[:begin] + xml[end:]

    def doubled(xml: str) -> str:
        begin, end = _seventh_row(xml)
        return xml[:end] + xml[begin:]

    for edit, code in ((lost, "M05"), (doubled, "M06")):
        told = [each for each in faults(edit) if each[0] in ("M05", "M06", "M07")]
        assert [each for each, _ in told] == [code, "M07"], told


def test_all_faults_come_at_once_with_the_nearest_name_and_stop_the_making() -> None:
    made = order(report())

    def spoil(xml: str) -> str:
        return xml.replace("{{ 成文日期 }}", "{{ 成文日起 }}").replace(
            "{{ carry_in.legal }}", "{{ carry_in.lega }}"
        )

    with pytest.raises(TemplateBroken) as broken:
        MAKER.make(replace(made, template=edited(made.template, spoil)))
    assert [each.code for each in broken.value.faults] == ["M01", "M01", "M05"]
    assert "成文日期" in broken.value.faults[1].expected + broken.value.faults[0].expected


def test_what_is_no_docx_and_no_template_at_all_are_told() -> None:
    made = order(report())
    found = check_template(b"text", made.report.form, made.words.names)
    assert [each.code for each in found] == ["M00"]
    with pytest.raises(TemplateBroken):
        MAKER.make(replace(made, template=b""))


def test_a_template_can_neither_reach_into_python_nor_print_what_is_not_there() -> None:
    made = order(report())
    for trick in ("{{ 机关.__class__ }}", "{{ 标题[0].__class__.__mro__ }}", "{{ 标题.append(1) }}"):
        spoiled = edited(made.template, lambda xml, trick=trick: xml.replace("{{ 成文日期 }}", trick))  # type: ignore[misc]
        with pytest.raises(TemplateBroken):
            MAKER.make(replace(made, template=spoiled))


# ── the same as docxtpl makes ────────────────────────────────────────────────────────────────────────


def _canonical(name: str, content: bytes) -> str:
    """A part without what means nothing: the order of a list of parts, runs that hold no words."""
    root = etree.fromstring(content)
    if name == "[Content_Types].xml":
        root[:] = sorted(root, key=etree.tostring)
    for run in list(root.iter("{*}r")):
        if all(each.tag.endswith("}rPr") or (each.tag.endswith("}t") and not each.text) for each in run):
            parent = run.getparent()
            assert parent is not None
            parent.remove(run)
    return str(etree.canonicalize(root))


@pytest.mark.parametrize("year", [2020, 2023])
def test_filling_gives_part_by_part_what_docxtpl_gives(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "typeset", lambda part, _styles: part)  # looks are set behind docxtpl
    outcome = outcome_of(text_of_clerk(year))
    assert outcome.report is not None
    offered, template_ = words(outcome.report), gathered().templates[outcome.report.form.id]
    plain, held = DocxTemplate(io.BytesIO(template_)), io.BytesIO()
    plain.render(dict(offered.names), autoescape=True)
    plain.save(held)
    with (
        zipfile.ZipFile(io.BytesIO(filling.filled(template_, offered))) as ours,
        zipfile.ZipFile(held) as theirs,
    ):
        names = set(ours.namelist())
        assert names == set(theirs.namelist())
        for name in names - {filling.CORE}:
            assert _canonical(name, ours.read(name)) == _canonical(name, theirs.read(name)), name
