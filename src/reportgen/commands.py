"""What each command does: workspace in, pipeline, workspace out, and the words on the screen."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from reportgen import clerk_file, manifest, workspace
from reportgen.checks import Rule, rules_for
from reportgen.form import YearTooEarly, form_for
from reportgen.makers import kinds, maker_for
from reportgen.pipeline import Material, Outcome, Supplies, examine, run
from reportgen.problems import Exit, Failure, FileTrouble, Finding
from reportgen.progress import Progress
from reportgen.report import LEVELS
from reportgen.telling import summary, tell


def check(options: Namespace) -> int:
    """Judge files; make nothing."""
    supplies = _supplies(options, templates=False)
    outcomes = [_examined(path, supplies) for path in options.files]
    if options.json:
        _print_json(outcomes, {})
    else:
        for outcome in outcomes:
            print(_told(outcome), end="")
        _print_end(outcomes)
    return _exit_code(outcomes)


def build(options: Namespace) -> int:
    """Judge files and make what can be made of each; one bad file never stops the rest."""
    wanted = _wanted(options.to)
    supplies = _supplies(options)
    outcomes: list[Outcome] = []
    written: dict[int, workspace.Written] = {}
    progress = Progress(len(options.files))
    for path in options.files:
        with progress.on(path.name) as watch:
            outcome = _built(path, supplies, wanted, options, watch)
        if outcome.files:
            outcome = _store(outcome, options, written)
        outcomes.append(outcome)
        if not options.json:
            print(_told(outcome), end="")
            _print_files(outcome, written.get(id(outcome.material)))
    if options.json:
        _print_json(outcomes, written)
    else:
        _print_end(outcomes)
    return _exit_code(outcomes)


def _supplies(options: Namespace, *, templates: bool = True) -> Supplies:
    supplies = workspace.supplies(options.templates, templates=templates)
    return replace(supplies, today=date.today())


def _examined(path: Path, supplies: Supplies) -> Outcome:
    try:
        return examine(workspace.material(path), supplies)
    except FileTrouble as trouble:
        return Outcome(Material(str(path), b""), failures=(trouble,))


def _built(
    path: Path, supplies: Supplies, wanted: Sequence[str], options: Namespace, watch: Callable[[str], None]
) -> Outcome:
    try:
        return run(workspace.material(path), supplies, wanted, draft=options.draft, watch=watch)
    except FileTrouble as trouble:
        return Outcome(Material(str(path), b""), failures=(trouble,))


def _store(outcome: Outcome, options: Namespace, written: dict[int, workspace.Written]) -> Outcome:
    try:
        said = manifest.of(outcome)
        written[id(outcome.material)] = workspace.store(outcome, options.out, said, force=options.force)
    except FileTrouble as trouble:
        return replace(outcome, failures=(*outcome.failures, trouble))
    return outcome


def _wanted(kinds_asked: str) -> tuple[str, ...]:
    wanted = tuple(kind.strip().lower() for kind in kinds_asked.split(",") if kind.strip())
    unknown = [kind for kind in wanted if kind not in kinds()]
    if unknown or not wanted:
        raise Usage(f"--to 里的 {'、'.join(unknown) or '种类'} 不对，可以是 {'、'.join(kinds())}。")
    return wanted


class Usage(Failure):
    """The command's words contradict each other."""

    exit_code = Exit.USAGE


def new(options: Namespace) -> int:
    """Write a commented starting file."""
    supplies = _supplies(options, templates=False)
    last = None
    if options.last:
        outcome = examine(workspace.material(options.last), supplies)
        last = outcome.report
        if last is None:
            print(_told(outcome), end="", file=sys.stderr)
            raise FileTrouble(f"读不懂去年的年报 {options.last}，见上面的说明。")
    organ = options.organ or (last.organ.name if last else "")
    level = options.level or (last.organ.level if last else "")
    if not organ or level not in LEVELS:
        raise Usage(f"请用 --organ 写机关全称，用 --level 写级别（{'、'.join(LEVELS)}）。")
    try:
        form = form_for(options.year, supplies.forms)
    except YearTooEarly as early:
        raise Usage(str(early)) from None
    text = clerk_file.starting_file(form, organ, level, options.year, last)
    _write_new(options.file, text)
    print(f"已建好 {options.file}（{form.basis} 的格式）。\n请用记事本打开填写，再运行：reportgen check {options.file}")
    return Exit.OK


