"""The page in a real browser: Debian's chromium, driven by Playwright."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

import polished
from authority import PASSWORD, Authority
from browsing import MARKS, cell, copied, copied_table, opened, paste_into, settled, until
from found import tabbed
from reportgen.checks.answering import BUTTON, UNDO
from reportgen.model.form import form_for
from served import FAULTY, INPUTS, XUEFANG, Served, served

pytestmark = MARKS


@pytest.mark.office
def test_the_report_of_xuefang_is_typed_and_pasted_from_an_empty_workspace(
    context: BrowserContext, tmp_path: Path
) -> None:
    with served(tmp_path) as site:
        page = opened(context, site)
        page.fill("#year", "2020")
        page.fill("#organ", "莱阳市穴坊镇人民政府")
        page.select_option("#level", "乡镇政府")
        page.click("#new button")
        page.wait_for_url("**/edit**")
        settled(page)
        for key, value in _typed(site, INPUTS / XUEFANG).items():
            place = page.locator(f'[data-key="{key}"]')
            if key != "field:level":
                place.fill(value)
                place.blur()
        for table in form_for(2020, site.site.supplies().forms).tables:
            first = next(key for key, _, _ in table.cells())
            paste_into(page, str(first), tabbed(table))
            page.wait_for_selector("#notice:has-text('已粘贴')")
            settled(page)
            page.evaluate("document.getElementById('notice').textContent = ''")
        report = next((tmp_path / "inputs").rglob("*.yaml")).relative_to(tmp_path / "inputs").as_posix()
        assert site.view(report)["counts"]["error"] == 0
        _makes_the_files_of_the_command(page, tmp_path)


def _typed(site: Served, file: Path) -> dict[str, str]:
    """What stands in a file, by the keys of the page."""
    from reportgen.examining import Material, examine
    from reportgen.web.pages import view_of

    view = view_of(examine(Material(file.name, file.read_bytes()), site.site.supplies()), None)
    fields = {key if ":" in key else f"field:{key}": value for key, value in view["fields"].items() if value}
    return fields | {f"prose:{key}": value for key, value in view["prose"].items() if value}


def _makes_the_files_of_the_command(page: Page, folder: Path) -> None:
    """What the page saves and makes is, byte for byte, what the command makes of the repository's file."""
    from reportgen.cli import main

    page.keyboard.press("Control+s")
    until(page, "document.getElementById('saved').textContent === '已保存'")
    page.click("#make")
    page.wait_for_selector("#files a[download$='.pdf']", timeout=90_000)
    out = folder / "wanted"
    assert main(["build", str(INPUTS / XUEFANG), "--to", "docx,pdf,html", "--out", str(out)]) == 0
    for kind in ("docx", "pdf", "html"):
        with page.expect_download() as download:
            page.click(f"#files a[download$='.{kind}']")
        wanted = next(out.rglob(f"*.{kind}"))
        assert download.value.suggested_filename == wanted.name
        assert Path(download.value.path()).read_bytes() == wanted.read_bytes()


def test_a_typed_figure_changes_totals_and_findings_and_can_be_undone(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, FAULTY)
    assert "差 1" in page.locator('[data-sum="T3-01:new.person"]').inner_text()
    cell(page, "open.person").click()
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('[data-sum=\"T3-01:new.person\"]').textContent === '27 = 27'")
    assert cell(page, "open.total").get_attribute("placeholder") == "22"
    assert page.evaluate("document.activeElement.dataset.key") == "cell:partial.person"
    page.keyboard.press("Control+z")
    until(page, "document.querySelector('[data-key=\"cell:open.person\"]').value === '20'")
    page.keyboard.press("Control+y")
    until(page, "document.querySelector('[data-key=\"cell:open.person\"]').value === '21'")


def test_in_a_narrow_window_the_side_is_high_only_while_somebody_works_in_it(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, FAULTY)
    page.set_viewport_size({"width": 911, "height": 512})
    height = "document.querySelector('.side').clientHeight / window.innerHeight"
    assert page.evaluate(height) < 0.32
    page.click("#tab-files")
    page.click("#tab-findings")
    assert page.evaluate(height) > 0.45
    page.locator("#findings li", has_text="C02").first.locator("button").first.click()
    assert page.evaluate("document.activeElement.dataset.key") == "cell:coercions.decisions"
    assert page.evaluate(height) < 0.32


