"""Whose figures a sentence tells, of which year, and of what.

What a clause does not say, it takes over from the one before: its matter, its year, whose figures it tells.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from reportgen.checks.open_government.claims.tokens import UNKNOWN, Lexicon, Sentence, Token, lexicon_of
from reportgen.chinese.numerals import NARROW
from reportgen.model.report import Report

_LONGEST_CLAUSE = 40
_NO_AREA = "＃"


class Own:
    """Whom a report speaks for, and what it calls itself."""

    def __init__(self, report: Report) -> None:
        """Know the organ."""
        organ, lexicon = report.organ, lexicon_of(report.form)
        self._patterns, areas = lexicon.patterns, lexicon.areas
        self._name, self._adds_up = organ.name, report.adds_up
        area = _NO_AREA
        if organ.is_government or organ.level.startswith("街道"):
            area = next((areas[level] for level in areas if organ.level.startswith(level)), _NO_AREA)
        region = organ.name.removesuffix("人民政府") if report.adds_up else ""
        self._names = sorted({organ.name, organ.short, region} - {""}, key=len, reverse=True)
        # the same for many organs, so that few patterns are compiled
        filled = ("", "«everywhere»") if report.adds_up else ("«tail»", "")
        self._own = ("own", area, organ.name[-1:], *filled)

    def whose(self, words: str, unknown: Sequence[tuple[int, int]]) -> str:
        """Whom the words before a phrase name: ``own`` this organ, empty nobody, ``other`` another one.

        ``unknown`` are the spans of them that no lexicon knows; ``?`` where it is not known what these mean.
        """
        if self._adds_up and "本级" in words:
            return "other"
        plain = words
        for name in self._names:
            plain = plain.replace(name, "＊" * len(name))
        named = [found.span() for found in self._patterns[self._own].finditer(plain)]
        left = [(a, b) for a, b in unknown if not any(c <= a and b <= d for c, d in named)]
        if not left:
            return "own" if named else ""
        begin, end = left[0][0], left[-1][1]
        rest = words[next((b for a, b in reversed(named) if a == begin < b < end), begin) : end]
        if self._is_short(rest):
            return "own"
        return "other" if self._patterns["strange"].search(rest) else "?"

    def _is_short(self, words: str) -> bool:
        """True for an abbreviation of the organ's name: 县发改局 for 某县发展和改革局."""
        name = self._name
        if self._adds_up and name.endswith("政府"):
            return False
        first = (words := words.removesuffix("本级")).partition("及")[0]
        words = first if words == f"{first}及{first}办公室" else words
        at = 0
        for each in words:
            at = name.find(each, at) + 1
            if not at:
                return False
        if name.endswith("政府"):
            # 县政府 is not what a town of that county calls itself.
            areas = self._patterns["area"].findall(name)
            return len(words) > 1 and words.endswith("政府") and bool(areas) and areas[-1] in words
        last = "道" if name.endswith("办事处") else "委" if name.endswith("委员会") else name[-1]
        return len(words) > 1 and words[-1] in (last, name[-1])


# ── the walk through a sentence: of what it speaks at each word, and of which year ────────────────────

_PAPERS = "普通文件"
_WHOLE_YEAR = {(1, 1), (12, 31), (12, 30)}


def _then(state: str, named: str) -> str:
    """The matter after a further word; an unspecific one changes only what is no matter of its own."""
    if state == "papers" and named in ("soft", "disclosure", "others"):
        return state
    if named == "soft":
        return "requests" if state in ("", "disclosure", "requests") else state
    return named


def _is_topic(token: Token, words: str, state: str, lexicon: Lexicon) -> bool:
    """True for 执法 in 主要涉及行政执法等方面, behind words on applications, if it is not counted."""
    if token.sign != "X" or state != "requests":
        return False
    ahead = lexicon.patterns["topic"].search(words, max(0, token.start - _LONGEST_CLAUSE), token.start)
    return bool(ahead) and bool(lexicon.patterns["topic_ends"].match(words, token.end))


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


def walked(words: str, tokens: Sequence[Token], opened: int | None, lexicon: Lexicon) -> Walk:
    """The walk through a sentence that begins in the year ``opened``."""
    walk, signs = Walk(tokens, [], [], [], [token.start for token in tokens]), signs_of(tokens)
    heads = {found.end() - 1: found.lastgroup or "" for found in lexicon.patterns["heads"].finditer(signs)}
    carried = {found.start() for found in lexicon.patterns["carried_over"].finditer(signs)}
    matter = "papers" if lexicon.patterns["papers"].search(words) else ""
    when, clause, aside, compared, began = opened, 0, opened, False, opened
    for index, token in enumerate(tokens):
        sign, concept = token.sign, token.concept
        counted = concept.key == _PAPERS and signs.startswith("N", index + 1)
        matter = "papers" if counted else heads.get(index, matter)
        walk.matters.append(matter)
        walk.years.append(None if compared else when)
        walk.clauses.append(clause)
        if concept.matter and not _is_topic(token, words, matter, lexicon):
            matter = _then(matter, concept.matter)
        if sign in "tlrYx" and not compared:
            behind = {"t": 0, "l": when if index in carried else -1, "x": when}.get(sign)
            when = None if _goes_on_from_a_year(tokens, index) else behind
        elif sign in ",;:()、":
            clause, compared = index + 1, False
            aside, when = (when, when) if sign == "(" else (aside, aside if sign == ")" else when)
            began = when
        elif sign == "m":
            compared, when = True, began
    walk.matters.append(matter)
    return walk


