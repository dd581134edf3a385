"""Where LibreOffice may end a line in letters and digits: phone numbers and schemes of addresses stay whole.

Of text in English, LibreOffice parts 0123-4567890 behind the hyphen and http://www behind the strokes, and no
setting keeps it from that. Of text in Chinese it asks two lists of signs, one list a language. So what a Word
file calls English is called Chinese of Singapore for LibreOffice's eyes, a language that no other text has,
and its lists hold every sign of ASCII. The Word file itself stays as it is: copied text, too, is what it was.

LibreOffice makes a tag of its own for each stretch of letters and digits that is not in the language which
the file has where nothing else is said; so where its ordinary paragraphs are in English, that is called
the same.
"""

import io
import re
import zipfile
from html import escape

LANGUAGE = "zh-SG"
"""What English is called; the finished PDF does not repeat it."""

_NOT_FIRST = "!%),.:;?]}、。，；：？！）》〉”’〕】」』〗］｝％‰℃°′″…—·～"
_NOT_LAST = "（《〈“‘〔【「『〖［｛￥¥＄№" + "".join(map(chr, range(0x21, 0x7F)))
_CALLED = rb"\g<1>" + LANGUAGE.encode()
_PARTS = ("word/styles.xml", "word/document.xml")
_ENGLISH = re.compile(rb'(<w:lang\b[^>]*\bw:val=")en(?:-[A-Za-z]+)?(?=")')
_CHINESE = re.compile(rb'(?s)(<w:docDefaults>.*?<w:lang\b[^>]*\bw:val=")zh-CN(?=".*?</w:docDefaults>)')
_ORDINARY = re.compile(rb'(?s)<w:style\b(?=[^>]*"paragraph")(?=[^>]*\bw:default="1")[^>]*>.*?</w:style>')

SETTING = (
    '<item oor:path="/org.openoffice.Office.Common/AsianLayout/StartEndCharacters">'
    f'<node oor:name="{LANGUAGE}" oor:op="replace">'
    f'<prop oor:name="StartCharacters" oor:op="fuse"><value>{escape(_NOT_FIRST, quote=False)}</value></prop>'
    f'<prop oor:name="EndCharacters" oor:op="fuse"><value>{escape(_NOT_LAST, quote=False)}</value></prop>'
    "</node></item>\n"
)
"""The lists, as a line of the settings of a profile."""


def kept_whole(docx: bytes) -> bytes:
    """A sound Word file with its English called as those lists are; for LibreOffice alone."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as source, zipfile.ZipFile(held, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename in _PARTS:
                content = _renamed(content)
            target.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), content)
    return held.getvalue()


def _renamed(part: bytes) -> bytes:
    """A part with its English called as those lists are, and so its first word on the language."""
    ordinary = _ORDINARY.search(part)
    if ordinary and _ENGLISH.search(ordinary[0]):
        part = _CHINESE.sub(_CALLED, part, count=1)
    return _ENGLISH.sub(_CALLED, part)
