"""Reports damaged in every way that a mail program, a bad disk or a bad neighbour knows. All by seed."""

import io
import zipfile
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

Seeds = dict[str, bytes]
"""A sound report by its suffix."""

MEGABYTES = 1024 * 1024
_LARGE = 50 * MEGABYTES
_DEEP = 100
_DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_LAUGHS = "".join(
    f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "哈哈"}{("&l" + str(n - 1) + ";") * 9 if n else ""}">'
    for n in range(12)
)


class Damaged(NamedTuple):
    """A damaged report, and whether it may still be sound (a flipped bit may hit a word of no weight)."""

    name: str
    content: bytes
    may_be_sound: bool


def damaged_files(seeds: Seeds, each: int) -> Iterator[Damaged]:
    """The damaged files, ``each`` truncated and ``each`` bit-flipped of every kind, and all the others."""
    for kind in seeds:
        for number in range(each):
            draw = Random(f"damage {kind} {number}")
            yield Damaged(f"cut{number}.{kind}", _cut(seeds[kind], draw), True)
            yield Damaged(f"bits{number}.{kind}", _flipped(seeds[kind], draw), True)
            yield Damaged(f"torn{number}.{kind}", _torn(seeds[kind], draw), True)
    for kind, content in _strange(seeds):
        yield Damaged(f"strange{kind}", content, False)
    for number, (kind, content) in enumerate(_wrong_suffixes(seeds)):
        yield Damaged(f"suffix{number}.{kind}", content, False)
    for name, make in _BOMBS.items():
        yield Damaged(name, make(seeds), name in _HARMLESS)


def tedious_files(seeds: Seeds) -> Iterator[Damaged]:
    """Sound reports with a piece on which a careless pattern, or a list gone through again, never ends."""
    for kind in ("md", "html", "yaml"):
        for number, piece in enumerate(_TEDIOUS):
            yield Damaged(f"tedious{number}.{kind}", _with_piece(seeds[kind], kind, piece), True)
    blanks = b" \n" * 19_000
    yield Damaged("blank lines.yaml", blanks + seeds["yaml"], True)
    yield Damaged("quotes in the name.yaml", _named(seeds, "{{" * 50_000), True)
    yield Damaged("crosses in the name.yaml", _named(seeds, "XX " * 50_000), True)


def _with_piece(content: bytes, kind: str, piece: str) -> bytes:
    if kind == "html":
        end = content.rindex(b"</body>") if b"</body>" in content else len(content)
        return content[:end] + f"<p>公开{piece}</p>".encode() + content[end:]
    if kind == "md":
        return content + f"\n\n{piece}\n".encode()
    return content.replace("存在问题: |\n".encode(), f"存在问题: |\n  公开{piece}\n".encode(), 1)


def _named(seeds: Seeds, name: str) -> bytes:
    first, rest = seeds["yaml"].split("机关: ".encode(), 1)
    return first + f'机关: "{name}"\n'.encode() + rest.split(b"\n", 1)[1]


def _cut(content: bytes, draw: Random) -> bytes:
    """The first part only."""
    return content[: draw.randrange(len(content))]


def _flipped(content: bytes, draw: Random) -> bytes:
    """A few bits turned over."""
    bits = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 8, 40))):
        bits[draw.randrange(len(bits))] ^= 1 << draw.randrange(8)
    return bytes(bits)


