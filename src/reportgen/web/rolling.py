"""The reports of a folder added up into one, with its workbook, as ``reportgen rollup`` adds them up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from reportgen import clerk_file
from reportgen.chinese.organs import level_of
from reportgen.examining import Material, Supplies, examine, report_of
from reportgen.model.form import Form, YearTooEarly, form_for
from reportgen.model.report import Report
from reportgen.model.units import Roster, Unit, Units
from reportgen.problems import FileTrouble
from reportgen.rollup import About, Asked, drafted, gathered, roster_of_rows, with_units
from reportgen.store.desk import Desk
from reportgen.web.calls import Call
from reportgen.web.pages import findings_of
from reportgen.workbook import Book, made

_MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class Rolling:
    """What is to be added up, and for whom.

    Attributes:
        form: the form of the year.
        year: the report year.
        about: the organ that rolls up, its level, and its roll-up of last year.
        supplies: what judging needs, last year's roll-up among it.
        roster: who has to hand in; None where nobody says.
        with_errors: True if units with errors count, too.
    """

    form: Form
    year: int
    about: About
    supplies: Supplies
    roster: Roster | None = None
    with_errors: bool = False

    @classmethod
    def of(cls, call: Call, desk: Desk, supplies: Supplies) -> Self:
        """What a request asks for.

        Raises:
            FileTrouble: something is missing or cannot be.
        """
        form, year = _form(call.text("year"), supplies)
        last = _last(call.text("last"), desk, supplies)
        organ = " ".join(call.text("organ").split()) or (last.organ.name if last else "")
        level = call.text("level") or (last.organ.level if last else "") or level_of(organ)
        if not organ:
            raise FileTrouble("请写汇总机关的全称，例如某县人民政府。")
        if level not in form.levels:
            raise FileTrouble("请选择汇总机关的级别。")
        return cls(
            form,
            year,
            About(organ, level, last),
            replace(supplies, last=desk.open(call.text("last")).material if last else None),
            _roster(call.text("roster")),
            call.body.get("with_errors") is True,
        )


def _form(typed: str, supplies: Supplies) -> tuple[Form, int]:
    year = typed.strip().removesuffix("度").removesuffix("年")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise FileTrouble("年度写四位数字，例如 2025。")
    try:
        return form_for(int(year), supplies.forms), int(year)
    except YearTooEarly as early:
        raise FileTrouble(str(early)) from None


def _last(name: str, desk: Desk, supplies: Supplies) -> Report | None:
    if not name:
        return None
    last = report_of(desk.open(name).material, supplies)
    if last is None:
        raise FileTrouble("读不懂去年的汇总年报，请先打开它，改好列出的错误。")
    return last


def _roster(typed: str) -> Roster | None:
    """Who has to hand in, one a line; behind a tab the last day."""
    lines = [line.split("\t") for line in typed.splitlines() if line.strip()]
    if not lines:
        return None
    if len(lines) > _MOST_LINES:
        raise FileTrouble(f"应报送的单位太多（{len(lines)} 行），不像一份名单。")
    roster, faults = roster_of_rows(lines, "名单")
    if faults:
        raise FileTrouble(
            "应报送单位的名单：" + "；".join(f"{each.message}。{each.fix}" for each in faults[:5])
        )
    return roster


@dataclass(frozen=True, slots=True)
class Rolled:
    """What the reports add up to.

    Attributes:
        units: what was added up, and what was not.
        text: the clerk's file.
        found: what is wrong with it.
        files: kind → name and bytes of what can be downloaded.
    """

    units: Units
    text: str
    found: dict[str, Any]
    files: dict[str, tuple[str, bytes]]

    def as_json(self) -> dict[str, Any]:
        """All that the page shows of it."""
        units = self.units
        return {
            "counted": [each.identity for each in units.counted],
            "left": [
                [
                    each.unit.identity,
                    each.unit.file,
                    f"{each.why}{f'（{each.other.file}）' if each.other else ''}",
                ]
                for each in units.left
            ],
            "unread": [list(each) for each in units.unread],
            "lacking": list(units.lacking),
            "late": [f"{unit.identity}：{unit.dated}" for unit, _ in units.late],
            "roster": len(units.roster) if units.roster is not None else None,
            "text": self.text,
            "files": {kind: name for kind, (name, _) in self.files.items()},
            **self.found,
        }


def rolled_up(units: Sequence[Unit], unread: Sequence[tuple[str, str]], rolling: Rolling) -> Rolled:
    """Add the units up; the file that a clerk completes, and the workbook behind it."""
    about = rolling.about
    asked = Asked(rolling.form, rolling.year, rolling.roster, rolling.with_errors, about.organ)
    weighed = gathered(units, asked, unread)
    text = clerk_file.write(drafted(weighed, about), rolling.form)
    supplies = replace(rolling.supplies, certain=True, units=weighed)
    name = f"{about.organ}{rolling.year}年度汇总"
    outcome = examine(Material(f"{name}.yaml", text.encode()), supplies)
    outcome = replace(outcome, findings=with_units(outcome.findings, weighed))
    files = {"yaml": (f"{name}.yaml", text.encode())}
    if outcome.report:
        book = made(Book(weighed, outcome.report, outcome.findings, about.last))
        files["xlsx"] = (f"{name}.xlsx", book)
    return Rolled(weighed, text, findings_of(outcome), files)
