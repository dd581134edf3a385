"""The polish loop: what an office changed is listed, and the PDF is made of the file that it gave back."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from PIL import Image

from polished import OVERVIEW, built, edited, refiguring, rewording, run, saved_again, text
from reportgen.makers.pdf_libreoffice import convert
from reportgen.problems import Exit


def findings(path: Path, capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[dict[str, Any]]:
    """What check finds in a file."""
    capsys.readouterr()
    run("check", path, "--json", *words)
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    return found


def codes(found: list[dict[str, Any]]) -> list[str]:
    """The codes of findings, in their order."""
    return [finding["code"] for finding in found]


def manifest_beside(path: Path) -> dict[str, Any]:
    """What the manifest says in a file's folder."""
    said: dict[str, Any] = json.loads((path.parent / "manifest.json").read_text("utf-8"))
    return said


def in_order(*edits: Callable[[Document], object]) -> Callable[[Document], object]:
    """Several edits as one."""

    def edit(document: Document) -> None:
        for each in edits:
            each(document)

    return edit


CHANGES = in_order(
    refiguring(0, "permits.decisions", "1251"),
    rewording("主动公开信息321条", "主动公开信息322条"),
    rewording("重视政策解读工作", "高度重视政策解读工作"),
)


def test_a_file_that_nobody_changed_differs_in_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert findings(built(tmp_path), capsys) == []


def test_changed_figures_come_first_then_sentences_with_both_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = findings(edited(built(tmp_path), CHANGES), capsys)
    assert codes(found) == ["K01", "K01", "K02"]
    assert [(each["expected"], each["found"]) for each in found[:1]] == [("1250", "1251")]
    assert "321条" in found[1]["expected"] and "322条" in found[1]["found"]
    assert "高度重视" in found[2]["found"] and "高度" not in found[2]["expected"]
    assert [each["level"] for each in found] == ["warning", "warning", "note"]
    assert found[0]["places"][0]["table"] == 1 and found[1]["places"][0]["line"]


def test_the_screen_tells_what_was_and_what_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docx = edited(built(tmp_path), CHANGES)
    capsys.readouterr()
    assert run("check", docx) == Exit.OK
    told = capsys.readouterr().out
    assert "原来：1250" in told and "现在：1251" in told and "与生成时比较" in told
    assert told.index("1251") < told.index("高度重视")


@pytest.mark.office
def test_what_libreoffice_saved_again_has_the_same_changes_and_no_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = built(tmp_path)
    ours = docx.read_bytes()
    assert findings(saved_again(docx), capsys) == []
    docx.write_bytes(ours)
    assert codes(findings(saved_again(edited(docx, CHANGES)), capsys)) == ["K01", "K01", "K02"]


def test_the_templates_own_words_added_and_dropped_sentences_are_listed_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit = in_order(
        rewording("本报告", "本年报"),
        rewording("全部按时答复。", "全部按时答复。群众满意。"),
        rewording("本机关重视政策解读工作。", ""),
    )
    found = findings(edited(built(tmp_path), edit), capsys)
    assert {"K02", "K03"} == set(codes(found))
    told = "".join(each["message"] for each in found)
    assert "加了一句：“群众满意。”" in told and "删去了一句：“本机关重视政策解读工作。”" in told


def test_a_changed_figure_goes_through_all_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = findings(edited(built(tmp_path), refiguring(1, "new.person", "24")), capsys)
    assert codes(found)[0] == "K01" and "T3-03" in codes(found) and "T3-01" in codes(found)


def test_without_a_manifest_the_rules_run_and_one_note_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = edited(built(tmp_path), CHANGES)
    (docx.parent / "manifest.json").unlink()
    found = findings(docx, capsys)
    assert codes(found).count("K04") == 1 and "K01" not in codes(found)
    named = findings(docx, capsys, "--against", tmp_path / "2023.yaml")
    assert codes(named) == ["K01", "K01", "K02"]


def test_a_document_and_an_input_of_two_organs_or_years_are_one_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = built(tmp_path)
    for number, old, new in ((1, "甲县乙镇人民政府", "别县别镇人民政府"), (2, "年度: 2023", "年度: 2022")):
        other = tmp_path / f"other{number}.yaml"
        other.write_text(text().replace(old, new), "utf-8")
        found = findings(docx, capsys, "--against", other)
        (told,) = [each for each in found if each["code"] == "K06"]
        assert told["level"] == "error"
        assert new.removeprefix("年度: ") in told["expected"]
        assert "K04" not in codes(found)


def with_picture(document: Document) -> None:
    image = io.BytesIO()
    Image.new("RGB", (8, 8)).save(image, "PNG")
    document.paragraphs[3].add_run().add_picture(image)


