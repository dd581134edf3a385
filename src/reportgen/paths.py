"""What paths are called where they are told, and whether the system lets us see what stands there."""

import contextlib
import os
import re
from pathlib import Path

_SPLIT = re.compile(r"[\s()&;|<>'*?\[\]{}$`#!,=^%]")
"""What a console does not take for a part of a name."""


def seems_file(path: Path) -> bool:
    """True if a file is there; what the system does not let us see is not there."""
    with contextlib.suppress(OSError):
        return path.is_file()
    return False


def seems_folder(path: Path) -> bool:
    """True if a folder is there; what the system does not let us see is not there."""
    with contextlib.suppress(OSError):
        return path.is_dir()
    return False


def resolved(path: Path) -> Path:
    """Where a path leads; links that go in a circle are left as they are."""
    return Path(os.path.realpath(path))


def quoted(path: Path) -> str:
    """A path in a command that is printed to be copied: in quotes, which every console takes, if need be."""
    text = shown(path)
    return f'"{text}"' if _SPLIT.search(text) else text


def shown(path: Path) -> str:
    """A path as text that can be written anywhere, whatever bytes the disk holds for a name."""
    return str(Path(*map(_readable, path.parts)))


def _readable(part: str) -> str:
    try:
        part.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(part)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("gb18030", "replace")
    return part
