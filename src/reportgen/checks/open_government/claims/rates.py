"""Percentages and changes against the year before, reckoned again from the counts beside them."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, place_at, rule
from reportgen.checks.open_government.claims.compare import bases
from reportgen.checks.open_government.claims.reading import Claim, understood
from reportgen.checks.open_government.claims.tokens import PERCENT, Sentence
from reportgen.chinese.numerals import Number
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_TOLERANCE = Decimal("0.05")
_HUNDRED = Decimal(100)
_NEAR_BEFORE = 16
"""So many characters before a number say what it is of."""
_NEAR = 80
"""How many numbers, or characters, before a share are looked at for what it is of."""


class _Way(NamedTuple):
    """One way to reckon: a share of a whole, or with a sign how much more or less than it."""

    part: Decimal
    whole: Decimal
    sign: int = 0

    def true(self, kind: str) -> Decimal:
        """What comes out, in per cent or in pieces."""
        part = (self.part - self.whole) * self.sign if self.sign else self.part
        return part * _HUNDRED / self.whole if kind == "percent" else part

    def told(self, kind: str) -> str:
        """The reckoning as an equation."""
        first, second = (self.part, self.whole) if self.sign > 0 else (self.whole, self.part)
        if kind != "percent":
            return f"{first} − {second} = {self.true(kind)}"
        part = f"({first} − {second})" if self.sign else str(self.part)
        return f"{part} ÷ {self.whole} = {self.true(kind).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


class _Rate(NamedTuple):
    """A percentage or difference in a sentence, and every way that it may come about."""

    sentence: Sentence
    at: int
    ways: list[_Way]


def _shares(
    report: Report, claims: dict[tuple[int, int], Claim], told: tuple[Sentence, ...]
) -> Iterator[_Rate]:
    for place, sentence in enumerate(told):
        share = sentence.lexicon.patterns["share"]
        for found in share.finditer(sentence.words) if PERCENT in sentence.words else ():
            at, rate = found.start("from"), found.start("rate")
            claim = claims.get((id(sentence), at))
            if at not in sentence.numbers or rate not in sentence.numbers or (claim and claim.year):
                continue
            wholes = [
                *_before(sentence, at, told[max(0, place - 9) : place]),
                *_of_table(claim or _sibling(sentence, at, claims), report, found[0]),
            ]
            if not claim and not sentence.says("share_of", at - 2 * _NEAR, at):
                continue
            part = sentence.numbers[at].value
            yield _Rate(sentence, rate, [_Way(part, whole) for whole in dict.fromkeys(wholes)])


def _sibling(sentence: Sentence, at: int, claims: dict[tuple[int, int], Claim]) -> Claim | None:
    """The claim beside a part that is none: 予以公开12件，占57.1%；其他2件，占9.5% are of one whole."""
    places = range(at - 1, max(-1, at - _NEAR), -1)
    return next((claims[id(sentence), index] for index in places if (id(sentence), index) in claims), None)


def _before(sentence: Sentence, at: int, told: Sequence[Sentence]) -> list[Decimal]:
    """The counts that stand before a part, the nearest first; ``told`` are the sentences right before."""
    part = sentence.numbers[at]
    same = [each for each in told if each.about == sentence.about]
    numbers = [each.numbers[index] for each in same for index in each.numbers]
    numbers += [number for index, number in sentence.numbers.items() if index < at]
    return [
        number.value
        for number in reversed(numbers[-_NEAR:])
        if number.kind == "count" and number.unit == part.unit and number.value >= part.value
    ]


def _of_table(claim: Claim | None, report: Report, words: str) -> list[Decimal]:
    """The wholes of table three, for a part of it, or for disputes that are told as a share of 申请."""
    families = ("request", "result", "applicant", "channel", "dispute" if "申请" in words else "")
    if claim is None or claim.family not in families:
        return []
    new, carried, done = (report.value(row, "total") for row in ("new", "carry_in", "total"))
    return [new, new + carried, done]


class _Compared(NamedTuple):
    """Counts of a year in a sentence, those of the year before, and by how much they changed.

    ``pieces`` are changes of a count that is not told itself: 比上年的20件增加3件，增长15%.
    """

    now: list[int]
    then: list[Decimal]
    more: list[tuple[int, int]]
    pieces: list[Decimal]


def _changes(
    report: Report, context: Context, claims: dict[tuple[int, int], Claim], told: tuple[Sentence, ...]
) -> Iterator[_Rate]:
    """收到158件，上年150件，增加8件，增长5.3%: each change, from the counts that it may be of."""
    earlier: dict[str, list[Decimal]] = {}
    for each in claims.values():
        if each.year == -1 and not each.stray:
            earlier.setdefault(each.key, []).append(each.number.value)
    for sentence in told:
        for compared in _compared(sentence, claims, report.year - 1):
            if compared.pieces:
                ways = [_Way(piece, whole) for piece in compared.pieces for whole in compared.then]
                yield from (_Rate(sentence, at, ways) for at, _ in compared.more)
                continue
            claim = claims.get((id(sentence), compared.now[0]))
            bases_told = compared.then
            if not bases_told and claim and claim.year == 0 and not claim.part:
                bases_told = _last_year(claim, context, earlier)
            wholes = dict.fromkeys(bases_told or _implied(compared, sentence))
            parts = [sentence.numbers[now].value for now in compared.now]
            for at, sign in compared.more:
                yield _Rate(sentence, at, [_Way(part, whole, sign) for part in parts for whole in wholes])


def _compared(sentence: Sentence, claims: dict[tuple[int, int], Claim], last: int) -> Iterator[_Compared]:
    """What a sentence compares, count by count; the count nearest to a change is named first."""
    words, numbers = sentence.words, sentence.numbers
    found = _Compared([], [], [], [])
    for at, number in numbers.items():
        before = words[max(0, at - _NEAR_BEFORE) : at]
        way, claim = sentence.lexicon.patterns["change"].search(before), claims.get((id(sentence), at))
        if way and number.kind in ("count", "percent") and _taken(found, at, way, numbers):
            continue
        if number.kind == "count":
            if (claim and claim.year == -1) or _is_then(sentence, at, before, last):
                found.then[3:] = [number.value]
            elif found.more:
                yield found
                found = _Compared([at], [], [], [])
            else:
                same = [each for each in found.now if numbers[each].unit == number.unit]
                found = _Compared([at, *same[:2]], found.then, [], [])
    if found.more:
        yield found


def _taken(found: _Compared, at: int, way: re.Match[str], numbers: dict[int, Number]) -> bool:
    """Take a change in; False where nothing stands before it that it can be of."""
    number = numbers[at]
    if number.kind == "count" and found.then and not found.now and not way[0].endswith(("到", "为")):
        found.pieces[1:] = [number.value]
        return True
    if number.kind == "percent" or (found.now and number.unit == numbers[found.now[0]].unit):
        found.more[3:] = [(at, -1 if way["less"] else 1)] if found.now or found.pieces else []
    return bool(found.now or found.pieces)


def _is_then(sentence: Sentence, at: int, before: str, last: int) -> bool:
    """True for 10 in 上年收到10件, and in 2022年的10件 a year later."""
    then = sentence.lexicon.patterns["then"].search(before)
    if not then or "Ｙ" not in then[0]:
        return bool(then)
    return sentence.numbers[at - len(then[0]) + then[0].index("Ｙ")].value == last


def _implied(compared: _Compared, sentence: Sentence) -> list[Decimal]:
    """Last year's count, which 增加6件，增长24% implies."""
    pieces = [(at, sign) for at, sign in compared.more if sentence.numbers[at].kind == "count"]
    if len(pieces) != 1 or len(compared.more) != 2:
        return []
    at, sign = pieces[0]
    base = sentence.numbers[compared.now[0]].value - sign * sentence.numbers[at].value
    return [base] if base > 0 else []


