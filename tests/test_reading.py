"""A clerk's nodes and a form into a report: what is accepted, what is told, nothing raised."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.faults import FAULTS
from reportgen.form import CellKey
from reportgen.nodes import Items, Mapping, Node, Text
from reportgen.problems import Finding, Level, Place
from reportgen.reading import read
from reportgen.reading.numbers import numeral
from reportgen.report import Figure, Report
from reportgen.sources.yaml_text import read as read_yaml
from strategies import consistent_reports, marks, scraps
from test_layout import FORMS

BOTH = tuple(FORMS.values())

HEAD = """\
机关: 甲县乙镇人民政府
级别: 乡镇政府
年度: {year}
成文日期: 2023-01-29
"""
TABLES = {"主动公开": "全部为零", "申请": "全部为零", "复议诉讼": "全部为零"}


def reading(text: str) -> tuple[Report | None, tuple[Finding, ...]]:
    """What is read from YAML that has no slips."""
    node, slips = read_yaml(text.encode(), "a.yaml", BOTH)
    assert slips == ()
    assert node is not None
    return read(node, BOTH)


def clerk(more: str = "", year: int = 2022, **tables: str) -> str:
    """A clerk's file with these tables, all others zero."""
    told = {**TABLES, **tables}
    return HEAD.format(year=year) + "".join(f"{name}: {value}\n" for name, value in told.items()) + more


def report(text: str) -> Report:
    """The report of a file without faults."""
    made, findings = reading(text)
    assert findings == ()
    assert made is not None
    return made


def faults(text: str) -> list[Finding]:
    """What is wrong with a file."""
    return list(reading(text)[1])


def fault(text: str) -> Finding:
    """The one thing that is wrong with a file."""
    [finding] = faults(text)
    assert finding.places, "a fault has a place"
    assert finding.fix, "a fault says how to mend it"
    return finding


def cell(text: str, row: str, column: str) -> Figure:
    """A figure of a file without faults."""
    return report(text).cells[CellKey(row, column)]


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


@pytest.mark.parametrize("typed", ["２０２２", "2022年", "2022年度", '"2022"', "“2022”"])
def test_a_year_may_be_written_like_this(typed: str) -> None:
    assert report(clerk().replace("年度: 2022", f"年度: {typed}")).year == 2022


@pytest.mark.parametrize("typed", ["22", "2101", "去年", "2022-2023"])
def test_what_is_no_year_is_told(typed: str) -> None:
    made, [finding] = reading(clerk().replace("年度: 2022", f"年度: {typed}"))
    assert made is None
    assert finding.code == "F14"


def test_a_year_before_the_forms_is_refused_with_the_reason() -> None:
    made, [finding] = reading(clerk(year=2018))
    assert made is None
    assert "国办公开办函〔2019〕60号" in finding.message


@pytest.mark.parametrize(
    "typed",
    [
        "2023-01-29",
        "2023/1/29",
        "2023.1.29",
        "2023年1月29日",
        "２０２３年１月２９日",
        "二〇二三年一月二十九日",
        "二○二三年元月二十九日",
        "2023 年 1 月 29 日",
    ],
)
def test_a_date_may_be_written_like_this(typed: str) -> None:
    assert report(clerk().replace("2023-01-29", typed)).date == date(2023, 1, 29)


@pytest.mark.parametrize(
    ("word", "typed", "read_as"),
    [
        ("电话", "０５３５－１２３４５６７", "0535-1234567"),
        ("电话", "（０５３５）１２３４５６７", "(0535)1234567"),
        ("邮编", "２６５２００", "265200"),
    ],
)
def test_full_width_digits_of_a_field_are_read_as_half_width_with_a_note(
    word: str, typed: str, read_as: str
) -> None:
    made, [finding] = reading(clerk(f"{word}: {typed}\n"))
    assert made is not None
    assert read_as in (made.contact.phone, made.contact.postcode)
    assert (finding.code, finding.level) == ("F26", Level.NOTE)


def test_brackets_around_half_width_digits_stay() -> None:
    assert report(clerk("电话: （0535）1234567\n")).contact.phone == "（0535）1234567"


