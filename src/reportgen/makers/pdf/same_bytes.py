"""The same PDF bytes for the same report: what a converter takes from a clock, a counter or chance is set.

Those are the dates of the information dictionary and of the colour profile, the file's identifiers, and the
numbers of its Type 1 fonts; the dates of the XMP come with the rest of it (``metadata``). In which order
the objects were written does not show: qpdf numbers them anew, walking from the trailer through dictionaries
sorted by their keys.
"""

from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile

from pikepdf import Array, Dictionary, Object, ObjectStreamMode, Pdf, Stream

_FIRST = 4_100_001
"""Where LibreOffice begins; the whole range that Adobe left free has seven digits."""

_EEXEC = 55665
"""The key of the encrypted part of every Type 1 font (Adobe Type 1 Font Format, 7.3)."""

_MARK = b"/UniqueID "


def number_fonts(document: Pdf) -> None:
    """Number the Type 1 fonts of a PDF by their names."""
    for number, program in enumerate(_programs(document), start=_FIRST):
        _set_number(program, b"%d" % number)


def _programs(document: Pdf) -> Iterator[Stream]:
    """The font programs of Type 1, in the order of the fonts' names, each once."""
    found: dict[tuple[int, int], tuple[str, Stream]] = {}
    for font in _fonts(document):
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

    Found by way of the pages: looking at every object of the file takes 21 ms, this 1.
    """
    waiting: list[Object] = [page.resources for page in document.pages]
    seen: set[tuple[int, int]] = set()
    while waiting:
        resources = waiting.pop()
        if not isinstance(resources, Dictionary):
            continue
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


# ── the whole document ───────────────────────────────────────────────────────────────────────────────


def set_chance(document: Pdf, stamp: datetime) -> None:
    """Set what differs from one conversion to the next.

    Args:
        document: as the converter made it.
        stamp: the time that it shall bear.
    """
    _set_colours(document, stamp)
    number_fonts(document)
    for key in ("/ID", "/DocChecksum"):
        if key in document.trailer:
            del document.trailer[key]


def saved(document: Pdf) -> bytes:
    """The bytes of a document, its identifier reckoned from them.

    Its objects are not packed: any signing program can then add to the file, and any reader of 2006 read it.
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
