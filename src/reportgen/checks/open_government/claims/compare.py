"""Claims against the tables: what each may mean there, and how one that fits none of it is told."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, numbered_table, place_at
from reportgen.checks.identities import typed_places
from reportgen.checks.open_government.claims.reading import Claim, understood
from reportgen.checks.open_government.claims.tokens import Concept, once
from reportgen.chinese.numerals import Number
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Level, Place

_FEW = 4
"""A clerk looks through so many cells; a sum of more is shown by its table."""
DISPUTES = ("review", "direct_suit", "suit_after_review")
"""The rows of table four: 复议, 未经复议直接起诉, 复议后起诉."""
_IN_MYRIADS = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}
CAME = ("received", "new", "submitted", "asked", "on_request", "volume")
"""The concepts that count what came in; of the last three it is not sure whether applications are meant."""
DONE = CellKey("total", "total")
"""办理结果总计 of table three."""
_COMPARED = frozenset(["request", "result", "applicant", "dispute", "outcome", "document", "act"])


_NEAR = 8
"""So many claims and numbers on each side of a claim belong together; a sentence has no more to say."""


class Basis(NamedTuple):
    """One way to read a claim: the cells that are added up, and what they give."""

    cells: tuple[CellKey, ...]
    value: Decimal


# ── what a claim may mean ─────────────────────────────────────────────────────────────────────────────


def bases(claim: Claim, report: Report) -> list[Basis]:
    """Every way to read a claim in this report's tables, the likeliest first."""
    found: list[Basis] = []
    for keys in _readings(claim, report.form):
        if keys:
            basis = Basis(keys, sum((_value(report, key) for key in keys), Decimal(0)))
            if basis not in found:
                found.append(basis)
    return found


def _readings(claim: Claim, form: Form) -> Iterator[tuple[CellKey, ...]]:
    """The cells for the claim's phrases, in each way that offices count."""
    first, phrases = claim.phrases[0], claim.phrases
    if claim.family == "document":
        row = "regulations" if "规章" in claim.noun else "normative"
        yield from ((CellKey(row, each),) for each in first.columns if CellKey(row, each) in form.index)
        return
    for rows in _rows(claim):
        yield _sum(phrases, rows, form)
        if claim.family == "applicant":  # 企业 may be all organisations, or 商业企业 alone
            business = {"companies": ("business",)}
            yield _sum([_in(business.get(each.key, each.columns), each) for each in phrases], rows, form)
    if len(phrases) > 1 and claim.family in ("request", "result", "dispute"):
        yield from [_sum(phrases[-1:], (), form)] if "、" in claim.quote and claim.says != "total" else ()
    elif claim.askers and first.columns == ("total",):
        columns = tuple(dict.fromkeys(column for each in claim.askers for column in each.columns))
        for rows in first.rows:
            yield _sum([_in(columns, first)], rows, form)
            yield _sum([_in(claim.askers[0].columns, first)], rows, form)


def _in(columns: tuple[str, ...], phrase: Concept) -> Concept:
    return phrase._replace(columns=columns)


def _sum(phrases: Sequence[Concept], rows: tuple[str, ...], form: Form) -> tuple[CellKey, ...]:
    """The cells that phrases add up, in these rows or else each in its own; none if the form lacks some."""
    cells = [cells_of(rows or each.rows[0], each.columns, form) for each in phrases]
    return tuple(key for each in cells for key in each) if all(cells) else ()


def _rows(claim: Claim) -> Iterator[tuple[str, ...]]:
    """The rows that a claim may be of; none where each of its phrases has its own."""
    whole, words, first = claim.within, claim.sentence.words, claim.phrases[0]
    if claim.family == "outcome":
        yield from _disputed(claim)
    elif claim.family == "applicant":  # of the claim that it is a part of, first
        if whole and len(whole.phrases) == 1:
            yield from whole.phrases[0].rows
        part = whole and whole.family != "request" and "其中" in words[whole.span[1] : claim.span[0]]
        yield from () if part else first.rows
        yield from ((row,) for row in claim.ended)
    elif len(claim.phrases) > 1:
        yield ()
    else:
        yield from first.rows
        including = claim.sentence.lexicon.patterns["with_partial"]
        if first.key == "open" and including.match(words, claim.span[1]):
            yield ("open", "partial")


