"""What the clerk's own preface cites: the notice that sets the form, and the six parts."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import DROP_PREFACE, NOTICE, YEARS, Context, Fault, paragraphs, place_at, rule
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
    in_file=DROP_PREFACE,
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


_OPEN, _CLOSE = "〔\\[（(【［", "〕\\]）)】］"
_HEAD = r"[\u4e00-\u9fff]{1,11}[函发办政规文]"
"""The sign of who sends it and how; orders, announcements and cases of courts are numbered otherwise."""
_BROKEN = re.compile(
    rf"(?P<unclosed>{_HEAD}[{_OPEN}]20\d\d\d{{1,4}}号)"
    rf"|(?P<third>{_HEAD}[{_OPEN}](?:19|20)\d\d[{_CLOSE}]第\d+号)"
    rf"|(?P<unopened>{_HEAD}(?:19|20)\d\d[{_CLOSE}]\d+号)"
    rf"|(?P<year>{_HEAD}[{_OPEN}](?:\d{{1,3}}|\d{{5,6}})[{_CLOSE}]第?\d+号)"
    rf"|(?P<end>{_HEAD}〔(?:19|20)\d\d〕\d+(?=[，。；）)》]|、(?!\d)|$))"
    rf"|(?P<twice>{_HEAD}(?:〔〔(?:19|20)\d\d〕+|〔(?:19|20)\d\d〕〕)\d+号|{_HEAD}〔(?:19|20)\d\d〕\d+号号)"
    rf"|(?P<pair>{_HEAD}(?:〔(?:19|20)\d\d[\]）)】］]|[\[（(【［](?:19|20)\d\d〕)\d+号)"
)
_WRONG = {
    "unclosed": "年份后面缺半个括号",
    "third": "序号前面多了“第”字",
    "unopened": "年份前面缺半个括号",
    "year": "年份不是四位数",
    "end": "末尾缺“号”字",
    "twice": "括号或“号”字多写了一个",
    "pair": "年份两头的括号不成对",
}
_NUMBER = re.compile(
    r"(?P<head>国办[\u4e00-\u9fff]{0,6})(?P<rest>[〔\[（(【［]\s*(\d+)\s*[〕\])）】］]\s*(\d+)\s*号)"
)
_LEAD = re.compile(
    r".*(?:按照|根据|依据|依照|落实|执行|贯彻|参照|转发|印发|引用|[以和与及见])(?=[\u4e00-\u9fff])"
)
_FULL_HEAD = "国办公开办函"


@rule(
    "X27",
    Level.WARNING,
    Ground.PROSE,
    title="文号写得不对",
    what="文号写成“某某函〔2021〕30号”：发文机关代字、六角括号里的四位年份、序号和“号”字都有，不加“第”字。",
    why="文号错了，读者查不到这份文件。",
    basis="GB/T 9704—2012《党政机关公文格式》7.2.5",
    fix="照文件上的发文字号改。",
)
def broken_number(report: Report, _context: Context) -> Iterator[Fault]:
    """Numbers of official documents in which a sign is missing, doubled or wrong."""
    for about, paragraph in paragraphs(report):
        text = paragraph.text
        if "号" not in text and "〔" not in text:  # as most
            continue
        text = text.translate(_NARROW)
        faults = [(*_itself(found), _WRONG[found.lastgroup or ""]) for found in _BROKEN.finditer(text)]
        faults += _misnamed(text, report.form)
        for start, written, message in faults:
            place = place_at(paragraph, start, len(written))
            said = f"文号“{written}”{message}。"
            yield Fault(said, (about,), "如：国办公开办函〔2021〕30号", written, places=(place,))


def _itself(found: re.Match[str]) -> tuple[int, str]:
    """Where the number itself begins, behind the words that lead to it, and the number."""
    lead = _LEAD.match(found[0])
    cut = lead.end() if lead else 0
    return found.start() + cut, found[0][cut:]


def _misnamed(text: str, form: Form) -> Iterator[tuple[int, str, str]]:
    """The notice that sets a form, with other words before its year: 国办公开办〔2021〕30号."""
    for found in _NUMBER.finditer(text):
        meant = (
            found["head"].startswith("国办公开") or "格式" in text[max(0, found.start() - 60) : found.start()]
        )
        formats = {each.groups() for edition in form.editions for each in _CITED.finditer(edition.basis)}
        if meant and found["head"] != _FULL_HEAD and found.groups()[2:] in formats:
            yield found.start(), found[0], f"的代字不对，应为“{_FULL_HEAD}”"


@rule(
    "X08",
    Level.WARNING,
    Ground.PROSE,
    title="前言列举的部分与六个部分不同",
    what="前言列举报告的组成时，正好是规定的六个部分，不缺，也没有旧格式的概述、收费及减免、附表。",
    why="列举与正文不同，多半是沿用了旧格式的前言。",
    basis=NOTICE,
    fix="照六个部分的标题列举。",
    in_file=DROP_PREFACE,
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
