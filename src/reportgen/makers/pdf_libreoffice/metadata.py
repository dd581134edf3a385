"""What a PDF says of itself: to an archive in its XMP, to everybody in the information dictionary.

Title and organ are taken as LibreOffice wrote them, so that the proof still compares them with the report.
What Dublin Core has no word for, the report's year and form, stands in a schema of our own, which PDF/A
wants described inside the file (ISO 19005-2, 6.6.2.3).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from reportgen.makers.pdf_libreoffice.font_order import Objects
from reportgen.problems import ToolFailed

KIND = "政府信息公开工作年度报告"
NAMESPACE = "urn:reportgen:annual-report#"
"""Of the properties that are ours; a name, no address."""

_OURS = (
    ("organ", "Text", "Organ that the report is of"),
    ("year", "Integer", "Year that the figures are of"),
    ("form", "Text", "Version of the statutory form"),
    ("basis", "Text", "Document that prescribes the form"),
)
_METADATA = re.compile(rb"/Metadata\s+(\d+) 0 R")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns"


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a report's PDF.

    Attributes:
        year: whose figures it holds.
        form: the version of the form.
        basis: the document that prescribes the form.
        software: what made it, with its version.
        stamp: when it was made.
        part: 2, or 3 for a PDF with a file attached.
    """

    year: int
    form: str
    basis: str
    software: str
    stamp: datetime
    part: int = 2


def describing(about: About) -> Callable[[Objects, bytes], None]:
    """The step that writes both descriptions."""

    def describe(objects: Objects, trailer: bytes) -> None:
        found = re.search(rb"/Info (\d+) 0 R", trailer)
        root = re.search(rb"/Root (\d+) 0 R", trailer)
        metadata = _METADATA.search(objects[int(root[1])]) if root else None
        if found is None or metadata is None:
            raise ToolFailed("LibreOffice 生成的 PDF 没有文档属性。请更新 LibreOffice 再试。")
        info = objects[int(found[1])]
        texts = {key: _text(info, key) for key in ("Title", "Author", "Producer")}
        objects[int(found[1])] = _information(info, about)
        packet = _packet(texts, about).encode()
        head = b"\n<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n" % len(packet)
        objects[int(metadata[1])] = head + packet + b"\nendstream\n"

    return describe


def _subject(about: About) -> str:
    return f"{about.year}年度{KIND}，{about.basis}格式"


def _keywords(about: About) -> tuple[str, ...]:
    return (KIND, f"{about.year}年度", f"格式{about.form}")


def _text(info: bytes, key: str) -> str:
    """A text of the dictionary; LibreOffice writes them all as UTF-16 in hexadecimal digits."""
    found = re.search(rb"/" + key.encode() + rb"\s*<(?:FEFF|feff)([0-9A-Fa-f\s]*)>", info)
    return bytes.fromhex(found[1].decode()).decode("utf-16-be", errors="replace") if found else ""


def _information(info: bytes, about: About) -> bytes:
    fresh = {
        "Creator": about.software,
        "Subject": _subject(about),
        "Keywords": "; ".join(_keywords(about)),
    }
    kept = re.sub(rb"/(?:Creator|Subject|Keywords)\s*(?:<[0-9A-Fa-f\s]*>|\([^)]*\))\s*", b"", info)
    at = kept.rindex(b">>")
    return (
        kept[:at]
        + b"".join(b"\n/%s%s" % (key.encode(), hexed(text)) for key, text in fresh.items())
        + kept[at:]
    )


def hexed(text: str) -> bytes:
    """A text as a PDF string, whatever characters it has."""
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().upper().encode()


# ── XMP ──────────────────────────────────────────────────────────────────────────────────────────────


def _packet(texts: dict[str, str], about: About) -> str:
    zone = f"{about.stamp:%z}" or "+0000"
    date = f"{about.stamp:%Y-%m-%dT%H:%M:%S}{zone[:3]}:{zone[3:5]}"
    core = (
        ("dc:format", "application/pdf"),
        ("dc:title", _alternatives(texts["Title"])),
        ("dc:creator", _listed("Seq", texts["Author"])),
        ("dc:publisher", _listed("Bag", texts["Author"])),
        ("dc:description", _alternatives(_subject(about))),
        ("dc:subject", _listed("Bag", *_keywords(about))),
        ("dc:language", _listed("Bag", "zh-CN")),
        ("dc:date", _listed("Seq", date)),
    )
    tool = (("xmp:CreatorTool", escape(about.software)), ("xmp:CreateDate", date))
    pdf = (("pdf:Producer", escape(texts["Producer"])), ("pdf:Keywords", "; ".join(_keywords(about))))
    own = zip(
        (name for name, _, _ in _OURS), (texts["Author"], about.year, about.form, about.basis), strict=True
    )
    described = (
        _description(
            {"pdfaid": f"{_EXTENSION}/id/"}, (("pdfaid:part", about.part), ("pdfaid:conformance", "B"))
        ),
        _description({"dc": "http://purl.org/dc/elements/1.1/"}, core),
        _description({"xmp": "http://ns.adobe.com/xap/1.0/"}, tool),
        _description({"pdf": "http://ns.adobe.com/pdf/1.3/"}, pdf),
        _description({"report": NAMESPACE}, ((f"report:{name}", escape(str(value))) for name, value in own)),
        _own_schema(),
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


def _own_schema() -> str:
    """Says what the properties of our own are."""
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{says}</pdfaProperty:description></rdf:li>"
        for name, kind, says in _OURS
    )
    schema = (
        '<rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Annual report on government information disclosure</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>report</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>"
    )
    named = {
        "pdfaExtension": f"{_EXTENSION}/extension/",
        "pdfaSchema": f"{_EXTENSION}/schema#",
        "pdfaProperty": f"{_EXTENSION}/property#",
    }
    return _description(named, (("pdfaExtension:schemas", schema),))
