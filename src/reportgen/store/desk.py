"""The clerks' files of a workspace as the page works on them: listed, with an unsaved draft beside, saved.

Nothing is kept in memory between two requests: whatever was typed stands in the draft beside the file, so
that neither a crash nor a second window, nor a second server, loses it.
"""

import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path

from reportgen.model.report import Report
from reportgen.paths import seems_file, shown
from reportgen.pipeline import Material
from reportgen.problems import FileTrouble
from reportgen.safe.decoding import MOST_BYTES, text_of
from reportgen.store.disk import fitting, is_kept_copy, read_bytes, write_new, write_whole
from reportgen.store.locking import alone_in
from reportgen.store.storing import backup_of, digest, folder_of

_INPUTS = "inputs"
_OUTPUTS = "outputs"
_SUFFIXES = frozenset({".yaml", ".yml"})
_DRAFT = ".草稿"
_FIRST = re.compile(r"# 尚未保存的草稿，改自 ([0-9a-f]{64})\n")
_DEEPEST = 4
MOST_REPORTS = 2000
"""So many reports of a workspace are listed."""


class Moved(FileTrouble):
    """The text is not any more what the page changed: another window, or another program, was at it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as the page has it.

    Attributes:
        name: its path below ``inputs``, with ``/`` on every system.
        path: where it is.
        saved: the bytes of the file.
        text: the draft's text; where there is none, the file's.
        base: the digest of the file that the draft was begun on.
        draft: True if there is a draft.
    """

    name: str
    path: Path
    saved: bytes
    text: str
    base: str
    draft: bool

    @property
    def revision(self) -> str:
        """What tells one state of the text from another."""
        return digest(self.text.encode())[:20]

    @property
    def moved(self) -> bool:
        """True if the file was changed since the draft was begun."""
        return self.draft and self.base != digest(self.saved)

    @property
    def material(self) -> Material:
        """The text as the steps take it."""
        return Material(self.name, self.text.encode() if self.draft else self.saved)


class Desk:
    """A workspace: its ``inputs`` and its ``outputs``. Links in it are never followed."""

    def __init__(self, folder: Path) -> None:
        """Take a folder; what is missing in it is made when the first report is."""
        self.folder = Path(os.path.realpath(folder))
        self.inputs = self.folder / _INPUTS
        self.outputs = self.folder / _OUTPUTS

    def reports(self) -> list[str]:
        """The names of all clerks' files, sorted."""
        return sorted(_listed(self.inputs, "", _DEEPEST))[:MOST_REPORTS]

    def open(self, name: str) -> Opened:
        """A report by its name.

        Raises:
            FileTrouble: there is none of this name, or it is no text.
        """
        return self.open_listed(name, self.path_of(name))

    def open_listed(self, name: str, path: Path) -> Opened:
        """A report that stands in the list.

        Raises:
            FileTrouble: it is gone by now, or no text.
        """
        saved = read_bytes(path, MOST_BYTES)
        text, findings = text_of(saved, name)
        if text is None:
            raise FileTrouble(f"{name}：{findings[0].message}。{findings[0].fix}")
        base, draft = _draft_of(path)
        if draft is None or draft == text:
            return Opened(name, path, saved, text, digest(saved), draft=False)
        return Opened(name, path, saved, draft, base, draft=True)

    def path_of(self, name: str) -> Path:
        """Where a listed report is: a name is compared with the list, never put into a path.

        Raises:
            FileTrouble: there is none of this name.
        """
        if name not in self.reports():
            raise FileTrouble("没有这份年报，可能已经改名或移走。请回到首页看一看。")
        return self.inputs.joinpath(*name.split("/"))

    def keep(self, opened: Opened, text: str) -> None:
        """Keep a text as the draft, if what the page saw is still what there is.

        Raises:
            Moved: it is not.
            FileTrouble: the disk refuses, or the text is too long.
        """
        content = text.encode()
        if len(content) > MOST_BYTES:
            raise FileTrouble("文字太长，不像一份年报，没有存。")
        with alone_in(opened.path.parent):
            if self.open(opened.name).revision != opened.revision:
                raise Moved("另一个窗口刚刚改过这份年报。已换成最新的内容，请看一看再改。")
            note = f"# 尚未保存的草稿，改自 {opened.base}\n"
            write_whole({_draft_path(opened.path): note.encode() + content})

    def save(self, opened: Opened, *, over: bool = False) -> Path | None:
        """Put the draft into the clerk's file.

        Args:
            opened: what the page saw.
            over: write even if the file was changed by another program; that file is kept beside.

        Returns:
            Where the file before is kept; None where nothing of it could be lost.

        Raises:
            Moved: the file or the draft is not any more what the page saw.
            FileTrouble: the disk refuses.
        """
        with alone_in(opened.path.parent):
            now = self.open(opened.name)
            if now.revision != opened.revision:
                raise Moved("另一个窗口刚刚改过这份年报，没有保存。已换成最新的内容，请看一看再存。")
            if now.moved and not over:
                raise Moved("文件在别的程序里改过，没有覆盖。")
            if not now.draft:
                return None
            backup = backup_of(now.path) if now.moved or _coding(now.saved) else None
            kept = {backup: now.saved} if backup else {}
            write_whole({**kept, now.path: _as_before(now.text, now.saved)})
            _draft_path(now.path).unlink(missing_ok=True)
            return backup

    def drop(self, opened: Opened) -> Path | None:
        """Take the draft away and keep it under a dated name beside the file; None where there is none."""
        with alone_in(opened.path.parent):
            now = self.open(opened.name)
            if not now.draft:
                return None
            backup = backup_of(now.path)
            write_whole({backup: now.text.encode()})
            _draft_path(now.path).unlink(missing_ok=True)
            return backup

    def create(self, organ: str, year: str, text: str) -> str:
        """Begin a report ``inputs/机关/年度.yaml``; its name.

        Raises:
            FileTrouble: there is one already, or the disk refuses.
        """
        folder = self.inputs / fitting(organ, "机关不明")
        if folder.is_symlink() or self.inputs.is_symlink():
            raise FileTrouble(f"{shown(folder)} 是链接，没有写。")
        write_new(folder / f"{year}.yaml", text.encode())
        return f"{folder.name}/{year}.yaml"

    def folder_of(self, report: Report) -> Path:
        """Where the files made of a report lie."""
        return folder_of(report, self.outputs)

    def made(self, report: Report) -> dict[str, Path]:
        """The files made of a report, by name; links are not among them."""
        folder = self.folder_of(report)
        if any(each.is_symlink() for each in (self.outputs, folder.parent, folder)) or not folder.is_dir():
            return {}
        found = {path.name: path for path in sorted(folder.iterdir()) if not path.name.startswith(".")}
        return {name: path for name, path in found.items() if path.is_file() and not path.is_symlink()}


