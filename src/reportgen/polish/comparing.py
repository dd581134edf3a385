"""What an office changed in a document since it was made: figures first, then sentences. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from reportgen.advice import Advice
from reportgen.checks import place_of
from reportgen.chinese.organs import same_organ
from reportgen.model.report import Figure, Report
from reportgen.problems import Finding, Level, Place
from reportgen.wording import chinese_date, title_lines

FAULTS: dict[str, str] = {
    "K01": "数在生成以后改过",
    "K02": "句子在生成以后改过",
    "K03": "模板的文字在生成以后改过",
    "K04": "没有与生成时的内容比较",
    "K05": "生成它的年报后来改过",
    "K06": "Word 文件和比较的年报不是同一份",
    "K08": "Word 文件没有改过，生成它的年报与它不同",
}
"""Code → what is wrong, as the list of faults names it."""

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’）」』]*|[。！？；]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GUESSES = {"R11", "R16", "R41"}
_CHANGES = ("K01", "K02", "K03")
_AROUND = 10
_MANY = 10_000
_FIX = Advice(
    "改得对的，请把 YAML 也照样改好，再运行 reportgen build 这份.docx --against 改好的.yaml，"
    "两处才一致；改错了的，请改回来。",
    "改得对的，请把工作簿也照样改好，再运行 reportgen build 这份.docx --against 改好的.xlsx，"
    "两处才一致；改错了的，请改回来。",
    "改得对的，请在页面右边的“文件”里放回这份 Word 文件，把改动收进年报；改错了的，请改回来。",
)


def changes(made: Report, now: Report, origin: Report) -> Iterator[Finding]:
    """Every difference between a document as it was made and as it is.

    K01 a figure, in a cell or a sentence (warning) · K02 the clerk's sentences · K03 the template's words.

    Args:
        made: the document's contents when it was made, read as ``now`` was.
        now: what it says.
        origin: what it was made from, whose words are the clerk's.
    """
    written = [each.text for key in origin.prose for each in origin.prose[key]]
    own = _squeezed("".join((*written, *(f"{name}：{words}" for name, words in origin.lines.items()))))
    found = [_told(change, own) for change in _changed_sentences(made, now)]
    yield from _changed_cells(made, now)
    for code in _CHANGES:
        yield from (finding for finding in found if finding.code == code)
    yield from _changed_labels(made, now)


def carried_over(origin: Report, now: Report) -> Report:
    """A polished report with what no document says: level, scope, short name, answers and units."""
    organ = replace(origin.organ, name=now.organ.name)
    units, lacking = origin.units, origin.lacking
    return replace(now, organ=organ, answers=origin.answers, units=units, lacking=lacking)


def without_guesses(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings but for those about what had to be guessed and is known now."""
    return tuple(finding for finding in findings if finding.code not in _GUESSES)


def not_compared(name: str, why: str) -> Finding:
    """A document that nothing is at hand to compare with."""
    message = f"没有与生成时的内容逐处比较：{why}。规则照常检查。"
    fix = "要比较，请给出生成它的那份年报（命令里用 --against）。"
    return Finding("K04", Level.NOTE, message, (Place(name),), fix=fix)


def origin_changed(name: str, origin: str) -> Finding:
    """The input is not what the document was made from any more."""
    message = f"{origin} 在生成这份 Word 文件以后改过，下面按改过的内容比较。"
    which = Advice("以 YAML 为准", "以工作簿为准", "以页面上的年报为准")
    fix = "请看列出的每一处以哪边为准；" + which + "的，请重新生成。"
    return Finding("K05", Level.WARNING, message, (Place(name),), fix=fix)


def only_origin_changed(name: str, origin: str) -> Finding:
    """The input is another one by now, and nobody touched the document that was made before."""
    message = f"这份 Word 文件生成以后没有人改过；{origin} 不是生成它时的样子，下面是两边不同的地方。"
    which = Advice("要用改过的 YAML", "要用改过的工作簿", "要用页面上的年报")
    fix = which + "，请重新生成；要用这份 Word 文件，不用动它。"
    return Finding("K08", Level.WARNING, message, (Place(name),), fix=fix)


def other_report(file: Place, now: Report, origin: Report) -> Finding | None:
    """A document and an input of two organs, years or kinds; None where they are of one."""
    kinds = ["" if each.form.ordinary else each.form.name for each in (origin, now)]
    of = [f"{each.organ.name}{each.year}年度{kind}" for each, kind in zip((origin, now), kinds, strict=True)]
    same = now.year == origin.year and same_organ(now.organ.name, origin.organ.name)
    same = same and now.form.kind == origin.form.kind
    if not now.organ.name or same:
        return None
    with_which = Advice("与它比较的 YAML 是", "与它比较的工作簿是", "与它比较的年报是")
    message = f"这份 Word 文件是{of[1]}的，" + with_which + f"{of[0]}的。"
    fix = Advice(
        "请用 --against 给出生成它的那份 YAML；机关或年度确实要改的，请在 YAML 里改好，重新生成。",
        "请用 --against 给出生成它的那份工作簿；机关或年度确实要改的，请在工作簿里改好，重新生成。",
        "请打开生成它的那份年报，再放回这份 Word 文件；机关或年度确实要改的，请在页面上改好，重新生成。",
    )
    return Finding("K06", Level.ERROR, message, (file,), of[0], of[1], fix, about=("organ", "year"))


