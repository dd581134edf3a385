"""Which cells the sentences of a report speak of, and what number they give them."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reportgen.checks.claims.pairing import Pair, pairs
from reportgen.checks.claims.phrases import Phrase
from reportgen.checks.claims.text import COUNT, Sentence, once, sentences
from reportgen.checks.claims.topics import ORGAN, ahead, carried_in_time, topic, when, whose
from reportgen.chinese.numerals import Number
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report


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


_COUNTED = frozenset(["件", "条", "份", "宗", "个", "项", "起", "例", "封", "次", "件次"])
_CLAUSE = re.compile("[，,；;：:（）()、]")


class _Reader:
    """Reads the sentences of one paragraph after another; what has no subject has the one before."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._about = ""
        self._strange = ""
        self._since: Sentence | None = None
        self._disputed: Sentence | None = None

    def claims(self, sentence: Sentence) -> Iterator[Claim]:
        """The claims of the next sentence."""
        if sentence.about != self._about or self._strange != _ORGAN:
            self._strange = ""
        self._about = sentence.about
        governor: Claim | None = None
        last = 0
        for pair in pairs(sentence, self._report.form) if COUNT in sentence.words else ():
            if self._strange != _ORGAN and "；" in sentence.words[last : pair.number.start]:
                self._strange = ""
            claim = self._claim(sentence, pair, governor, last) if pair.phrases else None
            last = pair.number.end
            if claim:
                yield claim
                part = claim.phrases[0].family in ("applicant", "outcome")
                governor = (claim.within or governor) if part else claim

    def _claim(self, sentence: Sentence, pair: Pair, governor: Claim | None, last: int) -> Claim | None:
        """The claim of a pair; None where it may speak of more. ``last``: the end of the one before."""
        phrases = tuple(item.phrase for item in pair.phrases if item.phrase)
        number = sentence.numbers[pair.number.start]
        start = min(pair.number.start, pair.phrases[0].start)
        begin = max(_clause_start(sentence.words, start), last if last <= start else 0)
        year = when(sentence, begin, pair.number.start, self._report.year)
        if year is None or number.unit not in _COUNTED or not _adds_up(phrases):
            return None
        if not carried_in_time(sentence, start, pair.phrases[-1].end, self._report.year):
            return None
        end = max(pair.number.end, pair.phrases[-1].end)
        if not self._fits(sentence, phrases, (begin, start, end)):
            return None
        within = governor if phrases[0].family in ("applicant", "outcome") else None
        if phrases[0].family == "outcome" and within is None:
            return None
        said = (pair.phrases[0].start, pair.phrases[-1].end)
        at = pair.number.start
        if phrases[-1].family != "outcome" or len(phrases) == 1:
            return Claim(phrases, number, sentence, at, (start, end), said, year, within)
        whole = Claim(phrases[:1], number, sentence, at, (start, end), said, year, within)
        return whole._replace(phrases=phrases[-1:], within=whole)

    def _fits(self, sentence: Sentence, phrases: tuple[Phrase, ...], span: tuple[int, int, int]) -> bool:
        """True if the clause before the phrases, and what is spoken of there, is their own."""
        begin, start, end = span
        prefix = sentence.words[begin:start]
        subject = topic(sentence, end)
        if phrases[0].family in ("dispute", "outcome"):
            named = self._disputing(sentence, _plain_dispute(prefix))
            # 我镇行政复议2件被纠正 is about this organ's acts; without an outcome it may be of any matter.
            surely = of_information(sentence, start) or (named == "own" and len(phrases) > 1)
            return subject == "disputes" and surely and bool(named)
        if subject != "requests":
            subject = _elsewhere(phrases[0].key, sentence, span)
        kind = phrases[0].key if phrases[0].key == "goes_on" else phrases[0].family
        idle = _IDLE_BEFORE[kind].search(sentence.words, begin, start) if kind in _IDLE_BEFORE else None
        return subject == "requests" and self._ours(sentence, (begin, idle.start() if idle else start, end))

    def _disputing(self, sentence: Sentence, prefix: str) -> str:
        """Whose disputes they are, as ``whose`` says it; 全市行政复议4件，行政诉讼1件 goes on with 全市."""
        named = whose(prefix, self._report)
        if not named and _OTHERS.search(prefix):
            self._disputed = sentence
        return "" if named == "idle" and self._disputed is sentence else named

    def _ours(self, sentence: Sentence, span: tuple[int, int, int]) -> bool:
        """True unless the clause, or the one that it goes on from, has another subject."""
        begin, start, end = span
        prefix = sentence.words[begin:start]
        found = "" if self._of_more(prefix, sentence.words[end:]) else whose(prefix, self._report)
        anew = self._since is not sentence and _YEARLY.search(prefix) and "公开" in sentence.words[start:end]
        if found == "own" or (found and anew):
            self._strange = ""
        elif not found:
            self._strange = _ORGAN if ORGAN.search(prefix) and not _CHANNEL.search(prefix) else _PART
            self._since = sentence
        return bool(found) and not self._strange

    def _of_more(self, prefix: str, rest: str) -> bool:
        """True for 全县收到…，其中县政府本级… in a report of the county's government alone."""
        return not self._report.adds_up and "本级" in rest and bool(_WHOLE_AREA.search(prefix))


