"""The paragraphs of a Word document, each with the part it plays: title, heading, body, item, sign-off.

By the names of its styles, which Word and WPS keep when they number styles anew; headings of chapters also by
their words.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from reportgen.chinese.numerals import ordinal
from reportgen.model.document import Run
from reportgen.model.report import Report

Element = etree._Element

_ROLES = {
    "title": "title",
    "标题": "title",
    "heading 1": "chapter",
    "一级标题": "chapter",
    "heading 2": "heading",
    "二级标题": "heading",
    "heading 3": "subheading",
    "三级标题": "subheading",
    "列项": "item",
    "署名": "sign",
    "成文日期": "sign",
}
"""How a style's name begins → the part that its paragraphs play; all others are body text."""

_THROUGH = {"hyperlink", "smartTag", "ins", "moveTo", "sdt", "sdtContent", "customXml", "fldSimple"}
_OFF = {"0", "false", "off", "none"}


class Part(NamedTuple):
    """A paragraph: ``role`` is title, chapter, heading, subheading, item, body or sign."""

    role: str
    runs: tuple[Run, ...]
    chapter: int = 0

    @property
    def text(self) -> str:
        """All its text."""
        return "".join(run.text for run in self.runs)


def parts_of(content: bytes, report: Report) -> tuple[Part, ...]:
    """The paragraphs with words, in order; a chapter's heading knows its number."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        document = _parsed(package.read("word/document.xml"))
        styles = _parsed(package.read("word/styles.xml")) if "word/styles.xml" in package.namelist() else None
    names = _style_names(styles)
    body = next((each for each in document if _name(each) == "body"), document)
    found = [Part(_role(each, names), tuple(_runs(each))) for each in _inside(body, "p")]
    return tuple(_numbered([part for part in found if part.text.strip()], report))


def _numbered(parts: list[Part], report: Report) -> Iterator[Part]:
    """The parts; what reads as a chapter's heading is one, and knows the number of its chapter."""
    own = {_bare(each.text) for each in report.chapters}
    known = {_bare(each): number for number, each in enumerate(report.form.headings, start=1)}
    number = 0
    for part in parts:
        bare = _bare(part.text)
        if part.role == "chapter" or bare in known or bare in own:
            number = known.get(bare) or ordinal(bare[:1]) or number + 1
            yield Part("chapter", part.runs, number)
        else:
            yield part


def _parsed(content: bytes) -> Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _style_names(styles: Element | None) -> dict[str, str]:
    """The names of the styles in lower case, by their keys."""
    elements = {_value(each, "styleId"): each for each in (styles if styles is not None else ())}
    return {key: _value(_child(each, "name"), "val").strip().lower() for key, each in elements.items()}


def _role(paragraph: Element, names: dict[str, str]) -> str:
    key = _value(_child(_child(paragraph, "pPr"), "pStyle"), "val")
    name = names.get(key, "")
    return next((role for start, role in _ROLES.items() if name.startswith(start)), "body")


def _runs(element: Element) -> Iterator[Run]:
    for child in element:
        name = _name(child)
        if name in _THROUGH:
            yield from _runs(child)
        elif name == "r":
            looks = _child(child, "rPr")
            text = "".join(_texts(child))
            if text and not _on(_child(looks, "vanish")):
                yield Run(text, _is_bold(looks))


def _is_bold(looks: Element | None) -> bool:
    own = _child(looks, "b")
    return _on(own) if own is not None else _value(_child(looks, "rStyle"), "val") == "Strong"


def _texts(run: Element) -> Iterator[str]:
    for child in run:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "cr", "br"):
            yield " "


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    for child in element:
        if _name(child) == wanted:
            yield child
        elif _name(child) in _THROUGH:
            yield from _inside(child, wanted)


def _on(element: Element | None) -> bool:
    return element is not None and _value(element, "val").lower() not in _OFF


def _child(element: Element | None, name: str) -> Element | None:
    return next((each for each in element if _name(each) == name), None) if element is not None else None


def _value(element: Element | None, key: str) -> str:
    """An attribute by its name without namespace; empty where there is none."""
    if element is None:
        return ""
    return next((str(v) for name, v in element.attrib.items() if etree.QName(name).localname == key), "")


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
