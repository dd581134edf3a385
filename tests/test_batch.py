"""Many reports at once: each costs only itself, whatever happens to the process that does it."""

import io
import json
import operator
import os
import pickle
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from made import gathered, text_of
from reportgen import itself
from reportgen.batch import processes, work
from reportgen.batch.processes import Processes
from reportgen.batch.work import Here, Job, Work, fingerprint, received, results, sent, state_of, worked
from reportgen.cli import main
from reportgen.commands import build as building
from reportgen.commands.options import cores
from reportgen.commands.options import processes as chosen
from reportgen.commands.outcomes import Tally
from reportgen.commands.usage import Options
from reportgen.examining import report_of
from reportgen.pipeline import Material, Outcome, run
from reportgen.problems import Exit, FileTrouble, ToolFailed
from reportgen.store.earlier import Outputs
from reportgen.wording import title_lines

SCREEN = pytest.CaptureFixture[str]


# ── processes ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def two() -> Iterator[Processes]:
    executor = Processes(2, seconds=60)
    yield executor
    executor.shutdown()


def test_calls_are_done_in_other_processes_and_what_they_raise_is_raised(two: Processes) -> None:
    numbers = {two.submit(os.getpid).result() for _ in range(4)}
    assert os.getpid() not in numbers and len(numbers) <= 2
    with pytest.raises(ZeroDivisionError) as caught:
        two.submit(operator.truediv, 1, 0).result()
    assert "Traceback" in caught.value.__notes__[0]


def test_what_a_call_prints_does_not_mix_with_the_answers(two: Processes) -> None:
    assert two.submit(print, "x" * 10_000).result() is None
    assert two.submit(operator.add, 1, 2).result() == 3


def test_a_call_that_kills_its_process_costs_only_itself(two: Processes) -> None:
    calls = [two.submit(os._exit, 9) if n == 3 else two.submit(operator.neg, n) for n in range(8)]
    with pytest.raises(ToolFailed, match="两次意外结束"):
        calls[3].result()
    assert [each.result() for n, each in enumerate(calls) if n != 3] == [-n for n in range(8) if n != 3]


def test_a_call_whose_process_was_killed_once_is_done_in_another(two: Processes, tmp_path: Path) -> None:
    mark = tmp_path / "first"
    dies_once = f"__import__('os')._exit(9) if not __import__('os').path.exists({str(mark)!r}) and "
    dies_once += f"not __import__('pathlib').Path({str(mark)!r}).touch() else 7"
    assert two.submit(eval, dies_once).result() == 7
    assert mark.exists()


def test_a_call_that_hangs_is_ended_and_the_next_one_is_done() -> None:
    executor = Processes(1, seconds=0.5)
    try:
        hangs, next_one = executor.submit(time.sleep, 600), executor.submit(operator.neg, 1)
        with pytest.raises(ToolFailed, match="还没有做完"):
            hangs.result()
        assert executor._process().late is False
        executor._seconds = 60
        assert next_one.exception() is not None or next_one.result() == -1
        assert executor.submit(operator.neg, 2).result() == -2
    finally:
        executor.shutdown()


def test_shutting_down_at_once_ends_what_is_at_work() -> None:
    executor = Processes(1, seconds=600)
    hangs, waits = executor.submit(time.sleep, 600), executor.submit(operator.neg, 1)
    while not executor._all:
        time.sleep(0.01)
    started = executor._all[0]._process
    executor.shutdown(cancel_futures=True)
    assert started.poll() is not None and waits.cancelled()
    with pytest.raises(ToolFailed):
        hangs.result()


def test_processes_may_be_started_before_there_is_a_call(two: Processes) -> None:
    two.start()
    there = {each._process.pid for each in two._all}
    assert len(there) == 2
    assert two.submit(os.getpid).result() in there and len(two._all) == 2


