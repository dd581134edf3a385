"""Damaged and hostile files, thousands of them, each ending in a sentence."""

from pathlib import Path

from damaging import Seeds, damaged_files, tedious_files
from enduring import PEAK, SECONDS, Defying, examining, listening, outside, sound
from hostile import hostile_files
from proofs import Proof, Tried
from reportgen.commands import names

_SHORT, _LONG = 57, 400
"""So many files of every kind cut, as many flipped, as many torn; the short ones make a thousand in all."""

_HARMFUL, _TENTH = 1_000, 100


def _run(long: bool, folder: Path) -> Tried:
    seeds = sound()
    with examining(folder, seeds) as worker:
        damaged, faults = worker.faults(damaged_files(seeds, _LONG if long else _SHORT))
        tedious, more = worker.faults(tedious_files(seeds)) if long else (0, [])
    harmful, others = _defied(seeds, folder, _HARMFUL if long else _TENTH)
    figures = {"files damaged by seed": damaged, "files tedious to read": tedious, **harmful}
    return Tried({what: count for what, count in figures.items() if count}, (*faults, *more, *others))


def _defied(seeds: Seeds, folder: Path, count: int) -> tuple[dict[str, int], list[str]]:
    """Files made to do harm, given to the whole program; templates where it judges them."""
    box = folder / "box" / "of" / "its own"
    box.mkdir(parents=True)
    before = outside(box)
    with listening() as (where, asked):
        worker = Defying(box, seeds)
        try:
            files = hostile_files(seeds, count, where, templates="template" in names())
            tried, faults = worker.faults(files)
        finally:
            worker.stop()
    faults += [f"somebody asked: {each}" for each in asked]
    faults += [f"written outside: {each}" for each in sorted(outside(box) - before)]
    kinds = "Word, web pages, Markdown, YAML, PDF, zip, templates"
    return {
        f"files made to do harm ({kinds}), each within {SECONDS:.0f} s and {PEAK} MB": tried,
        "milliseconds that the slowest of them took": round(1000 * worker.slowest),
        "megabytes that the largest of them took": worker.largest,
    }, faults


PROOF = Proof(
    "hostile",
    "Whatever bytes come, they end in a sentence: soon, in little memory, never in a traceback; nothing is "
    "fetched and nothing written elsewhere.",
    _run,
)
