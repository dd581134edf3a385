"""The PDF maker with the real LibreOffice."""

import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pikepdf import Array, Dictionary, Name

from made import packed
from reportgen.makers import Attachment, Order, Proof, made
from reportgen.makers.pdf import KIND, about, beijing
from reportgen.makers.pdf.finishing import Finish, attach, finished, set_tags
from reportgen.makers.pdf.proof import FAULTS, prove
from reportgen.makers.pdf_libreoffice import (
    MAKER,
    convert,
    examine_machine,
    missing,
    office,
    process,
    stand_ins,
)
from reportgen.makers.pdf_libreoffice.breaking import kept_whole
from reportgen.makers.pdf_libreoffice.characters import undrawable
from reportgen.makers.pdf_libreoffice.process import socket_of
from reportgen.model.form import Form, form_for
from reportgen.model.report import Organ, OwnWords, Report
from reportgen.problems import Place, ToolFailed, ToolMissing
from reportgen.signing.seal_place import SealPlace, Sheet
from reportgen.sources.docx import shown
from reportgen.store.workspace import supplies
from reportgen.wording import Piece, Words

pytestmark = pytest.mark.office

TITLE = "某县某镇人民政府2024年政府信息公开工作年度报告"
ORGAN = "某县某镇人民政府"
TOWN = Organ(ORGAN, "某镇", "乡镇政府")
FORM = form_for(2024, supplies(templates=False).forms)
BODY = "全年主动公开政府信息1250条，其中“政策解读”12条；服务中心建筑面积30㎡，喆某来信已答复。"


FOREVER = 86_400
"""Seconds that a LibreOffice hangs: should it not be ended, the test would hang as well, and pass nowhere."""


@dataclass(frozen=True)
class Dated:
    """As much of a report as the maker looks at."""

    date: date | None
    year: int = 2024
    form: Form = FORM
    organ: Organ = TOWN
    chapters: tuple[OwnWords, ...] = ()
    signed_by: str = TOWN.name


def pdf_of(this: Order) -> bytes:
    """The finished PDF."""
    return made(MAKER, this)[0]


def proved(this: Order, pdf: bytes) -> Proof:
    """The proof, but for the bookmarks, which these files do not have, and the place of the seal likewise."""
    proof, own = prove(this, pdf, MAKER, None), MAKER.prove(this, pdf)
    findings = (*own.findings, *(each for each in proof.findings if each.code != "P08"))
    return Proof(proof.facts, findings)


def write(paragraph: Paragraph, text: str, family: str) -> None:
    run = paragraph.add_run(text)
    run.font.name = family
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)


def word_file(body: str = BODY, paragraphs: int = 12) -> bytes:
    file = docx.Document()
    file.core_properties.title = TITLE
    file.core_properties.author = ORGAN
    write(file.sections[0].header.paragraphs[0], "草稿", "宋体")
    write(file.add_paragraph(), TITLE, "方正小标宋简体")
    write(file.add_paragraph(), "一、总体情况", "黑体")
    write(file.add_paragraph(), "（一）主动公开", "楷体_GB2312")
    for _ in range(paragraphs):
        write(file.add_paragraph(), body * 3, "仿宋_GB2312")
    table = file.add_table(6, 4)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        write(cell.paragraphs[0], "自然人" if number % 4 == 0 else str(number * 137), "宋体")
    merged = table.cell(1, 0).merge(table.cell(4, 0))
    merged.text = ""
    write(merged.paragraphs[0], "三、本年度办理结果", "宋体")
    write(file.add_paragraph(), "无其他需要报告的事项。", "仿宋_GB2312")
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def order(content: bytes, *pieces: Piece, day: date | None = date(2025, 1, 20)) -> Order:
    words = Words(names={}, pieces=pieces, title=TITLE, author=ORGAN, date=day)
    report = cast(Report, Dated(day))
    return Order(report=report, words=words, made={"docx": content}, shown=lambda: shown(content, ""))


@pytest.fixture(autouse=True)
def no_standing_office() -> Iterator[None]:
    convert.stop()
    yield
    convert.stop()


