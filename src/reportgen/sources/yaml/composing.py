"""A mended text into nodes: PyYAML composes it, scalars stay as typed, its complaints are told in Chinese."""

import operator
import re
from dataclasses import replace

import yaml

from reportgen.advice import Advice
from reportgen.chinese.letters import SIMPLE, TRADITIONAL
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.problems import Finding, Place, fault, short
from reportgen.safe.decoding import UNSEEN, WIDTHLESS, unseen
from reportgen.sources.yaml.slips import EATEN, Draft, comment_at, eats

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]


_NESTING = ("[", "{", "- ", "? ")
_ENOUGH_TO_NEST = 300
"""A text with fewer of these cannot be nested so deep that it hurts."""

_DEEP_INDENT = re.compile(r"\n {300}")


_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


class _AsTyped(SafeLoader):
    """A loader to which every scalar is text: the form decides types, not YAML."""

    def resolve(self, kind: type[yaml.Node], _value: object, _implicit: object) -> str:
        """The tag of a node that was given none: its kind's, whatever it says."""
        return _TAGS[kind]

    # Called at every node to look for tags that paths ask for. There are none, and these do nothing fastest.
    descend_resolver = staticmethod(operator.is_)  # type: ignore[assignment]
    ascend_resolver = staticmethod(tuple)  # type: ignore[assignment]


DEEPEST = 30
"""How deep a file may be nested; a report needs five levels."""

MOST_NODES = 20_000
"""How many nodes a file may have once its references are followed; a report has five hundred."""

_BEHIND = re.compile(r"[ \t]+#(?P<said>.*)")
_USUAL_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}

_new = tuple.__new__
"""Makes a named tuple in a third of the time, which counts where a file has hundreds."""


class _TooMuch(Exception):
    """The file is nested too deep, or its references make it huge."""


class _Nodes:
    """Turns composed nodes into ours; faults gather in ``findings``."""

    def __init__(self, draft: Draft, text: str) -> None:
        """Know the parsed text and its lines, from which block scalars are taken as typed."""
        self.findings: list[Finding] = []
        self._lines = draft.lines
        self._locate = draft.place
        self._name = draft.name
        self._as_typed = not draft.moved
        """True where no mend has moved anything, so that every mark is the place in the file."""
        self._hashes: set[int] = set()
        """The lines that may have a comment behind a value."""
        if " #" in text or "\t#" in text:
            self._hashes = {at for at, line in enumerate(draft.lines) if " #" in line or "\t#" in line}
        self._left = MOST_NODES

    def node(self, composed: yaml.Node, depth: int = 0) -> Node:
        """Any composed node as one of ours.

        Raises:
            _TooMuch: where it is too deep or too large.
        """
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise _TooMuch
        if composed.tag not in _USUAL_TAGS:
            self._tag(composed)
        if isinstance(composed, yaml.ScalarNode):
            return self._scalar(composed)
        mark = composed.start_mark
        place = self._locate(mark.line, mark.column, 1)
        if isinstance(composed, yaml.SequenceNode):
            return Items(tuple(self.node(each, depth + 1) for each in composed.value), place)
        return self._mapping(composed, place, depth)

    def _tag(self, composed: yaml.Node) -> None:
        """Tell the mark of a type, which nobody needs and which would be lost."""
        mark = composed.start_mark
        said = f"年报用不到类型标记“{short(composed.tag.removeprefix('tag:yaml.org,2002:'))}”"
        self._note("F09", said, self._locate(mark.line, mark.column, 1), "请去掉叹号和它后面的词。")

    def _mapping(self, composed: yaml.Node, place: Place, depth: int) -> Mapping:
        entries: dict[str, tuple[Text, Node]] = {}
        for name, value in composed.value:
            if not isinstance(name, yaml.ScalarNode):
                mark = name.start_mark
                fix = "以 { 或 [ 开头的文字要加引号，或改用“项目: |”再换行空两格写。"
                self._note("F09", "项目名称不能是括号", self._locate(mark.line, mark.column, 1), fix)
                continue
            if name.tag not in _USUAL_TAGS:
                self._tag(name)
            key = self._scalar(name)
            word = key.value
            if not TRADITIONAL.isdisjoint(word):
                self._traditional(key)
            node = self.node(value, depth + 1)
            if word in entries:
                self._twice(key, entries[word][0])
            else:
                entries[word] = (key, node)
        return Mapping(tuple(entries.values()), place)

    def _traditional(self, key: Text) -> None:
        said = f"“{short(key.value)}”用了繁体字，已读作“{short(key.value.translate(SIMPLE))}”"
        self._note("F29", said, key.place, "最好改成简体字。")

    def _twice(self, key: Text, first: Text) -> None:
        said = fault("F08", f"“{short(key.value)}”写了两次", key.place, "请只留一处；现在按第一处读。")
        self.findings.append(replace(said, places=(first.place, key.place)))

    def _scalar(self, composed: yaml.ScalarNode) -> Text:
        start, end, style = composed.start_mark, composed.end_mark, composed.style
        line, column = start.line, start.column
        if not style and self._as_typed and line == end.line and line not in self._hashes:  # most are such
            place = _new(Place, (self._name, line + 1, column + 1, 0, 0, end.column - column or 1, ""))
            return _new(Text, (composed.value, place, 0))
        quoted = style in ("'", '"')
        if style and not quoted:
            return self._block(composed)
        width = end.column - column - 2 * quoted if line == end.line else 1
        place = self._locate(line, column + quoted, width if width > 1 else 1)
        if end.line in self._hashes and not quoted:
            self._comment(composed.value, end)
        if line == end.line or quoted:
            return _new(Text, (self._seen(composed.value, place) if quoted else composed.value, place, 0))
        return self._plain_lines(start, end, place)

    def _seen(self, value: str, place: Place) -> str:
        """The words without signs that nobody sees, which escapes can bring in."""
        if found := UNSEEN.search(value):
            self.findings.append(unseen(found[0], place))
        return WIDTHLESS.sub("", UNSEEN.sub("", value))

    def _comment(self, value: str, end: yaml.Mark) -> None:
        """Tell a comment behind a value that looks like words of it."""
        found = _BEHIND.match(self._lines[end.line], end.column)
        if found and eats(found["said"], value):
            said = f"“{short(found['said'])}”在“#”后面，当成了说明，不会印出来"
            place = self._locate(end.line, found.start("said") - 1, len(found["said"]) + 1)
            self._note("F28", said, place, EATEN)

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


