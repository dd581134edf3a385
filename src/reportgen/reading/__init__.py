"""Reading: the clerk's nodes and the forms into a report, with every fault at once."""

from reportgen.reading.reports import read

__all__ = ["read"]
