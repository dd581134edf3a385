"""PDFs that unpack to more than anybody needs are refused with a sentence, before they are unpacked."""

import base64
import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from reportgen.cli import main
from reportgen.problems import Exit
from reportgen.signing.bounds import TooLarge, ensure_bounded
from tampering import small_pdf

MB = 1 << 20
FLATE, ASCII85 = pikepdf.Name.FlateDecode, pikepdf.Name.ASCII85Decode


def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed, never held at once."""
    packer, block = zlib.compressobj(9), bytes(MB)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def written(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The small PDF, changed."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_pdf())) as document:
        change(document)
        level = pikepdf.StreamDecodeLevel.none
        document.save(out, compress_streams=False, stream_decode_level=level, fix_metadata_version=False)
    return out.getvalue()


def contents(*packed: bytes, filters: Any = FLATE) -> Callable[[pikepdf.Pdf], None]:
    """Puts packed orders on pages of their own."""

    def change(document: pikepdf.Pdf) -> None:
        for each in packed:
            document.add_blank_page().Contents = pikepdf.Stream(document, each, Filter=filters)

    return change


def picture(width: int, height: int, content: bytes = b"", **more: Any) -> Callable[[pikepdf.Pdf], None]:
    """Puts a picture among what a page can draw."""

    def change(document: pikepdf.Pdf) -> None:
        head = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": width, "Height": height}
        image = pikepdf.Stream(document, content, **head, **more)
        document.pages[0].Resources.XObject = pikepdf.Dictionary(I=document.make_indirect(image))

    return change


def jpeg(side: int) -> bytes:
    """A JPEG of nothing."""
    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, "JPEG")
    return out.getvalue()


def fields(count: int) -> Callable[[pikepdf.Pdf], None]:
    """Names one field so many times."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root.AcroForm.Fields = pikepdf.Array([document.Root.AcroForm.Fields[0]] * count)

    return change


def circle(document: pikepdf.Pdf) -> None:
    """A field that is its own child."""
    field = document.Root.AcroForm.Fields[0]
    field.Kids = pikepdf.Array([field])


def notes(document: pikepdf.Pdf) -> None:
    """One note a hundred thousand times."""
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9])
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)] * 100_000)


def many_notes(document: pikepdf.Pdf) -> None:
    """Three thousand notes."""
    kind, room = pikepdf.Name.Text, pikepdf.Array([0, 0, 9, 9])
    made = (pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=kind, Rect=room) for _ in range(3_000))
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(each) for each in made])


def wide(document: pikepdf.Pdf) -> None:
    """A page as wide as a street."""
    document.pages[0].MediaBox = pikepdf.Array([0, 0, 200_000, 842])


def unit(document: pikepdf.Pdf) -> None:
    """The same by another unit."""
    document.pages[0].UserUnit = 300


def pages(document: pikepdf.Pdf) -> None:
    """A thousand pages."""
    for _ in range(1_000):
        document.add_blank_page()


