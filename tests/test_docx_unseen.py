"""Words that a reader of the page cannot see are told; what only looks unusual is not."""

import pytest

from word_packages import MAIN, edited, findings_in, with_block

WORDS = "内部掌握的话。"


def run(look: str, words: str = WORDS) -> str:
    """A run with a look."""
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{words}</w:t></w:r>"


def paragraph(properties: str, look: str = "") -> str:
    """A paragraph with properties."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(look)}</w:p>"


def told(block: str) -> list[str]:
    """The errors about what is not seen."""
    found = [each for each in findings_in(with_block(block)) if each.code.startswith("K1")]
    assert all(each.is_error and each.places[0].line for each in found)
    return [each.message for each in found]


WHITE = '<w:color w:val="FFFFFF"/>'
IN_OLD_BOX = '<w:p><w:r><w:pict><v:shape style="{}"><w:txbxContent>' + paragraph("")
IN_OLD_BOX += "</w:txbxContent></v:shape></w:pict></w:r></w:p>"
IN_BOX = "<w:p><w:r><w:drawing><wp:inline>{}<a:x><w:txbxContent>" + paragraph("")
IN_BOX += "</w:txbxContent></a:x></wp:inline></w:drawing></w:r></w:p>"
COLOURED_BOX = "<w:p><w:r><w:pict><v:shape {}><w:txbxContent>" + paragraph("", WHITE)
COLOURED_BOX += "</w:txbxContent></v:shape></w:pict></w:r></w:p>"
COLOURED_SHAPE = "<w:p><w:r><w:drawing><wp:inline><wps:wsp>{}<wps:txbx><w:txbxContent>"
COLOURED_SHAPE += (
    paragraph("", WHITE) + "</w:txbxContent></wps:txbx></wps:wsp></wp:inline></w:drawing></w:r></w:p>"
)
DARK = '<wps:spPr><a:solidFill><a:srgbClr val="1F3864"/></a:solidFill></wps:spPr>'
UNSEEN = {
    "white in an old box": COLOURED_BOX.format(""),
    "white in an old box without a fill": COLOURED_BOX.format('fillcolor="#1f3864" filled="f"'),
    "white in a box without a fill": COLOURED_SHAPE.format("<wps:spPr><a:noFill/></wps:spPr><wps:style/>"),
    "letters that the paper shines through": paragraph(
        "",
        '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/>'
        "</w14:srgbClr></w14:solidFill></w14:textFill>",
    ),
    "white": paragraph("", WHITE),
    "nearly white": paragraph("", '<w:color w:val="F8F8F8"/>'),
    "white of the theme": paragraph("", '<w:color w:val="auto" w:themeColor="background1"/>'),
    "black on black": paragraph("", '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>'),
    "tiny": paragraph("", '<w:sz w:val="2"/>'),
    "narrow": paragraph("", '<w:w w:val="1"/>'),
    "pushed together": paragraph("", '<w:spacing w:val="-320"/><w:sz w:val="32"/>'),
    "raised off the page": paragraph("", '<w:position w:val="3000"/>'),
    "without a line": paragraph('<w:spacing w:line="20" w:lineRule="exact"/>'),
    "indented off the page": paragraph('<w:ind w:left="20000"/>'),
    "pulled off the page": paragraph('<w:ind w:left="-15000"/>'),
    "framed off the page": paragraph('<w:framePr w:x="30000" w:y="1"/>'),
    "in a row without height": '<w:tbl><w:tr><w:trPr><w:trHeight w:val="20" w:hRule="exact"/></w:trPr><w:tc>'
    f"{paragraph('')}</w:tc></w:tr></w:tbl><w:p/>",
    "black under a black mark": paragraph("", '<w:highlight w:val="black"/>'),
    "white under a white mark": paragraph("", WHITE + '<w:highlight w:val="white"/>'),
    "filled with white": paragraph(
        "", '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>'
    ),
    "filled with the white of the theme": paragraph(
        "", '<w14:textFill><w14:solidFill><w14:schemeClr w14:val="bg1"/></w14:solidFill></w14:textFill>'
    ),
    "lowered into other lines": paragraph("", '<w:position w:val="-400"/>'),
    "squeezed into nothing": paragraph("", '<w:fitText w:val="60" w:id="1"/>'),
    "in a frame without height": paragraph('<w:framePr w:w="6000" w:h="40" w:hRule="exact"/>'),
    "in a hidden old box": IN_OLD_BOX.format("visibility:hidden;width:300pt"),
    "in an old box without height": IN_OLD_BOX.format("width:300pt;height:2pt"),
    "in a hidden box": IN_BOX.format('<wp:docPr id="7" name="x" hidden="1"/>'),
    "in a box without height": IN_BOX.format('<wp:extent cx="4000000" cy="40000"/>'),
    "in a box off the page": "<w:p><w:r><w:drawing><wp:anchor><wp:positionH>"
    "<wp:posOffset>99000000</wp:posOffset>"
    f"</wp:positionH><a:x><w:txbxContent>{paragraph('')}</w:txbxContent></a:x></wp:anchor></w:drawing></w:r></w:p>",
    "in an old box off the page": '<w:p><w:r><w:pict><v:shape style="margin-left:-9000pt"><w:txbxContent>'
    f"{paragraph('')}</w:txbxContent></v:shape></w:pict></w:r></w:p>",
}


@pytest.mark.parametrize("block", UNSEEN.values(), ids=UNSEEN)
def test_what_is_not_seen_is_told_with_its_words(block: str) -> None:
    [message] = told(block)
    assert WORDS in message


SEEN = {
    "white in a dark old box": COLOURED_BOX.format('fillcolor="#1f3864"'),
    "white in a dark box": COLOURED_SHAPE.format(DARK),
    "white in a box of the theme": COLOURED_SHAPE.format("<wps:spPr/><wps:style/>"),
    "grey": paragraph("", '<w:color w:val="808080"/>'),
    "white on a dark run": paragraph("", WHITE + '<w:shd w:val="clear" w:fill="003366"/>'),
    "white on a dark paragraph": paragraph('<w:shd w:val="clear" w:fill="003366"/>', WHITE),
    "white on a mark": paragraph("", WHITE + '<w:highlight w:val="darkBlue"/>'),
    "white in a dark cell": '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'
    f"{paragraph('', WHITE)}</w:tc></w:tr></w:tbl><w:p/>",
    "under a yellow mark": paragraph("", '<w:highlight w:val="yellow"/>'),
    "white under a black mark": paragraph("", WHITE + '<w:highlight w:val="black"/>'),
    "filled with red": paragraph(
        "", '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="C00000"/></w14:solidFill></w14:textFill>'
    ),
    "raised a little": paragraph("", '<w:position w:val="12"/>'),
    "fitted": paragraph("", '<w:fitText w:val="2000" w:id="1"/>'),
    "in a frame": paragraph('<w:framePr w:w="6000" w:h="900" w:hRule="exact" w:x="1" w:y="1"/>'),
    "in an old box": IN_OLD_BOX.format("width:300pt;height:60pt;margin-left:3pt"),
    "small": paragraph("", '<w:sz w:val="12"/>'),
    "a blank in white": f"<w:p>{run(WHITE, '  ')}</w:p>",
    "indented": paragraph('<w:ind w:left="2000" w:firstLine="640"/>'),
    "in a row of its height": '<w:tbl><w:tr><w:trPr><w:trHeight w:val="700" w:hRule="exact"/></w:trPr><w:tc>'
    f"{paragraph('')}</w:tc></w:tr></w:tbl><w:p/>",
}


@pytest.mark.parametrize("block", SEEN.values(), ids=SEEN)
def test_what_is_seen_is_not_told(block: str) -> None:
    assert told(block) == []


@pytest.mark.parametrize("look", [WHITE, '<w:sz w:val="2"/>'])
@pytest.mark.parametrize("side", ["footer1", "footer2"])
def test_what_is_not_seen_in_a_footer_is_told(look: str, side: str) -> None:
    name = run(look, "甲县乙镇人民政府")
    (found,) = [
        each
        for each in findings_in(edited({f"word/{side}.xml": ("</w:p>", f"{name}</w:p>")}))
        if each.is_error
    ]
    assert found.code == "K15" and "甲县乙镇人民政府" in found.message


def test_white_by_style_is_told() -> None:
    style = '<w:style w:type="character" w:styleId="Pale"><w:name w:val="pale"/><w:rPr>{}</w:rPr></w:style>'
    style += "</w:styles>"
    content = edited({"word/styles.xml": ("</w:styles>", style.format(WHITE)), MAIN: ("<w:t ", "<w:t ")})
    assert [each.code for each in findings_in(content) if each.is_error] == []
    white = edited(
        {
            "word/styles.xml": ("</w:styles>", style.format(WHITE)),
            MAIN: (
                "</w:p></w:tc>",
                '<w:r><w:rPr><w:rStyle w:val="Pale"/></w:rPr><w:t>密</w:t></w:r></w:p></w:tc>',
            ),
        }
    )
    assert "K15" in [each.code for each in findings_in(white)]


OFF = {
    "indented": '<w:tblInd w:w="4000" w:type="dxa"/>',
    "far indented": '<w:tblInd w:w="15000" w:type="dxa"/>',
    "to the left": '<w:tblInd w:w="-6000" w:type="dxa"/>',
    "floating": '<w:tblpPr w:horzAnchor="page" w:tblpX="9000" w:tblpY="1"/>',
    "floating below": '<w:tblpPr w:horzAnchor="page" w:tblpX="1000" w:tblpY="20000"/>',
}


@pytest.mark.parametrize("place", OFF.values(), ids=OFF)
def test_a_table_beside_the_page_is_one_finding_at_the_table(place: str) -> None:
    content = edited({MAIN: ('<w:jc w:val="center"/><w:tblBorders>', f"{place}<w:tblBorders>")})
    [finding] = [each for each in findings_in(content) if each.is_error]
    assert finding.code == "K16" and finding.places[0].table == 1


@pytest.mark.parametrize("place", ['<w:tblInd w:w="0" w:type="dxa"/>', '<w:tblInd w:w="-100" w:type="dxa"/>'])
def test_a_table_on_the_page_is_no_fault(place: str) -> None:
    content = edited({MAIN: ('<w:jc w:val="center"/><w:tblBorders>', f"{place}<w:tblBorders>")})
    assert [each for each in findings_in(content) if each.is_error] == []
