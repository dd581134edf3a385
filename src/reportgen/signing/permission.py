"""Whether a PDF may be signed: no draft, no errors, and as it was made."""

from collections.abc import Mapping
from typing import Any

from reportgen.advice import on_page
from reportgen.problems import SigningRefused
from reportgen.signing.bounds import ensure_bounded
from reportgen.signing.pages import is_draft, read_pages
from reportgen.signing.states import state_known_by
from reportgen.signing.verifying import only_signatures_since

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
        + on_page(
            "请签 reportgen 生成的 PDF；别的程序做的 PDF，请加 --no-manifest。",
            "请重新生成，再签名。",
        )
    )
