"""Word documents, ours and those that offices polished or wrote themselves, into the clerk's nodes."""

from dataclasses import replace

from reportgen.model.form import Form
from reportgen.model.nodes import Document, Mapping
from reportgen.problems import Finding, Place
from reportgen.sources import Source


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The clerk's nodes of a report in Word, and what the work on it left behind."""
    # lxml takes long to import; whoever only asks for the source need not wait for it.
    from reportgen.sources.docx_tables.boxes import text_boxes
    from reportgen.sources.docx_tables.leftovers import left_in
    from reportgen.sources.docx_tables.package import Refused
    from reportgen.sources.docx_tables.walking import walk

    try:
        walked = walk(content, name)
    except Refused as refusal:
        return None, (replace(refusal.finding, places=(Place(name),)),)
    from reportgen.recognising import recognise  # slow to import, and a clerk's YAML does not need it

    node, findings = recognise(walked.document, forms)
    left = left_in(walked.package, walked.placed, name)
    return node, (*findings, *text_boxes(walked.package.document, name), *left)


def document_of(content: bytes, file: str) -> Document:
    """The paragraphs and tables of a .docx in order, as a reader sees them.

    Headers, footers, comments, text boxes and deleted text are left out.

    Raises:
        Refused: for what is no .docx, has a password, is too big or broken; with the finding.
    """
    from reportgen.sources.docx_tables.walking import walk

    return walk(content, file).document


def changed_around(before: bytes, now: bytes, file: str) -> tuple[Finding, ...]:
    """What a polished document has around its text that it had not as it was made."""
    from reportgen.sources.docx_tables.around import changed_around as changed

    return changed(before, now, file)


SOURCE = Source("Word 文档", (".docx",), read, around=changed_around)
