"""Recognising: somebody's document, as paragraphs and tables, into the clerk's nodes. Pure.

Everything goes by labels and headings, never by position or look. What the document has and the nodes
have no place for is named by a finding, so nothing is lost in silence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportgen.chinese.letters import told_of_lookalikes, usual_letters
from reportgen.chinese.numerals import ordinal_words
from reportgen.chinese.organs import level_of, organ_in
from reportgen.model.form import Form, Table, YearTooEarly, form_for, forms_of
from reportgen.model.keys import is_clerks_file
from reportgen.model.nodes import Document, FoundParagraph, FoundTable, Items, Mapping, Node, Text
from reportgen.problems import Finding, Place
from reportgen.recognising.facts import (
    SignOff,
    Title,
    added_up,
    contacts,
    preamble,
    sign_off,
    squeezed,
    title_of,
    year_in,
)
from reportgen.recognising.faults import OF_LABELS, fault
from reportgen.recognising.outline import (
    Outline,
    Section,
    around_table,
    missing_chapters,
    outline_of,
    prose_node,
    with_headings_apart,
    with_levels,
    with_listed_tables,
)
from reportgen.recognising.tables import (
    Tables,
    form_spoken,
    home_of,
    recognise_tables,
    with_labels_joined,
    with_tables_apart,
)

_TOP, _LONGEST_TITLE = 12, 60
"""A title stands among so many first paragraphs, and has so many characters at most."""
MOST_PARTS = 4000
"""No report has so many paragraphs and tables."""

Entries = Iterator[tuple[str, Node]]
Recognised = tuple[Mapping | None, tuple[Finding, ...]]


def recognise(document: Document, forms: Sequence[Form]) -> Recognised:
    """The clerk's nodes of a document, with the document's places, and what could not be placed.

    Args:
        document: paragraphs and tables in order.
        forms: every form there is; the report year chooses.

    Returns:
        The mapping, None where the document is no report or its year has no form; and the findings.
    """
    if refused := _refused(document):
        return None, (refused,)
    forms = _of_kind(document, forms)
    newest = max(forms, key=lambda form: form.since)
    document, folded = _with_usual_letters(document)
    document = _parted(document, newest)
    outline = outline_of(document, newest)
    title = title_of(outline.section(0).paragraphs, newest)
    if title is None and not outline.headings and not any(home_of(each, newest) for each in outline.tables):
        return None, (_nothing(document, newest),)
    place = title.place if title else document[0].place
    year = _year(title, _words(outline.section(0).paragraphs), newest)
    spoken = form_spoken(outline.tables, forms)
    findings: list[Finding] = [*folded]
    if year:
        try:
            form = form_for(int(year), forms, newest.kind)
        except YearTooEarly as refusal:
            return None, (fault("R03", str(refusal), [place]),)
    else:
        form = spoken or newest
        fix = "请在标题里写明年度，或读出后补上“年度”。"
        missing = fault("R02", "标题和统计期限里都没有找到年度。", [place], fix=fix)
        findings.append(replace(missing, about=("year",)))
    outline = with_listed_tables(outline if form is newest else outline_of(document, form), form)
    node = _Recognition(outline, form, year, title, place)
    node.speaks(spoken)
    return node.mapping(), (*findings, *node.findings)


class _Recognition:
    """One document's nodes, key by key in the clerk's order."""

    def __init__(self, outline: Outline, form: Form, year: str, title: Title | None, place: Place) -> None:
        self.outline = outline
        self.form = form
        self.year = year
        self.title = title
        self.place = place
        self.homes = [home_of(each, form) for each in outline.tables]
        self.tables: Tables = recognise_tables(outline.tables, self.homes, form)
        self.findings: list[Finding] = []
        self.spoken: Form | None = None
        before = title.after if title else tuple(outline.section(0).paragraphs)
        self.preface = [each for each in before if each.text.strip()]
        self.own_lines = dict(self._lines())
        self.opening: Sequence[FoundParagraph] = ()
        """What stands before chapter one and belongs to it, because its heading is missing."""
        self._part_preface()
        found = organ_in(title.words) if title else ""
        self.sign: SignOff = sign_off(outline.sections[-1].paragraphs, found)
        self.organ = found or self.sign.organ

    def _lines(self) -> Entries:
        """The lines of the kind's own, as its template prints them above the preface: 会议时间：…."""
        for line in self.form.lines:
            for each in self.preface:
                name, _, words = each.text.replace(":", "：", 1).partition("：")
                if name.strip() == line.name and words.strip():
                    yield line.name, Text(words.strip(), each.place)
                    self.preface = [other for other in self.preface if other is not each]
                    break

    def _part_preface(self) -> None:
        """Part preface and chapter one where no heading parts them, or the preface stands below it."""
        first = self.outline.section(1)
        if first.heading is None:
            count = preamble(self.preface)
            self.preface, self.opening = self.preface[:count], self.preface[count:]
        elif not self.preface and (count := preamble(first.paragraphs)):
            self.preface = first.paragraphs[:count]
            taken = {id(each) for each in self.preface}
            first.parts = [each for each in first.parts if id(each) not in taken]
            message = f"{self.form.headings[0]}的开头是前言，已读作“{self.form.passages[0].name}”。"
            fix = "前言印在第一部分的标题之前；不是前言的，读出后请移回去。"
            place = self.preface[0].place
            self.findings.append(replace(fault("R34", message, [place], fix=fix), about=("preface",)))

    def speaks(self, spoken: Form | None) -> None:
        """Whose labels the tables have; another form's labels are one fault, and not one each."""
        self.spoken = spoken
        if spoken is not None and spoken is not self.form:
            kept = tuple(each for each in self.tables.findings if each.code not in OF_LABELS)
            self.tables = self.tables._replace(own=(), findings=kept)

    def mapping(self) -> Mapping:
        """All keys; the findings are there afterwards."""
        pairs = [*self._kind(), *self._organ(), *self._contact(), *self._title()]
        pairs += [*self.own_lines.items(), *self._prose()]
        pairs += [*self._fees(), *self._own_words()]
        self.findings += [*missing_chapters(self.outline, self.form), *self.tables.findings]
        self.findings += [*self._strange(), *self._before_title()]
        return Mapping(tuple((Text(key, node.place), node) for key, node in pairs), self.place)

    def _kind(self) -> Entries:
        if not self.form.ordinary:
            yield "文种", Text(self.form.name, self.place)
            message = f"按“{self.form.name}”读入：只认标题、各部分的标题和表格的名称。"
            fix = "不是本程序生成的文件，请逐段核对读入的内容。"
            self.findings.append(replace(fault("R41", message, [self.place], fix=fix), about=("kind",)))

    def _organ(self) -> Entries:
        if self.organ:
            yield "机关", Text(self.organ, self.place)
            yield from self._level()
        else:
            fix = "请在标题或落款里写明机关全称，或读出后补上“机关”。"
            missing = fault("R14", "没有找到机关名称。", [self.place], fix=fix)
            self.findings.append(replace(missing, about=("organ",)))
        if len(self.form.scopes) > 1 and added_up(_words(self._chapter(1))):
            own, whole = self.form.scopes
            yield "口径", Text(whole, self.place)
            message = f"正文像是全地区的汇总数，口径写成了“{whole}”。"
            fix = f"只报本机关的数就把“口径”改成“{own}”。"
            self.findings.append(replace(fault("R16", message, [self.place], fix=fix), about=("scope",)))
        if self.year:
            yield "年度", Text(self.year, self.place)
        if self.sign.date and self.sign.place:
            yield "成文日期", Text(self.sign.date, self.sign.place)

    def _level(self) -> Entries:
        level = level_of(self.organ, self.sign.organ, _words(self.outline.paragraphs))
        if not self.form.levels:
            return
        if level in self.form.levels:
            yield "级别", Text(level, self.place)
            message = f"级别是从机关名称推测的：{self.organ} → {level}。"
            fix = "不对的请改；县级市及其部门按县级填。"
        else:
            message = f"从机关名称看不出级别：{self.organ}。与级别有关的规则没有查。"
            fix = "读出后补上“级别”。"
        self.findings.append(replace(fault("R11", message, [self.place], fix=fix), about=("level",)))

    def _contact(self) -> Entries:
        place = self.preface[0].place if self.preface else self.place
        given = dict(contacts(_words(self.preface)))
        for key in ("电话", "邮箱", "地址", "邮编"):
            if key in given:
                yield key, Text(given[key], place)
        site = tuple((Text(key, place), Text(given[key], place)) for key in ("名称", "网址") if key in given)
        if site:
            yield "网站", Mapping(site, place)

    def _title(self) -> Entries:
        usual = self.form.usual_title(self.organ, self.year)
        if self.title is None:
            yield "标题", Text("", self.place)
        if self.title and self.title.words != usual:
            lines = tuple(Text(line, self.title.place) for line in self.title.lines)
            yield "标题", Items(lines, self.title.place)

    def _prose(self) -> Entries:
        """The chapters' own prose and the tables, in the order of the form."""
        passages = {passage.chapter: passage for passage in reversed(self.form.passages)}
        for number in range(len(self.form.chapters) + 1):
            tables = [each for each in self.form.tables if each.chapter == number]
            for table in tables:
                yield from self._table(table)
            if number in passages:
                yield from _prose(passages[number].name, self._chapter(number) if number else self.preface)
            elif not tables:
                self.findings += _unplaced(self._chapter(number) if number else self.preface)

    def _table(self, table: Table) -> Entries:
        """A table with the prose above and under it."""
        pieces = [each for each, home in zip(self.outline.tables, self.homes, strict=True) if home is table]
        section = self.outline.section(table.chapter)
        above, under = around_table(replace(section, parts=self._parts(section)), table, pieces)
        for passage, paragraphs in ((table.lead, above), (table.note, under)):
            if passage:
                yield from _prose(passage.name, paragraphs)
            elif not any(each.chapter == table.chapter for each in self.form.passages):
                self.findings += _unplaced(paragraphs)
        if table.name in self.tables.nodes:
            yield table.name, self.tables.nodes[table.name]

    def _parts(self, section: Section) -> list[FoundParagraph | FoundTable]:
        """A chapter without organ and date, should it be the last."""
        if section is not self.outline.sections[-1]:
            return section.parts
        kept = {id(each) for each in self.sign.rest}
        return [each for each in section.parts if isinstance(each, FoundTable) or id(each) in kept]

    def _chapter(self, number: int) -> Sequence[FoundParagraph]:
        section = self.outline.section(number)
        own = self.sign.rest if section is self.outline.sections[-1] else section.paragraphs
        return (*self.opening, *own) if number == 1 else own

    def _fees(self) -> Entries:
        """The fee's chapter is the document's own: where it says nothing of fees, nothing is to be added."""
        fee = self.form.fee
        if fee and fee.asked and fee.name not in _words(self._chapter(self.form.prose[fee.passage].chapter)):
            yield fee.name, Text("不写", self.place)

    def _own_words(self) -> Entries:
        own: list[tuple[Text, Node]] = []
        headings = self.outline.own_headings(self.form)
        if headings:
            items = tuple(Text(each.text.strip(), each.place) for each in headings)
            own.append((Text("章标题", items[0].place), Items(items, items[0].place)))
        own += self.tables.own
        if self.sign.organ and self.sign.organ != self.organ and self.sign.place:
            own.append((Text("落款", self.sign.place), Text(self.sign.organ, self.sign.place)))
        if self.spoken is not None and (self.spoken is not self.form or not self.year):
            place = self.outline.tables[0].place
            own.append((Text("表格格式", place), Text(self.spoken.basis, place)))
        if own:
            yield "原文", Mapping(tuple(own), own[0][0].place)

    def _strange(self) -> Iterator[Finding]:
        for table in self.tables.strange:
            first = next((cell.text for row in table.rows for cell in row if cell.text.strip()), "空表")
            count = ordinal_words(len(self.form.tables))
            fix = f"年报只放法定的{count}张表；需要的内容请写到正文里。"
            message = f"有一张表不是法定表格，没有读入，它的开头是“{first[:30]}”。"
            yield fault("R09", message, [table.place], fix=fix)

    def _before_title(self) -> Iterator[Finding]:
        for each in self.title.before if self.title else ():
            if each.text.strip():
                message = f"标题前面的这段文字没有读入：“{each.text}”"
                yield fault("R08", message, [each.place], fix="不需要的不必管它。")


