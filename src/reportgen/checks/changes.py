"""Whether what is there is last year's report, and what was copied from it."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, named_part, rule
from reportgen.chinese.organs import same_organ
from reportgen.model.report import Report
from reportgen.problems import Ground, Level


def last_of(report: Report, context: Context) -> Report | None:
    """Last year's report; None where there is none, or what is there is of another year or organ."""
    last = context.last
    return last if last is not None and not _differs(report, last) else None


def _differs(report: Report, last: Report) -> str:
    """Why a report is not last year's of the same organ; empty where it is."""
    if last.year != report.year - 1:
        return f"它是 {last.year} 年度的"
    if not same_organ(last.organ.name, report.organ.name):
        return f"它的机关是“{last.organ.name}”"
    return ""


@rule(
    "X23",
    Level.NOTE,
    Ground.FORM,
    title="上年的年报对不上",
    what="与上年比较时，给出的是同一机关上一年度的年报。",
    why="机关或年度不对，跨年的数就不能比较；这时跨年的规则都不查。",
    basis="跨年核对的需要",
    fix="给出同一机关上一年度的年报；机关改了名称的，请人工核对跨年的数。",
    by_year=True,
)
def wrong_last(report: Report, context: Context) -> Iterator[Fault]:
    """A report given as last year's that is of another year or of another organ."""
    why = _differs(report, context.last) if context.last is not None else ""
    if why:
        yield Fault(
            f"给出的上年年报不能用来比较：{why}。",
            ("year",),
            f"{report.organ.name}{report.year - 1}年度的年报",
            why.removeprefix("它"),
        )


# ── chapters copied from last year's report ───────────────────────────────────────────────────────────

GRAM = 5
"""Texts are compared by every run of so many Chinese characters."""
FEWEST = 200
"""A chapter with fewer different runs is too short to be called copied."""
MOST = 0.8
"""The share of this year's runs that may stand in last year's chapter too."""


def shingles(text: str) -> frozenset[str]:
    """Every run of GRAM Chinese characters; figures, signs and letters do not count."""
    signs = "".join(re.findall(r"[\u4e00-\u9fff]", text))
    return frozenset(signs[at : at + GRAM] for at in range(len(signs) - GRAM + 1))


@rule(
    "X12",
    Level.WARNING,
    Ground.PROSE,
    title="文字与上年雷同",
    what="给出上年的年报时，每年要重写的部分（第一、第五部分）与上年相同的文字不超过 80%。"
    "算法：只看汉字，把文字切成连续的 5 个字，本年的片段里有多少也在上年出现；不足 200 个片段的不比。",
    why="年年照抄的年报不反映当年的情况，是各级评估通报的问题。",
    basis="国办公开办函〔2021〕30号：内容雷同、敷衍塞责的，依照《条例》第四十七条处理",
    fix="按本年的实际重写相同的段落，第五部分要写上年问题改进的情况。",
)
def copied(report: Report, context: Context) -> Iterator[Fault]:
    """A chapter most of which stood in last year's report."""
    last = last_of(report, context)
    form = report.form
    for passage in [each for each in form.passages if each.yearly] if last else ():
        keys = (passage.key, *(each.key for each in passage.within))
        now = shingles(report.words_of(*keys))
        if last is None or len(now) < FEWEST:
            continue
        share = len(now & shingles(last.words_of(*keys))) / len(now)
        if share > MOST:
            about = next(key for key in keys if key in report.prose)
            yield Fault(
                f"{named_part(form, passage.key)}与上年的文字雷同。",
                (about,),
                "不超过 80%",
                f"{share:.0%} 相同",
            )
