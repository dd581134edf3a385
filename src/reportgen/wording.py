"""Wording: a report as the exact words and figures that get printed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reportgen.model.prose import Paragraph
from reportgen.model.report import Figure, Report, named_figures
from reportgen.problems import Place

LINE = 20
"""Characters of a title line: 2号 (22 pt) in a type area of 156 mm. Source: GB/T 9704-2012."""

_THIRD_LEVEL = re.compile(r"\s*\d+\s*[.．、]")
_BETWEEN_WORDS = re.compile(
    "(?=[（(])|(?<=[）)])|(?<=自治[区州县旗])|(?<=[省市盟县区])(?!委|[）)、])|(?=人民政府|办公[室厅]|管理委员会)"
)
"""Where the name of an organ may be parted."""


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

    A title that fits one line stands on one; a name too long for a line is parted between its words.
    Source: GB/T 9704-2012, 7.3.1 (回行时词意完整).
    """
    if report.title:
        return report.title
    lines = (*_name_lines(report.organ.name), report.form.usual_title("", report.year))
    return ("".join(lines),) if len("".join(lines)) <= LINE else lines


def _name_lines(name: str) -> tuple[str, ...]:
    """The name on one line, or on two that fit and are most alike; whole where no place is fit to part it."""
    if len(name) <= LINE:
        return (name,)
    places = [at for at in (found.start() for found in _BETWEEN_WORDS.finditer(name)) if at > 0]
    fitting = [at for at in places if max(at, len(name) - at) <= LINE]
    if not fitting:
        return (name,)
    at = min(fitting, key=lambda at: abs(2 * at - len(name)))
    return name[:at], name[at:]


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
        "机关": report.organ.name,
        "简称": report.organ.short,
        "落款": report.layout.signed.text if report.layout.signed else report.organ.name,
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
        "样式": _style(paragraph),
        "文字": [{"文": run.text, "粗": run.bold} for run in paragraph.runs],
    }


def _style(paragraph: Paragraph) -> str:
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
