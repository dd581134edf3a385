"""The ledger of applications (台账): its rows counted into table three. Pure.

``words`` knows what offices call columns, applicants and results; ``counting`` decides where each row counts.
A row that is not understood is named and never guessed.
"""

from reportgen.ledger.counting import Counted, Row, counted
from reportgen.ledger.words import TABLE_ROWS, table_of

__all__ = ["TABLE_ROWS", "Counted", "Row", "counted", "table_of"]
