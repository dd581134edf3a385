"""Checks an edited Word template before it is used, and finds all its faults at once, each with its place.

Jinja's own errors name no place in a document, and stop at the first. So the tags are read here: where each
stands, what it asks for, what is wrong with it.
"""

import re
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateSyntaxError, UndefinedError
from lxml import etree

from reportgen.makers.docx_docxtpl.filling import (
    MOST_BYTES,
    NotPrinted,
    code_of,
    environment,
    is_tagged,
    jinja_source,
)
from reportgen.makers.docx_docxtpl.kept import keep, key_of, recall
from reportgen.makers.docx_docxtpl.language import NOT_PRINTED, refusals
from reportgen.makers.docx_docxtpl.reading_back import DOCUMENT, columns_of
from reportgen.makers.docx_docxtpl.tags import (
    FILE,
    TAG,
    Line,
    Tag,
    in_chinese,
    lines_of,
    numbered,
    places_in,
    said_by,
)
from reportgen.model.form import CellKey, Form
from reportgen.model.layout import grid_of
from reportgen.problems import Finding, Level, Place, TemplateBroken, short
from reportgen.safe.packing import packed
from reportgen.safe.unpacking import BROKEN, TooBig, parts_of

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
    "lipsum",
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
    "M09": "模板里只用名字、for、if、set、模板自己的 macro 和常用的过滤器；要算的数，请写在年报里。",
    "M10": "减少循环套循环，删去多余的标签。",
    "M11": "文字相连用 ~，例如 {{ 机关 ~ 年度 }}；相加的两边都要是数。",
    "M12": "核对过滤器或判断的名称，一个字也不能差。",
    "M13": "核对这个标签的写法和名字。",
    "M14": "不写这些段落的，不用管它；要写的，把新模板里印这些段落的标签抄过来，或用 make templates 重画。",
}
"""How to mend each fault."""

_STATEMENT = re.compile(r"\{%.*?%\}")

_LONGEST = 50_000
"""Signs of a paragraph."""

_MOST_ELEMENTS = 400_000
_MOST_LINES = 8_000
_MOST_TAGS = 20_000
_MOST_FAULTS = 100
_NEAR = 40
"""So many unknown names are compared with those that there are."""

_JINJA = environment()
_SEEN: dict[tuple[bytes, str], tuple[Finding, ...]] = {}


def ensure_sound(template: bytes, form: Form, names: Mapping[str, object]) -> None:
    """Let a template pass that can be filled; the check is made once for each template and form.

    That it found nothing is kept for the next run; faults are found anew.

    Args:
        template: a Word file.
        form: whose cells it has to hold.
        names: what a report offers to it.

    Raises:
        TemplateBroken: with all its faults.
    """
    known = (template, form.id)
    if known not in _SEEN:
        _SEEN[known] = _faults(template, form, names)
    if faults := _SEEN[known]:
        raise TemplateBroken(f"{form.id} 版的 Word 模板有 {len(faults)} 处错误，改正后再生成。", faults)


def _faults(template: bytes, form: Form, names: Mapping[str, object]) -> tuple[Finding, ...]:
    key = key_of("sound", template, repr(form), "\n".join(_names_and_kinds(names)))
    if recall(key) is not None:
        return ()
    faults = check_template(template, form, names)
    if not faults:
        keep(key, b"")
    return faults


def _names_and_kinds(names: Mapping[str, object], above: str = "") -> Iterator[str]:
    """Every name, and whether it holds others: what the check can tell of them."""
    for name, value in names.items():
        yield f"{above}{name} {type(value).__name__}"
        if isinstance(value, Mapping):
            yield from _names_and_kinds(value, f"{above}{name}.")


def check_template(template: bytes, form: Form, names: Mapping[str, object]) -> tuple[Finding, ...]:
    """What is wrong with a template for this form, where ``names`` is what a report offers.

    M00 no docx · M01 unknown name · M02 tag not whole · M03 tag not understood · M04 blocks not closed ·
    M05 cell missing · M06 cell doubled · M07 cell in another place · M08 words that would be lost ·
    M09 what no template may say · M10 too much work · M11 words with figures · M12 unknown filter.
    """
    lines = _lines(template)
    if lines is None:
        return (_fault("M00", "这不是完整的 Word 文件（.docx），或者过大。", Place(FILE)),)
    if strange := _strange(lines):
        return strange
    tags = tuple(tag for line in lines for tag in line.tags)
    shape = (*_shape(lines), *_blocks(tags))
    unknown = tuple(_names(tags, names))
    spoken: tuple[Finding, ...] = ()
    if not any(each.code in ("M02", "M03", "M04") for each in shape):
        spoken = tuple(_spoken(template, tags, names, frozenset(each.places[0] for each in unknown)))
    return _not_too_many((*shape, *unknown, *spoken, *_cells(lines, form)))


