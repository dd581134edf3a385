"""Pictures of seals as SVG: only what is drawn alike everywhere is drawn at all.

A seal that looks a little different is worse than none, so a drawing may consist of outlines alone. Words
need fonts, which differ from one computer to the next; files and addresses outside it could say anything.
"""

import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from reportgen.problems import SigningRefused, ToolMissing
from reportgen.signing import DRAWINGS, missing

_MOST = 5 << 20
"""Bytes of a drawing, unpacked; seals have some ten thousand."""
_PATIENCE = 10
"""Seconds that drawing may take; a seal takes less than one."""
_GZIP = b"\x1f\x8b"
_BEGINNINGS = (b"<", b"\xfe\xff", b"\xff\xfe", _GZIP)
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset({"path", "circle", "ellipse", "rect", "line", "polyline", "polygon"})
_KNOWN = _SHAPES | {
    *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "style"),
    *("clipPath", "mask", "linearGradient", "radialGradient", "stop"),
}
_WORDS = frozenset({"text", "tspan", "textPath", "tref", "flowRoot", "foreignObject"})
_OUTSIDE = re.compile(r"url\(\s*+['\"]?\s*+(?![#'\"])([^)'\"]*+)", re.IGNORECASE)
"""What a style takes from elsewhere."""
_BEYOND = re.compile(r"@|\bvar\(", re.IGNORECASE)
"""Of style sheets: what the renderer passes over, so that colours would be wrong."""

_PNG = "另存为背景透明的 PNG（600 DPI）"
_DAMAGED = f"没有签名：SVG 印章图片打不开，可能已损坏。请重新导出，或{_PNG}再试。"
_TOO_MUCH = f"没有签名：SVG 印章图片画不出来，可能太复杂或尺寸不对。请{_PNG}再试。"
_TOO_LARGE = f"没有签名：SVG 印章图片超过 {_MOST >> 20} MB。请{_PNG}再试。"
_HAS_WORDS = (
    "没有签名：SVG 印章图片里有文字（<{0}>），各台电脑的字体不同，画出来不一定准确。"
    "请在画图软件里把文字转成曲线（文字转曲）再保存。"
)
_HAS_IMAGE = "没有签名：SVG 印章图片里嵌着位图（<image>）。请直接用背景透明的 PNG 图片。"
_HAS_OTHER = (
    "没有签名：SVG 印章图片里有{0}，画出来不一定准确。"
    "请在画图软件里转成路径再保存，或另存为背景透明的 PNG（600 DPI）再试。"
)
_HAS_OUTSIDE = "没有签名：SVG 印章图片引用了图片以外的内容（{0}）。请在画图软件里去掉引用再保存。"
_HAS_ENTITIES = f"没有签名：SVG 印章图片里定义了实体（<!ENTITY>），不能用。请另存为普通 SVG，或{_PNG}再试。"


def is_vector(picture: bytes) -> bool:
    """Whether a picture is an SVG, plain or packed (.svgz), by its first bytes."""
    return picture.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_BEGINNINGS)


def judged(picture: bytes) -> bytes:
    """A drawing that is fit to be drawn, in UTF-8.

    Raises:
        SigningRefused: it is damaged, or has something that cannot be drawn faithfully.
    """
    content = _unpacked(picture)
    if len(content) > _MOST:
        raise SigningRefused(_TOO_LARGE)
    # Entities are left as they are, since they are refused; and nothing is fetched.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise SigningRefused(_DAMAGED) from None
    for fault in _faults(root):
        raise SigningRefused(fault)
    # Written anew, so that the renderer reads exactly what was judged.
    return etree.tostring(root, encoding="utf-8")


def _unpacked(picture: bytes) -> bytes:
    if not picture.startswith(_GZIP):
        return picture
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(picture, _MOST + 1)
    except zlib.error:
        raise SigningRefused(_DAMAGED) from None


def _faults(root: etree._Element) -> Iterator[str]:
    declared: Any = root.getroottree().docinfo.internalDTD  # the stubs know nothing of entities
    if declared is not None and declared.entities():
        yield _HAS_ENTITIES
    if root.tag != f"{_SVG}svg":
        yield _DAMAGED
    if any(isinstance(each, etree._ProcessingInstruction) for each in root.itersiblings(preceding=True)):
        yield _HAS_OUTSIDE.format("xml-stylesheet")
    for element in root.iter(f"{_SVG}*"):
        yield from _faults_of(element)
    if not any(True for _ in root.iter(*(_SVG + shape for shape in _SHAPES))):
        yield "没有签名：SVG 印章图片里什么也没有画。请重新导出。"


def _faults_of(element: etree._Element) -> Iterator[str]:
    name = str(element.tag).removeprefix(_SVG)
    if name in _WORDS:
        yield _HAS_WORDS.format(name)
    elif name == "image":
        yield _HAS_IMAGE
    elif name not in _KNOWN:
        yield _HAS_OTHER.format(f"“<{name}>”")
    style = "".join(map(str, element.itertext())) if name == "style" else ""
    if _BEYOND.search(style) or any("var(" in str(value) for value in element.attrib.values()):
        yield _HAS_OTHER.format("复杂的样式")
    yield from map(_HAS_OUTSIDE.format, _outside(element, style))


def _outside(element: etree._Element, style: str) -> Iterator[str]:
    """What an element takes from other files or addresses, shortened."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == "href" and not str(value).strip().startswith("#"):
            yield str(value)[:60]
    for text in (style, *map(str, element.attrib.values())):
        yield from (found[:60] for found in _OUTSIDE.findall(text))


def drawn(svg: bytes, side: int) -> bytes:
    """A judged drawing as a PNG with transparency.

    Args:
        svg: the drawing.
        side: the longer side, in pixels.

    Raises:
        SigningRefused: it cannot be drawn, or not in reasonable time.
        ToolMissing: the renderer is not installed.
    """
    if sentence := missing(DRAWINGS):
        raise ToolMissing(sentence)
    program = str(Path(__file__).with_name("drawing.py"))
    try:
        ran = subprocess.run(
            [sys.executable, "-P", program, "seal", str(side)],
            input=svg,
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise SigningRefused(_TOO_MUCH) from None
    return ran.stdout
