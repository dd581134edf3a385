"""What is set by looking at the words: lines as widths tell them, lonely signs, remarks in cells."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import outcome_of, text_of
from pages import Line, lines_of
from reportgen.makers.docx_docxtpl import typesetting
from reportgen.makers.docx_docxtpl.typesetting import FIGURES, REMARK, TEXT, ids_of, is_lonely, typeset
from reportgen.makers.docx_docxtpl.typesetting import lines_of as counted

HAN = "工作机关依法及时准确公开政府信息保障公民法人和其他组织获取有关内容提高透明度建设法治政府"
IDS = {TEXT[0]: ("Body",), FIGURES[0]: ("Cell",), REMARK[0]: ("Small",)}


def paragraph(words: str, style: str = "Body") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'


def sentence(length: int) -> str:
    return (HAN * 4)[: length - 1] + "。"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("", []),
        (HAN[:26], [26]),
        (HAN[:26] + "以", [26, 1]),
        ((HAN * 3)[: 26 + 28 + 3], [26, 28, 3]),
        # A line begins with no stop and ends with no opening bracket.
        (sentence(27), [25, 2]),
        (HAN[:25] + "（一）", [25, 3]),
        # A number is not parted; a gap stands before and behind it.
        (HAN[:24] + "12345件", [24, 6]),
        (HAN[:25] + "。2023年" + HAN[:5], [26, 10]),
        (HAN[:21] + "0123-4567890", [21, 12]),
    ],
)
def test_lines_end_where_their_width_does(words: str, lines: list[int]) -> None:
    assert [len(line) for line in counted(words)] == lines
    assert "".join(counted(words)) == words


def measured(words: str, spacing: int) -> list[str]:
    """The lines of a paragraph with every piece looked at."""
    lines, room, last = [""], typesetting._LINE - typesetting._INDENT, ""
    for piece in (each[0] for each in typesetting._PIECE.finditer(words.strip())):
        width = typesetting._width(piece, last, spacing)
        if width > room and lines[-1]:
            lines.append("")
            room, width = typesetting._LINE, typesetting._width(piece, "", spacing)
        lines[-1] += piece
        room, last = room - width, piece[-1]
    return [line for line in lines if line]


@given(
    st.lists(
        st.one_of(
            st.integers(1, 60).map(lambda count: (HAN * 2)[:count]),
            st.sampled_from(
                [
                    "，",
                    "。",
                    "（",
                    "）",
                    "……",
                    "“",
                    "”：",
                    "2025年",
                    "12.5%",
                    " ",
                    "(",
                    ") ",
                    "http://www.a.cn/",
                ]
            ),
        ),
        max_size=25,
    ).map("".join),
    st.sampled_from([-5, -4, -6, -3, 10, 11, -20, -21]),
)
def test_signs_that_surely_fit_are_counted_as_those_that_are_measured(words: str, spacing: int) -> None:
    assert counted(words, spacing) == measured(words, spacing)


@pytest.mark.parametrize("length", [27, 28, 55, 56, 83, 84, 111, 112])
def test_a_paragraph_never_ends_with_a_sign_or_two_on_a_line_of_their_own(length: int) -> None:
    assert is_lonely(counted(sentence(length)))
    made = typeset(paragraph(sentence(length)), IDS)
    [spacing] = re.findall(r'<w:spacing w:val="(-?\d+)"/>', made)
    assert not is_lonely(counted(sentence(length), int(spacing)))


def test_what_ends_well_and_what_is_no_running_text_stays_as_it_is() -> None:
    for words in (sentence(26), sentence(54), sentence(58), ""):
        assert typeset(paragraph(words), IDS) == paragraph(words)
    assert typeset(paragraph(sentence(28), "Heading1"), IDS) == paragraph(sentence(28), "Heading1")
    assert typeset(paragraph(sentence(28)), {}) == paragraph(sentence(28))


def test_every_run_of_a_paragraph_is_set_alike_and_keeps_its_style() -> None:
    strong = '<w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr><w:t>甲</w:t></w:r>'
    made = typeset(paragraph(sentence(26)).replace("</w:p>", f"{strong}</w:p>"), IDS)
    assert made.count("<w:spacing ") == 2
    assert '<w:rStyle w:val="Strong"/><w:spacing ' in made


@pytest.mark.parametrize(("figure", "parted"), [("1234", False), ("12345", True), ("123456", True)])
def test_a_figure_that_fills_its_cell_has_its_remark_on_the_next_line(figure: str, parted: bool) -> None:
    made = typeset(paragraph(f"{figure}（含上年结转）", "Cell"), IDS)
    assert (f">{figure}</w:t>" in made) and ("<w:br/>" in made) == parted
    assert "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", made)) == f"{figure}（含上年结转）"


def test_a_remark_in_a_cell_is_small_and_its_figure_is_not() -> None:
    made = typeset(paragraph("7（已与台账核对）", "Cell"), IDS)
    small = '<w:r><w:rPr><w:rStyle w:val="Small"/></w:rPr><w:t>（已与台账核对）</w:t></w:r>'
    assert f"<w:r><w:t>7</w:t></w:r>{small}</w:p>" in made
    for words in ("7", "72701.2578", ""):
        assert typeset(paragraph(words, "Cell"), IDS) == paragraph(words, "Cell")


def test_styles_are_known_by_their_names_whatever_their_ids() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="公文正文"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a4"><w:name w:val="x"/><w:aliases w:val="甲,公文正文末段"/>'
        '</w:style><w:style w:type="character" w:styleId="a5"><w:name w:val="格内备注"/></w:style>'
    )
    assert ids_of(styles) == {TEXT[0]: ("a3", "a4"), FIGURES[0]: (), REMARK[0]: ("a5",)}


def ends(lines: list[Line]) -> list[str]:
    """The last lines of paragraphs that go on for a line at least: those before an indented one."""
    body = [line for line in lines if line.signs[0].size > 15 and "—" not in line.text[:1]]
    return [line.text for line, after in pairwise(body) if line.left < 30 < after.left]


@pytest.mark.office
def test_libreoffice_sets_no_lonely_sign_either() -> None:
    words = "".join(f"  全年公开信息{number}条，{sentence(length)}\n\n" for number, length in NUMBERED)
    outcome = outcome_of(text_of(more=f"总体情况: |\n{words}"), "docx", "pdf", draft=True)
    last = ends(lines_of(outcome.files["pdf"]))
    assert len(last) > 20
    assert [line for line in last if len(line) < 3] == []


NUMBERED = [(7 * length, length) for length in range(30, 90, 2)]
