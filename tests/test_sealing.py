"""The place for the seal, from lines that stand where a page could have them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.problems import Level
from reportgen.signing.seal_place import FAULTS, MM, Box, SealPlace, Sheet, Signing, TextLine, seal_place

PITCH = 28.95
A4 = Sheet(595.3, 841.89)
ORGAN, DATE = "甲县乙镇人民政府", "2024年1月18日"


def line(text: str, row: float, left: float = 80.0, page: int = 1, size: float = 16.0) -> TextLine:
    """A line on a row of the page counted from 0 at the top, as wide as its words."""
    baseline = 714.0 - row * PITCH
    width = sum(size if ord(sign) > 0x2E80 else size / 2 for sign in text)
    return TextLine(page, text, baseline, Box(left, baseline - 2, left + width, baseline + 14))


def signed(row: float, page: int = 1, organ: str = ORGAN, date: str = DATE) -> list[TextLine]:
    """署名 and 成文日期, centred on each other, the date four characters from the right."""
    dated = line(date, row + 1, page=page)
    width = dated.box.right - dated.box.left
    below = line(date, row + 1, left=457 - width, page=page)
    middle = (below.box.left + below.box.right) / 2
    above = line(organ, row, page=page)
    return [line(organ, row, left=middle - (above.box.right - above.box.left) / 2, page=page), below]


BODY = [line("六、其他需要报告的事项", 0, left=112), line("没有其他需要报告的事项。", 1, left=112)]
COVERED = line("没有其他需要报告的事项，年报全文请到本机关网站查阅下载，欢迎监督。", 1)
NUMBER = TextLine(1, "—5—", 75.0, Box(463, 74, 507, 84))


def codes(lines: list[TextLine], sheet: Sheet = A4, signing: Signing | None = None) -> list[str]:
    """The codes of what is found wrong."""
    _, findings = seal_place(lines, [sheet, sheet], signing or Signing())
    return [finding.code for finding in findings]


def place_on(lines: list[TextLine], signing: Signing | None = None, diameter: int = 0) -> SealPlace:
    """The place, which must be there."""
    place, _ = seal_place(lines, [A4, A4], signing or Signing(), diameter)
    assert place is not None
    return place


@pytest.mark.parametrize(("organ", "diameter"), [(ORGAN, 42), ("丙县人民政府", 45), ("丁市财政局", 45)])
def test_two_blank_lines_above_are_a_good_place(organ: str, diameter: int) -> None:
    lines = [*BODY, *signed(4, organ=organ), NUMBER]
    assert codes(lines) == []
    place = place_on(lines)
    assert (place.diameter, place.organ, place.date, place.page) == (diameter, organ, DATE, 1)


def test_organ_and_date_stand_a_little_below_the_middle_of_the_seal() -> None:
    lines = [*BODY, *signed(4)]
    place = place_on(lines)
    middle = (lines[-2].box.top + lines[-1].box.bottom) / 2
    assert 1 <= (place.y - middle) / MM <= 8
    assert place.x == pytest.approx((lines[-1].box.left + lines[-1].box.right) / 2)


def test_the_top_of_the_seal_is_within_one_line_of_the_text() -> None:
    gap = BODY[-1].box.bottom - place_on([*BODY, *signed(4)]).box.top
    assert 0 < gap < 10.23 * MM


def test_millimetres_are_told_from_the_upper_left_corner() -> None:
    place = SealPlace(2, 100 * MM, A4.height - 200 * MM, 42, A4)
    assert place.as_facts() == {
        "page": 2,
        "left_mm": 79.0,
        "top_mm": 179.0,
        "width_mm": 42,
        "height_mm": 42,
    }


@pytest.mark.parametrize(
    ("organ", "level", "diameter"),
    [
        ("甲县乙镇人民政府", "", 42),
        ("甲县乙乡", "", 42),
        ("甲旗乙苏木人民政府", "", 42),
        ("甲市乙街道办事处", "", 42),
        ("景德镇市人民政府", "", 45),
        ("某机关", "乡镇政府", 42),
        ("某机关", "街道办事处", 42),
        ("甲县乙镇人民政府", "县级政府", 45),
        ("甲市人民政府", "市级政府", 45),
        ("甲省人民政府", "省级政府", 50),
        ("某部", "国务院部门", 50),
    ],
)
def test_the_level_decides_the_diameter(organ: str, level: str, diameter: int) -> None:
    assert Signing(organ, level=level).diameter == diameter


def test_another_diameter_can_be_asked_for() -> None:
    assert place_on([*BODY, *signed(4)], diameter=38).diameter == 38


def test_an_organ_of_two_lines_is_one_name() -> None:
    two = [line("甲县乙镇人民政府政务公开领导小组", 4, left=250), line("办公室", 5, left=360), signed(5)[1]]
    assert place_on([*BODY, *two]).organ == "甲县乙镇人民政府政务公开领导小组办公室"


def test_a_known_organ_is_told_from_the_text_above_it() -> None:
    lines = [line("没有句号的正文", 3), *signed(4)]
    assert place_on(lines).organ == f"没有句号的正文{ORGAN}"
    assert place_on(lines, Signing(ORGAN)).organ == ORGAN
    assert place_on(lines, Signing("甲县 乙镇\u3000人民政府")).y == place_on(lines, Signing(ORGAN)).y


def test_a_date_in_chinese_numerals_counts_too() -> None:
    assert place_on([*BODY, *signed(4, date="二〇二四年一月十八日")]).date == "二〇二四年一月十八日"


def test_of_several_dates_the_known_one_counts() -> None:
    lines = [*BODY, *signed(4), *signed(12, organ="附件制定单位", date="2023年5月1日")]
    assert place_on(lines).date == "2023年5月1日"
    assert place_on(lines, Signing(date=DATE)).date == DATE


def test_without_a_date_there_is_no_place() -> None:
    place, findings = seal_place(BODY, [A4], Signing())
    assert place is None
    assert [finding.code for finding in findings] == ["S01"]


def test_a_sentence_above_the_date_is_no_organ() -> None:
    assert codes([*BODY, line(DATE, 2)]) == ["S01"]


def test_a_title_far_above_the_date_is_no_organ() -> None:
    assert codes([*BODY, line("附件", 3), line(DATE, 6)]) == ["S01"]


def test_another_organ_than_the_known_one_is_not_taken() -> None:
    assert codes([*BODY, *signed(4)], signing=Signing("丙县人民政府")) == ["S01"]


def test_organ_and_date_on_different_pages_are_an_error() -> None:
    lines = [*BODY, signed(20)[0], line(DATE, 0, page=2)]
    place, findings = seal_place(lines, [A4, A4], Signing())
    assert place is None
    assert [(finding.code, finding.level) for finding in findings] == [("S02", Level.ERROR)]


def test_alone_on_a_page_is_told() -> None:
    number = TextLine(2, "—6—", 75.0, Box(463, 74, 507, 84))
    assert codes([*BODY, *signed(0, page=2), number]) == ["S03"]


def test_a_table_below_the_seal_is_an_error() -> None:
    place = place_on([*BODY, *signed(4)])
    assert codes([*BODY, *signed(4)], with_rule(place.y + place.radius - 20)) == ["S04"]
    assert codes([*BODY, *signed(4)], with_rule(place.y + place.radius + 5)) == []


def test_the_seal_is_moved_down_from_a_table_that_it_would_touch() -> None:
    place = place_on([*BODY, *signed(4)])
    assert codes([*BODY, *signed(4)], with_rule(place.y + place.radius - 4)) == []


def test_a_table_without_words_counts_as_what_the_seal_must_be_near_to() -> None:
    place = place_on([*BODY, *signed(7)])
    assert codes([*BODY, *signed(7)], with_rule(place.y + place.radius + 5)) == []


def with_rule(height: float) -> Sheet:
    """A page with the lowest line of a table at this height."""
    return Sheet(A4.width, A4.height, (Box(80, height, 520, height + 1),))


def test_text_right_above_is_covered() -> None:
    assert codes([COVERED, *signed(2)]) == ["S05"]


def test_text_below_the_date_is_covered_too() -> None:
    assert codes([*BODY, *signed(4), line("附件：本机关公开指南及各类统计数据一览表请见附页说明", 6)]) == [
        "S05"
    ]


def test_far_below_the_text_is_told() -> None:
    assert codes([*BODY, *signed(6)]) == ["S07"]


def test_a_date_at_the_edge_of_the_paper_is_an_error() -> None:
    organ, date = line(ORGAN, 4, left=500), line(DATE, 5, left=508)
    assert codes([*BODY, organ, date]) == ["S06"]


def test_one_blank_line_is_enough_for_the_small_seal_which_is_moved_down() -> None:
    full = line("正文一行占满二十八个字正文一行占满二十八个字正文一行占满。", 1)
    usual, close = place_on([full, *signed(4)]), [full, *signed(3)]
    assert codes(close) == []
    assert place_on(close).y - signed(3)[0].baseline < usual.y - signed(4)[0].baseline


def test_every_finding_says_how_to_mend_it() -> None:
    cases = [BODY, [*BODY, *signed(6)], [COVERED, *signed(2)], signed(0, page=2)]
    findings = [finding for lines in cases for finding in seal_place(lines, [A4, A4], Signing())[1]]
    assert len(findings) == 4
    assert all(finding.fix and finding.message.endswith("。") for finding in findings)
    assert {finding.code for finding in findings} <= set(FAULTS)


@given(st.floats(0, 19), st.floats(0, 24), st.integers(38, 50))
def test_a_place_without_findings_is_free_and_on_the_paper(row: float, last: float, diameter: int) -> None:
    lines = [line("正文一行占满二十八个字正文一行占满二十八个字正文一行占满。", last), *signed(row)]
    place, findings = seal_place(lines, [A4], Signing(ORGAN), diameter)
    if place is None or findings:
        return
    assert not place.touches(lines[0].box)
    assert 0 <= place.box.left < place.box.right <= A4.width
    assert 0 <= place.box.bottom < place.box.top <= A4.height
    corner = math.hypot(place.x - lines[-1].box.left, place.y - lines[-1].box.bottom)
    assert corner < 2 * place.radius
