"""What a sentence claims: each pair of words and number as a claim about cells, or nothing.

Silence is the rule where it is not plain that this organ's figures of a year are told, and of which matter.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from reportgen.checks.contract import once
from reportgen.checks.open_government.claims.asserted import asserted
from reportgen.checks.open_government.claims.grammar import Item, Pair, items_of, pairs
from reportgen.checks.open_government.claims.scope import Information, Reader, Walk, signs_of, without
from reportgen.checks.open_government.claims.tokens import COUNT, Concept, Sentence, Token, sentences
from reportgen.chinese.numerals import Number
from reportgen.model.report import Report


class Claim(NamedTuple):
    """A number that a sentence gives to a concept.

    Attributes:
        phrases: what it speaks of; several are added up.
        number: the number; 0 where the sentence denies it, and the whole where it says all.
        sentence: where it stands.
        at: the index of the number in the sentence's words; of its first word where it has no numeral.
        span: the whole claim in the sentence's words: 予以公开12件.
        said: its phrases alone: 予以公开.
        year: 0 for the report's year, -1 for the year before.
        within: the claim that it is a part of: 予以公开5件 in 予以公开5件，其中自然人3件.
        says: how it is told, see ``grammar.Pair``.
        sure: False where the reading is only likely: words of its clause may mean something else.
        noun: what a document is called.
        part: True where it counts a part only, which can be less than the figure, but not more.
        stray: True where a chapter on other things tells nothing but a figure of last year: that year is
            likelier to have been left behind than meant.
        askers: the applicants named last before it, whose applications alone it may be of: 自然人申请办结5件.
        ended: the rows that applicants behind words of 办结 or 结转 may be of.
    """

    phrases: tuple[Concept, ...]
    number: Number
    sentence: Sentence
    at: int
    span: tuple[int, int]
    said: tuple[int, int]
    year: int
    within: "Claim | None" = None
    says: str = ""
    sure: bool = True
    noun: str = ""
    part: bool = False
    stray: bool = False
    askers: tuple[Concept, ...] = ()
    ended: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name of its phrase; joined where there are several."""
        return "+".join(phrase.key for phrase in self.phrases)

    @property
    def family(self) -> str:
        """The family of its phrase."""
        return self.phrases[0].family

    @property
    def quote(self) -> str:
        """The claim as typed; what stands between a phrase and its number in a list left out."""
        mapped = self.says == "mapped" or self.sentence.words.count(COUNT, *self.span) > 1
        if self.says not in ("none", "all", "total", "") and mapped:
            number = self.sentence.quote(self.at, self.sentence.end_of(self.at))
            return f"{self.sentence.quote(*self.said)}…{number}"
        return self.sentence.quote(*self.span)


_KINDS = 4
"""So many kinds of applicants are told before 其他 when it can only be the last of them."""
_ROWS_OF_DISPUTES = 3
"""So many disputes are named in one row, at most."""
_ODD = ("problems", "others")
"""The prose in which nobody looks for counts of applications."""
_LONGEST_CLAUSE = 40
"""So many words before a phrase are looked at for whose it is."""
_NEAR = 80
"""So many characters before a phrase are looked at for what goes with it."""


class _Draft(NamedTuple):
    """A claim in the making: some phrases of a pair with what they mean and their number.

    ``at`` is where that stands, or the first of the words in its place; ``prefix`` are the tokens from
    where the clause begins to all its words, the ``span``.
    """

    pair: Pair
    items: tuple[Item, ...]
    phrases: tuple[Concept, ...]
    number: Number
    at: int
    span: tuple[int, int]
    prefix: Sequence[Token]


