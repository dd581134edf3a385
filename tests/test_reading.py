"""A clerk's nodes and a form into a report: what is accepted, what is told, nothing raised."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerks import BOTH, TABLES, clerk, fault, faults, report
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.problems import FAULTS, Place
from reportgen.reading import read
from strategies import consistent_reports, marks, scraps


def test_a_small_file_is_a_report() -> None:
    made = report(clerk("简称: 乙镇\n电话: 0535-7580196\n依据:\n  - 《甲办法》\n"))
    assert (made.year, made.form.id, made.date) == (2022, "2021", date(2023, 1, 29))
    assert (made.organ.name, made.organ.short, made.organ.scope) == ("甲县乙镇人民政府", "乙镇", "本机关")
    assert made.contact.phone == "0535-7580196"
    assert made.laws == ("《甲办法》",)
    assert made.fees == (0, Decimal(0))
    assert all(figure.number == 0 for figure in made.cells.values())
    assert made.places["organ"].line == 1
    assert made.places["table.requests"].line == 6


def test_the_short_name_is_the_full_one_where_none_is_given() -> None:
    assert report(clerk()).organ.short == "甲县乙镇人民政府"


def test_the_year_chooses_the_form() -> None:
    assert report(clerk(year=2020)).form.id == "2019"
    assert report(clerk(year=2021)).form.id == "2021"


def test_what_is_missing_stands_at_no_line() -> None:
    finding = fault(clerk().replace("申请: 全部为零\n", ""))
    assert finding.places == (Place("a.yaml"),)


@pytest.mark.parametrize("word", ["机关", "级别", "年度", "成文日期", "主动公开", "申请", "复议诉讼"])
def test_what_must_be_there_is_missed(word: str) -> None:
    lines = [line for line in clerk().splitlines(keepends=True) if not line.startswith(word)]
    finding = fault("".join(lines))
    assert finding.code == "F13"
    assert f"“{word}”" in finding.message


@pytest.mark.parametrize("word", ["机关", "级别", "年度", "成文日期"])
def test_a_field_left_blank_is_missed_too(word: str) -> None:
    lines = [f"{word}:\n" if line.startswith(word) else line for line in clerk().splitlines(keepends=True)]
    assert fault("".join(lines)).message == f"“{word}”是空的"


def test_chapter_one_is_a_text_or_its_aspects() -> None:
    assert set(report(clerk("总体情况: 甲\n")).prose) == {"overview"}
    made = report(clerk("总体情况: {开头: 甲, 主动公开: 乙, 平台建设: 丙}\n"))
    assert set(made.prose) == {"lead", "disclosure", "platforms"}
    assert made.places["disclosure"].line == 8
    assert made.places["table.disclosure"].line == 5
    assert fault(clerk("总体情况: {公开: 甲}\n")).code == "F11"


def test_prose_may_be_a_list_of_texts_and_nothing_else() -> None:
    assert [each.text for each in report(clerk("存在问题: [甲, 乙]\n")).prose["problems"]] == ["甲", "乙"]
    assert fault(clerk("存在问题: {甲: 乙}\n")).about == ("problems",)
    assert "problems" not in report(clerk("存在问题:\n")).prose


def test_prose_quotes_figures_names_and_the_year() -> None:
    text = clerk(
        "总体情况: '{{ 年度 }}年，{{ 简称 }}收到{{ 申请.本年新收.总计 }}件，{{ 申请.不予公开.总计 }}件。'\n",
        申请="{本年新收: {自然人: 3}}",
    )
    assert report(text).prose["overview"][0].text == "2022年，甲县乙镇人民政府收到3件，0件。"
    old = clerk(
        "总体情况: '{{ 主动公开.行政许可.本年增/减 }}项'\n", 2020, 主动公开="{行政许可: {本年增/减: -8}}"
    )
    assert report(old).prose["overview"][0].text == "-8项"


def test_a_faulty_quote_names_the_part_it_stands_in() -> None:
    finding = fault(clerk("总体情况: '共{{ 申请.新收 }}件'\n"))
    assert (finding.code, finding.about) == ("F21", ("overview",))


def test_a_documents_own_words_are_kept() -> None:
    own = "原文: {章标题: [一、概述], 行名: {不予公开·其他法律行政法规禁止公开: 2.其他法律法规禁止公开}}\n"
    made = report(clerk(own))
    assert [words.text for words in made.chapters] == ["一、概述"]
    assert made.labels["deny_2"].text == "2.其他法律法规禁止公开"
    assert fault(clerk("原文: {行名: {甲: 乙}}\n")).code == "F11"
    assert report(clerk("原文: 甲\n核对: {T2-10: 属实}\n")).chapters == ()


def test_what_is_no_mapping_has_no_report() -> None:
    made, [finding] = read(Text("甲", Place("a.yaml", 1, 1)), BOTH)
    assert made is None
    assert finding.code == "F10"


def test_every_fault_has_its_entry_in_the_list() -> None:
    text = clerk("电活: 1\n总体情况: '{{ 甲 }}{{ 年度 * 2 }}{{ 申请 }}'\n信息处理费: 1\n", 申请="{甲: 1}")
    codes = {finding.code for finding in faults(text)}
    assert codes == {"F11", "F17", "F20", "F21", "F22", "F23"}
    assert codes <= set(FAULTS)


@pytest.mark.parametrize("form", BOTH, ids=lambda form: form.id)
def test_a_consistent_report_reads_without_a_fault_and_balances(form: object) -> None:
    @given(consistent_reports(next(each for each in BOTH if each is form)))
    def balances(text: str) -> None:
        made = report(text)
        assert made.form is form
        assert all(each.left_sum == each.right_sum for each in made.sums())
        assert str(made.value("new", "total")) in made.prose["overview"][0].text

    balances()


PLACE = Place("a.yaml", 1, 1)
WORDS = [
    *TABLES,
    "机关",
    "年度",
    "级别",
    "总体情况",
    "本年新收",
    "自然人",
    "不予公开",
    "值",
    "注",
    "原文",
    "行名",
    "行政许可",
]
TEXTS = st.one_of(scraps, marks, st.sampled_from(WORDS), st.integers().map(str)).map(
    lambda word: Text(word, PLACE)
)


def items(parts: Sequence[Node]) -> Items:
    """A list at a place of no interest."""
    return Items(tuple(parts), PLACE)


def entries(parts: dict[str, Node]) -> Mapping:
    """A mapping at a place of no interest."""
    return Mapping(tuple((Text(key, PLACE), value) for key, value in parts.items()), PLACE)


KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=5))
NODES: st.SearchStrategy[Node] = st.recursive(
    TEXTS,
    lambda parts: st.one_of(
        st.lists(parts, max_size=3).map(items), st.dictionaries(KEYS, parts, max_size=4).map(entries)
    ),
    max_leaves=12,
)


@given(NODES, st.sampled_from(["2020", "2022"]))
def test_any_tree_gives_findings_and_never_an_exception(tree: Node, year: str) -> None:
    made, findings = read(tree, BOTH)
    assert made is not None or findings
    if isinstance(tree, Mapping):
        dated = Mapping(((Text("年度", PLACE), Text(year, PLACE)), *tree.entries), PLACE)
        assert read(dated, BOTH)[0] is not None


@given(scraps)
def test_any_text_in_any_field_is_read(words: str) -> None:
    for word in ("机关", "年度", "成文日期", "电话", "网站", "标题", "总体情况", "信息处理费"):
        _, findings = read(Mapping(((Text(word, PLACE), Text(words, PLACE)),), PLACE), BOTH)
        assert findings
