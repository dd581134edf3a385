"""How large a stranger's PDF may be, and what it may unpack to: judged before anything is unpacked whole.

A file of a megabyte can unpack to a gigabyte, name one field a hundred thousand times, or hold a picture of
more dots than the memory has bytes. What goes beyond these limits is refused with a sentence.
"""

import io
import warnings
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf.settings import set_qpdf_limits

from reportgen.problems import FileTrouble

if TYPE_CHECKING:
    from pyhanko.pdf_utils.decode_limits import DecodeLimits

NO_PDF = "这不是能打开的 PDF 文件：可能已经损坏，或者有打开密码。"

_MB = 1 << 20
_FILE = 100 * _MB
_STREAM = 64 * _MB
"""Bytes of one stream, unpacked; a whole Chinese font has some 20 million."""
_ALL = 192 * _MB
"""Bytes of all streams, unpacked."""
_DOTS = 40_000_000
"""Dots of a picture; A4 at 600 DPI has 35 million."""
_DRAWN = 16 * _MB
"""Bytes of drawing orders of all pages, those of figures each time they are drawn; a page has some 50,000."""
_OBJECTS = 50_000
_PAGES = 500
_FIELDS = 500
_NOTES = 2_000
"""Notes, links and fields of one page."""
_SIDE = 3_400
"""Points; the longer side of A0 has 3370."""
_FAULTS = 1_000
"""That qpdf finds in a file before it gives up."""
_PIECE = 1 << 16
_FLATE = frozenset({"/FlateDecode", "/Fl"})
_PICTURES = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"})
_PLAIN = frozenset({"/ASCIIHexDecode", "/AHx", "/ASCII85Decode", "/A85", "/Crypt"})
"""Filters that make nothing larger."""
_GROWTH = {"/RunLengthDecode": 128, "/RL": 128, "/LZWDecode": 4096, "/LZW": 4096}
"""Of other filters, how many times as large the unpacked bytes can be."""


class TooLarge(FileTrouble):
    """A PDF goes beyond what is opened here."""


def limit_readers() -> None:
    """Bounds what qpdf itself unpacks while it opens a file: tables and streams of objects."""
    set_qpdf_limits(
        flate_max_memory=_STREAM,
        png_max_memory=_STREAM,
        tiff_max_memory=_STREAM,
        run_length_max_memory=_STREAM,
        dct_max_memory=4 * _DOTS,
        max_stream_filters=4,
        doc_max_warnings=_FAULTS,
    )


def reader_limits() -> "DecodeLimits":
    """The same bounds for pyHanko, which unpacks by itself."""
    from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits

    return DecodeLimits(
        per_stream=StreamDecodeLimits(max_output_size=_STREAM),
        document_budget=DocumentDecodeBudget(base_allowance=_ALL, max_ratio=1),
    )


def ensure_bounded(pdf: bytes) -> None:
    """See that a PDF may be opened by every reader.

    Args:
        pdf: the file.

    Raises:
        TooLarge: it goes beyond a limit; the sentence says which.
        FileTrouble: it is no PDF, is damaged, or has a password.
    """
    if len(pdf) > _FILE:
        raise TooLarge(_told(f"文件有 {len(pdf) // _MB} MB", f"{_FILE // _MB} MB"))
    limit_readers()
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as document:
            _ensure_few(document)
            _ensure_small(document)
            _ensure_soon_drawn(document)
    except (pikepdf.PdfError, pikepdf.PasswordError, zlib.error) as error:
        raise _refusal(error) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise FileTrouble(NO_PDF) from error


def _refusal(error: Exception) -> FileTrouble:
    """Why a file was not opened, where qpdf says that it was a limit of ours."""
    if "Too many warnings" in str(error):
        return TooLarge(
            "没有打开这个 PDF：里面不合规定的地方太多（如同一个批注列了许多次）。请用没有改动过的文件。"
        )
    return FileTrouble(NO_PDF)


def _told(found: str, most: str) -> str:
    return f"没有打开这个 PDF：{found}（上限 {most}）。年报用不着这么大，可能是有人有意做成这样的。"


# ── how many ─────────────────────────────────────────────────────────────────────────────────────────


