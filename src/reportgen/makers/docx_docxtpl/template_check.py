"""Checks an edited Word template before it is used, and finds all its faults at once, each with its place.

Jinja's own errors name no place in a document, and stop at the first.
"""

import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from lxml import etree

from reportgen.makers.docx_docxtpl.tags import FILE, Line, Tag, lines_of
from reportgen.model.form import CellKey, Form
from reportgen.model.layout import grid_of
from reportgen.problems import Finding, Level, Place

GIVEN = {
    "loop",
    "range",
    "dict",
    "namespace",
    "cycler",
    "joiner",
    "true",
    "false",
    "none",
    "caller",
    "varargs",
}
"""Names that Jinja itself gives."""

MENDING = {
    "M00": "请换一个能用 Word 打开的 .docx，或用 make templates 重画。",
    "M01": "核对名字，一个字也不能差。",
    "M02": "标签要在同一段里写完整，例如 {{ 机关 }}；括号用半角。",
    "M03": "核对标签的写法。",
    "M04": "每个 for、if、macro 都要有结束标签，写法相同（都带 p 或都不带），先开始的后结束。",
    "M05": "在这一格写上这个标签。",
    "M06": "只留一个，放在应在的格子里。",
    "M07": "把这个标签移到应在的格子里。",
    "M08": "把这些文字移到另一段，或改用不带 p 的标签。",
}
"""How to mend each fault."""


def check_template(template: bytes, form: Form, names: Mapping[str, object]) -> tuple[Finding, ...]:
    """What is wrong with a template for this form, where ``names`` is what a report offers.

    M00 no docx · M01 unknown name · M02 tag not whole · M03 tag not understood · M04 blocks not closed ·
    M05 cell missing · M06 cell doubled · M07 cell in another place · M08 words that would be lost.
    """
    try:
        lines = tuple(lines_of(template))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        return (_fault("M00", "这不是完整的 Word 文件（.docx）。", Place(FILE), found=str(error)),)
    tags = tuple(tag for line in lines for tag in line.tags)
    return (*_shape(lines), *_blocks(tags), *_names(tags, names), *_cells(tags, form))


def _shape(lines: Sequence[Line]) -> Iterator[Finding]:
    for line in lines:
        if line.loose:
            yield _fault("M02", f"标签没有写完整：“{line.loose}”。", line.place, found=line.text[:60])
        if line.lost:
            yield _fault("M08", "独占一段的标签旁边还有文字，生成时会丢掉。", line.place, found=line.lost)
        for tag in line.tags:
            if tag.says.wrong:
                yield _fault("M03", f"看不懂标签“{tag.text}”。", line.place, found=tag.says.wrong)


def _blocks(tags: Sequence[Tag]) -> Iterator[Finding]:
    """Every block has its end, of the same reach, in order."""
    begun: list[Tag] = []
    for tag in tags:
        if tag.says.opens:
            begun.append(tag)
        elif tag.says.keyword.startswith("end"):
            due = _end_of(begun.pop()) if begun else ""
            if due != f"{{%{tag.says.reach} {tag.says.keyword} %}}":
                yield _fault(
                    "M04", f"结束标签“{tag.text}”与开始的对不上。", tag.place, due or "没有", tag.text
                )
    for tag in begun:
        yield _fault("M04", f"标签“{tag.text}”没有结束。", tag.place, _end_of(tag), "没有")


def _end_of(tag: Tag) -> str:
    return f"{{%{tag.says.reach} end{tag.says.keyword} %}}"


def _names(tags: Sequence[Tag], names: Mapping[str, object]) -> Iterator[Finding]:
    """Every name that is asked for is one that a report offers, or that the template gives itself."""
    given = GIVEN.union(*(tag.says.gives for tag in tags))
    known: list[str] = []
    for tag in tags:
        for chain in sorted(tag.says.asks):
            if chain[0] in given or _offered(chain, names):
                continue
            known = known or list(_all_names(names))
            name = ".".join(chain)
            near = get_close_matches(name, known, n=1)
            due = f"是不是“{near[0]}”？" if near else ""
            yield _fault("M01", f"年报里没有“{name}”这个名字。", tag.place, due, tag.text)


def _offered(chain: Sequence[str], names: Mapping[str, object]) -> bool:
    """True if the names hold the chain, as far as they can tell: what is in a list or absent is not known."""
    value: object = names
    for word in chain:
        if not isinstance(value, Mapping):
            return value is None or isinstance(value, list)
        if word not in value:
            return False
        value = value[word]
    return True


def _all_names(names: Mapping[str, object], above: str = "") -> Iterator[str]:
    for name, value in names.items():
        yield above + name
        if isinstance(value, Mapping):
            yield from _all_names(value, f"{above}{name}.")


def _cells(tags: Sequence[Tag], form: Form) -> Iterator[Finding]:
    """Every cell of the form is asked for once, where the form has it."""
    asked: dict[CellKey, list[Place]] = defaultdict(list)
    for tag in tags:
        for chain in tag.says.asks:
            if len(chain) == 2 and CellKey(*chain) in form.index:
                asked[CellKey(*chain)].append(tag.place)
    for number, table in enumerate(form.tables, start=1):
        for cell in grid_of(table).cells:
            if cell.key:
                due = Place(FILE, table=number, row=cell.row, column=cell.column)
                yield from _cell(form.label(cell.key), str(cell.key), asked[cell.key], due)


def _cell(label: str, key: str, there: Sequence[Place], due: Place) -> Iterator[Finding]:
    tag = f"{{{{ {key} }}}}"
    if not there:
        yield _fault("M05", f"模板里缺少“{label}”这一格。", due, tag, "没有")
    elif len(there) > 1:
        found = "、".join(place.words for place in there)
        yield replace(
            _fault("M06", f"“{label}”在模板里有{len(there)}个。", due, tag, found), places=tuple(there)
        )
    elif there[0] != due:
        yield _fault("M07", f"“{label}”不在应在的格子里。", there[0], due.words, there[0].words)


def _fault(code: str, message: str, place: Place, due: str = "", found: str = "") -> Finding:
    return Finding(code, Level.ERROR, message, (place,), due, found, MENDING[code])
