"""Table three: what is possible but seldom right."""

import re
from collections.abc import Iterator
from decimal import Decimal

from reportgen.checks.contract import Context, Fault, numbered_part, rule
from reportgen.checks.identities import typed_places
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_MANY_PERSONS = 100
_MANY_OTHERS = 10
_FEW_LEFT = 5
_FEW_DONE = 10
_NONE_TAKEN = re.compile(
    r"(?:未|没有|无|不)(?:发出|产生|发生|收取|收到|涉及|存在)[^，。；]{0,12}(?:收费|信息处理费)"
    r"|(?:没有|无)(?:政府信息公开)?(?:收费|信息处理费)"
    r"|(?:收费|信息处理费)[^，。；]{0,6}(?:为零|为[0０]|(?<![0-9０-９.．])[0０零][元件份])"
)
_ASKED = re.compile(r"收费通知[^，。；]{0,8}[1-9１-９一二两三四五六七八九十]|(?:逾期|未按)[^，。；]{0,12}缴")
_NO_NOTICE = re.compile(r"收费通知[^，。；0-9０-９]{0,4}[0０零][件份]")
_OTHER_NAMED = re.compile(r"撤回|撤销|撤诉|其他处理[^，。；]{0,4}[（(]|终止|补正|缴")


@rule(
    "T3-06",
    Level.NOTE,
    Ground.PLAUSIBILITY,
    title="申请全部来自一类申请人",
    what="本年新收的申请全部填在一列里：自然人 100 件以上，其他各类 10 件以上的，请核对。",
    why="全部集中在一列，可能是没有分类统计，或者填错了列。",
    basis="国务院办公厅年报格式，表三",
    fix="核对申请人的类别；确是这样的，不用改。",
)
def one_kind_of_applicant(report: Report, _context: Context) -> Iterator[Fault]:
    """Many new applications, all of them in one column."""
    new = [key for key in report.cells if key.row == "new" and key.column != "total"]
    filled = [key for key in new if report.cells[key].value]
    if len(filled) != 1:
        return
    [key] = filled
    least = _MANY_PERSONS if key.column == "person" else _MANY_OTHERS
    if report.cells[key].value >= least:
        name = report.form.index[key][2].name
        message = f"本年新收的申请全部填在“{name}”一列。"
        yield Fault(message, (key,), "按申请人的类别分列", f"{name} {report.cells[key].value}，其他各列 0")


@rule(
    "T3-07",
    Level.WARNING,
    Ground.PROSE,
    title="有逾期未缴费的申请，却说没有收费",
    what="“逾期未缴费”有件数时，第六部分不说没有发出收费通知、没有收取信息处理费，而要写清收费的情况。",
    why="申请人逾期不缴费，说明发出过收费通知；收费情况要在第六部分报告。",
    basis="国办函〔2020〕109号；国办公开办函〔2021〕30号",
    fix="第六部分写明发出收费通知的件数和金额、实际收取的金额；或者核对“逾期未缴费”的件数。",
)
def fees_unpaid_and_unasked(report: Report, _context: Context) -> Iterator[Fault]:
    """Applications ended for want of a fee, in a report that says that no fee was asked."""
    key = CellKey("other_2", "total")
    unpaid = report.value(*key)
    if not unpaid or (_ASKED.search(report.words) and not _NO_NOTICE.search(report.words_of("others"))):
        return
    said = _NONE_TAKEN.search(report.words_of("others"))
    if said or (report.fees is not None and not report.fees[0] and "信息处理费" not in report.words):
        where = "others" if said else "fees"
        said_at = report.places.get(where)
        yield Fault(
            f"有 {unpaid} 件申请因逾期未缴费不再处理，{numbered_part(report.form, 'others')}却说没有收费。",
            (key, where),
            "写明发出收费通知的件数和金额",
            said[0] if said else "未收取信息处理费",
            places=(*typed_places(report, key), *((said_at,) if said_at else ())),
        )


@rule(
    "T3-08",
    Level.NOTE,
    Ground.PLAUSIBILITY,
    title="“其他”处理占比很大而没有说明",
    what="办结 10 件以上时，其他处理中的“其他”（试行格式为其他处理）超过三成的，正文要说明是什么情形。",
    why="“其他”只放不属于前面各种结果的，占比大，可能是归类不准；撤回申请等情形应当说明。",
    basis="国务院办公厅年报格式，表三",
    fix="核对归类；在第一部分说明，例如“其他处理12件，均为申请人主动撤回”。",
)
def much_other(report: Report, _context: Context) -> Iterator[Fault]:
    """A great part of the results is 其他, and the prose does not say what it is."""
    row = "other_3" if report.has("other_3", "total") else "other"
    other, total = report.value(row, "total"), report.value("total", "total")
    if total < _FEW_DONE or other * 10 <= total * 3 or _OTHER_NAMED.search(report.words):
        return
    key = CellKey(row, "total")
    name = report.form.index[key][1].name
    message = f"办结的申请中“{name}”超过三成，正文没有说明是什么情形。"
    found = f"{other} / {total} = {_percent(other, total)}"
    yield Fault(message, (key,), "不超过三成，或有说明", found, places=typed_places(report, key))


@rule(
    "T3-09",
    Level.NOTE,
    Ground.PLAUSIBILITY,
    title="结转下年度的申请很多",
    what="结转下年度 5 件以上，并且超过本年新收的一半的，请核对。",
    why="申请一般二十个工作日内答复，只有年底收到的才会转到下年。",
    basis="《条例》第三十三条",
    fix="核对结转的件数；确有延期、征求意见等原因的，不用改。",
)
def much_left(report: Report, _context: Context) -> Iterator[Fault]:
    """More applications carried out than can have come in the last weeks of the year."""
    left, new = report.value("carry_out", "total"), report.value("new", "total")
    if left >= _FEW_LEFT and left * 2 > new:
        about = (CellKey("carry_out", "total"), CellKey("new", "total"))
        expected = f"不超过本年新收 {new} 的一半"
        message, places = "结转下年度的申请超过本年新收的一半。", typed_places(report, *about)
        yield Fault(message, about, expected, f"结转下年度 {left}", places=places)


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{part * 100 / whole:.1f}%"
