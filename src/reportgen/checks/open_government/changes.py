"""What changed much since last year in the tables, and what last year's hand on."""

from collections.abc import Iterator
from decimal import Decimal

from reportgen.checks.changes import last_of
from reportgen.checks.contract import Context, Fault, rule
from reportgen.checks.identities import typed_places
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_TIMES = 10
_NUMBERS = (
    CellKey("permits", "decisions"),
    CellKey("penalties", "decisions"),
    CellKey("coercions", "decisions"),
    CellKey("fees", "amount"),
)
_BLOCKS = ("review", "direct_suit", "suit_after_review")


@rule(
    "T2-10",
    Level.NOTE,
    Ground.PLAUSIBILITY,
    title="与上年相比变化很大",
    what="行政许可、处罚、强制的决定数量和收费金额，与上年相差 10 倍以上，"
    "或者一年是 0、另一年不少于 10 的，请核对。",
    why="变化这样大，常常是漏填、错填或者单位不同。",
    basis="跨年核对",
    fix="核对两年的数；确有变化的，不用改。",
)
def great_change(report: Report, context: Context) -> Iterator[Fault]:
    """A number more than ten times last year's, or less than a tenth."""
    last = last_of(report, context)
    for key in _NUMBERS if last else ():
        if last is None or key not in report.cells or key not in last.cells:
            continue
        now, before = report.cells[key].value, last.cells[key].value
        if _far(now, before):
            name = report.form.index[key][1].name
            yield Fault(f"“{name}”与上年相比变化很大。", (key,), f"上年 {before}", f"本年 {now}")


def _far(one: Decimal, other: Decimal) -> bool:
    less, more = sorted((one, other))
    return more >= _TIMES and more > less * _TIMES


@rule(
    "T3-04",
    Level.ERROR,
    Ground.ARITHMETIC,
    title="上年结转与上年年报接不上",
    what="给出上年的年报时，每一列：上年结转 = 上年年报的结转下年度。总计不同是错误，只有各列不同是提醒。",
    why="上年没有办完的申请，一件不少地转到今年。",
    basis="国务院办公厅年报格式，表三第二项、第四项",
    fix="上年结转照抄上年年报的“结转下年度继续办理”；上年年报有误的，向主管部门说明。",
)
def carried_over(report: Report, context: Context) -> Iterator[Fault]:
    """Applications carried in that are not those that last year carried out."""
    last = last_of(report, context)
    if last is None:
        return
    keys = [key for key in report.cells if key.row == "carry_in"]
    pairs = {key: (last.value("carry_out", key.column), report.cells[key].value) for key in keys}
    wrong = [key for key, (before, now) in pairs.items() if before != now]
    total = CellKey("carry_in", "total")
    if total in wrong:
        about = (total, *(key for key in wrong if key != total))
        yield Fault(
            f"上年结转的总计与上年年报的结转下年度不同，相差 {abs(pairs[total][0] - pairs[total][1])}。",
            about,
            _told("上年的结转下年度", about, [pairs[key][0] for key in about], report),
            _told("上年结转", about, [pairs[key][1] for key in about], report),
            places=typed_places(report, *about),
        )
        return
    for key in wrong:
        name, (before, now) = report.form.index[key][2].name, pairs[key]
        message = f"上年结转的“{name}”与上年年报的结转下年度不同。"
        expected, found = f"上年的结转下年度 {before}", f"上年结转 {now}"
        yield Fault(message, (key,), expected, found, level=Level.WARNING)


def _told(name: str, keys: tuple[CellKey, ...], numbers: list[Decimal], report: Report) -> str:
    """``上年结转：总计 5、自然人 3``."""
    names = (report.form.index[key][2].name for key in keys)
    return f"{name}：" + "、".join(f"{each} {number}" for each, number in zip(names, numbers, strict=True))


@rule(
    "T4-02",
    Level.WARNING,
    Ground.PLAUSIBILITY,
    title="上年尚未审结的案件多于本年的总数",
    what="给出上年的年报时，每一部分：上年的尚未审结不多于本年的总计。",
    why="上年没有审结的案件，今年要么审结，要么仍未审结，都在今年的总计里。",
    basis="国务院办公厅年报格式，表四",
    fix="核对两年的数；只统计本年新立案件的，在表四下面写一句说明（表四说明）。",
)
def pending_since_last(report: Report, context: Context) -> Iterator[Fault]:
    """More cases pending last year than there are in all this year; a note under the table explains it."""
    last = last_of(report, context)
    if last is None or report.prose.get("note"):
        return
    for row in _BLOCKS:
        pending, total = last.value(row, "pending"), report.value(row, "total")
        if pending > total:
            key = CellKey(row, "total")
            name = report.form.index[key][1].name
            message = f"“{name}”上年尚未审结的案件多于本年的总计。"
            places = typed_places(report, key)
            yield Fault(message, (key,), f"不少于上年尚未审结 {pending}", f"本年总计 {total}", places=places)


def _asked(report: Report) -> bool:
    """True if there were applications to deal with."""
    return any(report.value(row, "total") for row in ("new", "carry_in"))


@rule(
    "T4-03",
    Level.NOTE,
    Ground.PLAUSIBILITY,
    title="没有申请却有复议或诉讼",
    what="今年和上年都没有收到、也没有结转申请时，一般不会有复议和诉讼。",
    why="复议和诉讼一般由答复申请引起；没有申请，可能是漏填了申请，或者填错了案件。",
    basis="国务院办公厅年报格式，表三、表四",
    fix="核对两张表；因主动公开引起的案件，不用改。",
)
def disputes_of_nothing(report: Report, context: Context) -> Iterator[Fault]:
    """Disputes although nothing was asked for, this year and last."""
    last = last_of(report, context)
    if last is None or _asked(report) or _asked(last):
        return
    filled = tuple(CellKey(row, "total") for row in _BLOCKS if report.value(row, "total"))
    if filled:
        found = "、".join(f"{report.form.index[key][1].name} {report.cells[key].value}" for key in filled)
        message, places = "两年都没有政府信息公开申请，却有复议或诉讼。", typed_places(report, *filled)
        yield Fault(message, filled, "都是 0", found, places=places)
