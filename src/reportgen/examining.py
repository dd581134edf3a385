"""Examining one report: what it says, what is wrong with it, what changed since it was made. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath

from reportgen.advice import Medium
from reportgen.checks import Context, answers_bound, check_report
from reportgen.chinese.organs import same_organ
from reportgen.makers import Order, maker_for
from reportgen.model.demands import Demand
from reportgen.model.form import Form
from reportgen.model.nodes import Mapping as NodeMapping
from reportgen.model.report import Answer, Report
from reportgen.model.units import Units
from reportgen.paths import quoted
from reportgen.polish.comparing import (
    carried_over,
    changes,
    not_compared,
    other_report,
    without_guesses,
    without_stale_origin,
)
from reportgen.problems import Failure, Finding, Ground, Level, Place, fault
from reportgen.reading import read
from reportgen.sources import kin_of, kinds_read, source_for
from reportgen.wording import words

_NOT_NAMED = ("R02", "R11", "R14")
"""A document without a year, one without an organ, and one of which the level is guessed, or cannot be."""

_OF_QUOTES = ("F20", "F21", "F22")
"""A quote that cannot be read, that names nothing, or names no number."""
OLD = ("doc", "wps", "odt", "rtf", "pdf", "ofd")
"""Kinds that only ``read`` takes, once, to make a clerk's file of them; and one to be told how to convert."""

CONVERT_OFD = "请用 WPS 或 OFD 阅读器打开，另存（转换）为 .docx，再用那一份。"

_OF_ROWS = ("F17", "F18")
"""A row or column that the table has not."""


@dataclass(frozen=True, slots=True)
class Material:
    """A report as it came: a file's name, its bytes, and what they are read as if the suffix does not say."""

    name: str
    content: bytes
    read_as: str = ""

    @property
    def kind(self) -> str:
        """The suffix in lower case, without the dot; or what the bytes are read as."""
        return self.read_as or PurePath(self.name).suffix.lower().lstrip(".")

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that places count in; none for a kind that is no text."""
        source = source_for(self.kind)
        return source.lines(self.content) if source else ()


@dataclass(frozen=True, slots=True)
class Supplies:
    """What the work needs beside the material.

    Attributes:
        forms: every form there is.
        templates: Word templates by form id.
        today: the day of the work.
        words: those that an office does not want in its reports without a look.
        last: last year's report of the same organ.
        certain: True if a clerk says that ``last`` is that; else it is only compared where it is.
        origin: what a polished document was made from.
        notes: findings about these, to be listed with the report's own.
        attach_source: True if the clerk's file is to be kept inside the PDF.
        once: True where a report is only read to make a clerk's file of it.
        makers: names of those that shall be taken where several give one kind of file.
        printed: the PDF of a polished document as another program printed it; None where we are to make it.
        units: what the report was added up from; None where it was not, or nobody knows.
        demands: an office's own, beyond the law; asked of the clerk's words, not of the template's.
        at_page: True where the clerk has the page before the eyes, not the file.
    """

    forms: tuple[Form, ...]
    templates: Mapping[str, bytes] = field(default_factory=dict)
    today: date | None = None
    words: tuple[str, ...] = ()
    last: Material | None = None
    certain: bool = False
    origin: Material | None = None
    notes: tuple[Finding, ...] = ()
    attach_source: bool = False
    once: bool = False
    makers: tuple[str, ...] = ()
    printed: Material | None = None
    units: Units | None = None
    demands: tuple[Demand, ...] = ()
    at_page: bool = False


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
        last: last year's report that it was compared with.
        origin: what the polished document was compared with.
        printed: the PDF of another program that was to be taken.
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
    last: Material | None = None
    origin: Material | None = None
    printed: Material | None = None

    @property
    def lean(self) -> "Outcome":
        """What a batch's command needs of it: whose it is, findings, files; of the report only its cover."""
        return replace(self, node=None, report=self.report.cover if self.report else None)

    @property
    def errors(self) -> int:
        """How many findings forbid a signature."""
        return sum(finding.is_error for finding in self.findings)


def examine(material: Material, supplies: Supplies) -> Outcome:
    """What a report says and what is wrong with it, told in the clerk's medium; makes nothing."""
    medium = _medium(material, supplies)
    outcome = _examined(material, supplies, medium)
    return replace(outcome, findings=tuple(each.told_in(medium) for each in outcome.findings))


def _medium(material: Material, supplies: Supplies) -> Medium:
    """What the clerk has before the eyes: the page, or a file of the report's kind."""
    source = source_for(material.kind, once=supplies.once)
    own = source.medium if source else Medium.DOCUMENT
    return Medium.PAGE if supplies.at_page and own is not Medium.DOCUMENT else own


def _examined(material: Material, supplies: Supplies, medium: Medium) -> Outcome:
    outcome = _read(material, supplies)
    if outcome.report is None:
        return replace(outcome, findings=outcome.findings + supplies.notes)
    outcome = _with_origin(outcome, supplies)
    last = _last_of(outcome, supplies)
    report = outcome.report
    assert report is not None  # it was there, and comparing takes nothing away
    notes = supplies.notes
    if outcome.origin:
        own = _medium(outcome.origin, supplies)
        notes = tuple(each.told_in(own) for each in without_stale_origin(notes, outcome.findings))
    context = Context(
        supplies.today,
        last,
        words=supplies.words,
        medium=medium,
        origin=_medium(outcome.origin, supplies) if outcome.origin else None,
        units=supplies.units,
        demands=supplies.demands,
    )
    if outcome.origin and report.answers:
        report = replace(report, answers=_answers_given(outcome, supplies, context))
    return replace(
        outcome,
        findings=outcome.findings
        + notes
        + _not_caused(check_report(report, context), outcome.findings, report),
        last=supplies.last if last else None,
    )


