"""A whole and its parts, which must add up."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, once
from reportgen.checks.open_government.claims.reading import Claim, claims_in, understood
from reportgen.checks.open_government.claims.tokens import COUNT, MARK, Sentence
from reportgen.model.report import Report
from reportgen.problems import Level

_FEWEST_ORGANS = 3
_MOST_PARTS = 100
_NEARLY = Decimal("0.8")
_LONGEST_LABEL = 40


class Listed(NamedTuple):
    """A whole and the parts that stand behind it.

    ``closed`` is True where the list surely names all parts, ``open`` where it surely need not.
    """

    sentence: Sentence
    whole: int
    parts: Sequence[tuple[Sentence, int]]
    labels: Sequence[str] = ()
    closed: bool = True
    open: bool = False

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
        named = list(filter(self.sentence.lexicon.patterns["organ"].search, self.labels))
        return len(named) >= _FEWEST_ORGANS and len(named) * 2 > len(self.labels)

    @property
    def level(self) -> Level | None:
        """How grave it is that the parts do not add up; None where they do, or need not."""
        told = ((self.sentence, self.whole), *self.parts)
        if self.sum == self.value or any(sentence.numbers[at].vague for sentence, at in told):
            return None
        if self.sum > self.value:
            text = self.sentence.paragraph.text[self.sentence.start : self.sentence.end]
            twice = self.sentence.lexicon.patterns["twice"].search(text)
            return None if twice or self._is_of_several() else Level.WARNING
        if self.open or any("主动公开" in label for label in self.labels):
            return None  # 公文属性, of which one need not be told
        return Level.WARNING if self.closed or self.sum >= self.value * _NEARLY else Level.NOTE

    def _is_of_several(self) -> bool:
        """True for 建议31件、提案27件，其中主办24件、会办34件: the parts are of both wholes before them."""
        numbers, at = self.sentence.numbers, self.whole
        begin = max(0, at - _LONGEST_LABEL, self.sentence.words.rfind("；", 0, at))
        before = next((each for each in range(at - 1, begin, -1) if each in numbers), at)
        alike = before < at < self.parts[0][1] and numbers[before].unit == numbers[at].unit
        return alike and numbers[before].value + self.value == self.sum

    def fault(self, level: Level | None) -> Fault:
        """The fault of parts that do not add up."""
        terms = " + ".join(str(sentence.numbers[at].value) for sentence, at in self.parts)
        unit = self.sentence.numbers[self.whole].unit
        told = ((self.sentence, self.whole), *self.parts)
        side = "多于" if self.sum > self.value else "少于"
        return Fault(
            f"分项之和{side}总数：总数写 {self.value} {unit}，各项相加是 {self.sum} {unit}。",
            tuple(dict.fromkeys(sentence.about for sentence, _ in told)),
            f"{self.value}",
            f"{terms} = {self.sum}",
            places=tuple(sentence.place(at) for sentence, at in told),
            level=level,
        )


# ── finding lists: a whole, and the parts that the text names behind it ───────────────────────────────

_RANKS = "、，；"
"""The signs between parts; what follows a greater one than before may be another matter."""


@once
def lists(report: Report) -> tuple[Listed, ...]:
    """Every list of parts behind a whole whose parts are no figures of the tables."""
    return tuple(_lists(report))


def _lists(report: Report) -> Iterator[Listed]:
    told, claims = understood(report)[1], claims_in(report)
    for number, sentence in enumerate(told):
        if not sentence.numbers:
            continue
        wholes = sentence.lexicon.patterns["whole"].finditer(sentence.words)
        for listed in (*(_listed(sentence, found) for found in wholes), *_with_rest(sentence)):
            if listed and not _is_judged(listed, claims):
                yield listed
        among = _among_them(sentence, told[number + 1 : number + 2])
        if among and (among.organs or not _is_judged(among, claims)):
            yield among
        yield from _enumerated(told[number : number + 8])


def _is_judged(listed: Listed, claims: Mapping[Sentence, Mapping[int, Claim]]) -> bool:
    """True if some of the parts are claims, but for lists of nothing but channels."""
    found = [claims[sentence].get(at) for sentence, at in listed.parts]
    return {claim.family if claim else "" for claim in found} not in ({""}, {"channel"})


def _listed(sentence: Sentence, found: re.Match[str]) -> Listed | None:
    """A list in one sentence; None where it has not the shape of one."""
    if found.start() not in sentence.numbers or "信息处理费" in sentence.words:
        return None
    patterns, words, start = sentence.lexicon.patterns, sentence.words, found.end()
    bracketed = found["open"].startswith("（")
    end = words.find("）", start) if bracketed else -1
    parts, labels, rest = _parts(sentence, start, end if end >= 0 else len(words), found["unit"])
    kept = len(parts) if bracketed or not parts else _belonging(sentence, found.start(), parts)
    if kept < 2:
        return None
    rest = rest if kept == len(parts) else words[parts[kept] :]
    labels = labels[:kept]
    example = sentence.says("open_ended", found.start() - 12, start) or any(
        map(patterns["leads"].match, labels)
    )
    some = patterns["some_of"].search(found["open"]) and not patterns["the_others"].match(labels[-1])
    places = [(sentence, at) for at in parts[:kept]]
    open_ended = bool(example) or rest.startswith("等")
    return Listed(sentence, found.start(), places, labels, not some and not rest, open_ended)


def _with_rest(sentence: Sentence) -> Iterator[Listed]:
    """更新信息96条，其中77条发在网站，其余19条发在公众号: each number before what it counts."""
    numbers, patterns = sentence.numbers, sentence.lexicon.patterns
    for found in patterns["with_rest"].finditer(sentence.words):
        whole, rest = found.start("whole"), found.start("rest")
        parts = [at for at in range(found.start("first"), rest + 1) if at in numbers]
        alike = {(numbers[at].kind, numbers[at].unit) for at in (whole, *parts)}
        outer = numbers[parts[0]].value + numbers[rest].value  # those between may be of the first
        if len(alike) == 1 and outer != numbers[whole].value and not patterns["among"].search(found["inner"]):
            yield Listed(sentence, whole, [(sentence, at) for at in parts])


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
    patterns, whole = sentence.lexicon.patterns, sentence.says("whole_before")
    if not whole or not following or whole.start() not in sentence.numbers:
        return None
    behind = following[0]
    begins = patterns["among_them"].match(behind.words)
    if not begins or not _follows(sentence, behind):
        return None
    parts, labels, rest = _parts(behind, begins.end(), len(behind.words), whole["unit"])
    if len(parts) < 2:
        return None
    some = rest.startswith("等") or any(map(patterns["open_ended"].match, labels))
    listed = Listed(sentence, whole.start(), [(behind, at) for at in parts], labels, False, some)
    # else the parts must be of no other number, and nothing but them stand in their sentence
    same = [each for each in sentence.numbers.values() if each.unit == whole["unit"]]
    return listed if listed.organs or (len(same) == 1 and not rest.strip("等")) else None


def _parts(sentence: Sentence, at: int, end: int, unit: str) -> tuple[list[int], list[str], str]:
    """The numbers of a list with this unit, their labels, and what stands behind the list."""
    words, patterns = sentence.words, sentence.lexicon.patterns
    parts: list[int] = []
    labels: list[str] = []
    while at < end and len(parts) < _MOST_PARTS:
        found = patterns["part", unit].match(words, at, end)
        gap = patterns["parted"].match(words, found.end(), end) if found else None
        whole = found and (gap or found.end() == end or words[found.end()] in "等）")
        if not found or not whole or patterns["no_parts"].search(found["label"]):
            return parts, labels, words[at:end]
        parts += [index for index in range(*found.span("sum")) if words[index] == COUNT]
        labels.append(found["label"])
        if found["more"]:
            return parts, labels, "等"
        at = gap.end() if gap else found.end()
    return parts, labels, ""


def _enumerated(told: tuple[Sentence, ...]) -> Iterator[Listed]:
    """公开13条。一是甲3条，二是乙4条；三是丙6条: one whole, then marks with one part each."""
    first = last = told[0]
    found = first.says("before_points")
    if not found or found.start() not in first.numbers or MARK in first.words[: found.start()]:
        return
    pieces = [(first, found.end())] if found.end() < len(first.words) else []
    for sentence in told[1:]:
        if not _follows(last, sentence) or not (pieces or sentence.words.startswith(MARK)):
            break
        if MARK in last.words and not sentence.words.startswith(MARK) and "；" not in sentence.words:
            break  # behind the last point another matter begins
        pieces.append((sentence, 0))
        last = sentence
    points = _points(pieces, found["unit"])
    if len(points) > 1 and all(len(point) == 1 for point in points):
        yield Listed(first, found.start(), [point[0] for point in points])


def _follows(one: Sentence, other: Sentence) -> bool:
    """True if nothing stands between two sentences of one paragraph."""
    between = other.paragraph.text[one.end : other.start]
    return one.about == other.about and not between.strip(" 。！？!?\n")


def _points(pieces: list[tuple[Sentence, int]], unit: str) -> list[list[tuple[Sentence, int]]]:
    """The numbers with this unit behind each mark."""
    points: list[list[tuple[Sentence, int]]] = []
    for sentence, start in pieces:
        for index in sentence.numbers:
            if index >= start and sentence.words[index] == MARK:
                points.append([])
            elif index >= start and points and sentence.numbers[index].unit == unit:
                points[-1].append((sentence, index))
    return points


# ── the rules ─────────────────────────────────────────────────────────────────────────────────────────


def parts_of_a_whole(report: Report, _context: Context) -> Iterator[Fault]:
    """A list whose parts do not add up to its whole."""
    known: set[tuple[Sentence, int]] = set()
    for listed in (*lists(report), *_runs(report)):
        key, level = (listed.sentence, listed.whole), listed.level
        if level and key not in known and not _by_organ(listed, report):
            known.add(key)
            yield listed.fault(level)


def organs_of_a_whole(report: Report, _context: Context) -> Iterator[Fault]:
    """Applications told organ by organ that do not add up to those of all."""
    for listed in lists(report):
        level = listed.level
        if level and _by_organ(listed, report):
            yield listed.fault(None if level is Level.WARNING else level)


def _by_organ(listed: Listed, report: Report) -> bool:
    """True if a count of applications is told organ by organ."""
    claim = claims_in(report)[listed.sentence].get(listed.whole)
    return listed.organs and claim is not None and claim.family == "request"


# ── parts told one by one, before or behind their whole ───────────────────────────────────────────────

_WHOLES = ("request", "dispute", "document", "act")
_ALIKE = ({""}, {"applicant"}, {"dispute"}, {"act"})
"""The families of claims whose numbers a 共 behind them adds up."""


def _runs(report: Report) -> Iterator[Listed]:
    """网上申请26件，信函12件; 县政府34件，部门129件，合计163件: parts told one by one, and their whole."""
    for sentence, claims in claims_in(report).items():
        if len(sentence.numbers) >= _FEWEST_ORGANS:
            ways = [token.start for token in sentence.lexicon.tokens(sentence) if token.sign == "L"]
            yield from _Run(sentence, claims, ways).lists()


class _Run:
    """The counts of a sentence one after another: a whole, its parts, and what adds them up."""

    def __init__(self, sentence: Sentence, claims: Mapping[int, Claim], ways: list[int]) -> None:
        self._sentence, self._claims, self._ways = sentence, claims, ways
        self._whole: int | None = None
        self._parts: list[int] = []
        self._line: list[int] = []

    def _listed(self, whole: int, parts: list[int]) -> Listed:
        return Listed(self._sentence, whole, [(self._sentence, at) for at in parts])

    def lists(self) -> Iterator[Listed]:
        patterns, numbers = self._sentence.lexicon.patterns, self._sentence.numbers
        for begin, at, end in self._pieces():
            words = self._sentence.words[begin:end]
            if self._line and numbers[self._line[-1]].unit != numbers[at].unit:
                yield from self._told(self._whole)
                self._whole, self._line = None, []
            claim = self._claims.get(at)
            whole = claim and not (claim.says or claim.part) and claim.family in _WHOLES
            if patterns["altogether"].match(words) and len(self._line) > 1:
                yield from self._added(at)
            elif whole or patterns["in_which"].search(words):
                yield from self._told(at if "共" in words and self._whole is None else self._whole)
                self._whole = at
            elif self._is_part(begin, end, words):
                self._parts.append(at)
            else:
                yield from self._told(self._whole)
                self._whole = None
            self._line.append(at)
        yield from self._told(self._whole)

    def _pieces(self) -> Iterator[tuple[int, int, int]]:
        """Each count between the words that belong to it."""
        begin, words = 0, self._sentence.words
        counts = [at for at, each in self._sentence.numbers.items() if each.kind == "count"]
        for at, following in pairwise([*counts, len(words)]):
            if not self._sentence.lexicon.patterns["of_items"].match(words, at):
                end = min(following, at + _LONGEST_LABEL)
                sign = self._sentence.says("sign", at, end)
                end = sign.start() if sign else end
                yield begin, at, end
                begin = end

    def _is_part(self, begin: int, end: int, words: str) -> bool:
        named = bisect_left(self._ways, begin) < bisect_left(self._ways, end)
        patterns = self._sentence.lexicon.patterns
        rest = self._parts and patterns["the_rest"].match(words)
        return named or bool(rest or patterns["of_an_organ"].search(words))

    def _told(self, whole: int | None) -> Iterator[Listed]:
        """The parts so far as a list; then there are none."""
        parts, self._parts = self._parts, []
        open_ended = parts and self._sentence.words.startswith("等", self._sentence.end_of(parts[-1]))
        if whole is not None and len(parts) > 1 and not open_ended:
            last = self._sentence.words[parts[-2] : parts[-1] + 1]
            ways = bisect_left(self._ways, parts[0]) < bisect_left(self._ways, parts[-1])
            yield self._listed(whole, parts)._replace(closed=ways or "其余" in last or "其他" in last)

    def _added(self, whole: int) -> Iterator[Listed]:
        """What stands before 共42件, unless some of it adds up to that."""
        line, self._line, self._parts = self._line[-_MOST_PARTS:], [], []
        values = [self._sentence.numbers[at].value for at in line]
        total = self._sentence.numbers[whole].value
        families = {self._claims[at].family if at in self._claims else "" for at in line}
        sums = set(accumulate(reversed(values)))
        alike = families - {"channel"} in (*_ALIKE, set())
        if alike and total not in (*values, *sums) and max(sums) <= 2 * total <= 4 * max(sums):
            yield self._listed(whole, line)
        self._whole = whole
