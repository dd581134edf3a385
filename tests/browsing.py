"""A page in a real browser for tests: Debian's chromium, driven by Playwright."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from served import Served

CHROMIUM = shutil.which("chromium") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MARKS = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no chromium")]
"""Of every module of tests that uses the browser."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def a_window(browser: Browser) -> Iterator[BrowserContext]:
    """A clerk's window; no script in it may fail, and nothing may be asked for that the policy forbids."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(20_000)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(f"{error.error}"))
    context.on(
        "console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None
    )
    yield context
    context.close()
    assert troubles == []


def opened(context: BrowserContext, site: Served, report: str = "") -> Page:
    """The first page, or the editor of a report, as the clerk opens it."""
    page = context.new_page()
    page.goto(site.entrance)
    if report:
        page.goto(f"{site.address}/edit?report={report}")
        settled(page)
    return page


def until(page: Page, expression: str, seconds: float = 20) -> None:
    """Wait until an expression is true; the page lets nobody evaluate texts within it."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def settled(page: Page) -> None:
    """Wait until all that was typed has been answered."""
    page.wait_for_timeout(100)
    until(page, "!['', '正在记下……'].includes(document.getElementById('saved').textContent)")


def cell(page: Page, key: str) -> Locator:
    """A cell of the editor."""
    return page.locator(f'[data-key="cell:{key}"]')


def paste_into(page: Page, key: str, text: str, html: str = "") -> None:
    """Paste as a browser does, with these contents of the clipboard."""
    cell(page, key).focus()
    page.evaluate(
        """([text, html]) => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            if (html) data.setData('text/html', html);
            const how = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', how));
        }""",
        [text, html],
    )  # fmt: skip


def copied(page: Page, how: str) -> dict[str, str]:
    """What a copy puts into the clipboard."""
    said: dict[str, str] = page.evaluate(
        """(how) => new Promise((done) => {
            document.addEventListener('copy', (event) => {
                const kinds = {};
                for (const kind of ['text/plain', 'text/html']) {
                    kinds[kind] = event.clipboardData.getData(kind);
                }
                done(kinds);
            }, { once: true });
            if (how) document.querySelector(how).click(); else document.execCommand('copy');
        })""",
        how,
    )
    return said


def copied_table(page: Page, table: str) -> dict[str, str]:
    """What “复制整张表” puts into the clipboard, by kind."""
    page.evaluate(
        """async (table) => {
            const { copyWhole } = await import('/static/table.js');
            const set = DataTransfer.prototype.setData;
            window.kept = {};
            DataTransfer.prototype.setData = function (kind, value) {
                window.kept[kind] = value;
                set.call(this, kind, value);
            };
            copyWhole(document.getElementById(`table-${table}`));
            DataTransfer.prototype.setData = set;
        }""",
        table,
    )
    kept: dict[str, str] = page.evaluate("window.kept")
    return kept
