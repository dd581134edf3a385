"""Several runs in one report's folder at once."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reportgen.problems import FileTrouble
from reportgen.store.disk import write_folder, write_new
from reportgen.store.locking import LOCK, PLAN, TEMPORARY, Move, alone_in, plan_of, settled
from reportgen.store.storing import digest, store
from test_workspace import outcome

HOLD = """
import sys
from collections.abc import Callable
from pathlib import Path
from reportgen.store.locking import alone_in
with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_waits_and_then_says_that_there_is_another(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(FileTrouble, match="另一个 reportgen"), alone_in(tmp_path, 0.1):
        pass
    with alone_in(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_was_killed_keeps_nobody_out(tmp_path: Path) -> None:
    command, here = [sys.executable, "-c", HOLD, str(tmp_path)], {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **here}
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(FileTrouble, match="没有写"), alone_in(tmp_path, 0.1):
            pass
        other.kill()
    assert (tmp_path / LOCK).exists()
    with alone_in(tmp_path, 1):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="folders of Linux that take nothing")
@pytest.mark.parametrize("where", ["/dev/null/reports", "/proc/reports"])
def test_where_there_can_be_no_lock_the_work_goes_on(where: str) -> None:
    with alone_in(Path(where), 0.1), alone_in(Path(where), 0.1):
        pass
    assert not Path(where).exists()


def test_a_lock_is_never_taken_on_another_file(tmp_path: Path) -> None:
    (tmp_path / LOCK).symlink_to(tmp_path / "elsewhere")
    with alone_in(tmp_path):
        assert not (tmp_path / "elsewhere").exists()


def test_after_runs_at_once_the_manifest_tells_of_the_files_that_are_there(tmp_path: Path) -> None:
    def write(number: int) -> Path:
        content = str(number).encode() * 1000
        return store(outcome(docx=content, pdf=content, html=content), tmp_path, {}, force=False).folder

    with ThreadPoolExecutor(8) as threads:
        [folder] = set(threads.map(write, range(60)))
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    assert {name: digest((folder / name).read_bytes()) for name in listed} == {
        name: entry["sha256"] for name, entry in listed.items()
    }
    assert {path.name for path in folder.iterdir()} == {*listed, "manifest.json"}


LEFT = f"{TEMPORARY}0123456789abcdef"


@pytest.mark.parametrize("write", [write_new, lambda path, content: write_folder(path, {"a": content})])
def test_what_a_dead_run_left_goes_when_the_next_file_is_written(
    tmp_path: Path, write: Callable[[Path, bytes], None]
) -> None:
    (tmp_path / LEFT).write_bytes(b"half")
    (tmp_path / f"{LEFT[:-1]}0").mkdir()
    (tmp_path / f"{LEFT[:-1]}0" / "b").write_bytes(b"half")
    write(tmp_path / "new", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_what_a_live_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        (tmp_path / LEFT).write_bytes(b"half")
        settled(tmp_path)
        assert (tmp_path / LEFT).exists()
    settled(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_looked_through_again_when_something_came_into_it(tmp_path: Path) -> None:
    settled(tmp_path)
    settled(tmp_path)
    (tmp_path / LEFT).write_bytes(b"half")
    os.utime(tmp_path, ns=(1, 1))  # however fast this was
    settled(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_the_disk_refuses_the_plan_stays_for_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "in use")

    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").write_bytes(b"new b")
    (tmp_path / LEFT).write_bytes(b"new a")
    moves = [
        Move("b", f"{LEFT[:-1]}1", "", digest(b"new b"), ""),
        Move("a", LEFT, "", digest(b"new a"), digest(b"old a")),
    ]
    (tmp_path / f"{LEFT[:-1]}2{PLAN}").write_bytes(plan_of(moves))
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refused)
        settled(tmp_path)
        assert len(list(tmp_path.iterdir())) == 4
    settled(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"new a", "b": b"new b"}
