"""Web pages, ours and those that offices published, into the clerk's nodes."""

from dataclasses import replace

from reportgen.model.form import Form
from reportgen.model.nodes import Document, Mapping
from reportgen.problems import Finding, Place
from reportgen.safe.decoding import text_of
from reportgen.sources import Source, misnamed


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The clerk's nodes of a report on a web page."""
    if b"<" not in content and (yaml := misnamed(text_of(content, name)[0], name)):
        return None, yaml
    document, findings = document_of(content, name)
    if document is None:
        return None, findings
    from reportgen.recognising import recognise  # slow to import, and a clerk's YAML does not need it

    node, more = recognise(document, forms)
    return node, findings + more


def document_of(content: bytes, file: str) -> tuple[Document | None, tuple[Finding, ...]]:
    """The paragraphs and tables of a page in order, as a reader sees them; None where it cannot be read.

    Scripts, navigation, forms, hidden elements and text boxes are left out. A paragraph's place is its
    number, as in Word: the lines of a page's text say nothing to whoever looks at the page.
    """
    # lxml takes long to import; whoever only asks for the source need not wait for it.
    from reportgen.sources.html_page.tree import Refused, tree_of
    from reportgen.sources.html_page.walk import walked

    try:
        tree, findings = tree_of(content, file)
    except Refused as refusal:
        return None, tuple(replace(each, places=each.places or (Place(file),)) for each in refusal.findings)
    return walked(tree, file), findings


SOURCE = Source("网页", (".html", ".htm"), read)
