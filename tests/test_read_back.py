"""What build made, read again and written as a clerk's file, is the same report with the same faults."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from found import without_places
from made import gathered, text_of
from reportgen.clerk_file import write
from reportgen.pipeline import Material, Outcome, examine, run
from reportgen.problems import Level
from strategies import consistent_reports
from test_layout import FORMS

KINDS = ("docx", "html")
LEVEL = re.compile(r"^级别: .*$", re.M)
SPOILED = {
    "平台": "平台建设 建设",
    "本年度收到": "本年度共收到",
    "申请.本年新收.总计 }}件": "申请.本年新收.总计 }}7件",
}
"""Words of the drawn reports → words with a fault, or with none."""

drawn = st.sampled_from(sorted(FORMS)).flatmap(lambda form: consistent_reports(FORMS[form]))


def judged(text: str) -> Outcome:
    """What is found in a clerk's file."""
    return examine(Material("a.yaml", text.encode()), gathered())


def read_back(made: bytes, kind: str, level: str) -> tuple[Outcome, Outcome]:
    """What is found in a made file, and in the clerk's file that ``read`` writes of it.

    A document does not say its organ's level: the clerk is told to look at what was guessed.
    """
    outcome = examine(Material(f"a.{kind}", made), gathered())
    assert outcome.node is not None
    assert outcome.report is not None
    written = LEVEL.sub("", write(outcome.node, outcome.report.form, outcome.findings))
    return outcome, judged(f"级别: {level}\n{written}")


def faults(outcome: Outcome) -> list[str]:
    """The codes of all that is wrong, notes apart."""
    return sorted(each.code for each in outcome.findings if each.level is not Level.NOTE)


@settings(max_examples=12)
@given(drawn, st.sampled_from(sorted(SPOILED)))
def test_the_clerks_file_of_what_was_built_has_the_same_faults_as_the_first(text: str, word: str) -> None:
    text = text.replace(word, SPOILED[word], 1)
    outcome = run(Material("a.yaml", text.encode()), gathered(), KINDS, draft=True)
    assert outcome.report is not None
    for kind in KINDS:
        _, again = read_back(outcome.files[kind], kind, outcome.report.organ.level)
        assert faults(again) == faults(outcome), kind


@settings(max_examples=8)
@given(drawn)
def test_word_and_page_are_read_as_one_report(text: str) -> None:
    outcome = run(Material("a.yaml", text.encode()), gathered(), KINDS)
    assert outcome.report is not None
    reports = []
    for kind in KINDS:
        found, again = read_back(outcome.files[kind], kind, outcome.report.organ.level)
        assert found.report is not None
        assert again.report is not None
        assert without_places(again.report)["prose"] == without_places(found.report)["prose"]
        reports.append(without_places(again.report))
    assert reports[0] == reports[1]
    assert {key: figure.text for key, figure in outcome.report.cells.items()} == {
        key: text
        for key, (text, _, _) in reports[0]["cells"].items()  # type: ignore[attr-defined]
    }


def test_a_page_made_from_the_word_document_is_the_one_made_from_the_clerks_file() -> None:
    text = text_of()
    first = run(Material("a.yaml", text.encode()), gathered(), KINDS)
    second = run(Material("a.docx", first.files["docx"]), gathered(), ("html",))
    assert second.files["html"] == first.files["html"]
