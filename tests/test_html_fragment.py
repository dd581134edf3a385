"""The fragment for a website: valid, self-contained, the same words and figures as the Word document."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nu_checker
from found import assert_read_back
from made import gathered, outcome_of, text_of
from nu_checker import NoVerdictError, complaints
from reportgen.makers import Order, maker_for
from reportgen.makers.html_fragment import MAKER
from reportgen.makers.html_fragment.drawing import cell_text
from reportgen.model.form import Form, form_for
from reportgen.model.layout import grid_of
from reportgen.model.nodes import FoundTable
from reportgen.model.report import Report
from reportgen.pipeline import Material, Outcome, examine, run
from reportgen.sources.html_page import SOURCE, document_of
from reportgen.wording import words
from strategies import consistent_reports
from test_layout import FORMS

PROSE = """
前言: |
  本报告依据<条例>编制，统计期限为2023年1月1日至12月31日，A&B、  两个空格。

  - 项一
  - **项**二
总体情况: |
  ### （一）主动公开
  **公开平台方面。**更新栏目三个。

  ### （二）依申请公开
  ### 1.受理
  没有收到申请。
表四说明: 表中没有未审结的案件。
"""
PAGE = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>年报</title></head>'
    "<body>{}</body></html>"
)
YEARS = (2020, 2023)


def fragment(text: str, *, draft: bool = False) -> str:
    """The fragment that a clerk's text gives."""
    outcome = outcome_of(text, "docx", "html", draft=draft)
    assert outcome.failures == ()
    return outcome.files["html"].decode()


def order_of(text: str) -> Order:
    """What the maker of the fragment is given."""
    outcome = outcome_of(text, "docx")
    assert outcome.report is not None
    return Order(outcome.report, words(outcome.report), made={"docx": outcome.files["docx"]})


def full(year: int) -> str:
    """A file with all that a page may have to show."""
    return text_of(year, more=PROSE)


def test_build_finds_the_maker_of_pages() -> None:
    assert maker_for("html") is MAKER


@pytest.mark.parametrize("year", YEARS)
def test_a_page_with_the_fragment_is_valid_html(year: int, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(fragment(full(year))), "utf-8")
    assert complaints(page) == []


def test_the_judge_of_pages_is_awake(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE.format('<p style="colour: red"><div>一段</p>'), "utf-8")
    assert [said for said in complaints(page) if "“div”" in said]
    assert [said for said in complaints(page) if "“colour”" in said]


def test_a_page_that_nobody_could_judge_is_not_called_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE.format("<p>一段</p>"), "utf-8")
    monkeypatch.setattr(nu_checker, "_JARS", tmp_path)
    with pytest.raises(NoVerdictError, match="没有判定"):
        complaints(page)


def test_a_judge_that_is_not_here_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nu_checker, "_JARS", tmp_path / "absent")
    with pytest.raises(NoVerdictError, match="没有 Nu 检查器"):
        complaints(tmp_path / "page.html")


@pytest.mark.parametrize("year", YEARS)
def test_it_has_six_chapters_and_three_tables_with_scopes_and_labels(year: int) -> None:
    text = fragment(full(year))
    form = form_for(year, FORMS.values())
    assert re.findall(r"<h2>(.*?)</h2>", text) == list(form.headings)
    assert "<caption" not in text  # it would say again what the heading above says
    assert re.findall(r'<table aria-label="(.*?)"', text) == [
        form.headings[table.chapter - 1][2:] for table in form.tables
    ]
    assert text.count("<td") == len(list(form.cells()))
    assert len(re.findall(r"<th ", text)) == len(re.findall(r'<th scope="(?:row|col)(?:group)?"', text))


def test_it_has_no_scripts_references_classes_or_sheets() -> None:
    text = fragment(full(2023))
    assert (
        re.findall(r"<(?:script|link|img|a|iframe|style|object)\b|\b(?:src|href|class|id|on\w+)=", text) == []
    )
    assert set(re.findall(r'style="([^"]*)"', text)) == {
        "text-align: center",
        "text-indent: 2em; overflow-wrap: anywhere",
        "margin-left: auto; margin-right: 4em; width: fit-content; text-align: center",
        "border-collapse: collapse; width: 100%",
        *(f"border: 1px solid; padding: 0.2em 0.4em; min-width: 2em; text-align: {way}" for way in WAYS),
    }


WAYS = ("center", "left")


def test_figures_stand_in_the_middle_and_every_paragraph_begins_two_characters_in() -> None:
    text = fragment(full(2023))
    assert set(re.findall(r'<td[^>]*text-align: (\w+)"', text)) == {"center"}
    chapters = text.partition("<h2>")[2].partition("<div")[0]
    assert not re.search(r"<p(?! style=\"text-indent: 2em)", chapters)


