"""What a clause without numbers says has happened: 发生行政诉讼, 收到了申请, 有结转下年度的申请.

Read only where a clause is nothing but who, that verb and what: 防止发生行政诉讼, 收到申请后 and 有行政处罚权
say nothing of the year.
"""

import re
from collections.abc import Iterator, Sequence

from reportgen.checks.open_government.claims.grammar import Item, Pair

_HAPPENED = re.compile(
    "(?P<verb>(?:发生|出现|产生)[了过]?|(?:仍|也)?存在|(?<![没拥具享设含所无未持])有(?![关效序力待些所机权望利助益限])[了过]?"
    "|(?:(?<=[已共])|(?<=[全本]年)|(?<=年内)|(?<=年度))(?:收到|接到|接收|收取)"
    "|(?:收到|接到|接收|受理|制发|制定|出台|印发|制作|废止|实施|作出|做出|采取|下达|收取)[了过])"
)
_WHO = re.compile("[^#％的]{0,24}\\Z")
_NOT_SAID = re.compile(
    "[如若凡对防遇免将应须需要可易能愿望后前时不否没无未别]|杜绝|减少|降低|容易|一旦|只有|所有|计划|假设|是否|哪|谁"
)
"""Before the verb: words that make it a case that may be, or is not wanted."""
_SUITS = re.compile("未经(?:行政)?复议|复议后")
"""Of the words before a verb these name suits; they deny nothing."""
_TAIL = re.compile(
    "(?:等|类|处理)?(?:的)?(?:情况|情形|案件|事项|申请|(?:政府|政务)?信息公开申请|依申请公开申请|答复|现象|项目|件|决定|文件|收费|办理件|公开件|措施|行为|问题)*了?"
)
_NUMBERED = frozenset("NPnaehmrlxsE/1%YXM~")
"""Signs with which a clause says more than that something happened: numbers, denials, other years."""
_GROUPS = ("A", "T", "V", "U", "KFk", "B", "C", "RO")
"""What may have happened, by its signs; those of one group are told together."""
_ALSO = re.compile("有(?:所)?(?:发生|出现)")
"""Behind what has happened: 直接起诉的案件也有发生."""
_LONGEST = 60


def asserted(items: Sequence[Item], words: str) -> Iterator[Pair]:
    """The pairs of a sentence's clauses that say something has happened, in order."""
    clause: list[Item] = []
    begin = 0
    for item in (*items, None):
        if item is not None and item.sign not in ",;:()":
            clause.append(item)
            continue
        end = item.start if item else len(words)
        signs = {each.sign for each in clause if words[each.start : each.end] != "全"}
        if clause and end - begin <= _LONGEST and not _NUMBERED & signs:
            yield from _of_clause(clause, words, (begin, end))
        clause, begin = [], item.end if item else end


def is_said(before: str) -> bool:
    """True if words before a verb only say who and when; they do not deny it, wish it or suppose it."""
    return bool(_WHO.match(before)) and not _NOT_SAID.search(before)


def _of_clause(clause: list[Item], words: str, span: tuple[int, int]) -> Iterator[Pair]:
    verb = _HAPPENED.search(words, *span)
    if not verb:
        return
    before = words[span[0] : verb.start()]
    if _ALSO.fullmatch(words, verb.start(), span[1]):
        ahead = [each for each in clause if each.sign == "V" and each.end <= verb.start()]
        if ahead and not _NOT_SAID.search(_SUITS.sub("", before)):
            yield Pair((ahead[-1],), None, "some", (ahead[-1].start, span[1]))
        return
    if not is_said(before):
        return
    phrases = _happened([each for each in clause if each.end > verb.start() and each.concepts])
    unless = words.startswith("的，", span[1] - 1)  # 发生行政诉讼的，及时上报
    if phrases and not unless and _TAIL.fullmatch(words, phrases[-1].end, span[1]):
        yield Pair(phrases, None, "some", (min(verb.start(), phrases[0].start), phrases[-1].end))


def _happened(named: list[Item]) -> tuple[Item, ...]:
    """What is said to have happened; nothing where it is told of two matters, the one a part of the other."""
    groups = {group for group in _GROUPS for each in named if each.sign in group}
    found = next((group for group in _GROUPS if group in groups), "")
    if len(groups - {"RO"}) > 1 or not found:
        return ()
    chosen = [each for each in named if each.sign in found]
    return tuple(chosen[-1:] if found == "RO" else chosen)