def _ensure_few(document: pikepdf.Pdf) -> None:
    count = max(len(document.objects), int(document.trailer.get("/Size", 0)))
    if count > _OBJECTS:
        raise TooLarge(_told(f"里面有 {count} 个对象", f"{_OBJECTS} 个"))
    _ensure_tree(document.Root.get("/Pages"), _OBJECTS, "页")
    form = document.Root.get("/AcroForm")
    _ensure_tree(form.get("/Fields") if form is not None else None, _FIELDS, "表单域")
    if len(document.pages) > _PAGES:
        raise TooLarge(_told(f"有 {len(document.pages)} 页", f"{_PAGES} 页"))
    for number, page in enumerate(document.pages, start=1):
        notes = page.obj.get("/Annots")
        if isinstance(notes, pikepdf.Array):
            _ensure_each_once(notes, _NOTES, f"第 {number} 页的批注和表单域")
        for side in _sides(page):
            if not 0 < side <= _SIDE:
                raise TooLarge(_told(f"第 {number} 页的边长有 {side:.0f} 磅", f"{_SIDE} 磅"))


def _sides(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(each) for each in page.mediabox)
    unit = float(page.obj.get("/UserUnit", Decimal(1)))
    return abs(right - left) * unit, abs(top - bottom) * unit


def _ensure_tree(root: Any, most: int, what: str) -> None:
    """See that a tree of pages or fields is one: no node twice, no more than so many."""
    waiting = [root] if isinstance(root, (pikepdf.Dictionary, pikepdf.Array)) else []
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        node = waiting.pop()
        kids = node if isinstance(node, pikepdf.Array) else node.get("/Kids")
        if not isinstance(kids, pikepdf.Array):
            continue
        count += len(kids)
        if count > most:
            raise TooLarge(_told(f"里面有 {count} 个{what}", f"{most} 个"))
        for kid in _things(kids):
            if kid.is_indirect and kid.objgen in seen:
                raise TooLarge(f"没有打开这个 PDF：同一个{what}在里面列了不止一次。请用没有改动过的文件。")
            seen.add(kid.objgen)
            if isinstance(kid, pikepdf.Dictionary):
                waiting.append(kid)


def _ensure_each_once(array: pikepdf.Array, most: int, what: str) -> None:
    if len(array) > most:
        raise TooLarge(_told(f"{what}有 {len(array)} 个", f"{most} 个"))
    named = [each.objgen for each in _things(array) if each.is_indirect]
    if len(set(named)) != len(named):
        raise TooLarge(f"没有打开这个 PDF：{what}里，同一个列了不止一次。请用没有改动过的文件。")


def _things(array: pikepdf.Array) -> Iterator[pikepdf.Object]:
    each: Any
    for each in array:  # numbers and the like come as Python's own
        if isinstance(each, pikepdf.Object):
            yield each


# ── how large ────────────────────────────────────────────────────────────────────────────────────────


def _ensure_small(document: pikepdf.Pdf) -> None:
    size = 0
    each: Any
    for each in document.objects:
        if isinstance(each, pikepdf.Stream):
            if each.get("/Subtype") == "/Image":
                _ensure_few_dots(each)
            size += _unpacked(each, _STREAM)
            if size > _ALL:
                raise TooLarge(_told("全部内容解压以后太大", f"{_ALL // _MB} MB"))


def _ensure_few_dots(picture: pikepdf.Stream) -> None:
    sizes = [(int(picture.get("/Width", 0)), int(picture.get("/Height", 0)))]
    given: Any = picture.get("/DecodeParms")
    for each in given if isinstance(given, pikepdf.Array) else [given]:
        if isinstance(each, pikepdf.Dictionary):
            sizes.append((int(each.get("/Columns", 0)), int(each.get("/Rows", 0))))
    if set(_filters(picture)) & {"/DCTDecode", "/DCT", "/JPXDecode"}:
        sizes.append(_own_size(picture.read_raw_bytes()))
    for width, height in sizes:
        if width * height > _DOTS:
            raise TooLarge(_told(f"有一张图片大到 {width} × {height} 点", f"{_DOTS // 10000} 万点"))


