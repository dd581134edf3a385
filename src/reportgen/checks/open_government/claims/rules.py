"""The rules on sentences and tables: pages from the lexicon, and what some ask beyond a number that fits."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import Check, Context, Fault, Rule, numbered_table, place_at
from reportgen.checks.open_government.claims.compare import (
    CAME,
    DISPUTES,
    DONE,
    Basis,
    agreeing,
    agrees,
    bases,
    claims_of,
    code_of,
    fault_of,
    full_name,
    is_told_apart,
    level_of,
    lines_of,
    places_of,
    told,
    told_all,
    worth_showing,
)
from reportgen.checks.open_government.claims.reading import Claim, understood
from reportgen.checks.open_government.claims.scope import information_in
from reportgen.checks.open_government.claims.tokens import Sentence
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Ground, Level


def rules_of(form: Form) -> Iterator[Rule]:
    """A rule for each page of the lexicon: ``pages`` says what a rule is called, ``_CHECKS`` how it finds."""
    pages: Mapping[str, Mapping[str, Any]] = form.lexicon.get("pages", {})
    for code, page in pages.items():
        title, what, why, basis, fix = (str(page[key]) for key in ("title", "what", "why", "basis", "fix"))
        check = partial(_told, code, _CHECKS.get(code) or partial(_wrong, code))
        level, further = Level(page["level"]), in_clerks_file(**page.get("in_file") or {"yaml": ""})
        yield Rule(code, level, Ground.PROSE, title, what, why, basis, fix, check, further)


def _told(code: str, check: Check, report: Report, context: Context) -> Iterator[Fault]:
    """What a rule finds in the claims of its code, and what is said to have happened against a table of 0."""
    yield from check(report, context)
    for claim in understood(report)[0]:
        if claim.says == "some" and claim.year == 0 and code_of(claim, report) == code:
            cells = [key for basis in bases(claim, report) for key in basis.cells]
            if cells and _is_all_zero(cells, report):
                yield _did_not_happen(claim, tuple(dict.fromkeys(cells)), report)


def _did_not_happen(claim: Claim, cells: tuple[CellKey, ...], report: Report) -> Fault:
    table = numbered_table(report, cells[0])
    return Fault(
        f"正文写“{claim.quote}”，但{table}里都是 0。",
        (claim.sentence.about, *cells[:1]),
        f"{full_name(cells[0], report.form)} 0",
        claim.quote,
        "没有发生的，写明没有；发生了的，填表中的数。",
        places_of(claim, cells[:1], report),
        Level.WARNING,
    )


def _wrong(code: str, report: Report, context: Context) -> Iterator[Fault]:
    """The claims of this code that fit no reading."""
    for claim, about in claims_of(code, report, context):
        if agreeing(claim, about) == [] and not is_told_apart(claim, about, report):
            yield fault_of(claim, about, level_of(claim, about))


# ── what asks more than whether a number fits ─────────────────────────────────────────────────────────

_NEW, _BOTH = ("new",), ("new", "carry_in")
_LEFT = CellKey("carry_out", "total")
_CARRIED = ("carried", "goes_on")


def _all_of(report: Report, *families: str) -> Iterator[Claim]:
    """The claims of this year that say all, of some families."""
    for claim in understood(report)[0]:
        if claim.says == "all" and claim.year == 0 and claim.family in families:
            yield claim


def _finished(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of what was concluded that are not the total, and 均已办结 where some were carried over.

    Silent where as many as came in were concluded: the words may count only how many there were.
    """
    yield from _wrong("N03", report, context)
    yield from _undone(report)
    left = report.value(*_LEFT)
    for claim in _all_of(report, "request") if left else ():
        if claim.key != "done":
            continue
        whole = _whole_before(claim, report)
        told_of = whole and whole.number.value != report.value(*DONE) and agreeing(whole, report)
        behind = whole.span[1] if whole else 0
        if whole and told_of and not claim.sentence.says("limited", behind, claim.span[1]):
            yield _not_all(claim, whole, report)


