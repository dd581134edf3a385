"""Gathers from the disk what a run needs: forms, templates, the report; and mends a clerk's file."""

import codecs
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from reportgen.model.form import Form
from reportgen.model.form_file import WrongForm, form_from, known_together
from reportgen.paths import resolved, shown
from reportgen.pipeline import Material, Supplies
from reportgen.problems import FileTrouble, TemplateBroken
from reportgen.safe.decoding import text_of
from reportgen.sources.yaml import Mend, mended_text
from reportgen.store.disk import LARGEST as LARGEST
from reportgen.store.disk import ensure_new as ensure_new
from reportgen.store.disk import read_bytes as read_bytes
from reportgen.store.disk import write_new as write_new
from reportgen.store.disk import write_whole as write_whole
from reportgen.store.locking import alone_in
from reportgen.store.storing import MANIFEST as MANIFEST
from reportgen.store.storing import Written as Written
from reportgen.store.storing import backup_of
from reportgen.store.storing import digest as digest
from reportgen.store.storing import folder_of as folder_of
from reportgen.store.storing import store as store
from reportgen.store.storing import store_beside as store_beside

LEXICON = Path(__file__).resolve().parents[1] / "checks" / "claims" / "lexicon.yaml"
"""What sentences call the concepts of the forms."""


def templates_folder() -> Path:
    """Where the forms and Word templates are: in the package when installed, beside ``src`` in a checkout."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "templates", here.parents[1] / "templates"):
        if folder.is_dir():
            return folder
    raise TemplateBroken(f"找不到范本文件夹 templates（找过 {here}）。请重新安装 reportgen。")


def supplies(folder: Path | None = None, *, templates: bool = True) -> Supplies:
    """The forms of a templates folder and, unless ``templates`` is False, their Word templates.

    Raises:
        TemplateBroken: where a form cannot be understood.
        FileTrouble: where a file cannot be read.
    """
    folder = folder or templates_folder()
    paths = sorted(folder.glob("*/form.yaml"))
    if not paths:
        raise TemplateBroken(f"{folder} 里没有任何 form.yaml。")
    try:
        forms = _forms(tuple((str(path), read_bytes(path)) for path in (LEXICON, *paths)))
    except WrongForm as error:
        raise TemplateBroken(f"{folder} 里的表样文件互相矛盾：{error}") from error
    words = {form.id: folder / form.id / "report.docx" for form in forms} if templates else {}
    return Supplies(forms, {name: read_bytes(path) for name, path in words.items() if path.exists()})


def sheet_template(folder: Path | None = None) -> bytes:
    """The template of the hand-over sheet: of a templates folder if it has one, else the program's own.

    Raises:
        FileTrouble: where it cannot be read.
    """
    from reportgen.archiving.sheet import TEMPLATE  # knows digests, which reports do without

    own = folder / TEMPLATE if folder else None
    return read_bytes(own if own and own.exists() else templates_folder() / TEMPLATE)


@lru_cache(maxsize=8)
def _forms(files: tuple[tuple[str, bytes], ...]) -> tuple[Form, ...]:
    """The forms of these files, the same values as long as the process asks for the same files.

    The first file is the lexicon of their sentences.
    """
    lexicon, *forms = files
    return known_together((_form(*each) for each in forms), _parsed(lexicon[1]))


def _parsed(content: bytes) -> Any:
    return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _form(path: str, content: bytes) -> Form:
    try:
        return form_from(_parsed(content))
    except (yaml.YAMLError, ValueError, KeyError, TypeError) as error:
        raise TemplateBroken(f"{path} 不是正确的表样文件：{error}") from error


def material(path: Path) -> Material:
    """A report as it is on the disk, with the name that messages use for it."""
    return Material(shown(path), read_bytes(path))


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
