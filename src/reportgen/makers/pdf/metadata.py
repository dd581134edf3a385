"""What a PDF says of itself: to an archive in its XMP, to everybody in the information dictionary.

Title and organ are taken as LibreOffice wrote them, so that the proof still compares them with the report.
What Dublin Core has no word for, the report's year and form, stands in a schema of our own, which PDF/A
wants described inside the file (ISO 19005-2, 6.6.2.3).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from html import escape as escaped

from pikepdf import Name, Pdf, String

escape = partial(escaped, quote=False)
"""The same as that of ``xml.sax.saxutils``, which loads half of the web with it: 25 ms of each cold build."""

NAMESPACE = "urn:reportgen:annual-report#"
"""Of the properties that are ours; a name, no address."""

_OURS = {
    "organ": ("Text", "Organ that the report is of"),
    "year": ("Integer", "Year that the figures are of"),
    "form": ("Text", "Version of the statutory form"),
    "basis": ("Text", "Document that prescribes the form"),
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns"
_UA = "http://www.aiim.org/pdfua/ns/id/"


@dataclass(frozen=True, slots=True)
class About:
    """The description of a PDF.

    Attributes:
        software: what made it, with its version.
        stamp: when it was made.
        subject: what it is about; empty for nothing.
        keywords: words to find it by.
        own: what stands in the schema of our own: ``year``, ``form``, ``basis`` of a report; the organ is the
            author. Empty for a document that is no report.
        part: of ISO 19005: 2, or 3 for a PDF with a file attached; 0 for one that is no PDF/A.
        letter: of its conformance.
        accessible: True if it is to be called PDF/UA-1 (ISO 14289-1).
    """

    software: str
    stamp: datetime
    subject: str = ""
    keywords: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)
    part: int = 2
    letter: str = "B"
    accessible: bool = True


def describe(document: Pdf, about: About) -> None:
    """Write both descriptions; title, author and producer stay as they are."""
    info = document.docinfo
    texts = {key: str(info.get(f"/{key}", "")) for key in ("Title", "Author", "Producer")}
    fresh = {"Creator": about.software, "Subject": about.subject, "Keywords": "; ".join(about.keywords)}
    for key, text in fresh.items():
        if text:
            info[f"/{key}"] = String(text)
        elif f"/{key}" in info:
            del info[f"/{key}"]
    for key in ("/CreationDate", "/ModDate"):
        if key == "/CreationDate" or key in info:
            info[key] = String(pdf_date(about.stamp))
    packet = document.make_stream(_packet(texts, about).encode())
    packet.Type, packet.Subtype = Name.Metadata, Name.XML
    document.Root.Metadata = packet


def pdf_date(stamp: datetime) -> str:
    """A time as PDF writes it (ISO 32000-1, 7.9.4)."""
    zone = f"{stamp:%z}" or "+0000"
    return f"D:{stamp:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


# ── XMP ──────────────────────────────────────────────────────────────────────────────────────────────


def _packet(texts: dict[str, str], about: About) -> str:
    zone = f"{about.stamp:%z}" or "+0000"
    date = f"{about.stamp:%Y-%m-%dT%H:%M:%S}{zone[:3]}:{zone[3:5]}"
    core = (
        ("dc:format", "application/pdf"),
        ("dc:title", _alternatives(texts["Title"])),
        ("dc:creator", _listed("Seq", texts["Author"])),
        ("dc:publisher", _listed("Bag", texts["Author"])),
        *((("dc:description", _alternatives(about.subject)),) if about.subject else ()),
        *((("dc:subject", _listed("Bag", *about.keywords)),) if about.keywords else ()),
        ("dc:language", _listed("Bag", "zh-CN")),
        ("dc:date", _listed("Seq", date)),
    )
    tool = (("xmp:CreatorTool", escape(about.software)), ("xmp:CreateDate", date))
    pdf = [("pdf:Producer", escape(texts["Producer"]))]
    if about.keywords:
        pdf.append(("pdf:Keywords", escape("; ".join(about.keywords))))
    described = (
        _description(
            {"pdfaid": f"{_EXTENSION}/id/"},
            (("pdfaid:part", about.part), ("pdfaid:conformance", about.letter)),
        )
        if about.part
        else "",
        _description({"pdfuaid": _UA}, (("pdfuaid:part", 1),)) if about.accessible else "",
        _description({"dc": "http://purl.org/dc/elements/1.1/"}, core),
        _description({"xmp": "http://ns.adobe.com/xap/1.0/"}, tool),
        _description({"pdf": "http://ns.adobe.com/pdf/1.3/"}, pdf),
        *_own(texts["Author"], about),
        _schemas(about),
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f'<rdf:RDF xmlns:rdf="{_RDF}">\n{"".join(described)}</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>'
    )


def _description(spaces: Mapping[str, str], properties: Iterable[tuple[str, object]]) -> str:
    named = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    inside = "".join(f"<{name}>{value}</{name}>\n" for name, value in properties)
    return f'<rdf:Description rdf:about=""{named}>\n{inside}</rdf:Description>\n'


def _alternatives(text: str) -> str:
    items = "".join(f'<rdf:li xml:lang="{lang}">{escape(text)}</rdf:li>' for lang in ("x-default", "zh-CN"))
    return f"<rdf:Alt>{items}</rdf:Alt>"


def _listed(kind: str, *texts: str) -> str:
    items = "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts)
    return f"<rdf:{kind}>{items}</rdf:{kind}>"


def _own(author: str, about: About) -> Iterator[str]:
    """What only our own schema has words for."""
    if about.own:
        said = {"organ": author, **about.own}
        named = ((f"report:{name}", escape(said[name])) for name in _OURS)
        yield _description({"report": NAMESPACE}, named)


def _schemas(about: About) -> str:
    """Says what the properties are that PDF/A does not know: those of PDF/UA, and ours."""
    schemas = ""
    if about.accessible:
        part = {"part": ("Integer", "Part of ISO 14289 that the file conforms to")}
        schemas += _schema("PDF/UA identification schema", _UA, "pdfuaid", part)
    if about.own:
        schemas += _schema("Annual report on government information disclosure", NAMESPACE, "report", _OURS)
    named = {
        "pdfaExtension": f"{_EXTENSION}/extension/",
        "pdfaSchema": f"{_EXTENSION}/schema#",
        "pdfaProperty": f"{_EXTENSION}/property#",
    }
    if not schemas:
        return ""
    return _description(named, (("pdfaExtension:schemas", f"<rdf:Bag>{schemas}</rdf:Bag>"),))


def _schema(title: str, space: str, prefix: str, properties: Mapping[str, tuple[str, str]]) -> str:
    described = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{'internal' if prefix == 'pdfuaid' else 'external'}</pdfaProperty:category>"
        f"<pdfaProperty:description>{says}</pdfaProperty:description></rdf:li>"
        for name, (kind, says) in properties.items()
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{title}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{space}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{described}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
