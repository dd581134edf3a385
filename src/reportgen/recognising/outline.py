"""The outline of somebody's document: what stands before chapter one, and in each chapter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from reportgen.model.form import Block, Form, Row, Table
from reportgen.model.layout import PrintedCell, grid_of
from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Items, Run, Text
from reportgen.problems import Finding, Place
from reportgen.recognising.faults import fault
from reportgen.recognising.labels import best, is_figure, label_of, likeness
from reportgen.recognising.tables import home_of, is_of_table

_LONGEST = 45
_NUMBERED = re.compile(
    r"(?:(?P<chapter>[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]部分|第[一二三四五六七八九十]章)|[（(][一二三四五六七八九十]{1,3}[)）])"
    r"[^。；;]{1,38}(?<![：:，,])"
)
_ANY_CHAPTER = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|第\s*[一二三四五六七八九十\d]\s*(?:部分|章))"
)
_FEWEST_LISTED = 3
_CHAPTER_LEVEL = 2
_SENTENCE = re.compile(r"[。；;！!？?]")
_FURNITURE = re.compile(
    r"[（(]?\s*(?:单位[:：].{0,20}|续表.{0,6}|本列数据的勾稽关系.*|[-—\d\s]+)[）)]?\s*", re.S
)


@dataclass(slots=True)
class Section:
    """A chapter: its heading as found and what follows it. Number 0 is what stands before chapter one."""

    number: int
    heading: FoundParagraph | None = None
    parts: list[FoundParagraph | FoundTable] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[FoundParagraph]:
        """Its paragraphs without the tables."""
        return [part for part in self.parts if isinstance(part, FoundParagraph)]


@dataclass(frozen=True, slots=True)
class Outline:
    """A document by chapters; ``headings`` are all headings of their level, known or not, as found."""

    sections: tuple[Section, ...]
    headings: tuple[FoundParagraph, ...]

    def section(self, number: int) -> Section:
        """A chapter by its number; an empty one where the document has none."""
        return next((each for each in self.sections if each.number == number), Section(number))

    @property
    def tables(self) -> list[FoundTable]:
        """Every table in order."""
        return [part for each in self.sections for part in each.parts if isinstance(part, FoundTable)]

    @property
    def paragraphs(self) -> list[FoundParagraph]:
        """Every paragraph in order, without the headings."""
        return [part for each in self.sections for part in each.paragraphs]

    def own_headings(self, form: Form) -> tuple[FoundParagraph, ...]:
        """The headings as found if they are not the form's, letter by letter but for blanks; else none."""
        found = ["".join(each.text.split()) for each in self.headings]
        return () if found == list(form.headings) else self.headings


def outline_of(document: Document, form: Form) -> Outline:
    """The document cut at its chapter headings. Every part of it is in one of the sections."""
    sections = [Section(0)]
    headings: list[FoundParagraph] = []
    shown = without_contents(document, form)
    numbers = [_chapter(part, form) if isinstance(part, FoundParagraph) else 0 for part in shown]
    bare = {label_of(heading).words: at for at, heading in enumerate(form.headings, 1) if at not in numbers}
    for part, numbered in zip(shown, numbers, strict=True):
        number = numbered
        if bare and not number and isinstance(part, FoundParagraph):
            number = bare.get(label_of(part.text).words, 0)
        if isinstance(part, FoundParagraph) and number:
            headings.append(part)
            if all(number != each.number for each in sections):
                sections.append(Section(number, part))
                continue
        elif isinstance(part, FoundParagraph) and len(sections) > 1 and _is_extra(part):
            headings.append(part)
        sections[-1].parts.append(part)
    for number in range(1, len(form.headings) + 1):
        if all(number != each.number for each in sections):
            _part_unheaded(sections, number, form)
    return Outline(tuple(sections), tuple(headings))


def _part_unheaded(sections: list[Section], number: int, form: Form) -> None:
    """Give a chapter without heading what is plainly its own: its table and what follows, or its words."""
    drawn = any(each.chapter == number for each in form.tables)
    before = [each for each in sections if each.number < number and (drawn or each.number)]
    for section in before if drawn else before[-1:]:
        at = _table_at(section, number, form) if drawn else _words_at(section, number, form)
        if at is not None:
            sections.insert(sections.index(section) + 1, Section(number, parts=section.parts[at:]))
            del section.parts[at:]
            return


