"""The archive packages of a workspace: made, kept in its folder ``archive``, and found there again."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.archiving.gathering import gathered
from reportgen.archiving.package import MANIFEST, MARK, check, opened, package, zipped
from reportgen.paths import seems_folder, shown
from reportgen.problems import Failure, FileTrouble
from reportgen.store.desk import Desk
from reportgen.store.disk import read_bytes, read_folder, write_whole
from reportgen.store.locking import alone_in
from reportgen.store.storing import backup_of

ARCHIVE = "archive"
"""The folder of packages, below the workspace; the command ``archive`` writes there, too."""


def packed(said: Mapping[str, Any], files: Mapping[str, bytes], sheet: bytes) -> tuple[str, bytes]:
    """The package of a report's finished files, as ``archive --zip`` gives it: its name and its bytes.

    Args:
        said: the manifest of the report's folder.
        files: what lies there, by name.
        sheet: the template of the hand-over sheet.

    Raises:
        Failure: the report is not finished, or its files are not as they were made.
    """
    chosen = gathered(said, files)
    name = f"{chosen.stem}{MARK}"
    return f"{name}.zip", zipped(package(chosen, sheet), name)


def keep(desk: Desk, name: str, content: bytes) -> tuple[Path, Path | None]:
    """Put a package into the archive; where it lies, and where another one of its name is kept now.

    Raises:
        FileTrouble: the disk refuses, or the archive is a link.
    """
    path = desk.folder / ARCHIVE / name
    if path.is_symlink() or path.parent.is_symlink():
        raise FileTrouble(f"{shown(path)} 是链接，没有写。")
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone_in(path.parent):
        before = read_bytes(path) if os.path.lexists(path) else None
        if before == content:
            return path, None
        backup = backup_of(path) if before is not None else None
        write_whole({**({backup: before} if backup and before is not None else {}), path: content})
    return path, backup


class Archives:
    """The packages of a workspace, each looked into once for each state of its file."""

    def __init__(self, desk: Desk) -> None:
        """Take the workspace."""
        self.folder = desk.folder / ARCHIVE
        self._known: dict[tuple[str, int, int], frozenset[str]] = {}

    def has(self, folder: Path, said: Mapping[str, Any]) -> bool:
        """True if a package that is whole holds every PDF of a report's folder, and its source.

        Args:
            folder: of the report among the outputs.
            said: its manifest.
        """
        names = [path for path in folder.glob("*.pdf") if path.is_file() and not path.is_symlink()]
        if not names or self.folder.is_symlink():
            return False
        digests = {hashlib.sha256(read_bytes(path)).hexdigest() for path in names}
        wanted = digests | {str(said.get("input", {}).get("sha256"))}
        stems = {path.stem for path in names}
        return any(wanted <= self._held(f"{stem}{MARK}") for stem in sorted(stems))

    def _held(self, name: str) -> frozenset[str]:
        """The digests of what lies in a package, as a zip or as a folder; none where it is not whole."""
        for path in (self.folder / f"{name}.zip", self.folder / name):
            if path.is_symlink() or not path.exists():
                continue
            about = path.stat()
            key = (str(path), about.st_mtime_ns, about.st_size)
            if key not in self._known or seems_folder(path):
                self._known[key] = _looked_into(path)
            if self._known[key]:
                return self._known[key]
        return frozenset()


def _looked_into(path: Path) -> frozenset[str]:
    try:
        files = read_folder(path) if seems_folder(path) else opened(read_bytes(path))
        if not check(files).good:
            return frozenset()
    except Failure:
        return frozenset()
    return frozenset(
        hashlib.sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST
    )
