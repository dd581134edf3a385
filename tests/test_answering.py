from dataclasses import replace

from reportgen.checks import Context, check_report
from reportgen.model.report import Answer, Report
from reportgen.problems import Finding, Level, Place
from rule_cases import FOLDER, report_of

HERE = Place("年报.yaml", 60, 3)
BASE = (FOLDER / "base" / "2021.yaml").read_text(encoding="utf-8")


def _report(**answers: str) -> Report:
    """A report with a warning (X06: no period in the preface) and an error (C02)."""
    text = BASE.replace("数据的统计期限自2023年1月1日起至2023年12月31日止。", "").replace(
        "行政处罚: 12", "行政处罚: /"
    )
    return replace(report_of(text), answers={code: Answer(words, HERE) for code, words in answers.items()})


def _found(**answers: str) -> dict[str, Finding]:
    return {finding.code: finding for finding in check_report(_report(**answers), Context(strict=True))}


def test_without_answers_nothing_changes() -> None:
    assert {code: each.level for code, each in _found().items()} == {
        "C02": Level.ERROR,
        "X06": Level.WARNING,
    }


def test_a_warning_that_is_answered_becomes_a_note_with_the_answer() -> None:
    found = _found(X06="期限写在表后")
    assert found["X06"].level is Level.NOTE
    assert found["X06"].message.endswith("（已核对：期限写在表后）")
    assert set(found) == {"C02", "X06"}


def test_an_error_cannot_be_answered_away() -> None:
    found = _found(C02="没有这项工作")
    assert found["C02"].level is Level.ERROR
    assert (found["A03"].level, found["A03"].places) == (Level.WARNING, (HERE,))


def test_an_answer_to_nothing_is_told() -> None:
    assert "这条核对已不需要" in _found(X16="按时公布")["A02"].message
    assert _found(X16="按时公布")["A02"].level is Level.NOTE


def test_an_unknown_code_is_told_with_the_nearest() -> None:
    assert _found(X061="期限写在表后")["A01"].fix == "是不是“X06”？"
    assert "编号" in _found(甲="乙")["A01"].fix


def test_an_answer_without_words_has_no_effect() -> None:
    found = _found(X06="")
    assert found["X06"].level is Level.WARNING
    assert found["A04"].about == ("answers",)


def test_answers_are_read_from_the_clerks_file() -> None:
    report = report_of(BASE + '核对:\n  n09: 口径不同，含上年结转\n  "Ｘ１２": ""\n')
    assert report.answers["N09"].words == "口径不同，含上年结转"
    assert report.answers["N09"].place.line == BASE.count("\n") + 2
    assert report.answers["X12"].words == ""