def test_what_is_told_can_be_closed(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, FAULTY)
    page.locator('[data-copy="requests"]').click()
    page.wait_for_selector("#notice:has-text('整张表')")
    page.get_by_role("button", name="关掉这条提示").click()
    assert page.locator("#notice").is_hidden()


def test_a_finding_leads_to_its_cell(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, FAULTY)
    finding = page.locator("#findings li", has_text="C02").first
    finding.locator("button").first.click()
    assert page.evaluate("document.activeElement.dataset.key") == "cell:coercions.decisions"
    assert "用“/”代替" in (cell(page, "coercions.decisions").get_attribute("title") or "")
    assert cell(page, "coercions.decisions").get_attribute("aria-invalid") == "true"


def test_an_answer_is_given_taken_back_and_given_again_by_undoing(
    context: BrowserContext, site: Served
) -> None:
    site.post("/api/mend", {"revision": site.view(FAULTY)["revision"]}, report=FAULTY)
    page = opened(context, site, FAULTY)
    before = site.view(FAULTY)["text"]
    entry = page.locator("#findings li", has=page.get_by_role("button", name=BUTTON)).first
    name = entry.get_attribute("data-answer")
    entry.get_by_role("button", name=BUTTON).click()
    page.keyboard.type("口径不同")
    page.keyboard.press("Enter")
    answered = page.locator(f'#findings li[data-answer="{name}"]', has_text="理由：口径不同")
    answered.wait_for()
    settled(page)
    assert page.evaluate("document.activeElement.closest('li').dataset.answer") == name
    after = site.view(FAULTY)["text"]
    answered.get_by_role("button", name=UNDO).press("Enter")
    answered.wait_for(state="detached")
    settled(page)
    assert site.view(FAULTY)["text"] == before
    page.click("#undo")
    answered.wait_for()
    settled(page)
    assert site.view(FAULTY)["text"] == after


def test_arrows_move_as_in_a_spreadsheet_and_a_chosen_block_is_copied(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, FAULTY)
    cell(page, "new.person").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.key") == "cell:carry_in.person"
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator(".cell.chosen").count() == 4
    said = copied(page, "")
    assert said["text/plain"] == "2\t0\n20\t1"
    assert re.sub(r" style=\"[^\"]*\"", "", said["text/html"]).count("<td>") == 4
    page.keyboard.press("Delete")
    until(page, "document.querySelector('[data-key=\"cell:open.person\"]').value === ''")
    page.keyboard.press("Control+z")
    until(page, "document.querySelector('[data-key=\"cell:open.person\"]').value === '20'")


def test_what_is_typed_into_a_clicked_cell_replaces_and_a_double_click_changes(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, FAULTY)
    place = cell(page, "open.person")
    cell(page, "carry_in.person").focus()
    page.keyboard.press("Enter")
    for typed in ("31", "32"):
        place.click()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowUp")
        assert place.input_value() == typed
    place.dblclick()
    page.keyboard.type("5")
    assert place.input_value() == "325"


def test_a_pasted_block_lands_where_the_cursor_is(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, XUEFANG)
    paste_into(page, "new.person", "25\t1\r\n2\t\r\n")
    until(page, "document.querySelector('[data-key=\"cell:carry_in.person\"]').value === '2'")
    assert cell(page, "new.total").get_attribute("placeholder") == "26"
    page.keyboard.press("Control+z")
    until(page, "document.querySelector('[data-key=\"cell:carry_in.person\"]').value === ''")


def test_what_does_not_fit_is_shown_before_it_is_taken(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, XUEFANG)
    paste_into(page, "carry_out.other", "3\t4\t5")
    page.wait_for_selector("#ask[open]")
    assert "超出了表格" in page.locator("#ask-body").inner_text()
    assert cell(page, "carry_out.other").input_value() == ""
    page.click("#ask-answers button:first-child")
    until(page, "document.querySelector('[data-key=\"cell:carry_out.other\"]').value === '3'")


