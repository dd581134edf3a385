"""What the rules of sentences ought to find, reckoned from the figures and the catalogue alone."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from generating.due_tables import Due
from generating.facts import accepted
from generating.marking import Spot
from generating.state import State

_HALF_STEP = Decimal("0.05")
_HUNDRED = Decimal(100)
_SUITS = ("direct_suit", "suit_after_review")
_DOCUMENTS = ("regulations", "normative")
_RECEIVED = ("new", "both")
_CODES = {
    "carry_in": "N02",
    "total": "N03",
    "carry_out": "N04",
    "open": "N05",
    "partial": "N05",
    "openings": "N05",
}
_DISPUTES = ("review", *_SUITS, "suits", "cases")
_PUBLISHED = ("made", "in_force", "new_public", "new_made")
_RESULTS = ("收到", "受理", "取得", "收取")
_NONE_RECEIVED = ("未收到政府信息公开申请", "没有收到公民", "政府信息公开申请0件", "未收到依申请公开件")
_NO_CASES = {
    "未发生因政府信息公开引发的行政复议、行政诉讼案件": "cases",
    "没有因政府信息公开被提起行政诉讼": "suits",
}
_WON = {"实现零败诉": "suits", "行政复议案件均获维持": "review"}
_NOT_WON = ("corrected", "pending")


def code_of(spot: Spot, state: State) -> str:
    """The rule of the catalogue that compares a number of a sentence with the tables."""
    row, _, column = spot.name.partition(".")
    if spot.kind == "published":
        return "N16"
    if row in _RECEIVED:
        denied = (state.values["both"] > 0) != (state.numbers[spot] > 0)
        return "N07" if column else "N08" if denied else "N01"
    if row in _DISPUTES:
        return "N10" if column else "N09"
    return _CODES.get(row, "N11" if column else "N06")


def accepted_for(spot: Spot, values: Mapping[str, Decimal]) -> set[Decimal]:
    """Every number that the spot's sentence may give."""
    if spot.kind != "published":
        return accepted(spot.name, values)
    row = spot.name.partition(".")[0]
    return {values[f"{row}.{each}"] for each in _PUBLISHED if f"{row}.{each}" in values}


def _where(spot: Spot) -> str:
    return f"{spot.line}.{spot.column}"


def _claims(code: str) -> Due:
    def due(state: State) -> Iterator[str]:
        for spot, number in state.numbers.items():
            if spot.kind in ("table", "published") and code_of(spot, state) == code:
                yield from () if number in accepted_for(spot, state.values) else (_where(spot),)

    return due


def _received(state: State) -> Iterator[str]:
    """Also what is told of the year before, where its report is there; N13 reckons what is compared."""
    yield from _claims("N01")(state)
    compared = {(spot.line, spot.sentence) for spot in state.numbers if spot.kind == "difference"}
    for spot, number in state.numbers.items():
        told = spot.kind == "last" and state.last and (spot.line, spot.sentence) not in compared
        if told and number not in accepted(spot.name, state.last):
            yield _where(spot)


def _denied(state: State) -> Iterator[str]:
    yield from _claims("N08")(state)
    if state.values["new"] and any(each in state.report.text for each in _NONE_RECEIVED):
        yield "denied"


def _disputes(state: State) -> Iterator[str]:
    yield from _claims("N09")(state)
    yield from (
        name for words, name in _NO_CASES.items() if words in state.report.text and state.values[name]
    )


def _won(state: State) -> Iterator[str]:
    for words, row in _WON.items():
        if words in state.report.text and any(state.values[f"{row}.{column}"] for column in _NOT_WON):
            yield words


def _sentences(state: State, kind: str) -> Iterator[list[Spot]]:
    """The numbers of a kind, sentence by sentence."""
    found: dict[tuple[int, tuple[int, int]], list[Spot]] = {}
    for spot in state.numbers:
        if spot.kind == kind:
            found.setdefault((spot.line, spot.sentence), []).append(spot)
    yield from found.values()


def _lists(state: State) -> Iterator[str]:
    for spots in _sentences(state, "list"):
        whole, *parts = (state.numbers[spot] for spot in spots)
        if sum(parts) > whole or (sum(parts) < whole and not spots[0].name.startswith("open ")):
            yield _where(spots[0])


