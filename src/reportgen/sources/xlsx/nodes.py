"""The workbook that a clerk fills in, into nodes with places: sheet and cell. Shaped by ``clerk_file``.

A cell is taken as it is seen: a number, or text as typed. A formula where the form adds up is left to the
program; any other formula counts with the number that was last reckoned from it.
"""

import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from reportgen.advice import on_page
from reportgen.chinese.letters import told_of_lookalikes, usual_letters
from reportgen.clerk_file.sheets import (
    AMOUNT,
    FIRST,
    HEADS,
    LAST,
    LAWS,
    MORE,
    ORGAN,
    PIECES,
    REMARKS,
    SITE,
    WORDS,
    fees_of,
    fields_of,
    figures_of,
    name_of,
    placed,
    remark_example,
    total_of,
)
from reportgen.model.form import CellKey, Form, Table, YearTooEarly, form_for, forms_of
from reportgen.model.keys import FIELDS, forms_meant, plain
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.problems import Finding, Place, fault, short
from reportgen.safe.decoding import UNSEEN, unseen
from reportgen.safe.unpacking import BROKEN
from reportgen.safe.workbook import NotOpened, ensure_plain

_LARGEST = 8 * 1024 * 1024
"""Bytes of all parts together: a report has a tenth of that."""
_MOST_ROWS, _MOST_COLUMNS = 4_000, 60
"""So much of a sheet is read: a report has a few hundred paragraphs and tables of twenty columns."""
_MOST_SHEETS = 40
_MOST_TOLD = 5
"""So many cells of one sheet are told; there may be hundreds with one cause."""
_SHAPE = "请不要增删、合并行列或改动格子里的名称；已经改了的，" + on_page(
    "用 reportgen new 另建一份，把数抄过去。", "在首页新建一份，把数抄过去。"
)


class Cell(NamedTuple):
    """A cell: its text as a reader sees it, its formula (empty where it has none), and where it stands."""

    text: str
    formula: str
    place: Place


@dataclass(slots=True)
class _Grid:
    """The cells of a sheet that hold something, by row and column."""

    name: str
    number: int
    file: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Cell:
        """A cell; one without text where nothing stands."""
        return self.cells.get((row, column)) or Cell("", "", self.place(row, column))

    def place(self, row: int = 0, column: int = 0) -> Place:
        """Where a cell is, or the sheet."""
        return Place(self.file, column=column, table=self.number, row=row, sheet=self.name)

    def rows(self, columns: int) -> Iterator[list[Cell]]:
        """The rows below the labels, as far as anything stands there."""
        last = max((row for row, _ in self.cells), default=0)
        for row in range(FIRST + 1, last + 1):
            yield [self.at(row, column) for column in range(1, columns + 1)]


def nodes_of(
    content: bytes, name: str, forms: tuple[Form, ...]
) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The clerk's nodes of a workbook, and what in it was not read. Never raises."""
    try:
        ensure_plain(content, _LARGEST)
        grids, findings = _grids(content, name)
    except NotOpened as error:
        return None, (fault("F34", str(error), Place(name), error.fix),)
    except (*BROKEN, SyntaxError, TypeError, AttributeError, IndexError, AssertionError):  # of damaged ones
        fix = "请用 Excel 或 WPS 打开，另存为 .xlsx 再读。"
        return None, (fault("F34", "这不是能打开的 .xlsx 工作簿，可能已经损坏。", Place(name), fix),)
    if ORGAN not in grids:
        anew = on_page("请用 reportgen new 2025.xlsx 建一份，把数抄过去", "请在首页新建一份，把数抄过去")
        fix = anew + "；名单、台账、汇总的工作簿不是年报。"
        message = f"这个工作簿不是填报用的年报：没有“{ORGAN}”这张工作表"
        return None, (*findings, fault("F34", message, Place(name), fix))
    reading = _Reading(grids, forms, list(findings))
    return reading.mapping(Place(name)), tuple(reading.findings)


# ── cells as a reader sees them ──────────────────────────────────────────────────────────────────────


