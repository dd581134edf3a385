"""Reading: nodes and the form of their year into a report, with every fault on the way at once."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from reportgen.advice import Advice
from reportgen.model.form import CellKey, Form, Passage, YearTooEarly, form_for, forms_of
from reportgen.model.keys import FIELDS, advice, plain, top_words
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.model.prose import Prose, may_quote, parse
from reportgen.model.report import Figure, Report, filled, named_figures
from reportgen.problems import Finding, Place, fault, short
from reportgen.reading.fields import (
    Fields,
    Top,
    answers_of,
    chapters_of,
    filled_in,
    form_named,
    labels_of,
    lacking,
    layout_of,
    one_line,
    one_liner,
)
from reportgen.reading.tables import Tables, all_zero


def read(node: Node, forms: tuple[Form, ...]) -> tuple[Report | None, tuple[Finding, ...]]:
    """The report that the nodes of any source say, and what is wrong with them.

    There is no report where the form is not known, by the year or at least by a document's tables; everything
    else that is missing or wrong is a finding, and the report has the rest.
    """
    if not isinstance(node, Mapping):
        fix = Advice(
            "每行写“项目: 内容”，例如“年度: 2024”。",
            "请填好工作表“基本情况”。",
            "请在首页另建一份年报。",
        )
        return None, (fault("F10", "文件里没有年报内容", node.place, fix),)
    findings: list[Finding] = []
    top = _top(node, forms, findings)
    fields = Fields(top, findings, Place(node.place.file))
    of_kind = fields.kind(forms)
    year = fields.year()
    form = _form(year, fields, of_kind) if year else _form_of_tables(fields, of_kind)
    if form is None:
        return None, tuple(findings)
    year = year or form.since
    return _Reading(form, forms, top, fields).report(year), tuple(findings)


def _top(node: Mapping, forms: tuple[Form, ...], findings: list[Finding]) -> Top:
    """The entries of the top level by the clerk's words."""
    words = top_words(forms)
    top: Top = {}
    for key, value in node.entries:
        word = words.get(plain(key.value))
        if word is None:
            fix = advice(key.value, list(words.values()))
            findings.append(fault("F11", f"不认识“{short(key.value)}”", key.place, fix))
        elif word in top:
            twice = fault("F08", f"“{word}”写了两次", key.place, "请只留一处。")
            findings.append(replace(twice, places=(top[word][0].place, key.place)))
        else:
            top[word] = (key, value)
    return top


def _form_of_tables(fields: Fields, forms: tuple[Form, ...]) -> Form | None:
    """The form that a document's tables are of, where its year is unknown: enough to judge the rest."""
    form = form_named(fields.node("own"), forms)
    if form is not None:
        said = f"没有年度，先按{form.since}年度的表格（{form.basis}）核对"
        fields.note("F25", said, "year", "请补上年度，再核对一次。")
    return form


def _form(year: int, fields: Fields, forms: tuple[Form, ...]) -> Form | None:
    try:
        return form_for(year, forms, forms[0].kind)
    except YearTooEarly as early:
        fields.note("F14", str(early), "year", "请核对年度：年度是数据所属的年份，不是写报告的年份。")
        return None


