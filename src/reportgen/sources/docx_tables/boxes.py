"""Text boxes of a Word document: they stand anywhere on the page, so nobody knows where to read them in."""

from collections.abc import Iterator

from lxml import etree

from reportgen.problems import Finding, Place
from reportgen.recognising.faults import fault
from reportgen.sources.docx_tables.package import name_of

_LONGEST = 40


def text_boxes(document: etree._Element, file: str) -> Iterator[Finding]:
    """A note for each text box with words, told once where Word keeps it in two manners."""
    told: set[str] = set()
    for box in document.iter("{*}txbxContent"):
        words = "".join(each.text or "" for each in box.iter() if name_of(each) == "t").strip()
        if words and words not in told:
            told.add(words)
            fix = "需要的内容请改成普通段落，再读一次。"
            shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
            yield fault("R17", f"文本框里的文字没有读入：“{shown}”", [Place(file)], fix=fix)