def test_a_whole_table_goes_out_and_comes_back_the_same(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, FAULTY)
    kept = copied_table(page, "requests")
    assert "border: 1px solid" in kept["text/html"]
    assert kept["text/html"].count("<tr") >= 26
    new = site.post("/api/new", {"year": "2024", "organ": "甲镇", "level": "乡镇政府"}).json["report"]
    page.goto(f"{site.address}/edit?report={new}")
    settled(page)
    paste_into(page, "new.person", kept["text/plain"], kept["text/html"])
    page.wait_for_selector("#ask[open]")
    assert "贴来的是 25，各格相加是 26" in page.locator("#ask-body").inner_text()
    page.click("#ask-answers button:first-child")
    until(page, "document.querySelector('[data-key=\"cell:deny_4.person\"]').value === '3'")
    old = site.view(FAULTY)["cells"]
    now = site.view(new)["cells"]
    rows = [key for key in old if key.split(".")[0] in ("new", "carry_in", "open", "deny_4", "carry_out")]
    assert {key: now[key]["shown"] or "0" for key in rows if "total" not in key} == {
        key: old[key]["shown"] or "0" for key in rows if "total" not in key
    }


def test_two_windows_tell_each_other(context: BrowserContext, site: Served) -> None:
    one, two = opened(context, site, XUEFANG), opened(context, site, XUEFANG)
    one.fill("#field-phone", "111")
    one.locator("#field-phone").blur()
    settled(one)
    two.fill("#field-mail", "a@example.cn")
    two.locator("#field-mail").blur()
    two.wait_for_selector("#notice:not([hidden])")
    assert two.locator("#field-phone").input_value() == "111"
    two.click("#notice button")
    until(two, "document.getElementById('field-mail').value === 'a@example.cn'")
    settled(two)
    fields = site.view(XUEFANG)["fields"]
    assert (fields["phone"], fields["mail"]) == ("111", "a@example.cn")


def test_a_reload_in_the_midst_of_typing_loses_nothing(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, XUEFANG)
    page.click("#prose-preface")
    page.keyboard.type("本报告由穴坊镇编制。")
    page.wait_for_timeout(1500)
    page.reload()
    settled(page)
    assert page.locator("#prose-preface").input_value() == "本报告由穴坊镇编制。"
    assert "草稿" in page.locator("#saved").inner_text()


def test_a_document_is_brought_in_beside_its_own_words(
    context: BrowserContext, site: Served, tmp_path: Path
) -> None:
    page = opened(context, site)
    text = tmp_path / "去年.md"
    text.write_text(
        "# 丙县丁镇人民政府2021年政府信息公开工作年度报告\n\n## 一、总体情况\n\n<b>开展</b>工作。\n",
        encoding="utf-8",
    )
    page.set_input_files("#file", str(text))
    page.wait_for_selector("#brought:not([hidden])")
    assert "<b>开展</b>" in page.locator("#original").inner_text()
    assert "丙县丁镇人民政府" in page.locator("#understood").input_value()
    page.click("#take")
    page.wait_for_url("**/edit**")
    assert "丙县丁镇人民政府" in page.locator("#title").inner_text()


@pytest.mark.office
def test_pages_stand_beside_the_form_and_follow_it(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, XUEFANG)
    page.click("#tab-pages")
    until(page, "document.querySelectorAll('#pages img').length >= 3", 90)
    first = page.locator("#pages img").first
    until(page, "document.querySelector('#pages img').naturalWidth > 500", 60)
    before = first.get_attribute("src")
    page.fill("#field-phone", "0535-9999999")
    until(page, f"document.querySelector('#pages img').getAttribute('src') !== {before!r}", 90)


@pytest.mark.office
def test_a_clerk_makes_signs_and_archives_and_finds_all_of_it_again(
    context: BrowserContext, site: Served
) -> None:
    organ = Authority().issue("莱阳市穴坊镇人民政府")
    page = opened(context, site, XUEFANG)
    page.click("#make")
    page.wait_for_selector("#signing", timeout=90_000)
    page.click("#signing summary")
    page.set_input_files("#sign-key", {"name": "单位.p12", "mimeType": "", "buffer": organ.p12()})
    page.fill("#sign-password", "错的")
    page.click("#signing button")
    page.wait_for_selector("#signing [role=status]:has-text('密码')")
    assert page.locator("#sign-password").input_value() == ""
    page.fill("#sign-password", PASSWORD)
    page.click("#signing button")
    page.wait_for_selector("#files a[download$='（已签名）.pdf']")
    page.click("#archiving button")
    page.wait_for_selector("#archiving a[download$='（归档）.zip']")
    page.reload()
    page.click("#tab-files")
    page.wait_for_selector("#files a[download$='（已签名）.pdf']")
    page.goto(site.address)
    page.wait_for_selector(".stage:has-text('已归档')")


