"""Rolling up: many reports of one year into one, in which each cell knows its parts. Pure.

``adding`` says which reports count and why others do not, so that none counts twice. ``roster`` reads who
has to hand in. ``drafting`` makes the clerk's nodes of the sum: a report of 口径 汇总, which is then read and
judged like any other. ``telling`` says of a cell, and of a finding, which units it comes from; and who
handed in.
"""

from reportgen.rollup.adding import Asked, gathered
from reportgen.rollup.drafting import About, drafted, renewed
from reportgen.rollup.roster import roster_of, roster_of_rows
from reportgen.rollup.telling import (
    NoSuchCell,
    cells_named,
    parts_as_data,
    parts_told,
    units_as_data,
    with_units,
)

__all__ = [
    "About",
    "Asked",
    "NoSuchCell",
    "cells_named",
    "drafted",
    "gathered",
    "parts_as_data",
    "parts_told",
    "renewed",
    "roster_of",
    "roster_of_rows",
    "units_as_data",
    "with_units",
]
