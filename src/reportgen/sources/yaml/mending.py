"""A clerk's text made readable: every slip of the writing is told, and mended in memory.

Slips that concern more than a line (a row without its bracket, a table of zeros with rows, a stray blank) are
looked for before the walk over the lines, which would tell what follows from them instead.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from reportgen.model.form import Form
from reportgen.model.keys import FIELDS, plain, top_words, vocabulary
from reportgen.model.nodes import Mapping, Node, Text
from reportgen.safe.decoding import UNSEEN, unseen
from reportgen.sources.yaml.composing import composed
from reportgen.sources.yaml.slips import Draft, Walk, depth, is_clean

_ODD_BLANKS = ("\x85", "\u2028", "\u2029", "\ufeff")
_LINE_END = re.compile(r"(\r\n|\r|\n)")
_ROUNDS = 4
"""How often a text is mended at most until there is nothing left: a mend may bring another slip to light."""

_WIDE_NUMBER = re.compile(r"(?=.*[０-９])－?[０-９0-9]+(?:[．.][０-９0-9]+)?")
_NARROW = str.maketrans("０１２３４５６７８９．－", "0123456789.-")


class Mend(NamedTuple):
    """A line that was mended: its number from 1, as it was and as it is."""

    line: int
    before: str
    after: str


class Mended(NamedTuple):
    """A text with its slips mended, and the lines that were."""

    text: str
    mends: tuple[Mend, ...]


def mended_text(text: str, forms: tuple[Form, ...]) -> Mended:
    """A clerk's text with those slips mended that have one reading only.

    Colons, brackets, commas and numbers in full width, tabs and full-width blanks before a line, a text below
    ``|`` without its blanks, a brace that is not ended before the next row. Comments, order and line ends
    stay; what is meant by any other slip the clerk must say, and it stays as it is. The report that is read
    from the text stays the same, and mending it again changes nothing.

    Args:
        text: with line ends of any kind.
        forms: whose words may stand before a colon.

    Returns:
        The text itself and no mends where there is nothing to mend.
    """
    pieces = _LINE_END.split(text)
    typed, ends = pieces[::2], [*pieces[1::2], ""]
    lines = typed
    for _ in range(_ROUNDS):
        before, lines = lines, _mended_once(lines, forms)
        if lines == before:
            break
    else:
        return Mended(text, ())
    pairs = enumerate(zip(typed, lines, strict=True), 1)
    mends = tuple(Mend(number, *pair) for number, pair in pairs if pair[0] != pair[1])
    if not mends or _said(_read(typed, forms)) != _said(_read(lines, forms)):
        return Mended(text, ())
    return Mended("".join(part for pair in zip(lines, ends, strict=True) for part in pair), mends)


def _mended_once(lines: list[str], forms: tuple[Form, ...]) -> list[str]:
    """The lines with what one look at them finds."""
    draft = mend("\n".join(lines), "", forms)
    even = _without_odd_blanks("\n".join(lines)).split("\n")
    sure = [draft.unsure.get(number, line) for number, line in enumerate(draft.lines)]
    mended = [was if now == same else now for was, same, now in zip(lines, even, sure, strict=True)]
    node, _ = composed(draft)
    if mended == lines and node:
        for text in _numbers(node, forms):
            line, column = text.place.line - 1, text.place.column - 1
            if lines[line].startswith(text.value, column):
                end = column + len(text.value)
                mended[line] = lines[line][:column] + text.value.translate(_NARROW) + lines[line][end:]
    return mended


def _numbers(node: Mapping, forms: tuple[Form, ...]) -> Iterator[Text]:
    """The numbers in full width that stand in a table, or where the report's head has a number."""
    tables = {plain(table.name) for form in forms for table in form.tables}
    heads = {plain(FIELDS[key]) for key in ("year", "date", "phone", "postcode")}
    heads |= {plain(form.fee.name) for form in forms if form.fee}
    for key, value in node.entries:
        if plain(key.value) in tables | heads:
            yield from (text for text in _texts(value) if _WIDE_NUMBER.fullmatch(text.value))


def _texts(node: Node) -> Iterator[Text]:
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Mapping):
        for _, value in node.entries:
            yield from _texts(value)


def _read(lines: list[str], forms: tuple[Form, ...]) -> Mapping | None:
    return composed(mend("\n".join(lines), "", forms))[0]


