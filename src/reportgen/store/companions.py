"""Finds what belongs to a report: last year's, and the YAML that a polished document was made from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from reportgen.paths import seems_file, shown
from reportgen.pipeline import Material, Supplies
from reportgen.polish.comparing import not_compared, origin_changed
from reportgen.problems import FileTrouble, Finding
from reportgen.safe.decoding import text_of
from reportgen.sources import kinds_read
from reportgen.store.disk import read_bytes
from reportgen.store.storing import MANIFEST, digest, found_manifest

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Named:
    """The companions that the clerk names: last year's report, and what a polished document came from.

    ``certain`` is False where many reports are judged, and ``last`` can be last year's of one of them only.
    """

    last: Material | None = None
    against: Material | None = None
    certain: bool = True


def with_companions(supplies: Supplies, path: Path, material: Material, named: Named) -> Supplies:
    """The supplies for one report, with what the clerk named or what lies beside it."""
    last = named.last or _last_beside(path)
    origin, notes = _origin(path, material, named.against) if material.kind == "docx" else (None, ())
    certain = named.last is not None and named.certain
    return replace(supplies, last=last, certain=certain, origin=origin, notes=notes)


def word_list(path: Path) -> tuple[str, ...]:
    """The words of a list, one in a line; what follows a ``#`` is a remark.

    Raises:
        FileTrouble: where it cannot be read or is no text.
    """
    text, _ = text_of(read_bytes(path), str(path))
    if text is None:
        raise FileTrouble(f"{path} 不是文本文件，读不出词表。请用记事本写，一行一个词，保存为 UTF-8。")
    words = (line.partition("#")[0].strip() for line in text.split("\n"))
    return tuple(dict.fromkeys(word for word in words if word))


def _last_beside(path: Path) -> Material | None:
    """Last year's report under the same name but for the year; None where there is none that can be read."""
    for candidate in _last_names(path):
        if seems_file(candidate):
            try:
                return Material(shown(candidate), read_bytes(candidate))
            except FileTrouble:
                continue
    return None


def _last_names(path: Path) -> Iterator[Path]:
    """Where last year's report may lie: in the same folder, or in last year's folder beside this year's."""
    found = _YEAR.search(path.stem)
    if found is None:
        return
    year, before = found[0], str(int(found[0]) - 1)
    stem = path.stem.replace(year, before)
    kinds = dict.fromkeys((path.suffix.lower().lstrip("."), "yaml", *kinds_read()))
    folders = [path.parent]
    if path.parent.name == year:
        folders.append(path.parent.with_name(before))
    for folder in folders:
        yield from (folder / f"{stem}.{kind}" for kind in kinds)


def _origin(
    path: Path, material: Material, against: Material | None
) -> tuple[Material | None, tuple[Finding, ...]]:
    """What a polished document was made from, and what is to be said about that."""
    manifest = found_manifest(path.absolute().parent) or {}
    entry = manifest.get("input")
    known = str(entry.get("sha256", "")) if isinstance(entry, dict) else ""
    origin = against or _kept_input(path, str(entry.get("copy", "")) if isinstance(entry, dict) else "")
    if origin is None:
        why = f"旁边的 {MANIFEST} 没有留下生成它的 YAML" if manifest else f"旁边没有 {MANIFEST}"
        return None, (not_compared(material.name, why),)
    changed = known and digest(origin.content) != known
    return origin, (origin_changed(material.name, origin.name),) if changed else ()


def _kept_input(path: Path, name: str) -> Material | None:
    kept = path.parent / PurePath(name).name
    try:
        return Material(shown(kept), read_bytes(kept)) if name else None
    except FileTrouble:
        return None
