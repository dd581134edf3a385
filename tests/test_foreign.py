"""Documents of other programs and other habits: every figure is found by its labels, or its loss is named."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from foreign import Piece, as_docx, as_html, as_markdown, pieces_of
from found import CHAPTERS, FIVE, PREFACE, SIX, table_of
from made import gathered
from reportgen.model.form import Form
from reportgen.model.nodes import FoundCell, FoundTable
from reportgen.pipeline import Material, Outcome, examine
from reportgen.problems import Level
from reportgen.recognising.labels import grid_rows
from test_docx_tables import docx, p
from test_layout import FORMS

FORM = FORMS["2021"]
FIGURES = {str(key): str(number) for number, (key, _, _) in enumerate(FORM.cells(), start=1)}
TITLE = "甲县乙镇人民政府2023年政府信息公开工作年度报告"
WRITERS = {"docx": as_docx, "html": as_html, "md": as_markdown}
Tables = Sequence[Sequence[Piece]]


def pieces(tables: Tables, front: Sequence[Piece] = ()) -> list[Piece]:
    """A report whose chapters two to four hold these."""
    found: list[Piece] = [("title", TITLE), *front, ("text", PREFACE)]
    texts: dict[int, Sequence[Piece]] = {1: [("text", "全年更新栏目三个。")], 5: [("text", FIVE)]}
    texts |= {6: [("text", SIX), ("text", "甲县乙镇人民政府"), ("text", "2024年1月9日")]}
    texts |= dict(enumerate(tables, start=2))
    for number, heading in enumerate(CHAPTERS, start=1):
        found += [("chapter", heading), *texts[number]]
    return found


def as_printed(form: Form = FORM) -> list[FoundTable]:
    """The form's tables with a different figure in each cell."""
    return [table_of(table, FIGURES) for table in form.tables]


def examined(report: Sequence[Piece], kind: str = "docx") -> Outcome:
    """What is found in a document of these pieces."""
    return examine(Material(f"a.{kind}", WRITERS[kind](report)), gathered())


def lost(outcome: Outcome) -> set[str]:
    """The cells that were not read as they stand in the document."""
    assert outcome.report is not None
    return {str(key) for key, figure in outcome.report.cells.items() if figure.text != FIGURES[str(key)]}


def told(outcome: Outcome) -> set[str]:
    """The codes of what the reading of the document says, guesses apart."""
    codes = {each.code for each in outcome.findings if each.code[0] in "RF"}
    return codes - {"R11", "R16"}


def cut(table: FoundTable, at: int, head: int = 0) -> tuple[FoundTable, FoundTable]:
    """A table cut below a row, as at the end of a page; the head may stand again above the second part."""
    upper = [tuple(cell._replace(rows=min(cell.rows, at - n)) for cell in row)
             for n, row in enumerate(table.rows[:at])]  # fmt: skip
    carried = [
        cell._replace(text="", rows=n + cell.rows - at)
        for n, row in enumerate(table.rows[:at])
        for cell in row
        if n + cell.rows > at
    ]
    first = sorted([*table.rows[at], *carried], key=lambda cell: cell.place.column)
    lower = [*table.rows[:head], tuple(first), *table.rows[at + 1 :]]
    return replace(table, rows=tuple(upper)), replace(table, rows=tuple(lower))


def unmerged(table: FoundTable, *, repeat: bool) -> FoundTable:
    """A table without merged cells: their words stand once, or in every place."""
    rows = []
    seen: set[int] = set()
    for row in grid_rows(table):
        cells: list[FoundCell] = []
        for cell in row:
            assert cell is not None
            text = cell.text if repeat or id(cell) not in seen else ""
            seen.add(id(cell))
            cells.append(cell._replace(text=text, rows=1, columns=1))
        rows.append(tuple(cells))
    return replace(table, rows=tuple(rows))


def written(table: FoundTable, say: Callable[[str], str]) -> FoundTable:
    """A table with other words in its cells."""
    rows = tuple(tuple(cell._replace(text=say(cell.text)) for cell in row) for row in table.rows)
    return replace(table, rows=rows)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_plain_document_is_read_whole(kind: str) -> None:
    outcome = examined(pieces([[each] for each in as_printed()]), kind)
    assert (lost(outcome), told(outcome)) == (set(), set())
    assert outcome.report is not None
    assert outcome.report.chapters == ()
    assert [each.text for each in outcome.report.prose["others"]] == [SIX]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("head", [0, 3])
