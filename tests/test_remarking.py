"""Findings as Word comments in a copy of any checked document, each where it belongs."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.text.paragraph import Paragraph

from made import gathered
from polished import built, edited, refiguring, rewording, run, saved_again, saying
from reportgen.pipeline import Material, examine
from reportgen.polish.commenting import remarked
from reportgen.problems import Exit, FileTrouble, Finding, Level, Place
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import parts_of

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


# ── where comments can stand ─────────────────────────────────────────────────────────────────────────


def written(document: Document) -> bytes:
    """A document as python-docx saves it."""
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def noted(content: bytes, *places: Place) -> Document:
    """A document with a finding at each of these places, opened again."""
    findings = [
        Finding(f"X{number:02}", Level.NOTE, f"第{number}条", (place,)) for number, place in enumerate(places)
    ]
    return docx.Document(io.BytesIO(remarked(content, "a.docx", findings, DAY)))


def reached(document: Document) -> list[str]:
    """The words that each comment reaches over, in the order of the comments."""
    found = {}
    for start in document.element.iter(qn("w:commentRangeStart")):
        number = start.get(qn("w:id"))
        inside = []
        for each in start.itersiblings():
            if each.tag == qn("w:commentRangeEnd") and each.get(qn("w:id")) == number:
                break
            inside += [piece.text or "" for piece in each.iter(qn("w:t"))]
        else:
            raise AssertionError(f"comment {number} has no end")
        found[int(number)] = "".join(inside)
    return [found[number] for number in sorted(found)]


def linked(paragraph: Paragraph, words: str) -> None:
    """Words in a link, as Word writes one."""
    link = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="x"><w:r><w:t>{words}</w:t></w:r></w:hyperlink>')
    paragraph._p.append(link)


def test_a_comment_reaches_over_the_whole_paragraph_whatever_stands_at_its_ends() -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    linked(document.add_paragraph(), "只有链接")
    both = document.add_paragraph()
    linked(both, "链接")
    both.add_run("与字与")
    linked(both, "链接")
    copy = noted(written(document), *(Place("a.docx", line) for line in (1, 2, 3)))
    assert reached(copy) == ["标题", "只有链接", "链接与字与链接"]
    assert [each.text for each in copy.paragraphs] == ["标题", "只有链接", "链接与字与链接"]


def test_an_empty_cell_takes_a_comment_and_stays_empty() -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    document.add_table(2, 2).cell(0, 0).text = "甲"
    copy = noted(written(document), Place("a.docx", table=1, row=2, column=2))
    assert list(copy.tables[0].cell(1, 1)._tc.iter(qn("w:commentReference")))
    assert copy.tables[0].cell(1, 1).text == ""


def test_two_hundred_comments_on_one_paragraph_stand_in_their_order_and_all_reach_over_it() -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    copy = noted(written(document), *[Place("a.docx", 1)] * 200)
    assert [each.text for each in copy.comments] == [
        f"说明 X{number:02}：第{number}条" for number in range(200)
    ]
    marks = [int(each.get(qn("w:id"))) for each in copy.element.iter(qn("w:commentReference"))]
    assert marks == list(range(200)) and set(reached(copy)) == {"标题"}


def test_every_comment_bears_the_day_given_and_nobodys_name() -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    copy = noted(written(document), Place("a.docx"))
    midnight = datetime(2024, 1, 18, tzinfo=UTC)
    assert [(each.author, each.initials, each.timestamp) for each in copy.comments] == [
        ("reportgen", "rg", midnight)
    ]


def test_no_comment_names_a_style_that_the_document_may_lack() -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    copy = remarked(written(document), "a.docx", [Finding("X00", Level.NOTE, "一句话", fix="改")], DAY)
    parts = parts_of(copy, 10_000_000)
    assert b"CommentText" not in parts["word/comments.xml"]
    assert b"CommentReference" not in parts["word/comments.xml"] + parts["word/document.xml"]


def test_a_part_that_nothing_refers_to_is_left_out_and_the_others_keep_their_bytes() -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    parts = parts_of(written(document), 10_000_000)
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(b"?>", b"?>\n<!-- typed by hand -->", 1)
    copy = parts_of(remarked(packed({**parts, "word/orphan.xml": b"<a/>"}), "a.docx", [], DAY), 10_000_000)
    assert "word/orphan.xml" not in copy
    assert copy["docProps/core.xml"] == parts["docProps/core.xml"]
    assert b"typed by hand" in copy["docProps/core.xml"]
    assert set(copy) == set(parts)


TYPES = "[Content_Types].xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"document.main+xml", b"template.main+xml"), (b"/word/document.xml", b"/word/o.xml")],
)
def test_a_package_that_python_docx_cannot_open_gives_a_sentence(old: bytes, new: bytes) -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    parts = parts_of(written(document), 10_000_000)
    content = packed(parts | {TYPES: parts[TYPES].replace(old, new)})
    with pytest.raises(FileTrouble, match=r"a\.docx 里加不了批注.*另存为 \.docx") as told:
        remarked(content, "a.docx", [Finding("X00", Level.NOTE, "一句话")], DAY)
    assert told.value.__cause__ is not None


def test_comments_whose_numbers_are_no_numbers_give_a_sentence() -> None:
    document = docx.Document()
    document.add_comment(document.add_paragraph("标题").runs, "批注")
    parts = parts_of(written(document), 10_000_000)
    comments = parts["word/comments.xml"].replace(b'w:id="0"', b'w:id="zero"')
    with pytest.raises(FileTrouble, match="另存为"):
        noted(packed(parts | {"word/comments.xml": comments}), Place("a.docx"))