def _last_year(claim: Claim, context: Context, earlier: dict[str, list[Decimal]]) -> list[Decimal]:
    """The same count a year before, from last year's report or this one's sentences."""
    told = earlier.get(claim.key, [])[:_NEAR]
    return told + ([basis.value for basis in bases(claim, context.last)] if context.last else [])


def _fits(rate: _Rate) -> bool:
    number = rate.sentence.numbers[rate.at]
    slack = max(_TOLERANCE, number.step / 2) if number.kind == "percent" else 0
    return any(abs(way.true(number.kind) - number.value) <= slack for way in rate.ways)


def _told_rates(claims: tuple[Claim, ...], report: Report) -> Iterator[_Rate]:
    """办结率99%, and shares of which no count is told: 自然人占75%."""
    new, carried, done = (report.value(row, "total") for row in ("new", "carry_in", "total"))
    for claim in claims:
        if claim.says != "share" or claim.year:
            continue
        if claim.sentence.says("in_time", claim.span[0] - 6, claim.span[1]):
            continue  # of those that were due; how many they were nobody tells
        key, wholes = claim.phrases[0].key, (new, new + carried, done)
        if key == "done_rate":
            ways = [(done, new + carried), (min(done, new), new), (_HUNDRED, _HUNDRED)]
        elif key == "open_rate":
            opened = report.value("open", "total")
            either = opened + report.value("partial", "total")
            ways = [(each, whole) for each in (either, opened) for whole in (done, new)]
        elif claim.family == "rate":
            ways = list(_ended(claim, report))
        else:
            ways = [(basis.value, whole) for basis in bases(claim, report) for whole in wholes]
        yield _Rate(claim.sentence, claim.at, [_Way(*each) for each in ways])


