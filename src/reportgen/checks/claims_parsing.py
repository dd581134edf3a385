"""Which cells the sentences of a report speak of, and what number they give them."""

import re
import weakref
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from reportgen.checks.claims_phrases import BY_KEY, SCAN, Phrase
from reportgen.checks.claims_text import COUNT, Sentence, sentences
from reportgen.checks.claims_topics import ours, topic, when
from reportgen.numerals import Number
from reportgen.report import Report


class Claim(NamedTuple):
    """A number that a sentence gives to a phrase.

    Attributes:
        phrases: what it speaks of; several are added up.
        number: the number.
        sentence: where it stands.
        at: the index of the number in the sentence's words.
        span: the whole claim in the sentence's words: 予以公开12件.
        said: its phrases alone: 予以公开.
        year: 0 for the report's year, -1 for the year before.
        within: the claim that it is a part of: 予以公开5件 in 予以公开5件，其中自然人3件.
    """

    phrases: tuple[Phrase, ...]
    number: Number
    sentence: Sentence
    at: int
    span: tuple[int, int]
    said: tuple[int, int]
    year: int
    within: "Claim | None" = None

    @property
    def key(self) -> str:
        """The name of its phrase; joined where there are several."""
        return "+".join(phrase.key for phrase in self.phrases)

    @property
    def quote(self) -> str:
        """The claim as typed; what stands between a phrase and its number in a list left out."""
        words = self.sentence.words
        if words.count(COUNT, *self.span) == 1 and "分别" not in words[self.span[0] : self.span[1]]:
            return self.sentence.quote(*self.span)
        number = self.sentence.quote(self.at, self.sentence.end_of(self.at))
        return f"{self.sentence.quote(*self.said)}…{number}"


class Item(NamedTuple):
    """A phrase or (``phrase`` None) a number in a sentence."""

    phrase: Phrase | None
    start: int
    end: int


_COUNTED = frozenset("件 条 份 宗 个 项 起 例 封 次 件次".split())
_REQUESTED = frozenset("件 条 份 宗 个 项 起 例 封 件次".split())
_LEFT = re.compile(
    "(?:的有|的|了|共计|共|总计|合计|累计|总共|一共|计|各|有|为|是|达到|达|到|数量|数|件数|情况|情形|决定|案件|申请|信息|事项|类|[:：]|[，,](?=共|合计|总计|累计))*"
)
_RIGHT = re.compile(
    "(?:的|是|为|系|属于|属|被|作出|做出|作|予|均已?|已经?|全部|都|依法|按时|按期|及时|因故|正在|需|按照《?条例》?(?:的)?(?:规定|要求)?)*"
)
_JOIN = re.compile("(?:及|和|与|或者?|以及|、|决定|的)+")
_NEXT_NUMBER = re.compile("[、，,和及与]*")
_RESPECTIVELY = re.compile("(?:的|申请|情况|数量|件数)*(?:分别|各)(?:为|是|有|达|计|作出)*[:：]?")
_CLAUSE = re.compile("[，,；;：:（）()、]")


def _items(sentence: Sentence) -> list[Item]:
    """Phrases and counts in order; an unspecific “申请” belongs to the number before it."""
    items: list[Item] = []
    for found in SCAN.finditer(sentence.words):
        start, end = found.span()
        key = found.lastgroup or ""
        if key == "number":
            if start in sentence.numbers:
                items.append(Item(None, start, sentence.end_of(start)))
        elif (
            key in ("object", "asked")
            and items
            and items[-1].phrase is None
            and sentence.words[items[-1].end : start] in ("", "的")
        ):
            last = items.pop()
            items.append(last._replace(end=end))
        elif key != "object":
            items.append(Item(BY_KEY[key], start, end))
    return items


class _Pair(NamedTuple):
    """Phrases and the number that belongs to them."""

    phrases: tuple[Item, ...]
    number: Item


def _pairs(sentence: Sentence, items: list[Item]) -> Iterator[_Pair]:
    """Which phrase belongs to which number."""
    taken: set[int] = set()
    for index in range(len(items)):
        mapped = _mapped(sentence.words, items, index)
        if mapped:
            taken.update(item.start for pair in mapped for item in (*pair.phrases, pair.number))
            yield from mapped
    free = [item for item in items if item.start not in taken]
    for run in _runs(sentence.words, free):
        yield from _of_run(run, sentence.words)


def _mapped(words: str, items: list[Item], index: int) -> list[_Pair]:
    """甲、乙、丙分别为1件、2件、3件: as many numbers as phrases, behind “分别”; begins at this number."""
    number = items[index]
    if index == 0 or number.phrase or not items[index - 1].phrase:
        return []
    if not _RESPECTIVELY.fullmatch(words, items[index - 1].end, number.start):
        return []
    first = index - 1
    while (
        first and items[first - 1].phrase and _JOIN.fullmatch(words, items[first - 1].end, items[first].start)
    ):
        first -= 1
    last = index
    while (
        last + 1 < len(items)
        and not items[last + 1].phrase
        and _NEXT_NUMBER.fullmatch(words, items[last].end, items[last + 1].start)
    ):
        last += 1
    phrases, numbers = items[first:index], items[index : last + 1]
    if len(phrases) != len(numbers):
        return [_Pair((), each) for each in numbers]
    return [_Pair((phrase,), each) for phrase, each in zip(phrases, numbers, strict=True)]


