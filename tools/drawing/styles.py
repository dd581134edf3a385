"""The named styles of a template, and nothing else: no theme, no latent styles, no default looks.

Source: GB/T 9704-2012 for page and type. The exact figures are those with which LibreOffice sets 22
lines of 28 characters: a pitch of 579 twips (580 gives 21 lines), 1/4 pt taken from every character
(28 x 16 pt are wider than the type area), and ``overflowPunct`` 1, which LibreOffice 7.4 reads upside down.
"""

from typing import NamedTuple

from drawing.markup import part

SONG, HEI, FANG, KAI, TITLE = "宋体", "黑体", "仿宋_GB2312", "楷体_GB2312", "方正小标宋简体"

ALTERNATIVES = {SONG: "SimSun", HEI: "SimHei", FANG: "仿宋", KAI: "楷体", TITLE: "华文中宋"}
"""What Word may take where a family is not installed."""

PITCH = 579
"""Twips from line to line: 22 in a type area of 225 mm."""
CHARACTER = 315
"""Twips from character to character: 16 pt less 1/4 pt."""


class Style(NamedTuple):
    """A style. ``name`` is what the office reads, ``alias`` its Chinese word where ``name`` is Word's own."""

    id: str
    name: str
    alias: str = ""
    based_on: str = "Normal"
    paragraph: str = ""
    characters: str = ""
    kind: str = "paragraph"


def fonts(family: str) -> str:
    """One family for every script, so that digits and quotation marks do not fall out of it."""
    return (
        f'<w:rFonts w:ascii="{family}" w:hAnsi="{family}" w:eastAsia="{family}" w:cs="{family}" '
        'w:hint="eastAsia"/>'
    )


def _type(family: str = "", half_points: int = 0, squeeze: int | None = None, extra: str = "") -> str:
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""
    spacing = "" if squeeze is None else f'<w:spacing w:val="{squeeze}"/>'
    return (fonts(family) if family else "") + spacing + extra + size


