"""The manifest as somebody edited it, or as somebody who means harm wrote it."""

import json
from pathlib import Path
from typing import Any

import pytest

from made import text_of
from polished import built, edited, refiguring, run
from reportgen.problems import Exit
from reportgen.store.manifest import understood

SCREEN = pytest.CaptureFixture[str]
OUTSIDE = ("../../evil.yaml", "..\\evil.yaml", "/evil.yaml", "..", "C:evil.yaml")

WRONG: list[dict[str, Any]] = [
    {"input": []},
    {"input": {"name": None}},
    {"input": {"copy": 5}},
    {"findings": []},
    {"findings": {"error": "no"}},
    {"made": 5},
    {"made": {"pdf": []}},
    {"organ": None},
    {"year": "2023"},
    {"draft": "no"},
    {"form": {}},
    {"tools": 1},
    {"remarks": {}},
    {"remarks": [{"code": "K01"}]},
    {"proofs": []},
    {"proofs": {"pdf": {"fonts": [[]]}}},
    {"files": []},
    {"files": {"a.pdf": "0"}},
    {"files": {"a.pdf": {"sha256": None}}},
    {"extra": [[[[[[[[[[[[[]]]]]]]]]]]]]},
    {"organ": "\ud800"},
    {"remarks": [{"code": "N06", "level": "note", "message": "", "answer": "yes"}]},
    {"remarks": [{"code": "N06", "level": "note", "message": "", "answer": {"reason": []}}]},
]


def harmed(docx: Path, change: dict[str, Any]) -> None:
    """Change the manifest beside a Word file."""
    path = docx.parent / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **change}), "utf-8")


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_manifest_that_names_files_elsewhere_is_none(name: str) -> None:
    assert understood(json.dumps({"files": {name: {"sha256": ""}}}).encode()) is None
    assert understood(json.dumps({"files": {}, "input": {"copy": name}}).encode()) is None


def test_a_manifest_never_leads_a_build_out_of_its_folder(tmp_path: Path) -> None:
    docx = edited(built(tmp_path), refiguring(0, "permits.decisions", "1251"))
    victim = tmp_path / "out" / "evil.yaml"
    victim.write_text("mine", "utf-8")
    harmed(docx, {"input": {"name": "2023.yaml", "sha256": "0", "copy": "../../evil.yaml"}})
    run("build", docx, "--against", tmp_path / "2023.yaml", "--to", "html")
    assert victim.read_text("utf-8") == "mine"


@pytest.mark.parametrize("change", WRONG, ids=lambda change: json.dumps(change)[:40])
def test_what_is_of_another_kind_than_we_write_makes_it_no_manifest(change: dict[str, Any]) -> None:
    assert understood(json.dumps({"files": {}, **change}).encode()) is None


@pytest.mark.parametrize("content", [b"[" * 200_000, b"\xff", b"", b"[]", b'"files"', b"{}"])
def test_what_is_no_manifest_is_none(content: bytes) -> None:
    assert understood(content) is None


def test_a_manifest_may_say_less_and_more_than_ours() -> None:
    assert understood(b'{"files": {"a.pdf": {"sha256": "0", "kind": "PDF"}}, "package": "1"}') is not None


@pytest.mark.parametrize("change", WRONG[:16], ids=lambda change: json.dumps(change)[:40])
def test_no_hand_edited_manifest_breaks_a_command(
    change: dict[str, Any], tmp_path: Path, capsys: SCREEN
) -> None:
    folder = tmp_path / "out" / "甲县乙镇人民政府" / "2023"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"files": {}, **change}), "utf-8")
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    (folder / "a.docx").write_bytes(b"PK")
    (tmp_path / "2023.yaml").write_text(text_of(), "utf-8")
    assert run("archive", folder) == Exit.FILE
    assert run("archive", tmp_path / "2023.yaml", "--built", tmp_path / "out") == Exit.FINDINGS
    assert run("sign", folder / "a.pdf", "--p12", tmp_path / "none") == Exit.SIGNING
    assert run("build", tmp_path / "2023.yaml", "--out", tmp_path / "out", "--to", "docx") == Exit.OK
    assert "程序内部出错" not in capsys.readouterr().err


def test_a_manifest_without_organ_and_year_is_not_archived(tmp_path: Path, capsys: SCREEN) -> None:
    docx = built(tmp_path)
    (docx.parent / "manifest.json").write_text('{"files": {}}', "utf-8")
    assert run("archive", docx.parent) == Exit.FILE
    assert "manifest.json" in capsys.readouterr().err
