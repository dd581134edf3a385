"""Makers: a kind of file into another kind. One file (or folder) a maker; this page is their contract.

A module of this folder that holds a ``MAKER`` is one; the folder is listed, nothing is registered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from reportgen.problems import Finding

if TYPE_CHECKING:  # a slow tool is started before the rest of the program is loaded
    from reportgen.model.report import Report
    from reportgen.wording import Words


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept inside another."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What a maker is given: one report, its words, and what the makers before it made (kind → bytes).

    ``attached`` is a file that the PDF shall carry inside.
    """

    report: "Report"
    words: "Words"
    findings: tuple[Finding, ...] = ()
    draft: bool = False
    template: bytes = b""
    made: Mapping[str, bytes] = field(default_factory=dict)
    attached: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What opening the made file again showed. ``facts`` go into the summary and the manifest."""

    facts: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def _nothing() -> None:
    """Do nothing: the maker has no slow tool to start."""


def _no_findings(_order: Order) -> tuple[Finding, ...]:
    """See nothing wrong before making."""
    return ()


@dataclass(frozen=True, slots=True)
class Maker:
    """One way to make a kind of file.

    Attributes:
        name: what ``doctor`` and the manifest call it.
        takes: the kind it works from: ``words`` or another maker's ``gives``.
        gives: the kind it makes, which is also the file's suffix without the dot.
        make: the bytes of the file; raises a ``Failure`` where the surroundings fail.
        prove: opens the made bytes again and says what it found.
        missing: a Chinese sentence saying what to install; empty when all is there. Cheap.
        examine: faults of the report that can be seen before making, with cells and lines.
        diagnose: what ``doctor`` shows: (what, is it there, a Chinese sentence), one for each thing needed.
        start: starts slow tools in the background, so that they are ready when ``make`` comes.
        clean_only: True if a report with errors is refused unless a draft is asked for.
    """

    name: str
    takes: str
    gives: str
    make: Callable[[Order], bytes]
    prove: Callable[[Order, bytes], Proof]
    missing: Callable[[], str] = str
    examine: Callable[[Order], tuple[Finding, ...]] = _no_findings
    diagnose: Callable[[], tuple[tuple[str, bool, str], ...]] = tuple
    start: Callable[[], None] = _nothing
    clean_only: bool = False


def maker_for(kind: str) -> Maker | None:
    """The first maker by module name that gives this kind; None where there is none.

    Only modules whose name starts with the kind are imported: makers are heavy.
    """
    for module in sorted(info.name for info in iter_modules(__path__)):
        if module.startswith(f"{kind}_"):
            maker: Maker = import_module(f"{__name__}.{module}").MAKER
            return maker
    return None


def kinds() -> tuple[str, ...]:
    """Every kind of file that can be made, sorted."""
    return tuple(sorted({info.name.split("_")[0] for info in iter_modules(__path__)}))
