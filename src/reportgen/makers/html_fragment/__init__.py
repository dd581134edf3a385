"""Makes the .html: one self-contained fragment for the editor of a government website.

The sentences that a report has from its template stand in the template alone, so the page is made from the
made (or polished) Word document's paragraphs; the tables are drawn from form and figures.
"""

from reportgen.makers import Maker, Order, Proof


def make(order: Order) -> bytes:
    """The report as a fragment of HTML, in UTF-8; a draft says so in its first line."""
    # lxml takes long to import; whoever only asks for the maker need not wait for it.
    from reportgen.makers.html_fragment.drawing import drawn, parts_of

    return drawn(order, parts_of(order.made["docx"], order.report)).encode()


def prove(order: Order, content: bytes) -> Proof:
    """What reading the made fragment again shows."""
    from reportgen.makers.html_fragment.proof import prove as proved

    return proved(order, content)


MAKER = Maker(name="html", takes="docx", gives="html", make=make, prove=prove)
