"""Word packages for tests: a sound one of ours, and the same with other words, parts or relationships."""

import io
import re
import zipfile
from collections.abc import Mapping
from functools import cache

from made import gathered, outcome_of
from polished import text
from reportgen.pipeline import Material, examine
from reportgen.problems import Finding

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:x-unknown"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
MAIN, TYPES, LINKS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
SENTENCE = "全年收到申请9999件，全部按时答复。"
"""Against 26 in the table."""


@cache
def sound() -> bytes:
    """A Word file of ours without faults."""
    return outcome_of(text(), "docx").files["docx"]


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a package by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A package of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return held.getvalue()


def edited(changes: Mapping[str, tuple[str, str]], **more: bytes) -> bytes:
    """The sound file with an old text replaced by a new one in some parts, and with further parts."""
    parts = parts_of(sound())
    for name, (old, new) in changes.items():
        before = parts[name].decode()
        assert old in before
        parts[name] = before.replace(old, new, 1).encode()
    return packed(parts | more)


def with_block(block: str, **more: bytes) -> bytes:
    """The sound file with something behind the first paragraph that the clerk wrote."""
    parts = parts_of(sound())
    body = parts[MAIN].decode()
    body = re.sub(r"<w:document [^>]*>", f"<w:document {SPACES}>", body, count=1)
    at = body.index("</w:p>", body.index("重视政策解读")) + len("</w:p>")
    parts[MAIN] = (body[:at] + block + body[at:]).encode()
    return packed(parts | more)


def linked(content: bytes, kind: str, target: str, content_type: str = "", outside: bool = False) -> bytes:
    """A package whose main part has one more relationship, and its part's type."""
    parts = parts_of(content)
    mode = ' TargetMode="External"' if outside else ""
    entry = f'<Relationship Id="rMore" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    parts[LINKS] = parts[LINKS].decode().replace("</Relationships>", entry).encode()
    if content_type:
        own = f'<Override PartName="/word/{target}" ContentType="{content_type}"/></Types>'
        parts[TYPES] = parts[TYPES].decode().replace("</Types>", own).encode()
    return packed(parts)


def noted(kind: str, reference: str, note: str) -> bytes:
    """The sound file with a paragraph that refers to a footnote or endnote, and that note."""
    block = f'<w:p><w:r><w:t>见注</w:t></w:r><w:r><w:{reference} w:id="5"/></w:r></w:p>'
    name = f"{kind}s"
    inside = f'<w:{kind} w:id="5"><w:p><w:r><w:{kind}Ref/></w:r>{note}</w:p></w:{kind}>'
    part = f"<w:{name} {SPACES}>{inside}</w:{name}>"
    content = with_block(block, **{f"word/{name}.xml": part.encode()})
    return linked(content, name, f"{name}.xml", f"{WORD_TYPE}.{name}+xml")


def findings_in(content: bytes) -> list[Finding]:
    """What is found in a Word file."""
    return list(examine(Material("年报.docx", content), gathered()).findings)


def errors_in(content: bytes) -> list[str]:
    """The codes of the errors in a Word file."""
    return [each.code for each in findings_in(content) if each.is_error]
