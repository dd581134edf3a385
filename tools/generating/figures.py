"""Tables two to four with figures that agree: with each other, with the organ's level, with last year."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from reportgen.model.form import CellKey, Form

Figures = dict[CellKey, Decimal]

_MAKERS = frozenset({"国务院部门", "省级政府", "市级政府"})
_APPLICANTS = ("person", "business", "research", "nonprofit", "legal", "other")
_LARGEST = {"乡镇政府": 300, "街道办事处": 300, "县级部门": 2_000, "县级政府": 20_000}
_OUTCOMES = ("upheld", "corrected", "otherwise", "pending")
_CASES = ("review", "direct_suit", "suit_after_review")


def figures(draw: Random, form: Form, level: str, last: Mapping[CellKey, Decimal]) -> Figures:
    """A figure for every cell; ``last`` has last year's, empty where nothing must follow from it."""
    cells: Figures = {}
    if CellKey("normative", "new_made") in form.index:
        _trial_table_two(draw, cells, level, last)
    else:
        _table_two(draw, cells, level, last)
    _table_three(draw, cells, form, last)
    _table_four(draw, cells, last)
    return {key: cells.get(key, Decimal(0)) for key, _, _ in form.cells()}


def _size(draw: Random, level: str = "") -> int:
    """How large figures are: small offices have few, ministries up to eight digits."""
    digits = draw.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 7))
    return draw.randint(0, min(10**digits, _LARGEST.get(level, 10**7)))


def _put(cells: Figures, row: str, **numbers: int | Decimal) -> None:
    cells.update({CellKey(row, column): Decimal(number) for column, number in numbers.items()})


def _table_two(draw: Random, cells: Figures, level: str, last: Mapping[CellKey, Decimal]) -> None:
    for row in ("regulations", "normative"):
        if row == "regulations" and level not in _MAKERS:
            continue
        before = int(last.get(CellKey(row, "in_force"), draw.choice((0, 3, 12, 40, 180))))
        made = draw.choice((0, 0, 1, 2, 5, 13))
        repealed = draw.randint(0, before) if draw.random() < 0.4 else 0
        _put(cells, row, made=made, repealed=repealed, in_force=before + made - repealed)
    for row in ("permits", "penalties", "coercions"):
        before = int(last.get(CellKey(row, "decisions"), 0))
        _put(
            cells, row, decisions=_near(draw, before) if last else _size(draw, level) * draw.choice((0, 1, 3))
        )
    money = Decimal(draw.choice((0, 0, draw.randint(1, 999_999)))).scaleb(-draw.choice((0, 2, 4)))
    ceiling = Decimal(9_000 if level in ("乡镇政府", "街道办事处") else 900_000)
    _put(cells, "fees", amount=min(money, ceiling))


def _near(draw: Random, before: int) -> int:
    """A number that does not differ wildly from last year's."""
    return draw.randint(before // 2, before + before // 2) if before else draw.randint(0, 9)


def _trial_table_two(draw: Random, cells: Figures, level: str, last: Mapping[CellKey, Decimal]) -> None:
    for row in ("regulations", "normative"):
        if row == "normative" or level in _MAKERS:
            made = draw.choice((0, 0, 1, 2, 5, 13))
            public = draw.randint((made + 1) // 2, made)
            _put(cells, row, new_made=made, new_public=public, all_public=public + draw.randint(0, 60))
    for row in ("permits", "services", "penalties", "coercions", "fees"):
        known = last.get(CellKey(row, "last_items"), Decimal(-1))
        before = (
            int(known + last.get(CellKey(row, "change"), Decimal(0))) if known >= 0 else draw.randint(0, 300)
        )
        more = draw.randint(-before, 30) if draw.random() < 0.5 else 0
        _put(cells, row, last_items=before, change=more)
        if row != "fees":
            decided = CellKey(row, "decisions")
            busy = _near(draw, int(last[decided])) if decided in last else _size(draw, level)
            _put(cells, row, decisions=busy if before + more else 0)
    pieces = draw.choice((0, 2, 41))
    _put(cells, "procurement", purchases=pieces, spending=Decimal(pieces) * draw.randint(1, 99))


def _table_three(draw: Random, cells: Figures, form: Form, last: Mapping[CellKey, Decimal]) -> None:
    """Results first; what came in is then whatever balances them."""
    [block] = [each for table in form.tables if table.key == "requests" for each in table.blocks]
    results = next(each.right for each in block.identities if "open" in each.right)
    digits = draw.choice((0, 0, 1, 1, 1, 2, 2, 3, 4, 6, 8))
    if last and not any(number for key, number in last.items() if key.row in ("new", "carry_out")):
        digits = draw.choice((0, 0, digits))  # where nobody asks, few ask in the next year
    for column in _APPLICANTS:
        weight = {"person": 1.0, "business": 0.3}.get(column, 0.1)
        carried = int(
            last.get(CellKey("carry_out", column), draw.randint(0, 3) if draw.random() < 0.3 else 0)
        )
        carried = 0 if not digits and not last else carried
        _column(draw, cells, (column, *results), int(10**digits * weight) if digits else 0, carried)
    for row in block.rows:
        _put(cells, row.key, total=sum(cells.get(CellKey(row.key, each), Decimal(0)) for each in _APPLICANTS))


def _column(draw: Random, cells: Figures, names: tuple[str, ...], most: int, carried: int) -> None:
    column, *results = names
    done = draw.randint(0, most)
    new = max(0, done - carried)
    left = draw.randint(0, max(0, min(new // 3, 40)))
    # What is carried in and not yet done goes on into the next year.
    left += max(0, carried - done)
    new = done + left - carried
    cells.update(
        {CellKey(row, column): Decimal(number) for row, number in _split(draw, done, results).items()}
    )
    ends = {"new": new, "carry_in": carried, "total": done, "carry_out": left}
    cells.update({CellKey(row, column): Decimal(number) for row, number in ends.items()})


def _split(draw: Random, whole: int, rows: list[str]) -> dict[str, int]:
    """A whole parted among some rows."""
    parts = dict.fromkeys(rows, 0)
    chosen = draw.sample(rows, k=draw.randint(1, min(7, len(rows))))
    for row in chosen:
        parts[row] = draw.randint(0, whole)
        whole -= parts[row]
    parts["open"] += whole
    return parts


def _table_four(draw: Random, cells: Figures, last: Mapping[CellKey, Decimal]) -> None:
    for row in _CASES:
        numbers = {column: draw.choice((0, 0, 1, 2, 7, 26)) for column in _OUTCOMES}
        chance = draw.random()
        if chance < 0.5:
            numbers = dict.fromkeys(_OUTCOMES, 0) | ({"upheld": numbers["upheld"]} if chance < 0.2 else {})
        lacking = int(last.get(CellKey(row, "pending"), Decimal(0))) - sum(numbers.values())
        numbers["upheld"] += max(0, lacking)
        _put(cells, row, **numbers, total=sum(numbers.values()))
