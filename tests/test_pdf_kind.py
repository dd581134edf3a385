"""What belongs to a PDF whichever converter drew it, and which converter is taken where there are several."""

import hashlib
import io
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.misc import eexec

from made import END, SAID, drawn, gathered, outcome_of, packed, plainly_finished, rewritten, text_of
from reportgen import makers
from reportgen.cli import main
from reportgen.makers import Maker, maker_for, names_of
from reportgen.makers.pdf import reading
from reportgen.makers.pdf_libreoffice import convert
from reportgen.pipeline import Material, run
from reportgen.problems import Exit, ToolFailed
from reportgen.signing import field
from reportgen.signing.field import find_place
from reportgen.signing.seal_place import SealPlace, Signing
from reportgen.sources.docx import walking
from reportgen.store import workspace

pytestmark = pytest.mark.office

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "inputs" / "laiyang-xuefang" / "2020.yaml"
RARE = "工作中还存在服务大厅只有30㎡、喆某来信答复不够快的问题。"
SCREEN = pytest.CaptureFixture[str]

ANOTHER = """
from pathlib import Path
from reportgen.makers import Maker
from reportgen.makers.pdf_libreoffice import MAKER as DRAWN_BY

HERE = Path(__file__).parent

def convert(_docx):
    return (HERE / "raw.pdf").read_bytes()

MAKER = Maker(
    name="Another",
    takes="docx",
    gives="pdf",
    make=lambda order: convert(order.made["docx"]),
    convert=convert,
    missing=lambda: (HERE / "missing").read_text("utf-8") if (HERE / "missing").exists() else "",
    fonts=DRAWN_BY.fonts,
    clean_only=True,
)
"""


@pytest.fixture(scope="module")
def text() -> str:
    return text_of(end=END.replace("工作中还存在公开内容不够丰富的问题。", RARE))


@pytest.fixture(scope="module")
def raw(text: str) -> bytes:
    return drawn(text)


# ── the same whatever the layout ─────────────────────────────────────────────────────────────────────


