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
UNSEEN = {
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
    "grey": paragraph("", '<w:color w:val="808080"/>'),
    "white on a dark run": paragraph("", WHITE + '<w:shd w:val="clear" w:fill="003366"/>'),
    "white on a dark paragraph": paragraph('<w:shd w:val="clear" w:fill="003366"/>', WHITE),
    "white on a mark": paragraph("", WHITE + '<w:highlight w:val="darkBlue"/>'),
    "white in a dark cell": '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'
    f"{paragraph('', WHITE)}</w:tc></w:tr></w:tbl><w:p/>",
    "small": paragraph("", '<w:sz w:val="12"/>'),
    "a blank in white": f"<w:p>{run(WHITE, '  ')}</w:p>",
    "indented": paragraph('<w:ind w:left="2000" w:firstLine="640"/>'),
    "in a row of its height": '<w:tbl><w:tr><w:trPr><w:trHeight w:val="700" w:hRule="exact"/></w:trPr><w:tc>'
    f"{paragraph('')}</w:tc></w:tr></w:tbl><w:p/>",
}


@pytest.mark.parametrize("block", SEEN.values(), ids=SEEN)
def test_what_is_seen_is_not_told(block: str) -> None:
    assert told(block) == []


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
