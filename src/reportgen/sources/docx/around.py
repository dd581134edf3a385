"""What stands around a document's text and no rule reads: headers, footers, pictures, text boxes."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from reportgen.problems import Finding, Level, Place
from reportgen.sources.docx.package import Package, Refused, opened

FAULTS: dict[str, str] = {"K07": "页眉、页脚、图片或文本框在生成以后改过"}
"""Code → what is wrong, as the list of faults names it."""

_IDLE = re.compile(r"[\s\d—－–-]+")
_PICTURE = ("{*}blip", "{*}imagedata")
_FIX = "需要保留的，请确认它应当印在年报上：规则不检查这些内容；不需要的，请删去。"


class Around(NamedTuple):
    """The words of headers and footers, whether pages are numbered, the words of text boxes, pictures."""

    sides: Counter[str]
    numbered: bool
    boxes: Counter[str]
    pictures: int


def changed_around(before: bytes, now: bytes, file: str) -> tuple[Finding, ...]:
    """What the polished document has around its text that the one made had not. Never raises."""
    try:
        first, then = _around(opened(before)), _around(opened(now))
    except Refused:
        return ()  # the reading tells it
    return tuple(_told(first, then, file))


def _around(package: Package) -> Around:
    roots = [package.document, *(side.root for side in package.sides)]
    sides = [side.root for side in package.of("header", "footer")]
    boxes = [box for root in roots for box in root.iter("{*}txbxContent")]
    # A picture stands twice, for new and old programs, where one of them is the other's fallback.
    pictures = sum(not _is_fallback(each) for root in roots for each in root.iter(*_PICTURE))
    return Around(
        Counter(filter(None, (_IDLE.sub("", _words(root)) for root in sides))),
        any(_is_numbered(root) for root in sides),
        Counter(filter(None, (_words(box).strip() for box in boxes if not _is_fallback(box)))),
        pictures,
    )


def _is_fallback(element: etree._Element) -> bool:
    return next(element.iterancestors("{*}Fallback"), None) is not None


def _words(root: etree._Element) -> str:
    return "".join(each.text or "" for each in root.iter("{*}t"))


def _is_numbered(root: etree._Element) -> bool:
    fields = [each.text or "" for each in root.iter("{*}instrText")]
    fields += [str(value) for each in root.iter("{*}fldSimple") for value in each.attrib.values()]
    return any("PAGE" in field.upper() for field in fields)


def _told(first: Around, then: Around, file: str) -> Iterator[Finding]:
    for words in then.sides - first.sides:
        yield _finding(f"页眉或页脚里加了：“{words[:40]}”。", file)
    for words in then.boxes - first.boxes:
        yield _finding(f"加了文本框：“{words[:40]}”。", file)
    if then.pictures > first.pictures:
        yield _finding(f"加了 {then.pictures - first.pictures} 幅图片。", file)
    if first.numbered and not then.numbered:
        yield _finding("页码没有了。", file, "请补上页码（GB/T 9704—2012，7.5）。")


def _finding(message: str, file: str, fix: str = _FIX) -> Finding:
    return Finding("K07", Level.WARNING, message, (Place(file),), fix=fix)
