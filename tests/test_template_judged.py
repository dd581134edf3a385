"""An edited template: what is built of it is judged as anybody's document, and ``template`` tells it before.

The edits are made by python-docx as an office makes them in Word. Each kind has siblings, and a control that
builds without a word.
"""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pytest
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from made import gathered, text_of
from polished import saved_again
from reportgen.cli import main
from reportgen.judging import Judgement, form_of, in_background, judge_template
from reportgen.pipeline import Material, Outcome, run
from reportgen.problems import Finding, TemplateBroken
from test_layout import FORMS
from test_templates import contents, packed, template

Edit = Callable[[Document], object]
FORM = FORMS["2021"]
DATE = "{{ 成文日期 }}"
MANAGEMENT = "政府信息的制作、审查、发布和更新"


def edited(*edits: Edit) -> bytes:
    """The template of 2021 as it is after somebody opened it, edited it and saved it."""
    opened, held = docx.Document(io.BytesIO(template(FORM))), io.BytesIO()
    for edit in edits:
        edit(opened)
    opened.save(held)
    return held.getvalue()


_ANSWERED = ("X10", "X24")
"""What the template's own words in chapter one bring about."""


def built(changed: bytes, *wanted: str, year: int = 2022) -> Outcome:
    """What comes of a sound report that uses the template's own words."""
    supplies = gathered()
    supplies = replace(supplies, templates={**supplies.templates, "2021": changed})
    text = text_of(year, said="核对: {X10: 模板的文字, X24: 模板的文字}\n")
    outcome = run(Material("年报.yaml", text.encode()), supplies, wanted or ("docx",))
    return replace(outcome, findings=tuple(each for each in outcome.findings if each.code not in _ANSWERED))


def before(changed: bytes) -> tuple[Finding, ...]:
    """What ``template`` tells of it."""
    return judge_template(changed, "本局.docx", FORM, gathered())


def codes(findings: tuple[Finding, ...]) -> set[str]:
    """The codes of the errors among some findings."""
    return {each.code for each in findings if each.is_error}


def line(opened: Document, words: str) -> Paragraph:
    """The first paragraph outside of tables that has these words."""
    return next(each for each in opened.paragraphs if words in each.text)


def say(words: str, where: str = MANAGEMENT) -> Edit:
    """The paragraph with these words says something else."""
    return lambda opened: setattr(line(opened, where).runs[0], "text", words)


def add(words: str) -> Edit:
    """A paragraph at the end, over the name of the organ."""
    return lambda opened: line(opened, DATE).insert_paragraph_before(words, style="公文正文")


def in_cell(words: str, table: int = 1, row: int = 3, column: int = 3) -> Edit:
    """A cell says something else."""

    def edit(opened: Document) -> None:
        cell = opened.tables[table].cell(row, column)
        cell.paragraphs[0].runs[0].text = words

    return edit


def wrapped(name: str, words: str = "联系单位：示例科。") -> Edit:
    """A run inside a mark of Word's, such as ``w:ins``."""

    def edit(opened: Document) -> None:
        paragraph = line(opened, DATE).insert_paragraph_before(words, style="公文正文")
        run = paragraph.runs[0]._r
        mark = OxmlElement(name)
        mark.set(qn("w:id"), "901")
        mark.set(qn("w:author"), "某人")
        run.addprevious(mark)
        mark.append(run)

    return edit


def formatted(opened: Document) -> None:
    """Somebody made words bold while changes were tracked."""
    looks = line(opened, MANAGEMENT).runs[0]._r.get_or_add_rPr()
    change = OxmlElement("w:rPrChange")
    change.set(qn("w:id"), "902")
    change.set(qn("w:author"), "某人")
    change.append(OxmlElement("w:rPr"))
    looks.append(change)


def hidden(words: str) -> Edit:
    """A paragraph that is hidden."""

    def edit(opened: Document) -> None:
        run = line(opened, DATE).insert_paragraph_before("", style="公文正文").add_run(words)
        run.font.hidden = True

    return edit


