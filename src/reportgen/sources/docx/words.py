"""The words of a Word paragraph: what stands on the page, and what is bold; what is not read is named."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from reportgen.model.nodes import Run
from reportgen.problems import short
from reportgen.recognising.outline import numbered_level
from reportgen.safe.decoding import UNSEEN, WIDTHLESS
from reportgen.safe.package import Danger, Strange
from reportgen.sources.docx.numbering import Numbers
from reportgen.sources.docx.package import (
    Members,
    chosen,
    is_on,
    member,
    members,
    name_of,
    shown_in,
    value_of,
)
from reportgen.sources.docx.styles import Look, Styles

THROUGH = frozenset(["smartTag", "ins", "moveTo", "sdt", "sdtContent", "customXml"])
"""What only wraps the words, or the paragraphs, in it."""

DELETED = frozenset({"del", "moveFrom"})
"""What an editor struck out."""

SILENT = frozenset(
    str.split(
        "pPr rPr sdtPr sdtEndPr smartTagPr customXmlPr proofErr permStart permEnd bookmarkStart "
        "bookmarkEnd commentRangeStart commentRangeEnd moveFromRangeStart moveFromRangeEnd "
        "moveToRangeStart moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd "
        "customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart "
        "customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd sectPr tblPr "
        "tblGrid tblPrEx trPr tcPr"
    )
)
"""What says how something looks, or marks a place, and shows nothing itself."""

_INLINE = THROUGH | {"hyperlink", "bdo", "dir"}
_NOTHING = SILENT | frozenset(
    str.split(
        "lastRenderedPageBreak commentReference annotationRef footnoteRef endnoteRef separator "
        "continuationSeparator delText delInstrText softHyphen"
    )
)
_NAMES = {
    "oMath": "公式",
    "oMathPara": "公式",
    "altChunk": "插入的其他文档（altChunk）",
    "object": "嵌入的对象（OLE）",
    "OLEObject": "嵌入的对象（OLE）",
    "control": "ActiveX 控件",
    "ocx": "ActiveX 控件",
    "movie": "录像",
    "subDoc": "子文档",
    "chart": "图表",
    "relIds": "SmartArt 图形",
    "contentPart": "墨迹",
    "sdt": "与数据绑定的内容控件（显示的是别处的值）",
}
_DANGERS = {"object": Danger.OBJECT, "OLEObject": Danger.OBJECT, "control": Danger.OBJECT}
_DANGERS |= {"ocx": Danger.OBJECT, "movie": Danger.OBJECT, "subDoc": Danger.OUTSIDE}
_TYPED = re.compile(
    r"\s*(?:第[一二三四五六七八九十\d]{1,3}[部章节条]|[一二三四五六七八九十]{1,3}\s*[、.．]"
    r"|[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]|\d{1,2}\s*(?:[、．)）]|\.(?!\d))|[①-⒛])"
)
_WORDS = 40


@dataclass(slots=True)
class Met:
    """What was met in a paragraph beside its words.

    Attributes:
        notes: kind and id of each footnote and endnote that it refers to.
        boxes: the contents of its text boxes.
        art: what its art of letters says: WordArt, a watermark.
        strange: what was not read, or must not go on.
        doubled: an automatic number before a typed one, as both stand on the page; empty where there is none.
        number: the format of its automatic number where nobody here knows it.
    """

    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    art: list[str] = field(default_factory=list)
    strange: list[Strange] = field(default_factory=list)
    doubled: str = ""
    number: str = ""


# ── fields: which show their result, and which would fetch or run something (ECMA-376 part 1, 17.16.5)

_SHOWING = frozenset(
    str.split(
        "PAGE NUMPAGES SECTIONPAGES SECTION PAGEREF REF NOTEREF HYPERLINK TOC TOA INDEX TC XE SEQ "
        "STYLEREF QUOTE FORMTEXT TITLE AUTHOR SUBJECT KEYWORDS DOCPROPERTY"
    )
)
"""What shows a result that stands in the file, or nothing, and needs nothing from elsewhere."""

_OUTSIDE = frozenset(
    str.split(
        "DDE DDEAUTO LINK INCLUDE INCLUDETEXT INCLUDEPICTURE IMPORT DATABASE RD MERGEFIELD NEXT "
        "NEXTIF SKIPIF ADDRESSBLOCK GREETINGLINE AUTOTEXT AUTOTEXTLIST GLOSSARY FILLIN ASK"
    )
)
_MACROS = frozenset({"MACROBUTTON", "MACRO", "ADDIN", "GOTOBUTTON", "PRINT", "BARCODE"})
_OBJECTS = frozenset({"EMBED", "CONTROL", "OCX", "SHAPE", "HTMLCONTROL"})
_TOKEN = re.compile(r'"[^"]*"?|[^\s"]+')
_WITH_WORD = frozenset({"\\l", "\\o", "\\s", "\\t"})
"""The switches of a hyperlink that a word belongs to: a bookmark, a tip, a window."""
_SWITCH = re.compile(r"\\[^\\]")
GOOD = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)


@dataclass(slots=True)
class Fields:
    """The fields that are open somewhere in a part: the instruction of each, and if its result has begun."""

    open: list[tuple[list[str], bool]] = field(default_factory=list)

    @property
    def instructing(self) -> bool:
        """True where what stands there is an instruction and no words."""
        return bool(self.open) and any(not result for _, result in self.open)

    def mark(self, element: etree._Element) -> Strange | None:
        """A field begins, comes to its result, or ends; what it is if it must not go on."""
        kind = value_of(element, "fldCharType")
        if kind == "begin":
            self.open.append(([], False))
        elif self.open and kind in ("separate", "end"):
            pieces, result = self.open.pop()
            if kind == "separate":
                self.open.append((pieces, True))
            return None if result else judged("".join(pieces))
        return None

    def say(self, text: str) -> None:
        """A piece of an instruction."""
        if self.open:
            self.open[-1][0].append(text)


def judged(instruction: str) -> Strange | None:
    """What a field's instruction is if it must not go on; None for a field that shows its result."""
    words = instruction.split()
    kind = words[0].upper() if words else ""
    told = " ".join(words)[:120]
    if kind in _OUTSIDE:
        return Strange(Danger.OUTSIDE, f"{kind} 域", told)
    if kind in _MACROS:
        return Strange(Danger.MACRO, f"{kind} 域", told)
    if kind in _OBJECTS:
        return Strange(Danger.OBJECT, f"{kind} 域", told)
    if kind == "HYPERLINK":
        bad = any(not GOOD.match(target) for target in _targets(instruction))
        return Strange(Danger.OUTSIDE, "网页和邮件以外的链接", told) if bad else None
    if kind in _SHOWING or kind.startswith("=") or not kind:
        return None
    return Strange(Danger.UNREAD, f"{kind[:30]} 域", told)


