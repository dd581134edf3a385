"""The file that a clerk starts from: every line to fill is there, with a hint."""

from collections.abc import Callable, Iterator, Sequence

from reportgen.chinese.organs import same_organ
from reportgen.clerk_file.writing import block as block_of
from reportgen.clerk_file.writing import comment, scalar
from reportgen.model.form import CellKey, Column, Form, Passage, Row, Table
from reportgen.model.keys import LAST_YEAR, PLACEHOLDERS, by_headings
from reportgen.model.nodes import FoundParagraph, Text
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Place
from reportgen.recognising.outline import prose_node

_CARRIED = {"carry_in": "carry_out"}
"""This year's row → last year's row that it must equal, column by column. Source: rule T3-04."""

_LOOKED_UP = {"new"}
"""Rows of table three that are left blank, so that nobody forgets them."""

_OPTIONAL = (
    ("电话", "phone", "对外公布的办公电话"),
    ("邮箱", "mail", "对外公布的电子邮箱"),
    ("地址", "address", "办公地址"),
    ("邮编", "postcode", "邮政编码"),
)


def starting_file(form: Form, organ: str, level: str, year: int, last: Report | None = None) -> str:
    """A commented file to fill in, for ``reportgen new``.

    Args:
        form: the form of the year.
        organ: 机关.
        level: 级别, of the form's; empty where it is not known yet.
        year: the report year.
        last: last year's report: the organ's data is copied, 结转下年度 becomes 上年结转, and
            现行有效 stands as a comment where it is reckoned on; its text is copied, each paragraph
            marked as last year's. See ``not_carried``.
    """
    same = last if last and _is_of_organ(last, organ) else None
    before = last if last and _is_of_year_before(last, year) else None
    parts = [*_organ(form, organ, year), *_short(same), *_kind(form, level, year, last)]
    parts += [*_contact(form, same), *_laws(form, last), *_lines(form, same)]
    said = _said(form, before) if same and before else {}
    if said:
        parts.append(comment(f"段首有“{LAST_YEAR}”的是去年的文字：改写成今年的情况，再删去这几个字。"))
    apart = True
    for chapter in range(len(form.chapters) + 1):
        for table in form.tables:
            if table.chapter == chapter:
                parts += ["\n", *_table(form, table, before)]
                apart = True
        for passage in form.passages:
            if passage.chapter == chapter and passage.hint:
                parts += ["\n" if apart else "", *_passage(passage, said.get)]
                apart = False
    return "".join([*parts, *_fee(form), "\n", *_answers(form)])


def not_carried(organ: str, year: int, last: Report) -> Iterator[str]:
    """What the file to start from does not take from an earlier report, a sentence each."""
    if not _is_of_organ(last, organ):
        yield (
            f"给出的年报是“{last.organ.name}”的，机关不同：简称、电话、邮箱、地址、邮编、网站和正文都没有带过来，"
            f"请照“{organ}”的情况填写，其余带过来的内容也请核对。"
        )
    if not _is_of_year_before(last, year):
        named = "看不出是哪一年的" if last.year_is_assumed else f"是{last.year}年度的"
        yield (
            f"给出的年报{named}，不是上一年（{year - 1}年度）的：结转数、现行有效数和正文都没有带过来，"
            f"请照{year - 1}年度的年报填写。"
        )


def _is_of_organ(last: Report, organ: str) -> bool:
    return same_organ(last.organ.name, organ)


def _is_of_year_before(last: Report, year: int) -> bool:
    return last.year == year - 1 and not last.year_is_assumed


def _organ(form: Form, organ: str, year: int) -> Iterator[str]:
    yield comment(f"{form.usual_title(organ, year)}。以 # 开头的是说明，不会印出来。")
    blank = "格子" if all(column.counts for *_, column in form.cells()) else "数"
    cells = f"没有写的{blank}按 0 印，总计不用写。" if form.tables else ""
    yield comment(f"冒号后面填内容，冒号用半角，冒号后空一格。{cells}")
    if not form.ordinary:
        yield f"文种: {scalar(form.name)}\n"
    yield f"机关: {scalar(organ)}\n"


