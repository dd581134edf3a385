"""Roll-ups: which reports count, what they add up to, and what a cell and a finding say of their units."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import gathered as supplies_of_repository
from reportgen import clerk_file
from reportgen.examining import examine
from reportgen.model.form import CellKey
from reportgen.model.nodes import Mapping
from reportgen.model.report import Report
from reportgen.model.units import Expected, Unit, Units, Why
from reportgen.pipeline import Material, Outcome
from reportgen.rollup import (
    About,
    Asked,
    NoSuchCell,
    cells_named,
    drafted,
    gathered,
    parts_told,
    renewed,
    roster_of,
    roster_of_rows,
    with_units,
)
from reportgen.sources.yaml import read as read_yaml
from rollups import FORM, broken, completed, rolled_up, text, unit, units_of

NEW = CellKey("new", "total")
TOWN, OFFICE, FINANCE = "甲县乙镇人民政府", "甲县公安局", "甲县财政局"
ABOUT = About("甲县人民政府", "县级政府")


def names(units: Units) -> list[str]:
    """The units that count."""
    return [each.identity for each in units.counted]


def reasons(units: Units) -> dict[str, Why]:
    """Why each file that does not count does not."""
    return {left.unit.file: left.why for left in units.left}


def judged(units: Units, about: About = ABOUT, more: str = "") -> Outcome:
    """The file of a roll-up, read and judged."""
    content = clerk_file.write(drafted(units, about), units.form) + more
    return examine(Material("汇总.yaml", content.encode()), replace(supplies_of_repository(), units=units))


def report_of(outcome: Outcome) -> Report:
    """The report that was read."""
    assert outcome.report is not None
    return outcome.report


# ── what counts ──────────────────────────────────────────────────────────────────────────────────────


def test_every_cell_is_the_sum_of_the_units() -> None:
    units = units_of([text(TOWN, 10, 8, permits=5), text(OFFICE, 7, permits=2)])
    report = report_of(judged(units))
    assert report.values == dict(units.totals)
    assert report.value(*NEW) == 17
    assert report.value("permits", "decisions") == 7
    assert (report.organ.scope, report.units) == ("汇总", (TOWN, OFFICE))


def test_amounts_are_added_exactly() -> None:
    fee = "主动公开:\n  行政事业性收费: {}\n"
    texts = [
        text(name).replace("主动公开:\n  行政许可: 0\n", fee.format(amount))
        for name, amount in ((TOWN, "0.10"), (OFFICE, "0.20"))
    ]
    assert report_of(judged(units_of(texts))).cells[CellKey("fees", "amount")].text == "0.3"


def test_pieces_and_amounts_of_information_fees_are_added() -> None:
    more = "信息处理费: {件数: 2, 金额: 31.5}\n"
    content = text(TOWN, more=more).replace("其他事项: 没有其他需要报告的事项。\n", "")
    report = report_of(judged(units_of([content, text(OFFICE)])))
    assert report.fees == (2, Decimal("31.5"))


def test_a_unit_with_errors_is_left_out_and_named() -> None:
    units = units_of([text(TOWN, 10), broken(OFFICE)])
    assert names(units) == [TOWN]
    assert reasons(units) == {"2.yaml": Why.FAILING}
    assert units.lacking == (OFFICE,)
    outcome = judged(units)
    assert report_of(outcome).lacking == (OFFICE,)
    assert any(each.code == "G04" and OFFICE in each.message for each in outcome.findings)


def test_a_unit_with_errors_counts_where_that_is_asked_for() -> None:
    units = units_of([text(TOWN, 10), broken(OFFICE)], with_errors=True)
    assert units.totals[NEW] == 19
    assert units.lacking == ()


def test_a_fault_of_the_sum_names_the_unit_that_has_it() -> None:
    units = units_of([text(TOWN, 10), broken(OFFICE)], with_errors=True)
    findings = with_units(judged(units).findings, units)
    [finding] = [each for each in findings if each.code == "T3-01"]
    assert finding.fix.endswith(f"各单位中有同样问题的：{OFFICE}。")


def test_a_changed_sum_names_the_units_that_it_comes_from() -> None:
    units = units_of([text(TOWN, permits=5), text(OFFICE, permits=2)])
    content = clerk_file.write(drafted(units, ABOUT), FORM).replace("行政许可: 7", "行政许可: 8")
    material = Material("汇总.yaml", content.encode())
    outcome = examine(material, replace(supplies_of_repository(), units=units))
    [finding] = [each for each in with_units(outcome.findings, units) if each.code == "G01"]
    assert (finding.expected, finding.found) == ("5 + 2 = 7", "8")
    assert f"来自：{TOWN} 5、{OFFICE} 2。" in finding.fix


def test_reports_of_another_year_are_left_out() -> None:
    other = text(OFFICE, 5).replace("年度: 2023", "年度: 2022").replace("2024-01-18", "2023-01-18")
    units = units_of([text(TOWN, 10), other])
    assert names(units) == [TOWN]
    assert reasons(units) == {"2.yaml": Why.OTHER_YEAR}


def test_of_equal_reports_of_a_unit_one_counts() -> None:
    units = units_of([text(TOWN, 10), text(TOWN, 10)])
    assert units.totals[NEW] == 10
    assert reasons(units) == {"2.yaml": Why.SAME}


def test_of_different_reports_of_a_unit_none_counts() -> None:
    units = units_of([text(TOWN, 10), text(TOWN, 11), text(OFFICE, 1)])
    assert names(units) == [OFFICE]
    assert units.lacking == (TOWN,)


# ── levels of roll-ups ───────────────────────────────────────────────────────────────────────────────


def test_a_unit_within_a_roll_up_is_not_counted_again() -> None:
    town, office = unit(text(TOWN, 10), "镇.yaml"), unit(text(OFFICE, 7), "局.yaml")
    county = rolled_up([town, office], "甲县人民政府")
    units = gathered([county, town, office, unit(text("丙市财政局", 1))], Asked(FORM, 2023))
    assert units.totals[NEW] == 18
    assert names(units) == ["丙市财政局", "甲县人民政府（汇总）"]
    assert set(reasons(units).values()) == {Why.COVERED}


def test_a_roll_up_of_roll_ups_knows_the_lowest_units() -> None:
    county = rolled_up([unit(text(TOWN, 10)), unit(text(OFFICE, 7))], "甲县人民政府")
    city = rolled_up([county, unit(text("丙市财政局", 1))], "丙市人民政府")
    assert {TOWN, OFFICE, "甲县人民政府（汇总）", "丙市财政局"} <= set(city.listed)
    units = gathered([city, county, unit(text(TOWN, 10))], Asked(FORM, 2023))
    assert names(units) == ["丙市人民政府（汇总）"]


def test_the_own_report_of_an_organ_that_rolls_up_is_another_than_its_roll_up() -> None:
    own = unit(text("甲县人民政府", 3).replace("县级部门", "县级政府"))
    county = rolled_up([own, unit(text(TOWN, 10))], "甲县人民政府")
    assert (own.identity, county.identity) == ("甲县人民政府", "甲县人民政府（汇总）")
    assert gathered([own, county], Asked(FORM, 2023)).totals[NEW] == 13


def test_roll_ups_that_share_a_unit_are_both_left_out() -> None:
    town = unit(text(TOWN, 10))
    one, other = rolled_up([town], "甲县人民政府", "甲.yaml"), rolled_up([town], "丙县人民政府", "丙.yaml")
    units = gathered([one, other], Asked(FORM, 2023))
    assert (names(units), set(reasons(units).values())) == ([], {Why.CLASHING})


def test_roll_ups_that_claim_to_be_within_each_other_clash() -> None:
    one = replace(
        rolled_up([unit(text(TOWN, 1))], "甲县人民政府", "甲.yaml"), listed=("丙县人民政府（汇总）",)
    )
    other = replace(one, name="丙县人民政府", file="丙.yaml", listed=("甲县人民政府（汇总）",))
    assert set(reasons(gathered([one, other], Asked(FORM, 2023))).values()) == {Why.CLASHING}


def test_a_roll_up_that_lacks_units_makes_the_one_above_lack_them() -> None:
    county = replace(rolled_up([unit(text(TOWN, 1))], "甲县人民政府"), lacking=(OFFICE,))
    units = gathered([county], Asked(FORM, 2023))
    assert units.lacking == (OFFICE,)
    assert any(each.code == "G02" and OFFICE in each.message for each in judged(units).findings)


def test_a_roll_up_that_does_not_name_its_units_is_a_warning() -> None:
    county = replace(rolled_up([unit(text(TOWN, 1))], "甲县人民政府"), listed=())
    own = unit(text("甲县人民政府", 3).replace("县级部门", "县级政府"))
    units = gathered([county, own], Asked(FORM, 2023))
    assert units.totals[NEW] == 1
    assert names(units) == ["甲县人民政府（汇总）"]
    assert any("没有写明汇总了哪些单位" in each.message for each in judged(units).findings)


def test_an_earlier_roll_up_of_the_same_organ_is_no_unit_of_it() -> None:
    town = unit(text(TOWN, 10), "镇.yaml")
    before = rolled_up([town], "甲县人民政府", "旧.yaml")
    units = gathered([town, before], Asked(FORM, 2023, organ="甲县人民政府"))
    assert (names(units), reasons(units)) == ([TOWN], {"旧.yaml": Why.ITSELF})
    assert not [each for each in judged(units).findings if each.code[0] == "G" and each.is_error]


def test_nothing_that_counts_is_an_error() -> None:
    units = units_of([text(TOWN, 10)], year=2024)
    assert any(each.message == "没有一个单位计入。" for each in judged(units).findings)


def test_a_name_with_signs_of_prose_is_no_quote() -> None:
    outcome = judged(units_of([text(TOWN, 10), text("{{ 申请 }}**局", 7)], with_errors=True))
    assert "〔〔 申请 〕〕＊＊局7件" in report_of(outcome).words
    assert [each for each in outcome.findings if each.code in ("F20", "F21", "F22")] == []


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────

_VALUES = st.lists(st.integers(0, 50), min_size=len(FORM.index), max_size=len(FORM.index))
_UNITS = st.lists(_VALUES, min_size=1, max_size=6).map(
    lambda several: [
        Unit(f"甲县第{number}局", f"{number}.yaml", 2023, tuple(map(Decimal, values)))
        for number, values in enumerate(several)
    ]
)


@given(_UNITS, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_does_not_matter(units: list[Unit], random: Random) -> None:
    shuffled = list(units)
    random.shuffle(shuffled)
    one, other = gathered(units, Asked(FORM, 2023)), gathered(shuffled, Asked(FORM, 2023))
    assert one == other
    assert one.totals == other.totals


@given(_UNITS, st.lists(st.integers(0, 2), min_size=6, max_size=6))
@settings(max_examples=15)
def test_the_grouping_does_not_matter(units: list[Unit], groups: list[int]) -> None:
    several = [[unit for unit, at in zip(units, groups, strict=False) if at == group] for group in range(3)]
    above = [rolled_up(each, f"甲县第{at}办公室", f"{at}.yaml") for at, each in enumerate(several) if each]
    whole, parts = gathered(units, Asked(FORM, 2023)), gathered(above, Asked(FORM, 2023, with_errors=True))
    assert parts.totals == whole.totals
    assert {unit.identity for unit in units} <= set(parts.covered)


@given(_UNITS)
@settings(max_examples=40)
def test_the_parts_of_every_cell_add_up_to_it(several: list[Unit]) -> None:
    units = gathered(several, Asked(FORM, 2023))
    for key, total in units.totals.items():
        assert sum(number for _, number in units.parts(key)) == total


# ── what follows from the parts in words ─────────────────────────────────────────────────────────────


def prose(units: Units, about: About = ABOUT) -> str:
    """The sentences of chapter one."""
    return report_of(judged(units, about)).words


def test_the_sentences_name_the_units_and_have_no_fault() -> None:
    units = units_of([text(TOWN, 10, 8), text(OFFICE, 7), text(FINANCE, 3)])
    outcome = judged(units)
    words = report_of(outcome).words
    assert "甲县共收到政府信息公开申请20件（" in words
    assert all(f"{name}{count}件" in words for name, count in ((TOWN, 10), (OFFICE, 7), (FINANCE, 3)))
    assert "上年结转0件，本年办结18件，结转下年度继续办理2件。" in words
    assert [each for each in outcome.findings if each.code[0] in "NG"] == []


def test_of_many_units_the_ten_largest_are_named() -> None:
    units = units_of([text(f"甲县第{number}局", number) for number in range(1, 23)])
    outcome = judged(units)
    words = report_of(outcome).words
    assert "（甲县第22局22件、甲县第21局21件、" in words
    assert "甲县第13局13件等）" in words
    assert [each for each in outcome.findings if each.code[0] in "NG"] == []


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (8, "，比上年增加2件，增长25%。"),
        (12, "，比上年减少2件，下降16.7%。"),
        (10, "，与上年持平。"),
        (0, "，比上年增加10件。"),
    ],
)
def test_the_change_against_last_year_is_told_exactly(before: int, said: str) -> None:
    content = text(TOWN, before).replace("年度: 2023", "年度: 2022").replace("2024-01-18", "2023-01-18")
    last = examine(Material("去年.yaml", content.encode()), supplies_of_repository()).report
    about = replace(ABOUT, last=last)
    assert said in prose(units_of([text(TOWN, 10)]), about)


def test_data_of_the_organ_come_from_last_years_roll_up() -> None:
    more = "简称: 甲县\n邮箱: xxgk@example.gov.cn\n依据: [《某省政府信息公开办法》]\n"
    last = examine(
        Material("去年.yaml", (text(TOWN, 1, more=more)).encode()), supplies_of_repository()
    ).report
    report = report_of(judged(units_of([text(TOWN, 10)]), replace(ABOUT, last=last)))
    assert (report.organ.short, report.contact.mail) == ("甲县", "xxgk@example.gov.cn")
    assert report.contact.url == "http://www.example.gov.cn"
    assert report.laws == ("《某省政府信息公开办法》",)


def test_new_figures_leave_the_words_of_a_file_as_they_are() -> None:
    before = clerk_file.write(drafted(units_of([text(TOWN, 10)]), ABOUT), FORM)
    node, _ = read_yaml(completed(before).encode(), "汇总.yaml", (FORM,))
    assert node is not None
    units = units_of([text(TOWN, 10), text(OFFICE, 4)])
    after = clerk_file.write(renewed(node, units, ABOUT), FORM)
    assert "公开方式比较单一。" in after
    assert "成文日期: 2024-03-01" in after
    assert "本年新收: {自然人: 14}" in after
    assert f"- {OFFICE}" in after


def test_new_figures_come_with_the_list_of_the_units_and_the_change_that_were_written_before() -> None:
    last = replace(report_of(judged(units_of([text(TOWN, 10)]))), year=2022)
    two, three = [text(TOWN, 10), text(OFFICE, 4)], [text(TOWN, 12), text(OFFICE, 4), text("甲县丙局", 5)]
    before = clerk_file.write(drafted(units_of(two), replace(ABOUT, last=last)), FORM)
    assert f"件（{TOWN}10件、{OFFICE}4件），比上年增加4件，增长40%。" in before
    own = completed(before.replace("。上年结转", "。各单位用心办理。上年结转"))
    node, _ = read_yaml(own.encode(), "汇总.yaml", (FORM,))
    assert node is not None
    after = clerk_file.write(renewed(node, units_of(three), replace(ABOUT, last=last)), FORM)
    assert f"（甲县丙局5件、{TOWN}12件、{OFFICE}4件），比上年增加11件，增长110%。各单位用心办理。" in after
    own = own.replace(f"{OFFICE}4件）", f"{OFFICE}4件，均已答复）")
    node, _ = read_yaml(own.encode(), "汇总.yaml", (FORM,))
    assert node is not None
    assert "均已答复），比上年增加4件" in clerk_file.write(renewed(node, units_of(three), ABOUT), FORM)


# ── cells by name ────────────────────────────────────────────────────────────────────────────────────


def test_a_cell_tells_its_parts() -> None:
    units = units_of([text(TOWN, 10), text(OFFICE, 7), text(FINANCE)])
    told = list(parts_told(units, cells_named(FORM, "申请.本年新收.总计")))
    assert told[0] == "申请·本年新收·总计：17 件，来自 2 个单位"
    assert f"  10  {TOWN}  1.yaml" in told
    assert told[-1] == "  另外 1 个单位是 0"


def test_under_a_roll_up_its_units_are_told() -> None:
    town = unit(text(TOWN, 10), "镇.yaml")
    units = gathered([rolled_up([town], "甲县人民政府"), town], Asked(FORM, 2023))
    told = "\n".join(parts_told(units, cells_named(FORM, "申请·本年新收·总计")))
    assert f"其中 10  {TOWN}  镇.yaml" in told


def test_a_group_of_rows_has_a_cell_of_each() -> None:
    assert len(cells_named(FORM, "申请.不予公开.总计")) == 8


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("申请.本年新受.总计", "是不是“申请.本年新收.总计”？"),
        ("申请", "写成“表.行.列”"),
        ("", "写成“表.行.列”"),
    ],
)
def test_a_name_of_no_cell_gets_advice(typed: str, said: str) -> None:
    with pytest.raises(NoSuchCell, match=said):
        cells_named(FORM, typed)


# ── the roster ───────────────────────────────────────────────────────────────────────────────────────


def roster(content: str) -> tuple[tuple[Expected, ...], list[str]]:
    """The roster of a YAML text, and the codes of its faults."""
    node, slips = read_yaml(content.encode(), "名单.yaml", (FORM,))
    assert isinstance(node, Mapping)
    units, faults = roster_of(node)
    return units, [each.code for each in (*slips, *faults)]


def test_a_roster_has_names_and_last_days() -> None:
    units, faults = roster(f"截止: 2024-01-20\n单位:\n- {TOWN}\n- {{机关: {OFFICE}, 截止: 2024年1月25日}}\n")
    assert faults == []
    assert units == (Expected(TOWN, date(2024, 1, 20)), Expected(OFFICE, date(2024, 1, 25)))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"单位: {TOWN}\n", "F12"),
        ("单位: []\n", "F10"),
        (f"单位:\n- {TOWN}\n- {TOWN}\n", "F08"),
        (f"截止: 一月底\n单位:\n- {TOWN}\n", "F16"),
        (f"截止: 2024-02-30\n单位:\n- {TOWN}\n", "F16"),
        (f"期限: 2024-01-20\n单位:\n- {TOWN}\n", "F11"),
        ("单位:\n- {截止: 2024-01-20}\n", "F12"),
    ],
)
def test_each_fault_of_a_roster_is_told(content: str, code: str) -> None:
    assert code in roster(content)[1]


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["2023年度报送名单"],
            ["序号", "单位名称", "截止日期"],
            ["1", TOWN, "2024-01-20"],
            ["2", OFFICE, ""],
        ],
        [["单位", "截止"], [TOWN, "2024/1/20"], ["", ""], [f" {OFFICE} "]],
    ],
)
def test_a_roster_is_read_from_the_rows_of_a_sheet(rows: list[list[str]]) -> None:
    units, faults = roster_of_rows(rows, "名单.xlsx")
    assert (units, faults) == ((Expected(TOWN, date(2024, 1, 20)), Expected(OFFICE)), ())


def test_without_a_head_the_first_column_has_the_names() -> None:
    units, _ = roster_of_rows([[TOWN, "甲"], [OFFICE, "乙"]], "名单.xlsx")
    assert [each.name for each in units] == [TOWN, OFFICE]


def test_half_width_brackets_mean_a_roll_up_too() -> None:
    units, _ = roster_of_rows([["甲县人民政府(汇总)"]], "名单.xlsx")
    assert units[0].name == "甲县人民政府（汇总）"


def test_missing_unexpected_and_late_units_are_told() -> None:
    due = date(2024, 1, 10)
    units = units_of([text(TOWN, 1), text(FINANCE, 1)], (Expected(OFFICE, due), Expected(TOWN, due)))
    assert [each.name for each in units.missing] == [OFFICE]
    assert reasons(units) == {"2.yaml": Why.UNEXPECTED}
    assert [each.name for each, _ in units.late] == [TOWN]
    said = [each.message for each in judged(units).findings if each.code == "G02"]
    assert any("晚于截止日期 2024-01-10" in each for each in said)
    assert any(f"缺 {OFFICE} 的年报（截止 2024-01-10）" in each for each in said)


def test_units_come_in_the_order_of_the_roster() -> None:
    units = units_of([text(TOWN), text(OFFICE)], (Expected(TOWN), Expected(OFFICE)))
    assert names(units) == [TOWN, OFFICE]