def test_a_long_name_is_in_one_piece_and_over_the_date() -> None:
    name = "甲省乙丙族丁族自治州戊戌族自治县己庚新区综合行政执法和政务服务数据管理局"
    text = fragment(full(2023).replace("甲县乙镇人民政府", name).replace("乡镇政府", "县级部门"))
    signed = text.partition("<div")[2].splitlines()
    assert signed[1:3] == [f"<p>{name}</p>", "<p>2024年1月18日</p>"]


def test_signs_of_html_in_the_text_are_words() -> None:
    text = fragment(full(2023))
    assert "依据&lt;条例&gt;编制" in text
    assert "A&amp;B、 \xa0两个空格" in text


def test_the_same_report_gives_the_same_bytes() -> None:
    assert fragment(full(2023)) == fragment(full(2023))


def test_a_draft_says_so_in_its_first_line() -> None:
    faulty = text_of(tables="主动公开: 全部为零\n申请: {本年新收: {自然人: 1}}\n复议诉讼: 全部为零")
    assert "草稿" in fragment(faulty).split("\n")[1]
    assert "草稿" not in fragment(full(2023))


def test_the_words_are_those_of_the_word_document() -> None:
    order = order_of(full(2023))
    proof = MAKER.prove(order, MAKER.make(order))
    assert proof.findings == ()
    assert proof.facts["tables"] == len(order.report.form.tables)


def spoiled(made: str) -> Iterator[tuple[str, str]]:
    """Fragments with one thing wrong, and the code of what is wrong."""
    yield "H01", made.replace("更新栏目三个", "更新栏目四个", 1)
    yield "H01", re.sub(r"<p[^>]*>没有其他.*?</p>\n", "", made, count=1)
    yield "H02", made.replace(">规章<", ">规 章<", 1)
    yield "H02", re.sub(r"<table.*?</table>", "", made, count=1, flags=re.S)
    yield "H02", made.replace("</tr>", '<td style="border: 1px solid">0</td></tr>', 1)
    yield "H02", made.replace("</article>", "<script>1</script></article>")
    yield "H03", made.replace(">0</td>", ">1</td>", 1)
    yield "H04", made.replace(">表中没有未审结的案件。</p>", ">表中没有。</p>")


def test_the_proof_sees_every_difference() -> None:
    order = order_of(full(2023))
    made = MAKER.make(order).decode()
    for code, text in spoiled(made):
        assert text != made, code
        found = {finding.code for finding in MAKER.prove(order, text.encode()).findings}
        assert code in found, (code, found)


def test_a_document_whose_headings_are_gone_gives_no_page_in_silence() -> None:
    order = order_of(full(2023))
    bare = replace(order, made={"docx": without_headings(order.made["docx"])})
    assert "H02" in {finding.code for finding in MAKER.prove(bare, MAKER.make(bare)).findings}


def without_headings(content: bytes) -> bytes:
    """A .docx whose third chapter has another heading in another style."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                part = part.replace("三、收到和处理政府信息公开申请情况".encode(), "申请的表".encode())
                part = part.replace(b'w:val="Heading1Table"', b'w:val="Body"')
            new.writestr(name, part)
    return held.getvalue()


def built(text: str) -> tuple[Report, Outcome]:
    """A report, and what is read from its fragment."""
    outcome = run(Material("a.yaml", text.encode()), gathered(), ("docx", "html"))
    assert outcome.report is not None
    return outcome.report, examine(Material("a.html", outcome.files["html"]), gathered())


@settings(max_examples=12)
@given(st.sampled_from(sorted(FORMS)).flatmap(lambda form: consistent_reports(FORMS[form])))
def test_reading_the_page_gives_the_report_cell_by_cell_and_word_by_word(text: str) -> None:
    report, read_back = built(text)
    back = read_back.report
    assert back is not None
    assert_read_back(back, report)
    assert [each for each in read_back.findings if each.code.startswith(("F", "R"))] == [
        each for each in read_back.findings if each.code in ("R11", "R16")
    ]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_every_cell_of_the_page_is_found_where_it_was_drawn(form: Form) -> None:
    year = form.since
    document, _ = document_of(fragment(full(year)).encode(), "a.html")
    assert document is not None
    found = [part for part in document if isinstance(part, FoundTable)]
    assert [len(each.rows) for each in found] == [grid_of(table).rows for table in form.tables]
    order = order_of(full(year))
    for table, each in zip(form.tables, found, strict=True):
        texts = [cell.text for row in each.rows for cell in row]
        cells = sorted(grid_of(table).cells, key=lambda cell: (cell.row, cell.column))
        assert texts == [cell_text(order, cell) for cell in cells]


def test_html_is_a_kind_that_is_read() -> None:
    assert SOURCE.suffixes == (".html", ".htm")