def report_of(material: Material, supplies: Supplies) -> Report | None:
    """What a report says, without a judgement; None where it cannot be read."""
    return _read(material, supplies).report


def _read(material: Material, supplies: Supplies) -> Outcome:
    source = source_for(material.kind, once=supplies.once)
    if source is None:
        return Outcome(material, findings=(_unreadable(material),))
    node, findings = source.read(material.content, material.name, supplies.forms)
    if node is None:  # why it is no report is told alone, without notes about its page
        return Outcome(material, findings=tuple(each for each in findings if each.level is not Level.NOTE))
    report, more = read(node, supplies.forms)
    return Outcome(material, node, report, findings + _not_told(more, findings))


def _not_told(more: tuple[Finding, ...], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The further findings but for those of a field whose lack a document's own finding tells."""
    told = {about for finding in findings if finding.code in _NOT_NAMED for about in finding.about}
    return tuple(each for each in more if each.code != "F13" or not told & set(each.about))


def _not_caused(
    judged: tuple[Finding, ...], told: tuple[Finding, ...], report: Report
) -> tuple[Finding, ...]:
    """What the rules found, without what only follows from faults of the file that are told already.

    A quote that could not be read stands in the text as typed (X14); a row that could not be read is missing
    in the sums of its table.
    """
    quotes = {place[:5] for each in told if each.code in _OF_QUOTES for place in each.places}
    unread = {about for each in told if each.code in _OF_ROWS for about in each.about}
    tables = (
        {str(key): f"table.{table.key}" for key, (table, _, _) in report.form.index.items()} if unread else {}
    )
    return tuple(
        each
        for each in judged
        if not (each.code == "X14" and quotes & {place[:5] for place in each.places})
        and not (
            each.ground is Ground.ARITHMETIC and any(tables.get(about) in unread for about in each.about)
        )
    )


def _last_of(outcome: Outcome, supplies: Supplies) -> Report | None:
    """Last year's report; one that nobody named only counts where year and organ fit."""
    if supplies.last is None or outcome.report is None:
        return None
    last, report = report_of(supplies.last, supplies), outcome.report
    fits = (
        last is not None and last.year + 1 == report.year and same_organ(last.organ.name, report.organ.name)
    )
    return last if fits or supplies.certain else None


def _answers_given(outcome: Outcome, supplies: Supplies, context: Context) -> tuple[Answer, ...]:
    """The answers of what a document was made from, each for the sentence that it answers there."""
    origin = report_of(outcome.origin, supplies) if outcome.origin else None
    return answers_bound(origin, context) if origin else ()


def _with_origin(outcome: Outcome, supplies: Supplies) -> Outcome:
    """A polished document with what only its origin knows, and every change since it was made."""
    report, material = outcome.report, supplies.origin
    if material is None or report is None:
        return outcome
    origin = report_of(material, supplies)
    if origin is None:
        return _noted(outcome, f"{material.name} 读不成年报")
    if other := other_report(Place(outcome.material.name), report, origin):
        outcome = replace(outcome, findings=(*outcome.findings, other.told_in(_medium(material, supplies))))
    if not same_organ(origin.organ.name, report.organ.name) and origin.year != report.year:
        return outcome
    try:
        content = _made_again(origin, outcome.material, supplies)
    except Failure as failure:
        return replace(outcome, failures=(*outcome.failures, failure))
    changed = (
        each.told_in(_medium(material, supplies)) for each in _changes(content, outcome, origin, supplies)
    )
    findings = (*without_guesses(outcome.findings), *changed)
    return replace(outcome, report=carried_over(origin, report), findings=findings, origin=material)


def _changes(content: bytes, outcome: Outcome, origin: Report, supplies: Supplies) -> Iterator[Finding]:
    """What was changed since the document was made, in its text and around it; nothing without what was."""
    polished = outcome.material
    made = report_of(Material(polished.name, content), supplies) if content else None
    source = source_for(polished.kind)
    if made and source and outcome.report:
        yield from changes(made, outcome.report, origin)
        yield from source.around(content, polished.content, polished.name)


def _made_again(origin: Report, polished: Material, supplies: Supplies) -> bytes:
    """The document as it was made, to be read as the polished one is; empty where it cannot be had."""
    maker = maker_for(polished.kind)
    template = supplies.templates.get(origin.form.id, b"")
    if maker is None or not template:
        return b""
    return maker.make(Order(origin, words(origin), template=template))


def _noted(outcome: Outcome, why: str) -> Outcome:
    return replace(outcome, findings=(*outcome.findings, not_compared(outcome.material.name, why)))


def _unreadable(material: Material) -> Finding:
    if kin := kin_of(material.kind):
        return fault("F00", f"不读 .{material.kind} 文件：{material.name}", Place(material.name), kin)
    known = "、".join(f".{kind}" for kind in kinds_read())
    if material.kind in OLD:
        file = PurePath(material.name)
        out = quoted(PurePath(f"{file.stem}.yaml"))
        way = f"请先把它读成年报文件：reportgen read {quoted(file)} --out {out}"
        fix = CONVERT_OFD if material.kind == "ofd" else way
        message = f".{material.kind} 文件不能直接检查或生成。"
        from reportgen.recognising.faults import fault as of_document  # slow to import

        return of_document("R37", message, (Place(material.name),), fix=fix)
    return Finding(
        "F00",
        Level.ERROR,
        f"不认识这种文件：{material.name}",
        (Place(material.name),),
        expected=f"能读的文件有 {known}",
        found=f".{material.kind}" if material.kind else "没有扩展名",
        fix="请另存为能读的格式，或检查文件名的扩展名。",
    )
