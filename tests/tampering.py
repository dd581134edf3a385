"""A small signed PDF, and what can be done to it afterwards: with no key, and with somebody else's."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle

from authority import PASSWORD, Issued

SEAL = (300, 100, 419, 219)
"""The place of the empty field."""
FREE = (100, 300, 200, 400)
"""Of the size of a seal, where the page is empty."""
ON_WORDS = (60, 690, 160, 790)
WHOLE_PAGE = (0, 0, 595, 842)

Changed = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Change:
    """Something done to a signed PDF.

    Attributes:
        make: from the signed file to the changed one.
        told: what a clerk must be told, a part of it; empty where the file cannot be opened any more.
        lenient: why pyHanko's own rules let it pass; empty where they do not.
    """

    make: Changed
    told: str
    lenient: str = ""


class Update(IncrementalPdfFileWriter):
    """Appends what it is told and nothing else: no dates, no names of programs."""

    def _update_meta(self) -> None: ...

    def register_extension(self, ext: object) -> None:
        """Leave the catalog alone."""

    def ensure_output_version(self, version: object) -> None:
        """As above."""


def value(of: Any) -> Any:
    """A PDF object from Python's: names begin with a slash."""
    made: Any = generic
    if isinstance(of, dict):
        return made.DictionaryObject({made.NameObject(key): value(each) for key, each in of.items()})
    if isinstance(of, (list, tuple)):
        return made.ArrayObject([value(each) for each in of])
    if isinstance(of, bool):
        return made.BooleanObject(of)
    if isinstance(of, str):
        return made.NameObject(of) if of.startswith("/") else made.TextStringObject(of)
    if isinstance(of, int):
        return made.NumberObject(of)
    return of


def stream(content: bytes, **head: Any) -> Any:
    """A PDF stream; the keys of its head without their slash."""
    made: Any = generic
    return made.StreamObject(
        {made.NameObject(f"/{key}"): value(each) for key, each in head.items()}, stream_data=content
    )


def small_pdf() -> bytes:
    """Two pages with words, a font, a bookmark, metadata, a tag, and an empty field for the seal."""
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for words in (b"2023: 1250 applications", b"2023: 1249 answers"):
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(b"BT /F1 24 Tf 72 720 Td (" + words + b") Tj ET")
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Numbers", 0))
    with document.open_metadata() as metadata:
        metadata["dc:title"] = "甲县乙镇人民政府2023年政府信息公开工作年度报告"
    document.docinfo["/Author"] = "甲县乙镇人民政府"
    document.docinfo["/Title"] = "甲县乙镇人民政府2023年政府信息公开工作年度报告"
    tag = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.P, Alt="a"))
    document.Root.StructTreeRoot = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=tag)
    )
    page = document.pages[1]
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="Seal", F=132
    )
    field.Rect = pikepdf.Array(SEAL)
    field.P = page.obj
    page.Annots = pikepdf.Array([document.make_indirect(field)])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([page.Annots[0]]), SigFlags=3)
    out = io.BytesIO()
    plain = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False}
    document.save(out, deterministic_id=True, **plain)
    return out.getvalue()


# ── with a key ───────────────────────────────────────────────────────────────────────────────────────


