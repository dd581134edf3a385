"""The work that takes long, one at a time: LibreOffice serves one document, and pdfium one thread."""

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

_KEPT = 12
"""Reports whose pages are kept."""

_SCALE = 1.7
"""Dots of a page image for a point: sharp on a pane of half the screen."""

Result = TypeVar("Result")


@dataclass(slots=True)
class Drawn:
    """The PDF of one state of a report.

    Attributes:
        revision: of the text.
        pdf: its bytes; empty where none could be made.
        pages: how many there are.
        trouble: why there is no PDF (Chinese); empty where there is one.
        seal: the page and place of the seal as the proof gives them, in millimetres; None where unknown.
    """

    revision: str
    pdf: bytes = b""
    pages: int = 0
    trouble: str = ""
    seal: Mapping[str, Any] | None = None
    images: dict[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class _Wanted:
    draw: Callable[[], Drawn]
    answer: "Future[Drawn | None]"


class Jobs:
    """One thread that makes files and draws pages; for each report one drawing at most waits its turn."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._thread = ThreadPoolExecutor(1, "reportgen-jobs")
        self._lock = threading.Lock()
        self._wanted: dict[str, _Wanted] = {}
        self._drawn: OrderedDict[str, Drawn] = OrderedDict()

    def do(self, work: Callable[[], Result]) -> "Future[Result]":
        """Have something made when its turn comes."""
        return self._thread.submit(work)

    def draw(self, name: str, draw: Callable[[], Drawn]) -> "Future[Drawn | None]":
        """Have a report drawn; the answer is None where a later wish for the same report took its place."""
        answer: Future[Drawn | None] = Future()
        with self._lock:
            before = self._wanted.get(name)
            self._wanted[name] = _Wanted(draw, answer)
        if before:
            before.answer.set_result(None)
        else:
            self._thread.submit(self._draw_next, name)
        return answer

    @property
    def waiting(self) -> int:
        """How many drawings wait."""
        with self._lock:
            return len(self._wanted)

    def _draw_next(self, name: str) -> None:
        with self._lock:
            wanted = self._wanted.pop(name)
        try:
            drawn = wanted.draw()
        except Exception as bug:  # whoever waits must not wait for ever
            wanted.answer.set_exception(bug)
            return
        with self._lock:
            self._drawn[name] = drawn
            self._drawn.move_to_end(name)
            while len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        wanted.answer.set_result(drawn)

    def drawn(self, name: str, revision: str) -> Drawn | None:
        """What was drawn of this state of a report; None where that is gone or never was."""
        with self._lock:
            drawn = self._drawn.get(name)
        return drawn if drawn and drawn.revision == revision else None

    def image(self, drawn: Drawn, number: int) -> bytes:
        """A page (from 1) as a PNG, the place for the seal marked on its page. Runs in the one thread."""
        if number not in drawn.images:
            drawn.images[number] = _image(drawn, number)
        return drawn.images[number]

    def close(self) -> None:
        """Let the work at hand end, and take no more."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def _image(drawn: Drawn, number: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(drawn.pdf)
    try:
        picture = document[number - 1].render(scale=_SCALE).to_pil()
    finally:
        document.close()
    if drawn.seal and drawn.seal.get("page") == number:
        _mark_seal(picture, drawn.seal)
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _mark_seal(picture: Any, seal: Mapping[str, Any]) -> None:
    """Draw the circle where the seal goes."""
    from PIL import ImageDraw

    dots = _SCALE * 72 / 25.4
    left, top, across = (float(seal[key]) * dots for key in ("left_mm", "top_mm", "width_mm"))
    ImageDraw.Draw(picture).ellipse((left, top, left + across, top + across), outline=(200, 30, 30), width=3)
