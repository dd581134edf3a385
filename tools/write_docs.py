"""Writes docs/rules.md and docs/errors.md from the program itself; ``--check`` says whether they are stale.

The rule book comes from the rules, the examples from the first failing case of each rule, the fault codes
from the ``FAULTS`` tables of the modules, wherever they are.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from reportgen import problems
from reportgen.checks import Rule, rules_for
from reportgen.commands.telling import tell
from reportgen.problems import Exit, Failure
from rule_cases import FOLDER, ROOT, Case, cases_of, forms

NOTE = "<!-- 由 tools/write_docs.py 生成（make docs），请不要手改。 -->"

SUBJECTS = {
    "C": "格子",
    "T2": "主动公开（表二）",
    "T3": "申请（表三）",
    "T4": "复议诉讼（表四）",
    "N": "正文与表格",
    "X": "标题、文字、日期",
    "G": "汇总",
    "Y": "本机关的编制要求",
}
"""The beginning of a rule's code → what such rules are about."""

EXITS = {
    Exit.OK: "没有错误（可以有提醒和说明）",
    Exit.FINDINGS: "年报有错误，或者多份里有转换不成的；签名无效，或者没有签名",
    Exit.USAGE: "命令写得不对",
    Exit.TOOL_MISSING: "缺少程序或字体，或者程序没有完成它的工作",
    Exit.FILE: "文件不能读或不能写",
    Exit.SIGNING: "拒绝签名",
    Exit.UNCHECKED: "签名的内容完好，签名人的身份没有核对",
    Exit.TEMPLATE: "格式或模板有错",
    Exit.BUG: "程序自身出错，请转告维护者",
}

FAILURES = {
    "ToolMissing": "没有安装需要的程序或字体",
    "ToolFailed": "程序已经安装，但没有做出合格的结果",
    "FileTrouble": "文件不能读或不能写",
    "Polished": "文件在生成以后被人修改过，不能覆盖",
    "SigningRefused": "拒绝签名",
    "TemplateBroken": "格式或 Word 模板有错",
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` return 1 if a page is stale."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} 不是最新的，请运行 make docs。")
        return int(bool(stale))
    for path in stale:
        path.write_text(pages()[path], "utf-8")
        print(f"已写 {path.relative_to(ROOT)}")
    return 0


@cache
def pages() -> Mapping[Path, str]:
    """The pages as they should be, by their files."""
    return {ROOT / "docs" / "rules.md": _page(_rules()), ROOT / "docs" / "errors.md": _page(_errors())}


def _page(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


def _all_rules() -> dict[str, Rule]:
    rules = {rule.code: rule for form in forms() for rule in rules_for(form)}
    return dict(sorted(rules.items()))


def _cases(rule: Rule) -> tuple[Case, ...]:
    """The failing cases of a rule, the most telling first."""
    return tuple(case for case in cases_of(FOLDER / f"{rule.code}.yaml") if case.finds)


def _rules() -> Iterator[str]:
    rules = _all_rules()
    yield from ("# 检查规则", "", NOTE, "")
    yield "错误：年报不能签发；提醒：请核对，可以不改；说明：仅供参考。"
    yield "核对：可以的，句子确实没有错时，在 YAML 的“核对”里写明理由，错误也不再拦住 PDF；不能的，只有改正。"
    yield "在命令行里看一条规则：`reportgen rules 编号`。"
    for start, subject in SUBJECTS.items():
        here = [rule for code, rule in rules.items() if code.startswith(start)]
        if here:
            yield from ("", f"## {subject}", "", "| 编号 | 级别 | 核对 | 问题 |", "| --- | --- | --- | --- |")
            yield from (
                f"| [{rule.code}](#{rule.code.lower()}) | {rule.level.chinese} | {may} | {rule.title} |"
                for rule in here
                for may in ("可以" if rule.ground.answerable else "不能",)
            )
            for rule in here:
                yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    years = sorted({case.base for case in _cases(rule)})
    names = {form.id: form.basis for form in forms()}
    yield from ("", f'### <a id="{rule.code.lower()}"></a>{rule.code} {rule.title}', "")
    yield f"- 级别：{rule.level.chinese}"
    yield f"- 适用：{'、'.join(names[year] for year in years)}"
    for name, text in (
        ("查什么", rule.what),
        ("为什么", rule.why),
        ("依据", rule.basis),
        ("怎么改", rule.advice),
        ("核对", rule.answering),
    ):
        yield f"- {name}：{text}"


def _errors() -> Iterator[str]:
    yield from ("# 程序会说的话", "", NOTE, "", "## 退出码", "", "| 退出码 | 意思 |", "| --- | --- |")
    yield from (f"| {code.value} | {EXITS[code]} |" for code in Exit)
    yield from ("", "## 做不成的事", "", "年报也许没有错，但程序、文件或模板有问题。", "", "```text")
    yield from _tree(Failure, "")
    yield from ("```", "", "## 文件、文档和成品的问题", "", "| 编号 | 问题 |", "| --- | --- |")
    yield from (f"| {code} | {text} |" for code, text in sorted(fault_codes().items()))
    yield from ("", "这些问题都不能核对：说的是文件写得对不对、做得对不对，不是句子的意思。")
    yield from ("", "## 规则发现的问题", "", "每条规则举一例，就是在屏幕上看到的样子。")
    for rule in _all_rules().values():
        case = _cases(rule)[0]
        told = tell(case.findings, case.text.split("\n")).rstrip("\n")
        yield from ("", f"### {rule.code} {rule.title}", "", "```text", told, "```")


def _tree(kind: type[Failure], indent: str) -> Iterator[str]:
    if kind is not Failure:
        yield f"{indent}{kind.__name__}  {FAILURES[kind.__name__]}（退出码 {kind.exit_code.value}）"
        indent += "  "
    for below in kind.__subclasses__():
        if below.__module__ == problems.__name__:
            yield from _tree(below, indent)


def fault_codes() -> dict[str, str]:
    """Every code of the ``FAULTS`` tables, read from the sources: heavy modules need not be imported."""
    codes: dict[str, str] = {}
    for path in sorted((ROOT / "src" / "reportgen").rglob("*.py")):
        for table in _tables(ast.parse(path.read_text("utf-8"))):
            doubled = codes.keys() & table.keys()
            if doubled:
                raise ValueError(f"{path.name}: {sorted(doubled)}")
            codes |= table
    return codes


def _tables(tree: ast.Module) -> Iterator[dict[str, str]]:
    for node in tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == "FAULTS" and isinstance(node, ast.AnnAssign):
            yield ast.literal_eval(node.value) if node.value else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
