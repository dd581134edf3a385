"""PDFs with text, whoever printed them, into the clerk's nodes: words and ruled tables by their places.

A PDF has characters at places and lines that are drawn, and neither paragraphs nor tables. What is found by
such signs may be wrong; what is not sure is named, and the rules judge the figures as everybody's. Only
``read`` takes a PDF: a person looks at what came of it.
"""

from reportgen.model.form import Form
from reportgen.model.nodes import Mapping
from reportgen.problems import Finding, Place
from reportgen.sources import Source


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The clerk's nodes of a report as a PDF with text."""
    from reportgen.recognising import recognise  # slow to import, and a clerk's YAML does not need it
    from reportgen.recognising.faults import fault
    from reportgen.sources.pdf_pages.parts import document_of

    document, doubts = document_of(content, name)
    if document is None:
        return None, doubts
    node, findings = recognise(document, forms)
    message = "这份 PDF 是按文字和表格线的位置读的。"
    note = fault("R38", message, (Place(name),), fix="请对照原来的文件看一遍，特别是表格里的数和各段的分合。")
    return node, (note, *doubts, *findings)


SOURCE = Source("PDF", (".pdf",), read, once=True)