def _elsewhere(key: str, sentence: Sentence, span: tuple[int, int, int]) -> str:
    """What a claim speaks of where the words before its end do not tell."""
    _, start, end = span
    if key == "carried":  # 加上上年结转的2件，共受理政府信息公开申请…
        return ahead(sentence, end)
    # 另有2件因征求第三方意见，结转…: no 意见 are counted.
    return topic(sentence, start) if key == "goes_on" and sentence.words[start] == COUNT else ""


_IDLE_BEFORE = {
    "goes_on": re.compile("(?:除|其余|剩余|余下|尚有)的?\\Z"),
    "applicant": re.compile("(?:收到|受理|接收|新收)(?:的)?\\Z"),
}
"""What may stand right before a phrase: 其余3件结转, 收到自然人申请18件."""
_ORGAN = "organ"
_PART = "part"
_YEARLY = re.compile("Ｙ|全年|本年|年内")
_WHOLE_AREA = re.compile("全[省市县区镇乡州旗盟]")
_OTHERS = re.compile(f"{_WHOLE_AREA.pattern}|{ORGAN.pattern}")
_CHANNEL = re.compile("网|平台|渠道|信箱|邮|信函|窗口|现场|当面|传真|来信|来访")


def _adds_up(phrases: tuple[Phrase, ...]) -> bool:
    """True for one phrase, and for several that together are counted by one number."""
    if len(phrases) == 1:
        return True
    families = {phrase.family for phrase in phrases}
    if families == {"dispute", "outcome"}:
        return True
    keys = {phrase.key for phrase in phrases}
    return families == {"result"} or ("carried" in keys and keys <= {"new", "received", "carried"})


def _clause_start(words: str, index: int) -> int:
    """Where the clause of an index begins."""
    last = 0
    for found in _CLAUSE.finditer(words, 0, index):
        last = found.end()
    return last


_INFORMATION = re.compile("信息公开|公开类|政务公开|依申请公开|公开申请")
_OTHER_MATTERS = re.compile("法治|依法行政|执法|普法|司法")
_CAUSED = re.compile(
    "(?:因|由|涉及|有关|关于)?(?:政府|政务)?(?:信息公开|信息依申请公开|依申请公开)(?:工作|事务|事项|申请|案件|类|领域)*(?:而)?(?:引发|引起|产生|被提起|提起|被申请|申请|导致|发生)?(?:的)?|被(?:申请|提起)|发生|提起|引发|引起|新增|涉及|办理|承办|受理|收到|涉|类|政务公开"
)


