"""What a document names outside itself is not fetched and not shown, whatever kind of document it is."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pypdfium2
import pytest
from PIL import Image

from reportgen.makers.pdf_libreoffice import convert, profile
from reportgen.makers.pdf_libreoffice.office import find_soffice, release_of
from reportgen.makers.pdf_libreoffice.process import Running, WorkingFolder
from reportgen.makers.pdf_libreoffice.profile import write_profile
from reportgen.problems import ToolFailed

pytestmark = [pytest.mark.office, pytest.mark.slow]

MAGENTA = (255, 0, 255)
SECRET = "planted-words"
BESIDE = "beside-the-link"


@dataclass(frozen=True)
class Listener:
    """A server on this computer, and what was asked of it."""

    address: str
    asked: list[str]


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listens, answers with the picture or the words, and notes every request of whatever method."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            line = self.rfile.readline().decode("latin-1")
            asked.append(line.strip())
            body = SECRET.encode() if ".txt" in line or ".html" in line else picture()
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            self.close_connection = True

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield Listener(f"http://127.0.0.1:{server.server_port}", asked)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def planted(tmp_path: Path) -> str:
    """The address of a folder with a picture and words that nobody may see."""
    folder = tmp_path / "planted"
    folder.mkdir()
    (folder / "secret.png").write_bytes(picture())
    (folder / "secret.txt").write_text(SECRET)
    (folder / "secret.html").write_text(f"<p>{SECRET}</p>")
    return folder.as_uri()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), MAGENTA).save(out, "png")
    return out.getvalue()


def package(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def docx(base: str) -> bytes:
    """A linked picture, an included picture and text, and a template."""
    linked = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="a"/>'
        f'<a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip r:link="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
        "</w:r></w:p>"
    )
    fields = "".join(
        f'<w:p><w:fldSimple w:instr=" {word} &quot;{base}/{name}&quot; \\d "/></w:p><w:p><w:r><w:fldChar '
        f'w:fldCharType="begin"/></w:r><w:r><w:instrText> {word} "{base}/{name}" \\d </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>-</w:t></w:r><w:r><w:fldChar '
        'w:fldCharType="end"/></w:r></w:p>'
        for word, name in (("INCLUDEPICTURE", "secret.png"), ("INCLUDETEXT", "secret.txt"))
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" TargetMode="External" Type="{_OFFICE}/relationships/{kind}" '
        f'Target="{base}/{name}"/>'
        for number, (kind, name) in enumerate(
            (("image", "secret.png"), ("attachedTemplate", "secret.dotx")), start=1
        )
    )
    return package(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            "</Relationships>",
            "word/document.xml": "<w:document "
            'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            f'xmlns:r="{_OFFICE}/relationships" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
            f'xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"><w:body><w:p><w:r><w:t>{BESIDE}</w:t>'
            f"</w:r></w:p>{linked}{fields}</w:body></w:document>",
        }
    )


def odt(base: str) -> bytes:
    """A linked picture, and a section whose words stand in another file."""
    kind = "application/vnd.oasis.opendocument"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in (
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("svg", "svg-compatible"),
        )
    )
    return package(
        {
            "mimetype": f"{kind}.text",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:'
            f'xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}.text"/><manifest:file-entry manifest:full-path="content.xml" '
            'manifest:media-type="text/xml"/></manifest:manifest>',
            "content.xml": f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'office:version="1.2"><office:body><office:text><text:p>{BESIDE}</text:p><text:p><draw:frame '
            'text:anchor-type="as-char" svg:width="3cm" svg:height="3cm"><draw:image '
            f'xlink:href="{base}/secret.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            '</draw:frame></text:p><text:section text:name="s"><text:section-source '
            f'xlink:href="{base}/secret.txt" xlink:type="simple"/><text:p>-</text:p></text:section>'
            "</office:text></office:body></office:document-content>",
        }
    )


def rtf(base: str) -> bytes:
    """An included picture, included words, and a template."""
    fields = "".join(
        f'{{\\field{{\\*\\fldinst {word} "{base}/{name}" \\\\d }}{{\\fldrslt -}}}}\\par '
        for word, name in (("INCLUDEPICTURE", "secret.png"), ("INCLUDETEXT", "secret.txt"))
    )
    return f"{{\\rtf1\\ansi{{\\*\\template {base}/secret.dot}} {BESIDE}\\par {fields}}}".encode()


def html(base: str) -> bytes:
    """A picture, a background, a style sheet, a frame, an object and a script."""
    return (
        f'<html><head><link rel="stylesheet" href="{base}/secret.css">'
        f'<script src="{base}/secret.js"></script></head><body background="{base}/secret.png"><p>{BESIDE}</p>'
        f'<img src="{base}/secret.png" width="100" height="100">'
        f'<p style="background-image: url({base}/secret.png)">-</p>'
        f'<iframe src="{base}/secret.html"></iframe><object data="{base}/secret.html"></object></body></html>'
    ).encode()


WRITERS = {"docx": docx, "odt": odt, "rtf": rtf, "html": html}
READERS = {
    "docx": "MS Word 2007 XML",
    "odt": "writer8",
    "rtf": "Rich Text Format",
    "doc": "MS Word 97",
    "html": "HTML (StarWriter)",
}


def converted(content: bytes, kind: str, to: str = "pdf:writer_pdf_Export") -> bytes:
    """What our LibreOffice, with our profile, makes of a file."""
    soffice = find_soffice()
    assert soffice
    with WorkingFolder() as place:
        file = place.folder / f"a.{kind}"
        file.write_bytes(content)
        write_profile(place.folder / "profile", release_of(soffice))
        running = Running(
            soffice,
            place,
            [
                f"--infilter={READERS[kind]}",
                "--convert-to",
                to,
                "--outdir",
                str(place.folder / "out"),
                str(file),
            ],
        )
        try:
            assert running.wait(120)
        finally:
            running.kill()
        return (place.folder / "out" / f"a.{to.partition(':')[0]}").read_bytes()


def seen(pdf: bytes) -> set[str]:
    """What of the planted things a PDF shows; what stands beside them must be there."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        words = "".join(page.get_textpage().get_text_bounded() for page in document)
        assert BESIDE in words
        images = [page.render().to_pil().convert("RGB") for page in document]
    finally:
        document.close()
    colours = {colour for image in images for _, colour in image.getcolors(1 << 24) or ()}
    shown = {"picture"} if MAGENTA in colours else set()
    return shown | ({"words"} if SECRET in words else set())


