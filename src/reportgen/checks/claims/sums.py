"""Numbers that must agree with each other: a whole with its parts, a share or change with its counts."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from reportgen.checks.claims.compare import bases
from reportgen.checks.claims.reading import Claim, understood
from reportgen.checks.claims.scope import ORGAN
from reportgen.checks.claims.tokens import COUNT, MARK, PERCENT, Sentence, once
from reportgen.checks.contract import Context, Fault, place_at, rule
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_FEWEST_ORGANS = 3
_MOST_PARTS = 100


class Listed(NamedTuple):
    """A whole and the parts that stand behind it.

    ``closed`` is True where the list surely names all parts, ``open`` where it surely need not.
    """

    sentence: Sentence
    whole: int
    parts: tuple[tuple[Sentence, int], ...]
    labels: tuple[str, ...]
    closed: bool
    open: bool

    @property
    def sum(self) -> Decimal:
        """The parts added up."""
        return sum((sentence.numbers[at].value for sentence, at in self.parts), Decimal(0))

    @property
    def value(self) -> Decimal:
        """The whole."""
        return self.sentence.numbers[self.whole].value

    @property
    def organs(self) -> bool:
        """True if the parts are organs."""
        named = [label for label in self.labels if ORGAN.search(label)]
        return len(named) >= _FEWEST_ORGANS and len(named) * 2 > len(self.labels)


# ── finding lists: a whole, and the parts that the text names behind it ───────────────────────────────

_UNITS = "件|条|项|次|份|宗|篇|期|场|个|部|元|万元|人次|件次|条次|户"
_COMPARED = r"(?:[，,；;](?:同比|比上年|较上年|比去年|较去年)[^，,。；;]{0,12})?"
_WHOLE = re.compile(
    f"(?P<whole>{COUNT})(?P<unit>{_UNITS}){_COMPARED}"
    r"(?P<open>（(?:其中|含|包括)?[:：，]?|[，,；;]?其中[:：，]?|[:：]|，?分别(?:为|是)[:：]?|，即)"
)
_WHOLE_BEFORE = re.compile(f"(?P<whole>{COUNT})(?P<unit>{_UNITS}){_COMPARED}\\Z")
_AMONG_THEM = re.compile("其中[:：，]?")
_ENUMERATED = re.compile(f"(?P<whole>{COUNT})(?P<unit>{_UNITS})(?P<open>[，,；;:：。]?)(?={MARK})")
_WHOLE_LAST = re.compile(f"(?P<whole>{COUNT})(?P<unit>{_UNITS})\\Z")
_PARTED = re.compile("[、，,；;]|以及|及|和(?=[^#]*#)")
_RANKS = "、，；"
"""The signs between parts; what follows a greater one than before may be another matter."""
_OPEN_ENDED = re.compile("等|主要|例如|比如|如|包括|重点|特别|尤其|部分")
_COMPARES = re.compile(
    "答复|办结|回复|办复|结转|收到|受理|撤回|整改|采纳|同比|增长|增加|下降|减少|较|比|上年|去年|Ｙ|％|平均|占"
)


@once
def lists(report: Report) -> tuple[Listed, ...]:
    """Every list of parts behind a whole whose parts are no figures of the tables."""
    return tuple(_lists(report))


def _lists(report: Report) -> Iterator[Listed]:
    claims, told = understood(report)
    judged = {(id(claim.sentence), claim.at) for claim in claims}
    for number, sentence in enumerate(told):
        for found in _WHOLE.finditer(sentence.words):
            listed = _listed(sentence, found)
            if listed and not any((id(each), at) in judged for each, at in listed.parts):
                yield listed
        among = _among_them(sentence, told[number + 1 : number + 2])
        if among and (among.organs or not any((id(each), at) in judged for each, at in among.parts)):
            yield among
        yield from _enumerated(told[number : number + 8])


def _listed(sentence: Sentence, found: re.Match[str]) -> Listed | None:
    """A list in one sentence; None where it has not the shape of one."""
    if found.start() not in sentence.numbers or "信息处理费" in sentence.words:
        return None
    words, start = sentence.words, found.end()
    end = words.find("）", start) if found["open"].startswith("（") else len(words)
    parts, labels, rest = _parts(words[start : end if end >= 0 else len(words)], found["unit"])
    kept = len(parts)
    if parts and not found["open"].startswith("（"):
        kept = _belonging(sentence, found.start(), [start + at for at in parts])
    if kept < 2:
        return None
    rest = rest if kept == len(parts) else words[start + parts[kept] :]
    parts, labels = parts[:kept], labels[:kept]
    lead = words[max(0, found.start() - 12) : start]
    open_ended = bool(
        _OPEN_ENDED.search(lead) or any(label.startswith(("如", "主要")) for label in labels)
    ) or rest.startswith("等")
    closed = found["open"] not in ("其中", "，其中", "，其中，", "其中，", "；其中") and not rest
    return Listed(
        sentence,
        found.start(),
        tuple((sentence, start + at) for at in parts),
        tuple(labels),
        closed,
        open_ended,
    )


def _belonging(sentence: Sentence, whole: int, parts: list[int]) -> int:
    """How many of the numbers behind a whole are its parts; the rest may be of another matter.

    培训5次，其中集中2次、线上3次，督查4次: they end where they add up, but not before 、, or else where
    a greater sign parts them, if that comes nearer to the whole.
    """
    value, total = sentence.numbers[whole].value, Decimal(0)
    ends: list[tuple[Decimal, int]] = []
    widest = -1
    for count, (at, after) in enumerate(pairwise([*parts, len(sentence.words)]), 1):
        total += sentence.numbers[at].value
        sign = max(map(_RANKS.find, sentence.words[at : min(after, at + 80)]))
        if total == value and sign != 0:
            return count
        if count == len(parts) or (count > 1 and sign > widest):
            ends.append((abs(total - value), count))
        widest = max(widest, sign)
    return min(ends)[1]


def _among_them(sentence: Sentence, following: tuple[Sentence, ...]) -> Listed | None:
    """共3607件，同比增长70.3%。其中甲县349件，乙县933件: the parts in a sentence of their own."""
    whole = _WHOLE_BEFORE.search(sentence.words)
    if not whole or not following or whole.start() not in sentence.numbers:
        return None
    behind = following[0]
    begins = _AMONG_THEM.match(behind.words)
    if not begins or not _follows(sentence, behind):
        return None
    parts, labels, rest = _parts(behind.words[begins.end() :], whole["unit"])
    if len(parts) < 2:
        return None
    places = tuple((behind, begins.end() + at) for at in parts)
    some = rest.startswith("等") or any(_OPEN_ENDED.match(label) for label in labels)
    listed = Listed(sentence, whole.start(), places, tuple(labels), False, some)
    return listed if listed.organs or _is_the_only_whole(sentence, whole["unit"], rest) else None


def _is_the_only_whole(sentence: Sentence, unit: str, rest: str) -> bool:
    """True if the parts can be of no other number, and nothing but them stands in their sentence."""
    same = [at for at, number in sentence.numbers.items() if number.unit == unit]
    return len(same) == 1 and not rest.strip("等")


def _parts(words: str, unit: str) -> tuple[list[int], list[str], str]:
    """The numbers of a list with this unit, their labels, and what stands behind the list."""
    parts: list[int] = []
    labels: list[str] = []
    shape = _part(unit)
    at = 0
    while at < len(words) and len(parts) < _MOST_PARTS:
        found = shape.match(words, at)
        if not found or _COMPARES.search(found["label"]) or not _ends(words, found.end()):
            return parts, labels, words[at:]
        parts += [index for index in range(found.start("sum"), found.end("sum")) if words[index] == COUNT]
        labels.append(found["label"])
        if found["more"]:
            return parts, labels, "等"
        at = found.end()
        gap = _PARTED.match(words, at)
        at = gap.end() if gap else at
    return parts, labels, ""


@cache
def _part(unit: str) -> re.Pattern[str]:
    """A part of a list with its label."""
    return re.compile(
        f"(?P<label>[^{COUNT}]{{0,30}}?)(?:共计|共|为|有|计|各|：|:)*(?P<sum>{COUNT}(?:\\+{COUNT})*){unit}(?P<more>等)?"
    )


def _ends(words: str, at: int) -> bool:
    return at == len(words) or bool(_PARTED.match(words, at)) or words[at] in "等）"


def _enumerated(told: tuple[Sentence, ...]) -> Iterator[Listed]:
    """公开13条。一是甲3条，二是乙4条；三是丙6条: one whole, then marks with one part each."""
    first = told[0]
    found = _ENUMERATED.search(first.words) or _WHOLE_LAST.search(first.words)
    if not found or found.start() not in first.numbers or MARK in first.words[: found.start()]:
        return
    pieces = [(first, found.end(), len(first.words))] if found.end() < len(first.words) else []
    last = first
    for sentence in told[1:]:
        if not _follows(last, sentence) or not (pieces or sentence.words.startswith(MARK)):
            break
        if MARK in last.words and not sentence.words.startswith(MARK) and "；" not in sentence.words:
            break  # behind the last point another matter begins
        pieces.append((sentence, 0, len(sentence.words)))
        last = sentence
    parts = list(_marked(pieces, found["unit"]))
    if len(parts) > 1 and all(len(part) == 1 for part in parts):
        yield Listed(first, found.start(), tuple(part[0] for part in parts), (), True, False)


def _follows(one: Sentence, other: Sentence) -> bool:
    """True if nothing stands between two sentences of one paragraph."""
    return one.about == other.about and not other.before[one.end :].strip(" 。！？!?\n")


def _marked(pieces: list[tuple[Sentence, int, int]], unit: str) -> Iterator[list[tuple[Sentence, int]]]:
    """The numbers with this unit behind each mark."""
    part: list[tuple[Sentence, int]] | None = None
    for sentence, start, end in pieces:
        for index in range(start, end):
            if sentence.words[index] == MARK:
                if part is not None:
                    yield part
                part = []
            elif part is not None and index in sentence.numbers and sentence.numbers[index].unit == unit:
                part.append((sentence, index))
    if part is not None:
        yield part


# ── lists of numbers that must add up to the whole before them ────────────────────────────────────────

_NEARLY = Decimal("0.8")


def _fault(listed: Listed, level: Level | None = None) -> Fault:
    terms = " + ".join(str(sentence.numbers[at].value) for sentence, at in listed.parts)
    unit = listed.sentence.numbers[listed.whole].unit
    numbers = ((listed.sentence, listed.whole), *listed.parts)
    places = []
    for sentence, at in numbers:
        start, end = sentence.span(at)
        places.append(place_at(sentence.paragraph, start, end - start))
    side = "多于" if listed.sum > listed.value else "少于"
    return Fault(
        f"分项之和{side}总数：总数写 {listed.value} {unit}，各项相加是 {listed.sum} {unit}。",
        tuple(dict.fromkeys(sentence.about for sentence, _ in numbers)),
        f"{listed.value}",
        f"{terms} = {listed.sum}",
        places=tuple(places),
        level=level,
    )


def _level(listed: Listed) -> Level | None:
    """How grave it is that the parts do not add up; None where they do, or need not."""
    vague = any(
        sentence.numbers[at].vague for sentence, at in ((listed.sentence, listed.whole), *listed.parts)
    )
    if listed.sum == listed.value or vague:
        return None
    if listed.sum < listed.value and any("主动公开" in label for label in listed.labels):
        return None  # 公文属性, of which one need not be told
    if listed.sum > listed.value:
        return Level.WARNING
    if listed.open:
        return None
    return Level.WARNING if listed.closed or listed.sum >= listed.value * _NEARLY else Level.NOTE


@rule(
    "N12",
    Level.WARNING,
    Ground.PROSE,
    title="分项之和与总数不符",
    what="正文写“共几条，其中甲几条、乙几条”或“共几条。一是几条，二是几条”的，各项相加等于总数；写“等”“主要”的，不多于总数。"
    "“其中”后面各项相加不到总数八成的，可能只是举例，只作说明。",
    why="分项加不上总数，读者一算就知道有错。",
    basis="《条例》第五十条",
    fix="逐项核对；只列了一部分的，在后面写“等”。",
)
def parts_of_a_whole(report: Report, _context: Context) -> Iterator[Fault]:
    """A list whose parts do not add up to its whole."""
    for listed in (*lists(report), *_channels(report)):
        level = _level(listed)
        if level and not _by_organ(listed, report):
            yield _fault(listed, level)


def _channels(report: Report) -> Iterator[Listed]:
    """网上申请26件，信函12件: ways of asking that do not add up to what came in."""
    claims, _ = understood(report)
    ways: dict[int, list[Claim]] = {}
    for claim in claims:
        if claim.family == "channel" and claim.year == 0 and not claim.says:
            ways.setdefault(id(claim.sentence), []).append(claim)
    for told in ways.values():
        sentence = told[0].sentence
        if len(told) < 2 or "等" in sentence.words[told[-1].span[1] : told[-1].span[1] + 2]:
            continue
        total = sum((claim.number.value for claim in told), Decimal(0))
        wholes = [
            each
            for each in claims
            if each.sentence is sentence and each.family == "request" and each.phrases[0].code == "N01"
        ]
        if any(each.number.value == total for each in wholes) or _is_summed(told, total):
            continue
        yield from _of_ways(told, wholes)


def _of_ways(told: list[Claim], wholes: list[Claim]) -> Iterator[Listed]:
    sentence = told[0].sentence
    behind = _WHOLE_SAID.search(sentence.words, told[-1].span[1])
    at = wholes[0].at if wholes else behind.start("whole") if behind else None
    if at is not None and at in sentence.numbers:
        yield Listed(sentence, at, tuple((sentence, claim.at) for claim in told), (), True, False)


def _is_summed(told: list[Claim], total: Decimal) -> bool:
    """True where a whole behind them, 共42件, is their sum."""
    sentence = told[0].sentence
    behind = _WHOLE_SAID.search(sentence.words, told[-1].span[1])
    return behind is not None and sentence.numbers[behind.start("whole")].value == total


_WHOLE_SAID = re.compile("[，,](?:共|合计|共计|总计|两项合计|三项合计)(?P<whole>#)")


def _by_organ(listed: Listed, report: Report) -> bool:
    """True if a count of applications is told organ by organ."""
    counted = {(id(claim.sentence), claim.at) for claim in understood(report)[0] if claim.family == "request"}
    return listed.organs and (id(listed.sentence), listed.whole) in counted


@rule(
    "G03",
    Level.ERROR,
    Ground.PROSE,
    title="各单位件数之和与全部件数不符",
    what="正文按单位列出申请件数的，各单位相加等于写明的总件数。",
    why="汇总年报的总数来自各单位，加不上就是漏了、重了或者写错了。",
    basis="《条例》第五十条；国务院办公厅年报格式",
    fix="对照各单位的年报逐个核对；只列了一部分单位的，在后面写“等”。",
)
def organs_of_a_whole(report: Report, _context: Context) -> Iterator[Fault]:
    """Applications told organ by organ that do not add up to those of all."""
    for listed in lists(report):
        level = _level(listed)
        if level and _by_organ(listed, report):
            yield _fault(listed, None if level is Level.WARNING else level)


# ── percentages and changes against the year before, reckoned again from the counts beside them ───────

_SHARE = re.compile(
    "(?P<from>#)(?:件|条|份|宗|个|起|次)(?:[^，,；;。：（）()#％]{0,12})(?:[，,（]?(?:约)?占(?:比)?(?:申请|办结|答复|收到|办理|受理|收件|全部|本年度?|全年|所有|总|的|件)*"
    "(?:数量|件数|总数|总量|数|量)?(?:的)?(?:比例|比重|百分比)?(?:为|达到|达|是)*|[（(])(?P<rate>％)"
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
_NEAR = 80
"""How many numbers, or characters, before a share are looked at for what it is of."""


class _Rate(NamedTuple):
    """A percentage or difference in a sentence, and the numbers that it may come from."""

    sentence: Sentence
    at: int
    part: Decimal
    wholes: tuple[Decimal, ...]
    sign: int = 1
    ways: tuple[tuple[Decimal, Decimal], ...] = ()
    change: bool = False


def _shares(
    report: Report, claims: dict[tuple[int, int], Claim], told: tuple[Sentence, ...]
) -> Iterator[_Rate]:
    for place, sentence in enumerate(told):
        for found in _SHARE.finditer(sentence.words) if PERCENT in sentence.words else ():
            at, rate = found.start("from"), found.start("rate")
            claim = claims.get((id(sentence), at))
            if at not in sentence.numbers or rate not in sentence.numbers or (claim and claim.year):
                continue
            wholes = [
                *_before(sentence, at, told[max(0, place - 9) : place]),
                *_of_table(claim or _sibling(sentence, at, claims), report),
            ]
            if not claim and "其中" not in sentence.words[max(0, at - 2 * _NEAR) : at]:
                continue
            if any(wholes):
                yield _Rate(
                    sentence, rate, sentence.numbers[at].value, tuple(filter(None, dict.fromkeys(wholes)))
                )


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


def _of_table(claim: Claim | None, report: Report) -> list[Decimal]:
    """The wholes of table three, for a part of it."""
    if claim is None or claim.family not in ("request", "result", "applicant", "channel"):
        return []
    new, carried, done = (report.value(row, "total") for row in ("new", "carry_in", "total"))
    return [new, new + carried, done]


def _changes(
    context: Context, claims: dict[tuple[int, int], Claim], told: tuple[Sentence, ...]
) -> Iterator[_Rate]:
    earlier: dict[str, list[Decimal]] = {}
    for each in claims.values():
        if each.year == -1 and not each.stray:
            earlier.setdefault(each.key, []).append(each.number.value)
    for sentence in told:
        for found in _CHANGE.finditer(sentence.words):
            claim = claims.get((id(sentence), found.start("from")))
            if not claim or claim.year or not (found["rate"] or found["more"]):
                continue
            told_base = sentence.numbers.get(found.start("base"))
            before = [told_base.value] if told_base else _last_year(claim, context, earlier)
            wholes = tuple(filter(None, dict.fromkeys(before))) or _implied(claim, found)
            for way, at in _told_changes(found) if wholes else ():
                if at in sentence.numbers:
                    yield _Rate(
                        sentence, at, claim.number.value, wholes, -1 if way in _LESS else 1, change=True
                    )
        yield from _told_twice(sentence, claims)


def _implied(claim: Claim, found: re.Match[str]) -> tuple[Decimal, ...]:
    """Last year's count, which 增加6件，增长24% implies."""
    more = claim.sentence.numbers.get(found.start("more")) if found["more"] and found["too"] else None
    if more is None:
        return ()
    base = claim.number.value - more.value * (-1 if found["way"] in _LESS else 1)
    return (base,) if base > 0 else ()


