"""Measures the checker on sentences written as organs write them: tests/truth, in parts.

Each sentence is put into its report, right and with one thing wrong, and the report is examined as ``check``
does it. The score of a part is printed and written into docs/checker-coverage.md; the parts ``set_apart``,
``second``, ``third``, ``fourth`` and ``fifth`` are measured only when they are asked for by name.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from reportgen.examining import Material, Outcome, Supplies, examine
from reportgen.problems import Finding, Level
from reportgen.store.workspace import supplies

ROOT = Path(__file__).resolve().parents[1]
TRUTH = ROOT / "tests" / "truth"
PAGE = ROOT / "docs" / "checker-coverage.md"
FIRST = TRUTH / "first_scores.yaml"
"""The first score of a part, taken before who changes the checker had seen it, and if it was seen since."""
PARTS = {
    "tuning": "用来改进检查的一份",
    "set_apart": "另外放着的一份",
    "second": "程序写成以后另写的一份",
    "third": "程序又改过以后再写的一份",
    "fourth": "程序第三次改过以后另写的一份",
    "fifth": "对照第四份改过以后再写的一份",
}
"""The parts, by their folders in tests/truth, and what the page calls them."""

KINDS = {
    "received": "收件数",
    "carried_in": "上年结转",
    "carried_out": "结转下年",
    "answered": "办结、答复数",
    "decided": "办理结果",
    "applicant": "申请人",
    "channel": "申请渠道、申请内容",
    "negation": "否定（没有、未、0 件）",
    "all": "均、全部、其余",
    "share": "占比",
    "rate": "办结率、公开率、纠错率",
    "change": "与上年相比",
    "dispute": "复议、诉讼",
    "document": "规章、规范性文件",
    "license": "许可、处罚、强制、收费",
    "fee": "信息处理费",
    "list": "公开信息的条数和分项",
    "parts": "分单位、分级的件数",
    "trap": "应当不作声的句子",
}
"""The kinds of items, and what the page calls them."""

_DISCLOSURE = ("document", "license", "list")
"""Kinds that stand under 主动公开 where the overview is written by aspects; others under 依申请公开."""

_NUMERAL = re.compile(r"[0-9０-９.,%％〇零一二两三四五六七八九十百千万亿]*")


class Item(NamedTuple):
    """One labelled text.

    Attributes:
        name: the part's file and the item's number in it, from 1.
        text: right for its report's figures.
        report: the name of the report that it is put into.
        kind: what it speaks of, a key of ``KINDS``; ``trap`` for one of which nothing may be said.
        claims: the figures that it states, by cell path, by a sum of paths (``甲 + 乙``), or by the
            share of one in another in per cent (``甲 / 乙``); empty for a trap.
        wrong: the same text with one thing wrong, each.
        where: the prose that it is put into, by its name in the clerk's file, dots between levels.
    """

    name: str
    text: str
    report: str
    kind: str
    claims: Mapping[str, Any]
    wrong: tuple[str, ...]
    where: str


class Part(NamedTuple):
    """One part of the corpus: its reports, by name and as nested mappings, and its items."""

    reports: Mapping[str, Mapping[str, Any]]
    items: tuple[Item, ...]


def part_of(name: str, truth: Path = TRUTH) -> Part:
    """A part of the corpus.

    Raises:
        FileNotFoundError: where there is no such part.
        KeyError: where an item lacks its text, report or kind.
    """
    folder = truth / name
    reports = _loaded(folder / "reports.yaml")
    topics = sorted(path for path in folder.glob("*.yaml") if path.name != "reports.yaml")
    items = (
        Item(
            f"{path.stem} {number}",
            each["text"],
            each["report"],
            each["kind"],
            each.get("claims") or {},
            tuple(each.get("wrong") or ()),
            each.get("in", "总体情况"),
        )
        for path in topics
        for number, each in enumerate(_loaded(path), 1)
    )
    return Part(reports, tuple(items))


def _loaded(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def with_text(report: Mapping[str, Any], item: Item, text: str) -> dict[str, Any]:
    """A clerk's file with a text of this item as the last paragraph of the prose that it belongs to.

    Prose that the file writes in one piece gets it at the end, whatever aspect the item names.
    """
    whole = deepcopy(dict(report))
    first, _, aspect = item.where.partition(".")
    prose = whole.get(first, {} if first == "总体情况" else "")
    if isinstance(prose, str):
        whole[first] = _lengthened(prose, text)
    else:
        aspect = aspect or ("主动公开" if item.kind in _DISCLOSURE else "依申请公开")
        whole[first] = {**prose, aspect: _lengthened(prose.get(aspect, ""), text)}
    return whole


def _lengthened(prose: str, text: str) -> str:
    return f"{prose.rstrip()}\n\n{text}".lstrip()


class Examiner:
    """Examines reports with and without a text in this process."""

    def __init__(self, part: Part) -> None:
        """Know the part's reports; nothing is examined yet."""
        self._part = part
        self._supplies: Supplies = supplies(templates=False)
        self._sound: dict[str, Counter[tuple[str, ...]]] = {}

    def outcome(self, name: str, report: Mapping[str, Any]) -> Outcome:
        """What the program says of a clerk's file."""
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        text = yaml.dump(report, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
        return examine(Material(f"{name}.yaml", text.encode()), self._supplies)

    def sound(self, name: str) -> Outcome:
        """What the program says of a report as it stands in the corpus."""
        return self.outcome(name, self._part.reports[name])

    def brought(self, item: Item, text: str) -> list[Finding]:
        """The errors and warnings that the report gets by this text."""
        if item.report not in self._sound:
            self._sound[item.report] = Counter(map(_told, alarms(self.sound(item.report))))
        left = self._sound[item.report].copy()
        new = []
        for finding in alarms(
            self.outcome(item.report, with_text(self._part.reports[item.report], item, text))
        ):
            if left[_told(finding)]:
                left[_told(finding)] -= 1
            else:
                new.append(finding)
        return new


_OF_THE_WHOLE = frozenset({"X10", "X24"})
"""What tells of aspects that a whole report lacks: these are short, and any sentence shortens the list."""


def alarms(outcome: Outcome) -> list[Finding]:
    """The errors and warnings that a text may be the cause of."""
    told = (finding for finding in outcome.findings if finding.code not in _OF_THE_WHOLE)
    return [finding for finding in told if finding.level is not Level.NOTE]


def _told(finding: Finding) -> tuple[str, ...]:
    return finding.code, finding.message, finding.expected, finding.found


def _sight(finding: Finding) -> tuple[str, ...]:
    """What a finding sees, without the words of the sentence that its message may quote."""
    return finding.code, finding.expected, finding.found


def is_of_figures(text: str, wrong: str) -> bool:
    """True if what is wrong is a number told as another number; False if words changed."""
    head = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(text, wrong, strict=False))))
    rest = zip(reversed(text[head:]), reversed(wrong[head:]), strict=False)
    tail = len(list(takewhile(lambda pair: pair[0] == pair[1], rest)))
    return all(_NUMERAL.fullmatch(each[head : len(each) - tail]) for each in (text, wrong))


