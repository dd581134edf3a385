from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.chinese.numerals import arabic, numbers, ordinal, ordinal_words, scan, value_of

DIGITS = "零一二三四五六七八九"


def _chinese(number: int) -> str:
    """A number below ten thousand as it is written in Chinese, so that reading can be tried backwards."""
    words, zero = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if zero else "") + DIGITS[digit] + sign
        zero = bool(words) and not digit
    return words or "零"


@given(st.integers(0, 9999))
def test_a_chinese_numeral_is_read_back(number: int) -> None:
    assert value_of(_chinese(number)) == number
    [found] = numbers(f"共收到{_chinese(number)}件")
    assert (int(found.value), found.unit, found.vague) == (number, "件", False)


@given(st.integers(0, 99_999_999))
def test_an_arabic_number_is_read_in_every_dress(number: int) -> None:
    wide = str(number).translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    for written in (str(number), f"{number:,}", wide, f" {number} "):
        [found] = numbers(f"收到{written}件，")
        assert found.value == number
        assert found.unit == "件"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("两件", 2, "件"),
        ("十二项", 12, "项"),
        ("一百零五件", 105, "件"),
        ("三百五件", 350, "件"),
        ("两千零三条", 2003, "条"),
        ("一万零二十件", 10020, "件"),
        ("三十万二千件", 302000, "件"),
        ("二〇件", 20, "件"),
        ("3，511件", 3511, "件"),
        ("1.2万条", 12000, "条"),
        ("59237.2449万元", Decimal("59237.2449"), "万元"),
        ("0件", 0, "件"),
        ("零件", 0, "件"),
        ("5个百分点", 5, "个百分点"),
        ("13 条", 13, "条"),
    ],
)
def test_a_count_has_its_value_and_unit(text: str, value: Decimal, unit: str) -> None:
    [found] = numbers(text)
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [("70.3%", "70.3"), ("３３．９％", "33.9"), ("百分之七十点三", "70.3"), ("百分之5.5", "5.5")],
)
def test_a_percentage_is_read_as_it_is_said(text: str, value: str) -> None:
    [found] = numbers(f"同比增长{text}。")
    assert (found.kind, found.value) == ("percent", Decimal(value))


@pytest.mark.parametrize(
    "text",
    [
        "十余件",
        "20多件",
        "约5件",
        "近百件",
        "数十件",
        "若干件",
        "超过300件",
        "几十件",
        "上百件",
        "100余条",
        "不到3件",
    ],
)
def test_a_rough_number_is_vague(text: str) -> None:
    [found] = numbers(f"收到{text}")
    assert found.vague
    assert found.start == 2


@pytest.mark.parametrize(
    "text",
    [
        "根据《条例》第四十九条、第二十条第（五）项的规定",
        "国办公开办函〔2021〕30号和国务院令第711号",
        "电话0535-7580196，手机13800138000，12345政务服务便民热线",
        "自2023年1月1日起至2023年12月31日止，二〇二三年，2021—2023年，一月至十二月",
        "网址http://www.example.gov.cn/col/col118852/index2.html，邮箱gk01@example.gov.cn",
        "一是加强领导，二是完善制度。（一）主动公开。1.公开目录。三、存在问题",
        "进一步统一标准，上一年度，每一件，危及三安全一稳定",
        "GB9704，5G，A4，9:30，3—5",
        "第一，第二批，第3季度",
    ],
)
def test_what_is_no_count_is_none(text: str) -> None:
    assert numbers(text) == ()


def test_years_dates_and_marks_are_told_apart() -> None:
    kinds = [
        (each.kind, int(each.value)) for each in scan("2023年，一是截至2024年6月30日，（二）按第五条办理5件")
    ]
    assert kinds == [("year", 2023), ("mark", 0), ("date", 2024), ("mark", 0), ("other", 0), ("count", 5)]


def test_a_mark_may_follow_the_stop_of_another_sentence_but_not_stand_in_a_list() -> None:
    assert [each.kind for each in scan("完成。1.公开；2.管理")] == ["mark", "mark"]
    assert [int(each.value) for each in numbers("分别为12、15、3件")] == [12, 15, 3]


def test_the_step_is_the_place_that_a_number_is_written_to() -> None:
    steps = [each.step for each in numbers("26件，3.50%，1.2万件，59237.24万元，2万条")]
    assert steps == [1, Decimal("0.01"), 1000, Decimal("0.01"), 10000]


@given(st.text())
def test_any_text_gives_numerals_in_order_that_do_not_overlap(text: str) -> None:
    end = 0
    for each in scan(text):
        assert end <= each.start < each.end <= len(text)
        end = each.end


@given(st.integers(1, 99))
def test_an_ordinal_is_read_back(number: int) -> None:
    assert ordinal(ordinal_words(number)) == number
    assert ordinal_words(number) == _chinese(number).removeprefix("一" if 10 <= number < 20 else "")


def test_an_ordinal_may_say_its_one_ten_and_nonsense_is_none() -> None:
    assert [ordinal(words) for words in ("一十", "一十二", "二十")] == [10, 12, 20]
    assert [ordinal(words) for words in ("", "二二", "十十", "二十十", "〇")] == [0] * 5


def test_chinese_digits_become_arabic_ones_and_nothing_else_changes() -> None:
    assert arabic("二〇二三年○零Ｏ") == "2023年000"
