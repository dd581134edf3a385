"""What the page shows, as values: drawn from ``Form``, filled from what the steps said. No HTML, no disk."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from reportgen.checks.answering import name_of
from reportgen.makers.html_fragment.drawing import page_grid
from reportgen.model.form import CellKey, Form, Identity, Table
from reportgen.model.keys import FIELDS
from reportgen.model.layout import Grid, PrintedCell
from reportgen.model.nodes import Mapping as NodeMapping
from reportgen.model.prose import Paragraph
from reportgen.model.report import Figure, Report
from reportgen.pipeline import Outcome
from reportgen.problems import LEVELS, Finding, Level, grouped
from reportgen.sources.yaml.editing import entry_text
from reportgen.wording import style_of

LINES = ("organ", "short", "level", "scope", "year", "date", "phone", "mail", "address", "postcode")
"""Fields of one line, in the order of the page; 网站 and 依据 follow."""


# ── a table as HTML lays it out ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a drawn table: its cells in order, and the row of figures that it has (empty for none)."""

    cells: tuple[PrintedCell, ...]
    row: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """An identity over columns as the foot of a table shows it.

    Attributes:
        words: the identity in words.
        label: how many columns its words take.
        sums: what stands right of them: the sum's name and how many columns it takes.
    """

    words: str
    label: int
    sums: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table: head, bodies (one, or one a block), the foot's identities, and the one that rows have."""

    table: Table
    caption: str
    grid: Grid
    head: tuple[Line, ...]
    bodies: tuple[tuple[Line, ...], ...]
    foot: tuple[Balance, ...]
    across: Identity | None


def tables_of(form: Form) -> list[Drawn]:
    """The tables of a form, to be drawn."""
    return [_drawn(table, form) for table in form.tables]


def _drawn(table: Table, form: Form) -> Drawn:
    grid = page_grid(table)
    lines = [_line(grid, number) for number in range(1, grid.rows + 1)]
    starts = [cell.row - 1 for cell in grid.cells if cell.role == "band"] or [grid.head]
    ends = [*starts[1:], grid.rows]
    across = next(
        (each for block in table.blocks for each in block.identities if each.axis == "columns"), None
    )
    return Drawn(
        table,
        form.chapters[table.chapter - 1].heading,
        grid,
        tuple(lines[: grid.head]),
        tuple(tuple(lines[start:end]) for start, end in zip(starts, ends, strict=True)),
        tuple(_balances(table, form)),
        across if table.arrangement == "stacked" else None,
    )


def _line(grid: Grid, number: int) -> Line:
    cells = sorted((cell for cell in grid.cells if cell.row == number), key=lambda cell: cell.column)
    rows = {cell.key.row for cell in cells if cell.key}
    return Line(tuple(cells), rows.pop() if len(rows) == 1 else "")


def _balances(table: Table, form: Form) -> Iterator[Balance]:
    if table.arrangement == "beside":
        each = [(identity, left, len(block.columns)) for block in table.blocks
                for identity in block.identities for left, _ in identity.equations(block)]  # fmt: skip
        sums = tuple((sum_name(identity, left), span) for identity, left, span in each)
        if sums:
            yield Balance(form.pages[each[0][0].code].what, 0, sums)
        return
    for block in table.blocks:
        for identity in block.identities:
            if identity.axis == "rows":
                sums = tuple((sum_name(identity, left), 1) for left, _ in identity.equations(block))
                yield Balance(form.pages[identity.code].what, table.stub_columns, sums)


def sum_name(identity: Identity, left: Iterable[CellKey]) -> str:
    """The name of one equation: ``T3-01:new.person``."""
    return f"{identity.code}:{next(iter(left))}"


# ── what is shown of a report at this moment ─────────────────────────────────────────────────────────


def view_of(outcome: Outcome, last: Report | None) -> dict[str, Any]:
    """A report as the page shows it: what was typed, what is reckoned, what is wrong.

    Where the report cannot be read there is nothing but findings.
    """
    report = outcome.report
    view = {"form": report.form.id if report else "", **findings_of(outcome)}
    if report is None:
        return view
    return {
        **view,
        "title": report.form.usual_title(report.organ.name, report.year),
        "fields": _fields(outcome.node, report),
        "prose": _prose(outcome.node, report.form),
        "printed": {key: [_printed(each) for each in prose] for key, prose in report.prose.items()},
        "cells": {str(key): _cell(key, each, last) for key, each in report.cells.items()},
        "sums": dict(_sums(report)),
        "answers": {name_of(each.code, each.sentence): each.words for each in report.answers},
        "zeros": [table.key for table in report.form.tables if _is_all_zero(outcome.node, table)],
    }


def findings_of(outcome: Outcome) -> dict[str, Any]:
    """What is wrong with a report: the findings, those of one cause together, and how many there are."""
    parts = _parts(outcome.report.form) if outcome.report else {}
    replies = Counter(each.reply for each in outcome.findings)
    counts = {level.value: sum(each.level is level for each in outcome.findings) for level in LEVELS}
    said = "，".join(f"{counts[each.value]} 个{each.chinese}" for each in LEVELS if counts[each.value])
    return {
        "findings": [_finding(group, parts, replies) for group in grouped(outcome.findings)],
        "counts": counts,
        "said": said or "没有发现问题",
    }


