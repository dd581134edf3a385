"""The rules on sentences and tables: pages from the lexicon, and what some ask beyond a number that fits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import Check, Context, Fault, Rule, numbered_table, place_at
from reportgen.checks.equations import equation, figures_of, worth_showing
from reportgen.checks.open_government.claims import compare, rates, sums
from reportgen.checks.open_government.claims.compare import CAME, DISPUTES, DONE, Held, claims_of, saying
from reportgen.checks.open_government.claims.reading import understood
from reportgen.checks.open_government.claims.scope import Information
from reportgen.checks.open_government.claims.tokens import Sentence
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_LEFT = CellKey("carry_out", "total")


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
    for held in saying("some", report, *compare.COMPARED):
        cells = tuple(dict.fromkeys(key for basis in held.bases for key in basis.cells))
        if held.code == code and _is_all_zero(cells, report):
            zero = figures_of(cells[:1], report)
            fault = held.fault(f"但{numbered_table(report, cells[0])}里都是 0。", cells[:1], zero)
            yield replace(fault, fix="没有发生的，写明没有；发生了的，填表中的数。")


def _is_all_zero(cells: Sequence[CellKey], report: Report) -> bool:
    """True if all these cells are there, and each is a written 0."""
    return all(
        key in report.cells and not report.cells[key].blank and not report.cells[key].value for key in cells
    )


def _wrong(code: str, report: Report, context: Context) -> Iterator[Fault]:
    """The claims of this code that fit no reading."""
    for held in claims_of(code, report, context):
        if held.is_wrong and not compare.is_told_apart(held):
            yield held.misfit(held.level)


# ── 均, 全部: what asks more than whether a number fits ───────────────────────────────────────────────


def _not_the_whole(held: Held, expected: str) -> Fault:
    """An 均 that is told of more than its cells count."""
    cells = worth_showing(held.bases[0].cells, held.report)
    return held.fault("与表中的数不一致。", cells, expected)


def _counted_before(held: Held) -> Held | None:
    """The count of this year right before an 均, where it fits the tables."""
    last = held.line.before(held.claim)[-1:]
    if not last or last[0].claim.year or held.line.counts(last[0].claim.at, held.claim.at):
        return None
    return last[0] if last[0].fitting else None


def _less(held: Held, whole: Held) -> Iterator[Fault]:
    """不予公开的3件均为企业申请, where not all of these were."""
    basis = held.bases[0]
    if not compare.agrees(whole.claim.number, basis.value):
        yield _not_the_whole(held, f"{equation(basis.cells, held.report)}，{whole.claim.quote}")


def _of_all(held: Held) -> bool:
    """True if 均 belongs to all that came in: right behind its count, or with no count of others."""
    before = held.line.before(held.claim)
    if not before:
        sentence, counts = held.claim.sentence, held.line.counts(-1, held.claim.at)
        told, whole = {sentence.numbers[at].value for at in counts}, held.report.value("new", "total")
        return not told or (told <= {whole, held.report.value(*DONE)} and bool(sentence.says("asked_for")))
    last = before[-1].claim
    return last.key in (*CAME, "done") and not held.line.counts(last.at, held.claim.at) and last.year == 0


def _finished(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of what was concluded that are not the total, and 均已办结 where some were carried over.

    Silent where as many as came in were concluded: the words may count only how many there were.
    """
    yield from _wrong("N03", report, context)
    yield from _undone(report)
    for held in saying("all", report, "request") if report.value(*_LEFT) else ():
        whole = _whole_before(held) if held.claim.key == "done" else None
        if not whole or whole.claim.number.value == report.value(*DONE) or not whole.fitting:
            continue
        if not held.claim.sentence.says("limited", whole.claim.span[1], held.claim.span[1]):
            yield _not_all(held, whole)