def _lines(pitch: int, rule: str = "exact", before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{pitch}" w:lineRule="{rule}"/>'


KEEP = "<w:keepNext/>"
BROKEN = "<w:pageBreakBefore/>"
FIRST_LINE = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>'
OFF_GRID = '<w:snapToGrid w:val="0"/>'
DATE_CENTRE = 6390
"""Twips from the left to the middle of a date of usual length that ends four characters before the right."""
WIDTH = 8845
ABOVE_TABLE = 120
"""Twips between a heading and the table under it."""


def _justify(side: str) -> str:
    return f'<w:jc w:val="{side}"/>'


def _level(number: int) -> str:
    return f'<w:outlineLvl w:val="{number}"/>'


def _heading(number: int, alias: str, family: str) -> Style:
    return Style(
        f"Heading{number}",
        f"heading {number}",
        alias,
        paragraph=KEEP + FIRST_LINE + _level(number - 1),
        characters=_type(family),
    )


def _cell(id_: str, name: str, base: str = "TableText", paragraph: str = "", characters: str = "") -> Style:
    return Style(id_, name, based_on=base, paragraph=paragraph, characters=characters)


STYLES = (
    Style(
        "Normal",
        "Normal",
        "正文",
        based_on="",
        paragraph='<w:widowControl w:val="0"/><w:overflowPunct w:val="1"/>'
        + _lines(PITCH)
        + _justify("both"),
        # Latin words are English for the line breaker: as Chinese, LibreOffice breaks numbers inside.
        characters=_type(FANG, 32, -5, '<w:kern w:val="0"/>') + '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>',
    ),
    Style(
        "Title",
        "Title",
        "标题",
        paragraph=KEEP
        + _lines(PITCH, before=PITCH, after=PITCH)
        + "<w:contextualSpacing/>"
        + _justify("center"),
        characters=_type(TITLE, 44, 0),
    ),
    _heading(1, "一级标题", HEI),
    Style("Heading1Table", "一级标题表前", based_on="Heading1", paragraph=_lines(PITCH, after=ABOVE_TABLE)),
    Style("Heading1Page", "一级标题另页", based_on="Heading1Table", paragraph=BROKEN),
    _heading(2, "二级标题", KAI),
    _heading(3, "三级标题", FANG),
    Style("Body", "公文正文", paragraph=FIRST_LINE),
    # Not justified: an address stays whole, and the line before it would be full of gaps.
    Style("BodyAddress", "公文正文网址段", based_on="Body", paragraph=_justify("left")),
    Style("BodyKept", "公文正文末段", based_on="Body", paragraph=KEEP),
    Style(
        "Item",
        "列项",
        paragraph='<w:numPr><w:numId w:val="1"/></w:numPr>' + FIRST_LINE,
    ),
    Style("Tag", "范本标签", characters='<w:color w:val="7F7F7F"/>'),
    Style(
        "TableText",
        "表格文字",
        paragraph=OFF_GRID + _lines(280) + _justify("center"),
        characters=_type(SONG, 21, 0),
    ),
    _cell("TableHead", "表头", paragraph=KEEP),
    _cell("TableLabel", "表格行名", paragraph=KEEP),
    _cell("TableTextSmall", "表格文字小", paragraph=_lines(240), characters=_type(half_points=18)),
    _cell("TableHeadSmall", "表头小", "TableTextSmall", KEEP),
    # Two characters a line in a column of three: 结果／维持, not 结果维／持.
    _cell("TableHeadNarrow", "表头窄", "TableHeadSmall", '<w:ind w:left="90" w:right="90"/>'),
    _cell("TableLabelSmall", "表格行名小", "TableTextSmall", '<w:ind w:left="28"/>' + _justify("left")),
    _cell("TableGroupSmall", "表格分组小", "TableTextSmall"),
    _cell("TableNote", "表注", "TableText", _lines(280), _type(KAI, 19)),
    Style(
        "Remark",
        "表下说明",
        paragraph=OFF_GRID + _lines(360, before=80) + '<w:ind w:firstLineChars="200" w:firstLine="420"/>',
        characters=_type(KAI, 21, 0),
    ),
    Style(
        "Signature",
        "署名",
        paragraph=KEEP
        + _lines(PITCH, before=2 * PITCH)
        + f'<w:ind w:left="{2 * DATE_CENTRE - WIDTH}"/>'
        + _justify("center"),
    ),
    Style(
        "SignatureLong",
        "署名长",
        paragraph=KEEP + _lines(PITCH, before=2 * PITCH) + _justify("right"),
    ),
    Style(
        "SignDate",
        "成文日期",
        paragraph=f'<w:ind w:rightChars="400" w:right="{4 * CHARACTER}"/>' + _justify("right"),
    ),
    Style(
        "PageNumber",
        "页码",
        paragraph=OFF_GRID
        + _lines(240, "auto")
        + '<w:ind w:rightChars="100" w:right="280"/>'
        + _justify("right"),
        characters=_type(SONG, 28, 0),
    ),
    Style(
        "PageNumberEven",
        "页码双页",
        based_on="PageNumber",
        paragraph='<w:ind w:leftChars="100" w:left="280" w:rightChars="0" w:right="0"/>' + _justify("left"),
    ),
    Style(
        "DraftHeader",
        "草稿页眉",
        paragraph=OFF_GRID + _lines(240, "auto") + _justify("center"),
        characters=_type(HEI, 28, 0),
    ),
    # 仿宋 has no bold face (Word smears one, LibreOffice shows none): official papers stress words in 黑体.
    # It is marked bold too, so that whoever reads the document knows what is meant.
    Style("Strong", "加粗", based_on="", characters=fonts(HEI) + "<w:b/><w:bCs/>", kind="character"),
    # English as all Latin words are: LibreOffice breaks it after a stroke, not in the midst of a name.
    Style("Address", "网址", based_on="", characters="<w:noProof/>", kind="character"),
)


def _style(style: Style) -> str:
    default = ' w:default="1"' if style.id == "Normal" else ""
    custom = (
        "" if style.name in ("Normal", "Title") or style.name.startswith("heading") else ' w:customStyle="1"'
    )
    alias = f'<w:aliases w:val="{style.alias}"/>' if style.alias else ""
    base = f'<w:basedOn w:val="{style.based_on}"/>' if style.based_on else ""
    looks = f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else ""
    characters = f"<w:rPr>{style.characters}</w:rPr>" if style.characters else ""
    return (
        f'<w:style w:type="{style.kind}"{default}{custom} w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/>{alias}'
        f"{base}<w:qFormat/>{looks}{characters}</w:style>"
    )


def styles_part() -> bytes:
    """word/styles.xml."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANG)}"
        '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    return part("styles", defaults + "".join(map(_style, STYLES)))


def font_table_part() -> bytes:
    """word/fontTable.xml: the official families, and what may stand in for them in Word."""
    return part(
        "fonts",
        "".join(
            f'<w:font w:name="{family}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for family, other in ALTERNATIVES.items()
        ),
    )


def numbering_part() -> bytes:
    """word/numbering.xml: the bullet of a listed item; its indents come from the style."""
    return part(
        "numbering",
        '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="Item"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="·"/><w:lvlJc w:val="left"/><w:pPr>{FIRST_LINE}</w:pPr>'
        f"<w:rPr>{fonts(FANG)}</w:rPr></w:lvl></w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )
