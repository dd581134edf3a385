"""A statutory table as Word prints it: fixed widths, labels in place, tags in the data cells."""

from typing import NamedTuple

from drawing.markup import LINE_BREAK, paragraph, run
from reportgen.model.form import Table
from reportgen.model.layout import Grid, PrintedCell, grid_of

WIDTH = 8845
"""The type area of 156 mm in twips. Source: GB/T 9704-2012."""

UPRIGHT = 30
"""Twips of air over and under a cell's words."""


class Look(NamedTuple):
    """How a table is set: columns, cell margins, least row height in twips, type, style of its heads."""

    widths: tuple[int, ...]
    margin: int
    height: int
    small: bool
    head: str = "表头"


def look_of(table: Table, columns: int) -> Look:
    """The look for a table's shape.

    LibreOffice breaks a number that is too wide for its cell without a word. A digit is half as wide as the
    type is high, 90 twips in 9 pt: with three columns of labels 8 digits stay whole (720 of 744 twips less
    20 of margins), without any 6 (540 of 589 less 30). The columns of labels are as wide as three characters
    of 8.5 pt, as in the form that was issued (三、本 / 年度办 / 理结果), as four and as thirteen and a bit.
    """
    figures = columns - table.stub_columns
    if table.stub_columns == 3:
        spine, group, figure = 560, 760, 744 * 7 // figures
        label = WIDTH - spine - group - figures * figure
        return Look((spine, group, label, *[figure] * figures), 10, 340, True, "表头小")
    if not table.stub_columns:
        wider = WIDTH % columns
        narrow = WIDTH // columns
        return Look((*[narrow + 1] * wider, *[narrow] * (columns - wider)), 15, 480, True, "表头窄")
    figure = (WIDTH - 2335) // figures  # ten characters of 10.5 pt and a space at both ends
    return Look((WIDTH - figures * figure, *[figure] * figures), 40, 480, False)


def table(source: Table) -> str:
    """The ``w:tbl`` of a table."""
    grid = grid_of(source)
    look = look_of(source, grid.columns)
    rows = "".join(_row(grid, row, look) for row in range(1, grid.rows + 1))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in look.widths)
    return f"<w:tbl>{_properties(look)}<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _properties(look: Look) -> str:
    edges = (("top", UPRIGHT), ("left", look.margin), ("bottom", UPRIGHT), ("right", look.margin))
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in edges)
    return (
        f'<w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}'
        f'</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    )


def breaks_after(grid: Grid) -> frozenset[int]:
    """The rows after which a page may end: where a band or a group ends, three rows at least from both ends.

    All other rows are kept with the next one. Word and LibreOffice read that off the first cell of a row.
    """
    ends = {cell.row - 1 for cell in grid.cells if cell.role == "band"}
    for cell in grid.cells:
        if cell.role == "label" and cell.rows > 1 and cell.column > 1:
            ends |= {cell.row - 1, cell.row + cell.rows - 1}
    return frozenset({at for at in ends if grid.head + 3 <= at <= grid.rows - 3} | {grid.rows})


def _row(grid: Grid, number: int, look: Look) -> str:
    head = "<w:tblHeader/>" if number <= grid.head else ""
    covering = sorted(
        (cell for cell in grid.cells if cell.row <= number < cell.row + cell.rows),
        key=lambda cell: cell.column,
    )
    keeps = number not in breaks_after(grid)
    cells = "".join(_cell(cell, cell.row == number, look, keeps) for cell in covering)
    height = f'<w:trHeight w:val="{look.height}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{head}</w:trPr>{cells}</w:tr>"


def _cell(cell: PrintedCell, first: bool, look: Look, keeps: bool) -> str:
    width = sum(look.widths[cell.column - 1 : cell.column - 1 + cell.columns])
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = ""
    if cell.rows > 1:
        merge = '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
    words = _words(cell) if first else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph(_style(cell, look, keeps), *_runs(words, cell))}</w:tc>"
    )


def _words(cell: PrintedCell) -> str:
    return f"{{{{ {cell.key} }}}}" if cell.key else cell.text


def _runs(words: str, cell: PrintedCell) -> tuple[str, ...]:
    """The words of a cell; the number of a group, as （三）, stands on a line of its own."""
    number, mark, name = words.partition("）")
    if cell.role == "label" and cell.rows > 1 and cell.column > 1 and name:
        return run(number + mark), LINE_BREAK, run(name)
    return (run(words),)


def _style(cell: PrintedCell, look: Look, keeps: bool) -> str:
    small = "小" if look.small else ""
    kept = "同页" if keeps and cell.column == 1 else ""
    if cell.role == "figure":
        return f"表格文字{small}"
    if cell.role == "stub" and look.small:
        return "表注"
    if cell.role == "label":
        return f"表格分组{small}{kept}" if cell.rows > 1 and look.small else f"表格行名{small}{kept}"
    return look.head
