"""Where the words of a prose paragraph stand, so that a finding points at the very character."""

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from reportgen.chinese.numerals import ordinal_words
from reportgen.model.form import CellKey, Form
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Place


def paragraphs(report: Report) -> Iterator[tuple[str, Paragraph]]:
    """Every paragraph of the clerk's own words with its about-key: ``overview.3``, counted from 1."""
    for key, prose in report.prose.items():
        for number, paragraph in enumerate(prose, 1):
            yield f"{key}.{number}", paragraph


def named_part(form: Form, key: str) -> str:
    """A stretch of prose as messages name it: ``第五部分（存在问题）``."""
    return f"{numbered_part(form, key)}（{form.prose[key].name}）"


def numbered_part(form: Form, key: str) -> str:
    """The chapter that prose stands in as messages name it: ``第五部分``."""
    return f"第{ordinal_words(form.prose[key].chapter)}部分"


def numbered_table(report: Report, key: CellKey) -> str:
    """The table of a cell as messages name it, by its chapter: ``表三``."""
    return f"表{ordinal_words(report.form.index[key][0].chapter)}"


def place_at(paragraph: Paragraph, index: int, width: int = 1) -> Place:
    """The place of a character of the paragraph's text; the paragraph's own where only that is known."""
    at = bisect_right(paragraph.segments, index, key=itemgetter(0)) - 1
    start, place = paragraph.segments[max(0, at)]
    if not place.column or place.table:
        return place
    return place._replace(column=place.column + index - start, width=width)
