"""What a document says of its organ: name, year, level, date, and where it can be asked."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from reportgen.chinese.numerals import DIGITS, ONES, arabic, ordinal
from reportgen.chinese.organs import ends_as_organ, organ_in, years_in
from reportgen.model.nodes import FoundParagraph
from reportgen.problems import Place

_PERIOD = re.compile(r"(20\d\d)年1月1日")
_REPORT = re.compile(r"年度报告|年报|信息公开.*报告")
_NEARLY = re.compile(r"(?:信息|政务)公开.*(?:报|年度|总结|情况|告)")
"""What a title has that is misspelt, or that calls the report otherwise; it must have its year."""
_YEAR_LINE = re.compile(r"[（(]?20\d\d年?度?[）)]?")
_DATE = re.compile(r"(20\d\d)(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?")
_CHINESE_DATE = re.compile(rf"(二[{DIGITS}]{{3}})年([{ONES}十]{{1,2}})月([{ONES}十]{{1,3}})日")
_NO_DATE = "年月日"
_GAP = re.compile(r"(?:20[\dXx×]{2})?年(?:[\dXx×]{1,2})?月(?:[\dXx×]{1,2})?日$")
"""The gap where a date belongs, in part filled in perhaps."""
_CONTACT = {
    "电话": re.compile(r"电话(?:号码)?[为是:：\s]*(\+?[\d（(][\d\-－—－()（）转\s]{5,24}\d)"),
    "邮箱": re.compile(r"([A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"),
    "地址": re.compile(r"(?<![网箱])地址[为是:：\s]*([^，,。；;（）()]{4,50})"),
    "邮编": re.compile(r"(?:邮政编码|邮编)[为是:：\s]*(\d{6})(?!\d)"),
}
_URL = re.compile(r"https?://[\w\-./?%&=:#~+@!,]*[\w/]", re.A)
_SITE = re.compile(
    r"(?:[“\"「《]([^“”\"」》]{2,40})[”\"」》]|([\u4e00-\u9fff]{2,30}(?:网站|网)))"
    r"[（(，,\s]*(?:网址)?[为是:：\s]*$"
)
_LINES_AFTER = 4
"""The date is looked for in so many last paragraphs: 附件 or 此件公开发布 may stand below it."""

_MOST_ABOVE = 4
"""Lines of a title that stand above the one with the report's name: a long name takes several."""

_LONGEST_PREAMBLE = 4
_INTRODUCES = re.compile(
    r"编制(?:了|完成|形成)?(?:本|此|《|\d{4}年)|(?:本|年度|工作)(?:年度)?报告[^。；]{0,40}编制|本(?:年度)?(?:报告|年报)(?:共|主要)?(?:由|包括|分为|全文)"
    r"|统计的?(?:期限|时限|期间|时间|周期)|如[对有][^。；]{0,12}(?:报告|年报|疑问)[^。；]{0,20}联系"
)
"""What only a preamble says."""

_ADDED_UP = re.compile(
    r"汇总|全[省市县区州旗盟](?:全年|共|各级|行政机关|累计|20\d\d年)*[^。，]{0,8}(?:收到|收办|受理|新收)"
)


class Title(NamedTuple):
    """A title as found: its lines, its place, and what stands before and after it."""

    lines: tuple[str, ...]
    place: Place
    before: tuple[FoundParagraph, ...]
    after: tuple[FoundParagraph, ...]

    @property
    def words(self) -> str:
        """All of it without blanks."""
        return squeezed("".join(self.lines))


class SignOff(NamedTuple):
    """The end of a report: who signs, when (as 2021-01-29), and the paragraphs that stand before."""

    organ: str
    date: str
    place: Place | None
    rest: tuple[FoundParagraph, ...]


def title_of(front: list[FoundParagraph]) -> Title | None:
    """The title among the paragraphs before chapter one; it may take several of them."""
    for at, paragraph in enumerate(front):
        if not _is_title(paragraph.text):
            continue
        first, last = at, at + 1
        while at - first < min(at, _MOST_ABOVE) and _wants_organ(front[first:last], front[first - 1]):
            first -= 1
        if last < len(front) and _YEAR_LINE.fullmatch(squeezed(front[last].text)):
            last += 1
        lines = tuple(line for each in front[first:last] for line in _lines(each.text))
        return Title(lines, front[first].place, tuple(front[:first]), tuple(front[last:]))
    return None


def year_in(title: str, text: str) -> str:
    """The report year: from the title, else from the period that the text names; empty for none."""
    years = years_in(title) or re.findall(r"20\d\d(?=年?度)", title)
    if years:
        return unicodedata.normalize("NFKC", years[0])
    period = _PERIOD.search(squeezed(text))
    return period[1] if period else ""


