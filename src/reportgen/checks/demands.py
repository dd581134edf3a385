"""An office's own demands on its reports: length, words, counts. Nothing is asked where no list is given."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, paragraphs, place_at, rule
from reportgen.model.demands import Demand, either, parts_of
from reportgen.model.keys import by_headings, plain
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_BLANKS = re.compile(r"\s+")
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_NOT_COUNTED = re.compile(
    r"(?:第[\d一二三四五六七八九十百]+|\d{2,4}年度?|\d{1,2}月(?:\d{1,2}日)?|〔\d{4}〕\d*号?|[一二三四五六七八九十]+是)"
)
"""Numbers that count nothing: years, days, articles, documents, the points of a list."""
_COUNTED = re.compile(
    r"[\d０-９]|[一二两三四五六七八九十百千万〇零]+余?[件条篇次个期场项人家份部批处名起宗]|没有|未发生|未收到|未编|未开|暂无|均无|为零"
)

_OWN = "请照要求改；不适用的，请与提出要求的机关核对。"
_demanded = partial(
    rule,
    level=Level.WARNING,
    ground=Ground.PROSE,
    why="法律和格式以外的要求各地不同，由收年报的机关自己列出；列出来，交之前就能查。",
    basis="本机关给出的编制要求",
    fix=_OWN,
)
"""A rule of this page: they differ in what they ask."""


class _Part(NamedTuple):
    """What a demand is about in a report: its key, its name, and its paragraphs with their numbers."""

    key: str
    name: str
    prose: tuple[tuple[str, Paragraph], ...]
    whole: bool = True
    """False where the passage is written together with others, and cannot be told from them."""

    @property
    def text(self) -> str:
        """All its text."""
        return "\n".join(paragraph.text for _, paragraph in self.prose)


def _parts(demand: Demand, report: Report) -> Iterator[_Part]:
    """The passages of a demand that this report's form has; the whole text for one that names none."""
    if not demand.parts:
        yield _Part("", "全文", tuple(paragraphs(report)))
    for name in demand.parts:
        found = parts_of(report.form).get(plain(name))
        if found is None:
            continue
        outer, inner = found
        keys = [outer.key, *(each.key for each in outer.within)] if outer is inner else [inner.key]
        own = tuple(_numbered(report, keys))
        if outer is inner or own or outer.key not in report.prose:
            yield _Part(inner.key if outer is not inner else outer.key, name, own)
            continue
        whole = tuple(_numbered(report, [outer.key]))
        under = {id(each) for each in by_headings(outer, report.prose[outer.key]).get(inner.key, ())}
        own = tuple((about, each) for about, each in whole if id(each) in under)
        yield _Part(outer.key, name, own or whole, bool(own))


def _numbered(report: Report, keys: Sequence[str]) -> Iterator[tuple[str, Paragraph]]:
    for key in keys:
        for number, paragraph in enumerate(report.prose.get(key, ()), 1):
            yield f"{key}.{number}", paragraph


def _about(part: _Part) -> tuple[str, ...]:
    return (part.key,) if part.key else ()


def _said(demand: Demand, part: _Part, what: str) -> str:
    return f"{demand.named}要求“{part.name}”{what}"


def _fix(demand: Demand) -> str:
    return f"{demand.why.rstrip('。')}。{_OWN}" if demand.why else ""


@_demanded(
    "Y01",
    title="长短不合本机关的要求",
    what="编制要求里有字数的，查每一部分（或全文）是不是够字数、有没有超过；字数不计空格。",
)
def length(report: Report, context: Context) -> Iterator[Fault]:
    """Passages that are shorter or longer than a list asks."""
    for demand in context.demands:
        for part in _parts(demand, report) if demand.least or demand.most else ():
            size = len(_BLANKS.sub("", part.text))
            if part.whole and demand.least and size < demand.least:
                yield _of_length(demand, part, f"至少 {demand.least} 字", size)
            elif part.whole and demand.most and size > demand.most:
                yield _of_length(demand, part, f"至多 {demand.most} 字", size)


def _of_length(demand: Demand, part: _Part, due: str, size: int) -> Fault:
    message = _said(demand, part, f"{due}，现在是 {size} 字。")
    return Fault(message, _about(part), due, f"{size} 字", _fix(demand), level=demand.level)


@_demanded(
    "Y02",
    title="没有写本机关要求写的内容",
    what="编制要求里“必须有”的词，查每一部分（或全文）里有没有；几个词用“/”隔开的，有一个就可以。",
)
def must_be_said(report: Report, context: Context) -> Iterator[Fault]:
    """Words that a list asks for and that are not there."""
    for demand in context.demands:
        for part in _parts(demand, report) if demand.must else ():
            text = _BLANKS.sub("", part.text)
            for words in demand.must:
                if not any(_BLANKS.sub("", word) in text for word in words):
                    message = _said(demand, part, f"写明{either(words)}，没有找到。")
                    due = f"有{either(words)}"
                    yield Fault(message, _about(part), due, "没有", _fix(demand), level=demand.level)


@_demanded(
    "Y03",
    title="有本机关要求不写的词",
    what="编制要求里“不得有”的词，查每一部分（或全文和标题）里有没有。",
)
def never_said(report: Report, context: Context) -> Iterator[Fault]:
    """Words that a list does not want, each where it stands."""
    for demand in context.demands:
        for part in _parts(demand, report) if demand.never else ():
            for word in demand.never:
                yield from _forbidden(demand, part, word)
                if not part.key and word in "".join(report.title):
                    message = f"{demand.named}要求不写“{word}”，标题里有。"
                    yield Fault(message, ("title",), found=word, fix=_fix(demand), level=demand.level)


def _forbidden(demand: Demand, part: _Part, word: str) -> Iterator[Fault]:
    message = _said(demand, part, f"不写“{word}”。")
    for about, paragraph in part.prose:
        for found in re.finditer(re.escape(word), paragraph.text):
            places = (place_at(paragraph, found.start(), len(word)),)
            yield Fault(message, (about,), "", word, _fix(demand), places, demand.level)


@_demanded(
    "Y04",
    title="没有写本机关要求写的数",
    what="编制要求里“要写数”的词，查有没有一句话既有这个词又有数；写明没有的也算。年份、日期、条款的号不算。",
)
def counts_told(report: Report, context: Context) -> Iterator[Fault]:
    """Counts that a list asks for and that no sentence tells."""
    for demand in context.demands:
        for part in _parts(demand, report) if demand.counts else ():
            sentences = [_NOT_COUNTED.sub("", each) for each in _SENTENCE.findall(part.text)]
            for words in demand.counts:
                having = [each for each in sentences if any(word in each for word in words)]
                if not any(_COUNTED.search(each) for each in having):
                    what = "只提到了，没有数" if having else "没有找到"
                    message = _said(demand, part, f"写明{either(words)}的数，{what}。")
                    due = f"{either(words)}的数"
                    yield Fault(message, _about(part), due, what, _fix(demand), level=demand.level)
