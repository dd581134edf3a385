"""The package of a Word document, opened as if somebody meant harm."""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from reportgen.problems import Finding
from reportgen.recognising.faults import fault
from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest

MOST_BYTES = 16 * 1024 * 1024
"""No report's part is bigger unpacked; a bomb is."""

MOST_TOGETHER = 64 * 1024 * 1024
"""All parts of a report together, its pictures too, are no bigger unpacked."""

MOST_TAGS = 400_000
"""So many elements no report has, whatever Word noted in it of who typed what."""

MOST_PARTS = 2_000
_MACROS = "vbaProject.bin"

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "请用 Word 或 WPS 打开，另存为 .docx 后再读。"
_MAIN = "word/document.xml"
_BESIDE = re.compile(r"word/(?:comments|footnotes|endnotes|header\w*|footer\w*)\.xml")
_MOST_BESIDE = 24


class Refused(Exception):
    """What was given is no Word document that can be read; carries the finding."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        """Make the finding; the caller knows the place."""
        super().__init__(message)
        self.finding: Finding = fault(code, message, fix=fix)


class Package(NamedTuple):
    """The parts that matter; styles and numbering may be absent.

    ``beside`` has what stands beside the running text: comments, notes, headers and footers, by file name.
    """

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    beside: Mapping[str, etree._Element] = {}


def opened(content: bytes) -> Package:
    """The parts of a .docx.

    Raises:
        Refused: for what is none, has a password, is too big or broken.
    """
    if content.startswith(_OLE):
        raise _old(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            _refuse_strange(names)
            if _MAIN not in names:
                raise Refused("R20", "这个文件里没有 Word 正文，不是 Word 文档（.docx）。", _SAVE)
            ensure_modest(archive, MOST_TOGETHER)
            document = _part(archive, _MAIN)
            styles, numbering = (
                _part(archive, name) if name in names else None
                for name in ("word/styles.xml", "word/numbering.xml")
            )
            sides = sorted(filter(_BESIDE.fullmatch, names))[:_MOST_BESIDE]
            if sum(archive.getinfo(name).file_size for name in sides) > MOST_BYTES // 4:
                raise _too_big("批注或页眉")
            beside = {name.removeprefix("word/"): _part(archive, name) for name in sides}
    except TooBig as error:
        raise _too_big("内容") from error
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise _broken(content) from error
    return Package(document, styles, numbering, beside)


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace: there are two, transitional and strict."""
    return str(element.tag).rpartition("}")[2]


def member(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of this name."""
    if element is None:
        return None
    return next((child for child in element if name_of(child) == name), None)


def value_of(element: etree._Element | None, key: str = "val") -> str:
    """An attribute by its name without namespace; empty where there is none."""
    if element is None:
        return ""
    for name, value in element.attrib.items():
        if etree.QName(name).localname == key:
            return str(value)
    return ""


def is_on(element: etree._Element | None) -> bool:
    """True for a switch that is there and not turned off."""
    return element is not None and value_of(element).lower() not in {"0", "false", "off", "none"}


def _refuse_strange(names: set[str]) -> None:
    """Stop before parts that no report has."""
    if len(names) > MOST_PARTS:
        raise Refused("R22", "这个 Word 文档的内容过多，不像一份年报。", "请检查文件，删去多余的内容。")
    if any(name.endswith(_MACROS) for name in names):
        fix = "请另存为不带宏的 .docx（Word 文档）再读。"
        raise Refused("R26", "这个 Word 文档里有宏（自动运行的程序），没有读。", fix)


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise Refused("R21", "这个 Word 文档有密码，读不出来。", "请去掉密码后另存为 .docx 再读。")
    with archive.open(info) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES or content.count(b"<") > MOST_TAGS:
        raise _too_big("正文")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    if b"<!DOCTYPE" in content:
        raise Refused("R23", "这个 Word 文档里有不该有的内容（DTD），没有读。", _SAVE)
    return etree.fromstring(content, parser)


def _too_big(what: str) -> Refused:
    return Refused("R22", f"这个 Word 文档的{what}过大，不像一份年报。", "请检查文件，删去多余的内容。")


def _old(content: bytes) -> Refused:
    if _ENCRYPTED in content:
        return Refused("R21", "这个 Word 文档有密码，读不出来。", "请去掉密码后另存为 .docx 再读。")
    return Refused("R20", "这是旧版 Word（.doc）文件，不是 .docx。", _SAVE)


def _broken(content: bytes) -> Refused:
    if content.startswith(b"PK"):
        return Refused("R23", "这个 Word 文档已损坏，读不出来。", "请找回未损坏的文件，或重新另存一份。")
    return Refused("R20", "这个文件不是 Word 文档（.docx）。", _SAVE)
