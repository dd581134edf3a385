"""The set-up installs the two lists and nothing else, and once all is there it asks nobody."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from checkout import ROOT, copy_checkout
from wheel_index import NEWER, Index, serving

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the set-up is a shell script")
LISTS = ("requirements.txt", "requirements-tests.txt")
MANAGERS = ("apt-get", "apt-cache", "apt", "dpkg", "sudo", "mvn", "curl", "wget")


def pins(*names: str) -> dict[str, str]:
    """The version of each package in lists; those for Windows alone are left out."""
    lines = [line for name in names for line in (ROOT / name).read_text("utf-8").splitlines()]
    here = (re.match(r"([\w.-]+)==(\S+)", line) for line in lines if "sys_platform == 'win32'" not in line)
    return {each[1]: each[2] for each in here if each}


@dataclass(frozen=True)
class Place:
    """A fresh copy of the repository, in which the programs that would fetch something only leave a trace."""

    folder: Path
    traces: Path
    index: Index

    def set_up(self, purpose: str) -> subprocess.CompletedProcess[str]:
        """Do as make does."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        alone = {
            "PATH": f"{self.folder.parent / 'managers'}{os.pathsep}{kept['PATH']}",
            "PYTHON": sys.executable,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_CACHE_DIR": "1",
            "PIP_INDEX_URL": self.index.url,
        }
        return subprocess.run(
            ["sh", "tools/setup.sh", purpose],
            cwd=self.folder,
            env=kept | alone,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def fresh_place(scratch: Path, wheels: Path) -> Iterator[Place]:
    """A place whose index has the wheels of a folder."""
    managers = scratch / "managers"
    managers.mkdir()
    for name in MANAGERS:
        (managers / name).write_text(f'#!/bin/sh\necho "{name} $*" >>"{scratch / "traces"}"\nexit 1\n')
        (managers / name).chmod(0o755)
    with serving(wheels) as index:
        yield Place(copy_checkout(scratch / "checkout"), scratch / "traces", index)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """What the lists name, for this Python; from pip's cache if it is there."""
    lists = [word for name in LISTS for word in ("--requirement", str(ROOT / name))]
    options = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(tmp_path / "wheels")]
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *options, *lists], check=True)
    return tmp_path / "wheels"


def installed_in(environment: Path) -> dict[str, str]:
    """The version of each package, by its name in small letters with hyphens."""
    pip = [str(environment / "bin/python"), "-m", "pip", "--isolated", "list", "--format", "json"]
    told = json.loads(subprocess.run(pip, capture_output=True, check=True).stdout)
    return {re.sub(r"[-_.]+", "-", each["name"]).lower(): each["version"] for each in told}


@pytest.mark.slow
def test_the_set_up_asks_for_what_is_in_the_lists_and_for_nothing_else_and_then_for_nothing(
    tmp_path: Path, wheels: Path
) -> None:
    with fresh_place(tmp_path, wheels) as place:
        for purpose, lists in (("reports", LISTS[:1]), ("tests", LISTS)):
            done = place.set_up(purpose)
            assert done.returncode == 0, done.stderr
            pages = {path.split("/")[2] for path in place.index.asked if path.startswith("/simple/")}
            assert pages == pins(*lists).keys()
            assert place.index.refused == []
            assert not [path for path in place.index.asked if NEWER in path]
            installed = installed_in(place.folder / ".venv")
            assert installed.keys() - pins(*lists).keys() <= {"pip", "setuptools", "reportgen"}
            assert pins(*lists).items() <= installed.items()
        place.traces.unlink(missing_ok=True)
        asked = len(place.index.asked)
        for purpose in ("reports", "tests"):
            done = place.set_up(purpose)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert not place.traces.exists()
        assert len(place.index.asked) == asked


@pytest.mark.slow
def test_a_package_whose_bytes_are_not_those_of_the_list_is_not_installed(tmp_path: Path) -> None:
    name, version = next(iter(pins(LISTS[0]).items()))
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / f"{name}-{version}-py3-none-any.whl").write_bytes(b"another's")
    with fresh_place(tmp_path, tmp_path / "wheels") as place:
        done = place.set_up("reports")
    assert done.returncode == 3
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert done.stderr.endswith("没有装上 Python 软件包。请检查网络后再试。\n")
    assert not (place.folder / ".venv/bin/reportgen").exists()


def test_no_package_stands_in_both_lists() -> None:
    assert not pins(LISTS[0]).keys() & pins(LISTS[1]).keys()


def test_every_package_that_the_project_names_stands_in_its_list() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["sign"],
        *project["build-system"]["requires"],
    ]
    tests = (ROOT / "requirements-tests.in").read_text("utf-8").splitlines()
    for names, lists in ((named, LISTS[:1]), ([line for line in tests if line[:1] not in "#"], LISTS)):
        assert {re.split(r"[<>=!~ ]", name)[0].lower() for name in names} <= pins(*lists).keys()
