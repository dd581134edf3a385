"""What the clerk answers to findings (核对): what was answered is a note, even an error."""

import json
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain

from reportgen.advice import Advice, told_in
from reportgen.checks.contract import Context, Fault, place_at
from reportgen.model.form import CellKey
from reportgen.model.keys import MORE_ITEMS
from reportgen.model.prose import Paragraph
from reportgen.model.report import Answer, Report
from reportgen.problems import Answered, Finding, Ground, Level, Place, short

FAULTS: dict[str, str] = {
    "A01": "核对的编号不是规则的编号",
    "A02": "核对已不需要",
    "A03": "这样的问题不能核对",
    "A04": "核对没有写理由",
    "A05": "核对没有写明是哪一句",
    "A06": "核对的句子对不上",
}
"""Code → what is wrong, as the list of faults names it."""

BUTTON, UNDO = "核对无误，写理由", "取消核对"
"""What the page calls the buttons for an answer, and for taking it back."""

_BASIS = Advice(
    "写法：核对: {编号: 理由}；同一编号有几处的，核对: {编号: {句子: 理由}}",
    f"写法：工作表“{MORE_ITEMS}”里每条一行：核对 | 编号 | 句子 | 理由",
    f"写法：在这一条问题的下面按“{BUTTON}”，写一句话",
)

_SENTENCE = re.compile(r"[^。！？；\n]+")
_LONGEST = 400
"""No sentence that a clerk wrote is longer; of what is, so many characters are enough to know it by."""
_NO_REASON = frozenset({"", "理由"})
"""What stands where a reason belongs, and is none: the word that was to be replaced."""
_LONG_NUMBER = re.compile(r"\d[\d-]{9,}[\dXx]")
_OF_FILES = re.compile(r"[ADFHKMPRS]\d\d")
"""What a code looks like under which no rule finds anything, but reading, making or proving does."""

_TOLD = 3
"""So many sentences are given to copy."""


def _dropping(yaml: str) -> Advice:
    """How to take an answer away, in YAML as given."""
    return Advice(yaml, f"在工作表“{MORE_ITEMS}”里删去这一行。", f"在这一条的下面按“{UNDO}”。")


_MEND = "请改正；改正以后" + _dropping("删去这一条核对。")


