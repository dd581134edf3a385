"""A whole and its parts, which must add up."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, place_at, rule
from reportgen.checks.open_government.claims.reading import Claim, understood
from reportgen.checks.open_government.claims.scope import ORGAN
from reportgen.checks.open_government.claims.tokens import COUNT, MARK, PERCENT, Sentence, lexicon_of, once
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_FEWEST_ORGANS = 3
_MOST_PARTS = 100
_LONGEST_LABEL = 40


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
    r"(?:各类|政府|政务|公开)*(?:信息)?(?P<open>(?:公开)?申请[中里][，,]?|（(?:其中|含|包括)?[:：，]?|[，,；;]?(?:其中|(?:具体|主要)?包[括含])[:：，]?|[:：]|，?分别(?:为|是)[:：]?|，即|[，,]?(?:申请)?的?(?:来源|构成|分布|渠道|方式|类型|去向)(?:情况)?(?:为|是|如下)?[:：])"
)
_WHOLE_BEFORE = re.compile(f"(?P<whole>{COUNT})(?P<unit>{_UNITS}){_COMPARED}\\Z")
_AMONG_THEM = re.compile("其中[:：，]?|按[^#，]{1,8}[，,]")
_ENUMERATED = re.compile(f"(?P<whole>{COUNT})(?P<unit>{_UNITS})(?P<open>[，,；;:：。]?)(?={MARK})")
_WHOLE_LAST = re.compile(f"(?P<whole>{COUNT})(?P<unit>{_UNITS})\\Z")
_REST_OF_IT = re.compile(
    "(?P<whole>#)[^#；％]{0,12}，其中(?P<first>#)(?P<inner>[^#；％]{2,30}(?:#[^#；％]{2,30}){0,3})，其[余他]的?(?P<rest>#)"
)
_PARTED = re.compile("[、，,；;]|以及|及|和(?=[^#]*#)")
_RANKS = "、，；"
"""The signs between parts; what follows a greater one than before may be another matter."""
_OPEN_ENDED = re.compile("等|主要|例如|比如|如|包括|重点|特别|尤其|部分")
_COMPARES = re.compile(
    "维持|纠正|答复|办结|回复|办复|结转|收到|受理|撤回|整改|采纳|同比|增长|增加|下降|减少|较|比|上年|去年|Ｙ|％|平均|占"
)


@once
def lists(report: Report) -> tuple[Listed, ...]:
    """Every list of parts behind a whole whose parts are no figures of the tables."""
    return tuple(_lists(report))


def _lists(report: Report) -> Iterator[Listed]:
    claims, told = understood(report)
    families = {(id(claim.sentence), claim.at): claim.family for claim in claims}
    for number, sentence in enumerate(told):
        for found in _WHOLE.finditer(sentence.words):
            listed = _listed(sentence, found)
            if listed and not _is_judged(listed, families):
                yield listed
        yield from (each for each in _with_rest(sentence) if not _is_judged(each, families))
        among = _among_them(sentence, told[number + 1 : number + 2])
        if among and (among.organs or not _is_judged(among, families)):
            yield among
        yield from _enumerated(told[number : number + 8])


def _is_judged(listed: Listed, families: Mapping[tuple[int, int], str]) -> bool:
    """True if some of the parts are claims, but for lists of nothing but channels."""
    told = {families.get((id(sentence), at), "") for sentence, at in listed.parts}
    return told not in ({""}, {"channel"})


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
    among = re.search("其中|包|申请", found["open"]) and not re.match("[，；、以及]*其[他余]", labels[-1])
    closed = not among and not rest
    return Listed(
        sentence,
        found.start(),
        tuple((sentence, start + at) for at in parts),
        tuple(labels),
        closed,
        open_ended,
    )


def _with_rest(sentence: Sentence) -> Iterator[Listed]:
    """更新信息96条，其中77条发在网站，其余19条发在公众号: each number before what it counts."""
    words, numbers = sentence.words, sentence.numbers
    for found in _REST_OF_IT.finditer(words):
        whole, rest = found.start("whole"), found.start("rest")
        parts = [at for at in range(found.start("first"), rest + 1) if at in numbers]
        alike = {(numbers[at].kind, numbers[at].unit) for at in (whole, *parts)}
        outer = numbers[parts[0]].value + numbers[rest].value  # those between may be of the first
        if len(alike) == 1 and outer != numbers[whole].value and not re.search("含|包括|中", found["inner"]):
            places = tuple((sentence, at) for at in parts)
            yield Listed(sentence, whole, places, (), True, False)


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
        f"(?P<label>[^{COUNT}]{{0,30}}?)(?:共计|共|为|有|计|各|：|:)*(?P<sum>{COUNT}(?:\\+{COUNT})*){unit}(?:（[约占比]*{PERCENT}）)?(?P<more>等)?"
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
_TWICE = re.compile("重复|交叉|多种形式|同时(?:涉及|采用|属于)")


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
    if listed.sum > listed.value and _is_of_several(listed):
        return None
    if listed.sum > listed.value:
        twice = _TWICE.search(listed.sentence.paragraph.text, listed.sentence.start, listed.sentence.end)
        return None if twice else Level.WARNING
    if listed.open:
        return None
    return Level.WARNING if listed.closed or listed.sum >= listed.value * _NEARLY else Level.NOTE


def _is_of_several(listed: Listed) -> bool:
    """True for 建议31件、提案27件，其中主办24件、会办34件: the parts are of both wholes before them."""
    numbers, at, words = listed.sentence.numbers, listed.whole, listed.sentence.words
    begin = max(0, at - _LONGEST_LABEL, words.rfind("；", 0, at))
    before = next((each for each in range(at - 1, begin, -1) if each in numbers), None)
    if before is None or listed.parts[0][1] < at or numbers[before].unit != numbers[at].unit:
        return False
    return numbers[before].value + listed.value == listed.sum


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
    known: set[tuple[int, int]] = set()
    for listed in (*lists(report), *_runs(report)):
        key, level = (id(listed.sentence), listed.whole), _level(listed)
        if level and key not in known and not _by_organ(listed, report):
            known.add(key)
            yield _fault(listed, level)


_SIGN = re.compile("[，,；;、。：:（）()]")
_ALTOGETHER = re.compile(
    "[，,；;、（]?(?:#?[^#，；、]{0,4}[项者种类级家](?:渠道|方式|事项)?|全[省市县区镇乡]|以上|总)?(?:共计?|合计|总计)(?:为|是|有|公开|发布|收到|受理)?#"
)
_OF_AN_ORGAN = re.compile(
    "(?:政府|部门|[局委厅室]|(?<![应已承主会协未督经交])办|中心|单位|[县区市]）?|[镇乡]|街道|本级)(?:分别|共)?(?:办结|收到|受理|答复|新收|办理|制发|作出)?(?:申请)?[的（]?#"
)
_OF_ITEMS = re.compile("#[^#，；、]{0,4}(?:共计?|合计|总计)")
_IN_WHICH = re.compile("#[^#，；、](?:政府信息公开|信息公开|公开)?(?:申请)?[中里]")
_THE_REST = re.compile("[，,；;、]?(?:以及|和|及)?其[他余它][^#]{0,6}#")
_WHOLES = ("request", "dispute", "document", "act")
_ALIKE = ({""}, {"applicant"}, {"dispute"}, {"act"})
"""The families of claims whose numbers a 共 behind them adds up."""


def _runs(report: Report) -> Iterator[Listed]:
    """网上申请26件，信函12件; 县政府34件，部门129件，合计163件: parts told one by one, and their whole."""
    claims, told = understood(report)
    by_sentence: dict[int, dict[int, Claim]] = {}
    for claim in claims:
        by_sentence.setdefault(id(claim.sentence), {})[claim.at] = claim
    lexicon = lexicon_of(report.form)
    for sentence in told:
        if len(sentence.numbers) >= _FEWEST_ORGANS:
            ways = [token.start for token in lexicon.tokens(sentence) if token.sign == "L"]
            yield from _Run(sentence, by_sentence.get(id(sentence), {}), ways).lists()


class _Run:
    """The counts of a sentence one after another: a whole, its parts, and what adds them up."""

    def __init__(self, sentence: Sentence, claims: Mapping[int, Claim], ways: list[int]) -> None:
        self._sentence, self._claims, self._ways = sentence, claims, ways
        self._whole: int | None = None
        self._parts: list[int] = []
        self._line: list[int] = []

    def lists(self) -> Iterator[Listed]:
        for begin, at, end in self._pieces():
            words, numbers = self._sentence.words[begin:end], self._sentence.numbers
            if self._line and numbers[self._line[-1]].unit != numbers[at].unit:
                yield from self._told(self._whole)
                self._whole, self._line = None, []
            claim = self._claims.get(at)
            whole = claim and not (claim.says or claim.part) and claim.family in _WHOLES
            if _ALTOGETHER.match(words) and len(self._line) > 1:
                yield from self._added(at)
            elif whole or _IN_WHICH.search(words):
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
            if not _OF_ITEMS.match(words, at):
                sign = _SIGN.search(words, at, min(following, at + _LONGEST_LABEL))
                end = sign.start() if sign else min(following, at + _LONGEST_LABEL)
                yield begin, at, end
                begin = end

    def _is_part(self, begin: int, end: int, words: str) -> bool:
        named = bisect_left(self._ways, begin) < bisect_left(self._ways, end)
        return named or bool(_OF_AN_ORGAN.search(words) or (self._parts and _THE_REST.match(words)))

    def _told(self, whole: int | None) -> Iterator[Listed]:
        """The parts so far as a list; then there are none."""
        parts, self._parts = self._parts, []
        open_ended = parts and self._sentence.words.startswith("等", self._sentence.end_of(parts[-1]))
        if whole is not None and len(parts) > 1 and not open_ended:
            last = self._sentence.words[parts[-2] : parts[-1] + 1]
            ways = bisect_left(self._ways, parts[0]) < bisect_left(self._ways, parts[-1])
            yield self._listed(whole, parts, ways or "其余" in last or "其他" in last)

    def _added(self, whole: int) -> Iterator[Listed]:
        """What stands before 共42件, unless some of it adds up to that."""
        line, self._line, self._parts = self._line[-_MOST_PARTS:], [], []
        values = [self._sentence.numbers[at].value for at in line]
        total = self._sentence.numbers[whole].value
        families = {self._claims[at].family if at in self._claims else "" for at in line}
        sums = set(accumulate(reversed(values)))
        alike = families - {"channel"} in (*_ALIKE, set())
        if alike and total not in (*values, *sums) and max(sums) <= 2 * total <= 4 * max(sums):
            yield self._listed(whole, line, True)
        self._whole = whole

    def _listed(self, whole: int, parts: list[int], closed: bool) -> Listed:
        return Listed(self._sentence, whole, tuple((self._sentence, at) for at in parts), (), closed, False)


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
