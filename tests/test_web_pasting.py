from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.model.form import form_for
from served import FAULTY, XUEFANG, Served, served, workspace


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(workspace(tmp_path / "甲 县", XUEFANG, FAULTY)) as page:
        yield page


def paste(
    page: Served, text: str = "", html: str = "", at: str = "new.person", report: str = XUEFANG
) -> dict[str, object]:
    body = {"revision": page.view(report)["revision"], "text": text, "html": html, "at": at}
    answer = page.post("/api/paste", body, report=report)
    assert answer.status == 200
    said: dict[str, object] = answer.json
    said["as"] = {each["key"]: each["value"] for each in answer.json["changes"]}
    return said


def test_a_block_of_figures_goes_where_the_clerk_stands(page: Served) -> None:
    said = paste(page, "25\t1\n2\t\n20\t1\n")
    assert said["as"] == {
        "cell:new.person": "25",
        "cell:new.business": "1",
        "cell:carry_in.person": "2",
        "cell:open.person": "20",
        "cell:open.business": "1",
    }
    assert said["untaken"] == []


def test_figures_beyond_the_table_are_told_not_dropped_in_silence(page: Served) -> None:
    said = paste(page, "1\t2\t3", at="carry_out.other")
    assert said["as"] == {"cell:carry_out.other": "1"}
    assert "1 个数超出了表格" in str(said["untaken"])
    assert "总计" in str(said["untaken"])


def test_a_row_with_its_label_finds_its_place_wherever_it_is_pasted(page: Served) -> None:
    said = paste(page, "4.保护第三方合法权益\t3\t1\t0\t0\t0\t0\t4", at="new.person")
    assert said["as"] == {"cell:deny_4.person": "3", "cell:deny_4.business": "1"}
    assert said["untaken"] == []


def test_a_pasted_total_that_is_no_sum_is_told(page: Served) -> None:
    said = paste(page, "4.保护第三方合法权益\t3\t1\t0\t0\t0\t0\t9")
    assert "贴来的是 9，各格相加是 4" in str(said["untaken"])


def test_what_is_no_part_of_any_table_is_told(page: Served) -> None:
    for text in ("某某说法\t3", "今天天气\n很好", "", "\n\n"):
        said = paste(page, text)
        assert said["as"] == {}
        assert said["untaken"]


@pytest.mark.parametrize("as_html", [True, False])
def test_a_whole_table_is_recognised(page: Served, as_html: bool) -> None:
    page.edit(FAULTY, cell__new__total="", cell__deny_4__business="2")
    page.save(FAULTY)
    page.post("/api/make", {"revision": page.view(FAULTY)["revision"], "kinds": ["html"]}, report=FAULTY)
    made = next((page.folder / "outputs").rglob("*.html")).read_text(encoding="utf-8")
    table = "<table" + made.split("<table")[2].partition("</table>")[0] + "</table>"
    new = page.post("/api/new", {"year": "2024", "organ": "甲镇", "level": "乡镇政府"}).json["report"]
    whole = f"<html><body><!--StartFragment-->{table}<!--EndFragment--></body></html>"
    said = paste(page, html=whole, report=new) if as_html else paste(page, _as_text(table), report=new)
    cells = page.view(FAULTY)["cells"]
    form = form_for(2024, page.site.supplies().forms)
    requests = {str(key) for key, (table, _, _) in form.index.items() if table.key == "requests"}
    typed = {key: each["typed"] for key, each in cells.items() if key in requests}
    wanted = {f"cell:{key}": value for key, value in typed.items() if value not in ("", "0")}
    assert {key: value for key, value in said["as"].items() if value != "0"} == wanted  # type: ignore[attr-defined]
    assert said["untaken"] == []


def _as_text(table: str) -> str:
    """A table as spreadsheets copy it as text: a merged cell stands at its top left, blanks elsewhere."""
    from reportgen.model.nodes import FoundTable
    from reportgen.recognising.labels import grid_rows
    from reportgen.sources.html_page import document_of

    document, _ = document_of(table.encode(), "a.html")
    found = next(each for each in document or () if isinstance(each, FoundTable))
    seen: set[int] = set()
    lines = []
    for row in grid_rows(found):
        texts = []
        for cell in row:
            fresh = cell is not None and id(cell) not in seen
            texts.append(cell.text.replace("\n", "") if cell is not None and fresh else "")
            seen.add(id(cell))
        lines.append("\t".join(texts))
    return "\r\n".join(lines)


EXCEL = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<style><!--table {mso-displayed-decimal-separator:"\\.";}
.xl65 {border:.5pt solid windowtext;}--></style></head>
<body link=blue vlink=purple><table border=0 cellpadding=0 cellspacing=0 width=216 style='width:162pt'>
<!--StartFragment--> <col width=72 span=3 style='width:54pt'>
 <tr height=19><td height=19 class=xl65 align=right width=72 x:num>25</td><td class=xl65 x:num>1</td></tr>
 <tr height=19><td height=19 class=xl65 align=right>2</td><td class=xl65>&nbsp;</td></tr>
<!--EndFragment--></table></body></html>"""
WPS = """<html><head><meta name="ProgId" content="Excel.Sheet"/><!--[if gte mso 9]><xml/><![endif]-->
</head><body>
<table width="144" border="0" style="border-collapse:collapse;"><!--StartFragment--><col width="72" span="2"/>
<tr height="19"><td class="et2" x:num>25</td><td class="et2" x:num>1</td></tr>
<tr height="19"><td class="et2" x:num>2</td><td class="et2"></td></tr>
<!--EndFragment--></table></body></html>"""
SITE = """<div class="editor"><table class="tbl"><tbody><tr><td><p style="text-align:center">
<span>25</span></p></td><td><p><span>1</span></p></td></tr><tr><td><p>2</p></td><td><p><br></p></td></tr></tbody></table></div>"""


@pytest.mark.parametrize("html", [EXCEL, WPS, SITE], ids=["Excel", "WPS", "website"])
def test_a_block_from_any_program_is_the_same_block(page: Served, html: str) -> None:
    said = paste(page, "25\t1\r\n2\t\r\n", html)
    assert said["as"] == {"cell:new.person": "25", "cell:new.business": "1", "cell:carry_in.person": "2"}
    assert said["untaken"] == []
