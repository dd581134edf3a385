"""Signing: a certificate's signature in the empty field of a PDF, as an incremental update (PAdES)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp.base import BaseStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from reportgen.advice import on_page
from reportgen.problems import SigningRefused, ToolFailed
from reportgen.signing.appearance import Appearance, style
from reportgen.signing.credentials import Credentials, opened
from reportgen.signing.field import FIELD
from reportgen.signing.pages import read_pages
from reportgen.signing.seal_place import SealPlace, Signing, seal_place
from reportgen.signing.trusting import certificate, revocation_list
from reportgen.signing.verifying import verify

_REASONS = {
    "RevokedError": "证书已被吊销",
    "InsufficientRevinfoError": "缺少发证机构的吊销列表或证书状态证明",
    "StaleRevinfoError": "--crl 里的吊销列表已经过期",
    "PathBuildingError": "--root 里没有发证机构的根证书",
    "InvalidCertificateError": "证书不是签名用的",
    "ExpiredError": "证书已过期",
    "InvalidUrlClientError": "网址不对",
    "InvalidURL": "网址不对",
    "NonHttpUrlClientError": "网址要以 http:// 或 https:// 开头",
    "ClientConnectorDNSError": "找不到这个网址",
    "ClientConnectorError": "连不上",
    "TimeoutError": "没有按时回答",
    "ContentTypeError": "它回答的不是时间戳",
    "ClientResponseError": "它拒绝了请求",
}
"""The names of what libraries raise → what a clerk reads."""


def reason(error: BaseException) -> str:
    """Why, by the first error of the chain that has a Chinese word; else in the library's own words."""
    for each in _chain(error):
        known = next(
            (_REASONS[kind.__name__] for kind in type(each).__mro__ if kind.__name__ in _REASONS), ""
        )
        if known:
            return known
    return str(error).strip().rstrip(".") or type(error).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


# ── asking a time-stamp server (RFC 3161) for a proof of when a signature was made ────────────────────

_PATIENCE = 20
"""Seconds that a server may take."""


class Stamper(HTTPTimeStamper):
    """Whatever a server answers, it is a time stamp or a ``TimestampRequestError``."""

    def __init__(self, address: str) -> None:
        """Ask this address and no other."""
        super().__init__(address, timeout=_PATIENCE)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The time stamp of a digest."""
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except TimeoutError as error:
            raise TimestampRequestError("没有按时回答") from error
        except (ValueError, TypeError, KeyError) as error:
            raise TimestampRequestError("它回答的不是时间戳") from error


# ── signing: a certificate's signature in the empty field of a PDF, as an incremental update (PAdES) ───

_HIDDEN = "Approval"
"""How the names of hidden fields begin."""


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is embedded so that it can be judged in years.

    Attributes:
        roots: certificates, as PEM or DER.
        lists: of what is revoked, as PEM or DER.
        fetched: ask the addresses in the certificates, too: for the state of each (OCSP), or for a list.
    """

    roots: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    fetched: bool = False

    def __bool__(self) -> bool:
        """Whether anything is to be embedded."""
        return self.fetched or bool(self.lists)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a PDF is to be signed.

    Attributes:
        appearance: what is shown in the field.
        into: the name of the empty field; the seal's, or the only one, where it is not said.
        hidden: sign in a new field that shows nothing: a leader's approval beside the organ's seal.
        stamp_server: the address of a time-stamp server, the only one that is asked; empty for none.
        proofs: for a signature that can be judged for long; needs a time stamp.
    """

    appearance: Appearance = field(default_factory=Appearance)
    into: str = ""
    hidden: bool = False
    stamp_server: str = ""
    proofs: Proofs = Proofs()


class _Adding(IncrementalPdfFileWriter):
    """Adds signatures and nothing else: no dates, names of programs or marks, which would be changes."""

    def _update_meta(self) -> None: ...

    def register_extension(self, ext: object) -> None:
        """The file's catalog stays as it is."""

    def ensure_output_version(self, version: object) -> None:
        """As above."""


def sign(pdf: bytes, credentials: Credentials, wish: Wish, now: datetime) -> bytes:
    """The PDF with one more signature; its bytes are the beginning of what is given back.

    Raises:
        SigningRefused: it must not or cannot be signed; the sentence says why.
        ToolFailed: the signature made does not hold.
    """
    _ensure_sound(pdf)
    with opened(credentials, now) as signer:
        try:
            signed = _signed(pdf, signer, wish)
        except (TimestampRequestError, ValueError) as error:
            raise SigningRefused(_failed(error, wish)) from error
        except (PathError, ValidationError, PdfError) as error:
            raise SigningRefused(_failed(error, wish)) from error
    _ensure_held(pdf, signed, wish)
    return signed


def _ensure_sound(pdf: bytes) -> None:
    bad = [verdict for verdict in verify(pdf) if not verdict.whole]
    if bad:
        who = bad[0].signer or "看不出是谁"
        raise SigningRefused(f"没有签名：这份 PDF 原有的签名（{who}）已经失效，签名之后被改动过。")


def _failed(error: Exception, wish: Wish) -> str:
    why = reason(error)
    if isinstance(error, TimestampRequestError):
        told = f"没有签名：时间戳服务器 {wish.stamp_server} 没有给出时间戳（{why}）。"
        return f"{told}请检查地址和网络，或去掉 --timestamp。"
    if wish.proofs:
        where = "--root，以及网络" if wish.proofs.fetched else "--root 和 --crl"
        return f"没有签名：长期验证的资料不全（{why}）。请检查 {where}。"
    return f"没有签名：这份 PDF 不能再加签名（{why}）。"


