"""Markdown and plain text: lines into paragraphs and tables, each at its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from found import markdown
from reportgen.model.nodes import FoundParagraph, FoundTable, Run
from reportgen.sources import source_for
from reportgen.sources.markdown_text import SOURCE, document_of
from test_layout import FORMS

ALL_FORMS = tuple(FORMS.values())


def paragraphs(text: str) -> list[FoundParagraph]:
    """The paragraphs of a text."""
    return [part for part in document_of(text, "a.md") if isinstance(part, FoundParagraph)]


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text, by their cells' words."""
    found = [part for part in document_of(text, "a.md") if isinstance(part, FoundTable)]
    return [[[cell.text for cell in row] for row in each.rows] for each in found]


def test_the_source_reads_three_kinds_of_name() -> None:
    assert {source_for(suffix) for suffix in (".md", ".markdown", ".TXT")} == {SOURCE}


def test_heading_marks_of_any_number_are_levels_and_places_are_where_the_words_begin() -> None:
    found = paragraphs("# 题\n\n#### （五）四级\n\n  正文")
    assert [(each.text, each.level) for each in found] == [("题", 1), ("（五）四级", 4), ("正文", 0)]
    assert [(each.place.line, each.place.column) for each in found] == [(1, 3), (3, 6), (5, 3)]


def test_bold_links_tags_and_escapes_leave_only_their_words() -> None:
    [found] = paragraphs("**一是**见<http://a.cn/b>，<b>二是</b>&nbsp;\\*号\\#")
    assert found.runs == (
        Run("一是", True),
        Run("见http://a.cn/b，"),
        Run("二是", True),
        Run("\xa0*号#"),
    )


def test_an_item_is_one_without_its_mark() -> None:
    found = paragraphs("- 甲\n- 乙")
    assert [(each.text, each.item) for each in found] == [("甲", True), ("乙", True)]


def test_lines_between_blank_lines_are_one_paragraph() -> None:
    long = "这一行很长很长，写到一半就换了行，因为编辑器到了边上就会自己换行，"
    assert [each.text for each in paragraphs(f"{long}\n后面接着写 abc\ndef。\n\n下一段")] == [
        f"{long}后面接着写 abc def。",
        "下一段",
    ]


def test_a_text_without_blank_lines_has_a_paragraph_on_each_line() -> None:
    assert [each.text for each in paragraphs("一、总体情况\n甲做了事。\n乙也做了事。")] == [
        "一、总体情况",
        "甲做了事。",
        "乙也做了事。",
    ]


def test_numbers_make_headings_where_there_are_no_marks() -> None:
    found = paragraphs("一、总体情况\n\n（一）主动公开\n\n（二）这是一句完整的话，不是标题。\n\n2020年")
    assert [each.level for each in found] == [2, 3, 0, 0]
    assert [each.level for each in paragraphs("# 题\n\n（一）主动公开")] == [1, 0]


def test_a_blank_line_does_not_end_a_table_but_words_do() -> None:
    text = "甲\t1\t2\n\n<b>乙</b>\t3\t\n正文\n丙\t\t\n"
    assert tables(text) == [[["甲", "1", "2"], ["乙", "3", ""]], [["丙", "", ""]]]


def test_a_cell_stands_at_its_own_column() -> None:
    [table] = [
        part for part in document_of("头\n\n\t甲\t<b>12</b>\n", "a.md") if isinstance(part, FoundTable)
    ]
    assert [(cell.text, cell.place.line, cell.place.column) for cell in table.rows[0]] == [
        ("", 3, 1),
        ("甲", 3, 2),
        ("12", 3, 4),
    ]


def test_a_first_line_indented_with_a_tab_is_no_table() -> None:
    assert [each.text for each in paragraphs("\t本报告由某局编制。")] == ["本报告由某局编制。"]


