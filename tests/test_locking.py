"""Several runs in one report's folder at once."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reportgen.problems import FileTrouble
from reportgen.store.locking import LOCK, alone_in
from reportgen.store.storing import digest, store
from test_workspace import outcome

HOLD = """
import sys
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
