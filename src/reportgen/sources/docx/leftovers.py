"""What stands beside a text: changes, comments, hidden words, a draft's marks.

None of it may go to the archive: LibreOffice prints some of it, and whoever opens the file sees the rest.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from reportgen.problems import Finding, Level, Place, short
from reportgen.safe.package import Danger, Strange
from reportgen.sources.docx.package import Package, Refused, is_on, member, name_of, opened, value_of
from reportgen.sources.docx.styles import Styles, styles_of
from reportgen.sources.docx.words import GOOD, Fields, judged

FAULTS: dict[str, str] = {
    "K07": "页眉、页脚、图片或文本框在生成以后改过",
    "K10": "Word 文件里留有修订痕迹",
    "K11": "Word 文件里留有批注",
    "K12": "Word 文件里有隐藏文字",
    "K13": "Word 文件印有草稿字样",
    "K14": "这是程序出的草稿",
}
"""Code → what is wrong, as the list of faults names it."""

_CHANGES = {
    "ins": "插入",
    "del": "删除",
    "moveFrom": "移走",
    "moveTo": "移来",
    "rPrChange": "格式改动",
    "pPrChange": "段落格式改动",
    "sectPrChange": "页面设置改动",
    "tblPrChange": "表格格式改动",
    "trPrChange": "表格行格式改动",
    "tcPrChange": "单元格格式改动",
    "tblGridChange": "表格列宽改动",
    "numberingChange": "编号改动",
    "cellIns": "插入单元格",
    "cellDel": "删除单元格",
    "cellMerge": "合并单元格",
}
"""The elements of tracked changes, in the words of Word."""

_VML = "urn:schemas-microsoft-com:vml"
_SIDES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
_DRAFT = re.compile(r"草稿|草\s+稿|征求意见稿|送审稿|讨论稿|样稿|\bDRAFT\b", re.IGNORECASE)
_OURS = "reportgen"
_SHOWN = 40

Placed = Iterable[tuple[Place, etree._Element]]


def left_in(package: Package, placed: Placed, file: str) -> Iterator[Finding]:
    """Everything left behind, each paragraph or cell once for each kind, with its place.

    Args:
        package: the document.
        placed: its paragraphs and where they stand.
        file: the name for places.
    """
    where = _Where(placed, file)
    yield from _changes(package, where)
    draft = list(_draft_marks(package, file))
    ours = bool(draft) and _made_by_us(package)
    yield from _comments(package, where, ours)
    yield from _hidden(package, where)
    yield from (_our_draft(draft[0].places),) if ours else draft


class _Where:
    """Where an element stands: at its paragraph, or its part's name. Most documents need not be asked."""

    def __init__(self, placed: Placed, file: str) -> None:
        self.file = file
        self._placed = placed

    @cached_property
    def places(self) -> Mapping[etree._Element, Place]:
        """Each paragraph's place."""
        return {paragraph: place for place, paragraph in self._placed}

    def of(self, element: etree._Element) -> Place:
        """The place of the paragraph or cell around an element, or of the first one in it."""
        for around in (element, *element.iterancestors()):
            if around in self.places:
                return self.places[around]
        outwards = (element, *element.iterancestors())
        row = next((each for each in outwards if name_of(each) in ("tc", "tr", "tbl")), element)
        return next((self.places[each] for each in row.iter("{*}p") if each in self.places), Place(self.file))


def _changes(package: Package, where: _Where) -> Iterator[Finding]:
    found: dict[tuple[Place, str], list[str]] = {}
    for part, root in _parts(package):
        for element in root.iter(*(f"{{*}}{name}" for name in _CHANGES)):
            kind = _CHANGES[name_of(element)]
            place = where.of(element) if not part else Place(where.file)
            found.setdefault((place, f"{part}{kind}"), []).append(_text(element))
    for (place, kind), texts in found.items():
        words = "".join(texts).strip()
        said = f"（{kind}）{f'：“{_cut(words)}”' if words else ''}"
        fix = "请在 Word 或 WPS 的“审阅”里接受或拒绝全部修订，保存后再运行。"
        yield _fault("K10", f"留有修订痕迹{said}。", place, fix, words)


def _parts(package: Package) -> Iterator[tuple[str, etree._Element]]:
    """The running text, then headers, footers and notes with their Chinese names."""
    yield "", package.document
    for side in package.of(*_SIDES):
        yield _SIDES[side.kind], side.root


