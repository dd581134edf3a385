"""Filling sentences with true figures, each figure marked."""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from generating.facts import Facts
from generating.marking import marked, plain, sentence_ends
from generating.numerals import WAYS, way_for
from generating.organs import organs_under
from generating.phrases_requests import Phrase

_SLOT = re.compile(r"\{([^{}]+)\}")
_HUNDRED = Decimal(100)
_GROUPS = {"deny": "不予公开", "unable": "无法提供", "refuse": "不予处理"}
_QUOTED = 0.1


def told(phrases: Sequence[Phrase], facts: Facts, dress: Random) -> str:
    """One of the sentences that are true, filled in; empty where none is."""
    fitting = [phrase for phrase in phrases if _fits(phrase, facts)]
    return _Sentence(dress.choice(fitting), facts, dress).filled() if fitting else ""


def _fits(phrase: Phrase, facts: Facts) -> bool:
    if not all(_holds(need, facts) for need in phrase.needs):
        return False
    names = [_name(slot) for slot in _SLOT.findall(phrase.words)]
    asked = [name for name in names if name]
    if any(name not in facts.values for name in asked):
        return False
    return phrase.zero or all(facts.values[name] > 0 for name in asked)


def _holds(need: str, facts: Facts) -> bool:
    sign, _, name = need.partition(":")
    if sign in ("0", ">"):
        return (facts.values.get(name, Decimal(0)) == 0) == (sign == "0")
    ways = {
        "last": facts.last.get("new", Decimal(0)) > 0 and facts.last.get("new") != facts.values["new"],
        "area": bool(facts.seat.area),
        "government": facts.seat.organ.is_government,
    }
    return ways.get(need, need == facts.form.id)


def _name(slot: str) -> str:
    """The figure of the tables that a slot asks for; empty for all else."""
    if ":" in slot:
        way, _, name = slot.partition(":")
        return name if way in ("published", "organs") else ""
    plain_words = {
        "year",
        "last_year",
        "next_year",
        "month",
        "we",
        "short",
        "area",
        "sum",
        "open_sum",
        "part",
    }
    return "" if slot in plain_words | {"loose", "rate"} else slot


