"""The way of one report, from bytes to files, on one page. Knows every step, does none, touches no disk."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePath

from reportgen.examining import Material as Material
from reportgen.examining import Outcome as Outcome
from reportgen.examining import Supplies as Supplies
from reportgen.examining import examine as examine
from reportgen.judging import judged, read_in, with_comments
from reportgen.makers import WORDS, Attachment, Maker, Order, Proof, made, maker_for
from reportgen.problems import Failure, Finding, ToolMissing
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
    making = _Making(outcome, read_in(order, material.kind) if order.made else order, supplies, draft, watch)
    for kind in wanted:
        if kind != material.kind:
            making.deliver(kind)
    return making.outcome


class _Making:
    """The making of one report's files: what is made so far, and what must not be made any more."""

    def __init__(self, outcome: Outcome, order: Order, supplies: Supplies, draft: bool, watch: Watch) -> None:
        self.outcome = outcome
        self.order = order
        self.supplies = supplies
        self.asked_draft = draft
        self.watch = watch
        self.given_up: set[str] = set()

    def deliver(self, kind: str) -> bool:
        """Make a kind with all that it is made from; True if it is there."""
        if kind in self.order.made or kind == WORDS:
            return True
        if kind in self.given_up:
            return False
        there = self._deliver(kind)
        if not there:
            self.given_up.add(kind)
        return there

    def _deliver(self, kind: str) -> bool:
        maker = maker_for(kind, self.supplies.makers)
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
        try:
            content, proof = self._made(maker, draft=self._is_draft)
            if proof is None:
                return self._refuse(maker.gives)
        except Failure as failure:
            return self._fail(failure)
        self.order = replace(self.order, made={**self.order.made, maker.gives: content})
        if maker.takes == WORDS:
            self.order = read_in(self.order, maker.gives)
        self.outcome = replace(
            self.outcome,
            files={**self.outcome.files, maker.gives: content},
            facts={**self.outcome.facts, maker.gives: proof.facts},
            draft=self.order.draft,
        )
        return True

    @property
    def _is_draft(self) -> bool:
        return self.asked_draft or self.outcome.errors > 0

    def _made(self, maker: Maker, draft: bool) -> tuple[bytes, Proof | None]:
        """A file with its proof, which is None for a final file that must not be.

        What is made of the words alone is judged as anybody's document is; with an error in it, it is made
        once more as a draft, with comments where the errors stand.
        """
        self.order = replace(self.order, draft=draft, findings=self.outcome.findings)
        content, proof = made(maker, self.order)
        if maker.takes != WORDS:
            self._note(proof.findings)
            refused = any(finding.is_error for finding in proof.findings) and not draft
            return content, None if refused else proof
        judgement = judged(self.order, maker.gives, content, self.supplies)
        self._note((*proof.findings, *judgement.findings))
        if self._is_draft and not draft:
            self.order = replace(self.order, draft=True, findings=(*self.order.findings, *proof.findings))
            content, proof = made(maker, self.order)
        return with_comments(self.order, content, judgement) if self._is_draft else content, proof

    def _refuse(self, kind: str) -> bool:
        self.outcome = replace(self.outcome, refused=(*self.outcome.refused, kind))
        return False

    def _note(self, findings: tuple[Finding, ...]) -> None:
        self.outcome = replace(self.outcome, findings=self.outcome.findings + findings)

    def _fail(self, failure: Failure) -> bool:
        self.outcome = replace(self.outcome, failures=(*self.outcome.failures, failure))
        return False