def _grown(told: tuple[Sentence, ...]) -> Iterator[_Rate]:
    """公开信息数量增加45条，增长16.9%, against the number published that another sentence tells."""
    published = [
        each.numbers[total.start("whole")].value
        for each in told
        if "公开" in each.words
        for total in each.lexicon.patterns["published"].finditer(each.words)
    ][:_NEAR]
    for sentence in told if published else ():
        grown = sentence.lexicon.patterns["grown"]
        for found in grown.finditer(sentence.words) if PERCENT in sentence.words else ():
            more = sentence.numbers[found.start("more")].value
            bases_told = [whole + (more if found["way"] == "减少" else -more) for whole in published]
            yield _Rate(sentence, found.start("rate"), [_Way(more, base) for base in bases_told])


def _ended(claim: Claim, report: Report) -> Iterator[tuple[Decimal, Decimal]]:
    """How many disputes ended so, of all and of those that are decided, where the sentence names which."""
    words = claim.sentence.words[: claim.span[1]]
    suits = max(words.rfind("诉讼"), words.rfind("败诉")) > words.rfind("复议")
    rows = ("direct_suit", "suit_after_review") if suits else ("review",)
    part = sum((report.value(row, claim.phrases[0].columns[0]) for row in rows), Decimal(0))
    whole = sum((report.value(row, "total") for row in rows), Decimal(0))
    pending = sum((report.value(row, "pending") for row in rows), Decimal(0))
    yield part, whole
    yield part, whole - pending


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
    for told_rate in (
        *_shares(report, claims, told),
        *_changes(report, context, claims, told),
        *_told_rates(found, report),
        *_grown(told),
    ):
        rate = told_rate._replace(ways=[way for way in told_rate.ways if way.whole > 0])
        number = rate.sentence.numbers[rate.at]
        if rate.ways and not number.vague and not _fits(rate):
            first = rate.ways[0]
            told_ways = [way.told(number.kind) for way in rate.ways if way.part == first.part or not way.sign]
            start, end = rate.sentence.span(rate.at)
            typed = rate.sentence.paragraph.text[start:end]
            yield Fault(
                f"“{typed}{number.unit if number.kind == 'count' else ''}”与前面的件数对不上。",
                (rate.sentence.about,),
                "，或者 ".join(dict.fromkeys(told_ways[:3])),
                typed,
                places=(place_at(rate.sentence.paragraph, start, end - start),),
            )