_BEHIND = re.compile(
    f"[，,](?:同比)?(?P<way>{_WAYS}|降幅|增幅)(?:了|为|达|约)*(?:(?P<rate>％)|(?P<more>#)件)"
)


def _told_twice(sentence: Sentence, claims: dict[tuple[int, int], Claim]) -> Iterator[_Rate]:
    """2024年收到236件，2023年收到200件，增长18%: the counts of both years stand before the change."""
    if "％" not in sentence.words and "少" not in sentence.words and "加" not in sentence.words:
        return
    told = [claim for at in sentence.numbers if (claim := claims.get((id(sentence), at)))][-_NEAR:]
    for found in _BEHIND.finditer(sentence.words):
        near = [claim for claim in told if claim.at < found.start()][-2:]
        if len(near) == 2 and near[0].key == near[1].key and {claim.year for claim in near} == {0, -1}:
            now, then = sorted(near, key=lambda claim: -claim.year)
            at = found.start("rate" if found["rate"] else "more")
            if then.number.value and at in sentence.numbers:
                less = found["way"] in _LESS or found["way"] == "降幅"
                yield _Rate(
                    sentence, at, now.number.value, (then.number.value,), -1 if less else 1, change=True
                )


def _told_changes(found: re.Match[str]) -> Iterator[tuple[str, int]]:
    """How each change goes, and where its number stands: 同比增加5件，增长33.3% are two."""
    yield found["way"], found.start("rate" if found["rate"] else "more")
    if found["too"]:
        yield found["then"], found.start("too")