def hidden_by_style(opened: Document) -> None:
    style = opened.styles.add_style("内部", 2)
    style.font.hidden = True
    line(opened, DATE).insert_paragraph_before("", style="公文正文").add_run("内部备注", style=style)


def remarked(where: str) -> Edit:
    """A comment on a paragraph."""
    return lambda opened: opened.add_comment(line(opened, where).runs, "请确认", author="某人")


def remarked_cell(opened: Document) -> None:
    opened.add_comment(opened.tables[0].cell(0, 0).paragraphs[0].runs, "这一行要核对", author="某人")


def relabelled(table: int, row: int, column: int, words: str) -> Edit:
    """A label of a statutory table in other words."""
    return in_cell(words, table, row, column)


def without(words: str) -> Edit:
    """A paragraph is deleted."""

    def edit(opened: Document) -> None:
        opened.element.body.remove(line(opened, words)._p)

    return edit


WRONG: dict[str, tuple[Edit, str]] = {
    "tracked insertion": (wrapped("w:ins"), "K10"),
    "tracked move": (wrapped("w:moveTo"), "K10"),
    "tracked format": (formatted, "K10"),
    "heading five": (say("五、问题和改进", "五、存在的主要问题"), "X04"),
    "heading one": (say("一、基本情况", "一、总体情况"), "X04"),
    "heading left out": (without("六、其他需要报告"), "X04"),
    "figure of applications": (say("全年收到政府信息公开申请77件。"), "N08"),
    "figure of openings": (say("全年予以公开6件。"), "N05"),
    "figure at the end": (add("全年新收政府信息公开申请12件。"), "N08"),
    "hidden words": (hidden("不要打印"), "K12"),
    "hidden sentence": (hidden("全年收到申请3件。"), "K12"),
    "hidden by a style": (hidden_by_style, "K12"),
    "comment on a heading": (remarked("一、总体情况"), "K11"),
    "comment on the boilerplate": (remarked(MANAGEMENT), "K11"),
    "comment on a cell": (remarked_cell, "K11"),
    "to be filled in": (add("联系单位：【待填】。"), "X14"),
    "what to write": (add("联系单位（此处写单位全称）。"), "X14"),
    "crosses": (add("联系单位：××局。"), "X14"),
    "label of table one": (relabelled(0, 2, 0, "规章制度"), "D04"),
    "label of table two": (relabelled(1, 7, 2, "1.属于国家机密"), "D04"),
    "label of table three": (relabelled(2, 0, 0, "复议"), "D04"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_edit_makes_a_draft_and_is_told_with_its_place_before_and_after(kind: str) -> None:
    edit, code = WRONG[kind]
    changed = edited(edit)
    outcome = built(changed, "docx", "pdf")
    assert code in codes(outcome.findings), outcome.findings
    assert outcome.draft and set(outcome.files) == {"docx"} and outcome.refused == ("pdf",)
    [finding] = [each for each in outcome.findings if each.code == code][:1]
    assert finding.places and "模板" in finding.fix
    told = [each for each in before(changed) if each.code == code]
    assert told and told[0].is_error
    assert any(place.line or place.table for each in told for place in each.places), told
    assert {place.file for each in told for place in each.places} == {"本局.docx"}


def test_the_draft_bears_the_finding_as_a_comment_where_it_stands() -> None:
    outcome = built(edited(say("全年收到政府信息公开申请77件。")))
    opened = docx.Document(io.BytesIO(outcome.files["docx"]))
    [comment] = [each for each in opened.comments if "N08" in each.text]
    marks = opened.element.iter(qn("w:commentRangeStart"))
    [mark] = [each for each in marks if each.get(qn("w:id")) == str(comment.comment_id)]
    assert "77件" in Paragraph(mark.getparent(), opened._body).text


def without_page_number(opened: Document) -> None:
    opened.sections[0].even_page_footer.paragraphs[0].clear()
    for field in list(opened.sections[0].even_page_footer._element.iter(qn("w:fldSimple"))):
        field.getparent().remove(field)


def watermark(opened: Document) -> None:
    shape = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="仅供内部参考"/></v:shape>'
    pict = OxmlElement("w:pict")
    pict.append(parse_xml(shape))
    opened.sections[0].header.paragraphs[0].add_run()._r.append(pict)


@pytest.mark.parametrize(("edit", "code"), [(without_page_number, "K17"), (watermark, "K18")])
def test_what_is_wrong_around_the_text_is_told_before_and_after(edit: Edit, code: str) -> None:
    changed = edited(edit)
    assert [each.code for each in before(changed)] == [code]
    outcome = built(changed)
    assert [each.code for each in outcome.findings] == [code] and "模板" in outcome.findings[0].fix


def test_each_thing_is_told_once() -> None:
    outcome = built(edited(say("全年收到政府信息公开申请77件。")), "docx", "pdf", "html")
    told = [(each.code, each.message) for each in outcome.findings]
    assert len(told) == len(set(told))


def test_a_wrong_sentence_of_the_clerk_is_told_once_and_in_his_file() -> None:
    text = text_of(2022, said="").replace(
        "其他事项: 没有其他", "其他事项: 全年收到政府信息公开申请77件。没有其他"
    )
    outcome = run(Material("年报.yaml", text.encode()), gathered(), ("docx",))
    found = [each for each in outcome.findings if "77件" in each.message]
    assert [each.places[0].file for each in found] == ["年报.yaml"]


def test_a_template_without_a_place_for_prose_that_may_be_left_out_is_usable_and_says_so() -> None:
    def edit(opened: Document) -> None:
        begin, call = (each._p for each in opened.paragraphs if "表二引言" in each.text)
        for each in (call.getnext(), call, begin):
            opened.element.body.remove(each)

    changed = edited(edit)
    [finding] = before(changed)
    assert finding.code == "M14" and not finding.is_error and "表二引言" in finding.message
    assert built(changed).findings == () and not built(changed).draft


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("year", [2020, 2022])
def test_our_own_templates_are_judged_without_a_word(form: str, year: int) -> None:
    changed = template(FORMS[form])
    assert judge_template(changed, "a.docx", FORMS[form], gathered()) == ()
    assert form_of(changed, tuple(FORMS.values())) is FORMS[form]
    assert run(Material("年报.yaml", text_of(year).encode()), gathered(), ("docx",)).findings == ()


def test_a_template_saved_again_by_another_program_builds_without_a_word() -> None:
    changed = edited()
    assert changed != template(FORM)
    assert before(changed) == ()
    assert built(changed).findings == () and not built(changed).draft


def test_a_bug_while_judging_beside_other_work_is_not_lost() -> None:
    def bug() -> Judgement:
        raise ZeroDivisionError

    wait = in_background(bug)
    with pytest.raises(ZeroDivisionError):
        wait()


# ── what an office may have of its own ───────────────────────────────────────────────────────────────


def png(width: int = 60, height: int = 40) -> bytes:
    """A red picture."""
    rows = zlib.compress((b"\x00" + b"\xff\x00\x00" * width) * height)

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def logo_in_text(opened: Document) -> None:
    line(opened, "{{ 行 }}").insert_paragraph_before().add_run().add_picture(io.BytesIO(png()))


def logo_over_everything(opened: Document) -> None:
    opened.paragraphs[0].insert_paragraph_before().add_run().add_picture(io.BytesIO(png()))


def logo_in_header(opened: Document) -> None:
    opened.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(png()))


def logo_in_footer(opened: Document) -> None:
    opened.sections[0].footer.paragraphs[0].add_run().add_picture(io.BytesIO(png()))


def contact_table(opened: Document) -> None:
    table(opened, DATE, [["联系电话", "{{ 电话 }}"]])


def table_before_the_statutory(opened: Document) -> None:
    table(opened, "二、主动公开", [["编制单位", "{{ 机关 }}"], ["审核", "办公室"]])


def table_between(opened: Document) -> None:
    table(
        opened,
        "四、政府信息公开行政复议",
        [["序号", "说明", "备注"], ["1", "见网站", ""], ["2", "见公报", ""]],
    )


def table(opened: Document, over: str, rows: list[list[str]]) -> None:
    """A table over a paragraph."""
    made = opened.add_table(len(rows), len(rows[0]))
    for row, words in zip(made.rows, rows, strict=True):
        for cell, each in zip(row.cells, words, strict=True):
            cell.text = each
    line(opened, over)._p.addprevious(made._tbl)


LOGOS = [logo_in_text, logo_over_everything, logo_in_header, logo_in_footer]
TABLES = [contact_table, table_before_the_statutory, table_between]


@pytest.mark.parametrize("logo", LOGOS)
def test_a_logo_is_no_fault(logo: Edit) -> None:
    changed = edited(logo)
    assert before(changed) == ()
    outcome = built(changed)
    assert codes(outcome.findings) == set() and not outcome.draft
    assert any(name.startswith("word/media/") for name in contents(outcome.files["docx"]))


@pytest.mark.office
@pytest.mark.parametrize("logo", [logo_in_text, logo_in_header])
def test_a_logo_is_printed(logo: Edit) -> None:
    outcome = built(edited(logo), "docx", "pdf")
    assert codes(outcome.findings) == set()
    pages = pypdf.PdfReader(io.BytesIO(outcome.files["pdf"])).pages
    assert len(pages[0].images) == 1


@pytest.mark.parametrize("extra", TABLES)
def test_a_table_of_the_office_is_built_and_noted(extra: Edit) -> None:
    changed = edited(extra)
    assert codes(before(changed)) == set()
    outcome = built(changed)
    assert [(each.code, each.level.value) for each in outcome.findings] == [("R09", "note")]
    assert not outcome.draft


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_statutory_table_that_was_deleted_is_told(number: int) -> None:
    def edit(opened: Document) -> None:
        opened.element.body.remove(opened.tables[number]._tbl)

    outcome = built(edited(edit, contact_table))
    (failure,) = outcome.failures
    assert isinstance(failure, TemplateBroken)
    assert {each.code for each in failure.faults} == {"M05"}


def begun_in_python_docx(kind: str, content: bytes) -> bytes:
    """The template with a thumbnail, as python-docx's own first document has one."""
    parts = contents(template(FORM))
    name = f"docProps/thumbnail.{kind}"
    types = parts["[Content_Types].xml"].decode()
    default = f'<Default Extension="{kind}" ContentType="image/{kind}"/>'
    parts["[Content_Types].xml"] = types.replace("<Default ", default + "<Default ", 1).encode()
    link = (
        f'<Relationship Id="rIdT" Target="{name}" Type="http://schemas.openxmlformats.org/'
        'package/2006/relationships/metadata/thumbnail"/>'
    )
    rels = parts["_rels/.rels"].decode()
    parts["_rels/.rels"] = rels.replace("</Relationships>", f"{link}</Relationships>").encode()
    return packed({**parts, name: content})


@pytest.mark.parametrize(("kind", "content"), [("jpeg", b"\xff\xd8\xff\xe0jpeg"), ("png", png())])
def test_a_thumbnail_is_no_fault(kind: str, content: bytes) -> None:
    changed = begun_in_python_docx(kind, content)
    assert before(changed) == ()
    assert built(changed).findings == ()


@pytest.mark.parametrize("sign", ["&quot;", "&apos;", "“"])
def test_quotation_marks_as_another_program_writes_them_are_read(sign: str) -> None:
    parts = contents(template(FORM))
    body = parts["word/document.xml"].decode()
    changed = body.replace(
        '段.样式 == "二级标题"', f"段.样式 == {sign}二级标题{'”' if sign == '“' else sign}"
    )
    assert changed != body
    outcome = built(packed({**parts, "word/document.xml": changed.encode()}))
    assert outcome.findings == () and outcome.failures == ()


# ── what a template may not say ──────────────────────────────────────────────────────────────────────

REFUSED = {
    "{{ 1/0 }}": "M09",
    "{{ 7 // 0 }}": "M09",
    "{{ 2**10**8 }}": "M09",
    "{{ 'a'*10**9 }}": "M09",
    "{{ [0]*999999999 }}": "M09",
    "{{ '%999999999d' % 1 }}": "M09",
    "{{ '{:999999999}'.format(1) }}": "M09",
    "{{ 标题[0].__class__ }}": "M09",
    "{{ 标题[0].upper() }}": "M09",
    "{{ 机关.upper() }}": "M01",
    "{{ range(10**9)|list }}": "M09",
    "{% include '/etc/passwd' %}": "M09",
    "{% import 'a' as b %}": "M09",
    "{% extends 'a' %}": "M09",
    "{% macro 甲() %}{{ 甲() }}{% endmacro %}{{ 甲() }}": "M09",
    "{{ 机关 + 1 }}": "M11",
    "{{ 年度 + 机关 }}": "M11",
    "{% if 机关|length > 机关 %}甲{% endif %}": "M11",
    "{{ 机关|lenght }}": "M12",
    "{{ 机关|center(999999999) }}": "M12",
    "{{ '%s'|format(机关) }}": "M12",
    "{{ 机关 is bigger }}": "M12",
    "{% for a in 标题 %}{% for b in 标题 %}{% for c in 标题 %}甲{% endfor %}{% endfor %}{% endfor %}": "M10",
    "{% set a = 机关 %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}": "M10",
    "{% set a = [机关] %}" + "{% set a = [a, a] %}" * 40 + "{{ a|join }}": "M10",
    "{% set a %}甲{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40: "M10",
    "{{ " + "机关|replace('', 机关)" * 1 + "|replace('', 机关)" * 6 + " }}": "M10",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}": "M03",
    "{{ " + "9" * 5000 + " }}": "M03",
    "{{ 机关" + "|trim" * 3000 + " }}": "M03",
    "{% for a in [1] %}" * 25 + "甲" + "{% endfor %}" * 25: "M09",
    "{% if 机关 %}" * 90 + "甲" + "{% endif %}" * 90: "M09",
    "{{ 机关 | }}": "M03",
    "{{ 机关 机关 }}": "M03",
    "{{ 机关[ }}": "M03",
    "{% fro a in 标题 %}": "M03",
    "{{ 机关": "M02",
    "{{" * 300: "M02",
    "{{" * 20_000: "M10",
    "{% for a in 标题 %}" * 200: "M04",
    "{% for a in 标题 %}" * 3000: "M10",
    "{{ 机构 }}": "M01",
    "甲" * 60_000: "M10",
}


