"""The period that the report covers, and the day it was signed."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from reportgen.checks.changes import last_of
from reportgen.checks.contract import Context, Fault, named_part, place_at, rule
from reportgen.model.form import Form
from reportgen.model.prose import Paragraph
from reportgen.model.report import Organ, Report
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
            ground=Ground.ARITHMETIC,
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


# ── words of last year: its number left standing, its sentences copied ────────────────────────────────

_SENTENCE = re.compile(r"[^。！？\n]+")
_RESULT = re.compile(
    r"\d[\d,.]*\s*[余多]?[件条次项份篇个期场人宗起元万%％]|收到|受理|办结|答复|(?:没有|未)(?:发生|收取|产生)|取得|仍存在|还存在"
)
_COMPARED = re.compile(
    r"比|较|同期|增[长加]|减少|下降|上升|上年|上一年|去年|结转|转结|针对|整改|改进|以来|起|至|自|截至|印发|修订|施行|"
    r"实施|制定的|分别|[和、]20|年初|跨年|底前|第三方|评估|排名|表彰|通报|获|《"
)
_YEAR = re.compile(r"([2２][0０]\d\d)年")
_OTHER_YEAR = re.compile(r"20\d\d年")
_BEGINS = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十]+[)）]\s*)?(?P<year>20\d\d)年(?:度|1月1日起?[至到—－-]+12月31日)?[，,]?"
)
_ASIDE = re.compile(r"（(?:含|包括|其中)?上一?年度?结转[^（）]*）")
"""收到申请28件（含上年结转2件） compares nothing."""
_PROBLEMS = re.compile(
    r"[^，。；]{0,30}存在的?(?:主要|突出|一些|以下|几个)*(?:问题|不足)(?:主要|还)*(?:有|是|为)?[：:]"
)
_DONE = re.compile(
    r"\d[\d,.]*\s*[余多]?[件条次项份篇个期场人宗起万]|收到|受理|办结|(?:没有|未)(?:发生|收取|产生)"
)
_PLANNED = re.compile(
    r"将|计划|打算|下一步|下步|拟|力争|预计|目标|争取|确保|规划|继续|进一步|持续|(?<![主重])要|应|重点|努力|力求|不少于|以上|左右|安排|工作要点"
)
_COMPARED_PARTS = ("overview", "problems")
"""The prose that is compared with last year's: what else there is, is much the same every year."""

GRAM = 5
"""Texts are compared by every run of so many Chinese characters."""
FEWEST = 200
"""A chapter with fewer different runs is too short to be called copied."""
MOST = 0.8
"""The share of this year's runs that may stand in last year's chapter too."""


@rule(
    "X07",
    Level.WARNING,
    Ground.PROSE,
    title="留有别的年度的年份",
    what="说本年结果的句子不以上年或者以后的年份开头（如 2023 年度的年报写“2022年，共收到申请…件”"
    "“2024年，公开信息…条”）；写下一年打算的不算。",
    why="年份没有改，往往连数也是别的年度的。",
    basis="《条例》第五十条：年度报告只报告一个年度",
    fix="改成本年度，并核对这句话里的数；确是说上年情况的，写明“上年”或与本年比较。",
    by_year=True,
)
def stale_year(report: Report, _context: Context) -> Iterator[Fault]:
    """Results that begin with another year. Sentences that compare, look back or plan are right."""
    if all(int(year) == report.year for year in _YEAR.findall(report.words)):
        return
    for key in _spoken(report.form):
        prose = [
            (f"{key}.{number}", paragraph, paragraph.text.translate(_NARROW))
            for number, paragraph in enumerate(report.prose.get(key, ()), 1)
        ]
        answered = key == "problems" and any(_answers(text, report.year) for _, _, text in prose)
        for about, paragraph, text in prose:
            if _OTHER_YEAR.search(text):
                yield from _stale(about, paragraph, report.year, answered)


def _spoken(form: Form) -> Iterator[str]:
    """The keys of the prose within chapters: notes under tables may speak of other years."""
    for passage in form.passages:
        if passage.chapter:
            yield from (each.key for each in (passage, *passage.within))


