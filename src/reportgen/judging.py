"""Judging what was made as anybody's document: read by the source of its kind, asked by every rule. Pure.

So a template's own words are judged as the clerk's are. What the report itself told is not told again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import TYPE_CHECKING

from reportgen.advice import Medium
from reportgen.checks import Context, answers_bound, check_report
from reportgen.examining import Supplies
from reportgen.makers import Order, made, maker_for
from reportgen.model.form import CellKey, Form, Passage
from reportgen.model.nodes import FoundParagraph, Run
from reportgen.model.prose import Paragraph
from reportgen.model.report import Contact, Figure, Organ, Report, filled
from reportgen.polish.comparing import carried_over, without_guesses
from reportgen.problems import Finding, Level, Place, TemplateBroken
from reportgen.reading import read
from reportgen.sources import source_for
from reportgen.sources.docx import left_behind, shown
from reportgen.wording import words

if TYPE_CHECKING:
    from reportgen.makers.docx_docxtpl.template_check import Originals

FILE = "report.docx"
"""A template's name in places before its own is known."""

_OF_DRAFTS = frozenset({"K13", "K14"})
"""What tells of the marks that a draft of ours bears."""

_OF_CHAPTERS = frozenset({"X10", "X24"})
"""What tells of whole chapters, and is told once though the template's words make it say less."""

