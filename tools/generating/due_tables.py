"""What the rules of the tables ought to find, reckoned from the figures and the catalogue alone.

Each function returns names of the faults: a change ought to be caught by a rule that has a new one then.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from generating.state import State

_COLUMNS = ("person", "business", "research", "nonprofit", "legal", "other", "total")
_ENDS = ("new", "carry_in", "total", "carry_out")
_DOCUMENTS = ("regulations", "normative")
_ITEMS = ("permits", "services", "penalties", "coercions", "fees")
_DECIDED = ("permits.decisions", "penalties.decisions", "coercions.decisions", "fees.amount")
_BLOCKS = ("review", "direct_suit", "suit_after_review")
_OUTCOMES = ("upheld", "corrected", "otherwise", "pending")
_MAKERS = ("国务院部门", "省级政府", "市级政府")
_HIGH = ("国务院部门", "省级政府", "省级部门")
_LOW = ("乡镇政府", "街道办事处")

Due = Callable[[State], Iterator[str]]


def _rows(state: State) -> tuple[str, ...]:
    """The rows of table three."""
    [table] = [each for each in state.report.facts.form.tables if each.key == "requests"]
    return tuple(dict.fromkeys(key.row for key, _, _ in table.cells()))


def _negative(state: State) -> Iterator[str]:
    signed = ("change",)
    yield from (name for name, number in state.cells.items() if number < 0 and not name.endswith(signed))


def _broken(state: State) -> Iterator[str]:
    money = ("fees.amount", "procurement.spending")
    for name, number in state.cells.items():
        if number != number.to_integral_value() and name not in money:
            yield name


def _yuan(state: State) -> Iterator[str]:
    level = state.report.facts.seat.organ.level
    most = 10_000 if level in _LOW else 1_000_000
    if level not in _HIGH and state.cells.get("fees.amount", 0) > most:
        yield "fees"


def _in_force(state: State) -> Iterator[str]:
    for row in _DOCUMENTS:
        before = state.last.get(f"{row}.in_force")
        made, repealed, now = _pieces(state, row)
        if before is not None and now is not None and now != before + made - repealed:
            yield row


def _pieces(state: State, row: str) -> tuple[Decimal, Decimal, Decimal | None]:
    zero = Decimal(0)
    return (
        state.values.get(f"{row}.made", zero),
        state.values.get(f"{row}.repealed", zero),
        state.values.get(f"{row}.in_force"),
    )


def _fewer_than_made(state: State) -> Iterator[str]:
    for row in _DOCUMENTS:
        made, repealed, now = _pieces(state, row)
        if now is not None and repealed == 0 and now < made:
            yield row


def _vanished(state: State) -> Iterator[str]:
    """Where nothing was repealed, T2-02 speaks."""
    for row in _DOCUMENTS:
        made, repealed, now = _pieces(state, row)
        if now is not None and f"{row}.in_force" not in state.last and repealed and now + repealed < made:
            yield row


def _nobodys(state: State) -> Iterator[str]:
    if state.report.facts.seat.organ.level not in _MAKERS:
        filled = any(n for name, n in state.values.items() if name.startswith("regulations."))
        yield from ("regulations",) if filled else ()


def _published(state: State) -> Iterator[str]:
    """The rule book's own number for “far fewer”: 4 made, and less than half of them published."""
    for row in _DOCUMENTS:
        public = state.values.get(f"{row}.new_public")
        if public is None:
            continue
        made, known = state.values[f"{row}.new_made"], state.values[f"{row}.all_public"]
        if public > known:
            yield f"{row} known"
        if public > made or (made >= 4 and public * 2 < made):
            yield f"{row} made"


def _items(state: State) -> Iterator[str]:
    for row in _ITEMS:
        now, before = state.values.get(f"{row}.last_items"), state.last.get(f"{row}.last_items")
        if now is not None and before is not None and now != before + state.last[f"{row}.change"]:
            yield row


def _abolished(state: State) -> Iterator[str]:
    for row in _ITEMS:
        before = state.values.get(f"{row}.last_items")
        left = None if before is None else before + state.values[f"{row}.change"]
        if left is not None and left < 0:
            yield f"{row} below"
        if left == 0 and state.values.get(f"{row}.decisions"):
            yield f"{row} decisions"


def _purchases(state: State) -> Iterator[str]:
    pieces, money = (
        state.values.get(f"procurement.{each}", Decimal(0)) for each in ("purchases", "spending")
    )
    if bool(pieces) != bool(money):
        yield "purchases"


def _far(state: State) -> Iterator[str]:
    """More than ten times as much or as little; to and from 0 from ten on."""
    for name in _DECIDED:
        if name in state.values and name in state.last:
            less, more = sorted((state.values[name], state.last[name]))
            if more >= 10 and more > less * 10:
                yield name


def _unbalanced(state: State) -> Iterator[str]:
    for column in _COLUMNS:
        new, before, done, left = (state.values[f"{row}.{column}"] for row in _ENDS)
        if new + before != done + left:
            yield column


def _results(state: State) -> Iterator[str]:
    rows = [row for row in _rows(state) if row not in _ENDS]
    for column in _COLUMNS:
        if state.values[f"total.{column}"] != sum(state.values[f"{row}.{column}"] for row in rows):
            yield column


def _applicants(state: State) -> Iterator[str]:
    for row in _rows(state):
        if state.values[f"{row}.total"] != sum(state.values[f"{row}.{each}"] for each in _COLUMNS[:-1]):
            yield row


def _carried(state: State) -> Iterator[str]:
    for column in _COLUMNS if state.last else ():
        if state.values[f"carry_in.{column}"] != state.last[f"carry_out.{column}"]:
            yield column


def _one_kind(state: State) -> Iterator[str]:
    filled = [each for each in _COLUMNS[:-1] if state.values[f"new.{each}"]]
    if len(filled) == 1:
        [only] = filled
        yield from (only,) if state.values[f"new.{only}"] >= (100 if only == "person" else 10) else ()


def _much_left(state: State) -> Iterator[str]:
    if state.values["carry_out"] >= 5 and state.values["carry_out"] * 2 > state.values["new"]:
        yield "left"


def _cases(state: State) -> Iterator[str]:
    for row in _BLOCKS:
        if state.values[row] != sum(state.values[f"{row}.{each}"] for each in _OUTCOMES):
            yield row


def _pending(state: State) -> Iterator[str]:
    yield from (row for row in _BLOCKS if state.last and state.last[f"{row}.pending"] > state.values[row])


def _of_nothing(state: State) -> Iterator[str]:
    quiet = state.last and not state.values["both"] and not state.last["both"]
    yield from (row for row in _BLOCKS if quiet and state.values[row])


DUE: dict[str, Due] = {
    "C03": _negative,
    "C05": _yuan,
    "C07": _broken,
    "T2-01": _in_force,
    "T2-02": _fewer_than_made,
    "T2-03": _vanished,
    "T2-04": _nobodys,
    "T2-05": _published,
    "T2-06": _items,
    "T2-07": _abolished,
    "T2-08": _purchases,
    "T2-10": _far,
    "T3-01": _unbalanced,
    "T3-02": _results,
    "T3-03": _applicants,
    "T3-04": _carried,
    "T3-06": _one_kind,
    "T3-09": _much_left,
    "T4-01": _cases,
    "T4-02": _pending,
    "T4-03": _of_nothing,
}
"""The rule → what it ought to find."""
