"""Checks an edited Word template before it is used, and finds all its faults at once, each with its place.

Jinja's own errors name no place in a document, and stop at the first. So the tags are read here: where each
stands, what it asks for, what is wrong with it.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes
from lxml import etree

from reportgen.makers.docx_docxtpl.filling import DOCUMENT, environment
from reportgen.makers.docx_docxtpl.kept import keep, key_of, recall
from reportgen.makers.docx_docxtpl.word_xml import Element, grid_cells, parsed, text_of, w
from reportgen.model.form import CellKey, Form
from reportgen.model.layout import grid_of
from reportgen.problems import Finding, Level, Place, TemplateBroken

FILE = "report.docx"

GIVEN = {
    "loop",
    "range",
    "dict",
    "namespace",
    "cycler",
    "joiner",
    "true",
    "false",
    "none",
    "caller",
    "varargs",
}
"""Names that Jinja itself gives."""

MENDING = {
    "M00": "请换一个能用 Word 打开的 .docx，或用 make templates 重画。",
    "M01": "核对名字，一个字也不能差。",
    "M02": "标签要在同一段里写完整，例如 {{ 机关 }}；括号用半角。",
    "M03": "核对标签的写法。",
    "M04": "每个 for、if、macro 都要有结束标签，写法相同（都带 p 或都不带），先开始的后结束。",
    "M05": "在这一格写上这个标签。",
    "M06": "只留一个，放在应在的格子里。",
    "M07": "把这个标签移到应在的格子里。",
    "M08": "把这些文字移到另一段，或改用不带 p 的标签。",
}
"""How to mend each fault."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|｛｛|｝｝|｛%|%｝|\{ \{|\{ %")
_INSIDE = re.compile(r"\{(?P<kind>[{%#])(?P<reach>(?:p|r|tr|tc)(?=\s))?[-+]?(?P<words>.*?)[-+]?[}%#]\}")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ENDS = ("else", "endfor", "endif", "endmacro", "endset", "endwith", "endcall", "endfilter", "endblock")
_OPENING = ("for", "if", "macro", "with", "call", "filter", "block")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_JINJA = environment()
_SEEN: dict[tuple[bytes, str], tuple[Finding, ...]] = {}


# ── the tags ─────────────────────────────────────────────────────────────────────────────────────────


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


# ── the check ────────────────────────────────────────────────────────────────────────────────────────


def ensure_sound(template: bytes, form: Form, names: Mapping[str, object]) -> None:
    """Let a template pass that can be filled; the check is made once for each template and form.

    That it found nothing is kept for the next run; faults are found anew.

    Args:
        template: a Word file.
        form: whose cells it has to hold.
        names: what a report offers to it.

    Raises:
        TemplateBroken: with all its faults.
    """
    known = (template, form.id)
    if known not in _SEEN:
        _SEEN[known] = _faults(template, form, names)
    if faults := _SEEN[known]:
        raise TemplateBroken(f"{form.id} 版的 Word 模板有 {len(faults)} 处错误，改正后再生成。", faults)


def _faults(template: bytes, form: Form, names: Mapping[str, object]) -> tuple[Finding, ...]:
    key = key_of("sound", template, repr(form), "\n".join(_names_and_kinds(names)))
    if recall(key) is not None:
        return ()
    faults = check_template(template, form, names)
    if not faults:
        keep(key, b"")
    return faults


def _names_and_kinds(names: Mapping[str, object], above: str = "") -> Iterator[str]:
    """Every name, and whether it holds others: what the check can tell of them."""
    for name, value in names.items():
        yield f"{above}{name} {type(value).__name__}"
        if isinstance(value, Mapping):
            yield from _names_and_kinds(value, f"{above}{name}.")


def check_template(template: bytes, form: Form, names: Mapping[str, object]) -> tuple[Finding, ...]:
    """What is wrong with a template for this form, where ``names`` is what a report offers.

    M00 no docx · M01 unknown name · M02 tag not whole · M03 tag not understood · M04 blocks not closed ·
    M05 cell missing · M06 cell doubled · M07 cell in another place · M08 words that would be lost.
    """
    try:
        lines = tuple(lines_of(template))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        return (_fault("M00", "这不是完整的 Word 文件（.docx）。", Place(FILE), found=str(error)),)
    tags = tuple(tag for line in lines for tag in line.tags)
    return (*_shape(lines), *_blocks(tags), *_names(tags, names), *_cells(tags, form))


