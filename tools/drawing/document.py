"""The base document, whose styles and page a person keeps in Word or WPS: a template is a copy with a body.

``base.docx`` stands beside this module. Its own paragraphs only show its styles; what counts are the styles,
the page, the footers and the numbering. Styles are known by the names that an office reads (the name or its
alias), never by their ids, which Word and WPS make anew.

Source of page and type: GB/T 9704-2012. The exact figures in it are those with which LibreOffice sets 22
lines of 28 characters: a pitch of 579 twips (580 gives 21 lines), 1/4 pt taken from every character
(28 x 16 pt are wider than the type area), and ``overflowPunct`` 1, which LibreOffice 7.4 reads upside down.
"""

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from reportgen.safe.packing import packed

FILE = Path(__file__).with_name("base.docx")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_STYLE = re.compile(r'(<w:[pr]Style w:val=")([^"]*)("/>)')
_BODY = re.compile(r"(<w:body[^>]*>).*(<w:sectPr\b.*</w:body>)", re.DOTALL)
_TITLE = re.compile(r"(<dc:title>).*?(</dc:title>)", re.DOTALL)


class NoStyle(LookupError):
    """The base document lacks styles, or the page, that a template needs."""


def with_body(body: str, title: str, base: bytes) -> bytes:
    """A copy of the base document with another body and title: the same bytes for the same arguments.

    Args:
        body: the content of ``w:body`` but for the last section's settings, its styles by name.
        title: the document's title for its properties.
        base: the base document.

    Raises:
        NoStyle: where the base lacks a style that the body asks for, or has no page of its own.
    """
    with zipfile.ZipFile(io.BytesIO(base)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    document = parts["word/document.xml"].decode("utf-8")
    if not _BODY.search(document):
        raise NoStyle("base.docx 的正文末尾没有页面设置（sectPr）。")
    filled = _by_ids(body, parts["word/styles.xml"])
    parts["word/document.xml"] = _BODY.sub(lambda found: found[1] + filled + found[2], document).encode()
    core = parts["docProps/core.xml"].decode("utf-8")
    parts["docProps/core.xml"] = _TITLE.sub(lambda found: found[1] + escape(title) + found[2], core).encode()
    return packed(parts)


def _by_ids(body: str, styles: bytes) -> str:
    """The body with the base's ids for the names of its styles."""
    ids: dict[str, str] = {}
    for style in etree.fromstring(styles).iter(f"{W}style"):
        named = [style.find(f"{W}{kind}") for kind in ("aliases", "name")]
        for words in (each.get(f"{W}val", "") for each in named if each is not None):
            ids |= {name.strip(): style.get(f"{W}styleId", "") for name in words.split(",")}
    lost = sorted({found[2] for found in _STYLE.finditer(body)} - set(ids))
    if lost:
        raise NoStyle(f"base.docx 里没有这些样式：{'、'.join(lost)}。")
    return _STYLE.sub(lambda found: found[1] + ids[found[2]] + found[3], body)
