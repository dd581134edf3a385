"""What the sentences say of applications, against table three."""

import re
from collections.abc import Iterator

from reportgen.checks.claims.figures import (
    Basis,
    agreeing,
    bases,
    claims_of,
    fault_of,
    places_of,
    told,
    told_all,
    wrong,
)
from reportgen.checks.claims.parsing import Claim, understood
from reportgen.checks.claims.phrases import OBJECT, STRONG
from reportgen.checks.claims.text import Sentence
from reportgen.checks.claims.topics import ours, topic, when
from reportgen.checks.contract import Context, Fault, numbered_table, place_at, rule
from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

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


# ── what the sentences say of applications, against table three ───────────────────────────────────────

_BASIS = "《条例》第五十条；国务院办公厅年报格式"
_WHY = "同一件事在正文和表里是两个数，读者不知道该信哪一个；年报须准确。"
_FIX = "对照台账，改正错的那一个：改文字或者改表中的数。"
_IN_YAML = "YAML 里可以用 {{ }} 引用表中的数，就不会不一致。"

received = rule(
    "N01",
    Level.ERROR,
    Ground.PROSE,
    title="正文的收件数与表三不一致",
    what="正文写的“收到（受理、新收）申请几件”等于表三的本年新收，或者本年新收与上年结转之和；写明“新收”的，只等于本年新收。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)(wrong("N01"))

carried_in = rule(
    "N02",
    Level.ERROR,
    Ground.PROSE,
    title="正文的上年结转数与表三不一致",
    what="正文写的“上年结转几件”等于表三的上年结转。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)(wrong("N02"))


@rule(
    "N03",
    Level.ERROR,
    Ground.PROSE,
    title="正文的办结数与表三不一致",
    what="正文写的“办结（答复）几件”等于表三办理结果的总计；写“均已办结”的，没有结转下年度的（提醒）。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)
def finished(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of what was concluded that are not the total, and 均已办结 where some were carried over."""
    yield from wrong("N03")(report, context)
    yield from all_finished(report, context)


carried_out = rule(
    "N04",
    Level.ERROR,
    Ground.PROSE,
    title="正文的结转下年数与表三不一致",
    what="正文写的“结转（顺延）下年度几件”等于表三的结转下年度继续办理。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)(wrong("N04"))

opened = rule(
    "N05",
    Level.ERROR,
    Ground.PROSE,
    title="正文的公开件数与表三不一致",
    what="正文写的“予以公开”“部分公开”件数，或者两者之和，等于表三的同名各行。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)(wrong("N05"))

refused = rule(
    "N06",
    Level.ERROR,
    Ground.PROSE,
    title="正文的不予公开等件数与表三不一致",
    what="正文写的“不予公开”“无法提供”“不予处理”“其他处理”件数等于表三各组之和；写明原因的，等于那一行。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)(wrong("N06"))


@rule(
    "N07",
    Level.ERROR,
    Ground.PROSE,
    title="正文的申请人件数与表三不一致",
    what="正文写的“自然人几件”“法人或其他组织几件”等于表三那几列，口径（新收，或者新收加结转）与收件数相同。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)
def applicants(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of kinds of applicants that fit no reading, or another one than the count of applications."""
    told_apart = tuple(claims_of("N07", report, context))
    chosen = _chosen(report, context) if told_apart else ""
    for claim, about in told_apart:
        found = agreeing(claim, about)
        if found == []:
            yield fault_of(claim, about, None if claim.year == 0 else Level.WARNING)
        elif found and claim.year == 0 and chosen and not _same(claim, found, chosen, about):
            yield _other_basis(claim, found[0], chosen, about)


def _chosen(report: Report, context: Context) -> str:
    """The one way in which the sentences count what came in; empty where that cannot be told."""
    ways = set()
    for claim, about in claims_of("N01", report, context):
        if claim.year == 0 and claim.key == "received":
            found = agreeing(claim, about) or []
            ways |= {_way(basis) for basis in found} if len(found) == 1 else set()
    return ways.pop() if len(ways) == 1 else ""


def _way(basis: Basis) -> str:
    rows = {key.row for key in basis.cells}
    return {frozenset({"new"}): "本年新收", frozenset({"new", "carry_in"}): "本年新收 + 上年结转"}.get(
        frozenset(rows), ""
    )


def _same(claim: Claim, found: list[Basis], chosen: str, report: Report) -> bool:
    """True unless the claim counts surely in the other way than the sentence that it belongs to."""
    ways = {_way(basis) for basis in found}
    if claim.within and claim.within.key != "received":
        return True
    possible = {_way(basis) for basis in bases(claim, report)}
    return chosen in ways or chosen not in possible or "" in ways


def _other_basis(claim: Claim, basis: Basis, chosen: str, report: Report) -> Fault:
    return Fault(
        f"正文写“{claim.quote}”，口径与收件数不同：收件数是{chosen}。",
        (claim.sentence.about, *basis.cells),
        told_all([each for each in bases(claim, report) if _way(each) == chosen], report),
        told(basis, report),
        "收件数和申请人件数用同一个口径。",
        places_of(claim.sentence, claim.at, basis.cells, report),
        Level.WARNING,
    )


_DENIES = re.compile(
    "(?:未曾|从未|未|没有|没)(?:收到|接到|接收到?|收悉|受理|发生|产生|出现|办理|有)?(?:过|任何|一件|1件|相关|有关|书面)*"
    f"(?:公民、法人(?:和|或|及|或者)其他组织|公众|群众|社会公众|申请人)?(?:提出|提交)?的?(?:{OBJECT})|(?<![有])无{STRONG}|{STRONG}(?:件|数量|数|总数)*(?:为零|为0)"
)
_MAY_DENY = re.compile("[未没无]|为[零0]")
_ENDS = re.compile(
    "(?:件|事项|情况|办件|业务|需求|请求|要求|信息|案例|内容|申请|发生|的)*(?:[，,；;、：（）)]|$)"
)


@rule(
    "N08",
    Level.ERROR,
    Ground.PROSE,
    title="有没有收到申请，正文与表三说法相反",
    what="正文写“未收到申请”“0件”，表三的本年新收是 0；正文写收到几件，表三不全是 0。",
    why=_WHY,
    basis=_BASIS,
    fix=_FIX,
    in_yaml=_IN_YAML,
)
def denied(report: Report, context: Context) -> Iterator[Fault]:
    """Applications that the sentences deny and the table counts, or the other way round."""
    yield from wrong("N08")(report, context)
    for sentence in understood(report)[1]:
        for found in _DENIES.finditer(sentence.words) if _MAY_DENY.search(sentence.words) else ():
            about = _denier(sentence, found, report, context)
            if about and about.value("new", "total"):
                yield _contradicted(sentence, found.span(), about, report)


def _denier(sentence: Sentence, found: re.Match[str], report: Report, context: Context) -> Report | None:
    """The report of the year in which nothing came in, by this sentence; None where it means more."""
    words, start = sentence.words, found.start()
    begin = max((each.end() for each in re.finditer("[，,；;：:（）()]", words[:start])), default=0)
    year = when(sentence, begin, start, report.year)
    clear = _ENDS.match(words, found.end()) and ours(words[begin:start], report)
    if not clear or year is None or topic(sentence, found.end()) != "requests":
        return None
    return report if year == 0 else context.last


def _contradicted(sentence: Sentence, span: tuple[int, int], about: Report, report: Report) -> Fault:
    cell = CellKey("new", "total")
    name = about.form.index[cell][1].name
    start = sentence.origin[span[0]]
    quote = sentence.quote(*span)
    places = (
        place_at(sentence.paragraph, start, len(quote)),
        about.place_of(cell) if about is report else None,
    )
    return Fault(
        f"正文写“{quote}”，但{numbered_table(about, cell)}的{name}不是 0。",
        (sentence.about, cell) if about is report else (sentence.about,),
        f"{name} {about.value(*cell)}",
        quote,
        places=tuple(place for place in places if place),
        level=None if about is report else Level.WARNING,
    )


@rule(
    "X18",
    Level.WARNING,
    Ground.PROSE,
    title="表里的数在正文里写成约数",
    what="正文说到表中的数，写准确的数，不写“约”“近”“余”“多”“数十”。",
    why="表里有准确的数，正文的约数显得不认真，也没法核对。",
    basis=_BASIS,
    fix="改成表中的准确数。",
)
def vague(report: Report, context: Context) -> Iterator[Fault]:
    """A figure of the tables that a sentence tells only roughly."""
    for claim in understood(report)[0]:
        about = report if claim.year == 0 else context.last
        found = bases(claim, about) if about and claim.number.vague else []
        if about and found:
            yield Fault(
                f"正文写“{claim.quote}”，是约数；表里有准确的数。",
                (claim.sentence.about, found[0].cells[0]),
                told_all(found, about),
                claim.quote,
                places=places_of(claim.sentence, claim.at, found[0].cells if about is report else (), report),
            )
