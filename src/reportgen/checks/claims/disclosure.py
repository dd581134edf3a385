"""What the sentences say of documents, permits, penalties and fees, against table two."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from reportgen.checks.claims.figures import agrees, places_of
from reportgen.checks.claims.parsing import understood
from reportgen.checks.claims.text import Sentence, once
from reportgen.checks.claims.topics import ours, when
from reportgen.checks.contract import Context, Fault, numbered_table, rule
from reportgen.model.form import CellKey, Form
from reportgen.model.prose import HAN
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_BASIS = "《条例》第二十条、第五十条；国务院办公厅年报格式"
_IS = "(?:数量|件数|总数|数|共计|共|合计|累计|总计|为|有|是|达到|达|了|：)*"
_DOCUMENT = "(?P<document>(?:行政)?规范性文件|(?:政府|市政府|省政府|部门)?规章)"
_MAKES = "新?(?:制发|制定|制作|出台)(?:并(?:公开|公布|发布|印发))?(?:了)?"
_KIND = "(?:规范性文件|规章)"
_COUNTED = f"[：，]?(?:(?:(?!{_KIND})[^，；])" + "{0,8}#[件份个部][、，；])*"
_KEPT = f"[：，]?(?:(?:(?!{_KIND}|废止|失效)[^，；])" + "{0,8}#[件份个部][、，；])*"
"""Other numbers of the same documents: of those made, before those repealed."""
_THREE = "：?(?:制发|制定)(?:件数|数)?、废止(?:件数|数)?(?:、|和|及)现行有效(?:件数|数)?分别(?:为|是)"
_ENDS_FORCE = "(?:废止|宣布失效|宣布废止)(?:(?:和|或|及|、)(?:宣布)?失效)?(?:了)?"


class Wording(NamedTuple):
    """A way to tell a figure of table two: which rule, the pattern, the columns it may be (any of them)."""

    code: str
    pattern: re.Pattern[str]
    columns: tuple[str, ...]
    factor: int = 1


def _wording(code: str, pattern: str, columns: str, units: str = "[件份个部]") -> Wording:
    return Wording(
        code, re.compile(pattern.replace("№", f"(?P<number>#)(?={units})")), tuple(columns.split())
    )


_WORDINGS = (
    _wording("N11", f"{_MAKES}{_DOCUMENT}{_IS}№", "made new_made"),
    _wording("N11", f"{_MAKES}№[件份个部](?:的)?{_DOCUMENT}", "made new_made"),
    _wording("N11", f"{_MAKES}(?:行政)?{_KIND}{_IS}#[件份个部][、，]{_DOCUMENT}{_IS}№", "made new_made"),
    _wording("N11", f"{_DOCUMENT}：?(?:本年度?|今年|全年)?新?(?:制发|制定|制作|出台){_IS}№", "made new_made"),
    _wording("N11", f"{_DOCUMENT}{_THREE}№", "made"),
    _wording("N11", f"{_DOCUMENT}{_THREE}#[件份个部]、№", "repealed"),
    _wording("N11", f"{_DOCUMENT}{_THREE}#[件份个部]、#[件份个部]、№", "in_force"),
    _wording("N11", f"{_ENDS_FORCE}{_DOCUMENT}{_IS}№(?![件份个部][、，]?宣布失效)", "repealed"),
    _wording("N11", f"{_ENDS_FORCE}№[件份个部](?:的)?{_DOCUMENT}", "repealed"),
    _wording(
        "N11",
        f"(?<!废止)(?<!废止行政){_DOCUMENT}{_KEPT}(?:本年度?|今年|全年)?{_ENDS_FORCE}{_IS}№(?![件份个部][、，]?宣布失效)",
        "repealed",
    ),
    _wording("N11", f"现行有效(?:的)?{_DOCUMENT}{_IS}№", "in_force"),
    _wording(
        "N11",
        f"{_DOCUMENT}{_COUNTED}(?:目前|现|共)*现行有效(?:的)?{_IS}№",
        "in_force",
    ),
    _wording("N11", f"新公开{_DOCUMENT}{_IS}№", "new_public"),
    _wording("N11", f"{_DOCUMENT}{_COUNTED}(?:本年)?新公开{_IS}№", "new_public"),
    _wording("N11", f"对外公开{_DOCUMENT}{_IS}№", "all_public"),
    _wording("N11", f"{_DOCUMENT}{_COUNTED}对外公开{_IS}№", "all_public"),
    _wording(
        "N16",
        f"(?:主动)?(?:公开|公布|发布)(?:了)?(?:市政府|县政府|本机关|本级|部门)*{_DOCUMENT}{_IS}№",
        "made in_force new_public new_made",
    ),
    _wording(
        "N16",
        f"(?:主动)?公开(?:了)?[^；]*[，、](?:市政府|县政府|本级)*{_DOCUMENT}№",
        "made in_force new_public new_made",
    ),
)
_VERB = re.compile(f"(?:经?清理后|{_MAKES}|{_ENDS_FORCE}|(?:主动)?(?:公开|公布|发布))\\Z")
_PUBLISHED = re.compile("公开|公示|公布|发布|归集|录入|上传|推送|报送|信息")
_DECIDES = "(?:作出|做出|实施|下达|处理)(?:了)?(?:各类)?"
_KIND_OF = "行政"
"""How the names of decisions begin, once for all that a sentence lists: 行政许可和处罚."""
_CHARGED = CellKey("fees", "amount")
_IN_MYRIADS = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}


class _Acts(NamedTuple):
    """How sentences tell a form's decisions and charges: patterns, and the rows by what is decided."""

    listed: re.Pattern[str]
    after: re.Pattern[str]
    decided: re.Pattern[str]
    charges: re.Pattern[str]
    rows: dict[str, str]