@pytest.mark.parametrize("typed", ["2023年2月30日", "2023-13-01", "二〇二三年一月", "0000-01-01", "1月29日"])
def test_what_is_no_date_is_told_and_the_rest_is_read(typed: str) -> None:
    made, [finding] = reading(clerk().replace("2023-01-29", typed))
    assert made is not None
    assert made.date is None
    assert (finding.code, finding.about) == ("F16", ("date",))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("二〇二三年一月十日", 10),
        ("二零二三年一月十三日", 13),
        ("二〇二三年一月八日", 8),
        ("二〇二三年一月三十日", 30),
    ],
)
def test_a_day_in_chinese_numerals_is_read(typed: str, day: int) -> None:
    assert report(clerk().replace("2023-01-29", typed)).date == date(2023, 1, day)


@pytest.mark.parametrize("typed", ["二〇二三年一月十十日", "二〇二三年十二三月一日", "二〇二三年二月三十日"])
def test_no_day_in_chinese_numerals_is_told(typed: str) -> None:
    assert fault(clerk().replace("2023-01-29", typed)).code == "F16"


def test_a_missing_colon_in_braces_is_told() -> None:
    finding = fault(clerk(申请="{本年新收: {自然人 2, 商业企业: 1}}"))
    assert (finding.code, finding.fix) == ("F17", "是不是漏了冒号：自然人: 2？")


@pytest.mark.parametrize("word", ["无", "没有", "/"])
def test_a_row_of_no_number_may_be_deleted(word: str) -> None:
    finding = fault(clerk(主动公开=f"{{规章: {word}}}"))
    assert finding.fix.startswith("没有数的，可以删去这一行，或各列写 0。")


def test_what_is_missing_stands_at_no_line() -> None:
    finding = fault(clerk().replace("申请: 全部为零\n", ""))
    assert finding.places == (Place("a.yaml"),)


def test_a_level_that_is_none_gets_the_nearest() -> None:
    finding = fault(clerk().replace("乡镇政府", "乡政府"))
    assert finding.code == "F15"
    assert "“乡镇政府”" in finding.fix
    assert fault(clerk("口径: xyz\n")).about == ("scope",)
    assert report(clerk("口径: 汇总\n")).organ.scope == "汇总"


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


@pytest.mark.parametrize(("value", "code"), [("", "F13"), ("{}", "F13"), ("12", "F12"), ("[1, 2]", "F12")])
def test_a_table_is_rows_or_all_zero(value: str, code: str) -> None:
    finding = fault(clerk(申请=value))
    assert (finding.code, finding.about) == (code, ("table.requests",))


def test_unknown_words_get_the_nearest_known_one() -> None:
    assert "“电话”" in fault(clerk("电活: 1\n")).fix
    assert "“本年新收”" in fault(clerk(申请="{本年新: {自然人: 1}}")).fix
    assert "“商业企业”" in fault(clerk(申请="{本年新收: {企业: 1}}")).fix
    assert "这里可以写：自然人、商业企业" in fault(clerk(申请="{本年新收: {xyz: 1}}")).fix
    assert "这里可以写" in fault(clerk(f"{'长' * 50}: 1\n")).fix


def test_a_word_that_comes_twice_in_other_dress_is_told() -> None:
    finding = fault(clerk("【申请】: 全部为零\n").replace("【申请】", "“申请”"))
    assert finding.code == "F08"
    assert [place.line for place in finding.places] == [6, 8]


@pytest.mark.parametrize(
    "rows",
    [
        "{本年新收: {自然人: 3}}",
        "{一、本年新收政府信息公开申请数量: {自然人: 3}}",
        '{" 本年新收 ": {"自 然 人": 3}}',
        "{本年新收: {申请人情况: {自然人: 3}}}",
        "{一、本年新收: {自然人: 3}}",
    ],
)
def test_words_are_matched_as_a_reader_matches_them(rows: str) -> None:
    assert cell(clerk(申请=rows), "new", "person").number == 3


