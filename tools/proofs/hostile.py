"""Damaged and hostile files, thousands of them, each ending in a sentence."""

from pathlib import Path

from damaging import damaged_files, tedious_files
from enduring import examining, sound
from proofs import Proof, Tried

_SHORT, _LONG = 57, 400
"""So many files of every kind cut, as many flipped, as many torn; the short ones make a thousand in all."""


def _run(long: bool, folder: Path) -> Tried:
    seeds = sound()
    with examining(folder, seeds) as worker:
        damaged, faults = worker.faults(damaged_files(seeds, _LONG if long else _SHORT))
        tedious, more = worker.faults(tedious_files(seeds)) if long else (0, [])
    figures = {"files damaged by seed, or made to do harm": damaged, "files tedious to read": tedious}
    return Tried({what: count for what, count in figures.items() if count}, (*faults, *more))


PROOF = Proof(
    "hostile",
    "Whatever bytes come, they end in a sentence: soon, in little memory, never in a traceback.",
    _run,
)