def _answers(text: str, year: int) -> bool:
    """True if chapter five says what was done in the year; what was planned for it is last year's text."""
    planned = rf"{year}年[，,]?[^。，；]{{0,12}}(?:将|下一步|下步|计划|拟)"
    return str(year) in text and not re.search(planned, text)


def _stale(about: str, paragraph: Paragraph, year: int, answered: bool) -> Iterator[Fault]:
    for sentence in _SENTENCE.finditer(paragraph.text.translate(_NARROW)):
        found = _BEGINS.match(sentence[0])
        if not found or str(year) in sentence[0] or _goes_on(paragraph, sentence.end(), year):
            continue
        told, rest = int(found["year"]), _ASIDE.sub("", sentence[0][found.end() :])
        before = told == year - 1 and not answered and (_is_result(rest) or _tells_problems(about, rest))
        if before or (told > year and _is_told_early(rest)):
            place = place_at(paragraph, sentence.start() + found.start("year"), len(found["year"]) + 1)
            which = "可能是上年的文字没有改" if before else "不是本年报的年度"
            shown = sentence[0].strip()
            shown = shown if len(shown) <= 40 else shown[:39] + "…"
            message = f"这句话说的是 {told} 年，{which}。"
            yield Fault(message, (about,), f"{year}年", shown, places=(place,))


def _goes_on(paragraph: Paragraph, end: int, year: int) -> bool:
    """True if the next sentence tells what came of the report's year: the two are compared."""
    following = _SENTENCE.search(paragraph.text.translate(_NARROW), end)
    begins = _BEGINS.match(following[0]) if following else None
    if not following or not begins or int(begins["year"]) != year:
        return False
    rest = following[0][begins.end() :]
    return bool(_DONE.search(rest)) and not _PLANNED.search(rest)


def _is_result(rest: str) -> bool:
    return bool(_RESULT.search(rest)) and not _COMPARED.search(rest)


def _tells_problems(about: str, rest: str) -> bool:
    """True for 我局工作存在的主要问题：…, where only what stands before the colon may look back."""
    found = _PROBLEMS.match(rest) if about.startswith("problems.") else None
    return bool(found) and not _COMPARED.search(found[0] if found else "")


def _is_told_early(rest: str) -> bool:
    """True for what only the year told could have given; its first weeks, with their month, are right."""
    told = _DONE.search(rest) and rest[:1] not in "0123456789初底末前"
    return bool(told) and not _PLANNED.search(rest) and not _COMPARED.search(rest)


def shingles(text: str) -> frozenset[str]:
    """Every run of GRAM Chinese characters; figures, signs and letters do not count."""
    signs = "".join(re.findall(r"[\u4e00-\u9fff]", text))
    return frozenset(signs[at : at + GRAM] for at in range(len(signs) - GRAM + 1))


@rule(
    "X12",
    Level.WARNING,
    Ground.PROSE,
    title="文字与上年雷同",
    what="给出上年的年报时，第一、第五部分与上年相同的文字不超过 80%。"
    "算法：只看汉字，把文字切成连续的 5 个字，本年的片段里有多少也在上年出现；不足 200 个片段的不比。",
    why="年年照抄的年报不反映当年的情况，是各级评估通报的问题。",
    basis="国办公开办函〔2021〕30号：内容雷同、敷衍塞责的，依照《条例》第四十七条处理",
    fix="按本年的实际重写相同的段落，第五部分要写上年问题改进的情况。",
)
def copied(report: Report, context: Context) -> Iterator[Fault]:
    """A chapter most of which stood in last year's report."""
    last = last_of(report, context)
    form = report.form
    for passage in [each for each in form.passages if each.key in _COMPARED_PARTS] if last else ():
        keys = (passage.key, *(each.key for each in passage.within))
        now = shingles(_text(report, keys))
        if last is None or len(now) < FEWEST:
            continue
        share = len(now & shingles(_text(last, keys))) / len(now)
        if share > MOST:
            about = next(key for key in keys if key in report.prose)
            yield Fault(
                f"{named_part(form, passage.key)}与上年的文字雷同。",
                (about,),
                "不超过 80%",
                f"{share:.0%} 相同",
            )


def _text(report: Report, keys: tuple[str, ...]) -> str:
    return "\n".join(each.text for key in keys for each in report.prose.get(key, ()))
