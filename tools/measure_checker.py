"""Measures the checker: consistent reports must give no alarm, one wrong figure must give one.

Makes 1,000 reports and 10,000 changes by their seeds and writes docs/checker-coverage-generated.md.
Reports are numbered on; with ``--reports N`` fewer are made, and nothing is written.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from generating.coverage import Counts, measured
from generating.due import BY_THRESHOLD, DUE, GATHERED, NOT_BY_FIGURES, OF_MANY, OF_WORDS
from generating.reasons import REASONS, SUBJECTS
from reportgen.checks import rules_for
from reportgen.model.form import Form, forms_of
from reportgen.store.workspace import supplies

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "checker-coverage-generated.md"
REPORTS = 1_000
CHANGES = 10
_SHOWN = 30
_SHARE = 25


def main(arguments: Sequence[str]) -> int:
    """Measure, write the page; 1 where anything is as it must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--first", type=int, default=0, help="seed of the first report")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    counts = _counted(range(options.first, options.first + options.reports), options.jobs)
    _tell(counts)
    if options.reports == REPORTS and not options.first:
        PAGE.write_text(page(counts, forms_of(supplies(templates=False).forms)), encoding="utf-8")
    return int(bool(counts.false or counts.missed or counts.silent))


def _counted(seeds: range, jobs: int) -> Counts:
    total = Counts()
    shares = [seeds[at : at + _SHARE] for at in range(0, len(seeds), _SHARE)]
    with ProcessPoolExecutor(jobs) as pool:
        for counts in pool.map(_share, shares):
            total.add(counts)
    return total


def _share(seeds: range) -> Counts:
    return measured(seeds, CHANGES, forms_of(supplies(templates=False).forms))


def _tell(counts: Counts) -> None:
    print(f"{counts.reports} 份正确的年报，误报 {len(counts.false)} 处")
    for line in counts.false[:_SHOWN]:
        print("  误报", line)
    print(f"{counts.changes.total()} 处改动，发现 {counts.caught.total()} 处，漏报 {len(counts.missed)} 处")
    for line in counts.missed[:_SHOWN]:
        print("  漏报", line)
    for line in counts.silent[:_SHOWN]:
        print("  规则没有发现", line)


def page(counts: Counts, forms: tuple[Form, ...]) -> str:
    """The page."""
    return "\n".join([*_head(counts), *_subjects(counts), *_rules(counts, forms), *_uncaught(counts), ""])


def _head(counts: Counts) -> Iterator[str]:
    changes, caught, excused = counts.changes.total(), counts.caught.total(), counts.reasons.total()
    judged = changes - excused
    yield from (
        "# 检查能发现多少错误",
        "",
        "<!-- 由 tools/measure_checker.py 生成（make checker-coverage），请不要手改。 -->",
        "",
        "程序按种子编出前后一致的年报（九个级别、两种格式、2019 至 2025 年度，从零到八位数，"
        "有的附上年的年报），",
        "再在每一份里改动一个数：多一少一、错一位、漏一位、重一位、换位、另一个数，"
        "格子里还有负数、小数、把万元当成元。",
        "表里的格子和句子里的数各占一半。“发现”是指在那一格、那一行那一列，或者那一句话上多出一条检查结果。",
        "句子取自程序备有的说法；别的说法看得懂多少，另见[检查能看懂多少句子](checker-coverage.md)。",
        "",
        f"- 一致的年报：{counts.reports} 份，误报的错误和提醒共 {len(counts.false)} 条。",
        f"- 改动：{changes} 处，发现 {caught} 处（{_rate(caught, changes)}）。",
        f"- 没有规则能够发现的：{excused} 处，见“没有发现的”；其余 {judged} 处"
        f"发现 {caught} 处（{_rate(caught, judged)}），漏报 {len(counts.missed)} 处。",
        "",
    )


def _rate(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _subjects(counts: Counts) -> Iterator[str]:
    yield from (
        "## 按改动的数",
        "",
        "| 改动的数 | 改动 | 发现 | 发现率 | 没有规则 | 漏报 |",
        "| --- | --: | --: | --: | --: | --: |",
    )
    for key, name in SUBJECTS.items():
        whole, caught = counts.changes[key], counts.caught[key]
        excused = sum(number for (subject, _), number in counts.reasons.items() if subject == key)
        if whole:
            missed = whole - caught - excused
            yield f"| {name} | {whole} | {caught} | {_rate(caught, whole)} | {excused} | {missed} |"
    yield ""


def _rules(counts: Counts, forms: tuple[Form, ...]) -> Iterator[str]:
    titles = {rule.code: rule.title for form in forms for rule in rules_for(form)}
    yield from (
        "## 按规则",
        "",
        "“应当发现”不用检查程序，另外按规则的定义从数算出：改动以后，这条规则比原来多了一处不符。",
        "一处改动可以是几条规则应当发现的，所以各行之和多于改动。"
        "“此外”是算出不应当、规则却也提示了的（例如年份改成了后一年）。",
        f"除了上面的 {counts.changes.total()} 处，每份另外改动少见的数"
        f"（规章、规范性文件、收费、采购、复议诉讼、分单位的件数、年份），共 {counts.seldom} 处，"
        "只计入这张表。",
        "",
        "| 规则 | 问题 | 应当发现 | 发现 | 发现率 | 此外 |",
        "| --- | --- | --: | --: | --: | --: |",
    )
    for code in DUE:
        due, caught, besides = counts.due[code], counts.rules[code], counts.besides[code]
        yield f"| {code} | {titles[code]} | {due} | {caught} | {_rate(caught, due)} | {besides} |"
    yield from _without_rate(counts, titles)


def _without_rate(counts: Counts, titles: dict[str, str]) -> Iterator[str]:
    """The rules of which no rate can be told, and why."""
    yield from ("", "## 没有发现率的规则", "", "| 规则 | 问题 | 发现 | 为什么 |", "| --- | --- | --: | --- |")
    for code in sorted(titles.keys() - DUE.keys()):
        why = BY_THRESHOLD.get(code) or NOT_BY_FIGURES.get(code, OF_WORDS)
        yield f"| {code} | {titles[code]} | {counts.besides[code]} | {why} |"
    yield from (f"| {code} | {title} | — | {OF_MANY} |" for code, title in GATHERED.items())
    strange = counts.besides.keys() - titles.keys()
    yield from (
        f"| {code} | 读文件时发现 | {counts.besides[code]} | {OF_WORDS} |" for code in sorted(strange)
    )
    if counts.silent:
        yield from ("", "应当发现而没有发现的：", "", *(f"- {line}" for line in counts.silent))
    yield ""


def _uncaught(counts: Counts) -> Iterator[str]:
    yield from ("## 没有发现的", "", "| 改动的数 | 处 | 为什么没有规则能够发现 |", "| --- | --: | --- |")
    order = [(key, reason) for key in SUBJECTS for reason in REASONS if counts.reasons[key, reason]]
    for key, reason in order:
        yield f"| {SUBJECTS[key]} | {counts.reasons[key, reason]} | {REASONS[reason]} |"
    if counts.missed:
        yield from ("", "## 漏报", "")
        yield from (f"- {line}" for line in counts.missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
