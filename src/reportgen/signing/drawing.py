"""Draws what strangers sent, in a program of its own: seals given as SVG, pages of a PDF to be compared.

Renderers are native code that a hostile drawing can crash, or keep busy for hours; whoever runs this sets
limits of time and memory and survives its death. Nothing of reportgen is imported here.

``drawing.py seal SIDE`` takes an SVG on its input and gives a PNG whose longer side has so many pixels.
``drawing.py pages`` takes a line of JSON, then a PDF as it is; as it was, it is a beginning of that. It
gives JSON.
"""

import ctypes
import hashlib
import json
import sys
from typing import Any

_SEAL_MEMORY = 2 << 30
"""Bytes that a seal may take; it needs a hundredth of it."""
_PAGES_MEMORY = 1 << 30
"""Bytes that drawing pages may take."""
_PAGES_SECONDS = 4
"""Of the processor; a page of a report takes a fiftieth of one."""
_DOTS_PER_INCH = 96
_EDGE = 2
"""Dots around a signature's place that its smooth edge may touch."""

Box = tuple[int, int, int, int]


def main() -> None:
    """Draw what stands on the input."""
    _, what, *rest = sys.argv
    if what == "seal":
        _draw_seal(int(rest[0]))
    else:
        _compare_pages()


def _draw_seal(side: int) -> None:
    _limit(_SEAL_MEMORY)
    import resvg_py

    svg = sys.stdin.buffer.read().decode()
    # Inches are 96 pixels, as CSS has it. No fonts: what they are differs from one computer to the next.
    png = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, dpi=96, skip_system_fonts=True)
    sys.stdout.buffer.write(png)


def _compare_pages() -> None:
    _limit(_PAGES_MEMORY, _PAGES_SECONDS)
    beginnings: list[dict[str, Any]] = json.loads(sys.stdin.buffer.readline())
    pdf = sys.stdin.buffer.read()
    now = _Pages(pdf)
    json.dump([compared(_Pages(pdf[: each["end"]]), now, each["places"]) for each in beginnings], sys.stdout)


def compared(old: "_Pages", new: "_Pages", places: list[dict[str, Any]]) -> dict[str, Any]:
    """What differs.

    Args:
        old: the pages as they were.
        new: the pages as they are.
        places: ``page`` (from 0), ``rectangle`` (points) and ``new`` of what may differ; where it is new,
            the page must be empty there.

    Returns:
        ``pages``: how many pages both have; ``changed``: numbers of pages that differ, from 1;
        ``covered``: numbers of pages on which a new place is not empty.
    """
    changed, covered = [], set()
    for number in range(min(len(old), len(new))):
        here = [each for each in places if each["page"] == number]
        boxes = [old.box(number, each["rectangle"]) for each in here]
        if old.digest(number, boxes) != new.digest(number, boxes):
            changed.append(number + 1)
        if any(each["new"] and not old.is_empty(number, box) for each, box in zip(here, boxes, strict=True)):
            covered.add(number + 1)
    return {"pages": [len(old), len(new)], "changed": changed, "covered": sorted(covered)}


class _Pages:
    """The pages of a PDF, each drawn once as long as the same places are left out."""

    def __init__(self, pdf: bytes) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(pdf)
        self._document.init_forms()  # else fields are not drawn
        self._digests: dict[tuple[object, ...], bytes] = {}

    def __len__(self) -> int:
        return len(self._document)

    def digest(self, number: int, left_out: list[Box]) -> bytes:
        """What a page looks like but for some boxes."""
        key = (number, *left_out)
        if key not in self._digests:
            picture = self._drawn(number)
            for box in left_out:
                picture.paste((0, 0, 0), box)
            said = b"%d %d " % picture.size + picture.tobytes()
            self._digests[key] = hashlib.sha256(said).digest()
        return self._digests[key]

    def is_empty(self, number: int, box: Box) -> bool:
        """Whether a page is of one colour in a box."""
        return all(least == most for least, most in self._drawn(number).crop(box).getextrema())

    def box(self, number: int, rectangle: list[float]) -> Box:
        """A rectangle of a page in dots of its picture, however the page is turned or cut."""
        import pypdfium2.raw as pdfium

        page = self._document[number]
        width, height = (round(side * _DOTS_PER_INCH / 72) for side in page.get_size())
        x, y = ctypes.c_int(), ctypes.c_int()
        corners = []
        left, bottom, right, top = rectangle
        for across, up in ((left, bottom), (right, top)):
            pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, up, x, y)
            corners.append((x.value, y.value))
        (x1, y1), (x2, y2) = corners
        return min(x1, x2) - _EDGE, min(y1, y2) - _EDGE, max(x1, x2) + _EDGE, max(y1, y2) + _EDGE

    def _drawn(self, number: int) -> Any:
        page = self._document[number]
        return page.render(scale=_DOTS_PER_INCH / 72, may_draw_forms=True).to_pil().convert("RGB")


def _limit(memory: int, seconds: int = 0) -> None:
    """Bounds memory and time and leaves no dump behind, where the system can do so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = [(resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)]
    limits += [(resource.RLIMIT_CPU, seconds)] if seconds else []
    for kind, amount in limits:
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (amount if most == resource.RLIM_INFINITY else min(amount, most), most))


if __name__ == "__main__":
    main()