def without_stale_origin(notes: Iterable[Finding], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The notes without K05 and K08 where nothing is changed: the document says what its input says now."""
    changed = any(finding.code in _CHANGES for finding in findings)
    return tuple(note for note in notes if changed or note.code not in ("K05", "K08"))


def _changed_cells(made: Report, now: Report) -> Iterator[Finding]:
    for key, figure in now.cells.items():
        before = made.cells.get(key)
        if before is not None and _shown(before) != _shown(figure):
            place = now.place_of(key)
            yield Finding(
                "K01",
                Level.WARNING,
                f"“{now.form.label(key)}”由 {_shown(before)} 改成了 {_shown(figure)}。",
                (place,) if place else (),
                _shown(before),
                _shown(figure),
                _FIX,
                about=(str(key),),
            )


def _shown(figure: Figure) -> str:
    text = str(figure.number) if figure.number is not None else figure.text or "空白"
    return f"{text}（{figure.remark}）" if figure.remark else text


def _changed_labels(made: Report, now: Report) -> Iterator[Finding]:
    for row, own in now.labels.items():
        before = made.labels[row].text if row in made.labels else "表样的文字"
        if before != own.text:
            message = f"表里这一行的名称改成了“{own.text}”。"
            yield Finding(
                "K03", Level.NOTE, message, (own.place,), before, own.text, _FIX, about=(f"label.{row}",)
            )


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as compared: its words, of which part of the report, and where."""

    text: str
    about: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class _Change:
    """A sentence before and after; None where there is none."""

    before: _Sentence | None
    after: _Sentence | None


def _sentences(report: Report) -> Iterator[_Sentence]:
    for line in title_lines(report):
        yield _Sentence(line, "title", place_of("title", report) or place_of("organ", report))
    for name, words in report.lines.items():
        if words:
            yield _Sentence(f"{name}：{words}", name, place_of(name, report))
    for key in report.form.prose:
        for number, paragraph in enumerate(report.prose.get(key, ()), start=1):
            for match in _SENTENCE.finditer(paragraph.text):
                if match[0].strip():
                    yield _Sentence(match[0].strip(), f"{key}.{number}", paragraph.place)
    yield _Sentence(report.organ.name, "organ", place_of("organ", report))
    yield _Sentence(chinese_date(report.date).strip(), "date", place_of("date", report))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _changed_sentences(made: Report, now: Report) -> Iterator[_Change]:
    before, after = list(_sentences(made)), list(_sentences(now))
    old, new = ([_squeezed(each.text) for each in side] for side in (before, after))
    for kind, one, two, three, four in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _paired(before[one:two], after[three:four])


def _paired(before: Sequence[_Sentence], after: Sequence[_Sentence]) -> Iterator[_Change]:
    """Sentences of a changed stretch, each with the one that it became."""
    if len(before) == len(after) or len(before) * len(after) > _MANY:
        yield from (_Change(*pair) for pair in zip_longest(before, after))
        return
    free = list(after)
    for old in before:
        like = max(free, key=lambda each: _likeness(old.text, each.text), default=None)
        if like is None or _likeness(old.text, like.text) < 0.5:
            yield _Change(old, None)
            continue
        free.remove(like)
        yield _Change(old, like)
    yield from (_Change(None, new) for new in free)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _told(change: _Change, own: str) -> Finding:
    """A changed sentence as a finding."""
    old, new = (each.text if each else "" for each in (change.before, change.after))
    here = change.after or change.before
    assert here is not None  # a change has at least one side
    figures = bool(old and new) and _numbers(old) != _numbers(new)
    clerks = here.about in ("title", "organ", "date") or not old or _squeezed(old) in own
    code = "K01" if figures else "K02" if clerks else "K03"
    return Finding(
        code,
        Level.WARNING if figures else Level.NOTE,
        _sentence_message(code, old, new),
        (change.after.place,) if change.after and change.after.place else (),
        old or "没有这一句",
        new or "删去了这一句",
        _FIX if code != "K03" else "模板的文字一般不用改；要改，请核对含义有没有变。",
        about=(here.about,),
    )


def _sentence_message(code: str, old: str, new: str) -> str:
    if not old:
        return f"加了一句：“{new}”"
    if not new:
        return f"删去了一句：“{old}”"
    start, end = _common(old, new)
    one, two = (_cut(text, start, end) for text in (old, new))
    what = {"K01": "句子里的数改过", "K02": "句子改过", "K03": "模板的句子改过"}[code]
    return f"{what}：“{one}”改成了“{two}”。"


def _common(old: str, new: str) -> tuple[int, int]:
    """How many characters are the same at the beginning, and at the end of the rest."""
    least = min(len(old), len(new))
    start = next((at for at in range(least) if old[at] != new[at]), least)
    rest = least - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return start, end


def _cut(text: str, start: int, end: int) -> str:
    """The changed stretch with some words around it."""
    first, last = max(0, start - _AROUND), min(len(text), len(text) - end + _AROUND)
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(unicodedata.normalize("NFKC", text)))
