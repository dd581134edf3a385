"""Takes the readmes' pictures: pages of the sample reports, and findings as they stand on a screen.

Run it when the pages or the messages have changed: ``make pictures``.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

REPOSITORY = Path(__file__).resolve().parents[1]
PICTURES = REPOSITORY / "docs" / "pictures"
SCREEN_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
MONO_SC = 7
"""The face of the collection whose Chinese signs are exactly two columns wide."""


def main() -> None:
    """Take every picture anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        town = _built(out, "laiyang-xuefang/2020.yaml")
        city = _built(out, "suqian/2023.yaml")
        faulty = _built(out, "example-with-faults/2023.yaml", "--draft")
        _page(town, 0, "page-1.png")
        _page(city, _page_with(city, "三、收到和处理"), "table-three.png")
        _page(faulty, _page_with(faulty, "三、收到和处理"), "draft.png")
    _screen(_told(), "finding.png")


def _built(out: Path, name: str, *more: str) -> Path:
    command = ["build", str(REPOSITORY / "inputs" / name), "--out", str(out / name), *more]
    subprocess.run([sys.executable, "-m", "reportgen", *command], check=False, capture_output=True)
    return next((out / name).rglob("*.pdf"))


def _page_with(pdf: Path, words: str) -> int:
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    return next(number for number, text in enumerate(texts) if words in text)


def _page(pdf: Path, number: int, name: str) -> None:
    page = pypdfium2.PdfDocument(pdf)[number]
    picture = page.render(scale=1.1).to_pil().convert("L").quantize(16)
    picture.save(PICTURES / name, optimize=True)


def _told() -> list[str]:
    """The first two findings of the example with faults."""
    command = ["check", "inputs/example-with-faults/2023.yaml"]
    done = subprocess.run(
        [sys.executable, "-m", "reportgen", *command], cwd=REPOSITORY, capture_output=True, check=False
    )
    blocks = done.stdout.decode().split("\n\n")
    return ["> reportgen check 2023.yaml", "", *"\n\n".join(blocks[1:3]).splitlines()]


def _screen(lines: list[str], name: str) -> None:
    font = ImageFont.truetype(SCREEN_FONT, 20, index=MONO_SC)
    width = max(int(font.getlength(line)) for line in lines) + 40
    picture = Image.new("RGB", (width, 30 * len(lines) + 40), "#1e1e1e")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((20, 20 + 30 * number), line, font=font, fill="#e6e6e6")
    picture.quantize(16).save(PICTURES / name, optimize=True)


if __name__ == "__main__":
    main()
