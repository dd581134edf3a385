"""A form filled in: totals added up, sums that do not balance, figures under the clerk's names."""

from decimal import Decimal

from reportgen.model.form import CellKey
from reportgen.model.report import Figure, Organ, Report, filled, named_figures
from reportgen.problems import Place
from test_layout import FORMS

FORM = FORMS["2021"]
HERE = Place("2023.yaml", 12, 5)


def typed(**figures: str) -> dict[CellKey, Figure]:
    """Figures by ``row__column``, all typed at one place; an empty one is blank."""
    return {
        CellKey(*name.split("__")): Figure(text, Decimal(text) if text else None, place=HERE)
        for name, text in figures.items()
    }


def report(**figures: str) -> Report:
    """A report with these figures typed and all others left out."""
    organ = Organ("甲县乙镇人民政府", "乙镇", "乡镇政府")
    return Report(FORM, 2023, organ, None, filled(FORM, typed(**figures)))


def test_totals_that_nobody_typed_are_added_up() -> None:
    made = report(new__person="3", new__legal="1", deny_2__person="3", open__legal="1")
    assert made.value("new", "total") == 4
    assert made.value("total", "person") == 3
    assert made.value("total", "total") == 4
    assert all(each.left_sum == each.right_sum for each in made.sums())


def test_a_typed_total_is_kept_and_compared() -> None:
    made = report(new__person="3", new__total="4", open__person="3")
    broken = {
        (each.identity.code, each.left_sum, each.right_sum)
        for each in made.sums()
        if each.left_sum != each.right_sum
    }
    assert broken == {("T3-03", Decimal(4), Decimal(3)), ("T3-01", Decimal(4), Decimal(3))}


def test_a_blank_cell_counts_as_nothing_but_stays_blank() -> None:
    made = report(new__person="")
    assert made.cells[CellKey("new", "person")].blank
    assert made.value("new", "total") == 0


def test_a_cell_left_out_is_a_zero_that_is_not_blank() -> None:
    made = report()
    assert made.cells[CellKey("new", "person")].text == "0"
    assert not made.cells[CellKey("new", "person")].blank


def test_a_cell_that_the_form_lacks_has_no_value() -> None:
    assert report().value("procurement", "spending") == 0
    assert not report().has("procurement", "spending")
    assert report().place_of(CellKey("procurement", "spending")) is None


def test_a_cell_that_nobody_typed_stands_where_its_table_does() -> None:
    table = Place("2023.yaml", 9, 1)
    made = report(new__person="1")
    placed = Report(FORM, 2023, made.organ, None, made.cells, places={"table.requests": table})
    assert placed.place_of(CellKey("new", "total")) == table
    assert placed.place_of(CellKey("new", "person")) == HERE


def test_sentences_quote_figures_by_the_clerks_names() -> None:
    made = report(deny_1__person="2", deny_2__person="3", other_3__other="1", fees__amount="1.50")
    names = named_figures(FORM, made.cells)
    assert names["申请"]["不予公开"]["自然人"] == 5
    assert names["申请"]["其他处理"]["其他"]["其他"] == 1
    assert str(names["主动公开"]["行政事业性收费"]["本年收费金额"]) == "1.50"


def test_a_peoples_government_is_known_by_its_level() -> None:
    assert Organ("甲县人民政府", "甲县", "县级政府").is_government
    assert not Organ("甲县财政局", "县财政局", "县级部门").is_government
