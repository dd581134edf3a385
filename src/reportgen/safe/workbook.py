"""What a workbook may hold before any program opens it. Bytes in, a sentence out."""

import io
import re
import zipfile
from xml.parsers import expat

from reportgen.safe.package import BrokenLists, contents_of
from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest, part_of

LARGEST = 64 * 1024 * 1024
"""Bytes of all parts of a workbook together."""
_MOST_STYLES = 60_000
"""Tags of the part with the styles: openpyxl makes an object of each, which takes long."""
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_SAVE = "请用 Excel 或 WPS 打开，另存为 .xlsx（Excel 工作簿）再读。"
_BOOK = "spreadsheetml.sheet.main+xml"
_MACROS = ("vbaProject", "macrosheet", "xlMacrosheet", "xlIntlMacrosheet", "dialogsheet")
_OBJECTS = ("oleObject", "package", "control", "activeXControlBinary")


class NotOpened(ValueError):
    """A file is no workbook, or one that must not be opened; ``str()`` says why and ``fix`` what to do."""

    def __init__(self, message: str, fix: str = _SAVE) -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.fix = fix


def ensure_plain(content: bytes, most: int = LARGEST) -> None:
    """See that a workbook has no password, no programs, nothing from elsewhere, and is no bomb.

    Args:
        content: the file.
        most: bytes of all its parts together.

    Raises:
        NotOpened: it is otherwise.
    """
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise NotOpened("这个工作簿有打开密码，读不了。", "请用 Excel 打开，去掉打开密码，另存一份再读。")
        raise NotOpened("这是旧格式的工作簿（.xls），读不了。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            ensure_modest(archive, most)
            _ensure_plain(archive, most)
    except NotOpened:
        raise
    except TooBig as error:
        raise NotOpened("这个工作簿太大，不像一份填报用的表。", "请删去无关的内容，另存一份再读。") from error
    except (BrokenLists, *BROKEN, expat.ExpatError, SyntaxError) as error:
        raise NotOpened("这不是能打开的 .xlsx 工作簿，可能已经损坏。") from error


def _ensure_plain(archive: zipfile.ZipFile, most: int) -> None:
    contents = contents_of(archive)
    kind = contents.types.get(contents.main, "")
    kinds = {link.kind for link in contents.links}
    if "macroEnabled" in kind or kinds & set(_MACROS):
        raise NotOpened("这个工作簿里有宏（自动运行的程序），没有读。", "请另存为不带宏的 .xlsx 再读。")
    if not kind.endswith(_BOOK):
        raise NotOpened("这不是 .xlsx 工作簿。")
    if contents.doubled:
        raise NotOpened("这个工作簿里有重名的部分，没有读。")
    if kinds & set(_OBJECTS):
        raise NotOpened("这个工作簿里有别的程序的文件或控件，没有读。", "请删去它们，另存一份再读。")
    if any(link.outside and link.kind != "hyperlink" for link in contents.links):
        raise NotOpened(
            "这个工作簿要打开文件以外的东西，没有读。", "请断开外部链接（“数据”里的“编辑链接”），再另存一份。"
        )
    for name in contents.names.values():
        _ensure_harmless(name, part_of(archive, name, most).replace(b"\0", b""))


def _ensure_harmless(name: str, part: bytes) -> None:
    """See that a part, without the zeros of UTF-16, declares nothing and has no flood of styles."""
    if name.lower().endswith("styles.xml") and part.count(b"<") > _MOST_STYLES:
        raise TooBig
    if _DECLARED.search(part):
        raise NotOpened("这个工作簿里有不该有的写法（实体），没有读。")