@lru_cache(maxsize=8)
def _acts_of(form: Form) -> _Acts:
    rows = {
        row.path[-1].removeprefix(_KIND_OF): row.key
        for key, row, _ in form.cells()
        if key.column == "decisions" and row.path[-1].startswith(_KIND_OF)
    }
    kinds = "|".join(map(re.escape, rows)) or "(?!)"
    charged = "|".join(re.escape(row.path[-1]) for key, row, _ in form.cells() if key == _CHARGED) or "(?!)"
    return _Acts(
        re.compile(
            f"{_KIND_OF}(?P<kind>{kinds})(?:处理)?(?:决定)?(?:案件|措施)?{_IS}(?P<number>#)(?=[件宗起个项])"
        ),
        re.compile(
            f"{_DECIDES}(?P<number>#)[件宗起个项](?:的)?{_KIND_OF}(?P<kind>{kinds})(?:处理)?(?:决定)?(?!{HAN})"
        ),
        re.compile(f"{_DECIDES}{_KIND_OF}(?:{kinds})"),
        re.compile(f"(?:{charged})(?:收入|金额|总额|总金额|收取)*{_IS}(?P<number>#)(?P<unit>万元|亿元|元)"),
        rows,
    )


class _Told(NamedTuple):
    """A number that a sentence gives to cells of table two (it must be one of them)."""

    code: str
    sentence: Sentence
    span: tuple[int, int]
    at: int
    cells: tuple[CellKey, ...]
    sure: bool = True


@once
def _all(report: Report) -> tuple[_Told, ...]:
    return tuple(sorted(_each(report), key=lambda told: (told.sentence.about, told.at)))


def _each(report: Report) -> Iterator[_Told]:
    for sentence in understood(report)[1]:
        words = sentence.words
        if "规范性文件" in words or "规章" in words:
            yield from _documents(sentence, report)
        if "行政" in words:
            yield from _decisions(sentence, report)


def _documents(sentence: Sentence, report: Report) -> Iterator[_Told]:
    seen: set[int] = set()
    for wording in _WORDINGS:
        for found in wording.pattern.finditer(sentence.words):
            at = found.start("number")
            row = "regulations" if "规章" in found["document"] else "normative"
            cells = tuple(CellKey(row, column) for column in wording.columns if report.has(row, column))
            if cells and at not in seen and _is_ours(sentence, found, report):
                seen.add(at)
                sure = (
                    "行政" in found["document"] or row == "regulations" or not report.has("normative", "made")
                )
                yield _Told(wording.code, sentence, (found.start(), at), at, cells, sure)


