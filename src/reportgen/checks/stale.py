"""Words of last year: its number left standing, its sentences copied."""

import re
from collections.abc import Iterator

from reportgen.checks.changes import last_of
from reportgen.checks.contract import Context, Fault, named_part, place_at, rule
from reportgen.model.form import Form
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Level

_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_SENTENCE = re.compile(r"[^。！？\n]+")
_RESULT = re.compile(
    r"\d[\d,.]*\s*[余多]?[件条次项份篇个期场人宗起元万%％]|收到|受理|办结|答复|(?:没有|未)(?:发生|收取|产生)|取得|仍存在|还存在"
)
_COMPARED = re.compile(
    r"比|较|同期|增[长加]|减少|下降|上升|上年|上一年|去年|结转|针对|整改|改进|以来|起|至|自|截至|印发|修订|施行|"
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
