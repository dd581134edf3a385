"""What the YAML parser complains of, told to a clerk."""

import re

import yaml

from reportgen.problems import Finding, Place, fault
from reportgen.sources.yaml_draft import Draft

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
    ("tab character", "缩进里有制表符（Tab）", "请把制表符换成空格。"),
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


def trouble(error: yaml.YAMLError, draft: Draft) -> list[Finding]:
    """The parser's complaint as a finding; none where it only echoes a slip that was told already."""
    place = _place(error, draft)
    if opened := _quote_opened(error, draft):
        return [fault("F03", _TOLD[0][1], opened, _TOLD[0][2])]
    if any(finding.places[0].line == place.line for finding in draft.findings):
        return []
    complaint = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
    for words, sentence, fix in _TOLD:
        if _has(complaint, words):
            return [fault("F03", sentence, place, fix)]
    return [fault("F03", "YAML 写法有误，读不下去", place, f"请对照范例检查这一行和上一行。{_INDENT}")]


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
