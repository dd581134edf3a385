"""Row labels that a document prints otherwise than the form."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import NOTICE, Context, Fault, rule
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Level

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
        for row, first in _rows(report, key):
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


def _rows(report: Report, key: str) -> Iterator[tuple[tuple[str, ...], CellKey]]:
    """The printed path and first cell of the row with this key."""
    for table in report.form.tables:
        for block in table.blocks:
            for row in block.rows:
                if row.key == key:
                    yield row.path, CellKey(key, block.columns[0].key)
