"""Which of the reports handed in are added up. The same whatever their order; no unit counts twice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reportgen.model.form import Form
from reportgen.model.units import Left, Roster, Unit, Units, Why


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be rolled up.

    Attributes:
        form: the form of the year.
        year: the report year; reports of other years are left out.
        roster: who has to hand in; None where nobody says.
        with_errors: True if units with errors count, too.
        organ: whose roll-up it is, so that an earlier one of the same organ is no unit of it; may be empty.
    """

    form: Form
    year: int
    roster: Roster | None = None
    with_errors: bool = False
    organ: str = ""


def gathered(units: Iterable[Unit], asked: Asked, unread: Sequence[tuple[str, str]] = ()) -> Units:
    """All that was handed in, and what of it is added up.

    Left out, in this order, are: documents of another kind; reports of another year; the organ's own
    roll-up; reports of units that are not on the roster; of several equal reports of a unit all but one, and
    of several that differ each; reports with errors; what is within the roll-up of another unit; roll-ups
    that share a unit.
    """
    left: list[Left] = []
    kept = sorted(units, key=_order)
    for step in _STEPS:
        out = tuple(step(kept, asked))
        gone = {id(each.unit) for each in out}
        kept = [unit for unit in kept if id(unit) not in gone]
        left += out
    places = {each.name: at for at, each in enumerate(asked.roster or ())}
    counted = sorted(kept, key=lambda unit: (places.get(unit.identity, len(places)), *_order(unit)))
    return Units(asked.form, asked.year, tuple(counted), tuple(left), tuple(sorted(unread)), asked.roster)


Step = Callable[[Sequence[Unit], Asked], Iterator[Left]]


def _order(unit: Unit) -> tuple[str, str]:
    return unit.identity, unit.file


def _of_other_kinds(units: Sequence[Unit], asked: Asked) -> Iterator[Left]:
    return (Left(unit, Why.OTHER_KIND) for unit in units if unit.kind != asked.form.name)


def _of_other_years(units: Sequence[Unit], asked: Asked) -> Iterator[Left]:
    return (Left(unit, Why.OTHER_YEAR) for unit in units if unit.year != asked.year)


def _itself(units: Sequence[Unit], asked: Asked) -> Iterator[Left]:
    return (Left(unit, Why.ITSELF) for unit in units if unit.adds_up and unit.name == asked.organ)


def _unexpected(units: Sequence[Unit], asked: Asked) -> Iterator[Left]:
    if asked.roster is not None:
        names = {each.name for each in asked.roster}
        yield from (Left(unit, Why.UNEXPECTED) for unit in units if not unit.covers & names)


def _doubled(units: Sequence[Unit], _asked: Asked) -> Iterator[Left]:
    """Of equal reports the first counts that says most of its units; of different ones none."""
    for several in _by(units, lambda unit: (unit.identity,)).values():
        if len({unit.values for unit in several}) > 1:
            yield from (Left(unit, Why.DOUBLE, _another(several, unit)) for unit in several)
        else:
            best = max(several, key=lambda unit: (len(unit.listed), -len(unit.errors)))
            yield from (Left(unit, Why.SAME, best) for unit in several if unit is not best)


def _another(several: Sequence[Unit], unit: Unit) -> Unit:
    return next(each for each in several if each is not unit)


def _failing(units: Sequence[Unit], asked: Asked) -> Iterator[Left]:
    if not asked.with_errors:
        yield from (Left(unit, Why.FAILING) for unit in units if unit.errors)


def _covered(units: Sequence[Unit], _asked: Asked) -> Iterator[Left]:
    """Units within the roll-up of another; roll-ups that claim to be within each other clash instead."""
    covering = _by(units, lambda unit: unit.covers)
    for unit in units:
        others = [each for each in covering[unit.identity] if each is not unit]
        above = [each for each in others if each.identity not in unit.covers]
        if above:
            yield Left(unit, Why.COVERED, above[0])


def _clashing(units: Sequence[Unit], _asked: Asked) -> Iterator[Left]:
    """Roll-ups with a unit in common: to add both up would count it twice."""
    covering = _by(units, lambda unit: unit.covers)
    for unit in units:
        shared = (each for name in sorted(unit.covers) for each in covering[name] if each is not unit)
        if other := next(shared, None):
            yield Left(unit, Why.CLASHING, other)


_STEPS: tuple[Step, ...] = (
    *(_of_other_kinds, _of_other_years, _itself, _unexpected),
    *(_doubled, _failing, _covered, _clashing),
)
"""Why reports are left out, in this order."""


def _by(units: Sequence[Unit], names: Callable[[Unit], Iterable[str]]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        for name in names(unit):
            found[name].append(unit)
    return found
