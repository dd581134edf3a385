"""Examines the files named on its input one after another, in little memory, and says how each went.

A process of its own, so that a crash or a hunger for memory is seen from outside and ends nobody else.
"""

import json
import resource
import sys
import time
from pathlib import Path

from reportgen.commands.outcomes import Tally, told
from reportgen.pipeline import Material, Outcome, examine
from reportgen.problems import FileTrouble
from reportgen.store.workspace import material, supplies

_ADDRESSES = 1536 * 1024 * 1024
"""Memory that may be asked for; what is really used is measured, and must be far less."""


def main() -> None:
    """Answer every line with one of JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    gathered = supplies(templates=False)
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        start = time.process_time()
        tally = Tally()
        try:
            outcome = examine(material(path), gathered)
        except FileTrouble as trouble:
            outcome = Outcome(Material(str(path), b""), failures=(trouble,))
        tally.add(outcome)
        words = told(outcome)
        answer = {
            "exit": tally.gravest,
            "words": words[:20_000],
            "codes": sorted({finding.code for finding in outcome.findings}),
            "seconds": time.process_time() - start,
            "peak": _peak(),
        }
        print(json.dumps(answer), flush=True)  # noqa: T201 - the way it answers


def _peak() -> int:
    """The most memory that was in use, in megabytes; ``ru_maxrss`` would count the parent's too."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in each]
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
