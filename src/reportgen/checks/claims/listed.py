"""A whole and the parts that stand behind it in the text."""

from decimal import Decimal
from typing import NamedTuple

from reportgen.checks.claims.text import Sentence
from reportgen.checks.claims.topics import ORGAN

_FEWEST_ORGANS = 3


class Listed(NamedTuple):
    """A whole and the parts that stand behind it.

    ``closed`` is True where the list surely names all parts, ``open`` where it surely need not.
    """

    sentence: Sentence
    whole: int
    parts: tuple[tuple[Sentence, int], ...]
    labels: tuple[str, ...]
    closed: bool
    open: bool

    @property
    def sum(self) -> Decimal:
        """The parts added up."""
        return sum((sentence.numbers[at].value for sentence, at in self.parts), Decimal(0))

    @property
    def value(self) -> Decimal:
        """The whole."""
        return self.sentence.numbers[self.whole].value

    @property
    def organs(self) -> bool:
        """True if the parts are organs."""
        named = [label for label in self.labels if ORGAN.search(label)]
        return len(named) >= _FEWEST_ORGANS and len(named) * 2 > len(self.labels)
