"""Percentages and changes against the year before, reckoned again from the counts beside them."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from reportgen.checks.claims.figures import bases
from reportgen.checks.claims.parsing import Claim, understood
from reportgen.checks.claims.text import Sentence
from reportgen.checks.contract import Context, Fault, place_at, rule
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_SHARE = re.compile(
    "(?P<from>#)(?:件|条|份|宗|个|起|次)(?:[^，,；;。：（）()#％]{0,12})[，,（]?(?:约)?占(?:比)?(?:申请|办结|答复|收到|办理|受理|收件|全部|本年度?|全年|所有|总|的)*"
    "(?:数量|件数|总数|总量|数|量)?(?:的)?(?:比例|比重|百分比)?(?:为|达到|达|是)*(?P<rate>％)"
)
_WAYS = "增长|增加|上升|提高|提升|多|下降|减少|降低|下跌|少"
_CHANGE = re.compile(
    "(?P<from>#)件?(?:[^，,；;。：（）()#％]{0,6})[，,（]?(?:（[^（）]*）[，,]?)?"
    "(?:同比|(?:较|比|与|同)(?:上年|去年|上一年|Ｙ)(?:度|同期)*(?:[的（]?(?P<base>#)件）?)?(?:相比)?[，,]?)"
    f"(?P<way>{_WAYS})(?:了)?(?:(?P<rate>％)|(?P<more>#)件)"
    f"(?:[，,、（](?:同比)?(?P<then>{_WAYS})(?:了)?(?P<too>％))?"
)
_LESS = frozenset(["下降", "减少", "降低", "下跌", "少"])
_TOLERANCE = Decimal("0.05")
_HUNDRED = Decimal(100)


class _Rate(NamedTuple):
    """A percentage or difference in a sentence, and the numbers that it may come from."""

    sentence: Sentence
    at: int
    part: Decimal
    wholes: tuple[Decimal, ...]
    sign: int = 1


def _shares(
    report: Report, claims: dict[tuple[int, int], Claim], told: tuple[Sentence, ...]
) -> Iterator[_Rate]:
    for sentence in told:
        for found in _SHARE.finditer(sentence.words) if "占" in sentence.words else ():
            at, rate = found.start("from"), found.start("rate")
            claim = claims.get((id(sentence), at))
            if at not in sentence.numbers or rate not in sentence.numbers or (claim and claim.year):
                continue
            wholes = [
                *_before(sentence, at, told),
                *_of_table(claim or _sibling(sentence, at, claims), report),
            ]
            if not claim and "其中" not in sentence.words[:at]:
                continue
            if any(wholes):
                yield _Rate(
                    sentence, rate, sentence.numbers[at].value, tuple(filter(None, dict.fromkeys(wholes)))
                )


def _sibling(sentence: Sentence, at: int, claims: dict[tuple[int, int], Claim]) -> Claim | None:
    """The claim beside a part that is none: 予以公开12件，占57.1%；其他2件，占9.5% are of one whole."""
    beside = [claim for (_, index), claim in claims.items() if claim.sentence is sentence and index < at]
    return max(beside, key=lambda claim: claim.at, default=None)


def _before(sentence: Sentence, at: int, told: tuple[Sentence, ...]) -> list[Decimal]:
    """The counts that stand before a part, the nearest first."""
    part = sentence.numbers[at]
    same = [each for each in told if each.about == sentence.about and len(each.before) < len(sentence.before)]
    numbers = [
        (each.numbers[index], index)
        for each in (*same, sentence)
        for index in each.numbers
        if each is not sentence or index < at
    ]
    return [
        number.value
        for number, _ in reversed(numbers)
        if number.kind == "count" and number.unit == part.unit and number.value >= part.value
    ]


def _of_table(claim: Claim | None, report: Report) -> list[Decimal]:
    """The wholes of table three, for a part of it."""
    if claim is None or claim.phrases[0].family not in ("request", "result", "applicant"):
        return []
    new, carried, done = (report.value(row, "total") for row in ("new", "carry_in", "total"))
    return [new, new + carried, done]


def _changes(
    context: Context, claims: dict[tuple[int, int], Claim], told: tuple[Sentence, ...]
) -> Iterator[_Rate]:
    for sentence in told:
        for found in _CHANGE.finditer(sentence.words):
            claim = claims.get((id(sentence), found.start("from")))
            if claim and claim.year == 0:
                told_base = sentence.numbers.get(found.start("base"))
                before = [told_base.value] if told_base else _last_year(claim, context, (*claims.values(),))
                wholes = tuple(filter(None, dict.fromkeys(before)))
                for way, at in _told_changes(found) if wholes else ():
                    if at in sentence.numbers:
                        yield _Rate(sentence, at, claim.number.value, wholes, -1 if way in _LESS else 1)


def _told_changes(found: re.Match[str]) -> Iterator[tuple[str, int]]:
    """How each change goes, and where its number stands: 同比增加5件，增长33.3% are two."""
    yield found["way"], found.start("rate" if found["rate"] else "more")
    if found["too"]:
        yield found["then"], found.start("too")


def _last_year(claim: Claim, context: Context, claims: tuple[Claim, ...]) -> list[Decimal]:
    """The same count a year before, from last year's report or this one's sentences."""
    told = [other.number.value for other in claims if other.year == -1 and other.key == claim.key]
    return told + ([basis.value for basis in bases(claim, context.last)] if context.last else [])


def _fits(rate: _Rate) -> bool:
    number = rate.sentence.numbers[rate.at]
    slack = max(_TOLERANCE, number.step / 2)
    return any(
        abs(_true(rate, whole) - number.value) <= (slack if number.kind == "percent" else 0)
        for whole in rate.wholes
    )


def _true(rate: _Rate, whole: Decimal) -> Decimal:
    """The percentage or difference as it should be."""
    number = rate.sentence.numbers[rate.at]
    changes = rate.sentence.words[: rate.at].endswith(tuple("长加升高降少低跌多了"))
    if number.kind != "percent":
        return (rate.part - whole) * rate.sign
    return (rate.part - whole) * rate.sign * _HUNDRED / whole if changes else rate.part * _HUNDRED / whole


def _told(rate: _Rate, whole: Decimal) -> str:
    """The reckoning as an equation."""
    number = rate.sentence.numbers[rate.at]
    changes = rate.sentence.words[: rate.at].endswith(tuple("长加升高降少低跌多了"))
    first, second = (rate.part, whole) if rate.sign > 0 else (whole, rate.part)
    if number.kind != "percent":
        return f"{first} − {second} = {_true(rate, whole)}"
    true = _true(rate, whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"({first} − {second}) ÷ {whole} = {true}%" if changes else f"{rate.part} ÷ {whole} = {true}%"


@rule(
    "N13",
    Level.WARNING,
    Ground.PROSE,
    title="百分比与件数不符",
    what="件数后面的“占百分之几”等于它除以总数，“同比增长百分之几”等于比上年增减的件数除以上年的件数，"
    "相差不超过 0.05 个百分点。",
    why="百分比和件数写在一起，读者一算就知道对不对。",
    basis="《条例》第五十条",
    fix="重新计算百分比；分母不是收件数或办结数的，写明是占什么的百分之几。",
)
def rates(report: Report, context: Context) -> Iterator[Fault]:
    """Percentages and changes that do not come from the counts beside them."""
    found, told = understood(report)
    claims = {(id(claim.sentence), claim.at): claim for claim in found}
    for rate in (*_shares(report, claims, told), *_changes(context, claims, told)):
        number = rate.sentence.numbers[rate.at]
        if not number.vague and not _fits(rate):
            start, end = rate.sentence.span(rate.at)
            typed = rate.sentence.paragraph.text[start:end]
            yield Fault(
                f"“{typed}{number.unit if number.kind == 'count' else ''}”与前面的件数对不上。",
                (rate.sentence.about,),
                "，或者 ".join(_told(rate, whole) for whole in rate.wholes[:3]),
                typed,
                places=(place_at(rate.sentence.paragraph, start, end - start),),
            )
