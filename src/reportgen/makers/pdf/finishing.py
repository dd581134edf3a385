"""What is done to every PDF after it was converted: one opening, one saving.

Whichever converter drew it, the file gets the same descriptions, tags and identifiers, the source inside if
it is wanted, and the empty signature field where the seal goes.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

import pikepdf
from pikepdf import Array, AttachedFileSpec, Name, Pdf, String

from reportgen.makers import Attachment
from reportgen.makers.pdf.metadata import About, describe, pdf_date
from reportgen.makers.pdf.same_bytes import saved, set_chance
from reportgen.makers.pdf.tags import document_tag, set_tags
from reportgen.problems import ToolFailed
from reportgen.signing.field import add_field
from reportgen.signing.seal_place import SealPlace

_TYPES = {
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ODD = "转换出来的 PDF 里已经有附件，不能再附上原文件。请去掉 --attach-source 再试。"
_TOLD = "生成本报告的原文件"


def attach(document: Pdf, file: Attachment, stamp: datetime) -> None:
    """Put a file into a PDF, as the source of the whole document (ISO 19005-3, 6.8).

    Raises:
        ToolFailed: the PDF has files inside already.
    """
    if len(document.attachments) or "/AF" in document.Root:
        raise ToolFailed(_ODD)
    suffix = PurePath(file.name).suffix
    spec = AttachedFileSpec(
        document,
        file.content,
        description=_TOLD,
        filename=file.name,
        mime_type=_TYPES.get(suffix.lower().lstrip("."), "application/octet-stream"),
        creation_date=pdf_date(stamp),
        mod_date=pdf_date(stamp),
    )
    plain = f"source{suffix}" if suffix[1:].isalnum() and suffix.isascii() else "source"
    spec.obj.AFRelationship = Name.Source
    spec.obj.F = String(plain)  # for readers that know no other letters than Latin ones
    document.attachments[file.name] = spec
    document.Root.AF = Array([document.make_indirect(spec.obj)])


# ── what is done to every PDF after it was converted: one opening, one saving ─────────────────────────

NOT_WHOLE = (
    "没有得到完整的 PDF：转换程序给出的文件打不开。请重试；仍不行，请用 Word 或 WPS 把 Word 文件另存一次。"
)
"""What is told of a converter that gave no whole PDF."""


@dataclass(frozen=True, slots=True)
class Finish:
    """What a PDF is to be given.

    Attributes:
        about: what it says of itself, and the time that it bears.
        attached: a file to carry inside.
        seal: where an empty signature field is to be; None for no field.
    """

    about: About
    attached: Attachment | None = None
    seal: SealPlace | None = None

    @property
    def stamp(self) -> datetime:
        """The time that the file bears."""
        return self.about.stamp


def finished(raw: bytes, finish: Finish) -> bytes:
    """The PDF of a converter, finished; the same bytes for the same input.

    Args:
        raw: as the converter made it.
        finish: what it is to be given.

    Raises:
        ToolFailed: it is no whole PDF, or is built so that it cannot be finished.
    """
    try:
        with pikepdf.open(io.BytesIO(raw), attempt_recovery=False, inherit_page_attributes=False) as document:
            if not len(document.pages):
                raise ToolFailed(NOT_WHOLE)
            return _finished(document, finish)
    except pikepdf.PdfError as error:
        raise ToolFailed(NOT_WHOLE) from error


def _finished(document: pikepdf.Pdf, finish: Finish) -> bytes:
    set_chance(document, finish.stamp)
    set_tags(document)
    describe(document, finish.about)
    if finish.attached:
        attach(document, finish.attached, finish.stamp)
    if finish.seal:
        add_field(document, finish.seal, document_tag(document))
    return saved(document)
