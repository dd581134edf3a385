"""Slips of the pen that YAML would tell badly or not at all, found line by line and mended in memory.

Each stays a finding; it is mended only so that everything behind it can be read and judged as well. Whatever
moves, places stay those of the file as typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from reportgen.model.keys import plain
from reportgen.model.prose import HAN
from reportgen.problems import Finding, Place, fault, short

_new = tuple.__new__
"""Makes a named tuple in a third of the time, which counts where a file has hundreds."""


@dataclass(slots=True)
class Draft:
    """A text with its slips mended in memory, and what was found.

    ``moved`` has, for each mended line, (column from 0, characters put in there) in the mended line's count.
    ``unsure`` has the lines with a mend that is only good for reading on, as they were before it: what is
    meant, the clerk must say.
    """

    name: str
    lines: list[str]
    findings: list[Finding] = field(default_factory=list)
    moved: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    unsure: dict[int, str] = field(default_factory=dict)

    def place(self, line: int, column: int, width: int = 1) -> Place:
        """The place in the file as typed of a line and column (from 0) of the mended text."""
        if line not in self.moved:
            return _new(Place, (self.name, line + 1, column + 1, 0, 0, width, ""))
        for start, more in reversed(self.moved[line]):
            if column > start:
                column = max(start, column - more)
        return Place(self.name, line + 1, column + 1, width=width)

    def note(self, code: str, message: str, line: int, column: int, fix: str) -> None:
        """Find fault with a character of the mended text."""
        self.findings.append(fault(code, message, self.place(line, column), fix))

    def put(self, line: int, start: int, end: int, words: str, *, sure: bool = True) -> None:
        """Put words in the place of a stretch of a line."""
        text = self.lines[line]
        if not sure:
            self.unsure.setdefault(line, text)
        self.lines[line] = text[:start] + words + text[end:]
        if len(words) != end - start:
            self.moved.setdefault(line, []).append((start, len(words) - (end - start)))

    def change(self, line: int, start: int, before: str, after: str, *, sure: bool = True) -> None:
        """Put words in the place of others, of which what they begin and end with alike stays."""
        first = _alike(before, after)
        last = _alike(before[first:][::-1], after[first:][::-1])
        self.put(line, start + first, start + len(before) - last, after[first : len(after) - last], sure=sure)


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
"""A quoted text on one line."""

_WORD = re.compile(r"([^\s，,：:{}\[\]｛｝［］\"']{1,60})(\s*：\s*|:(?=[^\s/]))")
_COMMA = re.compile(r"，\s*(?=[^\s，,：:{}]{1,60}\s*[:：]|$)")
_OTHER_COMMA = re.compile(
    r"(?<=[0-9}\])\"'])\s*[、；;]\s*(?P<key>[^\s，,、；;：:{}\[\]\"']{1,60})(?=\s*[:：])"
)
"""A sign that parts words where a comma must part entries: 25、商业企业: 1."""
_SIGNS = str.maketrans("｛｝［］", "{}[]")
_ADDRESS = re.compile(
    r"[“”‘’「」『』＂＇] *((?:https?://|www\.|[\w.+-]{1,64}@)[^\s“”‘’「」『』＂＇\"',，{}\[\]]{1,2000})"
    r" *[“”‘’「」『』＂＇\"']",
    re.IGNORECASE,
)
"""The address of a site or a mailbox in quotation marks of which it would be printed with."""

OPENING = ("{", "[", "｛", "［")


def mended_flow(value: str, known: Callable[[str], bool]) -> str:
    """The value with half-width brackets, and with commas and colons as YAML needs them around known words.

    What stands in quotes is left alone, and so is every sign that belongs to no known word.
    """
    pieces, at = [], 0
    for quoted in QUOTED.finditer(value):
        pieces += [_mended_piece(value[at : quoted.start()], known), quoted[0]]
        at = quoted.end()
    return "".join([*pieces, _mended_piece(value[at:], known)])


def depth(value: str) -> int:
    """How many brackets the value opens that it does not end; negative where it ends earlier ones."""
    bare = QUOTED.sub("", value)
    return sum(bare.count(sign) for sign in "{[") - sum(bare.count(sign) for sign in "}]")


def _mended_piece(value: str, known: Callable[[str], bool]) -> str:
    value = _COMMA.sub(", ", _ADDRESS.sub(r'"\1"', value.translate(_SIGNS)))
    value = _OTHER_COMMA.sub(lambda found: f", {found['key']}" if known(found["key"]) else found[0], value)
    return _WORD.sub(lambda found: f"{found[1]}: " if known(found[1]) else found[0], value)


def comment_at(value: str) -> int:
    """Where the comment behind a value begins, its blank included; the value's length where it has none."""
    if "#" not in value:
        return len(value)
    found = _COMMENT.search(QUOTED.sub(lambda quoted: "_" * len(quoted[0]), value))
    return found.start() if found else len(value)


