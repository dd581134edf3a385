"""Whatever an office wrote, and wherever it wrote it, stands in the report that is made of it."""

import io
from collections.abc import Iterator, Sequence

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from found import CHAPTERS, END, PREFACE, markdown, plain_text, tabbed, table_of
from made import gathered, text_of
from reportgen.clerk_file import starting_file, write
from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Mapping, Run
from reportgen.model.report import Report
from reportgen.pipeline import Material, Outcome, examine, run
from reportgen.problems import Finding, Place
from reportgen.reading import read
from reportgen.recognising import recognise
from reportgen.sources.docx import shown
from reportgen.sources.markdown_text import read as read_text
from test_layout import FORMS

FORM = FORMS["2021"]
ALL = tuple(FORMS.values())
TITLE = "甲县乙镇人民政府2023年政府信息公开工作年度报告"
PLACES = ("一", "二上", "二下", "三上", "三下", "四上", "四下", "五", "六")
SIGNS = (
    "甲",
    "乙丙",
    "*",
    "**",
    "#",
    "{{",
    "}}",
    "<",
    "&",
    "\\",
    "- ",
    "：",
    "（一）",
    " ",
    "1.",
    "“丁”",
    "12件",
    "A b",
)
PIECES = st.lists(st.sampled_from(SIGNS), max_size=6).map("".join)


@st.composite
def texts(draw: st.DrawFn) -> dict[str, list[str]]:
    """Some paragraphs for every place of a report, no two alike, each a sentence."""
    told: dict[str, list[str]] = {}
    for place in PLACES:
        pieces = draw(st.lists(PIECES, min_size=1, max_size=2))
        told[place] = [f"在{place}写了{at}{piece}话。" for at, piece in enumerate(pieces)]
    return told


def document_with(told: dict[str, list[str]], **changes: str | None) -> Document:
    """A report in Word with these paragraphs; ``changes`` replace headings (h1 …), None leaves them out."""
    parts: list[str | FoundTable] = [TITLE, PREFACE]
    for number, heading in enumerate(CHAPTERS, 1):
        changed = changes.get(f"h{number}", heading)
        parts += [changed] if changed else []
        name = "一二三四五六"[number - 1]
        table = next((each for each in FORM.tables if each.chapter == number), None)
        if table:
            parts += [*told.get(f"{name}上", ()), table_of(table), *told.get(f"{name}下", ())]
        else:
            parts += told.get(name, ())
    signs = [END[0], changes.get("date", END[1])]
    return tuple(_placed([*parts, *(each for each in signs if each)]))


def _placed(parts: Sequence[str | FoundTable]) -> Iterator[FoundParagraph | FoundTable]:
    for number, part in enumerate(parts, 1):
        yield part if isinstance(part, FoundTable) else FoundParagraph((Run(part),), Place("a.docx", number))


def recognised(document: Document) -> tuple[Report, str, tuple[Finding, ...]]:
    """The report of a document, the clerk's file written of it, and what the recognising told."""
    node, findings = recognise(document, ALL)
    assert node is not None, findings
    report, _ = read(node, ALL)
    assert report is not None
    return report, write(node, FORM, ()), findings


def words_of(content: bytes) -> list[str]:
    """The paragraphs of a Word file."""
    return [each.text for each in shown(content, "a.docx").body if isinstance(each, FoundParagraph)]


def built(text: str) -> Outcome:
    return run(Material("a.yaml", text.encode()), gathered(), ("docx",))


@settings(max_examples=12, deadline=None)
@given(texts())
def test_read_then_build_loses_no_paragraph(told: dict[str, list[str]]) -> None:
    _, text, _ = recognised(document_with(told))
    printed = words_of(built(text).files["docx"])
    typed = [line for place in PLACES for line in told[place]]
    assert [line for line in printed if line in typed] == typed


