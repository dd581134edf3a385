"""Rows that a document's tables lack, or have too many."""

from collections.abc import Iterator

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import NOTICE, Fault, Rule, rule
from reportgen.model.form import CellKey, Row, Table
from reportgen.model.keys import MORE_ITEMS
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_WHY = "格式是全国统一的；缺一行，读者不知道是没有还是漏了，多一行，各机关的数就不能汇总。"
_FIX = "补上缺的行（没有的填 0），删去多的行。"
_IN_FILE = in_clerks_file(
    "也可以在 YAML 里填上这些数，并删去“原文”下面的这一项。",
    f"也可以在工作表里填上这些数，并删去工作表“{MORE_ITEMS}”里“原文”的这一行。",
    "也可以在表里填上这些数，再到页面下方的“原文”里，删去“原文”一项下面的这一条。",
)


def _rows(table: Table) -> Iterator[tuple[Row, tuple[CellKey, ...]]]:
    """The rows of a table with their cells."""
    for block in table.blocks:
        for row in block.rows:
            yield row, tuple(CellKey(row.key, column.key) for column in block.columns)


def _faults(key: str, report: Report) -> Iterator[Fault]:
    """The rows missing from one table, as one fault, and those too many; nothing where the form is another.

    A row whose figures somebody has filled in since is not missing any more.
    """
    layout = report.layout
    if layout.basis is not None or not (layout.missing or layout.added):
        return
    table = next((each for each in report.form.tables if each.key == key), None)
    if table is None:
        return
    lost = [
        (row, cells)
        for row, cells in _rows(table)
        if row.key in layout.missing and not any(report.cells[cell].place for cell in cells)
    ]
    if lost:
        names = "、".join(row.name for row, _ in lost)
        yield Fault(
            f"“{table.name}”表缺少{len(lost)}行：{names}。",
            tuple(cells[0] for _, cells in lost),
            names,
            "没有找到",
            places=(layout.missing[lost[0][0].key].place,),
        )
    for own in layout.added.get(key, ()):
        yield Fault(
            f"“{table.name}”表多出一行，没有读入：{own.text}",
            (f"table.{key}",),
            "没有这一行",
            own.text,
            places=(own.place,),
        )


def _of_table(code: str, key: str, title: str, what: str) -> Rule:
    """The rule for the rows of one table."""
    page = rule(
        code, Level.ERROR, Ground.FORM, title, what, why=_WHY, basis=NOTICE, fix=_FIX, in_file=_IN_FILE
    )
    return page(lambda report, _: _faults(key, report))


rows_of_two = _of_table(
    "T2-09", "disclosure", "表二缺行或多出行", "主动公开的表，各部分的每一行都在，没有另加的行。"
)
rows_of_three = _of_table(
    "T3-05", "requests", "表三缺行或多出行", "申请的表，本年度格式的每一行都在，没有另加的行。"
)
parts_of_four = _of_table(
    "T4-05",
    "disputes",
    "表四缺少部分或多出行",
    "复议诉讼的表，行政复议、未经复议直接起诉、复议后起诉三个部分都在，没有另加的行。",
)