def nested(document: pikepdf.Pdf) -> None:
    """A figure that draws ten figures that draw ten figures, twelve deep."""
    inner: Any = None
    for _ in range(12):
        figure = pikepdf.Stream(document, b"/F Do " * 10, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        if inner is not None:
            figure.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        inner = document.make_indirect(figure)
    document.pages[0].Resources.XObject = pikepdf.Dictionary(F=inner)
    document.pages[0].Contents = document.make_stream(b"/F Do")


LZW = pikepdf.Name.LZWDecode
HOSTILE: dict[str, tuple[Callable[[pikepdf.Pdf], None], str]] = {
    "a large stream": (contents(zeros(65)), "解压以后太大（上限 64 MB）"),
    "a large stream in letters": (
        contents(base64.a85encode(zeros(65)) + b"~>", filters=[ASCII85, FLATE]),
        "解压以后太大（上限 64 MB）",
    ),
    "many streams": (contents(*[zeros(60)] * 4), "全部内容解压以后太大（上限 192 MB）"),
    "packed twice": (contents(zlib.compress(zeros(65)), filters=[FLATE, FLATE]), "压缩了不止一层"),
    "an old way of packing": (contents(bytes(MB), filters=LZW), "早已不用的压缩方法（LZWDecode）"),
    "a picture of many dots": (picture(30_000, 30_000), "大到 30000 × 30000 点"),
    "a picture larger than it says": (
        picture(30, 30, jpeg(7_000), Filter=pikepdf.Name.DCTDecode),
        "大到 7000 × 7000 点",
    ),
    "a picture far larger than it says": (
        picture(30, 30, jpeg(14_000), Filter=pikepdf.Name.DCTDecode),
        "有一张图片太大",
    ),
    "a fax larger than it says": (
        picture(
            30,
            30,
            Filter=pikepdf.Name.CCITTFaxDecode,
            DecodeParms=pikepdf.Dictionary(Columns=60_000, Rows=60_000),
        ),
        "大到 60000 × 60000 点",
    ),
    "one field many times": (fields(100_000), "里面有 100000 个表单域（上限 500 个）"),
    "one field twice": (fields(2), "同一个表单域在里面列了不止一次"),
    "a field that is its own child": (circle, "同一个表单域在里面列了不止一次"),
    "one note many times": (notes, "不合规定的地方太多"),
    "many notes": (many_notes, "第 1 页的批注和表单域有 3000 个"),
    "a wide page": (wide, "第 1 页的边长有 200000 磅"),
    "a page of another unit": (unit, "第 1 页的边长有"),
    "many pages": (pages, "有 1002 页（上限 500 页）"),
    "figures within figures": (nested, "画起来太久"),
}


@pytest.mark.parametrize(("make", "words"), HOSTILE.values(), ids=HOSTILE)
def test_what_goes_beyond_a_limit_is_refused_with_a_sentence(
    make: Callable[[pikepdf.Pdf], None], words: str
) -> None:
    with pytest.raises(TooLarge) as caught:
        ensure_bounded(written(make))
    said = str(caught.value)
    assert words in said and said.startswith("没有打开这个 PDF：") and "\n" not in said


@pytest.mark.parametrize(
    "make",
    [
        lambda _: None,
        contents(zeros(10)),
        contents(base64.a85encode(zeros(1)) + b"~>", filters=[ASCII85, FLATE]),
        contents(b"00>", filters=[pikepdf.Name.ASCIIHexDecode]),
        contents(b"not packed at all"),
        picture(4_960, 7_016, Filter=FLATE),
        picture(400, 400, jpeg(400), Filter=pikepdf.Name.DCTDecode),
        picture(30, 30, b"no jpeg", Filter=pikepdf.Name.DCTDecode),
    ],
    ids=["plain", "10 MB", "in letters", "in digits", "damaged", "A4 at 600 DPI", "a JPEG", "a broken JPEG"],
)
def test_what_a_report_may_hold_is_opened(make: Callable[[pikepdf.Pdf], None]) -> None:
    ensure_bounded(written(make))


@pytest.mark.parametrize("command", [["verify"], ["seal-place"], ["sign", "--no-manifest", "--p12", "a.p12"]])
@pytest.mark.parametrize("name", ["a large stream", "one field many times", "figures within figures"])
def test_every_command_that_opens_a_pdf_refuses_it(
    name: str, command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, words = HOSTILE[name]
    (tmp_path / "a.pdf").write_bytes(written(make))
    assert main([*command, str(tmp_path / "a.pdf")]) == Exit.FILE
    said = capsys.readouterr().err
    assert words in said and len(said.splitlines()) == 1


def _table_of_a_gigabyte() -> bytes:
    """A PDF whose table of objects unpacks to a gigabyte."""
    head = (
        b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )
    packed = zeros(1024)
    about = b"/Size 100000000/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d" % len(packed)
    table = b"3 0 obj<</Type/XRef" + about + b">>stream\n" + packed + b"\nendstream endobj\n"
    return head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)


@pytest.mark.skipif(sys.platform == "win32", reason="memory is counted otherwise there")
@pytest.mark.parametrize("make", [lambda: written(contents(zeros(1024))), _table_of_a_gigabyte])
def test_a_gigabyte_is_refused_within_half_of_it(make: Callable[[], bytes], tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make())
    code = (
        "import resource, sys; from reportgen.cli import main; main(['verify', sys.argv[1]]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.pdf")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 500
    assert len(ran.stderr.splitlines()) == 1
