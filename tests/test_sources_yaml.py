"""The clerk's YAML: places exact, scalars as typed, every slip told, nothing raised."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.problems import Finding, Level
from reportgen.sources import kinds_read, source_for
from reportgen.sources.yaml import read
from strategies import scraps
from test_layout import FORMS

BOTH = tuple(FORMS.values())


def reading(text: str | bytes) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """What the source makes of a file."""
    content = text if isinstance(text, bytes) else text.encode()
    return read(content, "a.yaml", BOTH)


def mapping(text: str | bytes) -> Mapping:
    """What a file without faults says."""
    node, findings = reading(text)
    assert findings == ()
    assert node is not None
    return node


def words(node: Node | None) -> str:
    """A scalar as typed."""
    assert isinstance(node, Text)
    return node.value


def told(text: str | bytes) -> list[tuple[str, int, int]]:
    """Code, line and column of every finding."""
    return [(each.code, each.places[0].line, each.places[0].column) for each in reading(text)[1]]


def test_yaml_files_have_a_source_by_either_suffix() -> None:
    assert source_for(".YAML") is source_for("yml") is not None
    assert source_for(".exe") is None
    assert {"yaml", "yml"} <= set(kinds_read())


@pytest.mark.parametrize(
    "typed", ["010", "1_000", "NO", "12:30", "0535-7580196", "2021-01-29", "~", "null", "1e3", "=", "<<"]
)
def test_a_scalar_is_what_the_clerk_sees(typed: str) -> None:
    assert words(mapping(f"电话: {typed}\n").get("电话")) == typed


def test_an_empty_value_is_a_blank_text_at_its_place() -> None:
    node = mapping("机关: 甲\n电话:\n年度: 2022\n").get("电话")
    assert isinstance(node, Text)
    assert node.value == ""
    assert node.place.line == 2


def test_places_count_lines_and_columns_from_one_and_know_the_width() -> None:
    node = mapping('机关: 甲镇\n网站: {名称: "某网", 网址: b}\n').get("网站")
    assert isinstance(node, Mapping)
    [name, url] = [value.place for _, value in node.entries]
    assert (name.line, name.column, name.width) == (2, 11, 2)
    assert (url.line, url.column, url.width) == (2, 20, 1)
    assert name.file == "a.yaml"


def test_a_literal_block_keeps_its_lines_and_its_indentation() -> None:
    node = mapping("存在问题: |\n\n   第一段\n     深\n\n   第二段\n\n机关: 甲\n").get("存在问题")
    assert isinstance(node, Text)
    assert node.value.split("\n")[:5] == ["", "第一段", "  深", "", "第二段"]
    assert (node.place.line, node.place.column, node.indent) == (2, 4, 4)


def test_a_block_with_an_indicator_knows_its_indentation() -> None:
    node = mapping("存在问题: |2\n    深\n  浅\n").get("存在问题")
    assert isinstance(node, Text)
    assert (node.value, node.indent) == ("  深\n浅\n", 3)


@pytest.mark.parametrize(
    "text", ["存在问题: >\n  甲乙\n  丙丁\n", "存在问题: 甲乙\n  丙丁\n", "存在问题: >-\n  甲乙\n  丙丁"]
)
def test_folded_and_plain_lines_stay_lines_so_that_no_blank_comes_between_chinese_words(text: str) -> None:
    node = mapping(text).get("存在问题")
    assert isinstance(node, Text)
    assert node.value.strip().split("\n") == ["甲乙", "丙丁"]
    assert node.indent == 3


def test_a_quoted_text_over_lines_is_folded() -> None:
    assert words(mapping('地址: "a\n  b"\n').get("地址")) == "a b"


def test_a_text_that_ends_the_file_without_a_line_end_is_whole() -> None:
    assert words(mapping("存在问题: |\n  甲\n  乙").get("存在问题")).split() == ["甲", "乙"]


def test_comments_say_nothing() -> None:
    node = mapping("# 说明\n机关: 甲镇 # 全称\n依据: # 列出\n  - 乙 # 一\n")
    assert words(node.get("机关")) == "甲镇"
    laws = node.get("依据")
    assert isinstance(laws, Items)
    assert [words(item) for item in laws.items] == ["乙"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_clerks_machines_are_read(encoding: str) -> None:
    assert words(mapping("机关: 甲镇\r\n年度: 2022\r".encode(encoding)).get("机关")) == "甲镇"


def test_gbk_is_read_with_a_note() -> None:
    node, [finding] = reading("机关: 甲县乙镇人民政府\n".encode("gb18030"))
    assert node is not None
    assert words(node.get("机关")) == "甲县乙镇人民政府"
    assert (finding.code, finding.level) == ("F02", Level.NOTE)


def test_damaged_utf8_is_not_taken_for_gbk() -> None:
    content = "机关: 甲县乙镇人民政府\n简称: 甲乙丙丁戊己庚辛\n".encode()
    assert told(content[:-2] + b"\n") == [("F01", 2, 1)]


@pytest.mark.parametrize("content", [b"PK\x03\x04..", b"%PDF-1.7", b"a\0b", b"\xff\xfea", b"\xff\xff\xff"])
def test_what_is_no_text_gets_a_sentence(content: bytes) -> None:
    node, [finding] = reading(content)
    assert node is None
    assert finding.code == "F01"
    assert finding.fix


@pytest.mark.parametrize("text", ["", "# 只有说明\n", "甲", "- 甲\n- 乙\n"])
def test_a_file_that_is_no_mapping_has_no_report(text: str) -> None:
    assert reading(text)[0] is None
    assert [code for code, _, _ in told(text)] == ["F10"]


def test_a_key_written_twice_is_told_with_both_places_and_the_first_stays() -> None:
    node, [finding] = reading("年度: 2022\n机关: 甲\n年度: 2021\n")
    assert node is not None
    assert words(node.get("年度")) == "2022"
    assert [place.line for place in finding.places] == [1, 3]
    assert finding.code == "F08"


SLIPS = """\
机关：甲镇
级别:乡镇政府
成文日期:\u30002023-01-29
申请：
\t本年新收：{自然人：25，商业企业:1}
\u3000上年结转: ｛自然人: 2｝
存在问题：｜
  第一段：一是
