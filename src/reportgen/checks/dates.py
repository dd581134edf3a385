"""The period that the report covers, and the day it was signed."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, place_at, rule
from reportgen.model.prose import Paragraph
from reportgen.model.report import Organ, Report
from reportgen.problems import Level

_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_DAY = r"(?<!\d)(?:(\d{4})\s*年度?[（(]?)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_PERIOD = re.compile(
    rf"{_DAY}(?:[^，。；至到\d]|0){{0,5}}?，?\s*(?:截?至|截?止|到|结?止于|—+|－+|-+|–|~|～)\s*(?:当年)?\s*{_DAY}"
)
_NAMED = re.compile(
    r"统计的?(?:期限|时限|期间|时间|周期|区间)(?:[^，。；]|，(?=\s*(?:截?至|到|截?止|止于)))*"
)
_FIRST_MONTH = re.compile("元(?=月)")


class _Period(NamedTuple):
    """Words that tell a period: where they stand in a paragraph."""

    number: int
    paragraph: Paragraph
    start: int
    words: str


@rule(
    "X06",
    Level.ERROR,
    title="统计期限不对",
    what="前言里的统计期限是本年度的 1 月 1 日至 12 月 31 日，年月日写全。",
    why="年度报告只报告一个自然年；期限不对，往往是上年的文字没有改。",
    basis="《条例》第五十条",
    fix="改成本年度的 1 月 1 日至 12 月 31 日。",
    in_yaml="也可以删去前言，由程序按规定写。",
    by_year=True,
)
def wrong_period(report: Report, _context: Context) -> Iterator[Fault]:
    """A period in the clerk's own preface that is not the year, or is not well-formed."""
    if not report.prose.get("preface"):
        return
    right = f"{report.year}年1月1日至{report.year}年12月31日"
    found = [period for each in _numbered(report) for period in _periods(*each)]
    for period in found:
        if not _covers(period.words, report.year):
            place = place_at(period.paragraph, period.start, len(period.words))
            message = f"统计期限不是 {report.year} 年全年，或者没有写全。"
            yield Fault(message, (f"preface.{period.number}",), right, period.words, places=(place,))
    if not found:
        yield Fault(
            "前言没有写统计期限。", ("preface",), right, level=Level.WARNING, fix="在前言里补上统计期限。"
        )


def _numbered(report: Report) -> Iterator[tuple[int, Paragraph]]:
    return enumerate(report.prose["preface"], 1)


def _periods(number: int, paragraph: Paragraph) -> Iterator[_Period]:
    """What a paragraph calls its period; any span of days where it names none."""
    text = _FIRST_MONTH.sub("1", paragraph.text.translate(_NARROW))
    named = [found for found in _NAMED.finditer(text) if re.search(r"\d", found[0])]
    for found in named or _PERIOD.finditer(text):
        digits = re.search(r"\d", found[0])
        skip = digits.start() if digits else 0
        yield _Period(number, paragraph, found.start() + skip, found[0][skip:])


def _covers(words: str, year: int) -> bool:
    """True if the words tell the whole year, day by day."""
    found = _PERIOD.search(words)
    if not found:
        return False
    first_year, *first, last_year, month, day = found.groups()
    days = [int(number) for number in (*first, month, day)]
    years = {first_year or "", last_year or first_year or ""}
    return years == {str(year)} and days == [1, 1, 12, 31]


@rule(
    "X16",
    Level.ERROR,
    title="成文日期不对",
    what="成文日期在统计期限之后（否则是错误）；部门、乡镇、街道不晚于次年 1 月 31 日，"
    "县级以上地方人民政府不晚于次年 3 月 31 日（否则是提醒）。",
    why="一年没有过完，就没有全年的数；逾期公布要承担责任。",
    basis="《条例》第四十九条",
    fix="核对成文日期，年份常常写错。确已逾期的，保留真实的日期，尽快公布。",
    by_year=True,
)
def wrong_date(report: Report, _context: Context) -> Iterator[Fault]:
    """A report dated before its period ended, or after the day it was due."""
    if report.date is None:
        return
    end, due = date(report.year, 12, 31), _due(report.organ, report.year)
    if report.date <= end:
        yield Fault(
            f"成文日期 {_told(report.date)} 早于统计期限的结束。",
            ("date",),
            f"{_told(end)}之后",
            _told(report.date),
        )
    elif report.date > due:
        yield Fault(
            f"成文日期 {_told(report.date)} 晚于规定的公布日期 {_told(due)}。",
            ("date",),
            f"不晚于 {_told(due)}",
            _told(report.date),
            level=Level.WARNING,
        )


def _due(organ: Organ, year: int) -> date:
    """The last day for publishing; townships follow the departments in practice.

    Source: 《条例》第四十九条.
    """
    if organ.is_government and organ.level != "乡镇政府":
        return date(year + 1, 3, 31)
    return date(year + 1, 1, 31)


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
