"""A clerk's YAML file mended where it lies; the file before is kept beside it."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from reportgen.model.form import Form
from reportgen.paths import resolved, shown
from reportgen.problems import FileTrouble
from reportgen.safe.decoding import text_of
from reportgen.sources.yaml import Mend, mended_text
from reportgen.store.disk import read_bytes, write_whole
from reportgen.store.locking import alone_in
from reportgen.store.storing import backup_of


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

    A file that needs nothing is not touched, nor is one that is no text; checking it tells why. GBK becomes
    UTF-8, and so does UTF-16 where anything else is mended.

    Raises:
        FileTrouble: where the disk refuses, or somebody else is at it. The file is as it was.
    """
    path = resolved(path)
    content = read_bytes(path)
    text, notes = text_of(content, shown(path))
    if text is None:
        return Fixed()
    mended = mended_text(text, forms)
    if not (mended.mends or notes):
        return Fixed()
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    coding = "UTF-16" if wide else "GBK" if notes else ""
    ends = b"\r\n" if "\r\n" in content.decode("utf-16" if wide else "latin-1") else b"\n"
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    with alone_in(path.parent):
        if read_bytes(path) != content:
            raise FileTrouble(f"{shown(path)} 刚刚被别的程序改过，没有动它。请再运行一次。")
        backup = backup_of(path)
        write_whole({backup: content, path: mark + mended.text.encode().replace(b"\n", ends)})
    return Fixed(mended.mends, coding, backup)
