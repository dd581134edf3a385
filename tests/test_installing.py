"""``make install``: the command is found everywhere, and nothing of others is replaced. What a wheel has."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from checkout import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no links on the PATH")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def install(folder: Path, *on_the_path: Path) -> subprocess.CompletedProcess[str]:
    """Do what ``make install`` does, into a folder."""
    path = os.pathsep.join([*map(str, on_the_path), os.environ["PATH"]])
    environment = os.environ | {"BINDIR": str(folder), "PATH": path}
    return subprocess.run(
        ["sh", str(ROOT / "tools/install.sh")], env=environment, capture_output=True, text=True, check=False
    )


def test_it_says_where_the_command_is(tmp_path: Path) -> None:
    done = install(tmp_path / "bin", tmp_path / "bin")
    link = tmp_path / "bin/reportgen"
    assert done.returncode == 0, done.stderr
    assert link.readlink() == ROOT / ".venv/bin/reportgen"
    assert f"reportgen 命令在 {link}" in done.stdout
    assert "在哪个文件夹里都可以运行" in done.stdout


def test_a_folder_that_is_not_on_the_path_is_told_with_the_line_that_puts_it_there(tmp_path: Path) -> None:
    told = install(tmp_path / "bin").stdout
    line = told.splitlines()[-1].strip()
    script = f"{line}; . ~/.profile; command -v reportgen"
    found = subprocess.run(
        ["sh", "-c", script],
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.strip() == str(tmp_path / "bin/reportgen")


def test_a_second_time_it_only_says_the_same(tmp_path: Path) -> None:
    assert install(tmp_path).stdout == install(tmp_path).stdout != ""


def test_the_link_of_a_folder_that_is_gone_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "reportgen").symlink_to(tmp_path / "gone/.venv/bin/reportgen")
    assert install(tmp_path).returncode == 0
    assert (tmp_path / "reportgen").readlink() == ROOT / ".venv/bin/reportgen"


def test_another_program_of_that_name_stays(tmp_path: Path) -> None:
    other = tmp_path / "reportgen"
    other.write_text("#!/bin/sh\n")
    done = install(tmp_path)
    assert done.returncode == 4
    assert f"{other} 已经存在" in done.stderr
    assert other.read_text() == "#!/bin/sh\n"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = install(tmp_path / "file/bin")
    assert (done.returncode, done.stdout) == (4, "")
    assert f"不能写 {tmp_path / 'file/bin'}" in done.stderr


def test_a_wheel_has_the_types_the_forms_and_every_template(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    [wheel] = tmp_path.iterdir()
    assert wheel.name == f"reportgen-{VERSION}-py3-none-any.whl"
    templates = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".docx", ".yaml"}]
    wanted = {"py.typed", *(path.relative_to(ROOT).as_posix() for path in templates)}
    assert len(wanted) > 5
    assert {f"reportgen/{name}" for name in wanted} <= set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/signing.md", "docs/archive.md"])
def test_a_page_that_names_the_wheel_names_that_of_this_version(page: str) -> None:
    named = re.findall(r"reportgen-([\d.]+)-py3", (ROOT / page).read_text("utf-8"))
    assert set(named) <= {VERSION}
    assert named or page not in {"README.zh-CN.md", "docs/signing.md"}


def test_the_changelog_begins_with_this_version_or_what_follows_it() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert VERSION in headings[:2]
    assert headings[0].strip("[]") in {VERSION, "Unreleased"}