def _whole_before(held: Held) -> Held | None:
    """The count of what came in that an 均 belongs to; None where another count stands between."""
    before = held.line.before(held.claim)
    if any(each.claim.key == "done" for each in before):
        return None
    whole = [each for each in before if each.claim.year == 0 and {*each.claim.key.split("+")} & {*CAME}]
    return whole[-1] if whole and not held.line.counts(before[-1].claim.at, held.claim.at) else None


def _not_all(held: Held, whole: Held) -> Fault:
    report, sentence = held.report, held.claim.sentence
    quote = sentence.quote(whole.claim.span[0], held.claim.span[1])
    row = report.form.index[_LEFT][1].path[-1].partition("、")[2]
    where = f"但{numbered_table(report, _LEFT)}有{row}的 {report.value(*_LEFT)} 件，不是全部办结。"
    expected = f"办结 {report.value(*DONE)}，结转下年度 {report.value(*_LEFT)}"
    fault = whole.fault(where, (DONE, _LEFT), expected)
    fix = "写明办结和结转下年度的件数，或者改表中的数。"
    return replace(fault, message=f"正文写“{quote}”，{where}", found=quote, fix=fix)


def _undone(report: Report) -> Iterator[Fault]:
    """企业的申请均未办结, where nothing of theirs was left for the next year."""
    for sentence in understood(report)[1] if report.value(*DONE) else ():
        found = sentence.says("undone")
        begin = sentence.words.rfind("；", 0, found.start()) + 1 if found else 0
        if not found or "申请" not in sentence.words[begin : found.end()]:
            continue
        askers = (
            token.concept.columns
            for token in sentence.lexicon.tokens(sentence)
            if token.sign == "A" and begin <= token.start < found.start()
        )
        columns = dict.fromkeys(column for each in askers for column in each) or ("total",)
        left = [CellKey(_LEFT.row, column) for column in columns]
        this_year = {each.value for each in sentence.numbers.values() if each.kind == "year"} <= {report.year}
        if this_year and not sentence.says("of_else", begin, found.end()) and _is_all_zero(left, report):
            yield _said_wrongly(sentence, found.span(), left[:1], report, Level.WARNING)


def _said_wrongly(
    sentence: Sentence, span: tuple[int, int], cells: list[CellKey], report: Report, level: Level | None
) -> Fault:
    """Words that cells contradict."""
    quote = sentence.quote(*span).rstrip("，,；;、：")
    figures = figures_of(cells, report)
    first = place_at(sentence.paragraph, sentence.origin[span[0]], len(quote))
    places = dict.fromkeys((first, *filter(None, map(report.place_of, cells))))
    message = f"正文写“{quote}”，但{numbered_table(report, cells[0])}不是这样：{figures}。"
    return Fault(message, (sentence.about, *cells), figures, quote, places=tuple(places), level=level)


def _results(code: str, report: Report, context: Context) -> Iterator[Fault]:
    """Counts of results that fit no row, and 全部予以公开 where other results are counted."""
    yield from _wrong(code, report, context)
    for held in saying("all", report, "result") if DONE in report.cells else ():
        if held.claim.phrases[0].code != code:
            continue
        done, basis, whole, at = report.value(*DONE), held.bases[0], _counted_before(held), held.claim.at
        result = whole and whole.claim.family == "result"
        if whole and result and set(basis.cells) < set(whole.bases[0].cells):
            yield from _less(held, whole)  # 无法提供的3件都是不掌握的
        elif basis.value != done and not held.claim.sentence.says("limited", at - 60, at) and _of_all(held):
            yield _not_the_whole(held, f"{equation(basis.cells, report)}，办理结果总计 {done}")