@dataclass
class Tally:
    """Counts of one kind of items; texts are counted, not findings.

    ``right`` counts right texts (traps are right texts), ``errors`` and ``warnings`` those of them with a new
    error, and with nothing worse than a new warning. ``wrong`` counts wrong texts by two things: if a figure
    is wrong (else words are), and the level of the gravest new finding, empty where there is none.
    """

    right: int = 0
    errors: int = 0
    warnings: int = 0
    wrong: Counter[tuple[bool, str]] = field(default_factory=Counter)

    def asked(self, *of_figures: bool) -> int:
        """How many wrong texts there are of these sorts."""
        return sum(number for (sort, _), number in self.wrong.items() if sort in of_figures)

    def seen(self, *of_figures: bool, levels: tuple[str, ...] = ("error", "warning")) -> int:
        """How many of them got a finding of these levels."""
        return sum(
            number for (sort, level), number in self.wrong.items() if sort in of_figures and level in levels
        )


@dataclass
class Score:
    """The score of a part, by kind, and each false alarm and miss as a line; ``reports`` that were used."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    reports: set[str] = field(default_factory=set)

    @cached_property
    def whole(self) -> Tally:
        """All kinds together; to be asked when everything is counted."""
        every = self.kinds.values()
        return Tally(
            sum(each.right for each in every),
            sum(each.errors for each in every),
            sum(each.warnings for each in every),
            sum((each.wrong for each in every), Counter()),
        )


def scored(part: Part, items: Iterable[Item] | None = None) -> Score:
    """The score of a part's items, or of some of them."""
    examiner, score = Examiner(part), Score()
    for item in part.items if items is None else items:
        score.reports.add(item.report)
        tally = score.kinds.setdefault(item.kind, Tally())
        false = examiner.brought(item, item.text)
        tally.right += 1
        gravest = _gravest(false)
        tally.errors += gravest == "error"
        tally.warnings += gravest == "warning"
        score.false += [_line(item, item.text, false)] if false else []
        known = set(map(_sight, false))
        for text in item.wrong:
            found = [each for each in examiner.brought(item, text) if _sight(each) not in known]
            tally.wrong[is_of_figures(item.text, text), _gravest(found)] += 1
            score.missed += [] if found else [_line(item, text, ())]
    return score


