"""Old files of any kind are read once, by what they are; what cannot be read says the one step that helps."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from made import gathered, outcome_of
from old import saved_as
from polished import TABLES, run, text
from reportgen.makers.pdf_libreoffice import office
from reportgen.old_files import ready
from reportgen.pipeline import Material, examine
from reportgen.problems import Exit, ToolMissing
from reportgen.safe.guessing import Guess, guess
from test_pdf_office_links import BESIDE, SECRET, Listener, listener, planted, written  # noqa: F401 - fixtures

SCREEN = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def word() -> bytes:
    """The Word file of a report."""
    return outcome_of(text(), "docx").files["docx"]


@pytest.fixture(scope="module")
def old(word: bytes) -> dict[str, bytes]:
    """The same report as LibreOffice saves it in older kinds; a .wps of WPS is a .doc by another name."""
    made = {kind: saved_as(kind, word)[0] for kind in ("doc", "odt", "rtf")}
    return {**made, "wps": made["doc"]}


def refused(name: str, content: bytes) -> tuple[str, str, str]:
    """Code, message and way out of what is said of a file that cannot be read."""
    material, [finding] = ready(Material(name, content))
    assert finding.is_error and material.content == content
    return finding.code, finding.message, finding.fix


def packed(parts: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def framed(stream: str, *, flags: int = 0) -> bytes:
    """The frame of a file of before 2007 with one stream, whose first words are those of a Word file."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = struct.pack("<H", 9)
    head[48:52] = struct.pack("<I", 1)
    head[76:512] = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFF] * 125)
    name = stream.encode("utf-16-le")
    entry = bytearray(128)
    entry[: len(name)] = name
    entry[64:66] = struct.pack("<H", len(name) + 2)
    entry[116:124] = struct.pack("<II", 2, 4096)
    words = bytearray(512)
    words[10:12] = struct.pack("<H", flags)
    return bytes(head) + table + bytes(entry) + bytes(512 - 128) + bytes(words)


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["doc", "wps", "odt", "rtf"])
def test_every_figure_of_an_old_file_is_read_and_the_way_is_told(
    kind: str, old: dict[str, bytes], word: bytes
) -> None:
    material, [note] = ready(Material(f"去年的.{kind}", old[kind]))
    was = examine(Material("a.docx", word), gathered()).report
    now = examine(material, gathered()).report
    assert was is not None and now is not None
    assert {key: figure.number for key, figure in now.cells.items()} == {
        key: figure.number for key, figure in was.cells.items()
    }
    assert (now.organ.name, now.year, now.date) == (was.organ.name, was.year, was.date)
    assert note.code == "R38" and f".{kind}" in note.message and note.places[0].file == f"去年的.{kind}"


@pytest.mark.office
@pytest.mark.slow
def test_an_old_file_becomes_a_clerks_file_that_checks_sound(
    old: dict[str, bytes], tmp_path: Path, capsys: SCREEN
) -> None:
    source, out = tmp_path / "2023.doc", tmp_path / "2023.yaml"
    source.write_bytes(old["doc"])
    assert run("read", source, "--out", out) == Exit.OK
    assert "由 LibreOffice 转成" in out.read_text("utf-8")
    assert "商业企业: 1" in out.read_text("utf-8") and "商业企业: 1" in TABLES
    assert run("check", out) == Exit.OK
    assert source.read_bytes() == old["doc"]
    capsys.readouterr()


