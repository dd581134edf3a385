"""The way of one report, from bytes to files, on one page. Knows every step, does none, touches no disk."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import PurePath
from typing import NamedTuple

from reportgen.examining import Material as Material
from reportgen.examining import Outcome as Outcome
from reportgen.examining import Supplies as Supplies
from reportgen.examining import examine as examine
from reportgen.judging import Judgement, in_background, judged, name_of, with_comments
from reportgen.makers import WORDS, Attachment, Maker, Order, Proof, handed_over, made, maker_for
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
    outcome = replace(examine(material, supplies), printed=supplies.printed)
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
    making = _Making(outcome, order, supplies, draft, watch)
    for kind in wanted:
        if kind != material.kind:
            making.deliver(kind)
    making.settle()
    return making.outcome


class _Waiting(NamedTuple):
    """A made file that is being judged: its maker, its proof, and what gives the judgement."""

    maker: Maker
    proof: Proof
    judgement: Callable[[], Judgement]


class _Making:
    """The making of one report's files: what is made so far, and what must not be made any more."""

    def __init__(self, outcome: Outcome, order: Order, supplies: Supplies, draft: bool, watch: Watch) -> None:
        self.outcome = outcome
        self.order = order
        self.supplies = supplies
        self.asked_draft = draft
        self.watch = watch
        self.given_up: set[str] = set()
        self.waiting: _Waiting | None = None

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
        try:
            maker = self._maker_of(kind)
        except Failure as failure:
            return self._fail(failure)
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

    def _maker_of(self, kind: str) -> Maker | None:
        """What makes a kind, or hands it over where a person made it with another program.

        Raises:
            Failure: what was made cannot be taken.
        """
        printed = self.supplies.printed
        if printed is not None and printed.kind == kind:
            return handed_over(kind, printed.content)
        return maker_for(kind, self.supplies.makers)

    def _make(self, maker: Maker) -> bool:
        self.watch(maker.name)
        try:
            if maker.takes == WORDS:
                self._make_of_words(maker)
                return True
            return self._make_of_made(maker)
        except Failure as failure:
            return self._fail(failure)

    def _make_of_words(self, maker: Maker) -> None:
        """Make a file of the report's words; a draft where its proof has errors. Its judgement begins."""
        self.order = replace(self.order, draft=self._is_draft, findings=self.outcome.findings)
        content, proof = made(maker, self.order)
        self._note(proof.findings)
        if self._is_draft and not self.order.draft:
            self.order = replace(self.order, draft=True, findings=self.outcome.findings)
            content, proof = made(maker, self.order)
        self._keep(maker.gives, content, proof)
        order = self.order
        wait = in_background(lambda: judged(order, maker.gives, content, self.supplies))
        self.waiting = _Waiting(maker, proof, wait)

    def _make_of_made(self, maker: Maker) -> bool:
        """Make a file of another; a final PDF while that other is still being judged."""
        if self.order.draft or not maker.clean_only:
            self.settle()
        order = replace(self.order, findings=self.outcome.findings, shown=self._reader(maker.takes))
        content, proof = made(maker, order)
        self.settle()
        if maker.clean_only and self.outcome.errors and not self.asked_draft:
            return self._refuse(maker.gives)
        self._note(proof.findings)
        if any(finding.is_error for finding in proof.findings) and not self.order.draft:
            return self._refuse(maker.gives)
        self._keep(maker.gives, content, proof)
        return True

    def settle(self) -> None:
        """Wait for the judgement of what was made; with an error in it, that is made once more as a draft."""
        if self.waiting is None:
            return
        (maker, proof, wait), self.waiting = self.waiting, None
        judgement = wait()
        try:
            content = self.order.made[maker.gives]
            if any(finding.is_error for finding in judgement.findings) and not self.order.draft:
                self.order = replace(self.order, draft=True, findings=self.outcome.findings)
                content, proof = made(maker, self.order)
            if self.order.draft:
                self._keep(maker.gives, with_comments(self.order, content, judgement), proof)
        except Failure as failure:
            self._drop(maker.gives)
            self._fail(failure)
        self._note(judgement.findings)

    @property
    def _is_draft(self) -> bool:
        return self.asked_draft or self.outcome.errors > 0

    def _keep(self, kind: str, content: bytes, proof: Proof) -> None:
        self.order = replace(self.order, made={**self.order.made, kind: content})
        self.outcome = replace(
            self.outcome,
            files={**self.outcome.files, kind: content},
            facts={**self.outcome.facts, kind: proof.facts},
            draft=self.order.draft,
        )

    def _drop(self, kind: str) -> None:
        kept = {name: content for name, content in self.outcome.files.items() if name != kind}
        self.outcome = replace(self.outcome, files=kept)

    def _reader(self, kind: str) -> Callable[[], Shown]:
        """Reads the file of a kind again, once, under the name that its judgement knows it by."""
        source, content, material = source_for(kind), self.order.made.get(kind, b""), self.outcome.material
        name = material.name if material.kind == kind else name_of(self.order, kind)
        return cache(lambda: source.shown(content, name) if source else Shown())

    def _refuse(self, kind: str) -> bool:
        self.outcome = replace(self.outcome, refused=(*self.outcome.refused, kind))
        return False

    def _note(self, findings: tuple[Finding, ...]) -> None:
        self.outcome = replace(self.outcome, findings=self.outcome.findings + findings)

    def _fail(self, failure: Failure) -> bool:
        self.outcome = replace(self.outcome, failures=(*self.outcome.failures, failure))
        return False
