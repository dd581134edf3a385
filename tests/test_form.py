"""The two statutory forms against the notices, cell by cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen.model.form import CellKey, Form, YearTooEarly, form_for
from reportgen.model.form_file import WrongForm, form_from

TEMPLATES = Path(__file__).parents[1] / "templates"
KIND = TEMPLATES / "open_government"
"""The kind that a clerk's file is of if it names none."""


def data(form_id: str) -> dict[str, Any]:
    """What a form.yaml says, with what the kind says for it."""
    files = (KIND / "kind.yaml", KIND / form_id / "form.yaml")
    shared, own = (yaml.safe_load(file.read_text("utf-8")) for file in files)
    return {**shared, **own}


@pytest.fixture(scope="module")
def old() -> Form:
    """The form of 2019 and 2020."""
    return form_from(data("2019"))


@pytest.fixture(scope="module")
def new() -> Form:
    """The form since 2021."""
    return form_from(data("2021"))


def test_the_form_follows_the_year_that_the_figures_cover(old: Form, new: Form) -> None:
    forms = (new, old)
    assert [form_for(year, forms).id for year in (2019, 2020, 2021, 2025)] == ["2019", "2019", "2021", "2021"]


def test_a_year_before_the_first_form_is_refused_with_the_reason(old: Form, new: Form) -> None:
    with pytest.raises(YearTooEarly, match=r"2018年度的年报不能生成.*2019年度起.*60号"):
        form_for(2018, (old, new))


def test_each_form_names_its_notice(old: Form, new: Form) -> None:
    assert old.basis == "国办公开办函〔2019〕60号"
    assert new.basis == "国办公开办函〔2021〕30号"


def test_both_forms_have_the_same_six_chapters(old: Form, new: Form) -> None:
    assert old.chapters == new.chapters
    assert [heading[:2] for heading in new.headings] == ["一、", "二、", "三、", "四、", "五、", "六、"]


def test_what_both_notices_print_alike_is_alike_in_both_files(old: Form, new: Form) -> None:
    assert (old.name, old.levels, old.scopes) == (new.name, new.levels, new.scopes)
    assert old.passages == new.passages and old.tables[2] != new.tables[2]
    assert old.tables[2].blocks == new.tables[2].blocks and old.tables[2].note == new.tables[2].note
    same = {key: row for key, (_, row, _) in old.index.items() if key in new.index and key.row != "normative"}
    assert {key: new.index[key][1] for key in same} == same
    assert all(new.pages[code] == page for code, page in old.pages.items())


def test_only_the_2021_form_asks_for_the_fee_and_both_know_it(old: Form, new: Form) -> None:
    assert old.fee is not None and new.fee is not None
    assert (old.asks_fee, new.asks_fee) == (False, True)
    assert (old.fee.name, old.fee.passage) == (new.fee.name, new.fee.passage) == ("信息处理费", "others")


def test_the_words_of_the_2021_form(new: Form) -> None:
    assert new.usual_title("甲县乙镇人民政府", 2023) == "甲县乙镇人民政府2023年政府信息公开工作年度报告"
    assert [each.name for each in new.aspects] == [
        "主动公开",
        "依申请公开",
        "政府信息管理",
        "平台建设",
        "监督保障",
    ]
    assert [each.name for each in new.top_prose] == [
        *("前言", "总体情况", "存在问题", "其他事项"),
        *("表二引言", "表二说明", "表三引言", "表三说明", "表四引言", "表四说明"),
    ]
    assert len(new.levels) == 9 and new.scopes == ("本机关", "汇总")


def test_the_forms_have_as_many_cells_as_the_notices_print(old: Form, new: Form) -> None:
    assert [len(list(table.cells())) for table in old.tables] == [22, 23 * 7, 15]
    assert [len(list(table.cells())) for table in new.tables] == [10, 25 * 7, 15]


def test_only_the_2021_form_splits_other_results_in_three(old: Form, new: Form) -> None:
    assert CellKey("other", "person") in old.index and CellKey("other_1", "person") not in old.index
    assert CellKey("other_3", "person") in new.index and CellKey("other", "person") not in new.index


