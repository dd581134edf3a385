"""What is done to every PDF after it was converted: one opening, one saving.

Whichever converter drew it, the file gets the same descriptions, tags and identifiers, the source inside if
it is wanted, and the empty signature field where the seal goes.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import Any

import deflate
import pikepdf
from pikepdf import (
    AccessMode,
    Array,
    AttachedFileSpec,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    Pdf,
    Stream,
    String,
)

from reportgen.makers import Attachment, Order
from reportgen.makers.pdf.metadata import About, describe, pdf_date
from reportgen.paths import reason
from reportgen.problems import ToolFailed
from reportgen.signing.field import add_field
from reportgen.signing.seal_place import SealPlace

COLUMN_HEADS = ("表头", "表头小", "表头窄")
ROW_HEADS = ("表格行名", "表格行名小", "表格分组小", "表格行名同页", "表格行名小同页", "表格分组小同页")
"""The styles of the templates' cells that are heads."""

LANGUAGE = "zh-CN"
_CELLS = frozenset({"/TD", "/TH"})
_SCOPES = {f"/{style}": Name.Column for style in COLUMN_HEADS} | {
    f"/{style}": Name.Row for style in ROW_HEADS
}


def set_tags(document: Pdf) -> None:
    """Put the tags right, and say that the document is Chinese, tagged, and to be shown with its title.

    ``/Tabs`` on every page says that the fields follow the order of the tags, since each page may get a
    signature's field (ISO 14289-1, 7.18.3). A document without tags stays without.
    """
    root = document.Root
    root.Lang = pikepdf.String(LANGUAGE)
    root.ViewerPreferences = _with(root.get("/ViewerPreferences"), DisplayDocTitle=True)
    for page in document.pages:
        page.obj.Tabs = Name.S
    tree = root.get("/StructTreeRoot")
    if not isinstance(tree, Dictionary):
        return
    root.MarkInfo = _with(root.get("/MarkInfo"), Marked=True)
    _drop_circles(tree)
    for element in document.objects:
        if isinstance(element, Dictionary):
            _set_element(element)


def document_tag(document: Pdf) -> Dictionary | None:
    """The tag that holds all others; None where the document has none."""
    tree = document.Root.get("/StructTreeRoot")
    kids = tree.get("/K") if isinstance(tree, Dictionary) else None
    first = kids[0] if isinstance(kids, Array) and len(kids) else kids
    return first if isinstance(first, Dictionary) else None


def _with(held: Any, **entries: bool) -> Dictionary:
    found = held if isinstance(held, Dictionary) else Dictionary()
    for key, value in entries.items():
        found[f"/{key}"] = value
    return found


def _drop_circles(tree: Dictionary) -> None:
    roles = tree.get("/RoleMap")
    if isinstance(roles, Dictionary):
        for role in [role for role, standard in roles.items() if role == str(standard)]:
            del roles[role]


def _set_element(element: Dictionary) -> None:
    """Put one tag right; what is no tag has no role and stays as it is."""
    if "/S" not in element:
        return
    if "/Lang" in element and str(element["/Lang"]).startswith(("en", "zh")):
        del element["/Lang"]
    if str(element["/S"]) not in _CELLS:
        return
    if scope := _scope_of(element):
        element.S = Name.TH
        _set_scope(element, scope)
    elif "/K" not in element and _is_follow(element):
        _drop_from_row(element)


def _drop_from_row(cell: Dictionary) -> None:
    row = cell.get("/P")
    if isinstance(row, Dictionary) and isinstance(cells := row.get("/K"), Array):
        row.K = Array([each for each in cells if each.objgen != cell.objgen])


def _is_follow(cell: Dictionary) -> bool:
    """True if a cell without content is the empty rest of one on the next page.

    Where a page ends within cells that span rows, LibreOffice tags the last row's cells once more, without
    content and without height; the row would have twice its columns. Source: ISO 14289-1, 7.2.
    """
    return any(each.get("/Height") == 0 for each in _attributes(cell.get("/A")))


