"""The labelled sentences say what they claim, and the measure counts as its page says."""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import combinations
from typing import Any

import pytest

import measure_truth
from measure_truth import (
    KINDS,
    TRUTH,
    Examiner,
    Item,
    Part,
    Score,
    Tally,
    is_of_figures,
    page,
    part_of,
    scored,
    with_text,
)
from reportgen.model.report import named_figures

PARTS = tuple(name for name in measure_truth.PARTS if (TRUTH / name).is_dir())
_LONGEST_CHANGE = 40


@cache
def part(name: str) -> Part:
    """A part of the corpus, read once."""
    return part_of(name)


@cache
def figures(name: str, report: str) -> dict[str, Any]:
    """The figures of a report of the corpus, under the clerk's names, with its 信息处理费."""
    read = Examiner(part(name)).sound(report).report
    assert read is not None
    taken = part(name).reports[report].get("信息处理费", {})
    return {**named_figures(read.form, read.cells), "信息处理费": taken}


def told(names: dict[str, Any], claim: str, figure: Decimal) -> Decimal:
    """The figure at a cell path, or of paths with ``+`` and ``-``; with ``/`` between two sums, their share.

    A share is in per cent, with as many decimals as the figure that is claimed.
    """
    part, _, whole = claim.partition(" / ")
    if not whole:
        return added(names, part)
    share = 100 * added(names, part) / added(names, whole)
    return share.quantize(figure, ROUND_HALF_UP)


def added(names: dict[str, Any], paths: str) -> Decimal:
    """The sum or difference of the figures at cell paths."""
    total = Decimal(0)
    for sign, path in re.findall(r"(?:^|([+-]))\s*([^\s+-]+)", paths):
        total += (-1 if sign == "-" else 1) * at(names, path)
    return total


def at(names: dict[str, Any], path: str) -> Decimal:
    """The figure at a cell path; 法人或其他组织, which heads five columns, is what 自然人 leaves of 总计."""
    row, _, column = path.rpartition(".")
    if column == "法人或其他组织":
        return at(names, f"{row}.总计") - at(names, f"{row}.自然人")
    value: Any = names
    for step in path.split("."):
        value = value[step]
    return Decimal(str(value))


def change(text: str, wrong: str) -> tuple[str, str]:
    """What differs between two texts, without what they have in common before and behind."""
    while text and wrong and text[0] == wrong[0]:
        text, wrong = text[1:], wrong[1:]
    while text and wrong and text[-1] == wrong[-1]:
        text, wrong = text[:-1], wrong[:-1]
    return text, wrong


@pytest.mark.parametrize("name", PARTS)
def test_every_report_of_the_corpus_is_sound(name: str) -> None:
    examiner = Examiner(part(name))
    for report in part(name).reports:
        told = measure_truth.alarms(examiner.sound(report))
        assert not told, (report, told)


@pytest.mark.parametrize("name", PARTS)
def test_what_a_sentence_claims_is_what_its_report_says(name: str) -> None:
    assert part(name).items
    for item in part(name).items:
        for claim, claimed in item.claims.items():
            figure = Decimal(str(claimed))
            assert told(figures(name, item.report), claim, figure) == figure, (item.name, claim)


@pytest.mark.parametrize("name", PARTS)
def test_a_wrong_text_is_wrong_in_one_place(name: str) -> None:
    for item in part(name).items:
        for wrong in item.wrong:
            before, after = change(item.text, wrong)
            assert before or after, item.name
            assert max(len(before), len(after)) <= _LONGEST_CHANGE, (item.name, before, after)


@pytest.mark.parametrize("name", PARTS)
def test_every_item_is_of_a_known_kind_and_a_trap_claims_nothing(name: str) -> None:
    for item in part(name).items:
        assert item.kind in KINDS, item.name
        assert item.report in part(name).reports, item.name
        assert item.kind != "trap" or not (item.claims or item.wrong), item.name


@pytest.mark.parametrize("name", PARTS)
def test_no_text_of_a_part_stands_twice_at_one_report(name: str) -> None:
    texts = [(item.report, text) for item in part(name).items for text in (item.text, *item.wrong)]
    assert len(texts) == len(set(texts)), sorted(each for each in set(texts) if texts.count(each) > 1)


def test_no_text_stands_in_two_parts() -> None:
    texts = [{text for item in part(name).items for text in (item.text, *item.wrong)} for name in PARTS]
    assert not [one & other for one, other in combinations(texts, 2) if one & other]


def test_the_tuning_part_has_many_items_of_every_kind() -> None:
    kinds = [item.kind for item in part("tuning").items]
    assert len(kinds) >= 480
    assert kinds.count("trap") >= 90
    assert all(kinds.count(kind) >= 5 for kind in KINDS)
    assert sum(bool(item.wrong) for item in part("tuning").items) >= len(kinds) / 2


def test_the_second_part_has_reports_of_all_levels_in_both_forms() -> None:
    read = [Examiner(part("second")).sound(report).report for report in part("second").reports]
    assert {each.organ.level for each in read if each} == set(read[0].form.levels if read[0] else ())
    assert {each.form.id for each in read if each} == {"2019", "2021"}