def _goes_on_from_a_year(tokens: Sequence[Token], index: int) -> bool:
    """True for the second year of 2019年至2023年 or 2021年、2022年."""
    if index < 2 or tokens[index].concept.key != "year":
        return False
    return tokens[index - 2].concept.key == "year" and tokens[index - 1].concept.key in ("、", "没有意思")


def timed(sentence: Sentence, tokens: Sequence[Token], year: int) -> list[Token]:
    """The tokens with years and dates as what they are in a report of this year."""
    return [
        token._replace(sign=_time(sentence, token, year)) if token.sign in "YQNZ" else token
        for token in tokens
    ]


def _time(sentence: Sentence, token: Token, year: int) -> str:
    number = sentence.numbers[token.start]
    if token.sign == "Z":
        return "N" if sentence.says("counts", token.start - 4, token.start) else "Z"  # 新收数为26
    if token.sign == "N":
        if number.unit == "年" and number.value > 1:
            return "r"
        in_han = sentence.paragraph.text.startswith(tuple("两二三四五六七八九"), number.start)
        called = "items" if in_han else "called" if not number.unit else "days"
        if sentence.lexicon.patterns[called].match(sentence.words, token.start):
            return "."  # 四项均为零, 两项共21件: what was named, counted; 12345热线; 20个工作日
        return "." if number.unit in sentence.lexicon.units["uncounted"] else "N"
    if token.sign == "Y":
        return {year: "t", year - 1: "l", year + 1: "x"}.get(int(number.value), "Y")
    if number.value and number.value != year:
        return "Y"
    typed = sentence.paragraph.text[number.start : number.end + 1]
    patterns = sentence.lexicon.patterns
    found = patterns["month"].search(typed)
    if not found:
        return "t"
    month, day = int(found[1]), found[2]
    whole = (month, int(day)) in _WHOLE_YEAR if day else month == 12 and bool(found[3])
    near = sentence.paragraph.text[max(0, number.start - 8) : number.end + 8].replace("份", "")
    return "t" if whole or patterns["months"].search(near) else "r"