def read(options: Namespace) -> int:
    """Turn an existing report into the clerk's YAML."""
    outcome = examine(workspace.material(options.file), _supplies(options, templates=False))
    if outcome.node is None or outcome.report is None:
        print(_told(outcome), end="", file=sys.stderr)
        return Exit.FINDINGS
    text = clerk_file.write(outcome.node, outcome.report.form, outcome.findings)
    if not options.out:
        print(text, end="")
        return Exit.OK
    _write_new(options.out, text)
    print(f"已读成 {options.out}：{summary(outcome.findings)}。\n请打开核对有“核对”字样的地方，再运行：reportgen check {options.out}")
    return Exit.OK


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        raise FileTrouble(f"{path} 已经存在，没有覆盖。请换一个文件名，或先把它移走。")
    workspace.write_whole({path: text.encode()})


def rules(options: Namespace) -> int:
    """Print the rule book, or one page of it."""
    forms = _supplies(options, templates=False).forms
    known = {rule.code: rule for form in forms for rule in rules_for(form)}
    if not options.code:
        for code, rule in sorted(known.items()):
            print(f"{code:6} {rule.level.chinese}  {rule.title}")
        return Exit.OK
    rule = known.get(options.code.upper())
    if rule is None:
        raise Usage(f"没有编号为 {options.code} 的规则。全部规则：reportgen rules")
    print(_rule_page(rule))
    return Exit.OK


def _rule_page(rule: Rule) -> str:
    parts = (("查什么", rule.what), ("为什么", rule.why), ("依据", rule.basis), ("怎么改", rule.fix))
    return "\n".join([f"{rule.code}  {rule.title}（{rule.level.chinese}）", *(f"{name}：{text}" for name, text in parts)])


def doctor(options: Namespace) -> int:
    """Say what is installed, what is missing and how to get it."""
    good = True
    supplies = _supplies(options)
    print(f"表样和范本：{'、'.join(f'{form.id}年起（{form.basis}）' for form in supplies.forms)}")
    for kind in kinds():
        maker = maker_for(kind)
        if maker is None:
            continue
        for what, fine, says in maker.diagnose():
            good = good and fine
            print(f"{'齐全' if fine else '缺少'}  {what}：{says}")
    print("可以生成年报。" if good else "请先补齐上面“缺少”的项目。")
    return Exit.OK if good else Exit.TOOL_MISSING


def _told(outcome: Outcome) -> str:
    report = outcome.report
    who = f"{report.organ.name}{report.year}年度（{report.form.basis}）" if report else "没有读成年报"
    lines = outcome.material.lines
    told = tell(outcome.findings, lines)
    failures = "".join(f"{failure}\n" for failure in outcome.failures)
    return f"{outcome.material.name}  {who}\n{told and chr(10) + told}{failures}"


def _print_files(outcome: Outcome, written: workspace.Written | None) -> None:
    if outcome.refused:
        kinds_refused = "、".join(kind.upper() for kind in outcome.refused)
        print(f"有错误，没有生成 {kinds_refused}。改好再运行；只想先看样子，请加 --draft。")
    if written is None:
        return
    for kind, path in written.files.items():
        facts = manifest.in_words(outcome.facts.get(kind, {}))
        print(f"{'草稿' if outcome.draft else '已生成'}  {path}{facts and f'  （{facts}）'}")
    for path in written.stale:
        print(f"注意  {path} 是以前生成的，与这次的内容不一致")


def _print_end(outcomes: Sequence[Outcome]) -> None:
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    failed = sum(bool(outcome.failures) for outcome in outcomes)
    many = f"共 {len(outcomes)} 份年报：" if len(outcomes) > 1 else "结果："
    print(f"{many}{summary(findings)}{f'；{failed} 份没有全部做成' if failed else ''}。")


def _exit_code(outcomes: Iterable[Outcome]) -> int:
    codes = [failure.exit_code for outcome in outcomes for failure in outcome.failures]
    errors = any(outcome.errors for outcome in outcomes)
    return max([*codes, Exit.FINDINGS if errors else Exit.OK])


def _print_json(outcomes: Sequence[Outcome], written: Mapping[int, workspace.Written]) -> None:
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    files = [_as_json(outcome, written.get(id(outcome.material))) for outcome in outcomes]
    print(json.dumps({"files": files, **_counts(findings)}, ensure_ascii=False, indent=2))


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    levels = [finding.level.value for finding in findings]
    return {"errors": levels.count("error"), "warnings": levels.count("warning")}


def _as_json(outcome: Outcome, written: workspace.Written | None) -> dict[str, object]:
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


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "new": new,
    "read": read,
    "check": check,
    "build": build,
    "rules": rules,
    "doctor": doctor,
}
