"""A package: the files with their digests in a manifest, and the sheet on paper; and checking it back."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.archiving.gathering import SIGNED, Gathered
from reportgen.archiving.sheet import (
    Answer,
    Digests,
    Entry,
    Sheet,
    as_docx,
    as_pdf,
    digests,
    not_printed,
    printed_digests,
)
from reportgen.itself import version_of
from reportgen.problems import FileTrouble, Level
from reportgen.safe.packing import packed_as_files
from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest, part_of

MANIFEST = "manifest.json"
FINDINGS = "检查结果.json"
SHEET = "移交清单"
MARK = "（归档）"
FORMAT = "reportgen-package-1"
_LEVELS = {level.value: level.chinese for level in Level}
_LEFT_OUT = frozenset({"files", "remarks", "made"})

LARGEST = 128 * 1024 * 1024
"""Bytes of all files of a package together; no report comes near."""

_BROKEN = "这个压缩包打不开：可能没有传完，或者已经损坏。"


def package(report: Gathered, template: bytes) -> dict[str, bytes]:
    """The files of a report's package, by name; the same for the same report.

    Where nothing on this machine can print it, the sheet is there as a Word file only.

    Args:
        report: its files.
        template: of the sheet.

    Raises:
        TemplateBroken: the sheet cannot be made of the template.
    """
    manifest = report.manifest
    files = dict(report.files)
    kinds = dict(report.kinds)
    files[FINDINGS] = _as_json(
        {name: manifest.get(name) for name in ("organ", "year", "findings", "remarks")}
    )
    kinds[FINDINGS] = "检查结果"
    known = {name: digests(content) for name, content in files.items()}
    sheet = _sheet(report, known, kinds)
    word = as_docx(sheet, template)
    printed = {} if not_printed() else {"pdf": as_pdf(word, sheet.year, sheet.software)}
    for kind, content in ({"docx": word} | printed).items():
        name = f"{SHEET}.{kind}"
        files[name], kinds[name], known[name] = content, SHEET, digests(content)
    return {**files, MANIFEST: _as_json(_manifest(report, known, kinds))}


def counted(names: Iterable[str]) -> str:
    """How many files a package has, as its sheet counts them; the manifest may be among the names or not."""
    all_names = {*names, MANIFEST}
    material = [name for name in all_names if name != MANIFEST and not name.startswith(f"{SHEET}.")]
    return f"{len(material)} 份材料，另有清单和校验文件 {len(all_names) - len(material)} 个"


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """A package as one file, in which all lie in a folder. Stored as they are: most are packed already."""
    return packed_as_files({f"{folder}/{name}": content for name, content in files.items()})


def _as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _sheet(report: Gathered, known: Mapping[str, Digests], kinds: Mapping[str, str]) -> Sheet:
    manifest = report.manifest
    return Sheet(
        organ=manifest["organ"],
        year=manifest["year"],
        title=report.stem,
        basis=manifest["form"]["basis"],
        software=f"reportgen {version_of('reportgen')}",
        entries=tuple(Entry(name, kinds[name], each) for name, each in known.items()),
        note=report.note,
        answers=tuple(_answers(manifest.get("remarks", ()))),
    )


def _answers(remarks: Iterable[Mapping[str, Any]]) -> Iterator[Answer]:
    """What a person answered, as the folder's manifest has it."""
    for remark in remarks:
        if answer := remark.get("answer"):
            level = _LEVELS.get(answer["level"], "")
            yield Answer(remark["code"], level, remark["message"], " ".join(answer["reason"].split()))


def _manifest(report: Gathered, known: Mapping[str, Digests], kinds: Mapping[str, str]) -> dict[str, object]:
    from reportgen.makers.pdf_libreoffice.characters import font_versions

    proofs = report.manifest.get("proofs", {}).get("pdf", {})
    drawn = frozenset(proofs.get("fonts", ()))
    said = {name: value for name, value in report.manifest.items() if name not in _LEFT_OUT}
    tools = {**said.get("tools", {}), "archived by": f"reportgen {version_of('reportgen')}"}
    if any(kind.endswith(SIGNED) for kind in kinds.values()):
        tools["pyHanko"] = version_of("pyhanko")  # which found the signatures good
    return {
        **said,
        "package": FORMAT,
        "title": report.stem,
        "tools": {**tools, "PDF": proofs.get("producer", "")},
        "fonts": font_versions(drawn),
        "files": {name: {"kind": kinds[name], **each.as_json()} for name, each in known.items()},
    }


# ── checking a package back: is every file there, unchanged, and nothing else ─────────────────────────


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
