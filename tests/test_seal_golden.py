"""The last pages with the circle of the seal, as somebody looked at them once."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from made import END, pdf_of, text_of
from reportgen.signing.field import find_place
from reportgen.signing.pages import picture
from reportgen.signing.seal_place import Signing

pytestmark = [pytest.mark.office, pytest.mark.golden]

GOLDEN = Path(__file__).parent / "golden" / "seal"
ORGAN = "甲县乙镇人民政府"
MORE = "工作中还存在公开内容不够丰富的问题，下一步将改进公开方式，提高公开质量。\n\n  "
CASES = {
    "short": (0, ORGAN),
    "foot": (14, ORGAN),
    "long": (0, "甲省乙自治州丙县政务服务和数据管理局"),
    "two_lines": (0, "甲省乙自治州丙县丁镇人民政府政务公开与政务服务工作领导小组办公室"),
}
TOLERANCE = 2.0
"""The mean difference of a colour, of 255: other versions of the fonts or of LibreOffice."""


@pytest.mark.parametrize("case", CASES)
def test_the_last_page_looks_as_it_did(case: str, request: pytest.FixtureRequest) -> None:
    paragraphs, organ = CASES[case]
    end = END.replace("  工作中", "  " + MORE * paragraphs + "工作中", 1)
    pdf = pdf_of(text_of(end=end).replace(ORGAN, organ))
    prepared = find_place(pdf, Signing(organ))
    assert prepared.place is not None
    assert prepared.findings == ()
    drawn = Image.open(io.BytesIO(picture(pdf, prepared.place, dots_per_inch=50))).convert("RGB")
    golden = GOLDEN / f"{case}.png"
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        drawn.save(golden, optimize=True)
    with Image.open(golden) as opened:
        kept = opened.convert("RGB")
    difference = ImageStat.Stat(ImageChops.difference(drawn, kept)).mean
    assert max(difference) < TOLERANCE, f"{golden.name} differs by {max(difference):.1f}"
    edges = zip(_ring(drawn), _ring(kept), strict=True)
    assert all(abs(now - then) <= 1 for now, then in edges), (_ring(drawn), _ring(kept))


def _ring(page: Image.Image) -> tuple[int, int, int, int]:
    """Where the circle is: it is thin, so that the whole page would hardly differ without it."""
    red, green, _ = page.split()
    found = ImageChops.subtract(red, green).point(lambda value: 255 * (value > 60)).getbbox()
    assert found is not None
    return found
