"""One Word file drawn many times by both ways, anywhere in a series: one PDF, to the byte."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from made import END, drawn, gathered, plainly_finished, text_of
from proofs import Proof, Tried
from reportgen.makers.pdf_libreoffice import convert
from reportgen.pipeline import Material, run

_RARE = "服务大厅只有30㎡，喆某来信答复不够快，"
"""Characters that another font draws, whose number LibreOffice counts on."""

_SHORT, _LONG = 4, 40
_RESTART = 7
"""So many files the standing LibreOffice draws before it is started anew."""


def _run(long: bool, folder: Path) -> Tried:
    del folder  # nothing is written
    times = _LONG if long else _SHORT
    docx = _word_file()
    standing, called = list(_by_standing(docx, times // 2)), list(_by_call(docx, times - times // 2))
    digests = [*standing, *called]
    odd = [
        f"file {at} has {digest[:12]}, the first {digests[0][:12]}"
        for at, digest in enumerate(digests)
        if digest != digests[0]
    ]
    figures = {"drawn by a standing LibreOffice": len(standing), "drawn by a call of its own": len(called)}
    return Tried(figures, tuple(odd))


def _word_file() -> bytes:
    text = text_of(end=END.replace("公开内容不够丰富", f"{_RARE}公开内容不够丰富"))
    return run(Material("年报.yaml", text.encode()), gathered(), ("docx",)).files["docx"]


def _by_standing(docx: bytes, times: int) -> Iterator[str]:
    """Each after another file than the one before, first and later in a LibreOffice's life."""
    for at in range(times):
        if at % _RESTART == 0:
            convert.stop()
        elif at % 2:
            drawn(text_of(2019 + at % _RESTART))
        yield _digest(convert.convert(docx))
    convert.stop()


def _by_call(docx: bytes, times: int) -> Iterator[str]:
    standing = convert._by_standing
    convert._by_standing = lambda *_: None
    try:
        for _ in range(times):
            yield _digest(convert.convert(docx))
    finally:
        convert._by_standing = standing


def _digest(raw: bytes) -> str:
    return hashlib.sha256(plainly_finished(raw)).hexdigest()


PROOF = Proof(
    "one_digest",
    "One Word file gives one PDF, to the byte: by the standing LibreOffice, first or later, and by a call.",
    _run,
)
