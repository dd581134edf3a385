"""A file inside a PDF, which is then PDF/A-3: the clerk's own text, from which the report was made."""

from datetime import datetime
from pathlib import PurePath

from pikepdf import Array, AttachedFileSpec, Name, Pdf, String

from reportgen.makers import Attachment
from reportgen.makers.pdf.metadata import pdf_date
from reportgen.problems import ToolFailed

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
