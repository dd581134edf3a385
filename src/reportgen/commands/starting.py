"""``new`` and ``read``: where a clerk's file comes from."""

import sys
from argparse import Namespace
from datetime import date
from pathlib import Path

from reportgen import clerk_file
from reportgen.commands.options import Usage, supplies
from reportgen.commands.showing import told
from reportgen.commands.telling import summary
from reportgen.model.form import YearTooEarly, form_for
from reportgen.model.report import Report
from reportgen.paths import quoted
from reportgen.pipeline import Supplies, examine
from reportgen.problems import Exit, FileTrouble
from reportgen.store import workspace


def new(options: Namespace) -> int:
    """Write a commented starting file."""
    gathered = supplies(options, templates=False)
    _ensure_sensible(options, gathered.today or date.today())
    last = _last(options.last, gathered) if options.last else None
    organ = options.organ or (last.organ.name if last else "")
    level = options.level or (last.organ.level if last else "")
    try:
        form = form_for(options.year, gathered.forms)
    except YearTooEarly as early:
        raise Usage(str(early)) from None
    if level and level not in form.levels:
        raise Usage(f"没有“{level}”这个级别，可以是：{'、'.join(form.levels)}。")
    if not organ or not level:
        raise Usage(f"请用 --organ 写机关全称，用 --level 写级别（{'、'.join(form.levels)}）。")
    text = clerk_file.starting_file(form, organ, level, options.year, last)
    workspace.write_new(options.file, text.encode())
    print(f"已建好 {options.file}（{form.basis} 的格式）。")
    for sentence in clerk_file.not_carried(organ, options.year, last) if last else ():
        print(f"注意：{sentence}")
    print(f"请用记事本打开填写，再运行：reportgen check {quoted(options.file)}")
    return Exit.OK


def _ensure_sensible(options: Namespace, today: date) -> None:
    """See that the file's name and the year are such that a report can come of them."""
    if options.file.suffix.lower() not in (".yaml", ".yml"):
        name = Path(options.file.stem or "年报").with_suffix(".yaml")
        raise Usage(f"要建的是 YAML 文件，文件名要以 .yaml 结尾，例如 {name}。")
    if options.year > today.year + 1:
        raise Usage(f"--year 写的是{options.year}年，还没有到。今年是{today.year}年，请检查年份。")


def _last(path: Path, gathered: Supplies) -> Report:
    outcome = examine(workspace.material(path), gathered)
    if outcome.report is None:
        print(told(outcome), end="", file=sys.stderr)
        raise FileTrouble(f"读不懂去年的年报 {path}，见上面的说明。")
    return outcome.report


def read(options: Namespace) -> int:
    """Turn an existing report into the clerk's YAML."""
    outcome = examine(workspace.material(options.file), supplies(options, templates=False))
    if outcome.node is None or outcome.report is None:
        print(told(outcome), end="", file=sys.stderr)
        return Exit.FINDINGS
    text = clerk_file.write(outcome.node, outcome.report.form, outcome.findings)
    if not options.out:
        print(text, end="")
        return Exit.OK
    workspace.write_new(options.out, text.encode())
    print(f"已读成 {options.out}：{summary(outcome.findings)}。")
    print(f"请打开核对有“核对”字样的地方，再运行：reportgen check {quoted(options.out)}")
    return Exit.OK
