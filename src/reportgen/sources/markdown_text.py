"""Markdown and plain text, as offices copy their reports from web pages, into the clerk's nodes."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from reportgen.model.form import Form
from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Mapping, Run
from reportgen.problems import Finding, Place, fault
from reportgen.safe.decoding import text_of, with_usual_letters, without_unseen
from reportgen.sources import Source, misnamed

_MARKS = re.compile(
    r"[ \u3000]{0,3}(#{1,6})[ \u3000]*+((?>(?:[^ \u3000#]++|[ \u3000#]++(?=[^ \u3000#]))*))[ \u3000#]*$"
)
_ITEM = re.compile(r"\s*[-*+•·][ \t\u3000]+(?=\S)")
_SENTENCE = re.compile(r".*[。！？；：:;!?…”）)]\s*")
_BOLD = re.compile(r"(?<!\\)(?:\*\*|__)(?=\S)|<(b|strong)>", re.I)
_BOLD_ENDS = {
    "": re.compile(r"(?<=[^\s\\])(?:\*\*|__)"),
    "b": re.compile("</b>", re.I),
    "strong": re.compile("</strong>", re.I),
}
_LINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>", re.I)
_TAG = re.compile(r"</?[a-z][a-z0-9]*+(?:\s[^<>]*)?/?>", re.I)
_TAG_OR_COMMENT = re.compile(rf"{_TAG.pattern}|<!--.*?-->", re.I | re.S)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STROKED = re.compile(r"^[^|\n]*\|[^|\n]*\|.*$", re.M)
_STROKE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(
    r"\s*+-{3,}+\s*+"
    r"|\s*+(?:\|\s*+)?:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)+\|?\s*+"
    r"|\s*+\|\s*+:?-{2,}+:?\s*+\|\s*+"
)
_GAP = re.compile(r"[ \xa0]{2,}|[ \xa0]*\u3000[ \u3000\xa0]*|[ \xa0](?=[-\d.]+(?:[ \u3000\xa0]|$))")
_FIGURE = re.compile(r"[-\d.,]*\d|[-—/]")
_NO_ROW = re.compile(r"[。；]|(?<!单位)：|20\d\d")
_FEWEST_ROWS = 10
_LONGEST_LABEL = 20
_MOST_WRAPPED = 0.8
_MOST_CELLS = 20_000
"""So many cells no report has: its three tables have three hundred."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text; ``cells`` are (text, column from 1) and empty outside tables."""

    number: int
    text: str
    cells: tuple[tuple[str, int], ...] = ()

    @property
    def column(self) -> int:
        """Where its first visible character stands, from 1."""
        return len(self.text) - len(self.text.lstrip()) + 1


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the text is written: which file, with heading marks or without, a paragraph on each line or not."""

    file: str
    marked: bool
    line_by_line: bool


def document_of(text: str, file: str) -> Document:
    """The paragraphs and tables of a text, each with its line and column."""
    fewest = 1 if len(_STROKED.findall(text)) >= _FEWEST_ROWS else 2
    lines = [
        _Line(number, line, tuple(_cells(line, fewest)))
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)
        if not _RULE.fullmatch(line)
    ]
    if not any(line.cells for line in lines):
        lines = _parted_by_blanks(lines)
    marked = any(_MARKS.match(line.text) for line in lines)
    manner = _Manner(file, marked, _stands_line_by_line(lines))
    return tuple(_parts(lines, manner))


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The clerk's nodes of a report in Markdown or plain text."""
    text, findings = text_of(content, name)
    if text is None:
        return None, findings
    text, unseen = without_unseen(text, name)
    text, folded = with_usual_letters(text, name)
    findings += unseen + folded
    if yaml := misnamed(text, name):
        return None, (*findings, *yaml)
    if text.count("|") + text.count("\t") > _MOST_CELLS:
        fix = "请检查文件，删去多余的内容。"
        return None, (fault("F01", "文件里的表格过大，不像一份年报，没有读", Place(name), fix),)
    from reportgen.recognising import recognise  # slow to import, and a clerk's YAML does not need it

    node, more = recognise(document_of(text, name), forms)
    return node, findings + more


SOURCE = Source("Markdown 或纯文本", (".md", ".markdown", ".txt"), read)


def _cells(line: str, fewest: int) -> Iterator[tuple[str, int]]:
    """The cells of a table's line: between tabs, or between upright strokes, so many at least."""
    if line.strip().startswith("|") and line.count("|") > 1:
        start = line.index("|") + 1
        end = line.rindex("|") if line.rstrip().endswith("|") else len(line)
        yield from _split(line[start:end], _STROKE, start)
    elif len(_STROKE.findall(line)) >= fewest:
        yield from _split(line, _STROKE, 0)
    elif line.count("\t") > 1 or len(line.strip().split("\t")) > 1 or re.search(r"\S\t$", line):
        yield from _split(line, re.compile(r"\t"), 0)


def _parted_by_blanks(lines: list[_Line]) -> list[_Line]:
    """The lines of a text without tabs or strokes; tables whose cells only blanks part have their cells."""
    rows = [_by_blanks(line) for line in lines]
    figures = sum(_ends_in_figure(row) for row in rows)
    return [row if figures >= _FEWEST_ROWS else line for line, row in zip(lines, rows, strict=True)]