def _gravest(findings: Iterable[Finding]) -> str:
    levels = {finding.level for finding in findings}
    return "error" if Level.ERROR in levels else "warning" if levels else ""


def _line(item: Item, text: str, findings: Iterable[Finding]) -> str:
    said = "；".join(f"{each.code} {each.message}（{each.expected}｜{each.found}）" for each in findings)
    return f"[{item.name}] {item.report}：{text}{' → ' if said else ''}{said}"


def rate(part: int, whole: int) -> str:
    """A share as the page prints it, such as ``93.1%``; a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


def summary(score: Score) -> Iterator[str]:
    """The score in a few lines."""
    whole = score.whole
    errors = whole.seen(True, False, levels=("error",))
    found, false = whole.seen(True, False), whole.errors + whole.warnings
    told = f"误报 {false} 条：报了错误的 {whole.errors} 条，只有提醒的 {whole.warnings} 条"
    yield f"用了 {len(score.reports)} 份虚构的年报。正确的句子 {whole.right} 条，{told}。"
    traps = score.kinds.get("trap", Tally())
    yield f"其中应当不作声的句子 {traps.right} 条，误报 {traps.errors + traps.warnings} 条。"
    for name, sorts in (("数写错", (True,)), ("没有、均、全部等说法写错", (False,))):
        asked, seen = whole.asked(*sorts), whole.seen(*sorts)
        yield f"{name}的句子 {asked} 条，发现 {seen} 条（{rate(seen, asked)}）。"
    for name, true, all_told in (
        ("错误", errors, errors + whole.errors),
        ("错误或提醒", found, found + false),
    ):
        yield f"报了{name}的句子 {all_told} 条，真有错的 {true} 条（精确率 {rate(true, all_told)}）。"


def table(score: Score) -> Iterator[str]:
    """The score by kind, as a Markdown table."""
    heads = (
        "句子说的是",
        "正确的",
        "误报错误",
        "只误报提醒",
        "数写错",
        "发现",
        "发现率",
        "说法写错",
        "发现",
        "发现率",
    )
    yield f"| {' | '.join(heads)} |"
    yield f"| --- |{' --: |' * (len(heads) - 1)}"
    order = [kind for kind in KINDS if kind in score.kinds] + sorted(score.kinds.keys() - KINDS.keys())
    rows = [(KINDS.get(kind, kind), score.kinds[kind]) for kind in order]
    for name, tally in [*rows, ("合计", score.whole)]:
        cells = [name, tally.right, tally.errors, tally.warnings]
        for sort in (True, False):
            asked, seen = tally.asked(sort), tally.seen(sort)
            cells += [asked, seen, rate(seen, asked)]
        yield f"| {' | '.join(map(str, cells))} |"


_HEAD = """# 检查能看懂多少句子

<!-- 由 tools/measure_truth.py 生成（make truth），请不要手改。 -->

量的是：正文里的句子和三张表对不对得上，检查看得出多少。句子是照着各级机关年报的各种说法自己编写的，没有一句抄自年报；
机关和数都是虚构的。每句放进一份前后一致的年报里，和平时一样检查：

