"""Headers and footers: their words are no part of the report; they may name it and count pages."""

import re
from collections.abc import Iterator, Sequence

from reportgen.chinese.numerals import scan
from reportgen.problems import Finding, Place, short
from reportgen.recognising.faults import fault

_PAGES = re.compile(r"[第共]?\s*\d+\s*页|[-—–－]\s*\d+\s*[-—–－]")
_SENTENCE = re.compile(r"[。；！？]|，")
_LONGEST = 60
_CHINESE = {"header": "页眉", "footer": "页脚"}


def unjudged(sides: Sequence[tuple[str, Sequence[str]]], year: str, file: str) -> Iterator[Finding]:
    """An error for each line of a header or footer that says more than a name, a title or a page number.

    Args:
        sides: of each header and footer its kind and its lines.
        year: the report's; empty where it has none.
        file: the name for places.
    """
    told: set[str] = set()
    for kind, lines in sides:
        for line in lines:
            if line not in told and _says_more(line, year):
                told.add(line)
                message = f"{_CHINESE[kind]}里的这句话没有和年报核对：“{short(line)}”。"
                fix = "页眉、页脚只放机关、标题和页码；其余的话请移到正文里，或删去。"
                yield fault("R33", message, [Place(file)], found=short(line), fix=fix)


def _says_more(line: str, year: str) -> bool:
    words = _PAGES.sub("", line).strip()
    numbers = scan(words)
    if len(words) > _LONGEST or _SENTENCE.search(words):
        return True
    if year and any(each.kind == "year" and str(each.value) != year for each in numbers):
        return True
    counted = (each for each in numbers if each.kind in ("count", "percent"))
    return any(each.unit or each.kind == "percent" for each in counted)
