"""Automatic numbers of a Word document: what stands on the page and in no text."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from reportgen.chinese.numerals import ordinal_words
from reportgen.sources.docx_tables.package import member, name_of, value_of

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class _Level(NamedTuple):
    """One level of a list: how its numbers look, and where they start."""

    kind: str
    pattern: str
    start: int


@dataclass(slots=True)
class Numbers:
    """The lists of a document, and how far each has counted."""

    lists: dict[str, dict[str, _Level]] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, numbering: etree._Element | None) -> "Numbers":
        """The lists that a numbering part defines."""
        if numbering is None:
            return cls()
        kinds = {
            value_of(each, "abstractNumId"): {
                value_of(level, "ilvl"): _level(level) for level in each if name_of(level) == "lvl"
            }
            for each in numbering
            if name_of(each) == "abstractNum"
        }
        lists = {
            value_of(each, "numId"): kinds.get(value_of(member(each, "abstractNumId")), {})
            for each in numbering
            if name_of(each) == "num"
        }
        return cls(lists)

    def is_bullet(self, properties: etree._Element | None) -> bool:
        """True for a paragraph with a bullet instead of a number."""
        level = self._level_of(properties)
        return level is not None and level.kind == "bullet"

    def next_of(self, properties: etree._Element | None) -> str:
        """The number before a paragraph, counted on; empty where it has none."""
        level = self._level_of(properties)
        if level is None or level.kind in ("bullet", "none"):
            return ""
        key, depth = _list_and_depth(properties)
        self.counts[key, depth] += 1
        for deeper in range(int(depth or "0") + 1, 9):
            del self.counts[key, str(deeper)]
        return re.sub(r"%(\d)", lambda match: self._number(key, str(int(match[1]) - 1)), level.pattern)

    def _number(self, key: str, depth: str) -> str:
        level = self.lists[key].get(depth)
        if level is None:
            return ""
        return _written(max(self.counts[key, depth], 1) + level.start - 1, level.kind)

    def _level_of(self, properties: etree._Element | None) -> _Level | None:
        key, depth = _list_and_depth(properties)
        return self.lists.get(key, {}).get(depth)


def _list_and_depth(properties: etree._Element | None) -> tuple[str, str]:
    numbered = member(properties, "numPr")
    return value_of(member(numbered, "numId")), value_of(member(numbered, "ilvl")) or "0"


def _level(element: etree._Element) -> _Level:
    start = value_of(member(element, "start"))
    return _Level(
        value_of(member(element, "numFmt")),
        value_of(member(element, "lvlText")),
        int(start) if start.isascii() and start.isdigit() else 1,
    )


def _written(number: int, kind: str) -> str:
    """A number as its list writes it."""
    if kind.startswith(("chinese", "japanese", "ideograph", "taiwanese")) and 0 < number < 100:
        return ordinal_words(number)
    if kind.startswith("decimalEnclosedCircle") and 0 < number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    return str(number)
