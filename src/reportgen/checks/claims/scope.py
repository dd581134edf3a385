"""What a sentence claims: its numbers with whose they are, of which year, and of what.

What a clause does not say, it takes over from the one before: its matter, its year, whose figures it tells.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from reportgen.checks.claims.grammar import Item, Pair, items_of, pairs
from reportgen.checks.claims.tokens import (
    COUNT,
    MARKED,
    UNKNOWN,
    Concept,
    Sentence,
    Token,
    lexicon_of,
    once,
    sentences,
)
from reportgen.chinese.numerals import NARROW, Number
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
        says: ``none``, ``all``, ``total``, ``because`` or ``mapped``, see ``grammar``.
        sure: False where the reading is only likely.
        noun: what a document is called.
        part: True where it counts a part only, which can be less than the figure, but not more.
        stray: True where a chapter on other things tells nothing but a figure of last year: that year is
            likelier to have been left behind than meant.
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
        words = self.sentence.words
        if not self.says or self.says in ("none", "all", "total") or words.count(COUNT, *self.span) == 1 != (self.says == "mapped"):
            return self.sentence.quote(*self.span)
        number = self.sentence.quote(self.at, self.sentence.end_of(self.at))
        return f"{self.sentence.quote(*self.said)}…{number}"


_COUNTED = frozenset(["件", "条", "份", "宗", "个", "项", "起", "例", "封", "次", "件次", "部", ""])
ORGAN = re.compile(
    "(?:政府|部门|局|委|办|厅|处|县|区|市|镇|乡|街道|开发区|园区|新区|院|中心|公司|办公室|单位|机关|学校|所|站|队|旗|州)(?:本级)?\\Z"
)
"""How the name of an organ ends."""
_STRANGE = re.compile(
    "[局委办厅处县区市镇乡州旗盟]|街道|政府|部门|院|中心|公司|园区|单位|机关|学校|所|站|队|村|社区"
)
"""What is said of others: 县公安局收到5件."""
_OURS = re.compile(
    "(?:我|本)(?:机关|单位|部门|系统|局|委|办|厅|署|镇|乡|街道|区|县|市|省|处|中心|府|旗|州|院|所)"
    "(?:政府|人民政府|办事处|办公室|委员会|机关|本级)*"
)
_LOCAL = {"乡镇": "镇乡", "街道": "街办", "县级": "县区市旗", "市级": "市州盟", "省级": "省市区"}
_EVERYWHERE = (
    "(?:(?:各级)?(?:行政机关|政府机关|政府部门|政府系统|政府及部门|各?(?:职能)?部门|各?单位|机关|系统)*(?:、?镇街|各镇街)?)"
)
_WHOLE_AREA = re.compile("全[省市县区镇乡州旗盟]")


class Own:
    """Whom a report speaks for, and what it calls itself."""

    def __init__(self, report: Report) -> None:
        """Know the organ."""
        organ = report.organ
        self._name, self._adds_up = organ.name, report.adds_up
        area = "＊"
        if organ.is_government or organ.level.startswith("街道"):
            area = next((areas for level, areas in _LOCAL.items() if organ.level.startswith(level)), "＊")
        names = [name for name in (organ.name, organ.short) if name]
        region = organ.name.removesuffix("人民政府")
        if report.adds_up and region != organ.name:
            names.append(region)
        tail = "" if report.adds_up else "(?:人民政府|政府|机关|本级|办事处|管委会)?(?:机关|本级)?"
        area_all = f"全[{area}]{_EVERYWHERE}"
        plain = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        own = f"(?:{plain}){tail}{_EVERYWHERE if report.adds_up else ''}"
        inside = f"(?:[{area}]|{organ.name[-1:]})里|{organ.name[-1:]}机关"
        self._own = re.compile(f"(?:{own}|{inside}|{_OURS.pattern}|{area_all}|各级(?:行政机关|政府|部门)+|全[局委办厅院])")

    def whose(self, words: str, unknown: Sequence[tuple[int, int]]) -> str:
        """Whom words name.

        Args:
            words: what stands before a phrase.
            unknown: which of them no lexicon knows, as spans.

        Returns:
            ``own`` this organ, empty nobody, ``other`` another one, ``?`` something that is not known.
        """
        if self._adds_up and "本级" in words:
            return "other"
        named = [found.span() for found in self._own.finditer(words)]
        left = [(a, b) for a, b in unknown if not any(c <= a and b <= d for c, d in named)]
        if not left:
            return "own" if named else ""
        rest = words[left[0][0] : left[-1][1]]
        for a, b in named:
            if a == left[0][0] < b < left[-1][1]:
                rest = words[b : left[-1][1]]
        if self._is_short(rest):
            return "own"
        return "other" if _STRANGE.search(rest) else "?"

    def _is_short(self, words: str) -> bool:
        """True for an abbreviation of the organ's name: 县发改局 for 某县发展和改革局."""
        name = self._name
        if self._adds_up and name.endswith("政府"):
            return False
        if words.endswith("本级"):
            words = words[:-2]
        at = 0
        for each in words:
            at = name.find(each, at) + 1
            if not at:
                return False
        areas = _AREA.findall(name)
        if name.endswith("政府"):
            # 县政府 is not what a town of that county calls itself.
            return len(words) > 1 and words.endswith("政府") and bool(areas) and areas[-1] in words
        ends = words[-1] == name[-1] or (name.endswith("办事处") and words.endswith("街道"))
        return len(words) > 1 and ends