@pytest.mark.parametrize("at", [4, 6, 10, 19, 27])
def test_a_table_that_goes_on_on_the_next_page_is_one_table(at: int, head: int, kind: str) -> None:
    two, three, four = as_printed()
    upper, lower = cut(three, at, head)
    outcome = examined(pieces([[two], [upper, ("text", "续表"), lower], [four]]), kind)
    assert (lost(outcome), told(outcome)) == (set(), set())


@pytest.mark.parametrize("at", [4, 7, 10, 12, 13])
def test_a_stacked_table_may_be_cut_between_any_of_its_rows(at: int) -> None:
    two, three, four = as_printed()
    outcome = examined(pieces([cut(two, at), [three], [four]]))
    assert (lost(outcome), told(outcome)) == (set(), set())


def test_each_band_may_be_a_table_of_its_own() -> None:
    two, three, four = as_printed()
    bands = [replace(two, rows=two.rows[a:b]) for a, b in ((0, 4), (4, 7), (7, 11), (11, 14))]
    outcome = examined(pieces([bands, [three], [four]]))
    assert (lost(outcome), told(outcome)) == (set(), set())


@pytest.mark.parametrize("repeat", [True, False])
def test_cells_need_not_be_merged(repeat: bool) -> None:
    outcome = examined(pieces([[unmerged(each, repeat=repeat)] for each in as_printed()]))
    assert (lost(outcome), told(outcome)) == (set(), set())


@pytest.mark.parametrize("kind", WRITERS)
def test_full_width_digits_are_figures(kind: str) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    tables = [
        [written(each, lambda text: text.translate(wide) if text.isdigit() else text)]
        for each in as_printed()
    ]
    assert lost(examined(pieces(tables), kind)) == set()


def test_tables_may_stand_in_any_order_and_place() -> None:
    two, three, four = as_printed()
    assert lost(examined(pieces([[], [], [four, two, three]]))) == set()


OTHER_WORDS = {
    "规章": "规 章",
    "行政规范性文件": "规范性文件",
    "本年收费金额（单位：万元）": "收费金额（万元）",
    "本年制发件数": "本年制发数量",
    "社会公益组织": "公益组织",
    "（七）总计": "（七）合计",
    "一、本年新收政府信息公开申请数量": "本年新收申请数量",
    "结果维持": "维持",
    "未经复议直接起诉": "直接起诉",
}


def test_labels_in_other_words_are_understood_and_named() -> None:
    tables = [[written(each, lambda text: OTHER_WORDS.get(text, text))] for each in as_printed()]
    outcome = examined(pieces(tables))
    assert (lost(outcome), told(outcome)) == (set(), {"R15"})
    heads = [each for each in outcome.findings if each.code == "R15"]
    assert {(each.found, each.expected, len(each.places)) for each in heads} == {
        ("本年制发数量", "本年制发件数", 1),
        ("收费金额（万元）", "本年收费金额（单位：万元）", 1),
        ("公益组织", "社会公益组织", 1),
        ("维持", "结果维持", 3),
        ("直接起诉", "未经复议直接起诉", 1),
    }
    assert all(each.is_error and place.table for each in heads for place in each.places)
    assert outcome.report is not None
    assert {own.text for own in outcome.report.labels.values()} == {
        "规范性文件",
        "（七）合计",
        "本年新收申请数量",
    }


def test_tables_of_the_other_form_are_named_and_what_both_forms_have_is_read() -> None:
    outcome = examined(pieces([[table_of(each, FIGURES, "7")] for each in FORMS["2019"].tables]))
    of_labels = {"X01", "X20", "T2-09", "T3-05", "T4-05"}
    assert {each.code for each in outcome.findings} & of_labels == {"X01"}
    assert told(outcome) == set()
    assert outcome.report is not None
    assert outcome.report.value("new", "person") == int(FIGURES["new.person"])


