"""What a signature is made with: a certificate and its key, in a PKCS#12 file or a PKCS#11 token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.signers import Signer, SimpleSigner

from reportgen.problems import SigningRefused, ToolMissing
from reportgen.signing import TOKENS, missing

_UNKNOWN_KEY = "没有签名：证书的密钥种类是 {0}，这里只会 RSA 和 ECDSA。国密（SM2）证书请用单位的签章客户端。"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A PKCS#12 file (.p12, .pfx) and its password."""

    content: bytes = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A PKCS#11 token: the driver's library, the PIN, and a certificate's label where it has several."""

    library: str
    pin: str = field(repr=False)
    label: str = ""


Credentials = KeyFile | Token


@contextmanager
def opened(credentials: Credentials, now: datetime) -> Iterator[Signer]:
    """The signer, fit to sign now.

    Raises:
        SigningRefused: the password is wrong, there is no key, or the certificate must not be used now.
        ToolMissing: the token needs a library that is not installed.
    """
    if isinstance(credentials, KeyFile):
        signer = _from_file(credentials)
        _ensure_fit(signer.signing_cert, now)
        yield signer
        return
    with _from_token(credentials) as signer:
        _ensure_fit(signer.signing_cert, now)
        yield signer


def _from_file(file: KeyFile) -> Signer:
    try:
        signer: Signer = SimpleSigner.load_pkcs12_data(file.content, (), file.password.encode() or None)
    except ValueError as error:
        cause = str(error.__cause__ or error)
        if "password" in cause.lower() or "mac" in cause.lower():
            raise SigningRefused("没有签名：证书文件的密码不对。请核对密码后再试。") from None
        raise SigningRefused(
            "没有签名：这不是能用的证书文件（.p12 或 .pfx），或者其中的密钥不是 RSA、ECDSA。"
        ) from None
    except (AttributeError, TypeError, NotImplementedError):
        raise SigningRefused("没有签名：证书文件里没有证书或私钥。请重新导出，并选上“导出私钥”。") from None
    return signer


@contextmanager
def _from_token(token: Token) -> Iterator[Signer]:
    try:
        import pkcs11
        from pyhanko.sign.pkcs11 import PKCS11Signer
    except ImportError:
        raise ToolMissing(missing(TOKENS)) from None
    try:
        session = _inserted(token.library).open(user_pin=token.pin or None)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise SigningRefused("没有签名：U 盾的密码不对。多次输错会锁住，请核对后再试。") from None
    except pkcs11.PinLocked:
        raise SigningRefused("没有签名：U 盾的密码已经锁住，请找发放的单位解锁。") from None
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise SigningRefused(
            f"没有签名：U 盾打不开（错误代号 {type(error).__name__}）。请检查 U 盾是否插好，驱动是否合适。"
        ) from None
    with session:
        label = token.label or _only_label(session)
        signer = PKCS11Signer(session, cert_label=label, key_label=label)
        try:
            signer.signing_cert  # noqa: B018 - it is loaded from the token by asking for it
        except pkcs11.PKCS11Error:
            raise SigningRefused(f"没有签名：U 盾里没有名为“{label}”的证书和私钥。") from None
        yield signer


def _inserted(library: str) -> Any:
    """The token that is ready for use, of all slots that a driver offers."""
    import pkcs11

    ready = pkcs11.TokenFlag.TOKEN_INITIALIZED
    tokens = [slot.get_token() for slot in _driver(library).get_slots(token_present=True)]
    tokens = [each for each in tokens if ready in each.flags]
    if len(tokens) != 1:
        told = f"插着 {len(tokens)} 个 U 盾，请只留一个" if tokens else "没有找到 U 盾，请插好再试"
        raise SigningRefused(f"没有签名：{told}。")
    return tokens[0]


def _driver(library: str) -> Any:
    import pkcs11

    try:
        return pkcs11.lib(library)
    except RuntimeError:
        why = "文件不存在，或不是这台电脑用的 U 盾驱动"
        raise SigningRefused(f"没有签名：驱动文件 {library} 用不了：{why}。请检查 --pkcs11。") from None


def _only_label(session: Any) -> str:
    import pkcs11

    found = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
    labels = sorted({str(key.label) for key in found})
    if len(labels) != 1:
        known = "、".join(labels) or "一个也没有"
        raise SigningRefused(f"没有签名：U 盾里的证书有：{known}。请用 --label 说明用哪一个。")
    return labels[0]


def _ensure_fit(certificate: x509.Certificate | None, now: datetime) -> None:
    if certificate is None:
        raise SigningRefused("没有签名：证书文件里没有证书。请重新导出。")
    name, begins, ends = owner(certificate), certificate.not_valid_before, certificate.not_valid_after
    if now > ends:
        raise SigningRefused(
            f"没有签名：证书“{name}”已于 {ends.astimezone():%Y年%m月%d日} 过期。请换新证书。"
        )
    if now < begins:
        raise SigningRefused(f"没有签名：证书“{name}”要到 {begins.astimezone():%Y年%m月%d日} 才生效。")
    usage = certificate.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & set(usage.native):
        raise SigningRefused(f"没有签名：证书“{name}”不是签名用的（密钥用途里没有数字签名）。请换签名证书。")
    kind = certificate.public_key.algorithm
    if kind not in {"rsa", "ec", "rsassa_pss"} or _is_sm2(certificate):
        raise SigningRefused(_UNKNOWN_KEY.format("SM2" if _is_sm2(certificate) else kind))


def _is_sm2(certificate: x509.Certificate) -> bool:
    key = certificate.public_key
    return bool(key.algorithm == "ec" and key.curve[1] == "1.2.156.10197.1.301")


def owner(certificate: x509.Certificate) -> str:
    """Whom a certificate names: its common name, else the organisation."""
    names = certificate.subject.native
    for kind in ("common_name", "organization_name"):
        if kind in names:
            value = names[kind]
            return str(value if isinstance(value, str) else value[0])
    return str(certificate.subject.human_friendly)
