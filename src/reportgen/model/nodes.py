"""Nodes: what every source gives. Mappings, lists and text scalars, each with its place.

Scalars stay text: the form decides their types (``010`` and ``0535-7580196`` are what the clerk sees).
"""

from dataclasses import dataclass
from typing import NamedTuple

from reportgen.problems import Place


class Text(NamedTuple):
    """A scalar, as typed. An empty string is a value that somebody left blank.

    ``indent`` is the column (from 1) at which the lines of a block scalar start, and
    ``place.line`` the line of its first character; for a one-line scalar ``indent`` is 0.
    """

    value: str
    place: Place
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, in the order of the source. Keys are unique: sources report doubles and keep the first."""

    entries: tuple[tuple[Text, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The node under a key; None where the key is absent."""
        for name, node in self.entries:
            if name.value == key:
                return node
        return None


Node = Text | Items | Mapping
