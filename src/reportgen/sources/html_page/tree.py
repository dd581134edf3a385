"""The bytes of a web page as a tree, opened as if somebody meant harm."""

import re
from collections.abc import Iterable
from itertools import groupby

from lxml import etree

from reportgen.model.nodes import Run
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
_TAG = re.compile(r"<[a-zA-Z][^<>]*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_APART = re.compile(r"[\s/=]+")
_MOST_ATTRIBUTES = 100
_MOST_INSIDE = 2_000
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
    if _is_crowded(text):
        raise Refused(fault("R24", "这个网页的标签里属性太多，不像一份年报。", fix=_SAVE))
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


def _is_crowded(text: str) -> bool:
    """True for a tag with more attributes than any has: a parser compares each with all before it.

    Tags that begin inside another may be quoted in one, so there must not be many of them either.
    """
    inside = 0
    for tag in _TAG.finditer(text):
        inside += text.startswith("<", tag.end())
        if (
            len(tag[0]) > _MOST_ATTRIBUTES
            and len(_APART.split(_QUOTED.sub(" ", tag[0]))) > 2 * _MOST_ATTRIBUTES
        ):
            return True
    return inside > _MOST_INSIDE


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


# ── what the elements of a web page are: shown or not, blocks or words, bold or plain, and blanks set right

HEADINGS = {f"h{level}": level for level in range(1, 7)}

BLOCKS = {
    *HEADINGS,
    *("address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "form", "header", "hr", "html", "legend", "li", "main", "ol", "p"),
    *("pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
"""Elements that end the paragraph before them."""

_LEFT_OUT = {
    *(
        "applet",
        "area",
        "aside",
        "audio",
        "button",
        "canvas",
        "datalist",
        "del",
        "embed",
        "footer",
        "frame",
        "head",
    ),
    *("iframe", "input", "link", "map", "math", "meta", "nav", "noframes", "noscript", "object", "option"),
    *("rp", "rt", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xml"),
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_WEIGHT = re.compile(r"(?<![\w-])font-weight\s*:\s*(\w+)", re.I)
_WRAPPED = re.compile(r"[ \t\r\n]*[\r\n][ \t\r\n]*")
_ENDS = " \t\n\xa0\u3000\u200b\ufeff"
_DEAD = re.compile("[\u200b\ufeff\u00ad]")


def name_of(element: Element) -> str:
    """The element's name in lower case."""
    return str(element.tag).lower()


def is_left_out(element: Element) -> bool:
    """True for what no reader of the page sees as its text: scripts, navigation, drawings, hidden parts."""
    name = name_of(element)
    return (
        name in _LEFT_OUT
        or name.startswith(("v:", "w:"))
        or element.get("hidden") is not None
        or element.get("role") in ("navigation", "search", "contentinfo")
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def look_of(element: Element, bold: bool) -> bool:
    """True if the element's words are bold, given if those around it are."""
    weight = _WEIGHT.search(element.get("style") or "")
    if weight:
        return weight[1].lower() in ("bold", "bolder") or bool(re.fullmatch(r"[6-9]00", weight[1]))
    return bold or name_of(element) in ("b", "strong")


def set_type(runs: Iterable[Run]) -> list[Run]:
    """Runs as a browser shows them: breaks as line feeds, blanks drawn together, wrapped Chinese joined."""
    marked = [(character, run.bold) for run in runs for character in _DEAD.sub("", run.text)]
    text = "".join(character for character, _ in marked)
    kept: list[tuple[str, bool]] = []
    at = 0
    for match in (*re.finditer(r"[ \t\r\n]+", text), None):
        kept += marked[at : match.start() if match else len(text)]
        if match:
            at = match.end()
            if not _is_mere_wrapping(text, match):
                kept.append((" ", marked[match.start()][1]))
    looks = groupby(kept, key=lambda each: each[1])
    joined = (Run("".join(character for character, _ in group), bold) for bold, group in looks)
    return [Run(run.text.replace("\v", "\n").replace("\xa0", " "), run.bold) for run in joined]


def tidy(line: Iterable[Run]) -> tuple[Run, ...]:
    """A line without blanks at its ends; empty where nothing shows."""
    runs = [run for run in line if run.text]
    while runs and not runs[0].text.strip(_ENDS):
        runs.pop(0)
    while runs and not runs[-1].text.strip(_ENDS):
        runs.pop()
    if runs:
        runs[0] = Run(runs[0].text.lstrip(_ENDS), runs[0].bold)
        runs[-1] = Run(runs[-1].text.rstrip(_ENDS), runs[-1].bold)
    return tuple(runs)


def _is_mere_wrapping(text: str, blanks: re.Match[str]) -> bool:
    """True for a line end of the page's text between Chinese, or at a break: it stands for nothing."""
    before, after = text[blanks.start() - 1 : blanks.start()], text[blanks.end() : blanks.end() + 1]
    if "\v" in (before, after):
        return True
    return bool(_WRAPPED.fullmatch(blanks[0])) and not (before.isascii() and after.isascii())