def _lines(template: bytes) -> tuple[Line, ...] | None:
    """The paragraphs of a template; None for what is none, or is bigger than any."""
    try:
        parts = parts_of(template, MOST_BYTES)
        if any(part.count(b"<") > _MOST_ELEMENTS for part in parts.values()):
            return None
        return tuple(lines_of(template))
    except (*BROKEN, TooBig, etree.XMLSyntaxError):
        return None


def _strange(lines: Sequence[Line]) -> tuple[Finding, ...]:
    """What is far beyond any template, and would take long to read."""
    long = next((line for line in lines if len(line.text) > _LONGEST), None)
    braces = [line.text.count("{") for line in lines]
    if long is None and len(lines) <= _MOST_LINES and sum(braces) <= _MOST_TAGS:
        return ()
    place = (long or lines[braces.index(max(braces))]).place
    return (_fault("M10", "模板的段落或标签过多，或者有一段过长，不像年报的模板。", place),)


def _not_too_many(faults: tuple[Finding, ...]) -> tuple[Finding, ...]:
    if len(faults) <= _MOST_FAULTS:
        return faults
    rest = f"还有 {len(faults) - _MOST_FAULTS} 处没有一一列出。"
    return (*faults[:_MOST_FAULTS], _fault(faults[-1].code, rest, Place(FILE)))


def _spoken(
    template: bytes, tags: Sequence[Tag], names: Mapping[str, object], unknown: frozenset[Place]
) -> Iterator[Finding]:
    """What Jinja says of the whole, and what no template may say; a call of what is unknown was told."""
    try:
        source = _whole(template)
        places = places_in(source, tags)
        found = tuple(refusals(_JINJA.parse(source), names))
    except TemplateSyntaxError as error:
        place = places.get(error.lineno, Place(FILE))
        yield _fault("M03", f"看不懂这里的标签：{in_chinese(error.message or '')}。", place)
        return
    except (*BROKEN, RecursionError, MemoryError):
        yield _fault("M03", "看不懂模板里的标签：写得太长，或套得太深。", Place(FILE))
        return
    for each in found:
        place = places.get(each.line, Place(FILE))
        if not (place in unknown and each.code == "M09"):
            yield _fault(each.code, f"{each.message}。", place, each.due)


def without_faulty_tags(template: bytes, names: Mapping[str, object]) -> bytes:
    """A template without the tags that are at fault, so that it can be filled and its words be judged.

    What is at fault counts as nothing, a condition as true. Empty where the tags do not fit together.
    """
    unknown = frozenset(_with_unknown_names(template, names))
    parts = parts_of(template, MOST_BYTES)
    for name, content in parts.items():
        if not is_tagged(name, content):
            continue
        try:
            lines = numbered(jinja_source(content.decode("utf-8"))).split("\n")
            told = {each.line for each in refusals(_JINJA.parse("\n".join(lines)), names)}
        except (*BROKEN, TemplateSyntaxError, RecursionError, MemoryError):
            return b""
        for number, line in enumerate(lines, start=1):
            if number in told or said_by(line) in unknown:
                lines[number - 1] = _without_tag(line)
        parts[name] = "".join(lines).encode("utf-8")
    return packed(parts)


_FAULTY = (
    (re.compile(r"\{\{.*?\}\}"), ""),
    (re.compile(r"\{%\s*(if|elif)\s.*?%\}"), r"{% \1 true %}"),
    (re.compile(r"\{%\s*(set\s[^=]*=).*?%\}"), r'{% \1 "" %}'),
    (re.compile(r"\{%\s*(for\s.*?\sin)\s.*?%\}"), r"{% \1 [] %}"),
)


def _without_tag(line: str) -> str:
    """A line of a numbered source without what its tag says; as it is where nobody knows what that means."""
    found = ((pattern.match(line), instead) for pattern, instead in _FAULTY)
    return next((match.expand(instead) + line[match.end() :] for match, instead in found if match), line)


def _with_unknown_names(template: bytes, names: Mapping[str, object]) -> Iterator[str]:
    """What the tags say that ask for a name that a report does not offer."""
    tags = [tag for line in lines_of(template) for tag in line.tags]
    given = GIVEN.union(*(tag.says.gives for tag in tags))
    for tag in tags:
        if any(chain[0] not in given and not _offered(chain, names) for chain in tag.says.asks):
            yield said_by(tag.text)