def _undone(report: Report) -> Iterator[Fault]:
    """企业的申请均未办结, where nothing of theirs was left for the next year."""
    for sentence in understood(report)[1] if report.value(*DONE) else ():
        found = sentence.says("undone")
        begin = sentence.words.rfind("；", 0, found.start()) + 1 if found else 0
        clause = sentence.words[begin : found.end()] if found else ""
        years = (number for number in sentence.numbers.values() if number.kind == "year")
        if not found or "申请" not in clause or sentence.says("of_else", begin, found.end()):
            continue
        asked = [
            token
            for token in sentence.lexicon.tokens(sentence)
            if token.sign == "A" and begin <= token.start < found.start()
        ]
        columns = dict.fromkeys(each for token in asked for each in token.concept.columns) or ("total",)
        left = [CellKey(_LEFT.row, column) for column in columns]
        if all(year.value == report.year for year in years) and _is_all_zero(left, report):
            place = place_at(sentence.paragraph, sentence.origin[found.start()], len(found[0]))
            yield Fault(
                f"正文写“{found[0]}”，但{numbered_table(report, left[0])}没有结转下年度的。",
                (sentence.about, left[0]),
                f"{full_name(left[0], report.form)} 0",
                found[0],
                places=(place,),
                level=Level.WARNING,
            )


def _is_all_zero(cells: list[CellKey], report: Report) -> bool:
    """True if all these cells are there, and each is a written 0."""
    return all(
        key in report.cells and not report.cells[key].blank and not report.cells[key].value for key in cells
    )


def _whole_before(claim: Claim, report: Report) -> Claim | None:
    """The count of what came in that an 均 belongs to; None where another count stands between."""
    line = lines_of(report)[id(claim.sentence)]
    before = line.before(claim)
    if any(each.key == "done" for each in before):
        return None
    whole = [each for each in before if each.year == 0 and {*each.key.split("+")} & {*CAME}]
    return whole[-1] if whole and not line.counts(before[-1].at, claim.at) else None


def _not_all(claim: Claim, whole: Claim, report: Report) -> Fault:
    quote = claim.sentence.quote(whole.span[0], claim.span[1])
    left = report.form.index[_LEFT][1].path[-1].partition("、")[2]
    where = f"{numbered_table(report, _LEFT)}有{left}"
    return Fault(
        f"正文写“{quote}”，但{where}的 {report.value(*_LEFT)} 件，不是全部办结。",
        (claim.sentence.about, DONE, _LEFT),
        f"办结 {report.value(*DONE)}，结转下年度 {report.value(*_LEFT)}",
        quote,
        "写明办结和结转下年度的件数，或者改表中的数。",
        places_of(whole, (DONE, _LEFT), report),
        Level.WARNING,
    )


def _results(code: str, report: Report, context: Context) -> Iterator[Fault]:
    """Counts of results that fit no row, and 全部予以公开 where other results are counted."""
    yield from _wrong(code, report, context)
    for claim in _all_of(report, "result"):
        found = bases(claim, report)
        if claim.phrases[0].code == code and found and DONE in report.cells:
            done = report.value(*DONE)
            whole = _counted_before(claim, report)
            if (
                whole
                and whole.family == "result"
                and set(found[0].cells) < set(bases(whole, report)[0].cells)
            ):
                yield from _less(claim, found[0], whole, report)  # 无法提供的3件都是不掌握的
            elif (
                found[0].value != done
                and not claim.sentence.says("limited", claim.at - 60, claim.at)
                and _of_all(claim, report)
            ):
                yield _not_the_whole(
                    claim, found[0], f"{told(found[0], report)}，办理结果总计 {done}", report
                )


def _counted_before(claim: Claim, report: Report) -> Claim | None:
    """The count of this year right before an 均, where it fits the tables."""
    line = lines_of(report)[id(claim.sentence)]
    last = line.before(claim)[-1:]
    right = last and not last[0].year and not line.counts(last[0].at, claim.at) and agreeing(last[0], report)
    return last[0] if right else None


