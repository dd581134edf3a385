"""Words of a form, a notice or a template that should have been replaced."""

import re
from collections.abc import Iterator
from functools import lru_cache

from reportgen.checks.contract import Context, Fault, paragraphs, place_at, rule
from reportgen.model.form import Form
from reportgen.model.keys import FIELDS, LAST_YEAR, PLACEHOLDERS, of_prose
from reportgen.model.quoting import LEFT_OVER
from reportgen.model.report import Report
from reportgen.problems import Ground, Level, short

_LEFT = re.compile(
    r"(?<![A-Za-z/.@_])[XＸ]{2,}(?![A-Za-z/.@_-])|(?<![A-Za-z/.@_])x{3,}(?![A-Za-z/.@_-])|×{2,}|[△○□]{2,}|_{3,}|＿{2,}"
    r"|[（(]文字描述|\{%|【(?:待填|待补|待核|请填|此处|去年|上年)[^】]*】?|（(?:此处|请在此)[^）]*）?"
    r"|[该本此]部分以表格形式报告"
)
_SINGLE = re.compile(
    r"(?<![{｛])[{｛][ \u3000]*+([^\W\d][\w“”/]{0,40}+)[ \u3000]*+"
    r"((?:[.．。+-][^{}｛｝]{1,80})?)[}｝](?![}｝])"
)
"""What may be a quote in single brackets: the first name of its path, and what follows."""

_MAY_BE_LEFT = re.compile(r"[{｛}｝xXＸ×△○□_＿【]|文字描述|此处|请在此|以表格形式|这里写")
"""A sign or word of all of these: most texts have none."""
_REWRITE = f"这一段是从去年的年报带过来的：改写成本年的情况，再删去“{LAST_YEAR}”；不需要的整段删去。"
_LONGEST = 200
"""Characters of what is left that are told."""
_FACTS = frozenset(("年度", "机关", "简称"))
"""What may be quoted by a single name."""
_CONTACT = ("phone", "mail", "address", "postcode", "site", "url")


@rule(
    "X14",
    Level.ERROR,
    Ground.BLANKS,
    title="留有没有替换的说明文字",
    what="正文、标题和联系方式里没有 XX、××、“（文字描述”、“该部分以表格形式报告”、"
    "“{{”、“【待填】”“【去年】”一类的字样，也没有新建年报时写的示例（某某局、某某路1号、“这里写……”）。",
    why="这些是格式的说明或模板的空位，留在公开的年报里，说明没有填完。",
    basis="国务院办公厅年报格式的说明文字，不属于报告内容",
    fix="换成实际的内容，或者删去。",
)
def words_left(report: Report, _context: Context) -> Iterator[Fault]:
    """A placeholder or an instruction that is still there."""
    names = _names(report.form) if "{" in report.words or "｛" in report.words else frozenset()
    for about, paragraph in paragraphs(report) if _MAY_BE_LEFT.search(report.words) else ():
        for found in (*_found(paragraph.text, report.form), *_single(paragraph.text, names)):
            place = place_at(paragraph, found.start(), len(found[0]))
            fix = _REWRITE if found[0] == LAST_YEAR else ""
            yield Fault(_message("正文", found[0]), (about,), "", found[0][:_LONGEST], fix, (place,))
    for about, words in _fields(report):
        if words.strip() == PLACEHOLDERS.get(about) or (about == "laws" and words.startswith("《某某")):
            yield Fault(_message(f"“{FIELDS.get(about, '网址')}”", words), (about,), found=words)
        where = f"“{short(words)}”"
        for found in _found(words, report.form):
            yield Fault(_message(where, found[0]), (about,), found=found[0][:_LONGEST])


def _found(text: str, form: Form) -> Iterator[re.Match[str]]:
    if _MAY_BE_LEFT.search(text):
        yield from LEFT_OVER.finditer(text)
        yield from _LEFT.finditer(text)
        if "这里写" in text:
            yield from _of_start(form).finditer(text)


@lru_cache(maxsize=8)
def _of_start(form: Form) -> re.Pattern[str]:
    """What a file to start from has in the place of prose."""
    return re.compile("|".join(re.escape(of_prose(each)) for each in form.prose.values()))


def _single(text: str, names: frozenset[str]) -> Iterator[re.Match[str]]:
    """The quotes in single brackets: other words in brackets are the clerk's own affair."""
    for found in _SINGLE.finditer(text) if names else ():
        if found[1] in (names if found[2] else _FACTS):
            yield found


def _names(form: Form) -> frozenset[str]:
    """What the path of a quote may begin with, the names of rows with it: a clerk may forget the table."""
    rows = (name for (*groups, row), _ in form.addresses.items() for name in (*groups, row))
    fee = (form.fee.name,) if form.fee else ()
    return frozenset((*(table.name for table in form.tables), *rows, *fee, *FIELDS.values()))


def _message(where: str, left: str) -> str:
    said = f"{where}里有没有替换的文字“{short(left)}”。"
    brackets = (left.count("{") + left.count("｛"), left.count("}") + left.count("｝"))
    return f"{said}引用的两头各要写两个大括号。" if sum(brackets) in (2, 3) else said


def _fields(report: Report) -> Iterator[tuple[str, str]]:
    """The texts beside the prose, by about-key."""
    yield "organ", report.organ.name
    yield "title", "".join(report.title)
    for law in report.laws:
        yield "laws", law
    yield "short", report.organ.short if report.organ.short != report.organ.name else ""
    for name in _CONTACT:
        yield name, getattr(report.contact, name)