def _runs(words: str, items: list[Item]) -> Iterator[list[Item]]:
    """Stretches of phrases and numbers with nothing between them that would part them."""
    run: list[Item] = []
    for item in items:
        if run and not _bound(words, run[-1], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _bound(words: str, one: Item, other: Item) -> bool:
    gap = _JOIN if one.phrase and other.phrase else _LEFT if one.phrase else _RIGHT
    if not one.phrase and not other.phrase:
        return False
    return bool(gap.fullmatch(words, one.end, other.start))


def _of_run(run: list[Item], words: str) -> Iterator[_Pair]:
    """In a run that begins with a phrase numbers belong to the phrase before, else to the one behind."""
    if not run[0].phrase and run[-1].phrase:
        run = [*reversed(run)]
    elif run[0].phrase and run[-1].phrase and words[run[0].end - 1] == "的":
        return  # 对收到的5件申请不予公开 may be any five
    waiting: list[Item] = []
    for item in run:
        if item.phrase:
            waiting.append(item)
        elif waiting:
            yield _Pair(tuple(waiting), item)
            waiting = []
    if len(run) == 1 and not run[0].phrase and _asks(words, run[0]):
        yield _Pair((Item(BY_KEY["asked"], run[0].start, run[0].end),), run[0])


def _asks(words: str, number: Item) -> bool:
    """True for 共有5件政府信息公开申请 without a verb."""
    return (
        bool(re.search("(?:共有|有|共|共计)\\Z", words[: number.start]))
        and "公开" in words[number.start : number.end]
    )


def _claims(sentence: Sentence, report: Report) -> Iterator[Claim]:
    items = _items(sentence)
    if not any(item.phrase is None for item in items):
        return
    governor: Claim | None = None
    for pair in sorted(_pairs(sentence, items), key=lambda pair: pair.number.start):
        claim = _claim(sentence, pair, report, governor)
        if claim:
            yield claim
            if claim.phrases[0].family not in ("applicant", "outcome"):
                governor = claim


def _claim(sentence: Sentence, pair: _Pair, report: Report, governor: Claim | None) -> Claim | None:
    """The claim of a pair; None where it may speak of something else."""
    if not pair.phrases:
        return None
    phrases = tuple(item.phrase for item in pair.phrases if item.phrase)
    number = sentence.numbers[pair.number.start]
    start = min(pair.number.start, pair.phrases[0].start)
    end = max(pair.number.end, pair.phrases[-1].end)
    begin = _clause_start(sentence.words, start)
    year = when(sentence, begin, pair.number.start, report.year)
    if year is None or number.unit not in _COUNTED or not _adds_up(phrases):
        return None
    if not _fits(sentence, phrases[0], (begin, start, end), report):
        return None
    if phrases[0].family == "outcome" and governor is None:
        return None
    within = governor if phrases[0].family in ("applicant", "outcome") else None
    said = (pair.phrases[0].start, pair.phrases[-1].end)
    return Claim(phrases, number, sentence, pair.number.start, (start, end), said, year, within)


def _adds_up(phrases: tuple[Phrase, ...]) -> bool:
    """True for one phrase, and for several that together are counted by one number."""
    if len(phrases) == 1:
        return True
    families = {phrase.family for phrase in phrases}
    keys = {phrase.key for phrase in phrases}
    return families == {"result"} or ("carried" in keys and keys <= {"new", "received", "carried"})


def _clause_start(words: str, index: int) -> int:
    """Where the clause of an index begins."""
    last = 0
    for found in _CLAUSE.finditer(words, 0, index):
        last = found.end()
    return last


def _fits(sentence: Sentence, phrase: Phrase, span: tuple[int, int, int], report: Report) -> bool:
    """True if the clause before a phrase, and what is spoken of there, is the phrase's own."""
    begin, start, end = span
    subject = topic(sentence, end)
    if phrase.family in ("dispute", "outcome"):
        return (
            subject == "disputes"
            and of_information(sentence)
            and ours(_plain_dispute(sentence.words[begin:start]), report)
        )
    if phrase.family == "act":
        return True
    return subject == "requests" and ours(sentence.words[begin:start], report)


_INFORMATION = re.compile("信息公开|公开类|政务公开|依申请公开|公开申请")
_CAUSED = re.compile(
    "(?:因|由|涉及|有关|关于)?(?:政府|政务)?(?:信息公开|依申请公开)(?:工作|事项|申请|案件|类|领域)*(?:而)?(?:引发|引起|产生|被提起|提起|被申请|申请|导致|发生)?(?:的)?|被(?:申请|提起)|发生|提起|引发|引起|新增|涉及|涉|类|政务公开"
)


def of_information(sentence: Sentence) -> bool:
    """True if the disputes are about information: all others are counted elsewhere."""
    heading, _, key = sentence.section.partition("\n")
    return bool(
        _INFORMATION.search(sentence.words)
        or _INFORMATION.search(heading)
        or key == "note"
        or _INFORMATION.search(sentence.before[-120:])
    )


def _plain_dispute(prefix: str) -> str:
    return _CAUSED.sub("", prefix)


_kept: tuple[weakref.ref[Report], tuple[Claim, ...], tuple[Sentence, ...]] | None = None


def understood(report: Report) -> tuple[tuple[Claim, ...], tuple[Sentence, ...]]:
    """Every claim of a report's sentences, and the sentences; reckoned once for all the rules that ask."""
    global _kept
    kept = _kept
    if kept is None or kept[0]() is not report:
        told = tuple(sentences(report))
        found = tuple(claim for sentence in told for claim in _claims(sentence, report))
        kept = _kept = (weakref.ref(report), found, told)
    return kept[1], kept[2]
