"""What the clerk's own preface cites: the notice that sets the form, and the six parts."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import NOTICE, YEARS, Context, Fault, paragraphs, place_at, rule
from reportgen.chinese.numerals import ordinal_words
from reportgen.model.form import Form
from reportgen.model.report import Report
from reportgen.problems import Ground, Level, Place

_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_CITED = re.compile(r"国办公开办函\s*[〔\[（(【［]\s*(\d+)\s*[〕\])）】］]\s*(\d+)\s*号")
_NEAR = 60
"""Within so many characters before a notice its name tells whether it sets the form."""

_LIST = re.compile(
    r"(?:包括|由|分为|包含|涵盖|共分|分|共)(?P<list>[^。]{12,300}?)"
    r"(?P<number>[一二三四五六七八九十\d]+)?\s*(?:个|大|项)*\s*(?:部分|方面|(?=。)|$)"
)
_OLD = re.compile(r"概述|概况|基本情况|收费[及和与、]*减免[^，、；]{0,4}|附[表件]|指标统计")
_LIKE = 3
"""A list with so many of the chapters' names is meant to be the list of the parts."""


@rule(
    "X02",
    Level.WARNING,
    Ground.PROSE,
    title="引用的格式文号不是本年度的",
    what=f"{YEARS}引用{NOTICE}。",
    why="文号不对，说明前言是从别的年度抄来的，或者用错了格式。",
    basis=NOTICE,
    fix="改成本年度的文号。",
    in_yaml="也可以删去前言，由程序按规定写。",
)
def wrong_notice(report: Report, _context: Context) -> Iterator[Fault]:
    """A notice cited as that of the form, and it is that of another year."""
    right = _CITED.search(report.form.basis)
    if not right:
        return
    for about, paragraph in paragraphs(report):
        if "国办公开办函" in paragraph.text:
            text = paragraph.text.translate(_NARROW)
            for found in _wrong(text, right.groups(), report.form):
                place = place_at(paragraph, found.start(), len(found[0]))
                yield _fault(about, found[0], report, (place,))
    for law in report.laws:
        for found in _wrong(law.translate(_NARROW), right.groups(), report.form):
            yield _fault("laws", found[0], report)


def _wrong(text: str, right: tuple[str, ...], form: Form) -> list[re.Match[str]]:
    """The notices in a text that are cited in place of the right one; none where that is cited too."""
    found = list(_CITED.finditer(text))
    if any(each.groups() == right for each in found):
        return []
    formats = {each.groups() for edition in form.editions for each in _CITED.finditer(edition.basis)}
    return [
        each
        for each in found
        if each.groups() in formats or "格式" in text[max(0, each.start() - _NEAR) : each.start()]
    ]


def _fault(about: str, cited: str, report: Report, places: tuple[Place, ...] = ()) -> Fault:
    message = f"引用的“{cited}”不是 {report.year} 年度的格式。"
    return Fault(message, (about,), report.form.basis, cited, places=places)


@rule(
    "X08",
    Level.WARNING,
    Ground.PROSE,
    title="前言列举的部分与六个部分不同",
    what="前言列举报告的组成时，正好是规定的六个部分，不缺，也没有旧格式的概述、收费及减免、附表。",
    why="列举与正文不同，多半是沿用了旧格式的前言。",
    basis=NOTICE,
    fix="照六个部分的标题列举。",
    in_yaml="也可以删去前言，由程序按规定写。",
)
def wrong_parts(report: Report, _context: Context) -> Iterator[Fault]:
    """A list of the parts that is not that of the form's chapters."""
    chapters = report.form.chapters
    counts = (ordinal_words(len(chapters)), str(len(chapters)))
    for number, paragraph in enumerate(report.prose.get("preface", ()), 1):
        for found in _LIST.finditer(paragraph.text):
            words = found["list"]
            lost = [each.title for each in chapters if not re.search(each.said, words)]
            old = [each[0] for each in _OLD.finditer(words)]
            named = found["number"] or old or report.form.chapters[0].title in words
            few = len(chapters) - len(lost) < _LIKE and not (old and found["number"])
            if few or not named:
                continue
            wrong = [f"缺少“{name}”" for name in lost] + [f"多出“{name}”" for name in old]
            if found["number"] and found["number"] not in counts:
                wrong.append(f"写成“{found['number']}个部分”")
            if wrong:
                place = place_at(paragraph, found.start(), len(found[0]))
                message = f"前言列举的报告组成与规定的{counts[0]}个部分不同：{'，'.join(wrong)}。"
                expected, said = "、".join(each.title for each in chapters), found[0]
                yield Fault(message, (f"preface.{number}",), expected, said, places=(place,))


# ── addresses on the web ──────────────────────────────────────────────────────────────────────────────

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


def _link_fault(link: str) -> str:
    """What is wrong with an address; empty for nothing."""
    found = _good(link)
    if not found or ".." in link or (link.startswith("http") and "://" not in link):
        return "网址的写法不对"
    return ""


@rule(
    "X19",
    Level.NOTE,
    Ground.PROSE,
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
        fault = _link_fault(url)
        found = _good(url)
        if not fault and found and not _GOVERNMENT.search(found["host"].lower()):
            fault = "公布年报的网址不是政府网站"
        if fault:
            yield Fault(f"{fault}：{url}", ("url",), "http://www.….gov.cn/…", url)
    for about, paragraph in paragraphs(report) if _MAY_BE_LINK.search(report.words) else ():
        for found in _LINK.finditer(paragraph.text):
            link = found[0].rstrip(".:：／．")
            if _link_fault(link):
                place = place_at(paragraph, found.start(), len(link))
                yield Fault(
                    f"网址的写法不对：{link}", (about,), "http://www.….gov.cn/…", link, places=(place,)
                )
