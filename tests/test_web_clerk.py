"""A clerk at the page in a real browser: whole folders, a polished Word file, and what must not be lost."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import BrowserContext, Page

from browsing import MARKS, cell, opened, settled, until
from reportgen.store.desk import Desk
from served import FAULTY, XUEFANG, Served, workspace

pytestmark = MARKS


# ── whole folders ────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_checked_and_a_report_opened_from_the_list(context: BrowserContext, site: Served) -> None:
    page = opened(context, site)
    page.click("text=整个文件夹")
    page.wait_for_url("**/batch")
    page.select_option("#folder", "example-with-faults")
    page.click("#check")
    until(page, "document.querySelectorAll('#units > li').length === 1")
    assert "1 / 1 份" in page.locator("#run-said").inner_text()
    page.click("#units details summary")
    assert "应为" in page.locator("#units .findings").inner_text()
    page.reload()
    until(page, "document.querySelectorAll('#units > li').length === 1")
    page.click("#units a")
    page.wait_for_url("**/edit**")
    settled(page)


def test_a_roll_up_names_the_missing_and_becomes_a_report_of_the_list(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site)
    page.goto(f"{site.address}/batch")
    page.click("#rolling summary")
    page.fill("#year", "2020")
    page.fill("#organ", "莱阳市人民政府")
    page.fill("#roster", "莱阳市穴坊镇人民政府\n莱阳市某镇人民政府")
    page.click("#rollup button")
    until(page, "!document.getElementById('rolled').hidden")
    told = page.locator("#rolled").inner_text()
    assert "应报 2 个单位，1 个单位相加" in told
    assert "还缺 1 个：莱阳市某镇人民政府" in told
    with page.expect_download() as download:
        page.click("#rolled a[href*=xlsx]")
    assert download.value.suggested_filename == "莱阳市人民政府2020年度汇总.xlsx"
    page.click("#rolled button.main")
    page.wait_for_url("**/edit**")
    settled(page)
    assert "莱阳市人民政府2020年" in page.locator("#title").inner_text()


def test_a_passage_shows_how_it_prints_with_the_number_of_its_cell(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, FAULTY)
    page.fill("#prose-problems", "### 一、问题\n\n**收到** {{ 申请.本年新收.总计 }} 件<b>。\n- 甲")
    settled(page)
    printed = page.locator('[data-printed="problems"]')
    printed.locator("xpath=..").locator("summary").click()
    total = site.view(FAULTY)["cells"]["new.total"]["shown"]
    assert printed.locator("p").all_inner_texts() == ["一、问题", f"收到 {total} 件<b>。", "甲"]
    assert printed.locator("strong").all_inner_texts() == ["收到"]


# ── a polished Word file ─────────────────────────────────────────────────────────────────────────────


def test_what_is_ticked_of_a_polished_word_file_goes_into_the_report_and_nothing_else(
    context: BrowserContext, site: Served
) -> None:
    from docx import Document

    body = {"revision": site.view(XUEFANG)["revision"], "kinds": ["docx"]}
    site.post("/api/make", body, report=XUEFANG)
    document = Document(str(next((site.folder / "outputs").rglob("*.docx"))))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("主要领导带头", "主要领导亲自抓")
    document.tables[1].rows[3].cells[3].paragraphs[0].runs[0].text = "8"
    polished = site.folder / "改过.docx"
    document.save(str(polished))
    page = opened(context, site, XUEFANG)
    page.click("#tab-files")
    page.set_input_files("#polished", str(polished))
    page.wait_for_selector("#changes li")
    told = page.locator("#changes").inner_text()
    assert "亲自抓" in told or "主要领导" in told
    page.locator("#changes li", has_text="主要领导").locator("input").check()
    page.click("#changes button.main")
    until(page, "document.getElementById('prose-problems').value.includes('主要领导亲自抓')")
    settled(page)
    assert cell(page, "new.person").input_value() == ""
    page.click("#undo")
    until(page, "document.getElementById('prose-problems').value.includes('主要领导带头')")


# ── nothing is lost ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mine", [True, False])
def test_a_file_changed_outside_is_told_and_the_clerk_chooses(
    context: BrowserContext, site: Served, mine: bool
) -> None:
    page = opened(context, site, XUEFANG)
    page.fill("#field-phone", "0535-1234567")
    page.locator("#field-phone").blur()
    settled(page)
    file = site.folder / "inputs" / XUEFANG
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}# 别的程序加的\n", encoding="utf-8")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#notice button")
    assert "别的程序" in page.locator("#notice").inner_text()
    assert file.read_text(encoding="utf-8").endswith("# 别的程序加的\n")
    page.locator("#notice button").nth(0 if mine else 1).click()
    until(page, "document.getElementById('saved').textContent === '已保存'")
    now, kept = file.read_text(encoding="utf-8"), _kept_beside(file)
    assert ("0535-1234567" in now, "别的程序加的" in now) == (mine, not mine)
    assert ("0535-1234567" in kept, "别的程序加的" in kept) == (not mine, mine)


def _kept_beside(file: Path) -> str:
    return next(path for path in file.parent.iterdir() if "备份" in path.name).read_text(encoding="utf-8")


def test_a_file_changed_outside_shows_when_the_clerk_comes_back_to_the_page(
    context: BrowserContext, site: Served
) -> None:
    page = opened(context, site, XUEFANG)
    file = site.folder / "inputs" / XUEFANG
    text = file.read_text(encoding="utf-8").replace("0535-7580196", "0535-7777777")
    file.write_text(text, encoding="utf-8")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    until(page, "document.getElementById('field-phone').value === '0535-7777777'")


def test_every_step_is_undone_and_done_again_in_its_order(context: BrowserContext, site: Served) -> None:
    site.post("/api/mend", {"revision": site.view(FAULTY)["revision"]}, report=FAULTY)
    page = opened(context, site, FAULTY)
    before = site.view(FAULTY)["text"]
    for key, value in (("new.person", "31"), ("open.person", "32"), ("new.person", "33")):
        cell(page, key).fill(value)
        cell(page, key).press("Enter")
        settled(page)
    after = site.view(FAULTY)["text"]
    for _ in range(3):
        page.click("#undo")
        settled(page)
    assert site.view(FAULTY)["text"] == before
    assert page.locator("#undo").is_disabled()
    for _ in range(3):
        page.click("#redo")
        settled(page)
    assert site.view(FAULTY)["text"] == after


@contextmanager
def _server(folder: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process, and the address that it prints."""
    command = [sys.executable, "-m", "reportgen", "serve", str(folder), "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        output: IO[str] | None = process.stdout
        assert output is not None
        output.readline()
        try:
            yield process, output.readline().strip()
        finally:
            process.kill()


def test_a_kill_in_the_midst_of_typing_loses_two_seconds_at_most_and_the_page_keeps_the_rest(
    context: BrowserContext, tmp_path: Path
) -> None:
    folder = workspace(tmp_path, XUEFANG)
    with _server(folder) as (process, address):
        page = context.new_page()
        page.goto(address)
        port = int(re.findall(r":(\d+)/", address)[0])
        page.goto(f"http://127.0.0.1:{port}/edit?report={XUEFANG}")
        settled(page)
        typed = _typed_for(page, 4.0)
        process.kill()
        killed = time.monotonic()
    kept = Desk(folder).open(XUEFANG).text
    old = "".join(sign for sign, when in typed if when < killed - 2)
    assert len(old) > 3
    assert old in kept
    page.keyboard.type("终")
    page.wait_for_selector("#notice:not([hidden])")
    assert "没有回应" in page.locator("#notice").inner_text()
    assert page.locator("#prose-preface").input_value() == "".join(sign for sign, _ in typed) + "终"


def _typed_for(page: Page, seconds: float) -> list[tuple[str, float]]:
    """What is typed without a rest, each character with the moment when it was there."""
    page.click("#prose-preface")
    typed: list[tuple[str, float]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sign = "甲乙丙丁戊己庚辛"[len(typed) % 8]
        page.keyboard.type(sign)
        typed.append((sign, time.monotonic()))
        page.wait_for_timeout(60)
    return typed
