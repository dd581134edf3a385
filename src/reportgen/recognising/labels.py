"""Labels of a form as offices really type them, compared by their words."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from reportgen.chinese.numerals import NONE_SIGNS, ordinal
from reportgen.model.document import FoundCell, FoundTable
from reportgen.problems import Place

LIKE = 0.75
"""From here on two labels are the same label in other words."""

_SHORTENED = 0.7
_FEWEST_LEFT = 4
_SUMS = {"总计", "合计", "共计", "总数"}

_NUMBER = re.compile(
    r"\(([一二三四五六七八九十]{1,3}|\d{1,2})\)[.、,:]?"
    r"|([一二三四五六七八九十]{1,3}|\d{1,2})[.、,:)]"
    r"|(\d{1,2})(?=[\u4e00-\u9fff])"
    r"|第([一二三四五六七八九十]|\d)(?:部分|章)[.、,:]?"
)
_SILENT = re.compile(r"[\s.,、;:·\"'“”‘’「」『』《》〈〉<>()\[\]{}【】〔〕。!?*_\-—–/~…\u200b-\u200f\ufeff]")


class Label(NamedTuple):
    """A label by what counts: its words without signs, the same without its bracket, its number."""

    words: str
    core: str
    number: int | None


@lru_cache(maxsize=8192)
def label_of(text: str) -> Label:
    """The label in a text: ``（三）不予公开`` and ``(三) 不予公开`` are one."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:200]))
    number = _NUMBER.match(folded)
    rest = folded[number.end() :] if number else folded
    core = re.sub(r"\(.*", "", rest)
    words = _SILENT.sub("", rest)
    value = _value(next(part for part in number.groups() if part)) if number else None
    return Label(words, _SILENT.sub("", core) or words, value)


def likeness(found: Label, wanted: Label) -> float:
    """How alike two labels are, 0 to 1; 0 where they are not the same label.

    Equal words count as equal even under a wrong number; other words only under the same number.
    """
    numbers_differ = None not in (found.number, wanted.number) and found.number != wanted.number
    if found.words == wanted.words:
        return 0.98 if numbers_differ else 1.0
    if numbers_differ or not found.words:
        return 0.0
    if found.core == wanted.core:
        return 0.96
    ratio = max(_ratio(found.words, wanted.words), _ratio(found.core, wanted.core))
    if ratio >= LIKE:
        return ratio * 0.95
    if {found.words, wanted.words} <= _SUMS or _is_shortened(found.core, wanted.core):
        return _SHORTENED
    return 0.0


def best(text: str, known: Iterable[str]) -> tuple[int, float]:
    """The position of the known label that is most like the text, and how alike; (-1, 0.0) for none."""
    found = label_of(text)
    scores = [likeness(found, label_of(each)) for each in known]
    top = max(scores, default=0.0)
    return (scores.index(top), top) if top else (-1, 0.0)


def _is_shortened(found: str, wanted: str) -> bool:
    """True for words that leave some of the label out: 直接起诉 for 未经复议直接起诉, 维持 for 结果维持."""
    if len(found) >= _FEWEST_LEFT:
        rest = iter(wanted)
        return all(character in rest for character in found)
    return len(found) > 1 and len(wanted) - len(found) == len(found) and wanted.endswith(found)


@lru_cache(maxsize=8192)
def _ratio(first: str, second: str) -> float:
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _value(number: str) -> int:
    """An Arabic or Chinese number up to 99."""
    return int(number) if number.isascii() else ordinal(number)


# ── a found table on its grid: a merged cell stands in every place that it covers ─────────────────────

GridRow = tuple[FoundCell | None, ...]

_WIDEST = 64
"""More columns than this no report has; a broken document may claim any number."""

_FIGURE = re.compile(r"[-+−]?[\d,.]*\d\.?(?:[万亿]?元|[万亿件项个条次])?(?:\(.*\))?", re.S)


def grid_rows(table: FoundTable) -> tuple[GridRow, ...]:
    """The rows of a table, all cells at their grid columns; None where the grid has a hole."""
    rows: list[dict[int, FoundCell]] = [{} for _ in table.rows]
    for index, cells in enumerate(table.rows):
        column = 0
        for cell in cells:
            while column in rows[index]:
                column += 1
            if column >= _WIDEST:
                break
            reach = range(column, min(column + cell.columns, _WIDEST))
            for row in rows[index : index + cell.rows]:
                row.update((each, cell) for each in reach if each not in row)
            column = reach.stop
    return tuple(tuple(row.get(at) for at in range(max(row, default=-1) + 1)) for row in rows)


def said(cell: FoundCell | None) -> str:
    """What a cell says, without blanks around it."""
    return cell.text.strip(" \t\r\n\u3000\xa0\ufeff\u200b") if cell else ""


def is_figure(text: str) -> bool:
    """True for what stands where a number belongs: a number, or a sign for none."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return folded in NONE_SIGNS or bool(_FIGURE.fullmatch(folded))


def origins(row: GridRow, start: int = 0) -> list[tuple[int, FoundCell]]:
    """The cells of a row from a grid column on, each once, with its first column."""
    found: list[tuple[int, FoundCell]] = []
    before = row[start - 1] if 0 < start <= len(row) else None
    for column in range(start, len(row)):
        cell = row[column]
        if cell is not None and cell is not before:
            found.append((column, cell))
        before = cell
    return found


def place_of(row: GridRow) -> Place:
    """Where a row begins."""
    return next((cell.place for cell in row if cell is not None), Place(""))