def eats(comment: str, value: str) -> bool:
    """True if a comment looks like words of the report: ``在微博开设 #政务公开# 话题``.

    Args:
        comment: what stands behind the ``#``.
        value: what stands before it on the line.
    """
    said = comment.lstrip("#").strip()
    if value.isdigit() and not said[:1].isdigit():
        return False  # a cell has no words
    glued = comment[:1].isalnum() or comment[:1] in tuple("《“（(")
    goes_on = said.endswith(_STOPS) and not value.endswith(_STOPS)
    dials_on = value[-1:].isdigit() and (said[:1].isdigit() or said.startswith(("转", "分机")))
    return bool(said) and (glued or goes_on or dials_on or "#" in said.rstrip("#").removesuffix(" "))


_COMMENT = re.compile(r"(?:[ \t]+|^)#")
_STOPS = ("。", "；", "！", "？")
_TOPIC = re.compile(r" *#(?=[^\s#][^#]*#|[^\s#].*[。；！？] *$)")
"""A line that is a comment for YAML, and reads like one of a text."""

_LEAD = re.compile(r"[ \t\u3000\xa0]*")
_KEY = re.compile(
    r"(?P<dashes>(?:- +)*)(?P<key>[^\s：:#{}\[\]&*!|>%@`-][^：:{}\[\]]{0,50}?) *(?P<colon>[：:])(?P<rest>.*)"
)
_SIMPLE = re.compile(
    rf"(?P<indent> *)(?P<key>{HAN}{{1,40}}):"
    rf"(?: (?:(?P<number>\d+)|\{{{HAN}{{1,40}}: \d+(?:, {HAN}{{1,40}}: \d+)*\}}))?"
)
"""Most lines of a file: a key alone, with a number, or with numbers in braces, as YAML has it."""
_BLOCK = re.compile(r"[|>][+-]?[1-9]?[+-]?[ \t]*(?:#(?P<said>.*))?$")
_SENTENCE = re.compile(r"[，。；、！？,;（(]")
_STARTS = ("*", "@", "%", "`", "{{", "{｛")
_QUOTES = ("{{", "{｛", "｛｛", "｛{")
_THOUSANDS = re.compile(r"[:：] *+(\d{1,3}(?>(?:[,，]\d{3})+))(?= *[,，}｝]|$)")
_REFERENCE = re.compile(r"\*\w+")
_HASHED = re.compile(r"([:：,，{\[]\s*)([^\s,，:：{}\[\]\"'][^,，:：{}\[\]\"']*\s#[^,，:：{}\[\]\"']*)")
"""An entry between braces that has a ``#`` behind a blank."""
_NO_FIGURE = re.compile(r"(?<=[:：] )(?:-(?= +[,，}｝])|\?(?= *[,，}｝]))")
_NOTHING = re.compile(r"[-?]")
"""Signs for nothing that YAML takes for its own; ``/``, ``--`` and all others are texts for it anyway."""

EATEN = (
    "要印出来，请在内容两头加英文单引号，或写成“项目: |”，换行空两格再写；"
    "只是说明，请在上面另写一行，# 后面空一格。"
)
"""How to mend a comment that looks like words of the report."""


