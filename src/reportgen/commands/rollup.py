"""``rollup``: many units' reports of one year into one, with a workbook behind it."""

import hashlib
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.commands.options import (
    ensure_book_name,
    files,
    files_in,
    flag,
    matching,
    option,
    print_as_json,
    supplies,
    words,
    year,
)
from reportgen.commands.usage import Options, Usage, command
from reportgen.model.keys import FIELDS
from reportgen.paths import quoted, resolved, seems_folder, shown
from reportgen.problems import Exit, FileTrouble, Finding, Polished
from reportgen.store.disk import is_kept_copy

if TYPE_CHECKING:
    from reportgen.model.report import Report
    from reportgen.model.units import Roster, Unit, Units
    from reportgen.pipeline import Outcome, Supplies

_KINDS = frozenset({".yaml", ".yml", ".xlsx", ".docx", ".html", ".htm", ".zip"})
"""What is taken from a folder; other kinds are read where they are named."""
_MARK = re.compile(rb"# \xe6\xb1\x87\xe6\x80\xbb[^\n]*?([0-9a-f]{16})[^\n]*\n\Z")


@command(
    "rollup",
    "把各单位的年报加成一份汇总年报",
    "reportgen rollup 各单位 --organ 某县人民政府 --out 汇总.yaml --xlsx 汇总.xlsx",
    "reportgen rollup 各单位 --out 全县.yaml --roster 名单.xlsx --last 去年.yaml",
    "reportgen rollup 各单位 --why 申请.本年新收.总计",
)
@files("各单位的年报（.yaml .xlsx .docx .html）或归档包（.zip），也可以写文件夹、*.yaml")
@option("--out", metavar="文件", says="要写的汇总年报（YAML）")
@words("--organ", metavar="机关", says="汇总机关的全称（有 --last 时可省）")
@words("--level", metavar="级别", says="如 县级政府；省略则看机关的名称")
@option("--year", metavar="年度", says="只汇总这一年度的；省略则各单位的年度要相同", type=year)
@option("--roster", metavar="文件", says="应报送单位的名单（.yaml 或 .xlsx），可以写截止日期")
@option("--last", metavar="文件", says="去年的汇总年报，从中带出机关资料，并与它比较")
@option("--xlsx", metavar="文件", says="另写一份工作簿：各单位的数、合计、问题、缺报和图")
@words("--why", metavar="表.行.列", says="只说这一格来自哪些单位，不写文件")
@flag("--with-errors", says="有错误的年报也计入（会逐个写明）")
@flag("--force", says="汇总年报改过的，换上新的数，文字照旧，原来的另存一份")
@flag("--json", says="结果用 JSON 输出，供其他程序使用")
def rollup(options: Options) -> int:
    """Add units up; say which are missing, double or wrong; or say what a cell comes from."""
    _ensure_sensible(options)
    gathered = supplies(options, templates=False)
    units = _units(options, gathered)
    if options.why:
        return _tell_parts(options, units)
    return _Rolling(options, gathered, units).done()


def _ensure_sensible(options: Options) -> None:
    """See that the words fit together, before anything is read.

    Raises:
        Usage: they do not.
    """
    if options.why:
        return
    if not options.out or options.out.suffix.lower() not in (".yaml", ".yml"):
        raise Usage("请用 --out 写明汇总年报的文件名，以 .yaml 结尾，例如 --out 汇总.yaml。")
    if not options.organ and not options.last:
        raise Usage("请用 --organ 写明汇总机关的全称，例如 --organ 某县人民政府。")
    if options.xlsx:
        ensure_book_name(options.xlsx, "汇总.xlsx")


# ── what was handed in ───────────────────────────────────────────────────────────────────────────────


