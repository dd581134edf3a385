import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerks import BOTH, clerk
from reportgen.examining import Material, Supplies, report_of
from reportgen.model.form import CellKey, form_for
from reportgen.model.report import Report
from reportgen.sources.yaml.editing import edited
from reportgen.sources.yaml.targets import Change, EditRefused

FORM = form_for(2022, BOTH)


def after(text: str, *changes: tuple[str, str]) -> str:
    return edited(text, (Change(*each) for each in changes), FORM, BOTH)


def read(text: str) -> Report:
    report = report_of(Material("a.yaml", text.encode()), Supplies(BOTH))
    assert report is not None
    return report


def changed_lines(before: str, now: str) -> list[str]:
    old = before.split("\n")
    return [line for line in now.split("\n") if line not in old]


ODD = """\
# 首行的说明
机关:   甲县乙镇人民政府     # 全称
级别: 乡镇政府
年度: 2022
成文日期: 2023-01-29

主动公开:
    行政许可:   12    # 台账第3页
    行政规范性文件: { 本年制发件数: 3 , 本年废止件数: 1 }

# 表三在下面
申请:
    本年新收:   {自然人: 25, 商业企业: 1}   # 接谈记录
    # 下面这一行是办公室核过的
    不予公开:
        保护第三方合法权益: {自然人: 3}

# 没有复议
复议诉讼:   全部为零   # 没有
存在问题: |
    一是……

    二是……
"""


def test_a_changed_figure_changes_its_own_characters_only() -> None:
    assert after(ODD, ("cell:new.person", "26")) == ODD.replace("自然人: 25", "自然人: 26")
    assert after(ODD, ("cell:permits.decisions", "13")) == ODD.replace("许可:   12 ", "许可:   13 ")
    assert after(ODD, ("cell:normative.made", "4")) == ODD.replace("制发件数: 3", "制发件数: 4")


def test_a_new_row_stands_in_the_order_of_the_form_and_comments_stay_where_they_were() -> None:
    text = after(ODD, ("cell:open.person", "22"))
    assert changed_lines(ODD, text) == ["    予以公开: {自然人: 22}"]
    assert text.replace("    予以公开: {自然人: 22}\n", "") == ODD
    assert text.index("本年新收") < text.index("予以公开") < text.index("办公室核过的")


def test_a_new_row_at_the_end_of_a_table_stands_above_the_comment_on_the_next_one() -> None:
    text = after(ODD, ("cell:carry_out.person", "2"))
    assert changed_lines(ODD, text) == ["    结转下年度: {自然人: 2}"]
    assert text.index("结转下年度") < text.index("# 没有复议")


def test_a_table_of_zeros_opens_for_its_first_figure_and_keeps_its_comment() -> None:
    text = after(ODD, ("cell:review.upheld", "1"))
    assert "复议诉讼:   # 没有\n  行政复议: {结果维持: 1}\n" in text
    assert read(text).value("review", "upheld") == 1


def test_a_zero_where_nothing_stands_is_not_written() -> None:
    assert after(ODD, ("cell:open.person", "0"), ("cell:review.upheld", "0")) == ODD


def test_a_cleared_cell_goes_and_an_emptied_row_with_it() -> None:
    assert after(ODD, ("cell:new.person", "")) == ODD.replace("自然人: 25, ", "")
    text = after(ODD, ("cell:deny_4.person", ""))
    assert "保护第三方" not in text
    assert "不予公开" not in text
    assert "办公室核过的" in text


def test_the_last_cell_of_a_table_leaves_its_word_which_is_never_zero_in_silence() -> None:
    text = after(clerk(申请="\n  本年新收: {自然人: 2}"), ("cell:new.person", ""))
    assert "\n申请:\n" in text
    assert after(text, ("table:requests", "")).count("申请: 全部为零") == 1


