"""What a claim may mean in the tables, and how a claim that fits none of it is told."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reportgen.checks.claims.parsing import Claim, cells_of, has_a_twin, is_a_part, understood
from reportgen.checks.claims.phrases import CONCEPTS, Phrase
from reportgen.checks.claims.text import Sentence, once
from reportgen.checks.contract import Check, Context, Fault, place_at
from reportgen.checks.identities import typed_places
from reportgen.chinese.numerals import Number
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Level, Place

_FEW = 4
"""A clerk looks through so many cells; a sum of more is shown by its table."""
_INCLUDING_PARTIAL = re.compile("[，,]?(?:[（(]|其中|含|包括|包含)[^；（()）]{0,12}部分公开")
_DISPUTES = ("review", "direct_suit", "suit_after_review")


class Basis(NamedTuple):
    """One way to read a claim: the cells that are added up, and what they give."""

    cells: tuple[CellKey, ...]
    value: Decimal


def bases(claim: Claim, report: Report) -> list[Basis]:
    """Every way to read a claim in this report's tables, the likeliest first."""
    found: list[Basis] = []
    for parts in _readings(claim):
        cells = [cells_of(phrase, rows, report.form) for phrase, rows in parts]
        if all(cells) and cells:
            keys = tuple(key for each in cells for key in each)
            basis = Basis(keys, sum((_value(report, key) for key in keys), Decimal(0)))
            if basis not in found:
                found.append(basis)
    return found


Reading = list[tuple[Phrase, tuple[str, ...]]]


def _readings(claim: Claim) -> Iterator[Reading]:
    """Rows for every phrase of the claim, in each way that offices count."""
    first, last = claim.phrases[0], claim.phrases[-1]
    if first is not last:
        yield [(phrase, phrase.rows[0]) for phrase in claim.phrases]
        if "、" in claim.quote:
            yield [(last, last.rows[0])]
    elif first.family == "outcome":
        yield from ([(first, rows)] for rows in _disputed(claim))
    elif first.key == "open" and _INCLUDING_PARTIAL.match(claim.sentence.words, claim.span[1]):
        yield from ([(first, rows)] for rows in (*first.rows, *CONCEPTS["openings"].rows))
    elif claim.within is None:
        yield from ([(first, rows)] for rows in first.rows)
    else:
        part = claim.within.phrases[0].family != "request" and "其中" in _between(claim)
        rows_of = (*claim.within.phrases[0].rows, *(() if part else first.rows))
        yield from ([(first, rows)] for rows in rows_of)


def _disputed(claim: Claim) -> Iterator[tuple[str, ...]]:
    """The parts of table four that an outcome may be of."""
    if claim.within and claim.within.phrases[0].family == "dispute":
        yield claim.within.phrases[0].rows[0]
        if re.search("复议.*诉", claim.sentence.words[: claim.at]):
            yield _DISPUTES


def _between(claim: Claim) -> str:
    """The words from the claim that this one is a part of."""
    return claim.sentence.words[claim.within.span[1] : claim.span[0]] if claim.within else ""


def _value(report: Report, key: CellKey) -> Decimal:
    """A cell's number; for a total left blank (a fault of its own) what it would add up to."""
    if report.cells[key].blank and key in report.form.parts:
        return sum((report.cells[part].value for part in report.form.parts[key]), Decimal(0))
    return report.cells[key].value


def told(basis: Basis, report: Report) -> str:
    """The sum as an equation: 本年新收 26 + 上年结转 2 = 28."""
    parts: dict[str, Decimal] = {}
    for key in basis.cells:
        name = _name(key, basis.cells, report.form)
        parts[name] = parts.get(name, Decimal(0)) + _value(report, key)
    terms = " + ".join(f"{name} {number}" for name, number in parts.items())
    return f"{terms} = {basis.value}" if len(parts) > 1 else terms


def told_all(found: list[Basis], report: Report) -> str:
    """Every way to read it, but for those that only add what is 0."""
    worth = [basis for basis in found if not any(_only_adds(basis, other) for other in found)]
    return "，或者 ".join(told(basis, report) for basis in worth)


def _only_adds(basis: Basis, other: Basis) -> bool:
    return basis.value == other.value and set(basis.cells) > set(other.cells)