def of_information(sentence: Sentence, at: int | None = None) -> bool:
    """True if the disputes are about information: all others are counted elsewhere.

    ``at``: where they are told. 复议36件，其中涉及政府信息公开的5件 speaks of all sorts first.
    """
    words = sentence.words
    behind = len(words) if at is None else at
    named = [each.end() for each in _INFORMATION.finditer(words) if not words.startswith("无关", each.end())]
    if any(end <= behind for end in named):
        return True
    if "无关" in words or (named and "其中" in words[behind : named[0]]):
        return False
    if sentence.section.key in ("note", "requests") or named:
        return True
    around = (sentence.section.heading, sentence.paragraph.text)
    return not _OTHER_MATTERS.search(sentence.words) and any(_INFORMATION.search(words) for words in around)


def _plain_dispute(prefix: str) -> str:
    return _CAUSED.sub("", prefix)


@once
def understood(report: Report) -> tuple[tuple[Claim, ...], tuple[Sentence, ...]]:
    """Every claim of a report's sentences, and the sentences."""
    told = tuple(sentences(report))
    reader = _Reader(report)
    return tuple(claim for sentence in told for claim in reader.claims(sentence)), told


# ── the cells that a phrase means in a form ──


@lru_cache(maxsize=1024)
def cells_of(phrase: Phrase, rows: tuple[str, ...], form: Form) -> tuple[CellKey, ...]:
    """The cells that it adds up in this form; empty where the form lacks one of the rows."""
    found: list[CellKey] = []
    for row in rows:
        names = _family(row, form)
        cells = [CellKey(name, column) for name in names for column in phrase.columns]
        if not cells or any(cell not in form.index for cell in cells):
            return ()
        found += cells
    return tuple(found)


def _family(row: str, form: Form) -> list[str]:
    if not row.endswith("*"):
        return [row]
    stem = row[:-2]
    return [key for key in form.row_keys.values() if key == stem or key.startswith(f"{stem}_")]


# ── counts of a part only, told apart by the sentence itself: 收到20件，受理19件，退回1件 ──

Told = Mapping[int, tuple[Claim, list[Decimal]]]
"""The claims of a sentence by their index, each with the figures that it may be of."""


def is_a_part(claim: Claim, told: Told) -> bool:
    """True if a claim with its neighbours adds up to a figure that the sentence tells before it.

    Neighbours that are claims must fit figures of their own; what is no claim may be of anything. How
    applications ended is never told in parts.
    """
    return claim.phrases[0].family == "request" and any(
        claim.at in run and all(at == claim.at or _fits(at, told) for at in run)
        for whole, (_, figures) in told.items()
        for run in (_run(claim, whole, figure) for figure in figures)
    )


def has_a_twin(claim: Claim, told: Told) -> bool:
    """True if the next number is told by the same words and makes up what the claim lacks.

    按期答复20件，延期答复1件 where 21 were.
    """
    words = claim.sentence.words
    after = [at for at in _numbers(claim) if at > claim.at]
    if not after or after[0] in told:
        return False
    same = words[slice(*claim.said)] in words[claim.span[1] : after[0]]
    return same and claim.number.value + claim.sentence.numbers[after[0]].value in told[claim.at][1]


def _fits(at: int, told: Told) -> bool:
    return at not in told or told[at][0].number.value in told[at][1]


def _numbers(claim: Claim) -> list[int]:
    """The numbers of the sentence with the claim's unit, in order."""
    numbers = claim.sentence.numbers
    return sorted(at for at in numbers if numbers[at].unit == claim.number.unit)


def _run(claim: Claim, whole: int, figure: Decimal) -> list[int]:
    """The numbers behind a whole that together are this figure; empty where they do not make it up."""
    run: list[int] = []
    for at in _numbers(claim):
        if at > whole and figure > 0:
            run.append(at)
            figure -= claim.sentence.numbers[at].value
    return run if figure == 0 and len(run) > 1 else []
