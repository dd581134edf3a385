"""A package: the files with their digests in a manifest, and the sheet that goes with them on paper."""

import json
from collections.abc import Iterable, Mapping

from reportgen.archiving.digests import Digests, digests
from reportgen.archiving.gathering import SIGNED, Gathered
from reportgen.archiving.sheet import Entry, Sheet, as_docx, as_pdf
from reportgen.itself import version_of
from reportgen.safe.packing import packed_as_files

MANIFEST = "manifest.json"
FINDINGS = "检查结果.json"
SHEET = "移交清单"
MARK = "（归档）"
FORMAT = "reportgen-package-1"
_LEFT_OUT = frozenset({"files", "remarks", "made"})


def package(report: Gathered, template: bytes) -> dict[str, bytes]:
    """The files of a report's package, by name; the same for the same report.

    Args:
        report: its files.
        template: of the sheet.

    Raises:
        TemplateBroken: the sheet cannot be made of the template.
        ToolMissing: LibreOffice, which prints the sheet, is not there.
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
    for kind, content in (("docx", word), ("pdf", as_pdf(word, sheet.year, sheet.software))):
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
    )


def _manifest(report: Gathered, known: Mapping[str, Digests], kinds: Mapping[str, str]) -> dict[str, object]:
    from reportgen.makers.pdf_libreoffice.characters import font_versions

    proofs = report.manifest.get("proofs", {}).get("pdf", {})
    drawn = frozenset(proofs.get("fonts", ()))
    said = {name: value for name, value in report.manifest.items() if name not in _LEFT_OUT}
    tools = {**said.get("tools", {}), "archived by": f"reportgen {version_of('reportgen')}"}
    if SIGNED in kinds.values():
        tools["pyHanko"] = version_of("pyhanko")  # which found the signatures good
    return {
        **said,
        "package": FORMAT,
        "title": report.stem,
        "tools": {**tools, "PDF": proofs.get("producer", "")},
        "fonts": font_versions(drawn),
        "files": {name: {"kind": kinds[name], **each.as_json()} for name, each in known.items()},
    }
