"""Zip packages as this program writes them: the same parts give the same bytes."""

import io
import zipfile

from reportgen.safe.packing import STAMP, packed, packed_as_files
from reportgen.safe.unpacking import parts_of

PARTS = {"b.xml": "乙".encode() * 50, "a/甲.xml": b""}


def entries(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.infolist()


def test_parts_stand_in_the_order_given_and_bear_one_stamp() -> None:
    content = packed(PARTS)
    assert [entry.filename for entry in entries(content)] == list(PARTS)
    assert {entry.date_time for entry in entries(content)} == {STAMP}
    assert parts_of(content, 1000) == PARTS
    assert packed(dict(PARTS)) == content
    assert packed(dict(reversed(PARTS.items()))) != content


def test_parts_added_to_a_package_stand_behind_its_own() -> None:
    assert packed({"c": b"3"}, packed(PARTS)) == packed({**PARTS, "c": b"3"})


def test_a_part_of_a_package_that_comes_again_keeps_its_place_and_has_the_new_content() -> None:
    assert packed({"c": b"3", "b.xml": b"new"}, packed(PARTS)) == packed(
        {**PARTS, "b.xml": b"new", "c": b"3"}
    )


def test_nothing_added_to_a_package_changes_no_byte() -> None:
    assert packed({}, packed(PARTS)) == packed(PARTS)


def test_files_for_people_are_stored_whole_and_may_be_read_by_all() -> None:
    content = packed_as_files(PARTS)
    assert parts_of(content, 1000) == PARTS
    assert {entry.date_time for entry in entries(content)} == {STAMP}
    assert {entry.external_attr >> 16 for entry in entries(content)} == {0o100644}
    assert {entry.compress_type for entry in entries(content)} == {zipfile.ZIP_STORED}


def test_folders_of_a_zip_file_are_no_parts() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.mkdir("a")
        archive.writestr("a/b", b"1")
    assert parts_of(held.getvalue(), 1000) == {"a/b": b"1"}