def _grids(content: bytes, file: str) -> tuple[dict[str, _Grid], tuple[Finding, ...]]:
    """The sheets by their names, and what in their cells no report may hold."""
    from openpyxl import load_workbook

    grids: dict[str, _Grid] = {}
    formulas: dict[str, dict[tuple[int, int], str]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that openpyxl leaves out
        for reckoned in (False, True):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=reckoned, keep_links=False)
            for number, sheet in enumerate(book.worksheets[:_MOST_SHEETS], 1):
                sheet.reset_dimensions()  # a sheet may claim any size
                rows = sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
                found = {
                    (cell.row, cell.column): cell for row in rows for cell in row if cell.value is not None
                }
                name = str(sheet.title).strip()
                if not reckoned:
                    formulas[name] = {
                        at: str(cell.value) for at, cell in found.items() if cell.data_type == "f"
                    }
                    continue
                grid = grids.setdefault(name, _Grid(name, number, file))
                for at in sorted({*found, *formulas[name]}):
                    text = said(found[at].value) if at in found else ""
                    grid.cells[at] = Cell(text, formulas[name].get(at, ""), grid.place(*at))
    return grids, tuple(_cleaned(grids.values()))


def _cleaned(grids: Iterable[_Grid]) -> Iterator[Finding]:
    """Put blanks for signs that nobody sees and usual letters for those that look like them; tell of both."""
    odd: list[tuple[str, Place]] = []
    for grid in grids:
        for at, cell in grid.cells.items():
            text = cell.text
            if found := UNSEEN.search(text):
                yield unseen(found[0], cell.place)
                text = UNSEEN.sub(" ", text)
            text, where = usual_letters(text)
            odd += [(cell.text[each], cell.place) for each in where]
            grid.cells[at] = cell._replace(text=text)
    if odd:
        fix = "多半是从 PDF 里复制来的；不改也可以，最好重新输入这些字。"
        yield fault("F30", told_of_lookalikes("".join(sign for sign, _ in odd)), odd[0][1], fix)


