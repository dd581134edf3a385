"""What the tests of this repository understand besides pytest's own options."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from served import Served

# Their assertions tell what differs, as those of the tests do.
pytest.register_assert_rewrite("browsing", "clerks", "found")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person rewrite the expected outputs, to read the difference with git afterwards."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected outputs in tests/golden instead of comparing with them",
    )


# ── the page in a browser ────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Debian's chromium."""
    from browsing import a_browser  # playwright, where there is a browser to drive

    with a_browser() as browser:
        yield browser


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A window of a clerk's screen; no script in it may fail."""
    from browsing import a_window

    with a_window(browser) as context:
        yield context


@pytest.fixture
def site(tmp_path: Path) -> Iterator["Served"]:
    """A workspace with two reports, served."""
    from served import FAULTY, XUEFANG, served, workspace

    with served(workspace(tmp_path, XUEFANG, FAULTY)) as site:
        yield site
