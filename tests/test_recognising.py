"""Somebody's document into the clerk's nodes, by labels and headings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from found import CHAPTERS, END, FIVE, ONE, PREFACE, SIX, markdown, plain_text, tabbed, table_of
from reportgen.model.form import CellKey
from reportgen.model.nodes import Document, FoundParagraph, Items, Mapping, Node, Run, Text
from reportgen.model.prose import parse
from reportgen.model.report import Report
from reportgen.problems import Finding, Level, Place
from reportgen.reading import read
from reportgen.recognising import recognise
from reportgen.recognising.facts import contacts, year_in
from reportgen.recognising.faults import FAULTS
from reportgen.recognising.labels import best, label_of
from reportgen.recognising.outline import prose_node
from reportgen.sources.markdown_text import document_of
from test_layout import FORMS

ALL_FORMS = tuple(FORMS.values())
FORM = FORMS["2021"]
OLD = FORMS["2019"]


def nodes(text: str) -> tuple[Mapping, list[Finding]]:
    """The nodes of a text, and what was found wrong."""
    node, findings = recognise(document_of(text, "a.md"), ALL_FORMS)
    assert node is not None, findings
    return node, list(findings)


def codes(text: str) -> list[str]:
    """The codes of what is wrong with a text, without the guess of the level."""
    _, findings = recognise(document_of(text, "a.md"), ALL_FORMS)
    assert all(finding.code in FAULTS for finding in findings)
    return [finding.code for finding in findings if finding.code != "R11"]


def at(node: Node, *path: str) -> Node | None:
    """The node at the end of a path of keys."""
    found: Node | None = node
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def report(text: str) -> Report:
    """The report that a text says."""
    made, findings = read(nodes(text)[0], ALL_FORMS)
    assert made is not None
    assert findings == ()
    return made


def three(figures: dict[str, str], form: str = "2021") -> str:
    """Table three with these figures."""
    return tabbed(FORMS[form].tables[1], figures)


def test_a_whole_report_is_read_with_nothing_to_complain_of() -> None:
    assert codes(markdown(FORM)) == []
    assert codes(markdown(OLD, year=2020)) == []


def test_facts_of_the_organ_come_from_title_preface_and_end() -> None:
    made = report(markdown(FORM))
    assert (made.organ.name, made.organ.level, made.year) == ("甲县乙镇人民政府", "乡镇政府", 2023)
    assert str(made.date) == "2024-01-09"
    assert made.contact.phone == "0123-4567890"
    assert made.contact.mail == "yizhen@example.gov.cn"
    assert (made.contact.address, made.contact.postcode) == ("甲县乙镇一路2号", "123456")
    assert (made.contact.site, made.contact.url) == ("乙镇之窗", "http://www.example.gov.cn/yz/index.html")
    assert made.title == ()


def test_prose_comes_out_in_order_and_the_end_is_taken_off() -> None:
    node, _ = nodes(markdown(FORM))
    assert plain_text(node.get("前言")) == PREFACE.replace("<", "").replace(">", "")
    assert plain_text(node.get("总体情况")).split("\n\n") == list(ONE)
    assert plain_text(node.get("存在问题")) == FIVE
    assert plain_text(node.get("其他事项")) == SIX


def test_every_figure_is_read_at_its_place() -> None:
    figures = {str(key): str(number) for number, (key, _, _) in enumerate(FORM.tables[1].cells())}
    text = markdown(FORM, three=three(figures))
    made, _ = read(nodes(text)[0], ALL_FORMS)
    assert made is not None
    assert {str(key): made.cells[key].text for key, _, _ in FORM.tables[1].cells()} == figures
    place = made.cells[CellKey("carry_out", "person")].place
    assert place is not None
    line = text.split("\n")[place.line - 1]
    assert line[place.column - 1 :].startswith(figures["carry_out.person"])


@pytest.mark.parametrize("form", FORMS)
def test_merged_cells_of_word_are_read_as_well_as_blanks_between_tabs(form: str) -> None:
    title = FoundParagraph((Run(f"甲县财政局{form}年政府信息公开工作年度报告"),), Place("a.docx", 1))
    figures = {str(key): str(number) for number, (key, _, _) in enumerate(FORMS[form].cells())}
    document: Document = (title, *(table_of(table, figures) for table in FORMS[form].tables))
    node, findings = recognise(document, ALL_FORMS)
    assert node is not None
    assert [finding.code for finding in findings] == ["R11", "R10"]
    made, _ = read(node, ALL_FORMS)
    assert made is not None
    assert {str(key): figure.text for key, figure in made.cells.items()} == figures


def test_a_blank_cell_stays_blank() -> None:
    node, _ = nodes(markdown(FORM, three=three({"new.person": "", "deny_3.total": ""})))
    for path in (("本年新收", "自然人"), ("不予公开", "危及“三安全一稳定”", "总计")):
        found = at(node, "申请", *path)
        assert isinstance(found, Text)
        assert found.value == ""


def test_a_remark_in_a_cell_is_kept_apart() -> None:
    two = tabbed(FORM.tables[0], {"normative.made": "22（其中修订16件）", "permits.decisions": "３(含补办)"})
    made = report(markdown(FORM, two=two))
    figure = made.cells[CellKey("normative", "made")]
    assert (figure.text, figure.remark) == ("22", "其中修订16件")
    assert made.cells[CellKey("permits", "decisions")].remark == "含补办"


def test_a_table_in_two_parts_with_its_own_heads_is_one_table() -> None:
    """The second part has one column of labels more, as scanned tables do after a page break."""
    lines = three({"deny_1.total": "7", "carry_out.person": "5"}).split("\n")
    head, first, second = lines[:3], lines[3:10], lines[10:]
    wider = [f"\t{line}" for line in (*head, *second)]
    made, findings = nodes(markdown(FORM, three="\n".join([*head, *first, "", *wider])))
    assert [finding.code for finding in findings if finding.code != "R11"] == []
    told = read(made, ALL_FORMS)[0]
    assert told is not None
    assert told.cells[CellKey("deny_1", "total")].text == "7"
    assert told.cells[CellKey("carry_out", "person")].text == "5"


def test_a_row_that_slipped_to_the_left_is_read_in_the_order_of_its_cells() -> None:
    lines = three({"total.person": "1", "total.total": "9"}).split("\n")
    at_total = next(number for number, line in enumerate(lines) if "（七）总计" in line)
    lines[at_total] = lines[at_total].replace("（七）总计\t\t", "（七）总计\t") + "\t"
    made, _ = read(nodes(markdown(FORM, three="\n".join(lines)))[0], ALL_FORMS)
    assert made is not None
    assert made.cells[CellKey("total", "person")].text == "1"
    assert made.cells[CellKey("total", "total")].text == "9"


def test_a_group_on_a_line_of_its_own_is_no_row() -> None:
    text = three({"deny_1.person": "4"}).replace(
        "（三）不予公开\t1.属于", "（三）不予公开\t\t\t\t\t\t\t\n\t\t1.属于"
    )
    node, findings = nodes(markdown(FORM, three=text))
    assert [finding.code for finding in findings] == ["R11"]
    found = at(node, "申请", "不予公开", "属于国家秘密", "自然人")
    assert isinstance(found, Text)
    assert found.value == "4"


def test_signs_in_labels_do_not_matter_but_other_words_are_kept() -> None:
    text = three({}).replace("1.属于国家秘密", "1、 属于国家秘密").replace("（一）予以公开", "(一) 予以公开")
    node, _ = nodes(markdown(FORM, three=text))
    assert node.get("原文") is None
    text = three({}).replace("2.其他法律行政法规禁止公开", "2. 其他法律法规禁止公开")
    node, _ = nodes(markdown(FORM, three=text))
    own = at(node, "原文", "行名", "不予公开·其他法律行政法规禁止公开")
    assert isinstance(own, Text)
    assert own.value == "2.其他法律法规禁止公开"
    made, _ = read(node, ALL_FORMS)
    assert made is not None
    assert set(made.labels) == {"deny_2"}


def test_rows_and_columns_that_are_missing_or_strange_are_named() -> None:
    text = three({}).replace("8.属于行政查询事项", "8.本省另加的一行")
    node, _ = nodes(markdown(FORM, three=text))
    made, _ = read(node, ALL_FORMS)
    assert made is not None
    assert list(made.layout.missing) == ["deny_8"]
    assert "本省另加的一行" in made.layout.added["requests"][0].text
    assert codes(markdown(FORM, three=three({}).replace("\t科研机构", "\t"))) == ["R05"]
    assert codes(markdown(FORM, two=tabbed(FORM.tables[0]).replace("本年制发件数", "本年制法件数"))) == [
        "R15"
    ]
    doubled = three({}) + "\n" + three({}).split("\n")[3]
    assert codes(markdown(FORM, three=doubled)) == ["R13"]


def test_tables_of_another_year_are_named_once_with_both_notices() -> None:
    text = markdown(FORM, two=tabbed(OLD.tables[0]), three=tabbed(OLD.tables[1]))
    node, _ = nodes(text)
    basis = at(node, "原文", "表格格式")
    assert isinstance(basis, Text)
    assert basis.value == OLD.basis


def test_a_year_before_every_form_and_a_text_that_is_no_report_are_refused() -> None:
    node, [finding] = recognise(document_of(markdown(OLD, year=2018), "a.md"), ALL_FORMS)
    assert (node, finding.code) == (None, "R03")
    node, [finding] = recognise(document_of("今天天气好。", "a.md"), ALL_FORMS)
    assert (node, finding.code) == (None, "R01")
    node, [finding] = recognise((), ALL_FORMS)
    assert (node, finding.code) == (None, "R01")


def test_without_a_year_in_the_title_the_period_tells_it() -> None:
    node, _ = nodes(markdown(FORM, title="# 甲县乙镇人民政府政府信息公开工作年度报告"))
    assert plain_text(node.get("年度")) == "2023"
    assert plain_text(node.get("机关")) == "甲县乙镇人民政府"
    assert codes(markdown(FORM, title="# 甲县乙镇政府信息公开工作年度报告", preface="")) == ["R02"]


def test_a_title_on_two_lines_or_of_other_words_is_kept() -> None:
    node, _ = nodes(markdown(FORM, title="甲县乙镇人民政府\n\n2023年政府信息公开工作年度报告"))
    assert node.get("标题") is None
    assert plain_text(node.get("机关")) == "甲县乙镇人民政府"
    node, _ = nodes(markdown(FORM, title="# 2023年甲县乙镇人民政府政府信息公开年度报告"))
    found = node.get("标题")
    assert isinstance(found, Items)
    assert [plain_text(each) for each in found.items] == ["2023年甲县乙镇人民政府政府信息公开年度报告"]
    assert plain_text(node.get("机关")) == "甲县乙镇人民政府"


def test_headings_in_other_words_are_recognised_and_kept() -> None:
    node, findings = nodes(markdown(FORM, h5="#### 五、存在的主要问题及整改措施"))
    assert [finding.code for finding in findings] == ["R11"]
    own = at(node, "原文", "章标题")
    assert isinstance(own, Items)
    assert [plain_text(each) for each in own.items] == [
        *CHAPTERS[:4],
        "五、存在的主要问题及整改措施",
        CHAPTERS[5],
    ]
    assert plain_text(node.get("存在问题")) == FIVE


def test_a_chapter_that_is_missing_is_named_and_one_too_many_is_kept() -> None:
    node, findings = nodes(markdown(FORM, h5="", five=""))
    assert "R10" not in {finding.code for finding in findings}  # rule X04 tells it by the headings
    headings = plain_text(at(node, "原文", "章标题")).split("\n\n")
    assert headings == [each for each in CHAPTERS if each != CHAPTERS[4]]
    node, _ = nodes(markdown(FORM, six=f"{SIX}\n\n## 七、附件\n\n没有附件。"))
    assert "七、附件" in plain_text(node.get("其他事项"))
    own = at(node, "原文", "章标题")
    assert isinstance(own, Items)
    assert plain_text(own.items[-1]) == "七、附件"


def test_words_above_and_under_the_tables_are_kept_where_they_stand() -> None:
    note = "行政复议、行政诉讼的件数含上年结转的件数。"
    two = "单位：件\n\n以下是件数。\n\n" + tabbed(FORM.tables[0]) + "\n\n这句话在表的下面。"
    node, findings = nodes(markdown(FORM, two=two, four=f"{tabbed(FORM.tables[2])}\n\n{note}"))
    assert plain_text(node.get("表二引言")) == "以下是件数。"
    assert plain_text(node.get("表二说明")) == "这句话在表的下面。"
    assert plain_text(node.get("表四说明")) == note
    assert [finding.code for finding in findings] == ["R11"]


def test_a_table_of_another_kind_is_named() -> None:
    assert codes(markdown(FORM, five=f"{FIVE}\n\n甲项\t1\t2\n乙项\t3\t4")) == ["R09"]


@pytest.mark.parametrize(
    ("end", "date"),
    [
        ("甲县乙镇人民政府 2024年1月9日", "2024-01-09"),
        ("2024 年 1 月 19 日", "2024-01-19"),
        ("甲县乙镇人民政府\n\n二〇二四年一月二十九日", "2024-01-29"),
        ("甲县乙镇人民政府\n\n2024.12.3", "2024-12-03"),
    ],
)
def test_organ_and_date_at_the_end_are_read_however_they_are_written(end: str, date: str) -> None:
    node, _ = nodes(markdown(FORM, organ=end, date=""))
    assert plain_text(node.get("成文日期")) == date
    assert plain_text(node.get("其他事项")) == SIX


def test_another_organ_at_the_end_is_kept_and_signs_without_a_date_too() -> None:
    node, _ = nodes(markdown(FORM, organ="甲县丙镇人民政府"))
    signed = at(node, "原文", "落款")
    assert isinstance(signed, Text)
    assert signed.value == "甲县丙镇人民政府"
    node, _ = nodes(markdown(FORM, date=""))
    assert node.get("成文日期") is None
    assert plain_text(node.get("其他事项")) == SIX


def test_lines_below_the_date_stay_in_chapter_six() -> None:
    node, findings = nodes(markdown(FORM, date="2024年1月9日\n\n（此件公开发布）"))
    assert [finding.code for finding in findings] == ["R11"]
    assert plain_text(node.get("成文日期")) == "2024-01-09"
    assert [line for line in plain_text(node.get("其他事项")).split("\n") if line] == [
        SIX,
        "（此件公开发布）",
    ]


def test_a_sentence_that_ends_with_a_date_is_no_sign_off() -> None:
    node, _ = nodes(markdown(FORM, six="数据截至2023年12月31日", organ="", date=""))
    assert node.get("成文日期") is None
    assert plain_text(node.get("其他事项")) == "数据截至2023年12月31日"


def test_no_organ_anywhere_is_named() -> None:
    title = "# 2023年政府信息公开工作年度报告"
    assert codes(markdown(FORM, title=title, organ="", date="2024年1月9日")) == ["R14"]
    node, _ = nodes(markdown(FORM, title=title))
    assert plain_text(node.get("机关")) == END[0]


def test_figures_of_a_whole_region_are_taken_for_added_up() -> None:
    one = "全县各级行政机关共收到政府信息公开申请9件。"
    node, findings = nodes(markdown(FORM, one=one))
    assert plain_text(node.get("口径")) == "汇总"
    assert "R16" in [finding.code for finding in findings]
    assert nodes(markdown(FORM, one="全镇齐心协力。"))[0].get("口径") is None


def test_a_text_without_any_marks_is_read_as_well() -> None:
    marked = markdown(FORM)
    bare = marked.replace("#", "").replace("**", "")
    for text in (bare, "\n".join(line for line in bare.split("\n") if line.strip())):
        node, findings = nodes(text)
        assert [finding.code for finding in findings] == ["R11"]
        assert plain_text(node.get("存在问题")) == FIVE
        assert [line for line in plain_text(node.get("总体情况")).split("\n") if line] == [
            "### （一）主动公开",
            "公开平台。全年更新栏目三个。",
            "### （二）依申请公开",
            "- 受理渠道畅通。",
        ]


def test_before_the_title_nothing_is_lost_in_silence() -> None:
    _, findings = nodes(f"索引号：12345\n\n{markdown(FORM)}")
    assert ["索引号：12345" in finding.message for finding in findings if finding.code == "R08"] == [True]


def test_fees_that_nobody_mentions_are_not_printed() -> None:
    node, _ = nodes(markdown(FORM, six="无其他事项。"))
    assert plain_text(node.get("信息处理费")) == "不写"
    node, _ = nodes(markdown(FORM, six="没有发生收费。"))
    assert plain_text(node.get("信息处理费")) == "不写"
    assert nodes(markdown(FORM))[0].get("信息处理费") is None
    assert nodes(markdown(OLD, year=2019, six="无。"))[0].get("信息处理费") is None


def test_titles_give_organ_and_year() -> None:
    assert year_in("甲局二〇二三年政府信息公开年度报告", "") == "2023"
    assert year_in("甲局年度报告", "自2022年1月1日起") == "2022"


def test_contacts_are_not_invented() -> None:
    assert dict(contacts("全年接听热线电话12件，网站地址略。")) == {}
    assert dict(contacts("电话：（0123）456789；传真")) == {"电话": "（0123）456789"}


def test_labels_are_compared_by_words_and_numbers() -> None:
    assert label_of("（三） 不予公开") == label_of("(三)不予公开")
    assert label_of("十二、甲").number == 12
    known = ["1.属于国家秘密", "（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"]
    assert best("(二)部分公开", known)[0] == 2
    assert best("（三）不予公开", known) == (-1, 0.0)
    assert best("", known) == (-1, 0.0)


_LETTERS = st.text(st.sampled_from("甲乙1. *#{}\\-<>（一）`_[]http://"), min_size=1, max_size=30)
_RUNS = st.lists(st.builds(Run, _LETTERS, st.booleans()), min_size=1, max_size=4).map(tuple)
_PARAGRAPHS = st.builds(
    FoundParagraph,
    _RUNS,
    st.integers(1, 99).map(lambda line: Place("a.docx", line)),
    st.integers(0, 4),
).filter(lambda paragraph: bool(paragraph.text.strip(" ")))


@given(st.lists(_PARAGRAPHS, min_size=1, max_size=4))
def test_found_words_written_as_prose_are_read_back_word_by_word(found: list[FoundParagraph]) -> None:
    node = prose_node(found)
    parts = node.items if isinstance(node, Items) else (node,)
    back = [each for part in parts if isinstance(part, Text) for each in parse(part, {})[0]]
    assert [each.text.strip(" ") for each in back] == [each.text.strip(" ") for each in found]


# ── titles, levels, letters that only look right ──────────────────────────────────────────────────────


def test_letters_that_only_look_right_are_read_as_the_usual_ones_and_named_once() -> None:
    sound = markdown(FORM)
    odd = sound.replace("一、", "⼀、").replace("人民", "⼈民").replace("12月31日", "12⽉31⽇")
    node, findings = recognise(document_of(odd, "a.md"), ALL_FORMS)
    assert [each.code for each in findings if each.code != "R11"] == ["R36"]
    told = next(each for each in findings if each.code == "R36")
    assert told.level == Level.WARNING
    assert "⼈（应为人）" in told.message
    assert _said(node) == _said(nodes(sound)[0])


def _said(node: Node | None) -> object:
    """What nodes say, wherever it stands."""
    if isinstance(node, Mapping):
        return [(key.value, _said(value)) for key, value in node.entries]
    return [_said(each) for each in node.items] if isinstance(node, Items) else node and node.value


@pytest.mark.parametrize("title", ["工作告年度报", "工作年度报吿", "工作年度总结"])
def test_a_misspelt_title_is_a_title_and_no_preface(title: str) -> None:
    text = markdown(FORM)
    first = next(line for line in text.split("\n") if "工作年度报告" in line)
    node, _ = nodes(text.replace(first, first.replace("工作年度报告", title)))
    assert title in str(_said(node.get("标题")))
    assert title not in plain_text(node.get("前言"))


def test_a_document_without_a_title_says_so() -> None:
    text = markdown(FORM)
    first = next(line for line in text.split("\n") if "工作年度报告" in line)
    node, _ = nodes(text.replace(first, ""))
    assert node.get("标题") == Text("", node.place)


def test_a_level_that_no_name_tells_is_a_note() -> None:
    text = markdown(FORM).replace("甲县乙镇人民政府", "某某大学").replace("本镇", "本校")
    node, findings = nodes(text)
    assert node.get("级别") is None
    told = next(each.message for each in findings if each.code == "R11")
    assert told.startswith("从机关名称看不出级别")