class _Reading:
    """One report while it is read."""

    def __init__(self, form: Form, forms: tuple[Form, ...], top: Top, fields: Fields) -> None:
        self.form = form
        self.forms = forms
        self.top = top
        self.fields = fields
        self.findings = fields.findings
        self.tables = Tables(form, forms_of(forms, form.kind), fields.findings)
        self.facts: dict[str, object] = {}
        self.cells: dict[CellKey, Figure] = {}

    def report(self, year: int) -> Report:
        """The report, read part by part."""
        fields, own = self.fields, self.fields.node("own")
        self._tell_of_other_forms()
        organ, day, contact = fields.organ(self.form), fields.date(), fields.contact()
        self.cells = self._cells()
        self.facts = {"年度": year, "机关": organ.name, "简称": organ.short}
        return Report(
            form=self.form,
            year=year,
            organ=organ,
            date=day,
            cells=self.cells,
            prose=self._prose(),
            contact=contact,
            laws=fields.lines("laws"),
            fees=fields.fees(self.form.fee),
            lines=self._lines(),
            title=fields.lines("title"),
            chapters=chapters_of(own),
            labels=labels_of(own, self.form, self.findings),
            layout=layout_of(own, self.form, self.findings),
            answers=answers_of(fields.node("answers"), self.findings),
            units=fields.lines("units"),
            lacking=fields.lines("lacking"),
            places=fields.places,
        )

    @cached_property
    def names(self) -> dict[str, object]:
        """What sentences may quote: made when the first one does."""
        return named_figures(self.form, self.cells) | self.facts

    def _tell_of_other_forms(self) -> None:
        """Find fault with what only another form has: it would be lost."""
        known = {*FIELDS.values(), *self.form.top_words}
        for word, (name, _) in self.top.items():
            if word not in known:
                self.findings.append(self._of_other_form(word, name.place))

    def _of_other_form(self, word: str, place: Place) -> Finding:
        """What is said of a word that only another year's form has, or another kind of document."""
        having = [form for form in self.forms if word in form.top_words]
        words = "、".join(self.form.top_words)
        other = next((form for form in having if form.kind == self.form.kind), None)
        if other is None:
            said = f"“{word}”是“{having[0].name}”里的，“{self.form.name}”没有"
            fix = f"请核对{FIELDS['kind']}；不用写这一项，这里可以写：{words}。"
        else:
            said = f"“{word}”是{other.years}年报格式里的，本年度（{self.form.basis}）没有"
            fix = f"请核对年度；本年度的不用写这一项，这里可以写：{words}。"
        return fault("F18", said, place, fix)

    def _lines(self) -> dict[str, str]:
        """What stands in the lines of the kind's own."""
        found: dict[str, str] = {}
        for line in self.form.lines:
            name, fix = line.name, one_liner(line.name)
            entry = self.top.get(name)
            if entry is not None:
                self.fields.places[name] = entry[1].place
                if not isinstance(entry[1], Text):
                    self.fields.note("F12", f"“{name}”后面只写一行文字", name, fix)
                    continue
            found[name] = one_line(entry[1].value) if entry and isinstance(entry[1], Text) else ""
            if line.required and not found[name]:
                said = f"“{name}”是空的" if entry else f"没有写“{name}”"
                self.fields.note("F13", said, name, filled_in(name) if entry else lacking(name))
        return found

    def _cells(self) -> dict[CellKey, Figure]:
        for table in self.form.tables:
            key = f"table.{table.key}"
            if table.name not in self.top:
                fix = "请补上这张表；" + all_zero(table)
                self.fields.note("F13", f"没有写“{table.name}”这张表", key, fix)
                continue
            name, node = self.top[table.name]
            self.fields.places[key] = name.place
            self.tables.read(table, node)
        return filled(self.form, self.tables.cells)

    def _prose(self) -> dict[str, Prose]:
        given: dict[str, Node] = {}
        inner: dict[str, Node] = {}
        for passage in self.form.top_prose:
            node = self.top[passage.name][1] if passage.name in self.top else None
            if passage.within and isinstance(node, Mapping):
                self.fields.places[passage.key] = self.top[passage.name][0].place
                inner |= self._within(passage, node)
            elif node is not None:
                given[passage.key] = node
        given |= inner
        prose = {key: self._paragraphs(key, node) for key, node in given.items()}
        return {key: paragraphs for key, paragraphs in prose.items() if paragraphs}

    def _within(self, passage: Passage, node: Mapping) -> dict[str, Node]:
        """A passage that is written part by part."""
        keys = {plain(each.name): each.key for each in passage.within}
        given: dict[str, Node] = {}
        for name, value in node.entries:
            key = keys.get(plain(name.value))
            if key is None:
                fix = advice(name.value, [each.name for each in passage.within])
                said = f"“{passage.name}”里不认识“{short(name.value)}”"
                self.findings.append(fault("F11", said, name.place, fix, passage.key))
            else:
                given.setdefault(key, value)
        return given

    def _paragraphs(self, key: str, node: Node) -> Prose:
        """A text, or a list of texts, as paragraphs."""
        self.fields.places[key] = node.place
        prose: Prose = ()
        parts: Sequence[Node] = node.items if isinstance(node, Items) else (node,)
        for part in parts:
            if isinstance(part, Text):
                paragraphs, faults = parse(part, self.names if may_quote(part.value) else {})
                prose += paragraphs
                self.findings.extend(replace(each, about=(key,)) for each in faults)
            else:
                word = self.form.prose[key].name
                fix = Advice(
                    f"先写“{word}: |”，再换行、空两格写正文。",
                    "请写在工作表“文字”里，一段一行。",
                    f"请写在“{word}”的框里；原来的写法，在页面下方的“原文”里删去。",
                )
                self.findings.append(fault("F12", f"“{word}”下面要写成一段文字", part.place, fix, key))
        return prose