def _printed(paragraph: Paragraph) -> dict[str, Any]:
    """A paragraph as it gets printed: marks carried out, quoted figures put in."""
    return {"style": style_of(paragraph), "runs": [[run.text, run.bold] for run in paragraph.runs]}


def _fields(node: NodeMapping | None, report: Report) -> dict[str, str]:
    fields = {key: entry_text(node, FIELDS[key]) for key in LINES}
    fields |= {line.name: entry_text(node, line.name) for line in report.form.lines}
    fields["site"], fields["url"] = report.contact.site, report.contact.url
    fields["laws"] = "\n".join(report.laws)
    if report.form.fee:
        name = report.form.fee.name
        fields |= {f"fee:{word}": entry_text(node, name, word) for word in ("件数", "金额")}
    return fields


def _prose(node: NodeMapping | None, form: Form) -> dict[str, str]:
    return {
        each.key: entry_text(node, each.name)
        if form.outer[each.key] is each
        else entry_text(node, form.outer[each.key].name, each.name)
        for each in form.prose.values()
    }


def _is_all_zero(node: NodeMapping | None, table: Table) -> bool:
    return bool(entry_text(node, table.name))


def _cell(key: CellKey, figure: Figure, last: Report | None) -> dict[str, str]:
    """A cell: as typed (empty where nobody did), as printed, its remark, and last year's figure."""
    cell = {"typed": (figure.raw or figure.text) if figure.place else "", "shown": figure.text}
    if figure.remark:
        cell["remark"] = figure.remark
    if last and key in last.cells:
        cell["last"] = last.cells[key].text
    return cell


def _sums(report: Report) -> Iterator[tuple[str, dict[str, str]]]:
    """Every equation: both sides, how they compare, and by how much they differ (empty where they do not)."""
    for each in report.sums():
        left, right = _number(each.left_sum), _number(each.right_sum)
        off = each.left_sum - each.right_sum
        yield (
            sum_name(each.identity, each.left),
            {"left": left, "right": right, "off": _number(abs(off)) if off else ""},
        )


def _number(number: Any) -> str:
    return f"{number.normalize():f}" if number else "0"


class _Part(NamedTuple):
    """A part of a report: the page's key for it, and what a clerk calls it."""

    key: str
    words: str


def _parts(form: Form) -> dict[str, _Part]:
    """The parts that findings may be about, by the findings' names for them."""
    parts = {key: _Part(f"field:{key}", word) for key, word in FIELDS.items()}
    parts |= {line.name: _Part(f"field:{line.name}", line.name) for line in form.lines}
    parts |= {"url": _Part("field:url", "网址"), "fees": _Part("fee:件数", form.fee.name if form.fee else "")}
    parts |= {f"table.{each.key}": _Part(f"table:{each.key}", each.name) for each in form.tables}
    parts |= {key: _Part(f"prose:{key}", each.name) for key, each in form.prose.items()}
    return parts | {str(key): _Part(f"cell:{key}", form.label(key)) for key in form.index}


def _finding(
    group: tuple[Finding, ...], parts: Mapping[str, _Part], replies: Mapping[str, int]
) -> dict[str, Any]:
    first, *echoes = group
    place = first.places[0] if first.places else None
    about = [parts[name] for each in group for name in map(partial(_named, parts), each.about) if name]
    return {
        "code": first.code,
        "level": first.level.value,
        "word": first.chinese,
        "message": first.message,
        "sides": [[name, words] for name, words in first.sides if words],
        "fix": first.fix,
        "basis": first.basis,
        "about": list(dict.fromkeys(each.key for each in about)),
        "where": about[0].words if about else place.words if place else "",
        "echoes": [f"{echo.code} {echo.message}{echo.expected}，而{echo.found}" for echo in echoes],
        "answer": name_of(first.code, first.sentence) if _is_open(first) else "",
        "reply": first.reply,
        "settles": replies[first.reply],
        "reason": first.answer.reason if first.answer else "",
    }


def _is_open(finding: Finding) -> bool:
    """True if a person may answer a finding, and nobody has."""
    return bool(finding.sentence) and finding.level is not Level.NOTE and finding.answer is None


def _named(parts: Mapping[str, _Part], about: str) -> str:
    """The part that something stands in: ``overview`` for its third paragraph; empty for what has none."""
    return about if about in parts else about.partition(".")[0] if about.partition(".")[0] in parts else ""


# ── this year beside last year ───────────────────────────────────────────────────────────────────────


def compared(report: Report, last: Report) -> list[dict[str, Any]]:
    """Every row of every table with figures of two years, table by table; bars are parts of the largest."""
    return [
        {"name": report.form.chapters[table.chapter - 1].heading, "rows": list(_rows(table, report, last))}
        for table in report.form.tables
    ]


def _rows(table: Table, report: Report, last: Report) -> Iterator[dict[str, Any]]:
    """The rows of a table that have a figure in either year."""
    figures = {
        key: (last.cells[key].value if key in last.cells else None, report.cells[key].value)
        for key, _, _ in table.cells()
    }
    most = max((max(before or 0, now) for before, now in figures.values()), default=0)
    for key, (before, now) in figures.items():
        if before or now:
            yield {
                "label": report.form.label(key),
                "before": "无此格" if before is None else _number(before),
                "now": _number(now),
                "changed": before is not None and before != now,
                "change": "" if before is None else f"{now - before:+f}",
                "bars": [round(100 * float(max(each or 0, 0)) / float(most), 1) for each in (before, now)],
            }
