"""Rows that a document lacks or has too many, and tables of another year's form."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import NOTICE, YEARS, Context, Fault, rule
from reportgen.model.form import CellKey, Row, Table
from reportgen.model.report import Report
from reportgen.problems import Level

_WHY = "格式是全国统一的；缺一行，读者不知道是没有还是漏了，多一行，各机关的数就不能汇总。"
_FIX = "补上缺的行（没有的填 0），删去多的行。"
_IN_YAML = "也可以在 YAML 里填上这些数，并删去“原文”下面的这一项。"


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


@rule(
    "T2-09",
    Level.ERROR,
    title="表二缺行或多出行",
    what="主动公开的表，各部分的每一行都在，没有另加的行。",
    why=_WHY,
    basis=NOTICE,
    fix=_FIX,
    in_yaml=_IN_YAML,
)
def rows_of_two(report: Report, _context: Context) -> Iterator[Fault]:
    """Rows that table two lacks or has too many."""
    yield from _faults("disclosure", report)


@rule(
    "T3-05",
    Level.ERROR,
    title="表三缺行或多出行",
    what="申请的表，本年度格式的每一行都在，没有另加的行。",
    why=_WHY,
    basis=NOTICE,
    fix=_FIX,
    in_yaml=_IN_YAML,
)
def rows_of_three(report: Report, _context: Context) -> Iterator[Fault]:
    """Rows that table three lacks or has too many."""
    yield from _faults("requests", report)


@rule(
    "T4-05",
    Level.ERROR,
    title="表四缺少部分或多出行",
    what="复议诉讼的表，行政复议、未经复议直接起诉、复议后起诉三个部分都在，没有另加的行。",
    why=_WHY,
    basis=NOTICE,
    fix=_FIX,
    in_yaml=_IN_YAML,
)
def parts_of_four(report: Report, _context: Context) -> Iterator[Fault]:
    """Parts that table four lacks, or rows that it has too many."""
    yield from _faults("disputes", report)


@rule(
    "X01",
    Level.ERROR,
    title="表格是另一个年度的格式",
    what=f"{YEARS}用{NOTICE}的格式。",
    why="两种格式的行和列不同，用错了格式，数就填不到应有的地方。",
    basis=NOTICE,
    fix="换成本年度的格式重新填表；读出的数只是两种格式都有的那些。",
)
def other_form(report: Report, _context: Context) -> Iterator[Fault]:
    """Tables whose labels are those of another year's form."""
    own = report.layout.basis
    if own is not None and own.text != report.form.basis:
        message = f"{report.year}年度的年报用了{own.text}的表格，应当用{report.form.basis}的格式。"
        yield Fault(message, ("year",), report.form.basis, own.text, places=(own.place,))


# ── row labels that a document prints otherwise than the form ─────────────────────────────────────────

_SIGNS = re.compile(r"[\s、，。．.,:：;；()（）“”\"'‘’《》〈〉·\-—/]+")


@rule(
    "X20",
    Level.ERROR,
    title="表格的行名与规定的格式不同",
    what="表格每一行的名称与国务院办公厅的格式逐字相同；YAML 的“原文”里只有标点不同的，作为说明列出，"
    "读进来的文件里只有标点、空白不同的，当作相同。表头的列名不同的，读文件时就指出（R15）。",
    why="格式是全国统一的，改了行名，各机关的数就不能汇总和比较。",
    basis=NOTICE,
    fix="改成规定的行名，再核对这一行的数是不是按规定的含义统计的。",
    in_yaml="在 YAML 里删去“原文”的这个行名，就按规定的印。",
)
def changed_label(report: Report, _context: Context) -> Iterator[Fault]:
    """A row whose label has other words (an error), or only other signs (a note)."""
    for key, own in report.labels.items():
        for row, first in _labelled_rows(report, key):
            right = row[-1] if row else ""
            same = _SIGNS.sub("", own.text) == _SIGNS.sub("", right)
            yield Fault(
                f"行名“{own.text}”与规定的格式{'只有标点不同' if same else '不同'}。",
                (first,),
                right,
                own.text,
                places=(own.place,),
                level=Level.NOTE if same else None,
            )


def _labelled_rows(report: Report, key: str) -> Iterator[tuple[tuple[str, ...], CellKey]]:
    """The printed path and first cell of the row with this key."""
    for table in report.form.tables:
        for block in table.blocks:
            for row in block.rows:
                if row.key == key:
                    yield row.path, CellKey(key, block.columns[0].key)