@contextmanager
def following() -> Iterator[None]:
    """A LibreOffice that follows what it finds, as it does when nobody tells it not to."""
    with pytest.MonkeyPatch.context() as unsafe:
        unsafe.setattr(profile, "_settings", lambda _: ())
        yield


def written(kind: str, base: str) -> bytes:
    """A file of a kind with links below an address; one for Word 97 is written by LibreOffice itself."""
    if kind != "doc":
        return WRITERS[kind](base)
    with following():
        old = converted(odt(base), "odt", to=f"doc:{READERS['doc']}")
    assert f"{base}/secret.png".encode("utf-16-le") in old
    return old


@pytest.mark.parametrize("kind", ["docx", "odt", "html"])
def test_the_links_of_these_files_are_followed_where_nothing_forbids_it(
    kind: str, listener: Listener, planted: str
) -> None:
    with following():
        assert seen(converted(WRITERS[kind](listener.address), kind)) == {"picture"}
        assert seen(converted(WRITERS[kind](planted), kind)) == {"picture"}
    assert listener.asked


@pytest.mark.parametrize("kind", READERS)
def test_nothing_is_fetched_from_an_address(kind: str, listener: Listener) -> None:
    content = written(kind, listener.address)
    listener.asked.clear()
    assert seen(converted(content, kind)) == set()
    assert listener.asked == []


@pytest.mark.parametrize("kind", ["docx", "odt", "doc"])
def test_no_file_of_this_computer_is_shown(kind: str, planted: str) -> None:
    assert seen(converted(written(kind, planted), kind)) == set()


def test_the_standing_libreoffice_follows_nothing_either(listener: Listener, planted: str) -> None:
    made = [convert._by_standing(docx(base), convert.LIMITS) for base in (listener.address, planted)]
    assert [seen(pdf) for pdf in made if pdf] == [set(), set()]
    assert convert._standing is not None
    assert listener.asked == []
    convert.stop()


def test_a_word_file_with_a_linked_picture_does_not_come_to_libreoffice_at_all(
    listener: Listener, planted: str
) -> None:
    for base in (listener.address, planted):
        with pytest.raises(ToolFailed, match="不该有的内容"):
            convert.convert(docx(base))
    assert listener.asked == []


@pytest.mark.parametrize("kind", ["rtf", "doc", "html", "odt"])
def test_other_kinds_never_come_to_libreoffice(kind: str, listener: Listener) -> None:
    """A picture of this computer that an RTF or a web page includes, LibreOffice shows whatever is set."""
    content = written(kind, listener.address)
    listener.asked.clear()
    convert.stop()
    with pytest.raises(ToolFailed, match="不是 Word"):
        convert.convert(content)
    assert convert._standing is None
    assert listener.asked == []


@pytest.mark.parametrize(("kind", "name"), [("rtf", "application/rtf"), ("html", "text/html")])
def test_what_a_word_file_holds_of_another_kind_shows_nothing(
    kind: str, name: str, listener: Listener, planted: str
) -> None:
    for base in (listener.address, planted):
        with zipfile.ZipFile(io.BytesIO(docx(base))) as archive:
            parts = {each: archive.read(each).decode() for each in archive.namelist()}
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            "</Types>", f'<Override PartName="/word/chunk.{kind}" ContentType="{name}"/></Types>'
        )
        parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
            "</Relationships>",
            f'<Relationship Id="rId9" Type="{_OFFICE}/relationships/aFChunk" Target="chunk.{kind}"/>'
            "</Relationships>",
        )
        parts["word/document.xml"] = parts["word/document.xml"].replace(
            "</w:body>", '<w:altChunk r:id="rId9"/><w:p/></w:body>'
        )
        chunk = WRITERS[kind](base).decode()
        assert seen(converted(package({**parts, f"word/chunk.{kind}": chunk}), "docx")) == set()
    assert listener.asked == []
