"""The disk at both ends: files whole or not at all, and nothing of anybody's lost."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.model.report import Organ
from reportgen.paths import reason
from reportgen.pipeline import Material, Outcome
from reportgen.problems import FileTrouble, Polished, TemplateBroken
from reportgen.store.workspace import (
    MANIFEST,
    material,
    read_bytes,
    store,
    supplies,
    templates_folder,
    write_whole,
)
from test_report import report

STEM = "甲县乙镇人民政府2023年政府信息公开工作年度报告"


def outcome(**files: bytes) -> Outcome:
    """An outcome of the report of 甲县乙镇 with these files."""
    return Outcome(Material("2023.yaml", b""), report=report(), files=files)


def names(folder: Path) -> list[str]:
    """What lies in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())


def test_files_lie_under_organ_and_year_with_the_offices_name(tmp_path: Path) -> None:
    written = store(outcome(docx=b"word", pdf=b"page"), tmp_path, {"year": 2023}, force=False)
    assert written.folder == tmp_path / "甲县乙镇人民政府" / "2023"
    assert names(written.folder) == sorted([f"{STEM}.docx", f"{STEM}.pdf", f"{STEM}.yaml", MANIFEST])
    assert written.files["pdf"].read_bytes() == b"page"
    manifest = json.loads((written.folder / MANIFEST).read_text("utf-8"))
    assert manifest["year"] == 2023
    assert set(manifest["files"]) == {f"{STEM}.docx", f"{STEM}.pdf", f"{STEM}.yaml"}


def test_a_file_that_nobody_touched_is_replaced(tmp_path: Path) -> None:
    store(outcome(docx=b"first"), tmp_path, {}, force=False)
    written = store(outcome(docx=b"second"), tmp_path, {}, force=False)
    assert written.files["docx"].read_bytes() == b"second"


def test_a_polished_file_is_never_overwritten(tmp_path: Path) -> None:
    written = store(outcome(docx=b"ours", pdf=b"page"), tmp_path, {}, force=False)
    written.files["docx"].write_bytes(b"polished")
    with pytest.raises(Polished, match="修改过"):
        store(outcome(docx=b"again", pdf=b"other"), tmp_path, {}, force=False)
    assert written.files["docx"].read_bytes() == b"polished"
    assert written.files["pdf"].read_bytes() == b"page"


def test_force_keeps_the_polished_file_as_a_dated_copy(tmp_path: Path) -> None:
    for text in (b"polished once", b"polished twice"):
        written = store(outcome(docx=b"ours"), tmp_path, {}, force=True)
        written.files["docx"].write_bytes(text)
    store(outcome(docx=b"again"), tmp_path, {}, force=True)
    kept = [path for path in written.folder.glob("*备份*")]
    assert {path.read_bytes() for path in kept} == {b"polished once", b"polished twice"}
    assert written.files["docx"].read_bytes() == b"again"


def test_a_file_of_unknown_origin_counts_as_somebodys(tmp_path: Path) -> None:
    folder = tmp_path / "甲县乙镇人民政府" / "2023"
    folder.mkdir(parents=True)
    (folder / f"{STEM}.docx").write_bytes(b"whose?")
    with pytest.raises(Polished):
        store(outcome(docx=b"ours"), tmp_path, {}, force=False)


def test_a_pdf_of_an_earlier_run_is_named_as_stale_and_stays_protected(tmp_path: Path) -> None:
    first = store(outcome(docx=b"1", pdf=b"page"), tmp_path, {}, force=False)
    second = store(outcome(docx=b"2"), tmp_path, {}, force=False)
    assert second.stale == (first.files["pdf"],)
    third = store(outcome(docx=b"3", pdf=b"new page"), tmp_path, {}, force=False)
    assert third.stale == () and third.files["pdf"].read_bytes() == b"new page"


def test_a_damaged_manifest_makes_every_file_somebodys(tmp_path: Path) -> None:
    written = store(outcome(docx=b"1"), tmp_path, {}, force=False)
    (written.folder / MANIFEST).write_text("[1, 2")
    with pytest.raises(Polished):
        store(outcome(docx=b"2"), tmp_path, {}, force=False)


def test_a_name_that_no_disk_takes_is_written_with_full_width_signs(tmp_path: Path) -> None:
    odd = replace(report(), organ=Organ('甲/乙:丙"丁', "甲", "县级部门"))
    written = store(replace(outcome(docx=b"1"), report=odd), tmp_path, {}, force=False)
    assert written.folder.parent.name == "甲／乙：丙＂丁"