_AREA = re.compile("[省市州盟县区旗镇乡]|街道")


# ── the walk through a sentence: of what it speaks at each word, and of which year ────────────────────

_MATTERS = {"O": "requests", "S": "requests", "W": "papers", "o": "soft", "T": "soft", "V": "disputes", "X": "others", "p": "disclosure"}
_SURE_ROWS = frozenset(["refuse_1", "deny_7", "deny_8"])
"""Rows whose words would be another matter if they stood for themselves: 信访举报投诉类, 行政执法案卷."""
_WHOLE_YEAR = {(1, 1), (12, 31), (12, 30)}
_MONTH = re.compile(r"(\d{1,2})\s*月(?:份)?(?:\s*(\d{1,2})\s*[日号]|(底|末))?")
_OPENS = re.compile(
    r"[^，。]{0,4}?(?:(?P<year>20\d\d)年|(?P<last>(?:上年|去年|上一年)(?!度?的?(?:结转|转|遗留|延|顺延|留存))))"
)


def _matter(token: Token) -> str:
    if token.sign == "T" and token.concept.key in _SURE_ROWS:
        return "requests"
    if token.concept.key == "on_request":
        return "soft"
    if token.concept.key == "lost":
        return "disputes"
    return _MATTERS.get(token.sign, "")


def _then(state: str, named: str) -> str:
    """The matter after a further word; an unspecific one changes only what is no matter of its own."""
    if state == "papers" and named in ("soft", "disclosure", "others"):
        return state
    if named == "soft":
        return "requests" if state in ("", "disclosure", "requests") else state
    return named


class Walk(NamedTuple):
    """A sentence word by word: what it has named before each, which year it is, where the clause began."""

    tokens: Sequence[Token]
    matters: list[str]
    years: list[int | None]
    clauses: list[int]
    starts: list[int]

    def at(self, index: int) -> int:
        """The token that stands at an index of the words, or the first behind it."""
        return bisect_left(self.starts, index)


_PAPERS = re.compile("主动公开[^，；。#]{0,6}#[^。]{0,12}依申请公开[^，；。#]{0,4}#")
"""主动公开480份，依申请公开16份: how papers are marked, never how applications ended."""


def walked(words: str, tokens: Sequence[Token], opened: int | None) -> Walk:
    """The walk through a sentence that begins in the year ``opened``."""
    walk = Walk(tokens, [], [], [], [token.start for token in tokens])
    matter, when, clause, aside = "", opened, 0, opened
    matter = "papers" if _PAPERS.search(words) else ""
    compared = False
    for index, token in enumerate(tokens):
        if token.sign == UNKNOWN:
            matter = _is_counted(tokens, index) or matter
        elif matter == "papers" and _is_asked(tokens, index):
            matter = "requests"
        elif token.concept.key == "普通文件" and tokens[index + 1 : index + 2] and tokens[index + 1].sign == "N":
            matter = "papers"
        walk.matters.append(matter)
        walk.years.append(None if compared else when)
        walk.clauses.append(clause)
        named = _matter(token)
        matter = _then(matter, named) if named else matter
        if token.sign in ",;:()、":
            clause, compared = index + 1, False
        if token.sign == "(":
            aside = when
        elif token.sign == ")":
            when = aside
        elif token.sign == "m":
            compared = True
        elif _goes_on_from_a_year(tokens, index):
            when = None
        elif token.sign == "l":
            when = when if _is_carried(tokens, index) else -1
        else:
            when = {"t": 0, "r": None, "Y": None}.get(token.sign, when)
    walk.matters.append(matter)
    return walk


