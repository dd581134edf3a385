"""A PDF that WPS or Word printed of a Word file is taken if it says the same; it claims only what it is."""

import io
import json
import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String

from authority import Authority
from made import gathered, outcome_of
from old import saved_as
from polished import edited, rewording, run, text
from reportgen.makers.pdf import elsewhere
from reportgen.makers.pdf.reading import contents
from reportgen.pipeline import Material, Outcome, Supplies
from reportgen.pipeline import run as make
from reportgen.problems import Exit, FileTrouble, Level
from reportgen.signing.field import FIELD

pytestmark = [pytest.mark.office, pytest.mark.slow]
SCREEN = pytest.CaptureFixture[str]
NAME = "甲县乙镇人民政府2023年政府信息公开工作年度报告"
PRODUCER = "WPS 文字 12.1"


@pytest.fixture(scope="module")
def word() -> bytes:
    """The Word file of a report."""
    return outcome_of(text(), "docx").files["docx"]


@pytest.fixture(scope="module")
def printed(word: bytes) -> bytes:
    """Its PDF as a program prints it that knows nothing of archives: packed, and by another name."""
    return changed(saved_as("pdf", word)[0], as_by_wps)


def changed(pdf: bytes, edit: Callable[[Pdf], object], **how: Any) -> bytes:
    """The PDF after an edit, its objects packed as newer programs do it."""
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        edit(document)
        document.save(held, object_stream_mode=ObjectStreamMode.generate, **how)
    return held.getvalue()


def as_by_wps(document: Pdf) -> None:
    """No tags, no language, no outline, no title; and a date with a zone."""
    for key in ("/StructTreeRoot", "/MarkInfo", "/Lang", "/Outlines", "/Metadata"):
        if key in document.Root:
            del document.Root[key]
    info = document.docinfo
    for key in [*info.keys()]:
        del info[key]
    info["/Producer"], info["/Creator"] = String(PRODUCER), String("WPS 文字")
    info["/CreationDate"], info["/ModDate"] = String("D:20240119103000+08'00'"), String("D:20240120")


def taken(word: bytes, pdf: bytes) -> Outcome:
    """What comes of a Word file with a PDF that another program printed."""
    given = Supplies(**{**gathered_fields(), "printed": Material("WPS输出的.pdf", pdf)})
    return make(Material(f"{NAME}.docx", word), given)


def gathered_fields() -> dict[str, Any]:
    supplies = gathered()
    return {name: getattr(supplies, name) for name in Supplies.__slots__}


def codes(outcome: Outcome, level: Level = Level.ERROR) -> set[str]:
    return {each.code for each in outcome.findings if each.level is level}


def laid_out(folder: Path, word: bytes, pdf: bytes, name: str = "WPS输出的.pdf") -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    docx, given = folder / f"{NAME}.docx", folder / name
    docx.write_bytes(word)
    given.write_bytes(pdf)
    return docx, given


def test_a_pdf_of_the_same_words_is_taken_and_claims_nothing_that_it_is_not(
    word: bytes, printed: bytes
) -> None:
    outcome = taken(word, printed)
    assert codes(outcome) == set() and outcome.failures == ()
    found = contents(outcome.files["pdf"])
    assert (found.pdfa, found.pdfua) == ("", "")
    assert found.producer == PRODUCER
    assert (found.title, found.author) == (NAME, "甲县乙镇人民政府")
    assert list(found.fields) == [FIELD] and not found.fields[FIELD].signed
    with pikepdf.open(io.BytesIO(outcome.files["pdf"])) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:20240119103000+08'00'"
        assert str(document.docinfo["/Creator"]) == "WPS 文字"
        assert "/ModDate" not in document.docinfo
        assert b"pdfaid:part" not in document.Root.Metadata.read_bytes()
    assert outcome.facts["pdf"]["elsewhere"] is True
    assert codes(outcome, Level.WARNING) == {"P04", "P05"}
    assert codes(outcome, Level.NOTE) >= {"P07", "P08"}


