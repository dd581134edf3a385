"""Which words of a sentence belong to which number: a few patterns over its signs.

First words that make one phrase are put together (上年 and 结转, 收到 and 申请), then phrases and numbers.
The letters are those of ``lexicon.yaml``: N is a count, P a percentage.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportgen.checks.open_government.claims.tokens import FILLERS, Concept, Lexicon, Token


class Item(NamedTuple):
    """A phrase, a number or another word: its sign, what it means, and the tokens that it is made of.

    ``start`` and ``end`` are indices in the sentence's words; ``part`` is True where it tells of a part only
    (通过网站收到…); ``noun`` is what a document is called.
    """

    sign: str
    concepts: tuple[Concept, ...]
    start: int
    end: int
    part: bool = False
    noun: str = ""


class Pair(NamedTuple):
    """Phrases and the number that belongs to them.

    Attributes:
        phrases: what is counted; empty where ``says`` is ``total``: 共计7件 adds up what stands before.
        number: its number; None where words take its place.
        says: nothing, or ``none`` (未收到申请), ``all`` (均办结), ``total`` (共计), ``because``, ``mapped``
            (分别), ``share`` (占), ``rest`` (其余), ``among`` (其中), ``of`` (收到的5件申请予以公开),
            ``whole`` (5件申请均已办结), ``noun`` (规章1件 behind 制发文件2件), ``single`` (申请人为企业).
        span: where it stands in the sentence's words.
        dispute: whose cases ended so, where the number stands between: 行政复议2件维持.
    """

    phrases: tuple[Item, ...]
    number: Item | None
    says: str
    span: tuple[int, int]
    dispute: Item | None = None


def items_of(words: str, tokens: Sequence[Token], lexicon: Lexicon) -> list[Item]:
    """A sentence's phrases, numbers and other words in order, without the words that mean nothing."""
    core = [token for token in tokens if token.sign not in FILLERS]
    signs = "".join(token.sign for token in core)
    merged = lexicon.patterns["phrases"].finditer(signs)
    return _reasoned([_item(found, core[slice(*found.span())], words, lexicon) for found in merged])


_ASKING = ("handled", "done", "received", "openings", "count")
"""Kinds of phrases in which words stand around what is asked for."""


def _item(found: re.Match[str], within: list[Token], words: str, lexicon: Lexicon) -> Item:
    kind, signs, first = found.lastgroup or "", found[0], within[0]
    span = first.start, within[-1].end
    if kind == "carried" and "n" in signs:
        return Item("X", (), *span)  # 上年没有结转的
    concept = lexicon.concepts.get(kind, first.concept)
    if kind in ("moved", "asked"):
        concept = (first if kind == "moved" else within[-1]).concept
    elif kind == "received":
        said = {token.concept.key for token in within}
        concept = next((lexicon.concepts[key] for key in ("new", "due") if key in said), concept)
    elif kind == "every" or (kind == "count" and "O" in signs):
        concept = lexicon.concepts["handled" if kind == "every" else "asked"]
    inner = signs[1:-1] if kind in _ASKING else ""
    several = "G" in inner or inner.count("L") > 1
    noun = within[1].start if kind == "document" else first.start if first.sign == "F" else span[1]
    return Item(
        lexicon.becomes.get(kind, signs[0]),
        (concept,) if concept.code else (),
        *span,
        part=not several and ("L" in inner or "f" in inner),
        noun=words[noun : span[1]],
    )


_VERDICTS = ("deny", "unable", "refuse", "other")
_REASONS = ("deny_", "unable_", "refuse_", "other_")


def _reasoned(items: list[Item]) -> list[Item]:
    """属于国家秘密 before 不予公开: together they are one count, that of the reason."""
    kept: list[Item] = []
    for item in items:
        before = kept[-2:-1] if kept and kept[-1].sign == "、" else kept[-1:]
        reason, verdict = (
            [each.concepts[0].key for each in one if each.sign == "T"] for one in (before, [item])
        )
        if reason and verdict and verdict[0] in _VERDICTS and reason[0].startswith(_REASONS):
            del kept[kept.index(before[0]) :]
            start = kept.pop().start if kept and kept[-1].sign == "y" else before[0].start
            item = before[0]._replace(start=start, end=item.end)
        kept.append(item)
    return kept


_SAYS = {
    "excused": (slice(1), "because"),
    "reason": (slice(-1, None), "because"),
    "among": (slice(0), "among"),
    "rest": (slice(None), "rest"),
    "share": (slice(None), "share"),
    "single": (slice(1), "single"),
    "all": (slice(-1, None), "all"),
    "none_so": (slice(1, None), "none"),
    "none": (slice(None), "none"),
}
"""Which phrases of a pattern count, and what the pair then says."""
_UNCOUNTED = ("single", "all", "none_so", "none")


