"""The numbers of the Type 1 fonts in a PDF, which LibreOffice counts on from document to document.

It writes a font with cubic curves as Type 1 with a ``UniqueID``, in its clear part and in its encrypted one,
so that the same document has other bytes at another place of a series. Here each gets the number that its
name has among the document's fonts. Fonts of quadratic curves (TrueType) have no such number; where the
stand-ins are those, only what draws borrowed characters is left, a few kilobytes.
"""

from collections.abc import Iterator

from pikepdf import Dictionary, Pdf, Stream

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
    for each in document.objects:
        if isinstance(each, Dictionary) and "/FontFile" in each:
            program = each["/FontFile"]
            if isinstance(program, Stream):
                found[program.objgen] = (str(each.get("/FontName", "")), program)
    for _, program in sorted(found.values(), key=lambda named: named[0]):
        yield program


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
