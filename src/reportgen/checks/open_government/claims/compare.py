"""Claims against the tables: what each may mean there, and how one that fits none of it is told."""

import weakref
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, groupby
from operator import attrgetter
from typing import NamedTuple, cast

from reportgen.checks.contract import Context, Fault, numbered_table, once, place_at
from reportgen.checks.equations import cells_of, equation, figures_of, places_of, value_of, worth_showing
from reportgen.checks.open_government.claims.reading import Claim, understood
from reportgen.checks.open_government.claims.tokens import Concept
from reportgen.chinese.numerals import Number
from reportgen.model.form import CellKey, Form
from reportgen.model.report import Report
from reportgen.problems import Level

_FEW = 4
"""So many figures are told against words that deny them."""
DISPUTES = ("review", "direct_suit", "suit_after_review")
"""The rows of table four: 复议, 未经复议直接起诉, 复议后起诉."""
_IN_MYRIADS = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}
CAME = ("received", "new", "submitted", "asked", "on_request", "volume")
"""The concepts that count what came in; of the last three it is not sure whether applications are meant."""
DONE = CellKey("total", "total")
"""办理结果总计 of table three."""
COMPARED = ("request", "result", "applicant", "dispute", "outcome", "document", "act")
"""The families of claims that have cells; those of the last two are in table two."""


_NEAR = 8
"""So many claims and numbers on each side of a claim belong together; a sentence has no more to say."""


class Basis(NamedTuple):
    """One way to read a claim: the cells that are added up, and what they give."""

    cells: tuple[CellKey, ...]
    value: Decimal

    @property
    def way(self) -> str:
        """What it counts of the applications that came in; empty where it counts others."""
        return _WAYS.get(frozenset(key.row for key in self.cells), "")


_WAYS = {frozenset(["new"]): "本年新收", frozenset(["new", "carry_in"]): "本年新收 + 上年结转"}


# ── what a claim may mean ─────────────────────────────────────────────────────────────────────────────


def bases(claim: Claim, report: Report) -> list[Basis]:
    """Every way to read a claim in this report's tables, the likeliest first."""
    found: list[Basis] = []
    for keys in _readings(claim, report.form):
        if keys:
            basis = Basis(keys, sum((value_of(report, key) for key in keys), Decimal(0)))
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
            narrow = [each._replace(columns=business.get(each.key, each.columns)) for each in phrases]
            yield _sum(narrow, rows, form)
    if len(phrases) > 1 and claim.family in ("request", "result", "dispute"):
        yield from [_sum(phrases[-1:], (), form)] if "、" in claim.quote and claim.says != "total" else ()
    elif claim.askers and first.columns == ("total",):
        columns = tuple(dict.fromkeys(column for each in claim.askers for column in each.columns))
        for rows in first.rows:
            yield _sum([first._replace(columns=columns)], rows, form)
            yield _sum([first._replace(columns=claim.askers[0].columns)], rows, form)


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


def agrees(number: Number, value: Decimal) -> bool:
    """True if the number is this value, as exactly as it is written."""
    return number.value == value if number.step == 1 else abs(number.value - value) * 2 <= number.step


# ── a claim held against the tables ───────────────────────────────────────────────────────────────────