@pytest.fixture
def left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """What this test's LibreOffices leave, apart from any that runs beside it: folders and sockets."""
    folder, sockets = tmp_path / "temporary", list[Path]()
    folder.mkdir()

    def noted(profile: str) -> Path:
        sockets.append(socket_of(profile))
        return sockets[-1]

    def left() -> list[Path]:
        assert sockets
        return [*folder.iterdir(), *(socket for socket in sockets if socket.exists())]

    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(process, "socket_of", noted)
    return left


def test_a_report_becomes_a_proved_pdf() -> None:
    this = order(word_file())
    proof = proved(this, pdf_of(this))
    assert proof.findings == ()
    assert proof.facts["pdfa"] == "2B"
    assert proof.facts["borrowed"] == "㎡喆"
    assert cast(int, proof.facts["pages"]) >= 2
    assert cast(dict[str, str], proof.facts["stand_ins"]) == {
        "方正小标宋简体": "FandolSong-Bold",
        "仿宋_GB2312": "FandolFang-Regular",
        "黑体": "FandolHei-Regular",
        "楷体_GB2312": "FandolKai-Regular",
        "宋体": "FandolSong-Regular",
    }


def test_the_same_report_gives_the_same_bytes_whatever_came_before() -> None:
    this, other = order(word_file()), order(word_file("别的文字，" * 9))
    first = pdf_of(this)
    pdf_of(other)
    third = pdf_of(this)
    convert.stop()
    again = pdf_of(this)
    assert len({hashlib.sha256(pdf).hexdigest() for pdf in (first, third, again)}) == 1
    assert b"2025-01-20T00:00:00+08:00" in first


def test_a_draft_without_a_date_bears_the_next_new_years_day() -> None:
    assert b"D:20250101000000+08'00'" in pdf_of(order(word_file(paragraphs=1), day=None))


def test_words_that_are_not_in_the_pdf_are_told_with_their_piece() -> None:
    short = order(word_file(), Piece("overview.1", f"{BODY[:30]}另有3件。", Place("a.yaml", 9, 3)))
    pdf = pdf_of(short)
    longer = order(word_file(f"{BODY[:30]}另有3件。"), *short.words.pieces)
    findings = proved(longer, pdf).findings
    assert {finding.code for finding in findings} == {"P02", "P11"}, (
        "and the words in their place nobody read"
    )
    assert findings[0].places == (Place("a.yaml", 9, 3),)
    assert findings[0].about == ("overview.1",)


def test_a_changed_figure_of_a_table_is_told() -> None:
    this = order(word_file())
    pdf = pdf_of(this)
    content = word_file()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:t>685</w:t>", b"<w:t>658</w:t>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    (finding,) = proved(order(out.getvalue()), pdf).findings
    assert finding.code == "P02"
    assert "658" in finding.message
    assert "第1个表第2行" in finding.message


def test_another_title_and_author_in_the_pdf_are_told() -> None:
    this = order(word_file(paragraphs=1))
    pdf = pdf_of(this)
    other = replace(this, words=replace(this.words, title="别的标题", author="张三"))
    assert [finding.code for finding in proved(other, pdf).findings] == ["P06", "P06"]


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def rename_fonts(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].Resources.Font.values():
        if "FandolKai" in str(font.BaseFont):
            font.BaseFont = pikepdf.Name("/ABCDEF+DejaVuSans")


