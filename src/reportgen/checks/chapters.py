"""The six chapters: their headings, and whether the last two say what the law asks."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from reportgen.checks.contract import NOTICE, Context, Fault, rule
from reportgen.checks.pointing import named_part, numbered_part
from reportgen.chinese.numerals import ordinal_words
from reportgen.model.report import OwnWords, Report
from reportgen.problems import Level

_ALIKE = 0.6
"""How like a heading of the form another must be (0 to 1) to be taken for it with changed words."""

_PROBLEM = re.compile(r"问题|不足|差距|薄弱|欠缺|不够|有待|短板|困难|不强|不高|不深|不到位|不平衡")
_MENDING = re.compile(
    r"改进|整改|下一步|下步|今后|将|加强|加大|完善|提升|提高|优化|强化|措施|规范|健全|深化|推进"
)
_ASKED = (
    (_PROBLEM, "存在的问题", "补上本年工作还存在的问题。"),
    (_MENDING, "改进的情况", "补上上年问题的改进情况和下一步的措施。"),
)
_FILL_OTHERS = "写上要报告的事项；没有的，写“没有其他需要报告的事项。”"
_NONE = re.compile(r"(?:无|没有)[\s。．.]*")


@rule(
    "X04",
    Level.ERROR,
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
    for own, index in zip(report.chapters, meant, strict=True):
        yield from _faults_of(own, index, seen, report.form.headings)
        if index is not None:
            seen.append(index)
    for index, chapter in enumerate(report.form.headings):
        if index not in seen:
            fix = "补上这个标题，独占一段；有这个标题而字不同的，改成规定的字。"
            message = f"缺少“{chapter}”这一部分的标题。"
            yield Fault(message, expected=chapter, fix=fix, places=(report.chapters[0].place,))


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
    return re.sub(r"^\s*[一二三四五六七八九十\d]+\s*[、.．]\s*", "", heading)


def _faults_of(own: OwnWords, index: int | None, seen: list[int], right: Sequence[str]) -> Iterator[Fault]:
    text, places = own.text.strip(), (own.place,)
    if index is None:
        fix = "删去这个标题，或改成（一）（二）这一级的标题。"
        yield Fault(f"多出了标题“{text}”。", found=text, fix=fix, places=places)
        return
    if text != right[index]:
        yield Fault(f"标题“{text}”与规定的不同。", (), right[index], text, places=places)
    if index in seen:
        yield Fault(f"标题“{text}”出现了两次。", (), "只出现一次", text, places=places)
    elif seen and index < max(seen):
        fix = f"按规定的顺序排列{ordinal_words(len(right))}个部分。"
        expected = f"在“{right[max(seen)]}”之前"
        yield Fault(f"标题“{text}”的顺序不对。", (), expected, f"在“{right[max(seen)]}”之后", fix, places)


@rule(
    "X11",
    Level.ERROR,
    title="第五、第六部分内容不全",
    what="第五部分要写存在的问题和改进的情况，第六部分不能空着。"
    "空着是错误；没有写到问题或改进，或者第六部分只写一个“无”字，是提醒。",
    why="主要问题及改进情况、其他需要报告的事项，都是年报的法定内容。",
    basis="《条例》第五十条第（四）（五）项",
    fix="第五部分补上存在的问题、上年问题的改进和下一步的措施；第六部分没有事项的，写“没有其他需要报告的事项。”",
)
def thin_chapter(report: Report, _context: Context) -> Iterator[Fault]:
    """Nothing of problems or of what is done about them, and nothing where other matters belong."""
    if "problems" in report.form.prose:
        yield from _thin_problems(report)
    others = _text(report, "others")
    if "others" in report.places and not others:
        message = f"{named_part(report.form, 'others')}没有内容。"
        yield Fault(
            message,
            ("others",),
            "没有事项的，也要写明没有",
            fix=numbered_part(report.form, "others") + _FILL_OTHERS,
        )
    elif _NONE.fullmatch(others) and others and report.fees is None:
        message = f"{numbered_part(report.form, 'others')}只写了一个“无”字。"
        yield Fault(
            message,
            ("others",),
            "一句完整的话",
            others,
            numbered_part(report.form, "others") + _FILL_OTHERS,
            level=Level.WARNING,
        )


def _thin_problems(report: Report) -> Iterator[Fault]:
    text, named = _text(report, "problems"), named_part(report.form, "problems")
    part = numbered_part(report.form, "problems")
    if not text:
        fix = f"{part}补上存在的问题、上年问题的改进和下一步的措施。"
        title = report.form.chapters[report.form.prose["problems"].chapter - 1].title
        yield Fault(f"{named}没有内容。", ("problems",), title, fix=fix)
    for pattern, name, fix in _ASKED:
        if text and not pattern.search(text):
            message = f"{part}没有写到{name}。"
            yield Fault(message, ("problems",), name, fix=part + fix, level=Level.WARNING)


def _text(report: Report, key: str) -> str:
    return "".join(paragraph.text for paragraph in report.prose.get(key, ())).strip()