def _is_counted(tokens: Sequence[Token], index: int) -> str:
    """What 问题 in 收到问题315个 makes of the sentence: what is received or published is something else."""
    before = next((token.sign for token in reversed(tokens[max(0, index - 5) : index]) if token.sign not in ".w"), "")
    behind = next((token.sign for token in tokens[index + 1 : index + 4] if token.sign != "."), "")
    if behind != "N":
        return ""
    return "others" if before in ("R", "H") else "papers" if before == "k" else ""


def _is_asked(tokens: Sequence[Token], index: int) -> bool:
    """True for 申请 in 收到申请6件, whatever the sentence spoke of before."""
    before = next((token.sign for token in reversed(tokens[max(0, index - 3) : index]) if token.sign != "."), "")
    return tokens[index].sign == "o" and before == "R"


def _goes_on_from_a_year(tokens: Sequence[Token], index: int) -> bool:
    """True for the second year of 2019年至2023年 or 2021年、2022年."""
    if tokens[index].sign not in "tlxY" or tokens[index].concept.key != "year" or index < 2:
        return False
    between, first = tokens[index - 1], tokens[index - 2]
    return first.concept.key == "year" and (between.sign == "、" or between.concept.key == "没有意思")


def _is_carried(tokens: Sequence[Token], index: int) -> bool:
    """True for 上年 before or behind 结转, with 没有 or the like between."""
    if index and tokens[index - 1].sign == "J":
        return True
    for token in tokens[index + 1 : index + 4]:
        if token.sign in "Jc" or token.sign not in ".D、,n":
            return token.sign in "Jc"
    return False


def timed(sentence: Sentence, tokens: Sequence[Token], year: int) -> list[Token]:
    """The tokens with years and dates as what they are in a report of this year."""
    return [
        token._replace(sign=_time(sentence, token, year)) if token.sign in "YQN" else token for token in tokens
    ]


def _time(sentence: Sentence, token: Token, year: int) -> str:
    number = sentence.numbers[token.start]
    if token.sign == "N":
        return "." if number.unit in ("年", "天", "日", "小时") else "N"
    if token.sign == "Y" or (number.value and number.value != year):
        return {year: "t", year - 1: "l", year + 1: "x"}.get(int(number.value), "Y")
    typed = sentence.paragraph.text[number.start : number.end + 1]
    found = _MONTH.search(typed)
    if not found:
        return "t"
    month, day = int(found[1]), found[2]
    whole = (month, int(day)) in _WHOLE_YEAR if day else month == 12 and bool(found[3])
    near = sentence.paragraph.text[max(0, number.start - 8) : number.end + 8].replace("份", "")
    return "t" if whole or re.search(r"(?<!\d)1月[至到—－-]+(?:\d{4}年)?12月", near) else "r"


def opening(sentence: Sentence, year: int) -> int | None:
    """The year that the sentence before opened with: what follows goes on speaking of it."""
    before = sentence.preceding
    opened = _OPENS.match(before.translate(NARROW))
    if not opened or (opened["last"] and re.search(f"本年|今年|{year}年", before)):
        return 0
    return -1 if opened["last"] else {year: 0, year - 1: -1}.get(int(opened["year"]))


