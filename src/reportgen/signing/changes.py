"""What a PDF holds now that it did not hold when it was signed, object by object, in a clerk's words.

Stricter than the rules that pyHanko and readers go by: a signature may be followed by further signatures,
each in an empty field that the file had, or of the size of a seal at most and where the page is empty, and
by what proves signatures later on (ETSI EN 319 142-1 §5.4: a document security store, document time stamps).
Everything else is reported.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate, load_der_x509_crl
from cryptography.x509.ocsp import load_der_ocsp_response

from reportgen.signing.objects import (
    CATALOG,
    Rectangle,
    described,
    differing,
    is_visible,
    kept,
    listed,
    number_of,
    pages_parts,
    parts_of,
    reached,
    rectangle,
    text,
    texts,
)
from reportgen.signing.seal_place import MM
from reportgen.signing.updates import NOTHING, Updates
from reportgen.signing.verdicts import plain

STORE: Mapping[str, Any] = {
    "/Certs": load_der_x509_certificate,
    "/CRLs": load_der_x509_crl,
    "/OCSPs": load_der_ocsp_response,
}
"""What reads each kind of proof, to its last byte; the library for signatures would look at its head only."""
_DATE = re.compile(rb"D:\d{4,14}(Z|[+-]\d\d'?\d\d'?)?")
_KINDS = {"/Cert": "/Certs", "/CRL": "/CRLs", "/OCSP": "/OCSPs"}


def is_sound_store(old: Any, new: pikepdf.Object) -> bool:
    """Nothing in it but certificates, lists of what is revoked and answers; nothing taken out."""
    if set(new.keys()) - {"/Type", "/VRI", *STORE} or new.get("/Type", "/DSS") != "/DSS":
        return False
    old_lists, lists = (
        each.get("/VRI", pikepdf.Dictionary()) if each is not None else pikepdf.Dictionary()
        for each in (old, new)
    )
    if set(old_lists.keys()) - set(lists.keys()):
        return False
    for kind, form in STORE.items():
        proofs = listed(new.get(kind))
        if old is not None and not kept(listed(old.get(kind)), proofs):
            return False
        if not all(_is_proof(each, form) for each in proofs):
            return False
    return all(_sound_list(each) for each in dict(lists.items()).values())


def _is_proof(stream: Any, form: Any) -> bool:
    if not isinstance(stream, pikepdf.Stream) or set(stream.keys()) - {"/Length", "/Filter"}:
        return False
    content = stream.read_bytes()
    return bool(form(content).public_bytes(Encoding.DER) == content)


def _sound_list(entry: pikepdf.Object) -> bool:
    """What belongs to one signature: the same kinds of proofs, and when they were put together."""
    for key, value in dict(entry.items()).items():
        if key in _KINDS:
            if not all(_is_proof(each, STORE[_KINDS[key]]) for each in listed(value)):
                return False
        elif key == "/TU":
            if number_of(value) or not _DATE.fullmatch(bytes(value)):
                return False
        elif key != "/Type" or value != "/VRI":
            return False
    return True


# ── what a PDF holds now that it did not hold when it was signed, object by object, in a clerk's words ───

_SEAL = 52 * MM
"""Points; the largest seal of an organ is 5 cm wide (国发〔1999〕25号), and a millimetre on each side."""
_FIELD = frozenset(
    {"/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/Rect", "/P", "/AP", "/V", "/Ff", "/Lock", "/MK"}
)
"""What a new field of a signature may have: nothing that acts, and nothing that is drawn elsewhere."""
_FILLED = frozenset({"/V", "/AP"})
"""What signing changes of an empty field."""
_FLAGS = 2 | 4 | 64 | 128 | 512
"""Hidden, printed, not to be edited, locked, contents locked; others let it be drawn outside its place."""
_TABLE = frozenset(
    {"/Size", "/Prev", "/ID", "/Type", "/W", "/Index", "/Length", "/Filter", "/DecodeParms", "/Root", "/Info"}
)

_IDENTIFIER = 64
"""Bytes; programs write 16 or 32."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a later signature is shown.

    Attributes:
        page: counted from 0.
        rectangle: left, bottom, right, top in points.
        new: the field was not in the file before, so the place must be empty.
    """

    page: int
    rectangle: Rectangle
    new: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not as it was: sentences, and where later signatures are shown."""

    told: tuple[str, ...]
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    body: pikepdf.Object
    widgets: tuple[pikepdf.Object, ...]

    @property
    def signed(self) -> bool:
        return self.body.get("/FT") == "/Sig" and "/V" in self.body

    @property
    def empty(self) -> bool:
        return self.body.get("/FT") == "/Sig" and not self.signed


