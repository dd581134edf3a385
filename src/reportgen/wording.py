"""Wording: a report as the exact words and figures that get printed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from reportgen.model.prose import Paragraph
from reportgen.model.report import Figure, Report, named_figures
from reportgen.problems import Place

LINE = 20
"""Characters of a title line: 2号 (22 pt) in a type area of 156 mm. Source: GB/T 9704-2012."""

SIGNED = 15
"""Characters of a line of 署名 that can stand centred over 成文日期, which ends four characters from the edge
of the type area. Source: GB/T 9704-2012, 7.3.5."""

_THIRD_LEVEL = re.compile(r"\s*\d+\s*[.．、]")
_BETWEEN_WORDS = re.compile(
    "(?=[（(])|(?<=[）)])|(?<=自治[区州县旗])|(?<=[省市盟县区])(?!委|[）)、])|(?=人民政府|办公[室厅]|管理委员会|[12][0-9]{3}年)"
)
"""Where the name of an organ, or a title with the year behind it, may be parted."""
_WITHIN_WORDS = re.compile(
    "(?=[和与及暨](?![平田县静林硕龙政顺布]))|(?<=[局厅委院所站会校])(?=.{4})"
    "|(?=监督管理|管理局|服务中心|服务局|领导小组|工作委员会|联席会议|执法)"
)
"""Where it may be parted, too, if those places do not do: before what is joined, or what it does."""
_ADDRESS = re.compile(r"((?:(?<=https://)|(?<=http://)|www\.)[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
"""A mail address, or a web address behind its scheme: parted anywhere where a line ends. A scheme is not."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the clerk's own words on the page: which part it is, and where it was typed."""

    about: str
    text: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a template may ask for, and what a proof must find again.

    ``names`` maps each name of a template to a string, a number, a list of paragraphs or a mapping of
    names; ``pieces`` are the clerk's words among them. ``title`` is one line, for the document's properties.
    """

    names: Mapping[str, object]
    pieces: tuple[Piece, ...]
    title: str
    author: str
    date: date | None


def words(report: Report) -> Words:
    """The words of a report. Every name that a template of its form may ask for is there."""
    title = title_lines(report)
    return Words(
        names=_names(report, title),
        pieces=tuple(_pieces(report, title)),
        title="".join(title),
        author=report.organ.name,
        date=report.date,
    )


def title_lines(report: Report) -> tuple[str, ...]:
    """The lines of the title: as given, else the organ over the year and the report's name.

    A title that fits one line stands on one; what is too long for a line is parted between its words.
    Source: GB/T 9704-2012, 7.3.1 (回行时词意完整).
    """
    if report.title:
        return tuple(part for line in report.title for part in _parted(line, LINE, 4))
    whole = report.form.usual_title(report.organ.name, report.year)
    rest = whole.removeprefix(report.organ.name)
    parts = (whole,) if rest == whole else (report.organ.name, rest)
    if len(whole) <= LINE:
        return (whole,)
    return tuple(each for part in parts for each in _parted(part, LINE, 4))


def signature_lines(name: str) -> tuple[str, ...]:
    """The name of the organ as it stands over the date: on one line, or on as few as hold it, most alike.

    Source: GB/T 9704-2012, 7.3.5; where it goes on to another line, as for titles.
    """
    parted = _parted(name, SIGNED, 4)
    if max(map(len, parted)) <= SIGNED:
        return parted
    count = -(-len(name) // SIGNED)
    ends = [round(len(name) * number / count) for number in range(count + 1)]
    return tuple(name[begin:end] for begin, end in pairwise(ends))


def _parted(name: str, most: int, lines: int) -> tuple[str, ...]:
    """A name between its words: on as few lines of ``most`` characters as hold it, most alike; else whole."""
    if len(name) <= most:
        return (name,)
    for fit in ((_BETWEEN_WORDS,), (_BETWEEN_WORDS, _WITHIN_WORDS)):
        places = sorted({found.start() for each in fit for found in each.finditer(name)} - {0, len(name)})
        for count in range(1, lines):
            tries = (_cut(name, chosen) for chosen in combinations(places, count))
            fitting = [each for each in tries if max(map(len, each)) <= most]
            if fitting:
                return min(fitting, key=_unevenness)
    return (name,)


def _cut(name: str, places: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(name[begin:end] for begin, end in pairwise((0, *places, len(name))))


def _unevenness(lines: tuple[str, ...]) -> int:
    return max(map(len, lines)) - min(map(len, lines))


def chinese_date(day: date | None) -> str:
    """A date as documents print it, without leading zeros; a visible gap where there is none.

    Source: GB/T 9704-2012, 成文日期.
    """
    return f"{day.year}年{day.month}月{day.day}日" if day else "    年  月  日"


def printed(figure: Figure) -> str:
    """A figure as its cell prints it, its remark in brackets behind."""
    return f"{figure.text}（{figure.remark}）" if figure.remark else figure.text


def says_fees(report: Report) -> bool:
    """True if the template must add its fee sentence: the form asks for it and the clerk has not said it.

    Source: 国办函〔2020〕109号, in force 2021-01-01; the 2021 form asks for it in chapter six.
    """
    fee = report.form.fee
    if fee is None or report.fees is None:
        return False
    return not any(fee.name in paragraph.text for paragraph in report.prose.get(fee.passage, ()))


def _names(report: Report, title: tuple[str, ...]) -> dict[str, object]:
    contact = report.contact
    names: dict[str, object] = {
        "标题": list(title),
        "文种": report.form.name,
        "机关": report.organ.name,
        "署名": list(signature_lines(report.signed_by)),
        "简称": report.organ.short,
        "级别": report.organ.level,
        "口径": report.organ.scope,
        "是政府": report.organ.is_government,
        "年度": report.year,
        "成文日期": chinese_date(report.date),
        "依据": list(report.laws),
        "电话": contact.phone,
        "邮箱": contact.mail,
        "地址": contact.address,
        "邮编": contact.postcode,
        "网站名称": contact.site,
        "网址": contact.url,
        "正文": {
            passage.name: [_paragraph(each) for each in report.prose.get(key, ())]
            for key, passage in report.form.prose.items()
        },
        "说收费": says_fees(report),
    }
    names.update((line.name, report.lines.get(line.name, "")) for line in report.form.lines)
    if report.form.fee:
        names[report.form.fee.name] = dict(zip(("件数", "金额"), report.fees or (0, 0), strict=True))
    names.update(named_figures(report.form, report.cells))
    for key, figure in report.cells.items():
        row = names.setdefault(key.row, {})
        assert isinstance(row, dict)
        row[key.column] = printed(figure)
    return names


def _paragraph(paragraph: Paragraph) -> dict[str, object]:
    return {
        "样式": style_of(paragraph),
        "文字": [
            {"文": text, "粗": run.bold, "网址": is_address}
            for run in paragraph.runs
            for text, is_address in _stretches(run.text)
            if text
        ],
        "有网址": bool(_ADDRESS.search(paragraph.text)),
    }


def _stretches(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, and whether each may be parted anywhere at the end of a line."""
    at = 0
    for found in _ADDRESS.finditer(text):
        begin = found.start() + text.endswith("://", 0, found.start())
        yield text[at:begin], False
        yield text[begin : found.end()], True
        at = found.end()
    yield text[at:], False


