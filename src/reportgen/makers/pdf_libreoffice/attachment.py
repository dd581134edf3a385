"""A file inside a PDF, which is then PDF/A-3: the clerk's own text, from which the report was made."""

import hashlib
import re
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath

from reportgen.makers import Attachment
from reportgen.makers.pdf_libreoffice.font_order import Objects
from reportgen.makers.pdf_libreoffice.metadata import hexed
from reportgen.problems import ToolFailed

_TYPES = {
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ODD = "LibreOffice 生成的 PDF 里已经有附件，不能再附上原文件。请去掉 --attach-source 再试。"


def attaching(file: Attachment, stamp: datetime) -> Callable[[Objects, bytes], None]:
    """The step that puts a file into a PDF, as the source of the whole document."""

    def attach(objects: Objects, trailer: bytes) -> None:
        root = re.search(rb"/Root (\d+) 0 R", trailer)
        catalog = int(root[1]) if root else 0
        body = objects.get(catalog, b"")
        if not body or b"/Names" in body or b"/AF" in body:
            raise ToolFailed(_ODD)
        held = max(objects) + 1
        objects[held] = _held(file, stamp)
        objects[held + 1] = _named(file, held)
        at = body.rindex(b">>")
        listed = b"/Names<</EmbeddedFiles<</Names[%s %d 0 R]>>>>/AF[%d 0 R]"
        entry = listed % (hexed(file.name), held + 1, held + 1)
        objects[catalog] = body[:at] + entry + body[at:]

    return attach


def _held(file: Attachment, stamp: datetime) -> bytes:
    """The stream with the file's bytes."""
    zone = f"{stamp:%z}" or "+0000"
    date = f"(D:{stamp:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}')".encode()
    packed = zlib.compress(file.content)
    digest = hashlib.md5(file.content, usedforsecurity=False).hexdigest().encode()
    kind = _TYPES.get(PurePath(file.name).suffix.lower().lstrip("."), "application/octet-stream")
    return (
        b"\n<</Type/EmbeddedFile/Subtype/%s/Filter/FlateDecode/Length %d"
        b"/Params<</Size %d/ModDate%s/CreationDate%s/CheckSum<%s>>>>>\nstream\n%s\nendstream\n"
    ) % (kind.replace("/", "#2F").encode(), len(packed), len(file.content), date, date, digest, packed)


def _named(file: Attachment, held: int) -> bytes:
    """The file's name and what it is to the document."""
    suffix = PurePath(file.name).suffix
    plain = f"source{suffix}" if suffix[1:].isalnum() and suffix.isascii() else "source"
    name = hexed(file.name)
    return b"\n<</Type/Filespec/F(%s)/UF%s/Desc%s/AFRelationship/Source/EF<</F %d 0 R/UF %d 0 R>>>>\n" % (
        plain.encode(),
        name,
        hexed("生成本报告的原文件"),
        held,
        held,
    )