@pytest.mark.parametrize("words", REFUSED, ids=lambda words: words[:40])
def test_what_no_template_may_say_is_told_in_chinese_with_its_place(words: str) -> None:
    changed = edited(say(words))
    found = before(changed)
    assert REFUSED[words] in codes(found)
    [first] = [each for each in found if each.code == REFUSED[words]][:1]
    assert first.places[0].line > 40 or REFUSED[words] == "M03"
    said = "".join(f"{each.message}{each.found if each.code == 'M03' else ''}" for each in found)
    for english in ("expected", "unexpected", "error", "Error", "token", "named", "operand"):
        assert english not in said
    outcome = built(changed)
    (failure,) = outcome.failures
    assert isinstance(failure, TemplateBroken) and outcome.files == {}
    assert REFUSED[words] in {each.code for each in failure.faults}


def test_a_refused_tag_in_a_cell_is_told_with_table_row_and_column() -> None:
    found = before(edited(in_cell("{{ new.person|lenght }}")))
    assert [(each.code, each.places[0].words, each.expected) for each in found] == [
        ("M12", "第2个表第4行第4列", "是不是“length”？")
    ]


def test_what_fails_only_while_it_is_filled_is_told_with_its_place() -> None:
    found = before(edited(say("{{ 正文.总体情况[7].样式 }}")))
    assert [each.code for each in found] == ["M13"]
    assert found[0].places[0].line > 40


