"""The workbook of a batch: its reports, the rules, and every finding; written while the batch runs."""

from collections.abc import Iterable, Sequence

from reportgen.problems import Finding
from reportgen.workbook.writing import Sheet, Value, content_of, new_book

_TITLE = "年报批量检查生成结果"
_UNITS = (
    *(("序号", 6), ("文件", 40), ("机关", 34), ("年度", 8), ("错误", 7), ("提醒", 7), ("说明", 7)),
    *(("结果", 24), ("没有做成的原因", 60)),
)
_FINDINGS = (("文件", 40), ("机关", 34), ("程度", 8), ("规则", 9), ("位置", 20), ("问题", 60), ("怎么改", 50))
_RULES = (("规则", 10), ("几份年报", 10), ("几条", 8), ("如", 80))


class Summary:
    """A workbook while its batch runs: rows go to the disk's temporary folder, so memory stays flat."""

    def __init__(self) -> None:
        """Begin with its heads."""
        self._book = new_book(_TITLE)
        self._units = self._sheet("单位", _UNITS)
        self._rules = self._sheet("规则", _RULES)
        self._findings = self._sheet("问题", _FINDINGS)
        self._count = 0

    def _sheet(self, name: str, columns: Sequence[tuple[str, int]]) -> Sheet:
        sheet = Sheet(self._book, name, [width for _, width in columns], "A2")
        sheet.add([label for label, _ in columns], "head")
        return sheet

    def add(self, unit: Sequence[Value], findings: Iterable[Finding]) -> None:
        """A report: the cells of its row without the number, its file first and its organ second."""
        self._count += 1
        self._units.add([self._count, *unit], "label")
        for each in findings:
            place = each.places[0].words if each.places else ""
            row = (*unit[:2], each.chinese, each.code, place, each.message, each.fix)
            self._findings.add(row, "label")

    def content(self, rules: Iterable[Sequence[Value]]) -> bytes:
        """The bytes of the whole, with a row for each rule."""
        for rule in rules:
            self._rules.add(rule, "label")
        for sheet, columns in ((self._units, _UNITS), (self._rules, _RULES), (self._findings, _FINDINGS)):
            sheet.print_all(len(columns), ("1:1", ""))
        return content_of(self._book)
