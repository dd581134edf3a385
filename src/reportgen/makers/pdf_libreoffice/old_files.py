"""Files of older and other programs into .docx by LibreOffice: one call for each, that follows no link."""

import time
from collections.abc import Mapping
from pathlib import Path

from reportgen.makers.pdf_libreoffice.convert import LIMITS, Limits, call
from reportgen.makers.pdf_libreoffice.office import find_soffice, office_missing, release_of
from reportgen.makers.pdf_libreoffice.process import WorkingFolder
from reportgen.makers.pdf_libreoffice.profile import IMPORT, write_profile
from reportgen.paths import reason
from reportgen.problems import ToolFailed, ToolMissing

FILTERS: Mapping[str, str] = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format"}
"""Kind → the import filter, forced. LibreOffice writes no .wps; one of WPS is a .doc by another name."""

_SAVE = "请用 WPS 打开，另存为 .docx，再读那一份。"


def as_docx(content: bytes, kind: str, limits: Limits = LIMITS) -> bytes:
    """A file as a .docx, as LibreOffice reads it.

    Args:
        content: the file, which is of that kind: LibreOffice would take any text for one.
        kind: one of ``FILTERS``.
        limits: how long to wait.

    Raises:
        ToolMissing: LibreOffice is not installed.
        ToolFailed: it gave no file.
    """
    if office_missing():
        raise ToolMissing(f"要读 .{kind} 文件，这台电脑上得有 LibreOffice，没有找到。{_SAVE}")
    try:
        return _converted(content, kind, limits)
    except OSError as error:
        raise ToolFailed(f"没有读成，用不了临时文件夹，或启动不了 LibreOffice：{reason(error)}") from error


def _converted(content: bytes, kind: str, limits: Limits) -> bytes:
    soffice = find_soffice() or Path()
    end = time.monotonic() + limits.document
    with WorkingFolder() as place:
        folder, out = place.folder, place.folder / "out"
        given = folder / f"old.{kind}"
        given.write_bytes(content)
        out.mkdir()
        write_profile(folder / "profile", release_of(soffice))
        arguments = [f"--infilter={FILTERS[kind]}", "--convert-to", f"docx:{IMPORT}", "--outdir", str(out)]
        call(soffice, place, [*arguments, str(given)], (limits.start, end))
        made = out / "old.docx"
        if not made.is_file() or not made.stat().st_size:
            raise ToolFailed(f"LibreOffice 打不开这份 .{kind} 文件。{_SAVE}")
        return made.read_bytes()
