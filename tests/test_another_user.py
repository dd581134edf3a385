"""Another user of the machine, without a home, with the program installed from a wheel by somebody else."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pikepdf
import pytest

from free_fonts import mirror_of, small
from reportgen.makers.pdf_libreoffice.fonts import FACES, LXGW, NOTO, font_file
from reportgen.problems import Exit

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "inputs/laiyang-xuefang/2020.yaml"
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", "env")
"""Becomes nobody; ``setpriv`` has the rights of root until it has started something, hence ``env``."""

FANDOL = Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
    ),
]


@dataclass(frozen=True)
class Installed:
    """A wheel in an environment that everybody may read, and a folder that is nobody's own."""

    folder: Path

    @property
    def command(self) -> str:
        """The whole path of ``reportgen``."""
        return str(self.folder / "venv/bin/reportgen")

    def as_nobody(self, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``reportgen`` as user nobody, who has no home."""
        return self._run([*NOBODY, self.command, *map(str, words)], HOME="/nonexistent", **more)

    def as_root(self, command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command line as it was told."""
        (self.folder / "root").mkdir(exist_ok=True)
        return self._run(["sh", "-c", command], HOME=str(self.folder / "root"), **more)

    def _run(self, command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
        given = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"} | more
        work = self.folder / "work"
        return subprocess.run(
            command,
            cwd=work,
            env=given,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    folder = Path(tempfile.mkdtemp(prefix="reportgen-user-"))
    folder.chmod(0o755)
    old = os.umask(0o022)
    try:
        _install(folder)
        work = folder / "work"
        work.mkdir()
        shutil.copy(SAMPLE, work / "2020.yaml")
        shutil.chown(work, "nobody", "nogroup")
        yield Installed(folder)
    finally:
        os.umask(old)
        shutil.rmtree(folder)


def _install(folder: Path) -> None:
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    run([_python_for_all(), "-m", "venv", "--without-pip", str(folder / "venv")], folder)
    python = folder / "venv/bin/python"
    packages = next(folder.glob("venv/lib/python*/site-packages"))
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    for package in distributions():
        if re.sub(r"[-_.]+", "-", package.name).lower() in pinned:
            _copy(package, packages)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    run([*pip, *map(str, folder.glob("*.whl"))], folder)


def _copy(package: Distribution, folder: Path) -> None:
    """An installed package once more, in another environment."""
    for file in package.files or ():
        source = Path(str(file.locate()))
        if ".." not in file.parts and "__pycache__" not in file.parts and source.is_file():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / file)


def _python_for_all() -> str:
    """A Python of this version that user nobody may run, too: the one here may live in somebody's home."""
    names = (getattr(sys, "_base_executable", sys.executable), f"/usr/bin/python3.{sys.version_info.minor}")
    for name in names:
        if subprocess.run([*NOBODY, name, "-c", ""], capture_output=True, check=False).returncode == 0:
            return name
    raise AssertionError(f"no Python for everybody among {names}")


def run(command: list[str], where: Path) -> None:
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def fonts_in(pdf: Path) -> set[str]:
    with pikepdf.open(pdf) as document:
        fonts = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
        return {
            str(each.BaseFont).partition("+")[2]
            for each in fonts
            if each.get("/Type") == "/Font" and each.get("/Subtype") == "/TrueType"
        }


def test_a_pdf_is_drawn_with_the_fonts_in_the_folder_of_every_user(installed: Installed) -> None:
    done = installed.as_nobody("build", "2020.yaml", "--out", "out")
    assert done.returncode == Exit.OK, done.stdout + done.stderr
    pdf = next((installed.folder / "work/out").rglob("*.pdf"))
    assert fonts_in(pdf) == {face.file.partition(".")[0] for face in FACES}


@pytest.mark.skipif(FANDOL.is_dir(), reason="the system has the fonts anyway")
def test_without_fonts_the_one_sentence_told_leads_to_a_pdf(
    installed: Installed, tmp_path_factory: pytest.TempPathFactory
) -> None:
    share = installed.folder / "share"
    share.mkdir()
    told = installed.as_nobody("build", "2020.yaml", "--out", "bare", XDG_DATA_DIRS=str(share))
    assert told.returncode == Exit.TOOL_MISSING
    assert told.stdout.count("缺少字体") + told.stderr.count("缺少字体") == 1
    cure = re.search(r"请管理员运行 (.*? doctor --fix)，", told.stdout + told.stderr)
    assert cure, told
    word = next((installed.folder / "work/bare").rglob("*.docx"))
    with zipfile.ZipFile(word) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    names = [*(face.file for face in FACES), *NOTO.files[:1], *LXGW.files]
    free = {name: small(file, text) for name in names if (file := font_file(name))}
    mirror = mirror_of(free, tmp_path_factory.mktemp("mirror"))
    path = f"{mirror}:/usr/local/bin:/usr/bin:/bin"
    cured = installed.as_root(cure[1], PATH=path, XDG_DATA_DIRS=str(share))
    assert cured.returncode == Exit.OK, cured.stdout + cured.stderr
    done = installed.as_nobody("build", "2020.yaml", "--out", "whole", XDG_DATA_DIRS=str(share))
    assert done.returncode == Exit.OK, done.stdout + done.stderr
    pdf = next((installed.folder / "work/whole").rglob("*.pdf"))
    assert fonts_in(pdf) == {face.file.partition(".")[0] for face in FACES}


def test_a_user_whom_the_system_does_not_know_gets_a_pdf_and_leaves_nothing_about(
    installed: Installed,
) -> None:
    work = installed.folder / "unknown"
    work.mkdir()
    work.chmod(0o777)
    shutil.copy(SAMPLE, work / "2020.yaml")
    unknown = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "--", "env", "-u", "HOME"]
    command = [*unknown, installed.command, "build", "2020.yaml", "--out", "out"]
    given = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run(command, cwd=work, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == Exit.OK, done.stdout + done.stderr
    assert {each.name for each in work.iterdir()} == {"2020.yaml", "out"}
