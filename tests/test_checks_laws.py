"""What must hold for any report, not only for the cases that somebody thought of."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rule_cases
from reportgen.checks import Context, check_report
from reportgen.model.form import Form, forms_of
from reportgen.model.report import Report
from reportgen.problems import Place
from strategies import consistent_reports

FORMS = forms_of(rule_cases.forms())
STRICT = Context(strict=True)


def _all_typed(report: Report) -> Report:
    """The report as a document gives it: somebody typed every figure, the totals too."""
    place = Place("年报.docx", table=1, row=1, column=1)
    return replace(report, cells={key: each._replace(place=place) for key, each in report.cells.items()})


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@settings(max_examples=40)
@given(data=st.data())
def test_a_consistent_report_has_no_error(form: Form, data: st.DataObject) -> None:
    report = rule_cases.report_of(data.draw(consistent_reports(form)))
    for each in (report, _all_typed(report)):
        assert [finding for finding in check_report(each, STRICT) if finding.is_error] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@settings(max_examples=40)
@given(data=st.data())
def test_one_changed_figure_is_found_in_its_row_or_column(form: Form, data: st.DataObject) -> None:
    report = _all_typed(rule_cases.report_of(data.draw(consistent_reports(form))))
    summed = sorted({key for each in report.sums() for key in (*each.left, *each.right)})
    key = data.draw(st.sampled_from(summed))
    number = report.cells[key].value + data.draw(st.integers(1, 9))
    changed = report.cells[key]._replace(text=str(number), number=number)
    wrong = replace(report, cells={**report.cells, key: changed})
    found = [finding for finding in check_report(wrong, STRICT) if finding.is_error]
    assert found
    for finding in found:
        assert finding.code in form.pages
        assert str(key) in finding.about
        assert finding.expected != finding.found
        assert _holds(finding.expected)
        assert _holds(finding.found)


def _holds(told: str) -> bool:
    """True if what stands left of the equals sign adds up to what stands right of it."""
    terms, equals, total = told.partition(" = ")
    numbers = [Decimal(term.rsplit(" ", 1)[1]) for term in terms.split(" + ") if term != "各项都是 0"]
    return not equals or sum(numbers) == Decimal(total)