def heads(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return sum(
            isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH" for each in document.objects
        )


def test_packed_objects_and_another_order_of_objects_give_the_same_bytes(raw: bytes) -> None:
    place = find_place(raw, Signing()).place
    assert place is not None
    assert _digest(raw, place) == _digest(packed(raw), place)
    other = rewritten(raw, linearize=True)  # which moves what pages inherit into them, too
    assert _digest(other, place) == _digest(rewritten(other), place)


def _digest(pdf: bytes, place: SealPlace) -> str:
    """Of a finished PDF: to tell where two of these differ takes pytest half an hour."""
    return hashlib.sha256(plainly_finished(pdf, place)).hexdigest()


def test_every_head_is_marked_on_a_packed_file_too() -> None:
    docx = run(workspace.material(SEED), gathered(), ("docx",)).files["docx"]
    maker = maker_for("pdf")
    assert maker is not None and maker.convert is not None
    seed = maker.convert(docx)
    assert heads(seed) < 87
    assert heads(plainly_finished(seed)) == heads(plainly_finished(packed(seed))) == 87


def _tags(held: object, name: str) -> Iterator[pikepdf.Dictionary]:
    """The tags of this name at or below a tag, in order; those within one of them are not looked for."""
    for each in held if isinstance(held, pikepdf.Array) else [held]:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == pikepdf.Name(f"/{name}"):
            yield each
        elif isinstance(each, pikepdf.Dictionary):
            yield from _tags(each.get("/K"), name)


def _span(cell: pikepdf.Object, name: str) -> int:
    held = cell.get("/A")
    attributes = list(held) if isinstance(held, pikepdf.Array) else [held]
    return next((int(each[name]) for each in attributes if each is not None and name in each), 1)


def widths(pdf: bytes) -> list[set[int]]:
    """How many columns the rows of each tagged table have, cells that reach down counted in every row."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for table in _tags(document.Root.StructTreeRoot.get("/K"), "Table"):
            rows = list(_tags(table.get("/K"), "TR"))
            counts = [0] * (len(rows) + 99)
            for at, row in enumerate(rows):
                for cell in row.K:
                    for below in range(_span(cell, "/RowSpan")):
                        counts[at + below] += _span(cell, "/ColSpan")
            found.append(set(counts[: len(rows)]))
    return found


@pytest.mark.slow
def test_every_row_of_a_tagged_table_has_its_columns_wherever_the_page_ends() -> None:
    sentence = "通过网站公开各类信息，政策文件与解读同时发布。"
    texts = [text_of(said=SAID.replace(sentence, sentence * times)) for times in (1, 12, 19, 26, 33, 40)]
    raws = [drawn(text) for text in texts]
    assert any(len(each) > 1 for raw in raws for each in widths(raw))
    assert [widths(plainly_finished(raw)) for raw in raws] == [[{4}, {10}, {15}]] * len(raws)


def test_what_a_clock_or_chance_gave_is_gone(raw: bytes) -> None:
    with pikepdf.open(io.BytesIO(plainly_finished(raw))) as document:
        assert "/DocChecksum" not in document.trailer
        assert len({bytes(each) for each in document.trailer.ID}) == 1
        assert str(document.docinfo["/CreationDate"]) == "D:20240118000000+08'00'"
        assert document.open_metadata()["xmp:CreateDate"] == "2024-01-18T00:00:00+08:00"
        profile = document.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        assert [int.from_bytes(profile[at : at + 2], "big") for at in (24, 26, 28)] == [2024, 1, 18]
        assert profile[84:100] == bytes(16)


def test_type_1_fonts_are_numbered_by_their_names_in_both_of_their_parts(raw: bytes) -> None:
    with pikepdf.open(io.BytesIO(plainly_finished(raw))) as document:
        found = sorted(
            (str(each.FontName), each.FontFile)
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and "/FontFile" in each
        )
        assert any("Noto" in name for name, _ in found), "the report must borrow characters"
        for number, (_, program) in enumerate(found, start=4_100_001):
            font = program.read_bytes()
            clear, cipher = int(program.Length1), int(program.Length2)
            secret, _ = eexec.decrypt(font[clear : clear + cipher], 55665)
            assert b"/UniqueID %d def" % number in font[:clear]
            assert b"/UniqueID %d def" % number in secret
            assert secret.rstrip().endswith(b"closefile")


@pytest.mark.parametrize("cut", [0, 9, 40_000, -30])
def test_a_part_of_a_pdf_is_told(raw: bytes, cut: int) -> None:
    with pytest.raises(ToolFailed, match="没有得到完整的 PDF"):
        plainly_finished(raw[:cut])


def test_a_pdf_without_pages_is_told() -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.save(out)
    with pytest.raises(ToolFailed, match="没有得到完整的 PDF"):
        plainly_finished(out.getvalue())


# ── one digest, by both ways, anywhere in a series ───────────────────────────────────────────────────


def test_first_later_and_by_a_plain_call_a_report_has_one_digest(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> str:
        outcome = outcome_of(text, "docx", "pdf")
        assert "pdf" in outcome.files, outcome
        return hashlib.sha256(outcome.files["pdf"]).hexdigest()

    convert.stop()
    by_server = [made()]
    outcome_of(text_of(2020), "docx", "pdf")
    by_server += [made(), made()]
    convert.stop()
    by_server.append(made())
    monkeypatch.setattr(convert, "_by_standing", lambda *_: None)
    by_call = [made(), made()]
    assert len({*by_server, *by_call}) == 1


def test_a_draft_with_comments_is_drawn_by_the_standing_libreoffice_to_the_same_bytes() -> None:
    unbalanced = text_of(2020).replace("申请: 全部为零", "申请: {本年新收: {自然人: 2}}")
    draft = outcome_of(unbalanced, "docx").files["docx"]
    with zipfile.ZipFile(io.BytesIO(draft)) as package:
        assert "word/comments.xml" in package.namelist()
    convert.stop()
    drawn_first, drawn_next = (convert._by_standing(draft, convert.LIMITS) for _ in range(2))
    assert drawn_first is not None and drawn_next is not None
    by_call = convert._by_call(draft, 20, time.monotonic() + 60)
    assert plainly_finished(drawn_first) == plainly_finished(drawn_next) == plainly_finished(by_call)


def test_what_is_asked_once_is_done_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()

    def counted(holder: object, name: str) -> None:
        usual = getattr(holder, name)

        def call(*arguments: object, **options: object) -> object:
            asked[name] += 1
            return usual(*arguments, **options)

        monkeypatch.setattr(holder, name, call)

    outcome_of(text_of(2022), "docx", "pdf")
    counted(pikepdf, "open")
    counted(pypdfium2, "PdfDocument")
    counted(reading, "PdfReader")
    counted(field, "seal_place")
    counted(walking, "opened")
    walking._walked.cache_clear()  # another test may have read this very file
    assert "pdf" in outcome_of(text, "docx", "pdf").files
    assert (asked["opened"], asked["PdfReader"], asked["seal_place"]) == (1, 1, 1)
    assert asked["open"] == 2, "to see whether what was drawn is whole, and for the one pass"
    assert asked["PdfDocument"] == 2, "the drawn file for the seal's place, the finished one for its words"


# ── several converters ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def another(tmp_path: Path, raw: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of makers with a second converter, which stands before LibreOffice; it draws packed files."""
    folder = tmp_path / "makers"
    folder.mkdir()
    (folder / "pdf_another.py").write_text(ANOTHER, "utf-8")
    (folder / "raw.pdf").write_bytes(packed(raw))
    monkeypatch.setattr(makers, "__path__", [*makers.__path__, str(folder)])
    yield folder
    for name in ("pdf_another", "pdf_broken"):
        sys.modules.pop(f"reportgen.makers.{name}", None)
        makers.__dict__.pop(name, None)


def taken(*chosen: str) -> str:
    maker = maker_for("pdf", chosen)
    assert maker is not None
    return maker.name


def test_the_first_converter_that_is_there_is_taken(another: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names_of("pdf") == ("another", "libreoffice")
    assert taken() == "Another"
    (another / "missing").write_text("没有装另一个。", "utf-8")
    assert taken() == "LibreOffice"
    monkeypatch.setenv("REPORTGEN_SOFFICE", "/nowhere/soffice")
    assert taken() == "Another", "where none is there, the first says what it lacks"
    (another / "missing").unlink()
    assert taken() == "Another"


def test_a_name_chooses_even_one_that_is_missing(another: Path) -> None:
    assert taken("libreoffice") == "LibreOffice"
    (another / "missing").write_text("没有装另一个。", "utf-8")
    assert taken("another") == "Another"
    assert taken("docxtpl") == "LibreOffice", "a name of another kind's maker does not matter here"


def test_a_converter_whose_module_cannot_be_loaded_hides_no_other(another: Path) -> None:
    (another / "pdf_another.py").unlink()
    (another / "pdf_another.py").write_text("import a_module_that_nobody_has\n", "utf-8")
    assert taken() == "LibreOffice"
    maker = maker_for("pdf", ["another"])
    assert maker is not None
    assert "a_module_that_nobody_has" in maker.missing()


def test_what_another_converter_drew_is_finished_and_proved_the_same(
    another: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_libreoffice = outcome_of(text, "docx", "pdf")
    (another / "missing").write_text("没有装另一个。", "utf-8")
    assert outcome_of(text, "docx", "pdf").files == by_libreoffice.files
    (another / "missing").unlink()
    monkeypatch.setenv("REPORTGEN_SOFFICE", "/nowhere/soffice")
    again = outcome_of(text, "docx", "pdf")
    assert again.files == by_libreoffice.files
    assert again.facts == by_libreoffice.facts
    assert again.findings == by_libreoffice.findings


@pytest.mark.usefixtures("another")
def test_a_converter_that_draws_something_else_is_found_out() -> None:
    outcome = outcome_of(text_of(2022), "docx", "pdf")
    assert "P02" in {finding.code for finding in outcome.findings}
    assert outcome.refused == ("pdf",)


def test_a_chosen_converter_that_is_missing_is_told_and_no_other_draws(another: Path, text: str) -> None:
    (another / "missing").write_text("没有装另一个。", "utf-8")
    supplies = replace(gathered(), makers=("another",))
    outcome = run(Material("年报.yaml", text.encode()), supplies, ("docx", "pdf"))
    assert [str(failure) for failure in outcome.failures] == ["没有装另一个。"]
    assert set(outcome.files) == {"docx"}


def test_build_takes_the_converter_that_is_named(
    another: Path, text: str, capsys: SCREEN, build: Callable[..., int]
) -> None:
    assert build(text, "--with", "another") == Exit.OK
    (another / "raw.pdf").write_bytes(b"%PDF-1.6 cut")
    assert build(text, "--with", "Another", "--force") == Exit.TOOL_MISSING
    assert "没有得到完整的 PDF" in "".join(capsys.readouterr())
    assert build(text, "--with", "libreoffice", "--force") == Exit.OK
    assert build(text, "--with", "word") == Exit.USAGE
    said = capsys.readouterr().err
    assert "word" in said and "another" in said and "libreoffice" in said


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., int]:
    def run_it(text: str, *options: str) -> int:
        (tmp_path / "2023.yaml").write_text(text, "utf-8")
        return main(["build", str(tmp_path / "2023.yaml"), "--out", str(tmp_path / "out"), *options])

    return run_it


def test_the_makers_of_this_program_are_known_by_name() -> None:
    assert names_of("docx") == ("docxtpl",)
    assert names_of("html") == ("fragment",)
    assert isinstance(maker_for("html"), Maker)
    assert maker_for("xls") is None