def _table_at(section: Section, number: int, form: Form) -> int | None:
    """Where a section has the table of a chapter."""
    homes = [home_of(part, form) if isinstance(part, FoundTable) else None for part in section.parts]
    return next((at for at, home in enumerate(homes) if home and home.chapter == number), None)


def _words_at(section: Section, number: int, form: Form) -> int | None:
    """Where a section begins to speak, behind its tables, of what a chapter is for."""
    chapter = form.chapters[number - 1]
    told = chapter.headed if number < len(form.headings) else chapter.title.replace("的", "的?")
    if form.fee and form.prose[form.fee.passage].chapter == number:
        told += f"|{form.fee.name}"
    found = None
    for at, part in enumerate(section.parts):
        if isinstance(part, FoundTable):
            found = None
        elif found is None and re.search(told, part.text):
            found = at
    return found


def without_contents(document: Document, form: Form) -> Document:
    """The document without a table of contents: chapter headings one under another that all come again."""
    numbers = [_chapter(part, form) if isinstance(part, FoundParagraph) else 0 for part in document]
    first = next((at for at, number in enumerate(numbers) if number), 0)
    end = first
    while end < len(document) and (numbers[end] or _is_entry(document[end])):
        end += 1
    listed = {number for number in numbers[first:end] if number}
    if len(listed) < _FEWEST_LISTED or not listed <= set(numbers[end:]):
        return document
    start = first - 1 if first and _is_contents(document[first - 1]) else first
    return document[:start] + document[end:]


def _is_entry(part: FoundParagraph | FoundTable) -> bool:
    """True for what may stand between the chapters in a table of contents: nothing, or a lower heading."""
    return isinstance(part, FoundParagraph) and (
        not part.text.strip() or numbered_level(part.text) > _CHAPTER_LEVEL
    )


def _is_contents(part: FoundParagraph | FoundTable) -> bool:
    return isinstance(part, FoundParagraph) and "".join(part.text.split()) in ("目录", "目次", "本页目录")


def with_headings_apart(document: Document, form: Form) -> Document:
    """The document with bold chapter headings that open a paragraph of text as paragraphs of their own."""
    return tuple(each for part in document for each in _apart(part, form))


def _apart(part: FoundParagraph | FoundTable, form: Form) -> Iterator[FoundParagraph | FoundTable]:
    if isinstance(part, FoundParagraph) and not part.level and len(part.runs) > 1 and part.runs[0].bold:
        count = next((at for at, run in enumerate(part.runs) if not run.bold), len(part.runs))
        head = replace(part, runs=part.runs[:count])
        if count < len(part.runs) and _chapter(head, form) and _ANY_CHAPTER.match(head.text):
            yield head
            yield replace(part, runs=part.runs[count:])
            return
    yield part


def numbered_level(text: str) -> int:
    """The heading marks that a line would have by its number alone: 一、 two, （一） three, else none."""
    match = _NUMBERED.fullmatch(text.strip())
    if not match:
        return 0
    return 2 if match["chapter"] else 3


def with_levels(document: Document) -> Document:
    """The document; where it has no headings at all, those that their numbers show."""
    parts = [part for part in document if isinstance(part, FoundParagraph)]
    if any(part.level > 1 for part in parts):
        return document
    return tuple(
        replace(part, level=part.level or numbered_level(part.text))
        if isinstance(part, FoundParagraph)
        else part
        for part in document
    )


def missing_chapters(outline: Outline, form: Form) -> Iterator[Finding]:
    """A fault of a document without any chapter's heading; else rule X04 tells what is missing."""
    if not outline.headings:
        fix = "请把各部分标题改成格式规定的字，每个标题单独一段。"
        yield fault("R10", f"没有认出这些部分的标题：{'、'.join(form.headings)}。", fix=fix)


def around_table(
    section: Section, table: Table, pieces: Sequence[FoundTable]
) -> tuple[list[FoundParagraph], list[FoundParagraph]]:
    """The paragraphs of a chapter above a table's first piece, and those behind it; without furniture."""
    first = next((at for at, part in enumerate(section.parts) if any(part is each for each in pieces)), 0)
    above, under = (
        [
            each
            for each in parts
            if isinstance(each, FoundParagraph) and not _is_furniture(each, section, table)
        ]
        for parts in (section.parts[:first], section.parts[first:])
    )
    return above, under


