"""The sums that a form declares, each as one ordinary rule."""

from collections.abc import Iterable, Iterator

from reportgen.checks.contract import Check, Context, Fault, Rule
from reportgen.model.form import Block, CellKey, Form, Identity, Table
from reportgen.model.report import Report
from reportgen.problems import Ground, Level, Place

_FEW = 2
"""A side of up to so many terms is told whole; a longer one leaves its zeros out."""

Sides = tuple[tuple[CellKey, ...], tuple[CellKey, ...]]


def rules_of(form: Form) -> Iterator[Rule]:
    """A rule for each identity code of the form: it holds everything that the form says of it."""
    for code, page in form.pages.items():
        sums = [each for each in _sums(form) if each.identity.code == code]
        yield Rule(
            code,
            Level.ERROR,
            Ground.ARITHMETIC,
            *(page.title, page.what, page.why, page.basis, page.fix),
            check=_check(sums, page.title),
        )


class _Sum:
    """An identity in its block: its equations, and which of its cells other identities add up."""

    def __init__(self, table: Table, block: Block, identity: Identity) -> None:
        self.table = table
        self.identity = identity
        self.rows = {row.key: row.name for row in block.rows}
        self.columns = {column.key: column.name for column in block.columns}
        self.equations = tuple(identity.equations(block))
        self.parts = _parts(block.identities, block)
        self.across = _parts([other for other in block.identities if other.axis != identity.axis], block)

    def line(self, key: CellKey) -> str:
        """The line that the equation of this cell runs along: ``“自然人”一列``."""
        if self.identity.axis == "rows":
            return f"“{self.columns[key.column]}”一列"
        return f"“{self.rows[key.row]}”一行"

    def term(self, key: CellKey) -> str:
        """The cell's name within the equation."""
        return self.rows[key.row] if self.identity.axis == "rows" else self.columns[key.column]

    def echoes(self, sides: Sides, report: Report) -> bool:
        """True if every cell was added up by the program from lines that have this equation themselves."""
        return all(key in self.across and report.cells[key].place is None for side in sides for key in side)

    def typed(self, key: CellKey, report: Report) -> Iterator[Place]:
        """Where a cell was typed; where the program added it up, its typed parts, without zeros."""
        place = report.cells[key].place
        if place:
            yield place
        elif report.cells[key].value:
            for part in self.parts.get(key, ()):
                yield from self.typed(part, report)


def _parts(identities: Iterable[Identity], block: Block) -> dict[CellKey, tuple[CellKey, ...]]:
    """What each total of these identities adds up."""
    return {
        left[0]: right
        for identity in identities
        for left, right in identity.equations(block)
        if len(left) == 1
    }


def _sums(form: Form) -> Iterator[_Sum]:
    for table in form.tables:
        for block in table.blocks:
            for identity in block.identities:
                yield _Sum(table, block, identity)


def _check(sums: list[_Sum], title: str) -> Check:
    def check(report: Report, _context: Context) -> Iterator[Fault]:
        worth = report.values.__getitem__
        for each in sums:
            for sides in each.equations:
                difference = sum(map(worth, sides[0])) - sum(map(worth, sides[1]))
                if difference and not each.echoes(sides, report):
                    yield _fault(each, sides, report, f"{title}，相差 {abs(difference)}。")

    return check


def _fault(each: _Sum, sides: Sides, report: Report, matter: str) -> Fault:
    left = sides[0]
    told = [_told(each, side, report) for side in sides]
    if len(left) == 1:
        told.reverse()
    return Fault(
        f"“{each.table.name}”表{each.line(left[0])}{matter}",
        about=_concerned(sides, report),
        expected=told[0],
        found=told[1],
        places=tuple(dict.fromkeys(_typed(each, sides, report))),
    )


def _told(each: _Sum, side: tuple[CellKey, ...], report: Report) -> str:
    """A side with its numbers: ``本年新收 25 + 上年结转 2 = 27``; one cell alone has no sum."""
    shown = side if len(side) <= _FEW else [key for key in side if report.cells[key].value]
    terms = " + ".join(f"{each.term(key)} {report.cells[key].value}" for key in shown) or "各项都是 0"
    if len(side) == 1:
        return terms
    return f"{terms} = {sum(report.cells[key].value for key in side)}" if shown else terms


def _concerned(sides: Sides, report: Report) -> tuple[CellKey, ...]:
    """The cells of the equation that somebody typed or that are not 0; all of them where there are none."""
    cells = [key for side in sides for key in side]
    concerned = [key for key in cells if report.cells[key].place or report.cells[key].value]
    return tuple(concerned or cells)


def _typed(each: _Sum, sides: Sides, report: Report) -> Iterator[Place]:
    """Where the figures of the equation were typed, then the parts of those that the program added up."""
    cells = [key for side in sides for key in side]
    yield from (place for key in cells if (place := report.cells[key].place))
    for key in cells:
        yield from each.typed(key, report)


# ── where the figures of a total stand that nobody typed: the program added it up ─────────────────────


def typed_places(report: Report, *keys: CellKey) -> tuple[Place, ...]:
    """Where the cells were typed, and for a total that was added up where its parts were, without zeros."""
    return tuple(dict.fromkeys(place for key in keys for place in _typed_summands(report, key)))


def _typed_summands(report: Report, key: CellKey) -> Iterator[Place]:
    figure = report.cells[key]
    if figure.place:
        yield figure.place
    elif figure.value:
        for part in report.form.parts.get(key, ()):
            yield from _typed_summands(report, part)
