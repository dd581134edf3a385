"""The objects of a PDF as they are compared: by what would be written of them."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import pikepdf

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""


def texts(document: pikepdf.Pdf, more: Iterable[int] = ()) -> Mapping[int, bytes]:
    """Every object as it would be written, by its number; what it refers to only by number.

    Args:
        document: the PDF.
        more: numbers of objects that may stand beyond the number that the file says it has.
    """
    numbers = {*range(1, int(document.trailer.get("/Size", 0))), *more}
    found: dict[int, Any] = {number: document.get_object((number, 0)) for number in sorted(numbers)}
    return {number: _whole_text(each) for number, each in found.items() if each is not None}


def _whole_text(thing: Any) -> bytes:
    if isinstance(thing, pikepdf.Stream):
        head = thing.stream_dict.unparse(resolved=True)
        return head + hashlib.sha256(thing.read_raw_bytes()).digest()
    return text(thing, resolved=True)


def text(thing: Any, *, resolved: bool = False) -> bytes:
    """What would be written of an object where it stands: by its number if it has one, unless resolved."""
    if isinstance(thing, pikepdf.Object):
        return bytes(thing.unparse(resolved=resolved))
    return repr(thing).encode()


def differing(old: Any, new: Any) -> set[str]:
    """The keys under which two dictionaries differ; what a reference leads to is compared elsewhere."""
    keys = set(old.keys()) | set(new.keys())
    return {key for key in keys if text(old.get(key)) != text(new.get(key))}


def number_of(thing: Any) -> int:
    """The number of an object; 0 for what stands within another one."""
    return int(thing.objgen[0]) if isinstance(thing, pikepdf.Object) else 0


def listed(array: Any) -> list[Any]:
    """What an array holds; one thing alone counts as an array of one, and nothing as an empty one."""
    if array is None:
        return []
    return list(array) if isinstance(array, pikepdf.Array) else [array]


def kept(old: list[Any], new: list[Any]) -> bool:
    """Whether all of a list stand in another in the same order."""
    rest = iter([text(each) for each in new])
    return all(text(each) in rest for each in old)


def parts_of(thing: pikepdf.Object) -> list[pikepdf.Object]:
    """The objects that one holds or refers to, one step far."""
    if isinstance(thing, pikepdf.Array):
        held: list[Any] = list(thing)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        held = [value for _, value in thing.items()]
    else:
        held = []
    return [each for each in held if isinstance(each, pikepdf.Object)]


def reached(document: pikepdf.Pdf) -> set[int]:
    """The numbers of all objects that a reader can come to."""
    waiting: list[pikepdf.Object] = [document.trailer]
    seen: set[int] = set()
    while waiting:
        for part in parts_of(waiting.pop()):
            number = number_of(part)
            if number in seen:
                continue
            if number:
                seen.add(number)
            waiting.append(part)
    return seen


def rectangle(widget: pikepdf.Object) -> Rectangle:
    """Where a field or a note stands on its page."""
    left, bottom, right, top = (float(each) for each in widget.Rect)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def is_visible(widget: pikepdf.Object) -> bool:
    """True if a field or a note takes up any room on its page."""
    if "/Rect" not in widget:
        return False
    left, bottom, right, top = rectangle(widget)
    return right > left and top > bottom
