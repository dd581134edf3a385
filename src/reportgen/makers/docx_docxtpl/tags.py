"""The tags of a Word template: where each stands, what it asks for, what is wrong with it."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from reportgen.makers.docx_docxtpl.filling import DOCUMENT, environment
from reportgen.makers.docx_docxtpl.word_xml import Element, grid_cells, parsed, text_of, w
from reportgen.problems import Place

FILE = "report.docx"

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|｛｛|｝｝|｛%|%｝|\{ \{|\{ %")
_INSIDE = re.compile(r"\{(?P<kind>[{%#])(?P<reach>(?:p|r|tr|tc)(?=\s))?[-+]?(?P<words>.*?)[-+]?[}%#]\}")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ENDS = ("else", "endfor", "endif", "endmacro", "endset", "endwith", "endcall", "endfilter", "endblock")
_OPENING = ("for", "if", "macro", "with", "call", "filter", "block")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_JINJA = environment()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a template, or of one of its cells."""

    text: str
    place: Place

    @property
    def loose(self) -> str:
        """A piece of a tag that does not belong to a whole one; empty where all are whole."""
        found = _LOOSE.search(_TAG.sub("", self.text))
        return found[0] if found else ""

    @property
    def tags(self) -> tuple["Tag", ...]:
        """Its whole tags, comments left out."""
        whole = (found for found in _TAG.findall(self.text) if not found.startswith("{#"))
        return tuple(Tag(found, self.place, reading(found)) for found in whole)

    @property
    def lost(self) -> str:
        """The words beside a tag that stands for its paragraph, which docxtpl throws away with it."""
        if any(tag.says.reach in ("p", "tr", "tc") for tag in self.tags):
            return _TAG.sub("", self.text).strip()
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
        wrong: what Jinja says where it cannot read it.
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
    except TemplateSyntaxError as error:
        return replace(said, wrong=error.message or "?")
    gives = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    gives |= {node.name for node in tree.find_all(nodes.Macro)}
    return replace(said, asks=frozenset(_chains(tree)), gives=frozenset(gives))


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


def lines_of(template: bytes) -> Iterator[Line]:
    """Every paragraph of the text with its place, then those of headers and footers.

    Raises:
        zipfile.BadZipFile, KeyError, lxml.etree.XMLSyntaxError: for bytes that are no docx.
    """
    with zipfile.ZipFile(io.BytesIO(template)) as package:
        body = parsed(package.read(DOCUMENT)).find(w("body"))
        if body is not None:
            yield from _body_lines(body)
        for name in sorted(package.namelist()):
            if re.fullmatch(r"word/(header|footer)\d*\.xml", name):
                side = "页眉" if "header" in name else "页脚"
                for number, paragraph in enumerate(parsed(package.read(name)).iter(w("p")), start=1):
                    yield Line(text_of(paragraph), Place(f"{FILE}（{side}）", line=number))


def _body_lines(body: Element) -> Iterator[Line]:
    paragraphs = table = 0
    for child in body:
        if child.tag == w("p"):
            paragraphs += 1
            yield Line(text_of(child), Place(FILE, line=paragraphs))
        if child.tag == w("tbl"):
            table += 1
            for row, column, cell in grid_cells(child):
                place = Place(FILE, table=table, row=row, column=column)
                yield from (Line(text_of(paragraph), place) for paragraph in cell.iter(w("p")))
