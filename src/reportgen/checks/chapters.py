"""The chapters: their headings, and the numbers of the headings within them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import NOTICE, Context, Fault, named_part, place_at, rule
from reportgen.chinese.numerals import ordinal, ordinal_words
from reportgen.model.form import Form
from reportgen.model.prose import Paragraph, Prose
from reportgen.model.report import OwnWords, Report
from reportgen.problems import Ground, Level

_ALIKE = 0.6
"""How like a heading of the form another must be (0 to 1) to be taken for it with changed words."""

_BEFORE = re.compile(
    r"^\s*(?:(?:[一二三四五六七八九十\d]+|[IVXivx]+|[A-Za-zⅠ-Ⅻⅰ-ⅻ])\s*[、.．)）]"
    r"|第\s*[一二三四五六七八九十\d]+\s*(?:部分|章)[、.．：:]?"
    r"|[（(][一二三四五六七八九十\d]+[）)])\s*"
)
"""The number of a heading, however it is written."""


@rule(
    "X04",
    Level.ERROR,
    Ground.FORM,
    title="六个部分的标题与规定的格式不同",
    what="六个部分的标题逐字相同，按顺序各出现一次，没有多余的。",
    why="六个部分是全国统一的格式，读者和主管部门按标题查找、比较。",
    basis=NOTICE,
    fix="改成规定的标题。",
)
def wrong_chapter(report: Report, _context: Context) -> Iterator[Fault]:
    """Headings of a document that are changed, doubled, out of order, too many or missing."""
    if not report.chapters:
        return
    meant = _meant(report.chapters, report.form.headings)
    seen: list[int] = []
    right = report.form.headings
    moved = [
        own for own, index in zip(report.chapters, meant, strict=True) if _is_renumbered(own, index, right)
    ]
    together = moved if len(moved) > 1 else []
    for own, index in zip(report.chapters, meant, strict=True):
        if own not in together or index in seen:
            yield from _faults_of(own, index, seen, report.form)
        if index is not None:
            seen.append(index)
    lost = [chapter for index, chapter in enumerate(right) if index not in seen]
    if lost or together:
        yield _lost_or_moved(lost, together, report.chapters[0])


def _is_renumbered(own: OwnWords, index: int | None, right: Sequence[str]) -> bool:
    """True for a heading of which the number alone is wrong."""
    text = own.text.strip()
    return index is not None and text != right[index] and _unnumbered(text) == _unnumbered(right[index])


def _lost_or_moved(lost: list[str], moved: list[OwnWords], first: OwnWords) -> Fault:
    """Missing headings, and the numbers that went wrong with them, as one matter."""
    parts = "、".join(f"“{each}”" for each in lost)
    said = [f"缺少{parts}这{'一' if len(lost) == 1 else '几'}部分的标题"] if lost else []
    said += [f"有{len(moved)}个标题的序号不对"] if moved else []
    fixes = ["补上标题，独占一段；有这个标题而字不同的，改成规定的字。"] if lost else []
    fixes += ["序号改成规定的。"] if moved else []
    found = "、".join(each.text.strip() for each in moved)
    places = tuple(each.place for each in moved) or (first.place,)
    return Fault(f"{'，'.join(said)}。", (), "、".join(lost), found, "".join(fixes), places=places)


def _meant(chapters: Sequence[OwnWords], right: Sequence[str]) -> list[int | None]:
    """Which heading of the form each heading stands for; None for one that stands for none."""
    exact = {heading: index for index, heading in enumerate(right)}
    free = [
        index for index, heading in enumerate(right) if heading not in {own.text.strip() for own in chapters}
    ]
    meant: list[int | None] = []
    for own in chapters:
        index = exact.get(own.text.strip())
        if index is None:
            index = max(free, key=lambda each: _likeness(own.text, right[each]), default=None)
            if index is not None and _likeness(own.text, right[index]) < _ALIKE:
                index = None
            if index is not None:
                free.remove(index)
        meant.append(index)
    return meant


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _unnumbered(one), _unnumbered(other), autojunk=False).ratio()


def _unnumbered(heading: str) -> str:
    return _BEFORE.sub("", heading)


def _faults_of(own: OwnWords, index: int | None, seen: list[int], form: Form) -> Iterator[Fault]:
    right = form.headings
    text, places = own.text.strip(), (own.place,)
    if index is None:
        fix = "删去这个标题，或改成（一）（二）这一级的标题。"
        yield Fault(f"多出了标题“{text}”。", found=text, fix=fix, places=places)
        return
    if text != right[index]:
        yield Fault(f"标题“{text}”与规定的不同。", (), right[index], text, places=places)
    if index in seen:
        yield Fault(f"标题“{text}”出现了两次。", (), "只出现一次", text, places=places)
    elif form.ordered and seen and index < max(seen):
        fix = f"按规定的顺序排列{ordinal_words(len(right))}个部分。"
        expected = f"在“{right[max(seen)]}”之前"
        yield Fault(f"标题“{text}”的顺序不对。", (), expected, f"在“{right[max(seen)]}”之后", fix, places)


@rule(
    "X28",
    Level.ERROR,
    Ground.BLANKS,
    title="必写的部分没有写",
    what="这个文种要求写的每一部分都有内容。",
    why="少了一部分，就不是一份完整的报告。",
    basis="这个文种的格式",
    fix="补上这一部分；没有发生的，也写明没有。",
)
def unwritten(report: Report, _context: Context) -> Iterator[Fault]:
    """A passage that must be written and is not. The ordinary kind has a rule of its own for it (X11)."""
    for passage in () if report.form.ordinary else report.form.passages:
        parts = (passage.key, *(each.key for each in passage.within))
        if passage.required and not any(report.prose.get(key) for key in parts):
            message = f"{named_part(report.form, passage.key)}没有内容。"
            title = report.form.chapters[passage.chapter - 1].title
            yield Fault(message, (passage.key,), title)


# ── the numbers （一）（二）… of sub-headings ───────────────────────────────────────────────────────────────

_NUMBER = re.compile(r"[（(]([一二三四五六七八九十]{1,3})[)）]")
_TWICE = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十]{1,3}[)）]\s*){2,}|\s*(?:[一二三四五六七八九十]{1,3}、\s*){2}(?![一二三四五六七八九十])"
    r"|\s*(?:\d{1,2}[.．、]\s*){2}(?=[\u4e00-\u9fff])"
)
"""（一）（一）, 一、一、 and 1.1. before a heading's words."""
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
    Ground.PROSE,
    title="小标题的序号不连续",
    what="（一）（二）（三）依次编号，不跳号、不重号，一个标题只写一个序号；同一级的小标题用同一级的标题符号。",
    why="重号、跳号多半是增删段落以后没有改；标题符号不一致，印出来的字体就不一致。",
    basis="GB/T 9704—2012《党政机关公文格式》7.3.3",
    fix="按顺序改编号；同一级的小标题用同一级的标题样式。",
    in_file=in_clerks_file("同一级的小标题前用同样多的 #。"),
)
def broken_numbering(report: Report, _context: Context) -> Iterator[Fault]:
    """A number left out, repeated or typed twice, or a heading of another level than its neighbours."""
    headed = {each.key: each.heading for each in report.form.prose.values() if each.heading}
    for key, prose in report.prose.items():
        yield from _faults(key, prose)
        yield from _typed_twice(key, prose, headed.get(key, ""))


def _typed_twice(key: str, prose: Prose, heading: str) -> Iterator[Fault]:
    """Numbers that stand twice before a heading, and the heading that is printed above this prose anyway."""
    for number, paragraph in enumerate(prose, 1):
        text = paragraph.text
        found = _TWICE.match(text)
        if found:
            place = place_at(paragraph, 0, len(found[0]))
            message = f"序号写了两个：“{found[0].strip()}”。"
            yield Fault(
                message, (f"{key}.{number}",), "一个序号", found[0].strip(), "只留一个序号。", (place,)
            )
        elif heading and number == 1 and "".join(text.split()).startswith(heading):
            place = place_at(paragraph, 0, len(heading))
            message = f"“{heading}”会印两遍：这一段上面的标题由程序印。"
            fix = f"删去这一段开头的“{heading}”。"
            yield Fault(message, (f"{key}.{number}",), "只写正文", heading, fix, (place,))


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
