"""The way of one report: what is made, what is refused, and what stands when a tool is missing."""

from dataclasses import replace

import pytest

from made import END, gathered, outcome_of, text_of
from reportgen.pipeline import Material, examine, run
from reportgen.problems import TemplateBroken, ToolMissing

WRONG_SUM = """
主动公开: 全部为零
申请:
  本年新收: {自然人: 5}
  予以公开: {自然人: 4}
复议诉讼: 全部为零
"""


def test_a_sound_report_gives_a_word_file_that_is_no_draft() -> None:
    outcome = outcome_of(text_of(), "docx")
    assert outcome.findings == ()
    assert set(outcome.files) == {"docx"} and not outcome.draft
    assert outcome.report is not None and outcome.report.form.id == "2021"


def test_the_form_follows_the_year() -> None:
    report = outcome_of(text_of(2020)).report
    assert report is not None and report.form.id == "2019"


def test_an_error_makes_the_word_file_a_draft_and_refuses_the_pdf() -> None:
    outcome = outcome_of(text_of(tables=WRONG_SUM), "docx", "pdf")
    assert outcome.errors == 1
    assert set(outcome.files) == {"docx"} and outcome.draft
    assert outcome.refused == ("pdf",) and outcome.failures == ()


@pytest.mark.office
def test_a_draft_pdf_is_made_when_asked_for_in_spite_of_errors() -> None:
    outcome = outcome_of(text_of(tables=WRONG_SUM), "pdf", draft=True)
    assert set(outcome.files) == {"docx", "pdf"} and outcome.draft


def test_without_libreoffice_the_word_file_is_made_and_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REPORTGEN_SOFFICE", "/nowhere/soffice")
    outcome = outcome_of(text_of(), "docx", "pdf")
    assert set(outcome.files) == {"docx"}
    (failure,) = outcome.failures
    assert isinstance(failure, ToolMissing) and "/nowhere/soffice" in str(failure)


def test_a_kind_of_file_that_nobody_reads_is_told_with_the_kinds_that_are() -> None:
    outcome = examine(Material("年报.pages", b""), gathered())
    (finding,) = outcome.findings
    assert finding.is_error and ".yaml" in finding.expected and finding.found == ".pages"


def test_an_older_sheet_is_told_how_to_become_one_that_is_read() -> None:
    (finding,) = examine(Material("年报.xls", b""), gathered()).findings
    assert finding.is_error and "另存为 .xlsx" in finding.fix


def test_a_file_that_says_nothing_gives_findings_and_no_file() -> None:
    outcome = run(Material("年报.yaml", b"\xff\xfe\x00broken"), gathered(), ("docx",))
    assert outcome.findings and outcome.files == {} and outcome.report is None


def test_a_broken_template_is_told_with_all_its_faults_at_once() -> None:
    supplies = gathered()
    broken = replace(supplies, templates={name: b"no zip" for name in supplies.templates})
    outcome = run(Material("年报.yaml", text_of().encode()), broken, ("docx",))
    (failure,) = outcome.failures
    assert isinstance(failure, TemplateBroken) and outcome.files == {}


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (outcome_of(text_of(), "docx").files["docx"] for _ in range(2))
    assert first == second


@pytest.mark.office
@pytest.mark.parametrize("name", ['甲<乙>&"丙"局', "{{ 甲 }}{% 乙 %}局", "㎡𠮷局"])
def test_a_hostile_name_comes_out_whole(name: str) -> None:
    quoted = "'" + name + "'"
    text = (
        text_of()
        .replace("机关: 甲县乙镇人民政府", f"机关: {quoted}")
        .replace("简称: 乙镇", f"简称: {quoted}")
    )
    outcome = outcome_of(text, "docx", "pdf", draft=True)
    assert outcome.report is not None and outcome.report.organ.name == name
    assert set(outcome.files) == {"docx", "pdf"}
    assert not [finding for finding in outcome.findings if finding.code.startswith(("P", "D"))]


@pytest.mark.office
def test_a_character_that_no_font_has_is_named_with_its_line_and_refuses_the_pdf() -> None:
    outcome = outcome_of(text_of(end=END.replace("没有其他", "没有😀其他")), "docx", "pdf")
    (finding,) = [each for each in outcome.findings if each.code == "P01"]
    assert "😀" in finding.message and finding.places[0].line > 10
    assert outcome.refused == ("pdf",)