def opening(sentence: Sentence, year: int) -> int | None:
    """The year that the sentence before opened with: what follows goes on speaking of it."""
    before = sentence.preceding
    opened = sentence.lexicon.patterns["opens"].match(before.translate(NARROW))
    if not opened or (opened["last"] and any(this in before for this in ("本年", "今年", f"{year}年"))):
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
        self._strange = ""
        self._since: Sentence | None = None
        self._disputed: Sentence | None = None
        self._spoken: tuple[str, int, str] = ("", 0, "")

    def walk(self, sentence: Sentence) -> Walk | None:
        """The walk through the next sentence; None where it names no concept."""
        if sentence.about != self._about or self._strange != _ORGAN:
            self._strange = ""
        self._about = sentence.about
        tokens = self.lexicon.tokens(sentence)
        if not any(token.concept.code or token.sign in "oS" for token in tokens):
            return None
        tokens, words = timed(sentence, tokens, self._report.year), sentence.words
        opened = opening(sentence, self._report.year)
        rest = signs_of(tokens), opened
        return self.lexicon.remembered(words, rest, lambda: walked(words, tokens, opened, self.lexicon))

    def passed(self, words: str) -> None:
        """Know what stands between two claims: behind a semicolon a part is told to its end."""
        if self._strange == _PART and "；" in words:
            self._strange = ""

    def estrange(self, sentence: Sentence) -> None:
        """Know that the sentence goes on with a part of the figures."""
        self._strange, self._since = _PART, sentence

    def before(self, sentence: Sentence) -> str:
        """What the paragraph so far, the heading or the place in the report speaks of."""
        about, at, state = self._spoken
        text = sentence.paragraph.text
        if about != sentence.about or at > sentence.start:
            begun = "requests" if sentence.section.key == "requests" else ""
            state, above = self._heard(begun, sentence.section.heading), sentence.section.above
            if not self.lexicon.patterns["marked"].match(text):
                state = self._heard(state, above, bare=not any(map(str.isdigit, above)))
            at = 0
        state = self._heard(state, text[at : sentence.start])
        self._spoken = (sentence.about, sentence.start, state)
        return state

    def _heard(self, state: str, text: str, *, bare: bool = False) -> str:
        """The matter behind a text; in one that is bare of figures only what has cases is another one."""
        for token in self.lexicon.scanned(text, {}):
            idle = bare and token.sign == "X" and state == "requests" and token.concept.key != "别的案件"
            if token.concept.matter and not idle and not _is_topic(token, text, state, self.lexicon):
                state = _then(state, token.concept.matter)
        return state

    def whose(self, sentence: Sentence, tokens: Sequence[Token]) -> str:
        """Whom tokens name, see ``Own.whose``; ``part`` for a part of the figures."""
        if not tokens:
            return ""
        offset = tokens[0].start
        unknown = [(token.start - offset, token.end - offset) for token in tokens if token.sign == UNKNOWN]
        found = self._own.whose(sentence.words[offset : tokens[-1].end], unknown)
        signs = signs_of(tokens)
        if found != "other" and "G" not in signs and (set(signs) & set("Lfhrp") and signs.count("L") < 2):
            return "part"
        if set(signs.replace("?X?", "?") if found == "own" else signs) & set("nX"):  # 区审计局
            return "part"
        return found

    def ours(self, sentence: Sentence, tokens: Sequence[Token], span: tuple[int, int]) -> str:
        """``yes``, ``maybe`` or empty: if the clause, or the one that it goes on from, is of this organ.

        ``tokens`` are the clause up to the phrase, ``span`` is the phrase with its number.
        """
        found = self.whose(sentence, tokens)
        if not self._report.adds_up and tokens and sentence.words.find("本级", tokens[-1].end) > 0:
            # 全县收到…，其中县政府本级… in a report of the county's government alone
            found = "part" if sentence.says("whole_area", tokens[0].start, tokens[-1].end) else found
        dated = set(signs_of(tokens)) & set("tl") and "公开" in sentence.words[slice(*span)]
        if found == "own" or (found in ("", "?") and dated and self._since is not sentence):
            self._strange = ""
        elif found in ("other", "part"):
            self._strange = _ORGAN if found == "other" else _PART
            self._since = sentence
        return "" if self._strange else "maybe" if found == "?" else "yes"

    def begin(self, sentence: Sentence, tokens: Sequence[Token]) -> None:
        """Know whose applications a sentence begins with: 县财政局42件申请中, 予以公开12件."""
        found = self.lexicon.patterns["theirs"].match(signs_of(tokens[:_LONGEST_CLAUSE]))
        if found and self.whose(sentence, tokens[: found.end(1)]) == "other":
            self._strange, self._since = _ORGAN, sentence

    def disputing(self, sentence: Sentence, named: str) -> bool:
        """False where disputes are of others; 全市行政复议4件，行政诉讼1件 goes on with 全市."""
        if named in ("other", "part") or (self._strange == _ORGAN and self._since is sentence):
            self._disputed = sentence
        return named == "own" or (named in ("", "?") and self._disputed is not sentence)


_ORGAN, _PART = "organ", "part"


def signs_of(tokens: Sequence[Token]) -> str:
    """The signs of tokens as one word."""
    return "".join([token.sign for token in tokens])


def without(signs: str, tokens: Sequence[Token]) -> list[Token]:
    """The tokens but those of some signs."""
    return [token for token in tokens if token.sign not in signs]


# ── disputes: about information or about other things ─────────────────────────────────────────────────


class Information:
    """What a sentence on disputes says of information: where it names it, and if all around does.

    Disputes about other things are counted elsewhere. 复议36件，其中涉及政府信息公开的5件 speaks of all
    sorts first.
    """

    def __init__(self, sentence: Sentence) -> None:
        """Read the sentence, and where that says nothing what stands around it."""
        words, informs = sentence.words, sentence.lexicon.patterns["information"]
        named = [it.end() for it in informs.finditer(words) if not words.startswith("无关", it.end())]
        self.named = [0, *named] if named and sentence.says("all_of_it") else named
        self.other = bool(sentence.says("other_matters"))
        beside = named and words.startswith(("#", "的#", "类#"), named[0])  # 行政复议21件，信息公开类9件
        self._first = words.rfind("，" if beside else "其中", 0, self.named[0]) if named else -1
        by_place = bool(named) or (sentence.section.key in ("note", "requests") and not self.other)
        around = (sentence.section.heading, sentence.paragraph.text)
        by_words = not self.other and any(map(informs.search, around))
        self._elsewhere = "无关" not in words and (by_place or by_words)

    def named_at(self, index: int) -> bool:
        """True if the sentence has named information before an index of its words."""
        return bool(self.named) and self.named[0] <= index

    def at(self, index: int) -> bool:
        """True if the disputes told at an index of the words are about information."""
        among = bool(self.named) and 0 <= index <= self._first < self.named[0]
        return self.named_at(index) or (self._elsewhere and not among)
