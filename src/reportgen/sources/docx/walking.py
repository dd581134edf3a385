"""Goes through a Word document: paragraphs and tables in order, as a reader sees them.

The package is opened with care (it comes from anywhere) and walked with lxml: python-docx repeats merged
cells and is ten times slower. The walk knows what it may pass over; everything else it reads or names.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from lxml import etree

from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Run, Shown
from reportgen.problems import Finding, Place, short
from reportgen.recognising.faults import fault
from reportgen.safe.package import Danger, Strange
from reportgen.sources.docx.grid import WIDEST, GridCell, Shape, columns_before, inside, merged, shape_of
from reportgen.sources.docx.leftovers import unwalked
from reportgen.sources.docx.numbering import Numbers
from reportgen.sources.docx.package import (
    Package,
    member,
    members,
    name_of,
    number_of,
    opened,
    parsed,
    shown_in,
    told,
    value_of,
)
from reportgen.sources.docx.styles import Styles, is_style_alone, styles_of
from reportgen.sources.docx.words import (
    DELETED,
    SILENT,
    THROUGH,
    Fields,
    Met,
    Words,
    is_bound,
    lines_of,
    unread,
)

_LONGEST = 300
"""A cell with more words than this is no cell of figures: the table only lays the page out."""

_SHORT = 1000
"""No plain cell's XML is longer.

