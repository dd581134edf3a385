"""Workbooks (.xlsx) of a roll-up, those that clerks fill in, and the rows of somebody's. By openpyxl.

``writing`` knows how a sheet is written and looks, ``book`` what stands in each of a roll-up,
``filling_in`` in those for clerks; ``reading`` takes rows from a stranger's file. The same report or roll-up
gives the same bytes. openpyxl is loaded only where a workbook is wanted.
"""

from reportgen.workbook.book import Book, is_untouched, made
from reportgen.workbook.filling_in import Filled, filled_in
from reportgen.workbook.reading import NoWorkbook, rows_of, sheets_of

__all__ = ["Book", "Filled", "NoWorkbook", "filled_in", "is_untouched", "made", "rows_of", "sheets_of"]
