"""What came of reports, on the screen or as JSON."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from reportgen.commands.options import print_data
from reportgen.commands.telling import counted, tell
from reportgen.model.report import Report
from reportgen.paths import shown
from reportgen.pipeline import Outcome
from reportgen.problems import Exit, Failure, Level, TemplateBroken
from reportgen.store import manifest
from reportgen.store.workspace import Fixed, Written

_LONGEST_NAME = 60


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
    shown_before = [mend.before.translate(_SIGNS_SHOWN) for mend in fixed.mends]
    signs = "".join(
        f"（{sign} 是{name}）"
        for sign, name in (("⇥", "制表符"), ("□", "全角空格"))
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


def print_files(outcome: Outcome, written: Written | None) -> None:
    """Say which files were made, refused or are stale."""
    if outcome.refused:
        kinds_refused = "、".join(kind.upper() for kind in outcome.refused)
        print(f"有错误，没有生成 {kinds_refused}。改好再运行；只想先看样子，请加 --draft。")
    if written is None:
        if outcome.report and not outcome.refused and not outcome.failures:
            print(
                f"没有要生成的：这份文件已经是 .{outcome.material.kind}，不用再生成。要 PDF，请加 --to pdf。"
            )
        return
    for kind, path in written.files.items():
        print(f"{'草稿' if outcome.draft else '已生成'}  {path}")
        for line in manifest.in_words(outcome.facts.get(kind, {})):
            print(f"        {line}")
    for line in _also(outcome, written):
        print(line)


def _also(outcome: Outcome, written: Written) -> Iterator[str]:
    """What is to be said of files beside those that were made."""
    if written.instead:
        now = Path(outcome.material.name).name
        yield f"说明  这里的文件原来由 {written.instead} 生成，这次由 {now} 重新生成"
    for path, backup in written.saved.items():
        yield f"说明  修改过的 {shown(path)} 没有丢，另存为 {backup}"
    for path in written.stale:
        yield f"注意  {path} 是以前生成的，与这次的内容不一致"
    for path in written.outsigned:
        yield f"注意  {path} 签的是以前的 PDF，不是这次的；请把它移走，对新的 PDF 重新签名"


class Tally:
    """How it went over all reports: counts, and what JSON says of each; no report is kept in memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self.reports = 0
        self.failed = 0
        self.unread = 0
        self.levels: Counter[Level] = Counter()
        self.gravest: int = Exit.OK
        self.files: list[dict[str, object]] = []

    def add(self, outcome: Outcome) -> None:
        """Count a report."""
        self.reports += 1
        self.failed += bool(outcome.failures) and outcome.report is not None
        self.unread += bool(outcome.failures) and outcome.report is None
        self.levels.update(finding.level for finding in outcome.findings)
        codes = [failure.exit_code for failure in outcome.failures]
        self.gravest = max([self.gravest, *codes, Exit.FINDINGS if outcome.errors else Exit.OK])

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

    def _parts(self) -> Iterator[str]:
        """What was found, and how many were not read or not made; none is called sound that was not read."""
        if self.reports > self.unread:
            yield ("" if self.levels or not self.unread else "其余") + counted(self.levels)
        if self.unread:
            yield f"{self.unread} 份没有读成"
        if self.failed:
            yield f"{self.failed} 份没有全部做成"


def print_json(tally: Tally) -> None:
    """Print one object: every file with its findings and outputs, and the counts."""
    counts = {"errors": tally.levels[Level.ERROR], "warnings": tally.levels[Level.WARNING]}
    print_data(json.dumps({"files": tally.files, **counts}, ensure_ascii=False, indent=2))


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
