"""Counts of a part only, told apart by the sentence itself: 收到20件，受理19件，退回1件."""

from collections.abc import Mapping
from decimal import Decimal

from reportgen.checks.claims.parsing import Claim

Told = Mapping[int, tuple[Claim, list[Decimal]]]
"""The claims of a sentence by their index, each with the figures that it may be of."""


def is_a_part(claim: Claim, told: Told) -> bool:
    """True if a claim with its neighbours adds up to a figure that the sentence tells before it.

    Neighbours that are claims must fit figures of their own; what is no claim may be of anything. How
    applications ended is never told in parts.
    """
    return claim.phrases[0].family == "request" and any(
        claim.at in run and all(at == claim.at or _fits(at, told) for at in run)
        for whole, (_, figures) in told.items()
        for run in (_run(claim, whole, figure) for figure in figures)
    )


def has_a_twin(claim: Claim, told: Told) -> bool:
    """True if the next number is told by the same words and makes up what the claim lacks.

    按期答复20件，延期答复1件 where 21 were.
    """
    words = claim.sentence.words
    after = [at for at in _numbers(claim) if at > claim.at]
    if not after or after[0] in told:
        return False
    same = words[slice(*claim.said)] in words[claim.span[1] : after[0]]
    return same and claim.number.value + claim.sentence.numbers[after[0]].value in told[claim.at][1]


def _fits(at: int, told: Told) -> bool:
    return at not in told or told[at][0].number.value in told[at][1]


def _numbers(claim: Claim) -> list[int]:
    """The numbers of the sentence with the claim's unit, in order."""
    numbers = claim.sentence.numbers
    return sorted(at for at in numbers if numbers[at].unit == claim.number.unit)


def _run(claim: Claim, whole: int, figure: Decimal) -> list[int]:
    """The numbers behind a whole that together are this figure; empty where they do not make it up."""
    run: list[int] = []
    for at in _numbers(claim):
        if at > whole and figure > 0:
            run.append(at)
            figure -= claim.sentence.numbers[at].value
    return run if figure == 0 and len(run) > 1 else []
