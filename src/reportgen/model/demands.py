"""What an office asks of the reports it gathers, beyond the law: a list with a name, and its demands."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from reportgen.model.form import Form, Passage
from reportgen.model.keys import plain
from reportgen.problems import Level

LEVELS = {"提醒": Level.WARNING, "说明": Level.NOTE}
"""How grave a demand that is not met may be: what the law does not ask stops nothing."""

AnyOf = tuple[str, ...]
"""Words of which one is enough."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand of a list.

    Attributes:
        source: the list's name, as findings quote it.
        parts: the passages that it is about, as the clerk calls them; none for the whole text.
        least: so many characters at least; 0 where nobody asks.
        most: so many at most; 0 where nobody asks.
        must: what must be said, each in one of its words.
        never: words that must not be said.
        counts: what must be told with its number, each by one of its words.
        level: how grave it is.
        why: the list's own reason; may be empty.
    """

    source: str
    parts: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    must: tuple[AnyOf, ...] = ()
    never: tuple[str, ...] = ()
    counts: tuple[AnyOf, ...] = ()
    level: Level = Level.WARNING
    why: str = ""

    @property
    def named(self) -> str:
        """The list as findings quote it: ``〈烟台市2025年编制要求〉``."""
        return f"〈{self.source}〉"

    @property
    def where(self) -> str:
        """What it is about: ``“总体情况”``, or ``全文``."""
        return "".join(f"“{part}”" for part in self.parts) or "全文"

    @property
    def words(self) -> str:
        """The demand as a sentence: ``“总体情况”：至多 1000 字；写明“改进”``."""
        sides = [f"至少 {self.least} 字"] if self.least else []
        sides += [f"至多 {self.most} 字"] if self.most else []
        sides += [f"写明{either(each)}" for each in self.must]
        sides += [f"写明{either(each)}的数" for each in self.counts]
        sides += [f"不写“{word}”" for word in self.never]
        return f"{self.where}：{'；'.join(sides)}"


def either(words: AnyOf) -> str:
    """Words of which one is enough, as messages say it: ``“改进”或“整改”``."""
    return "或".join(f"“{word}”" for word in words)


@lru_cache(maxsize=8)
def parts_of(form: Form) -> Mapping[str, tuple[Passage, Passage]]:
    """What a list may call the passages of a form, folded → the passage at the top, and the one meant."""
    known: dict[str, tuple[Passage, Passage]] = {}
    for passage in form.top_prose:
        known[plain(passage.name)] = (passage, passage)
        known |= {plain(part_name(passage, each)): (passage, each) for each in passage.within}
    return known


def part_name(outer: Passage, inner: Passage) -> str:
    """What a list calls a passage within another: ``总体情况·平台建设``."""
    return f"{outer.name}·{inner.name}"
