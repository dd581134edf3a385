"""What is read, and what is left when writing is stopped half-way."""

import os
import sys
from pathlib import Path

import pytest

from reportgen.disk import ensure_new, read_bytes
from reportgen.problems import FileTrouble
from reportgen.storing import MANIFEST, found_manifest

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and modes are those of POSIX")


@posix
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", Path("/dev/zero")):
        with pytest.raises(FileTrouble, match="不是普通的文件"):
            read_bytes(path)


@posix
def test_a_manifest_that_is_a_pipe_or_far_too_big_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MANIFEST)
    assert found_manifest(tmp_path) is None
    (tmp_path / MANIFEST).unlink()
    (tmp_path / MANIFEST).write_bytes(b'{"files": {}}' + b" " * 9 * 1024 * 1024)
    assert found_manifest(tmp_path) is None
    (tmp_path / MANIFEST).write_bytes(b'{"files": {}}')
    assert found_manifest(tmp_path) == {"files": {}}


def test_a_link_that_leads_nowhere_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.docx").symlink_to(tmp_path / "gone")
    with pytest.raises(FileTrouble, match="已经存在"):
        ensure_new(tmp_path / "a.docx")