@pytest.mark.parametrize(
    "words",
    [
        "申请",
        "申请.本年新收",
        "正文",
        "标题",
        "年度 > 2020",
        "dict",
        "cycler",
        "标题|map('upper')|list",
        "none",
        "true",
        "[]",
        "()",
        "1 < 2",
        "not 年度",
        "none ~ 机关",
        "[none]|first",
        "none|string",
        "true|lower",
        "[none, 1]|join",
        "[none]|map('string')|join",
        "申请|e",
        "申请 ~ ''",
        "机关|replace('甲', none)",
        "机关|int",
        "1e30",
    ],
)
def test_what_is_neither_words_nor_a_number_is_not_printed(words: str) -> None:
    changed = edited(say(f"{{{{ {words} }}}}"))
    [finding] = before(changed)
    assert finding.code == "M13" and "印不出来" in finding.message and finding.places[0].line > 40
    assert built(changed).files == {}


def test_a_number_is_printed_as_people_write_it() -> None:
    words = "{{ 1.0 }}、{{ 1.50 }}、{{ 1e3 }}、{{ 年度|float ~ '年' }}、{{ [0.5, 2]|join('和') }}"
    outcome = built(edited(say(words)))
    assert any(each.text == "1、1.5、1000、2022年、0.5和2" for each in paragraphs_of(outcome))