def test_a_remark_comes_and_goes_without_its_figure() -> None:
    noted = after(ODD, ("remark:permits.decisions", "其中变更 2 件"))
    assert read(noted).cells[CellKey("permits", "decisions")].remark == "其中变更 2 件"
    assert after(noted, ("cell:permits.decisions", "14")).count("{值: 14, 注: 其中变更 2 件}") == 1
    assert after(noted, ("remark:permits.decisions", "")) == ODD


def test_prose_keeps_the_indent_of_its_neighbours_and_the_comment_behind_its_bar() -> None:
    text = after(ODD.replace("问题: |", "问题: |   # 李主任改过"), ("prose:problems", "甲。\n\n乙。"))
    assert "存在问题: |   # 李主任改过\n  甲。\n\n  乙。\n" in text
    parts = after(text, ("prose:requests", "丙。"), ("prose:disclosure", "丁。"))
    assert "总体情况:\n  主动公开: |\n    丁。\n  依申请公开: |\n    丙。\n" in parts
    assert after(parts, ("prose:requests", ""), ("prose:disclosure", "")).count("总体情况:") == 1


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("field:phone", "0535-7580196"), "电话: 0535-7580196"),
        (("field:mail", "a@example.cn"), "邮箱: a@example.cn"),
        (("field:short", "乙: 镇"), '简称: "乙: 镇"'),
        (("field:site", "某网"), "网站: {名称: 某网}"),
        (("field:laws", "甲办法\n乙办法"), "依据: [甲办法, 乙办法]"),
        (("fee:件数", "3"), "信息处理费: {件数: 3}"),
    ],
)
def test_a_field_that_was_not_there_is_written_as_the_clerk_would(change: tuple[str, str], line: str) -> None:
    assert line in changed_lines(ODD, after(ODD, change))


def test_a_site_written_as_an_address_keeps_it_when_its_name_comes() -> None:
    text = after(clerk("网站: http://a.example.cn/\n"), ("field:site", "某网"))
    assert (read(text).contact.site, read(text).contact.url) == ("某网", "http://a.example.cn/")


def test_an_answer_is_written_under_its_code() -> None:
    text = after(ODD, ("answer:N09", "口径不同：含上年"), ("answer:N10", "已核"))
    assert [(each.code, each.words) for each in read(text).answers] == [
        ("N09", "口径不同：含上年"),
        ("N10", "已核"),
    ]


def test_an_answer_to_a_sentence_stands_below_its_code() -> None:
    sentence = "收到申请25件：含“上年”2件"
    text = after(ODD, (f"answer:N09:{sentence}", "口径不同"), ("answer:N09:另一句", "已核"))
    answers = read(text).answers
    assert [(each.code, each.sentence, each.words) for each in answers] == [
        ("N09", sentence, "口径不同"),
        ("N09", "另一句", "已核"),
    ]
    assert after(text, (f"answer:N09:{sentence}", "改了理由")).count("改了理由") == 1
    with pytest.raises(EditRefused, match="不分句子"):
        after(after(ODD, ("answer:N09", "已核")), ("answer:N09:另一句", "已核"))


@pytest.mark.parametrize("name", ["N09", "N09:收到申请25件：含“上年”2件"])
def test_an_answer_taken_back_leaves_the_file_as_it_was_before_it(name: str) -> None:
    for before in (ODD, after(ODD, ("answer:N10", "已核"))):
        assert after(after(before, (f"answer:{name}", "口径不同")), (f"answer:{name}", "")) == before


def test_of_several_answers_one_is_taken_back_and_every_comment_stays() -> None:
    text = clerk(
        "核对:  # 局长看过\n  # 三月核\n  N09:\n    甲句: 口径不同  # 台账\n    乙句: 已核 # 二\n"
        "  n10: 已核\n  # 完\n"
    )
    without = after(text, ("answer:N09:甲句", ""))
    assert without == text.replace("    甲句: 口径不同  # 台账\n", "")
    without = after(without, ("answer:N09:乙句", ""))
    assert without == text.replace(text[text.index("  N09") : text.index("  n10")], "")
    without = after(without, ("answer:N10", ""))
    assert "核对:  # 局长看过\n  # 三月核\n  # 完\n" in without
    assert read(without).answers == ()


