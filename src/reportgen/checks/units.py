"""A report of several organs against what it was added up from."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reportgen.advice import Advice, on_page
from reportgen.checks.contract import Context, Fault, rule
from reportgen.model.keys import advice
from reportgen.model.report import Report
from reportgen.model.units import ADDED_UP, Left, Unit, Units, Why
from reportgen.problems import Ground, Level

_UNITS, _LACKING = "units", "lacking"
_FEW = 8
"""A sum of more terms is not written out."""
_TELLING_DIGITS = 3
_MANY_DISPUTES = 5
"""From these on, equal figures of two units are no chance."""


@rule(
    "G01",
    Level.ERROR,
    Ground.ARITHMETIC,
    title="汇总数不等于各单位之和",
    what="汇总年报的每一格等于各单位年报同一格相加；汇总年报里再有汇总年报的，也一样。",
    why="汇总数是加出来的；改了一格，别的格和各单位的年报就对不上。",
    basis="《条例》第四十九条、第五十条；国务院办公厅年报格式",
    fix="请改各单位的年报，再汇总一次；不要改汇总数。",
)
def sums_of_units(report: Report, context: Context) -> Iterator[Fault]:
    """Cells that are not the sum of the units' cells, in this report and in roll-ups within it."""
    units = context.units
    if units is None or not report.adds_up:
        return
    for key, total in units.totals.items():
        figure = report.cells[key]
        if figure.value != total:
            terms = [number for _, number in units.parts(key)]
            said = f"“{report.form.label(key)}”不等于 {len(units.counted)} 个单位之和。"
            yield Fault(said, (key,), _sum(terms, total), f"{figure.value}")
    yield from (fault for unit in units.counted for fault in _within(unit, units))


def _sum(terms: Sequence[Decimal], total: Decimal) -> str:
    """A sum with its terms, where they are few."""
    return f"{' + '.join(map(str, terms))} = {total}" if 1 < len(terms) <= _FEW else f"{total}"


def _within(whole: Unit, units: Units) -> Iterator[Fault]:
    """A roll-up that differs from its units, where all of these were handed in, too."""
    inner = [unit for unit in units.within(whole) if not unit.adds_up] if whole.adds_up else []
    leaves = {name for name in whole.listed if not name.endswith(ADDED_UP)}
    if not inner or leaves - {unit.identity for unit in inner}:
        return
    for key, at in units.at.items():
        terms = [unit.values[at] for unit in inner if unit.values[at]]
        total = sum(terms, Decimal(0))
        if total != whole.values[at]:
            said = f"{whole.identity}的“{units.form.label(key)}”不等于它的 {len(inner)} 个单位之和。"
            yield Fault(said, (_UNITS,), _sum(terms, total), f"{whole.values[at]}")


# ── who handed in ────────────────────────────────────────────────────────────────────────────────────


@rule(
    "G02",
    Level.ERROR,
    Ground.FORM,
    title="汇总的单位不齐或重复",
    what="应报送的单位一个不缺，一个不重；名单以外的不计入。汇总年报写明汇总了哪些单位，还缺哪些。",
    why="少一个单位，汇总数就少；同一个单位算两次，汇总数就多。",
    basis="《条例》第四十九条、第五十条",
    fix="补齐以后再汇总一次。",
)
def whose_reports(report: Report, context: Context) -> Iterator[Fault]:
    """Units that are missing, double, unexpected or late; and what the report itself says of its units."""
    if context.units is None:
        yield from _as_told(report)
        return
    if not (context.units.counted or context.units.lacking or context.units.unread):
        yield Fault("没有一个单位计入。", (_UNITS,), fix="请看各份年报没有计入的原因。")
    yield from _missing(context.units)
    for left in context.units.left:
        if fault := _not_counted(left, context.units):
            yield fault
    for file, why in context.units.unread:
        yield Fault(f"{file} 没有读成年报，没有计入：{why}", (_UNITS,), fix="改好这份文件，再汇总一次。")
    yield from _doubtful(context.units)


def _as_told(report: Report) -> Iterator[Fault]:
    """What is wrong with a report's own list of units, when nothing else is at hand."""
    if report.lacking:
        names = _some(report.lacking)
        again = on_page("用 reportgen rollup 再汇总一次", "在首页的“整个文件夹”里再汇总一次")
        how = "收齐这些单位的年报，" + again + "；“缺报单位”由程序写，不用自己删。"
        yield Fault(f"汇总数里还缺 {len(report.lacking)} 个单位：{names}。", (_LACKING,), fix=how)
    twice = [name for name in dict.fromkeys(report.units) if report.units.count(name) > 1]
    if twice:
        yield Fault(f"“汇总单位”里写了两次：{_some(twice)}。", (_UNITS,), fix="请再汇总一次。")
    if (report.units or report.lacking) and not report.adds_up:
        own, *added_up = report.form.scopes
        said = f"口径是“{own}”，却写了汇总单位。"
        fix = f"是各单位相加的数，就把口径改成“{(added_up or [own])[0]}”；不是，就删去“汇总单位”。"
        yield Fault(said, (_UNITS,), fix=fix)


def _missing(units: Units) -> Iterator[Fault]:
    unexpected = [left.unit.identity for left in units.left if left.why is Why.UNEXPECTED]
    for each in units.missing:
        until = f"（截止 {each.due:%Y-%m-%d}）" if each.due else ""
        near = advice(each.name, unexpected) if unexpected else ""
        fix = f"请催报，收到后再汇总一次。{near if near.startswith('是不是') else ''}"
        yield Fault(f"缺 {each.name} 的年报{until}。", (_UNITS,), fix=fix)


