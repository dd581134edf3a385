"""How a signature looks on the page: the picture of the seal at true size, or a ring with organ and date.

Words are drawn as outlines of a font's signs, so that no font needs to be embedded (PDF/A would want it).
"""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent, RawContent, ResourceType
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.stamp import StaticStampStyle

from reportgen.problems import SigningRefused
from reportgen.signing.vectors import drawn, is_vector, judged

_DENSITY = 600
"""Dots per inch of a seal that was drawn for us."""
_POINTS = 72
"""In an inch."""
_ENLARGED = 4
"""How many times larger than a seal the sheet may be that it is drawn on."""
_FAINT = 25
"""Of 255: what is fainter is no part of the seal, but dust."""
_COVERED = 0.7
"""The share of opaque dots above which the words below cannot be read; a white disc covers 0.78."""

_UNREADABLE = "没有签名：印章图片打不开。请用背景透明的 PNG 或 SVG 图片。"
_OPAQUE = "没有签名：印章图片的背景不透明，会盖住署名和日期。请用背景透明的 PNG 或 SVG 图片。"
_EMPTY = "没有签名：印章图片里什么也看不见。请重新导出。"
_SMALL = "没有签名：印章只占 SVG 图片的一小块。请在画图软件里把画布裁到印章的大小再保存。"


def seal_picture(picture: bytes, side: float) -> Image.Image:
    """The seal without what is transparent around it, so that its edges are those of the field.

    Args:
        picture: a PNG with transparency, or an SVG.
        side: of the field, in points.

    Raises:
        SigningRefused: it cannot be shown; the sentence says why.
        ToolMissing: SVG cannot be drawn here.
    """
    seal = _from_svg(picture, side) if is_vector(picture) else _trimmed(_opened(picture))
    if sum(seal.getchannel("A").histogram()[-5:]) > _COVERED * seal.width * seal.height:
        raise SigningRefused(_OPAQUE)
    return seal


def _opened(picture: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library remarks upon is nothing to a clerk
            with Image.open(io.BytesIO(picture)) as image:
                return image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise SigningRefused(_UNREADABLE) from None


def _trimmed(image: Image.Image) -> Image.Image:
    seen = image.getchannel("A").point([0] * _FAINT + [255] * (256 - _FAINT)).getbbox()
    if seen is None:
        raise SigningRefused(_EMPTY)
    return image.crop(seen)


def _from_svg(picture: bytes, side: float) -> Image.Image:
    """Drawn twice: first to see how much of its sheet the seal takes, then as fine as it is printed."""
    svg = judged(picture)
    wanted = round(side / _POINTS * _DENSITY)
    first = _trimmed(_opened(drawn(svg, wanted)))
    if max(first.size) * _ENLARGED < wanted:
        raise SigningRefused(_SMALL)
    return _trimmed(_opened(drawn(svg, round(wanted * wanted / max(first.size)))))


# ── how a signature looks on the page: the picture of the seal at true size, or a ring with organ and date

_RED = b"0.843 0 0.059"
_CENTRED = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(0, 0, 0, 0))


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is shown where the seal goes.

    Attributes:
        organ: who signs.
        date: when, as printed.
        picture: the seal as a PNG with transparency, or an SVG; empty for the ring.
        font: a font file for organ and date in the ring; empty for a ring without words.
    """

    organ: str = ""
    date: str = ""
    picture: bytes = b""
    font: bytes = b""


def style(appearance: Appearance, side: float) -> StaticStampStyle:
    """The appearance for a square field.

    Args:
        appearance: what is shown.
        side: of the field, in points.

    Raises:
        SigningRefused: the picture cannot be shown.
    """
    shown = _seal(appearance.picture, side) if appearance.picture else _ring(appearance, side)
    return StaticStampStyle(background=shown, background_layout=_CENTRED, border_width=0)


def _seal(picture: bytes, side: float) -> PdfContent:
    seal = seal_picture(picture, side)
    scale = side / max(seal.size)
    box = BoxConstraints(round(seal.width * scale, 2), round(seal.height * scale, 2))
    return _Ink(seal, name="Seal", box=box)


class _Ink(PdfImage):
    """A picture printed like ink: what is black below it stays black, as under a real seal."""

    def render(self) -> bytes:
        """The picture, multiplied with what it stands on."""
        blended = generic.DictionaryObject(  # type: ignore[no-untyped-call]
            {generic.NameObject("/BM"): generic.NameObject("/Multiply")}
        )
        self.set_resource(ResourceType.EXT_G_STATE, generic.NameObject("/Ink"), blended)
        return b"q /Ink gs %s Q" % super().render()


def _ring(appearance: Appearance, side: float) -> PdfContent:
    drawn = [b"q", _RED, b"RG", _RED, b"rg 1 w", _circle(side / 2, side / 2 - 1), b"S"]
    if appearance.font:
        font = _font(appearance.font)
        # Above and below the two printed lines, which stand a little below the middle.
        drawn += _words(font, "已电子签名", side, height=0.80)
        drawn += _words(font, appearance.organ, side, height=0.70)
        drawn += _words(font, appearance.date, side, height=0.13)
    data = b" ".join([*drawn, b"Q"])
    return RawContent(data, box=BoxConstraints(side, side))


def _circle(middle: float, radius: float) -> bytes:
    """A circle of four Bézier curves."""
    bend = radius * 0.5523
    low, high, near, far = middle - radius, middle + radius, middle - bend, middle + bend
    curves = (
        (high, far, far, high, middle, high),
        (near, high, low, far, low, middle),
        (low, near, near, low, middle, low),
        (far, low, high, near, high, middle),
    )
    start = b"%.2f %.2f m" % (high, middle)
    return b" ".join([start, *(b"%.2f %.2f %.2f %.2f %.2f %.2f c" % curve for curve in curves)])


def _font(content: bytes) -> TTFont:
    try:
        return TTFont(io.BytesIO(content), fontNumber=0, lazy=True)
    except (TTLibError, OSError) as error:
        raise SigningRefused("没有签名：签名外观用的字体文件打不开。") from error


def _words(font: TTFont, text: str, side: float, height: float) -> Iterator[bytes]:
    """A line of words as filled outlines, across the middle, as large as the circle allows."""
    signs = font.getGlyphSet()
    known = font.getBestCmap()
    names = [known[ord(sign)] for sign in text if ord(sign) in known]
    length = sum(signs[name].width for name in names) / font["head"].unitsPerEm
    if not length:
        return
    middle = side / 2
    chord = 2 * (middle**2 - (max(abs(height - 0.5), abs(height + 0.07 - 0.5)) * side) ** 2) ** 0.5
    size = min(8.0, 0.85 * chord / length)
    scale, x = size / font["head"].unitsPerEm, middle - length * size / 2
    for name in names:
        outline = _Outline(signs)
        signs[name].draw(TransformPen(outline, Transform(scale, 0, 0, scale, x, height * side)))
        yield b" ".join(outline.said)
        yield b"f"
        x += signs[name].width * scale


class _Outline(BasePen):  # type: ignore[misc]
    """Writes a sign's outline in the language of PDF pages."""

    def __init__(self, signs: object) -> None:
        super().__init__(signs)
        self.said: list[bytes] = []

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.said.append(b"%.2f %.2f m" % point)

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.said.append(b"%.2f %.2f l" % point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self.said.append(
            b"%.2f %.2f %.2f %.2f %.2f %.2f c" % tuple(each for point in points for each in point)
        )

    def _closePath(self) -> None:
        self.said.append(b"h")
