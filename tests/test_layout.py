"""The printed grids against the notices' tables."""

import pytest

from reportgen.model.form import CellKey, Table
from reportgen.model.layout import Grid, PrintedCell, grid_of
from reportgen.store.workspace import supplies

ALL_FORMS = {form.id: form for form in supplies(templates=False).forms}
"""Every form of the repository by its id."""
FORMS = {name: form for name, form in ALL_FORMS.items() if form.ordinary}
"""Every form of the ordinary kind by its folder, the oldest first."""
TABLES = [(form, table) for form in FORMS.values() for table in form.tables]


def cell(grid: Grid, text: str) -> PrintedCell:
    """The only cell with this text."""
    (found,) = [each for each in grid.cells if each.text == text]
    return found


def grid(form: str, table: int) -> Grid:
    """The printed grid of a form's table; tables count from 0."""
    return grid_of(FORMS[form].tables[table])


@pytest.mark.parametrize("table", [table for _, table in TABLES])
def test_every_place_of_a_grid_is_covered_once(table: Table) -> None:
    printed = grid_of(table)
    covered = [
        (each.row + down, each.column + right)
        for each in printed.cells
        for down in range(each.rows)
        for right in range(each.columns)
    ]
    everywhere = {(row, col) for row in range(1, printed.rows + 1) for col in range(1, printed.columns + 1)}
    assert set(covered) == everywhere
    assert len(covered) == len(everywhere)
    assert {each.key for each in printed.cells if each.key} == {key for key, _, _ in table.cells()}


def test_the_grids_have_the_sizes_of_the_notices() -> None:
    sizes = [(grid_of(table).rows, grid_of(table).columns) for _, table in TABLES]
    assert sizes == [(18, 7), (26, 10), (4, 15), (14, 4), (28, 10), (4, 15)]


def test_the_spine_of_table_three_spans_its_results() -> None:
    for form, rows in (("2019", 20), ("2021", 22)):
        spine = cell(grid(form, 1), "三、本年度办理结果")
        assert (spine.row, spine.column, spine.rows, spine.columns) == (6, 1, rows, 1)


def test_groups_and_short_rows_reach_as_far_as_printed() -> None:
    table = grid("2021", 1)
    assert cell(table, "（三）不予公开").rows == 8
    assert cell(table, "（五）不予处理").rows == 5
    assert cell(table, "一、本年新收政府信息公开申请数量").columns == 3
    assert cell(table, "（一）予以公开").columns == 2
    assert cell(table, "1.属于国家秘密").columns == 1
    assert cell(grid("2019", 1), "（六）其他处理").columns == 2


def test_the_head_of_table_three_is_three_rows_deep_and_repeats() -> None:
    table = grid("2021", 1)
    note = cell(table, "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）")
    assert (note.rows, note.columns, note.role) == (3, 3, "stub")
    assert cell(table, "申请人情况").columns == 7
    assert cell(table, "法人或其他组织").columns == 5
    assert (cell(table, "自然人").rows, cell(table, "总计").rows) == (2, 2)
    assert table.head == 3


def test_table_two_divides_its_columns_evenly() -> None:
    old = grid("2019", 0)
    assert cell(old, "对外公开总数量").columns == 2
    assert cell(old, "采购总金额").columns == 3
    assert cell(grid("2021", 0), "本年收费金额（单位：万元）").columns == 3
    assert old.head == 0


def test_table_four_stands_side_by_side() -> None:
    table = grid("2021", 2)
    assert (cell(table, "行政复议").columns, cell(table, "行政诉讼").columns) == (5, 10)
    assert cell(table, "复议后起诉").column == 11
    last = table.cells[-1]
    assert (last.row, last.column, last.key) == (4, 15, CellKey("suit_after_review", "total"))
