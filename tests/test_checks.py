from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date

import pytest

import rule_cases
from reportgen.checks import Context, DoubledRule, Fault, Rule, check_report, running
from reportgen.model.form import Form
from reportgen.model.report import Report
from reportgen.problems import Finding, Level
from rule_cases import FOLDER, Case, all_cases, at, cases_of, report_of

CASES = all_cases()
PASSING = [case for case in CASES if not case.finds]
FAILING = [case for case in CASES if case.finds]
CODES = sorted({rule.code for form in rule_cases.forms() for rule in running.rules_for(form)})
FORMS = {form.id: form for form in rule_cases.forms()}


def _name(case: Case) -> str:
    return f"{case.code}: {case.name}"


def _base(name: str) -> Report:
    return report_of((FOLDER / "base" / f"{name}.yaml").read_text(encoding="utf-8"))


def _rule(code: str, form: Form = FORMS["2021"]) -> Rule:
    return next(rule for rule in running.rules_for(form) if rule.code == code)


@pytest.mark.parametrize("case", PASSING, ids=_name)
def test_a_rule_is_silent_where_nothing_is_wrong(case: Case) -> None:
    assert case.findings == ()


@pytest.mark.parametrize("case", FAILING, ids=_name)
def test_a_rule_finds_what_its_case_says(case: Case) -> None:
    findings = case.findings
    assert len(findings) == len(case.finds), findings
    for finding, wanted in zip(findings, case.finds, strict=True):
        for member, value in wanted.items():
            _compare(finding, member, value, case)


def _compare(finding: Finding, member: str, value: str | list[str], case: Case) -> None:
    if member == "about":
        assert list(finding.about) == value
    elif member == "level":
        assert finding.level.value == value
    elif member == "at":
        words = [at(place, case.text) for place in finding.places]
        assert len(words) == len(value), words
        assert [word for word, start in zip(words, value, strict=True) if not word.startswith(start)] == []
    else:
        assert str(value) in getattr(finding, member)


def test_every_form_has_a_report_without_faults() -> None:
    assert set(rule_cases.BASES) == set(FORMS)


@pytest.mark.parametrize("name", rule_cases.BASES)
def test_the_reports_that_the_cases_change_have_no_fault(name: str) -> None:
    assert check_report(_base(name), Context(strict=True)) == ()


def test_every_rule_has_its_cases_and_every_case_file_its_rule() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_rule_has_three_cases_of_each_kind(code: str) -> None:
    cases = cases_of(FOLDER / f"{code}.yaml")
    assert sum(not case.finds for case in cases) >= 3
    assert sum(bool(case.finds) for case in cases) >= 3


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_page_of_the_rule_book_is_written(form: Form) -> None:
    for rule in running.rules_for(form):
        words = [getattr(rule, each.name) for each in fields(rule) if each.name not in ("in_file", "by_year")]
        assert all(words), rule.code


def test_rules_come_sorted_by_code_and_once() -> None:
    codes = [rule.code for rule in running.rules_for(FORMS["2019"])]
    assert codes == sorted(set(codes))


def test_every_identity_of_a_form_is_a_rule() -> None:
    form = FORMS["2021"]
    assert {"T3-01", "T3-02", "T3-03", "T4-01"} <= {rule.code for rule in running.rules_for(form)}
    fewer = replace(form, pages={code: page for code, page in form.pages.items() if code != "T4-01"})
    assert "T4-01" not in {rule.code for rule in running.rules_for(fewer)}
    assert "T4-01" in {rule.code for rule in running.rules_for(form)}


def test_two_rules_with_one_code_are_refused() -> None:
    form = replace(FORMS["2021"], id="doubled", pages={"C01": FORMS["2021"].pages["T3-01"]})
    with pytest.raises(DoubledRule, match="C01"):
        running.rules_for(form)


def _broken(_report: Report, _context: Context) -> Iterator[Fault]:
    yield Fault("先说一句。")
    raise ZeroDivisionError("除以零")


def test_a_rule_that_crashes_leaves_a_finding_and_the_other_rules_go_on() -> None:
    rules = (replace(_rule("C01"), check=_broken), _rule("X16"))
    report = replace(_base("2021"), date=date(2023, 1, 1))
    findings = [finding for rule in rules for finding in running.run_rule(rule, report, Context())]
    assert [finding.code for finding in findings] == ["C01", "X99", "X16"]
    assert "C01" in findings[1].message
    assert "除以零" in findings[1].found
    assert findings[1].level is Level.WARNING


def _endless(_report: Report, _context: Context) -> Iterator[Fault]:
    yield from (Fault(f"第{number}处。") for number in range(running.MOST + 300))


def test_a_rule_that_finds_too_much_says_at_last_how_many_more() -> None:
    findings = running.run_rule(replace(_rule("C01"), check=_endless), _base("2021"), Context())
    assert len(findings) == running.MOST + 1
    assert (findings[-1].code, "300 处" in findings[-1].message) == ("C01", True)


def test_a_rule_that_crashes_raises_where_that_is_wanted() -> None:
    with pytest.raises(ZeroDivisionError):
        running.run_rule(replace(_rule("C01"), check=_broken), _base("2021"), Context(strict=True))


def test_a_finding_about_a_paragraph_stands_where_the_paragraph_does() -> None:
    report = _base("2021")
    assert running.place_of("overview.3", report) == report.prose["overview"][2].place
    assert running.place_of("overview.99", report) is None
    assert running.place_of("date", report) == report.places["date"]