def _whole(template: bytes) -> str:
    """All parts of a template that are filled, one behind the other, every tag on a line of its own."""
    parts = parts_of(template, MOST_BYTES)
    filled = sorted((name for name, content in parts.items() if is_tagged(name, content)), key=_in_order)
    return "".join(numbered(jinja_source(parts[name].decode("utf-8"))) for name in filled)


def _in_order(name: str) -> tuple[bool, str]:
    return name != DOCUMENT, name


def failing(template: bytes, names: Mapping[str, object]) -> tuple[Finding, ...]:
    """Where a template, that cannot be filled with these names, fails first; nothing where it does not."""
    tags = tuple(tag for line in lines_of(template) for tag in line.tags)
    source = _whole(template)
    try:
        code = code_of(_JINJA, _JINJA.parse(source))
        for _ in JinjaTemplate.from_code(_JINJA, code, _JINJA.make_globals(None)).generate(names):
            pass
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
        place = places_in(source, tags).get(lines[-1] or 0, Place(FILE)) if lines else Place(FILE)
        message = "这里的标签填不出来：不能这样算或这样用。"
        if isinstance(error, UndefinedError):
            message = "这里的标签要用的名字，年报里没有。"
        elif isinstance(error, NotPrinted):
            message = f"{NOT_PRINTED}。"
        return (_fault("M13", message, place),)
    return ()


def cells_asked(template: bytes) -> frozenset[CellKey]:
    """What a template asks for that may be cells of a form, each two names; nothing of what is no docx."""
    return frozenset(CellKey(*chain) for chain in _chains(template) if len(chain) == 2)


def prose_asked(template: bytes) -> frozenset[str]:
    """The clerk's names of the prose that a template asks for; nothing of what is no docx."""
    return frozenset(chain[1] for chain in _chains(template) if len(chain) == 2 and chain[0] == "正文")


def _chains(template: bytes) -> list[tuple[str, ...]]:
    """What a template asks for, name by name."""
    lines = _lines(template)
    if lines is None or _strange(lines):
        return []
    return [tuple(chain) for line in lines for tag in line.tags for chain in tag.says.asks]


def without_a_place(template: bytes, form: Form) -> frozenset[str]:
    """The keys of the prose that a template prints nowhere and a clerk need not write."""
    lines = _lines(template)
    if lines is None or _strange(lines):
        return frozenset()
    asked = {chain for line in lines for tag in line.tags for chain in tag.says.asks}
    if ("正文",) in asked:  # all of it, or by a name that is found while it is filled
        return frozenset()
    free = (each for each in form.prose.values() if not each.required)
    return frozenset(each.key for each in free if ("正文", each.name) not in asked)


def no_place(names: Sequence[str]) -> Finding:
    """The warning about prose that a template has no place for."""
    said = f"模板里没有印{'、'.join(names)}的地方；年报写了这些段落，就生成不了。"
    return replace(_fault("M14", said, Place(FILE)), level=Level.WARNING)


def lines_without_a_place(template: bytes, form: Form) -> Iterator[Finding]:
    """What is told of the kind's own lines that no paragraph prints as they are read back: ``名称：…``."""
    lines = _lines(template) or ()
    for own in form.lines:
        printing = [line for line in lines if any((own.name,) in tag.says.asks for tag in line.tags)]
        if not any(_STATEMENT.sub("", line.text).lstrip().startswith(f"{own.name}：") for line in printing):
            said = f"模板里没有把“{own.name}”单独印成一段。"
            fix = f"请单独写一段“{own.name}：{{{{ {own.name} }}}}”，改过的 Word 文件才能读回来比较。"
            place = printing[0].place if printing else Place(FILE)
            yield Finding("M14", Level.ERROR if own.required else Level.WARNING, said, (place,), fix=fix)


class Originals:
    """Where the paragraphs of a filled document stand in its template."""

    def __init__(self, template: bytes) -> None:
        """Look at the template's words beside its tags."""
        self._lines = [
            (pieces, line.place) for line in lines_of(template) if any(pieces := _fixed_words(line.text))
        ]

    def place_of(self, place: Place, text: str) -> Place:
        """The place in the template of one in a filled document.

        Args:
            place: of a cell, or of a paragraph.
            text: what the paragraph says.

        Returns:
            The cell of the same table, row and column; of a paragraph the one with its words; else the file.
        """
        if place.table:
            return place._replace(file=FILE)
        found = [
            (sum(map(len, pieces)), -line.line, line) for pieces, line in self._lines if _has(text, pieces)
        ]
        return max(found)[2] if found else Place(FILE)