def signed_in(
    pdf: bytes,
    who: Issued,
    name: str = "Seal",
    box: tuple[int, int, int, int] | None = None,
    before: Callable[[Any], None] = lambda _: None,
) -> bytes:
    """The PDF with one more signature.

    Args:
        pdf: the file.
        who: signs.
        name: of the field.
        box: the place of a new field; none for a field that is there, four zeros for one that is not shown.
        before: what is changed in the same update.
    """
    writer = Update(io.BytesIO(pdf))
    before(writer)
    signer = SimpleSigner.load_pkcs12_data(who.p12(), (), PASSWORD.encode())
    place: Any = box if box and any(box) else None
    spec = SigFieldSpec(name, box=place, on_page=0) if box is not None else None
    side = BoxConstraints(100, 100)
    white = StaticStampStyle(background=RawContent(b"1 g 0 0 100 100 re f", box=side), border_width=0)
    wish = PdfSignatureMetadata(field_name=name, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    done = PdfSigner(wish, signer, stamp_style=white, new_field_spec=spec).sign_pdf(writer)
    return bytes(done.getvalue())


# ── with no key ──────────────────────────────────────────────────────────────────────────────────────


def updated(change: Callable[[Any], None]) -> Changed:
    """Appends an update."""

    def make(pdf: bytes) -> bytes:
        writer: Any = Update(io.BytesIO(pdf))
        change(writer)
        writer._force_write_when_empty = True
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return make


def _root(**entries: Any) -> Changed:
    def change(writer: Any) -> None:
        for key, each in entries.items():
            writer.root[value(f"/{key}")] = value(each)
        writer.update_root()

    return updated(change)


def page_of(writer: Any, number: int = 0) -> Any:
    """A page, to be changed."""
    page = writer.find_page_for_modification(number)[0].get_object()
    writer.update_container(page)
    return page


def _page(**entries: Any) -> Changed:
    def change(writer: Any) -> None:
        page = page_of(writer)
        for key, each in entries.items():
            page[value(f"/{key}")] = value(each)

    return updated(change)


def _note(subtype: str, rectangle: tuple[int, ...] = FREE, **more: Any) -> Changed:
    def change(writer: Any) -> None:
        head = {"/Type": "/Annot", "/Subtype": subtype, "/Rect": rectangle}
        note = writer.add_object(value({**head, **{f"/{key}": each for key, each in more.items()}}))
        page = page_of(writer)
        page[value("/Annots")] = value([*page.get("/Annots", []), note])

    return updated(change)


def field_added(rectangle: tuple[int, ...], kind: str = "/Sig", **more: Any) -> Callable[[Any], None]:
    """Adds a field with a white picture that nobody signed."""

    def change(writer: Any) -> None:
        left, bottom, right, top = rectangle
        box = [0, 0, right - left, top - bottom]
        white = stream(b"1 g 0 0 999 999 re f", Type="/XObject", Subtype="/Form", BBox=box)
        head = {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": kind, "/T": "White", "/F": 4}
        look = {"/N": writer.add_object(white)}
        extra = {f"/{key}": each for key, each in more.items()}
        field = writer.add_object(value({**head, "/Rect": rectangle, "/AP": look, **extra}))
        page, form = page_of(writer), writer.root["/AcroForm"]
        page[value("/Annots")] = value([*page.get("/Annots", []), field])
        form["/Fields"].append(field)
        writer.update_root()

    return change


def _field(rectangle: tuple[int, ...], kind: str = "/Sig", **more: Any) -> Changed:
    return updated(field_added(rectangle, kind, **more))


def _seal_field(writer: Any) -> Any:
    field = writer.root["/AcroForm"]["/Fields"][0]
    writer.update_container(field)
    return field


def _of_seal(change: Callable[[Any, Any], None]) -> Changed:
    return updated(lambda writer: change(writer, _seal_field(writer)))


def _of_form(**entries: Any) -> Changed:
    def change(writer: Any) -> None:
        for key, each in entries.items():
            writer.root["/AcroForm"][value(f"/{key}")] = value(each)
        writer.update_root()

    return updated(change)


def _object(path: Callable[[Any], Any], key: str, to: Any) -> Changed:
    """Changes an entry of an object that is found somewhere."""

    def change(writer: Any) -> None:
        thing = path(writer)
        thing[value(key)] = value(to)
        writer.update_container(thing)

    return updated(change)


def _pages(order: Callable[[list[Any]], list[Any]]) -> Changed:
    def change(writer: Any) -> None:
        tree = writer.root["/Pages"]
        kids = order(list(tree.raw_get("/Kids")))
        tree[value("/Kids")], tree[value("/Count")] = value(kids), value(len(kids))
        writer.update_container(tree)

    return updated(change)


def _new_page(writer: Any) -> None:
    writer.insert_page(value({"/Type": "/Page", "/MediaBox": [0, 0, 595, 842]}))


def _words(writer: Any) -> None:
    page = page_of(writer)
    old = page.raw_get("/Contents").reference
    writer.objects[(old.generation, old.idnum)] = stream(b"BT /F1 24 Tf 72 720 Td (2023: 9999) Tj ET")


def _more_words(writer: Any) -> None:
    page = page_of(writer)
    more = writer.add_object(stream(b"1 g 60 700 400 60 re f"))
    page[value("/Contents")] = value([page.raw_get("/Contents"), more])


def _store(**entries: Any) -> Changed:
    """A store of proofs with these entries."""

    def change(writer: Any) -> None:
        held = {f"/{key}": each for key, each in entries.items()}
        writer.root[value("/DSS")] = writer.add_object(value({"/Type": "/DSS", **held}))
        writer.update_root()

    return updated(change)


def _declared(**mark: Any) -> Changed:
    return _root(DSS={"/Type": "/DSS"}, Extensions={"/ESIC": {f"/{key}": each for key, each in mark.items()}})


def _xobject_words(writer: Any) -> None:
    page = page_of(writer)
    page[value("/Contents")] = writer.add_object(stream(b"BT /F1 24 Tf 72 720 Td (9999) Tj ET"))


def _second_widget(writer: Any) -> None:
    field = _seal_field(writer)
    white = stream(b"1 g 0 0 999 999 re f", Type="/XObject", Subtype="/Form", BBox=[0, 0, 595, 842])
    look = {"/N": writer.add_object(white)}
    head = {"/Type": "/Annot", "/Subtype": "/Widget", "/F": 4, "/Rect": WHOLE_PAGE, "/AP": look}
    widget = writer.add_object(value(head))
    field[value("/Kids")] = value([widget])
    page = page_of(writer)
    page[value("/Annots")] = value([widget])


def _info(writer: Any) -> None:
    info = writer.trailer["/Info"]
    info[value("/Title")] = value("another")
    writer.update_container(info)


def _other_info(writer: Any) -> None:
    writer.set_info(writer.add_object(value({"/Title": "another"})))


def _metadata(writer: Any) -> None:
    old = writer.root.raw_get("/Metadata").reference
    new = stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", Type="/Metadata", Subtype="/XML")
    writer.objects[(old.generation, old.idnum)] = new


def _script(writer: Any) -> Any:
    return writer.add_object(value({"/S": "/JavaScript", "/JS": "app.alert(1)"}))


def _with_script(place: str) -> Changed:
    def change(writer: Any) -> None:
        script = _script(writer)
        if place == "/Names":
            script = value({"/JavaScript": {"/Names": ["a", script]}})
        elif place == "/AA":
            script = value({"/WC": script})
        writer.root[value(place)] = script
        writer.update_root()

    return updated(change)


def _attachment(place: str) -> Changed:
    def change(writer: Any) -> None:
        held = writer.add_object(stream(b"hello", Type="/EmbeddedFile"))
        file = writer.add_object(value({"/Type": "/Filespec", "/F": "a.txt", "/EF": {"/F": held}}))
        entry = value([file]) if place == "/AF" else value({"/EmbeddedFiles": {"/Names": ["a", file]}})
        writer.root[value(place)] = entry
        writer.update_root()

    return updated(change)


def _font(writer: Any) -> Any:
    return writer.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]["/F1"]


def _copied_otherwise(writer: Any) -> None:
    font = _font(writer)
    font[value("/ToUnicode")] = writer.add_object(stream(b"1 beginbfchar <31> <0039> endbfchar"))
    writer.update_container(font)


def _bookmark(writer: Any) -> Any:
    return writer.root["/Outlines"]["/First"]


def _tag(writer: Any) -> Any:
    return writer.root["/StructTreeRoot"]["/K"]


def _same_again(writer: Any) -> None:
    writer.update_container(_font(writer))


def _look(writer: Any, field: Any) -> None:
    white = stream(b"1 g 0 0 999 999 re f", Type="/XObject", Subtype="/Form", BBox=[0, 0, 119, 119])
    field[value("/AP")] = value({"/N": writer.add_object(white)})


def _without_signature(_: Any, field: Any) -> None:
    del field["/V"]


def _false_store(content: bytes, **head: Any) -> Changed:
    def change(writer: Any) -> None:
        held = writer.add_object(stream(content, **head))
        writer.root[value("/DSS")] = writer.add_object(value({"/Type": "/DSS", "/Certs": [held]}))
        writer.update_root()

    return updated(change)


def _half_named(pdf: bytes) -> bytes:
    """An update with a table in a stream, whose container holds one object more than the table names."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        size, root = int(document.trailer.Size), document.Root.objgen[0]
    prev = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    heads, bodies = b"%d 0 9999 5 " % size, b"<<>>\n[1]"
    held = heads + bodies
    about = b"<</Type/ObjStm/N 2/First %d/Length %d>>" % (len(heads), len(held))
    first, second = size + 1, size + 2
    out = pdf + b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (first, about, held)
    rows = [(2, first, 0), (1, len(pdf), 0), (1, len(out), 0)]
    table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([more]) for kind, at, more in rows)
    head = b"<</Type/XRef/Size %d/Index[%d 3]/W[1 4 1]/Root %d 0 R/Prev %d/Length %d" % (
        (size + 3, size, root, prev, len(table))
    )
    stream_of = b"%s%s>>\nstream\n%s\nendstream" % (head, _identifier(pdf), table)
    return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (second, stream_of, len(out))


def _packed(head: bytes = b"", gap: bytes = b"") -> Changed:
    """An update with a store of proofs in a container that carries something beside it."""

    def make(pdf: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            size, root = int(document.trailer.Size), document.Root.objgen[0]
            catalog = document.Root.unparse(resolved=True)
        prev = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
        catalog = catalog.strip()[:-2] + b"/DSS %d 0 R>>" % size
        bodies = (b"<</Type/DSS>> ", gap, catalog)
        heads = b"%d 0 %d %d " % (size, root, len(bodies[0] + gap))
        held = heads + b"".join(bodies)
        about = b"<</Type/ObjStm/N 2/First %d/Length %d%s>>" % (len(heads), len(held), head)
        first, second = size + 1, size + 2
        out = pdf + b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (first, about, held)
        rows = [(2, first, 1), (2, first, 0), (1, len(pdf), 0), (1, len(out), 0)]
        table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([more]) for kind, at, more in rows)
        start = b"<</Type/XRef/Size %d/Index[%d 1 %d 3]/W[1 4 1]/Root %d 0 R/Prev %d/Length %d" % (
            (size + 3, root, size, root, prev, len(table))
        )
        stream_of = b"%s%s>>\nstream\n%s\nendstream" % (start, _identifier(pdf), table)
        return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (second, stream_of, len(out))

    return make


sound_packed = _packed()
"""A store of proofs in a container, as programs write it: nothing is wrong with it."""


def _by_hand(objects: bytes, entries: bytes, trailer: bytes = b"", *, short: bool = False) -> Changed:
    """Appends an update written by hand: ``{n}`` is the first free number, ``@`` where the object stands."""

    def make(pdf: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            size, root = int(document.trailer.Size), document.Root.objgen[0]
        table = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
        body = objects.replace(b"{n}", b"%d" % size)
        at = len(pdf) + (body.index(b"%d 0 obj" % size) if body else 0)
        rows = entries.replace(b"{n}", b"%d" % size).replace(b"@", b"%010d" % at)
        told = size if short else size + 1
        tail = b"trailer\n<</Size %d/Root %d 0 R/Prev %d%s>>\n" % (told, root, table, trailer)
        with_id = tail.replace(b">>\n", _identifier(pdf) + b">>\n")
        start = len(pdf) + len(body)
        return pdf + body + b"xref\n" + rows + with_id + b"startxref\n%d\n%%%%EOF\n" % start

    return make


def _identifier(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        info = document.trailer.Info.objgen[0]
        first, second = (bytes(each).hex().encode() for each in document.trailer.ID)
    return b"/Info %d 0 R/ID[<%s><%s>]" % (info, first, second)


def _rewritten(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out)
    return out.getvalue()


def _locked(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    return out.getvalue()


def reserved(pdf: bytes) -> tuple[int, int]:
    """Begin and end of the room for the last signature's own data, its brackets left out."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = [each.V for each in document.Root.AcroForm.Fields if "/V" in each]
        ranges = [[int(number) for number in each.ByteRange] for each in found]
    _, left, begin, _ = max(ranges, key=lambda each: each[2])
    return left + 1, begin - 1


def _stowed(pdf: bytes) -> bytes:
    _, end = reserved(pdf)
    return pdf[: end - 40] + b"DEADBEEF" * 5 + pdf[end:]


def _spoilt(pdf: bytes) -> bytes:
    begin, _ = reserved(pdf)
    at = begin + 600
    return pdf[:at] + (b"0" if pdf[at : at + 1] != b"0" else b"1") + pdf[at + 1 :]


def _swapped(old: bytes, new: bytes) -> Changed:
    def make(pdf: bytes) -> bytes:
        assert len(old) == len(new) and old in pdf
        return pdf.replace(old, new, 1)

    return make


_FORMS = "a form may be filled in later; for a report nothing may"
_MARKS = "takes it for a mark of a signing program"
_BEHIND = "does not look at what stands behind the last table"
_UNSEEN = "does not look at what nothing refers to"

CHANGES: dict[str, Change] = {
    # fields
    "an unsigned field with a white picture over the page": Change(
        _field(WHOLE_PAGE), "没有有效签名的签名域", _FORMS
    ),
    "an unsigned field on empty paper": Change(_field(FREE), "没有有效签名的签名域", _FORMS),
    "a field for text": Change(_field(FREE, "/Tx", V="hello"), "表单域"),
    "a button that acts": Change(
        _field(FREE, "/Btn", A={"/S": "/URI", "/URI": "http://a.example"}), "表单域"
    ),
    "the seal's field moved": Change(
        _of_seal(lambda _, field: field.__setitem__(value("/Rect"), value(FREE))), "签名域"
    ),
    "the seal's look replaced": Change(_of_seal(_look), "签名域“Seal”变了"),
    "the seal's field hidden": Change(
        _of_seal(lambda _, field: field.__setitem__(value("/F"), value(2))), "签名域"
    ),
    "the seal's field renamed": Change(
        _of_seal(lambda _, field: field.__setitem__(value("/T"), value("Other"))), "签名域"
    ),
    "the seal's field acts": Change(
        _of_seal(lambda _, field: field.__setitem__(value("/A"), value({"/S": "/Launch", "/F": "a"}))),
        "签名域",
    ),
    "the signature taken out": Change(_of_seal(_without_signature), ""),
    "the form asks for new looks": Change(_of_form(NeedAppearances=True), "NeedAppearances", _FORMS),
    "the form with fonts": Change(_of_form(DR={"/Font": {}}), "DR", _FORMS),
    "the form with XFA": Change(_of_form(XFA="hello"), "XFA"),
    "the form with an order of calculation": Change(_of_form(CO=[]), "CO"),
    "the form's flags": Change(_of_form(SigFlags=1), "SigFlags"),
    # notes
    "a note": Change(_note("/Text", Contents="hello"), "批注"),
    "words on the page": Change(_note("/FreeText", Contents="hello", DA="/Helv 12 Tf"), "批注"),
    "a stamp": Change(_note("/Stamp"), "批注"),
    "a mark": Change(_note("/Highlight", QuadPoints=[0, 0, 9, 0, 0, 9, 9, 9]), "批注"),
    "a square": Change(_note("/Square", WHOLE_PAGE, IC=[1, 1, 1]), "批注"),
    "a link": Change(_note("/Link", A={"/S": "/URI", "/URI": "http://a.example"}), "链接"),
    "a note that cannot be seen": Change(_note("/Text", (0, 0, 0, 0), F=2), "批注"),
    "a note with a file": Change(_note("/FileAttachment"), "附件批注"),
    "a note without a number": Change(
        updated(
            lambda writer: page_of(writer).__setitem__(
                value("/Annots"), value([{"/Type": "/Annot", "/Subtype": "/Text", "/Rect": FREE}])
            )
        ),
        "批注",
    ),
    "the fields of a page taken out": Change(
        updated(lambda writer: page_of(writer, 1).__setitem__(value("/Annots"), value([]))), "少了"
    ),
    # pages
    "a page turned": Change(_page(Rotate=90), "Rotate"),
    "a page of another size": Change(_page(MediaBox=[0, 0, 400, 400]), "MediaBox"),
    "a page cut": Change(_page(CropBox=[0, 0, 595, 600]), "CropBox"),
    "a page with another unit": Change(_page(UserUnit=2), "UserUnit"),
    "a page that acts": Change(_page(AA={"/O": {"/S": "/JavaScript", "/JS": "a"}}), "AA"),
    "a page without its fonts": Change(_page(Resources={}), "Resources"),
    "a page with another font": Change(_object(_font, "/BaseFont", "/Courier"), "字体"),
    "other words in place": Change(updated(_words), "第 1 页的内容"),
    "white over the words": Change(updated(_more_words), "Contents"),
    "a page more": Change(updated(_new_page), "现在有 3 页"),
    "a page less": Change(_pages(lambda kids: kids[:1]), "现在有 1 页"),
    "pages exchanged": Change(_pages(lambda kids: kids[::-1]), "次序"),
    # the catalog
    "a script at opening": Change(_with_script("/OpenAction"), "打开文件时的动作"),
    "a script at closing": Change(_with_script("/AA"), "自动执行"),
    "a named script": Change(_with_script("/Names"), "脚本"),
    "a program started": Change(_root(OpenAction={"/S": "/Launch", "/F": "a.exe"}), "打开文件时的动作"),
    "an attachment": Change(_attachment("/Names"), "附件"),
    "an associated file": Change(_attachment("/AF"), "附件"),
    "layers": Change(_root(OCProperties={"/OCGs": [], "/D": {}}), "图层"),
    "a bookmark renamed": Change(_object(_bookmark, "/Title", "Other"), "书签"),
    "bookmarks taken away": Change(_root(Outlines={"/Type": "/Outlines"}), "书签"),
    "a tag with other words": Change(_object(_tag, "/Alt", "b"), "标签"),
    "another language": Change(_root(Lang="en"), "语言"),
    "page labels": Change(_root(PageLabels={"/Nums": [0, {"/S": "/r"}]}), "页码"),
    "shown otherwise": Change(_root(PageMode="/UseOutlines"), "显示方式"),
    "laid out otherwise": Change(_root(PageLayout="/TwoColumnLeft"), "页面排列"),
    "other settings for readers": Change(_root(ViewerPreferences={"/HideToolbar": True}), "显示设置"),
    "marked otherwise": Change(_root(MarkInfo={"/Marked": True}), "标签说明", _MARKS),
    "a colour for output": Change(_root(OutputIntents=[]), "颜色说明"),
    "permissions": Change(_root(Perms={}), "权限"),
    "another version": Change(_root(Version="/2.0"), "版本", _MARKS),
    "an extension": Change(
        _root(Extensions={"/ADBE": {"/BaseVersion": "/1.7", "/ExtensionLevel": 8}}), "格式扩展", _MARKS
    ),
    "a collection": Change(_root(Collection={}), "附件的列法"),
    "a key that nobody knows": Change(_root(Zzz=1), "Zzz"),
    # metadata
    "another title": Change(updated(_info), "元数据", _MARKS),
    "another page of information": Change(updated(_other_info), "元数据", _MARKS),
    "other metadata": Change(updated(_metadata), "元数据", _MARKS),
    "a date of change": Change(
        _object(lambda writer: writer.trailer["/Info"], "/ModDate", "D:20300101000000Z"), "元数据", _MARKS
    ),
    # what nobody sees
    "an object that nothing refers to": Change(
        updated(lambda writer: writer.add_object(value({"/Hidden": "hello"}))), "没有用处的对象", _UNSEEN
    ),
    "a stream that nothing refers to": Change(
        updated(lambda writer: writer.add_object(stream(b"hello" * 99))), "没有用处的对象", _UNSEEN
    ),
    "an object again as it was": Change(updated(_same_again), "又写了一遍", _UNSEEN),
    "an update of nothing": Change(updated(lambda _: None), "又写了一遍", _UNSEEN),
    "an object beyond the number that the file says it has": Change(
        _by_hand(b"{n} 0 obj\n1\nendobj\n", b"{n} 1\n@ 00000 n \n", short=True), "没有用处的对象"
    ),
    "an object in a container that no table names": Change(_half_named, "容器里有目录里没有的对象", _UNSEEN),
    "an object that no table names": Change(
        _by_hand(b"7777 0 obj\n<</Hidden 1>>\nendobj\n{n} 0 obj\n1\nendobj\n", b"{n} 1\n@ 00000 n \n"),
        "不属于任何内容",
        _UNSEEN,
    ),
    "a remark between objects": Change(
        _by_hand(b"% hello hello\n{n} 0 obj\n1\nendobj\n", b"{n} 1\n@ 00000 n \n"), "不属于任何内容", _UNSEEN
    ),
    "an object struck out": Change(_by_hand(b"", b"2 1\n0000000000 00001 f \n"), "删除"),
    "an object of another generation": Change(
        _by_hand(b"{n} 5 obj\n1\nendobj\n{n} 0 obj\n1\nendobj\n", b"{n} 1\n@ 00005 n \n"), ""
    ),
    "bytes behind the end": Change(lambda pdf: pdf + b"hello", "多了 5 个", _BEHIND),
    "a blank line behind the end": Change(lambda pdf: pdf + b"\n", "多了 1 个", _BEHIND),
    "another end": Change(lambda pdf: pdf + b"\n" + pdf[pdf.rindex(b"startxref") :], "多了", _BEHIND),
    "a key in the trailer": Change(
        _by_hand(b"{n} 0 obj\n1\nendobj\n", b"{n} 1\n@ 00000 n \n", b"/Zzz 1"), "Zzz", _UNSEEN
    ),
    # proofs that are none
    "a store of something else": Change(_false_store(b"hello"), "证明材料", _UNSEEN),
    "a store with a remark": Change(_false_store(b"0\x00", Remark="hello"), "证明材料", _UNSEEN),
    "a date in the store that is none": Change(
        _store(VRI={"/A": {"/Type": "/VRI", "/TU": "hello"}}), "证明材料"
    ),
    "a script in the store's date": Change(
        _store(VRI={"/A": {"/TU": {"/S": "/JavaScript", "/JS": "a"}}}), "证明材料"
    ),
    "a store of another type": Change(_store(Type="/Hidden"), "证明材料", _UNSEEN),
    "a certificate with nothing right but its first bytes": Change(
        _false_store(b"\x30\x09hello you"), "证明材料", _UNSEEN
    ),
    "words in the mark of a store": Change(
        _declared(BaseVersion="hello", ExtensionLevel=5), "格式扩展", _UNSEEN
    ),
    "an object in the mark of a store": Change(
        _declared(BaseVersion="/1.7", ExtensionLevel={"/A": "hello"}), "格式扩展", _UNSEEN
    ),
    "words in the head of a container": Change(_packed(b"/Hidden(hello)"), "目录里没有的对象或数据", _UNSEEN),
    "words between the objects of a container": Change(
        _packed(gap=b"(hello) "), "目录里没有的对象或数据", _UNSEEN
    ),
    "words under a key of the table": Change(
        _by_hand(b"{n} 0 obj\n1\nendobj\n", b"{n} 1\n@ 00000 n \n", b"/DecodeParms<</A(hello)>>"),
        "文件尾部夹带",
        _UNSEEN,
    ),
    # what was shown is exchanged
    "the contents of a page exchanged for others": Change(updated(_xobject_words), "Contents"),
    "a second widget of the signed field over the page": Change(updated(_second_widget), "签名域“Seal”变了"),
    "a redaction": Change(_note("/Redact", ON_WORDS, IC=[0, 0, 0]), "批注"),
    "a font that is copied as other words": Change(updated(lambda writer: _copied_otherwise(writer)), "字体"),
    "a font with other widths": Change(_object(_font, "/Widths", [900] * 95), "字体"),
    # the signed bytes
    "a number changed": Change(_swapped(b"1250 appl", b"1520 appl"), "被改动过"),
    "the file's first line changed": Change(lambda pdf: pdf[:7] + b"7" + pdf[8:], "被改动过"),
    "the signature's own data changed": Change(_spoilt, "被改动过"),
    "something put behind the signature's data": Change(
        _stowed, "预留的空间", "what stands in the reserved room is not signed"
    ),
    "the end cut off": Change(lambda pdf: pdf[:-30], ""),
    "written anew by another program": Change(_rewritten, "被改动过"),
    "written anew with a password": Change(_locked, ""),
}
