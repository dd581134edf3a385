"""The page of GB/T 9704, measured in PDFs that the real LibreOffice made.

All numbers in mm from the top left of an A4 page: type area 28–184 by 37–262, 22 lines of 28 characters.
"""

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

import pytest

from made import END, outcome_of, pdf_of, text_of
from pages import Line, lines_of
from reportgen.model.form import Column, Form, Row
from reportgen.wording import signature_lines
from test_layout import FORMS

pytestmark = pytest.mark.office

HAN = "工作机关依法及时准确公开政府信息保障公民法人和其他组织获取有关内容提高透明度建设法治政府"
BIG = 98765432


def dense(paragraphs: int, length: int) -> str:
    """Paragraphs of Han characters alone, each of this many characters."""
    made = []
    for number in range(paragraphs):
        text = (HAN[number % len(HAN) :] + HAN) * (length // len(HAN) + 2)
        made.append(f"  {text[:length]}\n")
    return "总体情况: |\n" + "\n".join(made)


@pytest.fixture(scope="module")
def pages() -> dict[int, list[Line]]:
    """The lines of a report whose first chapter fills several pages, by page."""
    lines = lines_of(pdf_of(text_of(more=dense(12, 28 * 9 - 2))))
    return {page: list(group) for page, group in groupby(lines, key=lambda line: line.page)}


def text_pages(pages: dict[int, list[Line]]) -> dict[int, list[Line]]:
    """The pages in the midst of chapter one, without their page numbers: text alone, from top to foot."""
    dense_pages = {page for page, lines in pages.items() if all(map(_is_dense, lines[:-1]))}
    return {page: pages[page][:-1] for page in dense_pages if page + 1 in dense_pages}


def _is_dense(line: Line) -> bool:
    return len(line.text) > 8 and set(line.text) <= set(HAN)


def test_a_page_of_text_has_22_lines(pages: dict[int, list[Line]]) -> None:
    full = text_pages(pages)
    assert len(full) >= 2
    assert {len(lines) for lines in full.values()} == {22}


def test_a_full_line_has_28_characters_and_26_where_indented(pages: dict[int, list[Line]]) -> None:
    full = [line for lines in text_pages(pages).values() for line in lines]
    indented = [line for line in full if line.left > 30]
    assert {len(line.text) for line in indented} == {26}
    assert {len(line.text) for line in full if line not in indented} == {28}


def test_the_text_box_lies_between_28_and_184_mm(pages: dict[int, list[Line]]) -> None:
    body = [line for lines in pages.values() for line in lines[:-1]]
    assert min(line.left for line in body) == pytest.approx(28, abs=1)
    assert max(line.right for line in body) <= 185
    widest = max(line.right for lines in text_pages(pages).values() for line in lines)
    assert widest == pytest.approx(184, abs=1)


def test_the_first_and_last_lines_stand_at_the_edges_of_the_type_area(pages: dict[int, list[Line]]) -> None:
    for lines in text_pages(pages).values():
        assert lines[0].baseline == pytest.approx(45.0, abs=0.5)
        assert lines[-1].baseline <= 262
    assert max(line.baseline for lines in pages.values() for line in lines[:-1]) <= 262


def test_page_numbers_stand_outside_left_and_right_below_the_type_area(pages: dict[int, list[Line]]) -> None:
    for page, lines in pages.items():
        number = lines[-1]
        assert number.text == f"—{page}—"
        # The dash is drawn 1.6 mm above its baseline at 14 pt: 7 mm below the type area's foot at 262.
        assert number.baseline - 1.6 == pytest.approx(262 + 7, abs=0.5)
        if page % 2:
            assert number.right == pytest.approx(184 - 4.94, abs=0.5)
        else:
            assert number.left == pytest.approx(28 + 4.94, abs=0.5)


every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def row_text(row: Row, columns: Iterable[Column]) -> str:
    """A row of table two with eight digits in each cell, no more items abolished than there are."""
    values = {"amount": "72701.2578", "change": f"-{BIG - 1}"}
    cells = [f"{column.name}: {values.get(column.kind, BIG)}" for column in columns]
    one = cells[0].partition(": ")[2]
    return f"  {row.name}: {one if len(cells) == 1 else '{' + ', '.join(cells) + '}'}\n"


def table_text(form: Form) -> str:
    """Tables whose figures all have eight digits, balanced."""
    columns = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
    each = BIG // 6
    row = "{" + ", ".join(f"{name}: {each}" for name in columns) + "}"
    disputes = f"{{结果维持: {each}, 结果纠正: {each}}}"
    disclosed = "".join(
        row_text(row, block.columns)
        for block in form.tables[0].blocks
        for row in block.rows
        if row.key != "regulations"  # a town makes none
    )
    return (
        f"主动公开:\n{disclosed}"
        f"申请:\n  本年新收: {row}\n  予以公开: {row}\n"
        f"复议诉讼:\n  行政复议: {disputes}\n  未经复议直接起诉: {disputes}\n  复议后起诉: {disputes}\n"
    )


@every_form
def test_eight_digit_numbers_stay_whole_inside_the_type_area(form: Form) -> None:
    lines = lines_of(pdf_of(text_of(form.since + 1, table_text(form), said="")))
    total = str(BIG // 6 * 6)
    whole = [line.text for line in lines]
    in_three, in_four = ("本年新收", "予以公开", "办理结果"), ("行政复议", "直接起诉", "复议后起诉")
    assert sum(text.count(total) for text in whole) == len(in_three) + len(in_four)
    assert sum(text.count(str(BIG)) for text in whole) >= 4
    assert any("72701.2578" in text for text in whole)
    assert min(line.left for line in lines) >= 27
    assert max(line.right for line in lines) <= 185


@every_form
@pytest.mark.parametrize("paragraphs", [1, 2, 3])
def test_table_three_goes_on_behind_a_group_with_its_head_or_stays_whole(form: Form, paragraphs: int) -> None:
    lines = lines_of(pdf_of(text_of(form.since + 1, table_text(form), more=dense(paragraphs, 28 * 7))))
    heads = [line.page for line in lines if "法人或其他组织" in line.text]
    begin = next(line for line in lines if line.text.startswith("三、收到和处理"))
    last = next(line for line in lines if "四、结转下年度继续办理" in line.text)
    assert heads == list(range(begin.page, last.page + 1))
    for page in range(begin.page + 1, last.page + 1):
        of_page = (line.text for line in lines if line.page == page)
        label = next(text for text in of_page if re.search(r"\d\.|（[一二三四五六七]）", text))
        assert "1." in label or re.match("（[四五六]）", label), label


def test_no_page_before_a_table_is_left_white_for_more_than_a_third() -> None:
    for length in range(28 * 2, 28 * 24, 28 * 3):
        lines = lines_of(pdf_of(text_of(more=dense(1, length))))
        pages = {page: list(of_page)[:-1] for page, of_page in groupby(lines, key=lambda line: line.page)}
        for page in range(1, max(pages)):
            foot = max(line.baseline for line in pages[page])
            assert 262 - foot < 225 / 3, (length, page)


@every_form
def test_labels_keep_a_space_from_both_borders_and_no_sign_stands_alone(form: Form) -> None:
    lines = lines_of(pdf_of(text_of(form.since + 1, more=dense(1, 28 * 9))))
    texts = [line.text for line in lines]
    begin = next(at for at, text in enumerate(texts) if text.startswith("三、收到和处理"))
    end = next(at for at, text in enumerate(texts) if text.startswith("四、结转下年度"))
    label = next(line for line in lines if "2.其他法律行政法规禁止公开" in line.text)
    at = label.text.index("2.其他")
    signs = [sign for sign in label.signs if sign.text.strip()][at : at + 14]
    borders = (28 + (560 + 760) * 25.4 / 1440, 28 + (8845 - 7 * 744) * 25.4 / 1440)
    assert signs[0].left - borders[0] > 0.8
    assert borders[1] - signs[-1].right > 0.4
    # A line of its own is a piece of a label, of the spine or of a group; none is a single sign.
    assert not [text for text in texts[begin:end] if len(text) == 1]
    assert "、" not in texts[begin:end]


ADDRESS = "http://www.an-example-of-a-town.gov.cn/channels/public-reports/2023/t2024-01-31-long.html"


@pytest.mark.parametrize("site", range(15, 22))
def test_a_scheme_is_not_parted_in_the_templates_own_line(site: int) -> None:
    own = text_of().replace("甲县人民政府网站", HAN[:site]).replace("http://www.example.gov.cn", ADDRESS)
    texts = [line.text for line in lines_of(pdf_of(own))]
    assert any("http://" in text for text in texts)


@pytest.mark.parametrize("before", [*range(0, 28, 3), 13, 14, 16])
def test_an_address_fills_its_lines_wherever_it_begins_and_is_proved(before: int) -> None:
    words = f"{HAN[:before]}本报告在网站（{ADDRESS}）公布，电子邮箱some-body@an-example.gov.cn，可供查阅。"
    lines = lines_of(pdf_of(text_of(more=f"前言: {words}\n")))
    texts = [line.text for line in lines]
    begin = next(at for at, line in enumerate(lines) if line.text.startswith(words[:5]))
    end = next(at for at, line in enumerate(lines) if at > begin and line.text.endswith("。"))
    # pdfium says something unprintable for a hyphen at the end of a line.
    printed = "".join(sign for sign in "".join(texts[begin : end + 1]) if sign.isprintable())
    assert printed.replace("-", "") == words.replace("-", "")
    for line in lines[begin:end]:
        assert line.right > 178
        assert not re.search("(h|ht|htt|http|http:|http:/|http://)$", line.text)
        signs = [sign for sign in line.signs if sign.text.strip()]
        gaps = [after.left - sign.right for sign, after in pairwise(signs)]
        assert max(gaps) < 4


def _clinging(before: int) -> str:
    """Paragraphs with what stays whole, so many characters from where they begin."""
    told = (
        "如有疑问，请与本机关联系，电话：0123-4567890，邮编：265200；也可以传真（0123-4567891）。",
        f"本报告在网站（{ADDRESS}）公布。",
        "自2019-2023年，金额共1234567.89元，Word 2019和WPS Office 2019都能打开，气温25℃。",
    )
    return "".join(f"  {HAN[:before]}{words}\n\n" for words in told)


WHOLE = r"0123-4567890|0123-4567891|265200|（?https?://.|2019-2023|1234567\.89|25℃|Office|2019"


def test_numbers_of_phones_and_schemes_of_addresses_end_no_line_half_told() -> None:
    lines = lines_of(pdf_of(text_of(more="前言: |\n" + "".join(map(_clinging, range(28))))))
    begin = next(at for at, line in enumerate(lines) if line.text.startswith("如有疑问"))
    end = next(at for at, line in enumerate(lines) if line.text.startswith("一、"))
    lines = [line for line in lines[begin:end] if line.signs[0].size > 15]
    joined, at, ends = "".join(line.text for line in lines), 0, set()
    for line in lines:
        at += len(line.text)
        ends.add(at)
    parted = [
        found[0] for found in re.finditer(WHOLE, joined) if ends & set(range(found.start() + 1, found.end()))
    ]
    assert parted == []
    assert len(re.findall("0123-4567890", joined)) == 28
    for line, after in pairwise(lines):
        signs = [sign for sign in line.signs if sign.text.strip()]
        if after.left < 30:
            assert max(right.left - left.right for left, right in pairwise(signs)) < 4, line.text


NAMES = {
    4: "甲县乙镇",
    12: "甲省乙市丙区丁街道办事处",
    18: "甲省乙丙族自治州丁戊县市场监督管理局",
    24: "甲省乙丙丁族自治州戊己族自治县住房和城乡建设局",
    32: "甲省乙丙族丁族自治州戊戌族自治县己庚经济技术开发区管理委员会",
    40: "甲省乙丙族丁族自治州戊戌族自治县己庚经济技术开发区住房和城乡建设管理委员会办公室",
}


@every_form
@pytest.mark.parametrize("length", NAMES)
def test_a_name_stands_in_lines_over_its_date_with_the_seal_on_both(form: Form, length: int) -> None:
    name, year = NAMES[length], form.since + 1
    assert abs(len(name) - length) <= 2
    text = text_of(year).replace("甲县乙镇人民政府", name, 1).replace("乡镇政府", "县级部门", 1)
    outcome = outcome_of(text, "docx", "pdf")
    assert [finding.code for finding in outcome.findings if finding.code[0] in "PS"] == []
    lines = lines_of(outcome.files["pdf"])
    date = max(at for at, line in enumerate(lines) if re.fullmatch(r"\d{4}年\d+月\d+日", line.text))
    count = len(signature_lines(name))
    signed = lines[date - count : date + 1]
    assert "".join(line.text for line in signed[:-1]) == name
    middles = [(line.left + line.right) / 2 for line in signed]
    assert max(middles) - min(middles) < 0.6
    assert max(line.right for line in signed) <= 184
    assert lines[date].right == pytest.approx(184 - 4 * 5.56, abs=1.7)
    seal = outcome.facts["pdf"]["seal"]
    assert isinstance(seal, dict)
    assert seal["left_mm"] + seal["width_mm"] / 2 == pytest.approx(sum(middles) / len(middles), abs=0.6)
    assert seal["top_mm"] < signed[0].baseline - 4
    assert seal["top_mm"] + seal["height_mm"] > signed[-1].baseline
    above = [line for line in lines[: date - count] if line.page == lines[date].page]
    assert 0 <= seal["top_mm"] - max(line.baseline + 1 for line in above) <= 10.23


def test_organ_and_date_never_stand_alone_on_a_page() -> None:
    for length in range(20, 28 * 12, 28):
        end = re.sub("其他事项: .*", f"其他事项: {(HAN * 10)[:length]}。", END)
        lines = lines_of(pdf_of(text_of(end=end)))
        page = lines[-1].page
        last = [line.text for line in lines if line.page == page]
        assert last[-2:] == ["2024年1月18日", f"—{page}—"]
        assert last[-3] == "甲县乙镇人民政府"
        assert len(last) > 3
