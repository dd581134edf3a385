"""What the sentences say of reviews and suits, against table four."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reportgen.checks.claims.figures import agreeing, claims_of, fault_of, wrong
from reportgen.checks.claims.parsing import of_information, understood
from reportgen.checks.claims.text import Sentence
from reportgen.checks.claims.topics import when
from reportgen.checks.contract import Context, Fault, numbered_table, place_at, rule
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_BASIS = "《条例》第五十条；国务院办公厅年报格式"
_REVIEW = ("review",)
_SUITS = ("direct_suit", "suit_after_review")

_DENIES = re.compile(
    "(?:未|没有|无)(?:发生|产生|收到|出现|因|由|涉及|有关|被|引发|提起|申请|政府|政务|信息公开|依申请公开|公开|工作|而|引起|导致|的|有|任何|相关)*"
    "(?P<what>(?:行政)?(?:复议|诉讼)(?:案件)?(?:(?:、|和|与|及|或|以及|或者|，|也未发生)(?:被)?(?:提起|申请)?(?:行政)?(?:复议|诉讼)(?:案件)?)?)"
    "(?:的)?(?:案件|情况|事项|情形|案例|事件|发生)*(?:[，,；;、：（）)]|$)"
)
_KEPT = re.compile("(?:均|全部|都|皆)(?:获|被|予以|得到|判决|裁定|为|是|结果)*(?:维持|支持|胜诉)")
_UNBEATEN = re.compile(
    "(?:零|无|没有|未发生|未出现)(?:一起|1件|一件|行政|诉讼|复议)*(?:败诉|纠错|被纠正|被纠错)"
)
_WISH = re.compile("力争|确保|争取|努力|目标|防止|避免|预防|降低")


def _denied(report: Report) -> Iterator[Fault]:
    """Reviews or suits that the sentences deny and table four counts."""
    for sentence in understood(report)[1]:
        for found in _DENIES.finditer(sentence.words):
            blocks = _blocks(found["what"])
            total = sum((report.value(block, "total") for block in blocks), Decimal(0))
            year = when(sentence, found.start(), found.start(), report.year)
            if total and year == 0 and of_information(sentence):
                yield _told(sentence, found.span(), report, [(block, "total") for block in blocks])


def _blocks(words: str) -> tuple[str, ...]:
    """The parts of table four that the words name."""
    review = _REVIEW if "复议" in words else ()
    suits = _SUITS if re.search("诉讼|应诉|败诉|胜诉", words) else ()
    return review + suits or _REVIEW + _SUITS


def _told(
    sentence: Sentence,
    span: tuple[int, int],
    report: Report,
    cells: list[tuple[str, str]],
    level: Level | None = None,
) -> Fault:
    """Words that cells contradict: those of the cells that are not 0."""
    keys = [CellKey(*cell) for cell in cells if report.value(*cell)]
    quote = sentence.quote(*span).rstrip("，,；;、：")
    places = (place_at(sentence.paragraph, sentence.origin[span[0]], len(quote)), *map(report.place_of, keys))
    named = ((key, *report.form.index[key][1:]) for key in keys)
    figures = "、".join(f"{row.name}·{column.name} {report.cells[key].value}" for key, row, column in named)
    return Fault(
        f"正文写“{quote}”，但{numbered_table(report, keys[0])}不是这样：{figures}。",
        (sentence.about, *keys),
        figures,
        quote,
        places=tuple(dict.fromkeys(place for place in places if place)),
        level=level,
    )


@rule(
    "N09",
    Level.WARNING,
    Ground.PROSE,
    title="正文的复议诉讼件数与表四不一致",
    what="正文写的因政府信息公开引起的行政复议、行政诉讼件数等于表四的总计；写“未发生”的，总计是 0。",
    why="同一件事在正文和表里是两个数，读者不知道该信哪一个。",
    basis=_BASIS,
    fix="对照台账，改正错的那一个；口径不同（只算本年新发生的，或者含上年未结的）的，在正文里说明。",
)
def cases(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of reviews and suits that are not the totals of table four."""
    yield from wrong("N09")(report, context)
    yield from _denied(report)


@rule(
    "N10",
    Level.ERROR,
    Ground.PROSE,
    title="正文的复议诉讼结果与表四不一致",
    what="正文写的维持、纠正、其他结果、尚未审结件数等于表四的同名各格。总数的口径与表四不同的，只作提醒。",
    why="同一件事在正文和表里是两个数，读者不知道该信哪一个。",
    basis=_BASIS,
    fix="对照台账，改正错的那一个。",
)
def outcomes(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of outcomes that are not those of table four."""
    for claim, about in claims_of("N10", report, context):
        if agreeing(claim, about) == []:
            same = claim.year == 0 and claim.within and agreeing(claim.within, about)
            yield fault_of(claim, about, None if same else Level.WARNING)


class _Boast(NamedTuple):
    """Words that claim a good end, and the columns that must then be 0, the grave ones first."""

    pattern: re.Pattern[str]
    grave: tuple[str, ...]
    open: tuple[str, ...]


_BOASTS = (_Boast(_KEPT, ("corrected", "pending"), ()), _Boast(_UNBEATEN, ("corrected",), ("pending",)))


@rule(
    "T4-04",
    Level.WARNING,
    Ground.PROSE,
    title="正文说没有败诉或均获维持，表四不是这样",
    what="正文写“均获维持”“零败诉”“无纠错”的，表四没有结果纠正的件数；写“均获维持”的，也没有尚未审结的。",
    why="还没有审结的，不能说已经维持；被纠正的，不能说没有败诉。",
    basis=_BASIS,
    fix="改写这句话，例如“已审结的均获维持”。",
)
def boasts(report: Report, _context: Context) -> Iterator[Fault]:
    """All upheld, or none lost, with cases that were corrected or are pending."""
    for sentence in understood(report)[1]:
        for boast in _BOASTS:
            for found in boast.pattern.finditer(sentence.words):
                yield from _boasted(sentence, found, boast, report)


def _boasted(sentence: Sentence, found: re.Match[str], boast: _Boast, report: Report) -> Iterator[Fault]:
    begin = max(sentence.words.rfind(mark, 0, found.start()) for mark in "，；,;") + 1
    clause = sentence.words[begin : found.end()]
    told = re.search("复议|诉", sentence.words[: found.end()])
    if not told or not of_information(sentence) or _WISH.search(clause) or re.search("已审结|审结的", clause):
        return
    blocks = _blocks(clause if re.search("复议|诉", clause) else sentence.words[: found.end()])
    for columns, level in ((boast.grave, None), (boast.open, Level.NOTE)):
        cells = [(block, column) for block in blocks for column in columns if report.value(block, column)]
        if cells:
            yield _told(sentence, found.span(), report, cells, level)