_NAME = f"{HAN}(?>(?:{HAN}|[/“”（）])*):"
_WORDS = f"(?:[^\\W_]|[《（])(?>(?:{HAN}|[\\w《》（）、。，；－.-])*)"
_WORD_BETWEEN = "(?:-?[^\\W_]|《)[^\\s,，:：#{}\\[\\]｛｝［］\"'“”‘’「」『』＂＇]*+"
_VALUE = f'(?:{_WORD_BETWEEN}|"[^"\\\\\n#]*+")'
_CELLS = f"\\{{(?>(?:{_NAME}[ ]{_VALUE}(?:,[ ]|(?=\\}})))+)\\}}"
_ROWS = f"\\{{(?>(?:{_NAME}[ ](?:{_VALUE}|{_CELLS})(?:,[ ]|(?=\\}})))+)\\}}"
_ITEMS = f"\\[(?>(?:{_VALUE}(?:,[ ]|(?=\\])))+)\\]"
_CLEAN = re.compile(
    rf"""(?>(?:
        [ ]*+(?>(?:\#[ ][^\n]*+)?)\n
      | (?P<indent>(?>(?:[ ][ ])*)){_NAME}
        (?:(?>(?:[ ](?:-?{_WORDS}|{_ROWS}|{_ITEMS}))?)\n
          |[ ]\|\n(?>(?:(?P=indent)[ ][ ][^\n]*+\n|[ ]*\n)+)(?=\Z|\#[ ]|(?>(?:[ ][ ])*){HAN}{{1,12}}+:[ \n]))
    )*)\Z""",
    re.VERBOSE,
)
"""A text of nothing but lines in which ``Walk`` finds no slip: most files are such."""


def is_clean(text: str) -> bool:
    """True if a walk over the lines of a text would find and mend nothing; False where that is not sure."""
    return _CLEAN.match(text) is not None


