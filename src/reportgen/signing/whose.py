"""Whose report a PDF is, and whether whom a certificate names is that organ."""

import io
import unicodedata
from collections.abc import Sequence

import pikepdf

from reportgen.chinese.titles import ends_as_organ, organ_in

_GOVERNMENT = "人民政府"
_LONGEST = 100
_SEALS = ("公章", "电子公章", "印章", "电子印章", "签名", "电子签名")
"""What certificates for an organ's seal add to its name."""


def plain(name: str) -> str:
    """A name from a certificate or a PDF as it may go to a screen: one line, nothing that moves a cursor."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in name)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}……"


def organ_of(pdf: bytes) -> str:
    """The organ that a PDF says it is of: its author, as ``build`` writes it, else the one in its title.

    Returns:
        The name; empty where the file says nothing, or cannot be opened.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf), suppress_warnings=True) as document:
            author, title = (str(document.docinfo.get(key, "")) for key in ("/Author", "/Title"))
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError):
        return ""
    if ends_as_organ(author):
        return plain(author)
    return plain(organ_in(title)) if "信息公开" in title else ""


def is_organ(names: Sequence[str], organ: str) -> bool:
    """True if one of a certificate's names is an organ's, but for what is added for its seal.

    Args:
        names: of persons and organs in the certificate.
        organ: its full name; 宿迁市 and 宿迁市人民政府 are one.
    """
    wanted = _bare(organ)
    return any(_bare(name) == wanted for name in names)


def _bare(name: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", name).split())
    for mark in "(（[-_":
        folded = folded.partition(mark)[0] or folded
    for seal in _SEALS:
        folded = folded.removesuffix(seal)
    return folded.removesuffix(_GOVERNMENT)


def difference(names: Sequence[str], organ: str) -> str:
    """A sentence for a signer who is not the report's organ; empty where it is, or nothing is known."""
    if not names or not organ or is_organ(names, organ):
        return ""
    return f"证书上的名字是“{'、'.join(names)}”，年报的机关是“{organ}”，两者不同。请看清是不是该由它签的。"
