"""The archive's package: what goes in, what is refused, and what a check finds afterwards."""

import hashlib
import io
import json
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from authority import PASSWORD, Authority
from made import ZEROS, text_of
from reportgen.advice import Medium
from reportgen.archiving.gathering import ArchiveRefused, gathered
from reportgen.archiving.package import FORMAT, check, counted, opened
from reportgen.archiving.sheet import Answer, Entry, Sheet, as_docx, as_pdf, digests
from reportgen.cli import main
from reportgen.problems import Exit, FileTrouble, TemplateBroken
from reportgen.safe.packing import packed as zip_of
from reportgen.safe.unpacking import parts_of
from reportgen.store.disk import write_folder
from reportgen.store.workspace import sheet_template, templates_folder

STEM = "甲县乙镇人民政府2023年政府信息公开工作年度报告"
WRONG = ZEROS.replace("申请: 全部为零", "申请:\n  本年新收: {自然人: 5}\n  予以公开: {自然人: 4}")
SCREEN = pytest.CaptureFixture[str]


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


def built_in(folder: Path, text: str, *options: str) -> Path:
    """The folder of a built report."""
    (folder / "2023.yaml").write_text(text, "utf-8")
    run("build", folder / "2023.yaml", "--out", folder / "outputs", *options)
    return folder / "outputs" / "甲县乙镇人民政府" / "2023"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    built_in(folder, text_of())
    return folder


@pytest.fixture
def work(finished: Path, tmp_path: Path) -> Path:
    """The clerk's file and what was built of it, in a folder of the test's own."""
    for path in finished.rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(finished)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def pack(work: Path) -> Callable[..., int]:
    def pack(*options: str | Path) -> int:
        return run(
            "archive", work / "2023.yaml", "--built", work / "outputs", "--out", work / "kept", *options
        )

    return pack


@pytest.fixture
def packed(work: Path, pack: Callable[..., int]) -> Path:
    assert pack() == Exit.OK
    return work / "kept" / f"{STEM}（归档）"


def files_of(work: Path) -> Path:
    return work / "outputs" / "甲县乙镇人民政府" / "2023"


def words_of(pdf: Path) -> str:
    """All words of a PDF, without the ends of its lines."""
    document = pypdfium2.PdfDocument(pdf.read_bytes())
    words = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(words.split())


