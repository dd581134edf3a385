"""Pictures of seals: what is drawn, how large, and what is refused with which words."""

import gzip
import io
import re
import sys
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from reportgen.problems import Exit, SigningRefused, ToolMissing
from reportgen.signing import vectors
from reportgen.signing.appearance import seal_picture
from seals import seal_svg

SIDE = 42 / 25.4 * 72
"""Of the field, in points."""
DOTS = round(42 / 25.4 * 600)
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 99 99">'
)
SHAPE = '<circle cx="50" cy="50" r="40" fill="none" stroke="red"/>'


def refused(picture: str | bytes) -> str:
    """The sentence with which a picture is refused."""
    with pytest.raises(SigningRefused) as caught:
        seal_picture(picture.encode() if isinstance(picture, str) else picture, SIDE)
    assert caught.value.exit_code is Exit.SIGNING
    said = str(caught.value)
    assert said.startswith("没有签名：")
    assert said.endswith("。")
    assert "\n" not in said
    return said


def drawing(inner: str) -> str:
    """An SVG of a circle and something else."""
    return f"{HEAD}{SHAPE}{inner}</svg>"


def test_an_svg_is_drawn_at_600_dots_an_inch_without_a_background() -> None:
    seal = seal_picture(seal_svg(), SIDE)
    assert seal.size == pytest.approx((DOTS, DOTS), abs=1)
    assert seal.getpixel((DOTS // 2, DOTS // 2)) == (215, 0, 15, 255)
    assert seal.getpixel((DOTS // 8, DOTS // 2)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("attributes", "view"),
    [
        ("", "0 0 420 420"),
        ('width="100%" height="100%"', "0 0 420 420"),
        ('width="1e9" height="1e9"', "0 0 420 420"),
        ("", "-100 -300 800 1000"),
    ],
    ids=["no size", "a share", "enormous", "with a margin"],
)
def test_whatever_size_an_svg_claims_the_seal_fills_the_field(attributes: str, view: str) -> None:
    seal = seal_picture(seal_svg(attributes=attributes, view=view), SIDE)
    assert seal.size == pytest.approx((DOTS, DOTS), rel=0.005)


@pytest.mark.parametrize(
    "picture",
    [
        gzip.compress(seal_svg()),
        b"\xef\xbb\xbf" + seal_svg(),
        seal_svg().decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        seal_svg().decode().replace("UTF-8", "GBK").replace("<path", "<!--章--><path").encode("gbk"),
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://a.example/svg11.dtd">' + seal_svg()[39:],
    ],
    ids=["svgz", "byte order mark", "utf-16", "gbk", "doctype"],
)
def test_an_svg_may_be_packed_and_written_in_any_encoding(picture: bytes) -> None:
    assert seal_picture(picture, SIDE).size == pytest.approx((DOTS, DOTS), abs=1)


def test_styles_gradients_and_clips_within_the_svg_are_drawn() -> None:
    inner = (
        "<style>.ink { fill: #d7000f }</style>"
        '<defs><linearGradient id="g"><stop stop-color="red"/></linearGradient>'
        '<clipPath id="c"><rect width="50" height="99"/></clipPath></defs>'
        '<rect class="ink" x="20" y="20" width="9" height="9"/>'
        '<rect x="30" y="60" width="40" height="9" fill="url(#g)" clip-path="url(#c)"/>'
    )
    seal = seal_picture(drawing(inner).encode(), SIDE)
    step = DOTS / 81  # the ring with its line is 81 wide and begins at 9.5
    dots = [
        seal.getpixel((round((x - 9.5) * step), round((y - 9.5) * step))) for x, y in ((24, 24), (40, 64))
    ]
    assert dots == [(215, 0, 15, 255), (255, 0, 0, 255)]
    assert seal.getpixel((round((60 - 9.5) * step), round((64 - 9.5) * step))) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<text>章</text>", "文字转曲"),
        ("<image href='file:///etc/passwd'/>", "位图"),
        ("<image href='data:image/png;base64,aaaa'/>", "位图"),
        ("<use xlink:href='http://127.0.0.1:9/a.svg#b'/>", "http://127.0.0.1:9/a.svg#b"),
        ("<use href='/etc/passwd'/>", "/etc/passwd"),
        ("<rect fill='url(http://127.0.0.1:9/a.svg#b)'/>", "图片以外"),
        ("<g style='fill: url( \"a.svg#b\")'/>", "a.svg#b"),
        ("<style>@import 'a.css';</style>", "复杂的样式"),
        ("<style>rect { fill: url(a.svg#b) }</style>", "图片以外"),
        ("<rect style='fill: var(--ink)'/>", "复杂的样式"),
        ("<script>alert(1)</script>", "<script>"),
        ("<filter id='f'><feImage href='a.png'/></filter>", "<filter>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<animate attributeName='r' to='9'/>", "<animate>"),
    ],
)
def test_what_cannot_be_drawn_faithfully_is_refused(inner: str, words: str) -> None:
    assert words in refused(drawing(inner))


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (seal_svg()[:300], "打不开"),
        (f"{HEAD}</svg>", "什么也没有画"),
        (f"{HEAD}<rect/></svg>", "什么也看不见"),
        ("<html/>", "打不开"),
        (gzip.compress(b"hello"), "打不开"),
        (b"\x1f\x8bhello", "打不开"),
        (gzip.compress(seal_svg())[:200], "打不开"),
        ("<?xml-stylesheet href='a.css'?>" + drawing(""), "xml-stylesheet"),
        ('<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + drawing("&a;"), "ENTITY"),
        ('<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + drawing("&b;"), "ENTITY"),
        (seal_svg(attributes='width="0" height="0"'), "画不出来"),
        (seal_svg(view="0 0 9000 9000"), "画布"),
        (drawing(" " * 6_000_000), "5 MB"),
        (gzip.compress(b" " * 100_000_000), "5 MB"),
        (drawing("<g>" * 100_000 + "</g>" * 100_000), "打不开"),
    ],
    ids=[
        *(
            "cut off",
            "empty",
            "invisible",
            "html",
            "packed text",
            "damaged packing",
            "cut packing",
            "style sheet",
        ),
        *("outer entity", "entities", "no size", "tiny", "too large", "packed too large", "deeply nested"),
    ],
)
def test_a_drawing_that_is_none_is_told(picture: str | bytes, words: str) -> None:
    assert words in refused(picture)


def test_a_drawing_that_multiplies_itself_is_given_up() -> None:
    groups = ((n, f'<use href="#a{n - 1}"/>' * 10) for n in range(1, 9))
    tens = "".join(f'<g id="a{n}">{uses}</g>' for n, uses in groups)
    bomb = f'<defs><g id="a0"><rect width="5" height="5"/></g>{tens}</defs><use href="#a8"/>'
    assert "太复杂" in refused(drawing(bomb))


def test_a_drawing_that_crashes_the_renderer_is_told() -> None:
    deep = f"{HEAD}{'<g>' * 2000}{SHAPE}{'</g>' * 2000}</svg>"
    with pytest.raises(SigningRefused, match="太复杂"):
        vectors.drawn(deep.encode(), 100)


def test_a_drawing_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_PATIENCE", 0)
    assert "太复杂" in refused(seal_svg())


def test_a_style_of_nothing_but_blanks_is_judged_at_all() -> None:
    # As long as a drawing may be: a pattern that tries every blank with every other would take days.
    style = b"<style>url(" + b" " * 5_200_000 + b"#</style>"
    svg = seal_svg().replace(b"</svg>", style + b"</svg>")
    assert style in vectors.judged(svg)


def test_without_the_renderer_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.signing.find_spec", lambda _: None)
    with pytest.raises(ToolMissing, match=rf'{re.escape(sys.executable)} -m pip install "resvg-py>='):
        seal_picture(seal_svg(), SIDE)


@pytest.mark.parametrize(
    "background", ["<rect width='420' height='420'", "<circle cx='210' cy='210' r='210'"]
)
def test_a_white_background_is_refused(background: str) -> None:
    svg = seal_svg().decode().replace("<circle", f"{background} fill='white'/><circle", 1)
    assert "不透明" in refused(svg)


def test_a_png_is_cut_to_the_seal() -> None:
    sheet = Image.new("RGBA", (900, 700))
    sheet.paste(seal_picture(seal_svg(), SIDE).resize((300, 300)), (100, 50))
    sheet.putpixel((890, 690), (0, 0, 0, 5))  # dust
    out = io.BytesIO()
    sheet.save(out, "PNG")
    assert seal_picture(out.getvalue(), SIDE).size == (300, 300)


def test_the_renderer_is_not_imported_by_whoever_judges_a_drawing() -> None:
    seal_picture(seal_svg(), SIDE)
    assert "resvg_py" not in sys.modules
    assert "import reportgen" not in Path(vectors.__file__).with_name("drawing.py").read_text("utf-8")


def test_a_png_with_a_chunk_that_unpacks_without_end_is_refused() -> None:
    notes = PngImagePlugin.PngInfo()
    for _ in range(2):
        notes.add_text("note", "a" * 40_000_000, zip=True)
    out = io.BytesIO()
    Image.new("RGBA", (9, 9)).save(out, "PNG", pnginfo=notes)
    assert "打不开" in refused(out.getvalue())


def test_a_picture_that_is_remarked_upon_by_the_library_says_nothing_to_a_clerk(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100 * 100)
    out = io.BytesIO()
    seal = Image.new("RGBA", (120, 120))
    seal.paste((255, 0, 0, 255), (0, 0, 120, 30))
    seal.paste((255, 0, 0, 255), (0, 90, 120, 120))
    seal.save(out, "PNG")
    assert seal_picture(out.getvalue(), SIDE).size == (120, 120)
    assert not recwarn.list
