"""Web pages as offices publish them: what a reader sees, and nothing of the site around it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreign import as_html, pieces_of
from found import CHAPTERS
from reportgen.model.nodes import Document, FoundParagraph, FoundTable, Run
from reportgen.reading import read
from reportgen.sources.html_page import SOURCE, document_of
from reportgen.sources.html_page.tree import DEEPEST, MOST_BYTES
from test_layout import FORMS

ALL_FORMS = tuple(FORMS.values())
TITLE = "甲县乙镇人民政府2023年政府信息公开工作年度报告"


def found(body: str) -> Document:
    """The parts of a page with this body."""
    document, findings = document_of(f"<body>{body}</body>".encode(), "a.html")
    assert findings == ()
    assert document is not None
    return document


def texts(body: str) -> list[str]:
    """The paragraphs of a page with this body."""
    return [part.text for part in found(body) if isinstance(part, FoundParagraph)]


def cells(body: str) -> list[list[tuple[str, int, int, int]]]:
    """Each cell of the one table: its text, its column and its spans."""
    [table] = [part for part in found(body) if isinstance(part, FoundTable)]
    return [[(cell.text, cell.place.column, cell.rows, cell.columns) for cell in row] for row in table.rows]


def test_headings_are_paragraphs_with_levels_and_the_titles_lines_are_paragraphs() -> None:
    parts = found("<h1>甲县<br>年报</h1><h2>一、总体<br>情况</h2><h3>（一）公开</h3><p>文</p>")
    assert [(part.text, part.level) for part in parts if isinstance(part, FoundParagraph)] == [
        ("甲县", 1),
        ("年报", 1),
        ("一、总体情况", 2),
        ("（一）公开", 3),
        ("文", 0),
    ]


def test_headings_that_are_only_the_sites_say_nothing() -> None:
    parts = found("<h3>相关阅读区</h3><p>一、总体情况</p>")
    assert [part.level for part in parts if isinstance(part, FoundParagraph)] == [0, 0]


def test_bold_is_an_elements_own_or_its_styles() -> None:
    [part] = found(
        "<p><b>甲</b>乙<span style='font-weight: bold'>丙</span>"
        "<strong>丁<span style='font-weight:400'>戊</span></strong></p>"
    )
    assert isinstance(part, FoundParagraph)
    assert part.runs == (Run("甲", True), Run("乙"), Run("丙丁", True), Run("戊"))


def test_scripts_navigation_comments_forms_and_hidden_parts_are_not_on_the_page() -> None:
    body = (
        "<script>var 甲;</script><style>乙</style><nav>丙</nav><!-- 丁 --><p style='display:none'>戊</p>"
        "<p hidden>己</p><p>庚<span style='mso-hide:all'>辛</span><del>壬</del></p><footer>癸</footer>"
        "<v:textbox><p>框</p></v:textbox><select><option>选</option></select><p>文</p>"
    )
    assert texts(body) == ["庚", "文"]


def test_the_sites_own_lines_and_links_are_left_out() -> None:
    body = (
        "<p>当前位置：首页 &gt; 政务公开</p><p>来源：办公室　发布时间：2024-01-09</p><p>打印本页</p>"
        "<p><a href='/a'>上一篇</a></p><p><a href='#1'>一、总体情况</a></p>"
        "<p><a name='_Toc1'>一、总体情况</a></p><p><a href='http://a.cn'>http://a.cn</a></p>"
        "<p>返回群众的来信都已办结。</p>"
    )
    assert texts(body) == ["一、总体情况", "http://a.cn", "返回群众的来信都已办结。"]


def test_blanks_and_line_ends_are_set_as_a_browser_sets_them() -> None:
    assert texts("<p>&nbsp;&nbsp;甲县\n   乙镇 　 in\nthe   town&nbsp;</p>") == ["甲县乙镇 　 in the town"]
    assert texts("<p>收到<span>\r\n25</span>\n件</p>") == ["收到25件"]


def test_a_break_parts_paragraphs_behind_a_sentence_only() -> None:
    assert texts("<div>做了。<br>又做了<br>一件。<br><br>一、总体情况<br>文</div>") == [
        "做了。",
        "又做了一件。",
        "一、总体情况",
        "文",
    ]


def test_lists_are_items_or_numbered() -> None:
    parts = found("<ul><li>甲</li></ul><ol><li>乙</li><li>丙</li></ol>")
    assert [(part.text, part.item) for part in parts if isinstance(part, FoundParagraph)] == [
        ("甲", True),
        ("1.乙", False),
        ("2.丙", False),
    ]


def test_merged_cells_stand_once_with_their_spans() -> None:
    body = (
        "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr><tr><td>丙</td><td>丁</td></tr>"
        "<tr style='display:none'><td>藏</td></tr><tr><td></td><td>1<br>2</td><td>戊</td></tr></table>"
    )
    assert cells(body) == [
        [("甲", 1, 2, 1), ("乙", 2, 1, 2)],
        [("丙", 2, 1, 1), ("丁", 3, 1, 1)],
        [("", 1, 1, 1), ("12", 2, 1, 1), ("戊", 3, 1, 1)],
    ]


def test_a_merged_cell_ends_with_its_part_of_the_table() -> None:
    body = (
        "<table><thead><tr><th rowspan=9>甲</th><th>乙</th></tr></thead>"
        "<tbody><tr><td rowspan=0>丙</td><td>丁</td></tr><tr><td>戊</td></tr></tbody></table>"
    )
    assert cells(body) == [
        [("甲", 1, 1, 1), ("乙", 2, 1, 1)],
        [("丙", 1, 2, 1), ("丁", 2, 1, 1)],
        [("戊", 2, 1, 1)],
    ]


def test_a_table_that_lays_the_page_out_is_walked_through() -> None:
    inner = "<table><tr><td>规章</td><td>1</td></tr></table>"
    body = f"<table><tr><td>左边栏</td><td><p>一、总体情况</p>{inner}<p>后文。</p></td></tr></table>"
    assert texts(body) == ["左边栏", "一、总体情况", "后文。"]
    assert cells(body) == [[("规章", 1, 1, 1), ("1", 2, 1, 1)]]
    assert texts("<table><tr><td><p>只有一格。</p></td></tr></table>") == ["只有一格。"]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_a_page_from_an_offices_editor_is_read_cell_by_cell(form: object) -> None:
    form = FORMS[form.id]  # type: ignore[attr-defined]
    figures = {str(key): str(number) for number, (key, _, _) in enumerate(form.cells())}
    chapters = [("", ["本报告由乙镇编制。"]), *((heading, ["文。"]) for heading in CHAPTERS)]
    page = as_html(pieces_of(form, TITLE.replace("2023", str(form.since)), chapters, figures))
    node, findings = SOURCE.read(page, "a.html", ALL_FORMS)
    assert node is not None
    assert {finding.code for finding in findings} == {"R11"}
    report, _ = read(node, ALL_FORMS)
    assert report is not None
    assert {str(key): figure.text for key, figure in report.cells.items()} == figures
    assert (report.organ.name, report.year) == ("甲县乙镇人民政府", form.since)


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gb18030"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ('<meta charset="big5">', "big5hkscs"),
    ],
)
def test_the_charset_is_found(head: str, codec: str) -> None:
    document, findings = document_of(f"{head}<p>年度報告</p>".encode(codec), "a.html")
    assert document is not None
    assert [part.text for part in document if isinstance(part, FoundParagraph)] == ["年度報告"]
    assert findings == ()


def test_a_page_that_lies_about_its_charset_is_read_with_a_note() -> None:
    document, [finding] = document_of('<meta charset="utf-8"><p>年度报告</p>'.encode("gb18030"), "a.html")
    assert document is not None
    assert finding.code == "F02"


def test_what_is_no_readable_page_is_refused_with_a_sentence() -> None:
    cases = {
        b"": "R01",
        b"PK\x03\x04": "F01",
        b"\xd0\xcf\x11\xe0": "F01",
        b"\0\1\2": "F01",
        b"<p>": "R01",
        b"<div>" * (DEEPEST + 9) + "文".encode(): "R24",
        b"<p>" * 200_000: "R24",
        b" " * (MOST_BYTES + 1): "R24",
        b'<!DOCTYPE html [<!ENTITY a "b">]><p>&a;</p>': "R01",
    }
    for content, code in cases.items():
        node, [finding] = SOURCE.read(content, "a.html", ALL_FORMS)
        assert (node, finding.code) == (None, code), content[:20]


def test_embedded_pictures_do_not_count_as_size() -> None:
    picture = b'<img src="data:image/png;base64,' + b"A" * (2 * MOST_BYTES) + b'">'
    document, findings = document_of(picture + "<p>文</p>".encode(), "a.html")
    assert document is not None
    assert findings == ()


def test_spans_of_any_size_do_no_harm() -> None:
    row = "<tr>" + "<td rowspan=9999 colspan=9999>甲</td>" * 3 + "</tr>"
    document = found(f"<table>{row * 3000}</table>")
    assert len(document) == 1


_TAGS = st.sampled_from(
    "p b table tr td th ul li ol br h1 h2 div span a tbody thead caption o:p".split(" ")  # noqa: SIM905
)
_LOOKS = st.sampled_from(["", " rowspan=2", " colspan=99999", " rowspan=-1", " href=a", " style='x'"])
_WORDS = st.sampled_from(["", "一、总体情况", "规章", "0", "&nbsp;", "<", "&#0;", "&#x110000;", "\x00"])


@settings(max_examples=150)
@given(st.recursive(_WORDS, lambda inner: st.builds(
    lambda tag, attribute, parts: f"<{tag}{attribute}>{''.join(parts)}</{tag}>",
    _TAGS, _LOOKS, st.lists(inner, max_size=4),
), max_leaves=30))  # fmt: skip
def test_any_tree_of_elements_is_walked_without_an_exception(body: str) -> None:
    node, findings = SOURCE.read(body.encode(), "a.html", ALL_FORMS)
    assert node is not None or findings
