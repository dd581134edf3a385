"""Checking a package back: is every file there, unchanged, and nothing else."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.archiving.digests import digests
from reportgen.archiving.package import FORMAT, MANIFEST, SHEET
from reportgen.problems import FileTrouble

LARGEST = 512 * 1024 * 1024
"""Bytes of all files of a package together; no report comes near."""

_BROKEN = "这个压缩包打不开：可能没有传完，或者已经损坏。"
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a package: names of files, and a sentence where the sheet says otherwise."""

    names: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    changed: tuple[str, ...]
    sheet: str = ""

    @property
    def good(self) -> bool:
        """True if nothing is wrong."""
        return not (self.missing or self.extra or self.changed or self.sheet)


def check(files: Mapping[str, bytes]) -> Verdict:
    """Compare a package with its manifest.

    Args:
        files: all of its files, by name.

    Raises:
        FileTrouble: it has no manifest of ours.
    """
    listed = _listed(files)
    missing = tuple(sorted(set(listed) - set(files)))
    extra = tuple(sorted(set(files) - set(listed) - {MANIFEST}))
    changed = tuple(name for name in sorted(set(listed) & set(files)) if not _same(files[name], listed[name]))
    return Verdict(tuple(sorted(listed)), missing, extra, changed, _sheet_says(files, listed))


def opened(content: bytes) -> dict[str, bytes]:
    """The files of a zipped package, without the folder that they lie in.

    Raises:
        FileTrouble: it is no zip file, a broken one, one with a password, or far too big.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise FileTrouble("这个压缩包解开后太大，不像是年报的归档包。")
            if len({entry.filename for entry in entries}) != len(entries):
                raise FileTrouble("这个压缩包里有同名的文件，不是 reportgen 做的归档包。")
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FileTrouble(_BROKEN) from error
    tops = {name.partition("/")[0] for name in files}
    if MANIFEST not in files and len(tops) == 1 and all("/" in name for name in files):
        return {name.partition("/")[2]: each for name, each in files.items()}
    return files


def _listed(files: Mapping[str, bytes]) -> dict[str, Mapping[str, Any]]:
    if MANIFEST not in files:
        raise FileTrouble(f"这里没有 {MANIFEST}，不是 reportgen 做的归档包。")
    try:
        said = json.loads(files[MANIFEST])
        if said["package"] == FORMAT and all(isinstance(each, dict) for each in said["files"].values()):
            return dict(said["files"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise FileTrouble(f"{MANIFEST} 不是归档包的清单，或者已经损坏。")


def _same(content: bytes, said: Mapping[str, Any]) -> bool:
    now = digests(content)
    return (now.size, now.sha256, now.sm3) == (said.get("bytes"), said.get("sha256"), said.get("sm3"))


def _sheet_says(files: Mapping[str, bytes], listed: Mapping[str, Mapping[str, Any]]) -> str:
    """A sentence where the sheet prints other digests than the manifest holds: both may have been forged."""
    name = f"{SHEET}.docx"
    if name not in files or name not in listed:
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(files[name])) as word:
            printed = set(_DIGEST.findall(word.read("word/document.xml").decode()))
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        return f"{name} 打不开，不能与 {MANIFEST} 对照。"
    wanted = {
        str(said.get(kind))
        for each, said in listed.items()
        if not each.startswith(f"{SHEET}.")
        for kind in ("sha256", "sm3")
    }
    return "" if printed == wanted else f"{name} 上印的校验值与 {MANIFEST} 里的不一样。"