def _disputed(claim: Claim) -> Iterator[tuple[str, ...]]:
    """The parts of table four that an outcome may be of: those named last, with those right before."""
    rows: dict[str, None] = {}
    whole = claim.within
    if "复议" in claim.sentence.words[slice(*claim.said)]:  # 被复议机关纠正1件, whatever was told before
        yield DISPUTES[:1]
    while whole and whole.family == "dispute" and len(rows) < len(DISPUTES):
        rows |= dict.fromkeys(row for phrase in whole.phrases for row in phrase.rows[0])
        yield tuple(rows)
        whole = whole.within


@lru_cache(maxsize=1024)
def cells_of(rows: tuple[str, ...], columns: tuple[str, ...], form: Form) -> tuple[CellKey, ...]:
    """The cells that rows and columns add up in this form; empty where the form lacks one of the rows."""
    found: list[CellKey] = []
    for row in rows:
        stem = row.removesuffix("_*")
        all_of_it = [key for key in form.row_keys.values() if key == stem or key.startswith(f"{stem}_")]
        cells = [CellKey(key, column) for key in (all_of_it if row != stem else [row]) for column in columns]
        if not cells or any(cell not in form.index for cell in cells):
            return ()
        found += cells
    return tuple(found)


def _value(report: Report, key: CellKey) -> Decimal:
    """A cell's number; for a total left blank (a fault of its own) what it would add up to."""
    if report.cells[key].blank and key in report.form.parts:
        return sum((report.cells[part].value for part in report.form.parts[key]), Decimal(0))
    return report.cells[key].value


def agrees(number: Number, value: Decimal) -> bool:
    """True if the number is this value, as exactly as it is written."""
    return number.value == value if number.step == 1 else abs(number.value - value) * 2 <= number.step


# ── a claim held against the tables ───────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class Held:
    """A claim beside the report whose tables it speaks of, and what else its sentence claims."""

    claim: Claim
    report: Report
    line: "Line"

    @cached_property
    def bases(self) -> list[Basis]:
        """Every way to read it, the likeliest first; none where this report has no such cells."""
        return bases(self.claim, self.report)

    @cached_property
    def fitting(self) -> list[Basis]:
        """The readings that its number fits."""
        number = self.claim.number
        if number.unit in _IN_MYRIADS:
            factor = _IN_MYRIADS[number.unit]
            number = number._replace(value=number.value * factor, step=number.step * factor)
        return [basis for basis in self.bases if agrees(number, basis.value)]

    @property
    def is_wrong(self) -> bool:
        """True if there are readings, and its number fits none of them."""
        return bool(self.bases) and not self.fitting

    @property
    def code(self) -> str:
        """The rule that judges it: N08 where an application is denied or made up."""
        claim, code = self.claim, self.claim.phrases[0].code
        if claim.key not in CAME:
            return code
        if claim.says == "some":
            return "N08"
        any_at_all = self.report.value("new", "total") + self.report.value("carry_in", "total") > 0
        return "N08" if code == "N01" and any_at_all != (claim.number.value > 0) else code

    @property
    def level(self) -> Level | None:
        """A warning where the reading is not sure; None for its rule's own level."""
        claim = self.claim
        unsure = claim.year or not claim.sure or claim.key in CAME[3:]
        if unsure or claim.says in ("rest", "others", "of", "whole", "among"):
            return Level.WARNING
        named = "行政" in claim.noun or "规章" in claim.noun or not self.report.has("normative", "made")
        plain = claim.family == "document" and claim.phrases[0].code == "N11" and not named
        return Level.WARNING if plain else None

    def told(self) -> str:
        """What the tables have, in every way to read it."""
        return told_all(self.bases, self.report)

    def fault(
        self, message: str, cells: tuple[CellKey, ...], expected: str, level: Level | None = Level.WARNING
    ) -> Fault:
        """A fault at its number, or the words in its place, and at the cells that have something in them."""
        claim, number = self.claim, self.claim.number
        first = place_at(claim.sentence.paragraph, number.start, number.end - number.start)
        others = (place for key in worth_showing(cells, self.report) for place in _typed(key, self.report))
        return Fault(
            f"正文写“{claim.quote}”，{message}",
            (claim.sentence.about, *cells),
            expected,
            claim.quote,
            places=tuple(dict.fromkeys((first, *others))),
            level=level,
        )

    def misfit(self, level: Level | None) -> Fault:
        """The fault of a number that fits no reading, or of words that deny what cells count."""
        claim, report, cells = self.claim, self.report, self.bases[0].cells
        if claim.says == "none":
            return self._contradicted(level)
        of_table_two = claim.family in ("document", "act")
        where = f"{numbered_table(report, cells[0])}中" if of_table_two else "表中"
        year = "" if claim.year == 0 else f"{report.year}年度年报里"
        shown = worth_showing(cells, report)
        if claim.family == "document":
            shown = tuple(key for basis in self.bases for key in basis.cells)
        return self.fault(
            f"与{year}{where}的数不一致。", shown if claim.year == 0 else (), self.told(), level
        )

    def _contradicted(self, level: Level | None) -> Fault:
        report, cells = self.report, self.bases[0].cells
        keys = worth_showing(cells, report) if self.claim.year == 0 else ()
        shown = keys or worth_showing(cells, report)
        if self.claim.family == "request":
            row = report.form.index[shown[0]][1].name
            figures = f"{row} {report.cells[shown[0]].value}"
            return self.fault(f"但{numbered_table(report, shown[0])}的{row}不是 0。", keys, figures, level)
        figures = figures_of(shown[:_FEW], report)
        return self.fault(f"但{numbered_table(report, shown[0])}不是这样：{figures}。", keys, figures, level)