def pairs(items: Sequence[Item], words: str, lexicon: Lexicon) -> Iterator[Pair]:
    """Every number that phrases belong to, and what denies or says all, in order."""
    signs = "".join(item.sign for item in items)
    for found in lexicon.patterns["pairs"].finditer(signs):
        kind, within = found.lastgroup or "", items[found.start() : found.end()]
        behind = items[found.end()] if found.end() < len(items) else None
        phrases = _phrases(kind, within, words)
        if phrases is None or (kind == "none" and not _ends(phrases[-1], behind)):
            continue
        if kind in _SAYS:
            pick, says = _SAYS[kind]
            number = None if kind in _UNCOUNTED else next(item for item in within if item.sign in "NP")
            dispute = phrases[0] if kind == "none_so" else None
            yield Pair(phrases[pick], number, says, (within[0].start, within[-1].end), dispute)
        elif kind != "before" or not _is_of_any(items[: found.start()][-1:], within[0], behind, words):
            yield from _counted(kind, within, behind, words)


def _phrases(kind: str, within: Sequence[Item], words: str) -> tuple[Item, ...] | None:
    """The phrases of what a pattern found; None where the words say something else."""
    if kind in ("all", "single") and words.startswith(("的，", "的是", "的有", "的为"), within[-1].end):
        return None  # 不予公开的，说明理由; 均为自然人的有3件
    if kind == "reason" and any(item.sign in "、j" for item in within):
        return None  # 因不予公开、无法提供和重复申请等原因: several, and perhaps not all of them
    slash = next((item.start for item in within if item.sign == "/"), len(words))
    return tuple(
        item
        for item in within
        if item.concepts
        and item.sign != "N"
        and item.start < slash  # 自然人申请占收到总数的87.3%
        and not (kind == "none" and item.sign == "H")  # 未办理行政许可
    )


def _is_of_any(ahead: Sequence[Item], phrase: Item, behind: Item | None, words: str) -> bool:
    """True for 对收到的5件申请不予公开 and 申请中5件: it may be any five."""
    if phrase.sign in "DHRO" and words.startswith(("中", "里"), phrase.end):
        return True
    toward = bool(ahead) and ahead[0].sign == "d" and words.startswith("的", phrase.end)
    return toward and behind is not None and behind.sign in "Tk"


def _ends(phrase: Item, behind: Item | None) -> bool:
    """True if a denial ends behind its phrase: 未收到申请, not 未收到申请人的投诉."""
    toward = behind is not None and behind.sign == "v" and phrase.sign != "A"
    return behind is None or toward or behind.sign in ",;:()、a" or phrase.sign in "VUKB"


def _counted(kind: str, within: Sequence[Item], behind: Item | None, words: str) -> Iterator[Pair]:
    """The pairs of the patterns in which phrases and numbers stand side by side."""
    span = (within[0].start, within[-1].end)
    phrases = tuple(item for item in within if item.concepts and item.sign != "N")
    number, *others = (item for item in within if item.sign == "N")
    if kind == "mapped":  # 甲、乙分别为1件、2件: as many numbers as phrases; 甲、乙各1件: one for all
        numbers = [number, *others] if others else [number] * len(phrases)
        alike = zip(phrases, numbers, strict=True) if len(phrases) == len(numbers) else ()
        yield from (Pair((phrase,), each, "mapped", span) for phrase, each in alike)
    elif kind in ("noun", "others"):
        yield Pair((within[0],), number, kind, span)
    elif kind == "alone":  # 共7件 adds up, 共有5件政府信息公开申请 counts applications
        summed = within[0].sign == "s"
        if number.concepts and (summed or behind is None or behind.sign in "an,;)"):
            yield Pair((number._replace(sign="O"),), number, "", span)
        elif summed and not number.concepts:
            yield Pair((), number, "total", span)
    elif kind == "ended_so":
        disputes, ends = ([item for item in phrases if (item.sign == "V") is each] for each in (True, False))
        yield Pair(tuple(ends), number, "", span, disputes[0])
    elif behind is None or behind.sign not in "XWF" or phrases[-1].sign in "Kk":
        yield from _side_by_side(kind, within, behind, words)


def _side_by_side(kind: str, within: Sequence[Item], behind: Item | None, words: str) -> Iterator[Pair]:
    """One number with the phrases before or behind it."""
    phrases = tuple(item for item in within if item.concepts and item.sign != "N")
    number = next(item for item in within if item.sign == "N")
    if phrases[-1].sign == "V":  # 1件因政府信息公开申请行政复议
        phrases = tuple(item for item in phrases if item.sign != "O")
    whole = kind == "behind" and any(item.sign == "a" for item in within)
    yield Pair(phrases, number, "whole" if whole else "", (within[0].start, within[-1].end))
    of = behind and behind.sign in "Tk" and words[behind.start] != "、"
    if kind == "before" and behind and of and words.startswith("的", phrases[-1].end):
        # 收到的1件申请予以公开
        yield Pair((behind,), number, "of", (number.start, behind.end))