class Reader:
    """Reads the sentences of one paragraph after another; what has no subject has the one before."""

    def __init__(self, report: Report) -> None:
        """Know whose report it is."""
        self._report = report
        self.lexicon = lexicon_of(report.form)
        self._own = Own(report)
        self._about = ""
        self.strange = ""
        self.since: Sentence | None = None
        self._disputed: Sentence | None = None
        self._spoken: tuple[str, int, str] = ("", 0, "")

    def claims(self, sentence: Sentence) -> list[Claim]:
        """The claims of the next sentence."""
        if sentence.about != self._about or self.strange != _ORGAN:
            self.strange = ""
        self._about = sentence.about
        tokens = timed(sentence, self.lexicon.tokens(sentence), self._report.year)
        walk = walked(sentence.words, tokens, opening(sentence, self._report.year))
        items = items_of(sentence, tokens, self.lexicon)
        reading = _Reading(self, sentence, walk, items)
        for pair in pairs(items, sentence.words):
            reading.take(pair)
        return reading.claims

    def before(self, sentence: Sentence) -> str:
        """What the paragraph so far, the heading or the place in the report speaks of."""
        about, at, state = self._spoken
        text = sentence.paragraph.text
        if about != sentence.about or at > sentence.start:
            above = "" if MARKED.match(text) else sentence.section.above
            state = self._heard(self._heard("", sentence.section.heading), above)
            at = 0
        state = self._heard(state, text[at : sentence.start])
        self._spoken = (sentence.about, sentence.start, state)
        return state or ("requests" if sentence.section.key == "requests" else "")

    def _heard(self, state: str, text: str) -> str:
        for token in self.lexicon.scanned(text, {}):
            named = _matter(token)
            state = _then(state, named) if named else state
        return state

    def matter(self, sentence: Sentence, walk: Walk, index: int) -> str:
        """What the words before a token speak of: ``requests``, ``disputes`` …; empty where nothing is named."""
        return walk.matters[index] or self.before(sentence)

    def whose(self, sentence: Sentence, tokens: Sequence[Token]) -> str:
        """Whom tokens name, see ``Own.whose``; ``part`` for a part of the figures."""
        if not tokens:
            return ""
        offset = tokens[0].start
        unknown = [(token.start - offset, token.end - offset) for token in tokens if token.sign == UNKNOWN]
        found = self._own.whose(sentence.words[offset : tokens[-1].end], unknown)
        signs = "".join(token.sign for token in tokens)
        if found != "other" and "G" not in signs and (set(signs) & set("Lfhrp") and signs.count("L") < 2):
            return "part"
        if set(signs) & set("nX"):
            return "part"
        return found

    def ours(self, sentence: Sentence, walk: Walk, span: tuple[int, int], phrase: str) -> str:
        """``yes``, ``maybe`` or empty: if the clause, or the one that it goes on from, is of this organ."""
        begin, end = span
        found = self.whose(sentence, walk.tokens[begin:end])
        if not self._report.adds_up and begin < end:
            # 全县收到…，其中县政府本级… in a report of the county's government alone
            prefix = sentence.words[walk.starts[begin] : walk.tokens[end - 1].end]
            if _WHOLE_AREA.search(prefix) and sentence.words.find("本级", walk.tokens[end - 1].end) > 0:
                found = "part"
        signs = {token.sign for token in walk.tokens[begin:end]}
        anew = self.since is not sentence and signs & set("tl") and "公开" in phrase
        if found == "own" or (found in ("", "?") and anew):
            self.strange = ""
        elif found in ("other", "part"):
            self.strange = _ORGAN if found == "other" else _PART
            self.since = sentence
        if self.strange:
            return ""
        return "maybe" if found == "?" else "yes"

    def disputing(self, sentence: Sentence, named: str) -> bool:
        """False where disputes are of others; 全市行政复议4件，行政诉讼1件 goes on with 全市."""
        if named in ("other", "part"):
            self._disputed = sentence
        return named == "own" or (named in ("", "?") and self._disputed is not sentence)


_ORGAN, _PART = "organ", "part"



# ── the claims of one sentence ────────────────────────────────────────────────────────────────────────

_ACTS = re.compile("作出|做出|实施|下达|采取|办理|办结|出具|决定")
_DECIDED = re.compile("作出|做出|实施|下达|决定")
_PUBLISHED = re.compile("公开|公示|公布|发布|归集|录入|上传|推送|报送|信息|移送|申请")
_ACT_UNITS = frozenset("件宗起个次份")
_NEW_YEAR = "JcD"


