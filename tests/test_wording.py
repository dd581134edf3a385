"""A report as the words and figures that get printed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from reportgen.model.form import CellKey
from reportgen.model.nodes import Run
from reportgen.model.prose import Paragraph
from reportgen.model.report import Figure, Organ, Report
from reportgen.problems import Place
from reportgen.wording import chinese_date, printed, title_lines, words
from test_report import HERE, report


def paragraph(text: str, kind: str = "text", bold: bool = False) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph(kind, (Run(text, bold),), ((0, HERE),))


def names(made: Report) -> Mapping[str, Any]:
    """What a template may ask for."""
    return words(made).names


def named(organ: str) -> Report:
    """A report of an organ of this name."""
    return replace(report(), organ=Organ(organ, organ, "县级部门"))


def test_a_title_stands_on_two_lines_unless_one_holds_it() -> None:
    assert title_lines(named("甲县财政局")) == ("甲县财政局", "2023年政府信息公开工作年度报告")
    assert title_lines(named("甲局")) == ("甲局2023年政府信息公开工作年度报告",)
    long = "甲乙丙市人力资源和社会保障局（市公务员局、市外国专家局）"
    assert title_lines(named(long))[:2] == ("甲乙丙市人力资源和社会保障局", "（市公务员局、市外国专家局）")
    far = "甲乙丙丁自治区戊己庚辛自治州壬癸子丑寅卯自治县人民政府"
    assert title_lines(named(far))[:2] == ("甲乙丙丁自治区戊己庚辛自治州", "壬癸子丑寅卯自治县人民政府")
    longer = "甲乙丙自治区丁戊己庚市辛壬癸子丑寅卯族自治旗辰巳午未镇人民政府党政综合办公室"
    assert title_lines(named(longer))[:3] == (
        "甲乙丙自治区丁戊己庚市",
        "辛壬癸子丑寅卯族自治旗",
        "辰巳午未镇人民政府党政综合办公室",
    )
    usual = "2023年政府信息公开工作年度报告"
    one = (f"甲市乙区丙街道办事处{usual}",)
    assert title_lines(replace(named("甲局"), title=one)) == ("甲市乙区丙街道办事处", usual)
    assert title_lines(named("甲" * 25))[0] == "甲" * 25
    assert title_lines(replace(named("甲局"), title=("一行", "两行"))) == ("一行", "两行")


def test_a_date_has_no_leading_zeros_and_a_missing_one_leaves_room() -> None:
    assert chinese_date(date(2024, 1, 9)) == "2024年1月9日"
    assert chinese_date(None).replace(" ", "") == "年月日"


def test_a_remark_stands_in_brackets_behind_its_figure() -> None:
    assert printed(Figure("22", Decimal(22), "其中修订16件")) == "22（其中修订16件）"
    assert printed(Figure("", None)) == ""


def test_every_cell_can_be_asked_for_by_its_key_and_quoted_by_its_name() -> None:
    made = names(report(new__person="3"))
    assert made["new"]["person"] == "3"
    assert made["new"]["total"] == "3"
    assert made["申请"]["本年新收"]["总计"] == 3
    assert made["review"]["pending"] == "0"


def test_every_kind_of_prose_can_be_asked_for_even_where_nothing_was_written() -> None:
    assert set(names(report())["正文"]) == {passage.name for passage in report().form.prose.values()}
    assert set(map(bool, names(report())["正文"].values())) == {False}


def test_headings_and_items_get_the_style_of_their_numbering() -> None:
    made = replace(
        report(),
        prose={
            "overview": (
                paragraph("（一）主动公开", "heading"),
                paragraph("1.平台", "heading"),
                paragraph("一项", "item"),
                paragraph("重点", bold=True),
            )
        },
    )
    shown = names(made)["正文"]["总体情况"]
    assert [each["样式"] for each in shown] == ["二级标题", "三级标题", "列项", "正文"]
    assert shown[3]["文字"] == [{"文": "重点", "粗": True, "网址": False}]


def test_the_fee_sentence_is_left_out_where_the_clerk_says_it() -> None:
    charged = replace(report(), fees=(2, Decimal(120)))
    assert names(charged)["说收费"] is True
    assert names(charged)["信息处理费"] == {"件数": 2, "金额": 120}
    told = replace(charged, prose={"others": (paragraph("本年收取信息处理费2件。"),)})
    assert names(told)["说收费"] is False
    assert names(replace(report(), fees=None))["说收费"] is False


def test_pieces_name_the_part_of_the_report_and_where_it_was_typed() -> None:
    place = Place("2023.yaml", 40, 3)
    made = replace(
        report(new__person="3"),
        prose={"problems": (Paragraph("text", (Run("有不足。"),), ((0, place),)),)},
        places={"organ": HERE},
    )
    pieces = {piece.about: (piece.text, piece.place) for piece in words(made).pieces}
    assert pieces["problems.1"] == ("有不足。", place)
    assert pieces[str(CellKey("new", "person"))] == ("3", HERE)
    assert pieces["organ"] == ("甲县乙镇人民政府乙镇", HERE)
    assert str(CellKey("new", "total")) not in pieces
