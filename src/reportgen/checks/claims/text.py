"""Sentences made easy to read for a program: a sign for each numeral, no blanks, no idle brackets."""

import re
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from reportgen.chinese.numerals import Number, scan
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report

COUNT, PERCENT, YEAR, DATE, MARK, OTHER = "#％ＹＤＥ＠"
"""The signs that stand for numerals; the unit of a count stays behind its sign."""

_SIGNS = {"count": COUNT, "percent": PERCENT, "year": YEAR, "date": DATE, "mark": MARK, "other": OTHER}
_STOP = re.compile(r"[。！？!?\n]+")
_KEPT = re.compile(r"[^\s\u3000\xa0“”‘’\"'「」#％ＹＤＥ＠]+")
_IDLE = re.compile(r"[（(](?![^（）()]*[#％])[^（）()]*[）)]")
_SAYS_CONCEPT = re.compile(r"公开|无法提供|不予处理|结转")
MARKED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}(?:[）)、.．]|是|方面)")
_LONGEST_HEADING = 30


class Section(NamedTuple):
    """Where a paragraph stands: the prose's key, the heading above, and the paragraph before it."""

    key: str
    heading: str = ""
    above: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence of a paragraph; equal to none but itself.

    Attributes:
        about: the paragraph's key, ``overview.2``.
        paragraph: where it stands.
        words: the sentence with signs for its numerals.
        origin: for every character of ``words`` its index in the paragraph's text.
        numbers: the numerals by their index in ``words``.
        before: what the paragraph says before it, as typed.
        section: where it stands: the prose, the heading, and the paragraph before its own.
        end: the index in the paragraph's text behind it.
    """

    about: str
    paragraph: Paragraph
    words: str
    origin: tuple[int, ...]
    numbers: dict[int, Number]
    before: str
    section: Section
    end: int

    def quote(self, start: int, end: int) -> str:
        """The words as typed from one index to another."""
        number = self.numbers.get(end - 1)
        return self.paragraph.text[self.origin[start] : number.end if number else self.origin[end - 1] + 1]

    def span(self, index: int) -> tuple[int, int]:
        """Where a numeral stands in the paragraph's text, its unit included."""
        number = self.numbers[index]
        return number.start, number.end

    def end_of(self, index: int) -> int:
        """The index behind a numeral and its unit."""
        return index + 1 + len(self.numbers[index].unit if self.words[index] == COUNT else "")


def sentences(report: Report) -> Iterator[Sentence]:
    """Every sentence of chapters one, five and six that has a number or denies something."""
    for key, prose in report.prose.items():
        section = Section(key)
        for number, paragraph in enumerate(prose, 1):
            text = paragraph.text
            if _is_heading(paragraph, text):
                section = Section(key, text)
            if key != "preface":
                yield from _of_paragraph(f"{key}.{number}", paragraph, section)
            section = Section(key, section.heading, "" if MARKED.match(text) else text)


def _is_heading(paragraph: Paragraph, text: str) -> bool:
    return paragraph.kind == "heading" or (
        len(text) < _LONGEST_HEADING and "。" not in text and "件" not in text
    )


_WORTH = re.compile(
    r"未|没有|无|零|维持|胜诉|败诉|[\d０-９一二三四五六七八九十两百千万](?=\s*+[余多来]?\s*+[件条元%％项份宗起个例次篇期场部户])|百分之"
)


def _of_paragraph(about: str, paragraph: Paragraph, section: Section) -> Iterator[Sentence]:
    text = paragraph.text
    if not _WORTH.search(text):
        return
    numerals = scan(text)
    start = 0
    for stop in (*_STOP.finditer(text), None):
        end = stop.start() if stop else len(text)
        if end > start and _WORTH.search(text, start, end):
            inside = [each for each in numerals if start <= each.start and each.end <= end]
            yield _sentence(about, paragraph, (start, end), inside, section)
        start = stop.end() if stop else end


def _sentence(
    about: str, paragraph: Paragraph, span: tuple[int, int], numerals: list[Number], section: Section
) -> Sentence:
    text, (start, end) = paragraph.text, span
    words: list[str] = []
    origin: list[int] = []  # one for each character of the words
    numbers: dict[int, Number] = {}
    at = start
    for each in (*numerals, None):
        stop = each.start if each else end
        for found in _KEPT.finditer(text, at, stop):
            words.append(found[0])
            origin.extend(range(*found.span()))
        if each:
            numbers[len(origin)] = each
            words.append(_SIGNS[each.kind])
            origin.append(each.start)
            at = each.end
    return _without_brackets(
        Sentence(about, paragraph, "".join(words), tuple(origin), numbers, text[:start], section, end)
    )


def _without_brackets(sentence: Sentence) -> Sentence:
    """The sentence without brackets that hold no number: 其他处理（含撤回）3件 is 其他处理3件."""
    if "（" not in sentence.words and "(" not in sentence.words:
        return sentence
    idle = [
        found.span()
        for found in _IDLE.finditer(sentence.words)
        if not _SAYS_CONCEPT.search(found[0]) or "以下简称" in found[0]
    ]
    if not idle:
        return sentence
    keep = [index for index in range(len(sentence.words)) if not any(a <= index < b for a, b in idle)]
    words = "".join(sentence.words[index] for index in keep)
    numbers = {new: sentence.numbers[old] for new, old in enumerate(keep) if old in sentence.numbers}
    return Sentence(
        sentence.about,
        sentence.paragraph,
        words,
        tuple(sentence.origin[index] for index in keep),
        numbers,
        sentence.before,
        sentence.section,
        sentence.end,
    )


# ── what several rules ask of one report is reckoned once ─────────────────────────────────────────────

Found = TypeVar("Found")


class once(Generic[Found]):
    """Decorator: keeps what a function gave for the last report, as long as somebody else keeps that report.

    One report at a time: a batch of thousands takes no more memory than one.
    """

    def __init__(self, reckon: Callable[[Report], Found]) -> None:
        """Take the function."""
        self._reckon = reckon
        self._kept: tuple[weakref.ref[Report], Found] | None = None

    def __call__(self, report: Report) -> Found:
        """What the function gives for the report."""
        kept = self._kept
        if kept is None or kept[0]() is not report:
            kept = self._kept = (weakref.ref(report, self._forget), self._reckon(report))
        return kept[1]

    def _forget(self, gone: weakref.ref[Report]) -> None:
        if self._kept and self._kept[0] is gone:
            self._kept = None