def test_a_concept_that_both_forms_share_keeps_its_key(old: Form, new: Form) -> None:
    assert {key for key in old.index if key.row.startswith(("new", "deny", "total"))} <= set(new.index)
    assert not {key for key in old.index if key.column in ("new_made", "last_items", "spending")} & set(
        new.index
    )


def test_money_is_an_amount_and_changes_carry_a_sign(old: Form, new: Form) -> None:
    assert new.index[CellKey("fees", "amount")][2].kind == "amount"
    assert new.index[CellKey("fees", "amount")][2].unit == "万元"
    assert old.index[CellKey("permits", "change")][2].kind == "change"
    assert old.index[CellKey("procurement", "spending")][2].unit == ""


def test_the_clerk_addresses_a_cell_by_the_statutory_words(new: Form) -> None:
    assert new.label(CellKey("deny_4", "person")) == "申请·不予公开·保护第三方合法权益·自然人"
    assert new.label(CellKey("review", "pending")) == "复议诉讼·行政复议·尚未审结"


def test_every_result_row_is_in_the_sum_of_results(old: Form, new: Form) -> None:
    for form in (old, new):
        rows = {row.key for row in form.tables[1].blocks[0].rows}
        added = {key.row for key in form.parts[CellKey("total", "person")]}
        assert added == rows - {"new", "carry_in", "carry_out", "total"}


def test_a_form_with_a_doubled_cell_is_refused() -> None:
    twice = data("2021")
    twice["tables"][0]["blocks"][0]["rows"][1]["key"] = "regulations"
    with pytest.raises(WrongForm, match="同一个名称用了两次"):
        form_from(twice)


def test_a_form_whose_sum_names_a_line_that_is_not_there_is_refused() -> None:
    lost = data("2021")
    lost["tables"][1]["blocks"][0]["identities"][0]["right"] = ["total", "carried"]
    with pytest.raises(WrongForm, match="T3-01"):
        form_from(lost)


def test_a_form_whose_fee_is_told_nowhere_is_refused() -> None:
    lost = data("2021")
    lost["fee"]["passage"] = "elsewhere"
    with pytest.raises(WrongForm, match="elsewhere"):
        form_from(lost)


def test_a_form_with_a_pattern_that_cannot_be_read_is_refused() -> None:
    broken = data("2021")
    broken["chapters"][1]["said"] = "(公开"
    with pytest.raises(WrongForm, match="公开"):
        form_from(broken)


def test_a_form_with_prose_in_a_chapter_that_is_not_there_is_refused() -> None:
    lost = data("2021")
    lost["prose"][-1]["chapter"] = 7
    with pytest.raises(WrongForm, match="chapter 最大是 6"):
        form_from(lost)


def test_a_table_and_prose_of_one_name_are_refused() -> None:
    twice = data("2021")
    twice["prose"][0]["name"] = "申请"
    with pytest.raises(WrongForm, match="同一个名称用了两次"):
        form_from(twice)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda form: form["prose"][0].pop("key"), "prose 里有一项缺少 key"),
        (lambda form: form["prose"][0].update(hnt="写什么"), "prose 里不认识 hnt，可以写 key、name"),
        (lambda form: form.update(since="二〇二一"), "since 后面要写数字：二〇二一"),
        (lambda form: form.update(table=form.pop("tables")), "不认识 table，可以写 .*tables"),
        (lambda form: form["tables"][0].update(arrangement="stack"), "可以写 stacked、beside"),
        (lambda form: form.update(lines=[{"name": "会议 时间"}]), "lines 的名称里不能有空格"),
        (lambda form: form.update(lines=[{"name": "年度"}]), "同一个名称用了两次：年度"),
        (lambda form: form.update(lines=[{"name": "主持人", "require": True}]), "lines 里不认识 require"),
        (lambda form: form.update(title="{机关}会议记录"), "title 要以 {文种} 结尾"),
        (lambda form: form["identities"].pop("T3-01"), "identities 里没有 T3-01"),
        (lambda form: form["tables"][0]["blocks"][0]["rows"][0].update(kind="文字"), "kind 后面不能写“文字”"),
    ],
)
def test_who_writes_a_form_is_told_in_chinese_what_is_wrong(
    change: Callable[[dict[str, Any]], object], told: str
) -> None:
    form = data("2021")
    change(form)
    with pytest.raises(WrongForm, match=told):
        form_from(form)