def test_the_pdf_keeps_the_claim_that_its_own_program_made(word: bytes) -> None:
    archival = outcome_of(text(), "docx", "pdf").files["pdf"]

    def without_field(document: Pdf) -> None:
        del document.Root["/AcroForm"]
        for page in document.pages:
            page.obj.Annots = Array()

    outcome = taken(word, changed(archival, without_field))
    assert codes(outcome) == set()
    found = contents(outcome.files["pdf"])
    assert (found.pdfa, found.pdfua) == ("2B", "")
    assert "P05" not in codes(outcome, Level.WARNING)


def test_the_same_pdf_gives_the_same_file(word: bytes, printed: bytes) -> None:
    assert taken(word, printed).files["pdf"] == taken(word, printed).files["pdf"]


def test_a_taken_pdf_is_stored_signed_verified_and_archived(
    word: bytes, printed: bytes, tmp_path: Path, capsys: SCREEN
) -> None:
    docx, given = laid_out(tmp_path / "年报", word, printed)
    assert run("build", docx, "--pdf", given) == Exit.OK
    said = capsys.readouterr().out
    assert f"由 {PRODUCER} 印出，与 Word 文件逐字相同" in said and "PDF/A-" not in said
    pdf = docx.with_suffix(".pdf")
    manifest = json.loads((docx.parent / "manifest.json").read_text("utf-8"))
    assert manifest["proofs"]["pdf"]["producer"] == PRODUCER and manifest["proofs"]["pdf"]["pdfa"] == ""
    assert given.read_bytes() == printed

    assert run("seal-place", pdf) == Exit.OK
    authority = Authority()
    (tmp_path / "organ.p12").write_bytes(authority.issue("甲县乙镇人民政府").p12())
    (tmp_path / "ca.pem").write_bytes(authority.root.pem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTGEN_PASSWORD", "测试密码 123")
        assert run("sign", pdf, "--p12", tmp_path / "organ.p12", "--out", tmp_path / "signed.pdf") == Exit.OK
    assert run("verify", tmp_path / "signed.pdf", "--root", tmp_path / "ca.pem") == Exit.OK
    shutil.move(given, tmp_path / "aside.pdf")
    assert run("archive", docx.parent, "--out", tmp_path / "归档") == Exit.OK
    kinds = [
        json.loads(each.read_text("utf-8"))["files"][pdf.name]["kind"]
        for each in (tmp_path / "归档").rglob("*.json")
        if "files" in each.read_text("utf-8") and pdf.name in each.read_text("utf-8")
    ]
    assert kinds and all("PDF/A" not in kind for kind in kinds)
    capsys.readouterr()


def test_a_pdf_under_the_name_of_the_report_is_kept_beside_what_is_made_of_it(
    word: bytes, printed: bytes, tmp_path: Path, capsys: SCREEN
) -> None:
    docx, given = laid_out(tmp_path / "年报", word, printed, f"{NAME}.pdf")
    assert run("build", docx, "--pdf", given) == Exit.OK
    kept = [each for each in docx.parent.glob("*备份*.pdf") if each.read_bytes() == printed]
    assert len(kept) == 1 and kept[0].name in capsys.readouterr().out
    assert given.read_bytes() != printed


def test_a_taken_pdf_is_not_lost_when_the_program_prints_its_own(
    word: bytes, printed: bytes, tmp_path: Path, capsys: SCREEN
) -> None:
    docx, given = laid_out(tmp_path / "年报", word, printed)
    run("build", docx, "--pdf", given)
    took = docx.with_suffix(".pdf").read_bytes()
    capsys.readouterr()
    assert run("build", docx) == Exit.OK
    assert any(each.read_bytes() == took for each in docx.parent.glob("*备份*.pdf"))
    assert "备份" in capsys.readouterr().out


def test_the_pdf_of_another_word_file_is_refused_and_nothing_is_stored(
    word: bytes, tmp_path: Path, capsys: SCREEN
) -> None:
    other = saved_as("pdf", outcome_of(text(year=2022), "docx").files["docx"])[0]
    docx, given = laid_out(tmp_path / "年报", word, other)
    before = sorted(docx.parent.iterdir())
    assert run("build", docx, "--pdf", given) == Exit.FINDINGS
    assert "没有采用" in capsys.readouterr().out
    assert sorted(docx.parent.iterdir()) == before


def test_one_word_less_or_more_is_enough(printed: bytes, word: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word)
    edited(path, rewording("每季度清理一次", "每季度清理两次"))
    outcome = taken(path.read_bytes(), printed)
    assert outcome.files == {} and outcome.refused == ("pdf",)
    [finding] = [each for each in outcome.findings if each.is_error]
    assert finding.code == "P02" and "两" in finding.message and "重新输出为 PDF" in finding.fix


def signed(document: Pdf) -> None:
    field = Dictionary(FT=Name.Sig, T=String("x"), V=Dictionary())
    document.Root.AcroForm = Dictionary(Fields=Array([field]))


def commented(document: Pdf) -> None:
    document.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.FreeText)])


