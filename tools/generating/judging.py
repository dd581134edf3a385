"""What the checker says of a made-up report, and whether it saw a changed figure."""

from collections.abc import Iterable

from generating.changes import Change
from generating.made import Made
from reportgen.checks import Context, check_report
from reportgen.model.form import Form
from reportgen.model.report import Report
from reportgen.problems import Finding, Level
from reportgen.reading import read
from reportgen.sources.yaml import SOURCE

NAME = "年报.yaml"

_FORMAL = {"C06"}
"""Rules that speak of how a figure is typed, not of its value."""


class Checker:
    """Reads and checks texts; keeps the last report of last year that it read."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        """Know the forms."""
        self._forms = forms
        self._last: tuple[str, Report | None] = ("", None)

    def findings(self, text: str, last: str) -> tuple[Finding, ...]:
        """Everything that is found in a file, beside last year's; a rule that crashes raises.

        Raises:
            ValueError: where the file has no report.
        """
        report, findings = self._read(text)
        if report is None:
            raise ValueError(findings)
        if last != self._last[0]:
            self._last = (last, self._read(last)[0])
        return findings + check_report(report, Context(last=self._last[1], strict=True))

    def _read(self, text: str) -> tuple[Report | None, tuple[Finding, ...]]:
        node, findings = SOURCE.read(text.encode(), NAME, self._forms)
        if node is None:
            return None, findings
        report, more = read(node, self._forms)
        return report, findings + more

    def brought(self, report: Made, change: Change, before: tuple[Finding, ...]) -> list[Finding]:
        """The findings that the change brings."""
        known = set(map(_told, before))
        found = self.findings(change.text, report.last)
        return [each for each in found if _told(each) not in known and each.code not in _FORMAL]


def alarms(findings: Iterable[Finding]) -> list[Finding]:
    """The errors and warnings, of which a consistent report has none."""
    return [finding for finding in findings if finding.level is not Level.NOTE]


def _told(finding: Finding) -> tuple[str, tuple[str, ...]]:
    """What a finding is, whatever numbers it tells: a note of the sound report is no catch with others."""
    return finding.code, finding.about


def points_at(finding: Finding, change: Change) -> bool:
    """True if the finding names the figure: its cell or the line of it, or the sentence it stands in."""
    spot = change.spot
    if spot.is_cell and any(_in_line(about, spot.name) for about in finding.about):
        return True
    if spot.kind == "fees" and "fees" in finding.about:
        return True
    first, last = spot.sentence
    return any(place.line == spot.line and first <= place.column <= last for place in finding.places)


def _in_line(about: str, name: str) -> bool:
    """True if both are cells of one row or of one column: an equation runs along them."""
    row, dot, column = about.partition(".")
    other_row, _, other_column = name.partition(".")
    return bool(dot) and not column.isdigit() and (row == other_row or column == other_column)