def test_what_a_branch_would_print_that_no_sample_takes_is_told() -> None:
    [finding] = before(edited(say("{% if 机关 == '甲' %}{{ none }}{% endif %}" + MANAGEMENT)))
    assert finding.code == "M13" and "印不出来" in finding.message


def paragraphs_of(outcome: Outcome) -> list[Paragraph]:
    """The paragraphs of a built Word file that stand in no table."""
    return docx.Document(io.BytesIO(outcome.files["docx"])).paragraphs


def test_all_faults_of_a_template_come_at_once() -> None:
    changed = edited(
        say("{{ 机构 }}"),
        in_cell("{{ new.person|lenght }}"),
        remarked("一、总体情况"),
        hidden("不要打印"),
        say("五、问题和改进", "五、存在的主要问题"),
        add("全年收到政府信息公开申请77件。"),
    )
    assert codes(before(changed)) == {"M01", "M12", "K11", "K12", "X04", "N08"}


@pytest.mark.parametrize(
    "words",
    [
        "{% if 1/0 %}甲{% endif %}",
        "{% if not 机关 %}乙{% elif 机关|lenght %}甲{% endif %}",
        "{% set 甲 = 2**9 %}{{ 甲 }}",
        "{% for 甲 in 机关.split() %}{{ 甲 }}{% endfor %}",
        "{{ 机构 }}{{ 机构|lenght }}",
    ],
)
def test_a_statement_at_fault_hides_nothing_of_the_rest(words: str) -> None:
    found = codes(before(edited(say(words), say("五、问题和改进", "五、存在的主要问题"))))
    assert found >= {"X04"} and any(code.startswith("M") for code in found)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────


