"""Many cells of one cause are one finding, which says how many they are and is about all of them."""

from pathlib import Path

import pytest

from foreign import as_docx
from found import table_of
from made import gathered, outcome_of, text_of
from reportgen.checks.contract import Fault
from reportgen.checks.running import ROW, TABLE, told_once
from reportgen.cli import main
from reportgen.model.form import CellKey, forms_of
from reportgen.pipeline import Outcome
from reportgen.problems import Exit, Finding
from test_foreign import FORM, pieces

APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def requests(rows: dict[str, str]) -> str:
    """Tables of a clerk's file whose second one has these rows."""
    lines = "".join(f"  {row}: {{{cells}}}\n" for row, cells in rows.items())
    return f"\n主动公开: 全部为零\n申请:\n{lines}复议诉讼: 全部为零\n"


def found(code: str, rows: dict[str, str]) -> list[Finding]:
    """The findings of one code in a file with these rows of requests."""
    outcome: Outcome = outcome_of(text_of(tables=requests(rows)))
    return [finding for finding in outcome.findings if finding.code == code]


def filled(value: str, count: int = len(APPLICANTS)) -> str:
    return ", ".join(f"{name}: {value}" for name in APPLICANTS[:count])


def test_few_cells_of_a_row_are_told_one_by_one() -> None:
    assert len(found("C01", {"本年新收": filled('""', ROW - 1)})) == ROW - 1


def test_many_blank_cells_of_a_row_are_one_finding_with_their_count_and_places() -> None:
    (finding,) = found("C01", {"本年新收": filled('""'), "上年结转": filled("0")})
    assert finding.message.startswith("“申请·本年新收·自然人”空着")
    assert finding.message.endswith("这一行这样的共有 6 格。")
    assert len(finding.about) == len(finding.places) == 6
    assert finding.expected == "一个数，没有就写 0"


def test_two_rows_are_two_findings_and_a_table_is_one() -> None:
    rows = {"本年新收": filled('""', 3), "予以公开": filled('""', 3)}
    assert len(found("C01", rows)) == 2
    (finding,) = found("C01", {name: filled('""') for name in ("本年新收", "上年结转", "予以公开")})
    assert "这张表这样的共有 18 格：本年新收 6 格、上年结转 6 格、予以公开 6 格。" in finding.message
    assert len(finding.places) == 18


def test_what_was_written_instead_is_named_each_once() -> None:
    (finding,) = found("C06", {"本年新收": "自然人: ５, 商业企业: ５, 科研机构: ２"})
    assert finding.found == "５、２" and finding.expected == "5、2"
    assert "共有 3 格" in finding.message


def test_the_manifest_the_screen_and_json_count_the_same() -> None:
    outcome = outcome_of(text_of(tables=requests({"本年新收": filled('""')})))
    assert outcome.errors == sum(finding.is_error for finding in outcome.findings) == 1
    (told,) = [finding.as_json() for finding in outcome.findings if finding.is_error]
    assert isinstance(told["places"], list) and len(told["places"]) == 6


def test_faults_about_more_than_a_cell_stay_as_they_are() -> None:
    form = forms_of(gathered().forms)[-1]
    keys = list(form.index)[:TABLE]
    pairs = [Fault("两格", (keys[0], key)) for key in keys]
    prose = [Fault("一段", ("overview.1",)) for _ in range(TABLE)]
    assert list(told_once([*pairs, *prose], form)) == [*pairs, *prose]


@pytest.mark.parametrize("count", [1, ROW, TABLE])
def test_no_cell_is_lost(count: int) -> None:
    form = forms_of(gathered().forms)[-1]
    keys = [key for key in form.index if form.index[key][0].name == "申请"][:count]
    told = list(told_once([Fault("空", (key,)) for key in keys], form))
    assert sorted(str(key) for fault in told for key in fault.about) == sorted(map(str, keys))
    assert all(isinstance(key, CellKey) for fault in told for key in fault.about)


def test_blank_cells_of_a_word_table_are_told_once_and_paragraphs_by_their_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = [[table_of(table, usual="")] for table in FORM.tables]
    report = pieces(blank)
    report[report.index(("text", "全年更新栏目三个。"))] = ("text", "全年收到申请9999件。")
    (tmp_path / "年报.docx").write_bytes(as_docx(report))
    assert main(["check", str(tmp_path / "年报.docx")]) == Exit.FINDINGS
    told = capsys.readouterr().out
    cells = len(list(FORM.tables[1].cells()))
    (line,) = [line for line in told.splitlines() if f"共有 {cells} 格" in line]
    assert "“申请·本年新收·自然人”空着" in line and "年报.docx:第2个表第" in told
    assert "年报.docx:第4段  错误 N08" in told