def changes(
    before: pikepdf.Pdf, after: pikepdf.Pdf, meant: Iterable[str], updates: Updates = NOTHING
) -> Changes:
    """Compare a PDF with what it was.

    Args:
        before: as it was.
        after: as it is; its bytes begin with those.
        meant: names of fields whose signatures hold by themselves.
        updates: what the tables of later updates name.
    """
    return _Comparison(before, after, frozenset(meant), updates).result()


class _Comparison:
    def __init__(
        self, before: pikepdf.Pdf, after: pikepdf.Pdf, meant: frozenset[str], updates: Updates
    ) -> None:
        self.before, self.after = before, after
        self.old, self.new = (texts(each, updates.numbers) for each in (before, after))
        self.known = set(updates.containers - self.old.keys())
        """Numbers of objects that are spoken for."""
        self.fields = {each.name: each for each in _fields(before)}
        self.later = [
            each
            for each in _fields(after)
            if each.signed and each.name in meant and not self._was_signed(each.name)
        ]
        self.shown: list[Shown] = []
        self.on_pages: set[int] = set()
        """Numbers of notes and fields that are reported with their page."""

    def _was_signed(self, name: str) -> bool:
        return name in self.fields and self.fields[name].signed

    def result(self) -> Changes:
        told = [
            *self._trailer(),
            *self._catalog(),
            *self._pages(),
            *(each for field in self.later for each in self._signature(field)),
            *self._form(),
            *self._store(),
        ]
        told += self._rest()
        return Changes(tuple(dict.fromkeys(told)), tuple(self.shown))

    def _speak_for(self, *things: Any) -> None:
        """What hangs on things that may come, as far as it is new."""
        waiting = [each for each in things if isinstance(each, pikepdf.Object)]
        while waiting:
            thing = waiting.pop()
            number = thing.objgen[0]
            if number:
                if number in self.old or number in self.known:
                    continue
                self.known.add(number)
            waiting += parts_of(thing)

    # ── the file ─────────────────────────────────────────────────────────────────────────────────────

    def _trailer(self) -> Iterator[str]:
        old, new = self.before.trailer, self.after.trailer
        for key in differing(old, new) - _TABLE:
            yield "文件有了密码" if key == "/Encrypt" else f"文件尾部的 {plain(key)} 变了"
        if not all(_belongs_to_a_table(key, new[key]) for key in _TABLE & set(new.keys())):
            yield "文件尾部夹带了别的数据"
        if number_of(old.get("/Root")) != number_of(new.get("/Root")):
            yield "整个文件的目录换成了另一个"
        if text(old.get("/Info")) != text(new.get("/Info")):
            yield "文档信息（标题、作者等元数据）变了"
        identifiers = [text(each.get("/ID", [None])[0]) for each in (old, new)]
        if identifiers[0] != identifiers[1]:
            yield "文件的标识变了"

    def _catalog(self) -> Iterator[str]:
        old, new = self.before.Root, self.after.Root
        self.known.add(number_of(new))
        for key in sorted(differing(old, new) - {"/AcroForm", "/DSS"}):
            if key == "/Extensions" and self._declares_the_store(new):
                continue
            yield CATALOG.get(key, f"文件目录的 {plain(key)} 变了")

    def _declares_the_store(self, root: pikepdf.Object) -> bool:
        """The mark that programs set beside a security store (ETSI EN 319 142-1 §5.4.1) and nothing more."""
        old = {} if "/Extensions" not in self.before.Root else dict(self.before.Root.Extensions.items())
        new = dict(root.Extensions.items()) if isinstance(root.get("/Extensions"), pikepdf.Dictionary) else {}
        same = all(key in new and text(new[key]) == text(value) for key, value in old.items())
        added = {key: value for key, value in new.items() if key not in old}
        return same and "/DSS" in root and added.keys() <= {"/ESIC"} and all(map(_is_mark, added.values()))

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────

    def _pages(self) -> Iterator[str]:
        old, new = ([page.obj for page in each.pages] for each in (self.before, self.after))
        if len(old) != len(new):
            yield f"签名时有 {len(old)} 页，现在有 {len(new)} 页"
            return
        if [number_of(each) for each in old] != [number_of(each) for each in new]:
            yield "换了页，或者换了页的次序"
            return
        for number, (was, now) in enumerate(zip(old, new, strict=True), start=1):
            yield from self._page(number, was, now)

    def _page(self, number: int, was: pikepdf.Object, now: pikepdf.Object) -> Iterator[str]:
        keys = differing(was, now)
        if keys - {"/Annots"}:
            parts = "、".join(sorted(plain(key[1:]) for key in keys - {"/Annots"}))
            yield f"第 {number} 页变了（{parts}）"
        self.known.add(number_of(now))
        notes = [listed(each.get("/Annots")) for each in (was, now)]
        self._speak_for_list(was.get("/Annots"), now.get("/Annots"))
        if not kept(*notes):
            yield f"第 {number} 页的批注、链接或表单域少了，或者换了次序"
        numbers = {number_of(each) for each in notes[0]}
        numbers |= {number_of(each) for field in self.later for each in field.widgets}
        numbers -= {0}
        texts = {text(each) for each in notes[0]}
        for note in notes[1]:
            if number_of(note) not in numbers and text(note) not in texts:
                self.on_pages.add(number_of(note))
                yield f"第 {number} 页加了{described(note)}"

    def _speak_for_list(self, was: Any, now: Any) -> None:
        """A list that stands in an object of its own may itself have changed; what it lists is compared."""
        if number_of(now) and (number_of(now) == number_of(was) or number_of(now) not in self.old):
            self.known.add(number_of(now))

    # ── fields ───────────────────────────────────────────────────────────────────────────────────────

    def _signature(self, field: _Field) -> Iterator[str]:
        """What is wrong with a signature that came later; the field itself then counts as known."""
        if field.body.V.get("/Type") == "/DocTimeStamp" and any(map(is_visible, field.widgets)):
            yield f"时间戳“{plain(field.name)}”在页上显示了东西"
        self._speak_for(field.body.get("/V"))
        earlier = self.fields.get(field.name)
        if earlier is not None:
            yield from self._filled(earlier, field)
        else:
            yield from self._fresh(field)

    def _filled(self, was: _Field, now: _Field) -> Iterator[str]:
        before, after = ((each.body, *each.widgets) for each in (was, now))
        same = [number_of(each) for each in before] == [number_of(each) for each in after]
        if not (was.empty and same) or any(
            differing(*pair) - _FILLED for pair in zip(before, after, strict=True)
        ):
            yield f"签名域“{plain(now.name)}”不是原来的样子"
            return
        for widget in now.widgets:
            yield from self._look(now, widget)
            self.known.add(number_of(widget))
            places = self._places(widget, new=False)
            if [each.page for each in places] != _pages_with(self.before, widget) and is_visible(widget):
                yield f"签名域“{plain(now.name)}”显示到别的页上了"
            self.shown += places
        self.known.add(number_of(now.body))

    def _fresh(self, field: _Field) -> Iterator[str]:
        body = field.body
        if set(body.keys()) - _FIELD or len(field.widgets) > 1 or number_of(body) in self.old:
            yield f"加了一个不寻常的签名域“{plain(field.name)}”"
            return
        self.known.add(number_of(body))
        self._speak_for(*(body.get(key) for key in ("/Lock", "/MK")))
        for widget in field.widgets:
            yield from self._look(field, widget)
            if int(widget.get("/F", 0)) & ~_FLAGS:
                yield f"加的签名域“{plain(field.name)}”会显示到别处"
            places = self._places(widget, new=True)
            if places and not _small(places[0].rectangle):
                yield f"加的签名域“{plain(field.name)}”比印章大"
            if len(places) > 1 or (not places and is_visible(widget)):
                yield f"加的签名域“{plain(field.name)}”不知道显示在哪一页"
            self.shown += places

    def _look(self, field: _Field, widget: pikepdf.Object) -> Iterator[str]:
        look = widget.get("/AP")
        if look is None:
            return
        if set(look.keys()) != {"/N"} or not isinstance(look.get("/N"), pikepdf.Stream):
            yield f"签名域“{plain(field.name)}”有几种样子"
        self._speak_for(look)

    def _places(self, widget: pikepdf.Object, *, new: bool) -> list[Shown]:
        if not is_visible(widget):
            return []
        return [Shown(page, rectangle(widget), new) for page in _pages_with(self.after, widget)]

    def _form(self) -> Iterator[str]:
        old, new = (each.Root.get("/AcroForm") for each in (self.before, self.after))
        if new is None:
            if old is not None:
                yield "表单没有了"
            return
        was = old if old is not None else pikepdf.Dictionary()
        self._speak_for_list(old, new)
        self._speak_for_list(was.get("/Fields"), new.get("/Fields"))
        for key in sorted(differing(was, new) - {"/Fields", "/SigFlags"}):
            yield f"表单的 {plain(key)} 变了"
        flags = [int(each.get("/SigFlags", 0)) for each in (was, new)]
        if flags[0] & ~flags[1] or flags[1] & ~3:
            yield "表单的 /SigFlags 变了"
        lists = [listed(each.get("/Fields")) for each in (was, new)]
        if not kept(*lists):
            yield "表单域少了，或者换了次序"
        allowed = {number_of(each.body) for each in self.later} | self.on_pages
        before = {number_of(each) for each in lists[0]}
        for each in lists[1]:
            if number_of(each) not in before | allowed or not number_of(each):
                yield f"加了{described(each)}"

    # ── proofs ───────────────────────────────────────────────────────────────────────────────────────

    def _store(self) -> Iterator[str]:
        old, new = (each.Root.get("/DSS") for each in (self.before, self.after))
        if text(old) == text(new) and number_of(new) not in self._changed():
            return
        if new is None:
            yield "签名的证明材料没有了"
            return
        try:
            sound = is_sound_store(old, new)
        except (ValueError, TypeError, AttributeError, KeyError, pikepdf.PdfError):
            sound = False
        if not sound:
            yield "签名的证明材料里有别的东西，或者少了东西"
            return
        for kind in (*STORE, "/VRI"):
            self._speak_for_list(old.get(kind) if old is not None else None, new.get(kind))
        if number_of(new) and old is not None and number_of(new) == number_of(old):
            self.known.add(number_of(new))
        self._speak_for(new)

    # ── whatever else ────────────────────────────────────────────────────────────────────────────────

    def _changed(self) -> set[int]:
        return {number for number, text in self.old.items() if self.new.get(number) != text}

    def _rest(self) -> Iterator[str]:
        parts = pages_parts(self.before)
        info = number_of(self.before.trailer.get("/Info"))
        for number in sorted(self._changed() - self.known):
            thing: Any = self.before.get_object((number, 0))
            if number == info:
                yield "文档信息（标题、作者等元数据）变了"
            elif isinstance(thing, pikepdf.Dictionary) and thing.get("/FT") == "/Sig":
                yield f"签名域“{plain(str(thing.get('/T', '')))}”变了（签名、样子或位置）"
            else:
                what = parts.get(number) or described(thing)
                yield f"{what}变了" if number in self.new else f"删除了{what}"
        added = self.new.keys() - self.old.keys() - self.known
        found = reached(self.after) if added else set()
        for number in sorted(added):
            if number in found:
                yield f"加了{described(self.after.get_object((number, 0)))}"
            else:
                yield "加了没有用处的对象（看不见，但在文件里）"


