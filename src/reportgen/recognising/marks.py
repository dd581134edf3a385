"""Found paragraphs as the clerk's light Markdown, so that reading it gives the same paragraphs again."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from reportgen.model.document import FoundParagraph, Run
from reportgen.model.nodes import Items, Text

_SIGNS = re.compile(r"\\|\*|\{(?=\{)|<(?=https?://|mailto:)")
_FIRST = re.compile(r"#{1,6}(?=[ \t\u3000]*[^#\s])|-(?=[ \t]+\S)")
_FURTHEST = 60
"""A gap of more lines than this (a table, say) is not kept: the places behind it are then the text's own."""


def prose_node(paragraphs: Sequence[FoundParagraph]) -> Text | Items | None:
    """Paragraphs as one text, or a list of texts where paragraphs are counted; None for none.

    In a text file the lines keep their distances and their indents, so a place in the prose is the place
    in the file.
    """
    shown = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    if not shown:
        return None
    first = shown[0]
    if not first.place.column:
        texts = tuple(Text(_mark(each) + _marked(each), each.place) for each in shown)
        return texts[0] if len(texts) == 1 else Items(texts, first.place)
    pieces = [_mark(first) + _marked(first)]
    for upper, lower in pairwise(shown):
        pieces += ["\n" * _distance(upper, lower), _indent(lower), _mark(lower), _marked(lower)]
    start = max(first.place.column - len(_mark(first)), 1)
    return Text("".join(pieces), first.place._replace(column=start), indent=1)


def _distance(upper: FoundParagraph, lower: FoundParagraph) -> int:
    apart = lower.place.line - upper.place.line
    return apart if 2 <= apart <= _FURTHEST else 2


def _indent(paragraph: FoundParagraph) -> str:
    return " " * (paragraph.place.column - 1 - len(_mark(paragraph)))


def _mark(paragraph: FoundParagraph) -> str:
    """What stands before its words."""
    if paragraph.level:
        return f"{'#' * min(paragraph.level, 6)} "
    return "- " if paragraph.item else ""


def _marked(paragraph: FoundParagraph) -> str:
    text = "".join(_runs(paragraph.runs)).strip()
    if paragraph.level:
        return f"\\{text}" if text.startswith("#") else text
    if paragraph.item:
        return text
    return _FIRST.sub(lambda match: f"\\{match[0]}", text, count=1) if _FIRST.match(text) else text


def _runs(runs: Sequence[Run]) -> Iterator[str]:
    """Neighbours of one look together, bold ones between their marks."""
    for bold, group in groupby(runs, key=lambda run: run.bold):
        words = "".join(run.text for run in group).replace("\n", " ")
        text = _SIGNS.sub(lambda match: f"\\{match[0]}", words)
        yield f"**{text}**" if bold and text else text
