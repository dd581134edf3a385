"""Fills a Word template: docxtpl's tags, compiled once, into a file with stamps that never change.

docxtpl reads, compiles and saves the whole package for every document. Here its own ``patch_xml`` turns
the tags into Jinja once, for this process and, where it can be kept safely, for those after it; a filled
document costs a rendering and a zip of two parts.
"""

import io
import marshal
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from types import CodeType

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reportgen.makers.docx_docxtpl.kept import keep, key_of, recall
from reportgen.makers.docx_docxtpl.typesetting import ids_of, typeset
from reportgen.makers.docx_docxtpl.word_xml import legal
from reportgen.problems import TemplateBroken
from reportgen.safe.packing import packed
from reportgen.wording import Words

DOCUMENT = "word/document.xml"
STYLES = "word/styles.xml"
CORE = "docProps/core.xml"
NO_DATE = date(2000, 1, 1)
"""Stands in the properties where a report has no date: a clock would give other bytes every time."""

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


def jinja_source(xml: str) -> str:
    """A part's text with docxtpl's tags as plain Jinja; runs that only held a tag leave nothing behind."""
    from docxtpl import DocxTemplate  # loads long; a template that was compiled before does without it

    return _EMPTY_RUN.sub("", DocxTemplate(None).patch_xml(xml))


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
        with zipfile.ZipFile(io.BytesIO(template)) as source:
            for name in source.namelist():
                content = source.read(name)
                if _TAGGED.fullmatch(name) and (b"{{" in content or b"{%" in content or name == DOCUMENT):
                    codes[name] = jinja.compile(jinja_source(content.decode("utf-8")))
                elif name != CORE:
                    ready[name] = content
    except (zipfile.BadZipFile, UnicodeDecodeError, TemplateError) as error:
        raise TemplateBroken(
            f"Word 模板用不了：{error}。请用 make templates 重画，或改回原来的模板。"
        ) from error
    return packed(ready), codes, ids_of(ready.get(STYLES, b"").decode("utf-8", "replace"))


def filled(template: bytes, words: Words) -> bytes:
    """A template filled with these words: a whole package, whose properties say title, author and date.

    Raises:
        TemplateBroken: for bytes that are no docx, and where the template asks for what is not offered.
    """
    made = compiled(template)
    try:
        parts = {name: part.render(words.names) for name, part in made.parts.items()}
    except TemplateError as error:
        raise TemplateBroken(f"Word 模板里有填不出来的内容：{error}。") from error
    parts |= {DOCUMENT: typeset(parts[DOCUMENT], made.styles), CORE: _core(words)}
    return packed({name: part.encode("utf-8") for name, part in parts.items()}, made.ready)


def _core(words: Words) -> str:
    stamp = f"{(words.date or NO_DATE).isoformat()}T00:00:00Z"
    title, author = (escape(str(legal(text)), quote=False) for text in (words.title, words.author))
    return _CORE.format(title=title, author=author, stamp=stamp)