def _by_blanks(line: _Line) -> _Line:
    """A line as a row of a table, if it ends in a figure or is a row of short labels."""
    if _NO_ROW.search(line.text):
        return line
    row = replace(line, cells=tuple(each for each in _split(line.text, _GAP, 0) if each[0]))
    labels = len(row.cells) > 1 and all(len(text) <= _LONGEST_LABEL for text, _ in row.cells)
    return row if labels or _ends_in_figure(row) else line


def _ends_in_figure(line: _Line) -> bool:
    return len(line.cells) > 1 and _FIGURE.fullmatch(line.cells[-1][0]) is not None


def _split(text: str, border: re.Pattern[str], before: int) -> Iterator[tuple[str, int]]:
    start = 0
    for match in (*border.finditer(text), None):
        end = match.start() if match else len(text)
        raw = text[start:end]
        indent = len(raw) - len(raw.lstrip())
        yield "".join(run.text for run in _runs(raw.strip())), before + start + indent + 1
        start = match.end() if match else end


def _stands_line_by_line(lines: list[_Line]) -> bool:
    """True if lines that follow each other without a blank one are paragraphs of their own."""
    words = [bool(line.text.strip()) and not line.cells and not _MARKS.match(line.text) for line in lines]
    uppers = [lines[at].text for at, both in enumerate(pairwise(words)) if all(both)]
    whole = sum(bool(_SENTENCE.fullmatch(text)) or len(text.strip()) < 25 for text in uppers)
    return bool(uppers) and whole >= _MOST_WRAPPED * len(uppers)


def _parts(lines: list[_Line], manner: _Manner) -> Iterator[FoundParagraph | FoundTable]:
    """Paragraphs and tables in order; blank lines inside a table do not end it."""
    rows: list[_Line] = []
    held: list[_Line] = []
    for line in (*lines, None):
        if line is not None and line.cells:
            yield from _paragraph(held, manner)
            held = []
            rows.append(line)
            continue
        if rows and (line is None or line.text.strip()):
            yield _table(rows, manner.file)
            rows = []
        if line is None or not line.text.strip() or (held and _begins_anew(held[-1], line, manner)):
            yield from _paragraph(held, manner)
            held = []
        if line is not None and line.text.strip():
            held.append(line)


def _begins_anew(upper: _Line, line: _Line, manner: _Manner) -> bool:
    alone = any(_level(each.text, manner) for each in (upper, line))
    return manner.line_by_line or alone or bool(_ITEM.match(line.text))


def _level(text: str, manner: _Manner) -> int:
    """How many heading marks a line has; a text without any marks has numbered headings instead."""
    if match := _MARKS.match(text):
        return len(match[1])
    if manner.marked:
        return 0
    from reportgen.recognising.outline import numbered_level  # slow to import, as above

    return numbered_level(text)


def _paragraph(held: list[_Line], manner: _Manner) -> Iterator[FoundParagraph]:
    if not held:
        return
    first = held[0]
    level = _level(first.text, manner)
    marks = _MARKS.match(first.text)
    item = None if level else _ITEM.match(first.text)
    start = marks.start(2) if marks else item.end() if item else first.column - 1
    pieces = [first.text[start:] if not marks else marks[2], *(line.text for line in held[1:])]
    runs = tuple(_runs(_joined(pieces)))
    if runs:
        place = Place(manner.file, first.number, start + 1)
        yield FoundParagraph(runs, place, level, bool(item))


def _joined(pieces: list[str]) -> str:
    """Lines of one paragraph: a blank between Latin words only."""
    text = ""
    for piece in (each.strip() for each in pieces):
        latin = text[-1:].isascii() and text[-1:].isalnum() and piece[:1].isascii() and piece[:1].isalnum()
        text += f" {piece}" if latin else piece
    return text


def _runs(text: str) -> Iterator[Run]:
    """The text without marks, in bold and plain stretches."""
    last = 0
    for start, end, words in _bold(text):
        yield from _run(text[last:start], bold=False)
        yield from _run(words, bold=True)
        last = end
    yield from _run(text[last:], bold=False)


def _bold(text: str) -> Iterator[tuple[int, int, str]]:
    """The bold stretches: begin, end, and the words between the marks.

    Where a mark's end was once not found, it is not looked for again: there is none further on either.
    """
    at = 0
    endless: set[str] = set()
    while begin := _BOLD.search(text, at):
        kind = (begin[1] or "").lower()
        end = None if kind in endless else _BOLD_ENDS[kind].search(text, begin.end() + (not kind))
        if end is None:
            endless.add(kind)
            at = begin.start() + 1
        else:
            yield begin.start(), end.end(), text[begin.end() : end.start()]
            at = end.end()


def _run(text: str, *, bold: bool) -> Iterator[Run]:
    bare = html.unescape(_without_tags(_LINK.sub(r"\1", text)))
    if bare := _ESCAPE.sub(r"\1", bare):
        yield Run(bare, bold)


def _without_tags(text: str) -> str:
    """The text without tags and comments; behind the last end of a comment none is looked for."""
    end = text.rfind("-->") + 3 if "-->" in text else 0
    return _TAG_OR_COMMENT.sub("", text[:end]) + _TAG.sub("", text[end:])


def _table(rows: list[_Line], file: str) -> FoundTable:
    found = tuple(
        tuple(FoundCell(text, Place(file, line.number, column)) for text, column in line.cells)
        for line in rows
    )
    return FoundTable(found, found[0][0].place)
