"""What a rule is, what it may know, and what it says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from reportgen.model.form import CellKey
from reportgen.model.report import Report
from reportgen.problems import Level, Place


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know beside the report: ``today``, and ``last`` year's report of the same organ.

    ``words`` are those that an office does not want in its reports without a look. Where ``strict``, a rule
    that crashes raises; else the crash becomes finding X99 and the others go on. A report that was read
    ``of_document`` gets no advice on the clerk's file.
    """

    today: date | None = None
    last: Report | None = None
    strict: bool = False
    words: tuple[str, ...] = ()
    of_document: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found. The runner adds code and basis, and level, fix and places where the rule gives none.

    ``about`` names the report's parts, most useful first: cells, or keys such as ``overview.3`` and ``date``.
    """

    message: str
    about: tuple[CellKey | str, ...] = ()
    expected: str = ""
    found: str = ""
    fix: str = ""
    places: tuple[Place, ...] = ()
    level: Level | None = None


Check = Callable[[Report, Context], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and its page of the rule book (Chinese). ``title`` names the fault and reads well alone.

    ``in_yaml`` is further advice for who writes the clerk's file; nobody else can follow it.
    """

    code: str
    level: Level
    title: str
    what: str
    why: str
    basis: str
    fix: str
    check: Check
    in_yaml: str = ""

    @property
    def advice(self) -> str:
        """How to mend it, with what only the clerk's file allows."""
        return self.fix + self.in_yaml


@dataclass(frozen=True, slots=True)
class rule:
    """Decorator: makes a :class:`Rule` of a function. Registers nothing."""

    code: str
    level: Level
    title: str
    what: str
    why: str
    basis: str
    fix: str
    in_yaml: str = ""

    def __call__(self, check: Check) -> Rule:
        """The rule with this function as its check."""
        page = (self.code, self.level, self.title, self.what, self.why, self.basis, self.fix)
        return Rule(*page, check, self.in_yaml)
