"""Findings as a clerk reads them on the screen."""

import pytest

from reportgen.commands.telling import MOST, grouped, summary, tell
from reportgen.commands.usage import width
from reportgen.problems import Finding, Level, Place

LINES = ("机关: 某镇", "申请:", "  本年新收: {自然人: 25, 总计: 24}")
TOTAL = Place("2023.yaml", 3, LINES[2].index("24") + 1, width=2)


def finding(code: str, level: Level = Level.ERROR, about: tuple[str, ...] = (), line: int = 3) -> Finding:
    """A finding about cells, at a line."""
    return Finding(code, level, f"{code} 的说明", (Place("2023.yaml", line, 1),), about=about)


def test_a_finding_shows_the_clerks_line_with_a_caret_under_the_number() -> None:
    told = tell(
        [Finding("T3-03", Level.ERROR, "合计不符", (TOTAL,), "25", "24", "核对总计", "表三")], LINES
    ).splitlines()
    assert told[0] == f"2023.yaml:3:{TOTAL.column}  错误 T3-03  合计不符"
    assert told[1] == "     3 |   本年新收: {自然人: 25, 总计: 24}"
    before = told[1][: told[1].index("24}")]
    assert told[2].index("^^") == width(before)
    assert told[3:7] == ["    应为：25", "    实际：24", "    怎么改：核对总计", "    依据：表三"]


def test_sums_that_share_a_cell_are_one_matter_with_echoes() -> None:
    groups = grouped(
        [
            finding("T3-01", about=("new.person", "total.person")),
            finding("T3-03", about=("new.person", "new.total")),
            finding("T4-01", about=("review.total",)),
        ]
    )
    assert [[each.code for each in group] for group in groups] == [["T3-01", "T3-03"], ["T4-01"]]


def test_the_gravest_findings_come_first_then_the_order_of_the_file() -> None:
    told = grouped(
        [
            finding("N1", Level.NOTE),
            finding("W1", Level.WARNING),
            finding("E2", line=9),
            finding("E1", line=2),
        ]
    )
    assert [group[0].code for group in told] == ["E1", "E2", "W1", "N1"]


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "甲" * 200 + "乙" + "丙" * 200
    told = tell([Finding("X21", Level.WARNING, "错字", (Place("a.md", 1, 201),))], (line,)).splitlines()
    shown = told[1].split("| ")[1]
    assert shown.startswith("...") and shown.endswith("...") and len(shown) < 72
    assert width(told[1][: told[1].index("乙")]) == told[2].index("^")


def test_a_place_in_a_document_is_told_by_table_row_and_column() -> None:
    place = Place("年报.docx", table=2, row=4, column=5)
    assert tell([Finding("C01", Level.ERROR, "空着", (place,))], ()).startswith(
        "年报.docx:第2个表第4行第5列  错误 C01"
    )


@pytest.mark.parametrize("file", ["年报.docx", "年报.HTML", "report.docx（页眉）"])
def test_a_place_in_a_documents_text_is_told_by_its_paragraph(file: str) -> None:
    told = tell([Finding("X21", Level.WARNING, "错字", (Place(file, 10, 5),))], ())
    assert told.startswith(f"{file}:第10段  提醒 X21")
    assert Place("年报.md", 10, 5).words == "第10行第5列"


def test_the_summary_counts_by_level() -> None:
    assert summary([finding("A"), finding("B", Level.WARNING), finding("C")]) == "2 个错误，1 个提醒"
    assert summary([]) == "没有发现问题"


def test_many_findings_of_one_code_are_told_once_with_a_list_of_places() -> None:
    told = tell([finding("C01", line=line) for line in (1, 2, 3)], LINES).splitlines()
    assert [line for line in told if "错误" in line] == ["2023.yaml:1:1  错误 C01  C01 的说明"]
    assert told[-3:] == [
        "    同类问题另有 2 处：",
        "      2023.yaml:2:1  C01 的说明",
        "      2023.yaml:3:1  C01 的说明",
    ]
    in_full = tell([finding("C01", line=line) for line in (1, 2)], LINES)
    assert in_full.count("错误 C01") == 2


def test_a_sign_without_width_is_named_where_two_sides_are_compared() -> None:
    told = tell([Finding("C04", Level.ERROR, "甲。", expected="36", found="36\u200b")], ())
    assert "应为：36\n" in told and "实际：36[看不见的字符 U+200B]\n" in told


def test_more_findings_than_anybody_reads_are_counted_by_their_codes() -> None:
    many = [finding("C01", line=line) for line in range(1, MOST + 8)]
    told = tell([*many, finding("X21", Level.NOTE), *(finding("X22", Level.NOTE) for _ in "12")], LINES)
    assert told.count("C01 的说明") == MOST and "X21 的说明" not in told
    assert told.endswith(
        "还有 10 条没有列出（C01 7 条，X22 2 条，X21 1 条）。请先改好列出的；要看全部，请加 --json。\n"
    )
    assert "没有列出" not in tell(many[:MOST], LINES)


def test_a_long_sentence_is_cut_with_its_length() -> None:
    long = "公开" * 5_000
    told = tell([Finding("X21", Level.WARNING, long, (), long, long, long)], ())
    assert "……（共 10000 个字）" in told
    assert len(told) < 2_000
