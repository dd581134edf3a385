"""Percentages and changes against the year before, reckoned again from the counts beside them."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault
from reportgen.checks.open_government.claims.compare import DISPUTES, bases
from reportgen.checks.open_government.claims.reading import Claim, claims_in, understood
from reportgen.checks.open_government.claims.tokens import PERCENT, Sentence
from reportgen.chinese.numerals import Number
from reportgen.model.report import Report

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

    def fits(self) -> bool:
        """True if one of the ways gives the number, as exactly as it is written."""
        number = self.sentence.numbers[self.at]
        slack = max(_TOLERANCE, number.step / 2) if number.kind == "percent" else 0
        return any(abs(way.true(number.kind) - number.value) <= slack for way in self.ways)


class _Compared(NamedTuple):
    """Counts of a year in a sentence, those of the year before, and by how much they changed.

    ``pieces`` are changes of a count that is not told itself: 比上年的20件增加3件，增长15%.
    """

    now: list[int]
    then: list[Decimal]
    more: list[tuple[int, int]]
    pieces: list[Decimal]


class _Rates:
    """Finds the percentages and differences of a report, each with the ways that it may come about."""

    def __init__(self, report: Report, context: Context) -> None:
        self._report, self._last = report, context.last
        self._claims, self._told = claims_in(report), understood(report)[1]
        self._new, carried, self._done = (report.value(row, "total") for row in ("new", "carry_in", "total"))
        self._came = self._new + carried
        self._earlier: dict[str, list[Decimal]] = {}
        for each in understood(report)[0]:
            if each.year == -1 and not each.stray:
                self._earlier.setdefault(each.key, []).append(each.number.value)

    def shares(self) -> Iterator[_Rate]:
        """予以公开12件，占57.1%: of a count before it, or of a whole of table three."""
        for place, sentence in enumerate(self._told):
            share, claims = sentence.lexicon.patterns["share"], self._claims[sentence]
            for found in share.finditer(sentence.words) if PERCENT in sentence.words else ():
                at, rate = found.start("from"), found.start("rate")
                claim, known = claims.get(at), at in sentence.numbers and rate in sentence.numbers
                if not known or (not claim and not sentence.says("share_of", at - 2 * _NEAR, at)):
                    continue
                if claim is None:  # 予以公开12件，占57.1%；其他2件，占9.5% are of one whole
                    near = (claims[it] for it in range(at - 1, at - _NEAR, -1) if it in claims)
                    claim = next(near, None)
                elif claim.year:
                    continue
                wholes = _before(sentence, at, self._told[max(0, place - 9) : place])
                family = claim.family if claim else ""
                if family in _OF_TABLE or (family == "dispute" and "申请" in found[0]):
                    wholes += [self._new, self._came, self._done]
                part = sentence.numbers[at].value
                yield _Rate(sentence, rate, [_Way(part, whole) for whole in dict.fromkeys(wholes)])

    def changes(self) -> Iterator[_Rate]:
        """收到158件，上年150件，增加8件，增长5.3%: each change, from the counts that it may be of."""
        for sentence in self._told:
            for now, then, more, pieces in self._compared(sentence):
                if pieces:
                    ways = [_Way(piece, whole) for piece in pieces for whole in then]
                    yield from (_Rate(sentence, at, ways) for at, _ in more)
                    continue
                wholes = then or self._last_year(sentence, now[0]) or _implied(sentence, now[0], more)
                parts = [sentence.numbers[at].value for at in now]
                for at, sign in more:
                    ways = [_Way(part, whole, sign) for part in parts for whole in dict.fromkeys(wholes)]
                    yield _Rate(sentence, at, ways)

    def _last_year(self, sentence: Sentence, at: int) -> list[Decimal]:
        """The same count a year before, from last year's report or this one's sentences."""
        claim = self._claims[sentence].get(at)
        if claim is None or claim.year or claim.part:
            return []
        told = self._earlier.get(claim.key, [])[:_NEAR]
        return told + ([basis.value for basis in bases(claim, self._last)] if self._last else [])

    def _compared(self, sentence: Sentence) -> Iterator[_Compared]:
        """What a sentence compares, count by count; the count nearest to a change is named first."""
        numbers, changes = sentence.numbers, sentence.lexicon.patterns["change"]
        found = _Compared([], [], [], [])
        for at, number in numbers.items() if sentence.says("changes") else ():
            before = sentence.words[max(0, at - _NEAR_BEFORE) : at]
            way = changes.search(before) if number.kind in ("count", "percent") else None
            if (way and _taken(found, at, way, numbers)) or number.kind != "count":
                continue
            if self._is_then(sentence, at, before):
                found.then[3:] = [number.value]
            elif found.more:
                yield found
                found = _Compared([at], [], [], [])
            else:
                same = [each for each in found.now if numbers[each].unit == number.unit]
                found = _Compared([at, *same[:2]], found.then, [], [])
        if found.more:
            yield found

    def _is_then(self, sentence: Sentence, at: int, before: str) -> bool:
        """True for 10 in 上年收到10件, and in 2022年的10件 a year later."""
        claim, then = self._claims[sentence].get(at), sentence.lexicon.patterns["then"].search(before)
        if then and "Ｙ" in then[0]:
            year = sentence.numbers[at - len(then[0]) + then[0].index("Ｙ")].value
            then = then if year == self._report.year - 1 else None
        return bool(then) or (claim is not None and claim.year == -1)

    def told(self) -> Iterator[_Rate]:
        """办结率99%, and shares of which no count is told: 自然人占75%."""
        for claim in understood(self._report)[0]:
            if claim.says != "share" or claim.year:
                continue
            if not claim.sentence.says("in_time", claim.span[0] - 6, claim.span[1]):  # of those due
                yield _Rate(claim.sentence, claim.at, [_Way(*each) for each in self._ways(claim)])

    def _ways(self, claim: Claim) -> Iterator[tuple[Decimal, Decimal]]:
        """What a rate by its name, or the share of a row, may be of."""
        key, opened = claim.phrases[0].key, self._report.value("open", "total")
        if key == "done_rate":
            known = (self._done, self._came), (min(self._done, self._new), self._new)
            yield from (*known, (_HUNDRED, _HUNDRED))
        elif key == "open_rate":
            either = opened + self._report.value("partial", "total")
            yield from product((either, opened), (self._done, self._new))
        elif claim.family == "rate":
            yield from self._ended(claim)
        else:
            values = [basis.value for basis in bases(claim, self._report)]
            yield from product(values, (self._new, self._came, self._done))
            if key == "others":  # 自然人申请占90%，企业申请占6%，其他申请人占4%: the rest
                told = [each for each in self._claims[claim.sentence].values() if each.says == "share"]
                yield _HUNDRED - sum(each.number.value for each in told if each.at < claim.at), _HUNDRED

    def _ended(self, claim: Claim) -> Iterator[tuple[Decimal, Decimal]]:
        """How many disputes ended so, of all and of those that are decided, in the courts or in reviews."""
        words = claim.sentence.words[: claim.span[1]]
        suits = max(words.rfind("诉讼"), words.rfind("败诉")) > words.rfind("复议")
        rows = DISPUTES[1:] if suits else DISPUTES[:1]
        columns = (claim.phrases[0].columns[0], "total", "pending")
        values = [[self._report.value(row, column) for row in rows] for column in columns]
        part, whole, pending = (sum(each, Decimal(0)) for each in values)
        yield from ((part, whole), (part, whole - pending))

    def grown(self) -> Iterator[_Rate]:
        """公开信息数量增加45条，增长16.9%, against the number published that another sentence tells."""
        published = [
            each.numbers[total.start("whole")].value
            for each in self._told
            if "公开" in each.words
            for total in each.lexicon.patterns["published"].finditer(each.words)
        ][:_NEAR]
        for sentence in self._told if published else ():
            grown = sentence.lexicon.patterns["grown"]
            for found in grown.finditer(sentence.words) if PERCENT in sentence.words else ():
                more = sentence.numbers[found.start("more")].value
                wholes = [whole + (more if found["way"] == "减少" else -more) for whole in published]
                yield _Rate(sentence, found.start("rate"), [_Way(more, whole) for whole in wholes])


_OF_TABLE = ("request", "result", "applicant", "channel")


def _before(sentence: Sentence, at: int, told: Sequence[Sentence]) -> list[Decimal]:
    """The counts that stand before a part, the nearest first; ``told`` are the sentences right before."""
    part = sentence.numbers[at]
    numbers = [each for one in told if one.about == sentence.about for each in one.numbers.values()]
    numbers += [number for index, number in sentence.numbers.items() if index < at]
    return [
        number.value
        for number in reversed(numbers[-_NEAR:])
        if number.kind == "count" and number.unit == part.unit and number.value >= part.value
    ]


def _taken(found: _Compared, at: int, way: re.Match[str], numbers: dict[int, Number]) -> bool:
    """Take a change in; False where nothing stands before it that it can be of."""
    number = numbers[at]
    if number.kind == "count" and not found.now and not way[0].endswith(("到", "为")):
        found.pieces[1:] = [number.value]
    elif number.kind == "percent" or (found.now and number.unit == numbers[found.now[0]].unit):
        found.more[3:] = [(at, -1 if way["less"] else 1)] if found.now or found.pieces else []
    return bool(found.now or found.pieces)


def _implied(sentence: Sentence, now: int, more: list[tuple[int, int]]) -> list[Decimal]:
    """Last year's count, which 增加6件，增长24% implies."""
    pieces = [sign * sentence.numbers[at].value for at, sign in more if sentence.numbers[at].kind == "count"]
    base = sentence.numbers[now].value - pieces[0] if pieces else Decimal(0)
    return [base] if len(pieces) == 1 and len(more) == 2 and base > 0 else []


def rates(report: Report, context: Context) -> Iterator[Fault]:
    """Percentages and changes that do not come from the counts beside them."""
    found = _Rates(report, context)
    for told_rate in (*found.shares(), *found.changes(), *found.told(), *found.grown()):
        rate = told_rate._replace(ways=[way for way in told_rate.ways if way.whole > 0])
        number = rate.sentence.numbers[rate.at]
        if rate.ways and not number.vague and not rate.fits():
            first = rate.ways[0]
            told_ways = [way.told(number.kind) for way in rate.ways if way.part == first.part or not way.sign]
            typed = rate.sentence.paragraph.text[number.start : number.end]
            yield Fault(
                f"“{typed}{number.unit if number.kind == 'count' else ''}”与前面的件数对不上。",
                (rate.sentence.about,),
                "，或者 ".join(dict.fromkeys(told_ways[:3])),
                typed,
                places=(rate.sentence.place(rate.at),),
            )
