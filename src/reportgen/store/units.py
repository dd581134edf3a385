"""The files of a roll-up's units: reports and archive packages, and the roster of who has to hand in."""

from collections.abc import Sequence
from pathlib import Path

from reportgen.advice import on_page
from reportgen.archiving.package import SHEET, check, opened
from reportgen.examining import Material, Supplies, examine
from reportgen.model.units import Roster, Unit, unit_of
from reportgen.paths import quoted, shown
from reportgen.problems import FileTrouble, Finding
from reportgen.rollup import roster_of, roster_of_rows
from reportgen.sources import source_for
from reportgen.store.workspace import material, read_bytes

_PREFERRED = ((".yaml", ".yml"), (".xlsx",), (".docx",), (".html", ".htm"))
"""Which file of a package says what its report says: the one that the others were made from."""


def unit_at(path: Path, supplies: Supplies) -> Unit | str:
    """What a file says of a unit; why it says nothing.

    Raises:
        FileTrouble: it cannot be read.
    """
    outcome = examine(_report_at(path), supplies)
    report = outcome.report
    if report is None:
        errors = [finding.message for finding in outcome.findings if finding.is_error]
        return errors[0] if errors else "里面没有年报"
    if report.year_is_assumed:
        return "没有写年度"
    if not report.organ.name:
        return "没有写机关"
    return unit_of(report, shown(path), outcome.findings)


def _report_at(path: Path) -> Material:
    """A report as it lies there, or the one within an archive package.

    Raises:
        FileTrouble: it cannot be read, or is a package that is not whole.
    """
    if path.suffix.lower() != ".zip":
        return material(path)
    package = opened(read_bytes(path))
    if not check(package).good:
        raise FileTrouble(
            "归档包不完整或改过，"
            + on_page(f"请运行 reportgen verify {quoted(path)}", "请向报送的单位要原来的归档包。")
        )
    names = sorted(name for name in package if not name.startswith(f"{SHEET}."))
    for suffixes in _PREFERRED:
        for name in names:
            if name.lower().endswith(suffixes):
                return Material(name, package[name])
    raise FileTrouble("归档包里没有能读的年报。")


def roster_at(path: Path, supplies: Supplies) -> tuple[Roster, tuple[Finding, ...], Sequence[str]]:
    """Who has to hand in, by a YAML file or the first sheet of a workbook.

    Returns:
        The roster; what is wrong with it; the lines that places count in, none for a workbook.

    Raises:
        FileTrouble: it cannot be opened.
    """
    given = material(path)
    if given.kind == "xlsx":
        from reportgen.workbook.reading import NoWorkbook, rows_of  # openpyxl, where there is a workbook

        try:
            return *roster_of_rows(rows_of(given.content), given.name), ()
        except NoWorkbook as error:
            raise FileTrouble(f"{path}：{error}") from error
    source = source_for("yaml")
    assert source is not None
    node, slips = source.read(given.content, given.name, supplies.forms)
    roster, faults = roster_of(node) if node else ((), ())
    return roster, (*slips, *faults), source.lines(given.content)
