"""Sentences that say that all applications were concluded, though some were carried over."""

import re
from collections.abc import Iterator

from reportgen.checks.claims.figures import agreeing, claims_of, places_of
from reportgen.checks.claims.parsing import Claim
from reportgen.checks.claims.topics import topic
from reportgen.checks.contract import Context, Fault
from reportgen.checks.pointing import numbered_table
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Level

_LEFT = CellKey("carry_out", "total")
_DONE = CellKey("total", "total")
_WHERE = "(?:在|于)(?:法定|规定|法律规定|条例规定|答复|办理)*(?:期限|时限|时间)(?:内|之内)"
_HOW = f"(?:已经?|依法|依规|按时|按期|及时|按规定|如期|妥善|规范|予以|给予|进行|并|地|、|{_WHERE})*"
_ALL = re.compile(
    f"[，,；;、](?:目前|截[至止]Ｄ(?:底)?|年内)?[，,]?(?:以上|上述)?(?:申请|事项|件)*{_HOW}(?:均|全部|全|都|皆){_HOW}"
    "(?P<done>办结|办理完毕|办复|办理完成)(?:完毕|完成)?(?=[，,；;]|$)"
)
_LIMITED = re.compile("结转|顺延|未办结|尚未|其余|剩余|在办|办理中|到期|应办|尚在|正在")


def all_finished(report: Report, context: Context) -> Iterator[Fault]:
    """What was received, told as wholly concluded, where table three carries some into the next year.

    Silent where as many as came in were concluded: the words may count only how many there were.
    """
    if not report.value(*_LEFT):
        return
    for claim, about in claims_of("N01", report, context):
        if about is report and claim.number.value != report.value(*_DONE):
            yield from _of(claim, report)


def _of(claim: Claim, report: Report) -> Iterator[Fault]:
    """The fault of one claim. Where its own number is wrong, rule N01 tells that first."""
    words = claim.sentence.words
    found = _ALL.search(words, claim.span[1])
    if not found or not agreeing(claim, report) or _is_of_others(claim, found):
        return
    quote = claim.sentence.quote(claim.span[0], found.end())
    cells = (_DONE, _LEFT)
    left = report.form.index[_LEFT][1].path[-1].partition("、")[2]
    where = f"{numbered_table(report, _LEFT)}有{left}"
    yield Fault(
        f"正文写“{quote}”，但{where}的 {report.value(*_LEFT)} 件，不是全部办结。",
        (claim.sentence.about, *cells),
        f"办结 {report.value(*_DONE)}，结转下年度 {report.value(*_LEFT)}",
        quote,
        "写明办结和结转下年度的件数，或者改表中的数。",
        places_of(claim.sentence, claim.at, cells, report),
        Level.WARNING,
    )


def _is_of_others(claim: Claim, found: re.Match[str]) -> bool:
    """True if the words may speak of fewer, or of something else than the applications that came in."""
    words = claim.sentence.words
    limited = _LIMITED.search(words, claim.span[0]) or re.search(
        "办结|答复|办复", words[claim.span[1] : found.start("done")]
    )
    return bool(limited) or topic(claim.sentence, found.start()) != "requests"