class _Sentence:
    """One sentence while it is filled; all its counts are written in one way."""

    def __init__(self, phrase: Phrase, facts: Facts, dress: Random) -> None:
        self.words = words = phrase.words
        self.facts = facts
        self.dress = dress
        names = [_name(slot) for slot in _SLOT.findall(words)]
        numbers = [facts.values[name] for name in names if name]
        self.whole = all(number == number.to_integral_value() for number in numbers)
        self.way = WAYS[way_for(dress, int(max(numbers, default=Decimal(0)))) if self.whole else "digits"]
        self.parts = [dress.randint(1, 240) for _ in range(words.count("{part}"))]
        self.left = list(self.parts)

    def filled(self) -> str:
        """The sentence with all its figures."""
        return _SLOT.sub(lambda found: self._slot(found[1]), self.words) + sentence_ends()

    def _slot(self, slot: str) -> str:
        way, _, name = slot.partition(":")
        if name:
            return _WAYS[way](self, name)
        if slot in _PLAIN:
            return _PLAIN[slot](self)
        return self._figure(slot)

    def _figure(self, name: str) -> str:
        value = self.facts.values[name]
        quote = quote_of(name, self.facts)
        if quote and self.dress.random() < _QUOTED:
            return quote
        written = self.way(int(value)) if self.whole else plain(value)
        return marked(written, "table", name)

    def published(self, name: str) -> str:
        """Documents told as published: offices count them in several ways."""
        return marked(self.way(int(self.facts.values[name])), "published", name)

    def organs(self, name: str) -> str:
        """A figure parted among some organs: 甲县3件、乙县4件、丙县5件."""
        rest = int(self.facts.values[name])
        counts = [self.dress.randint(0, rest // 2), self.dress.randint(0, rest // 2)]
        counts.append(rest - sum(counts))
        told_parts = (marked(self.way(count), "organ", name) for count in counts)
        places = organs_under(self.facts.seat)
        return "、".join(f"{place}{count}件" for place, count in zip(places, told_parts, strict=False))

    def difference(self, name: str) -> str:
        """By how many more or fewer than the year before."""
        more = abs(self.facts.values[name] - self.facts.last[name])
        return marked(self.way(int(more)), "difference", name)

    def change(self, name: str) -> str:
        """By how many per cent more or fewer than the year before."""
        now, before = self.facts.values[name], self.facts.last[name]
        return self._percent(abs(now - before) * _HUNDRED / before, "change", name)

    def direction(self, name: str) -> str:
        """Which of both it is, more or fewer."""
        more = self.facts.values[name] > self.facts.last[name]
        return self.dress.choice(("增加", "增长") if more else ("减少", "下降"))

    def before(self, name: str) -> str:
        """The figure of the year before."""
        return marked(self.way(int(self.facts.last[name])), "last", name)

    def share(self, names: str) -> str:
        """A part of a whole in per cent."""
        part, whole = names.split("/")
        return self._percent(self.facts.values[part] * _HUNDRED / self.facts.values[whole], "share", names)

    def notices(self, name: str) -> str:
        """Notices of fees: as many as went unpaid, or more."""
        return marked(self.way(int(self.facts.values[name])), "notices", name)

    def fees(self, which: str) -> str:
        """Pieces or money of 信息处理费."""
        return marked(str(self.facts.fees[int(which)]), "fees", ("pieces", "money")[int(which)])

    def loose(self) -> str:
        """A number that no table has."""
        return marked(str(self.dress.randint(2, 900)), "loose", "number")

    def rate(self) -> str:
        """A percentage of something that is not in the report."""
        return marked(f"{self.dress.randint(800, 999) / 10}", "loose", "rate") + "%"

    def sum(self) -> str:
        """The whole of a list."""
        return marked(str(sum(self.parts)), "list", "whole")

    def open_sum(self) -> str:
        """The whole of a list that names only some of its parts."""
        return marked(str(sum(self.parts) + self.dress.randint(1, 300)), "list", "open whole")

    def part(self) -> str:
        """A part of a list."""
        name = "open part" if "{open_sum}" in self.words else "part"
        return marked(str(self.left.pop(0)), "list", name)

    def _percent(self, value: Decimal, kind: str, name: str) -> str:
        step = self.dress.choice((Decimal("0.1"), Decimal("0.01")))
        return marked(plain(value.quantize(step, ROUND_HALF_UP)), kind, name) + "%"


_WAYS: dict[str, Callable[[_Sentence, str], str]] = {
    "difference": _Sentence.difference,
    "change": _Sentence.change,
    "way": _Sentence.direction,
    "last": _Sentence.before,
    "share": _Sentence.share,
    "fees": _Sentence.fees,
    "notices": _Sentence.notices,
    "published": _Sentence.published,
    "organs": _Sentence.organs,
}

_PLAIN: dict[str, Callable[[_Sentence], str]] = {
    "year": lambda each: marked(str(each.facts.year), "loose", "year"),
    "last_year": lambda each: marked(str(each.facts.year - 1), "loose", "year"),
    "next_year": lambda each: marked(str(each.facts.year + 1), "loose", "year"),
    "month": lambda each: marked(str(each.dress.randint(1, 12)), "loose", "date"),
    "we": lambda each: each.facts.seat.we,
    "short": lambda each: each.facts.seat.organ.short,
    "area": lambda each: each.facts.seat.area,
    "loose": _Sentence.loose,
    "rate": _Sentence.rate,
    "sum": _Sentence.sum,
    "open_sum": _Sentence.open_sum,
    "part": _Sentence.part,
}


def quote_of(name: str, facts: Facts) -> str:
    """How the clerk quotes a figure instead of typing it; empty where it takes more than a path."""
    row, _, column = name.partition(".")
    if row in _GROUPS and not column:
        return f"{{{{ 申请.{_GROUPS[row]}.总计 }}}}"
    for key, path in facts.form.paths.items():
        if str(key) in (name, f"{name}.total") and all(part.isalnum() for part in path):
            return f"{{{{ {'.'.join(path)} }}}}"
    return ""