class _Reading:
    """Makes claims of the pairs of one sentence, in order; each knows what stands before it."""

    def __init__(self, reader: Reader, sentence: Sentence, walk: Walk, items: Sequence[Item]) -> None:
        self.claims: list[Claim] = []
        self._reader, self._sentence, self._walk, self._items = reader, sentence, walk, items
        self._governor: Claim | None = None
        self._last = 0
        self._nouns = [(item.start, item.noun) for item in items if item.noun and item.noun != "文件"]
        self._open = any(item.sign == "T" for item in items)
        self._disputes = [item for item in items if item.sign == "V"]
        self._information = information_in(sentence) if self._disputes or "率" in sentence.words else None
        self._rejected = False
        numbers = sentence.numbers
        self._counts = [at for at, number in numbers.items() if number.kind == "count" and number.unit not in ("年", "天")]
        # numbers with 申请 behind them need no phrase
        self._told = {item.start for item in items if item.sign == "N" and item.end > sentence.end_of(item.start)}
        units = _SOME_UNITS.search(sentence.words)
        self._units = units.end() if units else len(sentence.words)

    def take(self, pair: Pair) -> None:
        """Make the claims of the next pair."""
        reader, words = self._reader, self._sentence.words
        if reader.strange == _PART and "；" in words[self._last : pair.span[0]]:
            reader.strange = ""
        for claim in self._of(pair):
            self.claims.append(claim)
            self._told.add(claim.at)
            part = claim.family in ("applicant", "outcome", "channel")
            if claim.says in ("", "mapped") and claim.family != "rate":
                self._governor = (claim.within or self._governor) if part else claim
        self._last = max(self._last, pair.number.end if pair.number else pair.span[1])

    def _of(self, pair: Pair) -> Iterator[Claim]:
        number = self._number(pair)
        if number is None:
            return
        if pair.says == "total":
            yield from self._total(pair, number)
            return
        if pair.says == "single" and (self._governor is None or self._governor.number.value != 1):
            return
        phrases = tuple(self._meant(item) for item in pair.phrases if item.concepts)
        if pair.says == "noun" and self.claims and self.claims[-1].family == "document":
            phrases = self.claims[-1].phrases
        if pair.says == "among":
            named = self._disputes[: bisect_left(self._disputes, pair.span[0], key=_start)]
            pair, phrases = pair._replace(phrases=tuple(named[-1:])), tuple(named[-1].concepts) if named else ()
        if pair.phrases and phrases and phrases[0].key == "received" and self._is_submitted(pair.phrases[0]):
            phrases = (phrases[0]._replace(key="submitted", rows=phrases[0].rows[:1]),)
        if pair.says == "whole" and phrases and phrases[0].key == "done":
            phrases = (self._reader.lexicon.concepts["handled"],)
        if len(phrases) > 1 and not _adds_up(phrases) and pair.says != "none" and phrases[-1].sign in "Cc":
            pair, phrases = pair._replace(phrases=pair.phrases[-1:]), phrases[-1:]
        if not phrases:
            return
        start = min(item.start for item in pair.phrases)
        begin = self._begin(min(start, pair.number.start) if pair.number else min(start, pair.span[0]))
        if pair.says == "none":
            if not pair.dispute:
                for item, phrase in zip(pair.phrases, phrases, strict=True):
                    yield from self._one(pair, (item,), (phrase,), number, begin)
        elif pair.dispute:
            whole = next(iter(self._one(pair, (pair.dispute,), pair.dispute.concepts, number, begin)), None)
            if whole:
                yield from self._one(pair, pair.phrases, phrases, number, begin, whole)
        elif _adds_up(phrases):
            yield from self._one(pair, pair.phrases, phrases, number, begin)

    def _number(self, pair: Pair) -> Number | None:
        if pair.number is None:
            if any(
                self._sentence.numbers[at].value != 1
                for at in range(*pair.span)
                if at in self._sentence.numbers and self._sentence.numbers[at].kind == "count"
            ):
                return None
            start, end = (self._sentence.origin[at] for at in (pair.span[0], pair.span[1] - 1))
            return Number("count", start, end + 1, Decimal(0), "件")
        number = self._sentence.numbers[pair.number.start]
        return number

    def _meant(self, item: Item) -> Concept:
        """What a phrase means where it stands: 公开 in a list of results is one of them."""
        concept = item.concepts[0]
        concepts = self._reader.lexicon.concepts
        if concept.key == "published" and not item.noun and self._open:
            return concepts["open"]
        if concept.key == "moved":
            before = self._sentence.words[: item.start]
            if "新收" in before[-14:] or "总量" in before:
                return concepts["carried"]._replace(key="moved", rows=concept.rows)
        return concept

    def _is_submitted(self, item: Item) -> bool:
        """True for 收到公众提出的申请 in a sentence without a word of what was carried over."""
        words = self._sentence.words
        return bool(re.search("提出|提交", words[item.start : item.end])) and not re.search("结转|转来|含|加", words)

    def _place(self, index: int) -> int:
        """Where a token begins in the words."""
        starts = self._walk.starts
        return starts[index] if index < len(starts) else len(self._sentence.words)

    def _begin(self, start: int) -> int:
        """The token with which the clause begins, or what follows the last claim in it."""
        begin = self._walk.clauses[self._walk.at(start)] if start < len(self._sentence.words) else 0
        last = self._walk.at(self._last)
        begin = max(begin, last) if self._last <= start else begin
        return max(begin, self._walk.at(start) - _LONGEST_CLAUSE)

    def _one(
        self,
        pair: Pair,
        items: Sequence[Item],
        phrases: tuple[Concept, ...],
        number: Number,
        begin: int,
        whole: Claim | None = None,
    ) -> Iterator[Claim]:
        words, walk = self._sentence.words, self._walk
        family = phrases[0].family
        said = (items[0].start, items[-1].end)
        at = pair.number.start if pair.number else pair.span[0]
        start, end = min(said[0], at), max(said[1], self._end(pair))
        if pair.dispute and family == "outcome":
            start = pair.span[0]
        if phrases[0].key == "done" and words.startswith("书面", said[0]) and said[0] < at:
            return
        if pair.says == "none":
            start, end = pair.span[0], items[-1].end
        year = walk.years[walk.at(min(at, len(words) - 1))]
        if year is None or number.unit not in _COUNTED | {"万元", "亿元", "元", "%"}:
            return
        if pair.says == "none" and "N" in _signs(walk.tokens[begin : walk.at(start)]):
            return
        part = any(item.part for item in items) or bool(pair.number and pair.number.part)
        if family == "applicant" and number.unit in ("个", "家", "位", "名") and at < said[0]:
            return
        noun = self._noun(items, pair) if family == "document" else ""
        fits = self._fits(phrases, family, (begin, walk.at(start), walk.at(end)), number, noun, pair)
        if not fits:
            self._rejected |= family == "dispute"
            return
        within = whole or (self._governor if family in ("applicant", "outcome") else None)
        if family == "outcome" and (within is None or within.family not in ("dispute", "outcome")):
            if "复议" not in words[max(0, end - 80) : end] and "诉" not in words[max(0, end - 80) : end]:
                return
            if self._rejected:
                return
            if within is None or within.family != "dispute":
                within = self._disputed(at, number, year)
                if within is None:
                    return
        if fits == "maybe" and family in ("result", "applicant", "request") and "公开" not in words[start:end]:
            return
        sure = fits == "yes" and not any(item.loose for item in items) and not (pair.number and pair.number.loose)
        sure = sure and phrases[0].key not in ("asked", "on_request", "moved", "published", "submitted")
        yield Claim(
            phrases,
            number,
            self._sentence,
            at,
            (start, end),
            said,
            year,
            within,
            "all" if pair.says == "single" else pair.says,
            sure,
            noun,
            part,
            year < 0 and self._is_stray(begin),
        )
        if part:
            self._reader.strange, self._reader.since = _PART, self._sentence

    def _is_stray(self, begin: int) -> bool:
        """True for 另外，2022年全市收到9999件 alone in a paragraph of chapter five or six, a year late."""
        sentence, tokens = self._sentence, self._walk.tokens
        alone = not sentence.start and not sentence.paragraph.text[sentence.end :].strip("。 ")
        years = [token for token in tokens if token.sign == "l"]
        named = len(years) == 1 and years[0].concept.key == "year"
        return alone and named and sentence.section.key in _ODD and not set("tmrY") & set(_signs(tokens))

    def _end(self, pair: Pair) -> int:
        return pair.number.end if pair.number else pair.span[1]

    def _disputed(self, at: int, number: Number, year: int) -> Claim | None:
        """The disputes that a sentence named without a number: 复议案件中维持5件."""
        named = self._disputes[: bisect_left(self._disputes, at, key=_start)]
        if not named:
            concept = "review" if "复议" in self._sentence.words else "suits"
            named = [Item("V", (self._reader.lexicon.concepts[concept],), at, at + 1)]
        item = named[-1]
        span = (item.start, item.end)
        return Claim(item.concepts, number, self._sentence, item.start, span, span, year, says="named", sure=True)

    def _noun(self, items: Sequence[Item], pair: Pair) -> str:
        """What kind of document is counted: named beside the number, or before in the sentence."""
        if items[0].noun and items[0].noun != "文件":
            return items[0].noun
        end = self._end(pair)
        behind = bisect_left(self._nouns, (end, ""))
        if behind < len(self._nouns) and self._nouns[behind][0] == end:
            return self._nouns[behind][1]
        return self._nouns[behind - 1][1] if behind else ""

    def _fits(
        self, phrases: tuple[Concept, ...], family: str, span: tuple[int, int, int], number: Number, noun: str, pair: Pair
    ) -> str:
        """``yes`` or ``maybe`` if this organ's figures of this matter are spoken of."""
        begin, start, end = span
        reader, sentence, walk = self._reader, self._sentence, self._walk
        if family == "rate":
            matter = "requests" if phrases[0].key in ("done_rate", "open_rate") else "disputes"
            if reader.matter(sentence, walk, end) != matter:
                return ""
        elif family == "act":
            return self._act(phrases[0], span, number, len(phrases) > 1)
        if number.unit in ("元", "万元", "亿元") or (number.unit in ("次", "部") and family not in ("document", "dispute")):
            return ""
        if family == "document":
            return self._document(phrases[0], span, noun, number)
        if family in ("dispute", "outcome") or (family == "rate" and len(phrases[0].columns) == 1 and phrases[0].columns != ("total",)):
            named = reader.whose(sentence, _without("yiOovfjwbGRHnt.", walk.tokens[begin:start]))
            told = reader.matter(sentence, walk, end) == "disputes"
            so_far = self._place(end)
            information = self._information or information_in(sentence)
            near = sentence.words[max(0, so_far - 60) : so_far]
            vague = named == "?" or _REVIEWS.search(near) or "R" in _signs(walk.tokens[begin:start])
            named_before = bool(information.named) and information.named[0] <= so_far
            surely = named_before or (not vague and information.at(so_far))
            surely = surely or (named == "own" and (pair.dispute or family == "outcome"))
            return "yes" if told and surely and reader.disputing(sentence, named) else ""
        matter = walk.matters[end]
        if not matter and phrases[0].key == "carried":  # 加上上年结转的2件，共受理政府信息公开申请…
            matter = next((each for each in walk.matters[end : end + _LONGEST_CLAUSE] if each), "")
        matter = matter or reader.before(sentence)
        if matter != "requests" and not (family == "result" and matter == "disclosure"):
            return ""
        if self._units <= self._place(start):
            return ""
        if family in ("result", "applicant") and self._is_of_another_head(self._place(start)):
            return ""
        return reader.ours(sentence, walk, (begin, start), sentence.words[slice(*pair.span)])

    def _is_of_another_head(self, at: int) -> bool:
        """True in 审查信息156件，其中不予公开9件: the list is of what was counted first."""
        among = self._sentence.words.rfind("其中", max(0, at - 2 * _LONGEST_CLAUSE), at)
        index = bisect_left(self._counts, among) - 1
        if among < 0 or index < 0 or "O" in _signs(self._walk.tokens[: self._walk.at(among)]):
            return False
        return self._counts[index] not in self._told

    def _document(self, concept: Concept, span: tuple[int, int, int], noun: str, number: Number) -> str:
        begin, start, end = span
        signs = {token.sign for token in self._walk.tokens[begin:start]}
        if not noun or "X" in signs or _CLEANED.search(self._sentence.words) or number.unit not in _DOCUMENT_UNITS:
            return ""
        named = self._reader.whose(self._sentence, _without("LpFf", self._walk.tokens[begin:start]))
        if named in ("other", "part") or concept.key == "published" and "规" not in self._sentence.words[self._walk.tokens[start].start : self._walk.tokens[start].end + 24]:
            return ""
        return "maybe" if named == "?" else "yes"

    def _act(self, concept: Concept, span: tuple[int, int, int], number: Number, listed: bool) -> str:
        begin, start, end = span
        words, tokens = self._sentence.words, self._walk.tokens
        first = tokens[begin].start
        last = tokens[end].start if end < len(tokens) else len(words)
        if number.unit in ("元", "万元", "亿元") or concept.key == "fees":
            return "yes" if number.unit in ("元", "万元", "亿元") and concept.key == "fees" else ""
        around = words[first:last]
        if number.unit not in _ACT_UNITS or _PUBLISHED.search(around) or not (_ACTS.search(words, max(0, last - 80), last) or listed):
            return ""
        if _PUBLISHED.search(words[last : last + 2]) or not words.endswith("、", 0, first) and _PUBLISHED.search(words, max(0, first - 8), first):
            return ""
        named = self._reader.whose(self._sentence, _without("fLG", tokens[begin:start]))
        if named in ("other", "part"):
            return ""
        return "yes" if named != "?" and _DECIDED.search(words, max(0, last - 80), last) else "maybe"

    def _total(self, pair: Pair, number: Number) -> Iterator[Claim]:
        """共计28件 behind 新收26件 and 上年结转2件."""
        told = []
        for claim in reversed(self.claims[-8:]):
            if told and claim.family != told[0].family or claim.says or len(claim.phrases) > 1:
                break
            told.insert(0, claim)
        keys = {claim.key for claim in told}
        if len(told) < 2 or not (keys <= {"new", "received", "carried"} and "carried" in keys or told[0].family == "result"):
            return
        if self._sentence.words[pair.span[0] : pair.number.start if pair.number else 0].startswith("其") :
            return
        phrases = tuple(dict.fromkeys(claim.phrases[0] for claim in told))
        if pair.number and number.unit in _COUNTED:
            span = (pair.span[0], pair.number.end)
            yield Claim(phrases, number, self._sentence, pair.number.start, span, span, told[0].year, None, "total", told[0].sure)


