"""Table two of the form of 2021: pieces made, repealed and in force; who may make 规章."""

import re
from collections.abc import Iterator
from decimal import Decimal

from reportgen.checks.changes import last_of
from reportgen.checks.contract import Context, Fault, remarked, rule
from reportgen.chinese.numerals import NARROW, ordinal
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_ROWS = ("regulations", "normative")
_BASIS = "国办公开办函〔2021〕30号，表二第二十条第（一）项"
_EXPLAINED = re.compile(r"失效|清理|重新计算|重新统计|口径|移交|划转|机构改革")
"""Words in a chapter that say why pieces in force changed otherwise than by making and repealing."""

_NUMBER = re.compile(r"(?<![\d.])\d+(?![\d.])|[一二两三四五六七八九十]+(?=[件个份部])")

_MAKERS = ("国务院部门", "省级政府", "市级政府")
_OFFICE = re.compile(r"政府办公[厅室]|[省市州盟区]$")


def _row(report: Report, row: str) -> tuple[Decimal, Decimal, Decimal]:
    return report.value(row, "made"), report.value(row, "repealed"), report.value(row, "in_force")


def _keys(row: str) -> tuple[CellKey, ...]:
    return tuple(CellKey(row, column) for column in ("in_force", "made", "repealed"))


def _rows(report: Report) -> Iterator[str]:
    return (row for row in _ROWS if report.has(row, "in_force"))


def _name(report: Report, row: str) -> str:
    return report.form.index[CellKey(row, "in_force")][1].name


def _explained(report: Report, row: str, gap: Decimal) -> bool:
    """True if a remark in the row, or a sentence of the clerk's, says why so many pieces do not add up.

    A remark stands at its figure and may do without the number; one that names another number explains that.
    """
    remarks = (report.cells[key].remark for key in _keys(row))
    if any(_names(gap, each) or (_EXPLAINED.search(each) and not _NUMBER.search(each)) for each in remarks):
        return True
    name = _name(report, row)[-5:]
    return any(
        name in sentence and _EXPLAINED.search(sentence) and _names(gap, sentence)
        for sentence in re.split(r"[。；\n]", report.words)
    )


def _names(number: Decimal, words: str) -> bool:
    """True if the words name so many pieces, in figures or in Chinese."""
    return abs(number) in (
        Decimal(found) if found.isascii() else ordinal(found.replace("两", "二"))
        for found in _NUMBER.findall(words.translate(NARROW))
    )


@rule(
    "T2-01",
    Level.ERROR,
    Ground.ARITHMETIC,
    title="现行有效件数与上年接不上",
    what="给出上年的年报时：现行有效件数 = 上年的现行有效件数 + 本年制发件数 − 本年废止件数。"
    "接不上是错误；有备注，或正文说明了差的是哪几件的，是提醒。",
    why="文件只会因制发而增加、因废止而减少；接不上，多半是漏了废止的，或者上年的数有误。",
    basis=_BASIS,
    fix="核对三个数；因自然失效、清理等原因接不上的，在格子里加备注" + remarked("含自然失效3件"),
)
def in_force_from_last(report: Report, context: Context) -> Iterator[Fault]:
    """Pieces in force that do not follow from last year's."""
    last = last_of(report, context)
    if last is None or not last.has("normative", "in_force"):
        return
    for row in _rows(report):
        made, repealed, in_force = _row(report, row)
        before = last.value(row, "in_force")
        gap = in_force - (before + made - repealed)
        if gap:
            yield Fault(
                f"“{_name(report, row)}”的现行有效件数与上年接不上。",
                _keys(row),
                f"上年现行有效 {before} + 制发 {made} - 废止 {repealed} = {before + made - repealed}",
                f"现行有效 {in_force}",
                level=Level.WARNING if _explained(report, row, gap) else None,
            )


@rule(
    "T2-02",
    Level.ERROR,
    Ground.ARITHMETIC,
    title="现行有效件数比制发件数还少",
    what="没有废止文件时，现行有效件数不少于本年制发件数；有备注，或正文说明了差的是哪几件（如自然失效3件）的，是提醒。",
    why="本年制发的文件没有废止，就都现行有效。",
    basis=_BASIS,
    fix="现行有效件数是年底全部有效文件的数，不是本年新增的数；因自然失效等减少的，加备注说明。",
)
def fewer_than_made(report: Report, _context: Context) -> Iterator[Fault]:
    """Fewer pieces in force than were made in the year, and none repealed."""
    for row in _rows(report):
        made, repealed, in_force = _row(report, row)
        if in_force < made and repealed == 0:
            yield Fault(
                f"“{_name(report, row)}”没有废止的，现行有效件数却少于本年制发件数。",
                _keys(row),
                f"不少于本年制发 {made}",
                f"现行有效 {in_force}",
                level=Level.WARNING if _explained(report, row, made - in_force) else None,
            )