def test_the_third_part_has_towns_to_cities_in_both_forms_and_enough_of_everything() -> None:
    third = part("third")
    read = [Examiner(third).sound(report).report for report in third.reports]
    levels = {each.organ.level for each in read if each}
    assert levels >= {"乡镇政府", "街道办事处", "县级部门", "县级政府", "市级部门", "市级政府"}
    assert {each.form.id for each in read if each} == {"2019", "2021"}
    kinds = [item.kind for item in third.items]
    assert len(kinds) - kinds.count("trap") >= 300
    assert kinds.count("trap") >= 60
    changes = [is_of_figures(item.text, wrong) for item in third.items for wrong in item.wrong]
    assert changes.count(True) >= 330
    assert changes.count(False) >= 100


@pytest.mark.parametrize(("name", "figures"), [("fourth", 340), ("fifth", 330)])
def test_a_blind_part_has_all_levels_and_most_of_what_reports_say_most(name: str, figures: int) -> None:
    blind = part(name)
    read = [Examiner(blind).sound(report).report for report in blind.reports]
    assert {each.organ.level for each in read if each} == set(read[0].form.levels if read[0] else ())
    assert {each.form.id for each in read if each} == {"2019", "2021"}
    kinds = Counter(item.kind for item in blind.items)
    assert kinds.total() - kinds["trap"] >= 320
    assert kinds["trap"] >= 70
    assert min(kinds["received"], kinds["dispute"], kinds["negation"]) > max(kinds["rate"], kinds["change"])
    changes = [is_of_figures(item.text, wrong) for item in blind.items for wrong in item.wrong]
    assert changes.count(True) >= figures
    assert changes.count(False) >= 120


@pytest.mark.parametrize(
    ("text", "wrong", "of_figures"),
    [
        ("收到申请8件。", "收到申请18件。", True),
        ("收到申请八件。", "收到申请九件。", True),
        ("占比33.3%。", "占比35%。", True),
        ("未收到申请。", "收到申请3件。", False),
        ("均获维持。", "均被纠正。", False),
        ("8件均已答复。", "8件未答复。", False),
    ],
)
def test_a_wrong_number_is_told_from_wrong_words(text: str, wrong: str, *, of_figures: bool) -> None:
    assert is_of_figures(text, wrong) is of_figures


def item(text: str, *wrong: str, kind: str = "received") -> Item:
    """A text for the report of 柏渡镇, which received eight."""
    return Item("made 1", text, "柏渡镇", kind, {}, wrong, "总体情况")


def test_a_text_comes_last_in_the_prose_that_it_belongs_to() -> None:
    eight = item("收到申请8件。")
    aspects = {"总体情况": {"依申请公开": "先前的话。\n", "主动公开": "别的话。"}}
    assert with_text(aspects, eight, eight.text)["总体情况"] == {
        "依申请公开": "先前的话。\n\n收到申请8件。",
        "主动公开": "别的话。",
    }
    assert with_text({"总体情况": "先前的话。"}, eight, eight.text) == {
        "总体情况": "先前的话。\n\n收到申请8件。"
    }
    assert with_text({}, eight, eight.text) == {"总体情况": {"依申请公开": "收到申请8件。"}}
    elsewhere = eight._replace(where="存在问题")
    assert with_text({"存在问题": "先前的话。"}, elsewhere, "后来的话。") == {
        "存在问题": "先前的话。\n\n后来的话。"
    }


def counted(*items: Item) -> Score:
    """The score of these items."""
    return scored(part("tuning"), items)


def test_a_right_sentence_that_is_let_pass_and_a_wrong_one_that_is_found_are_counted() -> None:
    score = counted(item("全年收到政府信息公开申请8件。", "全年收到政府信息公开申请5件。"))
    assert (score.whole.right, score.whole.errors, score.whole.warnings) == (1, 0, 0)
    assert (score.whole.asked(True), score.whole.seen(True)) == (1, 1)
    assert not score.false
    assert not score.missed


def test_an_alarm_at_a_text_called_right_is_false() -> None:
    score = counted(item("全年收到政府信息公开申请5件。", kind="trap"))
    assert score.kinds["trap"].errors == 1
    assert "N01" in score.false[0]


def test_a_text_called_wrong_without_a_finding_of_its_own_is_missed() -> None:
    score = counted(item("今天天气3度。", "今天天气4度。"))
    assert (score.whole.asked(True), score.whole.seen(True)) == (1, 0)
    assert score.missed == ["[made 1] 柏渡镇：今天天气4度。"]


def test_what_was_said_of_the_right_text_already_is_no_catch() -> None:
    score = counted(item("全年收到政府信息公开申请5件，天气3度。", "全年收到政府信息公开申请5件，天气4度。"))
    assert score.whole.seen(True) == 0


def test_a_part_measured_anew_leaves_the_other_part_of_the_page_as_it_was() -> None:
    first = page("", "set_apart", Score({"received": Tally(right=1)}))
    both = page(first, "tuning", Score({"received": Tally(right=777)}))
    assert "正确的句子 1 条" in both
    assert "正确的句子 777 条" in both
    again = page(both, "tuning", Score({"received": Tally(right=888)}))
    assert "正确的句子 1 条" in again
    assert "777" not in again


def test_the_page_keeps_the_first_score_of_a_part_beside_the_one_of_now() -> None:
    now = page("", "second", Score({"received": Tally(right=777)}))
    assert "误报 7 条（报了错误的 5 条）；数写错的发现 86.3%，说法写错的发现 77.9%" in now
    assert "已经看过" in now
    assert "正确的句子 777 条" in now
    assert "没有人看过这些句子时量的成绩" not in page("", "tuning", Score({"received": Tally(right=1)}))
