"""Workbooks that clerks fill in (.xlsx), into nodes with the places of their cells."""

import io
import zipfile

from reportgen.advice import Medium
from reportgen.model.form import Form
from reportgen.model.nodes import Mapping
from reportgen.problems import Finding
from reportgen.safe.unpacking import BROKEN
from reportgen.sources import Source

_SAVE = "请用 Excel 或 WPS 打开，另存为 .xlsx（Excel 工作簿）再读。"
_KIN = ("xls", "xlsm", "xlsb", "et", "ods")


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The clerk's nodes of a workbook, and what in it was not read. Never raises."""
    from reportgen.sources.xlsx.nodes import nodes_of  # a clerk's YAML does not need it

    return nodes_of(content, name, forms)


def is_report(content: bytes) -> bool:
    """True for a workbook with the sheet that only a clerk's report has; its other parts are not opened."""
    from reportgen.clerk_file.sheets import ORGAN

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("xl/workbook.xml") as stream:
            return f'"{ORGAN}"'.encode() in stream.read(1024 * 1024)
    except BROKEN:
        return False


SOURCE = Source("Excel 工作簿", (".xlsx",), read, medium=Medium.WORKBOOK, kin=dict.fromkeys(_KIN, _SAVE))
