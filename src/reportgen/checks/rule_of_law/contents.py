"""What the five contents must tell: the duties of who is first responsible, and the year to come."""

import re
from collections.abc import Iterator
from functools import partial

from reportgen.checks.contract import Context, Fault, named_part, place_at, rule
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_told = partial(
    rule,
    level=Level.WARNING,
    ground=Ground.PROSE,
    basis="《法治政府建设与责任落实督察工作规定》（厅字〔2019〕28号）",
)
"""A rule of this page: what a chapter must tell."""
_WHO = re.compile(r"第一责任人|主要负责(?:人|同志)|党政[^，。；]{0,6}负责|[党主]要?领导|一把手")
_DUTIES = re.compile(
    r"履行|职责|部署|听取|研究|推动|督[促办导]|协调|带头|学法|述法|汇报|过问|主持|亲自|组织|领导"
)
_COMING = re.compile(r"下一?年|明年|来年|新的一年|下一?步|今后|接下来")
_PLANNED = re.compile(r"将|计划|打算|拟|力争|争取|继续|进一步|持续|加强|推进|完善|安排|要")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年)")
_BY = re.compile(r"以来|至今|印发|发布|施行|纲要|规划|[（(—－~～至-]")
"""What names a year without planning for it: 《…（2021—2025年）》, 2021年以来."""


@_told(
    "L01",
    title="没有写到主要负责人履行第一责任人职责的情况",
    what="第三部分写明党政主要负责人，以及怎样履行推进法治建设第一责任人的职责。",
    why="这是年度报告的规定内容，督察时要查。",
    fix="写明主要负责人，以及部署、研究、推动、督促法治工作的情况。",
)
def duties_untold(report: Report, _context: Context) -> Iterator[Fault]:
    """A chapter on the first responsible person that names nobody, or nothing that was done."""
    text = report.words_of("leaders")
    wanted = ((_WHO, "主要负责人（第一责任人）"), (_DUTIES, "怎样履行职责"))
    lost = [name for pattern, name in wanted if text and not pattern.search(text)]
    if lost:
        message = f"{named_part(report.form, 'leaders')}没有写到{'、'.join(lost)}。"
        yield Fault(message, ("leaders",), "、".join(name for _, name in wanted), f"没有{'、'.join(lost)}")


@_told(
    "L02",
    title="下年安排说的不是下一年度",
    what="第四部分打算做的事，说的年份是报告年度的下一年，不是报告的年度或者更早。",
    why="写成本年度的打算，多半是上年的报告没有改。",
    fix="改成下一年度的安排。",
    by_year=True,
)
def plan_of_another_year(report: Report, _context: Context) -> Iterator[Fault]:
    """A plan for the report's own year, or one before it: last year's text left behind."""
    for number, paragraph in enumerate(report.prose.get("plans", ()), 1):
        for sentence in re.finditer(r"[^。！？\n]+", paragraph.text):
            for found in _YEAR.finditer(sentence[0]):
                rest = sentence[0][found.end() + 1 :]
                aside = _BY.search(sentence[0][max(0, found.start() - 1) : found.end() + 4])
                if int(found[1]) > report.year or aside or not _PLANNED.search(rest):
                    continue
                place = place_at(paragraph, sentence.start() + found.start(), 5)
                message = f"{named_part(report.form, 'plans')}说的是 {found[1]} 年的打算。"
                shown = sentence[0].strip()[:40]
                yield Fault(message, (f"plans.{number}",), f"{report.year + 1}年", shown, places=(place,))
                break


@_told(
    "L03",
    title="没有写到下一年度的安排",
    what="第四部分写明下一年度打算做什么。",
    why="下一年度的主要安排是年度报告的规定内容。",
    fix="写明下一年度的主要安排，例如“2026年，将……”“下一步，将……”。",
    by_year=True,
)
def nothing_planned(report: Report, _context: Context) -> Iterator[Fault]:
    """A chapter on the year to come that names neither that year nor anything to be done."""
    text = report.words_of("plans")
    coming = _COMING.search(text) or f"{report.year + 1}年" in text
    if text and not (coming and _PLANNED.search(text)):
        message = f"{named_part(report.form, 'plans')}没有写到下一年度的打算。"
        yield Fault(message, ("plans",), f"{report.year + 1}年的打算", "没有写到")
