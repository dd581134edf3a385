"""Table two of the trial form of 2019: items and their changes, pieces published, purchases."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, rule
from reportgen.checks.last_year import last_of
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Level

_ITEMS = ("permits", "services", "penalties", "coercions", "fees")
_BASIS = "国办公开办函〔2019〕60号，表二"
_UNIT = re.compile(r"[元万亿]")
_FEW = 4
"""So many pieces made, and less than half of them published, are worth a question."""


def _cells(row: str, *columns: str) -> tuple[CellKey, ...]:
    return tuple(CellKey(row, column) for column in columns)


def _name(report: Report, row: str, column: str) -> str:
    return report.form.index[CellKey(row, column)][1].name


@rule(
    "T2-05",
    Level.WARNING,
    title="新公开数量与制作数量、公开总数不相称",
    what="本年新公开数量不多于对外公开总数量，也不多于本年新制作数量；制作了 4 件以上的，公开的不少于一半。",
    why="新公开的文件都在公开总数里；新制作的文件一般当年公开，差得多就要问原因。",
    basis=_BASIS,
    fix="核对这几个数；公开的是往年制作的文件，或者新制作的依法不公开，不用改。",
)
def published_and_made(report: Report, _context: Context) -> Iterator[Fault]:
    """More pieces published than there are or were made, or far fewer."""
    for row in ("regulations", "normative"):
        if not report.has(row, "new_public"):
            continue
        made, public, total = (report.value(row, each) for each in ("new_made", "new_public", "all_public"))
        name, found = _name(report, row, "new_public"), f"本年新公开 {public}"
        if public > total:
            about = _cells(row, "new_public", "all_public")
            message = f"“{name}”的本年新公开数量多于对外公开总数量。"
            yield Fault(message, about, f"不多于对外公开总数 {total}", found)
        if public > made or (made >= _FEW and public * 2 < made):
            how = "多于" if public > made else "远少于"
            about = _cells(row, "new_public", "new_made")
            message = f"“{name}”的本年新公开数量{how}本年新制作数量。"
            yield Fault(message, about, f"与本年新制作 {made} 相称", found)


@rule(
    "T2-06",
    Level.WARNING,
    title="上一年项目数量与上年年报接不上",
    what="给出上年的年报时：上一年项目数量 = 上年年报的上一年项目数量 + 上年年报的本年增/减。",
    why="上年年底的项目数就是今年的“上一年项目数量”。",
    basis=_BASIS,
    fix="核对两年的项目数量和增减数。",
)
def items_from_last(report: Report, context: Context) -> Iterator[Fault]:
    """Items of last year that do not follow from last year's report."""
    last = last_of(report, context)
    for row in _ITEMS if last else ():
        if last is None or not (report.has(row, "last_items") and last.has(row, "last_items")):
            continue
        now, before, change = (
            report.value(row, "last_items"),
            last.value(row, "last_items"),
            last.value(row, "change"),
        )
        if now != before + change:
            yield Fault(
                f"“{_name(report, row, 'last_items')}”的上一年项目数量与上年年报接不上。",
                _cells(row, "last_items"),
                f"上年年报的项目数量 {before}，增减 {change:+}，合计 {before + change}",
                f"上一年项目数量 {now}",
            )


@rule(
    "T2-07",
    Level.WARNING,
    title="项目的增减与数量不相称",
    what="上一年项目数量 + 本年增/减 ≥ 0；项目为 0 时，处理决定数量也是 0（项目是本年才取消的，只作说明）。",
    why="减少的项目不会比原有的多；没有项目，就没有依据它作的决定。",
    basis=_BASIS,
    fix="核对项目数量和增减数：项目数量是事项的数，处理决定数量是办件的数。",
)
def items_and_decisions(report: Report, _context: Context) -> Iterator[Fault]:
    """More items abolished than there were, or decisions without any item."""
    for row in _ITEMS:
        if not report.has(row, "change"):
            continue
        before, change = report.value(row, "last_items"), report.value(row, "change")
        name = _name(report, row, "change")
        sum_ = f"项目数量 {before}，增减 {change:+}，合计 {before + change}"
        if before + change < 0:
            about = _cells(row, "last_items", "change")
            yield Fault(f"“{name}”减少的项目比原有的还多。", about, "合计不小于 0", sum_)
        elif before + change == 0 and report.value(row, "decisions"):
            about = _cells(row, "decisions", "last_items", "change")
            found = f"{sum_}；处理决定 {report.value(row, 'decisions')}"
            expected, level = "处理决定数量 0，或者填上项目数量", Level.NOTE if before else None
            yield Fault(f"“{name}”没有项目，却有处理决定。", about, expected, found, level=level)


@rule(
    "T2-08",
    Level.WARNING,
    title="采购的项目数量与金额不相称，或金额没有单位",
    what="采购项目数量为 0 时采购总金额也为 0，反过来也一样；金额要写明单位（元或万元）。",
    why="有项目就有金额；格式没有印金额的单位，不写明就不知道是元还是万元。",
    basis=_BASIS,
    fix="核对项目数量和金额；金额写成“251000元”或“25.1万元”。",
)
def purchases(report: Report, _context: Context) -> Iterator[Fault]:
    """Purchases without money, money without purchases, or money without its unit."""
    number, spent = _cells("procurement", "purchases", "spending")
    if spent not in report.cells:
        return
    pieces, money = report.cells[number], report.cells[spent]
    if bool(pieces.value) != bool(money.value):
        yield Fault(
            "政府集中采购的项目数量与总金额，一个是 0，另一个不是。",
            (number, spent),
            "都是 0，或都不是 0",
            f"项目数量 {pieces.text}，总金额 {money.text}",
        )
    if money.value and not _UNIT.search(money.text + money.remark):
        message = "政府集中采购的总金额没有写单位。"
        yield Fault(message, (spent,), f"{money.text}元，或{money.text}万元", money.text)
