"""What several rules ask of one report is reckoned once."""

import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

from reportgen.model.report import Report

Found = TypeVar("Found")


class once(Generic[Found]):
    """Decorator: keeps what a function gave for the last report, as long as somebody else keeps that report.

    One report at a time: a batch of thousands takes no more memory than one.
    """

    def __init__(self, reckon: Callable[[Report], Found]) -> None:
        """Take the function."""
        self._reckon = reckon
        self._kept: tuple[weakref.ref[Report], Found] | None = None

    def __call__(self, report: Report) -> Found:
        """What the function gives for the report."""
        kept = self._kept
        if kept is None or kept[0]() is not report:
            kept = self._kept = (weakref.ref(report, self._forget), self._reckon(report))
        return kept[1]

    def _forget(self, gone: weakref.ref[Report]) -> None:
        if self._kept and self._kept[0] is gone:
            self._kept = None
