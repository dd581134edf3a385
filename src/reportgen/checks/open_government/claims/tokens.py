"""Sentences of a report as signs: each numeral and each word of the lexicon becomes one.

What the words are stands in ``lexicon.yaml`` and in the form; here they are found, longest first.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from reportgen.checks.contract import Found, place_at
from reportgen.chinese.numerals import Number, scan
from reportgen.model.form import Form
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Place

COUNT, PERCENT, YEAR, DATE, MARK, OTHER = "#％ＹＤＥ＠"
"""The signs that stand for numerals; the unit of a count stays behind its sign."""

_SIGNS = {"count": COUNT, "percent": PERCENT, "year": YEAR, "date": DATE, "mark": MARK, "other": OTHER}
_STOP = re.compile(r"[。！？!?\n]+")
_KEPT = re.compile(r"[^\s\u3000\xa0“”‘’\"'「」#％ＹＤＥ＠]+")
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
        lexicon: the words that it is read by.
        about: the paragraph's key, ``overview.2``.
        paragraph: where it stands.
        section: where that stands: the prose, the heading, and the paragraph before its own.
        words: the sentence with signs for its numerals.
        origin: for every character of ``words`` its index in the paragraph's text.
        numbers: the numerals by their index in ``words``.
        start: the index of its first character in the paragraph's text.
        end: the index in the paragraph's text behind it.
        preceding: the sentence before it in the paragraph as typed; empty for the first.
    """

    lexicon: "Lexicon"
    about: str
    paragraph: Paragraph
    section: Section
    words: str = ""
    origin: tuple[int, ...] = ()
    numbers: dict[int, Number] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    preceding: str = ""

    def says(self, pattern: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Where a pattern of the lexicon first fits the words from one index to another."""
        end = len(self.words) if end is None else end
        return self.lexicon.patterns[pattern].search(self.words, max(0, start), end)

    def quote(self, start: int, end: int) -> str:
        """The words as typed from one index to another."""
        number = self.numbers.get(end - 1)
        return self.paragraph.text[self.origin[start] : number.end if number else self.origin[end - 1] + 1]

    def place(self, index: int) -> Place:
        """Where a numeral stands, its unit left out."""
        number = self.numbers[index]
        return place_at(self.paragraph, number.start, number.end - number.start)

    def end_of(self, index: int) -> int:
        """The index behind a numeral and its unit."""
        return index + 1 + len(self.numbers[index].unit if self.words[index] == COUNT else "")


def sentences(report: Report) -> Iterator[Sentence]:
    """Every sentence of chapters one, five and six that has a number, denies or says all."""
    lexicon = lexicon_of(report.form)
    for key, prose in report.prose.items() if lexicon.patterns.texts else ():
        section = Section(key)
        for number, paragraph in enumerate(prose, 1):
            text = paragraph.text
            short = len(text) < _LONGEST_HEADING and "。" not in text and "件" not in text
            if short or paragraph.kind == "heading":
                section = Section(key, text)
            if key != "preface":
                yield from _of_paragraph(Sentence(lexicon, f"{key}.{number}", paragraph, section))
            section = Section(key, section.heading, "" if lexicon.patterns["marked"].match(text) else text)


def _of_paragraph(blank: Sentence) -> Iterator[Sentence]:
    """The sentences of a paragraph that are worth reading; ``blank`` stands where they stand."""
    text, worth = blank.paragraph.text, blank.lexicon.patterns["worth"]
    if not worth.search(text):
        return
    numerals = scan(text)
    starts, ends = [each.start for each in numerals], [each.end for each in numerals]
    start, preceding = 0, ""
    for stop in (*_STOP.finditer(text), None):
        end = stop.start() if stop else len(text)
        if end > start and worth.search(text, start, end):
            inside = numerals[bisect_left(starts, start) : bisect_right(ends, end)]
            yield _sentence(blank, (start, end), preceding, inside)
        preceding = text[start:end].strip() or preceding
        start = stop.end() if stop else end


def _sentence(blank: Sentence, span: tuple[int, int], preceding: str, numerals: Sequence[Number]) -> Sentence:
    """A sentence with its words: without blanks, and without brackets that hold no number.

    其他处理（含撤回）3件 is 其他处理3件.
    """
    lexicon, about, paragraph, section = blank.lexicon, blank.about, blank.paragraph, blank.section
    pieces: list[str] = []
    origin: list[int] = []  # one for each character of the words
    numbers: dict[int, Number] = {}
    at = span[0]
    for each in (*numerals, None):
        for found in _KEPT.finditer(paragraph.text, at, each.start if each else span[1]):
            pieces.append(found[0])
            origin.extend(range(*found.span()))
        if each:
            numbers[len(origin)] = each
            pieces.append(_SIGNS[each.kind])
            origin.append(each.start)
            at = each.end
    words = "".join(pieces)
    idle = lexicon.idle(words) if "（" in words or "(" in words else ()
    if idle:
        keep = [index for index in range(len(words)) if index not in idle]
        words = "".join(words[index] for index in keep)
        origin = [origin[index] for index in keep]
        numbers = {new: numbers[old] for new, old in enumerate(keep) if old in numbers}
    return Sentence(lexicon, about, paragraph, section, words, tuple(origin), numbers, *span, preceding)


# ── the lexicon: words, their signs, and what they mean in a form ─────────────────────────────────────


class Concept(NamedTuple):
    """What sentences speak of.

    Attributes:
        key: its name, one word.
        sign: its letter in the patterns of ``grammar``.
        code: the rule that compares it.
        family: ``request``, ``result``, ``applicant``, ``dispute``, ``outcome``, ``document`` or ``act``.
        rows: the rows whose figures it adds up, ``deny_*`` for all that begin so; several choices where
            offices count in more than one way.
        columns: the columns that it adds up; of a document those that it may be, any of them.
        matter: what it is a word of: ``requests``, ``papers``, ``disputes``, ``disclosure`` or ``others``;
            ``soft`` where that is seen by the words around, empty where it is a word of nothing.
        unsure: True for words that may mean other figures, too.
    """

    key: str
    sign: str
    code: str = ""
    family: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ("total",)
    matter: str = ""
    unsure: bool = False


class Token(NamedTuple):
    """A word or numeral of a sentence: its sign, what it means, and where it stands in the words."""

    sign: str
    concept: Concept
    start: int
    end: int


_NAMED = re.compile(r"«(\w+)»")
_GROUPS = re.compile(r"\(([^()]*)\)(\?)?|([^()]+)")
_NUMBERING = re.compile(r"(?:[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十\d]+[.、．])")
_UNSAID = re.compile(r"[（(].*?[)）]|[\s\u3000\xa0“”‘’\"'「」]")
"""What sentences leave out, and what a sentence that is to be read has lost."""
_PUNCTUATION = dict(zip("，,；;：:（(）)、", ",,;;::(()) 、".replace(" ", ""), strict=True))
UNKNOWN, FILLERS = "?", ".¿"
_PLAIN = Concept("", "")


def spelled(text: str) -> Iterator[str]:
    """Every word that the lexicon writes as one: ``(予以/同意)?公开`` is 公开, 予以公开 and 同意公开."""
    for word in text.split():
        if "(" not in word:
            yield word
            continue
        parts = []
        for group, optional, plain in _GROUPS.findall(word):
            parts.append([plain] if plain else [*group.split("/"), *([""] if optional else [])])
        yield from map("".join, product(*parts))


class Patterns(dict[str | tuple[str, ...], re.Pattern[str]]):
    """The patterns of a lexicon by their names, each compiled when it is first asked for.

    A name may stand with what is to be filled in: ``["part", "件"]``. «name» in a pattern is another of them.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Know the patterns as the lexicon writes them, with spaces that mean nothing."""
        super().__init__()
        self.texts = texts

    def __missing__(self, key: str | tuple[str, ...]) -> re.Pattern[str]:
        """The pattern of this name."""
        name, *filled = (key,) if isinstance(key, str) else key
        text = self.texts[name]
        while "«" in text:
            text = _NAMED.sub(
                lambda it: filled[int(it[1]) - 1] if it[1].isdigit() else self.texts[it[1]], text
            )
        return self.setdefault(key, re.compile("".join(text.split())))


class Lexicon:
    """The words of one form: for each its concept; small words have one of their class."""

    def __init__(self, form: Form) -> None:
        """Read what the form carries and what its rows and columns are called."""
        data = form.lexicon
        self.patterns = Patterns(data.get("patterns", {}))
        self.units = {of: frozenset(units) for of, units in data.get("units", {}).items()}
        self.others: Mapping[str, str] = data.get("others", {})
        self.becomes: Mapping[str, str] = data.get("becomes", {})
        self.areas: Mapping[str, str] = data.get("areas", {})
        self._known: dict[Any, Any] = {}
        self.concepts: dict[str, Concept] = {}
        for key, each in data.get("concepts", {}).items():
            rows = tuple(tuple(choice) for choice in each.get("rows", ()))
            columns = tuple(each.get("columns", ("total",)))
            plain = key, each["sign"], each["code"], each["family"]
            self.concepts[key] = Concept(*plain, rows, columns, unsure=bool(each.get("unsure")))
        self.words: dict[str, Concept] = {sign: Concept(plain, plain) for sign, plain in _PUNCTUATION.items()}
        for key, words in data.get("said", {}).items():
            self._add(words, self.concepts[key])
        self._add_rows(form, data)
        for key, words in data.get("words", {}).items():
            sign, _, name = key.partition(" ")
            self._add(str(words), Concept(name, sign))
        for known, words in data.get("own", {}).items():
            self.words.update((word, self.words[known]) for word in spelled(words) if known in self.words)
        matters: Mapping[str, str] = data.get("matters", {})
        for named in (self.concepts, self.words):
            for key, concept in named.items():
                matter = matters.get(concept.key) or matters.get(concept.sign, "")
                named[key] = concept._replace(matter=matter)
        lengths: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {start: tuple(sorted(each, reverse=True)) for start, each in lengths.items()}

    def _add(self, words: str, concept: Concept) -> None:
        for word in spelled(words):
            self.words.setdefault(word, concept)

    def _add_rows(self, form: Form, data: Mapping[str, Any]) -> None:
        single = (each.rows[0] for each in self.concepts.values() if len(each.rows) == 1)
        meant = {row for rows in single for row in rows}
        for key, row, column in form.cells():
            if form.index[key][0].key == "requests" and not {row.key, f"{row.key}_*"} & meant:
                label = _as_said(row.path[-1]) if row.said != "" else ""
                self._add(
                    f"{label} {row.said or ''}",
                    self._own(Concept(row.key, "T", "N06", "result", ((row.key,),))),
                )
            elif column.key in ("decisions", "amount"):
                words = f"{row.path[-1]} {data.get('acts', {}).get(row.key, '')}"
                concept = Concept(row.key, "B", "N11", "act", ((row.key,),), (column.key,))
                self._add(words, self._own(concept))
        columns = {key.column: column for key, _, column in form.cells() if key.row == "new"}
        depth = min((len(column.path) for column in columns.values()), default=0)
        inner = tuple(key for key, column in columns.items() if len(column.path) > depth)
        for name, keys in {
            **{key: (key,) for key in columns},
            "organisations": inner,
            "companies": inner,
            "others": ("other",) if "other" in columns else (),
        }.items():
            if keys and name not in ("other", "total"):  # which tell nothing
                rows = (("new",), ("new", "carry_in"))
                concept = self._own(Concept(name, "A", "N07", "applicant", rows, keys))
                self._add(_as_said(columns[name].path[-1]) if name in columns else "", concept)
                self._add(str(data.get("columns", {}).get(name, "")), concept)

    def _own(self, concept: Concept) -> Concept:
        """A concept of this form, under a name that no other has."""
        known = self.concepts.get(concept.key)
        if known and known.sign != concept.sign:
            concept = concept._replace(key=f"{concept.key}_itself")
        return self.concepts.setdefault(concept.key, concept)

    def idle(self, words: str) -> set[int]:
        """The indices of brackets without a number, but for those that name a concept."""
        return {
            index
            for found in self.patterns["idle"].finditer(words)
            if "以下简称" in found[0] or not self.patterns["says_concept"].search(found[0])
            for index in range(*found.span())
        }

    def remembered(self, words: str, rest: Hashable, reckon: Callable[[], Found]) -> Found:
        """What is reckoned of words, and of what else it rests on; offices say much in the same words."""
        found: Found | None = self._known.get((words, rest))
        if found is None:
            found = reckon()
            if len(words) <= _LONGEST_KEPT and len(self._known) < _MOST_KEPT:
                self._known[words, rest] = found
        return found

    def tokens(self, sentence: Sentence) -> Sequence[Token]:
        """The sentence as tokens, the longest words first."""
        ends = tuple((at, sentence.end_of(at)) for at in sentence.numbers)
        return self.remembered(sentence.words, ends, lambda: self.scanned(sentence.words, dict(ends)))

    def scanned(self, words: str, numerals: Mapping[int, int]) -> list[Token]:
        """A text as tokens; ``numerals`` are the indices of numerals with those behind their units."""
        found: list[Token] = []
        at, unknown = 0, -1
        while at < len(words):
            if at in numerals:
                end, concept = numerals[at], _NUMERALS[words[at]]
            else:
                end, concept = self._longest(words, at)
            if end > at and unknown >= 0:
                found.append(Token(UNKNOWN, _PLAIN, unknown, at))
                unknown = -1
            if end > at:
                found.append(Token(concept.sign, concept, at, end))
            elif unknown < 0:
                unknown = at
            at = max(end, at + 1)
        return [*found, Token(UNKNOWN, _PLAIN, unknown, at)] if unknown >= 0 else found

    def _longest(self, words: str, at: int) -> tuple[int, Concept]:
        """The longest word at an index: where it ends and what it means; the index itself where none is."""
        for length in self._lengths.get(words[at : at + 2], ()):
            word = words[at : at + length]
            if word in self.words:
                return at + len(word), self.words[word]
        single = self.words.get(words[at])
        return (at + 1, single) if single else (at, _PLAIN)


_LONGEST_KEPT, _MOST_KEPT = 400, 4_000
"""What is remembered of words is no book: so long they are, and so many."""

_NUMERALS = {_SIGNS[kind]: Concept(kind, sign) for kind, sign in zip(_SIGNS, "NPYQMZ", strict=True)}


def _as_said(label: str) -> str:
    return _UNSAID.sub("", _NUMBERING.sub("", label, count=1))


lexicon_of = lru_cache(maxsize=8)(Lexicon)
"""The lexicon of a form, read once a process."""
