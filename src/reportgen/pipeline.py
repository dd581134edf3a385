"""The way of one report, from bytes to files, on one page. Knows every step, does none, touches no disk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath

from reportgen.checks import Context, check_report
from reportgen.form import Form
from reportgen.makers import Maker, Order, maker_for
from reportgen.nodes import Mapping as NodeMapping
from reportgen.problems import Failure, Finding, Level, Place, ToolMissing
from reportgen.reading import read
from reportgen.report import Report
from reportgen.sources import kinds_read, source_for
from reportgen.wording import words

WORDS = "words"
"""The kind that a report's words are, from which the first makers work."""


@dataclass(frozen=True, slots=True)
class Material:
    """A report as it came: a file's name (its suffix says the kind) and its bytes."""

    name: str
    content: bytes

    @property
    def kind(self) -> str:
        """The suffix in lower case, without the dot."""
        return PurePath(self.name).suffix.lower().lstrip(".")

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that places count in; none for a kind that is no text."""
        source = source_for(self.kind)
        return source.lines(self.content) if source else ()


@dataclass(frozen=True, slots=True)
class Supplies:
    """What the work needs beside the material: forms, Word templates by form id, today's date."""

    forms: tuple[Form, ...]
    templates: Mapping[str, bytes] = field(default_factory=dict)
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a report.

    Attributes:
        material: what it was made from.
        node: what the source gave; None where nothing could be read.
        report: the report; None where it could not be read.
        findings: all of them, in the order of the steps.
        files: what was made, by kind, whole and proved.
        facts: what the proofs said, by kind (pages, fonts …).
        failures: what our surroundings did not deliver; the rest stands all the same.
        draft: True if the files are marked 草稿.
        refused: kinds that were asked for and withheld because of errors, the report's or the proof's.
    """

    material: Material
    node: NodeMapping | None = None
    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    draft: bool = False
    refused: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings forbid a signature."""
        return sum(finding.is_error for finding in self.findings)


Watch = Callable[[str], None]
"""Is told the name of each maker as it begins, to show progress."""


def examine(material: Material, supplies: Supplies) -> Outcome:
    """What a report says and what is wrong with it; makes nothing."""
    source = source_for(material.kind)
    if source is None:
        return Outcome(material, findings=(_unreadable(material),))
    node, findings = source.read(material.content, material.name, supplies.forms)
    if node is None:
        return Outcome(material, findings=findings)
    report, more = read(node, supplies.forms)
    findings += more
    if report is not None:
        findings += check_report(report, Context(today=supplies.today))
    return Outcome(material, node, report, findings)


def run(
    material: Material,
    supplies: Supplies,
    wanted: Iterable[str] = ("docx", "pdf"),
    draft: bool = False,
    watch: Watch = lambda _: None,
) -> Outcome:
    """A report's files: examined, worded, made and proved.

    An error in the report marks every file 草稿 and refuses the kinds that are for signing, unless
    ``draft`` asks for them. A failure of one maker leaves what the others made.
    """
    outcome = examine(material, supplies)
    if outcome.report is None:
        return outcome
    order = Order(
        report=outcome.report,
        words=words(outcome.report),
        template=supplies.templates.get(outcome.report.form.id, b""),
        made={material.kind: material.content} if maker_for(material.kind) else {},
    )
    kitchen = _Making(outcome, order, draft, watch)
    for kind in wanted:
        if kind != material.kind:
            kitchen.deliver(kind)
    return kitchen.outcome


class _Making:
    """The making of one report's files: what is made so far, and what must not be made any more."""

    def __init__(self, outcome: Outcome, order: Order, draft: bool, watch: Watch) -> None:
        self.outcome = outcome
        self.order = order
        self.asked_draft = draft
        self.watch = watch

    def deliver(self, kind: str) -> bool:
        """Make a kind with all that it is made from; True if it is there."""
        if kind in self.order.made or kind == WORDS:
            return True
        maker = maker_for(kind)
        if maker is None:
            return self._fail(ToolMissing(f"不会生成 .{kind} 文件。"))
        missing = maker.missing()
        if not missing:
            self._note(maker.examine(self.order))
        if not self.deliver(maker.takes):
            return False
        if maker.clean_only and self.outcome.errors and not self.asked_draft:
            return self._refuse(kind)
        return self._fail(ToolMissing(missing)) if missing else self._make(maker)

    def _make(self, maker: Maker) -> bool:
        self.watch(maker.name)
        draft = self.asked_draft or self.outcome.errors > 0
        self.order = replace(self.order, draft=draft, findings=self.outcome.findings)
        try:
            made = maker.make(self.order)
            proof = maker.prove(self.order, made)
        except Failure as failure:
            return self._fail(failure)
        self._note(proof.findings)
        if any(finding.is_error for finding in proof.findings) and not draft:
            return self._refuse(maker.gives)
        self.order = replace(self.order, made={**self.order.made, maker.gives: made})
        self.outcome = replace(
            self.outcome,
            files={**self.outcome.files, maker.gives: made},
            facts={**self.outcome.facts, maker.gives: proof.facts},
            draft=draft,
        )
        return True

    def _refuse(self, kind: str) -> bool:
        self.outcome = replace(self.outcome, refused=(*self.outcome.refused, kind))
        return False

    def _note(self, findings: tuple[Finding, ...]) -> None:
        self.outcome = replace(self.outcome, findings=self.outcome.findings + findings)

    def _fail(self, failure: Failure) -> bool:
        self.outcome = replace(self.outcome, failures=(*self.outcome.failures, failure))
        return False


def _unreadable(material: Material) -> Finding:
    known = "、".join(f".{kind}" for kind in kinds_read())
    return Finding(
        "F00",
        Level.ERROR,
        f"不认识这种文件：{material.name}",
        (Place(material.name),),
        expected=f"能读的文件有 {known}",
        found=f".{material.kind}" if material.kind else "没有扩展名",
        fix="请另存为能读的格式，或检查文件名的扩展名。",
    )
