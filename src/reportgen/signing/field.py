"""The empty signature field of a finished PDF, where the seal goes.

Put there with pikepdf and not by pyHanko, which takes over a second to import, many times what making a PDF
takes, and which gives the field no tag, as accessible PDF wants it (ISO 14289-1, 7.18.4).
"""

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from reportgen.problems import Finding, ToolFailed
from reportgen.signing.pages import read_pages
from reportgen.signing.seal_place import MM, SealPlace, Signing, seal_place

FIELD = "Seal"
"""The name of the field; signing programs list it."""

_ODD = "PDF 的结构异常，不能加签名域。请重新生成；仍不行，请更新转换程序。"
_TOLD = "机关印章（电子签名）"
_PRINTED_AND_LOCKED = 132
_ADDED_TO_ONLY = 3
"""There are signature fields, and the file is only to be added to. Signing then changes nothing here."""


def diameter_of(pdf: bytes) -> int:
    """The diameter in mm of the seal that the field of a PDF was made for; 0 where it has none of ours."""
    try:
        with pikepdf.open(io.BytesIO(pdf), inherit_page_attributes=False) as document:
            fields = document.Root.AcroForm.Fields
            ours = next(each for each in fields if str(each.get("/T", "")) == FIELD)
            left, _, right, _ = (float(side) for side in ours.Rect)
    except (pikepdf.PdfError, AttributeError, KeyError, StopIteration, TypeError, ValueError):
        return 0  # no field of ours; damage of the file is reported elsewhere
    return round((right - left) / MM)


def add_field(document: Pdf, place: SealPlace, parent: Dictionary | None) -> None:
    """Give a document the empty field, with what it looks like: nothing, so that paper stays clean.

    Args:
        document: a PDF that is opened.
        place: where.
        parent: the tag that gets the field's own at its end; None where the document has no tags.

    Raises:
        ToolFailed: the file is built in another way than converters build them.
    """
    if place.page > len(document.pages):
        raise ToolFailed(_ODD)
    page = document.pages[place.page - 1].obj
    box = place.box
    corners = [round(side, 2) for side in (box.left, box.bottom, box.right, box.top)]
    side = round(box.right - box.left, 2)
    look = document.make_stream(b"")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, side, side])
    look.Resources = Dictionary()
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(FIELD),
            TU=String(_TOLD),
            F=_PRINTED_AND_LOCKED,
            Rect=Array(corners),
            P=page,
            AP=Dictionary(N=look),
        )
    )
    _append(page, "/Annots", field)
    form = document.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        form = document.Root.AcroForm = Dictionary()
    _append(form, "/Fields", field)
    form.SigFlags = _ADDED_TO_ONLY
    if parent is not None:
        _tag(document, field, page, parent)


def _append(holder: Dictionary, key: str, what: Dictionary) -> None:
    listed = holder.get(key)
    if listed is None:
        holder[key] = Array([what])
    elif isinstance(listed, Array):
        listed.append(what)
    else:
        raise ToolFailed(_ODD)


def _tag(document: Pdf, field: Dictionary, page: Dictionary, parent: Dictionary) -> None:
    """Put the field's widget into a tag of its own, which leads back to it (ISO 32000-1, 14.7.4.3)."""
    tag = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            Alt=String(_TOLD),
            K=Dictionary(Type=Name.OBJR, Obj=field, Pg=page),
        )
    )
    kids = parent.get("/K")
    if isinstance(kids, Array):
        kids.append(tag)
    else:
        parent.K = Array([tag] if kids is None else [kids, tag])
    tree = document.Root.StructTreeRoot
    if not isinstance(tree.get("/ParentTree"), Dictionary):
        tree.ParentTree = document.make_indirect(Dictionary(Nums=Array()))
    parents = pikepdf.NumberTree(tree.ParentTree)
    number = max(parents, default=-1) + 1
    parents[number] = tag
    field.StructParent = number
    tree.ParentTreeNextKey = number + 1


# ── where the empty signature field of a final PDF goes, and whether the place for the seal is good ───

_LAST = 2
"""Pages at the end that may hold 署名 and 成文日期."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A place for the seal, None where there is none, and what is not good about it."""

    place: SealPlace | None
    findings: tuple[Finding, ...]

    @property
    def facts(self) -> dict[str, object]:
        """The place as the manifest gives it; empty where there is none."""
        return {"seal": self.place.as_facts()} if self.place else {}


def find_place(pdf: bytes, signing: Signing) -> Prepared:
    """Where the seal goes on a PDF, converted or finished: both have the same words at the same places.

    Where the date that is known stands on the last page, as it nearly always does, no other is read: placing
    every character of a page takes several milliseconds.
    """
    lines, sheets = read_pages(pdf, last=1)
    if not any(line.text == signing.date for line in lines):
        lines, sheets = read_pages(pdf, last=_LAST)
    return Prepared(*seal_place(lines, sheets, signing))
