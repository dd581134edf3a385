"""What is read, and what is left when writing is stopped half-way."""

import os
import stat
import sys
from collections import UserDict
from collections.abc import ItemsView, Iterator
from pathlib import Path

import pytest

from reportgen.problems import FileTrouble
from reportgen.store.disk import ensure_new, read_bytes, write_folder, write_whole
from reportgen.store.storing import MANIFEST, found_manifest

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


class StoppedWhileRenaming(dict[Path, bytes]):
    """Files during whose renaming somebody presses Ctrl-C."""

    def __iter__(self) -> Iterator[Path]:
        """One, then the key."""
        yield next(super().__iter__())
        raise KeyboardInterrupt


class StoppedWhileWriting(UserDict[Path, bytes]):
    """Files before the last of which somebody presses Ctrl-C."""

    def items(self) -> ItemsView[Path, bytes]:
        """All but the last, then the key."""

        class Stopping(ItemsView[Path, bytes]):
            def __iter__(self) -> Iterator[tuple[Path, bytes]]:
                yield from list(super().__iter__())[:-1]
                raise KeyboardInterrupt

        return Stopping(self.data)


@pytest.mark.parametrize("stopped", [StoppedWhileRenaming, StoppedWhileWriting])
@pytest.mark.parametrize("first", ["old", "new"])
def test_an_interrupt_leaves_everything_as_it_was(
    tmp_path: Path, stopped: type[StoppedWhileRenaming | StoppedWhileWriting], first: str
) -> None:
    (tmp_path / "old").write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        write_whole(stopped({tmp_path / first: b"after", tmp_path / "last": b"last"}))
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_bytes() == b"before"


def test_an_interrupt_leaves_nothing_of_a_folder(tmp_path: Path) -> None:
    class Stopped(UserDict[str, bytes]):
        def items(self) -> ItemsView[str, bytes]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "a", Stopped(a=b"1"))
    assert list(tmp_path.iterdir()) == []


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_new_files_have_the_rights_that_the_user_asked_for_and_old_ones_keep_theirs(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"before")
    (tmp_path / "old").chmod(0o640)
    for mask, file, folder in ((0o077, 0o600, 0o700), (0o002, 0o664, 0o775)):
        before = os.umask(mask)
        try:
            write_whole({tmp_path / f"new {mask}": b"1", tmp_path / "old": b"after"})
            write_folder(tmp_path / f"folder {mask}", {"a": b"1"})
        finally:
            os.umask(before)
        assert mode(tmp_path / f"new {mask}") == mode(tmp_path / f"folder {mask}" / "a") == file
        assert mode(tmp_path / f"folder {mask}") == folder
        assert mode(tmp_path / "old") == 0o640
