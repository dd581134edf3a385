"""WordprocessingML as text: the few elements that a template is made of.

Styles stand by the names that an office reads; see ``document``.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

LINE_BREAK = "<w:r><w:br/></w:r>"
"""A run that begins a new line of the same paragraph."""


def run(text: str, style: str = "") -> str:
    """A run of text; ``style`` is the name of a character style."""
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
    return text("模板标签", words)


def choose(branches: Iterable[tuple[str, str]]) -> str:
    """The first branch whose condition holds; an empty condition is the last branch, for all else."""
    made = []
    for number, (condition, content) in enumerate(branches):
        word = ("elif" if number else "if") if condition else "else"
        made += [tag(f"{{%p {word} {condition} %}}" if condition else "{%p else %}"), content]
    return "".join([*made, tag("{%p endif %}")])
