"""``read``: an existing report as the clerk's YAML."""

import sys

from reportgen.commands.options import READ, ensure_yaml_name, file, option, print_data, supplies
from reportgen.commands.usage import Options, command
from reportgen.paths import quoted
from reportgen.problems import Exit

_OLD = ".doc .wps .odt .rtf .pdf"
"""The kinds that only this command takes."""


@command(
    "read",
    "把已有的年报读成 YAML 文件",
    "reportgen read 2020.docx --out 2020.yaml",
    "reportgen read 2018.doc --out 2018.yaml",
    "reportgen read 网上下载的年报.pdf --out 2019.yaml",
)
@file(f"已有的年报（{READ} {_OLD}）；.doc .wps .odt .rtf 要有 LibreOffice，扫描的 PDF 读不了")
@option("--out", metavar="文件", says="要建的 YAML 文件；省略则显示在屏幕上")
def read(options: Options) -> int:
    """Turn an existing report into the clerk's YAML."""
    if options.out:
        ensure_yaml_name(options.out)
    from dataclasses import replace

    from reportgen import clerk_file
    from reportgen.commands.outcomes import told
    from reportgen.commands.telling import summary
    from reportgen.old_files import ready
    from reportgen.pipeline import Outcome, examine
    from reportgen.store import workspace

    material, notes = ready(workspace.material(options.file))
    if any(each.is_error for each in notes):
        outcome = Outcome(material, findings=notes)
    else:
        outcome = examine(material, replace(supplies(options, templates=False), notes=notes, once=True))
    if outcome.node is None or outcome.report is None:
        print(told(outcome), end="", file=sys.stderr)
        return Exit.FINDINGS
    text = clerk_file.write(outcome.node, outcome.report.form, outcome.findings)
    if not options.out:
        print_data(text, end="")
        return Exit.OK
    workspace.write_new(options.out, text.encode())
    print(f"已读成 {options.out}：{summary(outcome.findings)}。")
    print(f"请打开核对有“核对”字样的地方，再运行：reportgen check {quoted(options.out)}")
    return Exit.OK
