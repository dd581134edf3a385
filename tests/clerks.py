"""Files as clerks write them, and what is read from them, for the tests of reading."""

from reportgen.model.form import CellKey
from reportgen.model.report import Figure, Report
from reportgen.problems import Finding
from reportgen.reading import read
from reportgen.sources.yaml import read as read_yaml
from test_layout import FORMS

BOTH = tuple(FORMS.values())

HEAD = """\
机关: 甲县乙镇人民政府
级别: 乡镇政府
年度: {year}
成文日期: 2023-01-29
"""
TABLES = {"主动公开": "全部为零", "申请": "全部为零", "复议诉讼": "全部为零"}


def reading(text: str) -> tuple[Report | None, tuple[Finding, ...]]:
    """What is read from YAML that has no slips."""
    node, slips = read_yaml(text.encode(), "a.yaml", BOTH)
    assert slips == ()
    assert node is not None
    return read(node, BOTH)


def clerk(more: str = "", year: int = 2022, **tables: str) -> str:
    """A clerk's file with these tables, all others zero."""
    told = {**TABLES, **tables}
    return HEAD.format(year=year) + "".join(f"{name}: {value}\n" for name, value in told.items()) + more


def report(text: str) -> Report:
    """The report of a file without faults."""
    made, findings = reading(text)
    assert findings == ()
    assert made is not None
    return made


def faults(text: str) -> list[Finding]:
    """What is wrong with a file."""
    return list(reading(text)[1])


def fault(text: str) -> Finding:
    """The one thing that is wrong with a file."""
    [finding] = faults(text)
    assert finding.places, "a fault has a place"
    assert finding.fix, "a fault says how to mend it"
    return finding


def cell(text: str, row: str, column: str) -> Figure:
    """A figure of a file without faults."""
    return report(text).cells[CellKey(row, column)]