def style_of(paragraph: Paragraph) -> str:
    """The name of the style in which a paragraph of prose is printed."""
    if paragraph.kind == "item":
        return "列项"
    if paragraph.kind != "heading":
        return "正文"
    return "三级标题" if _THIRD_LEVEL.match(paragraph.text) else "二级标题"


def _pieces(report: Report, title: tuple[str, ...]) -> Iterator[Piece]:
    places = report.places
    yield Piece("title", "".join(title), places.get("title", places.get("organ")))
    yield Piece("organ", report.organ.name + report.organ.short, places.get("organ"))
    for about in ("phone", "mail", "address", "postcode", "site", "url"):
        yield Piece(about, getattr(report.contact, about), places.get(about))
    yield from (Piece("signed", own.text, own.place) for own in (report.layout.signed,) if own)
    yield Piece("laws", "".join(report.laws), places.get("laws"))
    yield from (Piece(name, text, places.get(name)) for name, text in report.lines.items())
    for key in report.form.prose:
        for number, paragraph in enumerate(report.prose.get(key, ()), start=1):
            yield Piece(f"{key}.{number}", paragraph.text, paragraph.place)
    for cell, figure in report.cells.items():
        if figure.place:
            yield Piece(str(cell), printed(figure), figure.place)
    for own in report.chapters:
        yield Piece("chapters", own.text, own.place)
    for row, own in report.labels.items():
        yield Piece(f"label.{row}", own.text, own.place)