def _is_ours(sentence: Sentence, found: re.Match[str], report: Report) -> bool:
    """True if the sentence speaks of this organ and this year."""
    begin = max(sentence.words.rfind(mark, 0, found.start()) for mark in "，；：（、") + 1
    now = when(sentence, begin, found.start("number"), report.year) == 0
    prefix = _VERB.sub("", sentence.words[begin : found.start()])
    return now and found.start("number") in sentence.numbers and ours(prefix, report)


def _decisions(sentence: Sentence, report: Report) -> Iterator[_Told]:
    words, acts = sentence.words, _acts_of(report.form)
    for found in acts.charges.finditer(words):
        yield _Told("N11", sentence, found.span(), found.start("number"), (_CHARGED,))
    if _PUBLISHED.search(words):
        return
    listed = acts.listed.finditer(words) if acts.decided.search(words) else ()
    for found in (*listed, *acts.after.finditer(words)):
        begin = max(words.rfind(mark, 0, found.start()) for mark in "，；：（、") + 1
        prefix = re.sub(f"{_DECIDES}\\Z", "", words[begin : found.start()])
        if when(sentence, begin, found.start(), report.year) == 0 and ours(prefix, report):
            cell = CellKey(acts.rows[found["kind"]], "decisions")
            yield _Told("N11", sentence, found.span(), found.start("number"), (cell,))


def _wrong(code: str, report: Report) -> Iterator[Fault]:
    for told in _all(report):
        number = told.sentence.numbers.get(told.at)
        cells = [cell for cell in told.cells if cell in report.form.index]
        if told.code != code or not cells or number is None or number.vague:
            continue
        if number.unit in _IN_MYRIADS:
            factor = _IN_MYRIADS[number.unit]
            number = number._replace(value=number.value * factor, step=number.step * factor)
        if not any(agrees(number, report.cells[cell].value) for cell in cells):
            yield _fault(told, cells, report)


def _fault(told: _Told, cells: list[CellKey], report: Report) -> Fault:
    words = told.sentence.words
    start = max(told.span[0], *(words.rfind(mark, 0, told.at) + 1 for mark in "，、；"))
    quote = told.sentence.quote(min(start, told.at), told.sentence.end_of(told.at))
    return Fault(
        f"正文写“{quote}”，与{numbered_table(report, cells[0])}中的数不一致。",
        (told.sentence.about, *cells),
        "，或者 ".join(f"{_name(cell, report)} {report.cells[cell].value}" for cell in cells),
        quote,
        places=places_of(told.sentence, told.at, tuple(cells), report),
        level=None if told.sure else Level.WARNING,
    )


def _name(cell: CellKey, report: Report) -> str:
    _, row, column = report.form.index[cell]
    unit = column.unit if column.unit == "万元" else ""
    return f"{row.name}·{column.name}{f'（{unit}）' if unit else ''}"


@rule(
    "N11",
    Level.ERROR,
    Ground.PROSE,
    title="正文的文件、许可、处罚、收费数与表二不一致",
    what="正文写的规章、行政规范性文件制发、废止、现行有效件数，作出行政许可、处罚、强制的件数，行政事业性收费金额，等于表二的同名各格。",
    why="同一件事在正文和表里是两个数，读者不知道该信哪一个。",
    basis=_BASIS,
    fix="对照台账，改正错的那一个：改文字或者改表中的数。",
    in_yaml="YAML 里可以用 {{ }} 引用表中的数，就不会不一致。",
)
def acts(report: Report, _context: Context) -> Iterator[Fault]:
    """Figures of table two that a sentence tells otherwise."""
    yield from _wrong("N11", report)


@rule(
    "N16",
    Level.WARNING,
    Ground.PROSE,
    title="正文的公开文件数与表二不一致",
    what="正文写的主动公开规章、行政规范性文件件数，等于表二的制发（新公开）件数，或者现行有效件数。",
    why="公开的文件数与制发的文件数通常相同；不同的，读者会问为什么。",
    basis=_BASIS,
    fix="对照台账改正；口径不同的，在正文里说明。",
)
def published(report: Report, _context: Context) -> Iterator[Fault]:
    """Published documents that are neither those made nor those in force."""
    yield from _wrong("N16", report)
