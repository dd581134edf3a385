"""The words of a Word paragraph: what stands on the page, what it is, and what is bold."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from reportgen.model.nodes import Run
from reportgen.recognising.outline import numbered_level
from reportgen.sources.docx_tables.numbers import Numbers
from reportgen.sources.docx_tables.package import is_on, member, name_of, value_of

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])")
_LEVELS = {"一级标题": 1, "二级标题": 2, "三级标题": 3, "四级标题": 4}
_ITEMS = ("列项", "list bullet", "列表项目符号", "项目符号")
_THROUGH = {"hyperlink", "smartTag", "ins", "moveTo", "sdt", "sdtContent", "customXml", "fldSimple"}
_DEEPEST = 12


class Look(NamedTuple):
    """What a paragraph is: how many heading marks it would have, and if it is a bulleted item."""

    level: int = 0
    item: bool = False


@dataclass(slots=True)
class Looks:
    """What the styles of a document mean."""

    styles: dict[str, Look] = field(default_factory=dict)
    bold: set[str] = field(default_factory=set)
    numbers: Numbers = field(default_factory=Numbers)

    def of_paragraph(self, paragraph: etree._Element) -> Look:
        """What a paragraph is, from its style or its own outline level."""
        properties = member(paragraph, "pPr")
        look = self.styles.get(value_of(member(properties, "pStyle")), Look())
        outline = value_of(member(properties, "outlineLvl"))
        if not look.level and outline in set("01234"):
            look = Look(int(outline) + 2, look.item)
        bulleted = self.numbers.is_bullet(properties)
        return Look(look.level, not look.level and (look.item or bulleted))

    def is_bold(self, run: etree._Element) -> bool:
        """True for a run that is bold by itself or by its character style."""
        properties = member(run, "rPr")
        own = member(properties, "b")
        if own is not None:
            return is_on(own)
        return value_of(member(properties, "rStyle")) in self.bold


def looks_of(styles: etree._Element | None, numbering: etree._Element | None) -> Looks:
    """What the styles of a document mean, each with what it is based on."""
    found = styles if styles is not None else ()
    elements = {value_of(each, "styleId"): each for each in found if name_of(each) == "style"}
    looks = Looks(numbers=Numbers.of(numbering))
    for key, element in elements.items():
        chain = _chain(element, elements)
        looks.styles[key] = next((look for each in chain if (look := _look(each)) != Look()), Look())
        bold = next((own for each in chain if (own := member(member(each, "rPr"), "b")) is not None), None)
        if value_of(element, "type") == "character" and is_on(bold):
            looks.bold.add(key)
    return looks


def runs_of(paragraph: etree._Element, looks: Looks) -> Iterator[Run]:
    """The words of a paragraph in stretches of one look, its automatic number first."""
    number = looks.numbers.next_of(member(paragraph, "pPr"))
    if number:
        yield Run(number)
    for run in _run_elements(paragraph):
        text = "".join(_texts(run))
        if text and not is_on(member(member(run, "rPr"), "vanish")):
            yield Run(text, looks.is_bold(run))


def lines_of(runs: Iterable[Run]) -> list[tuple[Run, ...]]:
    """A paragraph's runs, cut at the soft breaks with which web pages part paragraphs.

    A soft break in the middle of a sentence only wraps its line; it leaves nothing.
    """
    lines: list[list[Run]] = []
    before = ""
    for piece in _pieces(runs):
        words = "".join(run.text for run in piece)
        if not lines or _ends(before, words):
            lines.append([])
        lines[-1] += piece
        before = words
    return [tuple(run for run in line if run.text) for line in lines]


def _pieces(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs between soft breaks."""
    pieces: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        pieces[-1].append(Run(first, run.bold))
        pieces += [[Run(text, run.bold)] for text in others]
    return pieces


def _ends(upper: str, lower: str) -> bool:
    """True if a soft break between these words ends a paragraph."""
    headed = numbered_level(upper) or numbered_level(lower)
    return (
        bool(headed) or lower.startswith("\u3000") or upper.rstrip().endswith(("。", "！", "？", "；", "："))
    )


def _run_elements(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        name = name_of(child)
        if name == "r":
            yield child
        elif name in _THROUGH:
            yield from _run_elements(child)


def _texts(run: etree._Element) -> Iterator[str]:
    """What a run says: a tab is a blank, a soft break a line end, a page break nothing."""
    for child in run:
        name = name_of(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "ptab"):
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "cr" or (name == "br" and value_of(child, "type") in ("", "textWrapping")):
            yield "\n"


def _chain(element: etree._Element, elements: dict[str, etree._Element]) -> list[etree._Element]:
    """A style and what it is based on, nearest first."""
    chain = [element]
    while len(chain) < _DEEPEST:
        below = elements.get(value_of(member(chain[-1], "basedOn")))
        if below is None:
            break
        chain.append(below)
    return chain


def _look(style: etree._Element) -> Look:
    """What a style's own name or outline level says."""
    name = value_of(member(style, "name")).strip().lower()
    if name in ("title", "标题"):
        return Look(1)
    if match := _HEADING.match(name):
        return Look(int(match[1]) + 1)
    for start, level in _LEVELS.items():
        if name.startswith(start):
            return Look(level + 1)
    if name.startswith(_ITEMS):
        return Look(item=True)
    outline = value_of(member(member(style, "pPr"), "outlineLvl"))
    return Look(int(outline) + 2) if outline in set("01234") else Look()
