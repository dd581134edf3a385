from reportgen.model.report import Report
from reportgen.problems import Finding
from reportgen.reading import read
from reportgen.sources.yaml import read as read_yaml
from rule_cases import FOLDER, forms

BASE = (FOLDER / "base" / "2021.yaml").read_text(encoding="utf-8")


def _read(more: str) -> tuple[Report, tuple[Finding, ...]]:
    node, _ = read_yaml((BASE + more).encode(), "年报.yaml", forms())
    assert node is not None
    report, findings = read(node, forms())
    assert report is not None
    return report, findings


def test_rows_that_a_document_lacks_are_kept_by_their_keys() -> None:
    report, findings = _read("原文: {缺行: [不予公开·属于国家秘密, 行政强制, 没有这一行]}\n")
    assert list(report.layout.missing) == ["deny_1", "coercions"]
    assert [(each.code, "没有这一行" in each.message) for each in findings] == [("F11", True)]


def test_too_many_rows_of_a_table_that_the_form_has_not_are_told() -> None:
    _, findings = _read("原文: {多行: {数据公开: [甲、0], 申请: [乙、1]}}\n")
    assert [(each.code, "多行" in each.message, "数据公开" in each.message) for each in findings] == [
        ("F11", True, True)
    ]


def test_rows_that_a_document_has_too_many_are_kept_by_their_table() -> None:
    report, _ = _read("原文:\n  多行:\n    申请: [甲、0, 乙、1]\n    主动公开: |\n      丙、2\n")
    texts = {key: [each.text for each in rows] for key, rows in report.layout.added.items()}
    assert texts == {"disclosure": ["丙、2"], "requests": ["甲、0", "乙、1"]}


def test_the_form_that_the_tables_are_of_is_kept() -> None:
    report, _ = _read("原文: {表格格式: 国办公开办函〔2019〕60号}\n")
    assert report.layout.basis is not None
    assert report.layout.basis.text == "国办公开办函〔2019〕60号"


def test_a_file_without_own_words_has_an_empty_layout() -> None:
    report, _ = _read("")
    assert (report.layout.missing, report.layout.added, report.layout.basis) == ({}, {}, None)
    assert report.answers == ()


def test_a_blank_answers_key_says_nothing() -> None:
    report, findings = _read("核对:\n")
    assert (report.answers, findings) == ((), ())


def test_answers_that_are_no_mapping_are_told() -> None:
    report, findings = _read("核对: N09 口径不同\n")
    assert report.answers == ()
    assert [(each.code, each.about) for each in findings] == [("F12", ("answers",))]


def test_an_answer_is_one_sentence() -> None:
    report, findings = _read("核对: {N09: [甲, 乙], X12: 情况相同}\n")
    assert [answer.code for answer in report.answers] == ["X12"]
    assert "N09" in findings[0].message
