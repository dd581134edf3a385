"""``read``: an existing report as the clerk's YAML, or as a workbook to fill in."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.commands.options import (
    READ,
    command_for,
    ensure_clerks_name,
    file,
    is_book,
    option,
    print_data,
    supplies,
)
from reportgen.commands.usage import Options, command
from reportgen.problems import Exit

if TYPE_CHECKING:
    from reportgen.model.form import Form
    from reportgen.model.nodes import Mapping
    from reportgen.model.report import Report
    from reportgen.pipeline import Outcome

_OLD = ".doc .wps .odt .rtf .pdf"
"""The kinds that only this command takes."""
_LOST = frozenset({"F08", "F11", "F12", "F17", "F18"})
"""Faults of what no sheet has a place for: doubled, unknown, or of the wrong shape."""


@command(
    "read",
    "把已有的年报读成 YAML 文件或 Excel 工作簿",
    "reportgen read 2020.docx --out 2020.yaml",
    "reportgen read 2018.doc --out 2018.yaml",
    "reportgen read 网上下载的年报.pdf --out 2019.yaml",
    "reportgen read 2020.yaml --out 2020.xlsx",
)
@file(f"已有的年报（{READ} {_OLD}）；.doc .wps .odt .rtf 要有 LibreOffice，扫描的 PDF 读不了")
@option("--out", metavar="文件", says="要建的 .yaml 或 .xlsx 文件；省略则显示在屏幕上")
def read(options: Options) -> int:
    """Turn an existing report into the clerk's YAML, or into a workbook."""
    if options.out:
        ensure_clerks_name(options.out)
    from reportgen import clerk_file
    from reportgen.commands.outcomes import told
    from reportgen.old_files import read_once
    from reportgen.store import workspace

    gathered = supplies(options, templates=False)
    outcome = read_once(workspace.material(options.file), gathered)
    as_book = options.out is not None and is_book(options.out)
    if outcome.node is None or outcome.report is None or (as_book and _loses(outcome)):
        print(told(outcome), end="", file=sys.stderr)
        return Exit.FINDINGS
    if as_book:
        return _kept(options, book_of(outcome.node, outcome.report, gathered.forms), outcome)
    text = clerk_file.write(outcome.node, outcome.report.form, outcome.findings)
    if options.out:
        return _kept(options, text.encode(), outcome)
    print_data(text, end="")
    return Exit.OK


def _kept(options: Options, content: bytes, outcome: "Outcome") -> int:
    """Keep a file that was read, and say what to do with it."""
    from reportgen.commands.telling import summary
    from reportgen.store import workspace

    path: Path = options.out
    workspace.write_new(path, content)
    print(f"已读成 {path}：{summary(outcome.findings)}。")
    where = "用 Excel 或 WPS 打开核对" if is_book(path) else "打开核对有“核对”字样的地方"
    print(f"请{where}，再运行：{command_for(options, 'check', path)}")
    return Exit.OK


def book_of(
    node: "Mapping", report: "Report", forms: tuple["Form", ...], last: "Report | None" = None
) -> bytes:
    """A report as the workbook that a clerk fills in.

    Raises:
        FileTrouble: a paragraph is too long for a cell.
    """
    from reportgen.clerk_file.sheets import parted
    from reportgen.workbook import Filled, filled_in

    title = report.form.usual_title(report.organ.name, report.year)
    return filled_in(Filled(report.form, parted(node, report, forms), title, last))


def _loses(outcome: "Outcome") -> bool:
    """True, and told, where a report has what no sheet could hold."""
    lost = any(finding.code in _LOST for finding in outcome.findings)
    if lost:
        print("没有写成 .xlsx：有的内容放不进工作表。请先改好下面列出的错误。", file=sys.stderr)
    return lost