@pytest.mark.parametrize("kind", WRITERS)
def test_a_table_of_contents_is_not_the_chapters(kind: str) -> None:
    contents: list[Piece] = [("text", "目  录")]
    contents += [("text", f"{heading}……{page}") for page, heading in enumerate(CHAPTERS, start=1)]
    outcome = examined(pieces([[each] for each in as_printed()], contents), kind)
    assert (lost(outcome), told(outcome)) == (set(), set())
    assert outcome.report is not None
    assert outcome.report.chapters == ()
    assert len(outcome.report.prose["preface"]) == 1


def test_a_bold_heading_may_open_the_paragraph_of_its_text() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r><w:r><w:t>{}</w:t></w:r></w:p>"
    body = p(TITLE) + bold.format(CHAPTERS[0], "全年更新栏目三个。") + bold.format(CHAPTERS[4], FIVE)
    outcome = examine(Material("a.docx", docx(body)), gathered())
    assert outcome.report is not None
    assert [each.text for each in outcome.report.prose["overview"]] == ["全年更新栏目三个。"]
    assert [each.text for each in outcome.report.prose["problems"]] == [FIVE]


@pytest.mark.parametrize("called", ["第{}部分 {}", "第{}部分：{}", "第{}章　{}"])
def test_chapters_may_be_called_parts(called: str) -> None:
    headings = [called.format(*heading.split("、", 1)) for heading in CHAPTERS]
    body = p(TITLE) + "".join(p(head) + p(FIVE) for head in headings)
    outcome = examine(Material("a.docx", docx(body)), gathered())
    assert "R10" not in {each.code for each in outcome.findings}
    assert outcome.report is not None
    assert [each.text for each in outcome.report.chapters] == headings
    assert [each.text for each in outcome.report.prose["problems"]] == [FIVE]


def test_a_document_gets_no_advice_on_a_file_that_nobody_wrote() -> None:
    said = "收到政府信息公开申请4321件。"
    body = p(TITLE) + "".join(p(head) + p(said) for head in CHAPTERS)
    tables = pieces([[table_of(each, FIGURES, "7")] for each in FORMS["2021"].tables])
    outcomes = [examine(Material("a.docx", docx(body)), gathered()), examined(tables)]
    told = [each for outcome in outcomes for each in outcome.findings if each.code[0] in "NTX"]
    assert len(told) > 3
    assert not [each for each in told if "YAML" in each.fix or "{{" in each.fix]


def test_text_boxes_are_read_behind_their_paragraph_with_a_note_each() -> None:
    box = "<w:p><w:r><w:{0}><w:txbxContent>{1}</w:txbxContent></w:{0}></w:r></w:p>"
    body = p(TITLE) + p(CHAPTERS[0])
    body += box.format("pict", p("框里的话")) + box.format("drawing", p("框里的话"))
    outcome = examine(Material("a.docx", docx(body)), gathered())
    notes = [each for each in outcome.findings if each.code == "R17"]
    assert [(each.level, "框里的话" in each.message) for each in notes] == [(Level.NOTE, True)]


def lines(table: FoundTable) -> list[str]:
    """The cells of a table that say something, one after another."""
    return [cell.text for row in table.rows for cell in row if cell.text]


def listed(tables: Sequence[Sequence[str]]) -> bytes:
    """A report copied from a page as text, a cell on each line."""
    parts = [TITLE, PREFACE]
    for number, heading in enumerate(CHAPTERS, start=1):
        parts += [heading, *(tables[number - 2] if number in (2, 3, 4) else [FIVE])]
    return "\n".join([*parts, "甲县乙镇人民政府", "2024年1月9日"]).encode()


@pytest.mark.parametrize("gap", [b"\n", b"\n\n", b"\r\n"])
def test_tables_copied_as_a_cell_on_each_line_are_put_together_again(gap: bytes) -> None:
    content = listed([lines(each) for each in as_printed()]).replace(b"\n", gap)
    outcome = examine(Material("a.txt", content), gathered())
    assert (lost(outcome), told(outcome)) == (set(), set())
    assert outcome.report is not None
    assert outcome.report.chapters == ()
    figure = outcome.report.cells[next(iter(outcome.report.cells))]
    assert figure.place is not None
    assert content.decode().splitlines()[figure.place.line - 1] == figure.text


