"""What is read of a PDF that somebody made: bookmarks, what it claims to be."""

import io
import pickle
import pickletools
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Dictionary, Name, OutlineItem, Pdf

from reportgen.makers.pdf.reading import Contents, contents
from reportgen.problems import ToolFailed

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ID = "http://www.aiim.org/pdfa/ns/id/"


def read(change: Callable[[Pdf], None]) -> Contents:
    """What is read of an empty page after a change."""
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        made = io.BytesIO()
        document.save(made, fix_metadata_version=False)
    return contents(made.getvalue())


def with_marks(document: Pdf) -> None:
    with document.open_outline() as outline:
        for title in ("一、总体情况", "二、主动公开"):
            outline.root.append(OutlineItem(title, 0))
        outline.root[0].children.append(OutlineItem("（一）主动公开", 0))


def in_a_circle(document: Pdf) -> None:
    with_marks(document)
    last = document.Root.Outlines.Last
    last.Next = document.Root.Outlines.First


def claims(attributes: str = "", elements: str = "") -> Callable[[Pdf], None]:
    """Let a document claim something, and have the colours that PDF/A wants."""

    def change(document: Pdf) -> None:
        packet = (
            f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about="" '
            f'xmlns:pdfaid="{_ID}" {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>'
        )
        document.Root.Metadata = document.make_stream(packet.encode(), Type=Name.Metadata, Subtype=Name.XML)
        document.Root.OutputIntents = pikepdf.Array([Dictionary(S=Name.GTS_PDFA1)])

    return change


def test_bookmarks_of_the_first_level_are_read_in_order() -> None:
    assert read(with_marks).outline == ("一、总体情况", "二、主动公开")
    assert read(lambda _: None).outline == ()


def test_bookmarks_that_go_round_in_a_circle_are_refused() -> None:
    with pytest.raises(ToolFailed):
        read(in_a_circle)


@pytest.mark.parametrize(
    "claim",
    [
        claims(elements="<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"),
        claims(attributes='pdfaid:part="2" pdfaid:conformance="B"'),
    ],
)
def test_a_claim_counts_as_an_element_and_as_an_attribute(claim: Callable[[Pdf], None]) -> None:
    assert read(claim).pdfa == "2B"


def test_a_claim_that_is_no_xml_is_refused() -> None:
    with pytest.raises(ToolFailed):
        read(claims(elements="<pdfaid:part>2"))


def test_a_document_without_a_claim_is_no_archive_file() -> None:
    assert (read(lambda _: None).pdfa, read(claims()).pdfa) == ("", "")


def test_what_is_read_holds_nothing_of_the_library_that_read_it() -> None:
    def describe(document: Pdf) -> None:
        with_marks(document)
        document.docinfo.update({Name(f"/{key}"): key for key in ("Title", "Author", "Producer")})
        document.Root.Lang = pikepdf.String("zh-CN")

    found = read(describe)
    assert found.producer == "Producer"
    assert not [name for name in _modules(found) if name.startswith("pypdf")]


def _modules(found: Contents) -> set[str]:
    """What another process would have to import to be given this."""
    return {
        str(argument).partition(" ")[0]
        for opcode, argument, _ in pickletools.genops(pickle.dumps(found, 0))
        if opcode.name == "GLOBAL"
    }
