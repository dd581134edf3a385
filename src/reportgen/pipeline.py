"""The way of one report, from bytes to files, on one page. Knows every step, does none, touches no disk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePath

from reportgen.examining import Material as Material
from reportgen.examining import Outcome as Outcome
from reportgen.examining import Supplies as Supplies
from reportgen.examining import examine as examine
from reportgen.makers import WORDS, Attachment, Maker, Order, made, maker_for
from reportgen.model.nodes import Shown
from reportgen.problems import Failure, Finding, ToolMissing
from reportgen.sources import source_for
from reportgen.wording import words

Watch = Callable[[str], None]
"""Is told the name of each maker as it begins, to show progress."""


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
    source = outcome.origin or material
    order = Order(
        report=outcome.report,
        words=words(outcome.report),
        template=supplies.templates.get(outcome.report.form.id, b""),
        made={material.kind: material.content} if maker_for(material.kind) else {},
        attached=Attachment(PurePath(source.name).name, source.content) if supplies.attach_source else None,
    )
    making = _Making(outcome, order, draft, watch, supplies.makers)
    for kind in wanted:
        if kind != material.kind:
            making.deliver(kind)
    return making.outcome


class _Making:
    """The making of one report's files: what is made so far, and what must not be made any more."""

    def __init__(
        self, outcome: Outcome, order: Order, draft: bool, watch: Watch, chosen: Sequence[str]
    ) -> None:
        self.outcome = outcome
        self.order = order
        self.asked_draft = draft
        self.watch = watch
        self.chosen = chosen

    def deliver(self, kind: str) -> bool:
        """Make a kind with all that it is made from; True if it is there."""
        if kind in self.order.made or kind == WORDS:
            return True
        maker = maker_for(kind, self.chosen)
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
        self.order = replace(
            self.order, draft=draft, findings=self.outcome.findings, shown=self._reader(maker.takes)
        )
        try:
            content, proof = made(maker, self.order)
        except Failure as failure:
            return self._fail(failure)
        self._note(proof.findings)
        if any(finding.is_error for finding in proof.findings) and not draft:
            return self._refuse(maker.gives)
        self.order = replace(self.order, made={**self.order.made, maker.gives: content})
        self.outcome = replace(
            self.outcome,
            files={**self.outcome.files, maker.gives: content},
            facts={**self.outcome.facts, maker.gives: proof.facts},
            draft=draft,
        )
        return True

    def _reader(self, kind: str) -> Callable[[], Shown]:
        """Reads the file of a kind again, once; the places name it where it is what the clerk gave."""
        source, content = source_for(kind), self.order.made.get(kind, b"")
        name = self.outcome.material.name if self.outcome.material.kind == kind else ""
        return cache(lambda: source.shown(content, name) if source else Shown())

    def _refuse(self, kind: str) -> bool:
        self.outcome = replace(self.outcome, refused=(*self.outcome.refused, kind))
        return False

    def _note(self, findings: tuple[Finding, ...]) -> None:
        self.outcome = replace(self.outcome, findings=self.outcome.findings + findings)

    def _fail(self, failure: Failure) -> bool:
        self.outcome = replace(self.outcome, failures=(*self.outcome.failures, failure))
        return False