class Line(NamedTuple):
    """The claims of a sentence and where they stand, and where its counts stand, all in order."""

    claims: list[Held]
    places: list[int]
    numbers: list[int]

    def before(self, claim: Claim) -> list[Held]:
        """The numbers claimed right before a claim."""
        at = bisect_left(self.places, claim.at)
        return [each for each in self.claims[max(0, at - _NEAR) : at] if not each.claim.says]

    def behind(self, claim: Claim) -> list[Held]:
        """The claims right behind a claim."""
        at = bisect_right(self.places, claim.at)
        return self.claims[at : at + _NEAR]

    def counts(self, start: int, end: int) -> list[int]:
        """Where counts stand between two indices, a few at most."""
        at = bisect_right(self.numbers, start)
        return [each for each in self.numbers[at : at + _NEAR] if each < end]


@once
def held(report: Report) -> tuple[Held, ...]:
    """Every claim of a report beside its own tables."""
    lines: dict[int, Line] = {}
    found: list[Held] = []
    for claim in understood(report)[0]:
        line = lines.get(id(claim.sentence))
        if line is None:
            numbers = [at for at, each in claim.sentence.numbers.items() if each.kind == "count"]
            line = lines[id(claim.sentence)] = Line([], [], numbers)
        found.append(Held(claim, report, line))
        if claim.says != "some":
            line.claims.append(found[-1])
    for line in lines.values():
        line.claims.sort(key=lambda each: each.claim.at)
        line.places.extend(each.claim.at for each in line.claims)
    return tuple(found)


def saying(says: str, report: Report) -> list[Held]:
    """The claims of this year that say something of this kind, see ``grammar.Pair``."""
    return [each for each in held(report) if each.claim.says == says and each.claim.year == 0]


def claims_of(code: str, report: Report, context: Context) -> Iterator[Held]:
    """The exact claims of a rule, each beside the report whose tables it speaks of."""
    for each in held(report):
        claim = each.claim
        if claim.phrases[0].code != ("N01" if code == "N08" else code) or claim.family not in _COMPARED:
            continue
        if claim.number.vague or claim.says in ("all", "share", "some"):
            continue
        if claim.stray and context.last is None:
            each = Held(claim._replace(year=0), report, each.line)
        elif claim.year and context.last:
            each = Held(claim, context.last, each.line)
        if (each.claim.year == 0 or each.report is context.last) and each.code == code:
            yield each


# ── the figures of the tables, told ───────────────────────────────────────────────────────────────────


def worth_showing(cells: tuple[CellKey, ...], report: Report) -> tuple[CellKey, ...]:
    """The cells that have something in them; the first where all are 0."""
    return tuple(key for key in cells if _value(report, key)) or cells[:1]


def _typed(key: CellKey, report: Report) -> tuple[Place, ...]:
    """Where a cell stands; for a total that nobody typed where its parts were, unless they are many."""
    parts = typed_places(report, key)
    if 0 < len(parts) <= _FEW:
        return parts
    place = report.place_of(key)
    return (place,) if place else ()


def figures_of(cells: Iterable[CellKey], report: Report) -> str:
    """Cells with what is in them."""
    return "、".join(f"{full_name(key, report.form)} {report.cells[key].value}" for key in cells)


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
    if table.key == "disclosure":
        return full_name(key, form)
    if table.key != "disputes" and sum(form.index[other][1].names[0] == row.names[0] for other in cells) > 1:
        several = len({other.column for other in cells}) > 1
        return f"{row.names[0]}·{column.path[-2]}" if several else row.names[0]
    return row.name if key.column == "total" else f"{row.name}·{column.name}"