def _targets(instruction: str) -> Iterator[str]:
    """Where a hyperlink leads: its words but for its switches and what belongs to them."""
    before = ""
    for token in _TOKEN.findall(instruction)[1:]:
        if not _SWITCH.fullmatch(token) and before not in _WITH_WORD:
            yield token.strip('"').strip()
        before = token.lower()


# ── the words ────────────────────────────────────────────────────────────────────────────────────────


class Words(NamedTuple):
    """Reads the paragraphs of one part; its fields may reach over several of them."""

    styles: Styles
    numbers: Numbers
    fields: Fields

    def look_of(self, properties: Members) -> Look:
        """What a paragraph is, from its style or its own outline level."""
        look = self.styles.look(self.styles.named_by(properties))
        outline = value_of(properties.get("outlineLvl"))
        if not look.level and outline in set("01234"):
            look = Look(int(outline) + 2, look.item)
        bulleted = self.numbers.is_bullet(properties)
        return Look(look.level, not look.level and (look.item or bulleted))

    def read(self, paragraph: etree._Element, properties: Members) -> tuple[list[Run], Met]:
        """The words of a paragraph in stretches of one look, its number first, and what else it has."""
        met = Met()
        runs = [run for run in self._inline(paragraph, met) if run.text]
        number = self.numbers.next_of(properties)
        if number is None:
            return runs, met
        met.number = number.unknown
        words = "".join(run.text for run in runs)
        if number.text and (typed := _TYPED.match(words)):
            met.doubled = f"{number.text}{typed[0].strip()}"
        elif number.text:
            runs.insert(0, Run(number.text))
        return runs, met

    def _inline(self, element: etree._Element, met: Met) -> Iterator[Run]:
        for child in element:
            name = name_of(child)
            if name == "r":
                yield from self._run(child, met)
            elif name in _INLINE:
                if is_bound(child):
                    met.strange.append(unread(child))
                yield from self._inline(child, met)
            elif name == "fldSimple":
                _add(met, judged(value_of(child, "instr")))
                yield from self._inline(child, met)
            elif name == "AlternateContent":
                yield from self._inline(_one_of(child, met), met)
            elif name and name not in DELETED and name not in SILENT:
                met.strange.append(unread(child))

    def _run(self, run: etree._Element, met: Met) -> Iterator[Run]:
        properties = members(member(run, "rPr"))
        hidden = is_on(properties.get("vanish"))
        bold = self.styles.is_bold(properties)
        for text in self._pieces(run, met):
            if found := UNSEEN.search(text):
                what = f"看不见的控制字符（U+{ord(found[0]):04X}）"
                met.strange.append(Strange(Danger.UNREAD, what, short(UNSEEN.sub("", text))))
            if text and self.fields.instructing:
                met.strange.append(Strange(Danger.UNREAD, "写在域代码里的文字", text))
            elif text and not hidden:
                yield Run(text, bold)

    def _pieces(self, run: etree._Element, met: Met) -> Iterator[str]:
        """What a run says: a tab is a blank, a soft break a line end, a page break nothing."""
        for child in run:
            name = name_of(child)
            if name in _SAID:
                yield _SAID[name](child)
            elif name == "AlternateContent":
                yield from self._pieces(_one_of(child, met), met)
            elif name == "ruby":
                yield from self._ruby(child, met)
            elif name in ("drawing", "pict"):
                self._draw(child, met)
            elif name and name not in _NOTHING:
                self._mark(child, name, met)

    def _mark(self, child: etree._Element, name: str, met: Met) -> None:
        """A part of a field, a mark of a note, or what is not known."""
        if name == "fldChar":
            _add(met, self.fields.mark(child))
        elif name == "instrText":
            self.fields.say(child.text or "")
        elif name in ("footnoteReference", "endnoteReference"):
            met.notes.append((f"{name.removesuffix('Reference')}s", value_of(child, "id")))
        else:
            met.strange.append(unread(child))

    def _ruby(self, ruby: etree._Element, met: Met) -> Iterator[str]:
        """The words first, then what stands above them in brackets."""
        above, base = (
            "".join(run.text for run in self._inline(part, met)) if part is not None else ""
            for part in (member(ruby, "rt"), member(ruby, "rubyBase"))
        )
        yield base
        if above:
            yield f"（{above}）"

    def _draw(self, drawing: etree._Element, met: Met) -> None:
        """A picture shows no words; text boxes are kept for later, art of letters too."""
        for child in shown_in(drawing):
            name = name_of(child)
            if name == "txbxContent":
                met.boxes.append(child)
            elif name == "textpath" and value_of(child, "string").strip():
                met.art.append(value_of(child, "string"))
            elif name in _NAMES or (name == "t" and (child.text or "").strip()):
                met.strange.append(unread(child))
            else:
                self._draw(child, met)


