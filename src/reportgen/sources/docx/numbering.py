"""Automatic numbers of a Word document: what stands on the page and in no text, counted as Word counts.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (number formats).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from reportgen.chinese.numerals import ordinal_words
from reportgen.sources.docx.package import Members, member, name_of, number_of, shown_in, value_of
from reportgen.sources.docx.styles import Styles

_LEVELS = 9
_DEEPEST = 8


class _Level(NamedTuple):
    """One level of a list: how its numbers look, where they start, and when they start again.

    ``again`` is the level (from 1) behind which it starts again; 0 for never, None for behind any higher.
    ``style`` is the style whose paragraphs are of this level. ``plain``: all its numbers are Arabic.
    """

    kind: str
    pattern: str
    start: int
    again: int | None = None
    style: str = ""
    plain: bool = False
    written: str = ""


class _List(NamedTuple):
    """A list as paragraphs refer to it: what it is made from, its levels, and where it starts anew."""

    root: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


class Numbered(NamedTuple):
    """A paragraph's automatic number as it stands on the page, and its format where that is not known."""

    text: str
    unknown: str = ""


@dataclass(slots=True)
class Numbers:
    """The lists of a document, and how far each has counted.

    ``usual`` keeps the list of the paragraphs of a style that say nothing themselves.
    """

    styles: Styles = field(default_factory=Styles)
    lists: dict[str, _List] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)
    usual: dict[str, tuple[_List, str, int] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, numbering: etree._Element | None, styles: Styles) -> "Numbers":
        """The lists that a numbering part defines."""
        if numbering is None:
            return cls(styles)
        defined = _Defined(numbering, styles)
        keys = [value_of(each, "numId") for each in numbering if name_of(each) == "num"]
        return cls(styles, {key: found for key in keys if (found := defined.list_of(key))})

    def is_bullet(self, properties: Members) -> bool:
        """True for a paragraph with a bullet instead of a number."""
        at = self._at(properties)
        return at is not None and at[0].levels[at[2]].kind == "bullet"

    def count_any(self, styles: Iterable[str]) -> bool:
        """True if some of these styles put their paragraphs into a list; an empty one is the usual style."""
        return bool(self.lists) and any(self._of_all(each or self.styles.usual) for each in styles)

    def next_of(self, properties: Members) -> Numbered | None:
        """The number before a paragraph, counted on; None where it is in no list."""
        at = self._at(properties)
        if at is None:
            return None
        found, key, depth = at
        self._count(found, key, depth)
        level = found.levels[depth]
        if level.kind in ("bullet", "none") and "%" not in level.pattern:
            return Numbered("")
        unknown: list[str] = []

        def number(match: re.Match[str]) -> str:
            return self._number(found, int(match[1]) - 1, level.plain, unknown)

        return Numbered(re.sub(r"%([1-9])", number, level.pattern), "".join(unknown[:1]))

    def _count(self, found: _List, key: str, depth: int) -> None:
        """One more on this level; the deeper ones start again."""
        counts = self.counts.setdefault(found.root, {})
        start = found.starts.get(depth)
        if start is not None and (key, depth) not in self.begun:
            counts[depth] = start
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else found.levels[depth].start
        self.begun.add((key, depth))
        for deeper in [each for each in counts if each > depth]:
            again = found.levels[deeper].again if deeper in found.levels else None
            if again is None or depth < again:
                del counts[deeper]

    def _number(self, found: _List, depth: int, plain: bool, unknown: list[str]) -> str:
        level = found.levels.get(depth)
        if level is None or level.kind == "none":
            return ""
        number = self.counts.get(found.root, {}).get(depth, level.start)
        if plain:
            return str(number)
        text = _padded(number, level.written) if level.kind == "custom" else written(number, level.kind)
        if text is None:
            unknown.append(level.kind)
        return str(number) if text is None else text

    def _at(self, properties: Members) -> tuple[_List, str, int] | None:
        """A paragraph's list, its key and its level; None for a paragraph of none."""
        if not self.lists:
            return None
        own = properties.get("numPr")
        style = self.styles.named_by(properties)
        return self._of_all(style) if own is None else self._found(own, style)

    def _of_all(self, style: str) -> tuple[_List, str, int] | None:
        """The list of a style's paragraphs that say nothing themselves."""
        if style not in self.usual:
            self.usual[style] = self._found(None, style)
        return self.usual[style]

    def _found(self, own: etree._Element | None, style: str) -> tuple[_List, str, int] | None:
        """The list of what a paragraph says itself, and else of what its style says."""
        key, depth = value_of(member(own, "numId")), number_of(member(own, "ilvl"))
        if not key:
            said = self.styles.said(style, "pPr", "numPr")
            key = value_of(member(said, "numId"))
            if depth is None:
                depth = self._of_style(key, style, number_of(member(said, "ilvl")))
        found = self.lists.get(key)
        depth = min(max(depth or 0, 0), _LEVELS - 1)
        return (found, key, depth) if found is not None and depth in found.levels else None

    def _of_style(self, key: str, style: str, usual: int | None) -> int | None:
        """The level that a list has for a style or for what it is based on; else what the style says."""
        if key not in self.lists:
            return usual
        levels = self.lists[key].levels
        own = next((depth for depth, level in levels.items() if level.style == style), None)
        if own is not None or usual is not None:
            return usual if own is None else own
        chain = [value_of(each, "styleId") for each in self.styles.chain(style)]
        return next((depth for each in chain for depth, level in levels.items() if level.style == each), None)


