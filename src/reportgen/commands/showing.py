"""What came of reports, on the screen or as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence

from reportgen import manifest
from reportgen.pipeline import Outcome
from reportgen.problems import Exit, Failure, Finding, TemplateBroken
from reportgen.telling import summary, tell
from reportgen.workspace import Written


def told(outcome: Outcome) -> str:
    """The findings and failures of one report."""
    report = outcome.report
    who = f"{report.organ.name}{report.year}年度（{report.form.basis}）" if report else "没有读成年报"
    lines = outcome.material.lines
    told = tell(outcome.findings, lines)
    failures = "".join(_failed(failure) for failure in outcome.failures)
    return f"{outcome.material.name}  {who}\n{told and chr(10) + told}{failures}"


def _failed(failure: Failure) -> str:
    faults = tell(failure.faults, ()) if isinstance(failure, TemplateBroken) else ""
    return f"{failure}\n{faults}"


def print_files(outcome: Outcome, written: Written | None) -> None:
    """Say which files were made, refused or are stale."""
    if outcome.refused:
        kinds_refused = "、".join(kind.upper() for kind in outcome.refused)
        print(f"有错误，没有生成 {kinds_refused}。改好再运行；只想先看样子，请加 --draft。")
    if written is None:
        return
    for kind, path in written.files.items():
        print(f"{'草稿' if outcome.draft else '已生成'}  {path}")
        for line in manifest.in_words(outcome.facts.get(kind, {})):
            print(f"        {line}")
    for path in written.stale:
        print(f"注意  {path} 是以前生成的，与这次的内容不一致")


def print_end(outcomes: Sequence[Outcome]) -> None:
    """Say how it went, over all reports."""
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    failed = sum(bool(outcome.failures) for outcome in outcomes)
    many = f"共 {len(outcomes)} 份年报：" if len(outcomes) > 1 else "结果："
    print(f"{many}{summary(findings)}{f'；{failed} 份没有全部做成' if failed else ''}。")


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """The gravest failure's code, else 1 for an error in a report, else 0."""
    codes = [failure.exit_code for outcome in outcomes for failure in outcome.failures]
    errors = any(outcome.errors for outcome in outcomes)
    return max([*codes, Exit.FINDINGS if errors else Exit.OK])


def print_json(outcomes: Sequence[Outcome], written: Mapping[int, Written]) -> None:
    """Print one object: every file with its findings and outputs, and the counts."""
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    files = [_as_json(outcome, written.get(id(outcome.material))) for outcome in outcomes]
    print(json.dumps({"files": files, **_counts(findings)}, ensure_ascii=False, indent=2))


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    levels = [finding.level.value for finding in findings]
    return {"errors": levels.count("error"), "warnings": levels.count("warning")}


def _as_json(outcome: Outcome, written: Written | None) -> dict[str, object]:
    report = outcome.report
    return {
        "file": outcome.material.name,
        "form": report.form.id if report else None,
        "organ": report.organ.name if report else None,
        "year": report.year if report else None,
        "findings": [finding.as_json() for finding in outcome.findings],
        "outputs": [str(path) for path in written.files.values()] if written else [],
        "failures": [str(failure) for failure in outcome.failures],
    }
