"""What a reader sees of a change: the pages of a PDF before and after it."""

import pypdfium2

_DOTS_PER_INCH = 60


def seen_changes(before: bytes, after: bytes) -> str:
    """In a clerk's words, which pages look otherwise than before; empty where that cannot be seen."""
    try:
        old, new = _pages(before), _pages(after)
    except pypdfium2.PdfiumError:
        return ""
    if len(old) != len(new):
        return f"签名时有 {len(old)} 页，现在有 {len(new)} 页"
    changed = [str(number) for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]]
    if not changed:
        return "各页看上去没有变化，改的是看不见的部分"
    return f"第 {'、'.join(changed)} 页与签名时不同"


def _pages(pdf: bytes) -> list[bytes]:
    """What each page looks like, with its notes."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=_DOTS_PER_INCH / 72).to_pil().tobytes() for page in document]
    finally:
        document.close()
