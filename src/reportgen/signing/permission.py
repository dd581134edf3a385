"""Whether a PDF may be signed: no draft, no errors, and as it was made."""

import hashlib
from collections.abc import Container, Mapping
from typing import Any

from reportgen.problems import SigningRefused
from reportgen.signing.bounds import ensure_bounded
from reportgen.signing.pages import is_draft, read_pages
from reportgen.signing.verifying import only_signatures_since

_END = b"%%EOF"


def state_known_by(pdf: bytes, digests: Container[str]) -> bytes | None:
    """The file now, or as it was before one of its updates, if its digest is a known one.

    Every byte is read once, however many updates there are.

    Args:
        pdf: the file.
        digests: SHA-256, as hexadecimal digits.

    Returns:
        The newest such beginning of the file; None where there is none.
    """
    running, at, known = hashlib.sha256(), 0, 0
    for end in _ends(pdf):
        running.update(pdf[at:end])
        at = end
        if running.hexdigest() in digests:
            known = end
    return pdf[:known] if known else None


def _ends(pdf: bytes) -> list[int]:
    """Where a PDF ends or may have ended: behind an end mark, with or without the end of its line."""
    found = {len(pdf)}
    mark = pdf.find(_END)
    while mark >= 0:
        end = mark + len(_END)
        found |= {end + len(line) for line in (b"", b"\r", b"\n", b"\r\n") if pdf.startswith(line, end)}
        mark = pdf.find(_END, end)
    return sorted(found)


# ── whether a PDF may be signed: no draft, no errors, and as it was made ──────────────────────────────

Manifest = Mapping[str, Any]
"""What ``manifest.json`` says: ``draft``, ``findings`` by level, digests in ``files`` and ``made``."""


def ensure_permitted(pdf: bytes, name: str, manifest: Manifest | None) -> None:
    """See whether a PDF may be signed.

    Args:
        pdf: the file.
        name: its name, as the manifest lists it.
        manifest: of the folder that it lies in; None for a PDF that another program made.

    Raises:
        SigningRefused: it must not be signed.
        FileTrouble: it is no PDF, or one too large to be opened.
    """
    ensure_bounded(pdf)
    if manifest is not None:
        if manifest.get("draft"):
            raise SigningRefused("没有签名：这是草稿。请改好错误，重新生成正式的 PDF。")
        errors = manifest.get("findings", {}).get("error", 0)
        if errors:
            raise SigningRefused(f"没有签名：这份年报还有 {errors} 个错误。请改好，重新生成。")
        _ensure_unchanged(pdf, name, manifest)
    if is_draft(*read_pages(pdf)):
        raise SigningRefused("没有签名：PDF 的页眉上有“草稿”字样。请改好错误，重新生成正式的 PDF。")


def _ensure_unchanged(pdf: bytes, name: str, manifest: Manifest) -> None:
    """It is as it was made, or with nothing but signatures added since."""
    files = manifest.get("files", {})
    made = manifest.get("made", {})  # by the last run; "files" may hold older ones that no longer agree
    digests = set(made.values()) if made else {entry.get("sha256") for entry in files.values()}
    known = state_known_by(pdf, digests)
    if known is not None and only_signatures_since(pdf, known):
        return
    if known is not None or name in files:
        raise SigningRefused(f"没有签名：{name} 生成之后被修改过。请重新生成，再签名。")
    raise SigningRefused(
        f"没有签名：旁边的 manifest.json 里没有 {name}，不知道它是不是检查过的那一份。"
        f"请签 reportgen 生成的 PDF；别的程序做的 PDF，请加 --no-manifest。"
    )