def _units(options: Options, gathered: "Supplies") -> "Units":
    """Everything that was handed in, weighed.

    Raises:
        Usage: there is nothing to add up, or nobody says of which year.
        FileTrouble: the roster cannot be read.
    """
    from reportgen.model.form import YearTooEarly, form_for, forms_of
    from reportgen.rollup import Asked
    from reportgen.rollup import gathered as weighed

    roster = _roster(options.roster, gathered) if options.roster else None
    units, unread = _handed_in(options, gathered)
    kind = forms_of(gathered.forms)[-1].name
    asked = _year(options, [unit for unit in units if unit.kind == kind], unread)
    try:
        form = form_for(asked, gathered.forms)
    except YearTooEarly as early:
        raise Usage(str(early)) from None
    return weighed(units, Asked(form, asked, roster, options.with_errors, options.organ), unread)


def _year(options: Options, units: Sequence["Unit"], unread: Sequence[tuple[str, str]]) -> int:
    if options.year:
        return int(options.year)
    years = sorted({unit.year for unit in units})
    if not years:
        told = "".join(f"\n  {file}：{why}" for file, why in unread)
        raise FileTrouble(f"没有读到一份年报，不能汇总。{told}")
    if len(years) > 1:
        first = {unit.year: unit.file for unit in reversed(units)}
        told = "，".join(f"{each}年度（如 {first[each]}）" for each in years)
        raise Usage(f"这些年报不是同一年度的：{told}。请用 --year 写明汇总哪一年度。")
    return years[0]


def _handed_in(options: Options, gathered: "Supplies") -> tuple[list["Unit"], list[tuple[str, str]]]:
    """The units' reports, without their texts; and files that gave none, each with the reason."""
    from reportgen.batch.work import few_garbage
    from reportgen.commands.progress import Progress
    from reportgen.store.units import unit_at

    units: list[Unit] = []
    unread: list[tuple[str, str]] = []
    paths = _files(options)
    with Progress(len(paths)) as progress:
        for path in paths:
            progress.begin(shown(path))
            try:
                found = unit_at(path, gathered)
            except FileTrouble as trouble:
                found = str(trouble)
            if isinstance(found, str):
                unread.append((shown(path), found))
            else:
                units.append(found)
            few_garbage()
            progress.done()
    return units, unread


def _files(options: Options) -> list[Path]:
    """The files that were meant, each once, but for those that this command writes and reads itself."""
    own = {resolved(path) for path in (options.out, options.xlsx, options.roster, options.last) if path}
    found = [path for word in matching(options.files) for path in _meant(word)]
    return list({resolved(path): path for path in found if resolved(path) not in own}.values())


def _meant(word: Path) -> list[Path]:
    if not seems_folder(word):
        return [word]
    return [path for path in files_in(word, _KINDS) if not is_kept_copy(path)]


def _roster(path: Path, gathered: "Supplies") -> "Roster":
    """Who has to hand in.

    Raises:
        FileTrouble: it cannot be read as a roster, with every fault of it.
    """
    from reportgen.commands.telling import tell
    from reportgen.store.units import roster_at

    roster, faults, lines = roster_at(path, gathered)
    if not roster or any(fault.is_error for fault in faults):
        raise FileTrouble(f"读不懂单位名单 {path}：\n{tell(faults, lines)}")
    return roster


def _tell_parts(options: Options, units: "Units") -> int:
    """Say what a cell adds up.

    Raises:
        Usage: there is no such cell.
    """
    from reportgen.rollup import NoSuchCell, cells_named, parts_as_data, parts_told

    try:
        keys = cells_named(units.form, options.why)
    except NoSuchCell as error:
        raise Usage(str(error)) from None
    if options.json:
        print_as_json({"cells": parts_as_data(units, keys)})
        return Exit.OK
    for line in parts_told(units, keys):
        print(line)
    return Exit.OK


# ── the report that they add up to ───────────────────────────────────────────────────────────────────