@pytest.mark.parametrize(
    "rows",
    [
        "{不予公开: {危及“三安全一稳定”: {商业企业: 3}}}",
        "{（三）不予公开: {'3.危及\"三安全一稳定\"': {法人或其他组织: {商业企业: 3}}}}",
        "{三、本年度办理结果: {(三)不予公开: {3．危及三安全一稳定: {商业企业: 3}}}}",
    ],
)
def test_groups_may_be_written_in_full_or_short(rows: str) -> None:
    assert cell(clerk(申请=rows), "deny_3", "business").number == 3


def test_the_tables_other_groups_may_be_written_too() -> None:
    text = clerk(
        复议诉讼="{行政复议: {结果维持: 1}, 行政诉讼: {复议后起诉: {结果纠正: 2}}}",
        主动公开="{第二十条第（一）项: {规章: {现行有效件数: 3}}, "
        "行政事业性收费: {本年收费金额（单位：万元）: 1.5}}",
    )
    made = report(text)
    assert made.value("review", "upheld") == 1
    assert made.value("suit_after_review", "corrected") == 2
    assert made.value("regulations", "in_force") == 3
    assert made.value("fees", "amount") == Decimal("1.5")


def test_a_block_of_one_column_takes_the_number_directly() -> None:
    for value in ("1250", "{本年处理决定数量: 1250}", "{值: 1250, 注: 其中办结9件}"):
        assert cell(clerk(主动公开=f"{{行政许可: {value}}}"), "permits", "decisions").number == 1250


def test_a_remark_stands_beside_its_number() -> None:
    figure = cell(
        clerk(主动公开="{规章: {现行有效件数: {值: 22, 注: 其中修订16件}}}"), "regulations", "in_force"
    )
    assert figure.number == 22
    assert figure.remark == "其中修订16件"


def test_zero_may_be_said_of_rows_and_groups() -> None:
    made = report(clerk(申请="{本年新收: 0, 不予公开: 全部为零}", 主动公开="{行政许可: 全部为零}"))
    assert not any(figure.value for figure in made.cells.values())


def test_a_cell_left_blank_is_blank_and_one_left_out_is_zero() -> None:
    text = clerk(申请="\n  本年新收:\n    自然人:\n")
    assert cell(text, "new", "person").blank
    assert not cell(text, "new", "business").blank


def test_totals_are_added_up_or_kept_as_typed() -> None:
    assert cell(clerk(申请="{本年新收: {自然人: 2, 其他: 3}}"), "new", "total").number == 5
    assert cell(clerk(申请="{本年新收: {自然人: 2, 总计: 4}}"), "new", "total").number == 4


def test_a_number_for_a_row_of_several_columns_says_which_columns_there_are() -> None:
    finding = fault(clerk(申请="{本年新收: 26}"))
    assert finding.code == "F12"
    assert "自然人、商业企业" in finding.fix


@pytest.mark.parametrize(
    "rows",
    ["{本年新收: [1, 2]}", "{不予公开: 3}", "{本年新收: {自然人: [1]}}", "{本年新收: {自然人: {注: 甲}}}"],
)
def test_a_wrong_shape_is_told(rows: str) -> None:
    assert fault(clerk(申请=rows)).code == "F12"


def test_an_unknown_part_of_a_cell_is_told() -> None:
    assert fault(clerk(申请="{本年新收: {自然人: {值: 1, 备注: 甲}}}")).code == "F11"


def test_a_row_at_the_wrong_level_says_where_it_belongs() -> None:
    finding = fault(clerk(申请="{属于国家秘密: {自然人: 1}}"))
    assert finding.code == "F12"
    assert "申请·不予公开" in finding.fix


def test_one_cell_written_twice_in_other_words_is_told_and_the_first_stays() -> None:
    made, [finding] = reading(clerk(申请="{本年新收: {自然人: 1}, 一、本年新收: {自然人: 2}}"))
    assert finding.code == "F08"
    assert len(finding.places) == 2
    assert made is not None
    assert made.value("new", "person") == 1


