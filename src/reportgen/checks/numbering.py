"""The numbers （一）（二）… of sub-headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportgen.checks.contract import Context, Fault, rule
from reportgen.checks.pointing import place_at
from reportgen.chinese.numerals import ordinal, ordinal_words
from reportgen.model.prose import Paragraph, Prose
from reportgen.model.report import Report
from reportgen.problems import Level

_NUMBER = re.compile(r"[（(]([一二三四五六七八九十]{1,3})[)）]")
_DEEPEST = 9
"""The depth of a number that begins a paragraph of text: below every heading."""


@dataclass(slots=True)
class _Count:
    """How far the numbers of each level have come while a prose is read from top to bottom.

    After a break both ways of going on are right: from the number found, and from the one that was due.
    """

    at: dict[int, tuple[int, ...]] = field(default_factory=dict)
    fresh: bool = False
    """True if words were met that may begin a new list."""

    def pass_by(self, paragraph: Paragraph) -> None:
        """Read a paragraph without a number: a heading or a sentence with a colon may begin a new list."""
        if paragraph.kind == "heading" or paragraph.text.rstrip().endswith(("：", ":")):
            self.fresh = True

    def take(self, number: int, level: int) -> tuple[str, int]:
        """What is wrong with a number (nothing, ``number`` or ``level``), and which one was due."""
        wrong, meant = self._judged(number, level)
        due = self.at.get(meant, (0,))[-1] + 1
        self.at = {each: last for each, last in self.at.items() if _depth(each) < _depth(meant)}
        self.at[meant] = (number, due) if wrong == "number" else (number,)
        self.fresh = False
        return wrong, due

    def _judged(self, number: int, level: int) -> tuple[str, int]:
        """What is wrong, and the level that the number belongs to."""
        if number - 1 in self.at.get(level, (0,)) or (number == 1 and self.fresh):
            return "", level
        for other, last in self.at.items():
            if number - 1 in last:
                return "level", other
        return "number", level if level in self.at else min(self.at, key=_depth, default=level)


def _depth(level: int) -> int:
    """How deep a level of heading marks stands; numbers within text stand deepest."""
    return level or _DEEPEST


@rule(
    "X05",
    Level.WARNING,
    title="小标题的序号不连续",
    what="（一）（二）（三）依次编号，不跳号、不重号；同一级的小标题用同一级的标题符号。",
    why="重号、跳号多半是增删段落以后没有改；标题符号不一致，印出来的字体就不一致。",
    basis="GB/T 9704—2012《党政机关公文格式》7.3.3",
    fix="按顺序改编号；同一级的小标题用同一级的标题样式。",
    in_yaml="同一级的小标题前用同样多的 #。",
)
def broken_numbering(report: Report, _context: Context) -> Iterator[Fault]:
    """A number that is left out or repeated, or a heading of another level than its neighbours."""
    for key, prose in report.prose.items():
        yield from _faults(key, prose)


def _faults(key: str, prose: Prose) -> Iterator[Fault]:
    count = _Count()
    strange: list[tuple[str, Paragraph]] = []
    for number, paragraph in enumerate(prose, 1):
        found = _NUMBER.match(paragraph.text)
        if not found:
            count.pass_by(paragraph)
            continue
        wrong, due = count.take(ordinal(found[1]), paragraph.level)
        if wrong == "level":
            strange.append((f"{key}.{number}", paragraph))
        elif wrong:
            yield _wrong_number(f"{key}.{number}", paragraph, f"（{ordinal_words(due)}）")
    if strange:
        yield _wrong_level(strange)


def _wrong_number(about: str, paragraph: Paragraph, due: str) -> Fault:
    sign = _sign(paragraph)
    message = f"小标题的序号不连续：这里应是{due}，写成了{sign}。"
    return Fault(message, (about,), due, sign, places=(place_at(paragraph, 0, len(sign)),))


def _wrong_level(strange: list[tuple[str, Paragraph]]) -> Fault:
    """All headings of a prose that have other marks than the first of their rank, as one matter."""
    signs = "、".join(_sign(paragraph) for _, paragraph in strange)
    marks = "、".join(dict.fromkeys("#" * paragraph.level or "没有 #" for _, paragraph in strange))
    return Fault(
        f"小标题{signs}与前面同级的小标题用了不同级的标题符号。",
        tuple(about for about, _ in strange),
        "与前一个同级小标题一样多的 #",
        marks,
        places=tuple(place_at(each, 0, len(_sign(each))) for _, each in strange),
    )


def _sign(paragraph: Paragraph) -> str:
    """The number as it is written."""
    found = _NUMBER.match(paragraph.text)
    return found[0] if found else ""
