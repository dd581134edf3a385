"""Fills a Word template: docxtpl's tags, compiled once, into a file with stamps that never change.

docxtpl reads, compiles and saves the whole package for every document. Here its own ``patch_xml`` turns
the tags into Jinja once, for this process and, where it can be kept safely, for those after it; a filled
document costs a rendering and a zip of two parts.
"""

import marshal
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from types import CodeType

from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError
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


def environment() -> ImmutableSandboxedEnvironment:
    """The Jinja that templates are compiled and checked with."""
    return _Names(autoescape=True, undefined=StrictUndefined, finalize=legal)


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
    return jinja.compile(source)


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
    parts[DOCUMENT] = typeset(parts[DOCUMENT].decode("utf-8"), made.styles).encode("utf-8")
    return packed(parts | {CORE: _core(words)}, made.ready)


def _rendered(part: Template, names: Mapping[str, object]) -> bytes:
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
    return "".join(pieces).encode("utf-8")


def _core(words: Words) -> bytes:
    stamp = f"{(words.date or NO_DATE).isoformat()}T00:00:00Z"
    title, author = (escape(str(legal(text)), quote=False) for text in (words.title, words.author))
    return _CORE.format(title=title, author=author, stamp=stamp).encode("utf-8")
