"""A clerk's tables: words matched, numbers read, what is misplaced or unknown told."""

from decimal import Decimal

import pytest

from clerks import cell, clerk, fault, reading, report
from reportgen.model.form import CellKey
from reportgen.problems import Place
from reportgen.reading.tables import numeral


def test_a_missing_colon_in_braces_is_told() -> None:
    finding = fault(clerk(申请="{本年新收: {自然人 2, 商业企业: 1}}"))
    assert (finding.code, finding.fix) == ("F17", "是不是漏了冒号：自然人: 2？")


@pytest.mark.parametrize("word", ["无", "没有", "/"])
def test_a_row_of_no_number_may_be_deleted(word: str) -> None:
    finding = fault(clerk(主动公开=f"{{规章: {word}}}"))
    assert finding.fix.startswith("没有数的，可以删去这一行，或各列写 0。")


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
