"""What a PDF holds: pages, fonts, words, metadata. Read with pdfium, which is quick."""

import ctypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found in a PDF.

    Attributes:
        pages: the number of pages.
        words: the text of each page's body, without header and footer.
        fonts: names of the fonts that draw something → True if embedded.
        drawn: font name → the characters it draws, for fonts whose names were asked for.
        metadata: the information dictionary's Title, Author and so on.
        pdfa: ``2B`` and the like; empty where it is no PDF/A.
    """

    pages: int
    words: tuple[str, ...]
    fonts: Mapping[str, bool]
    drawn: Mapping[str, str]
    metadata: Mapping[str, str]
    pdfa: str


def contents(pdf: bytes, top: float, bottom: float, borrowed_from: tuple[str, ...]) -> Contents:
    """Read a PDF. What is above ``top`` or below ``bottom`` points of margin is header and footer."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        fonts: dict[str, bool] = {}
        drawn: dict[str, set[str]] = {}
        words = []
        for page in document:
            text = page.get_textpage()
            width, height = page.get_size()
            words.append(str(text.get_text_bounded(0, bottom, width, height - top)))
            for name, embedded, item in _drawings(page):
                fonts[name] = fonts.get(name, True) and embedded
                if name.startswith(borrowed_from):
                    drawn.setdefault(name, set()).update(_text_of(item, text))
            text.close()
            page.close()
        metadata = {key: str(value) for key, value in document.get_metadata_dict().items()}
        return Contents(
            pages=len(words),
            words=tuple(words),
            fonts=fonts,
            drawn={name: "".join(sorted(chars)) for name, chars in drawn.items()},
            metadata=metadata,
            pdfa=_pdfa(pdf),
        )
    finally:
        document.close()


def _drawings(page: Any) -> Iterator[tuple[str, bool, Any]]:
    import pypdfium2.raw as pdfium

    name_of = getattr(pdfium, "FPDFFont_GetBaseFontName", None) or pdfium.FPDFFont_GetFontName
    buffer = ctypes.create_string_buffer(256)
    known: dict[int, tuple[str, bool]] = {}
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
        font = pdfium.FPDFTextObj_GetFont(item)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in known:
            name_of(font, buffer, 256)
            name = buffer.value.decode(errors="replace")
            known[key] = (re.sub(r"^[A-Z]{6}\+", "", name), pdfium.FPDFFont_GetIsEmbedded(font) == 1)
        yield *known[key], item


def _text_of(item: Any, page_text: Any) -> str:
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFTextObj_GetText(item, page_text, None, 0)
    buffer = (ctypes.c_ushort * max(1, size // 2))()
    pdfium.FPDFTextObj_GetText(item, page_text, buffer, size)
    return bytes(buffer).decode("utf-16-le", errors="replace").replace("\0", "").strip()


def _pdfa(pdf: bytes) -> str:
    """The part and conformance that the metadata claim, if there is a colour profile for it, too."""
    part = re.search(rb"pdfaid:part(?:>|=[\"'])(\d)", pdf)
    conformance = re.search(rb"pdfaid:conformance(?:>|=[\"'])(\w)", pdf)
    if not part or not conformance or b"/GTS_PDFA1" not in pdf:
        return ""
    return (part[1] + conformance[1]).decode()