def with_header(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "内部资料"


def without_page_numbers(document: Document) -> None:
    for footer in (document.sections[0].footer, document.sections[0].even_page_footer):
        for paragraph in footer.paragraphs:
            paragraph.clear()


def with_typed_page_numbers(document: Document) -> None:
    without_page_numbers(document)
    for footer in (document.sections[0].footer, document.sections[0].even_page_footer):
        footer.paragraphs[0].text = "— 1 —"


def without_number_of_even_pages(document: Document) -> None:
    document.sections[0].even_page_footer.paragraphs[0].clear()


def without_footers(document: Document) -> None:
    for each in list(document.element.iter(qn("w:footerReference"))):
        each.getparent().remove(each)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (without_page_numbers, "各页没有页码"),
        (with_typed_page_numbers, "各页没有页码"),
        (without_number_of_even_pages, "双数页没有页码"),
        (without_footers, "各页没有页码"),
    ],
)
def test_pages_that_lost_their_number_are_told(
    edit: Callable[[Document], None], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = findings(edited(built(tmp_path), edit), capsys)
    assert (found["code"], found["level"]) == ("K17", "warning")
    assert told in found["message"]


@pytest.mark.parametrize(("edit", "told"), [(with_picture, "1 幅图片"), (with_header, "内部资料")])
def test_what_stands_around_the_text_is_compared_too(
    edit: Callable[[Document], None], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = findings(edited(built(tmp_path), edit), capsys)
    assert (found["code"], found["level"]) == ("K07", "warning")
    assert told in found["message"]


def test_an_input_that_changed_since_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docx = edited(built(tmp_path), rewording("重视政策解读", "高度重视政策解读"))
    (tmp_path / "2023.yaml").write_text(text(more=""), "utf-8")
    assert "K05" in codes(findings(docx, capsys, "--against", tmp_path / "2023.yaml"))
    kept = docx.with_suffix(".yaml")
    kept.write_text(kept.read_text("utf-8").replace("1250", "1249"), "utf-8")
    found = findings(docx, capsys)
    assert {"K05", "K01", "K02"} == set(codes(found))


def test_a_word_file_that_nobody_touched_is_not_called_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = built(tmp_path)
    source = tmp_path / "2023.yaml"
    source.write_text(text().replace("1250", "1249"), "utf-8")
    found = findings(docx, capsys, "--against", source)
    assert {"K08", "K01"} == set(codes(found))
    assert "没有人改过" in next(each["message"] for each in found if each["code"] == "K08")
    source.write_text(f"{text()}# 只多了一行说明\n", "utf-8")
    assert codes(findings(docx, capsys, "--against", source)) == []


PLAIN = "办理申请，不予公开112件"
"""An error whatever the rules come to understand, that a clerk may answer."""
ANSWERED = OVERVIEW.replace("全部按时答复。", f"全部按时答复。{PLAIN}。") + "核对: {N06: 说的是另一件事}\n"


def told(found: list[dict[str, Any]], code: str) -> list[tuple[str, object]]:
    """Level and reason of the findings of a code."""
    mine = [each for each in found if each["code"] == code]
    return [(each["level"], each["answer"] and each["answer"]["reason"]) for each in mine]


def test_the_clerks_answers_count_for_the_polished_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = built(tmp_path, content=text(more=ANSWERED))
    assert told(findings(docx, capsys), "N06") == [("note", "说的是另一件事")]
    found = findings(edited(docx, CHANGES), capsys)
    assert told(found, "N06") == [("note", "说的是另一件事")] and "K02" in codes(found)


@pytest.mark.parametrize("new", ["办理申请，不予公开113件", "申请不予公开112件"])
def test_a_sentence_that_was_polished_has_lost_its_answer(
    new: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = edited(built(tmp_path, content=text(more=ANSWERED)), rewording(PLAIN, new))
    [error] = [each for each in findings(docx, capsys) if each["code"] == "N06"]
    assert (error["level"], error["answer"]) == ("error", None)
    assert f'核对: {{N06: {{"{new}": 理由}}}}' in error["fix"]


def test_a_polished_sentence_is_answered_in_the_yaml_that_the_file_was_made_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = edited(built(tmp_path), rewording("全部按时答复。", f"全部按时答复。{PLAIN}。"))
    assert told(findings(docx, capsys), "N06") == [("error", None)]
    (tmp_path / "2023.yaml").write_text(
        text(more=f'{OVERVIEW}核对: {{N06: {{"{PLAIN}": 说的是另一件事}}}}\n'), "utf-8"
    )
    found = findings(docx, capsys, "--against", tmp_path / "2023.yaml")
    assert told(found, "N06") == [("note", "说的是另一件事")]


def test_what_was_answered_is_no_comment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docx = built(tmp_path, content=text(more=ANSWERED))
    assert run("check", docx, "--comments", tmp_path / "批注.docx") == Exit.OK
    assert "0 条批注" in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "批注.docx") as copy:
        parts = [copy.read(name).decode("utf-8", "ignore") for name in copy.namelist()]
    assert not any("说的是另一件事" in part for part in parts)


@pytest.mark.office
def test_the_pdf_is_made_of_exactly_the_polished_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docx = saved_again(
        edited(built(tmp_path, "--to", "docx,pdf"), rewording("重视政策解读", "高度重视政策解读"))
    )
    polished = docx.read_bytes()
    given: list[bytes] = []
    true_convert = convert.convert

    def converting(content: bytes) -> bytes:
        given.append(content)
        return true_convert(content)

    monkeypatch.setattr(convert, "convert", converting)
    assert run("build", docx) == Exit.OK
    assert given == [polished] and docx.read_bytes() == polished
    pdf = docx.with_suffix(".pdf")
    printed = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "高度重视政策解读" in "".join(printed.split())
    said = manifest_beside(docx)
    digest = hashlib.sha256(polished).hexdigest()
    assert said["files"][docx.name] == {"sha256": digest, "polished": True}
    assert said["files"][pdf.name] == {"sha256": hashlib.sha256(pdf.read_bytes()).hexdigest()}
    assert said["input"]["name"] == "2023.yaml" and said["draft"] is False
    assert {path.suffix for path in docx.parent.iterdir()} == {".docx", ".pdf", ".yaml", ".json"}


@pytest.mark.office
def test_an_accepted_file_is_not_overwritten_by_the_next_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = edited(built(tmp_path), rewording("重视政策解读", "高度重视政策解读"))
    polished = docx.read_bytes()
    assert run("build", docx) == Exit.OK
    assert run("build", docx) == Exit.OK  # once more gives the same
    command = ("build", tmp_path / "2023.yaml", "--out", tmp_path / "out", "--to", "docx")
    assert run(*command) == Exit.FILE
    assert docx.read_bytes() == polished and "修改过" in capsys.readouterr().out
    assert run(*command, "--force") == Exit.OK
    assert any(path.read_bytes() == polished for path in docx.parent.glob("*备份*"))


def test_with_an_error_the_pdf_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = edited(built(tmp_path), refiguring(1, "new.person", "24"))
    before = {path: path.read_bytes() for path in docx.parent.iterdir()}
    assert run("build", docx) == Exit.FINDINGS
    assert {path: path.read_bytes() for path in docx.parent.iterdir()} == before
    assert "没有生成 PDF" in capsys.readouterr().out


@pytest.mark.office
def test_a_file_under_another_name_gives_a_pdf_under_that_name(tmp_path: Path) -> None:
    docx = edited(built(tmp_path), rewording("重视政策解读", "高度重视政策解读"))
    renamed = docx.rename(docx.with_name("送签稿.docx"))
    assert run("build", renamed) == Exit.OK
    assert renamed.with_suffix(".pdf").exists() and not docx.with_suffix(".pdf").exists()
    assert manifest_beside(renamed)["files"]["送签稿.docx"]["polished"] is True


@pytest.mark.office
def test_a_polished_file_may_go_to_another_outputs_folder_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    docx = edited(built(tmp_path), rewording("重视政策解读", "高度重视政策解读"))
    assert run("build", docx, "--out", tmp_path / "final") == Exit.OK
    made = next((tmp_path / "final").rglob("*.docx"))
    assert made.read_bytes() == docx.read_bytes()
    assert {path.suffix for path in made.parent.iterdir()} == {".docx", ".pdf", ".yaml", ".json"}


@pytest.mark.office
def test_the_manifest_of_another_report_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = built(tmp_path)
    manifest = docx.parent / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("甲县乙镇", "甲县丙镇"), "utf-8")
    for content in (manifest.read_bytes(), b"{}"):
        manifest.write_bytes(content)
        assert run("build", docx) == Exit.FILE
        assert manifest.read_bytes() == content and not docx.with_suffix(".pdf").exists()
        assert "没有覆盖" in capsys.readouterr().out


def test_a_clerk_may_go_on_in_the_kept_copy(tmp_path: Path) -> None:
    kept = built(tmp_path).with_suffix(".yaml")
    kept.write_text(kept.read_text("utf-8").replace("1250", "1251"), "utf-8")
    assert run("build", tmp_path / "2023.yaml", "--out", tmp_path / "out", "--to", "docx") == Exit.FILE
    assert run("build", kept, "--out", tmp_path / "out", "--to", "docx") == Exit.OK
    assert "1251" in kept.read_text("utf-8")


def test_a_draft_of_ours_says_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docx = built(
        tmp_path,
        content=text(tables="主动公开: 全部为零\n申请:\n  本年新收: {自然人: 5}\n复议诉讼: 全部为零"),
    )
    found = findings(docx, capsys)
    assert codes(found).count("K14") == 1 and not {"K11", "K13"} & set(codes(found))
    assert run("build", docx) == Exit.FINDINGS and not docx.with_suffix(".pdf").exists()


@pytest.mark.office
def test_a_draft_of_ours_is_known_after_another_program_saved_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = text(tables="主动公开: 全部为零\n申请:\n  本年新收: {自然人: 5}\n复议诉讼: 全部为零")
    found = findings(saved_again(built(tmp_path, content=content)), capsys)
    assert codes(found).count("K14") == 1 and not {"K11", "K13"} & set(codes(found))


@pytest.mark.office
def test_another_author_in_the_files_properties_is_told_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docx = edited(built(tmp_path), lambda document: setattr(document.core_properties, "author", "打字室"))
    assert run("build", docx) == Exit.OK
    assert "P06" in (told := capsys.readouterr().out) and "打字室" in told
    assert docx.with_suffix(".pdf").exists()
