"""The picture of a seal that a clerk gives, PNG or SVG, cut to the seal itself and fit to be printed."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

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
