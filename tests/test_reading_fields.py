"""The fields at the top of a clerk's file: what is accepted, what is told."""

from datetime import date
from decimal import Decimal

import pytest

from clerks import clerk, fault, reading, report
from reportgen.problems import Level


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


def test_a_level_that_is_none_gets_the_nearest() -> None:
    finding = fault(clerk().replace("乡镇政府", "乡政府"))
    assert finding.code == "F15"
    assert "“乡镇政府”" in finding.fix
    assert fault(clerk("口径: xyz\n")).about == ("scope",)
    assert report(clerk("口径: 汇总\n")).organ.scope == "汇总"


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


def test_an_organ_in_quotation_marks_is_told_and_one_with_some_inside_is_not() -> None:
    name = next(line for line in clerk().splitlines() if line.startswith("机关: "))
    _, [finding] = reading(clerk().replace(name, "机关: “某镇人民政府”"))
    assert finding.code == "F03" and "“机关: 某镇人民政府”" not in finding.message
    assert "机关: 某镇人民政府" in finding.fix
    assert report(clerk().replace(name, "机关: 某县“双减”办公室")).organ.name == "某县“双减”办公室"
