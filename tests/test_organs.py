"""Whose report a title names, and of which year."""

import pytest

from reportgen.chinese.organs import ends_as_organ, organ_in, years_in


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("甲县乙镇人民政府2023年政府信息公开工作年度报告", "甲县乙镇人民政府"),
        ("2023年甲市人民政府办公厅政府信息公开工作年度报告", "甲市人民政府办公厅"),
        ("关于甲县教育局二〇二三年政府信息公开工作年度报告", "甲县教育局"),
        ("甲县教育局政府信息公开工作年度报告", "甲县教育局"),
        ("2023年度甲市教育局政府信息公开年度报告", "甲市教育局"),
        ("甲县教育局关于2023年政府信息公开工作年度报告", "甲县教育局"),
        ("2023年度政府信息公开工作年度报告", ""),
    ],
)
def test_the_organ_is_found_in_the_title(title: str, organ: str) -> None:
    assert organ_in(title) == organ


def test_years_are_found_in_arabic_and_chinese_digits() -> None:
    assert years_in("甲局二〇二三年政府信息公开年度报告") == ("2023",)
    assert years_in("甲局2022年、二零二三年、二○二Ｏ年年报") == ("2022", "2023", "2020")
    assert years_in("甲局年度报告2023") == ()


@pytest.mark.parametrize(
    "name",
    ["甲县人民政府", "甲街道办事处", "甲县政府办公室", "甲市公安局交警支队", "甲银行乙支行", "甲县中学校"],
)
def test_an_organ_is_known_by_its_end(name: str) -> None:
    assert ends_as_organ(name)


@pytest.mark.parametrize("name", ["甲县各单位自行", "甲县政府统一进行", "甲县", "甲县档案室", ""])
def test_other_ends_make_no_organ(name: str) -> None:
    assert not ends_as_organ(name)
