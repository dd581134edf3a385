"""Draws an SVG as a PNG: a program of its own, given the SVG on its input and the longer side in pixels.

The renderer is native code that a hostile drawing can crash, or keep busy for hours; whoever runs this
sets a limit of time and survives its death. Nothing of reportgen is imported here.
"""

import sys

_MEMORY = 2 << 30
"""Bytes that a drawing may take; a seal needs a hundredth of it."""


def main() -> None:
    """Draw what stands on the input."""
    _limit()
    import resvg_py

    side = int(sys.argv[1])
    svg = sys.stdin.buffer.read().decode()
    # Inches are 96 pixels, as CSS has it. No fonts: what they are differs from one computer to the next.
    png = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, dpi=96, skip_system_fonts=True)
    sys.stdout.buffer.write(png)


def _limit() -> None:
    """Bounds the memory and leaves no dump behind, where the system can do so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, amount in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CORE, 0)):
        _, most = resource.getrlimit(kind)
        resource.setrlimit(kind, (amount if most == resource.RLIM_INFINITY else min(amount, most), most))


if __name__ == "__main__":
    main()
