"""Slips of the pen: wrong characters, doubled words, punctuation. When in doubt, silent."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, paragraphs, place_at, rule
from reportgen.chinese.numerals import NUMERALS
from reportgen.model.prose import HAN, Paragraph
from reportgen.model.quoting import LEFT_OVER
from reportgen.model.report import Report
from reportgen.problems import Ground, Level


class Slip(NamedTuple):
    """A slip in a text: where, how it is written, how it should be, and what to call it."""

    start: int
    written: str
    right: str
    name: str


_WRONG = {
    "诉颂": "诉讼",
    "复仪": "复议",
    "钩稽": "勾稽",
    "布署": "部署",
    "依申清": "依申请",
    "信息公幵": "信息公开",
    "本年制法": "本年制发",
    "制法件数": "制发件数",
    "公开条列": "公开条例",
    "报吿": "报告",
    "报告报告": "报告",
    "告年度报": "年度报告",
}
"""Characters that are typed for one another."""
_WRONG_WORD = re.compile("|".join(_WRONG))

_ASK_AT = re.compile(r"请于(?P<whom>[^，。；：！？\n]{2,40}?)联系")
_TIME = re.compile(r"[\d０-９]|[年月日时周天期前后内]|上午|下午|工作")

_TWICE = re.compile(r"([\u3400-\u9fff]{2,8})\1")  # tried at every character: a range is the faster one here
_NUMERALS = re.compile(f"[{NUMERALS}]+")
_GOES_ON = re.compile(
    r"[化性员人者栏网]|目录|指南|条例|办法|平台|机构|对象|部门|单位|窗口|系统|制度|年报|年度|透明|专区|专栏"
)
"""What makes a new word of the second half: 信息信息化, 公开公开栏."""

_DOUBLED_SIGN = re.compile(r"[，。；：、][，。；：、]+")
_MARK_BEFORE_ETC = re.compile(r"、(?=等(?![级候待额同效比价值份号离差身]))")
_BLANK_BEFORE_SIGN = re.compile(rf"[ \u3000](?<={HAN}.)[ \u3000]*[，。；：、]")
_LATIN = re.compile(rf"[,;:?!.](?<={HAN}.)(?={HAN}|$)", re.MULTILINE)
_LATIN_QUOTES = re.compile(rf'"[^"]*{HAN}[^"]*"')
_WIDE = dict(zip(",;:?!.", "，；：？！。", strict=True))

_OPEN_END = re.compile(rf"(?:{HAN}|[%％，、])$")
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]+[)）、.．]")
_STOPS = re.compile(r"[，。；]")
_SHORTEST = 6
"""A shorter last paragraph (无) is taken for a word, not for a sentence without its stop."""


def _wrong_words(text: str) -> Iterator[Slip]:
    for found in _WRONG_WORD.finditer(text):
        yield Slip(found.start(), found[0], _WRONG[found[0]], "错别字")
    for found in _ASK_AT.finditer(text):
        if not _TIME.search(found["whom"]):
            yield Slip(found.start(), "请于", "请与", "错别字")


def _doubled_words(text: str) -> Iterator[Slip]:
    for found in _TWICE.finditer(text):
        word = found[1]
        if not (_NUMERALS.match(word) or len(set(word)) == 1 or _GOES_ON.match(text, found.end())):
            yield Slip(found.start(), found[0], word, "重复的词")


def _doubled_signs(text: str) -> Iterator[Slip]:
    for found in _DOUBLED_SIGN.finditer(text):
        yield Slip(found.start(), found[0], found[0][-1], "重复的标点")
    for found in _MARK_BEFORE_ETC.finditer(text):
        yield Slip(found.start(), "、等", "等", "“等”前多余的顿号")


def _blanks(text: str) -> Iterator[Slip]:
    for found in _BLANK_BEFORE_SIGN.finditer(text):
        yield Slip(found.start(), found[0], found[0].strip(), "标点前多余的空格")


def _latin_signs(text: str) -> Iterator[Slip]:
    for found in _LATIN.finditer(text):
        yield Slip(found.start(), found[0], _WIDE[found[0]], "半角标点")
    for found in _LATIN_QUOTES.finditer(text):
        yield Slip(found.start(), found[0], f"“{found[0][1:-1]}”", "半角引号")


_SLIPS: tuple[Callable[[str], Iterator[Slip]], ...] = (
    _wrong_words,
    _doubled_words,
    _doubled_signs,
    _blanks,
    _latin_signs,
)


_IN_BRACES = re.compile("[{｛][^{}｛｝。\\n]{1,120}[}｝]")
"""A quote in single brackets: another rule's matter."""