def test_the_command_says_what_is_wrong_and_leaves_with_six(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "本局.docx"
    file.write_bytes(edited(say("{{ 1/0 }}")))
    assert main(["template", str(file)]) == 6
    said = capsys.readouterr().out
    assert "2021 版" in said and "除法" in said and "段" in said


def test_the_command_is_content_with_a_sound_template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "本局.docx"
    file.write_bytes(template(FORMS["2019"]))
    assert main(["template", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["form"], said["findings"]) == ("2019", [])
    assert main(["template", str(file), "--form", "1999"]) == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"text", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_word_file_is_told(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "本局.docx"
    file.write_bytes(content)
    assert main(["template", str(file)]) == 6
    assert main(["template", str(tmp_path / "nowhere.docx")]) == 4


def test_a_bomb_is_not_unpacked() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b"\x20" * 200_000_000 + b"</a>")
    assert "M00" in codes(before(held.getvalue()))


@pytest.mark.office
@pytest.mark.parametrize("form", FORMS)
def test_a_template_saved_by_libreoffice_builds(form: str, tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(template(FORMS[form]))
    changed = saved_again(file).read_bytes()
    assert "&quot;" in contents(changed)["word/document.xml"].decode()
    assert judge_template(changed, "a.docx", FORMS[form], gathered()) == ()