def _fixed_words(text: str) -> list[str]:
    """What stands between the tags of a paragraph, with what stands before the first and behind the last."""
    return [piece.strip() for piece in TAG.split(text)]


def _has(text: str, pieces: Sequence[str]) -> bool:
    """True if a text has these pieces in their order; one of a condition may be left out."""
    whole = [piece for piece in pieces if piece]
    return (
        all(piece in text for piece in whole)
        if len(whole) < 3
        else sum(p in text for p in whole) * 2 > len(whole)
    )


def _shape(lines: Sequence[Line]) -> Iterator[Finding]:
    for line in lines:
        if line.loose:
            yield _fault("M02", f"标签没有写完整：“{line.loose}”。", line.place, found=line.text[:60])
        if line.lost:
            yield _fault(
                "M08", "独占一段的标签旁边还有文字，生成时会丢掉。", line.place, found=short(line.lost)
            )
        for tag in line.tags:
            if tag.says.wrong:
                yield _fault("M03", f"看不懂标签“{short(tag.text)}”。", line.place, found=tag.says.wrong)


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
                    "M04",
                    f"结束标签“{short(tag.text)}”与开始的对不上。",
                    tag.place,
                    due or "没有",
                    short(tag.text),
                )
    for tag in begun:
        yield _fault("M04", f"标签“{short(tag.text)}”没有结束。", tag.place, _end_of(tag), "没有")


def _end_of(tag: Tag) -> str:
    return f"{{%{tag.says.reach} end{tag.says.keyword} %}}"


def _names(tags: Sequence[Tag], names: Mapping[str, object]) -> Iterator[Finding]:
    """Every name that is asked for is one that a report offers, or that the template gives itself."""
    given = GIVEN.union(*(tag.says.gives for tag in tags))
    known = list(_all_names(names))
    near: dict[str, str] = {}
    for tag in tags:
        for chain in sorted(tag.says.asks):
            if chain[0] in given or _offered(chain, names):
                continue
            name = ".".join(chain)[:80]
            if name not in near and len(near) < _NEAR:
                near[name] = next(iter(get_close_matches(name, known, n=1)), "")
            due = f"是不是“{near[name]}”？" if near.get(name) else ""
            yield _fault("M01", f"年报里没有“{name}”这个名字。", tag.place, due, short(tag.text))


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


def _cells(lines: Sequence[Line], form: Form) -> Iterator[Finding]:
    """Every cell of the form is asked for once, where the form has it; an office may have more tables."""
    asked: dict[CellKey, list[Place]] = defaultdict(list)
    columns: dict[tuple[int, int], list[int]] = defaultdict(list)
    for line in lines:
        columns[line.place.table, line.place.row].append(line.place.column)
        for chain in (chain for tag in line.tags for chain in tag.says.asks):
            if len(chain) == 2 and CellKey(*chain) in form.index:
                asked[CellKey(*chain)].append(line.place)
    for number, table in enumerate(form.tables, start=1):
        keyed = [(cell, cell.key) for cell in grid_of(table).cells if cell.key]
        there = Counter(place.table for _, key in keyed for place in asked[key] if place.table)
        number = max(there, key=lambda each: there[each], default=number)
        due = columns_of(table)
        told: dict[object, list[Finding]] = defaultdict(list)
        for cell, key in keyed:
            found = sorted(set(columns[number, cell.row]))
            at = due[cell.row].index(cell.column)
            column = found[at] if at < len(found) else cell.column
            place = Place(FILE, table=number, row=cell.row, column=column)
            for fault in _cell(form.label(key), str(key), asked[key], place):
                told[_cause(fault, place) or key].append(fault)
        for faults in told.values():
            yield from faults if len(faults) < _SOME else (_together(faults),)


def _cause(fault: Finding, due: Place) -> object:
    """What the cells of a lost or doubled row have in common, and those of the rows that it moved."""
    if fault.code != "M07":
        return fault.code, due.row
    there = fault.places[0]
    moved = there.row - due.row
    return (fault.code, moved) if moved and there.table == due.table else None


_SOME = 3
"""Fewer cells than this are told one by one."""


def _together(faults: Sequence[Finding]) -> Finding:
    """One finding for cells at fault for one cause."""
    first, others = faults[0], len(faults) - 1
    begin = first.message.rstrip("。")
    if first.code == "M07":
        fix = "表里多了或少了一行：先补上缺的行，或删去多的行。"
        return replace(first, message=f"{begin}，另外{others}格也移动了同样多的行。", fix=fix)
    places = tuple(place for each in faults for place in each.places)
    return replace(first, message=f"{begin}，同一行的另外{others}格也是这样。", places=places)


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