- 正确的句子，以及应当不作声的句子（公文属性、热线、建议提案、别的机关的案件、上年的数等），
  多出了错误或提醒，算误报。
- 同一句话里写错一处（一个数，或者“没有”“均”“全部”这样的说法），却没有因此多出错误或提醒，算漏报。
- 数的是句子，不是检查结果；一句话报几条，只算一条。句子是单独放进去的，不看别的句子能不能帮着看出来。
- 整份年报缺哪些方面（X10、X24）不是说哪一句的，不算。
- 精确率随正确的和写错的句子各有多少而变：这里写错的比真实年报里多得多，所以还要看误报的条数。

句子分六份，由不同的人写。一份给改进检查的人看，程序是对照着它改的，所以它的成绩偏高；
另一份放在一边，写的人没有看过程序怎样读句子，改程序的人也没有看过这些句子，它的成绩更接近真实的年报。
第三份是程序写成以后另写的，写的人没有看过程序怎样读句子，也没有看过放在一边的那一份。
第四份是程序又改过以后再写的，写的人没有看过程序怎样读句子，前三份里也只为看格式见过第三份的几句。
第五份又晚一步，写的人同样没有看过程序怎样读句子，只为看格式见过第四份的几句；哪种句子有多少，照真实年报里的多少。
第六份是程序对照第五份改过以后写的，写的人没有看过程序怎样读句子，也只为看格式见过第五份的几句；多少也照真实年报。
没有看过就量的成绩只有一次；看过以后再量的，和第一份一样偏高，所以两个都写着。
按程序自己的说法编出的年报和改动，另见[检查能发现多少错误](checker-coverage-generated.md)。
"""


def page(old: str, name: str, score: Score) -> str:
    """The page with this part measured anew; the other parts stay as they stand in the old page."""
    sections = {part: _section(old, part) for part in PARTS}
    lines = [*(f"- {line}" for line in (*first_score(name), *summary(score))), "", *table(score)]
    sections[name] = "\n".join(lines)
    told = (f"## {PARTS[part]}（{part}）\n\n{sections[part] or '还没有量。'}\n" for part in PARTS)
    return "\n".join([_HEAD, *told])


def first_score(part: str) -> Iterator[str]:
    """What a part's first score was and what the score below it is worth; nothing where none is kept."""
    kept = _loaded(FIRST).get(part)
    if not kept:
        return
    figures, words = (rate(*kept[key]) for key in ("figures", "words"))
    yield (
        f"没有人看过这些句子时量的成绩：正确的句子 {kept['right']} 条，误报 {kept['alarms']} 条"
        f"（报了错误的 {kept['errors']} 条）；数写错的发现 {figures}，说法写错的发现 {words}。"
    )
    if kept["seen"]:
        yield "以下是现在的成绩。这一份后来已经看过，程序照着它改过，所以偏高。"
    else:
        yield "以下是现在的成绩。这一份仍然没有看过，改程序时只量了合计。"


def _section(old: str, name: str) -> str:
    found = re.search(rf"^## [^\n]*（{name}）\n\n(.*?)(?=\n+## |\n*\Z)", old, re.MULTILINE | re.DOTALL)
    return found[1].rstrip() if found else ""


def main(arguments: Sequence[str]) -> int:
    """Measure a part, print its score and write it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, default="tuning")
    parser.add_argument("--list", action="store_true", help="print every false alarm and every miss")
    parser.add_argument("--topic", default="", help="only this file of the part; writes no page")
    options = parser.parse_args(arguments)
    if not (TRUTH / options.part).is_dir():
        parser.error(f"there is no {TRUTH / options.part}")
    part = part_of(options.part)
    chosen = [item for item in part.items if item.name.startswith(options.topic)]
    score = scored(part, chosen)
    if options.list:
        sys.stdout.writelines(f"误报 {line}\n" for line in score.false)
        sys.stdout.writelines(f"漏报 {line}\n" for line in score.missed)
    print(PARTS[options.part], *summary(score), sep="\n")
    if not options.topic:
        old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(old, options.part, score), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
