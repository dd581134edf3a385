"""``ledger``: the ledger of applications (台账) into table three of a clerk's file."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.commands.options import option, path, words, year
from reportgen.commands.options import supplies as supplies_of
from reportgen.commands.usage import Options, Usage, command
from reportgen.paths import quoted, shown
from reportgen.problems import Exit, FileTrouble

if TYPE_CHECKING:
    from reportgen.ledger import Counted
    from reportgen.model.form import Form
    from reportgen.model.report import Report
    from reportgen.pipeline import Supplies

_MOST_TOLD = 60
"""So many rows that are not understood are told one by one."""
_LEFT_OUT = re.compile(r"(?:(.+)[!！])?(\d{1,6})(?:-(\d{1,6}))?")


@command(
    "ledger",
    "按依申请公开台账填“申请”表（表三）",
    "reportgen ledger 台账.xlsx --into 2025.yaml",
    "reportgen ledger 台账.xlsx --year 2025            只看结果，不写文件",
    "reportgen ledger 台账.xlsx --into 2025.yaml --leave-out 58,60-62",
)
@click.argument("file", type=path, metavar="台账")
@option("--into", metavar="文件", says="要填的 YAML 年报；原来的文件另存一份，别的内容一个字不动")
@option("--year", metavar="年度", says="没有 --into 时，统计哪一年", type=year)
@words("--leave-out", metavar="行号", says="不是申请的行（小计、备注），如 58,60-62 或 二季度!9")
def ledger(options: Options) -> int:
    """Count the rows of a ledger and write them into table three, unless a row is unclear."""
    from reportgen.ledger import counted
    from reportgen.model.form import YearTooEarly, form_for
    from reportgen.store import workspace
    from reportgen.workbook import NoWorkbook, sheets_of

    _ensure_sensible(options)
    gathered = supplies_of(options, templates=False)
    report = _report(options.into, gathered) if options.into else None
    asked = report.year if report else options.year
    try:
        form = form_for(asked, gathered.forms)
        sheets = sheets_of(workspace.read_bytes(options.file))
    except YearTooEarly as early:
        raise Usage(str(early)) from None
    except NoWorkbook as error:
        raise FileTrouble(f"{shown(options.file)}：{error}") from error
    found = counted(sheets, shown(options.file), form, asked, _left_out(options.leave_out))
    _tell(found, form, asked)
    if found.unclear or not found.columns:
        _tell_unclear(found, options)
        return Exit.FINDINGS
    if options.into is None or report is None:
        return Exit.OK
    return _write(options.into, found, report, gathered)


def _ensure_sensible(options: Options) -> None:
    if options.into is None and options.year is None:
        raise Usage("请用 --into 写明要填的年报，例如 --into 2025.yaml；只想看看结果，用 --year 写明年度。")
    if options.into and options.year:
        raise Usage("有 --into 时，年度看年报里写的，不用再写 --year。")
    if options.into and options.into.suffix.lower() not in (".yaml", ".yml"):
        raise Usage(
            "--into 只能是 YAML 年报。用 Excel 填的，先运行 reportgen read 2025.xlsx --out 2025.yaml。"
        )


def _report(into: Path, gathered: "Supplies") -> "Report":
    from reportgen.examining import report_of
    from reportgen.store import workspace

    report = report_of(workspace.material(into), gathered)
    if report is None:
        raise FileTrouble(f"读不懂年报 {shown(into)}，请先运行 reportgen check {quoted(into)}")
    return report


def _left_out(typed: str) -> frozenset[tuple[str, int]]:
    """The rows that a clerk says are no applications: their sheet, empty for any, and their number.

    Raises:
        Usage: what was typed names no rows.
    """
    rows: set[tuple[str, int]] = set()
    for word in filter(None, re.split(r"[,，、;；\s]+", typed)):
        found = _LEFT_OUT.fullmatch(word)
        if not found:
            raise Usage(f"--leave-out 里的“{word}”读不懂，请写行号，如 58,60-62，或 二季度!9。")
        first = int(found[2])
        last = int(found[3] or first)
        if last - first > 10_000:
            raise Usage(f"--leave-out 里的“{word}”行数太多，请检查。")
        rows |= {(found[1] or "", number) for number in range(first, last + 1)}
    return frozenset(rows)


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────


def _tell(found: "Counted", form: "Form", asked: int) -> None:
    from reportgen.ledger import TABLE_ROWS

    for sheet, columns in found.columns:
        told = "，".join(f"{column}＝{cell}“{head}”" for column, (head, cell) in columns.items())
        print(f"工作表“{sheet}”：{told}")
    for row in found.unread:
        print(f"{row.place.words}：{row.why}。")
    names = {row.key: row.names[-1] for _, row, _ in form.cells()}
    done = found.rows - found.of("carry_out")
    figures = {key: done if key == "total" else found.of(key) for key in TABLE_ROWS}
    said = "，".join(f"{names[key]} {number}" for key, number in figures.items())
    print(f"{asked}年度计 {found.rows} 件：{said}。")
    for number, why in (
        (found.later, f"{asked}年以后收到的"),
        (found.earlier, f"{asked}年以前已经答复的"),
        (found.left_out, "用 --leave-out 去掉的"),
    ):
        if number:
            print(f"{why}有 {number} 行，没有计入。")


def _tell_unclear(found: "Counted", options: Options) -> None:
    if not found.columns:
        print("没有一张工作表有台账的表头：要有申请人类型、收到日期、办理结果、答复日期这四列。")
        return
    for row in found.unclear[:_MOST_TOLD]:
        print(f"{row.place.words}：{row.why}。")
    if len(found.unclear) > _MOST_TOLD:
        print(f"……另有 {len(found.unclear) - _MOST_TOLD} 处。")
    kept = "没有写文件。" if options.into else ""
    print(
        f"有 {len(found.unclear)} 处读不懂，{kept}请在台账里改好再运行；"
        "不是申请的行（小计、备注），用 --leave-out 写明行号。"
    )


# ── what is written ──────────────────────────────────────────────────────────────────────────────────


def _write(into: Path, found: "Counted", report: "Report", gathered: "Supplies") -> int:
    """Change the cells that differ, and nothing else, in the clerk's file."""
    from reportgen.safe.decoding import text_of
    from reportgen.sources.yaml.editing import edited
    from reportgen.sources.yaml.targets import Change, EditRefused
    from reportgen.store import workspace

    content = workspace.read_bytes(into)
    text, _ = text_of(content, shown(into))
    changes = _changes(found, report)
    told = [(label, before, after) for _, label, before, after in changes]
    try:
        assert text is not None  # it was read as a report a moment ago
        asked = [Change(key, after) for key, _, _, after in changes]
        after = edited(text, asked, report.form, gathered.forms) if asked else text
    except EditRefused as refused:
        raise FileTrouble(f"{shown(into)}：{refused}没有改动。") from refused
    if not changes:
        print(f"没有要改的：{shown(into)} 的“申请”表与台账相同。")
        return Exit.OK
    backup = workspace.put_in_place(into, content, after)
    for label, was, now in told:
        print(f"  {label}：{was} → {now}")
    print(f"已改 {shown(into)}，共 {len(told)} 处；原来的另存为 {shown(backup)}")
    print(f"请核对，再运行：reportgen check {quoted(into)}")
    return Exit.OK


def _changes(found: "Counted", report: "Report") -> list[tuple[str, str, str, str]]:
    """What differs: the key of the change, the cell's label, what stands there and what shall."""
    from reportgen.ledger import table_of
    from reportgen.model.keys import ALL_ZERO

    table = table_of(report.form)
    assert table is not None  # every form has one, or nothing was counted
    there = f"table.{table.key}" in report.places
    if not there and not any(found.cells.values()):
        return [(f"table:{table.key}", table.name, "没有写", ALL_ZERO)]
    due = {key: found.cells[key] for key in found.cells}
    for total, parts in report.form.parts.items():  # a total that was typed is put right, none is added
        if all(part in due for part in parts):
            due[total] = sum(due[part] for part in parts)
    changes = []
    for key in report.form.index:
        figure = report.cells[key]
        typed = figure.place is not None or key in found.cells
        if key in due and typed and (figure.number is None or figure.value != due[key]):
            changes.append((f"cell:{key}", report.form.label(key), figure.text or "空", str(due[key])))
    return changes