_SIGNS = tuple(
    pattern.search
    for pattern in (
        *(_WRONG_WORD, _ASK_AT, _TWICE, _DOUBLED_SIGN, _MARK_BEFORE_ETC),
        *(_BLANK_BEFORE_SIGN, _LATIN, _LATIN_QUOTES),
    )
)
"""Where none of these is in the whole prose, no paragraph needs a look."""


@rule(
    "X21",
    Level.WARNING,
    Ground.PROSE,
    title="错别字、重复的词或标点有误",
    what="常见的错别字（请于某某联系、诉颂、钩稽）、连写两遍的词、重复或半角的标点、“、等”、段末缺句号。",
    why="年报是公开的公文，错字和标点差错有损它的可信。",
    basis="GB/T 15834—2011《标点符号用法》",
    fix="照“应为”改；如果原文没有错，不用管它。",
)
def slips(report: Report, _context: Context) -> Iterator[Fault]:
    """Slips that are surely slips, one fault for each way to write wrong in a paragraph."""
    for about, paragraph in paragraphs(report) if any(sign(report.words) for sign in _SIGNS) else ():
        for found in _grouped(paragraph):
            first = found[0]
            times = f"（本段 {len(found)} 处）" if len(found) > 1 else ""
            yield Fault(
                f"{first.name}“{first.written}”，应为“{first.right}”{times}。",
                (about,),
                first.right,
                first.written,
                places=tuple(place_at(paragraph, slip.start, len(slip.written)) for slip in found),
            )
    yield from _unended(report)


def _grouped(paragraph: Paragraph) -> Iterator[list[Slip]]:
    """The slips of a paragraph; a sign written wrong many times is one matter.

    What is left of a quote is no sentence: its dots and blanks are another rule's matter.
    """
    text = paragraph.text
    found = [slip for look in _SLIPS for slip in look(text)]
    left = [each.span() for sign in (LEFT_OVER, _IN_BRACES) for each in sign.finditer(text)] if found else []
    groups: dict[tuple[str, str], list[Slip]] = {}
    for slip in found:
        if not any(start <= slip.start < end for start, end in left):
            groups.setdefault((slip.name, slip.written), []).append(slip)
    yield from groups.values()


def _unended(report: Report) -> Iterator[Fault]:
    """Paragraphs of text that end without a stop."""
    for key, prose in report.prose.items():
        for number, paragraph in enumerate(prose, 1):
            text = paragraph.text.rstrip()
            if _lacks_stop(paragraph, text, number == len(prose)) and not _signs(report, text):
                tail = text[-8:].lstrip("，、；：。")
                yield Fault(
                    f"段末是“{text[-1]}”。" if text[-1] in "，、" else "段末缺少句号。",
                    (f"{key}.{number}",),
                    f"{tail.rstrip('，、')}。",
                    tail,
                    places=(place_at(paragraph, len(text) - 1),),
                )


def _lacks_stop(paragraph: Paragraph, text: str, last: bool) -> bool:
    """True for a sentence without its stop; false for all that may be a heading, an item or a line apart."""
    if paragraph.kind != "text" or not _OPEN_END.search(text) or all(run.bold for run in paragraph.runs):
        return False
    if _STOPS.search(text):
        return not (_NUMBERED.match(text) and "。" not in text and len(text) < 30)
    return last and len(text) >= _SHORTEST and not _NUMBERED.match(text)


def _signs(report: Report, text: str) -> bool:
    """True if a line is the signature, its date, or names an attachment."""
    return text in (report.organ.name, report.organ.short) or bool(
        re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日|附(?:件|表).*", text)
    )


# ── words that an office wants to look at ─────────────────────────────────────────────────────────────


@lru_cache(maxsize=8)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str] | None:
    known = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None


@rule(
    "X22",
    Level.WARNING,
    Ground.PROSE,
    title="有词表里的词，请核对",
    what="标题和正文里有没有本单位词表（一行一个词）中的词，例如已经更名的机构、已经离任的姓名、易写错的提法。",
    why="机构名称、人名和提法写错了，公开以后影响很坏。",
    basis="本单位的词表",
    fix="核对这个词在这里是否写对；写对了的不用改。",
)
def listed_words(report: Report, context: Context) -> Iterator[Fault]:
    """Words of the office's own list."""
    listed = _any_of(context.words)
    if listed is None:
        return
    for about, paragraph in paragraphs(report):
        for found in listed.finditer(paragraph.text):
            place = place_at(paragraph, found.start(), len(found[0]))
            yield Fault(f"有词表里的词“{found[0]}”。", (about,), found=found[0], places=(place,))
    for found in listed.finditer("".join(report.title)):
        yield Fault(f"标题里有词表里的词“{found[0]}”。", ("title",), found=found[0])
