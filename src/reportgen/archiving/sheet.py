"""The sheet that is signed when a package is handed over: each file with its digests in print.

Who receives the package can hold the paper against what ``reportgen verify`` says years later. An office may
edit its template, ``templates/handover.docx``, in Word or WPS.
"""

import hashlib
import html
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reportgen import itself
from reportgen.problems import TemplateBroken, ToolMissing
from reportgen.safe.unpacking import ensure_modest, part_of
from reportgen.wording import Words

TITLE = "归档移交清单"
TEMPLATE = "handover.docx"

_LARGEST = 16 * 1024 * 1024
"""Bytes of a sheet's Word file unpacked; it has a page or two."""

_TEXT = re.compile("<w:t(?: [^>]*)?>([^<]*)</w:t>")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class Digests:
    """A file's size and digests."""

    size: int
    sha256: str
    sm3: str

    def as_json(self) -> dict[str, object]:
        """The same as the manifest holds it."""
        return {"bytes": self.size, "sha256": self.sha256, "sm3": self.sm3}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the package, and what it is."""

    name: str
    kind: str
    digests: Digests


@dataclass(frozen=True, slots=True)
class Answer:
    """A finding that a person answered: its code, how grave it was, what it says, and the reason given."""

    code: str
    level: str
    message: str
    reason: str


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
    answers: tuple[Answer, ...] = ()


def as_docx(sheet: Sheet, template: bytes) -> bytes:
    """The sheet as a Word file, always with the same stamps; its properties bear the next New Year's Day.

    Raises:
        TemplateBroken: the template cannot be filled, prints other digests than those of the files, or leaves
            out what a person answered.
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
    printed = _squeezed(_words_of(made))
    answered = (words for each in sheet.answers for words in (each.message, each.reason))
    if not all(_squeezed(words) in printed for words in answered):
        raise TemplateBroken(
            f"移交清单的模板 {TEMPLATE} 没有印出人工核对过的问题和理由，"
            "请改回 {{ 答复.问题 }} 和 {{ 答复.理由 }}，照程序自带的模板那样逐条写。"
        )
    return made


def _words_of(docx: bytes) -> str:
    """The text of a sheet's Word file."""
    with zipfile.ZipFile(io.BytesIO(docx)) as word:
        xml = part_of(word, "word/document.xml", _LARGEST).decode()
    return html.unescape("".join(_TEXT.findall(xml)))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def as_pdf(docx: bytes, year: int, software: str) -> bytes:
    """The same as PDF/A, dated as the next New Year's Day, drawn by the first converter that lacks nothing.

    Raises:
        ToolMissing: none is there, or its fonts are not; ``not_printed`` tells beforehand.
    """
    from reportgen.makers import maker_for
    from reportgen.makers.pdf import beijing
    from reportgen.makers.pdf.finishing import Finish, finished
    from reportgen.makers.pdf.metadata import About

    maker = maker_for("pdf")
    if sentence := not_printed():
        raise ToolMissing(sentence)
    assert maker and maker.convert
    return finished(maker.convert(docx), Finish(About(software, beijing(year + 1, 1, 1))))


def not_printed() -> str:
    """A Chinese sentence saying why no sheet can become a PDF on this machine; empty where it can."""
    from reportgen.makers import maker_for

    maker = maker_for("pdf")
    if maker is None or maker.convert is None:
        return "没有能打印移交清单的转换程序。"
    return maker.missing()


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
        "核对": [
            {"编号": each.code, "级别": each.level, "问题": each.message, "理由": each.reason}
            for each in sheet.answers
        ],
        "清单": [_entry(number, each) for number, each in enumerate(sheet.entries, start=1)],
    }


def _entry(number: int, entry: Entry) -> dict[str, object]:
    sha256, sm3 = _texts(entry.digests)
    said = {"序号": number, "名称": entry.name, "种类": entry.kind, "大小": entry.digests.size}
    return said | {"SHA256": sha256, "SM3": sm3}


def _texts(digests: Digests) -> tuple[str, str]:
    return digests.sha256, digests.sm3


# ── digests: SHA-256, and SM3 for offices that keep to national ciphers ───────────────────────────────


def digests(content: bytes) -> Digests:
    """The digests of a file.

    Raises:
        ToolMissing: this Python knows no SM3.
    """
    return Digests(len(content), hashlib.sha256(content).hexdigest(), _sm3()(content))


def _sm3() -> Callable[[bytes], str]:
    """SM3 (GB/T 32905) of this Python's OpenSSL, else of the library that comes with the signing tools."""
    if "sm3" in hashlib.algorithms_available:
        return lambda content: hashlib.new("sm3", content).hexdigest()
    try:
        from cryptography.hazmat.primitives import hashes
    except ImportError:
        raise ToolMissing(f"这台电脑的 Python 不会算 SM3。{itself.getting('cryptography')}") from None

    def with_library(content: bytes) -> str:
        running = hashes.Hash(hashes.SM3())
        running.update(content)
        return running.finalize().hex()

    return with_library
