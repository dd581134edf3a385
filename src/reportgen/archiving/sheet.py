"""The sheet that is signed when a package is handed over: each file with its digests in print.

Who receives the package can hold the paper against what ``reportgen verify`` says years later. An office may
edit its template, ``templates/handover.docx``, in Word or WPS.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date

from reportgen.archiving.digests import Digests
from reportgen.problems import TemplateBroken, ToolMissing
from reportgen.safe.unpacking import ensure_modest, part_of
from reportgen.wording import Words

TITLE = "归档移交清单"
TEMPLATE = "handover.docx"

_LARGEST = 16 * 1024 * 1024
"""Bytes of a sheet's Word file unpacked; it has a page or two."""

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the package, and what it is."""

    name: str
    kind: str
    digests: Digests


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet says."""

    organ: str
    year: int
    title: str
    basis: str
    software: str
    entries: tuple[Entry, ...]
    note: str = ""


def as_docx(sheet: Sheet, template: bytes) -> bytes:
    """The sheet as a Word file, always with the same stamps; its properties bear the next New Year's Day.

    Raises:
        TemplateBroken: the template cannot be filled, or prints other digests than those of the files.
    """
    from reportgen.makers.docx_docxtpl.filling import filled  # Jinja takes long to import

    words = Words(_names(sheet), (), f"{sheet.title}{TITLE}", sheet.organ, date(sheet.year + 1, 1, 1))
    try:
        made = filled(template, words)
    except TemplateBroken as error:
        raise TemplateBroken(f"移交清单的模板 {TEMPLATE} 有误：{error}") from error
    if printed_digests(made) != {text for each in sheet.entries for text in _texts(each.digests)}:
        raise TemplateBroken(
            f"移交清单的模板 {TEMPLATE} 没有如实印出每个文件的 SHA-256 和 SM3 校验值，"
            "请改回 {{ 文件.SHA256 }} 和 {{ 文件.SM3 }}，各放在一个格子的一段里。"
        )
    return made


def as_pdf(docx: bytes, year: int, software: str) -> bytes:
    """The same as PDF/A, dated as the next New Year's Day, drawn by the first converter that lacks nothing.

    Raises:
        ToolMissing: none is there, or its fonts are not.
    """
    from reportgen.makers import maker_for
    from reportgen.makers.pdf import beijing
    from reportgen.makers.pdf.finishing import Finish, finished
    from reportgen.makers.pdf.metadata import About

    maker = maker_for("pdf")
    if maker is None or maker.convert is None:
        raise ToolMissing("没有能打印移交清单的转换程序。")
    if sentence := maker.missing():
        raise ToolMissing(sentence)
    return finished(maker.convert(docx), Finish(About(software, beijing(year + 1, 1, 1))))


def printed_digests(docx: bytes) -> set[str]:
    """The digests that a sheet's Word file prints, as hexadecimal.

    Raises:
        TooBig: it unpacks to more than a sheet.
        zipfile.BadZipFile and the others of ``reportgen.safe.unpacking.BROKEN``: it cannot be opened.
    """
    with zipfile.ZipFile(io.BytesIO(docx)) as word:
        ensure_modest(word, _LARGEST)
        return set(_DIGEST.findall(part_of(word, "word/document.xml", _LARGEST).decode()))


def _names(sheet: Sheet) -> dict[str, object]:
    """What the template may ask for."""
    return {
        "机关": sheet.organ,
        "年度": sheet.year,
        "题名": sheet.title,
        "表样": sheet.basis,
        "软件": sheet.software,
        "份数": len(sheet.entries),
        "注意": sheet.note,
        "清单": [_entry(number, each) for number, each in enumerate(sheet.entries, start=1)],
    }


def _entry(number: int, entry: Entry) -> dict[str, object]:
    sha256, sm3 = _texts(entry.digests)
    said = {"序号": number, "名称": entry.name, "种类": entry.kind, "大小": entry.digests.size}
    return said | {"SHA256": sha256, "SM3": sm3}


def _texts(digests: Digests) -> tuple[str, str]:
    return digests.sha256, digests.sm3
