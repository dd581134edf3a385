"""Real reports, which are not part of this repository: every paragraph and every figure must come through.

They are looked for in the folder that REPORTGEN_REAL names, else beside the repository.
"""

import json
import re
from pathlib import Path

import pytest

from found import plain_text, tabbed
from published import FOLDER, figures_of
from reportgen.clerk_file import write
from reportgen.model.nodes import Mapping
from reportgen.model.prose import parse
from reportgen.model.report import Report
from reportgen.reading import read
from reportgen.sources import source_for
from reportgen.sources.yaml import SOURCE as YAML
from test_layout import FORMS

ALL_FORMS = tuple(FORMS.values())
XUEFANG = FOLDER / "laiyang-xuefang-2020.md"
JSONS = sorted(FOLDER.glob("*.json"))

assert XUEFANG.is_file(), f"no real reports in {FOLDER}"


def read_file(path: Path) -> tuple[Mapping, Report, list[str]]:
    """Nodes, report and the codes of the source's findings."""
    source = source_for(path.suffix)
    assert source is not None
    node, findings = source.read(path.read_bytes(), path.name, ALL_FORMS)
    assert node is not None
    report, more = read(node, ALL_FORMS)
    assert report is not None
    assert more == ()
    return node, report, [finding.code for finding in findings]


def bare(text: str) -> str:
    """A line's words without its marks."""
    return re.sub(r"[*<>]|^#+|\s", "", text)


def test_every_paragraph_of_xuefang_is_in_the_nodes_in_order() -> None:
    node, _, codes = read_file(XUEFANG)
    assert codes == ["R11"]
    lines = [line for line in XUEFANG.read_text("utf-8").split("\n") if line.strip() and "\t" not in line]
    wanted = [bare(line) for line in lines if not re.match(r"#+\s*[一二三四五六]、", line)]
    found = [bare(f"{plain_text(node.get('机关'))}{plain_text(node.get('年度'))}年政府信息公开工作年度报告")]
    for key in ("前言", "总体情况", "存在问题", "其他事项"):
        found += [bare(line) for line in plain_text(node.get(key)).split("\n") if line.strip()]
    assert [*found, wanted[-2], "2021年1月29日"] == wanted
    assert wanted[-2] == plain_text(node.get("机关"))
    assert plain_text(node.get("成文日期")) == "2021-01-29"


def test_every_cell_of_xuefang_is_read_and_only_the_blank_ones_are_blank() -> None:
    _, report, _ = read_file(XUEFANG)
    assert {figure.text for figure in report.cells.values() if not figure.blank} == {"0"}
    assert all(figure.place for figure in report.cells.values())
    blank = {str(key) for key, figure in report.cells.items() if figure.blank}
    rows = ["deny_3", "deny_4", "deny_5", "deny_6", "deny_7", "deny_8", "unable_1", "unable_2", "unable_3"]
    rows += [*(f"refuse_{number}" for number in range(1, 6)), "carry_out"]
    assert blank == {f"{row}.total" for row in rows}
    assert {key: own.text for key, own in report.labels.items()} == {"deny_2": "2.其他法律法规禁止公开"}


def test_every_place_of_xuefang_is_where_its_words_stand() -> None:
    node, report, _ = read_file(XUEFANG)
    lines = XUEFANG.read_text("utf-8").split("\n")
    for figure in report.cells.values():
        assert figure.place is not None
        assert lines[figure.place.line - 1][figure.place.column - 1 :].startswith(figure.text)
    for key in ("前言", "总体情况", "存在问题", "其他事项"):
        text = node.get(key)
        assert text is not None
        for paragraph in parse(text, {})[0]:  # type: ignore[arg-type]
            line = lines[paragraph.place.line - 1][paragraph.place.column - 1 :]
            assert line.startswith(paragraph.text[:4])


def test_xuefang_written_as_yaml_is_the_same_report() -> None:
    node, report, _ = read_file(XUEFANG)
    back, _ = YAML.read(write(node, report.form).encode(), "a.yaml", ALL_FORMS)
    assert back is not None
    again, _ = read(back, ALL_FORMS)
    assert again is not None
    assert [figure.text for figure in again.cells.values()] == [f.text for f in report.cells.values()]
    assert {key: [each.runs for each in prose] for key, prose in again.prose.items()} == {
        key: [each.runs for each in prose] for key, prose in report.prose.items()
    }


@pytest.mark.parametrize("path", JSONS, ids=lambda path: path.stem)
def test_the_figures_of_published_reports_are_read_cell_by_cell(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    form = FORMS[data["form"]]
    figures = figures_of(data, form)
    parts = [f"# {data['title']}"]
    for number, heading in enumerate(data["headings"]):
        parts.append(f"## {heading}")
        parts.append(tabbed(form.tables[number - 1], figures) if number in (1, 2, 3) else "文字。")
    text = "\n\n".join(parts)
    node, findings = source_for(".md").read(text.encode(), "a.md", ALL_FORMS)  # type: ignore[union-attr]
    assert node is not None
    assert {finding.code for finding in findings} <= {"R11", "R16"}
    report, _ = read(node, ALL_FORMS)
    assert report is not None
    found = {str(key): figure.raw or figure.text for key, figure in report.cells.items()}
    assert {key: value for key, value in found.items() if value != figures[key]} == {}
    assert bool(report.chapters) == (data["headings"] != list(form.headings))


def test_the_official_layout_is_read_with_every_cell_blank() -> None:
    source = source_for(".docx")
    assert source is not None
    content = (FOLDER / "official-layout-2021.docx").read_bytes()
    node, findings = source.read(content, "a.docx", ALL_FORMS)
    assert node is not None
    assert [finding.code for finding in findings] == ["R02", "R14", "K17"]
    for table in FORMS["2021"].tables:
        assert _leaves(node.get(table.name)) == [""] * len(list(table.cells()))


def _leaves(node: object) -> list[str]:
    if isinstance(node, Mapping):
        return [leaf for _, value in node.entries for leaf in _leaves(value)]
    return [plain_text(node)]  # type: ignore[arg-type]