### 小标题
\u3000\u3000第二段
\t第三段
其他事项: **粗体**无
电话: 电话: 12
前言: {{ 机关 }}好
"""


def test_every_slip_is_told_at_once_with_its_place() -> None:
    assert told(SLIPS) == [
        ("F05", 1, 3),
        ("F05", 2, 3),
        ("F05", 3, 5),
        ("F05", 4, 3),
        ("F04", 5, 1),
        ("F05", 5, 6),
        ("F06", 5, 11),
        ("F04", 6, 1),
        ("F06", 6, 8),
        ("F05", 7, 5),
        ("F06", 7, 6),
        ("F07", 9, 1),
        ("F04", 11, 1),
        ("F03", 12, 7),
        ("F03", 13, 5),
        ("F03", 14, 5),
    ]


def test_behind_the_slips_everything_is_read() -> None:
    node, _ = reading(SLIPS)
    assert node is not None
    assert words(node.get("级别")) == "乡镇政府"
    requests = node.get("申请")
    assert isinstance(requests, Mapping)
    new = requests.get("本年新收")
    assert isinstance(new, Mapping)
    assert (words(new.get("自然人")), words(new.get("商业企业"))) == ("25", "1")
    problems = words(node.get("存在问题"))
    assert problems.split("\n")[:4] == ["第一段：一是", "### 小标题", "\u3000\u3000第二段", "第三段"]
    assert words(node.get("其他事项")) == "**粗体**无"


def test_places_on_a_mended_line_are_those_of_the_file() -> None:
    node, _ = reading("级别:乡镇政府\n申请:\n\t结转下年度: {自然人: 3}\n")
    assert node is not None
    level, requests = node.get("级别"), node.get("申请")
    assert isinstance(level, Text)
    assert level.place.column == 4
    assert isinstance(requests, Mapping)
    assert requests.entries[0][0].place.column == 2


@pytest.mark.parametrize(
    "text",
    [
        "存在问题: |\n  一是：人员。\n  年度：2022\n  级别:乡镇\n机关: 甲\n",
        "存在问题: 一是公开不够，\n  主动公开：不够\n机关: 甲\n",
        "存在问题: '一是\n\n  年度：好'\n机关: 甲\n",
        "依据: [\n  《年度：办法》,\n  乙]\n机关: 甲\n",
        '网站: {名称: "甲，名称：乙", 网址: http://a.cn:80/b}\n',
        "网站: http://a.cn\n地址: 甲路：乙号\n",
        "存在问题: |\n  甲\n# 说明\n机关: 甲\n",
    ],
)
def test_signs_inside_texts_are_no_slips(text: str) -> None:
    assert told(text) == []


def test_a_flow_over_lines_is_mended_too() -> None:
    node, findings = reading("申请: {\n  本年新收：{自然人：2}，\n  上年结转: {自然人: 1}\n}\n机关: 甲\n")
    assert {each.code for each in findings} == {"F06"}
    assert node is not None
    assert words(node.get("机关")) == "甲"


def test_a_row_without_its_bracket_is_told_alone_and_the_rest_is_read() -> None:
    text = "申请:\n  本年新收: {自然人: 2, 商业企业: 1\n  # 甲，乙：丙\n  上年结转: {自然人: 1}\n机关: 甲\n"
    node, [finding] = reading(text)
    assert (finding.code, finding.places[0].line, finding.places[0].column) == ("F03", 2, 9)
    assert "补上 }" in finding.fix
    assert node is not None
    assert words(node.get("机关")) == "甲"


def test_a_text_that_begins_with_a_full_width_quote_is_a_text() -> None:
    assert words(mapping("其他事项: ｛｛机关｝｝无。\n").get("其他事项")) == "｛｛机关｝｝无。"
    node, [finding] = reading("其他事项: {｛机关｝｝无。\n")
    assert finding.code == "F03"
    assert node is not None
    assert words(node.get("其他事项")) == "{｛机关｝｝无。"


def test_comments_behind_a_bracket_that_is_open_are_no_slips() -> None:
    assert told("申请: {\n  # 说明：甲，自然人：丙\n  本年新收: {自然人: 2}\n}\n") == []


def test_a_table_of_zeros_with_rows_asks_which_holds() -> None:
    node, [finding] = reading("主动公开: 全部为零\n  # 说明\n  规章: {本年制发件数: 1}\n机关: 甲\n")
    assert (finding.code, finding.places[0].line) == ("F03", 1)
    assert finding.fix == "请删去下面各行，或删去“全部为零”。"
    assert node is not None
    assert isinstance(node.get("主动公开"), Mapping)
    assert told("主动公开: 全部为零\n#  规章: {本年制发件数: 1}\n机关: 甲\n") == []


def test_a_blank_where_the_comment_mark_stood_is_to_be_deleted() -> None:
    node, [finding] = reading("机关: 甲\n 简称: 我局\n级别: 乡镇政府\n")
    assert (finding.code, finding.places[0].line, finding.places[0].column) == ("F04", 2, 1)
    assert "删去行首的空格" in finding.fix
    assert node is not None
    assert words(node.get("简称")) == "我局"
    assert told("总体情况:\n 主动公开: 甲\n 依申请公开: 乙\n机关: 甲\n") == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("年度: 'x\n机关: 甲\n", 1, "引号只有一半"),
        ("机关: 甲\n  年度: 2\n", 2, "多了一个冒号"),
        ("某: {甲: 1\n机关: 2\n", 1, "大括号"),
        ("年度: [1\n机关: 2\n", 1, "方括号"),
        ("年度: | 甲\n  乙\n", 1, "竖线"),
        ("- 甲\n机关: 乙\n", 2, "混在一起"),
        ("机关: 甲\n- 乙\n", 2, "没有和上面对齐"),
        ('机关: "\\d"\n', 1, "反斜杠"),
        ("机关: 甲\n---\n年度: 1\n", 2, "两份内容"),
        ("机关: }\n", 1, "多了括号"),
        ("机关: !a!b 甲\n", 1, "不能以 ! 开头"),
        ("%YAML 9\n", 1, "%"),
        ("机关: 甲\n  乙\n丙\n", 3, "项目: 内容"),
        ("  机关: 甲\n年度: 1\n", 2, "没有和第一行对齐"),
        ("机关:\n  *甲\n", 2, "不能以 * 或 & 开头"),
        ("机关: *a\n", 1, "不能以 * 开头"),
        ("机关: &甲\n", 1, "不能以 * 或 & 开头"),
    ],
)
def test_what_yaml_refuses_is_told_in_chinese_where_it_is(text: str, line: int, says: str) -> None:
    node, [finding] = reading(text)
    assert node is None
    assert finding.code == "F03"
    assert says in finding.message
    assert finding.places[0].line == line
    assert finding.fix


def test_control_characters_are_told_and_taken_out() -> None:
    node, [finding] = reading("机关: 甲\x07乙\n")
    assert node is not None
    assert words(node.get("机关")) == "甲 乙"
    assert (finding.code, finding.places[0].column) == ("F24", 6)


def test_type_marks_and_bracketed_keys_are_told() -> None:
    assert [code for code, _, _ in told("机关: !!int 甲\n{a: 1}: 2\n")] == ["F09", "F09"]


def test_a_reference_is_followed() -> None:
    assert words(mapping("机关: &a 甲镇\n简称: *a\n").get("简称")) == "甲镇"


def test_references_that_would_fill_the_memory_are_refused() -> None:
    names = "abcdefghijkl"
    laughs = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise(names)]
    text = "\n".join(["a: &a [x, x]", *laughs])
    assert [code for code, _, _ in told(text)] == ["F09"]
    assert [code for code, _, _ in told("a: &a [*a]\n")] == ["F09"]


@pytest.mark.parametrize(
    "deep", ["[" * 3000, "[" * 400_000, "? " * 9000, "{a: " * 400 + "}" * 400, "- " * 3000 + "a"]
)
def test_deep_nesting_gives_a_finding(deep: str) -> None:
    node, findings = reading(f"机关: 甲\n依据:\n  {deep}\n")
    assert node is None
    assert findings


def test_a_long_file_that_is_not_deep_is_read() -> None:
    items = "".join(f"  - 第{number}条\n" for number in range(400))
    assert len(words(mapping(f"依据:\n{items}存在问题: |\n{items}").get("存在问题"))) > 400


def test_deep_indentation_is_refused_too() -> None:
    steps = "".join(f"{' ' * number}键{number}:\n" for number in range(320))
    assert ("F09", 1, 1) in told(steps)


@given(scraps)
def test_any_text_gives_findings_and_never_an_exception(text: str) -> None:
    node, findings = reading(text.encode())
    assert node is not None or findings
    for finding in findings:
        for place in finding.places:
            assert place.line <= text.count("\n") + text.count("\r") + 2


@given(st.binary(max_size=300))
def test_any_bytes_give_findings_and_never_an_exception(content: bytes) -> None:
    node, findings = reading(content)
    assert node is not None or findings


@pytest.mark.parametrize("escape", ["\\0", "\\e[2J", "\\x7f", "\\u202E", "\\uFFFE", "\\r", "\\a"])
def test_a_control_character_written_as_an_escape_is_told_and_taken_out(escape: str) -> None:
    node, findings = read(f'机关: "甲县{escape}乙局"\n年度: 2023\n'.encode(), "a.yaml", ())
    assert isinstance(node, Mapping)
    value = node.entries[0][1]
    assert isinstance(value, Text)
    assert value.value.replace("[2J", "") == "甲县乙局"
    assert [(finding.code, finding.places[0].line) for finding in findings] == [("F24", 1)]


@pytest.mark.parametrize("sign", ["\u200b", "\\u200b", "\u00ad", "\\u2060", "\ufe0f", "\ufeff"])
def test_a_sign_without_width_says_nothing_and_is_left_out(sign: str) -> None:
    node, findings = read(f'机关: "甲县{sign}乙局"\n年度: 2023\n'.encode(), "a.yaml", ())
    assert isinstance(node, Mapping)
    value = node.entries[0][1]
    assert isinstance(value, Text)
    assert (value.value, findings) == ("甲县乙局", ())


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\u202e", "\ufffe"])
@pytest.mark.parametrize("coding", ["utf-16", "utf-8"])
def test_a_control_character_in_any_coding_is_told(sign: str, coding: str) -> None:
    content = f"机关: 甲县{sign}乙局\n年度: 2023\n".encode(coding)
    _, findings = read(content, "a.yaml", ())
    assert [finding.code for finding in findings] == ["F01" if (sign, coding) == ("\0", "utf-8") else "F24"]


@pytest.mark.parametrize(
    "typed",
    [
        "{自然人: 1,005}",
        "{自然人: 1，005, 商业企业: 2}",
        "{商业企业: 2, 自然人: 1,005 }",
        "{自然人: 1，005， 商业企业: 2}",
        "{商业企业: 2, 自然人: 1，005 }",
    ],
)
def test_a_comma_in_a_number_between_braces_is_named(typed: str) -> None:
    node, findings = read(f"申请:\n  本年新收: {typed}\n".encode(), "a.yaml", tuple(FORMS.values()))
    assert "1005" in str(node)
    assert ("F06", 2) in [(finding.code, finding.places[0].line) for finding in findings]
    assert "1005" in findings[0].fix and "逗号" in findings[0].message


def test_words_in_quotes_between_braces_keep_their_commas() -> None:
    node, _ = read('申请:\n  本年新收: {自然人: {值: 1, 注: "共: 1,005, 完"}}\n'.encode(), "a.yaml", ())
    assert "1,005" in str(node)


@pytest.mark.parametrize("later", ['  他说"好"的。\n', '简称: "乙"\n', '网站: {名称: "甲"}\n'])
def test_a_quote_that_is_not_ended_is_told_where_it_began(later: str) -> None:
    text = f'级别: 县级政府\n年度: 2023\n机关: "清河县\n总体情况: |\n  甲。\n{later}存在问题: 无\n'
    _, findings = read(text.encode(), "a.yaml", ())
    assert ["引号只有一半" in finding.message for finding in findings] == [True], findings
    assert findings[0].places[0].line == 3