@settings(max_examples=40, deadline=None)
@given(texts(), st.sets(st.sampled_from(range(1, 7))), st.booleans())
def test_no_paragraph_is_lost_with_its_heading(
    told: dict[str, list[str]], missing: set[int], renumbered: bool
) -> None:
    changes: dict[str, str | None] = {f"h{number}": None for number in missing}
    if renumbered:
        left = [number for number in range(1, 7) if number not in missing]
        changes |= {
            f"h{number}": f"{'一二三四五六'[at]}、{CHAPTERS[number - 1].partition('、')[2]}"
            for at, number in enumerate(left)
        }
    report, _, findings = recognised(document_with(told, **changes))
    kept = report.words
    assert [line for each in told.values() for line in each if line.strip() not in kept] == []
    assert "R08" not in {each.code for each in findings}


TOLD = {place: [f"在{place}写了一句话。"] for place in PLACES}


@pytest.mark.parametrize("number", range(1, 7))
def test_a_missing_heading_is_one_finding_and_its_chapter_stays(number: int) -> None:
    text = markdown(FORM, 2023, **{f"h{number}": ""})
    sound, faulty = (examine(Material("a.md", each.encode()), gathered()) for each in (markdown(FORM), text))
    new = [each for each in faulty.findings if each.code not in {old.code for old in sound.findings}]
    assert [(each.code, CHAPTERS[number - 1] in each.message) for each in new] == [("X04", True)]
    assert sound.report is not None and faulty.report is not None
    assert {key: len(each) for key, each in faulty.report.prose.items()} == {
        key: len(each) for key, each in sound.report.prose.items()
    }
    assert [each.text for each in faulty.report.cells.values()] == [
        each.text for each in sound.report.cells.values()
    ]


def test_headings_renumbered_after_a_missing_one_are_one_finding() -> None:
    changes = {"h2": ""} | {
        f"h{number}": f"## {'一二三四五六'[number - 2]}、{CHAPTERS[number - 1].partition('、')[2]}"
        for number in range(3, 7)
    }
    outcome = examine(Material("a.md", markdown(FORM, 2023, **changes).encode()), gathered())
    [found] = [each for each in outcome.findings if each.code == "X04"]
    assert "缺少“二、主动公开政府信息情况”" in found.message and "4个标题的序号不对" in found.message
    assert len(found.places) == 4


@pytest.mark.parametrize("sign", ["（{}）", "", "第{}部分 ", "第{}章 "])
def test_headings_numbered_in_another_way_are_one_finding(sign: str) -> None:
    changes = {
        f"h{number}": f"## {sign.format('一二三四五六'[number - 1])}{heading.partition('、')[2]}"
        for number, heading in enumerate(CHAPTERS, 1)
    }
    outcome = examine(Material("a.md", markdown(FORM, 2023, **changes).encode()), gathered())
    assert [each.message for each in outcome.findings if each.is_error] == ["有6个标题的序号不对。"]
    assert outcome.report is not None and len(outcome.report.prose) == 4


def test_a_heading_without_its_number_in_plain_text_is_one_and_a_caption_is_none() -> None:
    plain = markdown(FORM).replace("## ", "").replace("### ", "").replace("# ", "")
    bare = plain.replace(CHAPTERS[2], CHAPTERS[2].partition("、")[2])
    twice = plain.replace(CHAPTERS[2], f"{CHAPTERS[2]}\n\n{CHAPTERS[2].partition('、')[2]}")
    for text, errors in ((bare, ["X04"]), (twice, [])):
        outcome = examine(Material("a.txt", text.encode()), gathered())
        assert [each.code for each in outcome.findings if each.is_error] == errors
        assert outcome.report is not None and "requests_lead" not in outcome.report.prose


def test_a_preface_below_the_first_heading_is_one() -> None:
    one = f"{PREFACE}\n\n全年公开信息三条。"
    node, findings = recognise_text(markdown(FORM, preface="", one=one))
    assert plain_text(node.get("总体情况")) == "全年公开信息三条。"
    assert plain_text(node.get("前言")).startswith("本报告由甲县乙镇人民政府编制")
    assert plain_text(node.get("电话")) == "0123-4567890"
    assert [each.code for each in findings] == ["R34", "R11"] or {each.code for each in findings} == {
        "R34",
        "R11",
    }


def test_words_of_its_own_above_the_first_sentence_are_no_preface() -> None:
    node, findings = recognise_text(markdown(FORM, preface="", one="全年公开信息三条。"))
    assert node.get("前言") is None
    assert {each.code for each in findings} == {"R11"}


