"""Headers and footers: what they say beside a name, whether they number the pages, what floats over the text.

Their words are no part of the report; they may name it and count pages.
"""

import re
from collections.abc import Iterator, Sequence

from reportgen.chinese.numerals import scan
from reportgen.problems import Finding, Level, Place, short
from reportgen.recognising.faults import fault
from reportgen.sources.docx.leftovers import is_draft, is_numbered
from reportgen.sources.docx.package import Package, is_on, member, name_of, value_of

FAULTS: dict[str, str] = {
    "K17": "Word 文件没有页码",
    "K18": "Word 文件的页眉、页脚里有浮在正文上的文字",
}
"""Code → what is wrong, as the list of faults names it."""

_PAGES = re.compile(r"[第共]?\s*\d+\s*页|[-—–－]\s*\d+\s*[-—–－]")
_SENTENCE = re.compile(r"[。；！？]|，")
_LONGEST = 60
_CHINESE = {"header": "页眉", "footer": "页脚"}


def unjudged(sides: Sequence[tuple[str, Sequence[str]]], year: str, file: str) -> Iterator[Finding]:
    """An error for each line of a header or footer that says more than a name, a title or a page number.

    Args:
        sides: of each header and footer its kind and its lines.
        year: the report's; empty where it has none.
        file: the name for places.
    """
    told: set[str] = set()
    for kind, lines in sides:
        for line in lines:
            if line not in told and _says_more(line, year):
                told.add(line)
                message = f"{_CHINESE[kind]}里的这句话没有和年报核对：“{short(line)}”。"
                fix = "页眉、页脚只放机关、标题和页码；其余的话请移到正文里，或删去。"
                yield fault("R33", message, [Place(file)], found=short(line), fix=fix)


def _says_more(line: str, year: str) -> bool:
    words = _PAGES.sub("", line).strip()
    numbers = scan(words)
    if len(words) > _LONGEST or _SENTENCE.search(words):
        return True
    if year and any(each.kind == "year" and str(each.value) != year for each in numbers):
        return True
    counted = (each for each in numbers if each.kind in ("count", "percent"))
    return any(each.unit or each.kind == "percent" for each in counted)


_KINDS = {"default": "", "even": "双数页"}
_IDLE = re.compile(r"[\s\d—－–\-/第共页]+")


def unnumbered(package: Package, file: str) -> Iterator[Finding]:
    """A warning where pages have no number: no header and no footer of theirs counts them.

    The first page of a section may do without. A note where the document has no header and no footer at all.
    """
    sides = {side.name: side.root for side in package.of("header", "footer")}
    numbered = {name for name, root in sides.items() if is_numbered(root)}
    names = {link.id: link.target.rpartition("/")[2] for link in package.links}
    kinds = ["default", "even"] if is_on(member(package.settings, "evenAndOddHeaders")) else ["default"]
    referred: dict[tuple[str, str], str] = {}
    lacking: list[str] = []
    for section in package.document.iter("{*}sectPr"):
        for each in section.iterchildren("{*}headerReference", "{*}footerReference"):
            referred[name_of(each), value_of(each, "type")] = names.get(value_of(each, "id"), "")
        for kind in kinds:
            if not any(name in numbered for (_, of), name in referred.items() if of == kind):
                lacking.append(_KINDS[kind] if len(kinds) > 1 else "")
    if not names and numbered:  # a package without relationships: nobody knows which goes with which
        return
    if lacking or not sides:
        which = "" if len(set(lacking)) != 1 else lacking[0]
        fix = "请在页脚里插入页码（Word、WPS：插入 → 页码）；页码要用域，不能打数字。"
        level = Level.WARNING if sides else Level.NOTE
        yield Finding("K17", level, f"{which or '各页'}没有页码。", (Place(file),), fix=fix, basis=_BASIS)


_BASIS = "《党政机关公文格式》（GB/T 9704—2012，7.5）"


def floating(package: Package, year: str, file: str) -> Iterator[Finding]:
    """A warning for words that hang on a header or footer and lie on every page: a watermark, a text box."""
    told: set[str] = set()
    for side in package.of("header", "footer"):
        arts = (value_of(each, "string") for each in side.root.iter("{*}textpath"))
        boxes = (
            "".join(each.text or "" for each in box.iter("{*}t")) for box in side.root.iter("{*}txbxContent")
        )
        for words in (*arts, *boxes):
            if not _IDLE.sub("", words) or words in told or is_draft(words) or _says_more(words, year):
                continue
            told.add(words)
            where = _CHINESE[side.kind]
            message = f"{where}里有浮在正文上的文字（水印或文本框）：“{short(words)}”，会印在每一页上。"
            fix = "定稿一般不用水印：请删去；要留的，请改成页眉、页脚里的普通文字。"
            yield Finding("K18", Level.WARNING, message, (Place(file),), found=short(words), fix=fix)