def _last_year(claim: Claim, context: Context, earlier: dict[str, list[Decimal]]) -> list[Decimal]:
    """The same count a year before, from last year's report or this one's sentences."""
    told = earlier.get(claim.key, [])[:_NEAR]
    return told + ([basis.value for basis in bases(claim, context.last)] if context.last else [])


def _fits(rate: _Rate) -> bool:
    number = rate.sentence.numbers[rate.at]
    slack = max(_TOLERANCE, number.step / 2)
    if rate.ways:
        return any(abs(part * _HUNDRED / whole - number.value) <= slack for part, whole in rate.ways)
    return any(
        abs(_true(rate, whole) - number.value) <= (slack if number.kind == "percent" else 0)
        for whole in rate.wholes
    )


def _true(rate: _Rate, whole: Decimal) -> Decimal:
    """The percentage or difference as it should be."""
    number = rate.sentence.numbers[rate.at]
    if number.kind != "percent":
        return (rate.part - whole) * rate.sign
    return (rate.part - whole) * rate.sign * _HUNDRED / whole if rate.change else rate.part * _HUNDRED / whole


def _told_rate(rate: _Rate, whole: Decimal) -> str:
    """The reckoning as an equation."""
    number = rate.sentence.numbers[rate.at]
    if rate.ways:
        part = next(part for part, each in rate.ways if each == whole)
        return f"{part} ÷ {whole} = {(part * _HUNDRED / whole).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"
    first, second = (rate.part, whole) if rate.sign > 0 else (whole, rate.part)
    if number.kind != "percent":
        return f"{first} − {second} = {_true(rate, whole)}"
    true = _true(rate, whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"({first} − {second}) ÷ {whole} = {true}%" if rate.change else f"{rate.part} ÷ {whole} = {true}%"


_IN_TIME = re.compile("按期|按时|及时|如期|限时|期限|满意")
"""Of those that were due; how many they were nobody tells."""


def _told_rates(claims: tuple[Claim, ...], report: Report) -> Iterator[_Rate]:
    """办结率99%, and shares of which no count is told: 自然人占75%."""
    new, carried, done = (report.value(row, "total") for row in ("new", "carry_in", "total"))
    for claim in claims:
        if claim.says != "share" or claim.year:
            continue
        if _IN_TIME.search(claim.sentence.words, max(0, claim.span[0] - 6), claim.span[1]):
            continue
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
        ways = [(part, whole) for part, whole in ways if whole]
        if ways:
            yield _Rate(
                claim.sentence, claim.at, ways[0][0], tuple(whole for _, whole in ways), ways=tuple(ways)
            )


_GROWN = re.compile(
    "信息(?:数量|条数|总数|量)?(?P<way>增加|减少)(?:了)?(?P<more>#)[条件篇][，,](?:同比)?(?:增长|下降|减少)(?:了)?(?P<rate>％)"
)
_PUBLISHED = re.compile("公开(?:各类|政府|政务)*信息(?:共计?|总数|达)*(?P<whole>#)[条件篇]")


def _grown(told: tuple[Sentence, ...]) -> Iterator[_Rate]:
    """公开信息数量增加45条，增长16.9%, against the number published that another sentence tells."""
    published = [
        each.numbers[total.start("whole")].value
        for each in told
        if "公开" in each.words
        for total in _PUBLISHED.finditer(each.words)
    ][:_NEAR]
    for sentence in told if published else ():
        for found in _GROWN.finditer(sentence.words) if PERCENT in sentence.words else ():
            more = sentence.numbers[found.start("more")].value
            bases_told = [whole + (more if found["way"] == "减少" else -more) for whole in published]
            ways = tuple((more, base) for base in bases_told if base > 0)
            if ways:
                yield _Rate(sentence, found.start("rate"), more, tuple(base for _, base in ways), ways=ways)


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
    for rate in (
        *_shares(report, claims, told),
        *_changes(context, claims, told),
        *_told_rates(found, report),
        *_grown(told),
    ):
        number = rate.sentence.numbers[rate.at]
        if not number.vague and not _fits(rate):
            start, end = rate.sentence.span(rate.at)
            typed = rate.sentence.paragraph.text[start:end]
            yield Fault(
                f"“{typed}{number.unit if number.kind == 'count' else ''}”与前面的件数对不上。",
                (rate.sentence.about,),
                "，或者 ".join(_told_rate(rate, whole) for whole in dict.fromkeys(rate.wholes[:3])),
                typed,
                places=(place_at(rate.sentence.paragraph, start, end - start),),
            )