class _Reading:
    """Makes claims of the pairs of one sentence, in order; each knows what stands before it."""

    def __init__(self, reader: Reader, sentence: Sentence, walk: Walk, items: Sequence[Item]) -> None:
        self.claims: list[Claim] = []
        self._reader, self._sentence, self._walk, self._items = reader, sentence, walk, items
        self._words, self._lexicon, self._units = sentence.words, sentence.lexicon, sentence.lexicon.units
        self._asked = [item.start for item in items if item.sign == "N"]
        self._counts = [at for at, each in sentence.numbers.items() if each.kind == "count"]
        self._governor: Claim | None = None
        self._last = 0
        self._rejected = False
        reader.begin(sentence, walk.tokens)

    def take(self, pair: Pair) -> None:
        """Make the claims of the next pair."""
        self._reader.passed(self._words[self._last : pair.span[0]])
        for claim in self._of(pair):
            self.claims.append(claim)
            if claim.says in ("", "mapped") and claim.family != "rate":
                part = claim.family in ("applicant", "outcome", "channel")
                self._governor = (claim.within or self._governor) if part else claim
        self._last = max(self._last, pair.number.end if pair.number else pair.span[1])

    def asserting(self, pair: Pair) -> Iterator[Claim]:
        """The claims of a pair that says something has happened, when all others are taken."""
        self._last = 0
        return self._of(pair)

    def _of(self, pair: Pair) -> Iterator[Claim]:
        number = self._number(pair)
        if number is None:
            return
        if pair.says == "total":
            yield from self._total(pair, number)
            return
        pair, phrases = self._meaning(pair)
        if pair.says == "none":
            for item, phrase in zip(pair.phrases, phrases, strict=True) if not pair.dispute else ():
                yield from self._claim(self._draft(pair, (item,), (phrase,), number))
        elif pair.dispute and phrases:
            of = self._draft(pair, (pair.dispute,), pair.dispute.concepts, number)
            for whole in self._claim(of):
                yield from self._claim(self._draft(pair, pair.phrases, phrases, number), whole)
        elif _adds_up(phrases):
            yield from self._claim(self._draft(pair, pair.phrases, phrases, number))

    def _number(self, pair: Pair) -> Number | None:
        """The pair's number; 0 where words stand for it, None where another number stands among those."""
        numbers, counts = self._sentence.numbers, self._counts
        if pair.number:
            return numbers[pair.number.start]
        within = counts[bisect_left(counts, pair.span[0]) : bisect_left(counts, pair.span[1])]
        if any(numbers[at].value != 1 for at in within):
            return None
        start, end = (self._sentence.origin[at] for at in (pair.span[0], pair.span[1] - 1))
        money = pair.says == "some" and pair.phrases[0].concepts[0].key == "fees"
        return Number("count", start, end + 1, Decimal(0), "元" if money else "件")

    def _draft(
        self, pair: Pair, items: tuple[Item, ...], phrases: tuple[Concept, ...], number: Number
    ) -> _Draft:
        at = pair.number.start if pair.number else pair.span[0]
        whole = pair.says == "none" or (pair.dispute is not None and phrases[0].family == "outcome")
        start = pair.span[0] if whole else min(items[0].start, at)
        last = 0 if pair.says == "none" else pair.number.end if pair.number and not whole else pair.span[1]
        # the clause, or what follows the last claim in it
        first = min(at, *(item.start for item in pair.phrases)) if pair.phrases else at
        begin, token = self._walk.clauses[self._walk.at(first)], self._walk.at(first)
        begin = max(begin, self._walk.at(self._last) if self._last <= first else 0, token - _LONGEST_CLAUSE)
        prefix = self._walk.tokens[begin : self._walk.at(start)]
        return _Draft(pair, items, phrases, number, at, (start, max(items[-1].end, last)), prefix)

    # ── what the phrases mean ─────────────────────────────────────────────────────────────────────────

    def _meaning(self, pair: Pair) -> tuple[Pair, tuple[Concept, ...]]:
        """What the phrases mean where they stand; nothing where they mean nothing."""
        last = self.claims[-1] if self.claims else None
        if pair.says == "single" and (self._governor is None or self._governor.number.value != 1):
            return pair, ()
        if pair.says == "noun":  # 制发规范性文件2件、规章1件
            return pair, last.phrases if last and last.family == "document" else ()
        if pair.says == "others":
            return pair, self._other(last, pair) if last else ()
        if pair.says == "among":  # 行政诉讼19件，其中涉及政府信息公开的5件
            pair = pair._replace(phrases=self._named_before(pair.span[0]))
        phrases = self._turned(pair, tuple(self._meant(item) for item in pair.phrases if item.concepts))
        if len(phrases) > 1 and not _adds_up(phrases) and pair.says != "none" and phrases[-1].sign in "Cc":
            return pair._replace(phrases=pair.phrases[-1:]), phrases[-1:]
        return pair, phrases

    def _other(self, last: Claim, pair: Pair) -> tuple[Concept, ...]:
        """What 其他3件 counts behind 不予公开12件, if it stands right behind."""
        key = self._lexicon.others.get(last.key if last.family == "result" else last.family, "")
        few = key == "others" and sum(each.family == "applicant" for each in self.claims) < _KINDS
        known = key in self._lexicon.concepts and not few and pair.span[0] - last.span[1] <= 1
        return (self._lexicon.concepts[key],) if known else ()

    def _meant(self, item: Item) -> Concept:
        """公开 in a list of results is one; 结转 behind 新收 came in; what the public 提出 is new."""
        concept, concepts, says = item.concepts[0], self._lexicon.concepts, self._sentence.says
        if concept.key == "published" and not item.noun and any(it.sign == "T" for it in self._items):
            return concepts["open"]
        if concept.key == "moved" and says("newly", item.start - 14, item.start):
            return concepts["carried"]._replace(key="moved", rows=concept.rows, unsure=True)
        submitted = concept.key == "received" and says("submitted", item.start, item.end)
        if submitted and not says("carries"):
            return concept._replace(key="submitted", rows=concept.rows[:1], unsure=True)
        return concept

    def _turned(self, pair: Pair, phrases: tuple[Concept, ...]) -> tuple[Concept, ...]:
        """5件均已办结 may count what came in; 办结17件，另有3件办理 what is not done yet."""
        keys = [phrase.key for phrase in phrases]
        if pair.says == "whole" and keys == ["done"]:
            return (self._lexicon.concepts["handled"],)
        ahead = pair.number and not pair.says and pair.number.start < pair.phrases[0].start
        if ahead and keys == ["handled"] and any(each.key == "done" for each in self.claims[-_KINDS:]):
            return (self._lexicon.concepts["left"],)
        return phrases

    def _named_before(self, index: int) -> tuple[Item, ...]:
        """The disputes named last before an index of the words, in one row."""
        named = [item for item in self._items if item.sign == "V" and item.start < index]
        before = named[-_ROWS_OF_DISPUTES:]
        joint = self._lexicon.patterns["and"].fullmatch
        while any(not joint(self._words, one.end, other.start) for one, other in pairwise(before)):
            del before[0]
        return tuple(before)

    # ── whose they are, and of what ───────────────────────────────────────────────────────────────────

    def _claim(self, draft: _Draft, whole: Claim | None = None) -> Iterator[Claim]:
        family, says = draft.phrases[0].family, draft.pair.says
        year = self._walk.years[min(self._walk.at(draft.at), len(self._walk.years) - 1)]
        if year is None or self._is_no_count(draft):
            return
        noun = self._noun(draft) if family == "document" else ""
        fits = self._fits(draft, noun)
        if not fits or (says == "some" and fits != "yes"):
            self._rejected |= family == "dispute"
            return
        within = whole or self._within(draft, year)
        plain = fits == "yes" or family not in ("result", "applicant", "request")
        unknown = not plain and "公开" not in self._words[slice(*draft.span)]
        if unknown or (family == "outcome" and within is None):
            return  # neither whose figures nor what of is plain
        askers = self._askers(draft) if family in ("request", "result") else ()
        ended = self._ended(draft) if family == "applicant" else ()
        sure = fits == "yes" and not draft.phrases[0].unsure and not askers and self._is_plain(draft, within)
        part = any(item and item.part for item in (*draft.items, draft.pair.number))
        # 2件因第三方不同意不予公开, a reason in words of no row: there may be other reasons
        reasoned = says == "because" and draft.phrases[0].key in self._lexicon.others
        reasoned = reasoned and "?" in self._signs(draft.at, draft.items[0].start)
        said = draft.items[0].start, draft.items[-1].end
        told = draft.number, self._sentence, draft.at, draft.span, said, year, within
        says, stray = "all" if says == "single" else says, year < 0 and self._is_stray()
        yield Claim(draft.phrases, *told, says, sure, noun, part or reasoned, stray, askers, ended)
        if part:
            self._reader.estrange(self._sentence)

    def _is_plain(self, draft: _Draft, whole: Claim | None) -> bool:
        """True if the clause, and what it goes on from, was understood whole: every word and every count."""
        walk, (start, end), family = self._walk, map(self._walk.at, draft.span), draft.phrases[0].family
        begin, stop = walk.clauses[start], bisect_right(walk.clauses, walk.clauses[end - 1])
        signs, first, last = signs_of(walk.tokens[begin:stop]), start - begin, end - begin
        told = f"{family}:{signs[:first]}[{signs[first:last]}]{signs[last:]}"
        plain = self._lexicon.patterns["plain"].fullmatch(told)
        if not plain or family in ("document", "act"):
            return bool(plain)
        parted = self._words.rfind("；", 0, draft.span[0])
        # 复议2件，诉讼8件，维持5件; 诉讼8件，直接起诉3件；维持5件
        if family == "outcome" and whole and (whole.within or len(whole.phrases) > 1 or whole.at < parted):
            return False
        near = bisect_left(self._asked, max(draft.span[0] - _NEAR, parted))
        before = self._asked[near : bisect_left(self._asked, draft.span[0])]
        return {each.at for each in self.claims[-_NEAR:]}.issuperset(before)

    def _is_no_count(self, draft: _Draft) -> bool:
        """True where the number counts something else, or the words before it do: 19个单位未收到申请."""
        family, key = draft.phrases[0].family, draft.phrases[0].key
        unit, units = draft.number.unit, self._units
        share = draft.pair.says == "share" and family not in units and unit == "%"
        if unit not in units.get(family, units["pieces"]) and not share:
            return True
        if draft.pair.says == "none":  # 未予公开 says how some ended, never that none was opened
            verdict = self._lexicon.patterns["verdict"].match(self._words, draft.pair.span[0])
            return bool(verdict) or "N" in signs_of(draft.prefix)
        start = self._walk.at(draft.span[0])
        if key in ("done", "handled") and "E" in signs_of(self._walk.tokens[max(0, start - 2) : start]):
            return True  # 除4件在期限内办理外
        said = draft.items[0].start
        if key == "done" and said < draft.at:  # 书面答复5件, 20个工作日内答复5件: not all were
            return self._words.startswith("书面", said) or self._words.endswith("日内", 0, said)
        return family == "applicant" and unit in units["persons"] and draft.at < said

    def _signs(self, start: int, end: int) -> str:
        """The signs from one index of the words to another."""
        return signs_of(self._walk.tokens[self._walk.at(start) : self._walk.at(end)])

    def _askers(self, draft: _Draft) -> tuple[Concept, ...]:
        """The applicants named last before a count, no semicolon between: several where they are a list."""
        found: list[Concept] = []
        for token in reversed(self._ahead(draft)):
            if token.sign == "A" and self._words[token.start : token.end] != "单位":
                found.append(token.concept)
            elif token.sign == ";" or (found and token.sign not in "、jowN.¿"):
                break
        return tuple(found)

    def _ended(self, draft: _Draft) -> tuple[str, ...]:
        """The rows of table three that words around applicants speak of: 未办结的只有自然人申请4件."""
        around = signs_of(self._ahead(draft)).rpartition(";")[2]
        signs = {*around, *self._signs(draft.span[1], draft.span[1] + 1)}
        return (*(["carry_out"] if signs & set("Jxc") else ()), *(["total"] if signs & set("DH") else ()))

    def _ahead(self, draft: _Draft) -> Sequence[Token]:
        """The tokens before a count, not too many of them."""
        at = self._walk.at(max(draft.span[0], draft.at))
        return self._walk.tokens[max(0, at - _LONGEST_CLAUSE) : at]

    def _within(self, draft: _Draft, year: int) -> Claim | None:
        """The claim that this is a part of."""
        family, governor = draft.phrases[0].family, self._governor
        if family == "dispute":  # 行政诉讼8件，其中直接起诉5件、复议后起诉3件；维持4件: of all three
            last = self.claims[-1] if self.claims else None
            return last if last and last.family == "dispute" and not last.says else None
        if family != "outcome":
            return governor if family == "applicant" else None
        named, near = self._named_before(draft.at), (draft.span[1] - _NEAR, draft.span[1])
        renamed = governor and named and named[-1].start >= governor.span[1]
        if governor and not renamed and governor.family in ("dispute", "outcome"):
            count = self._stranger_before(draft.at)
            some = count > governor.at and "其中" in self._words[max(governor.span[1], count - _NEAR) : count]
            return None if some else governor  # 行政复议34件，其中涉及县公安局的8件，维持5件: of the eight
        if self._rejected or not self._sentence.says("disputes", *near):
            return None
        # 复议案件中维持5件: the disputes are named without a number
        concepts = tuple(item.concepts[0] for item in named)
        if not concepts:
            key = "review" if self._words.rfind("复议", max(0, near[0]), near[1]) >= 0 else "suits"
            concepts = (self._lexicon.concepts[key],)
        span = (named[0].start, named[-1].end) if named else (draft.at, draft.at + 1)
        return Claim(concepts, draft.number, self._sentence, span[0], span, span, year, says="named")

    def _stranger_before(self, index: int) -> int:
        """Where the last count before an index stands; -1 where there is none, or it counts what we know."""
        at = bisect_left(self._counts, index)
        last = self._counts[at - 1] if at else -1
        asked = any(item.start == last and item.sign == "N" and item.concepts for item in self._items)
        return -1 if asked or any(claim.at == last for claim in self.claims) else last

    def _is_stray(self) -> bool:
        """True for 另外，2022年全市收到9999件 alone in a paragraph of chapter five or six, a year late."""
        sentence, tokens = self._sentence, self._walk.tokens
        alone = not sentence.start and not sentence.paragraph.text[sentence.end :].strip("。 ")
        years = [token.concept.key for token in tokens if token.sign == "l"]
        plain = not set("tmrY") & set(signs_of(tokens))
        return alone and years == ["year"] and sentence.section.key in _ODD and plain

    def _noun(self, draft: _Draft) -> str:
        """What kind of document is counted: named beside the number, or before in the sentence."""
        end = draft.pair.number.end if draft.pair.number else draft.pair.span[1]
        ahead = (item for item in self._items if item.start <= end)
        named = [item.noun for item in (*ahead, draft.items[0]) if item.noun not in ("", "文件")]
        return named[-1] if named else ""

    def _fits(self, draft: _Draft, noun: str) -> str:
        """``yes`` or ``maybe`` if this organ's figures of this matter are spoken of."""
        family = draft.phrases[0].family
        if family == "act":
            return self._act(draft)
        if family == "document":
            return self._document(draft, noun)
        disputed = family == "rate" and draft.phrases[0].columns != ("total",)
        if family in ("dispute", "outcome") or disputed:
            return "yes" if self._dispute(draft) else ""
        return self._request(draft)

    def _request(self, draft: _Draft) -> str:
        """``yes`` or ``maybe`` if these are applications to this organ."""
        (start, end), (key, *_), family = draft.span, draft.phrases[0], draft.phrases[0].family
        at, prefix = self._walk.at(end), draft.prefix
        matter = self._walk.matters[at]
        if not matter and key == "carried":  # 加上上年结转的2件，共受理政府信息公开申请…
            matter = next((each for each in self._walk.matters[at : at + _LONGEST_CLAUSE] if each), "")
        if key == "open_rate" and matter != "requests":
            before = self._walk.at(start)
            if set(signs_of(self._walk.tokens[max(0, before - _LONGEST_CLAUSE) : before])) & set("kBF"):
                return ""  # 公开决算118份，公开率100%
        matter = matter or self._reader.before(self._sentence)
        if matter != "requests" and not (family == "result" and matter == "disclosure"):
            return ""
        units = self._sentence.says("some_units")  # 19个单位未收到申请: units of the organ, each for itself
        if (units and units.end() <= start) or self._is_of_another_head(draft):
            return ""
        last = self.claims[-1].family if self.claims else ""
        decided = last == "result" or "不予" in self._words[start:end]
        if family == "result" and decided and prefix and prefix[-1].sign == "f":
            prefix = prefix[:-1]  # 不予公开的2件中，涉及国家秘密的1件: the reason, not what was asked for
        return self._reader.ours(self._sentence, prefix, draft.pair.span)

    def _is_of_another_head(self, draft: _Draft) -> bool:
        """True in 审查信息156件，其中不予公开9件: the list is of what was counted first."""
        if draft.phrases[0].family not in ("result", "applicant"):
            return False
        among = self._words.rfind("其中", max(0, draft.span[0] - _NEAR), draft.span[0])
        return self._stranger_before(among) >= 0 and "O" not in self._signs(0, among)

    def _dispute(self, draft: _Draft) -> bool:
        """True if these are disputes about information that this organ is a party to."""
        reader, index = self._reader, draft.span[1]
        if (self._walk.matters[self._walk.at(index)] or reader.before(self._sentence)) != "disputes":
            return False
        information = Information(self._sentence)
        named = reader.whose(self._sentence, without("yiOovfjwbGRHnt.¿", draft.prefix))
        reviewing = self._sentence.says("reviews", index - _NEAR, index)  # by the organ, of others
        vague = named == "?" or bool(reviewing) or "R" in signs_of(draft.prefix)
        ended = draft.pair.dispute is not None or draft.phrases[0].family == "outcome"
        known = information.named_at(index) or (not vague and information.at(index))
        known = known or (named == "own" and ended and not information.other)
        return known and reader.disputing(self._sentence, named)

    def _document(self, draft: _Draft, noun: str) -> str:
        """``yes`` or ``maybe`` if these are documents that this organ made."""
        key, (start, end) = draft.phrases[0].key, draft.span
        # a cleaning of many years: what is left of it is no count of this year
        cleaned = key not in ("made", "published") and self._sentence.says("cleaned")
        if not noun or cleaned or "X" in signs_of(draft.prefix):
            return ""
        if key == "published" and "规" not in self._words[start : end + 24]:
            return ""
        named = self._reader.whose(self._sentence, without("LpFf", draft.prefix))
        if named == "other" and "规章" in noun:  # 市政府制定规章2件: nobody else makes them
            return "maybe"
        return "" if named in ("other", "part") else "maybe" if named == "?" else "yes"

    def _act(self, draft: _Draft) -> str:
        """``yes`` or ``maybe`` if these are decisions of this organ, or fees that it took."""
        says, prefix, end = self._sentence.says, draft.prefix, draft.span[1]
        money = draft.number.unit in self._units["money"]
        if money or draft.phrases[0].key == "fees":
            theirs = self._reader.whose(self._sentence, without("fLG", prefix)) == "other"
            return "yes" if money and draft.phrases[0].key == "fees" and not theirs else ""
        first = prefix[0].start if prefix else draft.span[0]
        acts = {item.concepts[0].key for item in self._items if item.sign == "B" and item.concepts}
        several = len(draft.phrases) > 1 or len(acts) > 1
        joined = self._words.endswith("、", 0, first) or (prefix and prefix[0].sign == "b")
        if says("publishes", first - (0 if joined else 8), end + 2):
            return ""
        if not several and not says("decides", end - _NEAR, end):
            return ""
        named = self._reader.whose(self._sentence, without("fLG", prefix))
        if named in ("other", "part"):
            return ""
        return "yes" if named != "?" and says("surely", end - _NEAR, end) else "maybe"

    def _total(self, pair: Pair, number: Number) -> Iterator[Claim]:
        """共计28件 behind 新收26件 and 上年结转2件."""
        told: list[Claim] = []
        at = pair.number.start if pair.number else pair.span[0]
        for claim in reversed(self.claims[-8:]):
            if (told and claim.family != told[0].family) or claim.says or len(claim.phrases) > 1:
                break
            told.insert(0, claim)
        keys = {claim.key for claim in told}
        request = keys <= {"new", "received", "carried"} and "carried" in keys
        if len(told) < 2 or not (request or told[0].family == "result"):
            return
        if number.unit not in self._units["pieces"] or set(self._signs(told[-1].span[1], at)) - set(",;.¿s("):
            return  # 其他处理全部为撤回，共5件
        phrases, span = tuple(dict.fromkeys(claim.phrases[0] for claim in told)), pair.span
        claim = Claim(phrases, number, self._sentence, at, span, span, told[0].year)
        yield claim._replace(says="total", sure=all(each.sure for each in told))