def _comments(package: Package, where: _Where, ours: bool) -> Iterator[Finding]:
    """The comments; those that we put into a draft go with it."""
    comments = package.comments
    if comments is None:
        return
    marks = {value_of(each, "id"): each for each in package.document.iter("{*}commentReference")}
    for comment in comments.iter("{*}comment"):
        author, words = value_of(comment, "author"), _text(comment)
        if ours and author == _OURS:
            continue
        mark = marks.get(value_of(comment, "id"))
        place = where.of(mark) if mark is not None else Place(where.file)
        fix = "请按批注改好，再删去批注。"
        if author == _OURS:
            fix = "这是 reportgen 加的批注：请在原来的文件上改，不要用这份带批注的副本。"
        yield _fault("K11", f"留有{author or '没有署名'}的批注：“{_cut(words)}”。", place, fix, words)


def _hidden(package: Package, where: _Where) -> Iterator[Finding]:
    styles = styles_of(package.styles)
    found: dict[Place, list[str]] = {}
    for part, root in _parts(package):
        if not styles.hide and next(root.iter("{*}vanish", "{*}hidden"), None) is None:  # as in most
            continue
        for element in root.iter("{*}r", "{*}tr"):
            if _is_hidden(element, styles) and (words := _text(element)).strip():
                place = where.of(element) if not part else Place(where.file)
                found.setdefault(place, []).append(words)
    for place, texts in found.items():
        words = "".join(texts)
        fix = "请在 Word 里显示隐藏文字，删去它，或取消“隐藏”。"
        yield _fault("K12", f"有隐藏的文字，印不出来，却留在文件里：“{_cut(words)}”。", place, fix, words)


def _is_hidden(element: etree._Element, styles: Styles) -> bool:
    """True for a run or a row that is hidden by itself, and for a run that is by a style."""
    if name_of(element) == "tr":
        return is_on(member(member(element, "trPr"), "hidden"))
    own = member(member(element, "rPr"), "vanish")
    if own is not None or not styles.hide:
        return is_on(own)
    around = next(element.iterancestors("{*}p"), None)
    return is_on(styles.of_run(element, styles.of_paragraph(member(around, "pPr")), "vanish"))


def _draft_marks(package: Package, file: str) -> Iterator[Finding]:
    """Words of a draft in headers and footers, and in the watermarks that hang on them."""
    seen: set[str] = set()
    for part, root in _parts(package):
        words = _draft_words(root) if part in ("页眉", "页脚") else ""
        if words and words not in seen:
            seen.add(words)
            fix = "定稿请删去这些字样；水印在 Word 的“设计”或 WPS 的“插入”里删除。"
            yield _fault("K13", f"{part}或水印里有“{_cut(words)}”字样。", Place(file), fix, words)


def _draft_words(root: etree._Element) -> str:
    marks = (value_of(each, "string") for each in root.iter("{*}textpath"))
    lines = (_text(each) for each in root.iter("{*}p"))
    return next((words.strip() for words in (*lines, *marks) if _DRAFT.search(words)), "")


def _made_by_us(package: Package) -> bool:
    """True for a draft of ours, even after another program wrote it again."""
    comments = package.comments
    authors = {value_of(each, "author") for each in comments} if comments is not None else set()
    return _OURS in authors or any(side.name.startswith("header_draft") for side in package.sides)


def _our_draft(places: tuple[Place, ...]) -> Finding:
    fix = "请按批注改好生成它的那份年报，再重新生成。"
    return Finding("K14", Level.ERROR, "这是本程序出的草稿，不能定稿。", places, fix=fix)


def _text(element: etree._Element) -> str:
    """The words below an element, deleted ones too, without those of alternative drawings."""
    texts: Iterable[str | None] = (each.text for each in element.iter("{*}t", "{*}delText"))
    return "".join(text or "" for text in texts)


def _cut(words: str) -> str:
    words = words.strip()
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


def _fault(code: str, message: str, place: Place, fix: str, found: str) -> Finding:
    return Finding(code, Level.ERROR, message, (place,), found=found.strip()[:400], fix=fix)


# ── what stands around the text, compared with what stood there when it was made ─────────────────────

_IDLE = re.compile(r"[\s\d—－–-]+")
_PAGE = re.compile(r"(?<![A-Z])PAGE(?![A-Z])", re.IGNORECASE)
_PICTURE = ("{*}blip", "{*}imagedata")
_FIX_AROUND = "需要保留的，请确认它应当印在年报上：规则不检查这些内容；不需要的，请删去。"


class Around(NamedTuple):
    """The words of headers and footers, the words of text boxes, pictures."""

    sides: Counter[str]
    boxes: Counter[str]
    pictures: int


