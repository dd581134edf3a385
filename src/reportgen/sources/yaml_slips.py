"""Slips of the pen that YAML would tell badly or not at all, found line by line and mended in memory.

Each stays a finding; it is mended only so that everything behind it can be read and judged as well.
"""

import re

from reportgen.model.keys import plain
from reportgen.model.prose import HAN
from reportgen.problems import short
from reportgen.sources.yaml_draft import Draft
from reportgen.sources.yaml_flow import OPENING, QUOTED, depth, mended_flow

_LEAD = re.compile(r"[ \t\u3000\xa0]*")
_KEY = re.compile(
    r"(?P<dashes>(?:- +)*)(?P<key>[^\s：:#{}\[\]&*!|>%@`-][^：:{}\[\]]{0,50}?) *(?P<colon>[：:])(?P<rest>.*)"
)
_SIMPLE = re.compile(
    rf"(?P<indent> *)(?P<key>{HAN}{{1,40}}):"
    rf"(?: (?:(?P<number>\d+)|\{{{HAN}{{1,40}}: \d+(?:, {HAN}{{1,40}}: \d+)*\}}))?"
)
"""Most lines of a file: a key alone, with a number, or with numbers in braces, as YAML has it."""
_BLOCK = re.compile(r"[|>][+-]?[1-9]?[+-]?[ \t]*(?:#.*)?$")
_SENTENCE = re.compile(r"[，。；、！？,;（(]")
_STARTS = ("*", "@", "%", "`", "{{", "{｛")
_QUOTES = ("{{", "{｛", "｛｛", "｛{")
_THOUSANDS = re.compile(r"[:：] *+(\d{1,3}(?:[,，]\d{3})++)(?= *[,，}｝]|$)")
_REFERENCE = re.compile(r"\*\w+")


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
            simple = _SIMPLE.fullmatch(line)
            if simple is None:
                self._indentation(number)
            if self.text is not None and _deeper(self.draft.lines[number], self.text):
                continue
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
            self.draft.note("F07", "正文从这一行起没有缩进，YAML 会当成新的一项", number, spaces, fix)
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
        self.draft.note("F04", f"缩进里有{what}", number, at, "缩进只能用半角空格，每一层两个。")

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
        elif _BLOCK.match(value):
            self._open_block(key_column)
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
        text = value.split(" #")[0].rstrip()
        if text.startswith(_STARTS) and not _REFERENCE.fullmatch(text):
            said, fix = f"内容不能以“{text[:2] if text[0] in '{｛*' else text[0]}”开头", "在两头加英文单引号"
        elif ": " in text or text.endswith(":"):
            said, fix = (
                "内容里又有英文冒号，YAML 会当成新的一项",
                "把它改成中文冒号“：”，或在内容两头加英文单引号",
            )
        else:
            return
        self.draft.note("F03", said, number, start, f"请{fix}；也可以写“项目: |”，换行空两格再写内容。")
        self.draft.lines[number] = (
            self.draft.lines[number][:start] + f"'{text.replace(chr(39), chr(39) * 2)}'"
        )
        self.draft.moved.setdefault(number, []).append((start, 1))

    def _flow(self, number: int, start: int) -> None:
        """Mend brackets, commas and colons between braces."""
        self._thousands(number, start)
        line = self.draft.lines[number]
        head, value = line[:start], line[start:]
        mended = mended_flow(value, self._known)
        if mended != value:
            at = next(i for i, pair in enumerate(zip(value, mended, strict=False)) if pair[0] != pair[1])
            said = f"括号里的“{value[at]}”写法不对"
            fix = f"请写成：{short(mended)}（英文括号、逗号、冒号，逗号和冒号后面空一格）。"
            self.draft.note("F06", said, number, start + at, fix)
            self.draft.lines[number] = head + mended
        self.depth = depth(mended)

    def _thousands(self, number: int, start: int) -> None:
        """Take the commas out of numbers between braces, where they part one entry from the next."""
        bare = QUOTED.sub(lambda quoted: "_" * len(quoted[0]), self.draft.lines[number])
        for found in reversed([*_THOUSANDS.finditer(bare, start)]):
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
        mended = mended_flow(line, self._known)
        if mended != line:
            said = "括号里用了全角符号，或冒号后面没有空格"
            self.draft.note("F06", said, number, 0, f"请写成：{short(mended)}")
            self.draft.lines[number] = mended
        self.depth += depth(mended)


def _loose(match: re.Match[str]) -> bool:
    """True if an unknown word before a colon looks like a key and not like the start of a sentence."""
    return (
        len(match["key"]) <= 12 and not _SENTENCE.search(match["key"]) and not match["rest"].startswith("//")
    )


def _deeper(line: str, column: int) -> bool:
    """True if the line has words and is indented deeper than a column."""
    return column < len(line) - len(line.lstrip()) < len(line)
