"""Slips of clerks' YAML: each is told where it is, nothing typed is lost unsaid, and places are exact."""

from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clerks import clerk
from clerks import report as report_of
from made import text_of
from reportgen.checks import Context, check_report
from reportgen.examining import Material, Supplies, examine
from reportgen.model.keys import vocabulary
from reportgen.model.nodes import Items, Node, Text
from reportgen.problems import Finding, Level
from reportgen.reading import read as read_nodes
from reportgen.sources.yaml import read
from reportgen.sources.yaml.slips import Draft, Walk, is_clean, mended_flow
from test_layout import FORMS

BOTH = tuple(FORMS.values())
PLAIN = """# 乙镇的年报
机关: 甲县乙镇人民政府
年度: 2023
网站: {名称: 门户网站, 网址: "http://a.gov.cn/x?y=1 2"}
依据: [《甲办法》, "《乙 规定》"]
总体情况: |
  全年收到申请{{ 申请.本年新收.总计 }}件：其中2件。

    另起一段。

申请:
  本年新收: {自然人: 25, 商业企业: {值: 1, 注: 核对}}
  不予公开:
    # 另有说明
    保护第三方合法权益: {自然人: 3}
  结转下年度: 3
收费: -8.5
其他事项: 见 http://a.gov.cn，时间 9:00。
"""
UNUSUAL = "其他事项: 见 http://a.gov.cn，时间 9:00。\n"
SIGNS = (
    *" \n:：,，{}[]#|>-\"'&*!?%@`　“”、。0.",
    *("\n ", "\n  ", "\n\n", "##", "# ", ": ", "- ", "---\n", "全部为零", "申请: 0\n", "自然人: {"),
    *(" #", "\\", "&a ", "*a", "\u2028", "\xa0", "<<", "甲" * 50, "：{", "\t", "｛", "｝", "｜"),
)


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """A clerk's text with up to three places spoiled."""
    text = draw(st.sampled_from([PLAIN, PLAIN.replace(UNUSUAL, "")]))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        end = at + draw(st.sampled_from([0, 0, 0, 1, 2, 5]))
        text = text[:at] + draw(st.sampled_from(["", *SIGNS])) + text[end:]
    return text


def findings_of(text: str) -> list[Finding]:
    """Everything that is told of a file: its writing, what is read, what the rules say."""
    node, slips = read(text.encode(), "a.yaml", BOTH)
    assert node is not None, slips
    report, faults = read_nodes(node, BOTH)
    assert report is not None
    return [*slips, *faults, *check_report(report, Context())]


def texts(node: Node) -> Iterator[Text]:
    """Every scalar, keys too."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Items):
        for each in node.items:
            yield from texts(each)
    else:
        for key, value in node.entries:
            yield key
            yield from texts(value)


@given(spoiled())
@settings(max_examples=400)
def test_what_is_read_without_a_finding_stands_in_the_file_where_it_is_said_to(text: str) -> None:
    node, findings = read(text.encode(), "a.yaml", BOTH)
    if node is None or findings:
        return
    lines = [*text.replace("\u2028", " ").split("\n"), ""]
    for each in texts(node):
        line, column = lines[each.place.line - 1], each.place.column - 1
        if any(
            sign in line for sign in ("\\", "''", "&", "!")
        ):  # escapes, and marks that stand before a text
            continue
        # A quoted text may go on in the next line, and YAML makes a blank of the line's end.
        first = each.value[: len(line) - column] if line[:column].endswith(('"', "'")) else each.value
        assert line.startswith(first.split("\n")[0], column) or not line.strip(), each


@given(spoiled())
@settings(max_examples=400)
def test_in_a_text_that_looks_clean_a_walk_over_the_lines_finds_nothing(text: str) -> None:
    if not is_clean(text):
        return
    draft = Draft("a.yaml", text.split("\n"))
    Walk(draft, vocabulary(BOTH)).go()
    assert (draft.findings, draft.lines) == ([], text.split("\n"))


@pytest.mark.parametrize("text", [PLAIN, text_of(), text_of(2020)], ids=["all kinds", "2023", "2020"])
def test_a_clerks_plain_file_looks_clean(text: str) -> None:
    assert is_clean(text.replace(UNUSUAL, ""))


def test_the_c_loader_marks_the_same_places_as_the_python_one() -> None:
    text = PLAIN + "说明: '一''二'\n列出:\n- 甲\n-   乙 # 注\n折叠: >\n  三\n  四\n空:\n表情: 𠀀𠀁 五\n"
    found = [_marks(yaml.compose(text, loader)) for loader in (yaml.CSafeLoader, yaml.SafeLoader)]
    assert found[0] == found[1]
    assert len(found[0]) > 40


def _marks(node: yaml.Node | None) -> list[tuple[int, int, str]]:
    """Line and column of every node's start, as far as nodes have words or entries."""
    assert node is not None
    own = (node.start_mark.line, node.start_mark.column, node.tag)
    if isinstance(node, yaml.ScalarNode):
        return [own] if node.value else []
    inner = (
        node.value if isinstance(node, yaml.SequenceNode) else [each for pair in node.value for each in pair]
    )
    return [own, *(mark for each in inner for mark in _marks(each))]


