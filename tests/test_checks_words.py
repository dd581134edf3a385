"""Rules of words against texts that nobody foresaw, and the names of organs as offices shorten them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rule_cases
from reportgen.checks import Context, check_report, rules_for
from reportgen.checks.changes import GRAM, shingles
from reportgen.checks.naming import is_own, of_other_place
from reportgen.checks.privacy import contacts_and_privacy
from reportgen.model.report import Contact, Organ
from rule_cases import FOLDER, report_of

BASE = report_of((FOLDER / "base" / "2021.yaml").read_text(encoding="utf-8"))

_WORDS = (
    "由 编制 请与 联系 人民政府 镇 县 市 区 街道 局 2022年 2023年 ， 。 ； 、 共收到 3件 六个部分 总体情况",
    "申请 问题 其他 国办公开办函〔2021〕30号 〔 〕 格式 身份证 13812345678 11010519491231002X",
    "http:// www. .gov.cn ： 贵办 报告如下 特此 考核 评议 ( ) + - 转 6222020000000000000",
)
_PIECES = st.sampled_from([piece for line in _WORDS for piece in line.split()])
_SIGNS = st.characters(exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
_TEXTS = st.lists(st.one_of(_PIECES, st.text(_SIGNS, max_size=5)), max_size=25).map("".join)


@settings(max_examples=60)
@given(text=_TEXTS, title=_TEXTS, phone=_TEXTS)
def test_no_text_makes_a_rule_crash(text: str, title: str, phone: str) -> None:
    told = text.replace("\n", " ").replace("\r", " ").replace("{", "")
    node = rule_cases.written({"前言": told, "总体情况": told, "存在问题": told, "其他事项": told})
    kept = (FOLDER / "base" / "2019.yaml").read_text(encoding="utf-8").split("总体情况:")
    tables = kept[1][kept[1].index("主动公开:\n  规范性文件") : kept[1].index("存在问题:")]
    try:
        report = report_of(f"{kept[0]}{node}{tables}")
    except rule_cases.WrongCase:
        return
    odd = replace(report, title=(title,), contact=Contact(phone=phone, mail=title, url=text))
    context = Context(last=replace(odd, year=2019), strict=True, words=(text, title))
    known = {rule.code for rule in rules_for(odd.form)}
    assert {finding.code for finding in check_report(odd, context)} <= known


@pytest.mark.parametrize(
    ("organ", "short", "name"),
    [
        ("莱阳市穴坊镇人民政府", "穴坊镇", "穴坊镇党政办公室"),
        ("莱阳市穴坊镇人民政府", "穴坊镇", "我镇"),
        ("沭阳县发展和改革局", "县发改局", "沭阳县发改局"),
        ("沭阳县发展和改革局", "县发改局", "县发展和改革局办公室"),
        ("宿迁市人民政府", "宿迁市", "宿迁市政府办公室"),
        ("国家税务总局沭阳县税务局", "县税务局", "沭阳县税务局"),
    ],
)
def test_an_organ_is_known_by_its_shorter_names(organ: str, short: str, name: str) -> None:
    assert is_own(name, Organ(organ, short, "县级部门"))


@pytest.mark.parametrize(
    ("organ", "name", "other"),
    [
        ("莱阳市穴坊镇人民政府", "团旺镇人民政府", True),
        ("莱阳市穴坊镇人民政府", "莱阳市人民政府", False),
        ("莱阳市穴坊镇人民政府", "各乡镇", False),
        ("沭阳县发展和改革局", "泗阳县发展和改革局", True),
        ("沭阳县发展和改革局", "宿迁市发展和改革委员会", False),
        ("上海市浦东新区塘桥街道办事处", "潍坊新村街道办事处", True),
        ("国务院办公厅", "莱阳市", False),
    ],
)
def test_only_a_place_of_the_same_kind_is_another_place(organ: str, name: str, other: bool) -> None:
    assert of_other_place(name, Organ(organ, organ, "县级部门")) is other


@pytest.mark.parametrize(
    "phone",
    [
        "0535-7580196",
        "(0535)7580196",
        "0535 7580196",
        "7580196",
        "+86-535-7580196",
        "010-12345678转801",
        "0535-7580196 7580197",
        "0535-7580196（工作日8:30-17:30）",
        "12345",
        "0535-12345",
        "400-123-4567",
    ],
)
def test_a_phone_may_be_written_in_many_ways(phone: str) -> None:
    report = replace(BASE, contact=Contact(phone=phone))
    assert list(contacts_and_privacy.check(report, Context())) == []


def test_figures_and_signs_do_not_count_when_texts_are_compared() -> None:
    assert shingles("全年公开信息312条，收到申请3件。") == shingles("全年公开信息 9 条；收到申请 18 件")
    assert {len(each) for each in shingles("全年公开信息")} == {GRAM}
    assert shingles("公开") == frozenset()
