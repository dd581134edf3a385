"""Runs the long form of every proof, or of those named, and writes docs/proofs.md when all were run.

``python tools/prove.py [NAME …]``; the exit code is 1 where a proof does not hold. With ``--short`` the short
forms are run and nothing is written.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from proofs import ROOT, Proof, Tried, proofs

PAGE = ROOT / "docs" / "proofs.md"
_SHOWN = 20
_HEAD = """# Proofs

<!-- Written by tools/prove.py (make proof); do not edit. -->

What takes too long for every change is proved before a release. A short form of each runs with the tests.
"""


def main(arguments: Sequence[str]) -> int:
    """Run the proofs, tell how each went, write the page; 1 where one does not hold."""
    known = {proof.name: proof for proof in proofs()}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="、".join(known))
    parser.add_argument("--short", action="store_true", help="the short forms; nothing is written")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(known):
        parser.error(f"no such proof: {', '.join(sorted(unknown))}")
    results = [(known[name], *_tried(known[name], not options.short)) for name in options.names or known]
    if not options.short and not options.names:
        PAGE.write_text(page(results, date.today(), machine()), encoding="utf-8")
    return int(any(tried.faults for _, tried, _ in results))


def _tried(proof: Proof, long: bool) -> tuple[Tried, float]:
    print(f"{proof.name}: {proof.claim}", flush=True)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reportgen-proof-") as folder:
        tried = proof.run(long, Path(folder))
    seconds = time.monotonic() - begin
    told = "".join(f"    {count:,} {what}\n" for what, count in tried.figures.items())
    faults = "".join(f"    FAULT {fault}\n" for fault in tried.faults[:_SHOWN])
    print(f"{told}{faults}    {len(tried.faults)} faults, {seconds:.0f} s", flush=True)
    return tried, seconds


def page(results: Sequence[tuple[Proof, Tried, float]], day: date, where: str) -> str:
    """docs/proofs.md: when, on what machine, what each proof tried and how it went."""
    parts = [_HEAD, f"{day.isoformat()}, {where}.\n"]
    for proof, tried, seconds in results:
        parts.append(f"## {proof.name}\n\n{proof.claim}\n")
        lines = [f"- {count:,} {what}" for what, count in tried.figures.items()]
        lines.append(f"- {len(tried.faults)} faults, {seconds:.0f} s")
        lines += [f"  - `{fault}`" for fault in tried.faults[:_SHOWN]]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def machine() -> str:
    """The machine in words: processor, how many of it, system, Python."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    cores = os.cpu_count()
    return f"{model or platform.machine()} × {cores}, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