def _applicants(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of kinds of applicants that fit no reading, or another one than the count of applications."""
    told_apart = tuple(claims_of("N07", report, context))
    chosen = _chosen(report, context) if told_apart else ""
    for held in told_apart:
        if held.is_wrong:
            yield held.misfit(held.level)
        elif held.fitting and chosen and not held.claim.year and not held.claim.says:
            yield from _counted_otherwise(held, chosen)
    new, carried = report.value("new", "total"), report.value("carry_in", "total")
    for held in saying("all", report, "applicant"):
        whole = _counted_before(held)
        key, family = (whole.claim.key, whole.claim.family) if whole else ("", "")
        part = family == "result" or key in ("carried", "goes_on", "on_hand")
        if whole and part and whole.claim is held.claim.within:
            yield from _less(held, whole)
        elif {new, new + carried}.isdisjoint(basis.value for basis in held.bases) and _of_all(held):
            yield _not_the_whole(held, f"{equation(held.bases[0].cells, report)}，本年新收 {new}")


def _chosen(report: Report, context: Context) -> str:
    """The one way in which the sentences count what came in; empty where that cannot be told."""
    ways = {
        held.fitting[0].way
        for held in claims_of("N01", report, context)
        if held.claim.year == 0 and held.claim.key == "received" and not held.claim.says
        if len(held.fitting) == 1
    }
    return ways.pop() if len(ways) == 1 else ""


def _counted_otherwise(held: Held, chosen: str) -> Iterator[Fault]:
    """A count of applicants that surely goes another way than the sentence that it belongs to."""
    within, cells = held.claim.within, held.fitting[0].cells
    possible, ways = ({basis.way for basis in found} for found in (held.bases, held.fitting))
    same = chosen in ways or chosen not in possible or "" in ways
    if not same and not (within and within.key != "received"):
        fault = held.fault(f"口径与收件数不同：收件数是{chosen}。", cells, held.told(chosen))
        fix = "收件数和申请人件数用同一个口径。"
        yield replace(fault, found=equation(cells, held.report), fix=fix)


# ── table four ────────────────────────────────────────────────────────────────────────────────────────


def _disputes(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of disputes that fit no reading, and 均为直接起诉 where some went to court otherwise."""
    yield from _wrong("N09", report, context)
    suits = sum(report.value(row, "total") for row in DISPUTES[1:])
    for held in saying("all", report, "dispute"):
        if held.claim.key in DISPUTES[1:] and held.bases[0].value != suits:
            yield _not_the_whole(held, f"{equation(held.bases[0].cells, report)}，行政诉讼 {suits}")


def _outcomes(report: Report, context: Context) -> Iterator[Fault]:
    """Counts of outcomes that are not those of table four; asked where its total is counted otherwise."""
    for held in claims_of("N10", report, context):
        if held.is_wrong:
            whole = held.claim.within
            same = whole and (whole.says == "named" or Held(whole, held.report, held.line).fitting)
            yield held.misfit(held.level if same else Level.WARNING)
    for held in saying("all", report, "outcome"):
        whole = held.claim.within
        wholes = compare.bases(whole, report) if whole and held.claim.key != "upheld" else []
        if wholes and held.bases[0].value != wholes[0].value:
            yield _not_the_whole(held, f"{equation(held.bases[0].cells, report)}，总计 {wholes[0].value}")


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
        or not Information(sentence).at(len(words))
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
            yield _said_wrongly(sentence, span, cells, report, level)


def _vague(report: Report, context: Context) -> Iterator[Fault]:
    """A figure of the tables that a sentence tells only roughly."""
    for held in compare.held(report):
        claim, about = held.claim, report if held.claim.year == 0 else context.last
        if claim.number.vague and about and claim.family in compare.COMPARED[:-2]:
            beside = held if about is report else Held(claim, about, held.line)
            cells = beside.bases[0].cells[:1] if beside.bases and about is report else ()
            if beside.bases:
                yield beside.fault("是约数；表里有准确的数。", cells, beside.told(), None)


_CHECKS: dict[str, Check] = {
    "N03": _finished,
    **{code: partial(_results, code) for code in ("N05", "N06")},
    "N07": _applicants,
    "N09": _disputes,
    "N10": _outcomes,
    "N12": sums.parts_of_a_whole,
    "N13": rates.rates,
    "G03": sums.organs_of_a_whole,
    "T4-04": _boasts,
    "X18": _vague,
}