class _Defined:
    """A numbering part: lists, what they are made from, and what they have otherwise."""

    def __init__(self, root: etree._Element, styles: Styles) -> None:
        self.styles = styles
        self.abstract = {value_of(each, "abstractNumId"): each for each in _named(root, "abstractNum")}
        self.named = {value_of(member(each, "styleLink")): key for key, each in self.abstract.items()}
        self.nums = {value_of(each, "numId"): each for each in _named(root, "num")}

    def list_of(self, key: str) -> _List | None:
        """A list by its key."""
        num = self.nums[key]
        root = self._root(value_of(member(num, "abstractNumId")))
        if root is None:
            return None
        levels = dict(_levels(self.abstract[root]))
        starts: dict[int, int] = {}
        for each in _named(num, "lvlOverride"):
            depth = number_of(each, "ilvl")
            if depth is not None and (level := member(each, "lvl")) is not None:
                levels[depth] = _level(level)
            if depth is not None and (start := number_of(member(each, "startOverride"))) is not None:
                starts[depth] = start
        return _List(root, levels, starts)

    def _root(self, key: str) -> str | None:
        """What a list is made from, through the list styles that it refers to."""
        for _ in range(_DEEPEST):
            element = self.abstract.get(key)
            if element is None:
                return None
            style = value_of(member(element, "numStyleLink"))
            if not style:
                return key
            linked = value_of(member(self.styles.said(style, "pPr", "numPr"), "numId"))
            num = self.nums.get(linked)
            key = value_of(member(num, "abstractNumId")) if num is not None else self.named.get(style, "")
        return None


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (each for each in root if name_of(each) == name)


def _levels(abstract: etree._Element) -> Iterator[tuple[int, _Level]]:
    for each in _named(abstract, "lvl"):
        depth = number_of(each, "ilvl")
        if depth is not None:
            yield depth, _level(each)


def _level(element: etree._Element) -> _Level:
    members = {name_of(each): each for each in shown_in(element)}
    start = number_of(members.get("start"))
    written_as = members.get("numFmt")
    return _Level(
        value_of(written_as) or "decimal",
        value_of(members.get("lvlText")),
        1 if start is None else start,
        number_of(members.get("lvlRestart")),
        value_of(members.get("pStyle")),
        "isLgl" in members and value_of(members["isLgl"]) not in ("0", "false", "off"),
        value_of(written_as, "format"),
    )


def _padded(number: int, example: str) -> str | None:
    """A number with as many figures as the first of an example such as ``001, 002, …``."""
    first = example.partition(",")[0].strip()
    return str(number).zfill(len(first)) if first.isdigit() else None


# ── how a number is written ──────────────────────────────────────────────────────────────────────────

_SIGNS = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_COUNTING = {
    "chineseCounting": "一二三四五六七八九",
    "chineseCountingThousand": "一二三四五六七八九",
    "japaneseCounting": "一二三四五六七八九",
    "taiwaneseCounting": "一二三四五六七八九",
    "taiwaneseCountingThousand": "一二三四五六七八九",
    "chineseLegalSimplified": "壹贰叁肆伍陆柒捌玖",
    "ideographLegalTraditional": "壹貳參肆伍陸柒捌玖",
}
_DIGITAL = {
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "○一二三四五六七八九",
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
}
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_STEMS, _BRANCHES = _SIGNS["ideographTraditional"], _SIGNS["ideographZodiac"]


def written(number: int, kind: str) -> str | None:
    """A number in a format of Word's; None for an unknown format, or a number that it cannot write."""
    if kind in ("decimal", "decimalHalfWidth"):
        return str(number)
    if kind in _SIGNS:
        return _SIGNS[kind][number - 1] if 0 < number <= len(_SIGNS[kind]) else None
    if kind in _DIGITAL:
        return str(number).translate(str.maketrans("0123456789", _DIGITAL[kind]))
    if kind in _COUNTING:
        return _counted(number, _COUNTING[kind], "Legal" in kind)
    return _in_letters(number, kind)


def _in_letters(number: int, kind: str) -> str | None:
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind == "numberInDash":
        return f"- {number} -"
    if kind == "ideographZodiacTraditional" and number > 0:
        return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12]
    if kind in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        return _roman(number) if kind == "upperRoman" else _roman(number).lower()
    if kind in ("upperLetter", "lowerLetter") and 0 < number <= 26 * 30:
        letter = chr(ord("A" if kind == "upperLetter" else "a") + (number - 1) % 26)
        return letter * ((number - 1) // 26 + 1)
    return None


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def _counted(number: int, ones: str, legal: bool) -> str | None:
    """A number in Chinese up to 9999: 十一, 一百零一; 壹拾壹 in the signs of contracts."""
    if not 0 < number < 10_000:
        return None
    if number < 100 and not legal:
        return str(ordinal_words(number))
    text, zero = "", False
    for power, sign in ((1000, "仟千"), (100, "佰百"), (10, "拾十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += (
                ("零" if zero and text else "") + ones[digit - 1] + (sign[0 if legal else 1] if sign else "")
            )
        zero = not digit
    return text
