"""The tagged text of a PDF as pdfium reads it, for the tests of reading order."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium


def blocks(pdf: bytes, *kinds: str) -> list[tuple[str, str]]:
    """Each tag of these kinds with all of its text, page by page in the order of the tags."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [each for page in document for each in _of_page(page, kinds)]
    finally:
        document.close()


def _of_page(page: Any, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    texts = _texts(page)
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    try:
        for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            yield from _walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number), kinds, texts)
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _texts(page: Any) -> dict[int, str]:
    """The text of each piece of marked content."""
    held: dict[int, str] = {}
    of_page = page.get_textpage()
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
        number = pdfium.FPDFPageObj_GetMarkedContentID(item)
        size = pdfium.FPDFTextObj_GetText(item, of_page, None, 0)
        buffer = (ctypes.c_ushort * max(1, size // 2))()
        pdfium.FPDFTextObj_GetText(item, of_page, buffer, size)
        held[number] = held.get(number, "") + bytes(buffer).decode("utf-16-le").replace("\0", "")
    of_page.close()
    return held


def _walk(element: Any, kinds: tuple[str, ...], texts: dict[int, str]) -> Iterator[tuple[str, str]]:
    kind = _type(element)
    if kind in kinds:
        yield kind, "".join(_text(element, texts))
        return
    for child in _children(element):
        yield from _walk(child, kinds, texts)


def _text(element: Any, texts: dict[int, str]) -> Iterator[str]:
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield from _text(child, texts)
        else:
            yield texts.get(pdfium.FPDF_StructElement_GetChildMarkedContentID(element, number), "")


def _children(element: Any) -> Iterator[Any]:
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield child


def _type(element: Any) -> str:
    buffer = ctypes.create_string_buffer(256)
    size = pdfium.FPDF_StructElement_GetType(element, buffer, 256)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le")
