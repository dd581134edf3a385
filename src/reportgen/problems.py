"""What can go wrong: findings about the clerk's report, failures of our surroundings.

A *finding* is a value, collected and never raised: the report is wrong, or may be.
A *failure* is an exception: the report may be fine, but a tool, a file or a template is not.
Anything else that goes wrong is a bug of ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import IntEnum, StrEnum
from operator import attrgetter
from typing import NamedTuple, Self

from reportgen.advice import Advice, Medium, told_in


class Level(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    """The report must not be signed; the PDF for signing is refused."""
    WARNING = "warning"
    """The clerk must look and confirm; stops nothing."""
    NOTE = "note"
    """For information; stops nothing."""

    @property
    def chinese(self) -> str:
        """The word that a clerk reads for this level."""
        return {"error": "错误", "warning": "提醒", "note": "说明"}[self.value]


class Ground(StrEnum):
    """What a finding rests on. It says whether a person's word can settle the matter, errors too."""

    ARITHMETIC = "arithmetic"
    """Figures and days reckoned against each other."""
    BLANKS = "blanks"
    """What was not filled in."""
    FORM = "form"
    """What the law or the file's kind prescribes: rows, headings, the shape of a number."""
    PROOF = "proof"
    """What a package or a made file holds."""
    PROSE = "prose"
    """What sentences mean, and how they are worded."""
    PLAUSIBILITY = "plausibility"
    """Figures that can be right and seldom are: never an error."""

    @property
    def answerable(self) -> bool:
        """True if the clerk's answer (核对) settles a finding on this ground."""
        return self in {Ground.PROSE, Ground.PLAUSIBILITY}

    @property
    def chinese(self) -> str:
        """What a clerk reads that such a finding judges."""
        return {
            "arithmetic": "数与数的关系",
            "blanks": "没有填的空",
            "form": "规定的格式",
            "proof": "文件本身",
            "prose": "句子的意思和写法",
            "plausibility": "数是否合乎常情",
        }[self.value]


_DOCUMENTS = (".docx", ".html", ".htm", ".doc", ".wps", ".odt", ".rtf", ".pdf")


class Place(NamedTuple):
    """Where something stands in a source. All numbers count from 1; 0 means "does not apply".

    A text has ``line`` and ``column`` (and ``width``, the characters the caret marks).
    A document has ``table``, ``row`` and ``column`` for a cell, counted on the grid, or
    ``line`` alone for its n-th paragraph. A workbook has the name of its ``sheet`` and, with ``table`` for
    the sheet's number, ``row`` and ``column`` as its own program counts them.
    """

    file: str
    line: int = 0
    column: int = 0
    table: int = 0
    row: int = 0
    width: int = 1
    sheet: str = ""

    @property
    def words(self) -> str:
        """The place as a clerk reads it, without the file.

        ``第12行第5列`` in a text; in a document, which shows no numbers of lines, ``第10段`` or
        ``第2个表第7行第3列``; in a workbook ``工作表“申请”的 F12 格``.
        """
        if self.sheet:
            return f"工作表“{self.sheet}”的 {self.cell} 格" if self.row else f"工作表“{self.sheet}”"
        if self.table:
            return f"第{self.table}个表第{self.row}行第{self.column}列"
        if self.column and not self.in_document:
            return f"第{self.line}行第{self.column}列"
        return f"第{self.line}段" if self.line else ""

    @property
    def cell(self) -> str:
        """A workbook's cell as its program names it: ``F12``."""
        letters, column = "", self.column
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{letters}{self.row}"

    @property
    def in_document(self) -> bool:
        """True where lines are paragraphs: in a Word file, on a web page, in what became one of them."""
        return any(self.file.lower().partition("（")[0].endswith(suffix) for suffix in _DOCUMENTS)

    def as_json(self) -> dict[str, str | int]:
        """The place with only the members that apply."""
        members: dict[str, str | int] = {"file": self.file}
        if self.sheet:
            return members | {"sheet": self.sheet} | ({"cell": self.cell} if self.row else {})
        if self.table:
            return members | {"table": self.table, "row": self.row, "column": self.column}
        if self.line:
            members["line"] = self.line
        if self.column:
            members["column"] = self.column
        return members


