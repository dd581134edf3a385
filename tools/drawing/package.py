"""A docx package: page, settings, footers, and the zip with stamps that never change."""

import io
import zipfile

from drawing.markup import DECLARATION, paragraph, part, run

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

PARTS = {
    "document": "document.main",
    "styles": "styles",
    "settings": "settings",
    "numbering": "numbering",
    "fontTable": "fontTable",
    "footer1": "footer",
    "footer2": "footer",
}
"""Each part's name in ``word/`` and its kind."""

SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rFooter1"/>'
    '<w:footerReference w:type="even" r:id="rFooter2"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="1417" '
    'w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>'
)
"""A4 with a type area of 156 x 225 mm, 37 mm from the top and 28 mm from the left. Source: GB/T 9704-2012."""


def settings_part() -> bytes:
    """word/settings.xml: odd and even pages differ, the language is Chinese, Word 2013 or later."""
    return part(
        "settings",
        '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/>',
    )


def footer_part(style: str) -> bytes:
    """A footer with the page number between two dashes: ``— 1 —``."""
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return part("ftr", paragraph(style, run("— "), number, run(" —")))


def document_part(body: str) -> bytes:
    """word/document.xml."""
    return part("document", f"<w:body>{body}{SECTION}</w:body>")


def packed(parts: dict[str, bytes]) -> bytes:
    """The package of these parts of ``word/``, the same bytes for the same parts."""
    files = {"[Content_Types].xml": _content_types(), "_rels/.rels": _top(), "docProps/core.xml": _core()}
    files["word/_rels/document.xml.rels"] = _relations()
    files |= {f"word/{name}.xml": content for name, content in parts.items()}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _content_types() -> bytes:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in PARTS.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'{overrides}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    ).encode()


def _related(entries: str) -> bytes:
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'.encode()


def _top() -> bytes:
    return _related(
        f'<Relationship Id="rDocument" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rCore" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/>'
    )


def _relations() -> bytes:
    return _related(
        "".join(
            f'<Relationship Id="r{name[0].upper()}{name[1:]}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>'
            for name, kind in PARTS.items()
            if name != "document"
        )
    )


def _core() -> bytes:
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>政府信息公开工作年度报告范本</dc:title>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    ).encode()