def _not_counted(left: Left, units: Units) -> Fault | None:
    """What is to be said of a unit that is not counted; None where another rule says it."""
    unit, other = left.unit, left.other
    said = f"{unit.identity}（{unit.file}）没有计入：{left.why}"
    match left.why:
        case Why.FAILING:
            return None
        case Why.OTHER_KIND:
            return Fault(f"{said}（{unit.kind}）。", (_UNITS,), fix="不用改。", level=Level.NOTE)
        case Why.OTHER_YEAR:
            fix = f"这次汇总的是{units.year}年度；放错了的，请拿开。"
            return Fault(f"{said}，是{unit.year}年度的。", (_UNITS,), fix=fix, level=Level.WARNING)
        case Why.UNEXPECTED:
            fix = "该报送的，请写进名单；不该的，请拿开；名称写得与名单不同的，请改成一样。"
            return Fault(f"{said}。", (_UNITS,), fix=fix)
        case Why.ITSELF:
            return Fault(f"{said}。", (_UNITS,), fix="不用改。", level=Level.NOTE)
        case Why.SAME | Why.COVERED:
            beside = f"（{other.identity}，{other.file}）" if other else ""
            return Fault(f"{said}{beside}，没有重复计算。", (_UNITS,), fix="不用改。", level=Level.NOTE)
        case _:
            beside = f"：另见 {other.identity}（{other.file}）" if other else ""
            return Fault(f"{said}{beside}。", (_UNITS,), fix="请问清以哪份为准，只留一份，再汇总一次。")


def _doubtful(units: Units) -> Iterator[Fault]:
    """Units that are late; roll-ups that lack units, or do not say which they have."""
    for unit, expected in units.late:
        said = f"{unit.identity}的成文日期是 {unit.dated}，晚于截止日期 {expected.due}。"
        yield Fault(said, (_UNITS,), fix="请核对日期；迟报的照单位考核的办法处理。", level=Level.WARNING)
    for unit in units.counted:
        if unit.lacking:
            yield Fault(f"{unit.identity}自己还缺：{_some(unit.lacking)}。", (_UNITS,))
        elif unit.adds_up and not unit.listed:
            said = f"{unit.identity}（{unit.file}）没有写明汇总了哪些单位，不能核对有没有重复计算。"
            fix = Advice(
                "请用 reportgen rollup 写成的 YAML 文件汇总。",
                "请用 reportgen rollup 写成的年报文件汇总。",
                "请让它用本程序汇总以后，再把汇总的年报交上来。",
            )
            yield Fault(said, (_UNITS,), fix=fix, level=Level.WARNING)


def _some(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > _FEW else ""
    return "、".join(names[:_FEW]) + more


@rule(
    "G04",
    Level.ERROR,
    Ground.FORM,
    title="单位的年报有错误",
    what="各单位的年报自己没有错误。有错误的不计入汇总；要求计入的，逐个写明。",
    why="单位的数错了，汇总数跟着错，到时候要两份一起更正。",
    basis="《条例》第五十条；国务院办公厅年报格式",
    fix="请单位改好年报，再汇总一次。",
)
def sound_units(_report: Report, context: Context) -> Iterator[Fault]:
    """Units whose own reports have errors, counted or not."""
    units = context.units
    if units is None:
        return
    failing = [(left.unit, "没有计入") for left in units.left if left.why is Why.FAILING]
    failing += [(unit, "按要求计入了") for unit in units.counted if unit.errors]
    for unit, how in failing:
        first = unit.errors[0]
        said = f"{unit.identity}（{unit.file}）有 {len(unit.errors)} 个错误，{how}。"
        yield Fault(said, (_UNITS,), found=f"{first.code}  {first.message}")


@rule(
    "G05",
    Level.NOTE,
    Ground.PLAUSIBILITY,
    title="两个单位的数一样，可能是同一件事",
    what="两个单位的行政事业性收费、信息处理费或复议诉讼的数一模一样，可能把同一笔收费、同一批案件各报了一次。",
    why="一笔收费由一个单位代收，一件案子有两个被告，两个单位都报，汇总就成了两份。",
    basis="《条例》第五十条",
    fix="请问两个单位；是同一件事，由一个单位报。不是，就不用改。",
)
def told_twice(_report: Report, context: Context) -> Iterator[Fault]:
    """Figures of two units that are too much alike to be a chance."""
    if context.units is None:
        return
    seen: dict[tuple[str, tuple[Decimal, ...]], list[str]] = {}
    for unit in context.units.counted:
        for what in _telling(unit, context.units):
            seen.setdefault(what, []).append(unit.identity)
    for (told_of, numbers), names in seen.items():
        if len(names) > 1:
            told = "、".join(f"{number}" for number in numbers)
            yield Fault(f"{_some(names)}的{told_of}一样：{told}。", (_UNITS,))


def _telling(unit: Unit, units: Units) -> Iterator[tuple[str, tuple[Decimal, ...]]]:
    """The figures of a unit that no other has by chance: amounts of several digits, rows of many cases."""
    for key, (_, row, column) in units.form.index.items():
        number = unit.values[units.at[key]]
        if column.kind == "amount" and len(number.normalize().as_tuple().digits) >= _TELLING_DIGITS:
            yield f"“{row.name}”", (number,)
    for table in units.form.tables:
        for block in table.blocks if table.arrangement == "beside" else ():
            numbers = tuple(unit.values[units.at[key]] for key, _, _ in block.cells())
            if sum(numbers) >= 2 * _MANY_DISPUTES and sum(map(bool, numbers)) > 2:
                yield f"“{block.rows[0].name}”各数", numbers
    if unit.fees and unit.fees[1] and len(unit.fees[1].normalize().as_tuple().digits) >= _TELLING_DIGITS:
        yield "“信息处理费”", (Decimal(unit.fees[0]), unit.fees[1])
