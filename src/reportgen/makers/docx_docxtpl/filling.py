"""Fills a Word template: docxtpl's tags, compiled once, into a file with stamps that never change.

docxtpl reads, compiles and saves the whole package for every document. Here its own ``patch_xml`` turns
the tags into Jinja once, for this process and, where it can be kept safely, for those after it; a filled
document costs a rendering and a zip of two parts.
"""

import marshal
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from types import CodeType

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateError,
    Undefined,
    UndefinedError,
    nodes,
    pass_context,
    pass_eval_context,
)
from jinja2.filters import FILTERS, do_replace, make_attrgetter, sync_do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.makers.docx_docxtpl.kept import keep, key_of, recall
from reportgen.makers.docx_docxtpl.language import refusals
from reportgen.makers.docx_docxtpl.reading_back import DOCUMENT, legal
from reportgen.makers.docx_docxtpl.typesetting import ids_of, typeset
from reportgen.problems import TemplateBroken
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import BROKEN, TooBig, parts_of
from reportgen.wording import Words

STYLES = "word/styles.xml"
CORE = "docProps/core.xml"
NO_DATE = date(2000, 1, 1)
"""Stands in the properties where a report has no date: a clock would give other bytes every time."""

MOST_BYTES = 32 * 1024 * 1024
"""All parts of a template together, pictures too, are no bigger unpacked."""

_MOST_SIGNS = 64_000_000
"""No part of a report is longer, whatever its template does with its words."""

_TAGGED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_EMPTY_RUN = re.compile(
    r'<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: xml:space="preserve")?></w:t></w:r>'
)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    "<cp:coreProperties "
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    "<dc:creator>{author}</dc:creator><dc:language>zh-CN</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
)


class _Names(ImmutableSandboxedEnvironment):
    """Jinja as templates of ours may use it: sandboxed, strict, escaping; a dot asks for a name."""

    def getattr(self, obj: object, attribute: str) -> object:
        """What a mapping holds under the name, before any method of that name."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


_MOST_DIGITS = 20
_PRINTED = (str, int, float, Decimal, Undefined)
"""The last is refused by Jinja itself, with the name that is not there."""


class NotPrinted(TypeError):
    """A tag stands for what is neither words nor a number: a group of cells, a list, yes or no, nothing."""


def _said(value: object) -> object:
    """A value as it is printed: words, or a number as people write it.

    Raises:
        NotPrinted: for what Python would write in a manner of its own.
    """
    if isinstance(value, bool) or not isinstance(value, _PRINTED):
        raise NotPrinted
    if isinstance(value, float):
        exact = Decimal(repr(value))
        if not exact.is_finite() or abs(exact.adjusted()) > _MOST_DIGITS:
            raise NotPrinted
        return f"{exact.normalize():f}"
    return value


@pass_context  # which lets Jinja ask here for what a template writes out, too
def _printed(_: Context, value: object) -> object:
    """What a tag prints, without what no document may hold."""
    return legal(_said(value))


@pass_eval_context
def _joined(context: EvalContext, value: Iterable[object], d: str = "", attribute: str | None = None) -> str:
    if attribute is not None:
        value = map(make_attrgetter(context.environment, attribute), value)
    return sync_do_join(context, map(_said, value), d)


@pass_eval_context
def _replaced(context: EvalContext, value: str, old: str, new: str, count: int | None = None) -> str:
    _said(value), _said(old), _said(new)
    return do_replace(context, value, old, new, count)


def _into(name: str) -> Callable[..., object]:
    """A filter of Jinja's that makes words or a number of one value, where it can."""
    usual = FILTERS[name]

    def checked(value: object, *more: object) -> object:
        said = _said(value)
        if name in ("int", "float") and not more and usual(said, None) is None:
            raise NotPrinted
        return usual(said, *more)

    return checked


_WORDS = str.split("string e escape forceescape upper lower title trim capitalize int float")
"""Filters that would make words, or 0, of anything."""


def environment() -> ImmutableSandboxedEnvironment:
    """The Jinja that templates are compiled and checked with."""
    jinja = _Names(autoescape=True, undefined=StrictUndefined, finalize=_printed)
    jinja.filters |= {name: _into(name) for name in _WORDS} | {"join": _joined, "replace": _replaced}
    return jinja


def code_of(jinja: ImmutableSandboxedEnvironment, tree: nodes.Template) -> CodeType:
    """A part compiled; what it joins with ``~`` has to be words or numbers, as what it prints."""
    for each in tree.find_all(nodes.Concat):
        each.nodes = [nodes.Filter(part, "string", [], [], None, None) for part in each.nodes]
        for part in each.nodes:
            part.set_lineno(each.lineno).set_environment(jinja)
    return jinja.compile(tree)


