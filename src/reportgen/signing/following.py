"""What came into a PDF after a signature, by three comparisons: of bytes, of objects, of pages."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from reportgen.signing.changes import Changes, Shown, changes
from reportgen.signing.objects import texts
from reportgen.signing.updates import Updates, updates_after

_BROKEN = "文件的结构已经损坏"
_SAME = "各页看上去没有变化"
_PATIENCE = 30
"""Seconds; where the system can bound it, the drawing program ends itself long before."""


def end_of(signature: EmbeddedPdfSignature) -> int:
    """How many bytes of the file a signature speaks for, its own data among them."""
    _, _, begin, length = (int(each) for each in signature.byte_range)
    return begin + length


def additions(
    pdf: bytes, reader: PdfFileReader, sound: Sequence[EmbeddedPdfSignature], ends: Sequence[int]
) -> tuple[tuple[str, ...], ...]:
    """What came after beginnings of a file and is neither a sound signature nor a proof of one.

    Args:
        pdf: the file.
        reader: the same, opened.
        sound: its signatures that hold by themselves.
        ends: how long each beginning is.

    Returns:
        For each beginning, what came, in a clerk's words; nothing where nothing else came.
    """
    found = [_added(pdf, reader, sound, end) for end in ends]
    waiting = [number for number, end in enumerate(ends) if end < len(pdf)]
    beginnings = [_Beginning(ends[number], found[number].shown) for number in waiting]
    seen = dict(zip(waiting, _seen_changes(pdf, beginnings), strict=True))
    return tuple(
        tuple(dict.fromkeys((*each.told, *_pages(each.told, seen.get(number, ())))))
        for number, each in enumerate(found)
    )


def _pages(told: tuple[str, ...], seen: tuple[str, ...]) -> tuple[str, ...]:
    return seen or ((f"{_SAME}，改的是看不见的部分",) if told else ())


def _added(pdf: bytes, reader: PdfFileReader, sound: Sequence[EmbeddedPdfSignature], end: int) -> Changes:
    if end == len(pdf):
        return Changes(())
    try:
        return _compared(pdf, reader, sound, end)
    except Exception:
        # What was tampered with may fail anywhere, in ways that nobody has listed.
        return Changes((_BROKEN,))


def _compared(pdf: bytes, reader: PdfFileReader, sound: Sequence[EmbeddedPdfSignature], end: int) -> Changes:
    later = {each.fq_name for each in sound if end_of(each) > end}
    updates = updates_after(pdf, end, reader)
    with (
        pikepdf.open(io.BytesIO(pdf[:end]), attempt_recovery=False, suppress_warnings=True) as old,
        pikepdf.open(io.BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as new,
    ):
        found = changes(old, new, later, updates)
        faults = [len(each.get_warnings()) for each in (old, new)]
    told = (*updates.told, *found.told, *_idle(pdf, reader, sound, end))
    if faults[1] > faults[0]:
        told += ("加的内容写得不合规定",)
    return Changes(told, found.shown)


def _idle(
    pdf: bytes, reader: PdfFileReader, sound: Sequence[EmbeddedPdfSignature], end: int
) -> tuple[str, ...]:
    """Whether anything was written again after the last signature although it did not change."""
    last = max(end, *(end_of(each) for each in sound), 0)
    if last >= len(pdf):
        return ()
    tail = updates_after(pdf, last, reader)
    if tail.count and (not tail.numbers or _written_again(pdf, last, tail)):
        return ("原有的内容没有变，但又写了一遍",)
    return ()


def _written_again(pdf: bytes, last: int, tail: Updates) -> bool:
    with (
        pikepdf.open(io.BytesIO(pdf[:last]), suppress_warnings=True) as before,
        pikepdf.open(io.BytesIO(pdf), suppress_warnings=True) as after,
    ):
        old, new = texts(before, tail.numbers), texts(after, tail.numbers)
    return any(number in old and old[number] == new.get(number) for number in tail.numbers)


def forbidden(signature: EmbeddedPdfSignature, sound: Sequence[EmbeddedPdfSignature]) -> Iterator[str]:
    """What came later although the signature itself forbids it (ISO 32000-2, 12.8.2.2 and 12.8.2.4)."""
    later = [each for each in sound if end_of(each) > end_of(signature)]
    lock = signature.fieldmdp
    if (later and signature.docmdp_level is MDPPerm.NO_CHANGES) or (
        lock is not None and any(lock.is_locked(each.fq_name) for each in later)
    ):
        yield "这个签名不许以后再加签名"


# ── how the pages look, dot by dot ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Beginning:
    """A PDF as it was: the first bytes of what it is.

    Attributes:
        end: how many bytes.
        places: where later signatures are shown; what is seen there is theirs.
    """

    end: int
    places: tuple[Shown, ...] = ()


def _seen_changes(pdf: bytes, beginnings: Sequence[_Beginning]) -> list[tuple[str, ...]]:
    """In a clerk's words, which pages look otherwise than before.

    Args:
        pdf: the file as it is.
        beginnings: as it was.

    Returns:
        For each beginning, what is seen; nothing where all pages look the same.
    """
    if not beginnings:
        return []
    try:
        ran = subprocess.run(
            [sys.executable, "-P", str(Path(__file__).with_name("drawing.py")), "pages"],
            input=json.dumps([asdict(each) for each in beginnings]).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
        found = json.loads(ran.stdout)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, ValueError):
        return [("各页画不出来，或者画得太久，不能逐页比较",)] * len(beginnings)
    return [tuple(_told(each)) for each in found]


def _told(found: dict[str, Any]) -> Iterator[str]:
    was, now = found["pages"]
    if was != now:
        yield f"签名时有 {was} 页，现在有 {now} 页"
    elif found["changed"]:
        yield f"第 {'、'.join(map(str, found['changed']))} 页与签名时不同"
    if found["covered"]:
        yield f"第 {'、'.join(map(str, found['covered']))} 页加的签名盖住了原有的内容"
