"""Makers: a kind of file into another kind. One file (or folder) a maker; this page is their contract.

A module of this folder that holds a ``MAKER`` is one; its name is the kind that it gives, ``_``, and its own
name, by which ``--with`` chooses it. What belongs to a kind and not to one of its makers stands in a module
that is called as the kind and holds a ``KIND``. The folder is listed, nothing is registered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from threading import Thread
from typing import TYPE_CHECKING

from reportgen.problems import Finding

if TYPE_CHECKING:  # a slow tool is started before the rest of the program is loaded
    from reportgen.model.nodes import Shown
    from reportgen.model.report import Report
    from reportgen.wording import Words

WORDS = "words"
"""The kind that a report's words are, from which the first makers work."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept inside another."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What a maker is given: one report, its words, and what the makers before it made (kind → bytes).

    ``attached`` is a file to be kept inside the PDF. ``shown`` reads the file that is printed again, as
    anybody's, and says what a reader sees: no other word may stand in the print. Quick when asked again.
    """

    report: "Report"
    words: "Words"
    findings: tuple[Finding, ...] = ()
    draft: bool = False
    template: bytes = b""
    made: Mapping[str, bytes] = field(default_factory=dict)
    attached: Attachment | None = None
    shown: "Callable[[], Shown]" = lambda: _nothing_shown()


@dataclass(frozen=True, slots=True)
class Proof:
    """What opening the made file again showed. ``facts`` go into the summary and the manifest."""

    facts: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def _nothing_shown() -> "Shown":
    """See nothing: whatever is printed, nobody read it."""
    from reportgen.model.nodes import Shown

    return Shown()


def _nothing() -> None:
    """Do nothing: the maker has no slow tool to start."""


def _nothing_warmed(_order: Order) -> None:
    """Load nothing."""


def _silent(_say: Callable[[str], None]) -> None:
    """Do nothing: the maker needs nothing that could be got or prepared."""


def _no_findings(_order: Order) -> tuple[Finding, ...]:
    """See nothing wrong before making."""
    return ()


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts that a maker draws with, by their names in the made file.

    Attributes:
        official: name → the official family that it draws.
        stand_ins: those of them that are not the official font itself.
        borrowed: how the names of the fonts begin that draw what the others lack.
    """

    official: Mapping[str, str] = field(default_factory=dict)
    stand_ins: frozenset[str] = frozenset()
    borrowed: tuple[str, ...] = ()


def _nothing_seen(_order: Order, _made: bytes) -> Proof:
    """See nothing: all that can be seen, the kind sees."""
    return Proof()


