"""Which words of a sentence belong to which number: a few patterns over its signs.

First words that make one phrase are put together (上年 and 结转, 收到 and 申请), then phrases and numbers.
The letters are those of ``lexicon.yaml``: N is a count, P a percentage.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportgen.checks.open_government.claims.tokens import FILLER, Concept, Lexicon, Token


class Item(NamedTuple):
    """A phrase, a number or another word: its sign, what it means, and the tokens that it is made of.

    ``start`` and ``end`` are indices in the sentence's words; ``part`` is True where it tells of a part only
    (通过网站收到…), ``loose`` where unknown words stand in it; ``noun`` is what a document is called.
    """

    sign: str
    concepts: tuple[Concept, ...]
    start: int
    end: int
    part: bool = False
    loose: bool = False
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
    core = [token for token in tokens if token.sign != FILLER]
    signs = "".join(token.sign for token in core)
    items = []
    for found in lexicon.patterns["phrases"].finditer(signs):
        within = core[found.start() : found.end()]
        items.append(_item(found, within, signs[found.start() : found.end()], words, lexicon))
    return _reasoned(items)


def _item(found: re.Match[str], within: list[Token], signs: str, words: str, lexicon: Lexicon) -> Item:
    kind = found.lastgroup or ""
    start, end = within[0].start, within[-1].end
    concepts = lexicon.concepts
    if kind == "carried" and "n" in signs:
        return Item("X", (), start, end)  # 上年没有结转的
    if kind in ("carried", "goes_on", "on_hand"):
        return Item("C", (concepts[kind],), start, end)
    if kind in ("applicant", "channel", "result", "moved"):
        return Item("C" if kind == "moved" else signs[0], (within[0].concept,), start, end)
    if kind in ("handled", "done", "received", "asked", "openings"):
        concept = concepts[kind] if kind != "asked" else within[-1].concept
        if kind == "received":
            said = {token.concept.key for token in within}
            concept = next((concepts[key] for key in ("new", "due") if key in said), concept)
        inner = signs[1:-1] if kind != "asked" else ""
        several = "G" in inner or inner.count("L") > 1
        part = not several and ("L" in inner or "f" in inner)
        sign = {"handled": "H", "done": "D", "received": "R", "asked": "O", "openings": "T"}[kind]
        return Item(sign, (concept,), start, end, part, "?" in inner or (several and "f" in inner))
    if kind == "count":
        inner = signs[1:]
        asked = (concepts["asked"],) if "O" in inner else ()
        return Item("N", asked, start, end, "L" in inner or "f" in inner, "?" in inner)
    token = within[0]
    concept = token.concept
    if kind == "document":
        return Item(signs[0], (concept,), start, end, noun=words[within[1].start : end])
    known = (concept,) if concept.code else ()
    noun = words[start:end] if token.sign == "F" else ""
    return Item(token.sign, known, start, end, noun=noun)


def _reasoned(items: list[Item]) -> list[Item]:
    """属于国家秘密 before 不予公开: together they are one count, that of the reason."""
    kept: list[Item] = []
    for item in items:
        last = kept[-1] if kept else None
        before = kept[-2] if len(kept) > 1 and last and last.sign in "、" else last
        if item.sign == "T" and before and before.sign == "T" and _gives_reason(before, item):
            del kept[-1 if before is last else -2 :]
            start = kept.pop().start if kept and kept[-1].sign == "y" else before.start
            kept.append(before._replace(start=start, end=item.end))
        else:
            kept.append(item)
    return kept


_VERDICTS = ("deny", "unable", "refuse", "other")


def _gives_reason(one: Item, other: Item) -> bool:
    return other.concepts[0].key in _VERDICTS and one.concepts[0].key.startswith(
        tuple(f"{each}_" for each in _VERDICTS)
    )


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
    numbers = [item for item in within if item.sign == "N"]
    if kind == "mapped":
        yield from _mapped(phrases, numbers, span)
    elif kind in ("noun", "others"):
        yield Pair((within[0],), numbers[0], kind, span)
    elif kind == "alone":
        yield from _alone(within, numbers[0], behind)
    elif kind == "ended_so":
        yield Pair(phrases[1:], numbers[0], "", span, phrases[0])
    elif behind is None or behind.sign not in "XWF" or phrases[-1].sign in "Kk":
        if phrases[-1].sign == "V":  # 1件因政府信息公开申请行政复议
            phrases = tuple(item for item in phrases if item.sign != "O")
        whole = kind == "behind" and any(item.sign == "a" for item in within)
        yield Pair(phrases, numbers[0], "whole" if whole else "", span)
        of = kind == "before" and behind and behind.sign in "Tk" and words[behind.start] != "、"
        if of and behind and words.startswith("的", phrases[-1].end):  # 收到的1件申请予以公开
            yield Pair((behind,), numbers[0], "of", (numbers[0].start, behind.end))


def _alone(within: Sequence[Item], number: Item, behind: Item | None) -> Iterator[Pair]:
    """A number without a phrase: 共7件 adds up, 共有5件政府信息公开申请 counts applications."""
    summed, span = within[0].sign == "s", (within[0].start, within[-1].end)
    if not number.concepts:
        if summed:
            yield Pair((), number, "total", span)
    elif summed or behind is None or behind.sign in "a,;)":
        yield Pair((number._replace(sign="O"),), number, "", span)


def _mapped(phrases: tuple[Item, ...], numbers: list[Item], span: tuple[int, int]) -> Iterator[Pair]:
    """甲、乙、丙分别为1件、2件、3件: as many numbers as phrases; 甲、乙各1件: one for all."""
    numbers = numbers * len(phrases) if len(numbers) == 1 < len(phrases) else numbers
    if len(phrases) == len(numbers):
        for phrase, number in zip(phrases, numbers, strict=True):
            yield Pair((phrase,), number, "mapped", span)
