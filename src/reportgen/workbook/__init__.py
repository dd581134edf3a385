"""Workbooks (.xlsx) of a roll-up, and the rows of somebody's workbook. Bytes out, bytes in; by openpyxl.

``writing`` knows how a sheet is written and looks, ``book`` what stands in each, ``reading`` takes rows from
a stranger's file. The same roll-up gives the same bytes. openpyxl is loaded only where a workbook is wanted.
"""

from reportgen.workbook.book import Book, is_untouched, made
from reportgen.workbook.reading import NoWorkbook, rows_of

__all__ = ["Book", "NoWorkbook", "is_untouched", "made", "rows_of"]