_REVIEWS = re.compile("作为(?:行政)?复议(?:机关|机构)|(?:本机关|我局)?审理")
"""Reviews that the organ itself decides are those of others."""


def _signs(tokens: Sequence[Token]) -> str:
    return "".join(token.sign for token in tokens)


def _without(signs: str, tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.sign not in signs]


_ODD = ("problems", "others")
"""The prose in which nobody looks for counts of applications."""
_LONGEST_CLAUSE = 40
"""Words before a phrase that are looked at for whose it is."""
_start = attrgetter("start")
_SOME_UNITS = re.compile("#[个家][^，；。#]{0,8}(?:单位|部门|机关|乡镇|街道|镇|社区|村)")
"""19个单位未收到申请: units of the organ, each for itself."""
_CLEANED = re.compile("清理.*继续有效|修改#|继续有效.*清理")
"""A cleaning of many years: what is left of it is no count of this year."""
_DOCUMENT_UNITS = frozenset("件份个部篇")


def _adds_up(phrases: tuple[Concept, ...]) -> bool:
    """True for one phrase, and for several that together are counted by one number."""
    if len(phrases) < 2:
        return bool(phrases)
    families = {phrase.family for phrase in phrases}
    keys = {phrase.key for phrase in phrases}
    request = "carried" in keys and keys <= {"new", "received", "carried"}
    return request or families in ({"result"}, {"dispute"}, {"applicant"}, {"outcome"}, {"act"})


