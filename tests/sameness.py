"""What a PDF looks like, frozen as text and small pictures, so that a later one can be held against it.

A frozen report is a folder: ``report.yaml`` is what it is made from, ``words.txt`` its words in the order of
the file, a sentence a line, ``lines.txt`` the place of every line, ``page-1.png`` and so on its pages in
sixteen greys.
"""

import io
import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from pages import MM, Line, lines_of

SLACK = 0.1
"""Millimetres that a line may move, or become wider, and still stand where it did."""

STRONG = 80
"""Of 255: a pixel that differs by more than this differs strongly."""

MOST_STRONG = 12
"""Pixels of one page that may differ strongly: the edges of other outlines of the same characters."""

_DOTS_PER_INCH = 60
_GREYS = 16
_PAGE = "── 第{}页 ──"


@dataclass(frozen=True)
class Piece:
    """A piece of a line, up to a gap wider than a character: in a table, the text of a cell.

    Attributes:
        page: from 1.
        baseline: from the top of the page, in mm to 0.01, as the edges are.
        left: where its first character begins.
        right: where its last character ends.
        size: of the first character, in points.
        text: without blanks.
    """

    page: int
    baseline: float
    left: float
    right: float
    size: float
    text: str

    def __str__(self) -> str:
        """The piece as a line of ``lines.txt``."""
        edges = f"{self.baseline:6.2f} {self.left:6.2f} {self.right:6.2f}"
        return f"{self.page} {edges} {self.size:4.1f} {self.text}"

    def stands_where(self, other: "Piece") -> bool:
        """True if no edge is further from the other's than the slack, and neither page nor size differ."""
        moved = (self.baseline - other.baseline, self.left - other.left, self.right - other.right)
        return (self.page, self.size) == (other.page, other.size) and all(
            abs(each) <= SLACK + 1e-6 for each in moved
        )


@dataclass(frozen=True)
class Frozen:
    """The words, the pieces of lines and the pages of a PDF."""

    words: str
    pieces: tuple[Piece, ...]
    pages: tuple[Image.Image, ...]


def frozen(pdf: bytes) -> Frozen:
    """A PDF as it is compared."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        words, pages = [], []
        for number, page in enumerate(document, start=1):
            words += [_PAGE.format(number), *_sentences(page.get_textpage().get_text_range())]
            pages.append(_grey(page.render(scale=_DOTS_PER_INCH / 72, grayscale=True).to_pil()))
    finally:
        document.close()
    pieces = tuple(piece for line in lines_of(pdf) for piece in _pieces(line))
    return Frozen("\n".join(words) + "\n", pieces, tuple(pages))


def write(now: Frozen, folder: Path) -> None:
    """Freeze a report: its folder holds this and ``report.yaml``, and nothing of before."""
    for old in folder.glob("page-*.png"):
        old.unlink()
    (folder / "words.txt").write_text(now.words, encoding="utf-8")
    (folder / "lines.txt").write_text("".join(f"{piece}\n" for piece in now.pieces), encoding="utf-8")
    for number, page in enumerate(now.pages, start=1):
        small = page.point(lambda grey: grey // 17)
        small.putpalette([grey * 17 for grey in range(_GREYS) for _ in "rgb"])
        small.save(folder / f"page-{number}.png", optimize=True, bits=4)


def kept(folder: Path) -> Frozen:
    """A report as it was frozen.

    Raises:
        FileNotFoundError: it never was.
    """
    lines = (folder / "lines.txt").read_text("utf-8").splitlines()
    files = sorted(folder.glob("page-*.png"), key=lambda file: int(file.stem.partition("-")[2]))
    pages = tuple(Image.open(io.BytesIO(file.read_bytes())).convert("L") for file in files)
    return Frozen((folder / "words.txt").read_text("utf-8"), tuple(map(_piece, lines)), pages)


def differences(then: Frozen, now: Frozen, folder: Path) -> list[str]:
    """How a PDF differs from what was frozen, each difference as one line; none if it is the same.

    Args:
        then: what was frozen.
        now: what has come of the same file now.
        folder: where the pages that look different are written, then, now and the strong pixels in red.
    """
    pages = zip_longest(then.pages, now.pages)
    return [
        *_other_words(then.words, now.words),
        *_other_places(then.pieces, now.pieces),
        *(told for number, pair in enumerate(pages, start=1) for told in _other_page(number, *pair, folder)),
    ]


def _other_words(then: str, now: str) -> list[str]:
    pairs = zip_longest(then.splitlines(), now.splitlines(), fillvalue="(nothing)")
    return [f"words: {before} → {after}" for before, after in pairs if before != after]


def _other_places(then: tuple[Piece, ...], now: tuple[Piece, ...]) -> list[str]:
    """The pieces that moved; those whose words differ are told as words, and their places as well."""
    told = []
    for before, after in zip_longest(then, now):
        if before is None or after is None:
            told.append(f"line: {before or '(nothing)'} → {after or '(nothing)'}")
        elif before.text != after.text or not after.stands_where(before):
            told.append(f"line: {before} → {after}")
    return told


def _other_page(number: int, then: Image.Image | None, now: Image.Image | None, folder: Path) -> list[str]:
    if then is None or now is None or then.size != now.size:
        sizes = [page.size if page else "(nothing)" for page in (then, now)]
        return [f"page {number}: {sizes[0]} → {sizes[1]}"]
    strong = ImageChops.difference(then, now).point(lambda grey: 255 * (grey > STRONG))
    count = strong.histogram()[255]
    if count <= MOST_STRONG:
        return []
    file = folder / f"page-{number}.png"
    shown = Image.new("RGB", (3 * then.width, then.height), "white")
    shown.paste(then, (0, 0))
    shown.paste(now, (then.width, 0))
    shown.paste((255, 0, 0), (2 * then.width, 0), strong)
    shown.save(file)
    return [f"page {number}: {count} pixels differ strongly, {MOST_STRONG} may; see {file}"]


def _sentences(text: str) -> list[str]:
    """The words without blanks, which a PDF does not hold but its readers guess; a line for each sentence."""
    return re.findall("[^。]+。?", "".join(text.split()))


def _grey(page: Image.Image) -> Image.Image:
    """A page in the greys that are frozen."""
    return page.convert("L").point(lambda grey: grey // 16 * 17)


def _pieces(line: Line) -> list[Piece]:
    pieces, start = [], 0
    signs = [sign for sign in line.signs if sign.text.strip()]
    for end in range(1, len(signs) + 1):
        if end == len(signs) or signs[end].left - signs[end - 1].right > signs[end].size * MM:
            run = Line(tuple(signs[start:end]))
            baseline, left, right = (round(edge, 2) for edge in (run.baseline, run.left, run.right))
            pieces.append(Piece(run.page, baseline, left, right, round(run.signs[0].size, 1), run.text))
            start = end
    return pieces


def _piece(line: str) -> Piece:
    page, baseline, left, right, size, text = line.split(maxsplit=5)
    return Piece(int(page), float(baseline), float(left), float(right), float(size), text)
