"""Slips that concern more than a line: a row without its bracket, a table of zeros with rows, a stray blank.

They are looked for before the walk over the lines, which would tell what follows from them instead.
"""

import re
from bisect import bisect_left, bisect_right

from reportgen.model.form import Form
from reportgen.model.keys import plain, top_words, vocabulary
from reportgen.sources.yaml_draft import Draft
from reportgen.sources.yaml_flow import depth

_ONE_BLANK = re.compile(r"^ (?! )", re.MULTILINE)
_ENDS_IN_ZERO = re.compile(r"[:：] *(?:[全均].{0,2}零|[0０零])[ \u3000]*(?:#|$)", re.MULTILINE)
_UNBALANCED = re.compile(r"^[^{｛\n]*+[{｛](?![^{}｛｝\"'\n]*\}$)", re.MULTILINE)
"""Where each slip may be: the whole text is searched at once, because most texts have none."""

_ROW = re.compile(r" *([^\s：:#{}\[\]][^：:{}\[\]]{0,50}?) *[：:] *([{｛].*)")
_ENTRY = re.compile(r" *([^\s：:#{}\[\]][^：:{}\[\]]{0,50}?) *[：:]")
_ZERO = re.compile(r"([^\s：:#]{1,20}) *[：:] *((?:全部|均|全)为零|[0０零])[ \u3000]*(?:#.*)?")
_BRACKETS = str.maketrans("｛｝［］", "{}[]")


def mend_layout(draft: Draft, forms: tuple[Form, ...]) -> None:
    """Tell and mend these slips wherever they are sure."""
    top = frozenset(top_words(forms))
    names = frozenset(plain(table.name) for form in forms for table in form.tables)
    words = vocabulary(forms)
    text = "\n".join(draft.lines)
    said = _said_lines(draft)
    for at in _lines_with(_ONE_BLANK, draft, text):
        _stray_blank(draft, _upper(said, at), at, top)
    for at in _lines_with(_ENDS_IN_ZERO, draft, text):
        _zero_with_rows(draft, at, _lower(said, at), names, words)
    for at in _lines_with(_UNBALANCED, draft, text):
        _unended(draft, at, _lower(said, at), words)


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
    draft.put(at, found.start(2), found.end(2), "")


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
