"""The period that the report covers, the day it was signed, and days in sentences that are none."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from reportgen.checks.contract import DROP_PREFACE, Context, Fault, paragraphs, place_at, rule
from reportgen.chinese.numerals import DIGITS, ONES, arabic, ordinal
from reportgen.chinese.organs import standing_of
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

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
    Ground.PROSE,
    title="统计期限不对",
    what="前言里的统计期限是本年度的 1 月 1 日至 12 月 31 日，年月日写全。",
    why="年度报告只报告一个自然年；期限不对，往往是上年的文字没有改。",
    basis="《条例》第五十条",
    fix="改成本年度的 1 月 1 日至 12 月 31 日。",
    in_file=DROP_PREFACE,
    by_year=True,
)
def wrong_period(report: Report, _context: Context) -> Iterator[Fault]:
    """A period in the clerk's own preface that is not the year, or is not well-formed."""
    if not (report.form.tables and report.form.due and report.prose.get("preface")):
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
    Ground.PLAUSIBILITY,
    title="成文日期不对",
    what="成文日期在统计期限之后（否则是错误）；部门、乡镇、街道不晚于次年 1 月 31 日，"
    "县级以上地方人民政府不晚于次年 3 月 31 日（否则是提醒）。",
    why="一年没有过完，就没有全年的数；逾期公布要承担责任。",
    basis="《条例》第四十九条",
    fix="核对成文日期，年份常常写错。确已逾期的，保留真实的日期，尽快公布。",
    by_year=True,
)
def wrong_date(report: Report, _context: Context) -> Iterator[Fault]:
    """A report on a year dated before the year ended, or after the day it was due."""
    if report.date is None or not report.form.due:
        return
    end, due = date(report.year, 12, 31), _due(report)
    if report.date <= end:
        yield Fault(
            f"成文日期 {_told(report.date)} 早于统计期限的结束。",
            ("date",),
            f"{_told(end)}之后",
            _told(report.date),
            ground=Ground.ARITHMETIC,
        )
    elif due and report.date > due:
        yield Fault(
            f"成文日期 {_told(report.date)} 晚于规定的公布日期 {_told(due)}。",
            ("date",),
            f"不晚于 {_told(due)}",
            _told(report.date),
            level=Level.WARNING,
        )


def _due(report: Report) -> date | None:
    """The last day for publishing; None where the kind of document says none.

    An organ named by its place alone (宿迁市) is a government, whatever its level says.
    """
    told = standing_of(report.organ.name).possible
    for each in report.form.due:
        of_name = told and told <= set(each.levels)
        if not each.levels or report.organ.level in each.levels or of_name:
            return date(report.year + 1, each.month, each.day)
    return None


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# ── dates in sentences that are none ──────────────────────────────────────────────────────────────────

_BROKEN_DATE = re.compile(
    r"(?P<no_year>(?<!\d)20\d\d1?\d月\d{1,2}日)"
    r"|(?P<no_day>(?<!\d)20\d\d年\d{1,2}月\d{1,2}(?=[，。；）)]|、(?!\d)|$))"
    r"|(?P<no_month>(?<!\d)20\d\d年\d{1,2}日)"
    r"|(?P<odd_year>(?<!\d)(?:\d{3}|\d{5,6})年\d{1,2}月(?:\d{1,2}日)?)"
    r"|(?P<twice>\d{1,2}月\d{1,2}日日|(?<!\d)20\d\d年年\d|\d{1,2}月月\d)"
)
_BROKEN = {
    "no_year": "年份后面缺“年”字",
    "no_day": "日子后面缺“日”字",
    "no_month": "缺月份",
    "odd_year": "年份不是四位数",
    "twice": "“年”“月”“日”多写了一个",
}
_ANY_DATE = re.compile(
    rf"(?<!\d)(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]"
    rf"|(?P<words>[{DIGITS}]{{4}})年(?P<in_month>[{ONES}十]{{1,3}})月(?P<on_day>[{ONES}十]{{1,3}})日"
)
_NO_MONTH = re.compile(r"(?<!\d)20\d\d年(?:1[3-9]|[2-9]\d|0{1,2})月(?!\d{1,2}[日号])")
_LEAP = 2000
"""A year in which a day without a year may be the 29 February."""


@rule(
    "X26",
    Level.WARNING,
    Ground.PROSE,
    title="日期写错",
    what="正文里的日期写全年月日，而且有这一天；没有这一天的（2023年11月31日）是错误。"
    "统计期限的日期由 X06 查。",
    why="日期写错了，读者不知道数据截止到哪一天。",
    basis="GB/T 15835—2011《出版物上数字用法》",
    fix="改成正确的日期。",
)
def broken_dates(report: Report, _context: Context) -> Iterator[Fault]:
    """Dates that no calendar has, and dates in which a sign is missing or doubled."""
    for about, paragraph in paragraphs(report):
        text = paragraph.text
        if "月" not in text and "日" not in text and "年年" not in text:  # as most
            continue
        text = text.translate(_NARROW)
        told = _spans_of_period(about, paragraph)
        for start, written, message, level in _date_faults(text):
            if not any(first <= start < last for first, last in told):
                place = place_at(paragraph, start, len(written))
                said = f"日期“{written}”{message}。"
                yield Fault(said, (about,), "一个正确的日期", written, places=(place,), level=level)


def _spans_of_period(about: str, paragraph: Paragraph) -> list[tuple[int, int]]:
    """Where the preface tells its period, which another rule judges."""
    if not about.startswith("preface."):
        return []
    return [(each.start, each.start + len(each.words)) for each in _periods(0, paragraph)]


def _date_faults(text: str) -> Iterator[tuple[int, str, str, Level | None]]:
    """Where each wrong date begins, how it is written, what is wrong with it, and how grave that is."""
    for found in _BROKEN_DATE.finditer(text):
        yield found.start(), found[0], _BROKEN[found.lastgroup or ""], None
    for found in _ANY_DATE.finditer(text):
        numbers = found.group("month", "day") if found["month"] else found.group("in_month", "on_day")
        month, day = (int(each) if each.isdecimal() else ordinal(each) for each in numbers)
        year = int(found["year"] or arabic(found["words"] or "") or _LEAP)
        if not _is_day(year, month, day):
            yield (
                found.start(),
                found[0],
                "是没有的，这个月没有这一天" if 0 < month <= 12 else "的月份不对",
                Level.ERROR,
            )
    for found in _NO_MONTH.finditer(text):
        yield found.start(), found[0], "的月份不对", Level.ERROR


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