class Walk:
    """One walk over the lines; knows whether it is inside a text that YAML takes as it is."""

    def __init__(self, draft: Draft, words: frozenset[str]) -> None:
        """Take the text and the words that may stand before a colon, folded."""
        self.draft = draft
        self.words = words
        self.block: int | None = None
        """The column of the key whose block scalar we are in; ``inner``: how its lines begin."""
        self.inner = ""
        self.told = False
        """True if that block scalar's missing indentation was told."""
        self.text: int | None = None
        """The column of the key whose unquoted text may go on in the next line."""
        self.quote = ""
        """The quotation mark that ends the text over several lines in which we are."""
        self.depth = 0
        """How many brackets are open."""

    def go(self) -> None:
        """Look at every line."""
        for number, line in enumerate(self.draft.lines):
            if not line.strip():
                continue
            if self.block is not None and (line.startswith(self.inner) or self._in_block(number, line)):
                continue
            self.block, self.told = None, False
            if self.quote or self.depth > 0:
                self._inside(number)
                continue
            self._line(number, line)

    def _line(self, number: int, line: str) -> None:
        """Look at a line outside of quotes, brackets and block scalars."""
        simple = _SIMPLE.fullmatch(line)
        if simple is None:
            self._indentation(number)
            self._comment(number)
        if self.text is not None and _deeper(self.draft.lines[number], self.text):
            return
        self.text = None
        if simple is None:
            self._entry(number)
        else:
            self._simple(simple)

    def _in_block(self, number: int, line: str) -> bool:
        """True if the line belongs to the block scalar, or ought to."""
        parent = self.block or 0
        spaces = len(line) - len(line.lstrip(" "))
        lead = _LEAD.match(line)
        blanks = lead.end() if lead else 0
        if "\t" in line[:blanks]:
            self._tell_indentation(number, line[:blanks])
            self.draft.put(number, 0, blanks, " " * (parent + 2))
            return True
        if self._is_entry(line[blanks:]):
            return False
        if not self.told:  # once a text: thirty lines are one slip
            fix = "“|”下面的正文，每一行左边都要空两格（半角空格）。"
            self.draft.note("F07", "正文从这一行起左边没有空两格，会被读成新的一项", number, spaces, fix)
        self.told = True
        self.draft.put(number, 0, spaces, " " * (parent + 2))
        return True

    def _is_entry(self, body: str) -> bool:
        """True for what can follow a block scalar: an entry, a comment, a list item, a document mark."""
        if body.startswith(("---", "...")) or (body.startswith("#") and not body.startswith("##")):
            return True
        match = _KEY.match(body)
        if not match:
            return False
        return self._known(match["key"]) or (match["colon"] == ":" and _loose(match))

    def _known(self, key: str) -> bool:
        return plain(key) in self.words

    def _indentation(self, number: int) -> None:
        lead = _LEAD.match(self.draft.lines[number])
        blanks = lead[0] if lead else ""
        if blanks.strip(" "):
            self._tell_indentation(number, blanks)
            mended = "".join("  " if blank in "\t\u3000" else " " for blank in blanks)
            self.draft.put(number, 0, len(blanks), mended)

    def _tell_indentation(self, number: int, blanks: str) -> None:
        what = "制表符（Tab）" if "\t" in blanks else "全角空格"
        at = next(index for index, blank in enumerate(blanks) if blank != " ")
        self.draft.note("F04", f"行首的空格里有{what}", number, at, "行首只能用半角空格，每一层两个。")

    def _comment(self, number: int) -> None:
        """Tell a whole line that is a comment and reads like words of the report."""
        found = _TOPIC.match(self.draft.lines[number])
        if found:
            self._tell_eaten(number, found.end())

    def _tell_eaten(self, number: int, start: int) -> None:
        said = f"“{short(self.draft.lines[number][start:])}”在“#”后面，当成了说明，不会印出来"
        self.draft.note("F28", said, number, start - 1, EATEN)

    def _entry(self, number: int) -> None:
        """Look at a line that should be ``key: value``."""
        line = self.draft.lines[number]
        indent = len(line) - len(line.lstrip(" "))
        match = _KEY.match(line, indent)
        if not match or not (self._known(match["key"]) or (indent == 0 and _loose(match))):
            return
        self._colon(number, match)
        line = self.draft.lines[number]
        start = match.start("colon") + 1
        value = line[start:].lstrip(" ")
        self._value(number, len(line) - len(value), match.start("key"))

    def _simple(self, match: re.Match[str]) -> None:
        """Go over an entry with nothing to mend; a number may go on in the next line as any text may."""
        if match["number"] and (not match["indent"] or self._known(match["key"])):
            self.text = len(match["indent"])

    def _colon(self, number: int, match: re.Match[str]) -> None:
        """Mend the colon: full-width, or without a blank behind it."""
        at, rest = match.start("colon"), match["rest"]
        after = len(rest) - len(rest.lstrip(" \u3000\xa0"))
        if match["colon"] == "：":
            said, fix = "冒号用了全角的“：”", "请改成英文冒号，后面空一格"
        elif rest and rest[0] not in " \t":
            odd = rest[0] in "\u3000\xa0"
            said = "冒号后面是全角空格" if odd else "冒号后面没有空格"
            fix = "请在冒号后面空一个半角空格"
        else:
            return
        example = short(f"{match['key']}: {rest.strip()}")
        self.draft.note("F05", said, number, at, f"{fix}，写成“{example}”。")
        self.draft.put(number, at, at + 1 + after, ": " if rest[after:] else ":")

    def _value(self, number: int, start: int, key_column: int) -> None:
        """Look at what stands behind the colon."""
        value = self.draft.lines[number][start:]
        if value.startswith("｜") and not value[1:].strip():
            self.draft.note("F06", "竖线用了全角的“｜”", number, start, "请改成英文竖线“|”。")
            self.draft.put(number, start, start + 1, "|")
            self._open_block(key_column)
        elif head := _BLOCK.match(value):
            self._open_block(key_column)
            if (said := head["said"]) and eats(said, ""):
                self._tell_eaten(number, start + head.start("said"))
        elif value.startswith(OPENING) and not value.startswith(_QUOTES):
            self._flow(number, start)
        elif value[:1] in ('"', "'"):
            self.quote = "" if QUOTED.match(value) else value[0]
        elif value and not value.startswith("#"):
            self.text = key_column
            following = self.draft.lines[number + 1 : number + 2]
            if not (following and _deeper(following[0], key_column)):
                self._plain(number, start, value)

    def _open_block(self, column: int) -> None:
        self.block, self.inner = column, " " * (column + 1)

    def _plain(self, number: int, start: int, value: str) -> None:
        """An unquoted text that YAML would take for something else: put it into quotes."""
        text = value[: comment_at(value)].rstrip()
        end = start + len(text)
        if address := _ADDRESS.fullmatch(text):
            fix = f"请改成英文引号，或去掉引号：{short(address[1])}。"
            self.draft.note("F06", "网址、邮箱两头用了中文引号", number, start, fix)
            self.draft.put(number, start, end, f'"{address[1]}"')
        elif _NOTHING.fullmatch(text):
            self.draft.put(number, start, end, f"'{text}'", sure=False)
        elif text.startswith(_STARTS) and not _REFERENCE.fullmatch(text):
            said = f"内容不能以“{text[:2] if text[0] in '{｛*' else text[0]}”开头"
            self._quote(number, start, text, (said, "在两头加英文单引号"), sure=True)
        elif ": " in text or text.endswith(":"):
            said = "内容里又有英文冒号，读不出它是文字还是新的一项"
            fix = "把它改成中文冒号“：”，或在内容两头加英文单引号"
            self._quote(number, start, text, (said, fix), sure=False)

    def _quote(self, number: int, start: int, text: str, told: tuple[str, str], *, sure: bool) -> None:
        said, fix = told
        self.draft.note("F03", said, number, start, f"请{fix}；也可以写“项目: |”，换行空两格再写内容。")
        quoted = f"'{text.replace(chr(39), chr(39) * 2)}'"
        self.draft.put(number, start, start + len(text), quoted, sure=sure)

    def _flow(self, number: int, start: int) -> None:
        """Mend brackets, commas and colons between braces."""
        self._thousands(number, start)
        self._hash(number, start)
        value = self.draft.lines[number][start:]
        value = value[: comment_at(value)]
        mended = mended_flow(value, self._known)
        if mended != value:
            at = _alike(value, mended)
            said = f"括号里的“{value[at]}”写法不对"
            fix = f"请写成：{short(mended)}（英文括号、逗号、冒号，逗号和冒号后面空一格）。"
            self.draft.note("F06", said, number, start + at, fix)
            self.draft.change(number, start, value, mended)
        self._nothing(number, start)
        self.depth = depth(mended)

    def _hash(self, number: int, start: int) -> None:
        """A ``#`` between braces, behind which YAML would not see where they end."""
        value = self.draft.lines[number][start:]
        at = comment_at(value)
        bare = value.translate(_SIGNS)
        if at == len(value) or depth(bare[:at]) <= 0 or depth(bare) > 0:
            return
        said = "大括号里有“#”，它后面的文字当成了说明"
        column = start + value.index("#", at)
        fix = "请在这一项内容的两头加英文单引号，例如 {名称: '甲 #乙'}。"
        self.draft.note("F03", said, number, column, fix)
        quoted = _HASHED.sub(lambda found: f"{found[1]}'{found[2].rstrip()}'", value)
        self.draft.change(number, start, value, quoted, sure=False)

    def _nothing(self, number: int, start: int) -> None:
        """Quote the signs for nothing between braces that YAML takes for its own."""
        for found in reversed([*_NO_FIGURE.finditer(self.draft.lines[number], start)]):
            self.draft.put(number, found.start(), found.end(), f"'{found[0]}'", sure=False)

    def _thousands(self, number: int, start: int) -> None:
        """Take the commas out of numbers between braces, where they part one entry from the next."""
        line = self.draft.lines[number]
        bare = QUOTED.sub(lambda quoted: "_" * len(quoted[0]), line)
        for found in reversed([*_THOUSANDS.finditer(bare, start, start + comment_at(line[start:]))]):
            digits = found[1].replace(",", "").replace("，", "")
            said = f"数字里的逗号在括号里会把“{short(found[1])}”分成几项"
            self.draft.note(
                "F06", said, number, found.start(1), f"数字里不要写逗号，请写成 {short(digits)}。"
            )
            self.draft.put(number, *found.span(1), digits)

    def _inside(self, number: int) -> None:
        """Go on inside quotes or brackets until they end."""
        line = self.draft.lines[number]
        if self.quote:
            self.quote = "" if self.quote in line else self.quote
            return
        if line.lstrip().startswith("#"):
            return
        self._thousands(number, 0)
        line = self.draft.lines[number]
        line = line[: comment_at(line)]
        mended = mended_flow(line, self._known)
        if mended != line:
            said = "括号里用了全角符号，或冒号后面没有空格"
            self.draft.note("F06", said, number, 0, f"请写成：{short(mended)}")
            self.draft.change(number, 0, line, mended)
        self._nothing(number, 0)
        self.depth += depth(mended)


def _loose(match: re.Match[str]) -> bool:
    """True if an unknown word before a colon looks like a key and not like the start of a sentence."""
    return (
        len(match["key"]) <= 12 and not _SENTENCE.search(match["key"]) and not match["rest"].startswith("//")
    )


def _deeper(line: str, column: int) -> bool:
    """True if the line has words and is indented deeper than a column."""
    return column < len(line) - len(line.lstrip()) < len(line)
