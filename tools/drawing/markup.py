"""WordprocessingML as text: the few elements that a template is made of."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def run(text: str, style: str = "") -> str:
    """A run of text; ``style`` is the id of a character style."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(style: str, *runs: str) -> str:
    """A paragraph of a named style; all its looks come from there."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def text(style: str, words: str) -> str:
    """A paragraph of one run."""
    return paragraph(style, run(words))


def tag(words: str) -> str:
    """A paragraph that stands for a template's tag alone and leaves nothing behind: ``{%p if … %}``."""
    return text("Tag", words)


def choose(branches: Iterable[tuple[str, str]]) -> str:
    """The first branch whose condition holds; an empty condition is the last branch, for all else."""
    made = []
    for number, (condition, content) in enumerate(branches):
        word = ("elif" if number else "if") if condition else "else"
        made += [tag(f"{{%p {word} {condition} %}}" if condition else "{%p else %}"), content]
    return "".join([*made, tag("{%p endif %}")])


def part(root: str, content: str) -> bytes:
    """A part of the package: the root element ``w:root`` around its content."""
    return f"{DECLARATION}<w:{root} {NAMESPACES}>{content}</w:{root}>".encode()