def test_what_is_no_code_is_taken_back_and_not_written() -> None:
    text = clerk("核对: {口径: 不同, N09: 已核}\n")
    assert "核对: {N09: 已核}" in after(text, ("answer:口径", ""))
    with pytest.raises(EditRefused):
        after(text, ("answer:口径", "另一句"))


def test_a_file_in_braces_stays_in_braces() -> None:
    text = after(clerk(申请="{本年新收: {自然人: 1}}"), ("cell:deny_4.person", "3"), ("cell:open.other", "2"))
    assert (
        "申请: {本年新收: {自然人: 1}, 予以公开: {其他: 2}, 不予公开: {保护第三方合法权益: {自然人: 3}}}"
        in text
    )


def test_rows_under_printed_headings_and_numbers_are_found() -> None:
    table = (
        "\n  三、本年度办理结果:\n    （三）不予公开:\n      4.保护第三方合法权益: {申请人情况: {自然人: 1}}"
    )
    text = after(clerk(申请=table), ("cell:deny_4.person", "2"), ("cell:deny_1.person", "5"))
    assert "4.保护第三方合法权益: {申请人情况: {自然人: 2}}" in text
    assert [read(text).value(row, "person") for row in ("deny_4", "deny_1")] == [2, 5]


def test_slips_of_the_writing_are_mended_before_anything_is_changed() -> None:
    text = after(clerk().replace("申请: 全部为零", "申请：全部为零"), ("cell:new.person", "2"))
    assert read(text).value("new", "person") == 2


@pytest.mark.parametrize(
    "key", ["cell:new.nobody", "cell:new", "field:own", "prose:x", "answer:../x", "x", ""]
)
def test_what_no_form_knows_is_refused(key: str) -> None:
    with pytest.raises(EditRefused, match="没有这一项"):
        after(ODD, (key, "1"))


@pytest.mark.parametrize("text", ["- 甲\n- 乙\n", "机关: [甲\n", "甲: &a {乙: *a}\n"])
def test_a_text_that_is_no_report_is_refused_not_broken(text: str) -> None:
    with pytest.raises(EditRefused, match="原文"):
        after(text, ("cell:new.person", "1"))


def test_an_anchor_that_is_used_elsewhere_is_not_changed_behind_the_clerk() -> None:
    text = clerk(申请="{本年新收: &a {自然人: 1}, 上年结转: *a}")
    with pytest.raises(EditRefused):
        after(text.replace("复议诉讼: 全部为零", "复议诉讼: {行政复议: *a}"), ("cell:new.person", "7"))


KEYS = st.sampled_from([f"cell:{key}" for key in FORM.index])
FIGURES = st.one_of(
    st.integers(0, 99).map(str), st.sampled_from(["", "22（注）", "/", "1: 2", "#1", '"', "{", "'"])
)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).filter(
    lambda text: text.isprintable()
)


@given(st.lists(st.tuples(KEYS, FIGURES), max_size=6))
def test_any_figures_typed_are_the_figures_read_and_every_comment_stays(
    changes: list[tuple[str, str]],
) -> None:
    text = after(ODD, *changes)
    cells = read(text).cells
    for key, value in dict(changes).items():
        figure = cells[CellKey(*key.removeprefix("cell:").split("."))]
        assert figure.raw == value or (value in ("", "0") and figure.place is None)
    for said in ("首行的说明", "台账第3页", "表三在下面", "没有复议"):
        assert text.count(said) == 1


@given(WORDS)
def test_any_words_typed_into_a_field_are_read_back(words: str) -> None:
    text = after(ODD, ("field:phone", words), ("field:short", words))
    assert read(text).organ.name == "甲县乙镇人民政府"
    assert read(text).contact.phone or not words.split()