def _short(last: Report | None) -> Iterator[str]:
    """简称 as it was written: a report without one has the full name in its place."""
    written = last.organ.short if last and last.organ.short != last.organ.name else ""
    yield _or_hint("简称", written, PLACEHOLDERS["short"], "正文里的简称，不写就用全称")


def _kind(form: Form, level: str, year: int, last: Report | None) -> Iterator[str]:
    if form.levels:
        yield comment(f"级别：{' '.join(form.levels)}")
        yield f"级别: {scalar(level) if level else ''}".rstrip() + "\n"
    if len(form.scopes) > 1:
        own, added_up = form.scopes
        yield comment(f"口径：{own}（只报本机关的数），或 {added_up}（各单位相加的数）")
        yield f"口径: {last.organ.scope if last else own}\n"
    yield f"年度: {year}\n"
    yield comment(f"成文日期：必填，写成 {year + 1 if form.due else year}-01-29 这样")
    yield "成文日期:\n"


def _contact(form: Form, last: Report | None) -> Iterator[str]:
    for key, member, hint in _OPTIONAL:
        yield _or_hint(key, getattr(last.contact, member) if last else "", PLACEHOLDERS[member], hint)
    site, url = (last.contact.site, last.contact.url) if last else ("", "")
    if site or url:
        members = [("名称", site), ("网址", url)]
        yield "网站: {" + ", ".join(f"{key}: {scalar(text)}" for key, text in members if text) + "}\n"
    else:
        site, url = PLACEHOLDERS["site"], PLACEHOLDERS["url"]
        what = "年报" if form.ordinary else form.name
        yield comment(f'网站: {{名称: {site}, 网址: "{url}"}}  # 公布{what}的网站')


def _laws(form: Form, last: Report | None) -> Iterator[str]:
    if last and last.laws:
        yield "依据: [" + ", ".join(scalar(law) for law in last.laws) + "]\n"
    else:
        example = PLACEHOLDERS["laws"] if form.ordinary else "《某某规定》"
        yield comment(f"依据: [{example}]  # {form.laws_hint}，没有就不写")


def _lines(form: Form, last: Report | None) -> Iterator[str]:
    for line in form.lines:
        if line.hint:
            yield comment(line.hint)
        yield f"{line.name}: {scalar(last.lines.get(line.name, '')) if last else ''}".rstrip(' "') + "\n"


def _passage(passage: Passage, said: Callable[[str], str | None]) -> Iterator[str]:
    """A passage with its hint: last year's text, marked, or a place to write in."""
    yield comment(passage.hint)
    if text := said(passage.key):
        yield f"{passage.name}:{block_of(text, '  ')}"
    elif passage.within:
        yield f"{passage.name}:\n"
        for each in passage.within:
            yield from _aspect(each, said(each.key))
    elif passage.required:
        yield f"{passage.name}:\n"
    elif passage.placeholder:
        yield comment(f"{passage.name}: {passage.placeholder}")


def _aspect(passage: Passage, text: str | None) -> Iterator[str]:
    """A passage within another; one without a hint only where last year had it."""
    if passage.hint:
        yield comment(passage.hint, "  ")
    if text:
        yield f"  {passage.name}:{block_of(text, '    ')}"
    elif passage.hint:
        yield f"  {passage.name}: |\n"


_SHORTEST = 40
"""Characters of a text that is worth carrying over where the template has words as good."""


def _said(form: Form, last: Report) -> dict[str, str]:
    """Last year's text by the keys of prose, each paragraph marked; aspects apart where they are."""
    prose: dict[str, Sequence[Paragraph]] = {}
    for passage in form.passages:
        if passage.chapter:
            whole = last.prose.get(passage.key, ())
            apart = _apart(passage, whole) if passage.within else {}
            prose |= apart or {passage.key: list(whole)}
            prose |= {each.key: last.prose[each.key] for each in passage.within if each.key in last.prose}
    texts = {key: "\n\n".join(_marked(paragraphs)) for key, paragraphs in prose.items()}
    return {
        key: text for key, text in texts.items() if len(text) > _SHORTEST or not form.prose[key].placeholder
    }


