"""Faults of one cause in many cells: told once for a row or a table, with their count."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reportgen.checks.contract import Fault
from reportgen.model.form import CellKey, Form

ROW = 3
"""From so many cells of one row on, they are one fault."""

TABLE = 8
"""From so many cells of one table on, they are one fault, whatever their rows."""

_NAMED = 5
"""So many rows of a table are named."""

_Line = tuple[str, ...]


def told_once(faults: Iterable[Fault], form: Form) -> Iterator[Fault]:
    """The faults of one rule; where many are about one cell each, those of a row or a table as one.

    Args:
        faults: of one rule, in its order.
        form: the report's.

    Yields:
        The faults in their order, each that stands for several where the first of them stood. It is about
        all their cells, and its message says how many they are.
    """
    faults = list(faults)
    lines = [_line(fault, form) for fault in faults]
    rows = Counter((fault.level, line) for fault, line in zip(faults, lines, strict=True) if line)
    tables = Counter((fault.level, line[0]) for fault, line in zip(faults, lines, strict=True) if line)
    groups: dict[object, list[int]] = {}
    for number, (fault, line) in enumerate(zip(faults, lines, strict=True)):
        key: object = number
        if line and tables[fault.level, line[0]] >= TABLE:
            key = (fault.level, line[0])
        elif line and rows[fault.level, line] >= ROW:
            key = (fault.level, line)
        groups.setdefault(key, []).append(number)
    for numbers in groups.values():
        yield _as_one([faults[number] for number in numbers], [lines[number] for number in numbers])


def _line(fault: Fault, form: Form) -> _Line:
    """The row, behind its table's name, of a fault that is about one cell; empty for any other."""
    if len(fault.about) != 1 or fault.places:
        return ()
    (key,) = fault.about
    return form.paths[key][:-1] if isinstance(key, CellKey) else ()


def _as_one(faults: Sequence[Fault], lines: Sequence[_Line]) -> Fault:
    """One fault for several of one cause; a single one as it is."""
    first = faults[0]
    if len(faults) == 1:
        return first
    return replace(
        first,
        message=f"{first.message}{_count(lines)}",
        about=tuple(key for fault in faults for key in fault.about),
        expected=_together(fault.expected for fault in faults),
        found=_together(fault.found for fault in faults),
    )


def _count(lines: Sequence[_Line]) -> str:
    """How many cells it is, and of which rows."""
    rows = Counter("·".join(line[1:]) for line in lines)
    if len(rows) == 1:
        return f"这一行这样的共有 {len(lines)} 格。"
    named = "、".join(f"{row} {count} 格" for row, count in rows.most_common(_NAMED))
    more = "等" if len(rows) > _NAMED else ""
    return f"这张表这样的共有 {len(lines)} 格：{named}{more}。"


def _together(sides: Iterable[str]) -> str:
    """What several faults expected or found, each once, the first of them where they are many."""
    different = [side for side in dict.fromkeys(sides) if side]
    return "、".join(different[:_NAMED]) + (" 等" if len(different) > _NAMED else "")