def running(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def without_words(document: Pdf) -> None:
    for page in document.pages:
        page.Contents = document.make_stream(b"")


def taken_before(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Sig, T=String(FIELD))]))


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (signed, "签过名"),
        (commented, "批注"),
        (running, "运行程序"),
        (without_words, "扫描"),
        (taken_before, "采用过"),
    ],
)
def test_a_pdf_that_must_not_be_taken_says_why(
    edit: Callable[[Pdf], None], says: str, printed: bytes
) -> None:
    with pytest.raises(FileTrouble, match=says):
        elsewhere.maker_of(changed(printed, edit))


def test_a_pdf_with_a_password_or_cut_off_is_refused(printed: bytes, word: bytes) -> None:
    def nothing(_: Pdf) -> None:
        """Change nothing."""

    for user in ("secret", ""):
        locked = changed(printed, nothing, encryption=pikepdf.Encryption(owner="owner", user=user))
        outcome = taken(word, locked)
        assert "密码" in str(outcome.failures[0]) and outcome.files == {}
    assert "不完整" in str(taken(word, printed[: len(printed) // 2]).failures[0])


def test_a_pdf_without_its_fonts_inside_is_refused(word: bytes, printed: bytes) -> None:
    def without_fonts(document: Pdf) -> None:
        for each in document.objects:
            if isinstance(each, Dictionary) and each.get("/Type") == Name.FontDescriptor:
                for key in ("/FontFile", "/FontFile2", "/FontFile3"):
                    if key in each:
                        del each[key]

    outcome = taken(word, changed(printed, without_fonts))
    assert "P03" in codes(outcome) and outcome.files == {}


def test_a_picture_that_the_word_file_has_not_is_refused(word: bytes, printed: bytes) -> None:
    def stamped(document: Pdf) -> None:
        picture = document.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        document.pages[0].Resources.XObject = Dictionary(Im1=picture)

    outcome = taken(word, changed(printed, stamped))
    assert codes(outcome) == {"P13"} and outcome.files == {}


@pytest.mark.parametrize(
    "words",
    [
        ["a.yaml", "--pdf", "a.pdf"],
        ["a.docx", "b.docx", "--pdf", "a.pdf"],
        ["a.docx", "--pdf", "a.docx"],
        ["a.docx", "--pdf", "a.pdf", "--draft"],
        ["a.docx", "--pdf", "a.pdf", "--attach-source"],
        ["a.docx", "--pdf", "a.pdf", "--to", "html"],
    ],
)
def test_a_pdf_goes_with_one_word_file_alone(words: list[str], capsys: SCREEN) -> None:
    assert run("build", *words) == Exit.USAGE
    assert "--pdf" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("D:20240119103000+08'00'", 8),
        ("D:20240119103000Z", 0),
        ("D:20240119103000", 8),
        ("D:20240119103000-05'00", -5),
    ],
)
def test_the_time_that_a_program_wrote_is_kept(said: str, zone: int) -> None:
    document = Pdf.new()
    document.docinfo["/CreationDate"] = String(said)
    found = elsewhere.made_on(document)
    assert found is not None and found.utcoffset() == timedelta(hours=zone) and found.hour == 10


@pytest.mark.parametrize("said", ["", "yesterday", "D:20241399000000Z"])
def test_a_time_that_is_none_is_none(said: str) -> None:
    document = Pdf.new()
    document.docinfo["/CreationDate"] = String(said)
    assert elsewhere.made_on(document) is None


def test_what_pypdf_logs_in_english_of_an_odd_file_is_not_shown() -> None:
    handlers = logging.getLogger("pypdf").handlers
    assert [type(each) for each in handlers] == [logging.NullHandler]
