"""Addresses on the web."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, rule
from reportgen.checks.pointing import paragraphs, place_at
from reportgen.model.report import Report
from reportgen.problems import Level

_GOOD = r"(?:https?://)?(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*)\.[A-Za-z]{2,})(?::\d{2,5})?(?:[/?#][!-~]*)?"
_CHINESE = _GOOD.replace("]", r"\u4e00-\u9fff]")
"""The same with Chinese words: rare, and slow to compile."""
_GOVERNMENT = re.compile(r"(?:^|\.)gov\.cn$|\.政务(?:\.cn)?$")
_LINK = re.compile(
    r"(?<![A-Za-z0-9@.])(?:(?:h?t{1,3}p{1,2}s?)[:：]/{0,2}|www[.．])"
    r"[A-Za-z0-9./?%&=#:~_+：／．-]{3,}"
)
_MAY_BE_LINK = re.compile("tp|www")


def _good(link: str) -> re.Match[str] | None:
    """The address with its host; None where it is not well-formed."""
    return re.fullmatch(_GOOD, link) or re.fullmatch(_CHINESE, link)


def _fault(link: str) -> str:
    """What is wrong with an address; empty for nothing."""
    found = _good(link)
    if not found or ".." in link or (link.startswith("http") and "://" not in link):
        return "网址的写法不对"
    return ""


@rule(
    "X19",
    Level.NOTE,
    title="网址写错，或不是政府网站",
    what="网址写法正确；公布年报的网址是政府网站（.gov.cn）。",
    why="网址写错了，读者就打不开；年报要在政府网站公布。",
    basis="《条例》第四十九条；《政府网站发展指引》",
    fix="从浏览器的地址栏复制网址；公布在其他网站的，不用改。",
)
def wrong_links(report: Report, _context: Context) -> Iterator[Fault]:
    """An address that is not well-formed, or not of a government."""
    url = report.contact.url.strip()
    if url:
        fault = _fault(url)
        found = _good(url)
        if not fault and found and not _GOVERNMENT.search(found["host"].lower()):
            fault = "公布年报的网址不是政府网站"
        if fault:
            yield Fault(f"{fault}：{url}", ("url",), "http://www.….gov.cn/…", url)
    for about, paragraph in paragraphs(report) if _MAY_BE_LINK.search(report.words) else ():
        for found in _LINK.finditer(paragraph.text):
            link = found[0].rstrip(".:：／．")
            if _fault(link):
                place = place_at(paragraph, found.start(), len(link))
                yield Fault(
                    f"网址的写法不对：{link}", (about,), "http://www.….gov.cn/…", link, places=(place,)
                )