def test_a_copied_row_without_all_its_figures_is_missed() -> None:
    two, three, four = (lines(each) for each in as_printed())
    at = three.index("2.重复申请") + 1
    content = listed([two, three[:at] + three[at + 3 :], four])
    outcome = examine(Material("a.txt", content), gathered())
    assert {each.partition(".")[0] for each in lost(outcome)} == {"refuse_2"}
    assert "T3-05" in {each.code for each in outcome.findings}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
@pytest.mark.parametrize("kind", WRITERS)
def test_an_empty_form_is_judged_by_its_tables(kind: str, form: Form) -> None:
    """It has neither organ nor year, instructions instead of text, and all cells blank."""
    chapters = [
        (heading, ["（文字描述）"] if number in (1, 5, 6) else [])
        for number, heading in enumerate(["", *CHAPTERS])
    ]
    blank = dict.fromkeys((str(key) for key, _, _ in form.cells()), "")
    outcome = examined(pieces_of(form, "政府信息公开工作年度报告格式", chapters, blank), kind)
    assert outcome.report is not None
    assert outcome.report.form.id == form.id
    codes = [each.code for each in outcome.findings]
    told = [each.about for each in outcome.findings if each.code == "C01"]
    assert len(told) == len(form.tables)  # each table once, with all its cells
    assert sorted(key for about in told for key in about) == sorted(blank)
    assert {"R02", "R14", "F13", "F25", "X14"} <= set(codes)
    assert {each.about for each in outcome.findings if each.code == "F13"} == {("level",), ("date",)}
    assert "X01" not in codes


def without_year(title: str = "甲县乙镇人民政府政府信息公开工作年度报告") -> list[Piece]:
    """A report that names its year neither in its title nor in its preface."""
    report = pieces([[each] for each in as_printed()])
    report[:2] = [("title", title), ("text", "根据《条例》编制本报告。")]
    return report


@pytest.mark.parametrize("kind", WRITERS)
def test_a_year_that_is_not_there_is_told_once_and_nothing_is_held_against_a_guess(kind: str) -> None:
    report = without_year()
    report[report.index(("text", "全年更新栏目三个。"))] = ("text", "2023年更新栏目三个。")
    outcome = examined(report, kind)
    errors = [each for each in outcome.findings if "年度" in each.message and each.code[0] in "FRX"]
    assert [each.code for each in errors] == ["R02", "F25"]
    codes = {each.code for each in outcome.findings}
    assert codes & {"X03", "X06", "X07", "X16"} == set()


def test_what_else_a_title_without_a_year_lacks_is_told_without_a_made_up_year() -> None:
    report = without_year("甲县乙镇人民政府政府信息公开年度报告")
    found = [each for each in examined(report).findings if each.code == "X03"]
    assert [each.expected for each in found] == ["甲县乙镇人民政府××××年政府信息公开工作年度报告"]


def test_a_number_with_too_many_digits_is_told_once() -> None:
    many = "9" * 20
    tables = [
        [written(each, lambda text: many if text == FIGURES["open.person"] else text)]
        for each in as_printed()
    ]
    found = [each for each in examined(pieces(tables)).findings if many in each.message + each.found]
    assert [each.code for each in found] == ["F19"]


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        ("申请人情况", "申请人类型情况", Level.ERROR),
        ("法人或其他组织", "法人及其他组织", Level.ERROR),
        ("复议后起诉", "复议后诉讼", Level.ERROR),
        ("本年收费金额（单位：万元）", "本年收费金额（万元）", Level.WARNING),
        ("本年收费金额（单位：万元）", "本年收费金额", Level.WARNING),
        ("本年收费金额（单位：万元）", "本年收费金额 (单位:万元)", None),
        ("本年制发件数", "本年 制发件数", None),
    ],
)
def test_a_changed_column_label_is_told_at_its_place(before: str, after: str, level: Level | None) -> None:
    tables = [[written(each, lambda text: after if text == before else text)] for each in as_printed()]
    outcome = examined(pieces(tables))
    found = [each for each in outcome.findings if each.code == "R15"]
    assert [(each.expected, each.found, each.level) for each in found] == (
        [(before, after, level)] if level else []
    )
    assert lost(outcome) == set()
