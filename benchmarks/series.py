"""One ``build`` of many reports in this process; prints as JSON what processor time its steps took.

Usage: series.py OUT FILE…. LibreOffice is another process and does not count; waiting costs nothing.
A step that the program does not have any more is named on the other stream and left out.
"""

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

Steps = dict[str, float]
"""Seconds by the names of the steps."""

_FUNCTIONS = {
    "reading and checking": ("reportgen.pipeline", "examine"),
    "words": ("reportgen.pipeline", "words"),
    "asking LibreOffice and waiting": ("reportgen.makers.pdf_libreoffice.convert", "convert"),
    "place of the seal": ("reportgen.signing.field", "find_place"),
    "finishing the PDF": ("reportgen.makers.pdf.finishing", "finished"),
    "proving the PDF": ("reportgen.makers.pdf.proof", "prove"),
    "writing the files": ("reportgen.store.workspace", "store"),
    "the manifest": ("reportgen.store.manifest", "of"),
}
_MAKERS = {
    "filling the Word file": ("reportgen.makers.docx_docxtpl", "make"),
    "proving the Word file": ("reportgen.makers.docx_docxtpl", "prove"),
    "characters that no font has, before": ("reportgen.makers.pdf_libreoffice", "examine"),
    "characters that no font has, after": ("reportgen.makers.pdf_libreoffice", "prove"),
}


def main() -> int:
    """Build, and tell what each step took."""
    steps: Steps = {}
    first: list[float] = []
    for name, (module, function) in _FUNCTIONS.items():
        with _told_if_missing(name):
            place = import_module(module)
            setattr(place, function, _timed(steps, name, getattr(place, function), first))
    for name, (module, field) in _MAKERS.items():
        with _told_if_missing(name):
            place = import_module(module)
            place.MAKER = replace(  # type: ignore[attr-defined]
                place.MAKER, **{field: _timed(steps, name, getattr(place.MAKER, field), first)}
            )
    from reportgen.cli import main as reportgen
    from reportgen.commands import build

    build.FEW = len(sys.argv)  # all in this process, which is what is measured
    with contextlib.redirect_stdout(io.StringIO()):
        code = reportgen(["build", *sys.argv[2:], "--out", sys.argv[1], "--force"])
    told = {"all": time.process_time(), "before the first": first[0], **steps}
    print(json.dumps(told))
    return code


@contextlib.contextmanager
def _told_if_missing(name: str) -> Any:
    try:
        yield
    except (ImportError, AttributeError) as error:
        print(f"not measured: {name} ({error})", file=sys.stderr)


def _timed(steps: Steps, name: str, function: Callable[..., Any], first: list[float]) -> Callable[..., Any]:
    """The function, with the processor time that it takes added to the steps."""

    def timed(*arguments: Any, **named: Any) -> Any:
        begun = time.process_time()
        if not first:
            first.append(begun)
        try:
            return function(*arguments, **named)
        finally:
            steps[name] = steps.get(name, 0.0) + time.process_time() - begun

    return timed


if __name__ == "__main__":
    sys.exit(main())
