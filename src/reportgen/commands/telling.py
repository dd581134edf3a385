"""Findings as a clerk reads them on a screen.

The shape is: place and code · the clerk's own line with a caret · expected and found · 怎么改 · 依据.
Several findings about one wrong number are printed as one, with its echoes below; many of one kind (fifteen
blank cells) as one with a list of places.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportgen.commands.usage import width
from reportgen.problems import LEVELS, Finding, Level, Place
from reportgen.problems import grouped as grouped

_NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
MOST = 50
"""So many findings of a report are printed; of the others, how many there are."""

_KINDS = 12
_LONGEST = 300
"""Characters of a sentence or a quotation that are printed."""

_MANY = 3
"""From this many findings of one code on, only the first is printed in full."""


def tell(findings: Iterable[Finding], lines: Sequence[str]) -> str:
    """The findings, the gravest first, echoes under the finding that they repeat; so many as a person reads.

    Args:
        findings: any number.
        lines: the lines of the text that the places count in; empty for documents that are no text.
    """
    told: dict[tuple[str, str], list[tuple[Finding, ...]]] = {}
    groups = grouped(findings)
    for group in groups[:MOST]:
        told.setdefault((group[0].chinese, group[0].code), []).append(group)
    parts = ["\n".join(_of_a_kind(groups, lines)) for groups in told.values()]
    return "\n".join([*parts, *([_untold(groups[MOST:])] if len(groups) > MOST else [])])


def _untold(groups: Sequence[tuple[Finding, ...]]) -> str:
    """How many more there are, and of which kinds; the gravest stand first, and those were told."""
    counts = Counter(finding.code for group in groups for finding in group)
    kinds = "，".join(f"{code} {count} 条" for code, count in counts.most_common(_KINDS))
    more = "……" if len(counts) > _KINDS else ""
    return f"还有 {counts.total()} 条没有列出（{kinds}{more}）。请先改好列出的；要看全部，请加 --json。\n"


def _of_a_kind(groups: Sequence[tuple[Finding, ...]], lines: Sequence[str]) -> Iterator[str]:
    """Findings of one code: each in full, or where they are many the first and a list of the others."""
    if len(groups) < _MANY:
        for group in groups:
            yield from _told(group, lines)
        return
    *first, blank = _told(groups[0], lines)
    yield from first
    yield f"    同类问题另有 {len(groups) - 1} 处："
    for finding, *_ in groups[1:]:
        where = ":".join(_where(finding.places[0])) if finding.places else ""
        reason = f"（理由：{_cut(finding.answer.reason)}）" if finding.answer else ""
        yield f"      {where + '  ' if where else ''}{_cut(finding.message)}{reason}"
    yield blank


def summary(findings: Iterable[Finding]) -> str:
    """How many findings of each level: ``2 个错误，1 个提醒``."""
    return counted(Counter(finding.level for finding in findings))


def counted(levels: Mapping[Level, int]) -> str:
    """The same of findings that were counted before."""
    counts = [f"{levels[level]} 个{level.chinese}" for level in LEVELS if levels.get(level)]
    return "，".join(counts) or "没有发现问题"


def _told(group: tuple[Finding, ...], lines: Sequence[str]) -> Iterator[str]:
    first, *echoes = group
    where = ":".join(_where(first.places[0]) if first.places else ())
    yield f"{where + '  ' if where else ''}{first.chinese} {first.code}  {_cut(first.message)}"
    for place in _shown(first.places):
        yield from _quoted(place, lines)
    for name, words in first.sides:
        if words:
            yield f"    {name}：{_visible(_cut(words))}"
    if echoes:
        yield f"    牵动：同一处还使另外 {len(echoes)} 个等式不平"
        yield from (
            f"      {echo.code}  {_cut(f'{echo.message}{echo.expected}，而{echo.found}')}"
            for echo in echoes[:4]
        )
        if len(echoes) > 4:
            yield f"      …… 另有 {len(echoes) - 4} 个"
    reason = first.answer.reason if first.answer else ""
    for name, words in (("理由", _cut(reason)), ("怎么改", _cut(first.fix)), ("依据", _cut(first.basis))):
        if words:
            yield f"    {name}：{words}"
    yield ""


def _cut(words: str) -> str:
    """Words with their end left out where they are many, and how many they are."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}……（共 {len(words)} 个字）"


def _visible(words: str) -> str:
    """The words with signs that have no width named, so that two sides that differ look different."""
    return _NO_WIDTH.sub(lambda sign: f"[看不见的字符 U+{ord(sign[0]):04X}]", words)


def _where(place: Place) -> Iterator[str]:
    yield place.file
    if place.table or place.sheet or (place.line and place.in_document):
        yield place.words
    else:
        yield from (str(number) for number in (place.line, place.column) if number)


def _shown(places: Sequence[Place]) -> Iterator[Place]:
    """The first three places in different lines."""
    seen: set[int] = set()
    for place in places:
        if place.line and place.line not in seen and len(seen) < 3:
            seen.add(place.line)
            yield place


def _quoted(place: Place, lines: Sequence[str]) -> Iterator[str]:
    """The clerk's line with carets below, cut to what a screen holds."""
    if not place.column or place.line > len(lines):
        return
    line = lines[place.line - 1].replace("\t", " ")
    start = max(0, place.column - 1 - 30)
    cut = line[start : start + 64]
    before, number = cut[: place.column - 1 - start], f"{place.line:>6}"
    marked = cut[len(before) : len(before) + max(1, place.width)]
    lead, tail = "..." if start else "", "..." if len(line) > start + 64 else ""
    yield f"{number} | {lead}{cut}{tail}"
    yield f"{'':>6} | {' ' * (width(before) + width(lead))}{'^' * max(1, width(marked))}"
