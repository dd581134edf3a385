"""Proofs that take long: each module is one, with a short form for every change and a long one for a release.

A module of this folder has ``PROOF``; nothing else registers it. ``tools/prove.py`` runs the long forms and
writes ``docs/proofs.md``; ``tests/test_proofs.py`` runs the short ones.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests"), str(ROOT / "tools")]  # what the tests stand on is what the proofs try


@dataclass(frozen=True)
class Tried:
    """What a proof tried.

    Attributes:
        figures: what was tried → how often, in the order of telling; never empty.
        faults: what went otherwise than it must, each as one line; none where the proof holds.
    """

    figures: dict[str, int]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Proof:
    """A proof.

    Attributes:
        name: of its module.
        claim: the sentence that it proves.
        run: tries it, at length if asked; the folder is empty and for its use.
    """

    name: str
    claim: str
    run: Callable[[bool, Path], Tried]


def proofs() -> tuple[Proof, ...]:
    """Every proof of this folder, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").PROOF for name in names)
