"""Word documents, ours and those that offices polished or wrote themselves, into the clerk's nodes."""

from dataclasses import replace

from reportgen.model.form import Form
from reportgen.model.nodes import Document, Mapping, Shown
from reportgen.problems import Finding, Place
from reportgen.safe.decoding import text_of
from reportgen.sources import Source, misnamed


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The clerk's nodes of a report in Word, what was not read, and what the work on it left behind.

    No nodes come of a document that would fetch or run something: no program may open it.
    """
    # lxml takes long to import; whoever only asks for the source need not wait for it.
    from reportgen.sources.docx.leftovers import left_in
    from reportgen.sources.docx.package import Refused
    from reportgen.sources.docx.sides import floating, unjudged, unnumbered
    from reportgen.sources.docx.unseen import unseen_in
    from reportgen.sources.docx.walking import walk

    try:
        walked = walk(content, name)
    except Refused as refusal:
        if yaml := misnamed(text_of(content, name)[0], name):
            return None, yaml
        return None, (replace(refusal.finding, places=(Place(name),)),)
    if walked.grave:
        return None, walked.findings
    from reportgen.recognising import recognise  # slow to import, and a clerk's YAML does not need it

    node, findings = recognise(walked.document, forms)
    left = left_in(walked.package, walked.placed, name)
    year = getattr(node.get("年度") if node is not None else None, "value", "")
    sides = (*unjudged(walked.sides, year, name), *floating(walked.package, year, name))
    sides += tuple(unnumbered(walked.package, name))
    return node, (*findings, *walked.findings, *sides, *unseen_in(walked), *left)


def document_of(content: bytes, file: str) -> Document:
    """The paragraphs and tables of a .docx in order, as a reader sees them.

    Headers, footers, comments, notes, text boxes and deleted text are left out.

    Raises:
        Refused: for what is no .docx, has a password, is too big or broken; with the finding.
    """
    from reportgen.sources.docx.walking import walk

    return walk(content, file).body


def shown(content: bytes, file: str) -> Shown:
    """All that a reader of a .docx sees, with places; nothing of what cannot be read."""
    from reportgen.sources.docx.package import Refused
    from reportgen.sources.docx.walking import walk

    try:
        return walk(content, file).shown
    except Refused:
        return Shown()


def left_behind(content: bytes, file: str) -> tuple[tuple[Finding, ...], bool]:
    """What the work on a .docx left in it and what in it cannot be read, whatever it says.

    Returns:
        The findings, and True if a program that opens the document would fetch or run something.
    """
    from reportgen.sources.docx.leftovers import left_in
    from reportgen.sources.docx.package import Refused
    from reportgen.sources.docx.walking import walk

    try:
        walked = walk(content, file)
    except Refused as refusal:
        return (replace(refusal.finding, places=(Place(file),)),), True
    return (*walked.findings, *left_in(walked.package, walked.placed, file)), walked.grave


def changed_around(before: bytes, now: bytes, file: str) -> tuple[Finding, ...]:
    """What a polished document has around its text that it had not as it was made."""
    from reportgen.sources.docx.leftovers import changed_around as changed

    return changed(before, now, file)


SOURCE = Source("Word 文档", (".docx",), read, around=changed_around, shown=shown)
