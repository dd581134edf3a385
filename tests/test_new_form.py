"""A form of a year to come is files alone: drawn, checked, built, read back, and told from the others.

The form is made up for these tests: the newest one with another notice, row, column, band, identity, level
and prose.
"""

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from draw_templates import main
from reportgen import clerk_file
from reportgen.checks import rules_for
from reportgen.makers.docx_docxtpl.template_check import check_template
from reportgen.model.form import CellKey, Form, forms_of
from reportgen.pipeline import Material, Outcome, Supplies, run
from reportgen.problems import Finding
from reportgen.store.workspace import supplies
from reportgen.wording import words
from test_form import TEMPLATES, data

BASIS = "国办公开办函〔2026〕9号"
TABLES = """
主动公开:
  行政许可: 12
  公共数据: {已登记数: 7, 已开放数: 3, 合计: 10}
申请:
  本年新收: {自然人: 3, 新闻媒体: 2}
  予以公开: {自然人: 1}
  不予公开: {涉及商业秘密: {自然人: 2, 新闻媒体: 2}}
复议诉讼: 全部为零
"""
TEXT = """
机关: 甲县乙镇人民政府
简称: 乙镇
级别: {level}
年度: {year}
成文日期: {after}-01-18
{overview}{tables}
存在问题: |
  工作中还存在公开内容不够丰富的问题。下一步将改进公开方式，提高公开质量。
"""
OVERVIEW = """
总体情况:
  依申请公开: |
    {said}
"""


def form_of_2026() -> dict[str, Any]:
    """What its form.yaml says."""
    newest = max(
        (data(path.parent.name) for path in TEMPLATES.glob("open_government/*/form.yaml")),
        key=lambda each: each["since"],
    )
    form = copy.deepcopy(newest)
    form |= {"id": "2026", "basis": BASIS, "since": 2026, "levels": [*form["levels"], "开发区管委会"]}
    disclosure, requests = form["tables"][:2]
    disclosure["blocks"].append(
        {
            "band": "第二十条第（十）项",
            "stub": "信息内容",
            "columns": [
                {"key": "registered", "label": "已登记数"},
                {"key": "opened", "label": "已开放数"},
                {"key": "together", "label": "合计"},
            ],
            "rows": [{"key": "datasets", "label": "公共数据", "name": "公共数据"}],
            "identities": [
                {"code": "T2-11", "axis": "columns", "left": ["together"], "right": ["registered", "opened"]}
            ],
        }
    )
    form["identities"]["T2-11"] = {
        "title": "公共数据合计不符",
        "what": "公共数据：合计 = 已登记数 + 已开放数。",
        "why": "合计就是两种数之和。",
        "basis": BASIS,
        "fix": "核对这三个数。",
    }
    block = requests["blocks"][0]
    organisations = block["columns"][0]["columns"][1]["columns"]
    organisations.insert(0, {"key": "media", "label": "新闻媒体"})
    refused = next(row for row in block["rows"][2]["rows"] if row.get("name") == "不予公开")["rows"]
    refused.append({"key": "deny_9", "label": "9.涉及商业秘密", "name": "涉及商业秘密"})
    for identity, more in zip(block["identities"][1:], ("deny_9", "media"), strict=True):
        identity["right"] = [*identity["right"], more]
    form["prose"].append(
        {
            "key": "outlook",
            "name": "下年打算",
            "chapter": 6,
            "hint": "下年的打算，可以不写。",
            "placeholder": "这里写下年的打算",
        }
    )
    return form


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates folder with one more form, its template drawn by the tools."""
    folder = tmp_path_factory.mktemp("forms") / "templates"
    copytree(TEMPLATES, folder)
    (folder / "open_government" / "2026").mkdir()
    text = yaml.safe_dump(form_of_2026(), allow_unicode=True, sort_keys=False)
    (folder / "open_government" / "2026" / "form.yaml").write_text(text, encoding="utf-8")
    assert main(["--templates", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def gathered(folder: Path) -> Supplies:
    """All forms and templates."""
    return supplies(folder)


@pytest.fixture(scope="module")
def form(gathered: Supplies) -> Form:
    """The new form."""
    return next(form for form in gathered.forms if form.id == "2026")


def text_of(year: int = 2026, tables: str = TABLES, said: str = "", level: str = "乡镇政府") -> str:
    """A clerk's file."""
    overview = OVERVIEW.format(said=said) if said else ""
    return TEXT.format(year=year, after=year + 1, tables=tables, overview=overview, level=level)


