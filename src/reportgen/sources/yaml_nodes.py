"""What the YAML parser composed, as nodes: scalars as typed, with their places."""

from collections.abc import Callable
from dataclasses import replace

import yaml

from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.problems import Finding, Place, fault, short
from reportgen.safe.decoding import UNSEEN, unseen

DEEPEST = 30
"""How deep a file may be nested; a report needs five levels."""

MOST_NODES = 20_000
"""How many nodes a file may have once its references are followed; a report has five hundred."""

_USUAL_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}

Locate = Callable[[int, int, int], Place]
"""Line, column (from 0) and width in the parsed text → the place in the file as typed."""


_new = tuple.__new__
"""Makes a named tuple in a third of the time, which counts where a file has hundreds."""


class TooMuch(Exception):
    """The file is nested too deep, or its references make it huge."""


class Nodes:
    """Turns composed nodes into ours; faults gather in ``findings``."""

    def __init__(self, lines: list[str], locate: Locate) -> None:
        """Know the lines of the parsed text, from which block scalars are taken as typed."""
        self.findings: list[Finding] = []
        self._lines = lines
        self._locate = locate
        self._left = MOST_NODES

    def node(self, composed: yaml.Node, depth: int = 0) -> Node:
        """Any composed node as one of ours.

        Raises:
            TooMuch: where it is too deep or too large.
        """
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise TooMuch
        if composed.tag not in _USUAL_TAGS:
            mark = composed.start_mark
            said = f"年报用不到 YAML 的类型标记“{short(composed.tag.removeprefix('tag:yaml.org,2002:'))}”"
            self._note("F09", said, self._locate(mark.line, mark.column, 1), "请去掉叹号和它后面的词。")
        if isinstance(composed, yaml.ScalarNode):
            return self._scalar(composed)
        mark = composed.start_mark
        place = self._locate(mark.line, mark.column, 1)
        if isinstance(composed, yaml.SequenceNode):
            return Items(tuple(self.node(each, depth + 1) for each in composed.value), place)
        return self._mapping(composed, place, depth)

    def _mapping(self, composed: yaml.Node, place: Place, depth: int) -> Mapping:
        entries: dict[str, tuple[Text, Node]] = {}
        for name, value in composed.value:
            if not isinstance(name, yaml.ScalarNode):
                mark = name.start_mark
                fix = "以 { 或 [ 开头的文字要加引号，或改用“项目: |”再换行空两格写。"
                self._note("F09", "项目名称不能是括号", self._locate(mark.line, mark.column, 1), fix)
                continue
            key = self._scalar(name)
            node = self.node(value, depth + 1)
            if key.value in entries:
                self._twice(key, entries[key.value][0])
            else:
                entries[key.value] = (key, node)
        return Mapping(tuple(entries.values()), place)

    def _twice(self, key: Text, first: Text) -> None:
        said = fault("F08", f"“{short(key.value)}”写了两次", key.place, "请只留一处；现在按第一处读。")
        self.findings.append(replace(said, places=(first.place, key.place)))

    def _scalar(self, composed: yaml.ScalarNode) -> Text:
        start, end, style = composed.start_mark, composed.end_mark, composed.style
        line, column = start.line, start.column
        quoted = style in ("'", '"')
        if style and not quoted:
            return self._block(composed)
        width = end.column - column - 2 * quoted if line == end.line else 1
        place = self._locate(line, column + quoted, width if width > 1 else 1)
        if line == end.line or quoted:
            return _new(Text, (self._seen(composed.value, place) if quoted else composed.value, place, 0))
        return self._plain_lines(start, end, place)

    def _seen(self, value: str, place: Place) -> str:
        """The words without signs that nobody sees, which escapes can bring in."""
        if found := UNSEEN.search(value):
            self.findings.append(unseen(found[0], place))
        return UNSEEN.sub("", value)

    def _plain_lines(self, start: yaml.Mark, end: yaml.Mark, place: Place) -> Text:
        """A plain scalar over several lines, as typed: folding would put blanks between Chinese words."""
        lines = [line.split(" #")[0] for line in self._lines[start.line : end.line + 1]]
        lines[-1] = lines[-1][: end.column]
        lines[0] = lines[0][start.column :]
        indent = min((_indent(line) for line in lines[1:] if line.strip()), default=0)
        value = "\n".join([lines[0].rstrip(), *(line[indent:].rstrip() for line in lines[1:])])
        return Text(value, place, indent + 1)

    def _block(self, composed: yaml.ScalarNode) -> Text:
        """A block scalar, literal or folded, as typed."""
        first, last = composed.start_mark.line + 1, composed.end_mark.line
        lines = self._lines[first : max(last, first)]
        if composed.end_mark.column or last >= len(self._lines):
            lines = self._lines[first : last + 1]
        content = composed.value.lstrip("\n")
        top = next((line for line in lines if line.strip()), "")
        indent = _indent(top) - _indent(content)
        value = composed.value
        if composed.style == ">":
            value = "\n".join(line[indent:] for line in lines)
        place = self._locate(first, indent, max(1, len(top) - indent))
        return Text(value, place, place.column)

    def _note(self, code: str, message: str, place: Place, fix: str) -> None:
        self.findings.append(fault(code, message, place, fix))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