def changed_around(before: bytes, now: bytes, file: str) -> tuple[Finding, ...]:
    """What the polished document has around its text that the one made had not. Never raises."""
    try:
        first, then = _around(opened(before)), _around(opened(now))
    except Refused:
        return ()  # the reading tells it
    return tuple(_told_around(first, then, file))


def _around(package: Package) -> Around:
    roots = [package.document, *(side.root for side in package.sides)]
    sides = [side.root for side in package.of("header", "footer")]
    boxes = [box for root in roots for box in root.iter("{*}txbxContent")]
    # A picture stands twice, for new and old programs, where one of them is the other's fallback.
    pictures = sum(not _is_fallback(each) for root in roots for each in root.iter(*_PICTURE))
    return Around(
        Counter(filter(None, (_IDLE.sub("", _words_in(root)) for root in sides))),
        Counter(filter(None, (_words_in(box).strip() for box in boxes if not _is_fallback(box)))),
        pictures,
    )


def _is_fallback(element: etree._Element) -> bool:
    return next(element.iterancestors("{*}Fallback"), None) is not None


def _words_in(root: etree._Element) -> str:
    return "".join(each.text or "" for each in root.iter("{*}t"))


def is_numbered(root: etree._Element) -> bool:
    """True for a header or footer that says which page it is on."""
    said = "".join(each.text or "" for each in root.iter("{*}instrText"))
    fields = [said, *(value_of(each, "instr") for each in root.iter("{*}fldSimple"))]
    return next(root.iter("{*}pgNum"), None) is not None or any(map(_PAGE.search, fields))


def is_draft(words: str) -> bool:
    """True for words that mark a draft."""
    return bool(_DRAFT.search(words))


def _told_around(first: Around, then: Around, file: str) -> Iterator[Finding]:
    for words in then.sides - first.sides:
        yield _changed(f"页眉或页脚里加了：“{words[:40]}”。", file)
    for words in then.boxes - first.boxes:
        yield _changed(f"加了文本框：“{words[:40]}”。", file)
    if then.pictures > first.pictures:
        yield _changed(f"加了 {then.pictures - first.pictures} 幅图片。", file)


def _changed(message: str, file: str) -> Finding:
    return Finding("K07", Level.WARNING, message, (Place(file),), fix=_FIX_AROUND)


# ── what no reader looks at and programs do ──────────────────────────────────────────────────────────


def unwalked(
    placed: Placed, package: Package, found: list[tuple[Strange, Place]], file: str
) -> list[tuple[Strange, Place]]:
    """What would fetch or run something where no reader looks, and words in the lines above notes.

    Args:
        placed: the paragraphs that were walked through, and where they stand.
        package: the document.
        found: what the walk has named already.
        file: the name for places.
    """
    told = {each for each, _ in found}
    where = _Where(placed, file)
    more = []
    for root in (package.document, *(side.root for side in package.sides)):
        for element, each in _fetched_by(root):
            if each not in told:
                places = where.places
                near = next((around for around in element.iterancestors() if around in places), None)
                more.append((each, Place(file) if near is None else places[near]))
    for side in package.of("footnotes", "endnotes"):
        for note in side.root:
            words = "".join(each.text or "" for each in note.iter("{*}t")).strip()
            if words and value_of(note, "type") not in ("", "normal"):
                more.append((Strange(Danger.UNREAD, "写在脚注分隔线里的文字", short(words)), Place(file)))
    return more


def _fetched_by(root: etree._Element) -> Iterator[tuple[etree._Element, Strange]]:
    """Each field and old picture of a part that would fetch or run something, seen or not.

    A program that opens the document looks at what was deleted, at the branch that another program shows and
    at empty boxes, too.
    """
    fields = Fields()
    names = ("{*}fldChar", "{*}instrText", "{*}delInstrText", "{*}fldSimple", f"{{{_VML}}}*")
    for element in root.iter(*names):
        name = name_of(element)
        found = None
        if name == "fldChar":
            found = fields.mark(element)
        elif name == "fldSimple":
            found = judged(value_of(element, "instr"))
        elif name in ("instrText", "delInstrText"):
            fields.say(element.text or "")
        else:
            found = _linked(element)
        if found is not None and found.grave:
            yield element, found


def _linked(element: etree._Element) -> Strange | None:
    """What an old drawing names by its address and not by a relationship."""
    addresses = [value_of(element, key) for key in ("src", "href", "althref")]
    picture = name_of(element) in ("imagedata", "fill", "stroke", "image")
    bad = next((each for each in addresses if each and (picture or not GOOD.match(each))), "")
    what = "文件以外的图片" if picture else "网页和邮件以外的链接"
    return Strange(Danger.OUTSIDE, what, bad) if bad else None