def test_a_process_that_gets_no_more_calls_ends_while_another_works(two: Processes, tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    there = f"__import__('pathlib').Path({str(go_on)!r}).exists"
    slow = two.submit(eval, f"[__import__('time').sleep(0.01) for _ in iter({there}, True)]")
    quick = two.submit(os.getpid)
    two.complete()
    [ended] = [each for each in two._all if each._process.pid == quick.result()]
    ended._process.wait()
    assert not slow.done()
    go_on.touch()
    assert isinstance(slow.result(), list)


def test_leading_bytes_are_sent_to_a_process_once_and_anew_when_they_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large: list[bytes] = []
    send = processes._send

    def noted(stream: Any, content: bytes) -> None:
        large.extend([content[:1]] if len(content) >= 10_000 else [])
        send(stream, content)

    monkeypatch.setattr(processes, "_send", noted)
    executor = Processes(1, seconds=60)
    try:
        for common in (b"a" * 10_000, b"b" * 10_000):
            answers = [executor.submit(operator.getitem, common, number).result() for number in range(3)]
            assert answers == [common[0]] * 3
    finally:
        executor.shutdown()
    assert large == [b"a", b"b"]


def test_a_process_answers_until_the_pipe_is_closed() -> None:
    calls, answers = io.BytesIO(), io.BytesIO()
    for function, arguments in ((operator.add, (1, 2)), (operator.truediv, (1, 0))):
        processes._send(calls, pickle.dumps((False, function, arguments, {})))
    calls.seek(0)
    processes.serve(calls, answers)
    answers.seek(0)
    told = []
    while (answer := processes._received(answers)) is not None:
        told.append(pickle.loads(answer))
    assert told[0] == (True, 3)
    assert told[1][0] is False and isinstance(told[1][1], ZeroDivisionError)


def test_an_error_that_cannot_be_sent_comes_as_its_text() -> None:
    class Local(Exception):
        pass

    def fails() -> None:
        raise Local("本地")

    class Call:
        def __reduce__(self) -> tuple[object, ...]:
            return (eval, ("(False, exec, (\"class E(Exception): pass\\nraise E('特别')\",), {})",))

    worked, came = pickle.loads(processes._answer(pickle.dumps(Call()), b""))
    assert not worked and isinstance(came, RuntimeError) and "特别" in str(came)


# ── in order, and never too many ─────────────────────────────────────────────────────────────────────


def test_results_come_in_the_order_given_and_no_more_are_begun_than_there_is_room_for() -> None:
    begun: list[int] = []
    done: list[int] = []

    def submit(number: int) -> "Future[object]":
        begun.append(number)
        assert len(begun) - len(done) <= 4
        return Here().submit(operator.neg, number)

    for number, future in results(submit, range(20), ahead=4):
        assert future.result() == -number
        done.append(number)
    assert done == list(range(20))


def test_whoever_stops_taking_results_cancels_what_was_not_begun() -> None:
    futures: list[Future[object]] = []

    def submit(number: int) -> "Future[object]":
        futures.append(Future() if number else Here().submit(operator.neg, number))
        return futures[-1]

    taken = results(submit, range(3), ahead=3)
    next(taken)
    taken.close()  # type: ignore[attr-defined]
    assert [each.cancelled() for each in futures] == [False, True, True]


def test_who_waits_for_a_result_goes_on_when_the_executor_is_shut_down() -> None:
    first: Future[object] = Future()
    threading.Timer(0.05, first.cancel).start()
    [(number, future)] = results(lambda _: first, [1], ahead=1)
    assert (number, future.cancelled()) == (1, True)


@pytest.mark.parametrize(
    ("jobs", "files", "count"),
    [(None, 1, 0), (None, 3, 0), (None, 4, min(cores(), 4)), (1, 2, 1), (8, 2, 2), (8, 1, 0)],
)
def test_a_report_or_two_are_done_here_and_many_in_as_many_processes_as_there_are_cores(
    jobs: int | None, files: int, count: int
) -> None:
    assert chosen(Options(jobs=jobs), files, 3) == count


# ── a report in another process ──────────────────────────────────────────────────────────────────────


def made_of(text: str, **supplies: object) -> tuple[Work, Job]:
    shared = replace(gathered(), today=date(2024, 3, 1))
    return Work(shared, ("docx",)), Job(Material("年报.yaml", text.encode()), **supplies)  # type: ignore[arg-type]


def test_what_comes_back_from_another_process_is_what_is_made_here_with_our_own_forms() -> None:
    doing, job = made_of(text_of())
    here = doing.done(job)
    there = received(worked(sent(doing), pickle.dumps(job)), doing, job)
    assert there.files == here.files and there.findings == here.findings and there.facts == here.facts
    assert there.report is not None and here.report is not None
    assert any(there.report.form is form for form in doing.supplies.forms)
    assert there.report == here.report
    assert there.material is job.material


def test_what_goes_between_processes_has_neither_figures_nor_sentences_nor_what_was_sent() -> None:
    doing, job = made_of(text_of(), last=Material("去年.yaml", text_of(2022).encode()), certain=True)
    doing = replace(doing, wanted=())
    came = worked(sent(doing), pickle.dumps(job))
    assert len(came) < len(job.material.content)
    outcome = received(came, doing, job)
    assert outcome.last is job.last
    whole = report_of(job.material, doing.supplies)
    assert outcome.report and whole and not outcome.report.cells and not outcome.report.prose
    assert title_lines(outcome.report) == title_lines(whole)


def test_a_report_that_the_disk_refused_is_tried_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    doing, job = made_of(text_of())
    tried: list[int] = []

    def once_full(*given: object) -> object:
        tried.append(1)
        outcome = run(*given)  # type: ignore[arg-type]
        if len(tried) > 1:
            return outcome
        failure = ToolFailed("磁盘已满")
        failure.__cause__ = OSError(28, "full")
        return replace(outcome, failures=(failure,))

    monkeypatch.setattr(work, "run", once_full)
    assert doing.done(job).failures == () and len(tried) == 2


# ── what a file was made from ────────────────────────────────────────────────────────────────────────


def test_a_fingerprint_changes_with_everything_that_a_file_is_made_from_but_the_day() -> None:
    doing, job = made_of(text_of())
    state = (state_of("docx"), "templates")
    other = Material("去年.yaml", b"x")
    variants = {
        "text": (doing, job._replace(material=Material("年报.yaml", text_of(2022).encode())), state),
        "name": (doing, job._replace(material=replace(job.material, name="别的.yaml")), state),
        "last": (doing, job._replace(last=other), state),
        "origin": (doing, job._replace(origin=other), state),
        "draft": (replace(doing, draft=True), job, state),
        "words": (replace(doing, supplies=replace(doing.supplies, words=("首次",))), job, state),
        "attached": (replace(doing, supplies=replace(doing.supplies, attach_source=True)), job, state),
        "templates": (doing, job, (state[0], "others")),
        "kind": (doing, job, (state_of("pdf"), "templates")),
    }
    prints = {name: fingerprint(*each) for name, each in variants.items()}
    first = fingerprint(doing, job, state)
    assert len({first, *prints.values()}) == len(variants) + 1
    later = replace(doing, supplies=replace(doing.supplies, today=date(2025, 1, 1)))
    moved = job._replace(material=replace(job.material, name="elsewhere/年报.yaml"))
    assert fingerprint(later, moved, state) == first


def test_what_the_files_depend_on_names_the_program_its_libraries_and_the_fonts() -> None:
    names = [name for name, _ in state_of("pdf")]
    assert {"reportgen", "Python", "pikepdf", "docxtpl", "LibreOffice"} <= set(names)
    assert any(name.startswith("字体 ") for name in names)
    assert not any(name.startswith("字体 ") for name, _ in state_of("docx"))


def test_what_was_recorded_at_the_installation_tells_the_same_program_as_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    read = work._program.__wrapped__()
    monkeypatch.setattr(sys, "path", [str(tmp_path / "installed"), *sys.path])
    monkeypatch.setattr(itself, "_installed", itself._installed.__wrapped__)
    assert len(work._recorded()) > 200 and work._program.__wrapped__() == read


# ── a second run ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Three units' files."""
    folder = tmp_path / "in"
    folder.mkdir()
    for town in "甲乙丙":
        text = (
            text_of()
            .replace("甲县乙镇人民政府", f"甲县{town}镇人民政府")
            .replace("简称: 乙镇", f"简称: {town}镇")
        )
        (folder / f"{town}.yaml").write_text(text, "utf-8")
    return folder


def built(office: Path, *more: str) -> list[str]:
    return ["build", str(office), "--to", "docx", "--out", str(office.parent / "out"), *more]


def lines_of(screen: SCREEN) -> list[dict[str, object]]:
    return [json.loads(line) for line in screen.readouterr().out.splitlines()]


def test_a_second_run_makes_only_what_changed(office: Path, capsys: SCREEN) -> None:
    assert main(built(office)) == Exit.OK
    times = {path: path.stat().st_mtime_ns for path in (office.parent / "out").rglob("*.docx")}
    text = (office / "乙.yaml").read_text("utf-8")
    (office / "乙.yaml").write_text(text.replace("公开内容不够丰富", "公开内容不够及时"), "utf-8")
    capsys.readouterr()
    assert main(built(office, "--jsonl")) == Exit.OK
    told = lines_of(capsys)
    assert {Path(str(each["file"])).stem: each["unchanged"] for each in told} == {
        "甲": True,
        "乙": False,
        "丙": True,
    }
    assert all(each["outputs"] and each["proofs"] for each in told)
    changed = [path for path, before in times.items() if path.stat().st_mtime_ns != before]
    assert [path.parent.parent.name for path in changed] == ["甲县乙镇人民政府"]
    main(built(office))
    assert "3 份没有变化，没有重做" in capsys.readouterr().out


@pytest.mark.parametrize("harm", ["edited", "gone", "input gone", "forced", "other words"])
def test_what_is_not_as_it_was_made_is_made_again(harm: str, office: Path, capsys: SCREEN) -> None:
    assert main(built(office)) == Exit.OK
    folder = office.parent / "out" / "甲县甲镇人民政府" / "2023"
    [docx] = folder.glob("*.docx")
    more = []
    if harm == "edited":
        docx.write_bytes(docx.read_bytes() + b"\0")
    elif harm == "gone":
        docx.unlink()
    elif harm == "input gone":
        next(folder.glob("*.yaml")).unlink()
    elif harm == "forced":
        more = ["--force"]
    else:
        (office.parent / "words.txt").write_text("首次\n", "utf-8")
        more = ["--words", str(office.parent / "words.txt")]
    capsys.readouterr()
    code = main(built(office, "--jsonl", *more))
    told = {Path(str(each["file"])).stem: each for each in lines_of(capsys)}
    assert not told["甲"].get("unchanged")
    if harm == "edited":
        assert code == Exit.FILE and "修改过" in str(told["甲"]["failures"])
    else:
        assert code == Exit.OK and docx.exists()
    assert told["乙"]["unchanged"] is (harm not in ("forced", "other words"))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many processes were asked for, each time that any were, from now on."""
    begun: list[int] = []

    class Counted(Processes):
        def __init__(self, count: int, *more: Any) -> None:
            begun.append(count)
            super().__init__(count, *more)

    monkeypatch.setattr(processes, "Processes", Counted)
    return begun


def test_of_many_reports_the_few_that_changed_are_made_here(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = counted(monkeypatch)
    monkeypatch.setattr(building, "FEW", 1)

    def built_again(*changed: str) -> int:
        for name in changed:
            text = (office / name).read_text("utf-8")
            (office / name).write_text(f"{text}# 改\n", "utf-8")
        before = len(begun)
        assert main(built(office)) == Exit.OK
        return len(begun) - before

    assert built_again() == 1
    assert built_again() == built_again("甲.yaml") == 0
    assert built_again("甲.yaml", "乙.yaml") == 1


def test_one_process_checks_here_unless_a_report_has_a_limit_of_time(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    begun = counted(monkeypatch)
    told = []
    for more in ([], ["--seconds", "60"]):
        assert main(["check", str(office), "--jobs", "1", *more]) == Exit.OK
        told.append(capsys.readouterr().out)
    assert begun == [1] and told[0] == told[1]


def test_a_manifest_of_errors_or_of_somebody_else_is_not_believed(office: Path) -> None:
    out = office.parent / "out"
    text = (office / "甲.yaml").read_text("utf-8").replace("申请: 全部为零", "申请:\n  本年新收: {自然人: 5}")
    (office / "甲.yaml").write_text(text, "utf-8")
    assert main(built(office)) == Exit.FINDINGS
    found = Outputs(out)._folders
    said = json.loads(next((out / "甲县甲镇人民政府").rglob("manifest.json")).read_text("utf-8"))
    assert said["draft"] and Outputs(out).find(said["fingerprints"]) is None
    [manifest] = (out / "甲县乙镇人民政府").rglob("manifest.json")
    good = json.loads(manifest.read_text("utf-8"))["fingerprints"]
    assert Outputs(out).find(good) is not None and good["docx"] in found
    manifest.write_text('{"files": {"../../x.docx": {"sha256": "1"}}, "fingerprints": 3}', "utf-8")
    assert Outputs(out).find(good) is None


def test_a_word_file_is_not_taken_for_what_was_made_of_it(office: Path, capsys: SCREEN) -> None:
    assert main(built(office)) == Exit.OK
    docx = next((office.parent / "out" / "甲县甲镇人民政府").rglob("*.docx"))
    before = docx.read_bytes()
    capsys.readouterr()
    assert main(["build", str(docx), "--to", "docx"]) == Exit.OK
    assert "没有要生成的" in capsys.readouterr().out and docx.read_bytes() == before
    for unchanged in (False, True):
        assert main(["build", str(docx), "--to", "html", "--jsonl"]) == Exit.OK
        [told] = lines_of(capsys)
        assert told["unchanged"] is unchanged and len(list(docx.parent.glob("*.html"))) == 1


# ── troubles of a run ────────────────────────────────────────────────────────────────────────────────


def test_a_disk_that_was_full_once_is_written_to_again(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = [OSError(28, "full")]

    def fsync(number: int) -> None:
        if refusals:
            raise refusals.pop()
        real(number)

    real = os.fsync
    monkeypatch.setattr("os.fsync", fsync)
    monkeypatch.setattr(building, "_WAITS", (0.0,))
    assert main(built(office)) == Exit.OK and not refusals
    assert len(list((office.parent / "out").rglob("*.docx"))) == 3
    assert not list((office.parent / "out").rglob(".reportgen*"))


def test_a_disk_that_stays_full_is_waited_for_only_once(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "full")

    waited: list[float] = []
    monkeypatch.setattr("os.fsync", full)
    monkeypatch.setattr("time.sleep", waited.append)
    assert main(built(office)) == Exit.FILE
    assert capsys.readouterr().out.count("磁盘已满") == 3 and waited == list(building._WAITS)


def test_a_bug_on_one_report_of_several_costs_only_that_report(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN, tmp_path: Path
) -> None:
    def breaks(material: Material, *more: object) -> object:
        if "乙" in material.name:
            raise KeyError("特别")
        return run(material, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "run", breaks)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(built(office)) == Exit.BUG
    told = capsys.readouterr().out
    assert "程序内部出错" in told and "Traceback" not in told and told.count("已生成") == 2
    [log] = tmp_path.glob("reportgen-error-*.log")
    assert "KeyError" in log.read_text("utf-8")


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_tells_a_line_for_each_and_in_the_end_who_and_which_rules(
    office: Path, capsys: SCREEN
) -> None:
    text = (office / "甲.yaml").read_text("utf-8").replace("申请: 全部为零", "申请:\n  本年新收: {自然人: 5}")
    (office / "甲.yaml").write_text(text, "utf-8")
    (office / "丁.yaml").write_bytes(b"\xff\xfe\xff")
    assert main(built(office, "--jobs", "2", "--xlsx", str(office.parent / "结果.xlsx"))) == Exit.FINDINGS
    told = capsys.readouterr().out
    [line] = [line for line in told.splitlines() if "乙.yaml" in line]
    assert line.endswith("已生成 DOCX")
    units = told.partition("按单位：")[2].partition("按规则：")[0]
    assert "甲县甲镇人民政府" in units and "丁.yaml" in units and "乙镇" not in units
    assert "T3-01" in told.partition("按规则：")[2]

    from openpyxl import load_workbook

    book = load_workbook(office.parent / "结果.xlsx")
    assert book.sheetnames == ["单位", "规则", "问题"]
    rows = list(book["单位"].iter_rows(min_row=2, values_only=True))
    assert [str(row[1]).rpartition("/")[2] for row in rows] == sorted(path.name for path in office.iterdir())
    assert {str(row[0]) for row in book["规则"].iter_rows(min_row=2, values_only=True)} >= {"T3-01"}
    assert any(row[3] == "T3-01" for row in book["问题"].iter_rows(min_row=2, values_only=True))


def test_a_tool_that_fails_on_one_report_of_several_is_a_fault_of_that_report() -> None:
    made = Outcome(Material("甲.yaml", b""), files={"docx": b"", "pdf": b""})
    failed = Outcome(Material("乙.yaml", b""), files={"docx": b""}, failures=(ToolFailed("转不成"),))
    refused = replace(made, draft=True, refused=("pdf",))

    def code_of(*outcomes: Outcome) -> int:
        tally = Tally()
        for each in outcomes:
            tally.add(each)
        return tally.gravest

    assert code_of(made) == Exit.OK
    assert code_of(made, failed) == code_of(failed, made) == Exit.FINDINGS
    assert code_of(failed, failed) == code_of(failed, refused) == Exit.TOOL_MISSING
    assert code_of(made, failed, replace(made, failures=(FileTrouble("满了"),))) == Exit.FILE


def test_of_many_reports_with_faults_some_are_listed_and_kept_and_the_others_counted(capsys: SCREEN) -> None:
    tally = Tally()
    for number in range(2_000):
        tally.add(Outcome(Material(f"{number}.yaml", b""), failures=(FileTrouble("读不了"),)))
    tally.tell_wrong()
    told = capsys.readouterr().out
    assert "49.yaml" in told and "50.yaml" not in told and "另有 1950 份" in told
    assert len(tally._told) == 50


def test_a_workbook_that_somebody_edited_is_not_replaced(office: Path, capsys: SCREEN) -> None:
    from openpyxl import load_workbook

    book = office.parent / "结果.xlsx"
    for _ in range(2):
        assert main(["check", str(office), "--xlsx", str(book)]) == Exit.OK
    load_workbook(book).save(book)
    before = book.read_bytes()
    assert main(["check", str(office), "--xlsx", str(book)]) == Exit.FILE
    assert book.read_bytes() == before and "改过" in capsys.readouterr().err
    assert main(["check", str(office), "--xlsx", str(book.with_suffix(".csv"))]) == Exit.USAGE