class _Rolling:
    """One roll-up on its way to its files."""

    def __init__(self, options: Options, gathered: "Supplies", units: "Units") -> None:
        from reportgen.examining import report_of
        from reportgen.rollup import About
        from reportgen.store import workspace

        self.options, self.units = options, units
        material = workspace.material(options.last) if options.last else None
        last = report_of(material, gathered) if material else None
        if material and last is None:
            raise FileTrouble(
                f"读不懂去年的汇总年报 {options.last}，请先运行 reportgen check {quoted(options.last)}"
            )
        self.last = last
        self.supplies = replace(gathered, last=material, certain=True, units=units)
        organ = options.organ or (last.organ.name if last else "")
        self.about = About(organ, self._level(organ), last)

    def _level(self, organ: str) -> str:
        from reportgen.chinese.organs import level_of as level_by_name
        from reportgen.commands.new import level_of

        told = self.last.organ.level if self.last else ""
        asked = self.options.level or told or level_by_name(organ)
        if not asked:
            raise Usage(f"请用 --level 写级别（{'、'.join(self.units.form.levels)}）。")
        return level_of(asked, self.units.form.levels)

    def done(self) -> int:
        """Write what there is to write and say what came of it; the exit code."""
        from reportgen.examining import examine
        from reportgen.pipeline import Material
        from reportgen.rollup import with_units
        from reportgen.store import workspace

        out: Path = self.options.out
        before = workspace.read_bytes(out) if out.exists() else None
        content, how = self._content(before)
        outcome = examine(Material(shown(out), content), self.supplies)
        if how == _KEPT and not self._is_same(outcome):
            content, how = self._renewed(content), _RENEWED
            outcome = examine(Material(shown(out), content), self.supplies)
        outcome = replace(outcome, findings=with_units(outcome.findings, self.units))
        book = self._book(outcome)
        saved = self._write({out: content} if content != before else {}, book, renewed=how == _RENEWED)
        blank = {} if how == _KEPT else _blank(outcome)
        findings = tuple(each for each in outcome.findings if not _is_about(each, blank))
        outcome = replace(outcome, findings=findings)
        tell = self._tell_as_json if self.options.json else self._tell
        tell(outcome, how, saved, blank)
        return Exit.FINDINGS if outcome.errors else Exit.OK

    def _tell(
        self, outcome: "Outcome", how: str, saved: Mapping[Path, Path], blank: Mapping[str, str]
    ) -> None:
        """Say what was found and written, and what a fresh file leaves to be written."""
        from reportgen.commands.outcomes import told

        kept = "".join(f"，原来的 {shown(path)} 另存为 {shown(backup)}" for path, backup in saved.items())
        print(told(outcome), end="")
        print(f"{how}  {shown(self.options.out)}（{_counted(self.units)}）{kept}")
        if self.options.xlsx and outcome.report:
            print(f"{_WRITTEN}  {shown(self.options.xlsx)}")
        if blank:
            names = "、".join(blank.values())
            print(f"还要您写：{names}。写好再运行：reportgen check {quoted(self.options.out)}")
        if outcome.errors:
            print(f"有 {outcome.errors} 个错误，这份汇总还不能用。")

    def _tell_as_json(
        self, outcome: "Outcome", how: str, saved: Mapping[Path, Path], blank: Mapping[str, str]
    ) -> None:
        """The same for another program, with all units."""
        from reportgen.commands.outcomes import as_json
        from reportgen.rollup import units_as_data

        paths = [self.options.out, *([self.options.xlsx] if self.options.xlsx and outcome.report else [])]
        told = as_json(outcome, None) | {
            "outputs": [str(path) for path in paths],
            "saved": [str(backup) for backup in saved.values()],
            "unchanged": how == _KEPT,
            "blank": list(blank.values()),
            "units": units_as_data(self.units),
            "errors": outcome.errors,
        }
        print_as_json(told)

    def _content(self, before: bytes | None) -> tuple[bytes, str]:
        """The file's bytes, and what is done: written anew, or kept as somebody edited it."""
        from reportgen import clerk_file
        from reportgen.rollup import drafted

        if before is None or _is_marked(before):
            return _marked(clerk_file.write(drafted(self.units, self.about), self.units.form)), _WRITTEN
        return before, _KEPT

    def _renewed(self, before: bytes) -> bytes:
        """A file that somebody edited, with the figures of these units and the words as they are.

        Raises:
            Polished: that was not asked for.
            FileTrouble: it cannot be read as a report.
        """
        from reportgen import clerk_file
        from reportgen.rollup import renewed
        from reportgen.sources import source_for

        out = shown(self.options.out)
        if not self.options.force:
            raise Polished(
                f"{out} 改过，里面的数或单位与这次汇总的不同，没有覆盖。要换上新的数、文字照旧，请加 --force"
                f"（原来的文件另存一份）；要重新写一份，请用 --out 换一个文件名。"
            )
        source = source_for("yaml")
        node, _ = source.read(before, out, self.supplies.forms) if source else (None, ())
        if node is None:
            raise FileTrouble(f"{self.options.out} 读不成年报，没有动它。请先改好，或移到别处。")
        return clerk_file.write(renewed(node, self.units, self.about), self.units.form).encode()

    def _is_same(self, outcome: "Outcome") -> bool:
        """True for a file that names these units and has their figures."""
        report = outcome.report
        return report is not None and report.adds_up and _is_of(report, self.units)

    def _book(self, outcome: "Outcome") -> bytes:
        """The workbook's bytes; empty where none is wanted or there is no report.

        Raises:
            Polished: somebody edited the one that is there.
        """
        xlsx: Path | None = self.options.xlsx
        if xlsx is None or outcome.report is None:
            return b""
        from reportgen.store import workspace
        from reportgen.workbook import Book, is_untouched, made

        if xlsx.exists() and not self.options.force and not is_untouched(workspace.read_bytes(xlsx)):
            raise Polished(
                f"{shown(xlsx)} 改过，没有覆盖。请换一个文件名，或加 --force（原来的文件另存一份）。"
            )
        return made(Book(self.units, outcome.report, outcome.findings, self.last))

    def _write(self, contents: dict[Path, bytes], book: bytes, *, renewed: bool) -> dict[Path, Path]:
        """Write all or nothing; files that somebody edited are kept under dated names, which come back."""
        from reportgen.store.storing import backup_of
        from reportgen.store.workspace import read_bytes, write_whole
        from reportgen.workbook import is_untouched

        edited = [path for path in contents if renewed]
        if book:
            contents[self.options.xlsx] = book
            there = self.options.xlsx.exists()
            edited += [self.options.xlsx] if there and not is_untouched(read_bytes(self.options.xlsx)) else []
        backups = {path: backup_of(path) for path in edited}
        write_whole({**{backup: read_bytes(path) for path, backup in backups.items()}, **contents})
        return backups


