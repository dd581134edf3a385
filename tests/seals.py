"""A seal drawn by hand as SVG, for tests."""

_RED = "#d7000f"
_STAR = "210,80 239,170 334,170 257,226 287,316 210,260 133,316 163,226 86,170 181,170"
"""Large, so that it stands across the words below it."""


def seal_svg(
    more: str = "", attributes: str = 'width="42mm" height="42mm"', view: str = "0 0 420 420"
) -> bytes:
    """A red ring and a star that fill the sheet from edge to edge.

    Args:
        more: drawn above them.
        attributes: of the root.
        view: the view box; a larger one leaves a margin around the seal.
    """
    shapes = (
        f'<circle cx="210" cy="210" r="203" fill="none" stroke="{_RED}" stroke-width="14"/>'
        f'<polygon points="{_STAR}" fill="{_RED}"/>'
        f'<path d="M100 330 q110 60 220 0 l6 12 q-116 62 -232 0 z" fill="{_RED}"/>'
    )
    root = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes} viewBox="{view}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}{shapes}{more}</svg>\n'.encode()