# ── signs for nothing ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "rows",
    [
        "\n  行政处罚: -",
        "\n  行政强制: -   # 没有",
        "\n  行政许可：-",
        "\n  行政处罚: --",
        "\n  行政处罚: /",
        "\n  行政处罚: 无",
        "\n  行政处罚: —",
        "\n  规章: {本年制发件数: -, 本年废止件数: 0}",
        "\n  规章: {本年制发件数: - , 本年废止件数: 0}",
        "\n  规章: {\n    本年制发件数: - ,\n    本年废止件数: 0}",
        "\n  规章:\n    本年制发件数: -",
    ],
)
def test_a_sign_for_nothing_is_to_be_written_as_0(rows: str) -> None:
    found = [each for each in findings_of(clerk(主动公开=rows)) if each.level is Level.ERROR]
    codes = {each.code for each in found} - {"F05", "X11"}
    assert codes == {"C02"}
    [told] = [each for each in found if each.code == "C02"]
    assert told.expected == "0"
    assert told.places[0].line > 4


def test_a_question_mark_in_a_cell_is_no_number() -> None:
    assert "C03" in {each.code for each in findings_of(clerk(主动公开="\n  行政处罚: ?"))}
    assert "C03" in {each.code for each in findings_of(clerk(主动公开="\n  规章: {本年制发件数: ?}"))}


# ── comments that eat words ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "eaten"),
    [
        ("其他事项: 在微博开设 #政务公开# 话题，公开12条。\n", "政务公开# 话题"),
        ("总体情况:\n  主动公开: 开设 # 政务公开 # 话题。\n", "政务公开 #"),
        ("其他事项: #政务公开# 话题公开12条。\n", "政务公开#"),
        ("其他事项: 开设了话题 # 政务公开，公开12条。\n", "政务公开，公开12条。"),
        ("电话: 0535-7580196 #8001\n", "8001"),
        ("电话: 0535-7580196 # 转8001\n", "转8001"),
        ("简称: 甲镇 #乙\n", "乙"),
        ("其他事项: |#政务公开# 话题。\n  甲。\n", "政务公开# 话题。"),
        ("其他事项: | # 公开12条。\n  甲。\n", "公开12条。"),
        ("地址: 甲路1号 #5楼\n", "5楼"),
        ("依据:\n  - 《甲办法》 #《乙办法》\n", "《乙办法》"),
        ("其他事项: 甲。\n  #政务公开# 话题。\n", "政务公开# 话题。"),
        ("存在问题: |\n  甲。\n#政务公开# 话题。\n", "政务公开# 话题。"),
    ],
)
def test_words_behind_a_hash_are_told(more: str, eaten: str) -> None:
    node, findings = read(clerk(more).encode(), "a.yaml", BOTH)
    assert node is not None
    [told] = findings
    assert (told.code, told.level) == ("F28", Level.WARNING)
    assert eaten in told.message
    assert told.places[0].line > 4


@pytest.mark.parametrize(
    "more",
    [
        "简称: 甲镇 # 正文里的简称\n",
        "电话: 0535-7580196   # 办公室\n",
        "其他事项: 无。 # 没有其他事项。\n",
        "# 其他事项: 在微博开设 #政务公开# 话题。\n",
        "简称: 甲镇 #### 说明\n",
        "其他事项: |\n  在微博开设 #政务公开# 话题。\n",
        "其他事项: '开设 #政务公开# 话题'\n",
        "其他事项: 见C#语言，第#1号。\n",
        "网站: {名称: 甲网, 网址: b}  # 公布年报的网站\n",
    ],
)
def test_comments_are_not_told(more: str) -> None:
    text = clerk(more, 主动公开="\n  行政许可: 12 #核对过\n  行政处罚: 0 # 台账\n")
    assert [each.code for each in read(text.encode(), "a.yaml", BOTH)[1]] == []