def _listed(folder: Path, lead: str, depth: int) -> list[str]:
    """Names of clerks' files in a folder and its folders, without what is hidden, kept aside, or a link."""
    found: list[str] = []
    try:
        entries = list(os.scandir(folder)) if not folder.is_symlink() else []
    except OSError:
        return found
    for entry in entries:
        name = entry.name
        if name.startswith((".", "~$")) or entry.is_symlink() or not _is_readable(name):
            continue
        if entry.is_dir(follow_symlinks=False):
            found += _listed(folder / name, f"{lead}{name}/", depth - 1) if depth > 1 else []
        elif Path(name).suffix.lower() in _SUFFIXES and not is_kept_copy(Path(name)):
            found.append(lead + name)
    return found


def _is_readable(name: str) -> bool:
    """True for a name that can be shown and sent back as it is."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\\" not in name


def _draft_path(path: Path) -> Path:
    return path.with_name(f".{path.name}{_DRAFT}")


def _draft_of(path: Path) -> tuple[str, str | None]:
    """The digest that a draft was begun on, and its text; None where there is no draft of ours."""
    draft = _draft_path(path)
    if draft.is_symlink() or not seems_file(draft):
        return "", None
    text, _ = text_of(read_bytes(draft, 2 * MOST_BYTES), draft.name, 2 * MOST_BYTES)
    first = _FIRST.match(text or "")
    return (first[1], (text or "")[first.end() :]) if first else ("", None)


def _coding(saved: bytes) -> bool:
    """True if a file is not written in UTF-8 and will be: then the file before is kept."""
    try:
        saved.decode("utf-8-sig")
    except UnicodeDecodeError:
        return True
    return False


def _as_before(text: str, saved: bytes) -> bytes:
    """A text with the mark and the line ends that the file had."""
    mark = codecs.BOM_UTF8 if saved.startswith(codecs.BOM_UTF8) else b""
    ends = b"\r\n" if b"\r\n" in saved else b"\n"
    return mark + text.encode().replace(b"\n", ends)
