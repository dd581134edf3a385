"""Where a part of the report stands in the made document, so that a finding can be shown there.

Paragraphs are found by what they say, in the order in which they are printed: a template may be edited
freely, and nothing has to be left in the document for this.
"""

from collections.abc import Iterator

from reportgen.makers import Order
from reportgen.makers.docx_docxtpl.filling import legal
from reportgen.makers.docx_docxtpl.own_words import label_cells
from reportgen.makers.docx_docxtpl.word_xml import Element, grid_cells, paragraphs, tables, text_of, w
from reportgen.model.form import CellKey
from reportgen.model.layout import grid_of

_CONTACT = ("phone", "mail", "address", "postcode", "site", "url")


class Located:
    """The paragraphs of a made document by the keys of ``Finding.about``."""

    def __init__(self, order: Order, body: Element) -> None:
        """Look every part up once; ``headings`` are the chapter headings by number."""
        self._found: dict[str, Element] = {}
        self._lines = [(paragraph, text_of(paragraph)) for paragraph in paragraphs(body)]
        self.headings = dict(self._chapter_headings(order))
        self._found.update(self._fields(order))
        for number, heading in self.headings.items():
            self._found[f"chapters.{number}"] = heading
        form = order.report.form
        for passage in form.printed_prose:
            self._stand_in(passage.key, passage.chapter)
        if form.fee:
            self._stand_in("fees", form.prose[form.fee.passage].chapter)
        for table in form.tables:
            self._stand_in(f"table.{table.key}", table.chapter)
        self._found.update(self._prose(order))
        self._found.update(self._cells(order, body))

    def of(self, about: tuple[str, ...]) -> Element | None:
        """The first of these parts that is there, else the title; None in a document without words."""
        for key in about:
            for name in (key, key.rpartition(".")[0]):
                if name in self._found:
                    return self._found[name]
        return self._found.get("title")

    def _stand_in(self, key: str, chapter: int) -> None:
        if chapter in self.headings:
            self._found[key] = self.headings[chapter]

    def _chapter_headings(self, order: Order) -> Iterator[tuple[int, Element]]:
        numbers = {text: number for number, text in enumerate(order.report.form.headings, start=1)}
        for paragraph, text in self._lines:
            if text in numbers:
                yield numbers[text], paragraph

    def _fields(self, order: Order) -> Iterator[tuple[str, Element]]:
        words = [(paragraph, text) for paragraph, text in self._lines if text.strip()]
        if words:
            yield "title", words[0][0]
            yield "date", words[-1][0]
        for key in _CONTACT:
            value = str(legal(getattr(order.report.contact, key)))
            holders = [paragraph for paragraph, text in self._lines if value and value in text]
            if holders:
                yield key, holders[0]

    def _prose(self, order: Order) -> Iterator[tuple[str, Element]]:
        """Each paragraph by its words, searched from behind the one before it."""
        start = 0
        for key in (passage.key for passage in order.report.form.printed_prose):
            for number, paragraph in enumerate(order.report.prose.get(key, ()), start=1):
                at = self._next(str(legal(paragraph.text)), start)
                if at is None:
                    continue
                start = at + 1
                yield f"{key}.{number}", self._lines[at][0]
                if number == 1:
                    yield key, self._lines[at][0]

    def _next(self, words: str, start: int) -> int | None:
        return next((at for at in range(start, len(self._lines)) if self._lines[at][1] == words), None)

    def _cells(self, order: Order, body: Element) -> Iterator[tuple[str, Element]]:
        for table, element in zip(order.report.form.tables, tables(body), strict=False):
            there = {(row, column): cell for row, column, cell in grid_cells(element)}
            rows = {key.row for key, _, _ in table.cells()}
            named: list[tuple[str | CellKey, tuple[int, int]]] = [
                (cell.key, (cell.row, cell.column)) for cell in grid_of(table).cells if cell.key
            ]
            named += [
                (f"label.{row}", (cell.row, cell.column)) for row, cell in label_cells(table, sorted(rows))
            ]
            for key, place in named:
                paragraph = there[place].find(w("p")) if place in there else None
                if paragraph is not None:
                    yield str(key), paragraph