def _symbol(element: etree._Element) -> str:
    """A sign of a symbol font; figures among them as figures, other pictures as a box."""
    code = value_of(element, "char")
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
    font = value_of(element, "font").lower()
    if not 0xF000 <= number <= 0xF0FF:
        return chr(number) if number > 31 and not 0xD800 <= number <= 0xDFFF else "□"
    plain = number - 0xF000
    if font.startswith("wingdings"):
        return chr(ord("①") + plain - 0x81) if 0x81 <= plain <= 0x8A else "□"
    return chr(plain) if 0x20 <= plain < 0x7F else "□"


def _break(element: etree._Element) -> str:
    return "\n" if value_of(element, "type") in ("", "textWrapping") else ""


_SAID = {
    "t": lambda each: WIDTHLESS.sub("", each.text or ""),
    "tab": lambda _: " ",
    "ptab": lambda _: " ",
    "noBreakHyphen": lambda _: "-",
    "cr": lambda _: "\n",
    "br": _break,
    "sym": _symbol,
}


def is_bound(element: etree._Element) -> bool:
    """True for a content control that shows what stands in another part, whatever words are in it."""
    properties = member(element, "sdtPr") if name_of(element) == "sdt" else None
    return member(properties, "dataBinding") is not None


def unread(element: etree._Element) -> Strange:
    """Something that stands on the page and is not read, with the words in it."""
    name = name_of(element)
    texts = (each.text or "" for each in element.iter() if name_of(each) == "t")
    words = "".join(texts).strip()[:_WORDS]
    what = _NAMES.get(name) or ("图形里的文字" if name == "t" else f"不认识的内容（{name}）")
    return Strange(_DANGERS.get(name, Danger.UNREAD), what, words)