def outcome_of(gathered: Supplies, text: str, *wanted: str) -> Outcome:
    """What comes of a clerk's text."""
    return run(Material("年报.yaml", text.encode()), gathered, wanted)


def errors(outcome: Outcome) -> list[Finding]:
    """What forbids a signature."""
    return [finding for finding in outcome.findings if finding.is_error]


def codes(gathered: Supplies, text: str) -> list[str]:
    """The codes of what is found in a clerk's text, but for notes."""
    return [each.code for each in outcome_of(gathered, text).findings if each.level.name != "NOTE"]


def test_its_template_passes_the_check_of_templates(gathered: Supplies, form: Form) -> None:
    report = outcome_of(gathered, text_of()).report
    assert report is not None
    assert check_template(gathered.templates["2026"], form, words(report).names) == ()


def test_a_report_on_it_is_built_and_read_back_cell_by_cell(gathered: Supplies) -> None:
    made = outcome_of(gathered, text_of(), "docx")
    assert errors(made) == [] and made.failures == () and made.report is not None
    again = run(Material("年报.docx", made.files["docx"]), gathered, ())
    assert errors(again) == [] and again.report is not None and again.report.form.id == "2026"
    values = {key: figure.value for key, figure in again.report.cells.items()}
    assert values == {key: figure.value for key, figure in made.report.cells.items()}
    assert values[CellKey("deny_9", "media")] == 2 and values[CellKey("datasets", "together")] == 10
    assert values[CellKey("total", "total")] == 5


def test_what_read_gives_of_it_is_a_clerks_file_of_the_same_report(gathered: Supplies, form: Form) -> None:
    docx = outcome_of(gathered, text_of(), "docx").files["docx"]
    read = run(Material("年报.docx", docx), gathered, ())
    assert read.node is not None
    text = clerk_file.write(read.node, form)
    again = outcome_of(gathered, text)
    assert errors(again) == [] and again.report is not None and read.report is not None
    assert {key: each.value for key, each in again.report.cells.items()} == {
        key: each.value for key, each in read.report.cells.items()
    }


def test_its_prose_stands_in_its_chapter(gathered: Supplies) -> None:
    made = outcome_of(gathered, text_of() + "下年打算: 明年将开放更多公共数据。\n", "docx", "html")
    page = made.files["html"].decode()
    assert page.index("六、其他需要报告的事项") < page.index("明年将开放更多公共数据。")


def test_its_identity_is_a_rule_with_the_page_that_it_brings(gathered: Supplies, form: Form) -> None:
    assert "T2-11" in codes(gathered, text_of(tables=TABLES.replace("合计: 10", "合计: 11")))
    [page] = [rule for rule in rules_for(form) if rule.code == "T2-11"]
    assert page.title == "公共数据合计不符"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("新收政府信息公开申请5件，不予公开4件，其中涉及商业秘密4件。", ""),
        ("新收政府信息公开申请5件，不予公开4件，其中涉及商业秘密3件。", "N06"),
        ("新收政府信息公开申请5件，其中自然人3件、新闻媒体2件。", ""),
        ("新收政府信息公开申请5件，其中自然人3件、新闻媒体1件。", "N07"),
        ("新收政府信息公开申请5件，其中法人或其他组织2件。", ""),
        ("新收政府信息公开申请5件，其中法人或其他组织1件。", "N07"),
    ],
)
def test_sentences_speak_of_its_rows_and_columns_by_their_labels(
    gathered: Supplies, said: str, code: str
) -> None:
    found = [each for each in codes(gathered, text_of(said=said)) if each.startswith("N")]
    assert found == ([code] if code else [])


