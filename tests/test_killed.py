"""Commands killed at named moments, and exactly what they leave; no clock has a part in it."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kill_worker import TEMPORARY
from killing import INTERRUPTED, Worker, contents_of, left_in, working
from made import text_of
from reportgen.problems import Exit
from reportgen.store.locking import LOCK, PLAN, settled
from reportgen.store.storing import MANIFEST, digest, found_manifest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="forks, and sends signals of POSIX")

ALL = [".docx", ".pdf", ".yaml", MANIFEST]
OLD, NEW = ({"docx": f"{age} words", "pdf": f"{age} pages"} for age in ("old", "new"))

FRESH = {
    "write temporary 1": [LOCK],
    "write temporary 2": [LOCK, TEMPORARY],
    "write temporary 5": [LOCK, *4 * [TEMPORARY]],
    "rename .docx 1": [LOCK, *5 * [TEMPORARY]],
    "rename .pdf 1": [".docx", LOCK, *4 * [TEMPORARY]],
    "rename .yaml 1": [".docx", ".pdf", LOCK, *3 * [TEMPORARY]],
    f"rename {MANIFEST} 1": [".docx", ".pdf", LOCK, ".yaml", *2 * [TEMPORARY]],
    "remove temporary 1": [*ALL, LOCK, TEMPORARY],
    f"remove {LOCK} 1": [*ALL, LOCK],
}
"""What happens first at a moment, where nothing was before → the files that SIGKILL leaves just before it."""

DONE = {"remove temporary 1", f"remove {LOCK} 1"}
"""Moments at which every file has its name: what ends the command then ends nothing but its clearing up."""

OVER = ["write temporary 1", "write temporary 8", "rename .docx 1", "rename .pdf 1", f"rename {MANIFEST} 1"]
"""Moments of storing over an earlier report, whose files are copied first, before every name is done."""

MIDST = ["remove temporary 4", "remove temporary 9"]
REFUSED = 99
"""What the worker ends with when storing is refused."""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with working() as begun:
        yield begun


@pytest.fixture
def earlier(worker: Worker, tmp_path: Path) -> Path:
    """A folder of outputs with an earlier report."""
    assert worker.store(OLD, tmp_path / "out").code == Exit.OK
    assert left_in(tmp_path / "out") == sorted(ALL)
    return tmp_path / "out"


@pytest.mark.parametrize("moment", FRESH)
def test_killed_each_final_name_has_its_whole_file_or_none(
    worker: Worker, tmp_path: Path, moment: str
) -> None:
    ended = worker.store(NEW, tmp_path, moment)
    assert (ended.code, ended.passed[-1]) == (-signal.SIGKILL, moment)
    assert left_in(tmp_path) == sorted(FRESH[moment])
    whole = {".docx": b"new words", ".pdf": b"new pages"}
    there = contents_of(tmp_path)
    assert {name: there[name] for name in whole if name in there}.items() <= whole.items()


@pytest.mark.parametrize("moment", FRESH)
def test_after_a_kill_the_next_run_stores_everything(worker: Worker, tmp_path: Path, moment: str) -> None:
    worker.store(NEW, tmp_path, moment)
    assert worker.store(NEW, tmp_path).code == Exit.OK
    there = contents_of(tmp_path)
    assert (there[".docx"], there[".pdf"]) == (b"new words", b"new pages")
    assert sorted(there) == sorted(ALL)


LATER = {"docx": "later words", "pdf": "later pages"}
MOMENTS = [*OVER, "write temporary 2", "write temporary 9", "rename .yaml 1", "remove temporary 1", *MIDST]


@pytest.mark.parametrize("moment", MOMENTS)
def test_after_a_kill_a_rebuild_of_another_edit_is_not_refused(
    worker: Worker, earlier: Path, moment: str
) -> None:
    assert worker.store(NEW, earlier, moment).code == -signal.SIGKILL
    assert worker.store(LATER, earlier).code == Exit.OK
    there = contents_of(earlier)
    assert left_in(earlier) == sorted(ALL)
    assert (there[".docx"], there[".pdf"]) == (b"later words", b"later pages")


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_reads_after_a_kill_finds_files_and_manifest_of_one_run(
    worker: Worker, earlier: Path, moment: str
) -> None:
    before, (other,) = contents_of(earlier), [path for path in earlier.rglob("*.docx")]
    assert worker.store(NEW, earlier, moment).code == -signal.SIGKILL
    manifest = found_manifest(other.parent)
    assert manifest is not None
    there = contents_of(earlier)
    renamed = any(there[f".{kind}"] == NEW[kind].encode() for kind in NEW)
    assert {there[f".{kind}"] for kind in NEW} == {
        each.encode() for each in (NEW if renamed else OLD).values()
    }
    assert renamed or {name: there[name] for name in before} == before
    listed = {entry["sha256"] for entry in manifest["files"].values()}
    assert {digest(there[f".{kind}"]) for kind in NEW} <= listed
    assert TEMPORARY not in left_in(earlier)


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_somebody_polished_after_a_kill_is_kept(worker: Worker, earlier: Path, moment: str) -> None:
    assert worker.store(NEW, earlier, moment).code == -signal.SIGKILL
    (word,) = earlier.rglob("*.docx")
    word.write_bytes(b"polished words")
    assert worker.store(LATER, earlier).code == REFUSED
    assert word.read_bytes() == b"polished words"


@pytest.mark.parametrize("number", range(1, 5))
def test_killed_while_it_puts_back_after_a_refusal_of_the_disk_it_is_put_back(
    worker: Worker, earlier: Path, number: int
) -> None:
    before = contents_of(earlier)
    (folder,) = {path.parent for path in earlier.rglob("*.docx")}
    assert worker.store(NEW, earlier, f"rename {MANIFEST} 1").code == -signal.SIGKILL
    (plan,) = folder.glob(f"*{PLAN}")
    for move in list(reversed(json.loads(plan.read_bytes())))[1 : 1 + number]:
        if not (folder / move["new"]).exists():
            (folder / move["old"]).replace(folder / move["name"])
    assert worker.store(LATER, earlier).code == Exit.OK
    assert left_in(earlier) == sorted(ALL)
    assert contents_of(earlier) != before


@pytest.mark.parametrize(
    "plan",
    [
        b"",
        b"[",
        b"[1]",
        b'[{"name": "a"}]',
        b'[{"name": "../a", "new": ".reportgen-0123456789abcdef", "old": "", "became": "", "was": ""}]',
        b'[{"name": "a", "new": "b", "old": "", "became": "", "was": ""}]',
        b'[{"name": "a", "new": 1, "old": "", "became": "", "was": ""}]',
    ],
)
def test_a_plan_that_is_not_ours_moves_nothing_and_goes(tmp_path: Path, plan: bytes) -> None:
    (tmp_path / f".reportgen-{'0' * 16}{PLAN}").write_bytes(plan)
    (tmp_path / f".reportgen-{'1' * 16}").mkdir()
    (tmp_path / "b").write_bytes(b"somebody's")
    (tmp_path / ".reportgen-mine").write_bytes(b"somebody's")
    settled(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".reportgen-mine", "b"]


@pytest.mark.parametrize("moment", FRESH)
def test_interrupted_a_new_report_is_there_whole_or_not_at_all(
    worker: Worker, tmp_path: Path, moment: str
) -> None:
    ended = worker.store(NEW, tmp_path, moment, signal.SIGINT)
    assert (ended.code, ended.passed[-1]) == (INTERRUPTED, moment)
    lock = [LOCK] if moment == f"remove {LOCK} 1" else []  # it keeps nobody out; the next run removes it
    assert left_in(tmp_path) == sorted([*(ALL if moment in DONE else []), *lock])


@pytest.mark.parametrize("moment", OVER)
def test_killed_over_an_earlier_report_each_name_has_an_old_or_a_new_file(
    worker: Worker, earlier: Path, moment: str
) -> None:
    before = contents_of(earlier)
    ended = worker.store(NEW, earlier, moment)
    assert (ended.code, ended.passed[-1]) == (-signal.SIGKILL, moment)
    there = contents_of(earlier)
    replaced = {"rename .pdf 1": {".docx"}, f"rename {MANIFEST} 1": {".docx", ".pdf"}}.get(moment, set())
    assert set(there) == {*ALL, LOCK}
    assert {name for name in ALL if there[name] != before[name]} == replaced
    assert all(there[name] == NEW[name[1:]].encode() for name in replaced)


@pytest.mark.parametrize("moment", OVER)
def test_interrupted_over_an_earlier_report_that_is_there_again(
    worker: Worker, earlier: Path, moment: str
) -> None:
    before = contents_of(earlier)
    assert worker.store(NEW, earlier, moment, signal.SIGINT).code == INTERRUPTED
    assert contents_of(earlier) == before
    assert left_in(earlier) == sorted(ALL)


def test_interrupted_while_clearing_up_nothing_of_it_is_left(worker: Worker, earlier: Path) -> None:
    copy = earlier.with_name("whole run")
    shutil.copytree(earlier, copy)
    clearing = [moment for moment in worker.store(NEW, copy).passed if moment.startswith("remove temporary")]
    assert len(clearing) == 9
    for moment in clearing:
        assert worker.store(NEW, earlier, moment, signal.SIGINT).code == INTERRUPTED
        assert contents_of(earlier) == contents_of(copy)
        assert left_in(earlier) == sorted(ALL)


@pytest.mark.office
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_build_ended_while_libreoffice_draws_leaves_no_file(tmp_path: Path, sent: signal.Signals) -> None:
    source, out, temporary = (tmp_path / name for name in ("2023.yaml", "out", "temporary"))
    source.write_text(text_of(), "utf-8")
    temporary.mkdir()
    with working(TMPDIR=str(temporary)) as own:
        ended = own.command("build", source, "--out", out, under=tmp_path, at="write 1.go 1", sent=sent)
    assert ended.code == (INTERRUPTED if sent == signal.SIGINT else -sent)
    assert not out.exists()


@pytest.mark.office
@pytest.mark.parametrize("moment", ["rename .pdf 1", f"rename {MANIFEST} 1"])
def test_a_build_ended_between_two_files_leaves_what_storing_does(
    worker: Worker, tmp_path: Path, moment: str
) -> None:
    (tmp_path / "2023.yaml").write_text(text_of(), "utf-8")
    build = ("build", tmp_path / "2023.yaml", "--out")
    ended = [
        worker.command(*build, out, under=out, at=moment, sent=sent).code
        for sent, out in ((signal.SIGKILL, tmp_path / "killed"), (signal.SIGINT, tmp_path / "interrupted"))
    ]
    assert ended == [-signal.SIGKILL, INTERRUPTED]
    assert left_in(tmp_path / "killed") == sorted(FRESH[moment])
    assert left_in(tmp_path / "interrupted") == []
    for name, content in contents_of(tmp_path / "killed").items():
        assert name in (LOCK, ".yaml") or content[:4] in (b"PK\x03\x04", b"%PDF")
        assert name != ".pdf" or content.rstrip().endswith(b"%%EOF")
