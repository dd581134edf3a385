"""Word files that unpack to far more than they are, or are packed as no office program packs them."""

import io
import zipfile
from datetime import date

import pytest

from polished import built
from reportgen.makers.pdf_libreoffice.convert import convert
from reportgen.polish.commenting import remarked
from reportgen.problems import FileTrouble, ToolFailed
from reportgen.sources.docx.package import Refused, opened


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A Word file of ours."""
    return built(tmp_path_factory.mktemp("built")).read_bytes()


def with_part(word: bytes, size: int, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same with one more part of zeros."""
    held = io.BytesIO(word)
    with zipfile.ZipFile(held, "a", packing) as archive:
        archive.writestr("word/media/image9.bin", bytes(size))
    return held.getvalue()


def damaged(content: bytes) -> bytes:
    """The same with the main part's packed bytes overwritten."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("word/document.xml").header_offset
    return content[: at + 60] + b"\xff" * 40 + content[at + 100 :]


def repacked(word: bytes, packing: int) -> bytes:
    """The same with every part packed in another way."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as source, zipfile.ZipFile(held, "w", packing) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return held.getvalue()


def refused(content: bytes) -> str:
    """The code under which a Word file is refused, by everything that opens one."""
    with pytest.raises(ToolFailed):
        convert(content)
    with pytest.raises(FileTrouble, match="加不了批注"):
        remarked(content, "a.docx", (), date(2024, 1, 1))
    with pytest.raises(Refused) as refusal:
        opened(content)
    return refusal.value.finding.code


def test_a_word_file_with_big_pictures_is_read(word: bytes) -> None:
    assert opened(with_part(word, 30_000_000)).document is not None


def test_a_word_file_with_a_bomb_in_any_part_is_refused_by_all_that_open_one(word: bytes) -> None:
    assert refused(with_part(word, 70_000_000)) == "R22"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_word_file_packed_unusually_is_refused_whole_or_damaged(word: bytes, packing: int) -> None:
    assert refused(repacked(word, packing)) == "R23"
    assert refused(damaged(repacked(word, packing))) == "R23"


def test_a_damaged_word_file_is_refused(word: bytes) -> None:
    assert refused(damaged(word)) == "R23"