@dataclass(frozen=True, slots=True)
class Maker:
    """One way to make a kind of file. Several may give one kind; what is wanted of each belongs to the kind.

    Attributes:
        name: what ``doctor`` and the manifest call it.
        takes: the kind it works from: ``WORDS`` or another maker's ``gives``.
        gives: the kind it makes, which is also the file's suffix without the dot.
        make: the bytes of the file; raises a ``Failure`` where the surroundings fail.
        prove: opens the made bytes again and says what it found, beside what the kind says of all its files.
        convert: the same as ``make`` for a file that is no report's; None where a report is needed.
        missing: a Chinese sentence saying what to install; empty when all is there. Cheap.
        examine: faults of the report that can be seen before making, with cells and lines.
        diagnose: what ``doctor`` shows: (what, is it there, a Chinese sentence), one for each thing needed.
        fix: gets what is missing and can be got, because a person asked for it; calls what it is given with a
            Chinese sentence for everything it does, or why it cannot.
        prepare: what is done once on a machine and takes long; cheap afterwards. Tells like ``fix``.
        start: starts slow tools in the background, so that they are ready when ``make`` comes.
        fonts: what it draws with; nothing where it does not know.
        state: programs and fonts of this machine that its files depend on: (name, version), in a fixed order.
        clean_only: True if a report with errors is refused unless a draft is asked for.
        elsewhere: True if it only hands over what a person made with another program.
    """

    name: str
    takes: str
    gives: str
    make: Callable[[Order], bytes]
    prove: Callable[[Order, bytes], Proof] = _nothing_seen
    convert: Callable[[bytes], bytes] | None = None
    missing: Callable[[], str] = str
    examine: Callable[[Order], tuple[Finding, ...]] = _no_findings
    diagnose: Callable[[], tuple[tuple[str, bool, str], ...]] = tuple
    fix: Callable[[Callable[[str], None]], None] = _silent
    prepare: Callable[[Callable[[str], None]], None] = _silent
    start: Callable[[], None] = _nothing
    fonts: Callable[[], Fonts] = Fonts
    state: Callable[[], tuple[tuple[str, str], ...]] = tuple
    clean_only: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done with every file of a kind, whichever maker made it.

    Attributes:
        complete: the finished file and its proof, from what a maker gave.
        warm: loads and reads what ``complete`` needs; called beside a maker that waits for another program.
        elsewhere: the maker that hands over a file which another program made; raises a ``Failure`` where it
            cannot be taken. None where none is taken of this kind.
    """

    complete: Callable[[Order, bytes, Maker], tuple[bytes, Proof]]
    warm: Callable[[Order], object] = _nothing_warmed
    elsewhere: Callable[[bytes], Maker] | None = None


def made(maker: Maker, order: Order) -> tuple[bytes, Proof]:
    """A file, finished and proved.

    Raises:
        Failure: the surroundings fail.
    """
    kind = _kind(maker.gives)
    if kind is None:
        content = maker.make(order)
        return content, maker.prove(order, content)
    warming = Thread(target=kind.warm, args=(order,))
    warming.start()
    try:
        raw = maker.make(order)
    finally:
        warming.join()
    return kind.complete(order, raw, maker)


def handed_over(kind: str, content: bytes) -> Maker | None:
    """The maker that hands over a file of a kind that another program made; None where none is taken.

    Raises:
        Failure: the file cannot be taken.
    """
    found = _kind(kind)
    return found.elsewhere(content) if found and found.elsewhere else None


def maker_for(kind: str, chosen: Sequence[str] = ()) -> Maker | None:
    """The maker of a kind: one that was chosen by name, else the first that lacks nothing.

    Args:
        kind: of the files that it gives.
        chosen: names, as in ``names_of``; those of other kinds' makers do not matter here.

    Returns:
        The first in the order of the modules' names where none is there, so that it says what it lacks; None
        where there is no maker of the kind at all.
    """
    names = names_of(kind)
    wanted = [name for name in names if name in chosen] or list(names)
    makers = [_maker(kind, name) for name in wanted]
    if len(makers) < 2:  # what it lacks it says when it is asked to make something
        return makers[0] if makers else None
    return next((maker for maker in makers if not maker.missing()), makers[0])


def names_of(kind: str) -> tuple[str, ...]:
    """The names of a kind's makers, by which one is chosen, sorted."""
    start = f"{kind}_"
    return tuple(sorted(name.removeprefix(start) for name in _modules() if name.startswith(start)))


def kinds() -> tuple[str, ...]:
    """Every kind of file that can be made, sorted."""
    return tuple(sorted({name.partition("_")[0] for name in _modules()}))


def _modules() -> tuple[str, ...]:
    return _listed(tuple(__path__))


@cache
def _listed(folders: tuple[str, ...]) -> tuple[str, ...]:
    """The modules in these folders, listed once: every report asks several times."""
    return tuple(info.name for info in iter_modules(folders))


def _maker(kind: str, name: str) -> Maker:
    """A maker by its name; one whose module cannot be loaded says so as what it lacks, and hides no other."""
    try:
        maker: Maker = import_module(f"{__name__}.{kind}_{name}").MAKER
    except ImportError as error:
        sentence = f"转换程序 {name} 用不了：缺少 Python 模块 {error.name or error}。"
        return Maker(name, WORDS, kind, make=lambda _: b"", missing=lambda: sentence)
    return maker


def _kind(kind: str) -> Kind | None:
    if kind not in _modules():
        return None
    found: Kind = import_module(f"{__name__}.{kind}").KIND
    return found
