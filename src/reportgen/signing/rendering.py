"""Draws two PDFs and compares their pages: a program of its own, told what to do on its input.

The input is a line of JSON, then the bytes of both files; the output is JSON. A hostile page can keep a
renderer busy for hours; whoever runs this sets limits of time and memory and survives its death. Nothing of
reportgen is imported here.
"""

import ctypes
import json
import sys
from typing import Any

_DOTS_PER_INCH = 96
_MEMORY = 1 << 30
"""Bytes that drawing may take."""
_SECONDS = 4
"""Of the processor; a page of a report takes a fiftieth of one."""
_EDGE = 2
"""Dots around a signature's place that its smooth edge may touch."""


def main() -> None:
    """Compare what stands on the input."""
    _limit()
    wish: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    before = sys.stdin.buffer.read(wish["before"])
    after = sys.stdin.buffer.read()
    json.dump(compared(before, after, wish["places"]), sys.stdout)


def compared(before: bytes, after: bytes, places: list[dict[str, Any]]) -> dict[str, Any]:
    """What differs.

    Args:
        before: a PDF.
        after: the same with something added.
        places: ``page`` (from 0), ``rectangle`` (points) and ``new`` of what may differ; where it is new,
            the page must be empty there.

    Returns:
        ``pages``: how many pages both have; ``changed``: numbers of pages that differ, from 1;
        ``covered``: numbers of pages on which a new place is not empty.
    """
    import pypdfium2

    old, new = (pypdfium2.PdfDocument(each) for each in (before, after))
    for each in (old, new):
        each.init_forms()
    changed, covered = [], set()
    for number in range(min(len(old), len(new))):
        pictures = [_drawn(each[number]) for each in (old, new)]
        for place in (each for each in places if each["page"] == number):
            box = _box(old[number], place["rectangle"])
            if place["new"] and not _is_empty(pictures[0].crop(box)):
                covered.add(number + 1)
            for picture in pictures:
                picture.paste((0, 0, 0), box)
        same = pictures[0].size == pictures[1].size and pictures[0].tobytes() == pictures[1].tobytes()
        if not same:
            changed.append(number + 1)
    return {"pages": [len(old), len(new)], "changed": changed, "covered": sorted(covered)}


def _drawn(page: Any) -> Any:
    return page.render(scale=_DOTS_PER_INCH / 72, may_draw_forms=True).to_pil().convert("RGB")


def _box(page: Any, rectangle: list[float]) -> tuple[int, int, int, int]:
    """A rectangle of a page in dots of its picture, however the page is turned or cut."""
    import pypdfium2.raw as pdfium

    width, height = (round(side * _DOTS_PER_INCH / 72) for side in page.get_size())
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    left, bottom, right, top = rectangle
    for across, up in ((left, bottom), (right, top)):
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, up, x, y)
        corners.append((x.value, y.value))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2) - _EDGE, min(y1, y2) - _EDGE, max(x1, x2) + _EDGE, max(y1, y2) + _EDGE


def _is_empty(picture: Any) -> bool:
    return all(least == most for least, most in picture.getextrema())


def _limit() -> None:
    """Bounds memory and time and leaves no dump behind, where the system can do so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_CORE, 0))
    for kind, amount in limits:
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (amount if most == resource.RLIM_INFINITY else min(amount, most), most))


if __name__ == "__main__":
    main()