def _one_of(alternate: etree._Element, met: Met) -> etree._Element:
    """The branch that Word shows; told where another program would show other words."""
    said = {"".join(_written(branch).split()) for branch in alternate if name_of(branch)}
    if len({each for each in said if each}) > 1:
        met.strange.append(Strange(Danger.UNREAD, "新旧程序显示的文字不同", max(said)[:_WORDS]))
    branch = chosen(alternate)
    if branch is None or ("" in said and not _written(branch).strip() and len(said) > 1):
        _add(met, Strange(Danger.UNREAD, "只有旧程序显示的文字", max(said)[:_WORDS]) if max(said) else None)
    return etree.Element("none") if branch is None else branch


def _written(branch: etree._Element) -> str:
    return "".join(each.text or "" for each in branch.iter() if name_of(each) == "t")


def _add(met: Met, strange: Strange | None) -> None:
    if strange is not None:
        met.strange.append(strange)


def lines_of(runs: Iterable[Run]) -> list[tuple[Run, ...]]:
    """A paragraph's runs, cut at the soft breaks with which web pages part paragraphs.

    A soft break in the middle of a sentence only wraps its line; it leaves nothing.
    """
    found = list(runs)
    if not any("\n" in run.text for run in found):  # as nearly all
        return [tuple(run for run in found if run.text)]
    lines: list[list[Run]] = []
    before = ""
    for piece in _between_breaks(found):
        words = "".join(run.text for run in piece)
        if not lines or _ends(before, words):
            lines.append([])
        lines[-1] += piece
        before = words
    return [tuple(run for run in line if run.text) for line in lines]


def _between_breaks(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs between soft breaks."""
    pieces: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        pieces[-1].append(Run(first, run.bold))
        pieces += [[Run(text, run.bold)] for text in others]
    return pieces


def _ends(upper: str, lower: str) -> bool:
    """True if a soft break between these words ends a paragraph."""
    headed = numbered_level(upper) or numbered_level(lower)
    return (
        bool(headed) or lower.startswith("\u3000") or upper.rstrip().endswith(("。", "！", "？", "；", "："))
    )