def said(value: object) -> str:
    """A cell's value as text: whole numbers without a point, days as ``2026-01-20``."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        number = Decimal(format(value, ".15g"))
        return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number, "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")


# ── sheets into nodes ────────────────────────────────────────────────────────────────────────────────


class _Reading:
    """One workbook while it is read; ``findings`` grows on the way."""

    def __init__(self, grids: dict[str, _Grid], forms: tuple[Form, ...], findings: list[Finding]) -> None:
        self.grids, self.forms, self.findings = grids, forms, findings
        self.form = forms_of(forms)[-1]

    def mapping(self, start: Place) -> Mapping:
        """All that the workbook says, in the clerk's keys."""
        fields = self._fields()
        year = fields.get(FIELDS["year"])
        digits = "".join(sign for sign in year.text if sign.isdigit()) if year else ""
        try:
            self.form = form_for(int(digits[:4] or 0), self.forms, self._kind(fields))
        except YearTooEarly:
            self._tell_of_lost_sheets(known=False)  # without a form there is nothing to read the rest by
            return Mapping(tuple(self._top(fields)), start)
        top = dict((key.value, (key, node)) for key, node in self._top(fields))
        remarks = self._remarks()
        for table in self.form.tables:
            if grid := self.grids.get(table.name):
                top[table.name] = (Text(table.name, grid.place()), self._table(table, grid, remarks))
        for key, remark in remarks.items():
            lost = f"没有“{self.form.index[key][0].name}”这张工作表，“{self.form.label(key)}”的注没有读"
            self._note("F32", lost, remark.place, _SHAPE)
        top |= self._words()
        self._more(top)
        self._tell_of_lost_sheets(known=True)
        return Mapping(tuple(top.values()), start)

    def _note(self, code: str, message: str, place: Place, fix: str = "", about: str = "") -> None:
        self.findings.append(fault(code, message, place, fix, about))

    def _tell_of_lost_sheets(self, *, known: bool) -> None:
        forms = (self.form,) if known else self.forms
        ours = {ORGAN, WORDS, REMARKS, MORE, *(table.name for form in forms for table in form.tables)}
        for name, grid in self.grids.items():
            if name not in ours and not name.startswith(LAST) and grid.cells:
                fix = "年报要用的内容请填到原有的工作表里；自己记事用的不必管它。"
                self._note("F32", f"工作表“{short(name)}”没有读", grid.place(), fix)
        if known:
            self._tell_of_strays()

    def _tell_of_strays(self) -> None:
        """Tell what stands where the reading does not go: behind the columns of the lists."""
        for name, heads in HEADS.items():
            grid = self.grids.get(name)
            for (row, column), cell in grid.cells.items() if grid else ():
                if row > FIRST and column > len(heads) and cell.text:
                    self._note("F32", f"这一格没有读：{short(cell.text)}", cell.place, "请填到前面的列里。")

    # ── the organ's data ──

    def _kind(self, fields: dict[str, Cell]) -> str:
        """The kind of document that is named; empty for the ordinary one, and for one that nobody knows."""
        named = fields.get(FIELDS["kind"])
        meant = forms_meant(named.text, self.forms) if named else ()
        return meant[0].kind if meant else ""

    def _fields(self) -> dict[str, Cell]:
        """The cells of the organ's data by their items; an item that no form knows is told."""
        known = {plain(word): word for form in self.forms for word in fields_of(form)}
        found: dict[str, Cell] = {}
        for name, cell, _ in self.grids[ORGAN].rows(3):
            if not cell.text.strip() and not cell.formula:
                continue
            word = known.get(plain(name.text))
            if word is None:
                fix = f"这一列可以写：{'、'.join(dict.fromkeys(known.values()))}。"
                self._note("F11", f"不认识“{short(name.text)}”", name.place, fix)
            elif word in found:
                self._note("F08", f"“{word}”写了两次", name.place, "请只留一处。")
            else:
                found[word] = self._reckoned(cell)
        return found

    def _reckoned(self, cell: Cell) -> Cell:
        """A cell with what its formula gave; told where that is not known."""
        if cell.formula and not cell.text:
            fix = "请在 Excel 或 WPS 里打开、存盘，或者改成直接填写。"
            self._note("F33", f"这一格是公式（{short(cell.formula)}），没有算出来的数", cell.place, fix)
        return cell

    def _top(self, fields: dict[str, Cell]) -> Iterator[tuple[Text, Node]]:
        """The fields as the clerk's keys have them."""
        fee, (pieces, amount) = self.form.fee, fees_of(self.form) or ("", "")
        for word, cell in fields.items():
            if word in SITE or word in (pieces, amount):
                continue
            node: Node = Text(cell.text, cell.place)
            if word == LAWS:
                lines = [line.strip() for line in cell.text.split("\n") if line.strip()]
                node = Items(tuple(Text(line, cell.place) for line in lines), cell.place)
            yield Text(word, cell.place), node
        if site := self._small(fields, SITE):
            yield Text(FIELDS["site"], site.place), site
        given = self._small(fields, {pieces: PIECES, amount: AMOUNT}) if fee else None
        if fee and given:
            alone = given.get(PIECES) if len(given.entries) == 1 else None
            is_word = isinstance(alone, Text) and not alone.value[:1].isdigit()
            yield Text(fee.name, given.place), (alone if alone and is_word else given)

    @staticmethod
    def _small(fields: dict[str, Cell], words: dict[str, str]) -> Mapping | None:
        """A small mapping of the fields that are there; None where there is none of them."""
        cells = [(word, fields[item]) for item, word in words.items() if item in fields]
        entries = tuple((Text(word, cell.place), Text(cell.text, cell.place)) for word, cell in cells)
        return Mapping(entries, cells[0][1].place) if cells else None

    # ── the tables ──

    def _table(self, table: Table, grid: _Grid, given: dict[CellKey, Cell]) -> Mapping:
        """A table's figures with their remarks, which are taken; a cell that nobody filled in is blank."""
        self._tell_of_labels(table, grid)
        at = figures_of(table)
        remarks = {key: given.pop(key) for key in at if key in given}
        typed = {key: cell for key, where in at.items() if (cell := self._typed(key, grid.at(*where), at))}
        rows: dict[str, _Branch] = {}
        for key, cell in typed.items():
            _, row, column = self.form.index[key]
            node: Node = Text(cell.text.strip(), cell.place)
            if remark := remarks.pop(key, None):
                parts = (
                    (Text("值", cell.place), Text(cell.text.strip(), cell.place)),
                    (Text("注", remark.place), Text(remark.text, remark.place)),
                )
                node = Mapping(parts, cell.place)
            way = (Cell(name, "", cell.place) for name in (*row.names, column.name))
            _plant(rows, way, node)
        for key, remark in remarks.items():
            fix = "总计由程序相加；要在总计后面加注，请在总计的格子里写上数。"
            self._note("F32", f"“{self.form.label(key)}”的注没有读", remark.place, fix)
        return _branched(rows, grid.place())

    def _typed(self, key: CellKey, cell: Cell, at: dict[CellKey, tuple[int, int]]) -> Cell | None:
        """What a person typed into a cell; None where the form adds up and the formula is still there."""
        due = total_of(self.form, key, at)
        if due and cell.formula and (cell.formula.replace(" ", "") == due or not cell.text):
            return None
        return self._reckoned(cell) if cell.formula else cell

    def _tell_of_labels(self, table: Table, grid: _Grid) -> None:
        wrong = [
            (each, found)
            for each in placed(table)
            if each.cell.key is None
            and plain((found := grid.at(each.row, each.column)).text) != plain(each.cell.text)
        ]
        for each, found in wrong[:_MOST_TOLD]:
            due, said_there = short(each.cell.text), short(found.text) or "空的"
            message = f"“{table.name}”的这一格应是“{due}”，现在是“{said_there}”"
            others = (form for form in forms_of(self.forms, self.form.kind) if form is not self.form)
            other = "".join(f"，不是{form.years}" for form in others)
            fix = f"{_SHAPE}年度改过的，表要用那一年的格式（本年度是 {self.form.basis}{other}）。"
            self._note("F31", message, found.place, fix, f"table.{table.key}")
        if len(wrong) > _MOST_TOLD:
            message = f"“{table.name}”另有 {len(wrong) - _MOST_TOLD} 格的名称也不对"
            self._note("F31", message, grid.place(), _SHAPE, f"table.{table.key}")
        last = max(each.row + each.cell.rows - 1 for each in placed(table))
        right = max(each.column + each.cell.columns - 1 for each in placed(table))
        ours = {(each.row, each.column) for each in placed(table)}
        for (row, column), cell in grid.cells.items():
            inside = FIRST <= row <= last and column <= right
            if inside and (row, column) not in ours and cell.text:
                message = f"这一格没有读：{short(cell.text)}"
                self._note("F32", message, cell.place, "它在合并的格子里面，请清空。")

    def _remarks(self) -> dict[CellKey, Cell]:
        """The remarks behind figures; one that names no cell is told."""
        keys = {tuple(map(plain, (path[0], "·".join(path[1:-1]), path[-1]))): key
                for key, path in self.form.paths.items()}  # fmt: skip
        found: dict[CellKey, Cell] = {}
        grid = self.grids.get(REMARKS)
        for cells in grid.rows(4) if grid else ():
            way = tuple(plain(cell.text) for cell in cells[:3])
            key = keys.get((way[0], way[1], way[2]))
            if key and cells[3].text:
                found[key] = cells[3]
            elif key is None and cells[3].text:
                named = "·".join(cell.text for cell in cells[:3])
                fix = f"前三列照工作表里的名称写，{remark_example(self.form)}。"
                if not self.form.tables:
                    fix = f"“{self.form.name}”没有表，这里写的不会印出来：请写进正文。"
                self._note("F17", f"没有“{short(named)}”这一格，它的注没有读", cells[0].place, fix)
        return found

    # ── the prose ──

    def _words(self) -> dict[str, tuple[Text, Node]]:
        """The prose under the clerk's words; a row without a name goes on with the passage above it."""
        ways = {plain(name_of(self.form, each)): (self.form.outer[each.key].name, each.name)
                for each in self.form.printed_prose}  # fmt: skip
        texts: dict[tuple[str, ...], list[Text]] = {}
        way: tuple[str, ...] = ()
        grid = self.grids.get(WORDS)
        for name, cell, _ in grid.rows(3) if grid else ():
            if name.text.strip():
                outer, inner = ways.get(plain(name.text), (name.text.strip(), ""))
                way = (outer,) if inner in ("", outer) else (outer, inner)
            if cell.text.strip() and way:
                texts.setdefault(way, []).append(Text(cell.text, cell.place))
            elif cell.text.strip():
                self._note("F11", "这段文字没有写是哪一部分的", cell.place, "请在第一列写部分的名称。")
        top: dict[str, tuple[Text, Node]] = {}
        for (first, *rest), parts in texts.items():
            node: Node = parts[0] if len(parts) == 1 else Items(tuple(parts), parts[0].place)
            entry = top.get(first)
            if not rest:
                top[first] = (Text(first, parts[0].place), node)
            elif entry is None or isinstance(entry[1], Mapping):
                inner_entries = entry[1].entries if entry and isinstance(entry[1], Mapping) else ()
                key = Text(rest[0], parts[0].place)
                held = Mapping((*inner_entries, (key, node)), parts[0].place)
                top[first] = (Text(first, parts[0].place), held)
            else:
                message = f"“{first}”和它下面的“{rest[0]}”只能写一处"
                self._note("F12", message, parts[0].place, f"请把文字都写在“{first}”里，或都分开写。")
        return top

    # ── all else ──

    def _more(self, top: dict[str, tuple[Text, Node]]) -> None:
        """Add what stands in the sheet of other items; the last labelled column has the text."""
        grid = self.grids.get(MORE)
        if grid is None:
            return
        width = max((column for row, column in grid.cells if row == FIRST), default=0)
        tree: dict[str, _Branch] = {}
        for cells in grid.rows(width):
            way = [cell for cell in cells[:-1] if cell.text.strip()]
            if not way:
                if cells and cells[-1].text.strip():
                    self._note(
                        "F11", "这一行没有写项目", cells[-1].place, "请在第一列写项目的名称，如“核对”。"
                    )
                continue
            _plant(tree, way, Text(cells[-1].text, cells[-1].place))
        for word, branch in tree.items():
            node = branch.node()
            old = top.get(word)
            if old and isinstance(old[1], Mapping) and isinstance(node, Mapping):
                node = _merged(old[1], node)
            elif old:
                self._note("F08", f"“{short(word)}”写了两次", branch.name.place, "请只留一处。")
            top[word] = (Text(word, branch.name.place), node)


