"""Found paragraphs as the clerk's light Markdown, so that reading it gives the same paragraphs again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from reportgen.document import FoundParagraph, Run
from reportgen.nodes import Text

_SIGNS = re.compile(r"\\(?=[\\*#{}<>_`\-.+!\[\]()])|\*|\{(?=\{)|<(?=https?://|mailto:)")
_FIRST = re.compile(r"#{1,6}(?=[ \t\u3000]*[^#\s])|-(?=[ \t]+\S)")
_FURTHEST = 60
"""A gap of more lines than this (a table, say) is not kept: the places behind it are then the text's own."""


def prose_node(paragraphs: Sequence[FoundParagraph]) -> Text | None:
    """Paragraphs as one text; None for none.

    In a text file the lines keep their distances and their indents, so a place in the prose is the place
    in the file; in a document paragraphs are counted, and one blank line stands between two of them.
    """
    shown = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    if not shown:
        return None
    pieces = [_mark(shown[0]) + _marked(shown[0])]
    for upper, lower in pairwise(shown):
        pieces += ["\n" * _distance(upper, lower), _indent(lower), _mark(lower), _marked(lower)]
    place = shown[0].place
    start = max(place.column - len(_mark(shown[0])), 1) if place.column else 0
    return Text("".join(pieces), replace(place, column=start), indent=min(start, 1))


def _distance(upper: FoundParagraph, lower: FoundParagraph) -> int:
    apart = lower.place.line - upper.place.line if lower.place.column else 2
    return max(apart, 2) if apart <= _FURTHEST else 2


def _indent(paragraph: FoundParagraph) -> str:
    return " " * (paragraph.place.column - 1 - len(_mark(paragraph)))


def _mark(paragraph: FoundParagraph) -> str:
    """What stands before its words."""
    if paragraph.level:
        return f"{'#' * min(paragraph.level, 6)} "
    return "- " if paragraph.item else ""


def _marked(paragraph: FoundParagraph) -> str:
    text = "".join(_runs(paragraph.runs)).strip()
    if paragraph.level or paragraph.item:
        return text
    return _FIRST.sub(lambda match: f"\\{match[0]}", text, count=1) if _FIRST.match(text) else text


def _runs(runs: Sequence[Run]) -> Iterator[str]:
    """Neighbours of one look together, bold ones between their marks."""
    for bold, group in groupby(runs, key=lambda run: run.bold):
        words = "".join(run.text for run in group).replace("\n", " ")
        text = _SIGNS.sub(lambda match: f"\\{match[0]}", words)
        yield f"**{text}**" if bold and text else text