def _name(key: CellKey, cells: tuple[CellKey, ...], form: Form) -> str:
    """What a message calls a cell among others: a group by its own name, 总计 left out."""
    table, row, column = form.index[key]
    if table.key != "disputes" and sum(form.index[other][1].names[0] == row.names[0] for other in cells) > 1:
        several = len({other.column for other in cells}) > 1
        return f"{row.names[0]}·{column.path[-2]}" if several else row.names[0]
    return row.name if key.column == "total" else f"{row.name}·{column.name}"


def agrees(number: Number, value: Decimal) -> bool:
    """True if the number is this value, as exactly as it is written."""
    return number.value == value if number.step == 1 else abs(number.value - value) * 2 <= number.step


def agreeing(claim: Claim, report: Report) -> list[Basis] | None:
    """The readings that the claim's number fits; None where this report has no such cells."""
    found = bases(claim, report)
    return [basis for basis in found if agrees(claim.number, basis.value)] if found else None


def claims_of(code: str, report: Report, context: Context) -> Iterator[tuple[Claim, Report]]:
    """The exact claims of a rule, each with the report whose tables it speaks of."""
    for claim in _by_code(report).get("N01" if code == "N08" else code, ()):
        about = report if claim.year == 0 else context.last
        if about and code_of(claim, about) == code:
            yield claim, about


@once
def _by_code(report: Report) -> dict[str, list[Claim]]:
    """The exact claims under the codes of their phrases."""
    found: dict[str, list[Claim]] = {}
    for claim in understood(report)[0]:
        if not claim.number.vague:
            found.setdefault(claim.phrases[0].code, []).append(claim)
    return found


def code_of(claim: Claim, report: Report) -> str:
    """The rule that judges the claim: N08 where an application is denied or made up."""
    code = claim.phrases[0].code
    if code == "N01":
        any_at_all = report.value("new", "total") + report.value("carry_in", "total") > 0
        return "N08" if any_at_all != (claim.number.value > 0) else "N01"
    return code


def wrong(code: str) -> Check:
    """A check: the claims of this code that fit no reading."""

    def check(report: Report, context: Context) -> Iterator[Fault]:
        for claim, about in claims_of(code, report, context):
            if agreeing(claim, about) == [] and not _is_told_apart(claim, about, report):
                yield fault_of(claim, about, None if claim.year == 0 else Level.WARNING)

    return check


def _is_told_apart(claim: Claim, about: Report, report: Report) -> bool:
    """True if the sentence itself says what the claim lacks of the figure."""
    others = {
        each.at: (each, [basis.value for basis in bases(each, about)])
        for each in understood(report)[0]
        if each.sentence is claim.sentence
    }
    return is_a_part(claim, others) or has_a_twin(claim, others)


def fault_of(claim: Claim, report: Report, level: Level | None = None) -> Fault:
    """A claim that fits no reading, told."""
    found = bases(claim, report)
    year = "" if claim.year == 0 else f"{report.year}年度年报里"
    message = f"正文写“{claim.quote}”，与{year}表中的数不一致。"
    if claim.phrases[0].key == "asked":
        level = level or Level.WARNING
    return Fault(
        message,
        (claim.sentence.about, *_worth(found[0].cells, report))
        if claim.year == 0
        else (claim.sentence.about,),
        told_all(found, report),
        claim.quote,
        places=places_of(claim.sentence, claim.at, found[0].cells if claim.year == 0 else (), report),
        level=level,
    )


def _worth(cells: tuple[CellKey, ...], report: Report) -> tuple[CellKey, ...]:
    """The cells that have something in them; the first where all are 0."""
    return tuple(key for key in cells if _value(report, key)) or cells[:1]


def places_of(sentence: Sentence, at: int, cells: tuple[CellKey, ...], report: Report) -> tuple[Place, ...]:
    """Where the number stands in the sentence, then the cells."""
    start, end = sentence.span(at)
    first = place_at(sentence.paragraph, start, end - start)
    others = (place for key in _worth(cells, report) for place in _typed(key, report))
    return tuple(dict.fromkeys((first, *others)))


def _typed(key: CellKey, report: Report) -> tuple[Place, ...]:
    """Where a cell stands; for a total that nobody typed where its parts were, unless they are many."""
    parts = typed_places(report, key)
    if 0 < len(parts) <= _FEW:
        return parts
    place = report.place_of(key)
    return (place,) if place else ()