def _is_furniture(paragraph: FoundParagraph, section: Section, table: Table) -> bool:
    """True for what belongs to a table: a label, its unit, 续表, its chapter's heading said again."""
    if is_of_table(paragraph.text, table):
        return True
    if section.heading and label_of(paragraph.text).words == label_of(section.heading.text).words:
        return True
    return not paragraph.text.strip() or bool(_FURNITURE.fullmatch(paragraph.text))


def _chapter(paragraph: FoundParagraph, form: Form) -> int:
    """Which chapter a paragraph heads; 0 for none."""
    text = paragraph.text.strip()
    if len(text) > _LONGEST or _SENTENCE.search(text):
        return 0
    found = label_of(text)
    wanted = [label_of(each) for each in form.headings]
    if found in wanted:
        return wanted.index(found) + 1
    if found.number and _ANY_CHAPTER.match(text):
        return _numbered(text, found.number, form)
    if not paragraph.level or re.match(r"\s*[（(\d]", text):
        return 0
    alike = [likeness(found, each) for each in wanted]
    return alike.index(max(alike)) + 1 if max(alike) else 0


def _numbered(text: str, number: int, form: Form) -> int:
    """The chapter of a heading with a number: by number and like words, else by its words alone."""
    found = label_of(text)._replace(number=None)
    alike = [likeness(found, label_of(each)) for each in form.headings]
    if number <= len(alike) and (alike[number - 1] or re.search(form.chapters[number - 1].headed, text)):
        return number
    return alike.index(max(alike)) + 1 if max(alike) else 0


def _is_extra(paragraph: FoundParagraph) -> bool:
    """True for a heading of the chapters' level that is none of them."""
    text = paragraph.text.strip()
    heads = paragraph.level > 0 or (len(text) <= 20 and not re.search(r"[，,：:。；;]", text))
    return heads and bool(_ANY_CHAPTER.match(text))


# ── found paragraphs as the clerk's light Markdown, so that reading it gives the same paragraphs again ───

_SIGNS = re.compile(r"\\|\*|\{(?=\{)|<(?=https?://|mailto:)")
_FIRST = re.compile(r"#{1,6}(?=[ \t\u3000]*[^#\s])|-(?=[ \t]+\S)")
_FURTHEST = 60
"""A gap of more lines than this (a table, say) is not kept: the places behind it are then the text's own."""


def prose_node(paragraphs: Sequence[FoundParagraph]) -> Text | Items | None:
    """Paragraphs as one text, or a list of texts where paragraphs are counted; None for none.

    In a text file the lines keep their distances and their indents, so a place in the prose is the place
    in the file.
    """
    shown = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    if not shown:
        return None
    first = shown[0]
    if not first.place.column:
        texts = tuple(Text(_mark(each) + _marked(each), each.place) for each in shown)
        return texts[0] if len(texts) == 1 else Items(texts, first.place)
    pieces = [_mark(first) + _marked(first)]
    for upper, lower in pairwise(shown):
        pieces += ["\n" * _distance(upper, lower), _indent(lower), _mark(lower), _marked(lower)]
    start = max(first.place.column - len(_mark(first)), 1)
    return Text("".join(pieces), first.place._replace(column=start), indent=1)


def _distance(upper: FoundParagraph, lower: FoundParagraph) -> int:
    apart = lower.place.line - upper.place.line
    return apart if 2 <= apart <= _FURTHEST else 2


def _indent(paragraph: FoundParagraph) -> str:
    return " " * (paragraph.place.column - 1 - len(_mark(paragraph)))


def _mark(paragraph: FoundParagraph) -> str:
    """What stands before its words."""
    if paragraph.level:
        return f"{'#' * min(paragraph.level, 6)} "
    return "- " if paragraph.item else ""


def _marked(paragraph: FoundParagraph) -> str:
    text = "".join(_runs(paragraph.runs)).strip()
    if paragraph.level:
        return f"\\{text}" if text.startswith("#") else text
    if paragraph.item:
        return text
    return _FIRST.sub(lambda match: f"\\{match[0]}", text, count=1) if _FIRST.match(text) else text