def _shape(lines: Sequence[Line]) -> Iterator[Finding]:
    for line in lines:
        if line.loose:
            yield _fault("M02", f"标签没有写完整：“{line.loose}”。", line.place, found=line.text[:60])
        if line.lost:
            yield _fault("M08", "独占一段的标签旁边还有文字，生成时会丢掉。", line.place, found=line.lost)
        for tag in line.tags:
            if tag.says.wrong:
                yield _fault("M03", f"看不懂标签“{tag.text}”。", line.place, found=tag.says.wrong)


def _blocks(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Every block has its end, of the same reach, in order."""
    begun: list[Tag] = []
    for tag in tags:
        if tag.says.opens:
            begun.append(tag)
        elif tag.says.keyword.startswith("end"):
            due = _end_of(begun.pop()) if begun else ""
            if due != f"{{%{tag.says.reach} {tag.says.keyword} %}}":
                yield _fault(
                    "M04", f"结束标签“{tag.text}”与开始的对不上。", tag.place, due or "没有", tag.text
                )
    for tag in begun:
        yield _fault("M04", f"标签“{tag.text}”没有结束。", tag.place, _end_of(tag), "没有")


def _end_of(tag: Tag) -> str:
    return f"{{%{tag.says.reach} end{tag.says.keyword} %}}"


def _names(tags: Sequence[Tag], names: Mapping[str, object]) -> Iterator[Finding]:
    """Every name that is asked for is one that a report offers, or that the template gives itself."""
    given = GIVEN.union(*(tag.says.gives for tag in tags))
    known: list[str] = []
    for tag in tags:
        for chain in sorted(tag.says.asks):
            if chain[0] in given or _offered(chain, names):
                continue
            known = known or list(_all_names(names))
            name = ".".join(chain)
            near = get_close_matches(name, known, n=1)
            due = f"是不是“{near[0]}”？" if near else ""
            yield _fault("M01", f"年报里没有“{name}”这个名字。", tag.place, due, tag.text)


def _offered(chain: Sequence[str], names: Mapping[str, object]) -> bool:
    """True if the names hold the chain, as far as they can tell: what is in a list or absent is not known."""
    value: object = names
    for word in chain:
        if not isinstance(value, Mapping):
            return value is None or isinstance(value, list)
        if word not in value:
            return False
        value = value[word]
    return True


def _all_names(names: Mapping[str, object], above: str = "") -> Iterator[str]:
    for name, value in names.items():
        yield above + name
        if isinstance(value, Mapping):
            yield from _all_names(value, f"{above}{name}.")


def _cells(tags: Sequence[Tag], form: Form) -> Iterator[Finding]:
    """Every cell of the form is asked for once, where the form has it."""
    asked: dict[CellKey, list[Place]] = defaultdict(list)
    for tag in tags:
        for chain in tag.says.asks:
            if len(chain) == 2 and CellKey(*chain) in form.index:
                asked[CellKey(*chain)].append(tag.place)
    for number, table in enumerate(form.tables, start=1):
        for cell in grid_of(table).cells:
            if cell.key:
                due = Place(FILE, table=number, row=cell.row, column=cell.column)
                yield from _cell(form.label(cell.key), str(cell.key), asked[cell.key], due)


def _cell(label: str, key: str, there: Sequence[Place], due: Place) -> Iterator[Finding]:
    tag = f"{{{{ {key} }}}}"
    if not there:
        yield _fault("M05", f"模板里缺少“{label}”这一格。", due, tag, "没有")
    elif len(there) > 1:
        found = "、".join(place.words for place in there)
        yield replace(
            _fault("M06", f"“{label}”在模板里有{len(there)}个。", due, tag, found), places=tuple(there)
        )
    elif there[0] != due:
        yield _fault("M07", f"“{label}”不在应在的格子里。", there[0], due.words, there[0].words)


def _fault(code: str, message: str, place: Place, due: str = "", found: str = "") -> Finding:
    return Finding(code, Level.ERROR, message, (place,), due, found, MENDING[code])
