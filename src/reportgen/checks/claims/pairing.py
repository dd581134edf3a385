"""Which phrase of a sentence belongs to which number."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reportgen.checks.claims.phrases import CONCEPTS, Phrase, phrases_of
from reportgen.checks.claims.scanning import scan
from reportgen.checks.claims.text import COUNT, Sentence
from reportgen.model.form import Form


class Item(NamedTuple):
    """A phrase or (``phrase`` None) a number in a sentence."""

    phrase: Phrase | None
    start: int
    end: int


_LEFT = re.compile(
    "(?:的有|的|了|共计|共|总计|合计|累计|总共|一共|计|各|有|为|是|达到|达|到|数量|数|量|总量|件数|情况|情形|决定|案件|申请|信息|事项|类|[:：]|[，,](?=共|合计|总计|累计))*"
)
_RIGHT = re.compile(
    "(?:的|是|为|系|属于|属|被|作出|做出|作|予|均已?|已经?|全部|都|依法|按规定|按时|按期|及时|因故|正在|需|按照《?条例》?(?:的)?(?:规定|要求)?)*"
)
_LATER = re.compile(f"{_RIGHT.pattern}因[^，,；;：:#]{{1,20}}[，,]?{_RIGHT.pattern}")
"""另有3件因征求第三方意见，结转至…: why they go on stands between the number and what it counts."""
_REASON = re.compile("(?:的|信息|申请|而|依法|决定|予以)*")
_BECAUSE = re.compile("(?:因为?|由于|以)\\Z")
_JOIN = re.compile("(?:及|和|与|或者?|以及|、|决定|的)+")
_ENDED = re.compile("(?:的|案件|中|后|均|已|被)*")
"""行政复议（案件中被）纠正3件: the outcome of what."""
_NEXT_NUMBER = re.compile("[、，,和及与]*")
_RESPECTIVELY = re.compile("(?:的|申请|情况|数量|件数)*(?:分别|各)(?:为|是|有|达|计|作出)*[:：]?")


def _items(sentence: Sentence, form: Form) -> list[Item]:
    """Phrases and counts in order; an unspecific “申请” belongs to the number before it."""
    items: list[Item] = []
    phrases = phrases_of(form)
    for key, start, end in scan(sentence.words, form):
        if key == COUNT:
            if start in sentence.numbers:
                items.append(Item(None, start, sentence.end_of(start)))
        elif (
            key in ("object", "asked")
            and items
            and items[-1].phrase is None
            and sentence.words[items[-1].end : start] in ("", "的")
        ):
            last = items.pop()
            items.append(Item(last.phrase, last.start, end))
        elif key in _GROUPS and items and _gives_reason(sentence.words, items[-1], key, start):
            items.append(_reasoned(sentence.words, items.pop(), end))
        elif key != "object":
            items.append(Item(phrases[key], start, end))
    return items


_GROUPS = ("deny", "unable", "refuse", "other")


def _gives_reason(words: str, item: Item, group: str, start: int) -> bool:
    """True for 属于国家秘密 before 不予公开: together they are one count, that of the reason."""
    reason = item.phrase is not None and item.phrase.key.startswith(f"{group}_")
    return reason and bool(_REASON.fullmatch(words, item.end, start))


def _reasoned(words: str, item: Item, end: int) -> Item:
    """The reason with what was decided for it, and the 因 before it."""
    because = _BECAUSE.search(words, 0, item.start)
    return item._replace(start=because.start() if because else item.start, end=end)


class Pair(NamedTuple):
    """Phrases and the number that belongs to them."""

    phrases: tuple[Item, ...]
    number: Item


def pairs(sentence: Sentence, form: Form) -> list[Pair]:
    """Every number of a sentence that phrases of the form belong to, in order."""
    return sorted(_pairs(sentence, _items(sentence, form)), key=lambda pair: pair.number.start)


def _pairs(sentence: Sentence, items: list[Item]) -> Iterator[Pair]:
    taken: set[int] = set()
    shared = "分别" in sentence.words or "各" in sentence.words
    for index in range(len(items)) if shared else ():
        mapped = _mapped(sentence.words, items, index)
        if mapped:
            taken.update(item.start for pair in mapped for item in (*pair.phrases, pair.number))
            yield from mapped
    free = [item for item in items if item.start not in taken]
    for run in _runs(sentence.words, free):
        yield from _of_run(run, sentence.words)


def _mapped(words: str, items: list[Item], index: int) -> list[Pair]:
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
    phrases, numbers = _parted(items[first:index]), items[index : last + 1]
    if len(phrases) != len(numbers):
        return [Pair((), each) for each in numbers]
    return [Pair((phrase,), each) for phrase, each in zip(phrases, numbers, strict=True)]


def _parted(phrases: list[Item]) -> list[Item]:
    """行政复议、行政诉讼 before two numbers are two phrases, though together they are counted by one."""
    if [item.phrase for item in phrases] != [CONCEPTS["cases"]]:
        return phrases
    return [phrases[0]._replace(phrase=CONCEPTS[key]) for key in ("review", "suits")]


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
    if not one.phrase and not other.phrase:
        return False
    if one.phrase and other.phrase and (one.phrase.family, other.phrase.family) == ("dispute", "outcome"):
        return bool(_ENDED.fullmatch(words, one.end, other.start))
    gap = _JOIN if one.phrase and other.phrase else _LEFT if one.phrase else _RIGHT
    if other.phrase is CONCEPTS["goes_on"] and _LATER.fullmatch(words, one.end, other.start):
        return one.phrase is None
    return bool(gap.fullmatch(words, one.end, other.start))


def _of_run(run: list[Item], words: str) -> Iterator[Pair]:
    """In a run that begins with a phrase numbers belong to the phrase before, else to the one behind."""
    if not run[0].phrase and run[-1].phrase:
        run = [*reversed(run)]
    elif run[0].phrase and run[-1].phrase and words[run[0].end - 1] == "的":
        return  # 对收到的5件申请不予公开 may be any five
    if len(run) > 2 and _ends_in_an_outcome(run):
        yield Pair((run[-3], run[-1]), run[-2])
        run = run[:-3]
    waiting: list[Item] = []
    for item in run:
        if item.phrase:
            waiting.append(item)
        elif waiting:
            yield Pair(tuple(waiting), item)
            waiting = []
    if len(run) == 1 and not run[0].phrase and _asks(words, run[0]):
        yield Pair((Item(CONCEPTS["asked"], run[0].start, run[0].end),), run[0])


def _ends_in_an_outcome(run: list[Item]) -> bool:
    """True for 行政复议2件被纠正: the number is no count of all reviews, but of those that ended so."""
    families = [item.phrase.family if item.phrase else "" for item in run[-3:]]
    return families == ["dispute", "", "outcome"]


def _asks(words: str, number: Item) -> bool:
    """True for 共有5件政府信息公开申请 without a verb."""
    asked = "公开" in words[number.start : number.end]
    return asked and words.endswith(("有", "共", "共计"), 0, number.start)