@rule(
    "T2-03",
    Level.WARNING,
    Ground.ARITHMETIC,
    title="现行有效与废止之和少于制发件数",
    what="没有上年的现行有效件数可比时：现行有效件数 + 本年废止件数 ≥ 本年制发件数；"
    "有备注，或正文说明了差的是哪几件的，只作说明。",
    why="本年制发的文件，到年底要么有效，要么已经废止。",
    basis=_BASIS,
    fix="核对三个数；因自然失效等减少的，加备注说明。",
)
def made_and_gone(report: Report, context: Context) -> Iterator[Fault]:
    """Pieces that were made and are neither in force nor repealed."""
    last = last_of(report, context)
    if last is not None and last.has("normative", "in_force"):
        return
    for row in _rows(report):
        made, repealed, in_force = _row(report, row)
        gap = made - in_force - repealed
        if repealed and gap > 0:
            yield Fault(
                f"“{_name(report, row)}”的现行有效件数与废止件数之和，少于本年制发件数。",
                _keys(row),
                f"不少于本年制发 {made}",
                f"现行有效 {in_force} + 废止 {repealed} = {in_force + repealed}",
                level=Level.NOTE if _explained(report, row, gap) else None,
            )


@rule(
    "T2-04",
    Level.ERROR,
    Ground.FORM,
    title="没有规章制定权的机关填了规章",
    what="只有国务院部门、省级政府、设区的市（自治州）政府可以制定规章，其他机关“规章”一行都是 0。"
    "试行格式中，只有公开的数量不是 0 的，是提醒。",
    why="其他机关制定的文件不是规章；多半是把规范性文件或制度填到了这一行。",
    basis="《立法法》关于规章制定权的规定",
    fix="把这些文件改填到（行政）规范性文件一行，“规章”一行填 0。",
)
def regulations_of_nobody(report: Report, _context: Context) -> Iterator[Fault]:
    """规章 in the report of an organ that may make none.

    A government's office may report for it; a bare place (宿迁市) is a government, whatever its level says.
    """
    level = report.organ.level
    if not level or level in _MAKERS or _OFFICE.search(report.organ.name):
        return
    filled = [key for key in report.cells if key.row == "regulations" and report.cells[key].value]
    if filled:
        made = any(key.column not in ("new_public", "all_public") for key in filled)
        yield Fault(
            f"{level}没有规章制定权，“规章”一行却不是 0。",
            tuple(filled),
            "0",
            "、".join(f"{report.form.index[key][2].name} {report.cells[key].text}" for key in filled),
            level=None if made else Level.WARNING,
        )


# ── table two of the trial form of 2019: items and their changes, pieces published, purchases ─────────

_ITEMS = ("permits", "services", "penalties", "coercions", "fees")
_TRIAL_BASIS = "国办公开办函〔2019〕60号，表二"
_UNIT = re.compile(r"[元万亿]")
_FEW = 4
"""So many pieces made, and less than half of them published, are worth a question."""


def _cells(row: str, *columns: str) -> tuple[CellKey, ...]:
    return tuple(CellKey(row, column) for column in columns)


def _row_name(report: Report, row: str, column: str) -> str:
    return report.form.index[CellKey(row, column)][1].name


@rule(
    "T2-05",
    Level.WARNING,
    Ground.PLAUSIBILITY,
    title="新公开数量与制作数量、公开总数不相称",
    what="本年新公开数量不多于对外公开总数量，也不多于本年新制作数量；制作了 4 件以上的，公开的不少于一半。",
    why="新公开的文件都在公开总数里；新制作的文件一般当年公开，差得多就要问原因。",
    basis=_TRIAL_BASIS,
    fix="核对这几个数；公开的是往年制作的文件，或者新制作的依法不公开，不用改。",
)
def published_and_made(report: Report, _context: Context) -> Iterator[Fault]:
    """More pieces published than there are or were made, or far fewer."""
    for row in ("regulations", "normative"):
        if not report.has(row, "new_public"):
            continue
        made, public, total = (report.value(row, each) for each in ("new_made", "new_public", "all_public"))
        name, found = _row_name(report, row, "new_public"), f"本年新公开 {public}"
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
    Ground.ARITHMETIC,
    title="上一年项目数量与上年年报接不上",
    what="给出上年的年报时：上一年项目数量 = 上年年报的上一年项目数量 + 上年年报的本年增/减。",
    why="上年年底的项目数就是今年的“上一年项目数量”。",
    basis=_TRIAL_BASIS,
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
                f"“{_row_name(report, row, 'last_items')}”的上一年项目数量与上年年报接不上。",
                _cells(row, "last_items"),
                f"上年年报的项目数量 {before}，增减 {change:+}，合计 {before + change}",
                f"上一年项目数量 {now}",
            )


@rule(
    "T2-07",
    Level.WARNING,
    Ground.PLAUSIBILITY,
    title="项目的增减与数量不相称",
    what="上一年项目数量 + 本年增/减 ≥ 0；项目为 0 时，处理决定数量也是 0（项目是本年才取消的，只作说明）。",
    why="减少的项目不会比原有的多；没有项目，就没有依据它作的决定。",
    basis=_TRIAL_BASIS,
    fix="核对项目数量和增减数：项目数量是事项的数，处理决定数量是办件的数。",
)
def items_and_decisions(report: Report, _context: Context) -> Iterator[Fault]:
    """More items abolished than there were, or decisions without any item."""
    for row in _ITEMS:
        if not report.has(row, "change"):
            continue
        before, change = report.value(row, "last_items"), report.value(row, "change")
        name = _row_name(report, row, "change")
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
    Ground.PLAUSIBILITY,
    title="采购的项目数量与金额不相称，或金额没有单位",
    what="采购项目数量为 0 时采购总金额也为 0，反过来也一样；金额要写明单位（元或万元）。",
    why="有项目就有金额；格式没有印金额的单位，不写明就不知道是元还是万元。",
    basis=_TRIAL_BASIS,
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