def sign_off(paragraphs: list[FoundParagraph], organ: str) -> SignOff:
    """Organ and date at the end of the last chapter, on two lines or one; a few lines may follow them.

    The gap where a date belongs is no date, and an organ alone on the last line has none.
    """
    shown = [each for each in paragraphs if each.text.strip()]
    for at in range(len(shown) - 1, max(len(shown) - 1 - _LINES_AFTER, -1), -1):
        ended = _ending(shown[at], organ, last=at == len(shown) - 1)
        if ended is None:
            continue
        date, before = ended
        upper = shown[at - 1] if at and not before else None
        signs = upper is not None and not upper.level and _signs(upper, organ)
        first = at - 1 if signs else at
        name = squeezed(upper.text) if upper is not None and signs else before
        return SignOff(name, date, shown[at].place, (*shown[:first], *shown[at + 1 :]))
    return SignOff("", "", None, tuple(shown))


def _ending(line: FoundParagraph, organ: str, *, last: bool) -> tuple[str, str] | None:
    """The date of a line at the end, empty for a gap, and the organ before it; None for another line."""
    bare = squeezed(line.text)
    date, before = _date_at_end(line.text)
    gap = _GAP.search(bare)
    if gap and not date:
        date, before = gap[0].removeprefix(_NO_DATE), bare[: gap.start()]
    elif not date:
        if not last or line.level or not _signs(line, organ):
            return None
        before = bare
    return (date, before) if before in ("", organ) or _is_organ(before) else None


def _signs(paragraph: FoundParagraph, organ: str) -> bool:
    return _is_organ(paragraph.text) or squeezed(paragraph.text) == organ


def contacts(text: str) -> Iterator[tuple[str, str]]:
    """The clerk's keys for whom to ask, with what the text says."""
    for key, pattern in _CONTACT.items():
        if match := pattern.search(text):
            yield key, match[1].strip()
    if match := _URL.search(text):
        yield "网址", match[0]
        if site := _SITE.search(text[: match.start()]):
            yield "名称", site[1] or re.sub(r"^.*(?:通过|登录|登陆|访问|见|在|可到|请到)", "", site[2])


def preamble(paragraphs: Sequence[FoundParagraph]) -> int:
    """How many of the first paragraphs introduce the report: who made it and why, its parts, its period."""
    first = list(takewhile(lambda each: not each.level and not each.item, paragraphs[:_LONGEST_PREAMBLE]))
    return max((at for at, each in enumerate(first, 1) if _INTRODUCES.search(each.text)), default=0)


def added_up(text: str) -> bool:
    """True if the prose says that the figures are those of all units below."""
    return bool(_ADDED_UP.search(squeezed(text)))


def squeezed(text: str) -> str:
    """The text without any blanks."""
    return "".join(text.split())


def _is_title(text: str) -> bool:
    bare = squeezed(text)
    named = _REPORT.search(bare) or (_NEARLY.search(bare) and years_in(bare))
    return len(bare) <= 60 and bool(named) and not re.search(r"[。；：:，]|本报告|根据", bare)


def _wants_organ(lines: list[FoundParagraph], upper: FoundParagraph) -> bool:
    """True if the title so far names no organ, and the line above may be one."""
    return upper.level == lines[0].level == 1 or (
        not organ_in(squeezed("".join(line.text for line in lines))) and _is_organ(upper.text)
    )


def _is_organ(text: str) -> bool:
    bare = squeezed(text)
    return 3 < len(bare) <= 40 and ends_as_organ(bare) and not re.search(r"[。；：:，、]", bare)


def _lines(text: str) -> list[str]:
    """A line of a title; a blank before the year cuts it in two."""
    pieces = re.split(r"\s+(?=20\d\d\s*年)", text.strip(), maxsplit=1)
    return [piece.strip() for piece in pieces if piece.strip()]


def _date_at_end(text: str) -> tuple[str, str]:
    """A date as 2021-01-29 and what stands before it; empty strings for none."""
    bare = unicodedata.normalize("NFKC", squeezed(text)).replace("O", "〇")
    for pattern, number in ((_DATE, int), (_CHINESE_DATE, _chinese)):
        for match in pattern.finditer(bare):
            if match.end() == len(bare):
                year, month, day = (number(part) for part in match.groups())
                return f"{year:04}-{month:02}-{day:02}", bare[: match.start()]
    return "", ""


def _chinese(number: str) -> int:
    """A Chinese number: up to 99 with 十, or digit by digit; 0, which is no day, for anything else."""
    digits = arabic(number)
    return ordinal(number) or (int(digits) if digits.isdecimal() else 0)
