"""What is done to every PDF after it was converted: one opening, one saving.

Whichever converter drew it, the file gets the same descriptions, tags and identifiers, the source inside if
it is wanted, and the empty signature field where the seal goes.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, String

from reportgen.makers import Attachment
from reportgen.makers.pdf.metadata import About, describe, pdf_date
from reportgen.makers.pdf.same_bytes import saved, set_chance
from reportgen.problems import ToolFailed
from reportgen.signing.field import add_field
from reportgen.signing.seal_place import SealPlace

COLUMN_HEADS = ("表头", "表头小", "表头窄")
ROW_HEADS = ("表格行名", "表格行名小", "表格分组小", "表格行名同页", "表格行名小同页", "表格分组小同页")
"""The styles of the templates' cells that are heads."""

LANGUAGE = "zh-CN"
_ELEMENT, _CELLS = Name.StructElem, (Name.TD, Name.TH)
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
        if isinstance(element, Dictionary) and element.get("/Type") == _ELEMENT:
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
    if "/Lang" in element and str(element["/Lang"]).startswith("en"):
        del element["/Lang"]
    if element.get("/S") in _CELLS and (scope := _scope_of(element)):
        element.S = Name.TH
        _set_scope(element, scope)


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


# ── what is done to every PDF after it was converted: one opening, one saving ─────────────────────────

_TYPES = {
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
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

    Args:
        raw: as the converter made it.
        finish: what it is to be given.

    Raises:
        ToolFailed: it is no whole PDF, or has a structure that cannot be finished.
    """
    try:
        with pikepdf.open(io.BytesIO(raw), attempt_recovery=False, inherit_page_attributes=False) as document:
            if not len(document.pages):
                raise ToolFailed(NOT_WHOLE)
            return _finished(document, finish)
    except pikepdf.PdfError as error:
        raise ToolFailed(NOT_WHOLE) from error


def _finished(document: pikepdf.Pdf, finish: Finish) -> bytes:
    set_chance(document, finish.stamp)
    set_tags(document)
    describe(document, finish.about)
    if finish.attached:
        attach(document, finish.attached, finish.stamp)
    if finish.seal:
        add_field(document, finish.seal, document_tag(document))
    return saved(document)