def composed(draft: Draft) -> tuple[Mapping | None, list[Finding]]:
    """The mapping that a mended text says, and what is wrong with it; None where it says none.

    Never raises.
    """
    text = "\n".join(draft.lines)
    nodes = _Nodes(draft, text)
    try:
        _refuse_depth(text)
        root = yaml.compose(text, Loader=_AsTyped)
        node = nodes.node(root) if root is not None else None
    except yaml.YAMLError as error:
        return None, _trouble(error, draft)
    except (_TooMuch, RecursionError):
        fix = "年报只有几层，不需要反复嵌套或引用（& 和 *）；请照范例重写。"
        return None, [fault("F09", "文件嵌套太深，或内容过多", Place(draft.name, 1, 1), fix)]
    if isinstance(node, Mapping):
        return node, nodes.findings
    fix = "每行写“项目: 内容”，例如“年度: 2024”。"
    return None, [*nodes.findings, fault("F10", "文件里没有年报内容", Place(draft.name, 1, 1), fix)]


def _refuse_depth(text: str) -> None:
    """Stop before nesting that would overflow the stack of libyaml's composer, which has no limit itself.

    Raises:
        _TooMuch: where the text is nested deeper than a report can be.
    """
    if sum(map(text.count, _NESTING)) < _ENOUGH_TO_NEST and not _DEEP_INDENT.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=_AsTyped):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _TooMuch


_INDENT = "同一层的项目要左边对齐，下一层比上一层多空两格。"
_QUOTE = "请在文字的两头都加上英文引号，或改用“项目: |”再换行空两格写正文。"

_OPENS = re.compile(r"(?! *#)[^:\"']*+: ++([\"'])(?!.*\1)")
"""A line with a quote that it does not end."""

