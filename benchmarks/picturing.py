"""A picture of figures: horizontal bars as an SVG of its own, with the range of the rounds as a line."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH, _LEFT, _LENGTH, _STEP = 720, 230, 380, 40
_OURS, _THEIRS = "#2a6f97", "#a9b4bd"


class Bar(NamedTuple):
    """A figure with its name, and its least and greatest round, 0 where there is one round only."""

    name: str
    value: float
    ours: bool = False
    least: float = 0.0
    most: float = 0.0


def bars(title: str, figures: Sequence[Bar]) -> str:
    """The picture; the longest bar has the full length."""
    scale = _LENGTH / max((max(each.value, each.most) for each in figures), default=1.0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_STEP * (len(figures) + 1)}" '
        'font-family="sans-serif" font-size="14">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="10" y="22">{escape(title)}</text>',
    ]
    for at, each in enumerate(figures):
        top, end = _STEP * (at + 1), _LEFT + max(each.value, each.most) * scale
        parts += [
            f'<text x="10" y="{top + 17}">{escape(each.name)}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{each.value * scale:.1f}" height="24" '
            f'fill="{_OURS if each.ours else _THEIRS}"/>',
            f'<text x="{10 + end:.1f}" y="{top + 17}">{_figure(each.value)}</text>',
        ]
        if each.most:
            parts.append(f'<path d="M{_LEFT + each.least * scale:.1f} {top + 12}H{end:.1f}" stroke="#222"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _figure(value: float) -> str:
    """A figure as people read it: two places below ten, else none."""
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
