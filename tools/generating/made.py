"""A made-up report by its seed."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from generating.clerk import Clerk
from generating.facts import Facts, values_of
from generating.figures import Figures, figures
from generating.marking import Spot, unmarked
from generating.organs import seat
from generating.prose import Words, words_of
from reportgen.model.form import Form, form_for

YEARS = range(2019, 2026)
_FEES = ((1, 100), (2, 60), (3, 120), (12, 1400))


class Made(NamedTuple):
    """A report and its figures; ``last`` is last year's file, empty where none is given."""

    seed: int
    facts: Facts
    text: str
    spots: tuple[Spot, ...]
    last: str


def made(seed: int, forms: tuple[Form, ...]) -> Made:
    """The report of a seed: nothing in it contradicts anything else."""
    draw, dress = Random(f"facts {seed}"), Random(f"dress {seed}")
    year = YEARS[seed % len(YEARS)]
    form = form_for(year, forms)
    level = form.levels[seed // len(YEARS) % len(form.levels)]
    here = seat(draw, level)
    before: Figures = {}
    if year > YEARS[0] and draw.random() < 0.6:
        before = figures(draw, form_for(year - 1, forms), level, {})
    now = figures(draw, form, level, before)
    past = values_of(form_for(year - 1, forms), before) if before else {}
    facts = Facts(form, year, here, now, values_of(form, now), past, _fees(draw, form))
    text, spots = unmarked(Clerk(facts, dress).file(words_of(facts, dress)))
    last = _last_text(facts, before, form_for(year - 1, forms)) if before and draw.random() < 0.6 else ""
    return Made(seed, facts, text, spots, last)


def _fees(draw: Random, form: Form) -> tuple[int, int]:
    return draw.choice(_FEES) if form.asks_fee and draw.random() < 0.15 else (0, 0)


def _last_text(facts: Facts, cells: Figures, form: Form) -> str:
    """Last year's file: the same organ, the figures that this year's follow from, few words."""
    before = Facts(form, facts.year - 1, facts.seat, cells, values_of(form, cells), {}, (0, 0))
    words = Words([], {}, ["公开的形式有待丰富，下一步将加以改进。"], ["没有其他需要报告的事项。"])
    return unmarked(Clerk(before, Random(facts.year)).file(words))[0]


def reports(seeds: range, forms: tuple[Form, ...]) -> Iterator[Made]:
    """The reports of some seeds."""
    return (made(seed, forms) for seed in seeds)