def full_name(key: CellKey, form: Form) -> str:
    """A cell by its row and column, with 万元 where it counts these."""
    _, row, column = form.index[key]
    return f"{row.name}·{column.name}{f'（{column.unit}）' if column.unit == '万元' else ''}"


# ── counts of a part only, told apart by the sentence itself: 收到20件，受理19件，退回1件 ──


def is_told_apart(held: Held) -> bool:
    """True if the sentence itself says what the claim lacks of the figure."""
    claim, line = held.claim, held.line
    if claim.part:
        return claim.number.value <= max(basis.value for basis in held.bases)
    if claim.says in ("rest", "others"):
        return _is_the_rest(held)
    if claim.key == "done" and _is_of_the_year(held):
        return True
    if claim.says in ("none", "total") or claim.family not in ("request", "document"):
        return False
    near = [*line.before(claim), held, *line.behind(claim)]
    same = [each.claim for each in near if each.claim.key == claim.key and each.claim.noun == claim.noun]
    told = {
        each.claim.at: [basis.value for basis in bases(each.claim, held.report)]
        for each in near
        if each.claim.says not in ("none", "all", "total")
    }
    if claim.family == "document" and len(same) > 1:
        return sum(each.number.value for each in same) in told[claim.at]
    return claim.at in told and (_is_a_part(claim, told, line) or _has_a_twin(claim, told, line))


def _is_of_the_year(held: Held) -> bool:
    """True for 新收26件，办结23件；上年结转2件，全部办结: what came over is told apart, behind or before."""
    claim, says = held.claim, held.claim.sentence.says
    carried = (each.claim for each in (*held.line.before(claim), *held.line.behind(claim)))
    return any(
        each.key == "carried" and claim.number.value + each.number.value == held.bases[0].value
        for each in carried
        if (
            says("concluded", each.span[1], claim.span[0])
            if each.at < claim.at
            else not says("including", claim.span[1], each.at)
        )
    )


def _is_the_rest(held: Held) -> bool:
    """True if 其余6件 is what the sentence leaves of a figure, or of the number that it began with."""
    claim, line, done = held.claim, held.line, held.report.value(*DONE)
    ahead = (each.claim for each in line.before(claim))
    results = sum((each.number.value for each in ahead if each.family == "result"), Decimal(0))
    told = [
        claim.sentence.numbers[at].value
        for at in line.counts(-1, claim.at)
        if not claim.sentence.says("aside", at - 20, at)  # 20件（含上年结转2件）
    ]
    left = told[0] - sum(told[1:]) if told else None
    parts = sum(told) if claim.key == "done" else results
    return claim.number.value in (*(each.value for each in held.bases), done - parts, done - results, left)


def _is_a_part(claim: Claim, told: Mapping[int, list[Decimal]], line: Line) -> bool:
    """True if a claim with its neighbours adds up to a figure that the sentence tells before it.

    Neighbours that are claims must fit figures of their own; what is no claim may be of anything. How
    applications ended is never told in parts.
    """
    numbers = claim.sentence.numbers
    for whole, figures in told.items() if claim.key in (*CAME, "carried", "moved") else ():
        behind = line.counts(whole, len(claim.sentence.words)) if whole < claim.at else []
        run = [at for at in behind if numbers[at].unit == claim.number.unit]
        for count, total in enumerate(accumulate(numbers[at].value for at in run), 1):
            others = {*run[:count]} - {claim.at}
            theirs = all(at not in told or numbers[at].value in told[at] for at in others)
            if claim.at in run[:count] and others and theirs and total in figures and total > 0:
                return True
    return False


def _has_a_twin(claim: Claim, told: Mapping[int, list[Decimal]], line: Line) -> bool:
    """True if the next number is told by the same words and makes up what the claim lacks.

    按期答复20件，延期答复1件 where 21 were.
    """
    words, numbers = claim.sentence.words, claim.sentence.numbers
    after = line.counts(claim.at, len(words))[:1]
    if not after or after[0] in told or numbers[after[0]].unit != claim.number.unit:
        return False
    same = words[slice(*claim.said)] in words[claim.span[1] : after[0]]
    return same and claim.number.value + numbers[after[0]].value in told[claim.at]
