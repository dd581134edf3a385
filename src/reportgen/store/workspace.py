"""Gathers from the disk what a run needs: the report and its companions; mends a file."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from reportgen.model.demands import Demand
from reportgen.model.form import Form
from reportgen.paths import resolved, seems_file, shown
from reportgen.pipeline import Material, Supplies
from reportgen.polish.comparing import not_compared, only_origin_changed, origin_changed
from reportgen.problems import FileTrouble, Finding
from reportgen.safe.decoding import text_of
from reportgen.sources import kinds_read, source_for
from reportgen.sources.yaml import Mend, mended_text
from reportgen.store.disk import LARGEST as LARGEST
from reportgen.store.disk import ensure_new as ensure_new
from reportgen.store.disk import read_bytes as read_bytes
from reportgen.store.disk import write_new as write_new
from reportgen.store.disk import write_whole as write_whole
from reportgen.store.locking import alone_in, settled
from reportgen.store.storing import MANIFEST as MANIFEST
from reportgen.store.storing import Written as Written
from reportgen.store.storing import backup_of, found_manifest
from reportgen.store.storing import digest as digest
from reportgen.store.storing import folder_of as folder_of
from reportgen.store.storing import store as store
from reportgen.store.storing import store_beside as store_beside
from reportgen.store.templates import sheet_template as sheet_template
from reportgen.store.templates import supplies as supplies
from reportgen.store.templates import templates_digest as templates_digest
from reportgen.store.templates import templates_folder as templates_folder

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def material(path: Path) -> Material:
    """A report as it is on the disk, with the name that messages use for it."""
    settled(path.parent)
    return Material(shown(path), read_bytes(path))


# ── what belongs to a report: last year's, and the YAML that a polished document was made from ─────────


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


def demand_list(
    path: Path, forms: tuple[Form, ...]
) -> tuple[tuple[Demand, ...], tuple[Finding, ...], tuple[str, ...]]:
    """An office's own demands by a YAML file.

    Returns:
        The demands; what is wrong with the list; the lines that places count in.

    Raises:
        FileTrouble: it cannot be read.
    """
    from reportgen.reading.demands import demands_of  # most runs have no such list

    given = material(path)
    source = source_for("yaml")
    assert source is not None
    node, slips = source.read(given.content, given.name, forms)
    demands, faults = demands_of(node, forms) if node else ((), ())
    return demands, (*slips, *faults), source.lines(given.content)


def with_sayings(forms: tuple[Form, ...], path: Path) -> tuple[Form, ...]:
    """The forms with an office's own wordings: a known word, a colon, and what the office says for it.

    Raises:
        FileTrouble: where the list cannot be read, or a line begins with no known word.
    """
    from reportgen.checks.open_government.claims.tokens import lexicon_of  # most runs have no such list

    own: dict[str, str] = {}
    spoken = [form for form in forms if form.lexicon]
    for line in word_list(path):
        known, colon, words = line.replace("：", ":").partition(":")
        if not colon or not any(lexicon_of(form).words.get(known.strip()) for form in spoken):
            raise FileTrouble(
                f"{path} 里的“{line}”读不懂。每行写常用的说法、冒号、本机关的说法，例如：办结: 清毕 结清"
            )
        own[known.strip()] = f"{own.get(known.strip(), '')} {words}"
    return tuple(
        replace(form, lexicon={**form.lexicon, "own": own}) if form.lexicon else form for form in forms
    )


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
        why = f"旁边的 {MANIFEST} 没有留下生成它的那份年报" if manifest else f"旁边没有 {MANIFEST}"
        return None, (not_compared(material.name, why),)
    if not known or digest(origin.content) == known:
        return origin, ()
    made = manifest.get("files", {}).get(path.name, {})
    untouched = made.get("sha256") == digest(material.content) and not made.get("polished")
    told = only_origin_changed if untouched else origin_changed
    return origin, (told(material.name, origin.name),)


def _kept_input(path: Path, name: str) -> Material | None:
    kept = path.parent / PurePath(name).name
    try:
        return Material(shown(kept), read_bytes(kept)) if name else None
    except FileTrouble:
        return None


# ── a clerk's YAML file mended where it lies; the file before is kept beside it ───────────────────────


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was done to a file.

    Attributes:
        mends: the lines that were mended, in order.
        coding: what the file was written in before, where it was made UTF-8: ``GBK``; else empty.
        backup: where the file before is kept; None where nothing was done and the file was not touched.
    """

    mends: tuple[Mend, ...] = ()
    coding: str = ""
    backup: Path | None = None


def fix(path: Path, forms: tuple[Form, ...]) -> Fixed:
    """Mend in a YAML file what has one reading only, and keep the file before under a dated name beside it.

    A file that needs nothing is not touched, nor is one that is no text; checking it says why. GBK becomes
    UTF-8, and so does UTF-16 where anything else is mended. Signs without width go, and their lines are told.

    Raises:
        FileTrouble: where the disk refuses, or somebody else is at it. The file is as it was.
    """
    path = resolved(path)
    content = read_bytes(path)
    text, notes = text_of(content, shown(path))
    if text is None:
        return Fixed()
    wide = _is_wide(content)
    coding = "utf-16" if wide else "gb18030" if notes else "utf-8-sig"
    mended = mended_text(text, forms).text
    typed = re.split("\r\n|\r|\n", content.decode(coding))
    lines = enumerate(zip(typed, mended.split("\n"), strict=True), 1)
    mends = tuple(Mend(number, *pair) for number, pair in lines if pair[0] != pair[1])
    if not (mends or notes):
        return Fixed()
    return Fixed(mends, "UTF-16" if wide else "GBK" if notes else "", put_in_place(path, content, mended))


def put_in_place(path: Path, content: bytes, text: str) -> Path:
    """Write another text in the place of a clerk's file, with the line ends and the mark that it had.

    Args:
        path: the file.
        content: what stood in it when it was read.
        text: what is to stand there; written as UTF-8.

    Returns:
        Where the file before is kept: beside it, under a dated name.

    Raises:
        FileTrouble: where the disk refuses, or somebody else is at it. The file is as it was.
    """
    path = resolved(path)
    wide = _is_wide(content)
    ends = b"\r\n" if "\r\n" in content.decode("utf-16" if wide else "latin-1") else b"\n"
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    with alone_in(path.parent):
        if read_bytes(path) != content:
            raise FileTrouble(f"{shown(path)} 刚刚被别的程序改过，没有动它。请再运行一次。")
        backup = backup_of(path)
        write_whole({backup: content, path: mark + text.encode().replace(b"\n", ends)})
    return backup


def _is_wide(content: bytes) -> bool:
    return content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