def _torn(content: bytes, draw: Random) -> bytes:
    """A piece lost, doubled, zeroed or swapped with another."""
    start = draw.randrange(len(content))
    size = draw.randint(1, max(1, len(content) // 4))
    head, piece, tail = content[:start], content[start : start + size], content[start + size :]
    ways = (head + tail, head + piece + piece + tail, head + bytes(len(piece)) + tail, tail + piece + head)
    return draw.choice(ways)


def _strange(seeds: Seeds) -> Iterator[tuple[str, bytes]]:
    """Contents that are no report at all, under every suffix."""
    contents = {
        "empty": b"",
        "blank": b" \n\t\n",
        "zeros": bytes(5_000),
        "noise": Random("noise").randbytes(5_000),
        "old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
        "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "picture": b"\x89PNG\r\n\x1a\n" + Random("picture").randbytes(900),
        "list": "- 一\n- 二\n".encode(),
        "surrogates": b"\xed\xa0\x80\xed\xb0\x80" * 50,
        "controls": bytes(range(1, 32)) * 20,
        "one line": "公开".encode() * 20_000,
        "many lines": b"\n" * 200_000,
        "commas": "，".encode() * 50_000,
        "digits": b"9" * 100_000,
        "pipes": b"|" * 50_000,
        "stars": b"*" * 50_000,
        "quotes": b"{{ " * 20_000,
        "brackets": "（".encode() * 30_000,
    }
    for kind in seeds:
        for name, content in contents.items():
            yield f" {name}.{kind}", content


def _wrong_suffixes(seeds: Seeds) -> Iterator[tuple[str, bytes]]:
    for kind in seeds:
        for other, content in seeds.items():
            # Markdown is plain text, and a page read as text is one with strange words.
            if other != kind and {other, kind} != {"md", "txt"}:
                yield kind, content
    for kind in ("pdf", "doc", "xlsx", "exe", "", "docx.bak"):
        yield kind, seeds["docx"]


def archive(seeds: Seeds, parts: dict[str, bytes]) -> bytes:
    """The sound Word file with some parts put in or replaced."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(seeds["docx"])) as sound,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in sound.namelist():
            if name not in parts:
                made.writestr(name, sound.read(name))
        for name, content in parts.items():
            made.writestr(name, content)
    return packed.getvalue()


def part(seeds: Seeds, name: str) -> bytes:
    """A part of the sound Word file."""
    with zipfile.ZipFile(io.BytesIO(seeds["docx"])) as sound:
        return sound.read(name)


def _in_body(seeds: Seeds, content: bytes) -> bytes:
    """The sound Word file with more at the beginning of its body."""
    document = part(seeds, _DOCUMENT)
    start = document.index(b">", document.index(b"<w:body")) + 1
    return archive(seeds, {_DOCUMENT: document[:start] + content + document[start:]})


def _word_entities(seeds: Seeds, name: str) -> bytes:
    content = part(seeds, name)
    start = content.index(b"?>") + 2
    doctype = f"<!DOCTYPE w:document [{_LAUGHS}]>".encode()
    spoiled = content[:start] + doctype + content[start:].replace(b"</w:t>", b"&l11;</w:t>", 1)
    return archive(seeds, {name: spoiled})


def _many_parts(seeds: Seeds) -> bytes:
    return archive(seeds, {f"word/media/{number}.xml": b"<a/>" for number in range(20_000)})


def _same_name_twice(seeds: Seeds) -> bytes:
    content = bytearray(archive(seeds, {"word/document.xmL": b"<w:document/>"}))
    return bytes(content.replace(b"word/document.xmL", b"word/document.xml"))


def _nested_word(open_tag: bytes, close_tag: bytes) -> Callable[[Seeds], bytes]:
    return lambda seeds: _in_body(seeds, open_tag * _DEEP + b"<w:p/>" + close_tag * _DEEP)


def _filled(kind: str, before: str, after: str) -> Callable[[Seeds], bytes]:
    """A sound text with 50 MB between two pieces of text, at its end."""
    return lambda seeds: seeds[kind] + before.encode() + b"7" * _LARGE + after.encode()


_TABLE = b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"
_BOMBS: dict[str, Callable[[Seeds], bytes]] = {
    "zeros in the document.docx": lambda seeds: archive(seeds, {_DOCUMENT: bytes(300 * MEGABYTES)}),
    "blanks in the document.docx": lambda seeds: _in_body(seeds, b" " * 150 * MEGABYTES),
    "zeros in the styles.docx": lambda seeds: archive(seeds, {_STYLES: bytes(300 * MEGABYTES)}),
    "zeros in the numbering.docx": lambda seeds: archive(
        seeds, {"word/numbering.xml": b"<a>" + bytes(200 * MEGABYTES)}
    ),
    "zeros in the comments.docx": lambda seeds: archive(seeds, {"word/comments.xml": bytes(200 * MEGABYTES)}),
    "paragraphs.docx": lambda seeds: _in_body(seeds, b"<w:p><w:r><w:t>7</w:t></w:r></w:p>" * 1_700_000),
    "many parts.docx": _many_parts,
    "twice.docx": _same_name_twice,
    "laughs in the document.docx": lambda seeds: _word_entities(seeds, _DOCUMENT),
    "laughs in the styles.docx": lambda seeds: _word_entities(seeds, _STYLES),
    "macros.docx": lambda seeds: archive(seeds, {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(5_000)}),
    "nested tables.docx": _nested_word(*_TABLE),
    "nested controls.docx": _nested_word(b"<w:sdt><w:sdtContent>", b"</w:sdtContent></w:sdt>"),
    "large cell.docx": lambda seeds: _in_body(
        seeds, _TABLE[0] + b"<w:p><w:r><w:t>" + b"7" * _LARGE + b"</w:t></w:r></w:p>" + _TABLE[1]
    ),
    "laughs.html": lambda seeds: (
        b"<!DOCTYPE html [" + _LAUGHS.encode() + b"]>" + seeds["html"] + b"<p>&l11;</p>" * 1000
    ),
    "nested.html": lambda seeds: b"<div>" * 100_000 + seeds["html"],
    "nested tables.html": lambda seeds: b"<table><tr><td>" * 3_000 + seeds["html"],
    "spans.html": lambda seeds: (
        seeds["html"] + b'<table><tr><td colspan="999999999" rowspan="999999999">7</table>'
    ),
    "large cell.html": _filled("html", "<table><tr><td>", "</td></tr></table>"),
    "many cells.html": lambda seeds: b"<table><tr>" + b"<td>7" * 2_000_000 + seeds["html"],
    "laughs.yaml": lambda _: (
        b"a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12))
    ),
    "itself.yaml": lambda seeds: seeds["yaml"] + "存在问题: &a [*a]\n".encode(),
    "brackets.yaml": lambda _: "申请: ".encode() + b"[" * _DEEP + b"]" * _DEEP,
    "more brackets.yaml": lambda _: b"[" * 200_000,
    "steps.yaml": lambda _: b"\n".join(b"  " * depth + "甲:".encode() for depth in range(_DEEP)),
    "tags.yaml": lambda seeds: seeds["yaml"].replace(
        "年度: ".encode(), "年度: !!python/object/apply:os.getcwd ".encode()
    ),
    "large cell.yaml": _filled("yaml", "\n甲: ", "\n"),
    "large paragraph.yaml": _filled("yaml", "\n前言: |\n  ", "\n"),
    "nested lists.md": lambda seeds: (
        seeds["md"] + b"".join(b"> " * depth + b"- 7\n" for depth in range(_DEEP))
    ),
    "large cell.md": _filled("md", "\n| 甲 | ", " |\n| --- | --- |\n"),
    "large cell.txt": _filled("txt", "\n甲\t", "\n"),
    "many cells.md": lambda seeds: seeds["md"] + b"|7" * 2_000_000,
    "cells.md": lambda seeds: seeds["md"] + b"\n|7|8" * 9_000,
    "lines.txt": lambda seeds: seeds["txt"] + "七\n".encode() * 19_000,
    "words.md": lambda seeds: seeds["md"] + "公开".encode() * 150_000,
    "steps and more.yaml": lambda seeds: (
        seeds["yaml"] + b"".join(b"x%d: {y: 7}\n" % n for n in range(19_000))
    ),
    "long line.yaml": lambda seeds: seeds["yaml"] + "甲: ".encode() + b"7" * 900_000,
}
_TEDIOUS = (
    " **a" * 20_000,
    " __a" * 20_000,
    "<!--" * 20_000,
    "<b>" * 20_000,
    "<strong " * 20_000,
    "<https://" * 10_000,
    "## 一" + " " * 100_000 + "#" * 3 + "x",
    "## 一" + "#" * 100_000 + "x",
    " " * 100_000 + "x",
    "|" + " " * 100_000 + "x",
    "---" + " " * 100_000 + "x",
    ":-" + "-" * 100_000 + "x",
    "{{" * 50_000,
    "｛" * 50_000,
    "{" * 50_000,
    "{{ 申请 }" * 10_000,
    "{申请." * 20_000,
    "XX " * 30_000,
    "XX" * 50_000,
    "（此处" * 30_000,
    "【待填" * 30_000,
    "\\" * 100_000,
    "“" * 50_000,
    "《" * 50_000,
    "http://" * 20_000,
    "1" * 100_000,
    "1," * 50_000,
    "2023年" * 20_000,
    "公开信息1条，" * 10_000,
    "其中" * 30_000,
)
"""Pieces of prose."""

_HARMLESS = {"nested controls.docx", "nested lists.md", "spans.html", "cells.md", "words.md", "lines.txt"}
"""Odd, but all that the report says is still there and can be read."""
