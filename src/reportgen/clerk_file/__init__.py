"""The clerk's file: written from what was found in a document, or as a start for a new year."""

from reportgen.clerk_file.starting import not_carried, starting_file
from reportgen.clerk_file.writing import write

__all__ = ["not_carried", "starting_file", "write"]