_EXTRA_TABLE = "R09"
_ANSWERS = "A"
_FIX = "这是 Word 模板里的内容：请管模板的人改好模板（report.docx），再重新生成。"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found in a made document, with its places, and the report that was read from it."""

    findings: tuple[Finding, ...]
    report: Report | None = None


def judged(order: Order, kind: str, content: bytes, supplies: Supplies) -> Judgement:
    """What is wrong with a made document and was not told of its report.

    Args:
        order: the report with its findings, and whether the document is a draft.
        kind: of the document; one that no source reads is not judged.
        content: the document.
        supplies: the forms, today's date and the words of the office.

    Returns:
        Findings about the template's words have their place in the document; about the clerk's, in his file.
    """
    source = source_for(kind)
    if source is None:
        return Judgement(())
    node, findings = source.read(content, name_of(order, kind), supplies.forms)
    now = None
    if node is not None:
        now, more = read(node, supplies.forms)
        findings += more
    if now is not None:
        now = carried_over(order.report, now)
        origin = _origin(order.report, supplies)
        context = Context(supplies.today, words=supplies.words, medium=Medium.DOCUMENT, origin=origin)
        if now.answers:
            now = replace(now, answers=answers_bound(order.report, context))
        findings += check_report(now, context)
    known = _Known(order, now)
    return Judgement(tuple(known.told(each) for each in known.new(without_guesses(findings))), now)


def in_background(judge: Callable[[], Judgement]) -> Callable[[], Judgement]:
    """Judge beside other work, such as waiting for LibreOffice; what comes back waits for the judgement.

    What the judging raises is raised there.
    """
    came: list[Judgement] = []
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            came.append(judge())
        except BaseException as error:  # handed on to whoever waits
            trouble.append(error)

    def wait() -> Judgement:
        thread.join()
        if trouble:
            raise trouble[0]
        return came[0]

    thread = Thread(target=work)
    thread.start()
    return wait


def name_of(order: Order, kind: str) -> str:
    """The name of a made file in places: as it will be on the disk."""
    return f"{order.words.title or '年报'}.{kind}"


def with_comments(order: Order, content: bytes, judgement: Judgement) -> bytes:
    """A draft with what was found in it, each as a comment where it stands.

    Raises:
        FileTrouble: it is no Word document that can be written again.
    """
    if not judgement.findings:
        return content
    from reportgen.polish.commenting import remarked  # python-docx takes long to import

    day = order.report.date or date(2000, 1, 1)
    return remarked(content, name_of(order, "docx"), judgement.findings, day)


class _Known:
    """What a report itself told, and which words of the document are the clerk's."""

    def __init__(self, order: Order, now: Report | None) -> None:
        self.draft = order.draft
        self.now = now
        self.said = Counter((each.code, each.message) for each in order.findings)
        self.codes = {each.code for each in order.findings}
        self.own = {piece.text: piece.place for piece in order.words.pieces if piece.place}

    def new(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Those that were not told."""
        for each in findings:
            key = each.code, each.message
            if (self.draft and each.code in _OF_DRAFTS) or (each.code in _OF_CHAPTERS & self.codes):
                continue
            if self.said[key]:
                self.said[key] -= 1
            elif not each.code.startswith(_ANSWERS) and not self._is_of_known_cells(each):
                yield each

    def _is_of_known_cells(self, finding: Finding) -> bool:
        """True for an echo in figures alone: the cells are the report's, and the rule has told its fault."""
        return _is_of_cells(finding) and finding.code in self.codes

    def told(self, finding: Finding) -> Finding:
        """The finding as it is told: in the clerk's file where the words are his, else to be mended there."""
        if finding.code == _EXTRA_TABLE:
            message = finding.message.replace("没有读入", "照样印出，没有核对")
            return replace(finding, level=Level.NOTE, message=message, fix="它是模板里的，内容请自行核对。")
        places = [place for place in map(self._place_of, finding.about) if place]
        if places:
            return replace(finding, places=tuple(dict.fromkeys(places)))
        return replace(finding, fix=f"{_FIX}{finding.fix}")

    def _place_of(self, part: str) -> Place | None:
        """Where the clerk wrote a paragraph of the document; None where he did not."""
        key, _, number = part.partition(".")
        prose = self.now.prose.get(key, ()) if self.now else ()
        if not number.isdigit() or int(number) > len(prose):
            return None
        return self.own.get(prose[int(number) - 1].text)


def _origin(report: Report, supplies: Supplies) -> Medium:
    """What the clerk works in whose report was made into a document."""
    if supplies.at_page:
        return Medium.PAGE
    in_book = any(place.sheet for place in report.places.values())
    return Medium.WORKBOOK if in_book else Medium.YAML


def _is_of_cells(finding: Finding) -> bool:
    """True for a finding about cells alone; paragraphs bear numbers behind their dot."""
    parts = [part.rpartition(".") for part in finding.about]
    return bool(parts) and all(dot and not name.isdigit() for _, dot, name in parts)


# ── a template before use ────────────────────────────────────────────────────────────────────────────

_PROSE = "政府信息公开的内容和方式还不够丰富。下一步，将进一步丰富公开内容，改进公开方式。"
_TYPED = (("new", "person", 2), ("open", "person", 2), ("normative", "in_force", 3), ("review", "upheld", 1))
"""Figures of a sample that balance, where a form has these cells."""


def form_of(template: bytes, forms: Sequence[Form]) -> Form:
    """The form whose cells a template asks for, or else whose prose; the newest where it asks for none."""
    from reportgen.makers.docx_docxtpl.template_check import cells_asked, prose_asked

    asked, spoken = cells_asked(template), prose_asked(template)

    def likeness(form: Form) -> tuple[int, int, bool, int]:
        names = {each.name for each in form.prose.values()}
        return len(asked & set(form.index)), len(spoken & names), form.ordinary, form.since

    return max(forms, key=likeness)


def judge_template(template: bytes, name: str, form: Form, supplies: Supplies) -> tuple[Finding, ...]:
    """Everything that is wrong with a template before it is used, with places in it.

    Its tags are looked at, and what the work on it left behind; then it is filled with samples (without
    figures, with some, with prose of all kinds), and what comes of it is judged as any report is.

    Args:
        template: a Word file.
        name: its file's name, for places.
        form: the form that it is to print.
        supplies: the forms, and the words of the office.
    """
    from reportgen.makers.docx_docxtpl.template_check import (
        Originals,
        check_template,
        lines_without_a_place,
        no_place,
        without_a_place,
        without_faulty_tags,
    )

    lacking = without_a_place(template, form)
    samples = [_order(sample, template, supplies) for sample in _samples(form, lacking)]
    faults = check_template(template, form, samples[0].words.names)
    left, grave = left_behind(template, name)
    found = {each.message: each for each in faults}
    if any(each.code == "M00" for each in faults):
        return _in_file(faults, name)
    found |= {each.message: each for each in left}
    if names := [each.name for each in form.prose.values() if each.key in lacking]:
        found.setdefault("", no_place(names))
    found |= {each.message: each for each in lines_without_a_place(template, form)}
    own = {line.name for line in form.lines}
    told = {each.code for each in left}
    if not grave:
        at_fault = frozenset(place for each in faults for place in each.places)
        filling = without_faulty_tags(template, samples[0].words.names) if faults else template
        originals = Originals(template)
        for order in samples if filling else ():
            for each in _of_sample(replace(order, template=filling), originals, supplies, proving=not faults):
                known = each.code in told or bool(own.intersection(each.about))
                if not known and not at_fault.intersection(each.places):
                    found.setdefault(each.message, each)
    return _in_file(found.values(), name)


def _of_sample(
    order: Order, originals: "Originals", supplies: Supplies, *, proving: bool
) -> Iterator[Finding]:
    """What is wrong with a filled sample, with places in the template; its figures too where it is whole."""
    from reportgen.makers.docx_docxtpl.filling import filled as filled_in

    maker = maker_for("docx")
    assert maker is not None  # it is a module of ours
    try:
        if proving:
            content, proof = made(maker, order)
            yield from proof.findings
        else:
            content = filled_in(order.template, order.words)
    except TemplateBroken as broken:
        if proving:
            yield from broken.faults or (Finding("M13", Level.ERROR, str(broken), (Place(FILE),)),)
        return
    name = name_of(order, "docx")
    seen = shown(content, name)
    parts = (*seen.body, *seen.beside)
    texts = {each.place.line: each.text for each in parts if isinstance(each, FoundParagraph)}
    for each in judged(order, "docx", content, supplies).findings:
        if proving or not _is_of_cells(each):
            places = (originals.place_of(place, texts.get(place.line, "")) for place in each.places)
            yield replace(each, places=tuple(dict.fromkeys(places)), fix=each.fix.removeprefix(_FIX))


def _in_file(findings: Iterable[Finding], name: str) -> tuple[Finding, ...]:
    """The findings with the template's own name in their places."""
    return tuple(
        replace(
            each, places=tuple(place._replace(file=place.file.replace(FILE, name)) for place in each.places)
        )
        for each in findings
    )


def _order(sample: Report, template: bytes, supplies: Supplies) -> Order:
    told = check_report(sample, Context(words=supplies.words))
    return Order(sample, words(sample), told, template=template)


def _samples(form: Form, lacking: frozenset[str]) -> Iterator[Report]:
    """Reports without a fault, of nobody: without figures, with some, with prose in every place there is."""
    year = form.since
    required = {each.key: (_text(each.example or _PROSE),) for each in form.prose.values() if each.required}
    blank = Report(
        form=form,
        year=year,
        organ=Organ("示例县示例镇人民政府", "示例镇", "乡镇政府" if "乡镇政府" in form.levels else ""),
        date=date(year + 1, 1, 20),
        cells=filled(form, {}),
        prose=required,
        contact=Contact(phone="0123-4567890", site="示例县人民政府网站", url="http://www.example.gov.cn"),
        fees=(0, Decimal(0)),
        lines={line.name: "示例" for line in form.lines},
    )
    typed = {CellKey(row, column): Figure(str(number), Decimal(number)) for row, column, number in _TYPED}
    figures = replace(
        blank, cells=filled(form, {key: each for key, each in typed.items() if key in form.index})
    )
    yield from (blank, figures)
    for passages in (form.top_prose, [each for each in form.prose.values() if not each.within]):
        prose = {each.key: _said_of(each) for each in passages if each.key not in {*required, *lacking}}
        yield replace(blank, prose=prose | required)


def _said_of(passage: Passage) -> tuple[Paragraph, ...]:
    """Words for a passage; those before the first chapter tell where to ask, as the template's own do."""
    if not passage.chapter:
        return (_text("本报告由示例县示例镇人民政府编制，联系电话：0123-4567890。"),)
    return (_text(passage.example or f"{passage.name}方面，各项工作按照规定开展。"),)


def _text(words: str) -> Paragraph:
    return Paragraph("text", (Run(words),), ((0, Place(FILE)),))
