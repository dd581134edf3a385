"""Bytes into text: what the editors of clerks' machines write, and a sentence for what is no text."""

import re

from reportgen.chinese.letters import told_of_lookalikes, usual_letters
from reportgen.problems import Finding, Place, fault

_ZIP = b"PK\x03\x04"
_BINARY = {
    _ZIP: ("这是 Word 或压缩文件，不是文本", "请换成文本文件（.yaml），或检查扩展名。"),
    b"%PDF": ("这是 PDF 文件，不是文本", "请换成它的 Word 文件（.docx）或填报的年报文件（.yaml）。"),
    b"\xd0\xcf\x11\xe0": (
        "这是旧版 Word（.doc）文件，不是文本",
        "请用 Word 或 WPS 打开，另存为 .docx，再检查。",
    ),
}
_PACKAGED = {
    b"word/": ("这是 Word 文件，扩展名不对", "请把文件名末尾的扩展名改成 .docx，例如 2025.docx，再检查。"),
    b"xl/": ("这是 Excel 文件，不是文本", "请换成 Word 文件（.docx）或填报的年报文件（.yaml）。"),
}
"""The beginnings of binary files and of the names in a package → what it is, and how to mend it."""
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
"""Signs that nobody sees and that do things: of terminals, of the writing direction, and no signs at all."""

WIDTHLESS = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
)
"""Signs that nobody sees and that say nothing: in ``99<U+200B>99`` a reader sees one figure, and so must we.

Source: the Unicode property Default_Ignorable_Code_Point, without the variants of ideographs
and what ``UNSEEN`` has.
"""

MOST_BYTES = 1024 * 1024
"""No text with a report is longer; that of a whole province has a tenth."""

MOST_LINES = 20_000

_CHINESE = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"


def text_of(content: bytes, name: str, most: int = MOST_BYTES) -> tuple[str | None, tuple[Finding, ...]]:
    """The text of a file, line ends made line feeds; None and a finding where it is no text or too long.

    Signs that nobody sees and that say nothing (``WIDTHLESS``) are left out.
    UTF-8 (with or without mark), UTF-16 with its mark, else GB18030, which is what old editors write in
    China; that is noted.
    """
    place = Place(name)
    for start, (sentence, fix) in _BINARY.items():
        if content.startswith(start):
            inside = (told for name, told in _PACKAGED.items() if start == _ZIP and name in content)
            sentence, fix = next(inside, (sentence, fix))
            return None, (fault("F01", sentence, place, fix),)
    if len(content) > most or content.count(b"\n") > MOST_LINES:
        fix = "请检查文件，删去多余的内容。"
        return None, (fault("F01", "文件过大，不像一份年报，没有读", place, fix),)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16", place)
    if b"\0" in content:
        fix = "请用记事本重新另存为 UTF-8 编码的文本。"
        return None, (fault("F01", "文件里有二进制内容，不是文本", place, fix),)
    try:
        return _lines(content.decode("utf-8-sig")), ()
    except UnicodeDecodeError as error:
        return _not_utf8(content, error, place)


def unseen(sign: str, place: Place) -> Finding:
    """The finding about a sign that nobody sees."""
    fix = "请删掉这个字符（从别处复制文字时常会带进来）。"
    return fault("F24", f"有看不见的控制字符（U+{ord(sign):04X}）", place, fix)


def without_unseen(text: str, name: str) -> tuple[str, tuple[Finding, ...]]:
    """The text with a blank for each sign that nobody sees; the first of each line is reported."""
    if not UNSEEN.search(text):
        return text, ()
    lines = enumerate(text.split("\n"), 1)
    found = [(number, sign) for number, line in lines if (sign := UNSEEN.search(line))]
    told = (unseen(sign[0], Place(name, number, sign.start() + 1)) for number, sign in found)
    return UNSEEN.sub(" ", text), tuple(told)


def with_usual_letters(text: str, name: str) -> tuple[str, tuple[Finding, ...]]:
    """The text with the usual characters for those that only look like them, told once; places stay."""
    usual, at = usual_letters(text)
    if not at:
        return text, ()
    first = at[0]
    place = Place(name, text.count("\n", 0, first) + 1, first - text.rfind("\n", 0, first))
    fix = "多半是从 PDF 里复制来的；不改也可以，最好重新输入这些字。"
    return usual, (fault("F30", told_of_lookalikes("".join(text[each] for each in at)), place, fix),)


def lines_of(content: bytes) -> tuple[str, ...]:
    """The lines that places count in; none where the bytes are no text."""
    text, _ = text_of(content, "")
    return tuple(text.split("\n")) if text is not None else ()


def _decoded(content: bytes, encoding: str, place: Place) -> tuple[str | None, tuple[Finding, ...]]:
    try:
        return _lines(content.decode(encoding)), ()
    except UnicodeDecodeError:
        fix = "请用记事本打开，另存为 UTF-8 编码。"
        return None, (fault("F01", "文件的编码认不出来", place, fix),)


def _not_utf8(
    content: bytes, error: UnicodeDecodeError, place: Place
) -> tuple[str | None, tuple[Finding, ...]]:
    replaced = content.decode("utf-8", "replace")
    bad = replaced.count("\ufffd")
    if len(re.findall(_CHINESE, replaced)) > 4 * bad:
        # Mostly good UTF-8: read as GB18030 it would be nonsense from end to end.
        line = Place(place.file, content[: error.start].count(b"\n") + 1, 1)
        fix = "请找回未损坏的文件，或把这一行重新输入一遍。"
        return None, (fault("F01", f"文件从第{line.line}行起有损坏的字符", line, fix),)
    text, findings = _decoded(content, "gb18030", place)
    if text is None:
        return None, findings
    return text, (fault("F02", "文件是 GBK 编码，已按 GBK 读取", place, "建议另存为 UTF-8 编码。"),)


def _lines(text: str) -> str:
    return WIDTHLESS.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