def _scope_of(cell: Dictionary) -> Name | None:
    """The direction that a cell speaks for, by the style of its first paragraph; None if it is no head."""
    kids = cell.get("/K")
    first = kids[0] if isinstance(kids, Array) and len(kids) else kids
    return _SCOPES.get(str(first.get("/S"))) if isinstance(first, Dictionary) else None


def _set_scope(cell: Dictionary, scope: Name) -> None:
    """Say a head's direction: in the attributes of tables that it has, else in new ones."""
    attributes = list(_attributes(cell.get("/A")))
    of_table = next((each for each in attributes if each.get("/O") == Name.Table), None)
    if of_table is None:
        cell.A = Array([*attributes, Dictionary(O=Name.Table, Scope=scope)])
    elif "/Scope" not in of_table:
        of_table.Scope = scope


def _attributes(held: Any) -> Iterator[Dictionary]:
    for each in held if isinstance(held, Array) else (held,):
        if isinstance(each, Dictionary):
            yield each


# ── the source inside ─────────────────────────────────────────────────────────────────────────────────

_TYPES = {
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ODD = "转换出来的 PDF 里已经有附件，不能再附上原文件。请去掉 --attach-source 再试。"
_TOLD = "生成本报告的原文件"


def attach(document: Pdf, file: Attachment, stamp: datetime) -> None:
    """Put a file into a PDF, as the source of the whole document (ISO 19005-3, 6.8).

    Raises:
        ToolFailed: the PDF has files inside already.
    """
    if len(document.attachments) or "/AF" in document.Root:
        raise ToolFailed(_ODD)
    suffix = PurePath(file.name).suffix
    spec = AttachedFileSpec(
        document,
        file.content,
        description=_TOLD,
        filename=file.name,
        mime_type=_TYPES.get(suffix.lower().lstrip("."), "application/octet-stream"),
        creation_date=pdf_date(stamp),
        mod_date=pdf_date(stamp),
    )
    plain = f"source{suffix}" if suffix[1:].isalnum() and suffix.isascii() else "source"
    spec.obj.AFRelationship = Name.Source
    spec.obj.F = String(plain)  # for readers that know no other letters than Latin ones
    document.attachments[file.name] = spec
    document.Root.AF = Array([document.make_indirect(spec.obj)])


# ── the same bytes for the same report: what a clock, a counter or chance gave is set ─────────────────
# Those are the dates of the information dictionary and of the colour profile, the file's identifiers, and the
# numbers of its Type 1 fonts; the dates of the XMP come with the rest of it (``metadata``). In which order
# the objects were written does not show: qpdf numbers them anew, walking from the trailer through
# dictionaries sorted by their keys.

_FIRST = 4_100_001
"""Where LibreOffice begins; the whole range that Adobe left free has seven digits."""

_EEXEC = 55665
"""The key of the encrypted part of every Type 1 font (Adobe Type 1 Font Format, 7.3)."""

_MARK = b"/UniqueID "
_WIDTHS = ("/Widths", "/W")


def set_fonts(document: Pdf) -> None:
    """Number the Type 1 fonts of a PDF by their names, and let the widths of all be objects of their own.

    Who asks for a font's name then need not read hundreds of numbers, which takes the proof a third of its
    time.
    """
    fonts = tuple(_fonts(document))
    for number, program in enumerate(_programs(fonts), start=_FIRST):
        _set_number(program, b"%d" % number)
    for font in fonts:
        for key in _WIDTHS:
            if key in font:
                font[key] = document.make_indirect(font[key])


def _programs(fonts: Iterable[Object]) -> Iterator[Stream]:
    """The font programs of Type 1, in the order of the fonts' names, each once."""
    found: dict[tuple[int, int], tuple[str, Stream]] = {}
    for font in fonts:
        descriptor = font.get("/FontDescriptor")
        if not isinstance(descriptor, Dictionary):
            continue
        program = descriptor.get("/FontFile")
        if isinstance(program, Stream):
            found[program.objgen] = (str(descriptor.get("/FontName", "")), program)
    for _, program in sorted(found.values(), key=lambda named: named[0]):
        yield program


def _fonts(document: Pdf) -> Iterator[Object]:
    """What the pages draw with, and the forms that they draw, some of it more than once.

    Found by way of the pages: looking at every object of the file takes 21 ms, this less than 1.
    """
    waiting: list[Object] = [page.resources for page in document.pages]
    seen: set[tuple[int, int]] = set()
    while waiting:
        resources = waiting.pop()
        if not isinstance(resources, Dictionary) or (resources.is_indirect and resources.objgen in seen):
            continue
        seen.add(resources.objgen)
        for font in _values(resources, "/Font"):
            yield from (font, *font.get("/DescendantFonts", ()))
        for form in _values(resources, "/XObject"):
            if form.objgen not in seen and "/Resources" in form:
                seen.add(form.objgen)
                waiting.append(form["/Resources"])


def _values(resources: Object, kind: str) -> Iterator[Object]:
    held = resources.get(kind)
    for each in dict(held.items()).values() if isinstance(held, Dictionary) else ():
        if isinstance(each, Dictionary | Stream):
            yield each


def _set_number(program: Stream, number: bytes) -> None:
    """Give a font its number.

    It is packed again even where it has that number already: else a first document, packed by LibreOffice,
    would differ from later ones.
    """
    font = program.read_bytes()
    ends = int(program.get("/Length1", 0)), int(program.get("/Length2", 0))
    clear, cipher, rest = font[: ends[0]], font[ends[0] : sum(ends)], font[sum(ends) :]
    fresh = _numbered(clear, number)
    if fresh != clear:
        cipher = _sealed_again(cipher, number)
    program.write(fresh + cipher + rest)
    program.Length1, program.Length2 = len(fresh), len(cipher)


def _sealed_again(cipher: bytes, number: bytes) -> bytes:
    from fontTools.misc import eexec

    plain, _ = eexec.decrypt(cipher, _EEXEC)
    sealed, _ = eexec.encrypt(_numbered(plain, number), _EEXEC)
    return bytes(sealed)


def _numbered(program: bytes, number: bytes) -> bytes:
    """The text of a font program with another number, where it has one."""
    head, mark, tail = program.partition(_MARK)
    _, blank, rest = tail.partition(b" ")
    return head + mark + number + blank + rest if mark else program


def set_chance(document: Pdf, stamp: datetime) -> None:
    """Set what differs from one conversion to the next.

    Args:
        document: as the converter made it.
        stamp: the time that it shall bear.
    """
    _set_colours(document, stamp)
    set_fonts(document)
    for key in ("/ID", "/DocChecksum"):
        if key in document.trailer:
            del document.trailer[key]


_LITTLE = 1
"""How hard packing tries, from 1 to 12: font programs, which are most of a PDF, hardly give way to more."""

_REMARK = re.compile(rb"(?m)^% [^\n]*\n")
_RAW = re.compile(rb"\(|\bID\b")
"""What begins bytes that may look like a remark and are none: a string, the data of a picture."""


def pack(document: Pdf) -> None:
    """Pack every stream that is not packed; the description stays plain, for any program to find.

    LibreOffice is asked to pack none (see ``process``): libdeflate is five times as quick as its zlib.
    """
    pages = {held.objgen for page in document.pages if isinstance(held := page.obj.get("/Contents"), Stream)}
    for each in document.objects:
        if isinstance(each, Stream) and "/Filter" not in each and each.get("/Type") != Name.Metadata:
            content = each.read_raw_bytes()
            if each.objgen in pages or each.get("/Subtype") == Name.Form:
                content = _without_remarks(content)
            each.write(bytes(deflate.zlib_compress(content, _LITTLE)), filter=Name.FlateDecode)


def _without_remarks(content: bytes) -> bytes:
    """What is drawn, without what LibreOffice says of itself between the lines where it does not pack.

    It writes words as digits; what holds strings or pictures of another program is left as it is.
    """
    plain = _REMARK.sub(b"", content)
    return content if _RAW.search(plain) else plain


def saved(document: Pdf) -> bytes:
    """The bytes of a document, its identifier reckoned from them.

    Its objects are not gathered into streams: any signing program can then add to the file, and any reader of
    2006 read it.
    """
    with TemporaryFile() as out:
        document.save(
            out,
            object_stream_mode=ObjectStreamMode.disable,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        out.seek(0)
        return out.read()


def _set_colours(document: Pdf, stamp: datetime) -> None:
    """The date and the identifier of each colour profile (ICC.1:2004-10, 7.2)."""
    when = b"".join(part.to_bytes(2, "big") for part in stamp.timetuple()[:6])
    intents = document.Root.get("/OutputIntents")
    for intent in intents if isinstance(intents, Array) else ():
        profile = intent.get("/DestOutputProfile") if isinstance(intent, Dictionary) else None
        if isinstance(profile, Stream):
            icc = profile.read_bytes()
            profile.write(icc[:24] + when + icc[36:84] + bytes(16) + icc[100:])


# ── what is done to every PDF after it was converted: one opening, one saving ─────────────────────────

NOT_WHOLE = (
    "没有得到完整的 PDF：转换程序给出的文件打不开。请重试；仍不行，请用 Word 或 WPS 把 Word 文件另存一次。"
)
"""The sentence about a converter that gave no whole PDF."""


@dataclass(frozen=True, slots=True)
class Finish:
    """What a PDF is to be given.

    Attributes:
        about: what it says of itself, and the time that it bears.
        attached: a file to carry inside.
        seal: where an empty signature field is to be; None for no field.
    """

    about: About
    attached: Attachment | None = None
    seal: SealPlace | None = None

    @property
    def stamp(self) -> datetime:
        """The time that the file bears."""
        return self.about.stamp


def finished(raw: bytes, finish: Finish) -> bytes:
    """The PDF of a converter, finished; the same bytes for the same input.

    It is read from a file without a name, and written to another: of Python's streams qpdf asks each token
    by itself, which takes twice as long.

    Args:
        raw: as the converter made it.
        finish: what it is to be given.

    Raises:
        ToolFailed: it is no whole PDF, has a structure that cannot be finished, or there is no room for these
            files.
    """
    with _opened(raw) as document:
        return _finished(document, finish)


def with_field(raw: bytes, about: About, order: Order, seal: SealPlace | None) -> bytes:
    """A PDF that another program printed, with what it is about and the empty field; all else as it was.

    Args:
        raw: as it was printed.
        about: what it says of itself; the program and the time are its own, where it names them.
        order: of the report.
        seal: where the field is to be; None for no field.

    Raises:
        ToolFailed: as for ``finished``.
    """
    from reportgen.makers.pdf.elsewhere import made_on, prepare

    with _opened(raw) as document:
        info = document.docinfo
        software = str(info.get("/Creator", "")) or str(info.get("/Producer", "")) or about.software
        stamp = made_on(document) or about.stamp
        prepare(document, order)
        describe(document, replace(about, software=software, stamp=stamp))
        document.Root.Lang = String(LANGUAGE)
        if seal:
            add_field(document, seal, document_tag(document))
        return saved(document)


@contextmanager
def _opened(raw: bytes) -> Iterator[Pdf]:
    """A converter's PDF, opened.

    Raises:
        ToolFailed: as for ``finished``; what is done with it may show that, too.
    """
    try:
        with TemporaryFile() as source:
            source.write(raw)
            source.flush()
            with pikepdf.open(
                source, access_mode=AccessMode.mmap, attempt_recovery=False, inherit_page_attributes=False
            ) as document:
                if not len(document.pages):
                    raise ToolFailed(NOT_WHOLE)
                yield document
    except pikepdf.PdfError as error:
        raise ToolFailed(NOT_WHOLE) from error
    except OSError as error:
        raise ToolFailed(f"没有生成 PDF，用不了临时文件夹：{reason(error)}") from error


def _finished(document: pikepdf.Pdf, finish: Finish) -> bytes:
    set_chance(document, finish.stamp)
    set_tags(document)
    describe(document, finish.about)
    if finish.attached:
        attach(document, finish.attached, finish.stamp)
    if finish.seal:
        add_field(document, finish.seal, document_tag(document))
    pack(document)
    return saved(document)