@dataclass(slots=True)
class _Branch:
    """An item while its cells are gathered: what it says itself, and items below it."""

    name: Cell
    own: list[Node] = field(default_factory=list)
    below: dict[str, "_Branch"] = field(default_factory=dict)

    def node(self) -> Node:
        """What it says: the items below it, else its own, as a list where it has several."""
        if self.below:
            return _branched(self.below, self.name.place)
        return self.own[0] if len(self.own) == 1 else Items(tuple(self.own), self.name.place)


def _branched(branches: dict[str, _Branch], place: Place) -> Mapping:
    entries = ((Text(word, each.name.place), each.node()) for word, each in branches.items())
    return Mapping(tuple(entries), place)


def _plant(tree: dict[str, _Branch], way: Iterable[Cell], node: Node) -> None:
    level = tree
    for name in way:
        branch = level.setdefault(name.text.strip(), _Branch(name))
        level = branch.below
    branch.own.append(node)


def _merged(old: Mapping, new: Mapping) -> Mapping:
    """Two mappings as one; what stands in both is merged where it can be, else the new one follows."""
    entries = dict((key.value, (key, node)) for key, node in old.entries)
    for key, node in new.entries:
        there = entries.get(key.value)
        if there and isinstance(there[1], Mapping) and isinstance(node, Mapping):
            node = _merged(there[1], node)
        entries[key.value] = (key, node)
    return Mapping(tuple(entries.values()), old.place)