class Held:
    """A claim beside the report whose tables it speaks of, and what else its sentence claims.

    What is reckoned once of a report must not keep it: somebody else does.
    """

    def __init__(self, claim: Claim, report: Report, line: "Line") -> None:
        """Know these."""
        self.claim, self.line, self._report = claim, line, weakref.ref(report)

    @property
    def report(self) -> Report:
        """The report whose tables it speaks of."""
        return cast(Report, self._report())

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
    def doubtful(self) -> bool:
        """True where the reading is not sure, or more counts near it are wrong than right: whose are they?"""
        claim, line = self.claim, self.line
        near = [each for each in (*line.before(claim), self, *line.behind(claim)) if not each.claim.year]
        wrong = {each.claim.at for each in near if each.is_wrong and each.claim.says in ("", "mapped")}
        many = len(wrong) > max(1, len({each.claim.at for each in near if each.fitting}))
        return not claim.sure or (many and claim.family not in ("document", "act"))

    @property
    def level(self) -> Level | None:
        """A warning where the reading is not sure; None for its rule's own level."""
        claim = self.claim
        if claim.year or self.doubtful or claim.says in ("rest", "others", "of", "whole", "among"):
            return Level.WARNING
        named = "行政" in claim.noun or "规章" in claim.noun or not self.report.has("normative", "made")
        plain = claim.family == "document" and claim.phrases[0].code == "N11" and not named
        return Level.WARNING if plain else None

    def told(self, way: str = "") -> str:
        """What the tables have in every way to read it, or in one; but for those that only add what is 0."""
        found = [basis for basis in self.bases if not way or basis.way == way]
        zero = [one for one in found for it in found if one.value == it.value and {*one.cells} > {*it.cells}]
        return "，或者 ".join(equation(basis.cells, self.report) for basis in found if basis not in zero)

    def fault(
        self, message: str, cells: tuple[CellKey, ...], expected: str, level: Level | None = Level.WARNING
    ) -> Fault:
        """A fault at its number, or the words in its place, and at the cells that have something in them."""
        claim, number = self.claim, self.claim.number
        first = place_at(claim.sentence.paragraph, number.start, number.end - number.start)
        others = (place for key in worth_showing(cells, self.report) for place in places_of(key, self.report))
        message, places = f"正文写“{claim.quote}”，{message}", tuple(dict.fromkeys((first, *others)))
        about = claim.sentence.about
        return Fault(message, (about, *cells), expected, claim.quote, places=places, level=level)

    def misfit(self, level: Level | None) -> Fault:
        """The fault of a number that fits no reading, or of words that deny what cells count."""
        claim, report = self.claim, self.report
        cells = worth_showing(self.bases[0].cells, report)
        table, row = numbered_table(report, cells[0]), report.form.index[cells[0]][1].name
        shown = cells if claim.year == 0 else ()
        doubt = "；这句话说的也可能是别的，请核对" if self.doubtful else ""
        if claim.says == "none" and claim.family == "request":
            figure = f"{row} {report.cells[cells[0]].value}"
            return self.fault(f"但{table}的{row}不是 0{doubt}。", shown, figure, level)
        if claim.says == "none":
            figures = figures_of(cells[:_FEW], report)
            return self.fault(f"但{table}不是这样：{figures}{doubt}。", shown, figures, level)
        if claim.family == "document" and shown:
            shown = tuple(key for basis in self.bases for key in basis.cells)
        where = f"{table}中" if claim.family in ("document", "act") else "表中"
        year = "" if claim.year == 0 else f"{report.year}年度年报里"
        return self.fault(f"与{year}{where}的数不一致{doubt}。", shown, self.told(), level)


class Line(NamedTuple):
    """The claims of a sentence, and where its counts stand, all in order."""

    claims: list[Held]
    numbers: list[int]

    def before(self, claim: Claim) -> list[Held]:
        """The numbers claimed right before a claim."""
        at = bisect_left(self.claims, claim.at, key=_place)
        return [each for each in self.claims[max(0, at - _NEAR) : at] if not each.claim.says]

    def behind(self, claim: Claim) -> list[Held]:
        """The claims right behind a claim."""
        at = bisect_right(self.claims, claim.at, key=_place)
        return self.claims[at : at + _NEAR]

    def counts(self, start: int, end: int) -> list[int]:
        """Where counts stand between two indices, a few at most."""
        at = bisect_right(self.numbers, start)
        return [each for each in self.numbers[at : at + _NEAR] if each < end]


_place = attrgetter("claim.at")


@once
def held(report: Report) -> tuple[Held, ...]:
    """Every claim of a report beside its own tables."""
    found: list[Held] = []
    for sentence, claims in groupby(understood(report)[0], attrgetter("sentence")):
        line = Line([], [at for at, each in sentence.numbers.items() if each.kind == "count"])
        own = [Held(claim, report, line) for claim in claims]
        line.claims.extend(sorted((each for each in own if each.claim.says != "some"), key=_place))
        found += own
    return tuple(found)


def saying(says: str, report: Report, *families: str) -> Iterator[Held]:
    """The claims of this year of some families that say this, see ``grammar.Pair``, and have such cells."""
    for each in held(report):
        if each.claim.says == says and each.claim.year == 0 and each.claim.family in families and each.bases:
            yield each


def claims_of(code: str, report: Report, context: Context) -> Iterator[Held]:
    """The exact claims of a rule, each beside the report whose tables it speaks of."""
    for each in held(report):
        claim = each.claim
        if claim.phrases[0].code != ("N01" if code == "N08" else code) or claim.family not in COMPARED:
            continue
        if claim.number.vague or claim.says in ("all", "share", "some"):
            continue
        if claim.stray and context.last is None:
            each = Held(claim._replace(year=0), report, each.line)
        elif claim.year and context.last:
            each = Held(claim, context.last, each.line)
        if (each.claim.year == 0 or each.report is context.last) and each.code == code:
            yield each


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
    left = held.bases[0].value - claim.number.value
    near = [each for each in carried if each.key == "carried" and each.number.value == left]
    ahead = any(says("concluded", each.span[1], claim.span[0]) for each in near if each.at < claim.at)
    return ahead or any(not says("including", claim.span[1], each.at) for each in near if each.at > claim.at)


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
            full = total in figures and numbers[run[count - 1]].value > 0  # no 0 behind makes it up
            if claim.at in run[:count] and others and theirs and full:
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
