"""The bytes of a web page as a tree, opened as if somebody meant harm."""

import re

from lxml import etree

from reportgen.problems import Finding
from reportgen.recognising.faults import fault
from reportgen.safe.decoding import text_of

Element = etree._Element

MOST_BYTES = 4 * 1024 * 1024
"""No page with a report is bigger, its embedded pictures not counted."""

MOST_TAGS = 60_000
DEEPEST = 120
"""So deep no page is nested; the walk calls itself once a level."""

_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.I)
_WHERE = 8192
_CODECS = {"utf-8": "utf-8-sig", "utf8": "utf-8-sig", "gb2312": "gb18030", "gbk": "gb18030"} | {
    "gb18030": "gb18030",
    "big5": "big5hkscs",
}
_EMBEDDED = re.compile(rb"data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%\s]{200,}")
_SAVE = "请在浏览器里打开网页，只把年报正文另存一份再读。"


class Refused(Exception):
    """What was given is no page that can be read; carries the findings."""

    def __init__(self, *findings: Finding) -> None:
        """Keep the findings."""
        super().__init__(*(finding.message for finding in findings))
        self.findings = findings


def tree_of(content: bytes, file: str) -> tuple[Element, tuple[Finding, ...]]:
    """The root of a page, and what is to be said of its writing.

    Raises:
        Refused: for what is no text, too big or nested too deep.
    """
    content = _EMBEDDED.sub(b"data:,", content)
    if len(content) > MOST_BYTES or content.count(b"<") > MOST_TAGS:
        raise Refused(fault("R24", "这个网页过大，不像一份年报。", fix=_SAVE))
    text, findings = _text(content, file)
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(_clean(text).encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise Refused(fault("R01", "这个网页是空的，没有年报。", fix="请检查文件。"))
    _refuse_depth(root)
    return root, findings


def _text(content: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    """The page's text: as it declares itself where that is true, else as any text."""
    declared = _DECLARED.search(content[:_WHERE])
    codec = _CODECS.get(declared[1].decode("ascii", "replace").lower()) if declared else None
    if codec and b"\0" not in content:
        try:
            return content.decode(codec), ()
        except UnicodeDecodeError:
            pass
    text, findings = text_of(content, file, MOST_BYTES)
    if text is None:
        raise Refused(*findings)
    return text, findings


def _clean(text: str) -> str:
    """The text without what no tree can hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", " ", text)


def _refuse_depth(root: Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise Refused(fault("R24", "这个网页嵌套太深，读不了。", fix=_SAVE))