def _less(claim: Claim, basis: Basis, whole: Claim, report: Report) -> Iterator[Fault]:
    """不予公开的3件均为企业申请, where not all of these were."""
    if not agrees(whole.number, basis.value):
        expected = f"{told(basis, report)}，{whole.quote}"
        yield _not_the_whole(claim, basis, expected, report)


def _of_all(claim: Claim, report: Report) -> bool:
    """True if 均 belongs to all that came in: right behind its count, or with no count at all."""
    line = lines_of(report)[id(claim.sentence)]
    before = line.before(claim)
    if not before:
        return not line.counts(-1, claim.at)
    last = before[-1]
    return last.key in (*CAME, "done") and not line.counts(last.at, claim.at) and last.year == 0


def _not_the_whole(claim: Claim, basis: Basis, expected: str, report: Report) -> Fault:
    return Fault(
        f"正文写“{claim.quote}”，与表中的数不一致。",
        (claim.sentence.about, *worth_showing(basis.cells, report)),
        expected,
        claim.quote,
        places=places_of(claim, basis.cells, report),
        level=Level.WARNING,
    )


def _applicants(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of kinds of applicants that fit no reading, or another one than the count of applications."""
    told_apart = tuple(claims_of("N07", report, context))
    chosen = _chosen(report, context) if told_apart else ""
    for claim, about in told_apart:
        found = agreeing(claim, about)
        if found == []:
            yield fault_of(claim, about, level_of(claim, about))
        elif (
            found and claim.year == 0 and chosen and not claim.says and not _same(claim, found, chosen, about)
        ):
            yield _other_basis(claim, found[0], chosen, about)
    for claim in _all_of(report, "applicant"):
        wanted = {
            report.value("new", "total"),
            report.value("new", "total") + report.value("carry_in", "total"),
        }
        have = bases(claim, report)
        counted = _counted_before(claim, report)
        if counted and counted is claim.within and (counted.family == "result" or counted.key in _CARRIED):
            yield from _less(claim, have[0], counted, report) if have else ()
        elif have and wanted.isdisjoint(basis.value for basis in have) and _of_all(claim, report):
            whole = f"{told(have[0], report)}，本年新收 {report.value('new', 'total')}"
            yield _not_the_whole(claim, have[0], whole, report)


def _chosen(report: Report, context: Context) -> str:
    """The one way in which the sentences count what came in; empty where that cannot be told."""
    ways = set()
    for claim, about in claims_of("N01", report, context):
        if claim.year == 0 and claim.key == "received" and not claim.says:
            found = agreeing(claim, about) or []
            ways |= {_way(basis) for basis in found} if len(found) == 1 else set()
    return ways.pop() if len(ways) == 1 else ""


def _way(basis: Basis) -> str:
    rows = {key.row for key in basis.cells}
    return {frozenset(_NEW): "本年新收", frozenset(_BOTH): "本年新收 + 上年结转"}.get(frozenset(rows), "")


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
        places_of(claim, basis.cells, report),
        Level.WARNING,
    )


def _disputes(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of disputes that fit no reading, and 均为直接起诉 where some went to court otherwise."""
    yield from _wrong("N09", report, context)
    for claim in _all_of(report, "dispute"):
        found = bases(claim, report)
        suits = sum(report.value(row, "total") for row in DISPUTES[1:])
        if found and claim.key in DISPUTES[1:] and found[0].value != suits:
            yield _not_the_whole(claim, found[0], f"{told(found[0], report)}，行政诉讼 {suits}", report)


def _outcomes(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of outcomes that are not those of table four; asked where its total is counted otherwise."""
    for claim, about in claims_of("N10", report, context):
        if agreeing(claim, about) == []:
            whole = claim.within
            same = claim.year == 0 and whole and (whole.says == "named" or agreeing(whole, about))
            yield fault_of(claim, about, None if same and claim.sure else Level.WARNING)
    for claim in _all_of(report, "outcome"):
        found = bases(claim, report)
        if found and claim.within and claim.key != "upheld":
            wholes = bases(claim.within, report)
            if wholes and found[0].value != wholes[0].value:
                expected = f"{told(found[0], report)}，总计 {wholes[0].value}"
                yield _not_the_whole(claim, found[0], expected, report)


_BOASTS = (("all_kept", ("corrected", "pending"), ()), ("unbeaten", ("corrected",), ("pending",)))
"""Words that claim a good end, and the columns that must then be 0, the grave ones first."""
_NEAR = 200
"""So many characters before these words name what came to that end."""


def _boasts(report: Report, _context: Context) -> Iterator[Fault]:
    """All upheld, or none lost, with cases that were corrected or are pending."""
    for sentence in understood(report)[1]:
        for pattern, *columns in _BOASTS:
            for found in sentence.lexicon.patterns[pattern].finditer(sentence.words):
                yield from _boasted(sentence, found.span(), columns, report)


def _boasted(
    sentence: Sentence, span: tuple[int, int], columns: Sequence[tuple[str, ...]], report: Report
) -> Iterator[Fault]:
    words, says, (start, end) = sentence.words, sentence.says, span
    begin = max(words.rfind(mark, 0, start) for mark in "，；,;") + 1
    if (
        not says("disputes", begin - _NEAR, end)
        or not information_in(sentence).at(len(words))
        or says("no_boast", begin, end)
        or (report.adds_up and says("of_a_part", begin - 40, start))
    ):
        return
    named = words[begin if says("disputes", begin, end) else max(0, begin - _NEAR) : end]
    review, suit = (bool(sentence.lexicon.patterns[each].search(named)) for each in ("review", "suit"))
    blocks = DISPUTES[: 1 if review else 0] + DISPUTES[1 if suit else 3 :] or DISPUTES
    for each, level in zip(columns, (None, Level.NOTE), strict=True):
        cells = [CellKey(block, column) for block in blocks for column in each if report.value(block, column)]
        if cells:
            yield _boasted_fault(sentence, span, cells, report, level)


def _boasted_fault(
    sentence: Sentence, span: tuple[int, int], cells: list[CellKey], report: Report, level: Level | None
) -> Fault:
    quote = sentence.quote(*span).rstrip("，,；;、：")
    figures = "、".join(f"{full_name(key, report.form)} {report.cells[key].value}" for key in cells)
    places = (
        place_at(sentence.paragraph, sentence.origin[span[0]], len(quote)),
        *map(report.place_of, cells),
    )
    return Fault(
        f"正文写“{quote}”，但{numbered_table(report, cells[0])}不是这样：{figures}。",
        (sentence.about, *cells),
        figures,
        quote,
        places=tuple(dict.fromkeys(place for place in places if place)),
        level=level,
    )


def _vague(report: Report, context: Context) -> Iterator[Fault]:
    """A figure of the tables that a sentence tells only roughly."""
    for claim in understood(report)[0]:
        about = report if claim.year == 0 else context.last
        if (
            not about
            or not claim.number.vague
            or claim.family not in ("request", "result", "applicant", "dispute", "outcome")
        ):
            continue
        found = bases(claim, about)
        if found:
            yield Fault(
                f"正文写“{claim.quote}”，是约数；表里有准确的数。",
                (claim.sentence.about, found[0].cells[0]),
                told_all(found, about),
                claim.quote,
                places=places_of(claim, found[0].cells if about is report else (), report),
            )


_CHECKS: dict[str, Check] = {
    "N03": _finished,
    "N05": partial(_results, "N05"),
    "N06": partial(_results, "N06"),
    "N07": _applicants,
    "N09": _disputes,
    "N10": _outcomes,
    "T4-04": _boasts,
    "X18": _vague,
}
