"""The tags of a PDF, which a screen reader goes by: what a converter leaves undone.

LibreOffice marks as heads only the rows that Word repeats on every page; by the styles of our templates the
heads of every block and the names of the rows are marked, too, each with the direction that it speaks for.
It calls a run of figures English, which would be read out so; and it maps each standard tag to itself, which
the norm of accessible PDF (ISO 14289-1) forbids.
"""

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

COLUMN_HEADS = ("表头", "表头小", "表头窄")
ROW_HEADS = ("表格行名", "表格行名小", "表格分组小")
"""The styles of the templates' cells that are heads."""

LANGUAGE = "zh-CN"
_ELEMENT, _CELLS = Name.StructElem, (Name.TD, Name.TH)
_SCOPES = {f"/{style}": Name.Column for style in COLUMN_HEADS} | {
    f"/{style}": Name.Row for style in ROW_HEADS
}


def set_tags(document: Pdf) -> None:
    """Put the tags right, and say that the document is Chinese, tagged, and to be shown with its title.

    Every page is said to be walked through in the order of the tags (``/Tabs``), since each may get a
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
