"""What the styles of a Word document mean: headings, items, bold, and how a run looks in the end."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from reportgen.sources.docx.package import Members, is_on, member, name_of, value_of

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])")
_LEVELS = {"一级标题": 1, "二级标题": 2, "三级标题": 3, "四级标题": 4}
_ITEMS = ("列项", "list bullet", "列表项目符号", "项目符号")
_DEEPEST = 12


class Look(NamedTuple):
    """What a paragraph is: how many heading marks it would have, and if it is a bulleted item."""

    level: int = 0
    item: bool = False


@dataclass(slots=True, eq=False)
class Styles:
    """The styles of a document, each with what it is based on; equal to nothing but themselves.

    Attributes:
        elements: each style by its id.
        usual: the id of the style of paragraphs that name none.
        defaults: what all runs have that no style says otherwise; None where nothing is said.
    """

    elements: dict[str, etree._Element] = field(default_factory=dict)
    usual: str = ""
    defaults: etree._Element | None = None
    _hide: bool | None = None
    _looks: dict[str, Look] = field(default_factory=dict)
    _found: dict[tuple[str, str, str], etree._Element | None] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element | None) -> "Styles":
        """The styles of a part."""
        styles = [each for each in root if name_of(each) == "style"] if root is not None else []
        usual = next(
            (
                value_of(each, "styleId")
                for each in styles
                if value_of(each, "type") == "paragraph" and value_of(each, "default") in ("1", "true", "on")
            ),
            "",
        )
        defaults = member(member(member(root, "docDefaults"), "rPrDefault"), "rPr")
        return cls({value_of(each, "styleId"): each for each in styles}, usual, defaults)

    @property
    def hide(self) -> bool:
        """True if any style hides words: most documents have none, and need not be asked run by run."""
        if self._hide is None:
            groups = [*(member(each, "rPr") for each in self.elements.values()), self.defaults]
            self._hide = any(member(each, "vanish") is not None for each in groups)
        return self._hide

    def of_paragraph(self, properties: etree._Element | None) -> str:
        """The id of a paragraph's style, by its properties."""
        return value_of(member(properties, "pStyle")) or self.usual

    def named_by(self, properties: Members) -> str:
        """The same, for whom asks for several of them."""
        return value_of(properties.get("pStyle")) or self.usual

    def chain(self, key: str) -> list[etree._Element]:
        """A style and what it is based on, nearest first; empty for one that is not there."""
        chain: list[etree._Element] = []
        element = self.elements.get(key)
        while element is not None and len(chain) < _DEEPEST:
            chain.append(element)
            element = self.elements.get(value_of(member(element, "basedOn")))
        return chain

    def said(self, key: str, group: str, name: str) -> etree._Element | None:
        """What a style says in its ``rPr`` or ``pPr``, by itself or by what it is based on."""
        asked = key, group, name
        if asked not in self._found:
            values = (member(member(each, group), name) for each in self.chain(key))
            self._found[asked] = next((each for each in values if each is not None), None)
        return self._found[asked]

    def of_run(self, run: etree._Element, paragraph: str, name: str) -> etree._Element | None:
        """What a run's look is in one respect: its own, its style's, its paragraph's style's, or the usual.

        Args:
            run: the run.
            paragraph: the id of its paragraph's style.
            name: the member of ``rPr``: ``color``, ``sz`` …
        """
        properties = member(run, "rPr")
        own = member(properties, name)
        if own is None:
            own = self.said(value_of(member(properties, "rStyle")), "rPr", name)
        if own is None:
            own = self.said(paragraph, "rPr", name)
        return member(self.defaults, name) if own is None else own

    def look(self, key: str) -> Look:
        """What a style's paragraphs are."""
        if key not in self._looks:
            found = (look for each in self.chain(key) if (look := _look(each)) != Look())
            self._looks[key] = next(found, Look())
        return self._looks[key]

    def is_bold(self, properties: Members) -> bool:
        """True for a run that is bold by itself or by its character style, by its properties."""
        own = properties.get("b")
        return is_on(self.said(value_of(properties.get("rStyle")), "rPr", "b") if own is None else own)


def is_style_alone(properties: etree._Element | None) -> bool:
    """True for the properties of a paragraph that name a style at most, and nothing else."""
    return properties is None or len(properties) == (member(properties, "pStyle") is not None)


styles_of = lru_cache(maxsize=2)(Styles.of)
"""The styles of a part; what was found in them is kept for the documents that have the very same part."""


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
