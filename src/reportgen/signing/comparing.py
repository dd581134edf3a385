"""What a reader sees of a change: the pages of a PDF as it was and as it is, dot by dot."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reportgen.signing.changes import Shown

SAME = "各页看上去没有变化"
_PATIENCE = 30
"""Seconds; where the system can bound it, the drawing program ends itself long before."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A PDF as it was: the first bytes of what it is.

    Attributes:
        end: how many bytes.
        places: where later signatures are shown; what is seen there is theirs.
    """

    end: int
    places: tuple[Shown, ...] = ()


def seen_changes(pdf: bytes, beginnings: Sequence[Beginning]) -> list[tuple[str, ...]]:
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
            [sys.executable, "-P", str(Path(__file__).with_name("rendering.py"))],
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
