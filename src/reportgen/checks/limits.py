"""How much prose the rules judge: no report has more, and whatever it says, judging it ends soon."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from reportgen.model.nodes import Run
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Finding, Level

FAULTS: dict[str, str] = {"X98": "文字太长，后面的没有核对"}
"""Code → what is wrong, as the list of faults names it."""

LONGEST = 5_000
"""Characters of a paragraph that are judged: three closely printed pages."""

MOST_NUMBERS = 120
"""Numbers of a paragraph that are judged: each is compared with others, and no paragraph needs as many."""

NUMBERS_TOGETHER = 1_000
"""Numbers of all prose that are judged."""

TOGETHER = 100_000
"""Characters of all prose that are judged: that of a province has a tenth."""

_NUMBER = re.compile(r"\d[\d.,]*|[一二三四五六七八九十百千万两零〇](?=[件条项份个次宗起元])")


def judged(report: Report) -> tuple[Report, tuple[Finding, ...]]:
    """The report with as much of its prose as is judged, and the error about the rest.

    A paragraph that is cut keeps its place and number. Returns the report itself where nothing is too long.
    """
    left, numbers = TOGETHER, NUMBERS_TOGETHER
    prose: dict[str, tuple[Paragraph, ...]] = {}
    cut: list[tuple[str, Paragraph]] = []
    for key, paragraphs in report.prose.items():
        kept = []
        for number, paragraph in enumerate(paragraphs, 1):
            ends = _ends(paragraph.text, min(MOST_NUMBERS, numbers))
            size = min(ends[-1], left)
            left, numbers = left - size, numbers - len(ends) + 1
            whole = size >= len(paragraph.text)
            kept.append(paragraph if whole else _shortened(paragraph, size))
            cut += [] if whole else [(f"{key}.{number}", paragraph)]
        prose[key] = tuple(kept)
    return (replace(report, prose=prose), (_told(cut),)) if cut else (report, ())


def _ends(text: str, most: int) -> list[int]:
    """The ends of the numbers that are judged, and last the end of what is judged of a text."""
    found = list(islice(_NUMBER.finditer(text, 0, LONGEST), most + 1))
    whole = min(LONGEST, len(text)) if len(found) <= most else found[-1].start()
    return [*(match.end() for match in found[:most]), whole]


def _shortened(paragraph: Paragraph, size: int) -> Paragraph:
    return replace(
        paragraph,
        runs=tuple(_runs(paragraph.runs, size)) or (Run(""),),
        segments=tuple(each for each in paragraph.segments if each[0] < size) or paragraph.segments[:1],
    )


def _runs(runs: tuple[Run, ...], size: int) -> Iterator[Run]:
    for run in runs:
        if size <= 0:
            return
        yield run._replace(text=run.text[:size])
        size -= len(run.text)


def _told(cut: list[tuple[str, Paragraph]]) -> Finding:
    """An error: what was not judged must not be signed."""
    return Finding(
        "X98",
        Level.ERROR,
        f"有 {len(cut)} 段文字太长或数字太多，后面的没有逐句核对。",
        places=tuple(dict.fromkeys(paragraph.place for _, paragraph in cut)),
        expected=f"每段不超过 {LONGEST} 个字、{MOST_NUMBERS} 个数，"
        f"全文不超过 {TOGETHER} 个字、{NUMBERS_TOGETHER} 个数",
        found=f"最长的一段 {max(len(paragraph.text) for _, paragraph in cut)} 个字",
        fix="请把长的段落分成几段；不是年报内容的文字，请删去。",
        about=tuple(key for key, _ in cut),
    )
