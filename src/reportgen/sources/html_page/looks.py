"""What the elements of a web page are: shown or not, blocks or words, bold or plain, and blanks set right."""

import re
from collections.abc import Iterable
from itertools import groupby

from reportgen.model.document import Run
from reportgen.sources.html_page.tree import Element

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