@dataclass(frozen=True)
class Compiled:
    """A template ready to fill: a zip of the parts that never change, and the others as Jinja.

    ``styles`` has the ids of styles, by the names of those that typesetting asks for.
    """

    ready: bytes
    parts: Mapping[str, Template]
    styles: Mapping[str, tuple[str, ...]]


_A_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_SIGNS = (("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
"""Signs that LibreOffice writes in words, and that docxtpl leaves as they are."""


def jinja_source(xml: str) -> str:
    """A part's text with docxtpl's tags as plain Jinja; runs that only held a tag leave nothing behind."""
    from docxtpl import DocxTemplate  # loads long; a template that was compiled before does without it

    return _A_TAG.sub(_plain, _EMPTY_RUN.sub("", DocxTemplate(None).patch_xml(xml)))


def _plain(tag: re.Match[str]) -> str:
    words = tag[0]
    for written, sign in _SIGNS:
        words = words.replace(written, sign)
    return words


def is_tagged(name: str, content: bytes) -> bool:
    """True for a part of a template that is filled; the others go on as they are."""
    return bool(_TAGGED.fullmatch(name)) and (b"{{" in content or b"{%" in content or name == DOCUMENT)


@lru_cache(maxsize=8)
def compiled(template: bytes) -> Compiled:
    """The template compiled, kept for the life of the process and for the next.

    Raises:
        TemplateBroken: for bytes that are no docx, or tags that are no Jinja.
    """
    key = key_of("compiled", template)
    kept = recall(key)
    ready, codes, styles = marshal.loads(kept) if kept else _compiled(template)
    if not kept:
        keep(key, marshal.dumps((ready, codes, styles)))
    jinja = environment()
    named = jinja.make_globals(None)
    parts = {name: Template.from_code(jinja, code, named, None) for name, code in codes.items()}
    return Compiled(ready, parts, styles)


def _compiled(template: bytes) -> tuple[bytes, dict[str, CodeType], dict[str, tuple[str, ...]]]:
    """A zip of the parts that never change, the code of the others by their names, the ids of styles."""
    jinja = environment()
    ready: dict[str, bytes] = {}
    codes: dict[str, CodeType] = {}
    try:
        for name, content in parts_of(template, MOST_BYTES).items():
            if is_tagged(name, content):
                codes[name] = _code(jinja, jinja_source(content.decode("utf-8")))
            elif name != CORE:
                ready[name] = content
    except (*BROKEN, TooBig, TemplateError, SyntaxError, RecursionError, MemoryError) as error:
        raise TemplateBroken(
            f"Word 模板用不了：{error}。请用 make templates 重画，或改回原来的模板。"
        ) from error
    return packed(ready), codes, ids_of(ready.get(STYLES, b"").decode("utf-8", "replace"))


def _code(jinja: ImmutableSandboxedEnvironment, source: str) -> CodeType:
    """A part compiled, after it was seen that its work has bounds: compiling does some of that work."""
    tree = jinja.parse(source)
    told = next(refusals(tree, {}), None)
    if told is not None:
        raise TemplateBroken(f"Word 模板用不了：{told.message}。{told.due}")
    return code_of(jinja, tree)


def filled(template: bytes, words: Words) -> bytes:
    """A template filled with these words: a whole package, whose properties say title, author and date.

    Raises:
        TemplateBroken: for bytes that are no docx, and where the template asks for what is not offered or for
            what cannot be done.
    """
    made = compiled(template)
    try:
        parts = {name: _rendered(part, words.names) for name, part in made.parts.items()}
    except TemplateBroken:
        raise
    except Exception as error:  # whatever a template asks for, it is the template's fault
        missing = re.findall(r"'([^']+)'", str(error)) if isinstance(error, UndefinedError) else []
        why = f"：没有“{missing[-1]}”这个名字" if missing else ""
        raise TemplateBroken(f"Word 模板里有填不出来的内容{why}。") from error
    parts[DOCUMENT] = typeset(parts[DOCUMENT], made.styles)
    parts[CORE] = _core(words)
    return packed({name: text.encode("utf-8") for name, text in parts.items()}, made.ready)


def _rendered(part: Template, names: Mapping[str, object]) -> str:
    """A part with the names filled in.

    Raises:
        TemplateBroken: it is longer than any part of a report.
    """
    pieces, signs = [], 0
    for piece in part.generate(names):
        pieces.append(piece)
        signs += len(piece)
        if signs > _MOST_SIGNS:
            raise TemplateBroken("Word 模板生成的内容过多，不像一份年报。请检查模板里的循环。")
    return "".join(pieces)


def _core(words: Words) -> str:
    stamp = f"{(words.date or NO_DATE).isoformat()}T00:00:00Z"
    title, author = (escape(str(legal(text)), quote=False) for text in (words.title, words.author))
    return _CORE.format(title=title, author=author, stamp=stamp)