def test_where_one_file_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "first").write_bytes(b"before")
    (tmp_path / "folder").mkdir()
    for impossible in (tmp_path / "folder", tmp_path / "first" / "below"):
        with pytest.raises(FileTrouble, match=f"写不了文件 {impossible}"):
            write_whole({tmp_path / "first": b"after", tmp_path / "second": b"new", impossible: b"x"})
        assert (tmp_path / "first").read_bytes() == b"before"
        assert names(tmp_path) == ["first", "folder"]


def test_no_temporary_file_is_left(tmp_path: Path) -> None:
    write_whole({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert names(tmp_path) == ["a", "b"]


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble, match="找不到文件"):
        material(tmp_path / "年报.yaml")
    with pytest.raises(FileTrouble, match="是文件夹"):
        read_bytes(tmp_path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(FileTrouble, match="太大"):
        read_bytes(tmp_path / "huge.yaml")


def test_forms_that_did_not_change_are_read_once() -> None:
    assert all(one is other for one, other in zip(supplies().forms, supplies().forms, strict=True))


def test_two_forms_for_the_same_years_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        text = (templates_folder() / "open_government" / "2021" / "form.yaml").read_bytes()
        (tmp_path / name / "form.yaml").write_bytes(text)
    with pytest.raises(TemplateBroken, match="互相矛盾"):
        supplies(tmp_path)


def test_the_repository_supplies_every_form_with_their_templates() -> None:
    gathered = supplies()
    paths = list(templates_folder().glob("*/*/form.yaml"))
    ids = [form.id for form in gathered.forms]
    assert ids[:2] == ["2019", "2021"] and len(ids) == len(paths)
    assert sorted(gathered.templates) == sorted(ids)
    assert gathered.today is None


def test_a_broken_form_is_told_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "2030").mkdir()
    (tmp_path / "2030" / "form.yaml").write_text("id: [", "utf-8")
    with pytest.raises(TemplateBroken, match="2030"):
        supplies(tmp_path)
    with pytest.raises(TemplateBroken, match="没有任何"):
        supplies(tmp_path / "2030")


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EIO, errno.EBUSY, errno.EPERM, errno.EXDEV])
def test_what_the_disk_refuses_is_told_in_chinese(number: int) -> None:
    told = reason(OSError(number, os.strerror(number)))
    assert told.endswith("。") and os.strerror(number) not in told


def test_a_folder_of_others_is_named_where_the_file_is_not_there_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileTrouble, match="没有权限写入文件夹") as new:
        write_whole({tmp_path / "a.pdf": b"1"})
    assert "WPS" not in str(new.value)
    (tmp_path / "a.pdf").touch()
    with pytest.raises(FileTrouble, match="WPS"):
        write_whole({tmp_path / "a.pdf": b"1"})


def test_an_organ_called_dots_or_in_signs_that_nobody_sees_stays_among_the_outputs(tmp_path: Path) -> None:
    for name, folder in {
        "..": "机关不明",
        " . ": "机关不明",
        "甲\n\u202e县\x85\x00": "甲县",
        "../a.": "／a",
    }.items():
        odd = replace(report(), organ=Organ(name, name, "县级部门"))
        written = store(replace(outcome(docx=b"1"), report=odd), tmp_path / "out", {}, force=False)
        assert written.folder == tmp_path / "out" / folder / "2023"
        assert written.files["docx"].parent == written.folder
    assert names(tmp_path) == ["out"]


def test_a_very_long_name_is_cut_so_that_the_disk_takes_it_with_all_marks(tmp_path: Path) -> None:
    folders = set()
    for last in "甲乙":
        name = "很长的机关名称" * 12 + last
        odd = replace(outcome(docx=b"1"), report=replace(report(), organ=Organ(name, name, "县级部门")))
        written = store(odd, tmp_path, {}, force=False)
        written.files["docx"].write_bytes(b"polished")
        again = store(odd, tmp_path, {}, force=True)
        [backup] = again.saved.values()
        assert backup.read_bytes() == b"polished"
        docx = written.files["docx"]
        docx.with_name(f"{docx.stem}（已签名）.pdf").touch()
        folders.add(written.folder)
    assert len(folders) == 2


def test_where_force_finds_the_disk_full_the_polished_file_keeps_its_name(tmp_path: Path) -> None:
    written = store(outcome(docx=b"ours"), tmp_path, {}, force=False)
    written.files["docx"].write_bytes(b"polished")
    before = names(written.folder)
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, limits[1]))
    try:
        with pytest.raises(FileTrouble, match="写不了文件"):
            store(outcome(docx=b"again" * 2000), tmp_path, {}, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert names(written.folder) == before
    assert written.files["docx"].read_bytes() == b"polished"
