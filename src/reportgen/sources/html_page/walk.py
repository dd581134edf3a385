"""Goes through the tree of a web page: paragraphs, lists and tables in order, as a reader sees them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reportgen.model.nodes import Document, FoundCell, FoundParagraph, FoundTable, Run
from reportgen.problems import Place
from reportgen.sources.docx_tables.words import lines_of
from reportgen.sources.html_page.tree import (
    BLOCKS,
    HEADINGS,
    Element,
    is_left_out,
    look_of,
    name_of,
    set_type,
    tidy,
)

_FURNITURE = re.compile(
    r"[\s【\[（(|]*(?:当前位置|您的位置|你的位置|所在位置|首页\s*[>＞»/|]|信息来源|来源[:：]|发布时间|发布日期|发文日期"
    r"|时间[:：]|浏览次数|阅读次数|访问次数|点击[数率量]|(?:字体|字号|打印|关闭|分享|返回)(?:本页|页面|窗口|到|首页|顶部|列表|[^\u4e00-\u9fff]|$)|上一[篇条页]|下一[篇条页]|索引号"
    r"|责任编辑|编辑[:：]|版权所有|主办(?:单位)?[:：]|承办(?:单位)?[:：]|网站标识码|扫一扫|相关(?:链接|附件|文章)"
    r"|[^。]{0,40}ICP备|[^。]{0,40}公网安备)[^。]{0,80}"
)
_TELLING = re.compile(r"\s*[（(]?[一二三四五六七八九十]{1,3}[）)、]|总体情况|主动公开|申请|复议|问题|其他")
_ADDRESS = re.compile(r"https?://|www\.|@")
_LONGEST_LINK = 60


def walked(root: Element, file: str) -> Document:
    """The paragraphs and tables of a page."""
    walk = _Walk(file)
    walk.inside(root)
    walk.flush()
    return _with_telling_levels(walk.parts)


def _with_telling_levels(parts: Sequence[FoundParagraph | FoundTable]) -> Document:
    """The parts; where no heading below the first level is a report's, they are the site's: none counts."""
    headings = [part for part in parts if isinstance(part, FoundParagraph) and part.level > 1]
    if any(_TELLING.match(each.text) for each in headings):
        return tuple(parts)
    return tuple(
        replace(part, level=0) if isinstance(part, FoundParagraph) and part.level > 1 else part
        for part in parts
    )


@dataclass(slots=True)
class _Walk:
    """What was gathered so far: finished parts, and the runs of the paragraph at hand."""

    file: str
    parts: list[FoundParagraph | FoundTable] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    linked: int = 0
    level: int = 0
    item: bool = False
    paragraphs: int = 0
    tables: int = 0
    counts: Counter[Element] = field(default_factory=Counter)

    def inside(self, element: Element, bold: bool = False, link: bool = False) -> None:
        """Gather all that an element holds."""
        self._say(element.text, bold, link)
        for child in element:
            if not is_left_out(child):
                self._element(child, bold, link)
            self._say(child.tail, bold, link)

    def flush(self) -> None:
        """The paragraph at hand is finished."""
        runs = set_type(self.runs)
        shown = [line for line in map(tidy, _lines(runs, self.level)) if line]
        if shown and not self._is_furniture(shown):
            self.paragraphs += 1
            place = Place(self.file, self.paragraphs)
            self.parts += [FoundParagraph(line, place, self.level, self.item) for line in shown]
        self.runs, self.linked, self.item = [], 0, False

    def _say(self, text: str | None, bold: bool, link: bool) -> None:
        if text:
            self.runs.append(Run(text, bold))
            self.linked += len(text.strip()) if link else 0

    def _element(self, element: Element, bold: bool, link: bool) -> None:
        name = name_of(element)
        if name == "br":
            self.runs.append(Run("\v", bold))
        elif name == "table" and not is_layout(element):
            self._table(element)
        elif name in BLOCKS:
            self._block(element, name, look_of(element, bold))
        else:
            self.inside(element, look_of(element, bold), link or (name == "a" and bool(element.get("href"))))

    def _block(self, element: Element, name: str, bold: bool) -> None:
        self.flush()
        outer = self.level
        self.level = HEADINGS.get(name, outer)
        self._begin_item(element, name)
        self.inside(element, bold and name not in HEADINGS)
        self.flush()
        self.level = outer

    def _begin_item(self, element: Element, name: str) -> None:
        if name != "li":
            return
        outer = element.getparent()
        if outer is not None and name_of(outer) == "ol":
            self.counts[outer] += 1
            self.runs.append(Run(f"{self.counts[outer]}."))
        else:
            self.item = True

    def _table(self, element: Element) -> None:
        self.flush()
        for caption in (each for each in element if name_of(each) == "caption"):
            self._block(caption, "caption", bold=False)
        if rows_of(element):
            self.tables += 1
            self.parts.append(table_of(element, self.file, self.tables))

    def _is_furniture(self, lines: Sequence[tuple[Run, ...]]) -> bool:
        """True for what belongs to the site and not to the report."""
        text = "".join(run.text for line in lines for run in line)
        if self.linked and self.linked >= len("".join(text.split())) and len(text) <= _LONGEST_LINK:
            return not _ADDRESS.search(text)
        return not self.level and bool(_FURNITURE.fullmatch(text))


def _lines(runs: list[Run], level: int) -> Iterator[Sequence[Run]]:
    """The paragraphs in a stretch of runs; breaks part the lines of a title, and wrap those of a heading."""
    if level > 1:
        yield [Run(run.text.replace("\n", ""), run.bold) for run in runs]
    elif level:
        yield from _at_breaks(runs)
    else:
        yield from lines_of(runs)


def _at_breaks(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """The runs of a title, cut at every break."""
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        line.append(Run(first, run.bold))
        for text in others:
            yield line
            line = [Run(text, run.bold)]
    yield line


# ── the tables of a web page: which only lay the page out, and which cell of the others stands where ───

_GROUPS = {"thead", "tbody", "tfoot", "form"}
_CELLS = {"td", "th"}
_WIDEST = 64
_TALLEST = 100
_LONGEST = 300
"""A cell with more words than this is no cell of figures: the table only lays the page out."""


def is_layout(table: Element) -> bool:
    """True for a table that holds other tables, running text, or one cell."""
    cells = [cell for row in rows_of(table) for cell in cells_of(row)]
    if len(cells) < 2 or next(table.iterdescendants("table"), None) is not None:
        return True
    return any(len(text_of(cell)) > _LONGEST for cell in cells)


def rows_of(table: Element) -> list[Element]:
    """The rows that show, group by group."""
    return [row for group in _groups(table) for row in group]


def cells_of(row: Element) -> list[Element]:
    """The cells of a row that show."""
    return [each for each in row if name_of(each) in _CELLS and not is_left_out(each)]


def text_of(cell: Element) -> str:
    """What a cell says, its paragraphs joined."""
    return "".join(run.text for run in tidy(set_type(_runs(cell)))).replace("\n", "")


def table_of(table: Element, file: str, number: int) -> FoundTable:
    """A table with every cell on its grid."""
    taken: set[tuple[int, int]] = set()
    found: list[tuple[FoundCell, ...]] = []
    for group in _groups(table):
        last = len(found) + len(group)
        for row in group:
            at = len(found)
            cells = []
            for cell in cells_of(row):
                column = next(each for each in range(_WIDEST + 1) if (at, each) not in taken)
                rows, columns = (
                    _span(cell, "rowspan", min(last - at, _TALLEST)),
                    _span(cell, "colspan", _WIDEST),
                )
                spot = Place(file, table=number, row=at + 1, column=column + 1)
                cells.append(FoundCell(text_of(cell), spot, rows, columns))
                reach = range(column, min(column + columns, _WIDEST))
                taken |= {(down, across) for down in range(at, at + rows) for across in reach}
            found.append(tuple(cells))
    return FoundTable(tuple(found), Place(file, table=number, row=1, column=1))


def _groups(table: Element) -> Iterator[list[Element]]:
    """The rows of each part of a table; a merged cell does not reach beyond its part."""
    loose: list[Element] = []
    for child in table:
        name = name_of(child)
        if name == "tr" and not is_left_out(child):
            loose.append(child)
        elif name in _GROUPS and not is_left_out(child):
            yield [each for each in child if name_of(each) == "tr" and not is_left_out(each)]
    if loose:
        yield loose


def _runs(element: Element) -> Iterator[Run]:
    if element.text:
        yield Run(element.text)
    for child in element:
        if not is_left_out(child):
            parted = name_of(child) in BLOCKS or name_of(child) == "br"
            if parted:
                yield Run("\v")
            yield from _runs(child)
        if child.tail:
            yield Run(child.tail)


def _span(cell: Element, name: str, most: int) -> int:
    """How far a merged cell reaches; 0 means as far as it can."""
    typed = re.match(r"\s*(\d{1,4})", cell.get(name) or "1")
    return max(1, min(int(typed[1]) or most, most)) if typed else 1
