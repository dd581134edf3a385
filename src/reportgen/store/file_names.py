"""Names that every disk takes, made of what a report calls itself. Pure text."""

import hashlib

MOST_BYTES = 180
"""Disks take 255 bytes, three for a Chinese character; marks and suffixes are added to the name."""

_HIDDEN = (
    *range(0x20),
    *range(0x7F, 0xA0),
    # What turns the direction of writing makes a name read otherwise than it is.
    *(0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_UNFIT: dict[int, str | None] = {
    **dict.fromkeys(_HIDDEN),
    **{ord(sign): full for sign, full in zip('<>:"/\\|?*', "＜＞：＂／＼｜？＊", strict=True)},
}


def fitting(text: str, otherwise: str) -> str:
    """A text as the name of a file or folder, without a suffix.

    Args:
        text: what it shall be called. Where it is too long it is cut, with some signs at the end that tell
            it from another one that begins alike.
        otherwise: the name where nothing of it is left.
    """
    name = text.translate(_UNFIT).strip(" .")
    short = cut(name, MOST_BYTES)
    if short != name:
        return f"{short.rstrip(' .')}～{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:6]}"
    return name or otherwise


def cut(text: str, most: int) -> str:
    """As many of the first characters as fit into so many bytes."""
    return text.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore")
