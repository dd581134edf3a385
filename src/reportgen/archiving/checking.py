"""Checking a package back: is every file there, unchanged, and nothing else."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.archiving.digests import digests
from reportgen.archiving.package import FORMAT, MANIFEST, SHEET
from reportgen.archiving.sheet import printed_digests
from reportgen.problems import FileTrouble
from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest, part_of

LARGEST = 128 * 1024 * 1024
"""Bytes of all files of a package together; no report comes near."""

_BROKEN = "这个压缩包打不开：可能没有传完，或者已经损坏。"


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
            ensure_modest(archive, LARGEST)
            entries = _entries(archive)
            if len({entry.filename for entry in entries}) != len(entries):
                raise FileTrouble("这个压缩包里有同名的文件，不是 reportgen 做的归档包。")
            files = {entry.filename: part_of(archive, entry, entry.file_size) for entry in entries}
    except TooBig as error:
        raise FileTrouble("这个压缩包解开后太大，不像是年报的归档包。") from error
    except BROKEN as error:
        raise FileTrouble(_BROKEN) from error
    return _without_folder(files)


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files, and the folders in which nothing lies."""
    entries = archive.infolist()
    parents = {name for entry in entries for name in _parents(entry.filename)}
    return [entry for entry in entries if entry.filename not in parents]


def _parents(name: str) -> list[str]:
    """The folders around a file or folder, written as zip files do."""
    parts = name.removesuffix("/").split("/")
    return ["/".join(parts[:count]) + "/" for count in range(1, len(parts))]


def _without_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same without the folder that holds the manifest; what lies beside that folder keeps its name."""
    tops = [
        name.removesuffix(MANIFEST)
        for name in files
        if name.endswith(f"/{MANIFEST}") and name.count("/") == 1
    ]
    if MANIFEST in files or len(tops) != 1:
        return dict(files)
    [top] = tops
    inside = {name.removeprefix(top): each for name, each in files.items() if name.startswith(top)}
    beside = {name: each for name, each in files.items() if not name.startswith(top)}
    return inside | {f"../{name}" if name in inside else name: each for name, each in beside.items()}


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
        printed = printed_digests(files[name])
    except (TooBig, *BROKEN):
        return f"{name} 打不开，不能与 {MANIFEST} 对照。"
    wanted = {
        str(said.get(kind))
        for each, said in listed.items()
        if not each.startswith(f"{SHEET}.")
        for kind in ("sha256", "sm3")
    }
    return "" if printed == wanted else f"{name} 上印的校验值与 {MANIFEST} 里的不一样。"