def _said(node: Node | None) -> object:
    """What nodes say, wherever it stands."""
    if isinstance(node, Text):
        return node.value.translate(_NARROW)
    if isinstance(node, Mapping):
        return [(key.value, _said(value)) for key, value in node.entries]
    return node and [_said(each) for each in node.items]


def mend(text: str, name: str, forms: tuple[Form, ...]) -> Draft:
    """Find the slips of a text and mend them, so that the rest can be read."""
    text = _without_odd_blanks(text)
    draft = Draft(name, text.split("\n"))
    if UNSEEN.search(text):
        _drop_controls(draft)
    mend_layout(draft, forms)
    if draft.findings or not is_clean(text):
        Walk(draft, vocabulary(forms)).go()
    return draft


def _without_odd_blanks(text: str) -> str:
    """The text with a blank for each sign that YAML alone takes for the end of a line."""
    for blank in _ODD_BLANKS:
        text = text.replace(blank, " ")
    return text


def _drop_controls(draft: Draft) -> None:
    for number, line in enumerate(draft.lines):
        found = UNSEEN.search(line)
        if found:
            draft.findings.append(unseen(found[0], draft.place(number, found.start())))
            draft.lines[number] = UNSEEN.sub(" ", line)
            draft.unsure.setdefault(number, line)


_ONE_BLANK = re.compile(r"^ (?! )", re.MULTILINE)
_ENDS_IN_ZERO = re.compile(
    r"^[^\s：:#]{1,20} *[:：] *(?:[全均].{0,2}零|[0０零])[ \u3000]*(?:#|$)", re.MULTILINE
)
_UNBALANCED = re.compile(r"^[^{｛\n]*+[{｛](?!(?>(?:[^{}｛｝\"'\n]|\"[^\"\\\n]*\")*)\}$)", re.MULTILINE)
"""Where each slip may be: the whole text is searched at once, because most texts have none."""

_HIDDEN = re.compile(r"# ?(?P<indent> *)(?P<key>[^\s：:#]{1,20}) *[:：] *(?P<bar>\|?) *")
_ROW = re.compile(r" *([^\s：:#{}\[\]][^：:{}\[\]]{0,50}?) *[：:] *([{｛].*)")
_ENTRY = re.compile(r" *([^\s：:#{}\[\]][^：:{}\[\]]{0,50}?) *[：:]")
_ZERO = re.compile(r"([^\s：:#]{1,20}) *[：:] *((?:全部|均|全)为零|[0０零])[ \u3000]*(?:#.*)?")
_BRACKETS = str.maketrans("｛｝［］", "{}[]")


def mend_layout(draft: Draft, forms: tuple[Form, ...]) -> None:
    """Tell and mend these slips wherever they are sure."""
    _uncover(draft, forms)
    top = frozenset(top_words(forms))
    names = frozenset(plain(table.name) for form in forms for table in form.tables)
    words = vocabulary(forms)
    text = "\n".join(draft.lines)
    one_blank, zeros, unbalanced = (
        _lines_with(each, draft, text) for each in (_ONE_BLANK, _ENDS_IN_ZERO, _UNBALANCED)
    )
    said = _said_lines(draft) if one_blank or zeros or unbalanced else []
    for at in one_blank:
        _stray_blank(draft, _upper(said, at), at, top)
    for at in zeros:
        _zero_with_rows(draft, at, _lower(said, at), names, words)
    for at in unbalanced:
        _unended(draft, at, _lower(said, at), words)


def _below(forms: tuple[Form, ...]) -> dict[str, frozenset[str]]:
    """The words of the top level that have others below them, with those; prose within prose has none."""
    below: dict[str, set[str]] = {}
    for form in forms:
        for passage in form.top_prose:
            below.setdefault(plain(passage.name), set()).update(plain(each.name) for each in passage.within)
            below.update((plain(each.name), set()) for each in passage.within)
        for table in form.tables:
            rows = {plain(name) for block in table.blocks for row in block.rows for name in row.names}
            below.setdefault(plain(table.name), set()).update(rows)
    return {word: frozenset(words) for word, words in below.items()}


def _uncover(draft: Draft, forms: tuple[Form, ...]) -> None:
    """Mend the keys that are still comments, before the lines below them are looked at."""
    hidden = [at for at, line in enumerate(draft.lines) if line[:1] == "#" and _HIDDEN.fullmatch(line)]
    said = _said_lines(draft) if hidden else []
    for at in hidden:
        _commented_key(draft, at, _lower(said, at), _below(forms))


