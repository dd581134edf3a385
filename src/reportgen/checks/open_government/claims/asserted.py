"""What a clause without numbers says has happened: 发生行政诉讼, 收到了申请, 有结转下年度的申请.

Read only where a clause is nothing but who, that verb and what: 防止发生行政诉讼, 收到申请后 and 有行政处罚权
say nothing of the year.
"""

from collections.abc import Iterator, Sequence

from reportgen.checks.open_government.claims.grammar import Item, Pair
from reportgen.checks.open_government.claims.tokens import Lexicon, Sentence

_NUMBERED = frozenset("NPnaehmrlxsE/1%YXM~")
"""Signs with which a clause says more than that something happened: numbers, denials, other years."""
_GROUPS = ("A", "T", "V", "U", "KFk", "B", "C", "RO")
"""What may have happened, by its signs; those of one group are told together."""
_LONGEST = 60


def asserted(items: Sequence[Item], sentence: Sentence) -> Iterator[Pair]:
    """The pairs of a sentence's clauses that say something has happened, in order."""
    clause: list[Item] = []
    begin = 0
    for item in (*items, None):
        if item is not None and item.sign not in ",;:()":
            clause.append(item)
            continue
        end = item.start if item else len(sentence.words)
        if clause and end - begin <= _LONGEST:
            signs = {each.sign for each in clause if sentence.words[each.start : each.end] != "全"}
            yield from () if _NUMBERED & signs else _of_clause(clause, sentence, (begin, end))
        clause, begin = [], item.end if item else end


def is_said(before: str, lexicon: Lexicon) -> bool:
    """True if words before a verb only say who and when; they do not deny it, wish it or suppose it."""
    patterns = lexicon.patterns
    return bool(patterns["who"].match(before)) and not patterns["not_said"].search(before)


def _of_clause(clause: list[Item], sentence: Sentence, span: tuple[int, int]) -> Iterator[Pair]:
    words, patterns = sentence.words, sentence.lexicon.patterns
    verb = sentence.says("happened", *span)
    if not verb:
        return
    dated = patterns["of_a_year"].search(words, 0, verb.start())
    if verb["bare"] and (not dated or patterns["what_is_done"].match(words, span[1])):
        return
    before = words[span[0] : verb.start()]
    if patterns["also"].fullmatch(words, verb.start(), span[1]):  # 直接起诉的案件也有发生
        ahead = [each for each in clause if each.sign == "V" and each.end <= verb.start()]
        if ahead and not patterns["not_said"].search(patterns["suits"].sub("", before)):
            yield Pair((ahead[-1],), None, "some", (ahead[-1].start, span[1]))
    elif is_said(before, sentence.lexicon):
        phrases = _happened([each for each in clause if each.end > verb.start() and each.concepts])
        unless = words.startswith("的，", span[1] - 1)  # 发生行政诉讼的，及时上报
        if phrases and not unless and patterns["said_to_end"].fullmatch(words, phrases[-1].end, span[1]):
            yield Pair(phrases, None, "some", (min(verb.start(), phrases[0].start), phrases[-1].end))


def _happened(named: list[Item]) -> tuple[Item, ...]:
    """What is said to have happened; nothing where it is told of two matters, the one a part of the other."""
    groups = {group for group in _GROUPS for each in named if each.sign in group}
    found = next((group for group in _GROUPS if group in groups), "")
    if len(groups - {"RO"}) > 1 or not found:
        return ()
    chosen = [each for each in named if each.sign in found]
    return tuple(chosen[-1:] if found == "RO" else chosen)
