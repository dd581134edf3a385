"""What is true of a made-up report: its figures under the names that sentences ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from generating.figures import Figures
from generating.organs import Seat
from reportgen.model.form import CellKey, Form

_APPLICANTS = ("person", "business", "research", "nonprofit", "legal", "other")
_OUTCOMES = ("upheld", "corrected", "otherwise", "pending")
_GROUPS = ("deny", "unable", "refuse", "other")


@dataclass(frozen=True)
class Facts:
    """A report before it is written down.

    Attributes:
        form: its form.
        year: its year.
        seat: whose it is.
        cells: every figure.
        values: the figures under the names of sentences: ``new``, ``new.person``, ``deny``, ``suits.upheld``.
        last: the same of the year before; empty where nothing is known of it.
        fees: pieces and 元 of 信息处理费.
    """

    form: Form
    year: int
    seat: Seat
    cells: Figures
    values: Mapping[str, Decimal]
    last: Mapping[str, Decimal]
    fees: tuple[int, int]


def values_of(form: Form, cells: Figures) -> dict[str, Decimal]:
    """The figures under the names that sentences ask for."""
    values = {str(key): number for key, number in cells.items()}
    for table in form.tables:
        if table.key != "disclosure":
            for block in table.blocks:
                values |= {row.key: cells[CellKey(row.key, "total")] for row in block.rows}
    _groups(values)
    _applicants(values)
    _disputes(values)
    return values


def _groups(values: dict[str, Decimal]) -> None:
    for group in _GROUPS:
        members = [
            number for name, number in values.items() if name.startswith(f"{group}_") and "." not in name
        ]
        values[group] = sum(members, Decimal(0)) if members else values.get(group, Decimal(0))
    values["openings"] = values["open"] + values["partial"]


def _applicants(values: dict[str, Decimal]) -> None:
    for column in ("", *(f".{name}" for name in _APPLICANTS)):
        values[f"both{column}"] = values[f"new{column}"] + values[f"carry_in{column}"]
    for basis in ("new", "both"):
        values[f"{basis}.orgs"] = sum((values[f"{basis}.{each}"] for each in _APPLICANTS[1:]), Decimal(0))


def _disputes(values: dict[str, Decimal]) -> None:
    for column in ("", *(f".{name}" for name in _OUTCOMES)):
        values[f"suits{column}"] = values[f"direct_suit{column}"] + values[f"suit_after_review{column}"]
        values[f"cases{column}"] = values[f"suits{column}"] + values[f"review{column}"]


def accepted(name: str, values: Mapping[str, Decimal]) -> set[Decimal]:
    """Every number that a count of this name may have: offices count what came in, in two ways."""
    row, _, column = name.partition(".")
    if row in ("new", "both"):
        tail = f".{column}" if column else ""
        return {values[f"new{tail}"], values[f"both{tail}"]}
    return {values[name]} if name in values else set()