def recognise_text(text: str) -> tuple[Mapping, tuple[Finding, ...]]:
    """The clerk's nodes of a text, and what is told of it."""
    node, findings = read_text(text.encode(), "a.md", ALL)
    assert node is not None
    return node, findings


@pytest.mark.parametrize("gap", ["    年  月  日", "年 月 日", None])
def test_no_date_reads_back_as_no_date(gap: str | None) -> None:
    report, text, _ = recognised(document_with(TOLD, date=gap))
    assert report.date is None and "成文日期" not in text
    assert [each.text for each in report.prose["others"]] == TOLD["六"]


def test_a_date_half_filled_in_is_told_as_it_stands() -> None:
    node, _ = recognise(document_with(TOLD, date="2024年  月  日"), ALL)
    assert node is not None and plain_text(node.get("成文日期")) == "2024年月日"


def test_our_own_document_without_a_date_reads_back_without_one() -> None:
    text = text_of(2023).replace("成文日期: 2024-01-18", "成文日期:")
    content = built(text).files["docx"]
    back = examine(Material("a.docx", content), gathered())
    assert back.report is not None and back.report.date is None
    assert [each.text for each in back.report.prose["others"]][-1].startswith("没有其他")


def test_the_organ_that_signs_is_printed_as_it_is() -> None:
    text = text_of(2023) + "原文:\n  落款: 甲县乙镇人民政府办公室\n"
    outcome = built(text)
    assert words_of(outcome.files["docx"])[-2:] == ["甲县乙镇人民政府办公室", "2024年1月18日"]


# ── tables as they come ───────────────────────────────────────────────────────────────────────────────

FOUR = FORM.tables[2]
FIGURES = {str(key): str(at) for at, (key, _, _) in enumerate(FOUR.cells(), 1)}
KINDS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def table(*rows: Sequence[str]) -> FoundTable:
    """A table of these cells."""
    place = Place("a.docx", table=1, row=1, column=1)
    return FoundTable(tuple(tuple(FoundCell(text, place) for text in row) for row in rows), place)


def figures_of(tables: Sequence[FoundTable]) -> dict[str, str]:
    """The figures of table four where a document has it so."""
    parts: list[str | FoundTable] = [TITLE, PREFACE]
    for number, heading in enumerate(CHAPTERS, 1):
        own = [each for each in FORM.tables if each.chapter == number]
        parts += [heading, *(tables if own == [FOUR] else map(table_of, own))]
    report, _, findings = recognised(tuple(_placed([*parts, *END])))
    assert {each.code for each in findings} <= {"R11"}
    return {str(key): report.cells[key].text for key, _, _ in FOUR.cells()}


def _numbers(first: int) -> list[str]:
    return [str(number) for number in range(first, first + 5)]


def test_table_four_in_two_pieces_is_read() -> None:
    review = table(["行政复议"], KINDS, _numbers(1))
    suits = table(
        ["行政诉讼"],
        ["未经复议直接起诉", *[""] * 4, "复议后起诉"],
        [*KINDS, *KINDS],
        _numbers(6) + _numbers(11),
    )
    merged = FoundTable(
        (
            suits.rows[0],
            (FoundCell("未经复议直接起诉", Place("a"), 1, 5), FoundCell("复议后起诉", Place("a"), 1, 5)),
            *suits.rows[2:],
        ),
        suits.place,
    )
    wide = FoundTable(((FoundCell("行政复议", Place("a"), 1, 5),), *review.rows[1:]), review.place)
    assert figures_of([wide, merged]) == FIGURES


def test_table_four_in_three_pieces_is_read() -> None:
    pieces = [
        FoundTable(
            ((FoundCell(name, Place("a"), 1, 5),), *table(KINDS, _numbers(first)).rows), Place("a", table=1)
        )
        for name, first in (("行政复议", 1), ("未经复议直接起诉", 6), ("复议后起诉", 11))
    ]
    assert figures_of(pieces) == FIGURES


def test_table_four_upright_is_read() -> None:
    rows = [["行政复议", *_numbers(1)], ["未经复议直接起诉", *_numbers(6)], ["复议后起诉", *_numbers(11)]]
    assert figures_of([table(["", *KINDS], *rows)]) == FIGURES