Word, which numbers every paragraph and names many namespaces, writes longer: so what never comes again is
not kept.
"""

_DEEPEST = 6
_NOTHING_MET = Met()

_ALONE = Lock()


class Walked(NamedTuple):
    """A Word document walked through.

    Attributes:
        document: what a reader sees, with notes and text boxes behind their paragraph.
        body: the same without notes and text boxes.
        spots: each paragraph element, or each plain cell with the paragraphs in it, and its place.
        particular: each paragraph and its place, but for those that say nothing of their look but a style.
        styles: the ids of these styles.
        tables: each table element and its place.
        sides: of each header and footer its kind and its lines, watermarks too.
        package: the parts.
        findings: what was not read, or must not go on.
        grave: True if a program that opens the document would fetch or run something.
        shown: the words, for who holds a print against them.
    """

    document: Document
    body: Document
    spots: list[tuple[Place, etree._Element]]
    particular: list[tuple[Place, etree._Element]]
    styles: Set[str]
    tables: list[tuple[Place, etree._Element]]
    sides: tuple[tuple[str, tuple[str, ...]], ...]
    package: Package
    findings: tuple[Finding, ...] = ()
    grave: bool = False
    shown: Shown = Shown()

    @property
    def placed(self) -> Iterator[tuple[Place, etree._Element]]:
        """Each paragraph element and its place, in the order of the document."""
        return _paragraphs_at(self.spots)


def walk(content: bytes, file: str) -> Walked:
    """The paragraphs and tables of a .docx in order, and where each paragraph element stands.

    The last files' are kept: the rules, the proof of what is printed and the comments all ask for them, the
    rules while the print is drawn.

    Raises:
        Refused: for what is no .docx, has a password, is too big or broken; with the finding.
    """
    with _ALONE:  # whoever asks in the meantime waits for the same walk
        return _walked(content, file)


@lru_cache(maxsize=2)
def _walked(content: bytes, file: str) -> Walked:
    package = opened(content)
    body = member(package.document, "body")
    styles = styles_of(package.styles)
    walker = _Walk(file, Words(styles, Numbers.of(package.numbering, styles), Fields()), _notes(package))
    parts = list(walker.parts(body)) if body is not None else []
    strange = list(walker.strange)
    strange += [(Strange(Danger.UNREAD, "艺术字", short(words)), place) for words, place in walker.art]
    sides = []
    for side in package.of("header", "footer"):
        aside = _Walk(file, Words(styles, walker.words.numbers, Fields()), {}, cell=Place(file))
        read = [part for part, _ in aside.parts(side.root)]
        strange += aside.strange
        words = [part.text for part in read if isinstance(part, FoundParagraph)]
        sides.append((side.kind, (*words, *(words for words, _ in aside.art))))
    strange += unwalked(_paragraphs_at(walker.spots), package, strange, file)
    strange = _of_one_cause(strange, package, file)
    return Walked(
        tuple(part for part, _ in parts),
        tuple(part for part, aside in parts if not aside),
        walker.spots,
        walker.particular,
        walker.styles,
        walker.table_places,
        tuple(sides),
        package,
        (*_named(strange), *walker.findings()),
        any(each.grave for each, _ in strange),
        Shown(
            tuple(part for part, aside in parts if not aside),
            tuple(part for part, aside in parts if aside),
            tuple(line for _, lines in sides for line in lines),
            tuple(words for words, _ in walker.doubled),
            len(walker.noted),
            _margins(package.document),
            *package.said,
        ),
    )


def _paragraphs_at(spots: Iterable[tuple[Place, etree._Element]]) -> Iterator[tuple[Place, etree._Element]]:
    """Each paragraph with its place, those of plain cells too."""
    for place, element in spots:
        if name_of(element) == "p":
            yield place, element
        else:
            yield from ((place, child) for child in element if name_of(child) == "p")


def _margins(document: etree._Element) -> tuple[float, float]:
    """The smallest top and bottom margin of all sections, in points."""
    found = list(document.iter("{*}pgMar"))
    top, bottom = (
        min((abs(number_of(each, side) or 0) for each in found), default=0) / 20 for side in ("top", "bottom")
    )
    return top, bottom


def _of_one_cause(
    strange: list[tuple[Strange, Place]], package: Package, file: str
) -> list[tuple[Strange, Place]]:
    """What the text and what the package has, each cause once: an object, and the file that is linked as it.

    A control or an object is an element, a relationship and some parts.
    """
    linked = {link.id for link in package.links if link.outside and link.kind == "oleObject"}
    used = {value_of(each, "id") for each in package.document.iter("{*}OLEObject")}
    if used and used <= linked:
        places = [place for each, place in strange if each.danger is Danger.OBJECT]
        outside = [each for each in package.strange if each.danger is Danger.OUTSIDE]
        strange = [each for each in strange if each[0].danger is not Danger.OBJECT]
        strange += [(each, place) for each in outside if each.what.endswith("（OLE）") for place in places]
    placed = {each.what for each, _ in strange}
    strange += [(each, Place(file)) for each in package.strange if each.what not in placed]
    objects = [each for each, _ in strange if each.danger is Danger.OBJECT]
    if len({each.what for each in objects}) < 2:
        return strange
    whats = "、".join(dict.fromkeys(each.what for each in objects))
    whole = Strange(Danger.OBJECT, whats, "、".join(dict.fromkeys(filter(None, (e.name for e in objects)))))
    places = [place for each, place in strange if each.danger is Danger.OBJECT]
    exact = [place for place in places if place.line or place.table]
    others = [each for each in strange if each[0].danger is not Danger.OBJECT]
    return [*others, *((whole, place) for place in exact or places)]


def _named(strange: list[tuple[Strange, Place]]) -> Iterator[Finding]:
    """A finding for each strange thing, told once with all its places."""
    places: dict[Strange, list[Place]] = {}
    for each, place in strange:
        places.setdefault(each, []).append(place)
    for each, found in places.items():
        yield replace(told(each), places=tuple(dict.fromkeys(found)))


def _notes(package: Package) -> dict[tuple[str, str], etree._Element]:
    """Footnotes and endnotes by their kind and id."""
    return {
        (side.kind, value_of(each, "id")): each
        for side in package.of("footnotes", "endnotes")
        for each in side.root
        if name_of(each) in ("footnote", "endnote")
    }


_Part = tuple[FoundParagraph | FoundTable, bool]
"""A part of the document, and True for one that stands aside: in a note or a text box."""


@dataclass(slots=True)
class _Walk:
    """Goes through a body; counts its paragraphs with words and its tables."""

    file: str
    words: Words
    notes: Mapping[tuple[str, str], etree._Element]
    paragraphs: int = 0
    tables: int = 0
    spots: list[tuple[Place, etree._Element]] = field(default_factory=list)
    particular: list[tuple[Place, etree._Element]] = field(default_factory=list)
    styles: set[str] = field(default_factory=set)
    table_places: list[tuple[Place, etree._Element]] = field(default_factory=list)
    strange: list[tuple[Strange, Place]] = field(default_factory=list)
    art: list[tuple[str, Place]] = field(default_factory=list)
    boxes: dict[str, Place] = field(default_factory=dict)
    doubled: list[tuple[str, Place]] = field(default_factory=list)
    formats: dict[str, Place] = field(default_factory=dict)
    noted: set[tuple[str, str]] = field(default_factory=set)
    holding: set[etree._Element] = field(default_factory=set)
    crowded: set[etree._Element] = field(default_factory=set)
    aside: list[tuple[etree._Element, Place]] = field(default_factory=list)
    cell: Place | None = None
    depth: int = 0

    def parts(self, body: etree._Element) -> Iterator[_Part]:
        """Everything in order, notes and text boxes behind the paragraph or table that they hang on."""
        inner = [each for each in body.iter("{*}tbl") if next(each.iterancestors("{*}tc"), None) is not None]
        self.holding, self.crowded = _around(inner), _around(filter(_has_cells, inner))
        for part in self._blocks(body):
            yield part, False
            if self.cell is None:
                yield from self._what_hangs_on()
        yield from self._what_hangs_on()

    def findings(self) -> Iterator[Finding]:
        """What is to be told of text boxes and of numbers."""
        for words, place in self.boxes.items():
            fix = "印出来不该有的，请删去；位置要紧的，请改成普通段落。"
            yield fault("R17", f"文本框里的文字接在所在段落的后面读入：“{words}”", [place], fix=fix)
        if self.doubled:
            found = "、".join(dict.fromkeys(words for words, _ in self.doubled))
            places = dict.fromkeys(place for _, place in self.doubled)
            fix = "请删去打进去的编号，或取消自动编号，只留一个。"
            message = f"自动编号后面又打了编号，会印成“{self.doubled[0][0]}”。"
            yield fault("R31", message, places, found=short(found), fix=fix)
        for kind, place in self.formats.items():
            fix = "请换一种常用的编号样式，或直接打上编号。"
            yield fault("R32", f"自动编号的样式（{kind}）没有认出，印出来的编号可能不同。", [place], fix=fix)

    def _what_hangs_on(self) -> Iterator[_Part]:
        """The notes and text boxes met since the last time."""
        while self.aside:
            element, place = self.aside.pop(0)
            if self.depth >= _DEEPEST:
                self.strange.append((unread(element), place))
                continue
            outer, self.cell, self.depth = self.cell, place, self.depth + 1
            for part in self._blocks(element):
                yield part, True
            self.cell, self.depth = outer, self.depth - 1

    def _blocks(self, element: etree._Element) -> Iterator[FoundParagraph | FoundTable]:
        for child in shown_in(element):
            name = name_of(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child)
            elif name in THROUGH:
                if is_bound(child):
                    self.strange.append((unread(child), self._here()))
                yield from self._blocks(child)
            elif name not in SILENT and name not in DELETED:
                self.strange.append((unread(child), self._here()))

    def _here(self) -> Place:
        """Where the walk is: in a cell, or behind so many paragraphs."""
        return self.cell or Place(self.file, max(self.paragraphs, 1))

    def _paragraph(self, element: etree._Element) -> Iterator[FoundParagraph]:
        properties = members(member(element, "pPr"))
        look = self.words.look_of(properties)
        runs, met = self.words.read(element, properties)
        lines = [line for line in lines_of(runs) if _shows(line)]
        self.paragraphs += bool(lines) and self.cell is None
        place = self.cell or Place(self.file, self.paragraphs)
        self.spots.append((place, element))
        self.particular.append((place, element))
        if met != _NOTHING_MET:
            self._meet(met, place)
        for line in lines:
            yield FoundParagraph(line, place, look.level, look.item)

    def _meet(self, met: Met, place: Place) -> None:
        """Keep what a paragraph has beside its words."""
        self.strange += [(each, place) for each in met.strange]
        self.art += [(words, place) for words in met.art]
        if met.doubled:
            self.doubled.append((met.doubled, place))
        if met.number:
            self.formats.setdefault(met.number, place)
        for box in met.boxes:
            if words := "".join(each.text or "" for each in box.iter() if name_of(each) == "t").strip():
                self.boxes.setdefault(short(words), place)
                self.aside.append((box, place))
        for key in met.notes:
            if (note := self.notes.get(key)) is not None:
                if key not in self.noted:
                    self.aside.append((note, place))
                self.noted.add(key)
            else:
                self.strange.append((Strange(Danger.UNREAD, "找不到的脚注或尾注", ""), place))

    def _table(self, element: etree._Element) -> Iterator[FoundParagraph | FoundTable]:
        found, others = inside(element, "tr")
        rows = []
        for row in found:
            cells, more = inside(row, "tc")
            rows.append((row, cells))
            others += more
        self.strange += [(unread(each), self._here()) for each in others]
        plain = self._plain_ones(cell for _, cells in rows for cell in cells) if self.cell is None else {}
        if self.cell is not None or self._is_layout(plain):
            self.table_places.append((self._here(), element))
            for _, cells in rows:
                for cell in cells:
                    yield from self._blocks(cell)
            return
        self.tables += 1
        place = Place(self.file, table=self.tables, row=1, column=1)
        self.table_places.append((place, element))
        grid = [self._row(row, cells, number, plain) for number, (row, cells) in enumerate(rows, start=1)]
        self.cell = None
        yield FoundTable(tuple(merged(grid)), place)

    def _plain_ones(self, cells: Iterable[etree._Element]) -> "dict[etree._Element, _Plain | None]":
        """What is known of the cells of a table; nothing where a list numbers the paragraphs of a style."""
        found = {cell: None if cell in self.holding else _plain(cell) for cell in cells}
        styles = frozenset().union(*(each.styles for each in found.values() if each))
        self.styles |= styles
        return dict.fromkeys(found) if self.words.numbers.count_any(styles) else found

    def _is_layout(self, cells: "Mapping[etree._Element, _Plain | None]") -> bool:
        """True for a table that holds other tables of several cells, running text, or one cell."""
        others = (cell for cell, plain in cells.items() if plain is None)
        return len(cells) < 2 or any(cell in self.crowded or _is_long(cell) for cell in others)

    def _row(
        self,
        element: etree._Element,
        cells: list[etree._Element],
        number: int,
        known: "Mapping[etree._Element, _Plain | None]",
    ) -> list[GridCell]:
        column = columns_before(element)
        found: list[GridCell] = []
        for each in cells:
            place = self.cell = Place(self.file, 0, column + 1, self.tables, number)
            plain = known[each]
            shape = plain.shape if plain else shape_of(each)
            text = self._text_of(each, plain)
            widened = shape.widens and bool(found)
            if ((shape.goes_on and number > 1) or widened) and text:
                self.strange.append((Strange(Danger.UNREAD, "被合并的单元格里的文字", short(text)), place))
            if widened:  # merged with the cell before it, in the manner of old programs
                cell = found[-1].cell
                found[-1] = found[-1]._replace(cell=cell._replace(columns=cell.columns + shape.span))
            else:
                found.append(GridCell(FoundCell(text, place, 1, shape.span), column, shape.goes_on))
            column = min(column + shape.span, WIDEST)
        return found

    def _text_of(self, cell: etree._Element, plain: "_Plain | None") -> str:
        """The words of a cell; those of a plain one are known, unless a field reaches over it."""
        if plain and not self.words.fields.open:
            spot = (self._here(), cell)
            self.spots.append(spot)
            if not plain.bare:
                self.particular += _paragraphs_at([spot])
            return plain.text
        texts = [part.text for part in self._blocks(cell) if isinstance(part, FoundParagraph)]
        return "".join(texts).replace("\n", "").strip()


class _Plain(NamedTuple):
    """A cell with a few words in paragraphs, and nothing else: its XML says all, wherever it stands.

    ``styles`` are the ids that its paragraphs name; empty for the usual one. ``bare`` is True where they say
    nothing more of their look.
    """

    text: str
    shape: Shape
    styles: frozenset[str]
    bare: bool


def _plain(cell: etree._Element) -> _Plain | None:
    """What a plain cell is; None for any other."""
    xml = etree.tostring(cell, with_tail=False)
    return _plain_of(xml) if len(xml) <= _SHORT else None


@lru_cache(maxsize=4096)
def _plain_of(xml: bytes) -> _Plain | None:
    """The same of its XML, remembered: most cells of a report, and of the next one, are the same few."""
    cell = parsed(xml)
    walk = _Walk("", Words(Styles(), Numbers(), Fields()), {}, cell=Place(""))
    text = walk._text_of(cell, None)
    met = (walk.strange, walk.art, walk.boxes, walk.aside, walk.table_places, walk.words.fields.open)
    inner = [each for _, each in walk.spots if each.getparent() is not cell]
    if any(met) or inner or _is_long(cell) or next(cell.iter("{*}numPr"), None) is not None:
        return None
    looks = [member(each, "pPr") for _, each in walk.spots]
    named = frozenset(value_of(member(each, "pStyle")) for each in looks)
    bare = next(cell.iter("{*}rPr"), None) is None and all(map(is_style_alone, looks))
    return _Plain(text, shape_of(cell), named, bare)


def _shows(runs: tuple[Run, ...]) -> bool:
    """True if there is anything to see."""
    return bool("".join(run.text for run in runs).strip())


def _around(tables: Iterable[etree._Element]) -> set[etree._Element]:
    """The cells that hold, at any depth, one of these tables."""
    found: set[etree._Element] = set()
    for table in tables:
        for cell in table.iterancestors("{*}tc"):
            if cell in found:
                break
            found.add(cell)
    return found


def _has_cells(table: etree._Element) -> bool:
    """True for a table of several cells."""
    return sum(len(inside(row, "tc")[0]) for row in inside(table, "tr")[0]) > 1


def _is_long(cell: etree._Element) -> bool:
    """True for a cell with running text."""
    length = 0
    for text in cell.itertext():
        length += len(text)
        if length > _LONGEST:
            return True
    return False
