"""Light Markdown: paragraphs, bold, quotes, and the place of every character."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.nodes import Run, Text
from reportgen.model.prose import Paragraph, Prose, parse
from reportgen.problems import Finding, Level, Place
from strategies import scraps

NAMES = {
    "年度": 2022,
    "机关": "甲镇人民政府",
    "申请": {
        "本年新收": {"自然人": 3, "总计": 5},
        "上年结转": {"总计": 2},
        "不予公开": {"危及“三安全一稳定”": {"总计": 1}},
    },
    "主动公开": {"行政事业性收费": {"本年收费金额": Decimal("190.4500"), "巨额": Decimal("1E+3")}},
}
HERE = Place("a.yaml", 10, 3)


def block(words: str) -> Text:
    """A block scalar whose first line is line 10 and whose lines begin in column 3."""
    return Text(words, HERE, 3)


def paragraphs(words: str) -> Prose:
    """The paragraphs of a text without faults."""
    prose, findings = parse(block(words), NAMES)
    assert findings == ()
    return prose


def texts(words: str) -> list[str]:
    """What the paragraphs of a text without faults say."""
    return [each.text for each in paragraphs(words)]


def fault(words: str) -> Finding:
    """The one fault of a text."""
    prose, [finding] = parse(block(words), NAMES)
    assert "{{" in prose[0].text, "what cannot be quoted is left as typed"
    return finding


def place_of(paragraph: Paragraph, words: str) -> tuple[int, int]:
    """Line and column of the words in a paragraph, by its segments."""
    index = paragraph.text.index(words)
    start, place = next(each for each in reversed(paragraph.segments) if each[0] <= index)
    return place.line, place.column + index - start


def test_a_blank_line_parts_paragraphs() -> None:
    assert texts("甲\n\n\n乙\n") == ["甲", "乙"]


def test_lines_go_on_without_a_blank_except_between_latin_words() -> None:
    assert texts("甲乙\n丙丁\nWord\ntwo\n个") == ["甲乙丙丁Word two个"]


def test_a_line_that_begins_with_a_full_width_blank_is_a_paragraph() -> None:
    assert texts("\u3000\u3000甲\n\u3000\u3000乙") == ["甲", "乙"]


def test_a_typed_number_begins_a_paragraph_and_stays() -> None:
    assert texts("有：\n1. 甲\n续\n2、乙\n3.5万") == ["有：", "1. 甲续", "2、乙3.5万"]


@pytest.mark.parametrize(("typed", "level"), [("# 甲", 1), ("###（一）甲", 3), ("######\t甲", 6)])
def test_headings_keep_their_level_and_end_with_their_line(typed: str, level: int) -> None:
    heading, body = paragraphs(f"前\n{typed}\n后")[1:]
    assert (heading.kind, heading.level, body.kind, body.level) == ("heading", level, "text", 0)
    assert heading.text.endswith("甲")


def test_items_begin_with_a_dash_or_a_star_and_a_blank() -> None:
    prose = paragraphs("- 甲\n续\n* 乙\n-5度")
    assert [(each.kind, each.text) for each in prose] == [("item", "甲续"), ("item", "乙-5度")]


@pytest.mark.parametrize(
    ("typed", "runs"),
    [
        ("**一是用好。**充分", [("一是用好。", True), ("充分", False)]),
        ("在**“甲”**中**乙**", [("在", False), ("“甲”", True), ("中", False), ("乙", True)]),
        ("**甲\n乙**丙", [("甲乙", True), ("丙", False)]),
        ("甲**乙", [("甲**乙", False)]),
        ("**甲**乙**丙", [("甲", True), ("乙**丙", False)]),
        ("编号3706****12", [("编号3706****12", False)]),
        (r"\*\*甲\*\*", [("**甲**", False)]),
        ("**共{{年度}}年**", [("共2022年", True)]),
    ],
)
def test_stars_make_bold_only_in_pairs(typed: str, runs: list[tuple[str, bool]]) -> None:
    assert paragraphs(typed)[0].runs == tuple(Run(*run) for run in runs)


def test_a_link_in_angle_brackets_is_plain_text() -> None:
    assert texts("见<http://a.cn/b>。又<b>") == ["见http://a.cn/b。又<b>"]


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("申请.本年新收.总计", "5"),
        (" 申请.本年新收.总计 + 申请.上年结转.总计 ", "7"),
        ("申请['本年新收'].总计 - 1", "4"),
        ("申请.不予公开['危及“三安全一稳定”'].总计", "1"),
        ("申请.不予公开.危及“三安全一稳定”.总计", "1"),
        ("主动公开.行政事业性收费.本年收费金额", "190.45"),
        ("主动公开.行政事业性收费.巨额", "1000"),
        ("主动公开.行政事业性收费.本年收费金额 + 0.5", "190.95"),
        ("机关", "甲镇人民政府"),
        ("机关 + '办'", "甲镇人民政府办"),
    ],
)
def test_a_quote_prints_its_figure_plainly(asked: str, printed: str) -> None:
    assert texts("共{{" + asked + "}}。") == [f"共{printed}。"]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("申请.本年新收.自然", "自然人"),
        ("申请.新收.总计", "本年新收"),
        ("申清.本年新收.总计", "申请"),
        ("申请['本年新'].总计 + 1", "本年新收"),
        ("本年新收.总计", "申请.本年新收"),
        ("自然人", "申请.本年新收.自然人"),
    ],
)
def test_an_unknown_name_gets_the_nearest_one(asked: str, near: str) -> None:
    finding = fault("甲{{" + asked + "}}")
    assert finding.code == "F21"
    assert f"“{near}”" in finding.fix


def test_a_name_like_no_other_gets_the_list() -> None:
    assert "年度、机关、申请" in fault("{{ xyz }}").fix
    assert fault("{{ 年度.甲 }}").code == "F21"


def test_an_unknown_name_is_told_at_its_place() -> None:
    [place] = fault("甲\n乙 {{ 申 }}丙").places
    assert (place.line, place.column, place.width) == (11, 5, 7)


def test_a_quote_of_a_group_says_what_there_is() -> None:
    finding = fault("{{ 申请.本年新收 }}")
    assert finding.code == "F22"
    assert "自然人、总计" in finding.fix


@pytest.mark.parametrize(
    "asked",
    [
        "年度 * 2",
        "().__class__",
        "机关.upper()",
        "机关|length",
        "年度 if 1",
        "申请[0]",
        "'a",
        "年度 + 机关",
        "机关 - 机关",
        "true",
        "none",
        "1e400",
        "1, 2",
        "",
        "(" * 90 + "1" + ")" * 90,
        "1+" * 120 + "1",
        "[1]",
        "%}{% for",
    ],
)
def test_a_quote_that_is_more_than_names_and_sums_is_refused(asked: str) -> None:
    assert fault("甲{{" + asked + "}}").code in ("F20", "F21")


@pytest.mark.parametrize(
    "typed",
    [
        "｛｛申请.本年新收.自然人｝｝",
        "{{ 申请.本年新收.自然人 ｝｝",
        "｛{申请。本年新收．自然人}｝",
        "{{\u3000申请．本年新收．自然人\u3000}}",
    ],
)
def test_a_quote_in_full_width_signs_is_understood_with_a_note(typed: str) -> None:
    [paragraph], [finding] = parse(block(f"共{typed}件。"), NAMES)
    assert paragraph.text == "共3件。"
    assert (finding.code, finding.level) == ("F26", Level.NOTE)
    assert (finding.places[0].column, finding.places[0].width) == (4, len(typed))


def test_a_wrong_name_in_full_width_brackets_is_told_like_any_other() -> None:
    _, [finding] = parse(block("共｛｛申请.某｝｝件。"), NAMES)
    assert finding.code == "F21"


def test_an_unclosed_quote_stays_as_typed_for_another_rule() -> None:
    assert texts("共{{ 申请.本年新收.总计 件") == ["共{{ 申请.本年新收.总计 件"]
    assert texts("甲}}乙{% if %}") == ["甲}}乙{% if %}"]


def test_every_character_of_a_block_has_its_place() -> None:
    [first, second] = paragraphs("甲**乙**丙{{ 年度 }}丁\n  戊\\*己\n\n### 庚\n")
    assert place_of(first, "甲") == (10, 3)
    assert place_of(first, "乙") == (10, 6)
    assert place_of(first, "丙") == (10, 9)
    assert place_of(first, "2022") == (10, 10)
    assert place_of(first, "丁") == (10, 18)
    assert place_of(first, "戊") == (11, 5)
    assert place_of(first, "*己") == (11, 7)
    assert place_of(second, "庚") == (13, 7)
    assert second.place == Place("a.yaml", 13, 7)


def test_a_one_line_scalar_has_columns_and_a_folded_one_at_least_its_line() -> None:
    [one], _ = parse(Text("甲乙丙", Place("a.yaml", 4, 7)), NAMES)
    assert place_of(one, "丙") == (4, 9)
    [_, two], _ = parse(Text("甲\n\n乙", Place("a.yaml", 4, 7)), NAMES)
    assert two.place == Place("a.yaml", 4, 7)


def test_a_place_in_a_document_stays_what_it_is() -> None:
    [paragraph], [finding] = parse(Text("甲{{ 乙 }}", Place("a.docx", 7)), NAMES)
    assert paragraph.place == Place("a.docx", 7)
    assert finding.places == (Place("a.docx", 7),)


def test_nothing_is_no_paragraph() -> None:
    assert paragraphs(" \n\n\t\n") == ()


@given(scraps, st.booleans())
def test_any_text_gives_paragraphs_whose_segments_are_in_order(words: str, quoted: bool) -> None:
    prose, _ = parse(block("{{" + words + "}}" if quoted else words), NAMES)
    for paragraph in prose:
        starts = [index for index, _ in paragraph.segments]
        assert starts[0] == 0
        assert starts == sorted(set(starts))
        assert starts[-1] < len(paragraph.text)
        assert all(
            left.bold != right.bold for left, right in zip(paragraph.runs, paragraph.runs[1:], strict=False)
        )


@given(st.text(alphabet="甲乙丙丁。，", min_size=1))
def test_plain_chinese_comes_out_as_it_went_in(words: str) -> None:
    assert texts(words) == [words]


def test_many_faulty_quotes_are_told_in_no_time() -> None:
    prose, findings = parse(block("{{ 申请.某 }}" * 3000 + "**甲" * 3000), NAMES)
    assert len(findings) == 3000
    assert len(prose) == 1