def _commented_key(draft: Draft, at: int, after: int, below: dict[str, frozenset[str]]) -> None:
    """A key that is still a comment, and what belongs under it is none: its mark was forgotten."""
    found = _HIDDEN.fullmatch(draft.lines[at])
    if found is None or after < 0 or plain(found["key"]) not in below:
        return
    line, indent = draft.lines[after], len(found["indent"])
    under = below[plain(found["key"])]
    entry = _ENTRY.match(line)
    known = entry is not None and plain(entry[1]) in under
    is_text = bool(found["bar"]) and after == at + 1 and (entry is None or plain(entry[1]) not in below)
    if _indent(line) > indent and (known or is_text):
        said = f"“{found['key']}:”前面还有“#”，下面写的内容就没有了归属"
        right = f"{found['key']}:{found['bar'] and ' |'}"
        draft.note("F03", said, at, 0, f"请去掉这一行开头的“#”，写成“{right}”。")
        draft.put(at, 0, len(draft.lines[at]), found["indent"] + right)


def _lines_with(pattern: re.Pattern[str], draft: Draft, text: str) -> list[int]:
    """The lines of the text in which a match begins, without comments."""
    lines: list[int] = []
    at = before = 0
    for found in pattern.finditer(text):
        at += text.count("\n", before, found.start())
        before = found.start()
        if at not in lines[-1:] and not draft.lines[at].lstrip().startswith("#"):
            lines.append(at)
    return lines


def _said_lines(draft: Draft) -> list[int]:
    """The lines that are neither blank nor a comment, ascending."""
    bare = (line.lstrip() for line in draft.lines)
    return [at for at, line in enumerate(bare) if line and not line.startswith("#")]


def _upper(said: list[int], at: int) -> int:
    """The next line up that says something; -1 where there is none."""
    before = bisect_left(said, at)
    return said[before - 1] if before else -1


def _lower(said: list[int], at: int) -> int:
    """The next line down that says something; -1 where there is none."""
    behind = bisect_right(said, at)
    return said[behind] if behind < len(said) else -1


def _stray_blank(draft: Draft, before: int, at: int, top: frozenset[str]) -> None:
    """A single blank before a word of the top level, where the comment mark stood."""
    line = draft.lines[at]
    if not _is_entry(line, top):
        return
    upper = draft.lines[before] if before >= 0 else ""
    opens = _indent(upper) == 0 and upper.split(" #")[0].rstrip().endswith(
        (":", "：", "|", "｜", ">", "{", ",")
    )
    if opens or _indent(upper) == 1:
        return
    draft.note("F04", "行首多了一个空格", at, 0, "请删去行首的空格：机关、年度、各表的名称要顶格写。")
    draft.put(at, 0, 1, "")


def _zero_with_rows(draft: Draft, at: int, after: int, tables: frozenset[str], words: frozenset[str]) -> None:
    """``主动公开: 全部为零`` with rows below: which of the two holds, only the clerk knows."""
    found = _ZERO.fullmatch(draft.lines[at])
    if not found or plain(found[1]) not in tables or after < 0:
        return
    lower = draft.lines[after]
    if _indent(lower) == 0 or not _is_entry(lower, words):
        return
    said = f"“{found[1]}”写了“{found[2]}”，下面又有各行"
    draft.note("F03", said, at, found.start(2), f"请删去下面各行，或删去“{found[2]}”。")
    draft.put(at, found.start(2), found.end(2), "", sure=False)


def _unended(draft: Draft, at: int, after: int, words: frozenset[str]) -> None:
    """A row whose bracket is not ended although the next entry begins."""
    line = draft.lines[at]
    found = _ROW.fullmatch(line)
    if not found or plain(found[1]) not in words:
        return
    value = found[2].split(" #")[0].rstrip()
    if depth(value.translate(_BRACKETS)) != 1 or value.endswith(("{", "｛", ",", "，")):
        return
    lower = draft.lines[after] if after >= 0 else ""
    if after >= 0 and (_indent(lower) > _indent(line) or not _is_entry(lower, words)):
        return
    said = "大括号 { 没有结束，或项目之间没有逗号"
    fix = "请补上 } 和英文逗号，例如 {自然人: 25, 商业企业: 1}。"
    draft.note("F03", said, at, found.start(2), fix)
    end = found.start(2) + len(value)
    draft.put(at, end, end, "}")


def _is_entry(line: str, words: frozenset[str]) -> bool:
    found = _ENTRY.match(line)
    return found is not None and plain(found[1]) in words


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