def _runs(runs: Sequence[Run]) -> Iterator[str]:
    """Neighbours of one look together, bold ones between their marks."""
    for bold, group in groupby(runs, key=lambda run: run.bold):
        words = "".join(run.text for run in group).replace("\n", " ")
        text = _SIGNS.sub(lambda match: f"\\{match[0]}", words)
        yield f"**{text}**" if bold and text else text


# ── tables that came through copying as mere lines, a cell on each: put together again by the form's labels

_FEWEST = 3
"""So many rows of a table must be found with all their figures."""

_SURE = 0.9


def with_listed_tables(outline: Outline, form: Form) -> Outline:
    """The outline; a chapter that should have a table and has only its cells as lines gets the table back."""
    mended = [_mended(each, form) for each in outline.sections]
    left = {id(part) for each in mended for part in (each.heading, *each.parts)}
    headings = tuple(each for each in outline.headings if id(each) in left)
    return replace(outline, sections=tuple(mended), headings=headings)


def _mended(section: Section, form: Form) -> Section:
    table = next((each for each in form.tables if each.chapter == section.number), None)
    if table is None or any(isinstance(part, FoundTable) for part in section.parts):
        return section
    lines = [part for part in section.paragraphs if part.text.strip()]
    figures = _beside(table, lines) if table.arrangement == "beside" else _stacked(table, lines)
    if len(figures) < min(_FEWEST, len(_rows(table))):
        return section
    last = max(at for at, _ in figures.values())
    sentences = [line for line in lines[: last + 1] if "。" in line.text]
    return replace(section, parts=[_drawn(table, figures, lines), *sentences, *lines[last + 1 :]])


Figures = dict[tuple[str, str], tuple[int, FoundParagraph]]


def _stacked(table: Table, lines: Sequence[FoundParagraph]) -> Figures:
    """The figures of each row that has as many lines of figures behind its label as the form has columns."""
    found: Figures = {}
    for at, line in enumerate(lines):
        home = _row_of(table, line.text)
        if home is None:
            continue
        block, row = home
        cells = lines[at + 1 : at + 1 + len(block.columns)]
        if len(cells) == len(block.columns) and all(is_figure(each.text) for each in cells):
            for count, (column, cell) in enumerate(zip(block.columns, cells, strict=True), start=1):
                found.setdefault((row.key, column.key), (at + count, cell))
    return found


def _row_of(table: Table, text: str) -> tuple[Block, Row] | None:
    rows = _rows(table)
    index, score = best(text, [row.path[-1] for _, row in rows])
    return rows[index] if score > _SURE else None


def _rows(table: Table) -> list[tuple[Block, Row]]:
    return [(block, row) for block in table.blocks for row in block.rows]


def _beside(table: Table, lines: Sequence[FoundParagraph]) -> Figures:
    """The figures of the only row: the first lines of figures in a row, as many as the form has columns."""
    cells = [key for key, _, _ in table.cells()]
    for at in range(len(lines) - len(cells) + 1):
        if all(is_figure(each.text) for each in lines[at : at + len(cells)]):
            return {(key.row, key.column): (at + n, lines[at + n]) for n, key in enumerate(cells)}
    return {}


def _drawn(table: Table, figures: Figures, lines: Sequence[FoundParagraph]) -> FoundTable:
    """The form's own grid with the figures in it; rows that have none are left out, to be missed."""
    grid = grid_of(table)
    known = {row for row, _ in figures}
    start = lines[0].place
    rows: list[tuple[FoundCell, ...]] = []
    for number in range(1, grid.rows + 1):
        cells = sorted((cell for cell in grid.cells if cell.row == number), key=lambda cell: cell.column)
        keys = {cell.key.row for cell in cells if cell.key}
        if not keys or keys & known:
            rows.append(tuple(_cell(cell, figures, start) for cell in cells))
    return FoundTable(tuple(rows), start)


def _cell(cell: PrintedCell, figures: Figures, start: Place) -> FoundCell:
    if cell.key is None:
        rows = 1 if cell.role == "label" else cell.rows  # the rows that it reaches over may be left out
        return FoundCell(cell.text, start, rows, cell.columns)
    _, line = figures[cell.key]
    return FoundCell(line.text.strip(), line.place, cell.rows, cell.columns)
