"""The tags of a Word template: where each stands, what it asks for, and what is wrong with it, in Chinese."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from reportgen.makers.docx_docxtpl.filling import environment
from reportgen.makers.docx_docxtpl.reading_back import DOCUMENT, Element, grid_cells, parsed, w
from reportgen.problems import Place

FILE = "report.docx"

TAG = re.compile(r"\{\{(?:(?!\{\{|\}\}).)*\}\}|\{%(?:(?!\{%|%\}).)*%\}|\{#(?:(?!\{#|#\}).)*#\}")
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|｛｛|｝｝|｛%|%｝|\{ \{|\{ %")
_INSIDE = re.compile(r"\{(?P<kind>[{%#])(?P<reach>(?:p|r|tr|tc)(?=\s))?[-+]?(?P<words>.*?)[-+]?[}%#]\}")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ENDS = ("else", "endfor", "endif", "endmacro", "endset", "endwith", "endcall", "endfilter", "endblock")
_OPENING = ("for", "if", "macro", "with", "call", "filter", "block")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_JINJA = environment()
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SAID = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"unexpected char '(.+?)' at \d+", "不该有字符“{}”"),
        (r"unexpected char .*", "引号没有成对，或有不该有的字符"),
        (r"expected token 'end of (?:print|statement).*', got '(.+)'", "“{}”前面缺少运算符，或是多余的"),
        (r"expected token '(.+)', got '(.+)'", "应为“{}”，写的是“{}”"),
        (r"Expected an expression, got '(.+)'", "缺少名字或数，写的是“{}”"),
        (r"unexpected '(.+)', expected '(.+)'", "多了“{}”，应为“{}”"),
        (r"unexpected '(.+)'", "多了“{}”"),
        (r"Encountered unknown tag '(.+?)'.*", "没有“{}”这种标签"),
        (r"(?i).*unexpected end of template.*", "没有写完"),
        (r"tag name expected", "缺少 for、if 这样的词"),
        (r"expected name or number", "“.”后面缺少名字"),
        (r"can't assign to .*", "只能给名字赋值"),
        (r"Invalid character in identifier", "名字里有不能用的字符"),
    )
)
_TOKENS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of print statement": "{{",
    "begin of statement block": "{%",
    "name": "名字",
    "integer": "整数",
    "string": "文字",
    "end of template": "结尾",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a template, or of one of its cells."""

    text: str
    place: Place

    @property
    def loose(self) -> str:
        """A piece of a tag that does not belong to a whole one; empty where all are whole."""
        found = _LOOSE.search(TAG.sub("", self.text))
        return found[0] if found else ""

    @property
    def tags(self) -> tuple["Tag", ...]:
        """Its whole tags, comments left out."""
        whole = (found for found in TAG.findall(self.text) if not found.startswith("{#"))
        return tuple(Tag(found, self.place, reading(found)) for found in whole)

    @property
    def lost(self) -> str:
        """The words beside a tag that stands for its paragraph, which docxtpl throws away with it."""
        if any(tag.says.reach in ("p", "tr", "tc") for tag in self.tags):
            return TAG.sub("", self.text).strip()
        return ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tag says.

    Attributes:
        reach: what goes with it: ``p`` its paragraph, ``r`` its run, empty for the tag alone.
        keyword: ``for``, ``endif`` … of a statement; empty for an expression.
        opens: True for a statement that needs an end.
        asks: the names that it reads, each as its words between the dots.
        gives: the names that it gives itself.
        wrong: in Chinese, what Jinja says where it cannot read it.
    """

    reach: str
    keyword: str
    opens: bool
    asks: frozenset[tuple[str, ...]] = frozenset()
    gives: frozenset[str] = frozenset()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as written, where it stands, and what it says."""

    text: str
    place: Place
    says: Reading


@lru_cache(maxsize=4096)
def reading(text: str) -> Reading:
    """What a whole tag says."""
    found = _INSIDE.fullmatch(text)
    assert found is not None  # every tag matches by its signs
    words = found["words"].strip().translate(_QUOTES)
    keyword = words.partition(" ")[0] if found["kind"] == "%" else ""
    opens = keyword in _OPENING or (keyword == "set" and "=" not in words)
    said = Reading(found["reach"] or "", keyword, opens)
    if not keyword and _NAME.fullmatch(words):
        return replace(said, asks=frozenset({tuple(words.split("."))}))
    try:
        tree = _JINJA.parse(_alone(words, keyword, opens))
        asks = frozenset(_chains(tree))
    except TemplateSyntaxError as error:
        return replace(said, wrong=in_chinese(error.message or ""))
    except (RecursionError, ValueError, MemoryError):
        return replace(said, wrong="写得太长，或套得太深")
    gives = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    gives |= {node.name for node in tree.find_all(nodes.Macro)}
    return replace(said, asks=asks, gives=frozenset(gives))