def test_sm3_is_the_one_of_the_standard() -> None:
    assert digests(b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.office
def test_a_package_holds_every_file_of_the_report_with_true_digests(packed: Path, work: Path) -> None:
    manifest = json.loads((packed / "manifest.json").read_bytes())
    names = {f"{STEM}.pdf", f"{STEM}.docx", f"{STEM}.yaml", "检查结果.json", "移交清单.docx", "移交清单.pdf"}
    assert set(manifest["files"]) == names == {path.name for path in packed.iterdir()} - {"manifest.json"}
    for name, said in manifest["files"].items():
        content = (packed / name).read_bytes()
        assert said["sha256"] == hashlib.sha256(content).hexdigest()
        assert said["sm3"] == hashlib.new("sm3", content).hexdigest() and said["bytes"] == len(content)
    assert (packed / f"{STEM}.yaml").read_bytes() == (work / "2023.yaml").read_bytes()
    tools = manifest["tools"]
    assert tools["PDF"].startswith("LibreOffice") and "pyHanko" not in tools
    for name in ("reportgen", "docxtpl", "python-docx", "pikepdf", "pypdf"):
        assert tools[name] == version(name)
    assert manifest["fonts"] and all(manifest["fonts"].values())


@pytest.mark.office
def test_without_libreoffice_the_sheet_is_a_word_file_and_the_package_is_whole(
    work: Path, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    monkeypatch.setenv("REPORTGEN_SOFFICE", "/nowhere/soffice")
    capsys.readouterr()
    assert pack() == Exit.OK
    told = capsys.readouterr().out
    assert "移交清单只有 Word 文件" in told and "REPORTGEN_SOFFICE" in told
    package = work / "kept" / f"{STEM}（归档）"
    assert {path.name for path in package.iterdir() if path.name.startswith("移交清单")} == {"移交清单.docx"}
    assert run("verify", package) == Exit.OK


@pytest.mark.office
def test_the_sheet_is_one_page_with_organ_year_sizes_digests_and_room_to_sign(packed: Path) -> None:
    sheet = docx.Document(str(packed / "移交清单.docx"))
    words = "\n".join(paragraph.text for paragraph in sheet.paragraphs)
    assert "甲县乙镇人民政府" in words and "2023年度" in words and STEM in words
    cells = [cell.text for row in sheet.tables[0].rows for cell in row.cells]
    content = (packed / f"{STEM}.pdf").read_bytes()
    printed = f"\nSHA-256 {hashlib.sha256(content).hexdigest()}\nSM3 {digests(content).sm3}"
    assert f"{STEM}.pdf（PDF/A 正本）{printed}" in cells
    assert str(len(content)) in cells
    blanks = "".join(cell.text for row in sheet.tables[1].rows for cell in row.cells)
    assert all(label in blanks for label in ("移交人：", "接收人：", "日期："))
    pdf = pypdfium2.PdfDocument((packed / "移交清单.pdf").read_bytes())
    assert len(pdf) == 1
    assert hashlib.sha256(content).hexdigest() in pdf[0].get_textpage().get_text_bounded()
    pdf.close()


@pytest.mark.office
def test_a_whole_package_is_called_so_as_a_folder_and_as_a_zip_file(
    packed: Path, pack: Callable[..., int], capsys: SCREEN
) -> None:
    assert pack("--zip") == Exit.OK
    for path in (packed, packed.with_name(f"{packed.name}.zip")):
        assert run("verify", path) == Exit.OK
        assert "完好" in capsys.readouterr().out


@pytest.mark.office
def test_the_same_report_gives_the_same_package(packed: Path, pack: Callable[..., int], work: Path) -> None:
    assert pack("--zip") == Exit.OK
    first = packed.with_name(f"{packed.name}.zip").read_bytes()
    assert pack() == Exit.OK
    assert pack("--zip", "--out", work / "again") == Exit.OK
    assert (work / "again" / f"{packed.name}.zip").read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened(first) == {path.name: path.read_bytes() for path in packed.iterdir()}


@pytest.mark.office
@pytest.mark.parametrize("name", [f"{STEM}.pdf", f"{STEM}.yaml", "检查结果.json", "移交清单.docx"])
def test_one_changed_byte_is_noticed(packed: Path, name: str, capsys: SCREEN) -> None:
    content = bytearray((packed / name).read_bytes())
    content[len(content) // 2] ^= 1
    (packed / name).write_bytes(bytes(content))
    assert run("verify", packed) == Exit.FINDINGS
    assert f"被改动  {name}" in capsys.readouterr().out


@pytest.mark.office
def test_missing_and_extra_files_are_named(packed: Path, capsys: SCREEN) -> None:
    (packed / f"{STEM}.docx").unlink()
    (packed / "sub").mkdir()
    (packed / "sub" / "别的.txt").write_text("x")
    assert run("verify", packed, "--json") == Exit.FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert (told["missing"], told["extra"], told["good"]) == ([f"{STEM}.docx"], ["sub/别的.txt"], False)


@pytest.mark.office
def test_a_manifest_changed_along_with_a_file_contradicts_the_sheet(packed: Path) -> None:
    files = {path.name: path.read_bytes() for path in packed.iterdir()}
    forged = files[f"{STEM}.yaml"] + b"\n"
    manifest = json.loads(files["manifest.json"])
    manifest["files"][f"{STEM}.yaml"].update(digests(forged).as_json())
    files |= {f"{STEM}.yaml": forged, "manifest.json": json.dumps(manifest).encode()}
    verdict = check(files)
    assert not verdict.changed and "校验值" in verdict.sheet and not verdict.good


@pytest.mark.office
def test_a_package_is_never_overwritten_by_another(
    packed: Path, pack: Callable[..., int], capsys: SCREEN
) -> None:
    (packed / f"{STEM}.yaml").write_text("changed")
    assert pack() == Exit.FILE
    assert "没有覆盖" in capsys.readouterr().err
    assert (packed / f"{STEM}.yaml").read_text() == "changed"


@pytest.mark.office
def test_the_pdf_leads_to_the_same_package_as_its_source_and_only_once(work: Path, packed: Path) -> None:
    names = [files_of(work) / f"{STEM}.pdf", files_of(work) / f"{STEM}.docx"]
    assert run("archive", *names, "--out", work / "other") == Exit.OK
    other = {path.name: path.read_bytes() for path in (work / "other" / packed.name).iterdir()}
    assert other == {path.name: path.read_bytes() for path in packed.iterdir()}


@pytest.mark.office
def test_a_signed_pdf_goes_along_and_a_broken_signature_is_refused(
    work: Path, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    monkeypatch.setenv("REPORTGEN_PASSWORD", PASSWORD)
    pdf = files_of(work) / f"{STEM}.pdf"
    authority = Authority()
    (work / "a.p12").write_bytes(authority.issue("甲县乙镇人民政府").p12())
    (work / "root.pem").write_bytes(authority.root.pem)
    (work / "other.pem").write_bytes(Authority("别的机构").root.pem)
    assert run("sign", pdf, "--p12", work / "a.p12") == Exit.OK
    assert pack("--root", work / "other.pem", "--out", work / "distrusted") == Exit.FINDINGS
    assert "签名无效" in capsys.readouterr().err
    assert pack("--root", work / "root.pem", "--out", work / "proved") == Exit.OK
    assert "身份未核对" not in words_of(work / "proved" / f"{STEM}（归档）" / "移交清单.pdf")
    assert pack() == Exit.OK
    signed = f"{STEM}（已签名）.pdf"
    kept = work / "kept" / f"{STEM}（归档）"
    assert (kept / signed).read_bytes() == (pdf.parent / signed).read_bytes()
    assert json.loads((kept / "manifest.json").read_bytes())["tools"]["pyHanko"] == version("pyhanko")
    assert "身份未核对" in words_of(kept / "移交清单.pdf")
    changed = (
        (pdf.parent / signed).read_bytes().replace(b"/Type/Sig", b"/Type/Sog").replace(b"/Rect", b"/Recd")
    )
    (pdf.parent / signed).write_bytes(pdf.read_bytes() + changed[len(pdf.read_bytes()) :])
    assert pack("--out", work / "broken") == Exit.FINDINGS
    assert "签名" in capsys.readouterr().err and not (work / "broken").exists()


@pytest.mark.office
def test_with_a_root_the_signatures_in_a_package_are_verified_too(
    work: Path, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    monkeypatch.setenv("REPORTGEN_PASSWORD", PASSWORD)
    pdf = files_of(work) / f"{STEM}.pdf"
    authority = Authority()
    (work / "a.p12").write_bytes(authority.issue("甲县乙镇人民政府").p12())
    (work / "root.pem").write_bytes(authority.root.pem)
    (work / "other.pem").write_bytes(Authority("别的机构").root.pem)
    assert pack("--zip", "--out", work / "unsigned") == Exit.OK
    assert run("sign", pdf, "--p12", work / "a.p12") == Exit.OK
    assert pack("--zip") == Exit.OK
    unsigned, package = (work / each / f"{STEM}（归档）.zip" for each in ("unsigned", "kept"))
    capsys.readouterr()
    assert run("verify", package) == Exit.OK
    assert "请再加 --root" in capsys.readouterr().out
    assert run("verify", package, "--root", work / "root.pem") == Exit.OK
    assert f"{STEM}（已签名）.pdf  有效" in capsys.readouterr().out
    assert run("verify", package, "--root", work / "other.pem") == Exit.FINDINGS
    assert run("verify", package, "--root", work / "root.pem", "--json") == Exit.OK
    told = capsys.readouterr().out
    said = json.loads(told[told.index('{\n  "file"') :])
    assert said["good"] is True and [each["good"] for each in said["signatures"]] == [True]
    assert run("verify", unsigned, "--root", work / "root.pem") == Exit.OK
    assert "没有签过名的 PDF" in capsys.readouterr().out


@pytest.mark.office
def test_what_was_changed_below_a_signature_is_refused(
    work: Path, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    monkeypatch.setenv("REPORTGEN_PASSWORD", PASSWORD)
    (work / "a.p12").write_bytes(Authority().issue("甲县乙镇人民政府").p12())
    pdf = files_of(work) / f"{STEM}.pdf"
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf.read_bytes()))
    number: Any = generic.NumberObject
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = number(180)
    writer.update_container(page)
    changed = io.BytesIO()
    writer.write(changed)
    (work / "changed.pdf").write_bytes(changed.getvalue())
    signed = files_of(work) / f"{STEM}（已签名）.pdf"
    options = ("--p12", work / "a.p12", "--no-manifest", "--out", signed)
    assert run("sign", work / "changed.pdf", *options) == Exit.OK
    assert run("verify", signed) == Exit.UNCHECKED
    assert pack() == Exit.FINDINGS
    assert signed.name in capsys.readouterr().err


@pytest.mark.office
def test_a_signed_pdf_in_the_place_of_the_unsigned_one_is_packed_as_signed(
    work: Path, pack: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_PASSWORD", PASSWORD)
    (work / "a.p12").write_bytes(Authority().issue("甲县乙镇人民政府").p12())
    pdf = files_of(work) / f"{STEM}.pdf"
    assert run("sign", pdf, "--p12", work / "a.p12", "--out", work / "signed.pdf") == Exit.OK
    (work / "signed.pdf").replace(pdf)
    for name, out in ((f"{STEM}.pdf", "in place"), (f"{STEM}（已签名）.pdf", "alone")):
        pdf = pdf.rename(pdf.with_name(name))
        assert pack("--out", work / out) == Exit.OK
        manifest = json.loads((work / out / f"{STEM}（归档）" / "manifest.json").read_bytes())
        assert manifest["files"][name]["kind"] == "PDF/A 正本（已签名）"


@pytest.mark.office
def test_drafts_and_reports_with_errors_are_refused(tmp_path: Path, capsys: SCREEN) -> None:
    for number, (text, sentence) in enumerate(((text_of(tables=WRONG), "错误"), (text_of(), "草稿"))):
        (tmp_path / str(number)).mkdir()
        folder = built_in(tmp_path / str(number), text, "--draft")
        assert run("archive", folder, "--out", tmp_path / "kept") == Exit.FINDINGS
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "kept").exists()


@pytest.mark.office
@pytest.mark.parametrize("kind", ["pdf", "docx", "yaml"])
def test_files_changed_since_they_were_made_are_refused(
    work: Path, kind: str, pack: Callable[..., int], capsys: SCREEN
) -> None:
    path = files_of(work) / f"{STEM}.{kind}"
    path.write_bytes(path.read_bytes() + b" ")
    assert pack() == Exit.FINDINGS
    assert "没有归档" in capsys.readouterr().err and not (work / "kept").exists()


@pytest.mark.office
def test_a_source_changed_since_it_was_built_is_refused_and_does_not_stop_the_others(
    work: Path, capsys: SCREEN
) -> None:
    (work / "2023.yaml").write_text(text_of() + "# 改过\n", "utf-8")
    out = work / "kept"
    assert run("archive", work / "2023.yaml", files_of(work), "--built", work / "outputs", "--out", out) == 1
    assert "请先运行 reportgen build" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == [f"{STEM}（归档）"]


def test_a_mended_source_of_a_polished_report_is_told_the_right_command(
    tmp_path: Path, capsys: SCREEN
) -> None:
    folder, source = built_in(tmp_path, text_of(), "--to", "docx"), tmp_path / "2023.yaml"
    word = folder / f"{STEM}.docx"
    source.write_text(text_of() + "# 改过\n", "utf-8")
    assert run("archive", source, "--built", tmp_path / "outputs") == Exit.FINDINGS
    assert f"请先运行 reportgen build {source}" in capsys.readouterr().err
    document = docx.Document(str(word))
    document.add_paragraph("润色")
    document.save(str(word))
    assert run("archive", source, "--built", tmp_path / "outputs") == Exit.FINDINGS
    assert f"reportgen build {word} --against {source}" in capsys.readouterr().err


@pytest.mark.office
def test_what_was_built_is_found_from_other_folders(
    work: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (work / "deep" / "down").mkdir(parents=True)
    (elsewhere / "2023.yaml").write_bytes((work / "2023.yaml").read_bytes())
    for here, source in ((elsewhere, work / "2023.yaml"), (work / "deep" / "down", elsewhere / "2023.yaml")):
        monkeypatch.chdir(here)
        assert run("archive", source, "--out", "kept") == Exit.OK
        assert (here / "kept" / f"{STEM}（归档）").is_dir()


def test_from_another_folder_the_command_makes_the_files_where_they_lie(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    built_in(tmp_path, text_of(), "--to", "docx")
    source, outputs = tmp_path / "2023.yaml", tmp_path / "outputs"
    source.write_text(text_of() + "# 改过\n", "utf-8")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    capsys.readouterr()
    assert run("archive", source) == Exit.FINDINGS
    assert f"请先运行 reportgen build {source} --out {outputs}\n" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert run("archive", "2023.yaml") == Exit.FINDINGS
    assert "请先运行 reportgen build 2023.yaml\n" in capsys.readouterr().err


def test_what_is_built_nowhere_near_is_told_with_the_option_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    built_in(tmp_path, text_of(), "--to", "docx")
    (tmp_path / "outputs").rename(tmp_path / "别处")
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert run("archive", "2023.yaml") == Exit.FINDINGS
    assert "请用 --built 写出那个文件夹" in (told := capsys.readouterr().err)
    assert "请先运行 reportgen build 2023.yaml" in told
    assert run("archive", "2023.yaml", "--built", "别处") == Exit.FINDINGS
    assert "--built" not in capsys.readouterr().err


def said(*codes: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A folder of finished files whose manifest remarks on these codes."""
    folder = {f"a.{kind}": kind.encode() for kind in ("pdf", "docx", "yaml")}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in folder.items()}
    return {
        "organ": "甲县乙镇人民政府",
        "made": {"pdf": sums["a.pdf"]},
        "files": {name: {"sha256": digest} for name, digest in sums.items()},
        "input": {"copy": "a.yaml"},
        "remarks": [{"code": code, "message": f"{code} 的一句话。"} for code in codes],
    }, folder


def test_a_figure_changed_in_word_only_is_refused_with_the_way_out() -> None:
    with pytest.raises(ArchiveRefused, match=r"2 处数.*K01 的一句话.*--against"):
        gathered(*said("K01", "K02", "K01"))


def test_at_the_page_the_way_out_is_one_of_the_page() -> None:
    with pytest.raises(ArchiveRefused) as refused:
        gathered(*said("K01"))
    told = refused.value.told_in(Medium.PAGE)
    assert "K01 的一句话" in told and "放回那份 Word 文件" in told
    assert "--" not in told and "reportgen" not in told


def test_sentences_changed_in_word_only_are_named_on_the_sheet() -> None:
    assert gathered(*said("K05")).note == ""
    note = gathered(*said("K02", "K03")).note
    assert "2 处文字与数据原稿不同" in note
    sheet = as_docx(Sheet("机关", 2023, "题名", "表样", "软件", (), note), sheet_template())
    assert note in "".join(each.text for each in docx.Document(io.BytesIO(sheet)).paragraphs)


def sheet_of(count: int, note: str = "") -> Sheet:
    """A sheet of so many files whose names have thirty-two characters and more."""
    entries = tuple(
        Entry(f"{number}{STEM}.pdf", "PDF/A 正本（已签名）", digests(b"")) for number in range(count)
    )
    return Sheet("甲县乙镇人民政府", 2023, STEM, "国办公开办函〔2021〕30号", "reportgen", entries, note)


def edited_sheet(old: str, new: str) -> bytes:
    """The template of the sheet after an office's edit."""
    parts = parts_of(sheet_template(), 1_000_000)
    body = parts["word/document.xml"].decode()
    assert old in body
    return zip_of(parts | {"word/document.xml": body.replace(old, new).encode()})


@pytest.mark.office
@pytest.mark.parametrize(
    ("count", "note"), [(7, ""), (7, "有一处不同。" * 20), (8, ""), (9, ""), (10, ""), (11, "")]
)
def test_a_sheet_of_two_pages_has_the_note_and_the_whole_room_to_sign_on_one(count: int, note: str) -> None:
    sheet = sheet_of(count, note)
    document = pypdfium2.PdfDocument(as_pdf(as_docx(sheet, sheet_template()), sheet.year, sheet.software))
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    assert len(pages) == 1 if count == 7 and not note else len(pages) <= 2
    last = pages[-1]
    assert f"以上共{count}份材料" in last and "移交单位（盖章）" in last and last.count("日期：") == 2
    assert all("以上共" not in page and "移交人" not in page for page in pages[:-1])


def test_a_sheet_says_hostile_words_as_they_are_and_the_same_sheet_is_the_same_bytes() -> None:
    hostile = "甲<乙&丙 {{ 机关 }} {%tr endfor %}"
    sheet = replace(sheet_of(1, hostile), organ=hostile)
    made = as_docx(sheet, sheet_template())
    words = [each.text for each in docx.Document(io.BytesIO(made)).paragraphs]
    assert f"移交机关：{hostile}" in words and f"注意：{hostile}" in words
    assert as_docx(sheet, sheet_template()) == made
    core = docx.Document(io.BytesIO(made)).core_properties
    assert (core.author, core.title) == (hostile, f"{STEM}归档移交清单")
    assert core.created == core.modified == datetime(2024, 1, 1, tzinfo=UTC)


def test_a_sheet_prints_what_a_person_answered_with_the_reason() -> None:
    answer = Answer("N06", "错误", "正文写“不予公开112件”，与表中的数不一致。", "甲<乙&丙 {{ 机关 }}")
    made = as_docx(replace(sheet_of(1), answers=(answer,)), sheet_template())
    words = "\n".join(each.text for each in docx.Document(io.BytesIO(made)).paragraphs)
    assert f"N06（原为错误）：{answer.message}理由：{answer.reason}" in words
    without = as_docx(sheet_of(1), sheet_template())
    assert "理由" not in "\n".join(each.text for each in docx.Document(io.BytesIO(without)).paragraphs)


def test_a_template_that_leaves_an_answer_out_is_refused_where_there_is_one() -> None:
    silent = edited_sheet("{{ 答复.理由 }}", "略")
    as_docx(sheet_of(1), silent)
    answered = replace(sheet_of(1), answers=(Answer("N06", "错误", "甲。", "另一件事"),))
    with pytest.raises(TemplateBroken, match="核对"):
        as_docx(answered, silent)


@pytest.mark.office
def test_an_answered_error_goes_into_the_package_and_onto_its_sheet(tmp_path: Path) -> None:
    prose = "\n总体情况:\n  依申请公开: 办理申请，不予公开112件。\n核对: {N06: 说的是另一件事}\n"
    folder = built_in(tmp_path, text_of(more=prose))
    assert (folder / f"{STEM}.pdf").exists()
    assert run("archive", folder, "--out", tmp_path / "kept") == Exit.OK
    package = tmp_path / "kept" / f"{STEM}（归档）"
    assert "理由：说的是另一件事" in words_of(package / "移交清单.pdf")
    [remark] = [
        each
        for each in json.loads((package / "检查结果.json").read_text("utf-8"))["remarks"]
        if each["answer"]
    ]
    assert remark["answer"] == {"reason": "说的是另一件事", "level": "error"}
    assert "另一件事" not in words_of(package / f"{STEM}.pdf")
    assert run("verify", package) == Exit.OK


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SHA-256 {{ 文件.SHA256 }}", "见另纸", "没有如实印出"),
        ("{{ 文件.SM3 }}", "{{ 文件.SHA256 }}", "没有如实印出"),
        ("{{ 文件.SM3 }}", "{{ 文件.SM3 }} " + "0f" * 32, "没有如实印出"),
        ("{{ 文件.名称 }}", "{{ 文件.名字 }}", "名字"),
        ("{{ 机关 }}", "{{ 机关 ", "有误"),
    ],
)
def test_a_template_of_the_sheet_that_is_not_right_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(TemplateBroken, match=r"handover\.docx") as told:
        as_docx(sheet_of(2), edited_sheet(old, new))
    assert said in str(told.value)


@pytest.mark.office
def test_an_office_may_edit_the_template_of_the_sheet_and_a_broken_one_leaves_no_package(
    work: Path, pack: Callable[..., int], capsys: SCREEN
) -> None:
    own = work / "模板"
    shutil.copytree(templates_folder(), own)
    (own / "handover.docx").write_bytes(edited_sheet("归档移交清单", "某局移交清单"))
    archive = ("--templates", own, "archive", work / "2023.yaml", "--built", work / "outputs", "--out")
    assert run(*archive, work / "own") == Exit.OK
    assert "某局移交清单" in words_of(work / "own" / f"{STEM}（归档）" / "移交清单.pdf")
    assert run("verify", work / "own" / f"{STEM}（归档）") == Exit.OK
    (own / "handover.docx").write_bytes(edited_sheet("{{ 文件.SM3 }}", ""))
    assert run(*archive, work / "broken") == Exit.TEMPLATE
    assert "handover.docx" in capsys.readouterr().err and not (work / "broken").exists()
    (own / "handover.docx").unlink()
    assert run(*archive, work / "usual") == pack() == Exit.OK
    assert words_of(work / "usual" / f"{STEM}（归档）" / "移交清单.pdf").startswith("归档移交清单")


def test_files_are_counted_as_the_sheet_counts_them() -> None:
    names = ["a.pdf", "a.docx", "检查结果.json", "移交清单.docx", "移交清单.pdf"]
    assert counted(names) == counted([*names, "manifest.json"]) == "3 份材料，另有清单和校验文件 3 个"


@pytest.mark.parametrize(
    "files", [{}, {"manifest.json": b"{}"}, {"manifest.json": b"\xff"}, {"manifest.json": b'{"files": 1}'}]
)
def test_what_is_no_package_is_told_in_a_sentence(files: dict[str, bytes]) -> None:
    with pytest.raises(FileTrouble, match=r"manifest\.json"):
        check(files)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"nothing at all"])
def test_a_broken_zip_file_is_told_in_a_sentence(content: bytes) -> None:
    with pytest.raises(FileTrouble, match="压缩包"):
        opened(content)


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_folder(tmp_path / "a", {"x": b"1", "y": b"2"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {"x": b"1", "y": b"2"}
    with pytest.raises(FileTrouble):
        write_folder(tmp_path / "b", {"x": b"1", "no/such/folder": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.office
def test_a_pdf_that_does_not_go_in_is_named(work: Path, pack: Callable[..., int], capsys: SCREEN) -> None:
    (files_of(work) / f"{STEM}（已签名）.pdf").write_bytes(b"%PDF-1.7\nan earlier one\n%%EOF\n")
    capsys.readouterr()
    assert pack() == Exit.OK
    assert f"{STEM}（已签名）.pdf 没有归入" in capsys.readouterr().out


def packed_as(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def listing(files: dict[str, bytes]) -> dict[str, bytes]:
    """A package of these files, its manifest true."""
    said = {name: digests(content).as_json() for name, content in files.items()}
    return {**files, "manifest.json": json.dumps({"package": FORMAT, "files": said}).encode()}


def in_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"年报（归档）/{name}": content for name, content in files.items()}


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_package_that_is_packed_unusually_is_told_in_a_sentence(packing: int) -> None:
    whole = packed_as(listing({"a.pdf": b"1" * 500}), packing)
    for content in (whole, whole[:50] + b"\xff" * 9 + whole[59:]):
        with pytest.raises(FileTrouble, match="压缩包"):
            opened(content)


@pytest.mark.parametrize("says", [None, 10])
def test_a_sheet_that_is_a_bomb_is_not_unpacked(says: int | None) -> None:
    sheet = packed_as({"word/document.xml": b" " * 40_000_000})
    if says is not None:
        sheet = sheet.replace((40_000_000).to_bytes(4, "little"), says.to_bytes(4, "little"))
    tracemalloc.start()
    verdict = check(listing({"移交清单.docx": sheet}))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "打不开" in verdict.sheet and most < 20_000_000


def test_a_package_whose_sizes_lie_is_not_unpacked_beyond_them() -> None:
    content = packed_as(listing({"a.pdf": b" " * 40_000_000}))
    content = content.replace((40_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    tracemalloc.start()
    with pytest.raises(FileTrouble, match="压缩包"):
        opened(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_what_lies_beside_the_folder_of_a_package_is_an_extra_file() -> None:
    files = in_folder(listing({"a.pdf": b"1"}))
    assert check(opened(packed_as(files))).good
    for name, extra in (("b.txt", "b.txt"), ("a.pdf", "../a.pdf"), ("另一个/b.txt", "另一个/b.txt")):
        verdict = check(opened(packed_as({**files, name: b"2"})))
        assert verdict.extra == (extra,) and not verdict.missing and not verdict.changed


def test_an_empty_folder_in_a_package_is_named(tmp_path: Path, capsys: SCREEN) -> None:
    files = listing({"a.pdf": b"1"})
    write_folder(tmp_path / "kept", files)
    assert run("verify", tmp_path / "kept") == Exit.OK
    (tmp_path / "kept" / "空的").mkdir()
    assert run("verify", tmp_path / "kept") == Exit.FINDINGS
    assert "多出  空的/" in capsys.readouterr().out
    folders = {"年报（归档）/": b"", "年报（归档）/空的/": b""}
    assert check(opened(packed_as({**folders, **in_folder(files)}))).extra == ("空的/",)


@pytest.mark.office
@pytest.mark.parametrize("options", [(), ("--zip",)])
def test_a_package_replaces_no_link_that_leads_nowhere(
    work: Path, pack: Callable[..., int], options: tuple[str, ...], capsys: SCREEN
) -> None:
    (work / "kept").mkdir()
    link = work / "kept" / f"{STEM}（归档）{'.zip' if options else ''}"
    link.symlink_to(work / "gone")
    assert pack(*options) == Exit.FILE
    assert "已经存在" in capsys.readouterr().err and link.is_symlink()
