"""The plainest YAML, which most clerks' files are, straight into nodes: five times as fast as the whole way.

Entries of Chinese words, each on a line of its own or within braces; numbers, words, and texts behind ``|``.
Anything else in a file, the slightest slip too, makes all of it a matter for PyYAML and for mending: nothing
is judged here. The law that the tests hold: what is read here, the whole way reads to the same nodes,
without a finding.
"""

import re

from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.problems import Place

MOST_CHARACTERS = 30_000
"""A longer text goes the whole way, which counts its nodes."""

_KEY = "[^\\x00-.0-\\xbf：，｛｝［］｜\u3000]{1,40}"
_QUOTED = '"(?:[^"\\\\ ]|[ ](?!#))+"'
_SIGNS = "\\s,，:：#{}\\[\\]｛｝［］"
_FIRST = f"[^{_SIGNS}｜\"'&*!|>%@`?-]"
_VALUE = f"(?:{_FIRST}[^{_SIGNS}\"']*|-\\d[\\d.]*|{_QUOTED})"
"""Within braces: a word without blanks, a number, or anything in quotes."""
_TEXT = f"(?:{_FIRST}|-\\d)(?:[^\\s:#]|:(?=\\S)|[ ](?=[^\\s#]))*"
"""Behind a colon: words without anything that ends them early for YAML."""

_VALUES = f"\\{{{_KEY}: {_VALUE}(?:, {_KEY}: {_VALUE})*\\}}"
_CELL = f"(?:{_VALUE}|{_VALUES})"
_PAIR = re.compile(f"({_KEY}): (?:({_VALUE})|({_VALUES}))")
_LINE = re.compile(
    f"(?P<indent>(?:  ){{0,4}})(?P<key>{_KEY}):(?: (?:(?P<bar>[|])|(?P<quoted>{_QUOTED})|(?P<word>{_TEXT})"
    f"|(?P<items>\\[{_VALUE}(?:, {_VALUE})*\\])|(?P<pairs>\\{{{_KEY}: {_CELL}(?:, {_KEY}: {_CELL})*\\}})))?"
)
_ITEM = re.compile(_VALUE)
_SAYS_NOTHING = re.compile(" *(?:#(?!#).*)?")
_UNLIKE_A_KEY = re.compile("[，。；、！？,;（(]|.{13}")
_ROW_IN_TEXT = re.compile("[：:] *[{｛]")

_new = tuple.__new__
"""Makes a named tuple in a third of the time, which counts where a file has hundreds."""


class _NotPlain(Exception):
    """The text has something that is not for this way."""


def plain_nodes(text: str, name: str) -> Mapping | None:
    """The nodes of a text without control characters; None where it is not of the plainest kind."""
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        return _Plain(text.split("\n"), name).document()
    except _NotPlain:
        return None


class _Plain:
    """The lines of a text while they are read."""

    def __init__(self, lines: list[str], name: str) -> None:
        self.lines = lines
        self.name = name
        self.at = 0
        """The index of the next line."""
        self.behind_text = False
        """True if the last entry was a text behind ``|``, which an unlikely key may belong to."""

    def document(self) -> Mapping:
        """The whole text.

        Raises:
            _NotPlain: where it has not even one entry, or anything out of the ordinary.
        """
        found = self._entry()
        if found is None or found["indent"]:
            raise _NotPlain
        return self._mapping(found, 0)

    def _entry(self) -> re.Match[str] | None:
        """The next line that says something; None behind the last."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            found = _LINE.fullmatch(line)
            if found:
                return found
            if not _SAYS_NOTHING.fullmatch(line):
                raise _NotPlain
            self.at += 1
        return None

    def _mapping(self, found: re.Match[str] | None, indent: int) -> Mapping:
        """The entries from here on that are indented so."""
        entries: dict[str, tuple[Text, Node]] = {}
        place = self._place(indent)
        while found and found.end("indent") == indent:
            key = found["key"]
            if key in entries or (self.behind_text and _UNLIKE_A_KEY.search(key)):
                raise _NotPlain
            named = self._text(key, indent)
            self.behind_text = False
            entries[key] = (named, self._value(found))
            found = self._entry()
        if found and found.end("indent") > indent:
            raise _NotPlain
        return Mapping(tuple(entries.values()), place)

    def _value(self, found: re.Match[str]) -> Node:
        """What stands behind the colon, and on the next line with an entry."""
        kind = found.lastgroup or ""
        start = found.start(kind)
        if kind in ("word", "quoted"):
            value: Node = self._word(found[kind], start)
        elif kind == "pairs":
            value = self._pairs(found.string, start, found.end())
        elif kind == "items":
            listed = _ITEM.finditer(found.string, start + 1, found.end() - 1)
            value = Items(tuple(self._word(each[0], each.start()) for each in listed), self._place(start))
        elif kind == "bar":
            return self._block(found.end("indent"))
        else:
            return self._inner(found.end("indent"))
        self.at += 1
        return value

    def _inner(self, indent: int) -> Mapping:
        """The entries below a key alone."""
        self.at += 1
        found = self._entry()
        if found is None or found.end("indent") <= indent:
            raise _NotPlain
        return self._mapping(found, found.end("indent"))

    def _pairs(self, line: str, start: int, end: int) -> Mapping:
        """What stands between braces, from the opening one on."""
        entries: dict[str, tuple[Text, Node]] = {}
        for pair in _PAIR.finditer(line, start + 1, end):
            key, word, _ = pair.groups()
            if key in entries:
                raise _NotPlain
            inner = self._pairs(line, *pair.span(3)) if word is None else None
            value = inner or self._word(word, pair.start(2))
            entries[key] = (self._text(key, pair.start()), value)
        return Mapping(tuple(entries.values()), self._place(start))

    def _block(self, indent: int) -> Text:
        """The text behind ``|``, without the blanks that its first line begins with."""
        first = last = self.at + 1
        top = self.lines[first] if first < len(self.lines) else ""
        inner = len(top) - len(top.lstrip(" "))
        if inner <= max(indent, 1) or inner == len(top):
            raise _NotPlain
        words: list[str] = []
        blanks = " " * inner
        for at in range(first, len(self.lines)):
            line = self.lines[at]
            if line.startswith(blanks) and len(line) > inner:
                words += [""] * (at - last - 1) + [line[inner:]] if words else [line[inner:]]
                last = at
            elif line.strip(" "):
                break
        value = "\n".join(words) + ("\n" if last + 1 < len(self.lines) else "")
        if _ROW_IN_TEXT.search(value) or any(not word.strip(" ") for word in words if word):
            raise _NotPlain
        self._end_of_block(last, indent)
        self.behind_text = True
        return Text(value, Place(self.name, first + 1, inner + 1, width=len(top) - inner), inner + 1)

    def _end_of_block(self, last: int, indent: int) -> None:
        """Go on behind the text's last line; the next line with words must be no part of it."""
        self.at = last + 1
        following = next((line for line in self.lines[self.at :] if line.strip(" ")), "")
        if len(following) - len(following.lstrip(" ")) > indent:
            raise _NotPlain

    def _word(self, typed: str, column: int) -> Text:
        """A word as typed, quotation marks taken off."""
        return self._text(typed[1:-1], column + 1) if typed.startswith('"') else self._text(typed, column)

    def _text(self, words: str, column: int) -> Text:
        place = _new(Place, (self.name, self.at + 1, column + 1, 0, 0, len(words)))
        return _new(Text, (words, place, 0))

    def _place(self, column: int) -> Place:
        return Place(self.name, self.at + 1, column + 1)