class Answered(NamedTuple):
    """A person's word on a finding: the reason given, and how grave the finding was without it."""

    reason: str
    level: Level

    def as_json(self) -> dict[str, str]:
        """The same as ``--json`` prints it."""
        return {"reason": self.reason, "level": self.level.value}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a report, worded so that a clerk can mend it.

    ``about`` names the report's parts concerned by their keys (``new.person`` for a cell,
    ``overview`` or ``overview.3`` for prose), so that makers can mark them; ``places`` are where
    those parts stand in the source. Empty strings mean that there is nothing to say. ``ground`` is that of
    the rule; what no rule finds is about files. ``sentence`` holds the words that an answer is bound to,
    empty where there can be none; a finding that was answered is a note and has its ``answer``. ``reply``
    names the answer that settles a finding, or that it is about: ``N09``, or ``N09:`` and its sentence as the
    clerk wrote it. Words may be ``Advice`` until they are ``told_in`` the medium that the clerk works in.
    """

    code: str
    level: Level
    message: str
    places: tuple[Place, ...] = ()
    expected: str = ""
    found: str = ""
    fix: str = ""
    basis: str = ""
    about: tuple[str, ...] = ()
    ground: Ground = Ground.PROOF
    sentence: str = ""
    answer: Answered | None = None
    reply: str = ""

    def __reduce__(self) -> tuple[object, ...]:
        """The finding as it goes between processes: its members in their order."""
        return type(self), _MEMBERS(self)

    @property
    def chinese(self) -> str:
        """What a clerk reads before the code: the level, or that the finding was answered."""
        return "已核对" if self.answer else self.level.chinese

    @property
    def is_error(self) -> bool:
        """True if the report must not be signed while this finding stands."""
        return self.level is Level.ERROR

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """What is compared, each under its name: what must be and what is, or what was and what is."""
        names = ("原来", "现在") if self.code.startswith("K0") else ("应为", "实际")
        return tuple(zip(names, (self.expected, self.found), strict=True))

    def told_in(self, medium: Medium) -> Self:
        """The finding in the words of what the clerk works in."""
        if not any(isinstance(each, Advice) for each in _WORDS(self)):
            return self
        return replace(
            self,
            message=told_in(self.message, medium),
            expected=told_in(self.expected, medium),
            found=told_in(self.found, medium),
            fix=told_in(self.fix, medium),
            basis=told_in(self.basis, medium),
        )

    def as_json(self) -> dict[str, object]:
        """The finding as ``--json`` prints it."""
        return {
            "code": self.code,
            "level": self.level.value,
            "message": self.message,
            "places": [place.as_json() for place in self.places],
            "expected": self.expected,
            "found": self.found,
            "fix": self.fix,
            "basis": self.basis,
            "ground": self.ground.value,
            "answer": self.answer.as_json() if self.answer else None,
        }


_MEMBERS = attrgetter(*(member.name for member in fields(Finding)))

_WORDS = attrgetter("message", "expected", "found", "fix", "basis")

LEVELS = (Level.ERROR, Level.WARNING, Level.NOTE)
"""The gravest first."""

_ECHOING = ("T3-01", "T3-02", "T3-03", "T4-01")
"""Rules that one wrong number breaks together."""


def grouped(findings: Iterable[Finding]) -> list[tuple[Finding, ...]]:
    """Findings in the order of printing, each with those that only echo it.

    Two broken sums that share a cell are one matter: the first names it, the others are its echoes.
    """
    groups: list[tuple[set[str], list[Finding]]] = []
    for finding in findings:
        if finding.code not in _ECHOING:
            groups.append((set(), [finding]))
            continue
        touching = [group for group in groups if group[0] & set(finding.about)]
        merged: tuple[set[str], list[Finding]] = (set(finding.about), [])
        for cells, members in touching:
            merged[0].update(cells)
            merged[1].extend(members)
            groups.remove((cells, members))
        merged[1].append(finding)
        groups.append(merged)
    told = [tuple(members) for _, members in groups]
    return sorted(told, key=lambda group: (LEVELS.index(group[0].level), _first(group[0])))


def _first(finding: Finding) -> tuple[int, int, int]:
    place = finding.places[0] if finding.places else Place("")
    return place.table, place.line or place.row, place.column


class Exit(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    TOOL_MISSING = 3
    FILE = 4
    SIGNING = 5
    TEMPLATE = 6
    UNCHECKED = 7
    """A signature is whole, and whose it is was not checked."""
    BUG = 70


class Failure(Exception):
    """Our surroundings failed. ``str()`` is a Chinese sentence for the clerk, with the way out.

    The sentence may be ``Advice``: ``str()`` is then what who types commands reads.

    The tree::

        Failure
        ├── ToolMissing      a program or font is not installed        exit 3
        ├── ToolFailed       a program was there and did not deliver   exit 3
        ├── FileTrouble      a file cannot be read or written          exit 4
        │   └── Polished     the file was edited after we wrote it     exit 4
        ├── SigningRefused   a PDF must not or cannot be signed        exit 5
        └── TemplateBroken   a form or a Word template is wrong        exit 6
    """

    exit_code = Exit.BUG

    def told_in(self, medium: Medium) -> str:
        """The sentence in the words of what the clerk works in."""
        return told_in(self.args[0], medium) if self.args else ""


class ToolMissing(Failure):
    """A program or font that the work needs is not installed."""

    exit_code = Exit.TOOL_MISSING


class ToolFailed(Failure):
    """A program was there and did not deliver, or delivered what cannot be proved right."""

    exit_code = Exit.TOOL_MISSING


class FileTrouble(Failure):
    """A file cannot be read or written."""

    exit_code = Exit.FILE


class Polished(FileTrouble):
    """A file of ours was edited by somebody since, and must not be overwritten."""


class SigningRefused(Failure):
    """A PDF must not be signed, or cannot be; it stays as it was."""

    exit_code = Exit.SIGNING


class TemplateBroken(Failure):
    """A form or a Word template is wrong. ``faults`` are its findings, all at once."""

    exit_code = Exit.TEMPLATE

    def __init__(self, sentence: str, faults: tuple[Finding, ...] = ()) -> None:
        """Keep the sentence and the findings."""
        super().__init__(sentence)
        self.faults = faults


# ── faults of the file itself ────────────────────────────────────────────────────────────────────────

FAULTS: dict[str, str] = {
    "F00": "不认识这种文件",
    "F01": "文件不是文本，读不出来",
    "F02": "文件不是 UTF-8 编码",
    "F03": "YAML 写法有误",
    "F04": "行首的空格里有制表符或全角空格",
    "F05": "冒号写法不对",
    "F06": "括号、逗号或引号用了全角",
    "F07": "正文左边没有空两格",
    "F08": "同一项写了两次",
    "F09": "用了年报用不到的 YAML 写法",
    "F10": "文件里没有年报内容",
    "F11": "不认识的项目",
    "F12": "写法的层次不对",
    "F13": "缺少必填的项目",
    "F14": "年度不对",
    "F15": "级别或口径不在规定的几种之内",
    "F16": "成文日期不对",
    "F17": "表里没有这一行或这一列",
    "F18": "属于另一个年度的格式",
    "F19": "数字太大",
    "F20": "引用的写法读不懂",
    "F21": "引用的名称不存在",
    "F22": "引用的不是一个数",
    "F23": "信息处理费的写法不对",
    "F24": "看不见的控制字符",
    "F25": "没有年度，先按表格的格式核对",
    "F26": "用了全角的数字或符号，已按半角读",
    "F27": "年报文件的扩展名不对",
    "F28": "“#”后面的文字不会印出来",
    "F29": "项目名称用了繁体字，已按简体读",
    "F30": "有的字只是看起来像平常的字，已按平常的字读",
    "F31": "工作表的格子不是原来的样子",
    "F32": "工作簿里有没有读的内容",
    "F33": "格子里的公式没有可用的数",
    "F34": "不是能读的工作簿",
}
"""Code → what is wrong, as the list of faults names it."""

NOTES = frozenset({"F02", "F25", "F26", "F29", "F30"})
"""Codes that are for information only."""

WARNINGS = frozenset({"F28", "F32"})
"""Codes of what may be meant so: the clerk must look, and nothing is stopped."""


def fault(code: str, message: str, place: Place, fix: str = "", about: str = "") -> Finding:
    """A fault of the file itself at one place; its words may be ``Advice``."""
    level = Level.NOTE if code in NOTES else Level.WARNING if code in WARNINGS else Level.ERROR
    concerned = (about,) if about else ()
    return Finding(code, level, message, (place,), fix=fix, about=concerned, ground=Ground.FORM)


def still_open(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that nobody has answered: what a draft and its comments say."""
    return tuple(finding for finding in findings if finding.answer is None)


def short(words: str) -> str:
    """Words as a message quotes them: not too many, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= 40 else line[:39] + "…"
