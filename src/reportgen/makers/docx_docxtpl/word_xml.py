"""What is read from WordprocessingML: paragraphs, tables, which cell stands where; and text fit for it."""

import re
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def w(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return f"{{{W}}}{name}"


_P, _T, _TBL, _TC, _TR = w("p"), w("t"), w("tbl"), w("tc"), w("tr")
_SPAN, _MERGE, _BEFORE, _VAL = w("gridSpan"), w("vMerge"), w("gridBefore"), w("val")
_ROW_LOOKS, _CELL_LOOKS, _ASKED = w("trPr"), w("tcPr"), (_SPAN, _MERGE, _BEFORE)
_BLANK = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: object) -> object:
    """A value as XML 1.0 can carry it: line ends become blanks, what it forbids becomes ``�``."""
    if not isinstance(text, str) or (text.isprintable() and text.isascii()):
        return text
    cleaned = _ILLEGAL.sub("\ufffd", _BLANK.sub(" ", text))
    return type(text)(cleaned) if cleaned != text else text


def parsed(content: bytes) -> Element:
    """A part as a tree; entities and networks are out of reach."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def text_of(element: Element) -> str:
    """All the text below an element."""
    return "".join(piece.text or "" for piece in element.iter(_T))


def paragraphs(body: Element) -> list[Element]:
    """The paragraphs of the running text: those in no table."""
    return body.findall(_P)


def tables(body: Element) -> list[Element]:
    """The tables of the running text."""
    return body.findall(_TBL)


def grid_cells(table: Element) -> Iterator[tuple[int, int, Element]]:
    """Every cell with its grid row and column, from 1; of a vertical merge its first cell alone."""
    for row, line in enumerate(table.iter(_TR), start=1):
        column = 1 + int(_properties(line).get(_BEFORE, "0"))
        for cell in line.iterchildren(_TC):
            looks = _properties(cell)
            if looks.get(_MERGE, "restart") == "restart":
                yield row, column, cell
            column += int(looks.get(_SPAN, "1"))


def _properties(element: Element) -> dict[str, str]:
    """The values of a row's or cell's properties by name, walked: a search by path is slow."""
    first = next(element.iterchildren(_ROW_LOOKS, _CELL_LOOKS), None)
    if first is None:
        return {}
    return {looks.tag: looks.get(_VAL, "continue") for looks in first if looks.tag in _ASKED}