def _signed(pdf: bytes, signer: Signer, wish: Wish) -> bytes:
    writer = _Adding(io.BytesIO(pdf), strict=False)
    if writer.prev.encrypted:
        raise SigningRefused("没有签名：这份 PDF 有密码保护。请用没有保护的 PDF。")
    name, fresh = _field(pdf, writer, wish)
    server = Stamper(wish.stamp_server) if wish.stamp_server else None
    shown = _style(writer, name, fresh, wish)
    pdf_signer = PdfSigner(
        _metadata(name, signer, wish), signer, timestamper=server, stamp_style=shown, new_field_spec=fresh
    )
    return bytes(pdf_signer.sign_pdf(writer, existing_fields_only=fresh is None).getvalue())


def _metadata(name: str, signer: Signer, wish: Wish) -> PdfSignatureMetadata:
    usage = signer.signing_cert.key_usage_value if signer.signing_cert else None
    return PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=wish.appearance.organ or None,
        embed_validation_info=bool(wish.proofs),
        validation_context=_context(wish.proofs) if wish.proofs else None,
        signer_key_usage={"digital_signature", "non_repudiation"} & set(usage.native) if usage else set(),
        # In the same update as the signature, so that nothing comes after it.
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )


def _context(proofs: Proofs) -> ValidationContext:
    lists = [revocation_list(each) for each in proofs.lists]
    roots = [certificate(root) for root in proofs.roots]
    return ValidationContext(
        trust_roots=roots, crls=lists, allow_fetching=proofs.fetched, revocation_mode="require"
    )


# ── where ────────────────────────────────────────────────────────────────────────────────────────────


def _field(pdf: bytes, writer: IncrementalPdfFileWriter, wish: Wish) -> tuple[str, SigFieldSpec | None]:
    """The field's name, and what it is like where it has to be made."""
    fields = {name: value for name, value, _ in enumerate_sig_fields(writer.prev)}
    if wish.hidden:
        name = next(name for name in map(f"{_HIDDEN}{{}}".format, range(1, 1000)) if name not in fields)
        return name, SigFieldSpec(name, box=None)
    free = [name for name, value in fields.items() if value is None]
    if wish.into:
        if wish.into not in free:
            raise SigningRefused(f"没有签名：PDF 里没有空签名域“{wish.into}”。空的有：{_listed(free)}。")
        return wish.into, None
    if FIELD in free or len(free) == 1:
        return (FIELD if FIELD in free else free[0]), None
    if free:
        which = on_page("请用 --field 说明签在哪一个。", "请重新生成 PDF，再签名。")
        raise SigningRefused(f"没有签名：空签名域有几个：{_listed(free)}。" + which)
    if any(not name.startswith(_HIDDEN) for name in fields):
        raise SigningRefused(_taken(pdf))
    return FIELD, _at_seal(pdf)


def _listed(names: list[str]) -> str:
    return "、".join(names) or "一个也没有"


def _taken(pdf: bytes) -> str:
    who = "、".join(verdict.signer for verdict in verify(pdf) if verdict.signer)
    more = on_page("要再加一个不显示的签名，请加 --hidden。", "要重签，请重新生成 PDF，再签名。")
    return f"没有签名：这份 PDF 已由 {who} 签名，没有空的签名域了。" + more


def _at_seal(pdf: bytes) -> SigFieldSpec:
    """A new field where the seal goes, for a PDF that another program made."""
    lines, sheets = read_pages(pdf)
    place, findings = seal_place(lines, sheets, Signing())
    if place is None:
        hidden = on_page("要签一个不显示的签名，请加 --hidden。", "请重新生成 PDF，再签名。")
        raise SigningRefused(f"没有签名：{findings[0].message}" + hidden)
    return SigFieldSpec(FIELD, on_page=place.page - 1, box=_corners(place))  # type: ignore[arg-type]


def _corners(place: SealPlace) -> tuple[float, float, float, float]:
    box = place.box
    return box.left, box.bottom, box.right, box.top


def _style(
    writer: IncrementalPdfFileWriter, name: str, fresh: SigFieldSpec | None, wish: Wish
) -> BaseStampStyle | None:
    corners = fresh.box if fresh else _rectangle(writer, name)
    if corners is None:
        return None
    side = min(abs(corners[2] - corners[0]), abs(corners[3] - corners[1]))
    return style(wish.appearance, float(side)) if side else None


def _rectangle(writer: IncrementalPdfFileWriter, name: str) -> tuple[float, float, float, float] | None:
    found = next(reference for each, _, reference in enumerate_sig_fields(writer.prev) if each == name)
    body: Any = found.get_object()
    if "/Rect" not in body and "/Kids" in body:
        body = body["/Kids"][0]
    if "/Rect" not in body:
        return None
    left, bottom, right, top = (float(number) for number in body["/Rect"])
    return left, bottom, right, top


# ── proof ────────────────────────────────────────────────────────────────────────────────────────────


def _ensure_held(before: bytes, after: bytes, wish: Wish) -> None:
    verdicts = verify(after)
    stamped = not wish.stamp_server or verdicts[-1].stamped_at is not None
    if not (after.startswith(before) and stamped and all(verdict.whole for verdict in verdicts)):
        raise ToolFailed("签名以后核对没有通过，已经放弃，原文件没有动。请把情况告诉维护人员。")