@pytest.mark.parametrize("kind", ["doc", "wps", "odt", "rtf", "pdf"])
@pytest.mark.parametrize("command", ["check", "build"])
def test_check_and_build_name_the_step_that_makes_an_old_file_fit(
    kind: str, command: str, tmp_path: Path, capsys: SCREEN
) -> None:
    (tmp_path / f"a.{kind}").write_bytes(b"x")
    assert run(command, tmp_path / f"a.{kind}") == Exit.FINDINGS
    assert f"reportgen read {tmp_path / f'a.{kind}'} --out a.yaml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (framed("WordDocument"), Guess.DOC),
        (framed("WordDocument", flags=0x0100), Guess.LOCKED),
        (framed("EncryptedPackage"), Guess.LOCKED),
        (framed("Workbook"), Guess.SHEET),
        (framed("Book"), Guess.SHEET),
        (framed("PowerPoint Document"), Guess.SLIDES),
        (framed("MatOST"), Guess.WORKS),
        (framed("CONTENTS"), Guess.OTHER),
        (framed("WordDocument")[:1600], Guess.DOC),
        (framed("WordDocument")[:1500], Guess.BROKEN),
        (framed("WordDocument")[:40], Guess.BROKEN),
        (b"{\\rtf1 words}\r\n\0", Guess.RTF),
        (b"{\\rtf1 wor", Guess.BROKEN),
        (b"%PDF-1.4 ...", Guess.PDF),
        (b"\xef\xbb\xbf<html><p>", Guess.HTML),
        (b"words", Guess.OTHER),
        (b"", Guess.OTHER),
        (packed({"OFD.xml": ""}), Guess.OFD),
        (packed({"[Content_Types].xml": "", "word/document.xml": ""}), Guess.DOCX),
        (packed({"[Content_Types].xml": "", "xl/workbook.xml": ""}), Guess.SHEET),
        (packed({"a.txt": ""}), Guess.OTHER),
        (packed({"a.txt": "words"})[:-10], Guess.BROKEN),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), Guess.ODT),
        (
            packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
            Guess.SHEET,
        ),
        (
            packed(
                {
                    "mimetype": "application/vnd.oasis.opendocument.text",
                    "content.xml": "",
                    "META-INF/manifest.xml": "<manifest:encryption-data/>",
                }
            ),
            Guess.LOCKED,
        ),
    ],
)
def test_a_file_is_known_by_its_bytes(content: bytes, what: Guess) -> None:
    assert guess(content) is what


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("a.doc", framed("WordDocument", flags=0x0100), "R21", "密码"),
        ("a.doc", framed("Workbook"), "R37", "电子表格"),
        ("a.doc", framed("WordDocument")[:1500], "R23", "不完整"),
        ("a.wps", framed("MatOST"), "R37", "Works"),
        ("a.ofd", packed({"OFD.xml": ""}), "R37", "OFD"),
        ("a.rtf", b"{\\rtf1 wor", "R23", "不完整"),
        ("a.rtf", b'{\\rtf1 {\\field{\\*\\fldinst INCLUDEPICTURE "x.png"}}}', "R27", "以外"),
        ("a.odt", b"words", "R37", "看不出"),
    ],
)
def test_what_cannot_be_read_says_the_one_step_that_helps(
    name: str, content: bytes, code: str, says: str
) -> None:
    told = refused(name, content)
    assert told[0] == code and says in told[1]
    assert "WPS" in told[2] and "另存" in told[2] and ".docx" in told[2]


def test_a_refused_file_is_told_and_makes_no_clerks_file(tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "a.doc").write_bytes(framed("Workbook"))
    assert run("read", tmp_path / "a.doc", "--out", tmp_path / "a.yaml") == Exit.FINDINGS
    assert "电子表格" in capsys.readouterr().err
    assert not (tmp_path / "a.yaml").exists()


def test_what_is_read_gets_the_name_of_a_clerks_file(word: bytes, tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "a.docx").write_bytes(word)
    assert run("read", tmp_path / "a.docx", "--out", tmp_path / "x.txt") == Exit.USAGE
    assert "例如 x.yaml" in capsys.readouterr().err
    assert not (tmp_path / "x.txt").exists()


def test_a_word_file_of_today_by_an_old_name_is_read_without_libreoffice(
    word: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_SOFFICE", "/none")
    material, notes = ready(Material("a.wps", word))
    assert notes == () and material.kind == "docx"
    outcome = examine(material, gathered())
    assert outcome.report is not None
    assert {place.file for each in outcome.findings for place in each.places} <= {"a.wps"}


def test_without_libreoffice_the_way_by_wps_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_soffice", lambda: None)
    with pytest.raises(ToolMissing, match="用 WPS 打开，另存为"):
        ready(Material("a.doc", framed("WordDocument")))


@pytest.mark.office
@pytest.mark.slow
def test_nothing_outside_an_old_file_is_fetched_or_read(
    listener: Listener,  # noqa: F811 - the fixture
    planted: str,  # noqa: F811
) -> None:
    for base in (listener.address, planted):
        content = written("odt", base)
        listener.asked.clear()
        material, _ = ready(Material("a.odt", content))
        with zipfile.ZipFile(io.BytesIO(material.content)) as made:
            words = made.read("word/document.xml").decode()
            assert not [name for name in made.namelist() if "media" in name]
        assert BESIDE in words and SECRET not in words
        assert listener.asked == []
