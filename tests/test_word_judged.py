"""Judges from outside on every kind of Word file that is made here, and proof that they are awake.

openxml-audit judges packages as the Open XML SDK does, docxtpl-lint the tags of templates. Both are imported
here, so that a judge who is missing fails the tests.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import docx
import pytest
from docxtpl_lint.api import lint
from lxml import etree
from openxml_audit import OpenXmlValidator

from draw_templates import drawn
from made import gathered, outcome_of
from polished import text as clerks_text
from reportgen.archiving.sheet import Entry, Sheet, as_docx, digests
from reportgen.model.form import Form
from reportgen.pipeline import Material, examine
from reportgen.polish.commenting import remarked
from reportgen.problems import Finding, Level
from reportgen.store.workspace import sheet_template
from test_layout import ALL_FORMS
from test_templates import template_file

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "reports"
REPORTS = sorted(folder.name for folder in GOLDEN.iterdir())
DAY = date(2024, 1, 18)

THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
"""The one part that may be missing: our files name their fonts themselves."""

FREE = frozenset(["body", "p", "pict", "sectPr", "shape", "shapetype", "trPr"])
"""Elements whose children the schema lets stand in any order, or some of them."""

every_form = pytest.mark.parametrize("form", ALL_FORMS.values(), ids=ALL_FORMS)


@pytest.fixture
def judge(tmp_path: Path) -> "Judge":
    return Judge(tmp_path / "judged.docx")


class Judge:
    """openxml-audit, which reads files."""

    def __init__(self, file: Path) -> None:
        """Let it read everything from this file, which is written for each question."""
        self.file = file
        self.validator = OpenXmlValidator(max_errors=0)

    def findings(self, content: bytes) -> list[str]:
        """What it says of a package but for the missing theme, each as one line."""
        self.file.write_bytes(content)
        told = (
            f"{found.part_uri} {found.path}: {found.description}"
            for found in self.validator.validate(self.file).errors
        )
        return [line for line in told if not line.endswith(f"relationship type '{THEME}' is missing.")]


@cache
def word_file(name: str) -> bytes:
    """The Word file of a report that is frozen for its looks."""
    return outcome_of((GOLDEN / name / "report.yaml").read_text("utf-8"), "docx").files["docx"]


def findings_in(content: bytes) -> tuple[Finding, ...]:
    """What the rules find in a Word file."""
    return examine(Material("a.docx", content), gathered()).findings


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in content.items():
            package.writestr(name, part)
    return held.getvalue()


# ── every kind of file ───────────────────────────────────────────────────────────────────────────────


@every_form
def test_nothing_is_found_in_a_template(form: Form, judge: Judge) -> None:
    assert judge.findings(template_file(form).read_bytes()) == []


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_is_found_in_a_report_or_a_draft(name: str, judge: Judge) -> None:
    content = word_file(name)
    assert ("word/comments.xml" in parts(content)) is name.startswith("draft")
    assert judge.findings(content) == []


@pytest.mark.parametrize("name", ["short_2023", "village_2020", "draft_2023"])
def test_nothing_is_found_in_a_copy_with_comments(name: str, judge: Judge) -> None:
    content = word_file(name)
    with_faults = packed(
        {
            part: held.replace("第二十条第（一）项".encode(), "第二十条第（二）项".encode())
            for part, held in parts(content).items()
        }
    )
    found = findings_in(with_faults)
    assert found
    copy = remarked(with_faults, "a.docx", found, DAY)
    assert len(docx.Document(io.BytesIO(copy)).comments) >= len(found)
    assert judge.findings(copy) == []


def test_comments_bring_no_finding_to_a_file_that_word_would_have_saved(judge: Judge) -> None:
    opened, held = docx.Document(io.BytesIO(outcome_of(clerks_text(), "docx").files["docx"])), io.BytesIO()
    sentence = next(each for each in opened.paragraphs if "政策解读" in each.text)
    opened.add_comment(sentence.runs, "请核对", author="某科")
    opened.save(held)
    before = judge.findings(held.getvalue())
    found = (*findings_in(held.getvalue()), Finding("X00", Level.NOTE, "一句话"))
    assert judge.findings(remarked(held.getvalue(), "a.docx", found, DAY)) == before


@pytest.mark.parametrize("note", ["", "PDF 与 Word 有 2 处文字不同。"])
def test_nothing_is_found_in_the_sheet_of_an_archive(note: str, judge: Judge) -> None:
    entries = (Entry("年报.pdf", "年报", digests(b"%PDF")), Entry("年报.docx", "文字稿", digests(b"PK")))
    sheet = Sheet(
        "甲县乙镇人民政府", 2023, "年度报告", "国办公开办函〔2021〕30号", "reportgen", entries, note
    )
    assert judge.findings(as_docx(sheet, sheet_template())) == []


@every_form
def test_nothing_is_found_in_the_tags_of_a_template(form: Form) -> None:
    assert lint(template_file(form), autoescape=True).issues == []


def test_nothing_is_found_in_the_template_of_the_sheet_or_its_tags(judge: Judge) -> None:
    assert judge.findings(sheet_template()) == []
    assert lint(sheet_template(), autoescape=True).issues == []


# ── the judges are awake ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("name", ["draft", "sheet"])
def test_children_in_the_wrong_order_are_found_wherever_the_order_counts(name: str, judge: Judge) -> None:
    sheet = as_docx(Sheet("甲县乙镇人民政府", 2023, "年度报告", "表样", "reportgen", ()), sheet_template())
    content = parts(word_file("draft_2023") if name == "draft" else sheet)
    seen: dict[str, bool] = {}
    for part in (part for part in content if part.startswith("word/") and part.endswith(".xml")):
        for parent, swapped in swaps(content[part], {*seen, *FREE}):
            seen[parent] = judge.findings(packed(content | {part: swapped})) != []
    assert {"styles", "settings", "style", "pPr", "rPr", "tbl", "tblPr", "tcPr"} <= set(seen)
    assert [parent for parent, found in seen.items() if not found] == []


def test_a_setting_behind_the_one_it_has_to_precede_is_found(judge: Judge) -> None:
    content = parts(drawn(next(iter(ALL_FORMS.values()))))
    tab, sides = b'<w:defaultTabStop w:val="420"/>', b"<w:evenAndOddHeaders/>"
    settings = content["word/settings.xml"]
    assert tab + sides in settings
    [told] = judge.findings(
        packed(content | {"word/settings.xml": settings.replace(tab + sides, sides + tab)})
    )
    assert "defaultTabStop" in told


@every_form
def test_a_block_that_nobody_ends_is_found_in_a_template(form: Form) -> None:
    content = parts(template_file(form).read_bytes())
    content["word/document.xml"] = content["word/document.xml"].replace(b"{%p endif %}", b"", 1)
    assert [issue.rule for issue in lint(packed(content), autoescape=True).errors] == ["DTL101"]


def swaps(part: bytes, known: set[str]) -> Iterator[tuple[str, bytes]]:
    """For each kind of element that is not known: the part with two of its children swapped.

    The first two neighbours of different names, in the first such element.
    """
    root = etree.fromstring(part)
    for parent in root.iter():
        name = etree.QName(parent).localname
        pairs = zip(list(parent), list(parent)[1:], strict=False)
        first, second = next((pair for pair in pairs if pair[0].tag != pair[1].tag), (None, None))
        if first is not None and second is not None and name not in known:
            known.add(name)
            first.addprevious(second)
            yield name, etree.tostring(root)
            second.addprevious(first)