def _parted(document: Document, form: Form) -> Document:
    """The document with its headings and tables told from what stands beside them."""
    document = with_levels(with_headings_apart(with_labels_joined(document, form), form))
    return with_tables_apart(document, form)


def _of_kind(document: Document, forms: Sequence[Form]) -> tuple[Form, ...]:
    """The forms of the document's kind.

    The title near the top names it, and names the ordinary one where it names none. Somebody may have edited
    it: a kind of which all the headings stand there, and more of them than of any other, goes before it.
    """
    words = [squeezed(part.text) for part in document if isinstance(part, FoundParagraph)]
    there = set(words)
    found = {form.id: sum(squeezed(each) in there for each in form.headings) for form in forms}
    most = max(found.values())
    whole = {form.kind for form in forms if found[form.id] == most == len(form.headings) > 1}
    named = next((form for each in words[:_TOP] if (form := _named_by(each, forms))), None)
    if len(whole) == 1 and not any(found[each.id] == most for each in _forms_of(forms, named)):
        return forms_of(forms, *whole)
    return _forms_of(forms, named)


def _forms_of(forms: Sequence[Form], named: Form | None) -> tuple[Form, ...]:
    return forms_of(forms, named.kind if named else "")


def _named_by(words: str, forms: Sequence[Form]) -> Form | None:
    """The form of whose kind a paragraph is the title; None for the ordinary one, of which others tell."""
    if not 0 < len(words) <= _LONGEST_TITLE:
        return None
    return next(
        (each for each in forms if not each.ordinary and words.endswith((each.name, *each.also))), None
    )