_TOLD: tuple[tuple[str, str, str], ...] = (
    (
        "quoted scalar unexpected end",
        "引号只有一半，没有结束",
        "请补上结尾的英文引号；文字里本来就有引号的，请用中文引号。",
    ),
    ("quoted scalar document indicator", "引号只有一半，没有结束", "请补上结尾的英文引号。"),
    ("unknown escape", "双引号里的反斜杠 \\ 有特殊含义", "请把双引号换成单引号。"),
    ("alphabetic or numeric", "内容不能以 * 或 & 开头", _QUOTE),
    ("undefined alias", "内容不能以 * 开头", _QUOTE),
    ("duplicate anchor", "内容不能以 & 开头", _QUOTE),
    ("cannot start any token", "内容不能以这个符号开头", _QUOTE),
    ("tab character", "行首的空格里有制表符（Tab）", "请把制表符换成空格。"),
    (
        "mapping values are not allowed",
        "这里多了一个冒号，或这一行没有对齐",
        f"内容里有冒号的，{_QUOTE}{_INDENT}",
    ),
    (
        "simple key",
        "这一行没有写成“项目: 内容”",
        f"请补上冒号和空格；如果是上面那段正文，请左边空两格。{_INDENT}",
    ),
    (
        "expected ',' or '}'",
        "大括号 { 没有结束，或项目之间没有逗号",
        "请补上 } 和英文逗号，例如 {自然人: 25, 商业企业: 1}。",
    ),
    ("expected ',' or ']'", "方括号 [ 没有结束，或项目之间没有逗号", "请补上 ] 和英文逗号。"),
    ("block scalar comment or line break", "竖线 | 或 > 后面不能直接写文字", "请换行，左边空两格再写正文。"),
    ("block scalar", "竖线 | 后面的写法不对", "竖线后面不要写别的，请换行空两格再写正文。"),
    ("node content", "这里多了括号或逗号", _QUOTE),
    ("sequence entries", "“- ”开头的一条写错了位置", "“- ”开头的各条要另起一行，左边对齐。"),
    ("'-' indicator", "“- ”开头的一条和“项目: 内容”混在一起了", _INDENT),
    ("expected key", "这一行没有和上面对齐，或引号后面还有文字", f"{_INDENT}引号外面不要再写文字。"),
    ("single document", "文件里有两份内容（中间有 --- 一行）", "一份年报一个文件，请删去 --- 这一行。"),
    ("document start", "这一行没有和第一行对齐", _INDENT),
    ("tag", "内容不能以 ! 开头", _QUOTE),
    ("directive", "行首不能用 % 开头", _QUOTE),
)
"""Words that the complaint has → what a clerk is told, and how to mend it. The first that fits counts."""


_UNREAD = Advice("YAML 写法有误，读不下去", "写法有误，读不下去", "写法有误，读不下去")


def _trouble(error: yaml.YAMLError, draft: Draft) -> list[Finding]:
    """The parser's complaint as a finding; none where it only echoes a slip that was told already."""
    place = _place(error, draft)
    if opened := _quote_opened(error, draft):
        return [fault("F03", _TOLD[0][1], opened, _TOLD[0][2])]
    if any(finding.places[0].line == place.line for finding in draft.findings):
        return []
    if eaten := _eaten_before(place, draft):
        return [fault("F03", "“#”后面的文字当成了说明，下一行接不上", eaten, EATEN)]
    complaint = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
    for words, sentence, fix in _TOLD:
        if _has(complaint, words):
            return [fault("F03", sentence, place, fix)]
    return [fault("F03", _UNREAD, place, f"请对照范例检查这一行和上一行。{_INDENT}")]


def _eaten_before(place: Place, draft: Draft) -> Place | None:
    """Where a comment that reads like words broke off the text that the complaint's line goes on with."""
    above = draft.lines[place.line - 2] if place.line > 1 else ""
    at = comment_at(above)
    if at == len(above) or not above[:at].strip() or not eats(above[at:].lstrip()[1:], above[:at].strip()):
        return None
    return draft.place(place.line - 2, above.index("#", at))


def _has(complaint: str, words: str) -> bool:
    """True if the complaint has the phrase, or every word of it."""
    return words in complaint or all(word in complaint.split() for word in words.split())


def _quote_opened(error: yaml.YAMLError, draft: Draft) -> Place | None:
    """Where the quote began that a quotation mark in the line complained of ended by chance, lines below."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return None
    ends = draft.lines[mark.line] if mark.line < len(draft.lines) else ""
    for number in range(min(mark.line, len(draft.lines)) - 1, -1, -1):
        line = draft.lines[number]
        found = _OPENS.match(line)
        if found and found[1] in ends:
            return draft.place(number, found.start(1))
        if any(sign in line and sign in ends for sign in "\"'"):
            return None
    return None


def _place(error: yaml.YAMLError, draft: Draft) -> Place:
    """Where to look: where the thing began that never ended, else where the parser stopped."""
    mark = getattr(error, "problem_mark", None)
    start = getattr(error, "context_mark", None)
    never_ended = ("quoted scalar", "flow", "simple key")
    if start is not None and any(what in str(getattr(error, "context", "")) for what in never_ended):
        mark = start
    return draft.place(mark.line, mark.column) if mark is not None else Place(draft.name, 1, 1)
