"""What is known of a signature, what it comes to, and how a clerk reads it."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

import pikepdf

from reportgen.chinese.organs import ends_as_organ, organ_in, years_in

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
    return plain(organ_in(title)) if "信息公开" in title or years_in(title) else ""


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


# ── what is known of a signature, what it comes to, and how a clerk reads it ──────────────────────────

_MOST = 20
"""So many changes are named one by one."""


class State(StrEnum):
    """The answer about a signature, or about a file."""

    VALID = "valid"
    """The contents are whole, and the signer's identity is proved by a root that the reader chose."""
    WHOLE = "whole"
    """The contents are whole; who signed was not checked, or not wholly."""
    INVALID = "invalid"
    """The contents were changed, or the signer is not whom a root would vouch for."""
    UNSIGNED = "unsigned"
    """There is no signature."""

    @property
    def chinese(self) -> str:
        """The words that a clerk reads for it."""
        words = {"valid": "有效", "whole": "内容完好，身份未核对", "invalid": "无效", "unsigned": "没有签名"}
        return words[self.value]


class Later(Enum):
    """What was added to the file after a signature."""

    NOTHING = "签名覆盖整个文件，签名之后没有任何改动"
    SIGNATURES = "签名之后只加了别的签名或签名的证明材料，内容没有改动"
    CHANGED = "签名之后文件被改动过"


class Revocation(Enum):
    """Whether it is known that a certificate was not revoked."""

    UNASKED = "没有核对证书是否已被吊销（要核对，请加 --crl 吊销列表，或用 --fetch-proofs 联网核对）"
    UNPROVED = "没有核对上证书是否已被吊销：给出的和取到的材料里，没有发证机构有效的证明"
    PROVED = "已核对，证书没有被吊销"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one signature.

    Attributes:
        field: the name of its field.
        signer: whom the certificate names.
        names: all names of persons and organs in the certificate.
        issuer: who issued the certificate.
        said_at: when, as the signer's clock had it; None where nothing says.
        stamped_at: when, as a time stamp says; None without one.
        stamp_trusted: the stamp's certificate stands on a given root; None where none was given.
        intact: the signed bytes are as they were, and the signature is made with the certificate's key.
        later: what came after it.
        changes: what came after it and does not belong there, in words.
        trusted: the certificate stands on a given root; None where no root was given, or where the contents
            are changed, so that the certificate says nothing about them.
        distrust: why it is not trusted, or in what way its data are damaged.
        revocation: whether the certificate is known not to be revoked.
        serial: the certificate's number.
        is_stamp: it is a time stamp for the whole document, nobody's signature.
    """

    field: str
    signer: str = ""
    issuer: str = ""
    said_at: datetime | None = None
    stamped_at: datetime | None = None
    intact: bool = False
    later: Later = Later.CHANGED
    trusted: bool | None = None
    distrust: str = ""
    serial: str = ""
    is_stamp: bool = False
    stamp_trusted: bool | None = None
    changes: tuple[str, ...] = ()
    revocation: Revocation = Revocation.UNASKED
    names: tuple[str, ...] = ()

    @property
    def since(self) -> str:
        """What came after it and does not belong there, in one line; empty for nothing."""
        return "；".join(self.changes)

    @property
    def whole(self) -> bool:
        """True if nothing was changed since."""
        return self.intact and self.later is not Later.CHANGED

    @property
    def state(self) -> State:
        """What it comes to."""
        if not self.whole or (self.trusted is False and not self.is_stamp):
            return State.INVALID
        if not self.trusted or self.revocation is Revocation.UNPROVED:
            return State.WHOLE
        return State.VALID

    @property
    def good(self) -> bool:
        """True if the contents are whole and the signer's identity is proved."""
        return self.state is State.VALID


def state_of(verdicts: Sequence[Verdict]) -> State:
    """The answer about a file: that of its worst signature."""
    states = {verdict.state for verdict in verdicts}
    for state in (State.INVALID, State.WHOLE, State.VALID):
        if state in states:
            return state
    return State.UNSIGNED


def in_words(verdict: Verdict, organ: str = "") -> Iterator[str]:
    """A verdict as a clerk reads it, line by line.

    Args:
        verdict: what is known of a signature.
        organ: whose report it is; empty where that is not known.
    """
    what = "时间戳" if verdict.is_stamp else "签名"
    yield f"{verdict.state.chinese}  {what}  {verdict.signer or '（看不出是谁）'}"
    if verdict.issuer:
        yield f"    证书：{verdict.issuer} 签发，编号 {verdict.serial}"
    if verdict.said_at:
        yield f"    签名时间：{verdict.said_at.astimezone():%Y年%m月%d日 %H:%M:%S}（签名人电脑的时间）"
    if verdict.stamped_at:
        doubt = "（时间戳的证书不能由给出的根证书证明，这个时间不可信）"
        proved = doubt if verdict.stamp_trusted is False else ""
        yield f"    时间戳：{verdict.stamped_at.astimezone():%Y年%m月%d日 %H:%M:%S}{proved}"
    if not verdict.intact:
        yield f"    内容：与签名时不一致，被改动过{f'（{verdict.distrust}）' if verdict.distrust else ''}"
    else:
        yield f"    内容：{verdict.later.value}"
        yield from (f"        {change}" for change in verdict.changes[:_MOST])
        if len(verdict.changes) > _MOST:
            yield f"        ……另有 {len(verdict.changes) - _MOST} 处"
    yield f"    身份：{_identity(verdict)}"
    if verdict.whole and not verdict.is_stamp and (differs := difference(verdict.names, organ)):
        yield f"    注意：{differs}"
    if verdict.trusted:
        yield f"    吊销：{verdict.revocation.value}"


def _identity(verdict: Verdict) -> str:
    if not verdict.intact:
        return "内容已被改动，签名不能说明是谁签的"
    if verdict.trusted is None:
        return "没有核对。证书上的名字谁都能写，不说明就是这个机关；要核对，请用 --root 给出发证机构的根证书"
    return "由给出的根证书证明" if verdict.trusted else f"不可信，{verdict.distrust}"