def _year(title: Title | None, front: str, form: Form) -> str:
    """The report year; where a kind of an office's own has no title, from what stands before the headings."""
    return year_in(title.words if title else "" if form.ordinary else front, front)


def _texts(document: Document) -> Iterator[str]:
    for part in document:
        if isinstance(part, FoundParagraph):
            yield from (run.text for run in part.runs)
        else:
            yield from (cell.text for row in part.rows for cell in row)


def _with_usual_letters(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """The document with the usual characters for those that only look like them, and one finding for all."""
    if not usual_letters("".join(_texts(document)))[1]:
        return document, ()
    odd: list[tuple[str, Place]] = []

    def usual(text: str, place: Place) -> str:
        folded, at = usual_letters(text)
        odd.extend((text[each], place) for each in at)
        return folded

    parts = [
        replace(part, runs=tuple(run._replace(text=usual(run.text, part.place)) for run in part.runs))
        if isinstance(part, FoundParagraph)
        else replace(
            part,
            rows=tuple(
                tuple(cell._replace(text=usual(cell.text, cell.place)) for cell in row) for row in part.rows
            ),
        )
        for part in document
    ]
    message = f"{told_of_lookalikes(''.join(letter for letter, _ in odd))}。"
    fix = "多半是从 PDF 里复制来的，查找和朗读时认不出来；请重新输入这些字。"
    return tuple(parts), (fault("R36", message, [odd[0][1]], fix=fix),)


def _prose(key: str, paragraphs: Sequence[FoundParagraph]) -> Entries:
    node = prose_node(paragraphs)
    if node is not None:
        yield key, node


def _unplaced(paragraphs: Sequence[FoundParagraph]) -> Iterator[Finding]:
    """A fault for each paragraph where the form has no prose."""
    for each in paragraphs:
        if each.text.strip():
            fix = "需要保留的请移到别的部分。"
            yield fault("R08", f"这段文字没有地方放，没有读入：“{each.text}”", [each.place], fix=fix)


def _words(paragraphs: Sequence[FoundParagraph]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs)


def _refused(document: Document) -> Finding | None:
    """What is plainly no report, and why."""
    if len(document) > MOST_PARTS:
        fix = "请只把年报正文另存一份再读。"
        return fault("R25", "文件的段落和表格过多，不像一份年报。", [document[0].place], fix=fix)
    if is_clerks_file(_said(document)):
        fix = "请把全部文字复制到记事本，另存为扩展名是 .yaml 的文件（如 2025.yaml，编码选 UTF-8），再检查。"
        return fault("R35", "文件里是填报用的写法，不是年报的正文。", [document[0].place], fix=fix)
    return None


def _said(document: Document) -> str:
    """All words of a document, those of its cells too."""
    rows = (row for each in document if isinstance(each, FoundTable) for row in each.rows)
    cells = (cell.text for row in rows for cell in row)
    paragraphs = (each.text for each in document if isinstance(each, FoundParagraph))
    return "\n".join((*paragraphs, *cells))


def _nothing(document: Document, form: Form) -> Finding:
    places = [document[0].place] if document else []
    chapters, tables = (ordinal_words(len(each)) for each in (form.chapters, form.tables))
    fix = f"请确认打开的是年报正文：要有标题、{chapters}个部分的标题和{tables}张表，表格不能是图片。"
    message = f"认不出这是{form.name}：没有找到标题、章节，也没有找到法定表格。"
    return fault("R01", message, places, fix=fix)