def _own_size(picture: bytes) -> tuple[int, int]:
    """What a JPEG or JPEG 2000 says of itself in its head; nothing is drawn."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture), formats=("JPEG", "JPEG2000")) as opened:
                return opened.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(_told("有一张图片太大", f"{_DOTS // 10000} 万点")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return 0, 0  # it is not shown by anybody


def _filters(stream: pikepdf.Stream) -> list[str]:
    named: Any = stream.get("/Filter")
    if named is None:
        return []
    return [str(each) for each in named] if isinstance(named, pikepdf.Array) else [str(named)]


def _unpacked(stream: pikepdf.Stream, most: int) -> int:
    """How many bytes a stream unpacks to; dots of pictures are counted elsewhere.

    Raises:
        TooLarge: more than ``most``.
    """
    packed, filters = stream.read_raw_bytes(), _filters(stream)
    size = len(packed)
    known = [name for name in filters if name not in _PLAIN]
    if len(known) > 1 and not set(known[1:]) <= _PICTURES:
        raise TooLarge("没有打开这个 PDF：里面的内容压缩了不止一层。请用没有改动过的文件。")
    if known and known[0] in _FLATE:
        if len(filters) > 1:
            # Only what makes nothing larger stands before it.
            return _counted(_plain(stream, filters) or packed, most)
        return _counted(packed, most)
    if known and known[0] in _GROWTH and size * _GROWTH[known[0]] > most:
        raise TooLarge(f"没有打开这个 PDF：里面用了早已不用的压缩方法（{known[0][1:]}），解压以后可能太大。")
    return size


def _plain(stream: pikepdf.Stream, filters: list[str]) -> bytes:
    import base64

    content = stream.read_raw_bytes()
    for name in filters:
        if name in {"/ASCIIHexDecode", "/AHx"}:
            digits = bytes(each for each in content.split(b">")[0] if not bytes((each,)).isspace())
            content = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        elif name in {"/ASCII85Decode", "/A85"}:
            content = base64.a85decode(content.split(b"~>")[0])
        else:
            break
    return content


def _counted(packed: bytes, most: int) -> int:
    """How many bytes come of a packed stream, never holding more than a piece of them."""
    unpacker, size, rest = zlib.decompressobj(), 0, packed
    while not unpacker.eof:
        try:
            piece = unpacker.decompress(rest, _PIECE)
        except zlib.error:
            return size  # the rest is no packed stream, and no reader goes further
        rest = unpacker.unconsumed_tail
        size += len(piece)
        if size > most:
            raise TooLarge(_told("有一段内容解压以后太大", f"{most // _MB} MB"))
        if not piece and not rest:
            break
    return size


# ── how long to draw ─────────────────────────────────────────────────────────────────────────────────


def _ensure_soon_drawn(document: pikepdf.Pdf) -> None:
    """See that no page draws figures that draw figures, ten of each, ten deep."""
    known: dict[tuple[int, int], int] = {}
    size = 0
    for page in document.pages:
        held: Any = page.obj.get("/Contents")
        parts = list(held) if isinstance(held, pikepdf.Array) else [held]
        orders = b" ".join(_read(each) for each in parts if isinstance(each, pikepdf.Stream))
        size += _drawn(orders, page.obj.get("/Resources"), known, ())
        if size > _DRAWN:
            raise TooLarge(
                "没有打开这个 PDF：页面的内容太复杂，画起来太久。年报用不着这样，可能是有人有意做成的。"
            )


def _drawn(
    orders: bytes, resources: Any, known: dict[tuple[int, int], int], within: tuple[tuple[int, int], ...]
) -> int:
    """How many bytes of orders are carried out at most: every figure counts as the longest of its list."""
    figures: Any = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(figures, pikepdf.Dictionary):
        return len(orders)
    longest = 0
    for _, figure in figures.items():
        if not isinstance(figure, pikepdf.Stream) or figure.get("/Subtype") != "/Form":
            continue
        if figure.objgen in within:
            continue  # no reader goes round in a circle
        if figure.objgen not in known:
            inner = figure.get("/Resources", resources)
            known[figure.objgen] = _drawn(_read(figure), inner, known, (*within, figure.objgen))
        longest = max(longest, known[figure.objgen])
    return len(orders) + orders.count(b"Do") * longest


def _read(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""  # no reader can read it either