def _organs(state: State) -> Iterator[str]:
    for spots in _sentences(state, "organ"):
        near = [each for each in state.numbers if each.line == spots[0].line and each.kind == "table"]
        wholes = [each for each in near if each.sentence == spots[0].sentence]
        whole = state.numbers[wholes[0]] if wholes else state.values[spots[0].name]
        if sum(state.numbers[spot] for spot in spots) != whole:
            yield _where(spots[0])


def _fees(state: State) -> Iterator[str]:
    told: dict[str, set[Decimal]] = {"pieces": set(), "money": set()}
    for spot, number in state.numbers.items():
        if spot.kind == "fees":
            told[spot.name].add(number)
    if any(len(each) > 1 for each in told.values()):
        yield "told twice"
    pieces, money = (max(each, default=Decimal(0)) for each in told.values())
    if bool(pieces) != bool(money) or any(each % 10 for each in told["money"]):
        yield "impossible"


def _rates(state: State) -> Iterator[str]:
    for spot, number in state.numbers.items():
        true = _true(spot, state)
        exact = spot.kind == "difference"
        step = Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2
        slack = Decimal(0) if exact else max(_HALF_STEP, step)
        if true and all(abs(each - number) > slack for each in true):
            yield _where(spot)


def _true(spot: Spot, state: State) -> list[Decimal]:
    """What a percentage or difference may be; empty where nothing tells, or it is none."""
    if spot.kind == "share":
        return _shares(spot, state)
    if spot.kind not in ("change", "difference"):
        return []
    near = [each for each in state.numbers if (each.line, each.sentence) == (spot.line, spot.sentence)]
    now = [state.numbers[each] for each in near if each.kind == "table" and each.name == spot.name]
    told = [state.numbers[each] for each in near if each.kind == "last"]
    before = told or ([state.last[spot.name]] if spot.name in state.last else [])
    now = now or [state.values[spot.name]]
    if not before or not before[0]:
        return []
    more = abs(now[0] - before[0])
    grows = now[0] >= before[0]
    if grows != _says_more(spot, state):
        more = -more
    return [more if spot.kind == "difference" else more * _HUNDRED / before[0]]


def _says_more(spot: Spot, state: State) -> bool:
    return state.report.text[: spot.start].endswith(("增加", "增长"))


def _shares(spot: Spot, state: State) -> list[Decimal]:
    """A part of anything that it may be a part of: the wholes of table three, the counts told before."""
    near = [each for each in state.numbers if each.line == spot.line and each.column < spot.column]
    name = spot.name.partition("/")[0]
    told = [state.numbers[each] for each in near if each.kind == "table" and each.name == name]
    part = told[-1] if told else state.values[name]
    counts = [state.numbers[each] for each in near if each.kind in ("table", "loose")]
    wholes = {*counts, *(state.values[each] for each in ("new", "both", "total"))}
    return [part * _HUNDRED / whole for whole in wholes if whole and whole >= part] or [_HUNDRED * 2]


def _unpaid(state: State) -> Iterator[str]:
    """Applications ended for want of a fee, and no fee was ever asked."""
    asked = any(number for spot, number in state.numbers.items() if spot.kind in ("notices", "fees"))
    if state.values.get("other_2") and not asked:
        yield "unpaid"


def _notice(state: State) -> Iterator[str]:
    yield from (_where(s) for s, n in state.numbers.items() if s.kind == "notice" and str(n) != s.written)


def _period(state: State) -> Iterator[str]:
    yield from (_where(s) for s, n in state.numbers.items() if s.kind == "period" and str(n) != s.written)


def _stale(state: State) -> Iterator[str]:
    """A sentence that tells a result and begins with the year before."""
    for spot, number in state.numbers.items():
        if (spot.kind, spot.name) == ("loose", "year") and number == state.report.facts.year - 1:
            line = state.report.text.split("\n")[spot.line - 1]
            first, last = spot.sentence
            begins = not line[first - 1 : spot.column - 1].strip()
            if begins and any(each in line[first - 1 : last] for each in _RESULTS):
                yield _where(spot)


DUE: dict[str, Due] = {
    "G03": _organs,
    "N01": _received,
    **{code: _claims(code) for code in ("N02", "N03", "N04", "N05", "N06", "N07", "N10", "N11", "N16")},
    "N08": _denied,
    "N09": _disputes,
    "N12": _lists,
    "N13": _rates,
    "N14": _fees,
    "T3-07": _unpaid,
    "T4-04": _won,
    "X02": _notice,
    "X06": _period,
    "X07": _stale,
}
"""The rule → what it ought to find."""
