"""Findings as Word comments in a copy of any checked document, each where it belongs."""

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest

from made import gathered
from polished import built, edited, refiguring, rewording, run, saved_again, saying
from reportgen.pipeline import Material, examine
from reportgen.polish.commenting import remarked
from reportgen.problems import Exit, FileTrouble, Finding, Level, Place

DAY = date(2024, 1, 18)


def commented(path: Path) -> dict[str, list[str]]:
    """The comments of a document: what each is about → what it says."""
    document = docx.Document(str(path))
    words = {comment.comment_id: comment.text for comment in document.comments}
    found: dict[str, list[str]] = {}
    for paragraph in document.element.body.iter("{*}p"):
        for mark in paragraph.iter("{*}commentReference"):
            text = "".join(piece.text or "" for piece in paragraph.iter("{*}t"))
            found.setdefault(text, []).append(words[int(mark.get(mark.keys()[0]))])
    return found


def test_each_finding_stands_at_its_cell_or_paragraph_and_the_original_stays(tmp_path: Path) -> None:
    docx_path = edited(built(tmp_path), refiguring(1, "new.person", "24"))
    edited(docx_path, rewording("重视政策解读工作", "高度重视政策解读工作"))
    before, copy = docx_path.read_bytes(), tmp_path / "批注.docx"
    assert run("check", docx_path, "--comments", copy) == Exit.FINDINGS
    assert docx_path.read_bytes() == before
    found = commented(copy)
    assert any("K01" in words and "25" in words for words in found["24"])
    assert any("T3-01" in words and "怎么改" in words for words in found["24"])
    (sentence,) = (text for text in found if "高度重视政策解读工作" in text)
    assert "K02" in found[sentence][0]


def test_all_other_parts_are_as_they_were(tmp_path: Path) -> None:
    path = edited(built(tmp_path), refiguring(1, "new.person", "24"))
    content = path.read_bytes()
    outcome = examine(Material("a.docx", content), gathered())
    copy = remarked(content, "a.docx", outcome.findings, DAY)
    with zipfile.ZipFile(io.BytesIO(content)) as one, zipfile.ZipFile(io.BytesIO(copy)) as other:
        changed = {
            name
            for name in other.namelist()
            if name not in one.namelist() or one.read(name) != other.read(name)
        }
    assert changed <= {
        "word/document.xml",
        "word/comments.xml",
        "[Content_Types].xml",
        "word/_rels/document.xml.rels",
    }
    assert copy == remarked(content, "a.docx", outcome.findings, DAY)
    again = examine(Material("a.docx", copy), gathered())
    assert {each.code for each in again.findings} == {each.code for each in outcome.findings} | {"K11"}


def test_comments_that_were_there_stay(tmp_path: Path) -> None:
    path = edited(
        built(tmp_path),
        lambda it: it.add_comment(saying(it, "政策解读").runs, text="再斟酌", author="办公室"),
    )
    copy = tmp_path / "copy.docx"
    assert run("check", path, "--comments", copy) == Exit.FINDINGS
    (words,) = (words for text, words in commented(copy).items() if "政策解读" in text)
    assert words[0] == "再斟酌" and "K11" in words[1]


@pytest.mark.office
def test_a_file_that_libreoffice_saved_takes_comments_and_opens_again(tmp_path: Path) -> None:
    path = saved_again(edited(built(tmp_path), refiguring(1, "new.person", "24")))
    copy = tmp_path / "copy.docx"
    assert run("check", path, "--comments", copy) == Exit.FINDINGS
    assert any("T3-01" in words for words in commented(copy)["24"])
    assert any("T3-01" in words for words in commented(saved_again(copy))["24"])


def test_a_finding_without_a_place_is_shown_at_the_title(tmp_path: Path) -> None:
    content = built(tmp_path).read_bytes()
    finding = Finding("X00", Level.NOTE, "没有\x00位置<的>", (Place("a.docx"),))
    path = tmp_path / "copy.docx"
    path.write_bytes(remarked(content, "a.docx", [finding], DAY))
    assert commented(path) == {"甲县乙镇人民政府": ["说明 X00：没有\ufffd位置<的>"]}


def test_a_copy_never_overwrites_and_is_only_made_of_one_word_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = built(tmp_path)
    there = tmp_path / "there.docx"
    there.write_bytes(b"whose?")
    assert run("check", path, "--comments", there) == Exit.FILE
    assert run("check", path, "--comments", path) == Exit.FILE
    assert there.read_bytes() == b"whose?" and "没有覆盖" in capsys.readouterr().err
    new = tmp_path / "new.docx"
    assert run("check", path, path, "--comments", new) == Exit.USAGE
    assert run("check", tmp_path / "2023.yaml", "--comments", new) == Exit.USAGE
    assert not new.exists()


def test_what_is_no_word_file_gives_a_sentence_and_no_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, copy = tmp_path / "a.docx", tmp_path / "copy.docx"
    path.write_bytes(b"PK no zip")
    assert run("check", path, "--comments", copy) in (Exit.FILE, Exit.FINDINGS)
    assert not copy.exists() and "R2" in capsys.readouterr().out
    with pytest.raises(FileTrouble, match="加不了批注"):
        remarked(b"PK no zip", "a.docx", [], DAY)