_OTHER_MATTERS = re.compile("法治|依法行政|执法|普法|司法")
_INFORMATION = re.compile("信息公开|公开类|政务公开|依申请公开|公开申请")


class Information(NamedTuple):
    """What a sentence on disputes says of information: where it names it, and if all around does.

    Disputes about other things are counted elsewhere. 复议36件，其中涉及政府信息公开的5件 speaks of all
    sorts first.
    """

    named: list[int]
    first: int
    elsewhere: bool

    def at(self, index: int) -> bool:
        """True if the disputes told at an index of the words are about information."""
        if self.named and self.named[0] <= index:
            return True
        return self.elsewhere and not (self.named and 0 <= index <= self.first < self.named[0])


def information_in(sentence: Sentence) -> Information:
    """What a sentence on disputes says of information."""
    words = sentence.words
    named = [each.end() for each in _INFORMATION.finditer(words) if not words.startswith("无关", each.end())]
    first = words.rfind("其中", 0, named[0]) if named else -1
    around = (sentence.section.heading, sentence.paragraph.text)
    by_place = bool(named) or sentence.section.key in ("note", "requests")
    by_words = not _OTHER_MATTERS.search(words) and any(_INFORMATION.search(each) for each in around)
    return Information(named, first, "无关" not in words and (by_place or by_words))


@once
def understood(report: Report) -> tuple[tuple[Claim, ...], tuple[Sentence, ...]]:
    """Every claim of a report's sentences, and the sentences."""
    told = tuple(sentences(report))
    reader = Reader(report)
    return tuple(claim for sentence in told for claim in reader.claims(sentence)), told
