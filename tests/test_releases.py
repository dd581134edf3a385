"""What an earlier release made and read is read the same today: ``releases`` has a folder for each release.

``summary.json`` was written by that release itself: what it read from each file, and what it told of the
writing. A release adds its own folder and changes none of the others.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.archiving.package import check
from reportgen.cli import main
from reportgen.problems import Exit
from reportgen.reading import read as read_nodes
from reportgen.sources import source_for
from reportgen.store import workspace
from reportgen.store.manifest import digest, is_whole, understood

RELEASES = sorted(path for path in (Path(__file__).parent / "releases").iterdir() if path.is_dir())
FILES = [
    pytest.param(path, id=f"{path.parent.name}-{path.stem}")
    for each in RELEASES
    for path in each.glob("*.yaml")
]
FORMS = workspace.supplies(templates=False).forms
SCREEN = pytest.CaptureFixture[str]


def summary(content: bytes, name: str) -> dict[str, Any]:
    """What is read from a clerk's file, and what is told of its writing, as a release's summary has it."""
    source = source_for("yaml")
    assert source is not None
    node, slips = source.read(content, name, FORMS)
    assert node is not None
    report, faults = read_nodes(node, FORMS)
    assert report is not None
    typed = {str(key): [str(each.number), each.remark] for key, each in report.cells.items() if each.value}
    return {
        "form": report.form.id,
        "organ": [report.organ.name, report.organ.short, report.organ.level, report.organ.scope],
        "year": report.year,
        "date": str(report.date),
        "contact": [
            str(each) for each in (report.contact.phone, report.contact.mail, report.contact.address)
        ],
        "site": [report.contact.postcode, report.contact.site, report.contact.url],
        "laws": list(report.laws),
        "cells": typed,
        "prose": {key: [each.text for each in prose] for key, prose in report.prose.items()},
        "told": sorted([each.code, each.places[0].line] for each in (*slips, *faults)),
    }


def frozen(path: Path) -> Mapping[str, Any]:
    """What the release itself read from a file of its folder."""
    told = json.loads((path.parent / "summary.json").read_text("utf-8"))
    return {**told[path.name]}


@pytest.mark.parametrize("path", FILES)
def test_a_clerks_file_of_an_earlier_release_reads_the_same(path: Path) -> None:
    assert summary(path.read_bytes(), path.name) == frozen(path)


@pytest.mark.parametrize("path", FILES)
def test_a_sound_file_of_an_earlier_release_is_sound(path: Path, capsys: SCREEN) -> None:
    assert main(["check", str(path)]) == (Exit.FINDINGS if path.stem == "slips" else Exit.OK)
    assert "怎么改" in capsys.readouterr().out


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_manifest_of_an_earlier_release_is_understood(release: Path) -> None:
    said = understood((release / "outputs" / "manifest.json").read_bytes())
    assert said is not None
    assert is_whole(said)
    assert said["tools"]["reportgen"] == release.name
    for name, entry in said["files"].items():
        if not name.endswith(".pdf"):  # too large to be kept here
            assert digest((release / "outputs" / name).read_bytes()) == entry["sha256"]


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_word_file_of_an_earlier_release_is_compared_with_what_it_was_made_of(
    release: Path, tmp_path: Path, capsys: SCREEN
) -> None:
    shutil.copytree(release / "outputs", tmp_path / "2021")
    [word] = (tmp_path / "2021").glob("*.docx")
    assert main(["check", str(word), "--json"]) == Exit.OK
    [told] = json.loads(capsys.readouterr().out)["files"]
    assert told["origin"].endswith(".yaml")
    assert [each["code"] for each in told["findings"] if each["code"].startswith("K")] == []


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_folder_of_an_earlier_release_takes_what_is_made_now(release: Path, tmp_path: Path) -> None:
    said = json.loads((release / "outputs" / "manifest.json").read_text("utf-8"))
    folder = tmp_path / said["organ"] / str(said["year"])
    shutil.copytree(release / "outputs", folder)
    file = release / f"{said['year']}.yaml"
    assert main(["build", str(file), "--to", "docx", "--out", str(tmp_path)]) == Exit.OK
    now = understood((folder / "manifest.json").read_bytes())
    assert now is not None
    assert now["made"].keys() == {"docx"}
    assert sorted(path.suffix for path in folder.iterdir()) == [".docx", ".json", ".yaml"]


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_package_of_an_earlier_release_is_checked_back(release: Path) -> None:
    files = {path.name: path.read_bytes() for path in (release / "archive").iterdir()}
    verdict = check(files)
    assert all(name.endswith(".pdf") for name in verdict.missing)  # too large to be kept here
    assert len(verdict.missing) == 2
    assert (verdict.extra, verdict.changed, verdict.sheet) == ((), (), "")
