"""Fields of a Word document: which show their result as it stands, and which would fetch or run something.

Source: ECMA-376 part 1, 17.16.5 (field definitions).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from reportgen.safe.package import Danger, Strange
from reportgen.sources.docx.package import value_of

_SHOWN = frozenset(
    str.split(
        "PAGE NUMPAGES SECTIONPAGES SECTION PAGEREF REF NOTEREF HYPERLINK TOC TOA INDEX TC XE SEQ "
        "STYLEREF QUOTE FORMTEXT TITLE AUTHOR SUBJECT KEYWORDS DOCPROPERTY"
    )
)
"""What shows a result that stands in the file, or nothing, and needs nothing from elsewhere."""

_OUTSIDE = frozenset(
    str.split(
        "DDE DDEAUTO LINK INCLUDE INCLUDETEXT INCLUDEPICTURE IMPORT DATABASE RD MERGEFIELD NEXT "
        "NEXTIF SKIPIF ADDRESSBLOCK GREETINGLINE AUTOTEXT AUTOTEXTLIST GLOSSARY FILLIN ASK"
    )
)
_MACROS = frozenset({"MACROBUTTON", "MACRO", "ADDIN", "GOTOBUTTON", "PRINT", "BARCODE"})
_OBJECTS = frozenset({"EMBED", "CONTROL", "OCX", "SHAPE", "HTMLCONTROL"})
_TOKEN = re.compile(r'"[^"]*"?|[^\s"]+')
_WITH_WORD = frozenset({"\\l", "\\o", "\\s", "\\t"})
"""The switches of a hyperlink that a word belongs to: a bookmark, a tip, a window."""
_GOOD = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)


@dataclass(slots=True)
class Fields:
    """The fields that are open somewhere in a part: the instruction of each, and if its result has begun."""

    open: list[tuple[list[str], bool]] = field(default_factory=list)

    @property
    def instructing(self) -> bool:
        """True where what stands there is an instruction and no words."""
        return any(not result for _, result in self.open)

    def mark(self, element: etree._Element) -> Strange | None:
        """A field begins, comes to its result, or ends; what it is if it must not go on."""
        kind = value_of(element, "fldCharType")
        if kind == "begin":
            self.open.append(([], False))
        elif self.open and kind in ("separate", "end"):
            pieces, result = self.open.pop()
            if kind == "separate":
                self.open.append((pieces, True))
            return None if result else judged("".join(pieces))
        return None

    def say(self, text: str) -> None:
        """A piece of an instruction."""
        if self.open:
            self.open[-1][0].append(text)


def judged(instruction: str) -> Strange | None:
    """What a field's instruction is if it must not go on; None for a field that shows its result."""
    words = instruction.split()
    kind = words[0].upper() if words else ""
    told = " ".join(words)[:120]
    if kind in _OUTSIDE:
        return Strange(Danger.OUTSIDE, f"{kind} 域", told)
    if kind in _MACROS:
        return Strange(Danger.MACRO, f"{kind} 域", told)
    if kind in _OBJECTS:
        return Strange(Danger.OBJECT, f"{kind} 域", told)
    if kind == "HYPERLINK":
        bad = any(not _GOOD.match(target) for target in _targets(instruction))
        return Strange(Danger.OUTSIDE, "网页和邮件以外的链接", told) if bad else None
    if kind in _SHOWN or kind.startswith("=") or not kind:
        return None
    return Strange(Danger.UNREAD, f"{kind[:30]} 域", told)


def _targets(instruction: str) -> Iterator[str]:
    """Where a hyperlink leads: its words but for its switches and what belongs to them."""
    before = ""
    for token in _TOKEN.findall(instruction)[1:]:
        if not token.startswith("\\") and before not in _WITH_WORD:
            yield token.strip('"').strip()
        before = token.lower()