class Answering:
    """The clerk's answers, and what may be answered.

    Args:
        answers: all of them, in the clerk's order.
        grounds: the ground of every rule, by its code.
        context: whether there is a clerk's file to write answers into.
    """

    def __init__(self, answers: Sequence[Answer], grounds: Mapping[str, Ground], context: Context) -> None:
        """Keep them."""
        self._answers = answers
        self._grounds = grounds
        self._can_answer = context.origin is not None or not context.of_document
        self._origin = context.origin

    def weighed(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """The findings, answered or with the way to answer them, then what is wrong with the answers."""
        pairs = answered_by(self._answers, findings)
        alone = _alone(findings)
        for number, finding in enumerate(findings):
            answer = pairs.get(number)
            if answer is not None:
                yield _settled(finding, answer)
            elif finding.sentence and self._can_answer and finding.level is not Level.NOTE:
                short = self._origin is None and finding.code in alone and not finding.is_error
                way = _way(finding, short)
                yield replace(
                    finding, fix=finding.fix + (told_in(way, self._origin) if self._origin else way)
                )
            else:
                yield finding
        used = set(pairs.values())
        for answer in self._answers:
            rest = [each for at, each in enumerate(findings) if at not in pairs and each.code == answer.code]
            if answer not in used or (not answer.sentence and any(each.is_error for each in rest)):
                yield from self._wrong(answer, rest)

    def _wrong(self, answer: Answer, found: Sequence[Finding]) -> Iterator[Finding]:
        """What is wrong with an answer that settles nothing."""
        code = answer.code
        if code not in self._grounds and _OF_FILES.fullmatch(code):
            yield _told("A03", Level.WARNING, f"{code} 说的是文件本身，不能核对。", answer, _MEND)
        elif code not in self._grounds:
            near = get_close_matches(code, sorted(self._grounds), n=1, cutoff=0.5)
            fix = f"是不是“{near[0]}”？" if near else "编号写在每条提醒的前面，照抄就行。"
            fix = Advice(fix, fix, f"在这一条的下面按“{UNDO}”；还要核对的，在那一条问题的下面按“{BUTTON}”。")
            yield _told("A01", Level.WARNING, f"核对里的“{code}”不是规则的编号。", answer, fix)
        elif not found:
            said = f"{code} 没有发现问题，这条核对已不需要。"
            yield _told("A02", Level.NOTE, said, answer, "可以" + _dropping("删去这一条。"))
        elif not any(each.sentence for each in found):
            said = f"{code} 查的是{found[0].ground.chinese}，不能核对；能核对的是句子的意思和写法。"
            yield _told("A03", Level.WARNING, said, answer, _MEND)
        elif answer.words in _NO_REASON:
            fix = Advice(
                f"写成“{code}: 一句话说明理由”；",
                "请在这一行的最后一列写一句话说明理由；",
                f"请在这一条问题的下面按“{BUTTON}”，写一句话；",
            )
            fix += "没有理由就" + _dropping("删去。")
            said = f"核对里的 {code} 后面没有写理由，不起作用。"
            yield _told("A04", Level.WARNING, said, answer, fix)
        else:
            yield self._unmatched(answer, [each for each in found if each.sentence])

    def _unmatched(self, answer: Answer, found: Sequence[Finding]) -> Finding:
        """An answer that names no sentence where it must, or one in which nothing is found."""
        fix = _which(found) + "属实的才写，写错的请改。"
        if answer.sentence:
            said = f"{answer.code} 的核对写的是“{short(answer.sentence)}”，这句话里没有发现这样的问题。"
            return _told("A06", Level.WARNING, said, answer, "句子改过的，请重新看一遍。" + fix)
        said = f"{answer.code} 不止一处，核对没有写明是哪一句，错误不算核对过。"
        return _told("A05", Level.WARNING, said, answer, fix)


def answered_by(answers: Sequence[Answer], findings: Sequence[Finding]) -> dict[int, Answer]:
    """Which finding, by its number, is settled by which answer.

    An answer to a sentence settles what is found in that sentence, as long as no word of it changes. One that
    names none settles an error if it is the only finding of its rule, and every warning and note.
    """
    given = [each for each in answers if each.words not in _NO_REASON]
    if not given:
        return {}
    bound_to = {(each.code, _key(each.sentence)): each for each in given if each.sentence}
    free = {each.code: each for each in given if not each.sentence}
    alone = _alone(findings)
    pairs: dict[int, Answer] = {}
    for number, finding in enumerate(findings):
        if not finding.sentence:
            continue
        answer = bound_to.get((finding.code, _key(finding.sentence)))
        if answer is None and (finding.code in alone or not finding.is_error):
            answer = free.get(finding.code)
        if answer is not None:
            pairs[number] = answer
    return pairs


def bound(answers: Sequence[Answer], findings: Sequence[Finding]) -> Iterator[Answer]:
    """The answers, each with a sentence that it settles; one that names its sentence stays as it is."""
    pairs = answered_by(answers, findings)
    for answer in answers:
        if answer.sentence:
            yield answer
        settled = (findings[number] for number, each in pairs.items() if each == answer)
        for sentence in dict.fromkeys(each.sentence for each in settled if not answer.sentence):
            yield answer._replace(sentence=sentence)


def _alone(findings: Sequence[Finding]) -> frozenset[str]:
    """The codes under which one thing is found."""
    counts = Counter(finding.code for finding in findings)
    return frozenset(code for code, count in counts.items() if count == 1)


def _settled(finding: Finding, answer: Answer) -> Finding:
    """The finding as a note with the reason; where the answer names no sentence, with the way to name it."""
    fix = "" if answer.sentence else _for_this_alone(finding, answer.words)
    reason = Answered(answer.words, finding.level)
    return replace(
        finding, level=Level.NOTE, answer=reason, fix=fix, reply=name_of(answer.code, answer.sentence)
    )


def name_of(code: str, sentence: str) -> str:
    """The name of an answer: the code, and the sentence that it is bound to, if any."""
    return f"{code}:{' '.join(sentence.split())}" if sentence else code


def _for_this_alone(finding: Finding, reason: str) -> Advice:
    """How to narrow an answer that names no sentence to this one."""
    return Advice(
        f"只想核对这一句的，写成 {_written(finding, reason)}。",
        f"只想核对这一句的，在工作表“{MORE_ITEMS}”里写成：{_row(finding, reason)}。",
        "",  # the page names the sentence by itself
    )


def _way(finding: Finding, short: bool) -> Advice:
    """How the clerk may answer a finding: in YAML a warning in short, an error with its sentence."""
    written = f"核对: {{{finding.code}: 理由}}" if short else _written(finding)
    true = f"{'句子' if finding.ground is Ground.PROSE else '数'}属实、不用改的，"
    return Advice(
        f"{true}在 YAML 里写明理由：{written}。",
        f"{true}在工作表“{MORE_ITEMS}”里写一行，最后一列写理由：{_row(finding)}。",
        f"{true}在页面上这一条的下面按“{BUTTON}”。",
    )


def _which(found: Sequence[Finding]) -> Advice:
    """How to name the sentences that an answer is about."""
    more = f"；其余 {len(found) - _TOLD} 处照样写" if len(found) > _TOLD else ""
    ways, rows = ("；".join(dict.fromkeys(map(say, found[:_TOLD]))) for say in (_written, _row))
    return Advice(
        f"写明答复的是哪一句，照抄：{ways}{more}。",
        f"写明答复的是哪一句，在工作表“{MORE_ITEMS}”里照抄：{rows}{more}。",
        f"请先在这一条的下面按“{UNDO}”，再在 {found[0].code} 的每一条问题下面分别按“{BUTTON}”。",
    )


def _row(finding: Finding, reason: str = "理由") -> str:
    """An answer to a finding's sentence as it stands in the workbook."""
    return f"核对 | {finding.code} | {finding.sentence} | {reason}"


def _written(finding: Finding, reason: str = "理由") -> str:
    """An answer to a finding's sentence as it stands in the clerk's file."""
    quoted = json.dumps(_shown(finding.sentence), ensure_ascii=False)
    said = reason if reason == "理由" else json.dumps(reason, ensure_ascii=False)
    return f"核对: {{{finding.code}: {{{quoted}: {said}}}}}"


def _told(code: str, level: Level, message: str, answer: Answer, fix: str) -> Finding:
    said = Finding(code, level, message, (answer.place,), fix=fix, basis=_BASIS, about=("answers",))
    return replace(said, ground=Ground.FORM, reply=name_of(answer.code, answer.sentence))


# ── the words that an answer is bound to ──────────────────────────────────────────────────────────────


def sentence_of(fault: Fault, report: Report) -> str:
    """The sentence that a fault of prose is about, else what was found, else the message. Never empty.

    A sentence is the same in the clerk's file and in a document made from it.
    """
    for about in fault.about:
        name, _, number = str(about).partition(".")
        if not isinstance(about, CellKey) and number.isdigit():
            prose = report.prose.get(name, ())
            if 0 < int(number) <= len(prose):
                return _within(prose[int(number) - 1], fault)
    return fault.found.strip() or fault.message


def _within(paragraph: Paragraph, fault: Fault) -> str:
    """The sentence with what was found: the one at its place, else the first; else the whole paragraph."""
    sentences, wanted = _sentences(paragraph.text), _key(fault.found)
    first = fault.places[0] if fault.places else None
    start = 0
    if first is not None and first.column and not first.table:
        start = bisect_left(
            sentences, _order(first), key=lambda each: _order(place_at(paragraph, each[0] - 1))
        )
    behind_then_before = chain(range(start, len(sentences)), range(start))
    having = (sentences[at][1] for at in behind_then_before if wanted and wanted in _key(sentences[at][1]))
    return _cut(next(having, paragraph.text.strip()), fault.found)


@lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[tuple[int, str], ...]:
    """The sentences of a paragraph, each behind the index of its end."""
    return tuple((found.end(), found[0].strip()) for found in _SENTENCE.finditer(text))


def _cut(sentence: str, found: str) -> str:
    """A sentence that can be copied: of one without an end only what stands around the words found."""
    if len(sentence) <= _LONGEST:
        return sentence
    at = max(0, sentence.find(found))
    return sentence[max(0, at - _LONGEST // 2) : at + _LONGEST // 2].strip()


def _order(place: Place) -> tuple[int, int]:
    return place.line, place.column


def _shown(sentence: str) -> str:
    """A sentence to be copied: on one line, with the numbers of persons masked."""
    return _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****{found[0][-2:]}", " ".join(sentence.split()))


@lru_cache(maxsize=512)
def _key(sentence: str) -> str:
    """What two writings of one sentence have in common."""
    narrow = "".join(unicodedata.normalize("NFKC", sentence).split())
    return _shown(narrow).strip("。.!?;,：:“”\"'")
