"""What a reader sees of a change: the pages of a PDF before and after it, dot by dot."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from reportgen.signing.changes import Shown

SAME = "各页看上去没有变化"
_PATIENCE = 30
"""Seconds; where the system can bound it, the drawing program ends itself long before."""


def seen_changes(before: bytes, after: bytes, places: Iterable[Shown]) -> tuple[str, ...]:
    """In a clerk's words, which pages look otherwise than before; nothing where all look the same.

    Args:
        before: the PDF as it was.
        after: as it is.
        places: where later signatures are shown; what is seen there is theirs.
    """
    wish = {"before": len(before), "places": [asdict(each) for each in places]}
    try:
        ran = subprocess.run(
            [sys.executable, "-P", str(Path(__file__).with_name("rendering.py"))],
            input=json.dumps(wish).encode() + b"\n" + before + after,
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
        return tuple(_told(json.loads(ran.stdout)))
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, ValueError):
        return ("各页画不出来，不能逐页比较",)


def _told(found: dict[str, list[int]]) -> Iterator[str]:
    was, now = found["pages"]
    if was != now:
        yield f"签名时有 {was} 页，现在有 {now} 页"
    elif found["changed"]:
        yield f"第 {'、'.join(map(str, found['changed']))} 页与签名时不同"
    if found["covered"]:
        yield f"第 {'、'.join(map(str, found['covered']))} 页加的签名盖住了原有的内容"
