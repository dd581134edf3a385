"""What a PDF holds beside its words, read with pypdf, which had no part in making it.

Its own words are read elsewhere (``same_words``): pdfium is six times as quick at that.
"""

import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from pypdf import PageObject, PdfReader
from pypdf.errors import PdfReadError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from reportgen.problems import ToolFailed

# What pypdf says to a log, in English, of another program's file: our findings say what matters.
logging.getLogger("pypdf").addHandler(logging.NullHandler())

_PDFA, _PDFUA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"
_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
_MOST_MARKS = 10_000
"""More bookmarks of one level no report has."""

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_ODD = "生成的 PDF 打不开，不能核对，没有留下。请重试；仍不行，请把情况告诉维护人员。"


@dataclass(frozen=True, slots=True)
class Field:
    """A signature field: its page counted from 1, and the corners of its rectangle in points."""

    page: int
    corners: tuple[float, float, float, float]
    signed: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found in a PDF.

    Attributes:
        pages: the number of pages.
        fonts: names of the fonts that pages and their drawings name, without the mark of a subset → True if
            embedded.
        title: from the information dictionary; empty where there is none, as the next two.
        author: likewise.
        producer: likewise.
        pdfa: ``2B`` and the like, as the XMP says, if there is a colour profile for it, too; empty where it
            is no PDF/A.
        pdfua: ``1`` where it calls itself PDF/UA-1; empty where it does not.
        language: of the whole document, ``zh-CN``; empty where none is set.
        tagged: True if it has tags and says so.
        outline: titles of the bookmarks of the first level, in order.
        fields: signature fields by name.
        attached: files inside, by name.
        pictures: how many are drawn on pages.
    """

    pages: int
    fonts: Mapping[str, bool]
    title: str
    author: str
    producer: str
    pdfa: str
    pdfua: str
    language: str
    tagged: bool
    outline: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    attached: Mapping[str, bytes] = field(default_factory=dict)
    pictures: int = 0


def contents(pdf: bytes) -> Contents:
    """Read a PDF.

    Raises:
        ToolFailed: it cannot be read.
    """
    try:
        reader = PdfReader(io.BytesIO(pdf), strict=True)
        return _contents(reader)
    except (PyPdfError, etree.XMLSyntaxError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ToolFailed(_ODD) from error


def _contents(reader: PdfReader) -> Contents:
    root = reader.root_object
    about = reader.metadata
    pages = tuple(reader.pages)
    pdfa, pdfua = _standards(root.get("/Metadata"))
    marked = root.get("/MarkInfo", {})
    return Contents(
        pages=len(pages),
        fonts=_fonts(pages),
        title=str((about and about.title) or ""),
        author=str((about and about.author) or ""),
        producer=str((about and about.producer) or ""),
        pdfa=pdfa if _has_colours(root) else "",
        pdfua=pdfua,
        language=str(root.get("/Lang", "")),
        tagged="/StructTreeRoot" in root and bool(marked.get("/Marked")),
        outline=tuple(_outline(root.get("/Outlines"))),
        fields=_fields(pages),
        attached={each.name: each.content for each in reader.attachment_list},
        pictures=sum(_pictures(page.get("/Resources"), set()) for page in pages),
    )


def _standards(held: Any) -> tuple[str, str]:
    """The parts of PDF/A and PDF/UA that the XMP claims.

    Its few properties are read with lxml: pypdf makes a document of minidom of it, which takes 1 ms.
    """
    packet = held.get_object() if held is not None else None
    if not isinstance(packet, StreamObject):
        return "", ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    said: dict[str, str] = {}
    for about in etree.fromstring(packet.get_data(), parser).iter(_DESCRIPTION):
        said |= {str(name): str(value) for name, value in about.attrib.items()}
        said |= {str(each.tag): str(each.text or "") for each in about}
    part, letter = (said.get(f"{_PDFA}{name}", "") for name in ("part", "conformance"))
    return f"{part}{letter}", said.get(f"{_PDFUA}part", "")


def _outline(held: Any) -> Iterator[str]:
    """The titles of the bookmarks of the first level: pypdf's own list makes every one of every level.

    Raises:
        PdfReadError: they go round in a circle.
    """
    marks = held.get_object() if held is not None else None
    for key in ("/First", *["/Next"] * _MOST_MARKS):
        mark = marks.get(key) if isinstance(marks, DictionaryObject) else None
        if mark is None:
            return
        marks = mark.get_object()
        yield str(marks["/Title"])
    raise PdfReadError("bookmarks without end")


def _has_colours(root: DictionaryObject) -> bool:
    intents = root.get("/OutputIntents", ArrayObject())
    return any(str(each.get_object().get("/S")) == "/GTS_PDFA1" for each in intents)


def _fonts(pages: Sequence[PageObject]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    seen: set[int] = set()
    for page in pages:
        for font in _fonts_in(page.get("/Resources"), seen):
            name = str(font.get("/BaseFont", "/")).removeprefix("/")
            plain = name[7:] if name[6:7] == "+" else name
            found[plain] = found.get(plain, True) and _is_embedded(font)
    return found


def _fonts_in(resources: Any, seen: set[int]) -> Iterator[DictionaryObject]:
    """The fonts of a page and of the drawings that it uses, each once."""
    if isinstance(resources, IndirectObject):
        if resources.idnum in seen:
            return
        seen.add(resources.idnum)
        resources = resources.get_object()
    if not isinstance(resources, DictionaryObject):
        return
    yield from _values(resources.get("/Font"), seen)
    for drawing in _values(resources.get("/XObject"), seen):
        yield from _fonts_in(drawing.get("/Resources"), seen)


def _pictures(resources: Any, seen: set[int]) -> int:
    """How many pictures a page and its drawings draw from."""
    found = resources.get_object() if resources is not None else None
    if not isinstance(found, DictionaryObject):
        return 0
    drawn = list(_values(found.get("/XObject"), seen))
    inner = sum(_pictures(each.get("/Resources"), seen) for each in drawn)
    return inner + sum(1 for each in drawn if each.get("/Subtype") == "/Image")


def _values(held: Any, seen: set[int]) -> Iterator[DictionaryObject]:
    found = held.get_object() if held is not None else None
    for value in found.values() if isinstance(found, DictionaryObject) else ():
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
        each = value.get_object()
        if isinstance(each, DictionaryObject):
            yield each


def _is_embedded(font: DictionaryObject) -> bool:
    """True if a font's signs are in the file: in a font file, or drawn as a page is (Type 3)."""
    if font.get("/Subtype") == "/Type3":
        return True
    whole = [each.get_object() for each in font.get("/DescendantFonts", ArrayObject())] or [font]
    return all(any(key in each.get("/FontDescriptor", {}) for key in _FILES) for each in whole)


def _fields(pages: Sequence[PageObject]) -> dict[str, Field]:
    """The signature fields that stand on a page."""
    found: dict[str, Field] = {}
    for number, page in enumerate(pages, start=1):
        for held in page.get("/Annots", ArrayObject()):
            each = held.get_object()
            if each.get("/FT") == "/Sig":
                left, bottom, right, top = (float(side) for side in each["/Rect"])
                found[str(each.get("/T", ""))] = Field(number, (left, bottom, right, top), "/V" in each)
    return found