_WRITTEN, _RENEWED, _KEPT = "已写", "已换上新的数", "没有变化"


def _is_of(report: "Report", units: "Units") -> bool:
    """True for a report that names these units and has their figures."""
    named = (report.units, report.lacking) == (units.covered, units.lacking)
    return named and all(report.values[key] == total for key, total in units.totals.items())


def _counted(units: "Units") -> str:
    """How many units are added up, and how many should be and are not."""
    more = f"，还缺 {len(units.lacking)} 个" if units.lacking else ""
    roster = f"应报 {len(units.roster)} 个，" if units.roster is not None else ""
    return f"{roster}{len(units.counted)} 个单位相加{more}"


def _blank(outcome: "Outcome") -> dict[str, str]:
    """What a fresh file leaves for the clerk to write and is not written: the keys and the clerk's words."""
    report = outcome.report
    if report is None:
        return {}
    left = {} if report.date else {"date": FIELDS["date"]}
    return left | {
        passage.key: passage.name
        for passage in report.form.passages
        if passage.required and not report.prose.get(passage.key)
    }


def _is_about(finding: Finding, keys: Container[str]) -> bool:
    """True for a finding about nothing but these parts of a report."""
    return bool(finding.about) and all(about.partition(".")[0] in keys for about in finding.about)


# ── whether somebody edited the file since it was written here ───────────────────────────────────────


def _marked(text: str) -> bytes:
    """A file with a digest of itself at its end."""
    content = text.encode()
    return content + f"# 汇总写成以后没有改过，就可以自动更新（{_digest(content)}）\n".encode()


def _is_marked(content: bytes) -> bool:
    """True for a file that is as it was written here."""
    found = _MARK.search(content)
    return found is not None and found[1].decode() == _digest(content[: found.start()])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
