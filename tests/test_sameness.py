"""Ten reports look as they did: the same words, every line in its place, the same pages.

``pytest --update-golden -k golden`` freezes them anew; ``git diff`` then shows what changed.
"""

import io
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from made import outcome_of
from sameness import Frozen, differences, frozen, kept, write

pytestmark = [pytest.mark.office, pytest.mark.golden]

GOLDEN = Path(__file__).parent / "golden" / "reports"
REPORTS = sorted(folder.name for folder in GOLDEN.iterdir())
SHORT = "short_2023"


@cache
def pdf_of(name: str, old: str = "", new: str = "") -> bytes:
    """The PDF of a frozen report's file, with something else in one place of it if so asked."""
    text = (GOLDEN / name / "report.yaml").read_text("utf-8")
    assert text.count(old) == 1 or not old
    draft = name.startswith("draft")
    outcome = outcome_of(text.replace(old, new) if old else text, "docx", "pdf", draft=draft)
    assert "pdf" in outcome.files, (outcome.failures, [finding.message for finding in outcome.findings])
    assert outcome.draft is draft
    return outcome.files["pdf"]


def changed(pdf: bytes, drawing: bytes) -> Frozen:
    """The PDF with drawing operators before those of its first page."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.pages[0].contents_add(drawing, prepend=True)
        document.save(out)
    return frozen(out.getvalue())


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_looks_as_it_did(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    now = frozen(pdf_of(name))
    if request.config.getoption("--update-golden"):
        write(now, GOLDEN / name)
    assert differences(kept(GOLDEN / name), now, tmp_path) == []


def test_ten_reports_of_both_forms_are_frozen() -> None:
    assert len(REPORTS) == 10
    years = [int(name.rpartition("_")[2]) for name in REPORTS]
    assert {year < 2021 for year in years} == {True, False}


def test_the_slack_is_smaller_than_what_an_eye_sees(tmp_path: Path) -> None:
    then = kept(GOLDEN / SHORT)
    shifted = changed(pdf_of(SHORT), b"1 0 0 1 0 0.4 cm")  # 0.14 mm
    assert any(told.startswith("line: ") for told in differences(then, shifted, tmp_path))
    hardly = changed(pdf_of(SHORT), b"1 0 0 1 0 0.2 cm")  # 0.07 mm
    assert not [told for told in differences(then, hardly, tmp_path) if told.startswith("line: ")]


def test_a_stroke_without_words_is_seen_in_the_picture(tmp_path: Path) -> None:
    with_stroke = changed(pdf_of(SHORT), b"q 0.5 w 100 700 m 160 700 l S Q")
    [told] = differences(kept(GOLDEN / SHORT), with_stroke, tmp_path)
    assert told.startswith("page 1: ")
    assert told.endswith(f"see {tmp_path / 'page-1.png'}")
    assert (tmp_path / "page-1.png").is_file()


def test_another_word_is_told_as_words_and_its_line(tmp_path: Path) -> None:
    other = frozen(pdf_of(SHORT, "公开的内容不够丰富", "公开的内容不够具体"))
    told = differences(kept(GOLDEN / SHORT), other, tmp_path)
    assert any(each.startswith("words: ") and "不够具体" in each for each in told), told
    assert any(each.startswith("line: ") and "不够具体" in each for each in told), told
    assert any(each.startswith("page ") for each in told), told


def test_a_page_more_is_told(tmp_path: Path) -> None:
    then = kept(GOLDEN / SHORT)
    fewer = Frozen(then.words, then.pieces, then.pages[:-1])
    assert [told.partition(":")[2] for told in differences(fewer, then, tmp_path)] == [
        f" (nothing) → {then.pages[-1].size}"
    ]
