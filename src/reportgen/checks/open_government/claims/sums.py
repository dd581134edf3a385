"""A whole and its parts, which must add up."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, place_at, rule
from reportgen.checks.open_government.claims.reading import Claim, understood
from reportgen.checks.open_government.claims.scope import ORGAN
from reportgen.checks.open_government.claims.tokens import COUNT, MARK, Sentence, once
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