def test_a_hash_between_braces_is_named_and_nothing_is_lost() -> None:
    text = clerk("网站: {名称: 甲网 #乙, 网址: b}\n地址: 丙路\n")
    node, [told] = read(text.encode(), "a.yaml", BOTH)
    assert (told.code, told.places[0].column) == ("F03", 13)
    assert "#" in told.message
    assert "甲网 #乙" in [each.value for each in texts(node)] if node else False


def test_a_text_that_a_hash_broke_off_is_told_at_the_hash() -> None:
    text = clerk("其他事项: 在微博\n  开设 #政务公开# 话题，\n  公开12条。\n")
    node, [told] = read(text.encode(), "a.yaml", BOTH)
    assert node is None
    assert (told.places[0].line, told.places[0].column) == (9, 6)
    assert "#" in told.message


# ── keys in traditional characters ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "simple"),
    [
        ("主动公开: {行政處罰: 12}", "行政处罚"),
        ("主動公開: {行政许可: 12}", "主动公开"),
        ("申请: {本年新收: {商業企業: 12}}", "商业企业"),
        ("复议诉讼: {行政復議: {结果维持: 12}}", "行政复议"),
    ],
)
def test_a_key_in_traditional_characters_is_read_and_told(typed: str, simple: str) -> None:
    table = typed.partition(":")[0].replace("動", "动").replace("開", "开")
    lines = [line for line in clerk().split("\n") if not line.startswith(table)]
    node, [told] = read("\n".join([*lines, typed, ""]).encode(), "a.yaml", BOTH)
    assert (told.code, told.level) == ("F29", Level.NOTE)
    assert simple in told.message
    assert node is not None
    report, faults = read_nodes(node, BOTH)
    assert faults == ()
    assert report is not None
    assert sum(figure.value for key, figure in report.cells.items() if key.column != "total") == 12


def test_an_unknown_word_in_traditional_characters_gets_the_nearest_simple_one() -> None:
    found = findings_of(clerk(主动公开="{行政處分罰: 1}"))
    assert [each.fix for each in found if each.code == "F17"] == ["是不是“行政处罚”？"]


# ── quotation marks, units, empty groups ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("网站: “http://www.a.gov.cn/x”\n", "F06"),
        ("网站: {名称: 甲网, 网址: “http://www.a.gov.cn”}\n", "F06"),
        ("网站:\n  名称: 甲网\n  网址: ‘www.a.gov.cn’\n", "F06"),
        ("邮箱: “a@b.gov.cn”\n", "F06"),
        ("地址: “甲路1号”\n", "F03"),
        ("电话: “0535-7580196”\n", "F03"),
        ("网站: {名称: “甲网”, 网址: www.a.gov.cn}\n", "F03"),
        ("简称: “乙镇”\n", "F03"),
    ],
)
def test_quotation_marks_around_an_address_or_name_are_told_once(more: str, code: str) -> None:
    found = [each for each in findings_of(clerk(more)) if each.level is Level.ERROR and each.code[0] == "F"]
    assert [each.code for each in found] == [code]
    assert "引号" in found[0].message or "“" in found[0].message


def test_an_address_is_printed_without_its_quotation_marks() -> None:
    node, _ = read(clerk("网站: “http://www.a.gov.cn/x”\n").encode(), "a.yaml", BOTH)
    assert node is not None
    report, _ = read_nodes(node, BOTH)
    assert report is not None
    assert report.contact.url == "http://www.a.gov.cn/x"


@pytest.mark.parametrize("typed", ["12件", "12 件", "１２件", "12项", "12条"])
def test_a_unit_in_a_cell_is_told_and_not_printed(typed: str) -> None:
    text = clerk(主动公开=f"{{行政处罚: {typed}}}")
    [told] = [each for each in findings_of(text) if each.about == ("penalties.decisions",)]
    assert (told.code, told.expected) == ("C04", "12")
    node, _ = read(text.encode(), "a.yaml", BOTH)
    assert node is not None
    report, _ = read_nodes(node, BOTH)
    assert report is not None
    assert [figure.text for figure in report.cells.values() if figure.number == 12] == ["12"]


