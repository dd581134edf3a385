"""Published reports in every kind that can be read: their faults, found by hand first, and nothing else.

Only the figures, labels and number-bearing sentences of the reports are at hand; the words around them are
the tests' own, and the same in every kind.
"""

from typing import Any

import pytest

from foreign import Piece, as_docx, as_html, as_markdown
from made import gathered
from published import FOLDER, data_of, figures_of, shanghai, shuyang, suqian
from reportgen.clerk_file import write
from reportgen.pipeline import Material, Outcome, examine
from reportgen.problems import Level

KINDS = ("html", "docx", "md", "yaml")


def examined(report: list[Piece], kind: str) -> Outcome:
    """What is found in a report of this kind."""
    if kind == "yaml":
        source = examined(report, "md")
        assert source.node is not None
        assert source.report is not None
        return examine(Material("a.yaml", write(source.node, source.report.form).encode()), gathered())
    content = {"html": as_html, "docx": as_docx, "md": as_markdown}[kind](report)
    return examine(Material(f"a.{kind}", content), gathered())


@pytest.mark.parametrize("kind", KINDS)
def test_suqian_has_no_fault_in_any_kind(kind: str) -> None:
    outcome = examined(suqian(), kind)
    assert [(each.code, each.message) for each in outcome.findings if each.level is not Level.NOTE] == []
    assert outcome.report is not None
    assert outcome.report.organ.scope == "汇总"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_figures(kind: str) -> None:
    for name, report in (("suqian-2023", suqian()), ("shuyang-drc-2023", shuyang())):
        outcome = examined(report, kind)
        assert outcome.report is not None
        data = data_of(name)
        found = {str(key): figure.text for key, figure in outcome.report.cells.items()}
        assert found == figures_of(data, outcome.report.form)


SHANGHAI = {
    # Eleven of the twenty rows with results have figures and no total, so the totals do not add up either.
    "T3-03": {
        *("open", "partial", "deny_1", "deny_5", "deny_6", "deny_8"),
        *("unable_1", "unable_2", "unable_3", "refuse_1", "refuse_2"),
    },
    "T3-02": {"total"},
    # The table: 272 + 3 = 275. The 258 is the natural persons' alone; 33.9 % are 273 of 805.
    "N05": {"予以公开及部分公开258件"},
    "N13": {"33.9%"},
    # The table: 265 + 47 + 25 = 337. The 265 is 本机关不掌握 alone. 35, 158 and 0 are right.
    "N06": {"无法提供265件"},
    # Two reviews and one suit are still open.
    "T4-04": {"均获维持"},
    "X04": {"五、政府信息公开工作存在的主要问题及改进情况"},
    "X11": {"无。"},
}
"""Found by hand: code → the rows or words concerned. Blank cells (C01) are counted apart."""

SHUYANG = {
    "X03": {"沭阳县发展和改革局2023年政府信息公开年度报告"},
    "X04": {"五、存在的主要问题及整改措施"},
    "X20": {"规范性文件"},
    "X21": {"及时回复申请人"},
}
"""Found by hand. 249 items do add up, 26 applications balance in every column that has figures."""


@pytest.mark.parametrize("kind", KINDS)
def test_shanghai_has_the_faults_that_its_page_has_and_no_others(kind: str) -> None:
    outcome = examined(shanghai(), kind)
    assert named(outcome) == SHANGHAI
    assert blanks(outcome) == blank_cells(data_of("shanghai-office-2019"))


@pytest.mark.parametrize("kind", KINDS)
def test_shuyang_has_the_faults_that_its_page_has_and_no_others(kind: str) -> None:
    outcome = examined(shuyang(), kind)
    assert named(outcome) == SHUYANG
    assert blanks(outcome) == blank_cells(data_of("shuyang-drc-2023")) == 5 * 25


def named(outcome: Outcome) -> dict[str, set[str]]:
    """The faults by code: rows of sums that do not balance, the words of all others; blank cells apart."""
    found: dict[str, set[str]] = {}
    for each in outcome.findings:
        if each.level is not Level.NOTE and each.code != "C01":
            what = each.about[0].partition(".")[0] if each.code.startswith("T3") else each.found
            found.setdefault(each.code, set()).add(what)
    return found


def blanks(outcome: Outcome) -> int:
    """How many cells were found blank."""
    return sum(len(each.places) for each in outcome.findings if each.code == "C01")


def blank_cells(data: dict[str, Any]) -> int:
    """How many cells the page leaves blank."""
    return [*(number for row in data["t3"] for number in row), *data["t4"]].count(None)


def test_the_official_layout_is_judged_though_it_has_neither_year_nor_organ() -> None:
    content = (FOLDER / "official-layout-2021.docx").read_bytes()
    outcome = examine(Material("a.docx", content), gathered())
    assert outcome.report is not None
    assert outcome.report.form.id == "2021"
    codes = [each.code for each in outcome.findings]
    assert {"R02", "R14", "F25", "X14"} <= set(codes)
    told = [key for each in outcome.findings if each.code == "C01" for key in each.about]
    assert sorted(told) == sorted(map(str, outcome.report.cells))
