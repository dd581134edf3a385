"""The words of a Word file in the order in which they are printed, to be found again in the PDF."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

_CORE = "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {
    f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "txbxContent", "pPr", "sectPr")
}
_BLANKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row: texts of its cells, and which of them reach over further rows."""

    table: int
    number: int
    cells: tuple[str, ...]
    tall: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Margins:
    """The smallest top and bottom margin of the document, in points: what is outside is header or footer."""

    top: float
    bottom: float


@lru_cache(maxsize=1)
def words_of(docx: bytes) -> tuple[tuple[Paragraph | Row, ...], Margins]:
    """The body's paragraphs and rows in order, and the margins. Headers, notes, text boxes are left out.

    The last file's are kept: the proof of the words and that of the characters both ask for them.
    """
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        body = etree.fromstring(archive.read("word/document.xml"), parser).find(f"{_W}body")
    if body is None:
        return (), Margins(0, 0)
    return tuple(_parts(body, [0])), _margins(body)


def properties_of(docx: bytes) -> dict[str, str]:
    """A Word file's own title and author, under the names that a PDF has for them."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        if _CORE not in package.namelist():
            return {}
        core = etree.fromstring(package.read(_CORE), etree.XMLParser(resolve_entities=False))
    return {
        key: core.findtext(f"{{*}}{name}") or "" for key, name in (("Title", "title"), ("Author", "creator"))
    }


def _margins(body: etree._Element) -> Margins:
    found = list(body.iter(f"{_W}pgMar"))

    def least(side: str) -> float:
        return min((abs(int(each.get(f"{_W}{side}", "0"))) for each in found), default=0) / 20

    return Margins(least("top"), least("bottom"))


def _parts(parent: etree._Element, tables: list[int]) -> Iterator[Paragraph | Row]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield Paragraph(_text(child))
        elif child.tag == f"{_W}tbl":
            tables[0] += 1
            yield from _rows(child, tables[0])
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _parts(child, tables)


def _rows(table: etree._Element, number: int) -> Iterator[Row]:
    for count, row in enumerate(table.iter(f"{_W}tr"), 1):
        cells, tall = [], []
        for cell in row.iter(f"{_W}tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(f"{_W}val") != "restart":
                continue
            cells.append("\n".join(_text(each) for each in cell.iter(f"{_W}p")))
            tall.append(merge is not None)
        yield Row(number, count, tuple(cells), tuple(tall))


def _text(element: etree._Element) -> str:
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BLANKS:
            yield _BLANKS[child.tag]
        elif child.tag == f"{_W}r" and _hidden(child):
            continue
        elif child.tag not in _SKIPPED and child.tag != _FALLBACK and isinstance(child.tag, str):
            yield from _pieces(child)


def _hidden(run: etree._Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off")
