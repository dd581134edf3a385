"""Words that are on no page that a reader sees: white, tiny, cut off, or beside the paper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from reportgen.problems import Finding, Level, Place, short
from reportgen.sources.docx.package import is_on, member, name_of, number_of, value_of
from reportgen.sources.docx.styles import Styles, is_style_alone, styles_of
from reportgen.sources.docx.walking import Walked

FAULTS: dict[str, str] = {
    "K15": "Word 文件里有读者看不见的文字",
    "K16": "Word 文件里的表格画在纸外",
}
"""Code → what is wrong, as the list of faults names it."""

_TINIEST = 4
"""Half points: letters of 2 pt and less are no letters."""

_NARROWEST = 10
"""Per cent of a letter's width."""

_PALEST = 0xE8
_ALIKE = 0x10
_USUAL_SIZE = 20
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_WHITE = {"background1", "light1"}
_BLACK = (0, 0, 0)
_MARKED = {
    "black": _BLACK,
    "white": (255, 255, 255),
}
"""The marks of a highlighter in which letters drown, by their names in Word."""

_AWAY = 4
"""Letters raised or lowered by more than so many of their sizes have left their line for others."""

_CLEAR = 90_000
"""Thousandths of a per cent of a letter that the paper shines through."""

_HIDDEN = re.compile(r"visibility:\s*hidden|display:\s*none|mso-hide:\s*all", re.I)
_POINTS = re.compile(r"(?<![\w-])(margin-left|margin-top|left|top|width|height):\s*(-?\d+(?:\.\d+)?)pt")
_SPARE = 300
"""Twentieths of a point that a table may reach over the paper's edge with its borders and nothing else."""

_LINES = 200
"""More lines than a page has."""

_EMU = 635
"""English metric units of a twentieth of a point."""