def test_a_cell_is_quoted_into_the_prose_and_its_number_is_read_there(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, XUEFANG)
    page.fill("#prose-problems", "全年收到申请件。")
    page.locator("#prose-problems").evaluate("area => area.setSelectionRange(6, 6)")
    cell(page, "new.total").click()
    page.click('[data-quoting="requests"]')
    until(page, "document.getElementById('text').value.includes('收到申请{{ 申请.本年新收.总计 }}件')")
    codes = [each["code"] for each in site.view(XUEFANG)["findings"]]
    assert not {"F20", "F21", "F22"} & set(codes)


def test_a_table_of_zeros_is_one_word_and_its_cells_come_back(context: BrowserContext, site: Served) -> None:
    page = opened(context, site, FAULTY)
    page.click('[data-zero="requests"]')
    page.click("#ask-answers button:first-child")
    until(page, "document.getElementById('text').value.includes('申请: 全部为零')")
    page.click("#undo")
    until(page, "document.querySelector('[data-key=\"cell:deny_4.person\"]').value === '3'")
    page.click("#redo")
    until(page, "document.getElementById('text').value.includes('申请: 全部为零')")


def test_a_page_of_an_earlier_run_keeps_what_was_typed_and_says_so(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, XUEFANG)
    context.clear_cookies()
    page.fill("#field-phone", "123")
    page.wait_for_selector("#notice:not([hidden])")
    assert "已经过期" in page.locator("#notice").inner_text()
    assert page.locator("#field-phone").input_value() == "123"


# ── for everybody ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5])
def test_the_judge_of_accessibility_finds_nothing(
    browser: Browser, site: Served, scheme: Literal["light", "dark"], zoom: float
) -> None:
    (site.folder / "inputs" / FAULTY).with_name("2022.yaml").write_text(
        (INPUTS / FAULTY).read_text("utf-8").replace("2023", "2022"), "utf-8"
    )
    assert list(_judged(browser, site, scheme, zoom, _every_page)) == []


@pytest.mark.office
@pytest.mark.parametrize(("scheme", "zoom"), [("light", 1.0), ("dark", 1.25), ("light", 1.5)])
def test_it_finds_nothing_in_what_opens_either(
    browser: Browser, site: Served, scheme: Literal["light", "dark"], zoom: float
) -> None:
    body = {"revision": site.view(XUEFANG)["revision"], "kinds": ["docx", "pdf"]}
    assert site.post("/api/make", body, report=XUEFANG).status == 200
    assert list(_judged(browser, site, scheme, zoom, _what_opens)) == []


def _judged(
    browser: Browser,
    site: Served,
    scheme: Literal["light", "dark"],
    zoom: float,
    pages: Callable[[BrowserContext, Served], Iterator[tuple[str, Page]]],
) -> Iterator[tuple[str, str, str]]:
    """What the judge says of each: where, the rule, the element; no page is wider than its window."""
    from axe_playwright_python.sync_playwright import Axe

    # To zoom is to have fewer and larger pixels.
    size = ViewportSize(width=round(1366 / zoom), height=round(768 / zoom))
    context = browser.new_context(
        viewport=size, device_scale_factor=zoom, color_scheme=scheme, bypass_csp=True
    )
    for name, page in pages(context, site):
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        for each in Axe().run(page).response["violations"]:
            yield from ((name, each["id"], node["html"][:160]) for node in each["nodes"])
    context.close()


def _what_opens(context: BrowserContext, site: Served) -> Iterator[tuple[str, Page]]:
    """Every box, preview, question and progress that a page opens, one after another."""
    page = opened(context, site, XUEFANG)
    yield from _signing(page)
    yield from _polished(page, site)
    yield from _questions(page, site)
    yield from _answers(page, site)
    yield from _start_and_folder(page, site)


def _signing(page: Page) -> Iterator[tuple[str, Page]]:
    page.click("#tab-files")
    page.click("#signing summary")
    page.set_input_files("#sign-key", {"name": "单位.p12", "mimeType": "", "buffer": b"no certificate"})
    page.fill("#sign-password", "错的")
    yield "signing", page
    page.click("#signing button")
    page.wait_for_selector("#signing [role=status]:has-text('没有签名')")
    yield "signing refused", page