def test_words_of_the_other_form_are_told_with_its_years() -> None:
    old = fault(clerk(主动公开="{规章: {本年新制作数量: 1}}"))
    new = fault(clerk(year=2020, 主动公开="{规章: {本年制发件数: 1}}"))
    assert (old.code, new.code) == ("F18", "F18")
    assert "2019至2020年度" in old.message
    assert "2021年度起" in new.message
    assert fault(clerk(主动公开="{政府集中采购: {采购项目数量: 1}}")).code == "F18"


@pytest.mark.parametrize(
    ("typed", "text", "number"),
    [
        ("12", "12", "12"),
        ("１，２５０", "1250", "1250"),
        ("1 250", "1250", "1250"),
        ("1'250_000", "1250000", "1250000"),
        ("-8", "-8", "-8"),
        ("－ 8", "-8", "-8"),
        ("+1036", "+1036", "1036"),
        ("0.50", "0.50", "0.50"),
        ("010", "010", "10"),
        ("12件", "12件", "12"),
        ("22（其中修订16件）", "22（其中修订16件）", "22"),
        ("251000 元", "251000 元", "251000"),
        ("123456789012345", "123456789012345", "123456789012345"),
    ],
)
def test_numbers_are_read_as_clerks_write_them(typed: str, text: str, number: str) -> None:
    assert numeral(typed, "件") == (text, Decimal(number), False)


NO_NUMBERS = [
    *("", "无", "/", "-", "—", "O", "〇", "一", "1e5", "nan", "inf", "-Infinity", "0x1f", "sNaN1", "1_", "٣"),
    *("12:30", "5/6", "50%", "1.2.3", "2021-01-29", "3万"),
]


@pytest.mark.parametrize("typed", NO_NUMBERS)
def test_what_is_no_number_stays_as_typed(typed: str) -> None:
    assert numeral(typed, "件") == (typed, None, False)


def test_an_amount_may_be_followed_by_its_unit() -> None:
    assert numeral("3.5万元", "万元").number == Decimal("3.5")


def test_a_number_of_too_many_digits_is_told() -> None:
    made, [finding] = reading(clerk(申请="{本年新收: {自然人: 1234567890123456}}"))
    assert (finding.code, finding.about) == ("F19", ("new.person",))
    assert made is not None
    assert made.cells[CellKey("new", "person")].number is None


def test_what_was_typed_is_kept_beside_what_is_read() -> None:
    figure = cell(clerk(申请="{本年新收: {自然人: ２６}}"), "new", "person")
    assert (figure.text, figure.raw) == ("26", "２６")
    assert figure.place == Place("a.yaml", 6, 18, width=2)


def test_a_site_is_a_name_an_address_or_both() -> None:
    both = report(clerk("网站: {名称: 甲网, 网址: http://a.cn}\n"))
    assert (both.contact.site, both.contact.url) == ("甲网", "http://a.cn")
    assert both.places["url"].column == 18
    assert report(clerk("网站: http://a.cn\n")).contact.url == "http://a.cn"
    assert report(clerk("网站: 甲网\n")).contact.site == "甲网"
    assert fault(clerk("网站: {名子: 甲网}\n")).code == "F11"
    assert fault(clerk("网站: {名称: [甲网]}\n")).code == "F12"


def test_fields_of_one_line_are_joined_and_lists_are_told() -> None:
    assert report(clerk("地址: 甲县\n  乙路\n")).contact.address == "甲县乙路"
    assert fault(clerk("地址: [甲]\n")).code == "F12"
    assert report(clerk("标题: [甲, 乙]\n")).title == ("甲", "乙")
    assert report(clerk("依据: 《甲办法》\n")).laws == ("《甲办法》",)
    assert fault(clerk("依据: {甲: 乙}\n")).code == "F12"


def test_fees_are_pieces_and_yuan() -> None:
    assert report(clerk("信息处理费: {件数: 2件, 金额: 120元}\n")).fees == (2, Decimal(120))
    assert report(clerk("信息处理费: 不写\n")).fees is None
    for typed in (
        "{件数: 2}",
        "{件数: 1.5, 金额: 1}",
        "{件数: -1, 金额: 1}",
        "{件数: 1, 金额: -1}",
        "甲",
        "[1]",
    ):
        assert fault(clerk(f"信息处理费: {typed}\n")).code == "F23"


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
