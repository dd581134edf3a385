"""The clerk's file, written: reading it gives the same report again."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from found import markdown, tabbed, without_places
from reportgen.clerk_file import starting_file, write
from reportgen.clerk_file.writing import block, scalar
from reportgen.model.nodes import Mapping
from reportgen.model.report import Report
from reportgen.problems import Finding, Level, Place
from reportgen.reading import read
from reportgen.sources.markdown_text import SOURCE as MARKDOWN
from reportgen.sources.yaml import SOURCE as YAML
from strategies import consistent_reports
from test_layout import FORMS

ALL_FORMS = tuple(FORMS.values())
FORM = FORMS["2021"]


def from_yaml(text: str) -> tuple[Mapping, Report]:
    """The nodes and the report of a clerk's file that has nothing wrong."""
    node, findings = YAML.read(text.encode(), "a.yaml", ALL_FORMS)
    assert node is not None, findings
    report, more = read(node, ALL_FORMS)
    assert report is not None, more
    assert (findings, more) == ((), ()), text
    return node, report


def from_markdown(text: str) -> tuple[Mapping, Report, tuple[Finding, ...]]:
    """The nodes and the report of a text, and what was found."""
    node, findings = MARKDOWN.read(text.encode(), "a.md", ALL_FORMS)
    assert node is not None
    report, more = read(node, ALL_FORMS)
    assert report is not None
    return node, report, findings + more


def clerk(**cells: str) -> str:
    """A clerk's file with these lines in table three."""
    rows = "".join(f"  {row}: {figures}\n" for row, figures in cells.items())
    return (
        "机关: 甲县乙局\n级别: 县级部门\n年度: 2023\n成文日期: 2024-01-09\n主动公开: 全部为零\n"
        f"申请:\n{rows}复议诉讼: 全部为零\n存在问题: 没有。\n"
    )


def rewritten(text: str) -> str:
    """A clerk's file, read and written again."""
    node, report = from_yaml(text)
    return write(node, report.form)


@settings(max_examples=40)
@given(st.sampled_from(sorted(FORMS)).flatmap(lambda form: consistent_reports(FORMS[form])))
def test_what_is_written_is_read_as_the_same_report(text: str) -> None:
    node, report = from_yaml(text)
    _, again = from_yaml(write(node, report.form))
    assert without_places(again) == without_places(report)


@pytest.mark.parametrize("form", FORMS)
def test_a_report_found_in_a_text_is_written_and_read_as_the_same(form: str) -> None:
    figures = {str(key): str(number % 7) for number, (key, _, _) in enumerate(FORMS[form].cells())}
    figures |= {
        "deny_1.person": "",
        "new.total": "5（含重复）",
        "fees.amount": "12.50",
        "new.person": "1,000",
    }
    two, three, four = (tabbed(table, figures) for table in FORMS[form].tables)
    text = markdown(FORMS[form], year=int(form), two=two, three=three, four=four)
    text = text.replace("## 五、存在的主要问题及改进情况", "## 五、存在的主要问题及整改措施")
    node, report, findings = from_markdown(text.replace("1.属于国家秘密", "1.属于国家机密"))
    back, _ = YAML.read(write(node, report.form, findings).encode(), "a.yaml", ALL_FORMS)
    assert back is not None
    again, _ = read(back, ALL_FORMS)
    assert again is not None
    assert without_places(again) == without_places(report)


def test_zeros_and_totals_that_are_right_are_left_out() -> None:
    text = rewritten(
        clerk(
            本年新收="{自然人: 3, 商业企业: 0, 总计: 3}",
            予以公开="{自然人: 3, 总计: 3}",
            办理结果总计="{自然人: 3, 总计: 3}",
        )
    )
    assert "  本年新收: {自然人: 3}\n  予以公开: {自然人: 3}\n\n复议诉讼: 全部为零\n" in text


def test_totals_that_are_wrong_and_blanks_are_kept() -> None:
    text = rewritten(
        clerk(
            本年新收="{自然人: 3, 总计: 0}",
            上年结转='{自然人: "", 总计: ""}',
            予以公开="{自然人: 3, 商业企业: {值: 1, 注: 补}, 总计: 9}",
        )
    )
    assert "本年新收: {自然人: 3, 总计: 0}" in text
    assert '上年结转: {自然人: "", 总计: ""}' in text
    assert "予以公开: {自然人: 3, 商业企业: {值: 1, 注: 补}, 总计: 9}" in text


def test_a_table_of_zeros_says_so_and_one_with_a_blank_does_not() -> None:
    assert "申请: 全部为零\n" in rewritten(clerk(本年新收="{自然人: 0, 总计: 0}"))
    assert '申请:\n  本年新收: {自然人: ""}\n' in rewritten(clerk(本年新收='{自然人: ""}'))


def test_keys_stand_in_the_order_of_the_design() -> None:
    node, report, _ = from_markdown(markdown(FORM))
    keys = [line.split(":")[0] for line in write(node, report.form).split("\n") if line[:1].isalnum()]
    assert keys == [
        *("机关", "级别", "年度", "成文日期", "电话", "邮箱", "地址", "邮编", "网站", "前言", "总体情况"),
        *("主动公开", "申请", "复议诉讼", "存在问题", "其他事项"),
    ]


