"""The checker is quiet about what is right and sees what is wrong; the full measure writes a page."""

import re
from decimal import Decimal
from functools import cache

import pytest

import measure_checker
from generating.changes import Change
from generating.coverage import SELDOM, Counts, measured
from generating.due import DUE, due
from generating.made import YEARS, Made, made
from generating.numerals import WAYS, chinese, rewritten, value_of
from generating.reasons import REASONS, SUBJECTS
from generating.state import state_of
from made import gathered
from reportgen.checks import rules_for
from reportgen.model.form import form_for, forms_of

REPORTS = 120
CHANGES = 4


@cache
def counts() -> Counts:
    """A small share of the full measure, other reports than its own."""
    return measured(range(5_000, 5_000 + REPORTS), CHANGES, gathered().forms)


@pytest.mark.slow
def test_consistent_reports_give_no_error_and_no_warning() -> None:
    assert counts().reports == REPORTS
    assert not counts().false, "\n".join(counts().false)


@pytest.mark.slow
def test_every_changed_figure_is_caught_unless_no_rule_can_know() -> None:
    assert not counts().missed, "\n".join(counts().missed)
    assert counts().changes.total() == REPORTS * CHANGES
    assert counts().caught.total() > REPORTS * CHANGES * 0.6
    assert counts().caught.keys() - counts().changes.keys() == set()


@pytest.mark.slow
def test_every_rule_finds_what_it_ought_to_find() -> None:
    assert not counts().silent, "\n".join(counts().silent)
    assert counts().due == counts().rules
    assert counts().due["T3-01"] > REPORTS * CHANGES * 0.1
    assert 0 < counts().seldom <= REPORTS * SELDOM


def changing(report: Made, name: str, more: int) -> Change:
    """A cell of the report with so much more in it."""
    spot = next(each for each in report.spots if each.is_cell and each.name == name)
    old = Decimal(spot.written)
    return Change(spot, old, old + more, "")


def test_what_is_typed_gives_every_figure_of_the_report() -> None:
    for seed in range(40):
        report = made(seed, gathered().forms)
        assert state_of(report).values == report.facts.values


def test_what_ought_to_be_found_is_reckoned_from_the_figures() -> None:
    report = made(3, gathered().forms)
    cell = next(each.name for each in report.spots if each.is_cell and each.name.startswith("open."))
    found = due(report, changing(report, cell, 1))
    assert found & {"T3-01", "T3-02"}
    assert "T4-01" not in found
    assert "C03" in due(report, changing(report, cell, -(10**9)))
    assert not due(report, changing(report, cell, 0))


def test_a_consistent_report_has_nothing_that_an_exact_rule_ought_to_find() -> None:
    asking = {"T2-10", "T3-06", "T3-09", "T4-03"}
    for seed in range(60):
        state = state_of(made(seed, gathered().forms))
        assert [code for code in DUE.keys() - asking if list(DUE[code](state))] == []


@pytest.mark.slow
def test_every_single_figure_of_table_three_is_caught() -> None:
    for subject in ("requests", "requests total", "disputes total"):
        assert counts().caught[subject] == counts().changes[subject]


def test_the_page_names_every_subject_and_reason_that_was_counted() -> None:
    assert set(counts().changes) <= SUBJECTS.keys()
    assert {reason for _, reason in counts().reasons} <= REASONS.keys()
    page = measure_checker.page(counts(), gathered().forms)
    assert "| T3-01 |" in page
    assert SUBJECTS["requests"] in page


def test_the_committed_page_is_of_the_full_measure_and_has_no_alarm_and_no_miss() -> None:
    page = measure_checker.PAGE.read_text(encoding="utf-8")
    assert f"{measure_checker.REPORTS} 份，误报的错误和提醒共 0 条" in page
    assert f"- 改动：{measure_checker.REPORTS * measure_checker.CHANGES} 处" in page
    assert "漏报 0 处" in page
    assert "没有发现的：" not in page


def test_the_committed_page_has_the_catch_rate_of_every_rule() -> None:
    page = measure_checker.PAGE.read_text(encoding="utf-8")
    rates = dict(re.findall(r"^\| (\S+) \| [^|]* \| [1-9]\d* \| \d+ \| (\S+)% \| \d+ \|$", page, re.M))
    assert rates == dict.fromkeys(DUE, "100.0")
    for form in forms_of(gathered().forms):
        assert all(f"| {rule.code} |" in page for rule in rules_for(form))


def test_the_same_seed_makes_the_same_report() -> None:
    assert made(7, gathered().forms) == made(7, gathered().forms)
    assert made(7, gathered().forms).text != made(8, gathered().forms).text


def test_reports_cover_every_level_every_year_and_both_forms() -> None:
    reports = [made(seed, gathered().forms) for seed in range(63)]
    assert len({(each.facts.seat.organ.level, each.facts.year) for each in reports}) == 63
    assert {each.facts.form.id for each in reports} == {form_for(year, gathered().forms).id for year in YEARS}


def test_marks_point_at_the_figures_and_are_gone_from_the_text() -> None:
    report = made(11, gathered().forms)
    assert all(report.text[spot.start : spot.end] == spot.written for spot in report.spots)
    assert not any("\ue000" <= sign <= "\ue0ff" for sign in report.text)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (2, "两"),
        (10, "十"),
        (12, "十二"),
        (105, "一百零五"),
        (3511, "三千五百一十一"),
        (20_030, "二万零三十"),
    ],
)
def test_numbers_are_written_as_officials_say_them(number: int, words: str) -> None:
    assert WAYS["chinese"](number) == words


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_in_any_way_can_be_read_and_rewritten(way: str) -> None:
    for number in (0, 2, 9, 10, 19, 20, 101, 110, 1_001, 2_345, 10_010, 54_321):
        written = WAYS[way](number)
        assert value_of(written) == number
        assert value_of(rewritten(written, 678)) == 678


def test_twelve_is_said_without_its_one() -> None:
    assert chinese(12) == "十二"
    assert chinese(112) == "一百一十二"