def drop_colours(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents


def drop_font_files(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].Resources.Font.values():
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if key in font.FontDescriptor:
                del font.FontDescriptor[key]


def drop_tags(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot


def speak_english(document: pikepdf.Pdf) -> None:
    document.Root.Lang = pikepdf.String("en-US")


def drop_metadata(document: pikepdf.Pdf) -> None:
    del document.Root.Metadata


def attach_another(document: pikepdf.Pdf) -> None:
    attach(document, Attachment("b.txt", b"b"), beijing(2025, 1, 20))


def add_another_field(document: pikepdf.Pdf) -> None:
    field = {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Widget, "/FT": pikepdf.Name.Sig}
    widget = pikepdf.Dictionary({**field, "/T": pikepdf.String("Other"), "/Rect": [0, 0, 9, 9]})
    fields = pikepdf.Array([document.make_indirect(widget)])
    document.pages[0].Annots = fields
    document.Root.AcroForm = pikepdf.Dictionary(Fields=fields)


CHANGES: dict[Callable[[pikepdf.Pdf], None], set[str]] = {
    rename_fonts: {"P04"},
    drop_font_files: {"P02", "P03"},  # pdfium, too, then knows the words no longer
    drop_colours: {"P05"},
    drop_tags: {"P07"},
    speak_english: {"P07"},
    drop_metadata: {"P05", "P07"},
    attach_another: {"P09"},
    add_another_field: {"P10"},
}


@pytest.fixture(scope="module")
def short() -> tuple[Order, bytes]:
    this = order(word_file(paragraphs=1))
    return this, pdf_of(this)


@pytest.mark.parametrize("repack", [False, True])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_wrong_with_the_file_is_told(
    short: tuple[Order, bytes], change: Callable[[pikepdf.Pdf], None], repack: bool
) -> None:
    this, pdf = short
    wrong = changed(pdf, change)
    findings = proved(this, packed(wrong) if repack else wrong).findings
    assert {finding.code for finding in findings} == CHANGES[change]
    assert {finding.code for finding in findings} <= set(FAULTS)


def test_bookmarks_that_are_not_the_chapters_are_worth_a_warning(short: tuple[Order, bytes]) -> None:
    this, pdf = short
    (told,) = [each for each in prove(this, pdf, MAKER, None).findings if each.code == "P08"]
    assert not told.is_error
    assert told.found == "没有书签"
    assert "一、总体情况" in told.expected


@pytest.mark.parametrize(("page", "moved"), [(2, 0.0), (1, 5.0)])
def test_a_field_that_is_not_where_the_seal_goes_is_told(page: int, moved: float) -> None:
    this = order(word_file(paragraphs=12))
    raw, sheet = MAKER.make(this), Sheet(595.3, 841.9)
    pdf = finished(raw, Finish(about(this), seal=SealPlace(page, 300 + moved, 300, 42, sheet)))
    due = SealPlace(1, 300, 300, 42, sheet)
    codes = [each.code for each in prove(this, pdf, MAKER, due).findings if each.code != "P08"]
    assert codes == ["P10"]
    right = finished(raw, Finish(about(this), seal=due))
    assert [each.code for each in prove(this, right, MAKER, due).findings] == ["P08"]


def test_a_file_that_cannot_be_read_is_told_as_what_was_not_made(short: tuple[Order, bytes]) -> None:
    this, pdf = short
    with pytest.raises(ToolFailed, match="打不开"):
        proved(this, pdf[: len(pdf) // 2])


def test_a_character_that_no_font_has_is_told_before_drawing() -> None:
    place = Place("a.yaml", 12, 5)
    (finding,) = MAKER.examine(order(b"", Piece("overview.3", "办结😀一件，面积㎡。", place)))
    assert (finding.code, finding.places, finding.about) == ("P01", (place,), ("overview.3",))
    assert "“😀”(U+1F600)" in finding.message
    assert "㎡" not in finding.message


def test_such_a_character_that_only_the_word_file_has_is_told_too() -> None:
    this = order(word_file(f"{BODY}😀", paragraphs=1))
    findings = proved(this, pdf_of(this)).findings
    assert [finding.code for finding in findings] == ["P01"]
    assert "😀" in findings[0].message


def test_coverage_knows_rare_characters_and_leaves_blanks_alone() -> None:
    assert undrawable("喆䶮℃\u3000\n\u200b", "仿宋_GB2312") == set()
    assert undrawable("\ue000甲", "仿宋_GB2312") == {"\ue000"}


@pytest.mark.parametrize("content", [b"", "只是文字".encode(), b"PK\x03\x04cut"])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(ToolFailed, match="不是 Word"):
        convert.convert(content)


def test_a_word_file_with_broken_lists_fails_with_a_sentence() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types")
        archive.writestr("word/document.xml", "<w:document/>")
    with pytest.raises(ToolFailed, match="打不开"):
        convert.convert(out.getvalue())


def test_a_word_file_with_broken_xml_fails_with_a_sentence(left_behind: Callable[[], list[Path]]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document")
    with pytest.raises(ToolFailed, match="打不开"):
        convert.convert(out.getvalue())
    assert left_behind() == []


def test_without_libreoffice_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_SOFFICE", "/nowhere/soffice")
    assert "REPORTGEN_SOFFICE" in missing()
    with pytest.raises(ToolMissing, match="/nowhere/soffice"):
        convert.convert(word_file(paragraphs=1))


def test_a_hanging_libreoffice_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_behind: Callable[[], list[Path]]
) -> None:
    fake = tmp_path / "soffice"
    fake.write_text(f"#!/bin/sh\nsleep {FOREVER} & echo $! >> {tmp_path}/children; wait\n")
    fake.chmod(0o755)
    monkeypatch.setenv("REPORTGEN_SOFFICE", str(fake))
    with pytest.raises(ToolFailed, match="启动后一直没有反应"):
        convert.convert(word_file(paragraphs=1), convert.Limits(start=5))
    assert left_behind() == []
    children = [int(line) for line in (tmp_path / "children").read_text().split()]
    assert len(children) == 2  # the one that stood ready, and the one called in its place
    assert not any(is_running(child) for child in children)


def is_running(number: int) -> bool:
    state = Path(f"/proc/{number}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_killed_standing_libreoffice_is_replaced() -> None:
    convert.convert(word_file(paragraphs=1))
    standing = convert._standing
    assert standing is not None
    os.killpg(standing._running._process.pid, signal.SIGKILL)
    assert convert.convert(word_file(paragraphs=1)).startswith(b"%PDF-")


def test_one_killed_in_the_middle_is_replaced_by_a_plain_call(monkeypatch: pytest.MonkeyPatch) -> None:
    convert.start()
    killed = convert._standing
    assert killed is not None
    wait_for, called = convert._Standing._wait_for, process.Running.__init__
    calls: list[object] = []

    def ended_while_waited_for(standing: convert._Standing, signs: tuple[Path, ...], end: float) -> bool:
        if signs[0].suffix == ".done":
            assert signs[0].with_suffix(".go").exists()
            os.killpg(standing._running._process.pid, signal.SIGKILL)
        return wait_for(standing, signs, end)

    def noted(running: process.Running, *arguments: Any) -> None:
        calls.append(arguments)
        called(running, *arguments)

    monkeypatch.setattr(convert._Standing, "_wait_for", ended_while_waited_for)
    monkeypatch.setattr(process.Running, "__init__", noted)
    assert convert.convert(word_file(paragraphs=1)).startswith(b"%PDF-")
    assert len(calls) == 1
    assert convert._standing is None


def test_the_empty_rest_of_a_cell_on_the_next_page_goes_from_its_row_and_an_empty_cell_stays() -> None:
    with pikepdf.new() as document:
        row = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.TR))

        def cell(height: float) -> pikepdf.Object:
            looks = Dictionary(O=Name.Layout, Height=height)
            return document.make_indirect(Dictionary(S=Name.TD, P=row, A=looks))

        filled, empty, rest = cell(0), cell(12.5), cell(0)
        filled.K = Array([0])
        row.K = Array([filled, rest, empty])
        document.Root.StructTreeRoot = Dictionary(K=row)
        set_tags(document)
        assert [each.objgen for each in row.K] == [filled.objgen, empty.objgen]


def seen_by_libreoffice(parts: dict[str, str]) -> dict[str, str]:
    """The parts of a Word file, as LibreOffice gets them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    with zipfile.ZipFile(io.BytesIO(kept_whole(held.getvalue()))) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def test_what_is_called_english_and_nothing_else_is_called_otherwise_for_libreoffice() -> None:
    styles = '<w:lang w:val="en-US" w:eastAsia="zh-CN"/><w:lang w:val="zh-CN"/>'
    styles += '<w:lang w:eastAsia="en-US" w:val="en"/>'
    words = '<w:lang w:val="en-GB"/><w:t>w:val="en-US"</w:t>'
    parts = {"word/styles.xml": styles, "word/document.xml": words, "word/other.xml": styles}
    now = seen_by_libreoffice(parts)
    assert list(now) == list(parts)
    assert now["word/other.xml"] == styles
    assert now["word/document.xml"] == words.replace("en-GB", "zh-SG")
    assert now["word/styles.xml"] == styles.replace('w:val="en-US"', 'w:val="zh-SG"').replace(
        'w:val="en"', 'w:val="zh-SG"'
    )


_DEFAULTS = '<w:docDefaults><w:rPr><w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:docDefaults>'
_ORDINARY = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:lang w:val="{}"/></w:style>'
_OTHER = '<w:style w:type="character" w:styleId="b"><w:lang w:val="zh-CN"/></w:style>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_DEFAULTS + _ORDINARY.format("en-US"), 'w:val="zh-SG" w:eastAsia="zh-CN"'),
        (_DEFAULTS + _ORDINARY.format("zh-CN"), 'w:val="zh-CN" w:eastAsia="zh-CN"'),
        (_DEFAULTS + _OTHER.replace("zh-CN", "en-US"), 'w:val="zh-CN" w:eastAsia="zh-CN"'),
        (_ORDINARY.format("en-US"), 'w:val="zh-SG"'),
    ],
    ids=["ordinary text in English", "in Chinese", "only other text in English", "without a first word"],
)
def test_the_first_word_on_the_language_follows_that_of_ordinary_paragraphs(before: str, after: str) -> None:
    now = seen_by_libreoffice({"word/styles.xml": before + _OTHER})["word/styles.xml"]
    assert re.findall("<w:lang (.*?)/>", now)[0] == after
    assert now.endswith(_OTHER)


def test_the_plain_call_draws_the_same() -> None:
    this = order(word_file())
    by_call = convert._by_call(this.made["docx"], 20, time.monotonic() + 60)
    pdf, _ = KIND.complete(this, by_call, MAKER)
    assert proved(this, pdf).findings == ()
    assert pdf == pdf_of(this)


def test_two_threads_and_two_processes_do_not_disturb_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word_file(paragraphs=1))
    program = (
        "import sys, threading; from pathlib import Path\n"
        "from reportgen.makers.pdf_libreoffice import convert\n"
        "docx, made = Path(sys.argv[1]).read_bytes(), []\n"
        "def work(): made.append(convert.convert(docx))\n"
        "threads = [threading.Thread(target=work) for _ in range(2)]\n"
        "[each.start() for each in threads]; [each.join() for each in threads]\n"
        "sys.exit(0 if len(made) == 2 and all(pdf[:5] == b'%PDF-' for pdf in made) else 1)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "a.docx")]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [each.wait() for each in running] == [0, 0]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_we_are_killed(sent: signal.Signals) -> None:
    program = (
        "import sys; from reportgen.makers.pdf_libreoffice import convert\n"
        "convert.start(); print(convert._standing._place.folder, flush=True); sys.stdin.read()\n"
    )
    ours = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with ours:
        assert ours.stdout
        folder = Path(ours.stdout.readline().strip())
        socket = socket_of((folder / "profile").as_uri())
        wait_until(socket.exists)
        ours.send_signal(sent)
        ours.wait()
    wait_until(lambda: not any(str(folder) in command for command in commands()))
    assert not folder.exists()
    assert not socket.exists()


def test_at_our_end_libreoffice_ends_and_its_folder_goes(tmp_path: Path) -> None:
    program = (
        "import os; from reportgen.makers.pdf_libreoffice import convert\n"
        "convert.start(); place = convert._standing._place\n"
        "if {0}: place._keeper.kill(); place._keeper.wait()\n"
    )
    for without_keeper in (False, True):
        command = [sys.executable, "-c", program.format(without_keeper)]
        subprocess.run(command, env=os.environ | {"TMPDIR": str(tmp_path)}, check=True)
        wait_until(lambda: not list(tmp_path.glob("reportgen-*")))
        wait_until(lambda: not any(str(tmp_path) in each for each in commands()))


def test_a_libreoffice_that_heeds_nothing_is_killed_when_we_are(tmp_path: Path) -> None:
    fake = stubborn(tmp_path)
    program = "from reportgen.makers.pdf_libreoffice import convert; convert.start(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        env=os.environ | {"REPORTGEN_SOFFICE": str(fake), "TMPDIR": str(tmp_path)},
    ) as ours:
        wait_until((tmp_path / "pids").exists)
        ours.kill()
    both = [int(word) for word in (tmp_path / "pids").read_text().split()]
    assert len(both) == 2
    wait_until(lambda: not any(is_running(each) for each in both))
    wait_until(lambda: not list(tmp_path.glob("reportgen-*")))


def test_nothing_is_left_when_our_whole_group_is_killed(tmp_path: Path) -> None:
    fake = stubborn(tmp_path)
    program = "from reportgen.makers.pdf_libreoffice import convert; convert.start(); input()"
    environment = os.environ | {"REPORTGEN_SOFFICE": str(fake), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    ) as ours:
        wait_until((tmp_path / "pids").exists)
        os.killpg(ours.pid, signal.SIGINT)
        os.killpg(ours.pid, signal.SIGKILL)
    both = [int(word) for word in (tmp_path / "pids").read_text().split()]
    wait_until(lambda: not any(is_running(each) for each in both))
    wait_until(lambda: not list(tmp_path.glob("reportgen-*")))


@pytest.mark.parametrize("step", ["write_profile", "Running"])
def test_killed_before_libreoffice_runs_we_leave_no_folder(tmp_path: Path, step: str) -> None:
    program = (
        "import os; from reportgen.makers.pdf_libreoffice import convert\n"
        f"convert.{step} = lambda *_: os.kill(os.getpid(), 9)\nconvert.start()\n"
    )
    ours = subprocess.run([sys.executable, "-c", program], env=os.environ | {"TMPDIR": str(tmp_path)})
    assert ours.returncode == -signal.SIGKILL
    wait_until(lambda: not list(tmp_path.glob("reportgen-*")))


def test_killed_just_as_libreoffice_starts_we_leave_neither(tmp_path: Path) -> None:
    fake = stubborn(tmp_path)
    program = (
        "import os, subprocess; from reportgen.makers.pdf_libreoffice import convert, process\n"
        "begin = subprocess.Popen\n"
        "class Dying(begin):\n"
        "    def __init__(self, command, **options):\n"
        "        super().__init__(command, **options)\n"
        "        if '--headless' in command: os.kill(os.getpid(), 9)\n"
        "subprocess.Popen = Dying; convert.start()\n"
    )
    environment = os.environ | {"REPORTGEN_SOFFICE": str(fake), "TMPDIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", program], env=environment).returncode == -signal.SIGKILL
    wait_until(lambda: not list(tmp_path.glob("reportgen-*")))
    assert not [each for each in commands() if str(fake) in each]


def killed_with_keeper(temporary: Path, program: str, *, office: Path | None = None) -> Path:
    """The working folder of a process that was killed together with its keeper; nothing else was killed."""
    told = "import os, sys; from reportgen.makers.pdf_libreoffice import convert, process\n"
    told += f"{program}\nprint(place._keeper.pid, place.folder, flush=True); sys.stdin.read()\n"
    there = os.environ | {"TMPDIR": str(temporary)} | ({"REPORTGEN_SOFFICE": str(office)} if office else {})
    with subprocess.Popen(
        [sys.executable, "-c", told], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=there, text=True
    ) as ours:
        assert ours.stdout
        keeper, folder = ours.stdout.readline().split()
        if office:
            wait_until((temporary / "pids").exists)
        process.clear_dead(temporary)
        assert Path(folder).exists()  # it is alive
        os.kill(int(keeper), signal.SIGKILL)
        ours.kill()
    return Path(folder)


@pytest.mark.usefixtures("left_behind")
def test_what_a_killed_run_and_its_killed_keeper_left_is_cleared_by_the_next_start(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    folder = killed_with_keeper(temporary, "place = process.WorkingFolder()")
    (temporary / "reportgen-0123456789aa").mkdir()  # its lock was taken away, it was not
    (temporary / "reportgen-0123456789ac.lock").touch()
    kept = ["reportgen-error-x.log", "reportgen-0123456789abc", "somebody"]
    for name in kept:
        (temporary / name).touch()
    assert folder.exists() and process.lock_of(folder).exists()
    with process.WorkingFolder() as place:
        assert {path.name for path in temporary.iterdir()} == {
            *kept,
            place.folder.name,
            process.lock_of(place.folder).name,
        }
    assert sorted(path.name for path in temporary.iterdir()) == sorted(kept)


def test_finding_the_temporary_folder_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "tried"))
    for name in ("TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert process.temporary_folder() == tmp_path
    monkeypatch.setenv("TMPDIR", str(tmp_path / "absent"))
    assert process.temporary_folder() == Path("/tmp")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert process.temporary_folder() == tmp_path / "tried"


def test_a_libreoffice_that_outlived_both_is_ended_by_the_next_start(tmp_path: Path) -> None:
    program = "convert.start(); place = convert._standing._place"
    folder = killed_with_keeper(tmp_path, program, office=stubborn(tmp_path))
    both = [int(word) for word in (tmp_path / "pids").read_text().split()]
    assert any(map(is_running, both))
    process.clear_dead(tmp_path)
    wait_until(lambda: not any(is_running(each) for each in both))
    assert not folder.exists()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the system does not show what runs")
def test_what_outlived_the_first_process_of_its_group_is_ended_and_writes_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "reportgen-0123456789ab"
    profile = (folder / "profile").as_uri()

    def started(script: str, profile: str) -> "subprocess.Popen[bytes]":
        command = ["/bin/sh", "-c", script, "sh", f"-env:UserInstallation={profile}"]
        return subprocess.Popen(command, start_new_session=True)

    ours = started(f'while :; do mkdir -p "{folder}/profile"; done', profile)
    another = started("sleep 60", profile.replace("89ab", "89ac"))
    try:
        wait_until(folder.exists)
        process.clear_dead(tmp_path)
        assert ours.wait(10) == -signal.SIGKILL
        assert not folder.exists() and another.poll() is None
    finally:
        for each in (ours, another):
            each.kill()
            each.wait()


def test_a_stopped_keeper_keeps_nothing(left_behind: Callable[[], list[Path]]) -> None:
    place = process.WorkingFolder()
    keeper = place._keeper
    assert keeper
    keeper.send_signal(signal.SIGSTOP)
    place.clear()
    assert left_behind() == []
    assert keeper.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [("#!/bin/sh", 0o644, "不能运行"), ("#!/nowhere/sh", 0o755, "不能运行")],
)
def test_a_libreoffice_that_cannot_be_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, mode: int, why: str
) -> None:
    fake = tmp_path / "soffice"
    fake.write_text(content)
    fake.chmod(mode)
    monkeypatch.setenv("REPORTGEN_SOFFICE", str(fake))
    convert.stop()
    convert.start()
    with pytest.raises((ToolFailed, ToolMissing), match=why):
        convert.convert(word_file(paragraphs=1))


def test_a_temporary_folder_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert.stop()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    convert.start()
    with pytest.raises(ToolFailed, match=r"临时文件夹.*不存在"):
        convert.convert(word_file(paragraphs=1))


def test_a_full_disk_is_not_told_as_a_broken_word_file(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from reportgen.makers.pdf_libreoffice import convert\n"
        "from reportgen.problems import ToolFailed\n"
        "try: convert.convert(Path(sys.argv[1]).read_bytes())\n"
        "except ToolFailed as failed: print(failed)\n"
    )
    (tmp_path / "a.docx").write_bytes(word_file(paragraphs=1))
    (tmp_path / "small").mkdir()
    script = (
        'mount -t tmpfs -o size=64k small "$1/small" || exit 77\n'
        'TMPDIR="$1/small" "$2" -c "$3" "$1/a.docx"; ls "$1/small"; umount "$1/small"\n'
    )
    command = ["unshare", "-rm", "sh", "-c", script, "sh", str(tmp_path), sys.executable, program]
    if not shutil.which("unshare"):
        pytest.skip("no file system can be mounted here")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 77 or "Operation not permitted" in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert "磁盘已满" in done.stdout
    assert "reportgen-" not in done.stdout


def test_a_libreoffice_that_hangs_at_its_version_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = stubborn(tmp_path)
    asked = subprocess.Popen.communicate

    def hopeless(process: subprocess.Popen[bytes], timeout: float) -> tuple[bytes, bytes]:
        wait_until((tmp_path / "pids").exists)
        return asked(process, timeout=0 * timeout)

    monkeypatch.setattr(subprocess.Popen, "communicate", hopeless)
    assert office.version(fake) == ""
    both = [int(word) for word in (tmp_path / "pids").read_text().split()]
    wait_until(lambda: not any(is_running(each) for each in both))


def stubborn(folder: Path) -> Path:
    """A LibreOffice that does nothing and has a child; both say their numbers in ``pids``."""
    fake = folder / "soffice"
    fake.write_text(
        f"#!/bin/sh\nsleep {FOREVER} & echo $! $$ > {folder}/both; mv {folder}/both {folder}/pids; wait\n"
    )
    fake.chmod(0o755)
    return fake


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for something that must come, however slow the machine; the limit is for what never does."""
    end = time.monotonic() + 300
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def commands() -> Iterator[str]:
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield each.read_bytes().decode(errors="replace")
        except OSError:
            continue


def test_an_offices_own_font_is_used_and_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fontTools.ttLib import TTFont

    kai = next(each.file for each in stand_ins() if each.official == "楷体_GB2312")
    font = TTFont(kai, lazy=True)
    for record in font["name"].names:
        if record.nameID in (1, 4, 16) and record.platformID == 3:
            record.string = "楷体_GB2312"
        if record.nameID == 6:
            record.string = "OurOwnKai-Regular"
    font.save(tmp_path / "plain.otf")
    font.close()
    renamed = (tmp_path / "plain.otf").read_bytes().replace(b"FandolKai-Regular", b"OurOwnKai-Regular")
    (tmp_path / "plain.otf").unlink()
    (tmp_path / "kai.otf").write_bytes(renamed)
    monkeypatch.setenv("REPORTGEN_FONTS", str(tmp_path))
    assert [each.official for each in stand_ins() if each.is_official] == ["楷体_GB2312"]
    this = order(word_file(paragraphs=1))
    proof = proved(this, pdf_of(this))
    assert proof.findings == ()
    assert "OurOwnKai-Regular" in cast(tuple[str, ...], proof.facts["fonts"])
    assert "楷体_GB2312" not in cast(dict[str, str], proof.facts["stand_ins"])


def test_doctor_is_told_of_libreoffice_and_every_family() -> None:
    told = {what: (good, sentence) for what, good, sentence in examine_machine()}
    assert told["LibreOffice"][0]
    assert "LibreOffice" in told["LibreOffice"][1]
    assert "FandolFang-Regular" in told["仿宋_GB2312"][1]
    assert set(told) == {
        "LibreOffice",
        "方正小标宋简体",
        "仿宋_GB2312",
        "黑体",
        "楷体_GB2312",
        "宋体",
        "生僻字",
    }


def test_a_forked_worker_starts_its_own_and_leaves_the_parents_alone() -> None:
    convert.start()
    parents = convert._standing
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        assert pool.submit(convert.convert, word_file(paragraphs=1)).result(100).startswith(b"%PDF-")
    assert convert._standing is parents
    assert parents is not None
    assert parents.fit
    assert convert.convert(word_file(paragraphs=1)).startswith(b"%PDF-")


def test_a_forked_worker_neither_asks_for_nor_ends_what_its_parent_started() -> None:
    convert.start()
    parents = convert._standing
    assert parents is not None
    child = os.fork()
    if not child:
        parents._running.kill()
        os._exit(int(parents._running.alive))  # an inherited process would say that it has ended
    assert os.waitpid(child, 0)[1] == 0
    assert parents.fit
    assert convert.convert(word_file(paragraphs=1)).startswith(b"%PDF-")
    assert convert._standing is parents