def test_a_note_stands_above_what_it_is_about() -> None:
    node, report, findings = from_markdown(
        markdown(FORM, three=tabbed(FORM.tables[1], {"new.person": "7", "new.total": "7"}))
    )
    lines = write(node, report.form, findings).split("\n")
    at = next(number for number, line in enumerate(lines) if "R11" in line)
    assert lines[at + 1] == "级别: 乡镇政府"
    place = next(figure.place for figure in report.cells.values() if figure.text == "7")
    assert place is not None
    notes = (
        Finding("T3-01", Level.ERROR, "两行\n不平。", (place,), about=("new.person",)),
        Finding("X05", Level.WARNING, "序号不对。", (Place("a.md", 1, 1),), about=("overview.3",)),
        Finding("C05", Level.WARNING, "数太大。", about=("fees.amount",)),
        Finding("X99", Level.WARNING, "无处可放。", fix="再看看。"),
    )
    lines = write(node, report.form, notes).split("\n")
    assert lines[1] == "# 请核对（X99）：无处可放。再看看。"
    for note, line in (
        ("T3-01", "  本年新收: {自然人: 7}"),
        ("X05", "总体情况: |"),
        ("C05", "主动公开: 全部为零"),
    ):
        [number] = [number for number, each in enumerate(lines) if note in each]
        assert lines[number + 1] == line


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (
            Finding("F13", Level.ERROR, "没有写“级别”", fix="请补上一行“级别: …”。"),
            "没有写“级别”。请补上一行“级别: …”。",
        ),
        (Finding("R08", Level.WARNING, "没有读入：“一句话。”", fix="请移走"), "没有读入：“一句话。”请移走。"),
        (
            Finding("C04", Level.WARNING, "带了单位。", expected="3", found="3件"),
            "带了单位。应为：3；实际：3件。",
        ),
        (Finding("X11", Level.WARNING, "没有写到问题。", expected="问题"), "没有写到问题。"),
        (Finding("X09", Level.WARNING, "没有写到甲。", expected="甲、乙", found="没有甲"), "没有写到甲。"),
        (Finding("T3-02", Level.ERROR, "不平。", expected="1 + " * 30 + "1 = 31", found="32"), "不平。"),
    ],
)
def test_a_note_reads_as_sentences(note: Finding, words: str) -> None:
    node, report, _ = from_markdown(markdown(FORM))
    assert write(node, report.form, [note]).split("\n")[1] == f"# 请核对（{note.code}）：{words}"


def test_words_are_quoted_only_where_they_must_be() -> None:
    for text in ("甲县乙局", "2024-01-09", "0535-7580196", "《某办法》", "2.其他", "a@b.cn"):
        assert scalar(text) == text
    for text in (
        "",
        " 甲",
        "a: b",
        "甲#乙",
        "http://a.cn/",
        "- 甲",
        "甲：乙",
        '他说"好"',
        "a\\b",
        "\t",
        "a, b",
        "{甲}",
    ):
        assert scalar(text).startswith('"')


@given(st.text(max_size=60))
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    written = clerk(本年新收="{自然人: 1}").replace("机关: 甲县乙局", f"机关: {scalar(text)}")
    node, _ = YAML.read(written.encode("utf-8", "replace"), "a.yaml", ALL_FORMS)
    if text.isprintable() and text.strip() and text.encode("utf-8", "ignore").decode() == text:
        assert node is not None
        report, _ = read(node, ALL_FORMS)
        assert report is not None
        assert "".join(report.organ.name.split()) == "".join(text.split())


def test_prose_stands_in_a_block_with_one_blank_line_between_paragraphs() -> None:
    assert block("甲\n\n\n\n  乙\n", "  ") == " |\n  甲\n\n  乙\n"
    assert block("甲\n　　乙", "  ") == " |\n  甲\n\n  乙\n"
    assert block("\n \n", "  ") == ' ""\n'
    assert block("甲\x07乙", "  ") == ' "甲\\u0007乙"\n'


@pytest.mark.parametrize(("form", "year"), [(form.id, form.since + 1) for form in FORMS.values()])
def test_the_file_to_start_from_lacks_only_what_nobody_can_know(form: str, year: int) -> None:
    text = starting_file(FORMS[form], "甲县乙局", "县级部门", year)
    node, findings = YAML.read(text.encode(), "a.yaml", ALL_FORMS)
    assert node is not None
    report, more = read(node, ALL_FORMS)
    assert report is not None
    assert ["成文日期" in finding.message for finding in findings + more] == [True]
    assert report.organ.name == "甲县乙局"
    table = FORMS[form].tables[1]
    typed = {key.row for key, figure in report.cells.items() if figure.place}
    assert typed >= {row.key for block in table.blocks for row in block.rows} - {"total"}
    assert report.cells[next(key for key in report.cells if str(key) == "new.person")].blank


def test_last_years_report_hands_on_its_organ_and_what_was_left_over() -> None:
    last_text = clerk(
        本年新收="{自然人: 5, 法律服务机构: 2}",
        予以公开="{自然人: 3}",
        结转下年度="{自然人: 2, 法律服务机构: 2}",
    ).replace("主动公开: 全部为零", "主动公开:\n  行政规范性文件: {本年制发件数: 2, 现行有效件数: 12}")
    last_text = last_text.replace(
        "年度: 2023", "简称: 乙局\n年度: 2023\n电话: 0123-4567890\n依据: [《某办法》]"
    )
    _, last = from_yaml(last_text)
    text = starting_file(FORM, "甲县乙局", "县级部门", 2024, last)
    assert "简称: 乙局\n" in text
    assert "电话: 0123-4567890\n" in text
    assert "依据: [《某办法》]\n" in text
    assert "现行有效12件" in text
    node, _ = YAML.read(text.encode(), "a.yaml", ALL_FORMS)
    assert node is not None
    report, _ = read(node, ALL_FORMS)
    assert report is not None
    assert (report.value("carry_in", "person"), report.value("carry_in", "legal")) == (Decimal(2), Decimal(2))
    assert (report.year, report.contact.phone, report.laws) == (2024, "0123-4567890", ("《某办法》",))