_BARE = etree.Element("r")
"""A run that says nothing of its look."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """The largest paper of a document and its smallest left margin, in twentieths of a point."""

    width: int
    height: int
    margin: int


def unseen_in(walked: Walked) -> Iterator[Finding]:
    """What stands in the text and is not seen, each paragraph or cell once for a reason; tables off the page.

    Args:
        walked: the document.
    """
    paper, styles = _paper(walked.package.document), styles_of(walked.package.styles)
    judge = _Judge(styles, paper, _shown_by(styles, paper), _has_rooms(walked))
    off = {table: place for place, table in walked.tables if _is_off(table, paper)}
    for place in off.values():
        fix = "请在 Word 里选中整张表，在“表格属性”里把缩进和位置改回页面以内。"
        yield Finding("K16", Level.ERROR, "这张表画在纸的外面，印不出来。", (place,), fix=fix)
    found: dict[tuple[Place, str], list[str]] = {}
    dressed = _dressed(walked)
    seen = not judge.roomed and all(map(judge.shows, walked.styles))
    for place, paragraph in (*(walked.particular if seen else walked.placed), *_beside(walked)):
        if paragraph not in dressed and judge.sees_all(paragraph):
            continue
        if off and any(around in off for around in paragraph.iterancestors()):
            continue
        for why, words in judge.unseen(paragraph):
            found.setdefault((place, why), []).append(words)
    for (place, why), texts in found.items():
        words = short("".join(texts).strip())
        fix = "请删去这些文字；要印出来的，请改成正文的颜色、字号和位置。"
        message = f"有读者看不见的文字（{why}）：“{words}”。"
        yield Finding("K15", Level.ERROR, message, (place,), found=words, fix=fix)


@lru_cache(maxsize=2)
def _shown_by(_styles: Styles, _paper: _Paper) -> dict[str, bool]:
    """What ``shows`` has said of each of these styles, for the next document of the same template."""
    return {}


def _beside(walked: Walked) -> Iterator[tuple[Place, etree._Element]]:
    """The paragraphs of headers and footers, at the place of the file; not those for older programs."""
    file = next((place.file for place, _ in walked.spots), "")
    for side in walked.package.of("header", "footer"):
        for paragraph in side.root.iter("{*}p"):
            if next(paragraph.iterancestors("{*}Fallback"), None) is None:
                yield Place(file), paragraph


def _has_rooms(walked: Walked) -> bool:
    """True if a row of exact height or a text box is anywhere, which may have no room for its words.

    Most reports have none, and their paragraphs need not be asked what is around them.
    """
    rooms = (each for root in _roots(walked) for each in root.iter("{*}txbxContent", "{*}trHeight"))
    return any(name_of(each) == "txbxContent" or value_of(each, "hRule") == "exact" for each in rooms)


def _dressed(walked: Walked) -> set[etree._Element]:
    """The paragraphs in which something has a look of its own."""
    looks = (each for root in _roots(walked) for each in root.iter("{*}rPr"))
    return {paragraph for each in looks for paragraph in each.iterancestors("{*}p")}


def _roots(walked: Walked) -> Iterator[etree._Element]:
    yield walked.package.document
    yield from (side.root for side in walked.package.sides)


def _paper(document: etree._Element) -> _Paper:
    sizes, margins = list(document.iter("{*}pgSz")), list(document.iter("{*}pgMar"))
    widths = [width for each in sizes if (width := number_of(each, "w"))]
    heights = [height for each in sizes if (height := number_of(each, "h"))]
    lefts = [left for each in margins if (left := number_of(each, "left")) is not None]
    return _Paper(max(widths, default=11906), max(heights, default=16838), min(lefts, default=0))


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says of paragraphs which of their words are not seen, and why.

    ``seen`` keeps of each style if all is seen that has no other look. ``roomed`` is False where no room
    anywhere could cut a paragraph. ``rooms`` keeps the exact height of a row; ``grounds`` what is behind the
    paragraph at hand.
    """

    styles: Styles
    paper: _Paper
    seen: dict[str, bool]
    roomed: bool
    rooms: dict[etree._Element, int | None] = field(default_factory=dict)
    grounds: dict[etree._Element, list[etree._Element | None] | None] = field(default_factory=dict)

    def sees_all(self, paragraph: etree._Element) -> bool:
        """True for a paragraph that names nothing but a style with which everything is seen, and has room.

        Nothing in it may have a look of its own.
        """
        properties = member(paragraph, "pPr")
        style = value_of(member(properties, "pStyle"))
        if not is_style_alone(properties) or not self.shows(style):
            return False
        size = self._size_of(_BARE, style or self.styles.usual)
        return not self.roomed or not self._of_room(paragraph, size)

    def shows(self, named: str) -> bool:
        """True for a style, or the usual one, with which all is seen that has no other look."""
        style = named or self.styles.usual
        if style not in self.seen:
            why = self._of_look(_BARE, style) or self._of_lines(None, style, self._size_of(_BARE, style))
            self.seen[style] = not why and not self._is_marked(_BARE, style)
        return self.seen[style]

    def unseen(self, paragraph: etree._Element) -> Iterator[tuple[str, str]]:
        """Why, and which words."""
        runs = [(run, words) for run in _runs(paragraph) if (words := _words(run)).strip()]
        if not runs:
            return
        properties = member(paragraph, "pPr")
        style = self.styles.of_paragraph(properties)
        size = max(self._size_of(run, style) for run, _ in runs)
        why = self._of_lines(properties, style, size)
        if not why and self.roomed:
            why = self._of_room(paragraph, size)
        for run, words in runs:
            reason = why or self._of_look(run, style)
            if reason or self._is_pale(run, paragraph, style):
                yield reason or "和底色一样", words

    def _size_of(self, run: etree._Element, style: str) -> int:
        size = number_of(self.styles.of_run(run, style, "sz"))
        return _USUAL_SIZE if size is None else size

    def _of_look(self, run: etree._Element, style: str) -> str:
        """Why a run is not seen on any ground."""
        size = self._size_of(run, style)
        width = number_of(self.styles.of_run(run, style, "w"))
        spacing = number_of(self.styles.of_run(run, style, "spacing")) or 0
        raised = number_of(self.styles.of_run(run, style, "position")) or 0
        narrow = (width is not None and width <= _NARROWEST) or _is_squeezed(run, size)
        if size <= _TINIEST or narrow or spacing <= -8 * size:
            return "字太小"
        if abs(raised) > _AWAY * size:
            return "离开了自己的行"
        fill = member(member(run, "rPr"), "textFill")
        if fill is None:
            return ""
        hollow = next(fill.iter("{*}noFill"), None) is not None
        clear = any((number_of(each) or 0) >= _CLEAR for each in fill.iter("{*}alpha"))
        return "没有颜色" if hollow or clear else ""

    def _is_marked(self, run: etree._Element, style: str) -> bool:
        """True for letters of a colour of their own, or under a marker: what is behind them counts."""
        mark = value_of(self.styles.of_run(run, style, "highlight"))
        return self._letters(run, style) is not None or mark in _MARKED

    def _is_pale(self, run: etree._Element, paragraph: etree._Element, style: str) -> bool:
        """True for letters in the colour of what is behind them, as far as that is known."""
        letters = self._letters(run, style)
        mark = value_of(self.styles.of_run(run, style, "highlight"))
        if mark in _MARKED:
            return _are_alike(letters or _BLACK, _MARKED[mark])
        if letters is None:
            return False
        known, behind = self._behind(run, paragraph, style)
        if behind is not None:
            return _are_alike(letters, behind)
        return known and min(letters) >= _PALEST

    def _letters(self, run: etree._Element, style: str) -> tuple[int, int, int] | None:
        """The colour of a run's letters; None where it is the usual one."""
        fill = member(member(member(run, "rPr"), "textFill"), "solidFill")
        if fill is not None:  # Word takes this before the colour
            if value_of(member(fill, "schemeClr")) in ("bg1", "lt1"):
                return 255, 255, 255
            return _rgb(value_of(member(fill, "srgbClr")))
        color = self.styles.of_run(run, style, "color")
        return (255, 255, 255) if value_of(color, "themeColor") in _WHITE else _rgb(value_of(color))

    def _behind(
        self, run: etree._Element, paragraph: etree._Element, style: str
    ) -> tuple[bool, tuple[int, int, int] | None]:
        """If it is known what is behind a run, and its colour where that is not the paper's."""
        ground = self._ground(paragraph, style)
        if ground is None:
            return False, None
        marks = [self.styles.of_run(run, style, "shd"), *ground]
        if is_on(self.styles.of_run(run, style, "highlight")):
            return False, None
        fills = [value_of(each, "fill") for each in marks if each is not None]
        fill = next((each for each in fills if each and each.lower() != "auto"), "")
        patterned = any(value_of(each) not in ("", "clear", "nil") for each in marks if each is not None)
        return not patterned and (not fill or _rgb(fill) is not None), _rgb(fill)

    def _ground(self, paragraph: etree._Element, style: str) -> list[etree._Element | None] | None:
        """The shades behind a paragraph, nearest first; None where a style or a shape may colour it."""
        if paragraph not in self.grounds:
            own = member(member(paragraph, "pPr"), "shd")
            marks = [self.styles.said(style, "pPr", "shd") if own is None else own]
            around = list(paragraph.iterancestors())
            marks += [member(member(each, f"{name_of(each)}Pr"), "shd") for each in around]
            coloured = any(_is_filled(each) or _has_look(each) for each in around)
            self.grounds.clear()
            self.grounds[paragraph] = None if coloured else marks
        return self.grounds[paragraph]

    def _of_lines(self, properties: etree._Element | None, style: str, size: int) -> str:
        """Why a paragraph is not seen by what it and its style say."""
        spacing = member(properties, "spacing")
        if value_of(spacing, "line") == "":
            spacing = self.styles.said(style, "pPr", "spacing")
        line = number_of(spacing, "line")
        if value_of(spacing, "lineRule") == "exact" and line is not None and line < 4 * size:
            return "行高放不下，被切掉"
        frame, indent = member(properties, "framePr"), member(properties, "ind")
        if indent is None:
            indent = self.styles.said(style, "pPr", "ind")
        across = [number_of(frame, "x"), *(number_of(indent, key) for key in ("left", "start", "firstLine"))]
        height = number_of(frame, "h")
        if value_of(frame, "hRule") == "exact" and height is not None and height < 4 * size:
            return "行高放不下，被切掉"
        away = any(each is not None and abs(each) >= self.paper.width for each in across)
        down = number_of(frame, "y")
        return "在纸外" if away or (down is not None and abs(down) >= self.paper.height) else ""

    def _of_room(self, paragraph: etree._Element, size: int) -> str:
        """Why a paragraph is not seen by what is around it."""
        cell = next(paragraph.iterancestors("{*}tc", "{*}txbxContent"), None)
        if cell is None:
            return ""
        if self._is_cut(paragraph, size):
            return "表格的行高放不下，被切掉"
        return self._of_box(paragraph, size)

    def _is_cut(self, paragraph: etree._Element, size: int) -> bool:
        """True in a row of exact height that has less room than the paragraphs of the cell need."""
        cell = next(paragraph.iterancestors("{*}tc"), None)
        row = next(cell.iterancestors("{*}tr"), None) if cell is not None else None
        if cell is None or row is None:
            return False
        if row not in self.rooms:
            self.rooms[row] = _exact_height(row)
        room = self.rooms[row]
        if room is None:
            return False
        before = 0
        for each in cell:
            if each is paragraph or before > _LINES:
                break
            before += name_of(each) == "p"
        return room < 6 * size or before * 10 * size >= room

    def _of_box(self, paragraph: etree._Element, size: int) -> str:
        """Why a paragraph in a text box is not seen: the box is hidden, beside the paper, or has no room."""
        box = next(paragraph.iterancestors("{*}txbxContent"), None)
        around = (
            next(box.iterancestors("{*}anchor", "{*}inline", "{*}shape"), None) if box is not None else None
        )
        if around is None:
            return ""
        if name_of(around) == "shape":
            return self._of_old_box(value_of(around, "style"), size)
        extent = member(around, "extent")
        sides = [_emu(value_of(extent, key)) for key in ("cx", "cy")] if extent is not None else []
        away = (
            abs(_emu(each.text or "")) >= most
            for name, most in (("positionH", self.paper.width), ("positionV", self.paper.height))
            for each in (member(member(around, name), "posOffset"),)
            if each is not None
        )
        if any(each < 4 * size for each in sides):
            return "文本框放不下，被切掉"
        if value_of(member(around, "docPr"), "hidden") in ("1", "true"):
            return "文本框设成了不显示"
        return "在纸外" if any(away) else ""

    def _of_old_box(self, style: str, size: int) -> str:
        """The same of a box drawn in the older manner, by the style of its shape."""
        if _HIDDEN.search(style):
            return "文本框设成了不显示"
        places = {key: float(value) * 20 for key, value in _POINTS.findall(style)}
        if any(places.get(key, 4 * size) < 4 * size for key in ("width", "height")):
            return "文本框放不下，被切掉"
        across = any(abs(places.get(key, 0)) >= self.paper.width for key in ("margin-left", "left"))
        down = any(abs(places.get(key, 0)) >= self.paper.height for key in ("margin-top", "top"))
        return "在纸外" if across or down else ""


