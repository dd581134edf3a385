"""``new``: a commented starting file, with what last year's report hands on."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.commands.options import (
    command_for,
    ensure_clerks_name,
    file,
    is_book,
    option,
    supplies,
    words,
    year,
)
from reportgen.commands.usage import Options, Usage, command
from reportgen.model.keys import meant
from reportgen.problems import Exit, FileTrouble

if TYPE_CHECKING:
    from reportgen.model.form import Form
    from reportgen.model.report import Report
    from reportgen.pipeline import Supplies


@command(
    "new",
    "开一份新年报（YAML 文件或 Excel 工作簿）",
    "reportgen new 2025.yaml --year 2025 --organ 某县某镇人民政府 --level 乡镇",
    "reportgen new 2025.yaml --year 2025 --last 2024.yaml",
    "reportgen new 2025.xlsx --year 2025 --last 2024.xlsx",
    "reportgen --templates 本单位模板 new 2025.yaml --year 2025 --kind 会议纪要 --organ 某县某局",
)
@file("要建的 .yaml 或 .xlsx 文件，不能已经存在")
@option("--year", metavar="年度", says="数据所属的年份，必须写", type=year, required=True)
@words("--organ", metavar="机关", says="机关全称（有 --last 时可省）")
@words("--level", metavar="级别", says="如 乡镇、县级部门（有 --last 时可省）")
@words("--kind", metavar="文种", says="写全名或其中几个字；省略则是政府信息公开工作年度报告")
@option("--last", metavar="文件", says="去年的年报，从中带出机关资料和结转数")
def new(options: Options) -> int:
    """Write a commented starting file."""
    from reportgen import clerk_file
    from reportgen.model.form import YearTooEarly, form_for
    from reportgen.store import workspace

    gathered = supplies(options, templates=False)
    _ensure_sensible(options, gathered.today or date.today())
    last = _last(options.last, gathered) if options.last else None
    organ = options.organ or (last.organ.name if last else "")
    kind = kind_of(options.kind, gathered.forms) if options.kind else last.form.kind if last else ""
    try:
        form = form_for(options.year, gathered.forms, kind)
    except YearTooEarly as early:
        raise Usage(str(early)) from None
    asked = options.level or (last.organ.level if last else "")
    if not organ or not (asked or not form.levels):
        levels = f"，用 --level 写级别（{'、'.join(form.levels)}）" if form.levels else ""
        raise Usage(f"请用 --organ 写机关全称{levels}。")
    level = level_of(asked, form.levels) if form.levels else ""
    text = clerk_file.starting_file(form, organ, level, options.year, last)
    content = _book(text, gathered, last) if is_book(options.file) else text.encode()
    workspace.write_new(options.file, content)
    print(f"已建好 {options.file}（{form.basis} 的格式）。")
    for sentence in clerk_file.not_carried(organ, options.year, last) if last else ():
        print(f"注意：{sentence}")
    tool = " Excel 或 WPS " if is_book(options.file) else "记事本"
    print(f"请用{tool}打开填写，再运行：{command_for(options, 'check', options.file)}")
    return Exit.OK


def kind_of(typed: str, forms: Sequence["Form"], option: str = "--kind") -> str:
    """The kind of document that was meant: by its name, or by a part that no other has.

    Raises:
        Usage: there is none, or there are several.
    """
    names = {form.name: form.kind for form in forms}
    fits = {form.kind for form in forms if typed in (form.kind, form.name, *form.also)}
    fits = fits or {kind for name, kind in names.items() if typed in name}
    if len(fits) != 1:
        said = f"“{typed}”可以是几个文种，请写全" if fits else f"没有“{typed}”这个文种"
        raise Usage(f"{option} 里的{said}。可以写：{'、'.join(names)}。")
    return fits.pop()


def level_of(typed: str, levels: Sequence[str]) -> str:
    """The level that was meant: one of the form's, or a part of one alone, such as 乡镇 or 县政府.

    Raises:
        Usage: there is none, or there are several.
    """
    fits = meant(typed, levels)
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise Usage(f"--level 写的“{typed}”可以是{'、'.join(fits)}，请写全。")
    raise Usage(f"没有“{typed}”这个级别，可以是：{'、'.join(levels)}。")


def _ensure_sensible(options: Options, today: date) -> None:
    """See that the file's name and the year are such that a report can come of them."""
    ensure_clerks_name(options.file)
    if options.year > today.year + 1:
        raise Usage(f"--year 写的是{options.year}年，还没有到。今年是{today.year}年，请检查年份。")


def _book(text: str, gathered: "Supplies", last: "Report | None") -> bytes:
    """A starting file as a workbook, with last year's figures on sheets of their own."""
    from reportgen.commands.read import book_of
    from reportgen.pipeline import Material, examine

    outcome = examine(Material("2025.yaml", text.encode()), gathered)
    assert outcome.node is not None and outcome.report is not None  # the program wrote it a moment ago
    return book_of(outcome.node, outcome.report, gathered.forms, last)


def _last(path: Path, gathered: "Supplies") -> "Report":
    from reportgen.commands.outcomes import told
    from reportgen.pipeline import examine
    from reportgen.store import workspace

    outcome = examine(workspace.material(path), gathered)
    if outcome.report is None:
        print(told(outcome), end="", file=sys.stderr)
        raise FileTrouble(f"读不懂去年的年报 {path}，见上面的说明。")
    return outcome.report
