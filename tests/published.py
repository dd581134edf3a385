"""Published reports, which are not part of this repository: what is at hand of them.

They are looked for in the folder that REPORTGEN_REAL names, else beside the repository.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from foreign import Piece, pieces_of
from reportgen.model.form import CellKey, Form
from reportgen.model.nodes import FoundTable
from test_layout import FORMS

FOLDER = Path(os.environ.get("REPORTGEN_REAL") or Path(__file__).parents[1].parent / "shared" / "reports")


def data_of(name: str) -> dict[str, Any]:
    """What is at hand of a published report."""
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return data


def figures_of(data: dict[str, Any], form: Form) -> dict[str, str]:
    """The figures of a published report by cell; a cell that it leaves blank is an empty string."""
    disclosure, requests, disputes = form.tables
    found: dict[str, str] = {}
    for block in disclosure.blocks:
        for row in block.rows:
            values = data["t2"][row.names[-1]]
            found |= {
                str(CellKey(row.key, each.key)): v for each, v in zip(block.columns, values, strict=True)
            }
    numbers = [each for line in data["t3"] for each in line] + data["t4"]
    cells = [key for table in (requests, disputes) for key, _, _ in table.cells()]
    found |= {str(key): "" if n is None else str(n) for key, n in zip(cells, numbers, strict=True)}
    return found


# ── whole reports: their figures, labels and sentences with numbers; the words around them are our own ────

PREFACE = (
    "根据《中华人民共和国政府信息公开条例》和政府信息公开工作年度报告格式（{basis}）编制本报告，由总体情况、主动公开政府信息情况、"
    "收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分组成。"
    "{period}。联系电话：0527-84300000。"
)
ASPECTS = (
    "主动公开、依申请公开、政府信息管理、政府信息公开平台建设和监督保障各项工作按规定开展，"
    "工作考核、社会评议和责任追究没有问题。"
)
PERIOD = "本报告所列数据的统计期限为{0}年1月1日至{0}年12月31日"
PROBLEMS = "存在的主要问题是栏目更新不够及时，改进措施是每周检查一次。"


def suqian() -> list[Piece]:
    """Suqian 2023, whose figures are all right."""
    data = data_of("suqian-2023")
    sums, kinds, fees = data["narrative"]
    sentences = {
        0: [PREFACE.format(basis=FORMS["2021"].basis, period=PERIOD.format(2023))],
        1: [f"{sums}。", f"其中，{kinds}。", ASPECTS],
        5: [PROBLEMS],
        6: [f"{fees.partition('（')[0]}。", "宿迁市人民政府", "2024年3月20日"],
    }
    return pieces(data, "宿迁市人民政府2023年政府信息公开工作年度报告", sentences)


def shanghai() -> list[Piece]:
    """Shanghai's general office 2019."""
    data = data_of("shanghai-office-2019")
    period, *told, last = data["narrative"]
    sentences = {
        0: [PREFACE.format(basis=FORMS["2019"].basis, period=period)],
        1: [*(f"{each}。" for each in told), ASPECTS],
        5: [PROBLEMS],
        6: [last.partition("：")[2], "上海市人民政府办公厅", "2020年1月20日"],
    }
    return pieces(data, data["title"], sentences)


def shuyang() -> list[Piece]:
    """Shuyang's commission for development 2023, with its own words for a row and without a full stop."""
    data = data_of("shuyang-drc-2023")
    period, items, requests, fees, _ = data["narrative"]
    total, _, counts = items.partition("其中：")
    listed = "、".join(
        f"{name}类{n}条" for name, n in zip("甲乙丙丁戊己庚辛", counts[:-1].split("+"), strict=True)
    )
    sentences = {
        0: [PREFACE.format(basis=FORMS["2021"].basis, period=period)],
        1: [f"{total}其中：{listed}。", requests.partition("（")[0], ASPECTS],
        5: [PROBLEMS],
        6: [f"{fees}。", "沭阳县发展和改革局", "2024年1月17日"],
    }
    return [_relabelled(each) for each in pieces(data, data["title"], sentences)]


def pieces(data: dict[str, Any], title: str, sentences: dict[int, list[str]]) -> list[Piece]:
    """A whole report."""
    form = FORMS[data["form"]]
    chapters = [(heading, sentences.get(n, [])) for n, heading in enumerate(["", *data["headings"]])]
    return pieces_of(form, title, chapters, figures_of(data, form))


def _relabelled(piece: Piece) -> Piece:
    if not isinstance(piece, FoundTable):
        return piece
    own = {"行政规范性文件": "规范性文件"}
    rows = tuple(
        tuple(cell._replace(text=own.get(cell.text, cell.text)) for cell in row) for row in piece.rows
    )
    return replace(piece, rows=rows)