def _alone(words: str, keyword: str, opens: bool) -> str:
    """A tag as a template of its own."""
    if keyword in _ENDS:
        return ""
    if keyword == "elif":
        return f"{{% {words[2:]} %}}{{% endif %}}"
    if not keyword:
        return f"{{{{ {words} }}}}"
    return f"{{% {words} %}}" + (f"{{% end{keyword} %}}" if opens else "")


def _chains(node: nodes.Node) -> Iterator[tuple[str, ...]]:
    """Every name that is read, with its dots: ``a.b.c`` once, not also ``a`` and ``a.b``."""
    chain = _chain(node)
    if chain:
        yield chain
        return
    for child in node.iter_child_nodes():
        yield from _chains(child)


def _chain(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,) if node.ctx == "load" else ()
    if isinstance(node, nodes.Getattr):
        above = _chain(node.node)
        return (*above, node.attr) if above else ()
    return ()


def in_chinese(message: str) -> str:
    """What Jinja says of a tag that it cannot read."""
    for pattern, words in _SAID:
        if found := pattern.fullmatch(message):
            return words.format(*(_TOKENS.get(part, part) for part in found.groups()))
    return "写法不对"


def lines_of(template: bytes) -> Iterator[Line]:
    """Every paragraph of the text with its place, then those of headers, footers and notes.

    The text's paragraphs are counted as in any document: those with words, outside of tables.

    Raises:
        zipfile.BadZipFile, KeyError, lxml.etree.XMLSyntaxError: for bytes that are no docx.
    """
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        body = parsed(package.read(DOCUMENT)).find(w("body"))
        if body is not None:
            yield from _body_lines(body)
        for name in sorted(package.namelist()):
            if found := re.fullmatch(r"word/(header|footer|footnotes|endnotes)\d*\.xml", name):
                for number, paragraph in enumerate(parsed(package.read(name)).iter(w("p")), start=1):
                    place = Place(f"{FILE}（{_SIDES[found[1]]}）", line=number)
                    yield Line(own_text(paragraph), place)


_SIDES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}


def own_text(paragraph: Element) -> str:
    """The words of a paragraph without those of text boxes in it, which have paragraphs of their own."""
    return "".join(_own_pieces(paragraph))


def _own_pieces(element: Element) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == w("t"):
            yield child.text or ""
        elif child.tag not in (w("p"), _FALLBACK):
            yield from _own_pieces(child)


def _body_lines(body: Element) -> Iterator[Line]:
    cells = _cells(body)
    paragraphs = 0
    for element in body.iter(w("p")):
        place = next((cells[each] for each in element.iterancestors(w("tc")) if each in cells), None)
        words = own_text(element)
        if place is None:
            nested = next(element.iterancestors(w("p")), None) is not None
            paragraphs += bool(words.strip()) and not nested
            place = Place(FILE, line=max(paragraphs, 1))
        yield Line(words, place)


def _cells(body: Element) -> dict[Element, Place]:
    """The cells of the tables of the running text with their places."""
    tables = enumerate(body.iterchildren(w("tbl")), start=1)
    return {
        cell: Place(FILE, table=number, row=row, column=column)
        for number, table in tables
        for row, column, cell in grid_cells(table)
    }


# ── a tag found again in what is compiled ────────────────────────────────────────────────────────────


_TAG_IN_SOURCE = re.compile(r"\{[{%].*?[%}]\}")


def numbered(source: str) -> str:
    """A part as Jinja with every tag on a line of its own: a line tells which tag it is, from 2."""
    return re.sub(r"(?=\{[{%])", "\n", source.replace("\n", " "))


def places_in(source: str, tags: Sequence[Tag]) -> Mapping[int, Place]:
    """Where the tag of each line of a numbered source stands; the n-th of equal tags is the n-th there."""
    standing: dict[str, list[Place]] = defaultdict(list)
    for tag in tags:
        standing[said_by(tag.text)].append(tag.place)
    places: dict[int, Place] = {}
    for line, words in enumerate(source.split("\n"), start=1):
        there = standing.get(said_by(words))
        if there:
            places[line] = there.pop(0) if len(there) > 1 else there[0]
    return places


def said_by(line: str) -> str:
    """The tag that a text begins with, without its reach and its blanks; empty where it begins with none."""
    tag = _TAG_IN_SOURCE.match(line)
    found = _INSIDE.fullmatch(tag[0]) if tag else None
    return f"{found['kind']}{''.join(found['words'].translate(_QUOTES).split())}" if found else ""
