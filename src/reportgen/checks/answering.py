"""What the clerk answers to findings (核对): a warning answered becomes a note; an error stays."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from reportgen.model.report import Answer
from reportgen.problems import Finding, Level

FAULTS: dict[str, str] = {
    "A01": "核对的编号不是规则的编号",
    "A02": "核对已不需要",
    "A03": "错误不能用核对消除",
    "A04": "核对没有写理由",
}
"""Code → what is wrong, as the list of faults names it."""

_BASIS = "答复的写法：核对: {N09: 口径不同，含上年结转}"


def answered(
    findings: Sequence[Finding], answers: dict[str, Answer], codes: Collection[str]
) -> Iterator[Finding]:
    """The findings with the clerk's answers applied, and what is wrong with the answers.

    Args:
        findings: what the rules found.
        answers: the clerk's words by the code that they answer.
        codes: the codes of all rules.
    """
    given = {code: answer for code, answer in answers.items() if answer.words}
    for finding in findings:
        answer = given.get(finding.code)
        if answer and not finding.is_error:
            message = f"{finding.message}（已核对：{answer.words}）"
            yield replace(finding, level=Level.NOTE, message=message, fix="")
        else:
            yield finding
    for code, answer in answers.items():
        levels = {finding.level for finding in findings if finding.code == code}
        yield from _judged(code, answer, levels, codes)


def _judged(code: str, answer: Answer, levels: set[Level], codes: Collection[str]) -> Iterator[Finding]:
    """What is wrong with one answer."""
    if code not in codes:
        near = get_close_matches(code, sorted(codes), n=1, cutoff=0.5)
        fix = f"是不是“{near[0]}”？" if near else "编号写在每条提醒的前面，照抄就行。"
        yield _told("A01", Level.WARNING, f"核对里的“{code}”不是规则的编号。", answer, fix)
    elif not levels:
        yield _told("A02", Level.NOTE, f"{code} 没有发现问题，这条核对已不需要。", answer, "可以删去这一条。")
    elif not answer.words:
        fix = f"写成“{code}: 一句话说明理由”；没有理由就删去。"
        yield _told("A04", Level.WARNING, f"核对里的 {code} 后面没有写理由，不起作用。", answer, fix)
    elif Level.ERROR in levels:
        message = f"{code} 有错误，错误不能用核对消除。"
        yield _told("A03", Level.WARNING, message, answer, "改正这个错误；改正以后删去这一条核对。")


def _told(code: str, level: Level, message: str, answer: Answer, fix: str) -> Finding:
    return Finding(code, level, message, (answer.place,), fix=fix, basis=_BASIS, about=("answers",))