def test_its_level_is_one_and_is_none_in_the_years_before(gathered: Supplies) -> None:
    assert "F15" not in codes(gathered, text_of(level="开发区管委会"))
    assert "F15" in codes(
        gathered,
        text_of(2025, "主动公开: 全部为零\n申请: 全部为零\n复议诉讼: 全部为零\n", level="开发区管委会"),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        TABLES,
        "主动公开: {公共数据: {已登记数: 1}}\n申请: 全部为零\n复议诉讼: 全部为零\n",
        "主动公开: 全部为零\n申请: {本年新收: {新闻媒体: 1}, 予以公开: {自然人: 1}}\n复议诉讼: 全部为零\n",
        "主动公开: 全部为零\n申请: 全部为零\n复议诉讼: 全部为零\n下年打算: 开放更多数据。\n",
    ],
)
def test_its_words_in_a_file_of_an_earlier_year_are_told_and_not_dropped(
    gathered: Supplies, wrong: str
) -> None:
    found = [each for each in outcome_of(gathered, text_of(2025, wrong)).findings if each.code == "F18"]
    assert found and all("2026年度起" in each.message for each in found)


def test_a_whole_table_of_another_form_is_told_and_not_dropped(gathered: Supplies) -> None:
    [*others, newest] = forms_of(gathered.forms)
    table = replace(newest.tables[0], key="data", name="公共数据情况")
    forms = (*others, replace(newest, tables=(*newest.tables, table)))
    zeros = "主动公开: 全部为零\n申请: 全部为零\n复议诉讼: 全部为零\n公共数据情况: 全部为零\n"
    found = outcome_of(replace(gathered, forms=forms), text_of(2025, zeros)).findings
    assert [each.code for each in found if "公共数据情况" in each.message] == ["F18"]


def test_the_year_before_has_the_form_before(gathered: Supplies) -> None:
    outcome = outcome_of(gathered, text_of(2025, "主动公开: 全部为零\n申请: 全部为零\n复议诉讼: 全部为零\n"))
    assert outcome.report is not None and outcome.report.form is forms_of(gathered.forms)[-2]
    assert errors(outcome) == []


def test_the_rules_of_every_form_know_its_notice(gathered: Supplies) -> None:
    for form in forms_of(gathered.forms):
        pages = {rule.code: rule for rule in rules_for(form)}
        assert f"2021 至 2025 年度引用国办公开办函〔2021〕30号，2026 年度起引用{BASIS}。" in pages["X02"].what
        assert pages["X01"].basis.endswith(f"、{BASIS}")
    early = (
        text_of(2025, "主动公开: 全部为零\n申请: 全部为零\n复议诉讼: 全部为零\n")
        + f"前言: 根据{BASIS}的要求编制本报告。\n"
    )
    assert "X02" in codes(gathered, early)


def pairs(gathered: Supplies) -> Iterator[tuple[int, Outcome]]:
    """The first year of every form but the oldest, with a report of the year before."""
    for form in forms_of(gathered.forms)[1:]:
        text = text_of(form.since - 1, "主动公开: 全部为零\n申请: 全部为零\n复议诉讼: 全部为零\n")
        yield form.since, outcome_of(gathered, text)


def test_a_file_to_start_from_takes_over_what_the_form_before_has_too(gathered: Supplies) -> None:
    for year, last in pairs(gathered):
        form = next(each for each in forms_of(gathered.forms) if each.since == year)
        started = clerk_file.starting_file(form, "甲县乙镇人民政府", form.levels[0], year, last.report)
        report = outcome_of(gathered, started).report
        assert report is not None and report.form is form
        assert {"F11", "F12", "F17", "F18"}.isdisjoint(codes(gathered, started))
        for _, row, _ in form.cells():
            assert row.names[-1] in started or row.key == "total"
    assert "公共数据: {已登记数: , 已开放数: }" in started and "开发区管委会" in started
    assert "下年打算: 这里写下年的打算" in started
