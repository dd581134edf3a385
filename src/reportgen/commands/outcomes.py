"""What came of reports, on the screen or as JSON."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from reportgen.commands.options import ensure_book_name, print_as_json, print_data
from reportgen.commands.telling import counted, tell
from reportgen.commands.usage import Options
from reportgen.model.report import Report
from reportgen.paths import shown
from reportgen.pipeline import Outcome
from reportgen.problems import Exit, Failure, Level, Polished, TemplateBroken, ToolFailed, short
from reportgen.safe.decoding import WIDTHLESS
from reportgen.store import manifest, workspace
from reportgen.store.workspace import Fixed, Written

if TYPE_CHECKING:  # openpyxl takes longer to load than a report to be checked
    from reportgen.workbook.summary import Summary

_LONGEST_NAME = 60
_MOST = 50
"""Reports that the summary on the screen lists."""


def told(outcome: Outcome) -> str:
    """The findings and failures of one report."""
    report = outcome.report
    who = _whose(report) if report else "没有读成年报"
    lines = outcome.material.lines if outcome.findings else ()
    told = tell(outcome.findings, lines) if outcome.findings else ""
    compared = "".join(
        f"  与{what}比较：{material.name}\n"
        for what, material in (("去年", outcome.last), ("生成时", outcome.origin))
        if material
    )
    failures = "".join(_failed(failure) for failure in outcome.failures)
    return f"{outcome.material.name}  {who}\n{compared}{told and chr(10) + told}{failures}"


_SIGNS_SHOWN = str.maketrans({"\t": "⇥", "\u3000": "□"})


def fixed_told(path: Path, fixed: Fixed) -> str:
    """What was mended in a clerk's file, line by line, as it was and as it is."""
    if fixed.backup is None:
        return f"{shown(path)}  没有能自动改的，文件没有动。\n"
    shown_before = [WIDTHLESS.sub("¦", mend.before.translate(_SIGNS_SHOWN)) for mend in fixed.mends]
    signs = "".join(
        f"（{sign} 是{name}）"
        for sign, name in (("⇥", "制表符"), ("□", "全角空格"), ("¦", "看不见的字符"))
        if any(sign in line for line in shown_before)
    )
    what = [f"{len(fixed.mends)} 行"] if fixed.mends else []
    what += [f"编码由 {fixed.coding} 改为 UTF-8"] if fixed.coding else []
    head = f"已改 {shown(path)}：{'，'.join(what)}。原来的文件另存为 {shown(fixed.backup)}{signs}\n"
    lines = (
        f"  第{mend.line}行  {before}\n{'改为':>{len(str(mend.line)) + 2}}  {mend.after}\n"
        for mend, before in zip(fixed.mends, shown_before, strict=True)
    )
    return head + "".join(lines) + "\n"


def fixed_as_json(fixed: Fixed) -> dict[str, object]:
    """What JSON says of a file that was to be mended, beside what it says of the report."""
    return {
        "mends": [mend._asdict() for mend in fixed.mends],
        "coding": fixed.coding,
        "backup": shown(fixed.backup) if fixed.backup else None,
    }


def _whose(report: Report) -> str:
    year = "年度不明" if report.year_is_assumed else f"{report.year}年度"
    name = report.organ.name
    named = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"{named}{year}（{report.form.basis}）"


def _failed(failure: Failure) -> str:
    faults = tell(failure.faults, ()) if isinstance(failure, TemplateBroken) else ""
    return f"{failure}\n{faults}"


def briefly(outcome: Outcome, how: str) -> str:
    """One quiet line about a report of many that is in order; of another all that was found."""
    if outcome.findings or outcome.failures or outcome.report is None:
        return told(outcome)
    return f"{outcome.material.name}  {_whose(outcome.report)}  {how}\n"


def print_files(outcome: Outcome, written: Written | None, *, unchanged: bool = False) -> None:
    """Say which files were made, refused or are stale."""
    if outcome.refused:
        kinds_refused = "、".join(kind.upper() for kind in outcome.refused)
        if outcome.printed:
            print(f"有错误，没有采用 {outcome.printed.name}，什么都没有写。")
        else:
            print(f"有错误，没有生成 {kinds_refused}。改好再运行；只想先看样子，请加 --draft。")
    if written is None:
        if outcome.report and not outcome.refused and not outcome.failures:
            print(
                f"没有要生成的：这份文件已经是 .{outcome.material.kind}，不用再生成。要 PDF，请加 --to pdf。"
            )
        return
    for kind, path in written.files.items():
        print(f"{'草稿' if outcome.draft else '没有变化' if unchanged else '已生成'}  {path}")
        for line in manifest.in_words(outcome.facts.get(kind, {})):
            print(f"        {line}")
    for line in _also(outcome, written):
        print(line)


