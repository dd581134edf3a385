"""What comes back from outside: somebody's document beside what was understood, a polished one's changes."""

from collections.abc import Iterator
from typing import Any

from reportgen.examining import Material, Outcome
from reportgen.model.nodes import Document, FoundParagraph
from reportgen.model.report import Report
from reportgen.problems import Finding
from reportgen.safe.decoding import text_of
from reportgen.web.editing import entry_text

_MOST_LINES = 2000
_CHANGES = ("K01", "K02", "K03")


def taken_from(material: Material) -> list[str]:
    """The words of somebody's document, line by line, to be seen beside what was understood."""
    if material.kind in ("html", "htm"):
        from reportgen.sources.html_page import document_of

        document, _ = document_of(material.content, material.name)
        return list(_lines(document or ()))[:_MOST_LINES]
    if material.kind == "docx":
        return list(_of_word(material))[:_MOST_LINES]
    text, _ = text_of(material.content, material.name)
    return (text or "").split("\n")[:_MOST_LINES]


def _of_word(material: Material) -> Iterator[str]:
    from reportgen.sources.docx import document_of

    yield from _lines(document_of(material.content, material.name))


def _lines(document: Document) -> Iterator[str]:
    for each in document:
        if isinstance(each, FoundParagraph):
            yield each.text
        else:
            yield from ("　".join(cell.text for cell in row) for row in each.rows)


def offers(outcome: Outcome, origin: Outcome) -> list[dict[str, Any]]:
    """The changes of a polished document: what it was, what it is, and the change of the YAML that follows it.

    Where ``key`` is empty the page cannot take the change over, and a person does.
    """
    report = origin.report
    told = (each for each in outcome.findings if each.code in _CHANGES)
    return [_offer(each, report, origin) for each in told]


def _offer(finding: Finding, report: Report | None, origin: Outcome) -> dict[str, Any]:
    key, value = _change(finding, report, origin)
    return {
        "code": finding.code,
        "message": finding.message,
        "before": finding.expected,
        "after": finding.found,
        "key": key,
        "value": value,
    }


def _change(finding: Finding, report: Report | None, origin: Outcome) -> tuple[str, str]:
    about = finding.about[0] if finding.about else ""
    if report is None:
        return "", ""
    if about in {str(key) for key in report.cells}:
        return f"cell:{about}", finding.found
    key = about.partition(".")[0]
    if key not in report.form.prose or finding.expected == "没有这一句":
        return "", ""
    passage, outer = report.form.prose[key], report.form.outer[key]
    names = (passage.name,) if outer is passage else (outer.name, passage.name)
    return _in_prose(key, entry_text(origin.node, *names), report, finding)


def _in_prose(key: str, text: str, report: Report, finding: Finding) -> tuple[str, str]:
    """The passage with the sentence replaced, where it stands there once and as it was."""
    if not text:  # a document gives the whole chapter where the clerk wrote it part by part
        return "", ""
    if text.count(finding.expected) != 1:
        return "", ""
    after = "" if finding.found == "删去了这一句" else finding.found
    return f"prose:{key}", text.replace(finding.expected, after)