def _apart(passage: Passage, prose: Sequence[Paragraph]) -> dict[str, list[Paragraph]]:
    """A whole chapter by its aspects; nothing unless every one of them has a heading."""
    parts = by_headings(passage, prose)
    return parts if all(each.key in parts for each in passage.within if each.heading) else {}


def _marked(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Paragraphs as the clerk writes them, those of text with the mark of last year at the head."""
    for each in paragraphs:
        node = prose_node([FoundParagraph(each.runs, Place(""), each.level, each.kind == "item")])
        words = node.value if isinstance(node, Text) else ""
        bullet = "- " if each.kind == "item" else ""
        yield words if each.kind == "heading" else f"{bullet}{LAST_YEAR}{words.removeprefix(bullet)}"


def _table(form: Form, table: Table, last: Report | None) -> Iterator[str]:
    yield comment(f"“{table.name}”表。整张表都是零，就删去下面各行，写成“{table.name}: 全部为零”。")
    if any(row.key in _LOOKED_UP for block in table.blocks for row in block.rows):
        yield comment("“本年新收”必填；其余各行没有数就不用改。")
    elif all(column.counts for *_, column in table.cells()):
        yield comment("逐格填数；没有就填 0，或把这一行删去。")
    else:
        yield comment("逐格填写；没有的数填 0，没有的文字空着，或把这一行删去。")
    yield f"{table.name}:\n"
    group: tuple[str, ...] = ()
    for block in table.blocks:
        for row in block.rows:
            if row.names[:-1] and row.names[:-1] != group:
                yield f"  {scalar(row.names[0])}:\n"
            group = row.names[:-1]
            if any(CellKey(row.key, each.key) not in form.parts for each in block.columns):
                yield from _row(form, table, row, block.columns, last)


def _row(
    form: Form, table: Table, row: Row, columns: tuple[Column, ...], last: Report | None
) -> Iterator[str]:
    """A row to fill in, without the cells that the program adds up."""
    indent = "  " * len(row.names)
    if last and last.has(row.key, "in_force"):
        figure = last.cells[CellKey(row.key, "in_force")]
        yield comment(f"{last.year}年末现行有效{figure.text}件；今年的 = 上年 + 制发 - 废止。", indent)
    if last and row.key in _CARRIED:
        yield comment(f"取自{last.year}年度的“结转下年度”。", indent)
    typed = [column for column in columns if CellKey(row.key, column.key) not in form.parts]
    blank = table.stub_columns < 2 or row.key in _LOOKED_UP
    figures = [
        (column.name, "" if blank or not row.holding(column).counts else _carried(row, column, last))
        for column in typed
    ]
    name = scalar(row.names[-1])
    if len(columns) == 1:
        held = row.holding(columns[0])
        units = {"text": "写文字", "yes": "写“是”或“否”"}
        unit = f"  # {units.get(held.kind, f'{held.name}，单位：{held.unit}')}"
        yield f"{indent}{name}: {figures[0][1]}".rstrip() + f"{unit}\n"
        return
    yield f"{indent}{name}: {{{', '.join(f'{scalar(word)}: {figure}' for word, figure in figures)}}}\n"


def _carried(row: Row, column: Column, last: Report | None) -> str:
    """The figure that last year hands on; 0 where it hands on none."""
    source = _CARRIED.get(row.key)
    if last is None or source is None or not last.has(source, column.key):
        return "0"
    return last.cells[CellKey(source, column.key)].text or "0"


def _fee(form: Form) -> Iterator[str]:
    if form.fee and form.fee.asked:
        yield comment(form.fee.hint)
        yield f"{form.fee.name}: {{件数: 0, 金额: 0}}\n"


def _answers(form: Form) -> Iterator[str]:
    yield comment("核对：检查提出的句子确实没有错的，在这里写明理由，编号照抄。")
    yield comment("数、空格、格式的错误不能核对，要改。")
    yield comment("核对: {N09: 口径不同，含上年结转}" if form.lexicon else "核对: {X07: 这句话说的就是上年}")


def _or_hint(key: str, text: str, example: str, hint: str) -> str:
    """A line with last year's text, or one to uncomment."""
    return f"{key}: {scalar(text)}\n" if text else comment(f"{key}: {example}  # {hint}")