def _also(outcome: Outcome, written: Written) -> Iterator[str]:
    """What is to be said of files beside those that were made."""
    if written.instead:
        now = Path(outcome.material.name).name
        yield f"说明  这里的文件原来由 {written.instead} 生成，这次由 {now} 重新生成"
    if written.final:
        yield "说明  这份年报没有错误，正式的文件没有动；草稿另放在名字带“（草稿）”的文件里"
    for path, backup in written.saved.items():
        yield f"说明  修改过的 {shown(path)} 没有丢，另存为 {backup}"
    for path in written.stale:
        yield f"注意  {path} 是以前生成的，与这次的内容不一致"
    for path in written.outsigned:
        yield f"注意  {path} 签的是以前的 PDF，不是这次的；请把它移走，对新的 PDF 重新签名"


class Unit(NamedTuple):
    """What is kept of a report for the summary.

    Attributes:
        file: its name.
        organ: whose it is; empty where it was not read.
        year: of the report; 0 where it was not read.
        levels: how many findings there are of each level.
        failed: why something was not done; empty where nothing failed.
        how: what was done: 做成, 没有变化, 草稿 …; see ``done_with``.
    """

    file: str
    organ: str
    year: int
    levels: Counter[Level]
    failed: str
    how: str


class Tally:
    """How it went over all reports: counts, and those that were not in order. No report is kept in memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self.reports = 0
        self.failed = 0
        self.unread = 0
        self.unchanged = 0
        self.levels: Counter[Level] = Counter()
        self.rules: dict[str, Rule] = {}
        self.wrong = 0
        self._told: list[Unit] = []
        self._codes: set[int] = {Exit.OK}
        self._made = self._tool_failed = False
        self.files: list[dict[str, object]] = []

    def add(self, outcome: Outcome, *, unchanged: bool = False) -> Unit:
        """Count a report."""
        self.reports += 1
        self.unchanged += unchanged
        self.failed += bool(outcome.failures) and outcome.report is not None
        self.unread += bool(outcome.failures) and outcome.report is None
        self.levels.update(finding.level for finding in outcome.findings)
        for code in dict.fromkeys(finding.code for finding in outcome.findings):
            of_code = [finding for finding in outcome.findings if finding.code == code]
            self.rules[code] = self.rules.get(code, Rule(code, of_code[0].message)).more(len(of_code))
        self._codes.add(Exit.FINDINGS if outcome.errors else Exit.OK)
        for failure in outcome.failures:
            self._codes.add(Exit.FINDINGS if isinstance(failure, ToolFailed) else failure.exit_code)
            self._tool_failed |= isinstance(failure, ToolFailed)
        whole = not (outcome.failures or outcome.refused or outcome.draft)
        self._made |= whole and bool(outcome.files or unchanged)
        unit = _unit(outcome, unchanged=unchanged)
        if unit.failed or unit.levels[Level.ERROR]:
            self.wrong += 1
            if self.wrong <= _MOST:
                self._told.append(unit)
        return unit

    @property
    def gravest(self) -> int:
        """The exit code: the gravest failure's, else 1 for an error in a report, else 0.

        A tool that failed on some reports and did others is sound: the fault is the report's.
        """
        broken = {Exit.TOOL_MISSING} if self._tool_failed and not self._made else set()
        return max(self._codes | broken)

    def keep(self, told: dict[str, object]) -> None:
        """Keep what JSON will say of a report."""
        self.files.append(told)

    def end(self, *, json: bool) -> int:
        """Say how it went; the exit code: the gravest failure's, else 1 for an error in a report, else 0."""
        if json:
            print_json(self)
        else:
            many = f"共 {self.reports} 份年报：" if self.reports > 1 else "结果："
            print(f"{many}{'；'.join(self._parts())}。")
        return self.gravest

    def tell_wrong(self) -> None:
        """List what was wrong with whom, and which rules found how much."""
        if self.wrong:
            print("\n按单位：")
        for unit in self._told:
            print(f"  {unit.organ or unit.file}  {unit.failed or counted(unit.levels)}  {unit.file}")
        if self.wrong > _MOST:
            print(f"  …… 另有 {self.wrong - _MOST} 份（加 --xlsx 看全部）")
        if self.rules:
            print("按规则：")
        for rule in sorted(self.rules.values(), key=lambda each: (-each.reports, each.code)):
            print(f"  {rule.code}  {rule.reports} 份 {rule.found} 条  如：{short(rule.example)}")
        print()

    def _parts(self) -> Iterator[str]:
        """What was found, and how many were not read or not made; none is called sound that was not read."""
        if self.reports > self.unread:
            yield ("" if self.levels or not self.unread else "其余") + counted(self.levels)
        if self.unread:
            yield f"{self.unread} 份没有读成"
        if self.failed:
            yield f"{self.failed} 份没有全部做成"
        if self.unchanged and self.reports > 1:
            yield f"{self.unchanged} 份没有变化，没有重做"


class Rule(NamedTuple):
    """What a rule found over all reports: in how many, how often, and one of its messages."""

    code: str
    example: str
    reports: int = 0
    found: int = 0

    def more(self, count: int) -> "Rule":
        """The same with a further report."""
        return self._replace(reports=self.reports + 1, found=self.found + count)


def _unit(outcome: Outcome, *, unchanged: bool) -> Unit:
    report = outcome.report
    failed = "；".join(str(failure).partition("\n")[0] for failure in outcome.failures)
    return Unit(
        outcome.material.name,
        report.organ.name if report else "",
        report.year if report else 0,
        Counter(finding.level for finding in outcome.findings),
        failed,
        "没有变化" if unchanged else done_with(outcome),
    )


