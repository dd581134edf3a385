"""The roster: which units have to hand in, and until when. From a YAML file or the rows of a workbook."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from reportgen.model.keys import advice
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.model.units import ADDED_UP, Expected, Roster
from reportgen.problems import Finding, Place, fault, short

UNITS, ORGAN, DUE = "单位", "机关", "截止"
"""The words of a roster's file: the list, a unit's name, and the last day, for all units or for one."""

_HEADS = {
    ORGAN: frozenset({"机关", "单位", "名称", "机关名称", "单位名称", "机关全称", "报送单位", "应报送单位"}),
    DUE: frozenset({"截止", "截止日期", "期限", "报送期限", "截止时间", "最后期限"}),
}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00:00)?")
_HOW = "名单写成“单位:”，下面每行一个：“- 甲县乙镇人民政府”；有期限的在上面写“截止: 2026-01-20”。"


def roster_of(node: Node) -> tuple[Roster, tuple[Finding, ...]]:
    """The roster that a YAML file says, and what is wrong with it.

    ``单位`` is a list of names, or of mappings with ``机关`` and ``截止``; ``截止`` above it is for the rest.
    """
    reading = _Reading()
    if not isinstance(node, Mapping) or not isinstance(node.get(UNITS), Items):
        reading.note("F12", "没有读到应报送单位的名单", node.place, _HOW)
        return (), tuple(reading.findings)
    for name, value in node.entries:
        if name.value not in (UNITS, DUE):
            reading.note(
                "F11", f"名单里不认识“{short(name.value)}”", name.place, advice(name.value, (UNITS, DUE))
            )
        elif name.value == DUE:
            reading.due = reading.day(value)
    listed = node.get(UNITS)
    for each in listed.items if isinstance(listed, Items) else ():
        reading.add_node(each)
    return reading.roster(node.place)


def roster_of_rows(rows: Sequence[Sequence[str]], file: str) -> tuple[Roster, tuple[Finding, ...]]:
    """The roster in the rows of a sheet, as text: under 单位 or 机关 the names, under 截止 the last days.

    Without such a head the names are those of the first column.
    """
    reading = _Reading()
    columns, first = next(_heads(rows), ({ORGAN: 0}, 0))
    for number, row in enumerate(rows[first:], first + 1):
        cells = {what: row[at].strip() for what, at in columns.items() if at < len(row)}
        if cells.get(ORGAN):
            place = Place(file, table=1, row=number, column=columns[ORGAN] + 1)
            due = cells.get(DUE, "")
            day = reading.day(Text(due, place._replace(column=columns[DUE] + 1))) if due else None
            reading.add(cells[ORGAN], place, day)
    return reading.roster(Place(file))


def _heads(rows: Sequence[Sequence[str]]) -> Iterator[tuple[dict[str, int], int]]:
    """Each row that names columns: which they are, and the row behind it."""
    for number, row in enumerate(rows, 1):
        words = ["".join(word.split()) for word in row]
        found = {
            what: next(at for at, word in enumerate(words) if word in heads)
            for what, heads in _HEADS.items()
            if heads.intersection(words)
        }
        if ORGAN in found:
            yield found, number


def _named(typed: str) -> str:
    """A unit's name without blanks; whether it adds up others stands in full-width brackets behind it."""
    bare = "".join(typed.split())
    plain = unicodedata.normalize("NFKC", bare)
    mark = unicodedata.normalize("NFKC", ADDED_UP)
    return f"{bare[: -len(ADDED_UP)]}{ADDED_UP}" if plain.endswith(mark) else bare


class _Reading:
    """A roster while it is read; its faults gather in ``findings``."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.due: date | None = None
        self._known: dict[str, tuple[Expected, Place]] = {}

    def note(self, code: str, message: str, place: Place, fix: str) -> None:
        """Find fault with something."""
        self.findings.append(fault(code, message, place, fix))

    def day(self, node: Node) -> date | None:
        """A last day; None where it is none, which is told."""
        typed = unicodedata.normalize("NFKC", node.value).strip() if isinstance(node, Text) else ""
        found = _DAY.fullmatch(typed)
        try:
            if found:
                return date(*(int(part) for part in found.groups()))
        except ValueError:
            pass
        fix = "写成“2026-01-20”，年月日都要有。"
        self.note("F16", f"截止日期读不出来：{short(typed) or '（空）'}", node.place, fix)
        return None

    def add_node(self, node: Node) -> None:
        """A unit of the list: a name, or a mapping with its name and its last day."""
        if isinstance(node, Text):
            self.add(node.value, node.place, None)
            return
        name, due = (node.get(word) if isinstance(node, Mapping) else None for word in (ORGAN, DUE))
        if not isinstance(name, Text):
            self.note("F12", "名单里有一项不是单位名称", node.place, f"{_HOW}")
            return
        self.add(name.value, name.place, self.day(due) if due else None)

    def add(self, typed: str, place: Place, due: date | None) -> None:
        """A unit, with a last day of its own or None."""
        name = _named(typed)
        if name in self._known:
            self.note("F08", f"“{name}”在名单里写了两次", place, "请只留一处。")
        elif name:
            self._known[name] = (Expected(name, due), place)

    def roster(self, place: Place) -> tuple[Roster, tuple[Finding, ...]]:
        """All units in their order, each with its last day or that of all."""
        if not self._known and not self.findings:
            self.note("F10", "名单里没有单位", place, _HOW)
        units = tuple(Expected(each.name, each.due or self.due) for each, _ in self._known.values())
        return units, tuple(self.findings)