def test_table_four_turned_is_read() -> None:
    columns = [_numbers(1), _numbers(6), _numbers(11)]
    rows = [[kind, *(column[at] for column in columns)] for at, kind in enumerate(KINDS)]
    assert figures_of([table(["项目", "行政复议", "未经复议直接起诉", "复议后起诉"], *rows)]) == FIGURES


def test_table_four_without_a_block_is_not_guessed() -> None:
    rows = [["行政复议", *_numbers(1)], ["未经复议直接起诉", *_numbers(6)]]
    with pytest.raises(AssertionError):
        figures_of([table(["", *KINDS], *rows)])


@pytest.mark.parametrize("head", ["", "序号", "行次"])
@pytest.mark.parametrize("at", range(2))
def test_a_first_column_of_row_numbers_is_passed_over(head: str, at: int) -> None:
    figures = {str(key): "7" for key, _, _ in FORM.tables[at].cells()}
    lines = tabbed(FORM.tables[at], figures).split("\n")
    numbered = "\n".join(f"{number or head}\t{line}" for number, line in enumerate(lines))
    node, findings = recognise_text(markdown(FORM, 2023, **{("two", "three")[at]: numbered}))
    report, _ = read(node, ALL)
    assert report is not None and {each.code for each in findings} == {"R11"}
    assert {report.cells[key].text for key, _, _ in FORM.tables[at].cells()} == {"7"}


def pasted(part: str, between: str, framed: bool) -> str:
    """A table as it comes out of a browser: a merged cell stands once, so that rows are uneven."""
    lines = [[cell for cell in line.split("\t") if cell] for line in part.split("\n")]
    rows = (between.join(line) for line in lines)
    return "\n".join(f"|{row}|" if framed else row for row in rows)


@pytest.mark.parametrize(
    ("between", "framed"),
    [("\t", False), (" \t ", False), ("|", True), ("|", False), ("  ", False), ("\u3000\u3000", False)],
)
def test_uneven_rows_of_pasted_text_are_read(between: str, framed: bool) -> None:
    figures = {str(key): str(at % 7) for at, (key, _, _) in enumerate(FORM.cells())}
    two, three, four = (pasted(tabbed(each, figures), between, framed) for each in FORM.tables)
    node, findings = recognise_text(markdown(FORM, 2023, two=two, three=three, four=four))
    report, _ = read(node, ALL)
    assert report is not None and {each.code for each in findings} == {"R11"}
    assert {str(key): figure.text for key, figure in report.cells.items()} == figures
    assert set(report.prose) == {"preface", "overview", "problems", "others"}


def test_a_label_that_broke_over_two_lines_is_one() -> None:
    three = tabbed(FORM.tables[1]).replace("部分公开（", "部分公开\n（")
    assert "部分公开\n（" in three
    node, findings = recognise_text(markdown(FORM, 2023, three=three))
    assert {each.code for each in findings} == {"R11"} and node.get("表三说明") is None


# ── files of another kind than their names say ────────────────────────────────────────────────────────


def word(text: str) -> bytes:
    """A Word file with a paragraph for each line."""
    document, held = docx.Document(), io.BytesIO()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code", "fix"),
    [
        ("a.docx", word(text_of(2023)), "R35", "复制到记事本"),
        ("a.yaml", word("一、总体情况"), "F01", "改成 .docx"),
        ("a.docx", text_of(2023).encode(), "F27", "改成 .yaml"),
        ("a.html", text_of(2023).encode(), "F27", "改成 .yaml"),
        ("a.yaml", b"<!DOCTYPE html><html><body><p>1</p></body></html>", "F01", "改成 .html"),
        ("a.yaml", b"%PDF-1.7", "F01", ".docx"),
        ("a.yaml", b"\xd0\xcf\x11\xe0" + bytes(8), "F01", "另存为 .docx"),
    ],
)
def test_a_file_of_another_kind_is_told_with_the_way_out(
    name: str, content: bytes, code: str, fix: str
) -> None:
    outcome = examine(Material(name, content), gathered())
    assert outcome.report is None
    [found] = outcome.findings
    assert found.code == code and fix in found.fix


# ── the template's words, and last year's ─────────────────────────────────────────────────────────────