def done_with(outcome: Outcome) -> str:
    """What was done with a report, in a few words."""
    if outcome.report is None:
        return "没有读成"
    if outcome.failures:
        return "没有全部做成"
    made = "、".join(kind.upper() for kind in outcome.files)
    if outcome.draft:
        return f"草稿 {made}"
    return f"已生成 {made}" if made else "已检查"


def print_json(tally: Tally) -> None:
    """Print one object: every file with its findings and outputs, and the counts."""
    counts = {"errors": tally.levels[Level.ERROR], "warnings": tally.levels[Level.WARNING]}
    print_as_json({"files": tally.files, **counts})


def as_json(outcome: Outcome, written: Written | None) -> dict[str, object]:
    """What JSON says of a report."""
    report = outcome.report
    return {
        "file": outcome.material.name,
        "form": report.form.id if report else None,
        "organ": report.organ.name if report else None,
        "year": report.year if report else None,
        "last": outcome.last.name if outcome.last else None,
        "origin": outcome.origin.name if outcome.origin else None,
        "findings": [finding.as_json() for finding in outcome.findings],
        "outputs": [str(path) for path in written.files.values()] if written else [],
        "stale": [str(path) for path in (*written.stale, *written.outsigned)] if written else [],
        "saved": [str(path) for path in written.saved.values()] if written else [],
        "proofs": {kind: dict(facts) for kind, facts in outcome.facts.items()},
        "failures": [str(failure) for failure in outcome.failures],
    }


class Results:
    """Tells what comes of each report of a run, as it was asked for, and in the end of all."""

    def __init__(self, options: Options, files: int, *, many: bool, making: bool = False) -> None:
        """Take what was asked for.

        Args:
            options: ``json``, ``jsonl`` and ``xlsx`` are asked.
            files: how many there are.
            many: True for one quiet line for each report that is in order, and a summary.
            making: True where files are made, which are told, too.

        Raises:
            Polished: somebody edited the workbook that would be replaced.
        """
        self._options, self._files, self._many, self._making = options, files, many, making
        self.tally = Tally()
        self._summary = _new_summary(options.xlsx) if options.xlsx else None

    def tell(
        self,
        outcome: Outcome,
        written: Written | None = None,
        more: Mapping[str, object] = MappingProxyType({}),
        *,
        unchanged: bool = False,
    ) -> None:
        """Tell what came of a report; ``more`` is what JSON says beside."""
        unit = self.tally.add(outcome, unchanged=unchanged)
        if self._summary:
            levels = [unit.levels[level] for level in Level]
            row = (unit.file, unit.organ, unit.year or None, *levels, unit.how, unit.failed)
            self._summary.add(row, outcome.findings)
        if self._options.json or self._options.jsonl:
            self._keep({**as_json(outcome, written), **({"unchanged": unchanged} if written else {}), **more})
        elif self._many:
            print(briefly(outcome, unit.how), end="")
        else:
            print(told(outcome), end="")
            if self._making:
                print_files(outcome, written, unchanged=unchanged)

    def _keep(self, told: dict[str, object]) -> None:
        if self._options.jsonl:
            print_data(json.dumps(told, ensure_ascii=False))
        else:
            self.tally.keep(told)

    @contextmanager
    def unless_interrupted(self) -> Iterator[None]:
        """Do the work; where a person stops it, tell what is done and what is not."""
        try:
            yield
        except KeyboardInterrupt:
            left = self._files - self.tally.reports
            print(
                f"已停下：{self._files} 份里做完 {self.tally.reports} 份，还有 {left} 份没有做。"
                "再运行一次，做完而没有变化的不会重做。",
                file=sys.stderr,
            )
            raise

    def end(self) -> int:
        """Tell how it went over all, and write the workbook; the exit code.

        Raises:
            FileTrouble: the workbook cannot be written.
        """
        quiet = self._options.json or self._options.jsonl
        if self._many and not quiet:
            self.tally.tell_wrong()
        code = self.tally.gravest if self._options.jsonl else self.tally.end(json=self._options.json)
        if self._summary:
            rules = sorted(self.tally.rules.values(), key=lambda each: each.code)
            content = self._summary.content(
                (each.code, each.reports, each.found, each.example) for each in rules
            )
            workspace.write_whole({self._options.xlsx: content})
            if not quiet:
                print(f"已写  {shown(self._options.xlsx)}")
        return code


def _new_summary(xlsx: Path) -> "Summary":
    """A workbook that may be written under a name, while nothing there is replaced that is not ours.

    Raises:
        Usage: the name is none of a workbook.
        Polished: somebody saved it since, or it is another one.
    """
    ensure_book_name(xlsx, "结果.xlsx")
    from reportgen.workbook import is_untouched
    from reportgen.workbook.summary import Summary

    if xlsx.exists() and not is_untouched(workspace.read_bytes(xlsx)):
        raise Polished(f"{shown(xlsx)} 改过，没有覆盖。请换一个文件名，或先把它移走。")
    return Summary()