def test_a_pipe_table_is_a_table_without_its_ruler() -> None:
    assert tables("| 甲 | 乙 |\n| --- | :-: |\n| 1 | 2 |\n") == [[["甲", "乙"], ["1", "2"]]]


def test_old_editors_files_are_read_and_binary_ones_refused_with_a_sentence() -> None:
    text = markdown(FORMS["2021"])
    node, findings = SOURCE.read(text.encode("gb18030"), "a.md", ALL_FORMS)
    assert node is not None
    assert "F02" in [finding.code for finding in findings]
    assert SOURCE.read(text.encode("utf-16"), "a.md", ALL_FORMS)[0] is not None
    node, [finding] = SOURCE.read(b"PK\x03\x04\x00\x00", "a.md", ALL_FORMS)
    assert (node, finding.code) == (None, "F01")


def test_line_ends_of_windows_give_the_same_places() -> None:
    text = markdown(FORMS["2021"])
    unix, windows = (
        SOURCE.read(each.encode(), "a.md", ALL_FORMS) for each in (text, text.replace("\n", "\r\n"))
    )
    assert unix == windows


@given(st.binary(max_size=400))
def test_any_bytes_give_findings_and_never_an_exception(content: bytes) -> None:
    node, findings = SOURCE.read(content, "a.md", ALL_FORMS)
    assert node is not None or findings


_JUMBLE = [
    *(
        "# ",
        "## ",
        "一、总体情况",
        "三、",
        "（一）",
        "\t",
        "\n",
        "\n\n",
        "**",
        "0",
        "自然人",
        "信息内容",
        "规章",
        "| ",
    ),
    *("行政复议", "结果维持", "总计", "2023年", "年度报告", "<b>", "- ", "第二十条第（一）项", "甲县乙局"),
    *("2024年1月9日", "1.属于国家秘密", "（三）不予公开"),
]


@given(st.lists(st.sampled_from(_JUMBLE), max_size=60).map("".join))
def test_any_jumble_of_a_reports_words_gives_nodes_or_findings(text: str) -> None:
    node, findings = SOURCE.read(text.encode(), "a.md", ALL_FORMS)
    assert node is not None or findings


@pytest.mark.parametrize(
    ("name", "text"),
    [("2025.yaml.txt", "机关: 甲镇\n"), ("年报.txt", "# 说明\n机关: 甲镇\n级别：乡镇政府\n年度: 2025\n")],
)
def test_a_clerks_yaml_with_another_suffix_is_told_as_such(name: str, text: str) -> None:
    node, [finding] = SOURCE.read(text.encode(), name, ALL_FORMS)
    assert node is None
    assert finding.code == "F27"
    assert "改成 .yaml" in finding.fix


@pytest.mark.parametrize(
    ("typed", "runs"),
    [
        ("甲**乙**丙__丁__", [("甲", False), ("乙", True), ("丙", False), ("丁", True)]),
        ("甲 **乙", [("甲 **乙", False)]),
        ("**甲<b>乙</B>丙", [("**甲", False), ("乙", True), ("丙", False)]),
        ("甲<b>**乙**", [("甲", False), ("乙", True)]),
        ("甲<!-- 乙 <!-- 丙 -->丁<!-- 戊", [("甲丁<!-- 戊", False)]),
    ],
)
def test_bold_and_comments_end_at_their_first_end(typed: str, runs: list[tuple[str, bool]]) -> None:
    (paragraph,) = document_of(typed, "a.md")
    assert isinstance(paragraph, FoundParagraph)
    assert [(run.text, run.bold) for run in paragraph.runs] == runs


def test_control_characters_are_told_and_taken_out() -> None:
    content = markdown(FORMS["2021"]).replace("乙镇", "乙\x1b镇", 1).encode("utf-16")
    node, findings = SOURCE.read(content, "a.md", tuple(FORMS.values()))
    assert node is not None and "\x1b" not in str(node)
    assert "F24" in [finding.code for finding in findings]
