"""Documents as somebody might have written them, for the tests that read documents."""

from collections.abc import Mapping

from reportgen.model.form import Form, Table
from reportgen.model.layout import grid_of
from reportgen.model.nodes import FoundCell, FoundTable, Items, Node, Text
from reportgen.model.report import OwnWords, Report
from reportgen.problems import Place

PREFACE = (
    "本报告由甲县乙镇人民政府编制，数据的统计期限为2023年1月1日至2023年12月31日。"
    "全文见“乙镇之窗”（<http://www.example.gov.cn/yz/index.html>），"
    "电话：0123-4567890，邮箱：yizhen@example.gov.cn，地址：甲县乙镇一路2号，邮编：123456。"
)
CHAPTERS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
ONE = ("### （一）主动公开", "**公开平台。**全年更新栏目三个。", "### （二）依申请公开", "- 受理渠道畅通。")
FIVE = "主要问题是栏目更新慢，已经改为每周更新。"
SIX = "收取信息处理费0元。"
END = ("甲县乙镇人民政府", "2024年1月9日")


def tabbed(table: Table, figures: Mapping[str, str] | None = None, usual: str = "0") -> str:
    """A statutory table as lines of cells between tabs; figures by ``new.person``."""
    grid = grid_of(table)
    lines = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        text = cell.text if cell.key is None else (figures or {}).get(str(cell.key), usual)
        lines[cell.row - 1][cell.column - 1] = text
    return "\n".join("\t".join(line) for line in lines)


def table_of(table: Table, figures: Mapping[str, str] | None = None, usual: str = "0") -> FoundTable:
    """The same table with its merged cells, as Word has them."""
    rows: list[list[FoundCell]] = [[] for _ in range(grid_of(table).rows)]
    for cell in sorted(grid_of(table).cells, key=lambda each: (each.row, each.column)):
        text = cell.text if cell.key is None else (figures or {}).get(str(cell.key), usual)
        place = Place("a.docx", table=1, row=cell.row, column=cell.column)
        rows[cell.row - 1].append(FoundCell(text, place, cell.rows, cell.columns))
    return FoundTable(tuple(map(tuple, rows)), rows[0][0].place)


def markdown(form: Form, year: int = 2023, **changes: str) -> str:
    """A whole report in Markdown; ``changes`` replace the parts named by the keys of ``parts``."""
    two, three, four = (tabbed(table) for table in form.tables)
    parts = {
        "title": f"# 甲县乙镇人民政府 {year}年政府信息公开工作年度报告",
        "preface": PREFACE,
        "h1": f"## {CHAPTERS[0]}",
        "one": "\n\n".join(ONE),
        "h2": f"## {CHAPTERS[1]}",
        "two": two,
        "h3": f"## {CHAPTERS[2]}",
        "three": three,
        "h4": f"## {CHAPTERS[3]}",
        "four": four,
        "h5": f"## {CHAPTERS[4]}",
        "five": FIVE,
        "h6": f"## {CHAPTERS[5]}",
        "six": SIX,
        "organ": END[0],
        "date": END[1],
    } | changes
    return "\n\n".join(part for part in parts.values() if part) + "\n"


def plain_text(node: Node | None) -> str:
    """The text of a text node, or of a list of them with blank lines between."""
    if isinstance(node, Items):
        return "\n\n".join(plain_text(each) for each in node.items)
    assert isinstance(node, Text), node
    return node.value


def without_places(report: Report) -> dict[str, object]:
    """All that a report says, without where it says it."""
    return {
        "form": report.form.id,
        "year": report.year,
        "organ": report.organ,
        "date": report.date,
        "cells": {key: (figure.text, figure.remark, figure.number) for key, figure in report.cells.items()},
        "prose": {
            key: [(each.kind, each.level, each.runs) for each in prose] for key, prose in report.prose.items()
        },
        "contact": report.contact,
        "laws": report.laws,
        "fees": report.fees,
        "title": report.title,
        "chapters": [own.text for own in report.chapters],
        "labels": {key: _words(own) for key, own in report.labels.items()},
    }


def _words(own: OwnWords) -> str:
    return own.text


def assert_read_back(back: Report, report: Report) -> None:
    """Fail unless a page or document says what the report does; what it does not print is left aside."""
    wanted, found = without_places(report), without_places(back)
    for key in ("form", "year", "date", "cells", "title", "chapters", "labels"):
        assert found[key] == wanted[key], key
    assert back.organ.name == report.organ.name
    for key in {"preface", "overview", "problems", "note"} & report.prose.keys():
        assert [each.runs for each in back.prose[key]] == [each.runs for each in report.prose[key]]