def _fields(document: pikepdf.Pdf) -> Iterator[_Field]:
    form = document.Root.get("/AcroForm")
    waiting = [("", each) for each in listed(form.get("/Fields"))] if form is not None else []
    while waiting:
        above, body = waiting.pop(0)
        if not isinstance(body, pikepdf.Dictionary):
            continue
        own = str(body.get("/T", ""))
        name = f"{above}.{own}" if above and own else above or own
        kids = listed(body.get("/Kids"))
        if any("/T" in kid for kid in kids if isinstance(kid, pikepdf.Dictionary)):
            waiting += [(name, kid) for kid in kids]
        else:
            yield _Field(name, body, tuple(kids) or (body,))


def _belongs_to_a_table(key: str, entry: Any) -> bool:
    """Whether an entry of the trailer is what the table of objects has under its name, and no more."""
    match key:
        case "/Root" | "/Info":
            return True
        case "/Type":
            return bool(entry == "/XRef")
        case "/Filter":
            return all(each == "/FlateDecode" for each in listed(entry))
        case "/ID":
            return len(listed(entry)) == 2 and all(len(bytes(each)) <= _IDENTIFIER for each in listed(entry))
        case "/DecodeParms":
            parts = [dict(each.items()) for each in listed(entry)]
            return all(isinstance(each, int) for part in parts for each in part.values())
        case _:
            return all(isinstance(each, int) for each in listed(entry))


def _pages_with(document: pikepdf.Pdf, widget: pikepdf.Object) -> list[int]:
    """The pages that list a field's widget, from 0."""
    number = number_of(widget)
    return [
        page
        for page, each in enumerate(document.pages)
        if number and number in {number_of(note) for note in listed(each.obj.get("/Annots"))}
    ]


def _is_mark(extension: Any) -> bool:
    """Whether an extension says which version of what, and holds nothing else."""
    if not isinstance(extension, pikepdf.Dictionary) or number_of(extension):
        return False
    entries = dict(extension.items())
    level = entries.pop("/ExtensionLevel", 0)
    version = str(entries.pop("/BaseVersion", "/1.7"))
    kind = entries.pop("/Type", "/DeveloperExtensions")
    return (
        not entries
        and kind == "/DeveloperExtensions"
        and isinstance(level, int)
        and re.fullmatch(r"/\d\.\d", version) is not None
    )


def _small(rectangle: Rectangle) -> bool:
    left, bottom, right, top = rectangle
    return right - left <= _SEAL and top - bottom <= _SEAL
