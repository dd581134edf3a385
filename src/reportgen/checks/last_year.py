"""Last year's report of the same organ, where it is at hand."""

from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, rule
from reportgen.model.report import Report
from reportgen.problems import Level


def last_of(report: Report, context: Context) -> Report | None:
    """Last year's report; None where there is none, or what is there is of another year or organ."""
    last = context.last
    return last if last is not None and not _differs(report, last) else None


def _differs(report: Report, last: Report) -> str:
    """Why a report is not last year's of the same organ; empty where it is."""
    if last.year != report.year - 1:
        return f"它是 {last.year} 年度的"
    if "".join(last.organ.name.split()) != "".join(report.organ.name.split()):
        return f"它的机关是“{last.organ.name}”"
    return ""


@rule(
    "X23",
    Level.NOTE,
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