def _polished(page: Page, site: Served) -> Iterator[tuple[str, Page]]:
    made, changed = next((site.folder / "outputs").rglob("*.docx")), site.folder / "改过的.docx"
    changed.write_bytes(made.read_bytes())
    polished.edited(changed, polished.rewording("主要领导带头", "主要领导亲自抓"))
    page.set_input_files("#polished", changed)
    page.wait_for_selector("#changes li")
    yield "polished", page


def _questions(page: Page, site: Served) -> Iterator[tuple[str, Page]]:
    paste_into(page, "carry_out.other", "3\t4\t5")
    page.wait_for_selector("#ask[open]")
    yield "paste", page
    page.keyboard.press("Escape")
    page.fill("#field-phone", "1")
    page.locator("#field-phone").blur()
    settled(page)
    file = site.folder / "inputs" / XUEFANG
    file.write_text(f"{file.read_text('utf-8')}# 别的程序加的\n", "utf-8")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#notice button")
    assert page.evaluate("document.getElementById('notice').getBoundingClientRect().top") >= 0
    yield "moved", page


def _answers(page: Page, site: Served) -> Iterator[tuple[str, Page]]:
    page.goto(f"{site.address}/edit?report={FAULTY}")
    settled(page)
    page.get_by_role("button", name=BUTTON).first.click()
    yield "reason", page
    page.keyboard.type("口径不同")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=UNDO).first.wait_for()
    yield "answered", page
    for each in page.locator("[data-last]").all():
        each.check()
    yield "last year", page
    page.click('[data-zero="requests"]')
    page.wait_for_selector("#ask[open]")
    yield "all zeros", page
    page.keyboard.press("Escape")
    page.fill("#text", "年度")
    page.click("#rewrite")
    page.wait_for_selector("#findings li:has-text('F10')")
    page.wait_for_load_state()
    yield "unreadable", page
    page.goto(f"{site.address}/edit?report=no.yaml")
    yield "trouble", page


def _start_and_folder(page: Page, site: Served) -> Iterator[tuple[str, Page]]:
    page.goto(site.address)
    text = "# 丙县丁镇人民政府2021年政府信息公开工作年度报告\n\n## 一、总体情况\n\n开展工作。\n"
    page.set_input_files("#file", {"name": "去年.md", "mimeType": "", "buffer": text.encode()})
    page.wait_for_selector("#brought:not([hidden])")
    yield "brought", page
    page.fill("#year", "三")
    page.click("#new button")
    page.wait_for_selector("#notice:not([hidden])")
    yield "refused", page
    running = {
        "what": "make", "folder": "", "total": 3, "done": 1, "units": [], "rolled": None,
        "trouble": "", "stopped": False, "ended": False,
    }  # fmt: skip
    page.route("**/api/run**", lambda route: route.fulfill(json=running))
    page.goto(f"{site.address}/batch")
    page.wait_for_selector("#run:not([hidden])")
    yield "progress", page


def _every_page(context: BrowserContext, site: Served) -> Iterator[tuple[str, Page]]:
    """Every page and pane, one after another, with its name."""
    page = opened(context, site)
    yield "start", page
    page.goto(f"{site.address}/compare?report={FAULTY}")
    yield "compare", page
    yield from _folder_pages(page, site)
    page.goto(f"{site.address}/edit?report={FAULTY}")
    settled(page)
    yield "edit", page
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true;")
    yield "passages", page
    for pane in ("pages", "files"):
        page.click(f"#tab-{pane}")
        yield pane, page
    paste_into(page, "carry_out.other", "3\t4\t5")
    page.wait_for_selector("#ask[open]")
    yield "dialog", page


def _folder_pages(page: Page, site: Served) -> Iterator[tuple[str, Page]]:
    page.goto(f"{site.address}/batch")
    page.click("#rolling summary")
    page.fill("#organ", "某县人民政府")
    page.click("#rollup button")
    until(page, "!document.getElementById('rolled').hidden")
    yield "roll-up", page
    page.click("#check")
    until(page, "document.querySelectorAll('#units > li').length === 3")
    page.locator("#units summary").first.click()
    yield "folder", page
