"""What lies in a report's folder after several runs: nothing lost, nothing stale that is not."""

from pathlib import Path

import pytest

from made import text_of
from polished import run, text
from reportgen.problems import Exit

SCREEN = pytest.CaptureFixture[str]


def test_two_inputs_of_one_organ_and_year_do_not_overwrite_each_other(tmp_path: Path, capsys: SCREEN) -> None:
    first, second = tmp_path / "一.yaml", tmp_path / "二.yaml"
    first.write_text(text_of(), "utf-8")
    second.write_text(text(), "utf-8")
    out = tmp_path / "out"
    assert run("build", first, second, "--to", "docx", "--out", out) == Exit.FILE
    told = capsys.readouterr().out
    assert f"和 {first} 是同一个机关" in told and "没有覆盖" in told
    assert next(out.rglob("*.yaml")).read_bytes() == first.read_bytes()


def test_the_same_file_named_twice_is_no_conflict(tmp_path: Path) -> None:
    (tmp_path / "一.yaml").write_text(text_of(), "utf-8")
    twice = [tmp_path / "一.yaml", tmp_path / "." / "一.yaml"]
    assert run("build", *twice, "--to", "docx", "--out", tmp_path / "out") == Exit.OK