def test_a_town_of_nothing_but_zeros_is_told_that_the_template_speaks() -> None:
    outcome = built(text_of(2023, said=""))
    assert [each.code for each in outcome.findings if each.code in ("X10", "X24")] == ["X10", "X24"]
    [found] = [each for each in outcome.findings if each.code == "X24"]
    assert all(each.name in found.message for each in FORM.aspects)


def test_the_document_of_that_town_is_told_the_same_of_what_only_the_template_says() -> None:
    content = built(text_of(2023, said="")).files["docx"]
    outcome = examine(Material("a.docx", content), gathered())
    [found] = [each for each in outcome.findings if each.code == "X24"]
    assert "政府信息管理、平台建设、监督保障" in found.message
    assert "X10" in {each.code for each in outcome.findings}


def last_year(more: str) -> Report:
    report = examine(Material("a.yaml", text_of(2023, more=more).encode()), gathered()).report
    assert report is not None
    return report


WHOLE = "".join(
    f"  ### （{number}）{name}\n\n  {name}的话，本年写的。\n\n"
    for number, name in zip("一二三四五", (each.name for each in FORM.aspects), strict=True)
)


@pytest.mark.parametrize(
    "more",
    [
        "总体情况: |\n" + WHOLE,
        "总体情况:\n" + "".join(f"  {each.name}: {each.name}的话，本年写的。\n" for each in FORM.aspects),
    ],
    ids=["in one", "by aspects"],
)
def test_last_years_text_is_carried_over_marked(more: str) -> None:
    text = starting_file(FORM, "甲县乙镇人民政府", "乡镇政府", 2024, last_year(more))
    assert "【去年】工作中还存在" in text
    outcome = examine(Material("a.yaml", text.encode()), gathered())
    marks = [each for each in outcome.findings if each.code == "X14"]
    assert len(marks) == text.count("\n    【去年】") + text.count("\n  【去年】")
    assert len(marks) >= 2 and all(each.is_error and "改写成本年的情况" in each.fix for each in marks)
    others = {each.code for each in outcome.findings} - {"X14"}
    assert not others & {"X07", "X12", "X08"}  # one cause, one finding


def test_the_five_aspects_are_empty_keys_with_hints() -> None:
    text = starting_file(FORM, "甲县乙镇人民政府", "乡镇政府", 2024)
    for aspect in FORM.aspects:
        assert f"  # {aspect.hint}\n  {aspect.name}: |\n" in text
    filled = text.replace("  平台建设: |\n", "  平台建设: |\n    办好网站。\n")
    report = examine(Material("a.yaml", filled.encode()), gathered()).report
    assert report is not None
    assert [each.text for each in report.prose["platforms"]] == ["办好网站。"]
    assert "oversight" not in report.prose


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("# 总体情况:\n  主动公开: 公开三条。\n", {"disclosure"}),
        (
            "#总体情况：\n  主动公开: |\n    公开三条。\n#   平台建设: |\n    办好网站。\n",
            {"disclosure", "platforms"},
        ),
        ("总体情况:\n#   主动公开: |\n    公开三条。\n  平台建设: 办好网站。\n", {"disclosure", "platforms"}),
        ("# 其他事项: |\n  没有。\n", {"others"}),
    ],
)
def test_a_commented_key_above_what_was_filled_in_is_told(typed: str, keys: set[str]) -> None:
    text = text_of(2023, more=typed, said="", end="存在问题: 公开不够丰富。下一步改进。\n")
    outcome = examine(Material("a.yaml", text.encode()), gathered())
    told = [each for each in outcome.findings if each.code.startswith("F")]
    assert {each.code for each in told} == {"F03"} and len(told) == typed.count("#")
    assert all("前面还有“#”" in each.message for each in told)
    assert outcome.report is not None and keys <= set(outcome.report.prose)


@pytest.mark.parametrize(
    "typed", ["# 总体情况: 可以不写\n", "# 总体情况:\n#   主动公开: |\n#     公开三条。\n"]
)
def test_a_comment_above_nothing_is_a_comment(typed: str) -> None:
    outcome = examine(Material("a.yaml", text_of(2023, more=typed, said="").encode()), gathered())
    assert [each.code for each in outcome.findings if each.code == "F03"] == []
