"""The parts of the sheet's Word file that never change: its styles, settings, fonts and links."""

from collections.abc import Mapping

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TITLE, _SONG, _FANG, _HEI = "方正小标宋简体", "宋体", "仿宋_GB2312", "黑体"


def part(root: str, content: str) -> bytes:
    """A part of the package: its root element around the content."""
    return f'{_DECLARATION}<w:{root} xmlns:w="{_WORD}">{content}</w:{root}>'.encode()


def _characters(family: str, half_points: int) -> str:
    names = "".join(f' w:{kind}="{family}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    return f'<w:rPr><w:rFonts{names}/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'


def _style(style: str, name: str, family: str, half_points: int, look: str) -> str:
    """A style whose lines stand 1.4 of its size apart; ``look`` is spacing before and after, and the side."""
    before, after, side = look.split()
    default = ' w:default="1"' if style == "Normal" else ""
    spacing = f'w:before="{before}" w:after="{after}" w:line="{half_points * 14}" w:lineRule="exact"'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style}"><w:name w:val="{name}"/>'
        f'<w:pPr><w:spacing {spacing}/><w:jc w:val="{side}"/></w:pPr>'
        f"{_characters(family, half_points)}</w:style>"
    )


STYLES = part(
    "styles",
    f"<w:docDefaults><w:rPrDefault>{_characters(_FANG, 21).replace('</w:rPr>', '')}"
    '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + "".join(
        _style(*each)
        for each in (
            ("Normal", "Normal", _FANG, 24, "0 0 both"),
            ("Title", "Title", _TITLE, 36, "0 240 center"),
            ("Line", "清单事项", _FANG, 24, "0 40 left"),
            ("Head", "表头", _HEI, 20, "40 40 center"),
            ("Cell", "清单单元格", _SONG, 18, "20 20 center"),
            ("CellLeft", "清单文件名", _SONG, 20, "60 20 left"),
            ("Digest", "清单校验值", _SONG, 17, "20 30 left"),
            ("Note", "清单说明", _FANG, 21, "120 240 both"),
            ("Blank", "清单签名栏", _FANG, 24, "0 160 left"),
        )
    ),
)
SETTINGS = part(
    "settings",
    '<w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/>',
)
FONT_TABLE = part(
    "fonts",
    "".join(
        f'<w:font w:name="{family}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for family, other in ((_TITLE, "华文中宋"), (_SONG, "SimSun"), (_FANG, "仿宋"), (_HEI, "SimHei"))
    ),
)
"""The families, and what Word may take where one is not installed."""

_BESIDE = ("styles", "settings", "fontTable")
"""The parts that the text refers to, each of the kind of its name."""

CONTENT_TYPES = (
    f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    + "".join(f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{name}+xml"/>' for name in _BESIDE)
    + '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
).encode()


def _links(*targets: tuple[str, str]) -> bytes:
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'.encode()


LINKS: Mapping[str, bytes] = {
    "package": _links(
        (f"{_OFFICE}/officeDocument", "word/document.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ),
    "document": _links(*((f"{_OFFICE}/{name}", f"{name}.xml") for name in _BESIDE)),
}
CORE = (
    _DECLARATION + f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    "<dc:creator>{author}</dc:creator><dc:language>zh-CN</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{year}-01-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{year}-01-01T00:00:00Z</dcterms:modified>'
    "</cp:coreProperties>"
)
