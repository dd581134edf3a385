"""What was written behind a signature, byte by byte: every one belongs to an object that a table names.

Bytes that no table names are shown by no reader, so no comparison of objects sees them.
"""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionType, read_object_header

_CONTAINER = frozenset({"/Type", "/N", "/First", "/Length", "/Filter", "/DecodeParms"})
_END = b"%%EOF"
_ENDS = (_END, _END + b"\n", _END + b"\r", _END + b"\r\n")


@dataclass(frozen=True, slots=True)
class Updates:
    """What stands in a file behind a place.

    Attributes:
        told: what does not belong there, in a clerk's words.
        containers: numbers of objects that hold tables or other objects.
        numbers: of all objects that the tables behind the place name.
        count: how many tables stand behind the place.
    """

    told: tuple[str, ...]
    containers: frozenset[int]
    numbers: frozenset[int]
    count: int


NOTHING = Updates((), frozenset(), frozenset(), 0)


def updates_after(pdf: bytes, begin: int, reader: PdfFileReader) -> Updates:
    """What was appended to a PDF.

    Args:
        pdf: the file.
        begin: how many bytes stood before, a whole PDF.
        reader: the same file, opened.
    """
    xrefs: Any = reader.xrefs
    later = [
        number
        for number in range(xrefs.total_revisions)
        if xrefs.get_xref_container_info(number).start_location >= begin
    ]
    told = list(_oddities(reader, later))
    told += _unnamed(pdf, begin, reader, later)
    containers = set[int]()
    numbers = set[int]()
    for revision in later:
        table = xrefs.get_xref_container_info(revision).stream_ref
        containers |= {table.idnum} if table else set()
        containers |= {each.idnum for each in xrefs.object_streams_used_in(revision)}
        numbers |= {each.idnum for each in xrefs.explicit_refs_in_revision(revision)}
    return Updates(tuple(told), frozenset(containers), frozenset(numbers), len(later))


def _oddities(reader: PdfFileReader, later: list[int]) -> Iterator[str]:
    for revision in later:
        kind = reader.xrefs.get_xref_container_info(revision).xref_section_type
        if kind not in {XRefSectionType.STANDARD, XRefSectionType.STREAM}:
            yield "加了两套并用的对象目录，不同的软件看到的内容可能不同"
        if reader.xrefs.refs_freed_in_revision(revision):
            yield "删除了原有的对象"
        if not _are_all_named(reader, revision):
            yield "装着对象的容器里有目录里没有的对象或数据"
        if any(each.generation for each in reader.xrefs.explicit_refs_in_revision(revision)):
            yield "换掉了原有的对象"


def _are_all_named(reader: PdfFileReader, revision: int) -> bool:
    """Whether the containers of objects hold what the table names and not a byte more."""
    held = reader.xrefs.get_xref_data(revision).xrefs_in_objstm.values()
    named = Counter(each.obj_stream_id for each in held)
    container: Any = reader.get_object
    try:
        return all(
            _is_filled(container(generic.Reference(number, 0, reader)), count, reader)
            for number, count in named.items()
        )
    except (PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return False


def _is_filled(container: Any, count: int, reader: PdfFileReader) -> bool:
    """Whether a container holds so many objects, one behind the other, and nothing beside them."""
    first, content = int(container["/First"]), container.data
    numbers = [int(each) for each in content[:first].split()]
    if set(container) - _CONTAINER or int(container["/N"]) != count or len(numbers) != 2 * count:
        return False
    inside, end = io.BytesIO(content), first
    for number, start in sorted(zip(numbers[::2], numbers[1::2], strict=True), key=lambda each: each[1]):
        if first + start < end or content[end : first + start].strip():
            return False
        inside.seek(first + start)
        generic.read_object(inside, generic.Reference(number, 0, reader))
        end = inside.tell()
    return not content[end:].strip()


def _unnamed(pdf: bytes, begin: int, reader: PdfFileReader, later: list[int]) -> Iterator[str]:
    """Bytes between and behind what the tables name."""
    at, count = begin, 0
    try:
        for start, end in sorted(_pieces(pdf, reader, later)):
            count += len(pdf[at:start].strip()) if start > at else 0
            if start < at:
                yield "加进去的内容互相重叠"
            at = max(at, end)
    except (PdfError, ValueError, TypeError, AssertionError, KeyError, IndexError):
        yield "文件末尾加了不完整的内容"
        return
    count += len(pdf) - at
    if count:
        yield f"多了 {count} 个不属于任何内容的字节"


def _pieces(pdf: bytes, reader: PdfFileReader, later: list[int]) -> Iterator[tuple[int, int]]:
    """Begin and end of every object, table and end mark of the updates."""
    for revision in later:
        data = reader.xrefs.get_xref_data(revision)
        table = reader.xrefs.get_xref_container_info(revision)
        own = table.stream_ref.idnum if table.stream_ref else 0
        for number, (generation, offset) in data.standard_xrefs.items():
            if number != own:
                yield offset, _object_end(reader, number, generation, offset)
        word = 0 if table.stream_ref else len(b"xref\n")  # a plain table begins behind its word
        yield table.start_location - word, _table_end(pdf, reader, revision)


def _object_end(reader: PdfFileReader, number: int, generation: int, offset: int) -> int:
    stream = reader.stream
    stream.seek(offset)
    head: Any = read_object_header
    if head(stream, strict=True) != (number, generation):
        raise ValueError
    generic.read_object(stream, generic.Reference(number, generation, reader))
    return _behind(stream, b"endobj")


def _behind(stream: BinaryIO, word: bytes) -> int:
    """Where a stream stands after a word that must come next."""
    sign = stream.read(1)
    while sign.isspace() or sign == b"\0":
        sign = stream.read(1)
    if sign + stream.read(len(word) - 1) != word:
        raise ValueError
    return stream.tell()


def _table_end(pdf: bytes, reader: PdfFileReader, revision: int) -> int:
    """Behind the end mark that belongs to a table, its line end included."""
    table, stream = reader.xrefs.get_xref_container_info(revision), reader.stream
    stream.seek(table.end_location)
    if table.stream_ref:
        _behind(stream, b"endobj")
    else:
        trailer: Any = generic.TrailerReference
        generic.DictionaryObject.read_from_stream(stream, trailer(reader))
    at = _behind(stream, b"startxref")
    end = pdf.find(_END, at)
    if end < 0 or int(pdf[at:end]) != table.declared_startxref:
        raise ValueError
    return end + max(len(each) for each in _ENDS if pdf.startswith(each, end))
