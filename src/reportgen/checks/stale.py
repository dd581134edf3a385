"""Words of last year: its number left standing, its sentences copied."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, rule
from reportgen.checks.last_year import last_of
from reportgen.checks.pointing import place_at
from reportgen.problems import Level
from reportgen.prose import Paragraph
from reportgen.report import ASPECTS, Report

_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_SENTENCE = re.compile(r"[^。！？\n]+")
_RESULT = re.compile(
    r"\d[\d,.]*\s*[余多]?[件条次项份篇个期场人宗起元万%％]|收到|受理|办结|答复|没有发生|未发生|未收取|取得|仍存在|还存在"
)
_COMPARED = re.compile(
    r"比|较|同期|增[长加]|减少|下降|上升|上年|上一年|去年|结转|针对|整改|改进|以来|起|至|自|截至|印发|修订|施行|"
    r"实施|制定的|分别|[和、]20|年初|跨年|底前|第三方|评估|排名|表彰|通报|获|《"
)
_SPOKEN = ("overview", "lead", *ASPECTS, "others", "problems")
_CHAPTERS = (
    ("第一部分（总体情况）", ("overview", "lead", *ASPECTS)),
    ("第五部分（存在问题）", ("problems",)),
)

GRAM = 5
"""Texts are compared by every run of so many Chinese characters."""
FEWEST = 200
"""A chapter with fewer different runs is too short to be called copied."""
MOST = 0.8
"""The share of this year's runs that may stand in last year's chapter too."""


@rule(
    "X07",
    Level.WARNING,
    title="留有上年的年份",
    what="说本年结果的句子不以上年的年份开头（如 2023 年度的年报写“2022年，共收到申请…件”）。",
    why="年份没有改，往往连数也是上年的。",
    basis="《条例》第五十条：年度报告只报告一个年度",
    fix="改成本年度，并核对这句话里的数；确是说上年情况的，写明“上年”或与本年比较。",
)
def stale_year(report: Report, _context: Context) -> Iterator[Fault]:
    """A sentence of results that begins with last year. Sentences that compare or look back are right."""
    last = f"{report.year - 1}年"
    for key in _SPOKEN:
        prose = report.prose.get(key, ())
        if key == "problems" and any(str(report.year) in each.text for each in prose):
            continue
        for number, paragraph in enumerate(prose, 1):
            if last in paragraph.text.translate(_NARROW):
                yield from _stale(f"{key}.{number}", paragraph, report.year)


def _stale(about: str, paragraph: Paragraph, year: int) -> Iterator[Fault]:
    begins = re.compile(rf"\s*(?:[（(][一二三四五六七八九十]+[)）]\s*)?(?P<year>{year - 1}年)度?[，,]?")
    for sentence in _SENTENCE.finditer(paragraph.text.translate(_NARROW)):
        found = begins.match(sentence[0])
        if not found or str(year) in sentence[0]:
            continue
        rest = sentence[0][found.end() :]
        if _RESULT.search(rest) and not _COMPARED.search(rest):
            place = place_at(paragraph, sentence.start() + found.start("year"), len(found["year"]))
            message = f"这句话说的是 {year - 1} 年，可能是上年的文字没有改。"
            shown = sentence[0].strip()
            shown = shown if len(shown) <= 40 else shown[:39] + "…"
            yield Fault(message, (about,), f"{year}年", shown, places=(place,))


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
    for name, keys in _CHAPTERS if last else ():
        now = shingles(_text(report, keys))
        if last is None or len(now) < FEWEST:
            continue
        share = len(now & shingles(_text(last, keys))) / len(now)
        if share > MOST:
            about = next(key for key in keys if key in report.prose)
            yield Fault(f"{name}与上年的文字雷同。", (about,), "不超过 80%", f"{share:.0%} 相同")


def _text(report: Report, keys: tuple[str, ...]) -> str:
    return "\n".join(each.text for key in keys for each in report.prose.get(key, ()))