def _runs(element: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph, without those of the paragraphs in it."""
    for child in element:
        name = name_of(child)
        if name == "r":
            yield child
        if name not in ("p", "pPr", "rPr", "del", "moveFrom"):
            yield from _runs(child)


def _words(run: etree._Element) -> str:
    if is_on(member(member(run, "rPr"), "vanish")):
        return ""
    return "".join(each.text or "" for each in run if name_of(each) == "t")


def _are_alike(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))


def _is_squeezed(run: etree._Element, size: int) -> bool:
    """True for words that are to fit into a width in which nobody reads them."""
    width = number_of(member(member(run, "rPr"), "fitText"))
    return width is not None and width * 100 <= _NARROWEST * len(_words(run).strip()) * size * 10


def _rgb(value: str) -> tuple[int, int, int] | None:
    if not _HEX.fullmatch(value):
        return None
    return int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)


def _is_filled(element: etree._Element) -> bool:
    """True for the words of a text box that may have a colour of its own behind them."""
    if name_of(element) != "txbxContent":
        return False
    shape = next(element.iterancestors("{*}wsp", "{*}shape", "{*}rect", "{*}roundrect"), None)
    if shape is None:
        return True
    if name_of(shape) == "wsp":
        fills = ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
        looks = member(shape, "spPr")
        own = any(member(looks, each) is not None for each in fills)
        return own or (member(shape, "style") is not None and member(looks, "noFill") is None)
    plain = value_of(shape, "fillcolor").lower() in ("", "white", "#ffffff", "window")
    return not (
        value_of(shape, "filled").lower() in ("f", "false") or (plain and member(shape, "fill") is None)
    )


def _has_look(element: etree._Element) -> bool:
    """True for a table whose style may colour its cells."""
    return name_of(element) == "tbl" and member(member(element, "tblPr"), "tblStyle") is not None


def _exact_height(row: etree._Element) -> int | None:
    """The height that a row keeps whatever stands in it; None for one that grows."""
    height = member(member(row, "trPr"), "trHeight")
    return number_of(height) if value_of(height, "hRule") == "exact" else None


def _is_off(table: etree._Element, paper: _Paper) -> bool:
    """True for a table that begins or ends beside the paper."""
    properties = member(table, "tblPr")
    floating = member(properties, "tblpPr")
    down = number_of(floating, "tblpY")
    if down is not None and abs(down) >= paper.height:
        return True
    across = (
        number_of(member(properties, "tblInd"), "w") if floating is None else number_of(floating, "tblpX")
    )
    width = _width(table, properties)
    if floating is None and value_of(member(properties, "jc")) in ("center", "right", "end"):
        return width > 2 * paper.width
    on_page = floating is not None and value_of(floating, "horzAnchor") == "page"
    begin = (across or 0) + (0 if on_page else paper.margin)
    return begin + width > paper.width + _SPARE or begin < -_SPARE


def _width(table: etree._Element, properties: etree._Element | None) -> int:
    """How wide a table is: as it says, or as its columns are together."""
    own = member(properties, "tblW")
    if value_of(own, "type") == "dxa" and (width := number_of(own, "w")):
        return width
    grid = member(table, "tblGrid")
    return sum(number_of(each, "w") or 0 for each in (grid if grid is not None else ()))


def _emu(value: str) -> int:
    """A length in English metric units as twentieths of a point."""
    return int(value) // _EMU if re.fullmatch(r"-?\d{1,12}", value.strip(), re.ASCII) else 0
