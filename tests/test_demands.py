"""An office's own demands: read from a list with every fault told, asked of reports, and listed."""

from dataclasses import replace
from pathlib import Path

import pytest

from made import gathered, text_of
from reportgen import cli
from reportgen.batch.work import Job, Work, fingerprint
from reportgen.commands.rules import demands_at
from reportgen.examining import Material, Supplies
from reportgen.model.demands import Demand
from reportgen.problems import FileTrouble, Level

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "demands-example.yaml"
FORMS = gathered().forms


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A file for a list."""
    return tmp_path / "要求.yaml"


def told(path: Path, text: str) -> str:
    """Why a list is refused."""
    path.write_text(text, "utf-8")
    with pytest.raises(FileTrouble) as refused:
        demands_at(path, FORMS)
    return str(refused.value)


def test_the_example_of_the_documents_is_a_good_list() -> None:
    demands = demands_at(EXAMPLE, FORMS)
    assert demands[0] == Demand("某市2025年年报编制要求", ("总体情况",), 300, 1000, why="第一部分一千字左右")
    assert demands[1].must == (("改进", "整改"), ("下一步",))
    assert demands[2].level is Level.NOTE
    assert demands[3].words == "全文：不写“亮点纷呈”；不写“圆满完成”"


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("{部分: 总体情形, 字数: {至多: 3}}", "年报里没有“总体情形”这一部分"),
        ("{部分: 总体情况}", "没有写要求什么"),
        ("{字数: 300}", "“字数”的写法不对"),
        ("{字数: {至少: 三百}}", "要写正整数"),
        ("{字数: {至少: 9, 至多: 3}}", "比“至多”还多"),
        ("{字数: {最多: 3}}", "字数里不认识“最多”"),
        ("{必须有: []}", "“必须有”后面是空的"),
        ("{必须有: {词: 改进}}", "“必须有”后面要写文字"),
        ("{必须有: '/'}", "没有词"),
        ("{必须有: 改进, 程度: 错误}", "“程度”不对"),
        ("{必需有: 改进}", "不认识“必需有”"),
        ("改进", "这一条要求的写法不对"),
    ],
)
def test_a_wrong_demand_is_told_with_its_line(item: str, said: str, listed: Path) -> None:
    refusal = told(listed, f"名称: 某市要求\n要求:\n  - {{必须有: 公开}}\n  - {item}\n")
    assert said in refusal
    assert "要求.yaml:4:" in refusal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "文件里没有"),
        ("要求:\n  - {必须有: 公开}\n", "没有写“名称”"),
        ("名称: 某市\n", "没有写“要求”"),
        ("名称: 某市\n要求: 公开\n", "没有写“要求”"),
        ("名称: 某市\n要求: [\n", "多了括号"),
        ("名称: 某市\n名字: 某\n要求:\n  - {必须有: 公开}\n", "不认识“名字”"),
    ],
)
def test_a_list_without_what_it_needs_is_refused(text: str, said: str, listed: Path) -> None:
    assert said in told(listed, text)


def test_all_faults_of_a_list_are_told_at_once(listed: Path) -> None:
    refusal = told(listed, "要求:\n  - {必需有: 改进}\n  - {字数: {至少: 0}}\n")
    assert all(word in refusal for word in ("名称", "必需有", "正整数"))


# ── the commands ─────────────────────────────────────────────────────────────────────────────────────


def test_check_names_the_list_that_asks_and_stops_nothing(
    tmp_path: Path, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "2023.yaml"
    report.write_text(text_of(), "utf-8")
    listed.write_text("名称: 某省要求\n要求:\n  - {必须有: 省里的词, 程度: 说明}\n", "utf-8")
    words = ["check", str(report), "--rules", str(EXAMPLE), "--rules", str(listed)]
    assert cli.main(words) == 0
    out = capsys.readouterr().out
    assert "〈某市2025年年报编制要求〉要求“总体情况”至少 300 字" in out
    assert "〈某省要求〉要求“全文”写明“省里的词”" in out


def test_an_answer_settles_a_demand(tmp_path: Path, listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "2023.yaml"
    report.write_text(text_of(more="核对: {Y02: 本机关没有网站}\n"), "utf-8")
    listed.write_text("名称: 某市\n要求:\n  - {必须有: 没有这个词}\n", "utf-8")
    assert cli.main(["check", str(report), "--rules", str(listed)]) == 0
    assert "已核对 Y02" in capsys.readouterr().out


def test_a_bad_list_stops_before_any_report(
    tmp_path: Path, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "2023.yaml"
    report.write_text(text_of(), "utf-8")
    listed.write_text("名称: 某市\n", "utf-8")
    assert cli.main(["check", str(report), "--rules", str(listed)]) == 4
    assert "读不懂，没有检查" in capsys.readouterr().err
    assert cli.main(["check", str(report), "--rules", str(tmp_path / "没有.yaml")]) == 4


def test_rules_lists_the_demands_of_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "--rules", str(EXAMPLE)]) == 0
    out = capsys.readouterr().out
    assert "〈某市2025年年报编制要求〉，共 4 条：" in out
    assert "1. 提醒  “总体情况”：至少 300 字；至多 1000 字（第一部分一千字左右）" in out


def test_another_list_makes_files_anew() -> None:
    job = Job(Material("a.yaml", b""))
    plain, asked = gathered(), demands_at(EXAMPLE, FORMS)
    digests = {fingerprint(Work(supplies), job, ()) for supplies in (plain, _with(asked), _with(asked[:2]))}
    assert len(digests) == 3


def _with(demands: tuple[Demand, ...]) -> Supplies:
    return replace(gathered(), demands=demands)
