"""Lists of numbers that must add up to the whole before them."""

from collections.abc import Iterator
from decimal import Decimal

from reportgen.checks.claims.listed import Listed
from reportgen.checks.claims.listing import lists
from reportgen.checks.claims.parsing import understood
from reportgen.checks.contract import Context, Fault, rule
from reportgen.checks.pointing import place_at
from reportgen.model.report import Report
from reportgen.problems import Level

_NEARLY = Decimal("0.8")


def _fault(listed: Listed, level: Level | None = None) -> Fault:
    terms = " + ".join(str(sentence.numbers[at].value) for sentence, at in listed.parts)
    unit = listed.sentence.numbers[listed.whole].unit
    numbers = ((listed.sentence, listed.whole), *listed.parts)
    places = []
    for sentence, at in numbers:
        start, end = sentence.span(at)
        places.append(place_at(sentence.paragraph, start, end - start))
    side = "多于" if listed.sum > listed.value else "少于"
    return Fault(
        f"分项之和{side}总数：总数写 {listed.value} {unit}，各项相加是 {listed.sum} {unit}。",
        tuple(dict.fromkeys(sentence.about for sentence, _ in numbers)),
        f"{listed.value}",
        f"{terms} = {listed.sum}",
        places=tuple(places),
        level=level,
    )


def _level(listed: Listed) -> Level | None:
    """How grave it is that the parts do not add up; None where they do, or need not."""
    vague = any(
        sentence.numbers[at].vague for sentence, at in ((listed.sentence, listed.whole), *listed.parts)
    )
    if listed.sum == listed.value or vague:
        return None
    if listed.sum > listed.value:
        return Level.WARNING
    if listed.open:
        return None
    return Level.WARNING if listed.closed or listed.sum >= listed.value * _NEARLY else Level.NOTE


@rule(
    "N12",
    Level.WARNING,
    title="分项之和与总数不符",
    what="正文写“共几条，其中甲几条、乙几条”或“共几条。一是几条，二是几条”的，各项相加等于总数；写“等”“主要”的，不多于总数。"
    "“其中”后面各项相加不到总数八成的，可能只是举例，只作说明。",
    why="分项加不上总数，读者一算就知道有错。",
    basis="《条例》第五十条",
    fix="逐项核对；只列了一部分的，在后面写“等”。",
)
def parts_of_a_whole(report: Report, _context: Context) -> Iterator[Fault]:
    """A list whose parts do not add up to its whole."""
    for listed in lists(report):
        level = _level(listed)
        if level and not _by_organ(listed, report):
            yield _fault(listed, level)


def _by_organ(listed: Listed, report: Report) -> bool:
    """True if a count of applications is told organ by organ."""
    counted = {
        (id(claim.sentence), claim.at)
        for claim in understood(report)[0]
        if claim.phrases[0].family == "request"
    }
    return listed.organs and (id(listed.sentence), listed.whole) in counted


@rule(
    "G03",
    Level.ERROR,
    title="各单位件数之和与全部件数不符",
    what="正文按单位列出申请件数的，各单位相加等于写明的总件数。",
    why="汇总年报的总数来自各单位，加不上就是漏了、重了或者写错了。",
    basis="《条例》第五十条；国务院办公厅年报格式",
    fix="对照各单位的年报逐个核对；只列了一部分单位的，在后面写“等”。",
)
def organs_of_a_whole(report: Report, _context: Context) -> Iterator[Fault]:
    """Applications told organ by organ that do not add up to those of all."""
    for listed in lists(report):
        level = _level(listed)
        if level and _by_organ(listed, report):
            yield _fault(listed, None if level is Level.WARNING else level)