@pytest.mark.parametrize(
    ("table", "rows", "word"),
    [
        ("申请", "\n  不予公开:", "不予公开"),
        ("申请", "{不予公开: {}}", "不予公开"),
        ("申请", "{不予公开: []}", "不予公开"),
        ("申请", "{本年新收: {}}", "本年新收"),
        ("复议诉讼", "\n  行政复议:", ""),
        ("主动公开", "{行政许可: {}}", "行政许可"),
    ],
)
def test_an_empty_group_is_named_with_what_may_follow(table: str, rows: str, word: str) -> None:
    [told] = [
        each
        for each in findings_of(clerk().replace(f"{table}: 全部为零", f"{table}: {rows}"))
        if each.code in ("F12", "F13")
    ]
    assert word in told.message
    assert "删去这一行" in told.fix


# ── letters that only look right, one cause told once ─────────────────────────────────────────────────


def test_letters_that_only_look_like_the_usual_ones_are_read_as_those_and_told_once() -> None:
    text = clerk().replace("人民政府", "⼈⺠政府")
    node, [told] = read(text.encode(), "a.yaml", BOTH)
    assert (told.code, told.level) == ("F30", Level.NOTE)
    assert "⼈（应为人）" in told.message and "⺠（应为民）" in told.message
    assert told.places[0].line == 1
    assert node is not None
    report, _ = read_nodes(node, BOTH)
    assert report is not None
    assert report.organ.name == "甲县乙镇人民政府"


@pytest.mark.parametrize("sign", ["-", "／", "/", "—", "——", "无", "空", "~", "未发生", "无此项", "不涉及"])
def test_every_sign_of_nothing_is_told_as_no_zero(sign: str) -> None:
    table = f"{{行政规范性文件: {{本年制发件数: 1, 本年废止件数: 0, 现行有效件数: 1}}, 行政强制: {sign}}}"
    report = report_of(clerk(主动公开=table))
    told = [each for each in check_report(report, Context()) if each.code in ("C02", "C03")]
    assert [(each.code, each.expected) for each in told] == [("C02", "0")]


def test_a_sign_of_nothing_for_a_group_is_told_with_what_to_write() -> None:
    rows = "{本年新收: {自然人: 1}, 予以公开: {自然人: 1}, 其他处理: -}"
    [told] = [each for each in findings_of(clerk(申请=rows)) if each.code.startswith("F")]
    assert told.code == "F13"
    assert "用“-”代替了 0" in told.message and "其他处理: 0" in told.fix


def _told(text: str) -> list[str]:
    outcome = examine(Material("a.yaml", text.encode()), Supplies(BOTH))
    return [each.code for each in outcome.findings if each.is_error and each.code != "X11"]


def test_a_quote_that_names_nothing_is_told_once() -> None:
    assert _told(clerk("总体情况: 2022年，公开信息{{ 主动公开.行政罚 }}条。\n")) == ["F21"]


def test_a_row_that_is_not_read_is_told_and_not_the_sums_without_it() -> None:
    assert _told(clerk(申请="{本年新增: {自然人: 1}, 予以公开: {自然人: 1}}")) == ["F17"]
    assert "T3-01" in _told(clerk(申请="{本年新收: {自然人: 2}, 予以公开: {自然人: 1}}"))


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("{自然人: 25、商业企业: 1}", "、"),
        ("{自然人: 25； 商业企业: 1}", "；"),
        ("{自然人: 25;商业企业:1}", ";"),
    ],
)
def test_another_sign_where_a_comma_parts_cells_is_told_at_its_place_and_read(typed: str, sign: str) -> None:
    line = f"  本年新收: {typed}"
    text = text_of(tables=f"主动公开: 全部为零\n申请:\n{line}\n复议诉讼: 全部为零\n")
    [slip] = [each for each in findings_of(text) if each.code == "F06"]
    assert slip.places[0].column == line.index(sign) + 1
    assert "{自然人: 25, 商业企业: 1}" in slip.fix
    assert not [each for each in findings_of(text) if each.code == "F03"]


def test_a_sign_that_parts_words_stays_between_words() -> None:
    assert mended_flow("{名称: 甲、乙: 丙, 机关: 1、丁: 2}", {"名称", "机关"}.__contains__) == (
        "{名称: 甲、乙: 丙, 机关: 1、丁: 2}"
    )