def _adds_up(phrases: tuple[Concept, ...]) -> bool:
    """True for one phrase, and for several that together are counted by one number."""
    if len(phrases) < 2:
        return bool(phrases)
    families = {phrase.family for phrase in phrases}
    keys = {phrase.key for phrase in phrases}
    request = "carried" in keys and keys <= {"new", "received", "carried"}
    return request or (
        len(families) == 1 and families <= {"result", "dispute", "applicant", "outcome", "act", "channel"}
    )


@once
def understood(report: Report) -> tuple[tuple[Claim, ...], tuple[Sentence, ...]]:
    """Every claim of a report's sentences, and the sentences."""
    told = tuple(sentences(report))
    reader = Reader(report)
    claims: list[Claim] = []
    for sentence in told:
        walk = reader.walk(sentence)
        if walk is not None:
            claims += _claimed(reader, sentence, walk)
    return tuple(claims), told


@once
def claims_in(report: Report) -> Mapping[Sentence, Mapping[int, Claim]]:
    """The claims of each sentence of a report by where their numbers stand."""
    claims, told = understood(report)
    found: dict[Sentence, dict[int, Claim]] = {sentence: {} for sentence in told}
    for claim in claims:
        found[claim.sentence][claim.at] = claim
    return found


def _claimed(reader: Reader, sentence: Sentence, walk: Walk) -> Iterator[Claim]:
    """The claims of a sentence: those of its numbers, then what it says has happened."""
    items, found, happened = reader.lexicon.remembered(
        sentence.words, signs_of(walk.tokens), lambda: _parsed(sentence, walk.tokens)
    )
    reading = _Reading(reader, sentence, walk, items)
    for pair in found:
        reading.take(pair)
    yield from reading.claims
    for pair in happened:
        yield from reading.asserting(pair)


def _parsed(sentence: Sentence, tokens: Sequence[Token]) -> tuple[list[Item], list[Pair], list[Pair]]:
    """The phrases and numbers of a sentence, which belong to which, and what it says has happened."""
    items = items_of(sentence.words, tokens, sentence.lexicon)
    found = list(pairs(items, sentence.words, sentence.lexicon))
    return items, found, list(asserted(items, sentence))
